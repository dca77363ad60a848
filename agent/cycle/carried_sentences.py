"""A sentence for each claim carried forward that a person has to confirm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from agent.cycle.pen import Part, Pen
from domain.evidence import Evidence
from domain.plan import Claim
from domain.review import Carried

_SPOKEN: Mapping[str, str] = {
    "net_spend_12m": "a spend of {{was}} a year before, which is {{now}} now",
    "open_potential": "an open potential of {{was}} before, which is {{now}} now",
    "potential_p50": "a potential of {{was}} before, which is {{now}} now",
    "potential_p75": "a potential of {{was}} before at the upper quarter, which is {{now}} now",
    "last_order_amount": "a last order of {{was}} before, which is {{now}} now",
    "last_order_date": "a last order on {{was}} before, which is {{now}} now",
    "next_order_due": "a next order due on {{was}} before, which is {{now}} now",
    "open_pipeline": "an open pipeline of {{was}} before, which is {{now}} now",
    "whitespace_worth": "whitespace worth {{was}} before, which is {{now}} now",
}
"""Words for the cells that plans rest on most."""
_STATES: Mapping[str, str] = {
    "changed": "rests on a value that has changed since",
    "gone": "rests on something that is no longer on file",
    "stale": "rests on facts too old to rely on, or that cannot be read again",
}


def carried_sentences(pen: Pen, rows: Sequence[Carried]) -> Iterator[Claim]:
    """Write what has become of the ground of each claim that no longer holds as it stood.

    The key of a sentence is the claim's own. Claims that hold need no sentence: the table
    lists them.
    """
    for row in rows:
        if row.state == "holds":
            continue
        told = _told(pen, row)
        if told is not None:
            yield told


def _told(pen: Pen, row: Carried) -> Claim | None:
    cited = pen.all_of(row.evidence)
    if not cited:
        return None
    account = f"account:{row.account_id}"
    name = pen.name(account) if row.account_id else None
    if name is None:
        return None
    lead = "Confirm or change it: a claim of the plan of {{name}} "
    moved = _moved(cited, account) if row.state == "changed" else None
    if moved is not None:
        was, now = moved
        text = f"{lead}rests on {_SPOKEN[was.metric]}."
        parts: dict[str, Part] = {"name": name, "was": was, "now": now}
        told = pen.write(row.key, "recommendation", account, text, parts, cites=cited)
        if told is not None:
            return told
    return pen.write(
        row.key, "recommendation", account, f"{lead}{_STATES[row.state]}.", {"name": name},
        cites=cited,
    )  # fmt: skip


def _moved(cited: Sequence[Evidence], account: str) -> tuple[Evidence, Evidence] | None:
    """The first pair of an older and a newer value of one cell of the account."""
    for was, now in pairwise(cited):
        alike = (was.entity, was.metric, was.unit) == (now.entity, now.metric, now.unit)
        if alike and was.entity == account and was.metric in _SPOKEN and was.value != now.value:
            return was, now
    return None
