"""`scenario solve`: balance an instance file. It needs no home, no book and no server."""

from __future__ import annotations

import io
import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.refusal import Refused
from api.cli.tables import described
from api.cli.terminal import Terminal

if TYPE_CHECKING:
    from tools.balance.problem import Problem
    from tools.balance.solution import Solution

USAGE = 2
SECONDS = 10.0

# Python's own start and the parsing of the command line before the clock below runs, and
# writing and ending after the solver: measured 0.2 s and 0.1 s.
AROUND_SECONDS = 0.3
LEAST_SECONDS = 0.1


def add_to(scenario: typer.Typer) -> None:
    """Add this file's command."""
    scenario.command("solve")(solve)


def solve(
    context: typer.Context,
    instance: Annotated[
        Path, typer.Option("--instance", metavar="FILE.npz", help="The instance to balance.")
    ],
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", help=f"Time from start to end (default: {SECONDS:g})."),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option("--steps", min=1, help="Work instead of time: the same bytes every time."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the search.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.json", help="Write a rep per account.")
    ] = None,
    prices: Annotated[
        Path | None, typer.Option("--prices", metavar="FILE.npy", help="Write the certificate.")
    ] = None,
) -> None:
    """Balance the territories of an instance file and prove how good the design is."""
    began = time.perf_counter()
    terminal: Terminal = context.obj
    if seconds is not None and steps is not None:
        raise _wrong("Give --seconds or --steps, not both.")
    if seconds is not None and not 0 < seconds < float("inf"):
        raise _wrong(f"--seconds is {seconds:g}; it must be above 0.")
    for path in (out, prices):
        if path is not None and not path.absolute().parent.is_dir():
            raise Refused(
                "file_unusable",
                f"{path} cannot be written: there is no folder {path.absolute().parent}.",
                hint="Make the folder first, or name another.",
            )
    from store.home import write_whole
    from tools.balance.feasibility import demand_feasible
    from tools.balance.instance_file import read_instance
    from tools.balance.solver import solve as balance

    problem = read_instance(instance)
    demand_feasible(problem, thorough=False)
    left = None
    if steps is None:
        spent = time.perf_counter() - began + AROUND_SECONDS
        left = max((SECONDS if seconds is None else seconds) - spent, LEAST_SECONDS)
    with terminal.working(f"Balancing {problem.units:,} accounts over {problem.reps:,} reps"):
        solution = balance(problem, steps=steps, seconds=left, seed=seed)
    told = _figures(problem, solution) | {"seconds": round(time.perf_counter() - began, 2)}
    if prices is not None:
        write_whole(prices, _as_npy(solution.prices.table()), mode=0o644)
    if out is not None:
        chosen = problem.rep[solution.chosen].tolist()
        write_whole(out, (json.dumps(chosen) + "\n").encode(), mode=0o644)
    _show(terminal, told)


def _figures(problem: Problem, solution: Solution) -> dict[str, Any]:
    figures = solution.figures
    return {
        "accounts": int(problem.accounts.sum()),
        "reps": problem.reps,
        "objective": figures.objective,
        "bound": solution.bound,
        "placed_bound": solution.placed_bound if math.isfinite(solution.placed_bound) else None,
        "gap": solution.gap,
        "gap_share": solution.gap_share if solution.best_bound > 0 else None,
        "work": figures.work,
        "potential": figures.potential,
        "disruption": figures.disruption,
        "travel": figures.travel,
        "preference": figures.preference,
        "moved": figures.moved,
        "moved_value": figures.moved_value,
        "steps": solution.steps,
        "seed": solution.seed,
    }


def _show(terminal: Terminal, told: dict[str, Any]) -> None:
    if terminal.json:
        terminal.value(told)
        return
    share, higher = told["gap_share"], told["placed_bound"]
    placed = []
    if higher is not None and higher > told["bound"]:
        placed = [("Placed", f"{higher:.4f} points: nor below this, as big accounts stay whole")]
    rows = [
        ("Objective", f"{told['objective']:.4f} points"),
        ("Bound", f"{told['bound']:.4f} points: no design whatever is below, by its prices"),
        *placed,
        (
            "Gap",
            f"{told['gap']:.4f} points" + ("" if share is None else f" ({share:.2%} of the bound)"),
        ),
        ("Workload", f"{told['work']:.4f}"),
        ("Potential", f"{told['potential']:.4f}"),
        ("Disruption", f"{told['disruption']:.4f}"),
        ("Travel", f"{told['travel']:.4f}"),
    ]
    if told["preference"]:
        rows.append(("Given costs", f"{told['preference']:.4f}"))
    rows += [
        (
            "Moved",
            f"{told['moved']:,} of {told['accounts']:,} accounts leave an owner who could keep "
            f"them, with {told['moved_value']:.1%} of the relationship value",
        ),
        (
            "Steps",
            f"{told['steps']:,} in {told['seconds']:.1f} s (the same again: "
            f"--steps {told['steps']} --seed {told['seed']})",
        ),
    ]
    described(terminal, rows)


def _as_npy(table: Any) -> bytes:
    import numpy as np

    held = io.BytesIO()
    np.save(held, table)
    return held.getvalue()


def _wrong(message: str) -> Refused:
    return Refused(
        "wrong_usage",
        message,
        hint="For example: cadastre scenario solve --instance FILE.npz --seconds 10",
        exit_code=USAGE,
    )
