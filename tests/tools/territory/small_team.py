"""Teams of a few reps and accounts, written out, and designs of them made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from domain.assignment import DesignPoint, Frontier, ScenarioRep, Unplaced
from domain.period import Period
from tools.balance.certificate import bound
from tools.balance.problem import Problem, judge
from tools.balance.solution import Prices
from tools.territory.case import Case, Removed
from tools.territory.explaining import moves_of
from tools.territory.six_figures import accounts_of, figures_of
from tools.territory.weighing import Weighed

AS_OF = date(2026, 11, 13)
PERIOD = Period(date(2026, 11, 16), date(2027, 2, 13))  # 90 days

Rows = Sequence[Mapping[str, Any]]


def small_case(
    accounts: Rows,
    reps: Rows,
    *,
    forbidden: Sequence[tuple[str, str]] = (),
    unplaced: Sequence[Unplaced] = (),
) -> Case:
    """A case in which every rep may have every account but the `forbidden` pairs.

    Accounts need `account_id`, and may give `owner_id`, `potential`, `hours` and any other
    column; reps need `rep_id`, and may give `name`, `capacity` and `travel` (hours, the
    same to every account). Targets are equal shares of potential, and of hours by capacity.
    """
    table = pd.DataFrame([{**_ACCOUNT, **row} for row in accounts]).set_index("account_id")
    table = table.sort_index()
    table["name"] = [f"Shop {account}" for account in table.index]
    people = {str(rep["rep_id"]): {**_REP, **rep} for rep in reps}
    table["owner_known"] = table["owner_id"].isin(list(people))
    table["unit"] = np.arange(len(table))
    capacity = np.array([float(rep["capacity"]) for rep in people.values()])
    ids = list(people)
    pairs = [
        (unit, number)
        for unit, account in enumerate(table.index)
        for number, rep in enumerate(ids)
        if (account, rep) not in forbidden
    ]
    unit = np.array([one for one, _ in pairs], dtype=np.int64)
    rep = np.array([one for _, one in pairs], dtype=np.int64)
    owner = np.array([ids.index(one) if one in people else -1 for one in table["owner_id"]])
    value = table["relationship"].to_numpy(np.float64) * (owner >= 0)
    share = value / (value.sum() or 1.0)
    present = np.full(len(table), -1, dtype=np.int64)
    for pair, (one, to) in enumerate(pairs):
        if owner[one] == to:
            present[one] = pair
    hours = table["hours"].to_numpy(np.float64)
    potential = table["potential"].to_numpy(np.float64)
    free = np.tile([-np.inf, np.inf], (len(ids), 1))
    road = np.array([float(one["travel"]) for one in people.values()])
    problem = Problem(
        hours=hours,
        potential=potential,
        accounts=np.ones(len(table), dtype=np.int64),
        first=np.searchsorted(unit, np.arange(len(table) + 1)).astype(np.int64),
        rep=rep,
        travel=road[rep],
        disruption=np.where(rep == owner[unit], 0.0, share[unit]),
        preference=np.zeros(len(pairs)),
        present=present,
        capacity=capacity,
        limit=np.full(len(ids), 1000, dtype=np.int64),
        work_target=np.maximum(hours.sum(), 1.0) * capacity / capacity.sum(),
        potential_target=np.full(len(ids), max(potential.sum(), 1.0) / len(ids)),
        work_window=free,
        potential_window=free,
    )
    gone = [
        (one, to)
        for one, account in enumerate(table.index)
        for to, name in enumerate(ids)
        if (account, name) in forbidden
    ]
    units, to = ([pair[at] for pair in gone] for at in (0, 1))
    removed = Removed(
        unit=np.array(units, dtype=np.int64),
        rep=np.array(to, dtype=np.int64),
        travel=np.array([road[one] for one in to], dtype=np.float64),
        disruption=np.array(
            [0.0 if owner[one] == who else share[one] for one, who in gone], dtype=np.float64
        ),
        preference=np.zeros(len(gone)),
        owner=np.array([owner[one] == who for one, who in gone], dtype=bool),
        rule=("region",) * len(gone),
    )
    return Case(
        problem=problem,
        members=tuple((str(account),) for account in table.index),
        reps=tuple(
            ScenarioRep(
                rep_id=key,
                name=str(one["name"] or key.title()),
                capacity=float(one["capacity"]),
                ramp=1.0,
                account_limit=1000,
            )
            for key, one in people.items()
        ),
        accounts=table,
        removed=removed,
        unplaced=tuple(unplaced),
        period=PERIOD,
        team="",
    )


def designed(case: Case, assignment: Mapping[str, str], index: int, **changed: Any) -> DesignPoint:
    """A point with an assignment by hand; accounts left out stay with their owner.

    Prices are nought unless `prices` gives the four rows, weights those of the case.
    """
    owners = accounts_of(case).owner
    to = np.array(
        [
            case.rep_index(assignment[account]) if account in assignment else owners[at]
            for at, account in enumerate(case.accounts.index)
        ],
        dtype=np.int64,
    )
    chosen = case.problem.pairs_of(to[np.argsort(case.accounts["unit"], kind="stable")])
    zero = Prices.zero(case.problem.reps, len(case.problem.budgets))
    rows = changed.pop("prices", tuple(tuple(row) for row in zero.table().tolist()))
    prices = Prices(*(np.array(row) for row in rows), budgets=zero.budgets)
    six, reps = figures_of(case, to, long_years=2.0)
    figures = judge(case.problem, chosen)
    proven = bound(case.problem, prices)
    weighed = Weighed(case, case.problem, chosen, prices)
    point = DesignPoint(
        index=index,
        label=f"Design {index}",
        disruption_weight=case.problem.weights.disruption,
        assignment=tuple(to.tolist()),
        figures=six,
        reps=reps,
        objective=figures.objective,
        bound=proven,
        gap=figures.objective - proven,
        work_points=figures.work,
        potential_points=figures.potential,
        disruption_points=figures.disruption,
        travel_points=figures.travel,
        moves=moves_of(weighed),
        prices=rows,
    )
    return point.model_copy(update=changed)


def row_of(case: Case, *assignments: Mapping[str, str], **changed: Any) -> Frontier:
    """A row of designs: the present assignment, then those given."""
    points = [designed(case, {}, 0), *(designed(case, a, n + 1) for n, a in enumerate(assignments))]
    row = Frontier(
        book_id="book-1",
        coverage_hash="rules-1",
        as_of=AS_OF,
        period_start=PERIOD.start,
        period_end=PERIOD.end,
        currency="USD",
        seed=0,
        steps=1,
        team="",
        reps=case.reps,
        accounts=tuple(map(str, case.accounts.index)),
        points=tuple(points),
        suggested=len(points) - 1,
        knee=len(points) - 1,
        suggested_why="By hand.",
        unplaced=case.unplaced,
    )
    return row.model_copy(update=changed)


_ACCOUNT: Mapping[str, Any] = {
    "owner_id": None,
    "potential": 0.0,
    "potential_p75": 0.0,
    "potential_p90": 0.0,
    "hours": 0.0,
    "visits": 0.0,
    "revenue": 0.0,
    "relationship": 0.0,
    "relationship_years": np.nan,
    "tier": "tier_2",
    "segment": "Retail",
    "industry": "Bikes",
    "latitude": 40.0,
    "longitude": -100.0,
    "logged_hours": 0.0,
    "logged_visits": 0.0,
    "deal_hours": 0.0,
    "trip_sharing": 1.0,
}
_REP: Mapping[str, Any] = {"name": None, "capacity": 100.0, "travel": 0.0}
