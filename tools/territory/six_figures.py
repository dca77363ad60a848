"""What a design is judged by: six figures for the team, and what each rep would have.

Spreads are coefficients of variation over reps (population standard deviation over mean)
of what a rep has *relative to the rep's own target*: potential over potential target,
service hours over the workload target, which is a share of capacity. Relative, because
half the accounts are right for someone who works half the week; a spread of raw sums
would call that unfair. Service hours, because travel follows from the base and is told
apart, in the heaviest week.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.assignment import RepFigures, SixFigures
from tools.balance.problem import Floats, Ints
from tools.territory.case import Case


@dataclass(frozen=True)
class Account:
    """Arrays over the accounts of a case, in their order.

    `owner` is the index of the present owner in the case's reps, -1 where there is none
    among them. `share` is each account's part of its unit's trips.
    """

    owner: Ints
    unit: Ints
    share: Floats
    hours: Floats
    potential: Floats
    revenue: Floats
    years: Floats


def accounts_of(case: Case) -> Account:
    """Read the arrays that figures and explanations need from a case."""
    table = case.accounts
    index = {rep.rep_id: at for at, rep in enumerate(case.reps)}
    owner = np.array(
        [
            index.get(str(rep), -1) if known else -1
            for rep, known in zip(table["owner_id"], table["owner_known"], strict=True)
        ],
        dtype=np.int64,
    )
    unit = table["unit"].to_numpy(np.int64)
    visits = table["visits"].to_numpy(np.float64)
    trips = np.bincount(unit, visits, case.problem.units)[unit]
    members = np.bincount(unit, minlength=case.problem.units)[unit]
    share = np.where(trips > 0, visits / np.where(trips > 0, trips, 1.0), 1.0 / members)
    return Account(
        owner=owner,
        unit=unit,
        share=share,
        hours=table["hours"].to_numpy(np.float64),
        potential=table["potential"].to_numpy(np.float64),
        revenue=table["revenue"].to_numpy(np.float64),
        years=table["relationship_years"].to_numpy(np.float64),
    )


def travel_hours(case: Case, unit: Ints, rep: Ints) -> Floats:
    """Hours on the road for a unit at a rep; NaN where no pair, allowed or not, tells it."""
    problem, removed = case.problem, case.removed
    keys = np.concatenate([problem.unit, removed.unit]) * problem.reps + np.concatenate(
        [problem.rep, removed.rep]
    )
    hours = np.concatenate([problem.travel, removed.travel])
    order = np.argsort(keys, kind="stable")
    wanted = unit * problem.reps + rep
    at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    known = (keys[order][at] == wanted) & (rep >= 0)
    return np.where(known, hours[order][at], np.nan)


def rep_of_accounts(case: Case, chosen: Ints) -> Ints:
    """Return the rep index per account that a design (one pair per unit) gives; -1 for none."""
    rep = np.where(chosen >= 0, case.problem.rep[chosen], -1)
    return np.asarray(rep[case.accounts["unit"].to_numpy(np.int64)])


def figures_of(
    case: Case, assignment: Ints, *, long_years: float
) -> tuple[SixFigures, tuple[RepFigures, ...]]:
    """Work out the figures of any assignment of a case, the present one included.

    Parameters
    ----------
    assignment
        Rep index per account of `case.accounts`, -1 for an account with nobody: it loads
        nobody and moves nowhere.
    long_years
        Years from which a relationship counts as long.

    Returns
    -------
    tuple
        The six figures, and those of each rep in the order of `case.reps`. An account
        moves when it leaves an owner who is among the reps; placing one that has no such
        owner is no move. `heaviest_week` is a rep's hours with travel, over the calendar
        days of the period by seven. Travel to an owner no pair tells of counts as none.
    """
    table, problem = accounts_of(case), case.problem
    placed = assignment >= 0
    rep, reps = assignment[placed], problem.reps
    road = np.nan_to_num(travel_hours(case, table.unit, assignment)) * table.share
    hours = np.bincount(rep, table.hours[placed], reps)
    potential = np.bincount(rep, table.potential[placed], reps)
    revenue = np.bincount(rep, table.revenue[placed], reps)
    travel = np.bincount(rep, road[placed], reps)
    count = np.bincount(rep, minlength=reps)
    moved = placed & (table.owner >= 0) & (assignment != table.owner)
    long = (table.owner >= 0) & (table.years >= long_years)
    revenue_moved = float(table.revenue[moved].sum())
    six = SixFigures(
        spread_potential=spread(potential / problem.potential_target),
        spread_workload=spread(hours / problem.work_target),
        heaviest_week=float((hours + travel).max()) / (case.period.days / 7),
        accounts_moved=int(moved.sum()),
        accounts_moved_share=float(moved.mean()),
        revenue_moved=revenue_moved,
        revenue_moved_share=_share(revenue_moved, float(table.revenue.sum())),
        relationships_kept=int((long & ~moved).sum()),
        relationships=int(long.sum()),
    )
    by_rep = tuple(
        RepFigures(
            rep_id=who.rep_id,
            accounts=int(count[at]),
            potential=float(potential[at]),
            potential_target=float(problem.potential_target[at]),
            hours=float(hours[at]),
            hours_target=float(problem.work_target[at]),
            needed_hours=float(hours[at] + travel[at]),
            capacity=float(problem.capacity[at]),
            travel_hours=float(travel[at]),
            revenue=float(revenue[at]),
        )
        for at, who in enumerate(case.reps)
    )
    return six, by_rep


def spread(ratio: Floats) -> float:
    """Coefficient of variation: population standard deviation over mean; 0 of nothing."""
    mean = float(ratio.mean())
    return float(ratio.std()) / mean if mean else 0.0


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
