"""Check 12: nothing too old, nothing one-sided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from agent.verifier.case import Case, Reading, flagged
from domain import freshness as ages
from domain.evidence import DocumentSource, Evidence
from domain.plan import Finding

STALE_MESSAGE = "It rests on evidence that is older than the coverage model allows."


def freshness(reading: Reading) -> Iterator[Finding]:
    """Flag stale evidence, superseded values, and conflicts of which one side is cited."""
    if any(is_stale(item, reading.case) for item in reading.facts):
        yield flagged("12", STALE_MESSAGE)
    if any(_undated_or_early(item, reading.case) for item in reading.facts):
        yield flagged("12", "A document it cites has no date, or one after the book's.")
    cited = {item.id for item in reading.facts}
    for item in reading.facts:
        rivals, newer = _others(item, reading.case)
        if any(other.id not in cited for other in rivals):
            yield flagged("12", "Another source says otherwise and is not cited.")
            return
        if any(other.id not in cited for other in newer):
            yield flagged("12", "The ledger holds a newer value than the one it states.")
            return


def is_stale(evidence: Evidence, case: Case) -> bool:
    """Say whether a fact is older, at the book's date, than its kind may be.

    Facts about the past by definition (the last order, the year before) do not age.
    """
    known = case.stale.get(evidence.id)
    if known is None:
        known = ages.is_stale(evidence, case.coverage.freshness, case.as_of)
        case.stale[evidence.id] = known
    return known


def _undated_or_early(evidence: Evidence, case: Case) -> bool:
    if not isinstance(evidence.source, DocumentSource):
        return False
    published = evidence.source.published
    return published is None or published > case.as_of


def _others(evidence: Evidence, case: Case) -> tuple[list[Evidence], list[Evidence]]:
    """Return other values of the same metric of the same thing: rivals in time, and newer."""
    if evidence.unit == "text" and evidence.kind in ("document", "human"):
        return [], []  # two sentences of one note are not two values of one measure
    siblings = case.cells.get((evidence.entity, evidence.metric), [])
    if len(siblings) < 2:
        return [], []
    rivals, newer = [], []
    for other in siblings:
        if other.value == evidence.value or other.unit != evidence.unit:
            continue
        if _overlap(evidence.period, other.period):
            rivals.append(other)
        elif _end(other.period) > _end(evidence.period):
            newer.append(other)
    return rivals, newer


def _overlap(one: str, other: str) -> bool:
    if not one or not other:
        return True
    return _start(one) <= _end(other) and _start(other) <= _end(one)


def _start(period: str) -> date:
    return date.fromisoformat(period.split("/", 1)[0])


def _end(period: str) -> date:
    return date.fromisoformat(period.rsplit("/", 1)[-1])
