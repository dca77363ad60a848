"""A scenario as evidence: the figures of its designs, its reps and its moves, each citable.

Entities are `scenario:ID/design:7`, `scenario:ID/design:7/rep:R-1` and
`scenario:ID/design:7/move:A-1`; design 0 is the present assignment.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from domain.assignment import DesignPoint, Frontier, Move, RepFigures, SixFigures
from domain.errors import NotCitable
from domain.evidence import CalculationSource, Evidence, Unit
from tools.cells import Arithmetic, Cite, Metric, Reading, canonical, missing, recompute

ANALYSIS = "balance"
VERSION = 1


def _keyed(*metrics: Metric) -> Mapping[str, Metric]:
    return {metric.name: metric for metric in metrics}


def _before_and_after(name: str, unit: Unit) -> tuple[Metric, ...]:
    change = Arithmetic("difference", (f"{name}_after", f"{name}_before"))
    return (
        Metric(f"{name}_before", unit),
        Metric(f"{name}_after", unit),
        Metric(f"{name}_change", unit, arithmetic=change),
    )


# Points of the objective have decimals and no unit of their own: a ratio is written as one.
DESIGN_METRICS = _keyed(
    Metric("label", "text"),
    Metric("objective", "ratio"),
    Metric("bound", "ratio"),
    Metric("gap", "ratio", arithmetic=Arithmetic("difference", ("objective", "bound"))),
    Metric("gap_share", "share", arithmetic=Arithmetic("share", ("gap", "bound"))),
    Metric("work_points", "ratio"),
    Metric("potential_points", "ratio"),
    Metric("disruption_points", "ratio"),
    Metric("travel_points", "ratio"),
    Metric("robustness", "share"),
    Metric("spread_potential", "share"),
    Metric("spread_workload", "share"),
    Metric("heaviest_week", "hours"),
    Metric("accounts_moved", "count"),
    Metric("accounts_moved_share", "share"),
    Metric("revenue_moved", "money", "year"),
    Metric("revenue_moved_share", "share", "year"),
    Metric("relationships_kept", "count"),
    Metric("relationships", "count"),
)
REP_METRICS = _keyed(
    Metric("name", "name"),
    *_before_and_after("potential", "money"),
    *_before_and_after("hours", "hours"),
    *_before_and_after("accounts", "count"),
    Metric("needed_hours", "hours"),
    Metric("capacity", "hours"),
    Metric("load", "ratio", arithmetic=Arithmetic("ratio", ("needed_hours", "capacity"))),
    Metric("travel_hours", "hours"),
)
MOVE_METRICS = _keyed(
    Metric("account", "name", column="account_name"),
    Metric("from", "name", column="from_rep"),
    Metric("to", "name", column="to_rep"),
    Metric("potential", "money"),
    Metric("revenue", "money", "year"),
    Metric("hours", "hours"),
    Metric("travel_change", "hours"),
    Metric("relationship_share", "share"),
    Metric("price_of_keeping", "ratio", column="points"),
)


@dataclass(frozen=True)
class ScenarioCells:
    """Every figure of a stored scenario, citable.

    The hash of the frontier stands for the arguments: the same
    scenario gives the same evidence, and a new row of designs gives new evidence. A rep's
    cells fall under that rep's scope, a move's under the owner's (the new rep's where the
    owner is not in the design); those of a whole design fall under nobody's.
    """

    frontier: Frontier
    scenario_id: str

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Return the evidence of one cell.

        Raises
        ------
        NotCitable
            When the scenario has no such design, rep, move or figure, or it is empty.
        """
        found = self._read(entity, metric)
        if found is None:
            raise missing(entity, metric)
        known, value, scope = found
        ask = cite or self.cite
        parents: tuple[str, ...] = ()
        if known.arithmetic is None:
            text = self._written(value, known, entity)
        else:
            of = [ask(entity, name) for name in known.arithmetic.parents]
            # A share of a bound that is nought or below, or a load of no hours, means nothing.
            if known.arithmetic.operation in ("share", "ratio") and Decimal(of[1].value) <= 0:
                raise missing(entity, metric)
            text = recompute(known.arithmetic.operation, of, known.unit)
            parents = tuple(parent.id for parent in of)
        return Evidence(
            entity=entity,
            metric=metric,
            value=text,
            unit=known.unit,
            period=self._reading.period(known.window),
            source=CalculationSource(
                analysis=ANALYSIS,
                version=VERSION,
                arguments_hash=self._hash,
                pointer=f"{entity.partition(':')[2]}/{known.column or metric}",
                operation=known.arithmetic.operation if known.arithmetic else "analysis",
                parents=parents,
            ),
            scope=scope,
        )

    def all(self, design: int) -> Iterator[Evidence]:
        """Yield every cell of one design, for a ledger: design, reps, then moves.

        Raises NotCitable when the scenario has no such design.
        """
        head = f"scenario:{self.scenario_id}/design:{design}"
        point = self._points.get(str(design))
        if point is None:
            raise missing(head, "objective")
        entities = [
            (head, DESIGN_METRICS),
            *((f"{head}/rep:{rep.rep_id}", REP_METRICS) for rep in self.frontier.reps),
            *((f"{head}/move:{move.account_id}", MOVE_METRICS) for move in point.moves),
        ]
        for entity, metrics in entities:
            for metric in metrics:
                try:
                    yield self.cite(entity, metric)
                except NotCitable:
                    continue

    def _read(self, entity: str, metric: str) -> tuple[Metric, Any, str] | None:
        """Look a cell up: its metric, its value and its scope."""
        path = [part.partition(":") for part in entity.split("/")]
        kinds = [kind for kind, _, _ in path]
        if kinds[:2] != ["scenario", "design"] or path[0][2] != self.scenario_id:
            return None
        design = path[1][2]
        point = self._points.get(design)
        if point is None:
            return None
        if len(path) == 2:
            return self._cell(DESIGN_METRICS, metric, _of_design(point), "")
        if len(path) != 3:
            return None
        kind, key = kinds[2], path[2][2]
        if kind == "rep" and key in self._reps:
            figures = self._figures[design].get(key), self._figures["0"].get(key)
            return self._cell(REP_METRICS, metric, _of_rep(self._reps[key], *figures), key)
        if kind == "move" and key in self._moves[design]:
            move = self._moves[design][key]
            inside = move.from_rep if move.from_rep in self._reps else move.to_rep
            return self._cell(MOVE_METRICS, metric, self._of_move(move), inside or "")
        return None

    def _cell(
        self, metrics: Mapping[str, Metric], name: str, values: Mapping[str, Any], scope: str
    ) -> tuple[Metric, Any, str] | None:
        known = metrics.get(name)
        if known is None:
            return None
        if known.arithmetic is not None:
            return known, None, scope
        value = values.get(known.column or name)
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return None
        return known, value, scope

    def _written(self, value: Any, metric: Metric, entity: str) -> str:
        text = canonical(value, metric.unit)
        if not text:
            raise missing(entity, metric.name)
        return text

    def _of_move(self, move: Move) -> Mapping[str, Any]:
        values = {name: getattr(move, name) for name in type(move).model_fields}
        return values | {
            "from_rep": self._name(move.from_rep) if move.from_rep is not None else None,
            "to_rep": self._name(move.to_rep),
        }

    def _name(self, rep_id: str) -> str:
        return self._reps.get(rep_id) or rep_id

    @cached_property
    def _hash(self) -> str:
        return self.frontier.hash

    @cached_property
    def _reading(self) -> Reading:
        frontier = self.frontier
        return Reading(frontier.book_id, frontier.coverage_hash, frontier.as_of)

    @cached_property
    def _reps(self) -> Mapping[str, str]:
        return {rep.rep_id: rep.name for rep in self.frontier.reps}

    @cached_property
    def _points(self) -> Mapping[str, DesignPoint]:
        return {str(number): point for number, point in enumerate(self.frontier.points)}

    @cached_property
    def _figures(self) -> Mapping[str, Mapping[str, RepFigures]]:
        return {
            number: {rep.rep_id: rep for rep in point.reps}
            for number, point in self._points.items()
        }

    @cached_property
    def _moves(self) -> Mapping[str, Mapping[str, Move]]:
        return {
            number: {move.account_id: move for move in point.moves}
            for number, point in self._points.items()
        }


def _of_design(point: DesignPoint) -> Mapping[str, Any]:
    values = {name: getattr(point, name) for name in DESIGN_METRICS if hasattr(point, name)}
    return values | {name: getattr(point.figures, name) for name in SixFigures.model_fields}


def _of_rep(name: str, after: RepFigures | None, before: RepFigures | None) -> Mapping[str, Any]:
    told: dict[str, Any] = {"name": name}
    for when, figures in (("before", before), ("after", after)):
        if figures:
            told |= {
                f"{measure}_{when}": getattr(figures, measure)
                for measure in ("potential", "hours", "accounts")
            }
    if after:
        told |= {
            "needed_hours": after.needed_hours,
            "capacity": after.capacity,
            "travel_hours": after.travel_hours,
        }
    return told
