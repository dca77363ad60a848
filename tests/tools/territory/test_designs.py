from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from domain.assignment import DesignPoint, Frontier, Move, RulePrice, SixFigures
from domain.coverage import CoverageModel
from tests.tools.territory.hand_case import docs_case, hand_case
from tools.balance.certificate import bound, split
from tools.territory.case import Case
from tools.territory.designs import design_frontier
from tools.territory.suggestion import suggest
from tools.territory.weighing import Weighed


def designed(case: Case, coverage: CoverageModel, *, points: int = 6, steps: int = 12) -> Frontier:
    return design_frontier(
        case, book_id="b", coverage_hash=coverage.hash, as_of=date(2026, 11, 13), currency="USD",
        coverage=coverage, points=points, steps=steps,
    )  # fmt: skip


def test_the_documented_example_as_a_row_of_designs(coverage: CoverageModel) -> None:
    row = designed(docs_case(), coverage)

    today, *designs = row.points
    assert (today.label, today.index, today.broken, today.moves) == ("Today", 0, (), ())
    assert today.objective == pytest.approx(39.5)
    assert today.bound == pytest.approx(7.1, abs=1e-3)
    assert today.gap == pytest.approx(32.4, abs=1e-3)
    moved = designs[0]
    assert moved.assignment == (0, 1, 1)
    assert [move.account_id for move in moved.moves] == ["A-3"]
    assert moved.figures.spread_workload == pytest.approx(0.0)
    # Today both spreads are 8 %: 54 and 46 on targets of 50.
    assert today.figures.spread_workload == pytest.approx(0.08)
    assert row.suggested == 0
    assert row.suggested_why.startswith("Today's assignment is a design with both spreads at most")


def big_case(seed: int = 1, **more: object) -> Case:
    """30 accounts of 4 reps, half of them with the first."""
    draw = np.random.default_rng(seed)
    many = 30
    potential = draw.lognormal(8, 0.8, many).round(2)
    return hand_case(
        hours=draw.uniform(2, 20, many).round(2).tolist(),
        potential=potential.tolist(),
        travel=draw.uniform(0, 4, (many, 4)).round(2).tolist(),
        owner=[("Ann", "Ann", "Ann", "Bo", "Cy", "Di")[at % 6] for at in range(many)],
        reps=("Ann", "Bo", "Cy", "Di"),
        value=draw.uniform(0.1, 1, many).tolist(),
        revenue=draw.uniform(100, 900, many).tolist(),
        years=draw.uniform(0, 5, many).tolist(),
        capacity=(400.0,) * 4,
        quantiles={"p75": (1.5 * potential).tolist(), "p90": (2 * potential).tolist()},
        **more,  # type: ignore[arg-type]
    )


def test_every_point_is_whole_and_carries_its_own_proof(coverage: CoverageModel) -> None:
    case = big_case()
    row = designed(case, coverage, points=8, steps=16)

    assert len(row.points) >= 5
    assert [point.index for point in row.points] == list(range(len(row.points)))
    assert row.points[0].label == "Today"
    assert (row.points[1].label, row.points[-1].label) == ("Move little", "Balance fully")
    for point in row.points:
        weighed = Weighed.of(case, point)
        assert bound(weighed.problem, weighed.prices) == pytest.approx(point.bound, abs=1e-9)
        # The gap splits into regrets and slacks.
        parts = split(weighed.problem, weighed.chosen, weighed.prices)
        assert parts.total == pytest.approx(point.objective - point.bound, abs=1e-9)
        terms = point.work_points + point.potential_points + point.disruption_points
        assert terms + point.travel_points == pytest.approx(point.objective, abs=1e-9)
        assert sum(rep.accounts for rep in point.reps) == 30
        assert len(point.moves) == point.figures.accounts_moved
        assert point.robustness is not None
        assert 0 <= point.robustness <= 1
        prices = [move.points for move in point.moves]
        assert prices == sorted(prices, key=lambda price: -(price or 0.0))
    for before, after in pairwise(row.points[1:]):
        assert before.disruption_weight >= after.disruption_weight


def test_the_same_case_seed_and_steps_give_the_same_bytes(coverage: CoverageModel) -> None:
    first, second = (designed(big_case(), coverage, steps=8) for _ in range(2))
    assert first.hash == second.hash
    assert first.steps == 8
    assert first.hash != designed(big_case(2), coverage, steps=8).hash


def test_today_says_in_words_what_it_breaks(coverage: CoverageModel) -> None:
    case = hand_case(
        hours=(60.0, 30.0, 10.0, 5.0),
        travel=((5, 5), (0, 0), (0, 0), (0, 0)),
        owner=("Ann", "Ann", None, "Bo"),
        capacity=(90.0, 90.0),
        limit=(3, 4),
        blocked={(3, "Bo"): "segment"},
        window=(-0.6, 0.6),
    )
    today = designed(case, coverage, points=2, steps=2).points[0]
    assert today.broken == (
        "1 account with no owner among the reps",
        "1 account with Bo, who may not have them under the rules",
        "Ann needs 95 h of 90 h",
        "Ann is +71% off target in workload, outside -60% to +60%",
        "Bo is -90% off target in workload, outside -60% to +60%",
    )
    assert today.assignment == (0, 0, -1, 1)
    assert today.reps[1].accounts == 1


# ---------------------------------------------------------------- suggestion


def point(
    index: int, moved: float, uneven: float, spreads: float, *, broken: bool = False
) -> DesignPoint:
    move = Move(
        account_id="A-1", account_name="A", from_rep="R-1", to_rep="R-2", potential=1, revenue=1,
        hours=1, travel_change=0, relationship_years=None, relationship_share=moved, points=1,
        reason="because",
    )  # fmt: skip
    six = SixFigures(
        spread_potential=spreads, spread_workload=spreads, heaviest_week=40,
        accounts_moved=index, accounts_moved_share=moved, revenue_moved=0, revenue_moved_share=0,
        relationships_kept=0, relationships=0,
    )  # fmt: skip
    return DesignPoint(
        index=index, label="", disruption_weight=1 / index if index else 1, assignment=(0,),
        figures=six, reps=(), objective=uneven, bound=0, gap=uneven, work_points=uneven,
        potential_points=0, disruption_points=0, travel_points=0, moves=(move,) if moved else (),
        rule_prices=(RulePrice(rule="language", points=0.4, told="One more speaker."),),
        prices=((),) * 4, broken=("something",) if broken else (),
    )  # fmt: skip


def test_suggested_is_the_first_design_that_meets_the_targets() -> None:
    row = [
        point(0, 0.0, 100, 0.30, broken=True),
        point(1, 0.1, 50, 0.16),
        point(2, 0.2, 20, 0.15),
        point(3, 0.9, 10, 0.05),
    ]
    chosen = suggest(row)
    assert chosen.suggested == 2
    assert chosen.why == (
        "The first design with both spreads at most 15%: potential 15.0%, workload 15.0%, "
        "2 accounts move."
    )
    assert suggest(row, spread_target=0.05).suggested == 3


def test_without_a_design_on_target_the_knee_is_suggested_and_the_rule_named() -> None:
    # Moved and unevenness as shares of their ranges, 1: (0, 1), 2: (1/8, 1/4), 3: (1, 0).
    # Depth below the line between the ends: 0, 1 - 0.125 - 0.25 = 0.625, 0.
    row = [
        point(0, 0.0, 100, 0.30, broken=True),
        point(1, 0.1, 50, 0.28),
        point(2, 0.2, 20, 0.25),
        point(3, 0.9, 10, 0.20),
    ]
    chosen = suggest(row)
    assert (chosen.suggested, chosen.knee) == (2, 2)
    assert chosen.why.startswith("No design has both spreads at most 15%.")
    assert chosen.why.endswith("The rule that binds most: One more speaker.")


def test_a_good_present_assignment_is_suggested_itself() -> None:
    chosen = suggest([point(0, 0.0, 20, 0.1), point(1, 0.2, 10, 0.05)])
    assert chosen.suggested == 0
    assert chosen.why.startswith("Today's assignment is a design with both spreads")
    assert suggest([point(0, 0.0, 20, 0.1, broken=True)]).why.startswith("No design was found")
