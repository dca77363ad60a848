"""A case written out by hand, without a book: three accounts, two reps, figures in the docs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from domain.assignment import Constraint, ScenarioRep
from domain.period import Period
from tools.balance.problem import Budget, Problem, Weights
from tools.territory.case import Case, Removed, RuleKind

PERIOD = Period(date(2026, 11, 16), date(2027, 2, 14))  # 91 days: 13 weeks
FREE = (-np.inf, np.inf)


def hand_case(
    *,
    hours: Sequence[float],
    travel: Sequence[Sequence[float]],
    owner: Sequence[str | None],
    reps: Sequence[str] = ("Ann", "Bo"),
    potential: Sequence[float] | None = None,
    value: Sequence[float] | None = None,
    revenue: Sequence[float] | None = None,
    years: Sequence[float] | None = None,
    capacity: Sequence[float] | None = None,
    limit: Sequence[int] | None = None,
    blocked: Mapping[tuple[int, str], RuleKind] | None = None,
    unit: Sequence[int] | None = None,
    window: tuple[float, float] = FREE,
    moves_at_most: int | None = None,
    constraints: Sequence[Constraint] = (),
    quantiles: Mapping[str, Sequence[float]] | None = None,
) -> Case:
    """Accounts A-1, A-2 ... and reps with equal targets; `blocked` pairs are removed ones."""
    count, many = len(hours), len(reps)
    unit_of = np.arange(count) if unit is None else np.array(unit)
    units = int(unit_of.max()) + 1
    worth = np.array([10.0 * x for x in hours] if potential is None else potential, dtype=float)
    stake = np.array([1.0] * count if value is None else value, dtype=float)
    owners = np.array([reps.index(name) if name in reps else -1 for name in owner])
    stake_known = np.where(owners >= 0, stake, 0.0)
    shares = stake_known / (stake_known.sum() or 1.0)
    sums = {
        "hours": np.bincount(unit_of, hours, units),
        "potential": np.bincount(unit_of, worth, units),
        "shares": np.bincount(unit_of, shares, units),
    }
    first_member = [int(np.flatnonzero(unit_of == at)[0]) for at in range(units)]
    road = np.zeros((units, many))
    np.add.at(road, unit_of, np.array(travel, dtype=float))
    rows: list[tuple[int, int, str]] = [
        (at, rep, dict(blocked or {}).get((at, reps[rep]), ""))
        for at in range(units)
        for rep in range(many)
    ]
    holder = owners[first_member]
    eligible = [row for row in rows if not row[2]]
    has = {at for at, rep, _ in eligible if rep == holder[at]}

    def broken(at: int, rep: int) -> float:
        return float(sums["shares"][at]) if rep != holder[at] and holder[at] >= 0 else 0.0

    charged = [broken(at, rep) if at in has else 0.0 for at, rep, _ in eligible]
    present = np.full(units, -1)
    for pair, (at, rep, _) in enumerate(eligible):
        if rep == holder[at]:
            present[at] = pair
    members = np.bincount(unit_of, minlength=units)
    use = np.array(
        [members[at] if at in has and rep != holder[at] else 0.0 for at, rep, _ in eligible]
    )
    most = [] if moves_at_most is None else [Budget("accounts moved", use, float(moves_at_most))]
    free = np.tile(FREE, (many, 1))
    problem = Problem(
        hours=sums["hours"],
        potential=sums["potential"],
        accounts=members.astype(np.int64),
        first=np.searchsorted([at for at, _, _ in eligible], np.arange(units + 1)).astype(np.int64),
        rep=np.array([rep for _, rep, _ in eligible], dtype=np.int64),
        travel=np.array([road[at, rep] for at, rep, _ in eligible]),
        disruption=np.array(charged),
        preference=np.zeros(len(eligible)),
        present=present.astype(np.int64),
        capacity=np.array([100.0] * many if capacity is None else capacity, dtype=float),
        limit=np.array([count] * many if limit is None else limit, dtype=np.int64),
        work_target=np.full(many, sum(hours) / many),
        potential_target=np.full(many, worth.sum() / many),
        work_window=np.tile(window, (many, 1)).astype(float),
        potential_window=free,
        budgets=tuple(most),
        weights=Weights(),
    )
    gone = [row for row in rows if row[2]]
    removed = Removed(
        unit=np.array([at for at, _, _ in gone], dtype=np.int64),
        rep=np.array([rep for _, rep, _ in gone], dtype=np.int64),
        travel=np.array([road[at, rep] for at, rep, _ in gone], dtype=float),
        disruption=np.array([broken(at, rep) for at, rep, _ in gone], dtype=float),
        preference=np.zeros(len(gone)),
        owner=np.array([rep == holder[at] for at, rep, _ in gone], dtype=bool),
        rule=tuple(rule for _, _, rule in gone),  # type: ignore[misc]
    )
    ids = [f"A-{at + 1}" for at in range(count)]
    accounts = pd.DataFrame(
        {
            "name": [f"Account {at + 1}" for at in range(count)],
            "owner_id": pd.Series([f"R-{name}" if name else None for name in owner], dtype="str"),
            "owner_known": owners >= 0,
            "potential": worth,
            "potential_p75": (quantiles or {}).get("p75", worth),
            "potential_p90": (quantiles or {}).get("p90", worth),
            "revenue": np.zeros(count) if revenue is None else revenue,
            "hours": np.array(hours, dtype=float),
            "visits": np.ones(count),
            "relationship_years": np.full(count, np.nan) if years is None else years,
            "relationship": stake_known,
            "language": pd.Series(["French"] * count, dtype="str"),
            "unit": unit_of,
        }
    )
    accounts.index = pd.Index(ids, name="account_id")
    return Case(
        problem=problem,
        members=tuple(tuple(ids[i] for i in np.flatnonzero(unit_of == at)) for at in range(units)),
        reps=tuple(
            ScenarioRep(
                rep_id=f"R-{name}",
                name=name,
                capacity=float(problem.capacity[at]),
                ramp=1.0,
                account_limit=int(problem.limit[at]),
            )
            for at, name in enumerate(reps)
        ),
        accounts=accounts,
        removed=removed,
        unplaced=(),
        period=PERIOD,
        team="",
        constraints=tuple(constraints),
    )


def docs_case(**changes: object) -> Case:
    """The example that `docs/methodology.md#balancing` works by hand."""
    given: dict[str, object] = {
        "hours": (50.0, 46.0, 4.0),
        "travel": ((4.0, 12.0), (12.0, 3.0), (4.0, 6.0)),
        "owner": ("Ann", "Bo", "Ann"),
        "value": (0.50, 0.49, 0.01),
    }
    return hand_case(**{**given, **changes})  # type: ignore[arg-type]
