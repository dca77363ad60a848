"""Whether the arrays of a problem fit together and hold possible values."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidInput
from tools.balance.problem import Problem

_TOLD = 3
_LARGEST = 1e15


def demand_valid(problem: Problem) -> None:
    """Refuse a problem whose arrays contradict each other or hold impossible values.

    An account without any pair is possible here; that is for `demand_feasible` to tell.

    Raises
    ------
    InvalidInput
        Names every kind of fault, each with the first few places.
    """
    faults = list(_shape_faults(problem)) or list(_value_faults(problem))
    if faults:
        raise InvalidInput(
            " ".join(faults), hint="Correct these values; nothing was solved.", faults=faults
        )


def _shape_faults(problem: Problem) -> Iterator[str]:
    units, reps, pairs = problem.units, problem.reps, problem.pairs
    if units == 0:
        yield "There are no accounts."
    if reps == 0:
        yield "There are no reps."
    if reps == 1:
        yield "There is only one rep, who gets every account: nothing can be balanced."
    if units == 0 or reps < 2:
        return
    for name, shape in (
        ("hours", (units,)), ("potential", (units,)), ("accounts", (units,)),
        ("first", (units + 1,)), ("present", (units,)), ("rep", (pairs,)), ("travel", (pairs,)),
        ("disruption", (pairs,)), ("preference", (pairs,)), ("capacity", (reps,)),
        ("limit", (reps,)), ("work_target", (reps,)), ("potential_target", (reps,)),
        ("work_window", (reps, 2)), ("potential_window", (reps, 2)),
    ):  # fmt: skip
        found = np.shape(getattr(problem, name))
        if found != shape:
            yield f"{name} has the shape {found} where {shape} is needed."
    for budget in problem.budgets:
        if np.shape(budget.use) != (pairs,):
            yield f"Budget {budget.name!r} has {len(budget.use)} uses where {pairs} are needed."
    first = problem.first
    if len(first) and (first[0] != 0 or first[-1] != pairs or np.any(np.diff(first) < 0)):
        yield f"first must rise from 0 to the number of pairs, {pairs}, and never fall."


def _value_faults(problem: Problem) -> Iterator[str]:
    unit, rep = problem.unit, problem.rep
    for name in ("hours", "potential"):
        values = getattr(problem, name)
        yield from _told(f"{name} of account", values, _possible(values), "0 or more")
    yield from _told("accounts of account", problem.accounts, problem.accounts >= 1, "1 or more")
    for name in ("capacity", "work_target", "potential_target"):
        values = getattr(problem, name)
        yield from _told(f"{name} of rep", values, _possible(values) & (values > 0), "above 0")
    yield from _told("limit of rep", problem.limit, problem.limit >= 1, "1 or more")
    yield from _told("rep of pair", rep, (rep >= 0) & (rep < problem.reps), "an index of a rep")
    rising = np.ones(problem.pairs, dtype=bool)
    rising[1:] = (np.diff(rep) > 0) | (np.diff(unit) > 0)
    yield from _told("rep of pair", rep, rising, "above the one before it within its account")
    for name in ("travel", "disruption"):
        values = getattr(problem, name)
        yield from _told(f"{name} of pair", values, _possible(values), "0 or more")
    size = np.abs(problem.preference)
    yield from _told("preference of pair", problem.preference, size <= _LARGEST, "a number")
    for budget in problem.budgets:
        of = f"use of {budget.name!r} by pair"
        yield from _told(of, budget.use, _possible(budget.use), "0 or more")
        if not 0 <= budget.cap <= _LARGEST:
            yield f"The cap of {budget.name!r} is {budget.cap:g}; it must be 0 or more."
    for name in ("work_window", "potential_window"):
        window = getattr(problem, name)
        fits = window[:, 0] <= window[:, 1]
        yield from _told(f"{name} of rep", window[:, 0], fits, "at most the window's other end")
    if rep.size and np.all((rep >= 0) & (rep < problem.reps)):
        yield from _owner_faults(problem)
    for name, weight in vars(problem.weights).items():
        if not 0 <= weight <= _LARGEST:
            yield f"The weight of {name} is {weight:g}; it must be 0 or more."


def _owner_faults(problem: Problem) -> Iterator[str]:
    present = problem.present
    known = np.flatnonzero(present >= 0)
    own = np.zeros(problem.units, dtype=bool)
    own[known] = True
    inside = known[present[known] < problem.pairs]
    own[inside] = problem.unit[present[inside]] != inside
    yield from _told("present of account", present, ~own, "a pair of that account, or -1")


def _possible(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray((values >= 0) & (values <= _LARGEST))


def _told(
    what: str, values: NDArray[np.generic], fits: NDArray[np.bool_], must: str
) -> Iterator[str]:
    """Say which values do not fit, the first few of them by their place."""
    places = np.flatnonzero(~fits)
    if not len(places):
        return
    some = ", ".join(f"{what} {place} is {values[place]:g}" for place in places[:_TOLD])
    more = f", and {len(places) - _TOLD} more like it" if len(places) > _TOLD else ""
    yield f"{some[0].upper()}{some[1:]}{more}; it must be {must}."
