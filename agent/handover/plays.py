"""The plays of an approved plan as evidence: what it said, under its version.

The words are those of the approved version, rendered from the facts about this account.
A name that is no fact of this account, such as another account of the former owner close
by, is not handed over: it reads "another account".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from agent.render import NotWritable, render
from domain.evidence import Evidence, Ledger, RecordSource
from domain.handover import HandedPlan, HandedPlay
from domain.plan import Claim

NOT_HANDED = "another account"


class PlayEvidence(NamedTuple):
    """What a play says, when it is due, how it ends; `overdue` at the book's date."""

    due: Evidence
    what: Evidence
    done_when: Evidence
    overdue: bool


def plays_of(
    plan: HandedPlan, account_id: str, owner: str, as_of: date
) -> tuple[list[PlayEvidence], int]:
    """Return the plays in order of their due date, and how many could not be written."""
    ledger = Ledger.of(plan.evidence)
    found, lost = [], 0
    for play in sorted(plan.plays, key=lambda item: (item.due, item.key)):
        what = _written(play.what, ledger, plan.currency)
        done = _written(play.done_when, ledger, plan.currency)
        if what is None or done is None:
            lost += 1
            continue
        cells = dict(_cells(plan, play, account_id, owner, what, done))
        found.append(
            PlayEvidence(cells["due"], cells["what"], cells["done_when"], play.due < as_of)
        )
    return found, lost


def _cells(
    plan: HandedPlan, play: HandedPlay, account_id: str, owner: str, what: str, done: str
) -> Iterator[tuple[str, Evidence]]:
    for field, metric, value in (
        ("due", "play_due", play.due.isoformat()),
        ("what", "play", what),
        ("done_when", "done_when", done),
    ):
        yield (
            field,
            Evidence(
                entity=f"account:{account_id}/play:{play.key}",
                metric=metric,
                value=value,
                unit="date" if field == "due" else "text",
                source=RecordSource(
                    table="plans",
                    row=f"{plan.plan_id} version {plan.version}",
                    field=f"plays.{play.key}.{field}",
                ),
                scope=owner,
            ),
        )


def _written(claim: Claim, ledger: Ledger, currency: str) -> str | None:
    text = claim.text
    for slot in claim.slots:
        if slot.evidence_id not in ledger:
            text = text.replace("{{" + slot.name + "}}", NOT_HANDED)
    kept = [slot for slot in claim.slots if slot.evidence_id in ledger]
    try:
        parts = render(claim.model_copy(update={"text": text, "slots": kept}), ledger, currency)
    except NotWritable:
        return None
    return "".join(part.text for part in parts)
