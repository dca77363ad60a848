"""The row of designs of a case: figures, certificate, moves with their reasons, rule prices."""

from __future__ import annotations

from datetime import date

import numpy as np

from domain.assignment import DesignPoint, Frontier
from domain.coverage import CoverageModel
from tools.balance.frontier import FrontierDesign, frontier
from tools.balance.problem import Ints
from tools.balance.solution import Solution
from tools.territory.case import Case
from tools.territory.explaining import moves_of
from tools.territory.present import present_point
from tools.territory.robustness import robustness
from tools.territory.rule_prices import rule_prices
from tools.territory.six_figures import accounts_of, figures_of, rep_of_accounts
from tools.territory.suggestion import suggest
from tools.territory.weighing import Weighed

PRESENT = "Today"


def design_frontier(
    case: Case,
    *,
    book_id: str,
    coverage_hash: str,
    as_of: date,
    currency: str,
    coverage: CoverageModel,
    points: int | None = None,
    seed: int = 0,
    steps: int | None = None,
    seconds: float | None = None,
) -> Frontier:
    """Design a team's territories: up to `points` designs after the present assignment.

    Parameters
    ----------
    case
        From `build_case`.
    book_id, coverage_hash, as_of, currency
        What the row is recorded under.
    coverage
        Its `[territory]` section says when a relationship is long, which spread is the
        target, and how robustness is tried.
    points
        Designs wanted; the coverage model's number by default.
    seed, steps, seconds
        As `tools.balance.frontier.frontier` takes them. `Frontier.steps` replays a row
        that was stopped by the clock: same case, seed and steps, same bytes.

    Returns
    -------
    Frontier
        Point 0 is the present assignment as it is; `broken` names what it violates. Its
        bound is that of the coverage model's own disruption weight. Every other point is
        feasible, bounded at its own weight, and none is dominated.

    Raises
    ------
    Infeasible
        When no design keeps every hard rule.
    """
    rules = coverage.territory
    row = frontier(
        case.problem,
        points=points or rules.frontier_points,
        seed=seed,
        steps=steps,
        seconds=seconds,
    )
    return frontier_of(
        case, row, book_id=book_id, coverage_hash=coverage_hash, as_of=as_of, currency=currency,
        coverage=coverage, seed=seed,
    )  # fmt: skip


def frontier_of(
    case: Case,
    row: tuple[FrontierDesign, ...],
    *,
    book_id: str,
    coverage_hash: str,
    as_of: date,
    currency: str,
    coverage: CoverageModel,
    seed: int = 0,
) -> Frontier:
    """Put solved designs together with the present assignment, explained and named.

    A repaired design comes in as a row of one.
    """
    rules = coverage.territory
    present = accounts_of(case).owner
    designs = [design for design in row if not _same(case, design.solution, present)]
    near = min(row, key=lambda design: abs(design.weight - case.problem.weights.disruption))
    told = [present_point(case, near.solution.prices, long_years=rules.long_relationship_years)]
    told += [
        _point(case, design, at, rules.long_relationship_years)
        for at, design in enumerate(designs, start=1)
    ]
    shares = robustness(
        case,
        [np.array(point.assignment) for point in told],
        tolerance=rules.robustness_tolerance,
        draws=rules.robustness_draws,
        seed=seed,
    )
    suggestion = suggest(told, spread_target=rules.spread_target)
    labels = _labels(told)
    return Frontier(
        book_id=book_id,
        coverage_hash=coverage_hash,
        as_of=as_of,
        period_start=case.period.start,
        period_end=case.period.end,
        currency=currency,
        seed=seed,
        steps=row[0].pieces,
        team=case.team,
        reps=case.reps,
        accounts=tuple(str(account) for account in case.accounts.index),
        constraints=case.constraints,
        events=case.events,
        points=tuple(
            point.model_copy(update={"label": label, "robustness": share})
            for point, label, share in zip(told, labels, shares, strict=True)
        ),
        suggested=suggestion.suggested,
        knee=suggestion.knee,
        suggested_why=suggestion.why,
        unplaced=case.unplaced,
        notes=case.notes,
    )


def _same(case: Case, solution: Solution, present: Ints) -> bool:
    return bool(np.array_equal(rep_of_accounts(case, solution.chosen), present))


def _point(case: Case, design: FrontierDesign, index: int, long_years: float) -> DesignPoint:
    problem = case.problem.reweighted(disruption=design.weight)
    solution, figures = design.solution, design.solution.figures
    assignment = rep_of_accounts(case, solution.chosen)
    six, reps = figures_of(case, assignment, long_years=long_years)
    weighed = Weighed(case, problem, solution.chosen, solution.prices)
    return DesignPoint(
        index=index,
        label="",
        disruption_weight=design.weight,
        assignment=tuple(assignment.tolist()),
        figures=six,
        reps=reps,
        objective=figures.objective,
        bound=solution.bound,
        gap=solution.gap,
        work_points=figures.work,
        potential_points=figures.potential,
        disruption_points=figures.disruption,
        travel_points=figures.travel,
        moves=moves_of(weighed),
        rule_prices=rule_prices(weighed),
        prices=tuple(tuple(line) for line in solution.prices.table().tolist()),
        budget_prices=tuple(solution.prices.budgets.tolist()),
    )


def _labels(points: list[DesignPoint]) -> list[str]:
    """Name the ends of the row, and what lies between by its moves."""
    labels = [f"{point.figures.accounts_moved} moves" for point in points]
    labels[0] = PRESENT
    if len(points) > 2:
        labels[1], labels[-1] = "Move little", "Balance fully"
    return labels
