"""The sentences that the scripted good model writes: one template a metric.

Every figure and name is a pointer at a numbered line; the words around it name what it
measures, as the prompt asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from eval.chat.request import ChatRequest, Line

MOST = 6
_SAID: dict[str, str] = {
    "rank": "{who} has rank {it}",
    "score": "{who} has a score of {it}",
    "net_spend_12m": "{who} spent {it} in the past 12 months",
    "net_spend_prior_12m": "In the 12 months before, {who} spent {it}",
    "spend_change_12m": "The spend of {who} changed by {it} over the past 12 months",
    "open_potential": "{who} has open potential of {it}",
    "potential_p75": "At the upper quartile of its peers, {who} has potential of {it}",
    "potential_p50": "{who} has a median potential of {it}",
    "open_pipeline": "{who} has {it} in the open pipeline",
    "last_order_date": "The last order of {who} came on {it}",
    "last_order_amount": "The last order of {who} was {it}",
    "days_since_order": "The last order of {who} is {it} ago",
    "orders_12m": "{who} placed {it} orders in the past 12 months",
    "win_probability": "The chance to win {who} is {it}",
    "expected_value": "The expected value of {who} is {it}",
    "whitespace_worth": "The whitespace of {who} is worth {it}",
    "whitespace_lines": "{who} could buy {it} product lines that it does not yet buy",
    "worth": "For {who}, this line is worth {it}",
    "chance": "The chance for {who} is {it}",
    "days_since_touch": "The last contact with {who} was {it} ago",
    "touches_90d": "{who} had {it} touches in the past 90 days",
    "contacts": "{who} has {it} contacts on file",
    "needed_hours": "{who} needs {it} of hours",
    "selling_hours": "{who} has {it} of selling hours",
    "load": "The load of the hours of {who} is {it}",
    "employees": "{who} has {it} employees",
    "order_value_span": "Since then, {who} ordered for {it}",
    "order_value_prior_span": "{who} ordered for {it} in the same days of the year before",
    "order_value_change": (
        "Against the same days of the year before, the orders of {who} changed by {it}"
    ),
    "orders_span": "Since then, {who} placed {it} orders",
    "week_selling_hours": "{who} has {it} of selling hours in the coming week",
    "week_planned_hours": "Of the hours of {who}, {it} are planned",
    "week_free_hours": "{who} has {it} of hours free",
    "tier": "The tier of {who} is {it}",
    "buying_role": "{who} has the role {it}",
    "role": "{who} has the role {it}",
    "title": "{who} is {it}",
}
_CHOICE = tuple(_SAID)
"""What is worth saying first, where a result holds it."""
_NUMERIC = frozenset(
    {"money", "count", "share", "change", "ratio", "hours", "days", "points", "date"}
)
_NAMES = ("name", "account_name", "rep_name", "title_name")


def written(request: ChatRequest) -> str:
    """Write two to six plain sentences, or ask back, or say that nothing was found."""
    asked = next((item.to_clear_up for item in request.shown if item.to_clear_up), "")
    if asked:
        return asked
    if not request.shown:
        return (
            "Drafting and deciding are for people: the command `/draft` starts a plan, and "
            "approvals are made on the review page."
        )
    lines = _of_last_results(request)
    sentences = sentences_of(lines, request.lines)
    if not sentences:
        return "Nothing was found on that among the accounts you see."
    failed = sum(1 for item in request.shown if item.failed)
    if failed:
        sentences = [*sentences[: MOST - 1], "Part of the question found no answer."]
    return "\n".join(sentences)


def sentences_of(lines: Sequence[Line], known: Sequence[Line]) -> list[str]:
    """Write up to six sentences on lines; `known` are all lines, for the names in them."""
    return list(_sentences(lines, known))[:MOST]


def _of_last_results(request: ChatRequest) -> list[Line]:
    """Return the lines of everything but look-ups of names, where there is anything else."""
    rest = [item for item in request.shown if item.tool != "find_accounts" and item.lines]
    found: dict[str, Line] = {}
    for item in rest or request.shown:
        for line in item.lines:
            found.setdefault(line.n, line)
    return list(found.values())


def _sentences(lines: Sequence[Line], known: Sequence[Line]) -> Iterator[str]:
    names = {line.about: line for line in known if line.metric in _NAMES and line.unit == "name"}
    quotes = [line for line in lines if line.kind == "document"]
    by_entity: dict[str, list[Line]] = {}
    for line in lines:
        if line.kind != "document" and line.metric not in _NAMES:
            by_entity.setdefault(line.about, []).append(line)
    for line in quotes[:2]:
        yield f"A note says: {{{{{line.n}}}}}."
    most = max(1, -(-MOST // max(1, len(by_entity))))
    for entity, cells in by_entity.items():
        if "/" in entity and entity not in names:
            continue  # A figure of a part needs that part's name.
        chosen = [
            cell
            for cell in cells
            if cell.metric in _SAID and cell.unit in _NUMERIC and cell.value != "0"
        ]
        chosen.sort(key=lambda cell: _CHOICE.index(cell.metric))
        rest = [] if len(by_entity) > MOST or "/" in entity else _speakable(cells)
        for cell in (chosen or rest)[:most]:
            yield _sentence(cell, names.get(entity))


def _speakable(cells: Sequence[Line]) -> list[Line]:
    return [cell for cell in cells if cell.unit in _NUMERIC and cell.unit != "date"]


def _sentence(cell: Line, name: Line | None) -> str:
    who = f"{{{{{name.n}}}}}" if name else _noun(cell.about)
    words = re.sub(r"[\d_:/]+", " ", cell.metric).strip()
    template = _SAID.get(cell.metric, f"The {words} of {{who}} is {{it}}")
    text = template.format(who=who, it=f"{{{{{cell.n}}}}}")
    return text[:1].upper() + text[1:] + "."


def _noun(entity: str) -> str:
    kind = entity.rsplit("/", 1)[-1].partition(":")[0]
    return {"account": "the account", "rep": "the rep"}.get(kind, f"this {kind}")
