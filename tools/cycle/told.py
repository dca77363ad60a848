"""Figures of a quarter and the evidence behind them, told of one territory or of a team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from domain.cycle import Figure
from domain.evidence import CalculationSource, Evidence, Operation, Unit
from domain.record import decimal_string
from tools.cells import PLACES, canonical, recompute

ANALYSIS = "tracking"
VERSION = 1


@dataclass(frozen=True)
class _Known:
    value: str


@dataclass(frozen=True)
class Teller:
    """Tells figures of one entity over one span and keeps their evidence, in order.

    `arguments` is the hash of everything that decides them.
    """

    entity: str
    scope: str
    period: str
    arguments: str
    made: dict[str, Evidence] = field(default_factory=dict)

    def tell(
        self,
        metric: str,
        label: str,
        unit: Unit,
        value: Any,
        why: str = "",
        *,
        parents: Sequence[Figure] = (),
    ) -> Figure:
        """Tell a value that an analysis found; None is unknown, and `why` says so."""
        if value is None:
            return Figure.unknown(metric, label, unit, why)
        return self._kept(metric, label, unit, canonical(value, unit), "analysis", parents, "")

    def derive(
        self,
        metric: str,
        label: str,
        unit: Unit,
        operation: Operation,
        parents: Sequence[Figure],
        note: str = "",
        *,
        empty: str = "There is nothing to divide by.",
    ) -> Figure:
        """Work a value out from other figures; unknown where one of them is.

        A ratio to something that is not positive means nothing: it is unknown, because of
        `empty`.
        """
        values = [parent.value for parent in parents]
        known = [_Known(value) for value in values if value is not None]
        if len(known) < len(parents) or not parents:
            return Figure.unknown(metric, label, unit, _first_note(parents))
        if operation in ("share", "ratio", "change") and Decimal(known[1].value) <= 0:
            return Figure.unknown(metric, label, unit, empty)
        value = recompute(operation, known, unit)
        return self._kept(metric, label, unit, value, operation, parents, note)

    def weighted(
        self, metric: str, label: str, unit: Unit, pairs: Sequence[tuple[Figure, Figure]]
    ) -> Figure:
        """Average known values by known weights that are not all nought; unknown without any."""
        known = [
            (Decimal(value.value), Decimal(weight.value))
            for value, weight in pairs
            if value.value is not None and weight.value is not None
        ]
        whole = sum((weight for _, weight in known), Decimal(0))
        if not known or whole <= 0:
            return Figure.unknown(metric, label, unit, _first_note([one for one, _ in pairs]))
        mean = sum((value * weight for value, weight in known), Decimal(0)) / whole
        parents = [one for pair in pairs for one in pair if one.evidence_id is not None]
        text = decimal_string(mean, PLACES[unit])
        return self._kept(metric, label, unit, text, "analysis", parents, "")

    def _kept(
        self,
        metric: str,
        label: str,
        unit: Unit,
        value: str,
        operation: Operation,
        parents: Sequence[Figure],
        note: str,
    ) -> Figure:
        evidence = Evidence(
            entity=self.entity,
            metric=metric,
            value=value,
            unit=unit,
            period=self.period,
            source=CalculationSource(
                analysis=ANALYSIS,
                version=VERSION,
                arguments_hash=self.arguments,
                pointer=f"{self.entity.partition(':')[2]}/{metric}",
                operation=operation,
                parents=tuple(one.evidence_id for one in parents if one.evidence_id is not None),
            ),
            scope=self.scope,
        )
        self.made[evidence.id] = evidence
        return Figure.of(evidence, label, note)


def number(figure: Figure | None) -> Decimal | None:
    """Read a figure; None where it is unknown."""
    return None if figure is None or figure.value is None else Decimal(figure.value)


def _first_note(figures: Sequence[Figure]) -> str:
    return next((one.note for one in figures if one.value is None and one.note), "Not known.")
