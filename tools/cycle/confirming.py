"""One piece of evidence of a plan, read again from a later book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from domain.errors import NotCitable, NotFound
from domain.evidence import (
    CalculationSource,
    DocumentSource,
    Evidence,
    HumanSource,
    RecordSource,
)
from domain.freshness import is_stale
from domain.tables import TABLE_BY_NAME
from tools.cells import canonical, recompute
from tools.cycle.side import Side

CARRIED = "carried"
"""The analysis that sums of cells worked out again are of."""
State = Literal["holds", "changed", "gone", "stale"]
WORST_FIRST: tuple[State, ...] = ("gone", "changed", "stale", "holds")
_EXACT = frozenset({"date", "text", "name"})


@dataclass(frozen=True)
class Confirmed:
    """What became of a fact. `now` holds its newer value first, then what it was added up from.

    `now` is empty where the newer book says nothing of it. `state` is None where nothing can
    read such a fact again: it neither confirms nor denies.
    """

    was: Evidence
    state: State | None
    now: tuple[Evidence, ...] = ()


def confirm(was: Evidence, after: Side, look_up: Callable[[str], Evidence | None]) -> Confirmed:
    """Read one fact again.

    Parameters
    ----------
    was
        The fact as a plan cites it.
    after
        The newer book under its rules.
    look_up
        Gives the evidence of an id in the plan's ledger, for what `was` was worked out from.

    Returns
    -------
    Confirmed
        A calculation is looked up again by entity and metric, or worked out again from
        parents that are. A number holds while it is off by no more than
        `review.carried_change` of what it was; dates and words hold when they are the same.
        A CRM cell is gone when its row is, or when it is blank now. A document is gone when
        the book no longer holds its text, and stale, like a person's word, once it is older
        than the rules allow.
    """
    source = was.source
    if isinstance(source, DocumentSource):
        if source.document_hash not in after.book.texts:
            return Confirmed(was, "gone")
        return Confirmed(was, _aged(was, after), (was,))
    if isinstance(source, HumanSource):
        return Confirmed(was, _aged(was, after), (was,))
    if isinstance(source, RecordSource):
        return _record(was, source, after)
    return _calculation(was, source, after, look_up)


def _aged(was: Evidence, after: Side) -> State:
    if was.dated() is None:
        return "stale"
    return "stale" if is_stale(was, after.coverage.freshness, after.as_of) else "holds"


def _record(was: Evidence, source: RecordSource, after: Side) -> Confirmed:
    rows: Mapping[str, Mapping[str, Any]] = {}
    if source.table in TABLE_BY_NAME and source.table in after.book.tables:
        rows = after.book.rows(source.table)
    value = rows.get(source.row, {}).get(source.field)
    if value is None or pd.isna(value):
        return Confirmed(was, "gone")
    text = canonical(value, was.unit)
    now = was.model_copy(update={"value": text, "scope": _scope(was, after)})
    # A copy keeps what was worked out about the original, its id among it.
    now = Evidence.model_validate(now.model_dump())
    return Confirmed(was, _compared(was, text, after), (now,))


def _scope(was: Evidence, after: Side) -> str:
    reading = after.analyses.facts.reading
    return reading.scope(was.entity) if was.entity.startswith("account:") else was.scope


def _calculation(
    was: Evidence,
    source: CalculationSource,
    after: Side,
    look_up: Callable[[str], Evidence | None],
) -> Confirmed:
    try:
        now = after.analyses.cite(was.entity, was.metric)
        return Confirmed(was, _compared(was, now.value, after), (now,))
    except (NotCitable, NotFound):
        pass
    if source.operation == "analysis" or not source.parents:
        # An empty cell of an analysis that answers for this entity is gone; of another
        # analysis, such as a route, nothing can be said.
        known = _answers(after, source.analysis)
        return Confirmed(was, "gone" if known else None)
    parents = [look_up(parent) for parent in source.parents]
    if source.operation == "rank" or any(parent is None for parent in parents):
        return Confirmed(was, None)
    again = [confirm(parent, after, look_up) for parent in parents if parent is not None]
    if not all(item.now for item in again):
        return Confirmed(was, "gone" if any(item.state == "gone" for item in again) else None)
    try:
        text = recompute(source.operation, [item.now[0] for item in again], was.unit)
    except ArithmeticError:
        return Confirmed(was, "gone")
    made = Evidence(
        entity=was.entity,
        metric=was.metric,
        value=text,
        unit=was.unit,
        period=after.as_of.isoformat(),
        source=source.model_copy(
            update={
                "arguments_hash": after.analyses.facts.reading.arguments_hash(CARRIED),
                "analysis": CARRIED,
                "parents": tuple(item.now[0].id for item in again),
            }
        ),
        scope=_scope(was, after),
    )
    behind = tuple(part for item in again for part in item.now)
    return Confirmed(was, _compared(was, text, after), (made, *behind))


def _answers(after: Side, analysis: str) -> bool:
    named = {
        "facts", "potential", "score", "tiers", "ranks", "whitespace", "workload",
        "capacity_cut", "tier_changes", "movement", "findings", "market",
    }  # fmt: skip
    return analysis in named


def _compared(was: Evidence, now: str, after: Side) -> State:
    if now == was.value:
        return "holds"
    if was.unit in _EXACT:
        return "changed"
    before = abs(Decimal(was.value))
    allowed = Decimal(repr(after.coverage.review.carried_change)) * before
    return "holds" if abs(Decimal(now) - Decimal(was.value)) <= allowed else "changed"
