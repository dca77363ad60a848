"""Balanced territories: ours beside six alternatives, on the same instances in the same run.

Every contestant is a process of its own, measured from start to end; its plan is judged by
`tools.balance.problem.judge`. The default run takes about 40 minutes on two cores, `--quick`
about five. Annealing gets our time and five times that; HiGHS and CP-SAT five times ours, and
a minute where accounts are few.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.balance_instances import SIZES, made
from bench.balance_peers import NO_PLAN, NOT_INSTALLED
from bench.commands import PYTHON, ROOT, cadastre, environment
from bench.report import Report, Table, publish
from tools.balance.instance_file import read_instance
from tools.balance.problem import Figures, Problem, judge

SEEDS = (1, 2, 3, 5, 8)
COLUMNS = (
    "size", "seed", "who", "feasible", "objective", "over LP", "gap told", "wall", "processor",
    "memory",
)  # fmt: skip
LP_LARGE = 100_000


@dataclass(frozen=True)
class Limits:
    """Seconds that contestants get: ours, those that search, and others before they are ended."""

    ours: float
    search: float
    others: float = 120.0


@dataclass(frozen=True)
class Ran:
    """One contestant's process; `code` is None where it was ended for taking too long."""

    code: int | None
    wall: float
    processor: float
    memory: float
    output: str


@dataclass(frozen=True)
class Entry:
    """A contestant's name, and its command with the file its plan goes to."""

    who: str
    command: list[str]
    seconds: float


def limits_of(problem: Problem, quick: bool) -> Limits:
    """Return what contestants get on a problem of this size."""
    if quick:
        return Limits(2.0, 10.0, 30.0)
    if problem.units <= 500:
        return Limits(5.0, 60.0)
    ours = 5.0 if problem.units <= 5_000 else 10.0
    return Limits(ours, 5.0 * ours)


def entries(file: Path, out: Path, limits: Limits, seed: int) -> list[Entry]:
    """Return the contestants in the order they run."""

    def peer(who: str, name: str, seconds: float) -> Entry:
        words = ["-m", "bench.balance_peers", name, str(file), "--out", str(out)]
        return Entry(who, [PYTHON, *words, "--seconds", str(seconds)], seconds)

    ours = cadastre(
        "scenario", "solve", "--instance", str(file), "--seconds", str(limits.ours), "--seed",
        str(seed), "--out", str(out), "--json",
    )  # fmt: skip
    # The same solver from another package: only where the newer one is not at hand.
    scipy = []
    if find_spec("highspy") is None:
        scipy = [peer(f"HiGHS MIP by scipy, {limits.search:g} s", "highs-scipy", limits.search)]
    return [
        Entry(f"ours, {limits.ours:g} s", ours, limits.ours),
        peer("do nothing", "nothing", limits.others),
        peer("greedy", "greedy", limits.others),
        peer("k-means-constrained", "k-means", limits.others),
        peer(f"annealing without prices, {limits.ours:g} s", "annealing", limits.ours),
        peer(f"annealing without prices, {5 * limits.ours:g} s", "annealing", 5 * limits.ours),
        peer(f"HiGHS MIP, {limits.search:g} s", "highs", limits.search),
        *scipy,
        peer(f"CP-SAT, {limits.search:g} s", "cp-sat", limits.search),
    ]


def compare(
    table: Table, file: Path, limits: Limits, *, label: str, seed: int, lp: bool
) -> dict[str, Figures]:
    """Run every contestant on one instance; returns the figures of those that had a plan."""
    problem = read_instance(file)
    best: dict[str, Figures] = {}
    with TemporaryDirectory(prefix="cadastre-bench-") as folder:
        out = Path(folder, "plan.json")
        floor = _linear_bound(file, out) if lp else None
        skip = ""
        for entry in entries(file, out, limits, seed):
            if skip and skip in entry.who:
                continue
            out.unlink(missing_ok=True)
            ran = measured(entry.command, entry.seconds + limits.others)
            if entry.who.startswith("HiGHS MIP,") and ran.code != NOT_INSTALLED:
                skip = "by scipy"
            cells = [label, str(seed), entry.who]
            if ran.code != 0:
                cells += [_why(ran), *[""] * 3, *_costs(ran)]
                table.rows.append(tuple(cells))
                table.values.append(
                    {"size": label, "seed": seed, "who": entry.who, "why": cells[3]}
                )
                continue
            chosen = json.loads(out.read_text(encoding="utf-8"))
            figures = judge(problem, problem.pairs_of(np.array(chosen)))
            best[entry.who] = figures
            told = json.loads(ran.output) if entry.who.startswith("ours") else {}
            gap = told.get("gap_share")
            over = None if not floor else figures.objective / floor - 1
            cells += [
                "yes" if figures.feasible else _broken(problem, figures),
                f"{figures.objective:.3f}",
                "" if over is None else f"{over:+.2%}" if over < 10 else f"{over + 1:.0f}x",
                "" if gap is None else f"{gap:.2%}",
                *_costs(ran),
            ]
            table.rows.append(tuple(cells))
            table.values.append(
                {
                    "size": label, "seed": seed, "who": entry.who, "feasible": figures.feasible,
                    "broken": figures.broken, "objective": figures.objective, "lp": floor,
                    "over_lp": over, "gap_told": gap, "wall": ran.wall,
                    "processor": ran.processor, "memory_mb": ran.memory,
                }
            )  # fmt: skip
    return best


def measured(command: Sequence[str], deadline: float) -> Ran:
    """Run a command, end it at the deadline (seconds), and measure the whole process."""
    with TemporaryDirectory(prefix="cadastre-bench-") as folder:
        kept = Path(folder, "output")
        with kept.open("wb") as out:
            began = time.perf_counter()
            process = subprocess.Popen(
                list(command),
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.DEVNULL,
            )
            late = threading.Event()

            def end() -> None:
                late.set()
                os.kill(process.pid, signal.SIGKILL)

            timer = threading.Timer(deadline, end)
            timer.start()
            _, status, usage = os.wait4(process.pid, 0)
            timer.cancel()
            wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        return Ran(
            None if late.is_set() else process.returncode,
            wall,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024,
            kept.read_text(encoding="utf-8", errors="replace"),
        )


def summarised(report: Report, table: Table) -> None:
    """Add how we stand against the best feasible alternative, per instance."""
    stands = report.table(
        "Against the best alternative",
        ("size", "seed", "ours", "best alternative", "its objective", "ours is"),
    )
    for size, seed in dict.fromkeys((row["size"], row["seed"]) for row in table.values):
        rows = [row for row in table.values if (row["size"], row["seed"]) == (size, seed)]
        fit = [row for row in rows if row.get("feasible")]
        ours = [row for row in fit if str(row["who"]).startswith("ours")]
        others = [row for row in fit if row not in ours]
        if not ours or not others:
            continue
        best = min(others, key=_objective)
        lead = _objective(ours[0]) / _objective(best) - 1
        stands.rows.append(
            (
                str(size), str(seed), f"{_objective(ours[0]):.3f}", str(best["who"]),
                f"{_objective(best):.3f}", f"{abs(lead):.2%} {'better' if lead < 0 else 'worse'}",
            )
        )  # fmt: skip


def _objective(row: object) -> float:
    assert isinstance(row, dict)
    return float(row["objective"])


def _linear_bound(file: Path, out: Path) -> float | None:
    words = ["-m", "bench.balance_peers", "lp", str(file), "--seconds", "600", "--out", str(out)]
    ran = measured([PYTHON, *words], 900.0)
    return float(json.loads(out.read_text(encoding="utf-8"))) if ran.code == 0 else None


def _why(ran: Ran) -> str:
    if ran.code is None:
        return "ended, no plan in time"
    return {NOT_INSTALLED: "not installed", NO_PLAN: "no plan in time"}.get(
        ran.code, f"failed with {ran.code}"
    )


def _broken(problem: Problem, figures: Figures) -> str:
    """Say how far rules are broken: hours over capacity, and places over limits."""
    hours = float(np.maximum(figures.needed - problem.capacity, 0).sum())
    places = int(np.maximum(figures.accounts - problem.limit, 0).sum())
    more = f", {places:,} places" if places else ""
    return f"no: {hours / problem.capacity.sum():.0%} of all hours over{more}"


def _costs(ran: Ran) -> list[str]:
    return [f"{ran.wall:.1f} s", f"{ran.processor:.1f} s", f"{ran.memory:.0f} MB"]


def main() -> int:
    """Measure and print."""
    given = _arguments()
    report = Report("balance")
    table = report.table("Contestants", COLUMNS)
    sizes = SIZES[:2] if given.quick else SIZES
    if given.sizes:
        sizes = tuple(size for size in SIZES if size[0] in given.sizes)
    seeds = given.seeds or (SEEDS[:2] if given.quick else SEEDS)
    measured(cadastre("--help"), 60.0)
    if given.instance is not None:
        problem = read_instance(given.instance)
        for seed in seeds:
            limits = limits_of(problem, given.quick)
            lp = given.lp_large or problem.pairs < LP_LARGE
            compare(table, given.instance, limits, label=given.instance.name, seed=seed, lp=lp)
    else:
        with TemporaryDirectory(prefix="cadastre-bench-") as folder:
            file = Path(folder, "instance.npz")
            for accounts, reps in sizes:
                for seed in seeds:
                    np.savez_compressed(file, **made(accounts, reps, seed, hard=given.hard))
                    problem = read_instance(file)
                    limits = limits_of(problem, given.quick)
                    lp = given.lp_large or problem.pairs < LP_LARGE
                    label = f"{accounts:,} x {reps}{' hard' if given.hard else ''}"
                    compare(table, file, limits, label=label, seed=seed, lp=lp)
    summarised(report, table)
    report.note(
        "Objective in points, smaller is better; plans that break rules are no plans, and their "
        "objectives only say what they would be worth. *Over LP*: over the optimum for shares of "
        "accounts, which no plan reaches. *Gap told*: what our own certificate says. Seconds are "
        "of whole processes, reading the file and starting Python included."
    )
    publish(report, given)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="200 and 2,000 accounts, two seeds")
    parser.add_argument("--hard", action="store_true", help="tight, heavy-tailed instances")
    parser.add_argument("--sizes", type=int, nargs="+", metavar="ACCOUNTS", help="only these")
    parser.add_argument("--seeds", type=int, nargs="+", help=f"default {SEEDS}")
    parser.add_argument("--instance", type=Path, metavar="FILE", help="this file instead")
    parser.add_argument("--lp-large", action="store_true", help="the LP of 20,000 accounts too")
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
