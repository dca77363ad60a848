"""The alternatives that `bench.balance` compares with, each run in a process of its own.

`python -m bench.balance_peers NAME FILE --seconds S --out plan.json` writes a rep per account.
Ends with 3 where a package is missing, and with 4 where the time brought no plan.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.balance_programs import program
from tools.balance.instance_file import from_arrays
from tools.balance.problem import Problem

Assignment = NDArray[np.int64]
NOT_INSTALLED, NO_PLAN = 3, 4
THREADS = 2


class NoPlan(Exception):
    """The time brought no plan."""


def nothing(problem: Problem, arrays: dict[str, Any], seconds: float) -> Assignment:
    """Leave every account with its owner; those without one go to the nearest rep."""
    nearest = _cheapest(problem, problem.travel)
    return np.asarray(problem.rep[np.where(problem.present >= 0, problem.present, nearest)])


def greedy(problem: Problem, arrays: dict[str, Any], seconds: float) -> Assignment:
    """Largest first, to the rep with room who is furthest below the workload target."""
    load, needed, many = np.zeros((3, problem.reps))
    chosen = np.zeros(problem.units, dtype=np.int64)
    only = np.diff(problem.first) == 1
    for unit in np.lexsort((-problem.hours, ~only)):
        pairs = np.arange(problem.first[unit], problem.first[unit + 1])
        rep = problem.rep[pairs]
        room = needed[rep] + problem.needed[pairs] <= problem.capacity[rep]
        room &= many[rep] + problem.accounts[unit] <= problem.limit[rep]
        best = int(np.argmin(load[rep] / problem.work_target[rep] + np.where(room, 0.0, 1e6)))
        chosen[unit] = rep[best]
        load[rep[best]] += problem.hours[unit]
        needed[rep[best]] += problem.needed[pairs[best]]
        many[rep[best]] += problem.accounts[unit]
    return chosen


def k_means(problem: Problem, arrays: dict[str, Any], seconds: float) -> Assignment:
    """k-means-constrained on the map, from the reps' bases, within half and twice the mean.

    It knows no eligibility: who may not take an account passes it to the nearest rep who
    may.
    """
    from k_means_constrained import KMeansConstrained

    narrow = np.cos(np.radians(float(np.mean(arrays["lat"]))))
    place = np.column_stack([arrays["lat"], arrays["lon"] * narrow])
    bases = np.column_stack([arrays["rlat"], arrays["rlon"] * narrow])
    mean = problem.units / problem.reps
    model = KMeansConstrained(
        n_clusters=problem.reps, size_min=int(0.5 * mean), size_max=int(np.ceil(2 * mean)),
        init=bases, n_init=1, max_iter=20, random_state=0,
    )  # fmt: skip
    chosen = problem.pairs_of(model.fit_predict(place))
    away = np.hypot(*(place[problem.unit] - bases[problem.rep]).T)
    return np.asarray(problem.rep[np.where(chosen >= 0, chosen, _cheapest(problem, away))])


def annealing(problem: Problem, arrays: dict[str, Any], seconds: float) -> Assignment:
    """Anneal shifts and swaps from the greedy plan over the 8 cheapest pairs, without prices."""
    from bench.balance_annealing import annealed

    return annealed(problem, greedy(problem, arrays, seconds), seconds)


def highs(problem: Problem, arrays: dict[str, Any], seconds: float) -> Assignment:
    """HiGHS on the mixed-integer program with no gap allowed, two threads."""
    import highspy

    solver, model = highspy.Highs(), program(problem)
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", seconds)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("threads", THREADS)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), len(model.low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, np.zeros(len(model.cost)), model.upper
    lp.row_lower_, lp.row_upper_ = model.low, model.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = model.matrix.indptr, model.matrix.indices
    lp.a_matrix_.value_ = model.matrix.data
    whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    lp.integrality_ = [whole] * model.pairs + [real] * (len(model.cost) - model.pairs)
    solver.passModel(lp)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise NoPlan
    return _of_shares(problem, np.array(solver.getSolution().col_value)[: model.pairs])


def highs_scipy(problem: Problem, arrays: dict[str, Any], seconds: float) -> Assignment:
    """The same through scipy.optimize.milp, where highspy is not installed."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    model = program(problem)
    found = milp(
        model.cost,
        integrality=np.arange(len(model.cost)) < model.pairs,
        bounds=Bounds(0, model.upper),
        constraints=LinearConstraint(model.matrix, model.low, model.high),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise NoPlan
    return _of_shares(problem, found.x[: model.pairs])


def cp_sat(problem: Problem, arrays: dict[str, Any], seconds: float) -> Assignment:
    """OR-Tools CP-SAT on the same model in whole numbers, from the greedy plan, two workers."""
    from ortools.sat.python import cp_model

    model, parts = cp_model.CpModel(), 100_000
    chosen = [model.new_bool_var("") for _ in range(problem.pairs)]
    for unit in range(problem.units):
        model.add_exactly_one(chosen[problem.first[unit] : problem.first[unit + 1]])
    points = 10.0**6
    terms = [(chosen[pair], round(points * cost)) for pair, cost in enumerate(problem.cost) if cost]
    first, second = problem.penalty.breaks
    lengths = (round(parts * first), round(parts * (second - first)), 100 * parts)
    for rep in range(problem.reps):
        mine = np.flatnonzero(problem.rep == rep)
        own, unit = [chosen[pair] for pair in mine], problem.unit[mine]
        hundredths = np.ceil(problem.needed[mine] * 100).astype(int)
        model.add(_sum(own, hundredths) <= int(problem.capacity[rep] * 100))
        model.add(sum(own) <= int(problem.limit[rep]))
        for values, target, scale in (
            (problem.hours, problem.work_target, problem.work_scale),
            (problem.potential, problem.potential_target, problem.potential_scale),
        ):
            above = [model.new_int_var(0, length, "") for length in lengths]
            below = [model.new_int_var(0, length, "") for length in lengths]
            load = _sum(own, np.rint(parts * values[unit] / target[rep]).astype(int))
            model.add(load - sum(above) + sum(below) == parts)
            for piece, slope in zip(above + below, problem.penalty.slopes * 2, strict=True):
                terms.append((piece, round(points * scale * slope / parts)))
    start = problem.pairs_of(greedy(problem, arrays, seconds))
    for pair, variable in enumerate(chosen):
        model.add_hint(variable, int(start[problem.unit[pair]] == pair))
    model.minimize(_sum([term for term, _ in terms], np.array([cost for _, cost in terms])))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = THREADS
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise NoPlan
    return _of_shares(problem, np.array([float(solver.value(each)) for each in chosen]))


def _sum(variables: list[Any], factors: NDArray[np.int64]) -> Any:
    from ortools.sat.python import cp_model

    return cp_model.LinearExpr.weighted_sum(variables, [int(each) for each in factors])


def linear_bound(problem: Problem, seconds: float) -> float:
    """Return the optimum over shares of accounts, by HiGHS through scipy."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    model = program(problem)
    found = milp(
        model.cost,
        bounds=Bounds(0, model.upper),
        constraints=LinearConstraint(model.matrix, model.low, model.high),
        options={"time_limit": seconds},
    )
    if found.status != 0:
        raise NoPlan
    return float(found.fun)


PEERS: dict[str, Callable[[Problem, dict[str, Any], float], Assignment]] = {
    "nothing": nothing,
    "greedy": greedy,
    "k-means": k_means,
    "annealing": annealing,
    "highs": highs,
    "highs-scipy": highs_scipy,
    "cp-sat": cp_sat,
}


def _cheapest(problem: Problem, values: NDArray[np.float64]) -> Assignment:
    order = np.lexsort((values, problem.unit))
    return np.asarray(order[problem.first[:-1]])


def _of_shares(problem: Problem, shares: NDArray[np.float64]) -> Assignment:
    return np.asarray(problem.rep[_cheapest(problem, -shares)])


def main() -> int:
    """Run one of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("name", choices=[*PEERS, "lp"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    with np.load(given.file, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    problem = from_arrays(arrays)
    began = time.perf_counter()
    try:
        if given.name == "lp":
            told: Any = linear_bound(problem, given.seconds)
        else:
            told = PEERS[given.name](problem, arrays, given.seconds).tolist()
    except ImportError as error:
        print(error, file=sys.stderr)
        return NOT_INSTALLED
    except NoPlan:
        return NO_PLAN
    given.out.write_text(json.dumps(told) + "\n", encoding="utf-8")
    print(json.dumps({"seconds": time.perf_counter() - began}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
