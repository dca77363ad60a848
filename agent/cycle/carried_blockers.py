"""What a review may not carry forward on its own: claims that no longer hold as they stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.cycle import CycleBlocker
from domain.review import Carried

CODE = "unconfirmed_claim"
_WHY = {
    "changed": "what it rests on has another value now",
    "gone": "what it rested on is no longer on file",
    "stale": "what it rests on is older than the coverage model allows, or cannot be read again",
}


def carried_blockers(rows: Sequence[Carried]) -> Iterator[CycleBlocker]:
    """Yield one blocker for each claim that a person has to confirm, in the order of `rows`.

    Claims that still hold block nothing. The message never repeats the claim: its key says
    which it is.
    """
    for row in rows:
        if row.state == "holds":
            continue
        yield CycleBlocker(
            code=CODE,
            section="carried",
            message=f"A claim of plan {row.plan_id} that goes on has to be confirmed: "
            f"{_WHY[row.state]}.",
            remedy="waiver",
            claim=row.key,
        )
