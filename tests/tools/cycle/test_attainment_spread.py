"""Spread of attainment and two groups, from the rows of a data set."""

from __future__ import annotations

from typing import Any

from domain.cycle import Figure
from domain.review import Measure, TerritoryRow
from tools.cycle.attainment_spread import attainment_groups, attainment_spread
from tools.cycle.told import Teller


def figure(metric: str, value: float | None, unit: Any = "money") -> Figure:
    if value is None:
        return Figure.unknown(metric, metric, unit, "Not known.")
    return Figure(metric=metric, label=metric, unit=unit, value=f"{value:g}", evidence_id=metric)


def row(rep: str, attained: float | None, potential: float, *, hours: float = 100) -> TerritoryRow:
    """A territory with a quota of 100; only what spread and groups read is filled in."""
    measures = [
        Measure.model_construct(metric="bookings", plan=figure("bookings_plan", 100)),
        Measure.model_construct(metric="attainment", actual=figure("a", attained, "share")),
    ]
    return TerritoryRow.model_construct(
        rep_id=rep,
        measures=tuple(measures),
        parts=(
            figure("potential", potential), figure("needed_hours", hours, "hours"),
            figure("selling_hours", 200, "hours"),
        ),
    )  # fmt: skip


LOW, HIGH = (0.58, 0.6, 0.62, 0.64), (1.28, 1.3, 1.31, 1.34)


def team(low_potential: float, high_potential: float) -> list[TerritoryRow]:
    low = [row(f"l{n}", value, low_potential) for n, value in enumerate(LOW)]
    return low + [row(f"h{n}", value, high_potential) for n, value in enumerate(HIGH)]


def test_two_groups_that_the_territories_explain_are_a_territory_problem():
    # 0.98 against 0.79 at 8 reps; every upper rep has more potential for the same quota.
    found = attainment_groups(team(200, 900))

    assert (found.verdict, found.territory_problem, found.cause) == (
        "two groups", True, "potential",
    )  # fmt: skip


def test_two_groups_of_equal_territories_are_none():
    found = attainment_groups(team(500, 500))

    assert (found.verdict, found.territory_problem) == ("two groups", False)


def test_reps_without_attainment_are_left_out_and_six_are_needed():
    rows = [*team(1, 1)[:5], row("x", None, 1)]

    assert attainment_groups(rows).verdict == "too few reps to tell"


def test_the_spread_divides_by_the_number_of_reps_and_names_its_parents():
    # 1.2 and 0.4: mean 0.8, deviation 0.4, spread 0.5.
    teller = Teller("team/quarter:2026Q4", "a\x1fb", "", "args")

    told = attainment_spread(teller, [row("a", 1.2, 1), row("b", 0.4, 1), row("c", None, 1)])

    assert told.value == "0.5"
    (evidence,) = teller.made.values()
    assert evidence.source.parents == ("a", "a")
