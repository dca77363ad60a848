"""What moved since the last book, as far as a person sees it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from api.cause_lines import CauseLine, cause_lines
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace
    from tools.movement import Move, Movement


class MovementLine(Record):
    """One account then and now; null where a book does not have it.

    `kind` is known, new or gone. A tier or score that differs has causes; the points of
    `score_causes` add up to the difference.
    """

    account_id: str
    name: str
    name_before: str | None
    kind: str
    renamed: bool
    tier_before: str | None
    tier: str | None
    score_before: int | None
    score: int | None
    held: bool
    tier_causes: tuple[CauseLine, ...]
    score_causes: tuple[CauseLine, ...]
    note: str


class MovementAnswer(Record):
    """What moved between the last book and the current one.

    `since` and `coverage_hash_before` are null where there is no earlier book; `accounts`
    holds every account in scope that has something to tell, gone ones by their last owner.
    """

    since: date | None
    as_of: date
    coverage_hash_before: str | None
    coverage_hash: str
    accounts: tuple[MovementLine, ...]
    summary: str


def moved(workspace: Workspace, principal: Principal) -> MovementAnswer:
    """Return what moved within the scope; NotFound while there is no book."""
    reading = workspace.reading(principal)
    found = reading.analyses.movement
    earlier = reading.earlier
    lines: tuple[MovementLine, ...] = ()
    if found is not None:
        lines = tuple(
            movement_line(found, move)
            for move in found.moved()
            if principal.scope.covers(move.owner_id)
        )
    return MovementAnswer(
        since=found.since if found else None,
        as_of=reading.book.as_of,
        coverage_hash_before=earlier.coverage.hash if earlier else None,
        coverage_hash=reading.coverage.hash,
        accounts=lines,
        summary=_summary(found, lines),
    )


def movement_line(movement: Movement, move: Move) -> MovementLine:
    """Turn one account's movement into a record."""
    return MovementLine(
        account_id=move.account_id,
        name=move.name,
        name_before=move.name_before,
        kind=move.kind,
        renamed=move.renamed,
        tier_before=move.tier_before,
        tier=move.tier,
        score_before=move.score_before,
        score=move.score,
        held=move.held,
        tier_causes=cause_lines(move.tier_causes),
        score_causes=cause_lines(move.score_causes),
        note=movement.note(move.account_id) or "",
    )


def _summary(found: Movement | None, lines: tuple[MovementLine, ...]) -> str:
    if found is None:
        return "There is no earlier book to compare with."
    known = [line for line in lines if line.kind == "known"]
    counts = {
        "another tier": sum(line.tier != line.tier_before for line in known),
        "another score": sum(line.score != line.score_before for line in known),
        "held": sum(line.held for line in known),
        "renamed": sum(line.renamed for line in known),
        "new": sum(line.kind == "new" for line in lines),
        "gone": sum(line.kind == "gone" for line in lines),
    }
    told = ", ".join(f"{count:,} {words}" for words, count in counts.items())
    return f"Since {found.since.day} {found.since:%b %Y}: {told}."
