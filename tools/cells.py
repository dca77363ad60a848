"""Turn cells of analyses into evidence, and recompute simple arithmetic from its parents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import pandas as pd

from domain.errors import NotCitable
from domain.evidence import CalculationSource, Evidence, Operation, Unit
from domain.period import trailing
from domain.record import content_hash, decimal_string

PLACES: dict[str, int] = {
    "money": 2, "share": 6, "change": 6, "ratio": 6, "hours": 2, "count": 0, "days": 2,
    "points": 0,
}  # fmt: skip
"""Decimal places a value is rounded to before it becomes canonical, by unit."""


@dataclass(frozen=True)
class Reading:
    """What every analysis of one book is computed under, and who may read each account.

    `owners` maps an account to the rep whose scope it falls under; None when unowned.
    `findings_hash` names the findings of approved plans that are applied, `earlier` is the
    hash of the earlier standing that was looked at; each is empty for none.
    """

    book_id: str
    coverage_hash: str
    as_of: date
    owners: Mapping[str, str | None] = field(default_factory=dict)
    findings_hash: str = ""
    earlier: str = ""

    def arguments_hash(self, analysis: str) -> str:
        """Hash of everything that decides an analysis's result."""
        decided = [analysis, self.book_id, self.coverage_hash, self.as_of.isoformat()]
        # Without either, the ids are those of a release that knew neither.
        if self.findings_hash:
            decided.append(f"findings {self.findings_hash}")
        if self.earlier:
            decided.append(f"earlier {self.earlier}")
        return content_hash(decided)

    def scope(self, entity: str) -> str:
        """Return the rep whose scope `entity` falls under; empty for an unowned account."""
        kind, _, rest = entity.partition(":")
        name = rest.split("/", 1)[0]
        return name if kind == "rep" else (self.owners.get(name) or "")

    def period(self, window: str) -> str:
        """Spell a window: `day`, `year` (12 months to the book's date) or `year_before`."""
        if window == "day":
            return self.as_of.isoformat()
        return str(trailing(self.as_of, 365, skip=365 if window == "year_before" else 0))


@dataclass(frozen=True)
class Arithmetic:
    """How a cell follows from other cells: `parents` name their metrics, in order."""

    operation: Operation
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Metric:
    """How one metric is cited: its column, unit, window and, where simple, its arithmetic."""

    name: str
    unit: Unit
    window: str = "day"
    column: str = ""
    arithmetic: Arithmetic | None = None


def canonical(value: Any, unit: Unit) -> str:
    """Write a value the one way evidence writes it: rounded by unit, dates as ISO."""
    if unit == "date":
        return str(pd.Timestamp(value).date().isoformat())
    if unit in {"text", "name"}:
        return str(value)
    if not isinstance(value, Decimal):
        value = float(value)
    return decimal_string(value, PLACES[unit])


class Valued(Protocol):
    """Anything with a canonical value, such as evidence."""

    @property
    def value(self) -> str:
        """The canonical value."""


def recompute(operation: Operation, parents: Sequence[Valued], unit: Unit) -> str:
    """Work out a derived value in Decimal from its parents' canonical values.

    `sum` adds all, `count` counts them; `difference` a - b, `ratio` and `share` a / b,
    `change` (a - b) / b. ZeroDivisionError where b is nought.
    """
    if operation == "count":
        return decimal_string(len(parents))
    values = [Decimal(parent.value) for parent in parents]
    if operation == "sum":
        return decimal_string(sum(values, Decimal(0)), PLACES[unit])
    first, second = values
    if operation == "difference":
        return decimal_string(first - second, PLACES[unit])
    if operation == "change":
        return decimal_string((first - second) / second, PLACES[unit])
    return decimal_string(first / second, PLACES[unit])


def calculation(
    reading: Reading,
    analysis: str,
    version: int,
    entity: str,
    metric: Metric,
    value: Any,
    parents: Sequence[Evidence] = (),
) -> Evidence:
    """Build the evidence of one cell.

    With `metric.arithmetic` other than `analysis`, the value is recomputed from
    `parents`, so that what is stored equals what a verifier will find.
    """
    operation: Operation = metric.arithmetic.operation if metric.arithmetic else "analysis"
    text = (
        canonical(value, metric.unit)
        if operation == "analysis"
        else recompute(operation, parents, metric.unit)
    )
    return Evidence(
        entity=entity,
        metric=metric.name,
        value=text,
        unit=metric.unit,
        period=reading.period(metric.window),
        source=CalculationSource(
            analysis=analysis,
            version=version,
            arguments_hash=reading.arguments_hash(analysis),
            pointer=f"{entity.partition(':')[2]}/{metric.column or metric.name}",
            operation=operation,
            parents=tuple(parent.id for parent in parents),
        ),
        scope=reading.scope(entity),
    )


Cite = Callable[[str, str], Evidence]
"""(entity, metric) to evidence; NotCitable where there is none."""


def cell(
    table: pd.DataFrame,
    reading: Reading,
    analysis: str,
    version: int,
    entity: str,
    metric: Metric,
    cite: Cite,
) -> Evidence:
    """Cite one cell of a table indexed by the entity's id.

    `cite` answers for parents, which may lie in another analysis.

    Raises
    ------
    NotCitable
        When the table has no such row, or the cell is empty.
    """
    row = entity.partition(":")[2]
    column = metric.column or metric.name
    if row not in table.index or column not in table.columns:
        raise missing(entity, metric.name)
    value: Any = table.at[row, column]
    if pd.isna(value):
        raise missing(entity, metric.name)
    parents = (
        [cite(entity, name) for name in metric.arithmetic.parents] if metric.arithmetic else []
    )
    return calculation(reading, analysis, version, entity, metric, value, parents)


def first_of(*cites: Cite) -> Cite:
    """Ask several analyses in turn; NotCitable when none holds the cell."""

    def ask(entity: str, metric: str) -> Evidence:
        for one in cites:
            try:
                return one(entity, metric)
            except NotCitable:
                continue
        raise missing(entity, metric)

    return ask


def missing(entity: str, metric: str) -> NotCitable:
    """The error for a cell that is absent or empty."""
    return NotCitable(
        f"There is no {metric} of {entity} to cite: the cell is absent or empty.",
        hint="Cite another metric, or name it as unknown.",
        entity=entity,
        metric=metric,
    )
