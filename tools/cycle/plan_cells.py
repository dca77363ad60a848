"""The evidence of a territory plan, gathered while its figures are worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from domain.cycle import Figure
from domain.errors import NotCitable
from domain.evidence import (
    CalculationSource,
    DocumentSource,
    Evidence,
    Operation,
    RecordSource,
    Unit,
)
from domain.quarter import Quarter
from domain.record import content_hash, decimal_string, text_hash
from tools.cells import canonical, recompute
from tools.cycle.plan_rows import PlanRows
from tools.cycle.side import Side

ANALYSIS = "territory_plan"
VERSION = 1
CENT = Decimal("0.01")


class PlanCells:
    """Every cell that one plan shows, once, with all it was worked out from.

    Figures about the plan as a whole belong to `entity`, such as `rep:R-1`; a `part` of it
    is `rep:R-1/tier:strategic`. `scope` says who may read them. `rows` are the CRM rows of
    the plan's accounts.
    """

    def __init__(
        self, side: Side, quarter: Quarter, entity: str, scope: str, accounts: Sequence[str]
    ) -> None:
        self.side = side
        self.rows = PlanRows(side.book, accounts)
        self.entity = entity
        self._quarter = quarter
        self._scope = scope
        self._arguments = content_hash(
            [side.analyses.ranks.reading.arguments_hash(ANALYSIS), quarter.label]
        )
        self._found: dict[str, Evidence] = {}

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Everything gathered so far, in order of id."""
        return tuple(self._found[key] for key in sorted(self._found))

    def of(self, figure: Figure) -> Evidence | None:
        """Return the evidence of a figure; None where its value is unknown."""
        return None if figure.evidence_id is None else self._found[figure.evidence_id]

    def cited(self, entity: str, metric: str) -> Evidence | None:
        """Take a cell of the analyses, with its ancestors; None where there is none."""
        try:
            found = self.side.analyses.cite_all(entity, metric)
        except NotCitable:
            return None
        for item in found:
            self._found[item.id] = item
        return found[0]

    def record(
        self, table: str, row_id: str, field: str, unit: Unit, entity: str
    ) -> Evidence | None:
        """Take a field of a CRM row about `entity`; None where it is blank."""
        value = self.rows.rows(table)[row_id][field]
        if pd.isna(value):
            return None
        return self._keep(
            Evidence(
                entity=entity,
                metric=field,
                value=canonical(value, unit),
                unit=unit,
                source=RecordSource(table=table, row=row_id, field=field),
                scope=self._scope_of(entity),
            )
        )

    def document(self, row_id: str, entity: str) -> Evidence:
        """Take a document whole, as a passage about `entity`."""
        row = self.rows.rows("documents")[row_id]
        source = DocumentSource(
            document_hash=text_hash(row["text"]),
            start=0,
            end=len(row["text"]),
            document_id=row_id,
            document_kind=row["kind"],
            title=_printable(row["title"]) or row_id,
            author=_printable(row["author"]),
            author_class=row["author_class"],
            publisher=_printable(row["publisher"]),
            uri=_printable(row["uri"]),
            published=_day(row["published"]),
            retrieved=_day(row["retrieved"]),
        )
        return self._keep(
            Evidence(
                entity=entity,
                metric="passage",
                value=row["text"],
                unit="text",
                source=source,
                scope=self._scope_of(entity),
            )
        )

    def told(
        self,
        metric: str,
        unit: Unit,
        value: Any,
        parents: Sequence[Evidence] = (),
        *,
        part: str = "",
        entity: str = "",
        period: str = "",
    ) -> Evidence:
        """Keep a value that this analysis worked out."""
        text = canonical(value, unit)
        return self._calculated(metric, unit, text, "analysis", parents, part, entity, period)

    def worked(
        self,
        metric: str,
        unit: Unit,
        operation: Operation,
        parents: Sequence[Evidence],
        *,
        part: str = "",
        entity: str = "",
        period: str = "",
    ) -> Evidence:
        """Keep simple arithmetic over other evidence, as a verifier will find it again."""
        text = recompute(operation, parents, unit)
        return self._calculated(metric, unit, text, operation, parents, part, entity, period)

    def sum(
        self, metric: str, label: str, unit: Unit, figures: Iterable[Figure], **where: str
    ) -> Figure:
        """Add up the figures that are known; unknown where none is."""
        listed = list(figures)
        parts = [found for item in listed if (found := self.of(item)) is not None]
        if not parts:
            note = next((item.note for item in listed if item.note), "Nothing to add up.")
            return Figure.unknown(metric, label, unit, note)
        note = "" if len(parts) == len(listed) else "Of the parts that are known."
        return Figure.of(self.worked(metric, unit, "sum", parts, **where), label, note)

    def name(self, account_id: str) -> Figure:
        """Show an account's name."""
        found = self.record("accounts", account_id, "name", "name", f"account:{account_id}")
        if found is None:
            return Figure.unknown("name", "Account", "name", "Blank in the source.")
        return Figure.of(found, "Account")

    def _calculated(
        self,
        metric: str,
        unit: Unit,
        value: str,
        operation: Operation,
        parents: Sequence[Evidence],
        part: str,
        entity: str,
        period: str,
    ) -> Evidence:
        about = entity or (f"{self.entity}/{part}" if part else self.entity)
        return self._keep(
            Evidence(
                entity=about,
                metric=metric,
                value=value,
                unit=unit,
                period=period or str(self._quarter.period),
                source=CalculationSource(
                    analysis=ANALYSIS,
                    version=VERSION,
                    arguments_hash=self._arguments,
                    pointer=f"{about}/{metric}",
                    operation=operation,
                    parents=tuple(parent.id for parent in parents),
                ),
                scope=self._scope_of(about),
            )
        )

    def _scope_of(self, entity: str) -> str:
        # The same fact of one account or rep is in several plans, and is read alike in all.
        if entity.startswith(("account:", "rep:")):
            return self.side.analyses.ranks.reading.scope(entity)
        return self._scope

    def _keep(self, found: Evidence) -> Evidence:
        self._found[found.id] = found
        return found


def cents(values: Iterable[float] | pd.Series) -> Decimal:
    """Add up amounts in whole cents, so that no total differs from its parts."""
    return Decimal(sum(round(float(value) * 100) for value in values)) / 100


def shared_out(total: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Share an amount by weight so that the shares add up to the cent: largest remainders.

    Cents left over go to the largest remainders, of equal ones to the earlier key. Without
    any weight nobody gets anything.
    """
    whole = sum(weights.values(), Decimal(0))
    shares = dict.fromkeys(weights, Decimal(0))
    if whole <= 0:
        return shares
    exact = {key: total * 100 * weight / whole for key, weight in weights.items()}
    full = {key: int(value) for key, value in exact.items()}
    left = int(total * 100) - sum(full.values())
    order = list(weights)
    for key in sorted(order, key=lambda key: (full[key] - exact[key], order.index(key)))[:left]:
        full[key] += 1
    return {key: Decimal(value) / 100 for key, value in full.items()}


def hours_text(hours: Decimal) -> str:
    """Write hours as plans do."""
    return decimal_string(hours, 2)


def _printable(value: Any) -> str | None:
    return None if pd.isna(value) else "".join(c for c in str(value) if c.isprintable())


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()
