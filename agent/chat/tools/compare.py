"""Two accounts side by side, and what decides between them."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from agent.chat.context import ChatContext
from agent.chat.scope import demand_account
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.looked_up import Given, LookedUp
from agent.chat.tools.pieces import cell_of
from agent.chat.tools.score_words import phrase
from agent.chat.tools.why import Part, parts_of, say_parts
from domain.chat import AnswerTable, Focus, Offer, TableCell
from domain.evidence import Evidence
from domain.plan import SlotFormat

ROWS: tuple[tuple[str, str, SlotFormat], ...] = (
    ("Tier", "tier", "name"),
    ("Rank among its owner's accounts", "rank", "number"),
    ("Accounts ranked", "rank_of", "number"),
    ("Expected value a year", "expected_value", "money_short"),
    ("Chance by the score", "win_probability", "percent"),
    ("Score", "score", "points"),
    ("Potential a year", "potential_p50", "money_short"),
    ("Open potential a year", "open_potential", "money_short"),
    ("Net spend, 12 months", "net_spend_12m", "money_short"),
    ("against the 12 months before", "spend_change_12m", "change"),
    ("Last order", "last_order_date", "date"),
    ("Next order due", "next_order_due", "date"),
    ("Last touch", "last_touch_date", "date"),
    ("Open pipeline", "open_pipeline", "money_short"),
    ("Contacts on file", "contacts", "number"),
)
MOST_PARTS = 3


class CompareAccounts(Arguments):
    """What `compare_accounts` is given."""

    account_id: str = Field(description="Id of one account.")
    other_id: str = Field(description="Id of the other account.")


def compare_accounts(context: ChatContext, arguments: CompareAccounts) -> Told:
    """Set two accounts beside each other; the first is the one that comes first in the order.

    NotFound where either is missing or outside the scope.
    """
    account_id = demand_account(context, arguments.account_id)
    other_id = demand_account(context, arguments.other_id)
    if account_id == other_id:
        return Told(
            question="That is one account. Which other one should it be compared with?",
            note="one account only",
            focus=Focus(accounts=(account_id,)),
        )
    place = {account: at for at, account in enumerate(context.analyses.ranks.order)}
    first, second = sorted((account_id, other_id), key=lambda account: place[account])
    look = LookedUp(context)
    names = {account: look.account(account) for account in (first, second)}
    cells = {
        account: {metric: look.cell(f"account:{account}", metric) for _, metric, _ in ROWS}
        for account in (first, second)
    }
    parts = {
        account: {part.fact: part for part in parts_of(look, account)}
        for account in (first, second)
    }
    _tell_order(look, first, second, names, cells)
    apart = _apart(parts[first], parts[second])
    for account, other in ((first, second), (second, first)):
        _tell_parts(look, account, names[account], [
            parts[account][fact]
            for fact in apart
            if _points(parts[account][fact]) > _points(parts[other][fact])
        ])  # fmt: skip
    for account in (first, second):
        _tell_hours(look, account, names[account])
    owners = {context.book.owners[account] for account in (first, second)}
    return Told(
        evidence=look.evidence,
        shown=look.shown,
        claims=tuple(look.claims),
        tables=(_table(names, cells, parts, apart, (first, second)),),
        notes=() if len(owners) == 1 else ("Each rank counts within its own owner's accounts.",),
        rows=2,
        note="2 accounts",
        offers=(
            Offer(label="Why the account ahead stands there", text=f"/why {first}"),
            Offer(label="Why the other stands there", text=f"/why {second}"),
            Offer(label="Who decides at the account ahead", text=f"/people {first}"),
            Offer(label="Who decides at the other", text=f"/people {second}"),
        ),
        focus=Focus(accounts=(account_id, other_id), command="compare"),
    )


def _tell_order(
    look: LookedUp,
    first: str,
    second: str,
    names: Mapping[str, Evidence | None],
    cells: Mapping[str, Mapping[str, Evidence | None]],
) -> None:
    """Say what puts the first before the second: the tier, else expected value."""
    tiers = look.context.analyses.tiers.table["tier"]
    by_tier = bool(tiers[first] != tiers[second])
    values = [cells[account]["expected_value"] for account in (first, second)]
    known = {value.value for value in values if value is not None}
    by_value = not by_tier and len(known) == 2
    for account, lead in ((first, "is ahead by"), (second, "is behind by")):
        entity, cell = f"account:{account}", cells[account]
        name: Given = (names[account], "name")
        if by_tier:
            look.say(
                f"order.{account}", "fact", entity,
                f"{{{{name}}}} {lead} its tier ({{{{note}}}}).",
                name=name, note=(look.cell(entity, "tier_note"), "text"),
            )  # fmt: skip
        text = "{{name}} has an expected value of {{value}} a year: "
        if by_value:
            text = f"{{{{name}}}} {lead} expected value within its tier, {{{{value}}}} a year: "
        look.say(
            f"value.{account}", "metric", entity,
            text + "a chance of {{chance}} at a potential of {{potential}}.",
            name=name, value=(cell["expected_value"], "money_short"),
            chance=(cell["win_probability"], "percent"),
            potential=(cell["potential_p50"], "money_short"),
        )  # fmt: skip


def _apart(mine: Mapping[str, Part], theirs: Mapping[str, Part]) -> list[str]:
    """The facts whose points differ, the widest difference first."""
    differences = {
        fact: abs(_points(part) - _points(theirs[fact]))
        for fact, part in mine.items()
        if fact in theirs
    }
    return sorted(
        (fact for fact in differences if differences[fact]), key=lambda f: -differences[f]
    )


def _points(part: Part) -> int:
    return int(part.points.value)


def _tell_parts(look: LookedUp, account: str, name: Evidence | None, better: list[Part]) -> None:
    if name is None or not better:
        return
    say_parts(
        look, f"better.{account}", f"account:{account}",
        "{{name}} gets more for ", better[:MOST_PARTS], name=(name, "name"),
    )  # fmt: skip


def _tell_hours(look: LookedUp, account: str, name: Evidence | None) -> None:
    entity = f"account:{account}"
    look.say(
        f"cut.{account}", "fact", entity, "{{name}}: {{cut}}.",
        name=(name, "name"), cut=(look.cell(entity, "cut_note"), "text"),
    )  # fmt: skip


def _table(
    names: Mapping[str, Evidence | None],
    cells: Mapping[str, Mapping[str, Evidence | None]],
    parts: Mapping[str, Mapping[str, Part]],
    apart: list[str],
    pair: tuple[str, str],
) -> AnswerTable:
    rows = [(TableCell(text="Account"), *(cell_of(names[account], "name") for account in pair))]
    rows += [
        (TableCell(text=label), *(cell_of(cells[account][metric], form) for account in pair))
        for label, metric, form in ROWS
        if any(cells[account][metric] is not None for account in pair)
    ]
    rows += [
        (
            TableCell(text=f"Points for {phrase(fact)}"),
            *(cell_of(parts[account][fact].points, "points") for account in pair),
        )
        for fact in apart
    ]
    return AnswerTable(
        title="Side by side", columns=("", "Ahead", "Behind"), rows=tuple(rows)
    )  # fmt: skip


TOOL = Tool(
    name="compare_accounts",
    command="compare",
    description=(
        "Two accounts side by side: tier, rank, expected value, score by parts, potential, "
        "spend, contacts, hours; and what puts one before the other."
    ),
    arguments=CompareAccounts,
    run=compare_accounts,
)
