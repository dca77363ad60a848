"""The present assignment as the first point of a row, with what it violates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from domain.assignment import DesignPoint, RepFigures
from tools.balance.certificate import bound
from tools.balance.problem import FEASIBLE, Ints, Problem, judge
from tools.balance.solution import Prices
from tools.territory.case import Case
from tools.territory.rule_prices import rule_prices
from tools.territory.six_figures import accounts_of, figures_of
from tools.territory.weighing import Weighed


def present_point(case: Case, start: Prices, *, long_years: float) -> DesignPoint:
    """Judge the assignment as it is, bounded at the coverage model's own weights.

    Parameters
    ----------
    start
        Prices to begin from, such as those of a design at a similar weight.
    long_years
        Years from which a relationship counts as long.

    Returns
    -------
    DesignPoint
        Owners load what they own whether or not the rules let them have it; accounts
        without an owner among the reps load nobody. `broken` says so in words, so that the
        objective is compared with the bound only where nothing is broken.
    """
    # Imported here so that reading a stored row never loads the solver.
    from tools.balance.dual import price

    problem, present = case.problem, accounts_of(case).owner
    prices = price(problem, start=start)
    proven = bound(problem, prices)
    six, reps = figures_of(case, present, long_years=long_years)
    chosen = problem.present
    linear = judge(problem, chosen)
    work = _balance_points(problem, [rep.hours / rep.hours_target for rep in reps], "work")
    potential = _balance_points(
        problem, [rep.potential / rep.potential_target for rep in reps], "potential"
    )
    road = sum(rep.travel_hours for rep in reps) / float(problem.capacity.sum())
    travel = problem.weights.travel * 100.0 * road
    objective = work + potential + travel + linear.preference
    return DesignPoint(
        index=0,
        label="",
        disruption_weight=problem.weights.disruption,
        assignment=tuple(present.tolist()),
        figures=six,
        reps=reps,
        objective=objective,
        bound=proven,
        gap=max(0.0, objective - proven),
        work_points=work,
        potential_points=potential,
        disruption_points=0.0,
        travel_points=travel,
        moves=(),
        rule_prices=rule_prices(Weighed(case, problem, chosen, prices)),
        prices=tuple(tuple(line) for line in prices.table().tolist()),
        budget_prices=tuple(prices.budgets.tolist()),
        broken=tuple(_broken(case, present, reps)),
    )


def _balance_points(problem: Problem, ratio: list[float], term: str) -> float:
    scale = problem.work_scale if term == "work" else problem.potential_scale
    return scale * float(problem.penalty(np.array(ratio) - 1.0).sum())


def _broken(case: Case, present: Ints, reps: tuple[RepFigures, ...]) -> Iterator[str]:
    """Say in words what the present assignment violates."""
    problem, unit = case.problem, accounts_of(case).unit
    names = [rep.name for rep in case.reps]
    nobody = int((present < 0).sum())
    if nobody:
        yield f"{_accounts(nobody)} with no owner among the reps"
    owned = np.flatnonzero(present >= 0)
    eligible = np.isin(
        unit[owned] * problem.reps + present[owned], problem.unit * problem.reps + problem.rep
    )
    for at in np.flatnonzero(np.bincount(present[owned][~eligible], minlength=problem.reps)):
        count = int((present[owned][~eligible] == at).sum())
        yield f"{_accounts(count)} with {names[at]}, who may not have them under the rules"
    lowest = np.full(problem.units, problem.reps)
    highest = np.full(problem.units, -1)
    np.minimum.at(lowest, unit[owned], present[owned])
    np.maximum.at(highest, unit[owned], present[owned])
    split = int(((highest >= 0) & (lowest != highest)).sum())
    if split:
        yield f"{split} {'family is' if split == 1 else 'families are'} with more than one rep"
    for rep, name, limit, work, potential in zip(
        reps, names, problem.limit, problem.work_window, problem.potential_window, strict=True
    ):
        if rep.needed_hours > rep.capacity * (1 + FEASIBLE):
            yield f"{name} needs {rep.needed_hours:,.0f} h of {rep.capacity:,.0f} h"
        if rep.accounts > limit:
            yield f"{name} has {rep.accounts} accounts of at most {limit}"
        for measure, off, (low, high) in (
            ("workload", rep.hours / rep.hours_target - 1, work),
            ("potential", rep.potential / rep.potential_target - 1, potential),
        ):
            if not low - FEASIBLE <= off <= high + FEASIBLE:
                yield (
                    f"{name} is {off:+.0%} off target in {measure}, outside {low:+.0%} to "
                    f"{high:+.0%}"
                )


def _accounts(count: int) -> str:
    return f"{count} account{'' if count == 1 else 's'}"
