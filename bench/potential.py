"""What accounts could spend: our levels beside named alternatives, on real orders and made ones.

Real orders are the UCI table of 440 wholesale clients (`--data FOLDER` with
wholesale_customers.csv): each of six categories is told from channel, region and the other
five, 5 folds over clients. Alternatives that are not installed are told as such.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from bench.potential_peers import CONTESTANTS, LEVELS, NotInstalled
from bench.report import Report, publish
from tools.quantiles.crossfit import cross_fit
from tools.quantiles.fitting import fit_potential
from tools.quantiles.peers import nearest_peers
from tools.quantiles.solver import pinball

FILE = "wholesale_customers.csv"
CATEGORIES = ("Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen")
SIZES = (10_000, 100_000, 1_000_000)
TABLES = ("log-linear", "a third spend nothing", "spread by fact", "Pareto tail", "not logarithmic")


@dataclass(frozen=True)
class Judged:
    """Skill and coverage per level, and the seconds of fitting and telling."""

    skill: np.ndarray
    coverage: np.ndarray
    seconds: float


Contestant = Callable[[pd.DataFrame, np.ndarray, pd.DataFrame], np.ndarray]


def judge(
    contestant: Contestant, facts: pd.DataFrame, spend: np.ndarray, fold: np.ndarray
) -> Judged:
    """Fold by fold: fit on the others, tell the held ones."""
    told = np.empty((len(spend), len(LEVELS)))
    plain = np.empty_like(told)
    began = time.perf_counter()
    for number in range(int(fold.max()) + 1):
        held = fold == number
        told[held] = contestant(facts[~held], spend[~held], facts[held])
        plain[held] = np.quantile(spend[~held], LEVELS)
    seconds = time.perf_counter() - began
    skill = [
        1.0 - pinball(spend - told[:, at], level).sum() / pinball(spend - plain[:, at], level).sum()
        for at, level in enumerate(LEVELS)
    ]
    covered = [(spend <= told[:, at]).mean() for at in range(len(LEVELS))]
    return Judged(np.array(skill), np.array(covered), seconds)


def row(who: str, found: Sequence[Judged]) -> tuple[str, ...]:
    """Print a contestant's means over several tables."""
    skill = np.mean([one.skill for one in found], axis=0)
    coverage = np.mean([one.coverage for one in found], axis=0)
    return (
        who,
        *(f"{value:.3f}" for value in skill),
        *(f"{value:.3f}" for value in coverage),
        f"{sum(one.seconds for one in found):.1f} s",
    )


def wholesale(report: Report, folder: Path | None, seeds: Sequence[int]) -> None:
    """Six categories of 440 clients, 5 folds."""
    columns = ("who", "P50", "P75", "P90", "held P50", "held P75", "held P90", "all fits")
    table = report.table("Wholesale clients: mean skill of six categories, and coverage", columns)
    if folder is None or not (folder / FILE).is_file():
        where = "no --data FOLDER was given" if folder is None else f"{folder} lacks {FILE}"
        report.note(f"The wholesale table was not measured: {where}.")
        return
    orders = pd.read_csv(folder / FILE)
    for who, contestant in CONTESTANTS.items():
        found = []
        try:
            for seed in seeds:
                fold = np.random.default_rng(seed).permutation(len(orders)) % 5
                for category in CATEGORIES:
                    facts = orders.drop(columns=category)
                    spend = orders[category].to_numpy(dtype=float)
                    found.append(judge(contestant, facts, spend, fold))
        except NotInstalled as missing:
            table.rows.append((who, str(missing), *[""] * 6))
            continue
        table.rows.append(row(who, found))
        table.values.append({"who": who, "skill": [list(one.skill) for one in found]})


def made_tables(report: Report, rows: int) -> None:
    """Tables of other shapes, half taught and half judged."""
    columns = ("table", "who", "P50", "P75", "P90", "held P50", "held P75", "held P90", "fits")
    table = report.table(f"Made tables of {rows:,} accounts: skill and coverage", columns)
    for kind in TABLES:
        facts, spend = made(kind, 2 * rows, 1)
        fold = np.arange(len(spend)) % 2
        for who, contestant in CONTESTANTS.items():
            try:
                found = judge(contestant, facts, spend, fold)
            except NotInstalled:
                continue
            table.rows.append((kind, *row(who, [found])))
            table.values.append({"table": kind, "who": who, "skill": list(found.skill)})


def speed(report: Report, sizes: Sequence[int]) -> None:
    """Seconds of fitting, telling, judging by folds and naming peers, as accounts grow."""
    columns = ("accounts x facts", "fit, three levels", "tell", "fold by fold", "peers of 1,000")
    table = report.table("Speed", columns)
    for size in sizes:
        facts, spend = made("spread by fact", size, 1)
        money = pd.Series(spend, index=facts.index)
        began = time.perf_counter()
        model = fit_potential(facts, spend)
        fitted = time.perf_counter()
        model.predict(facts)
        told = time.perf_counter()
        folded = ""
        if size <= 100_000:
            cross_fit(facts, money, teaches=money >= 0)
            folded = f"{time.perf_counter() - told:.2f} s"
        before = time.perf_counter()
        nearest_peers(facts, spend, 5, model=model, of=list(facts.index[:1_000]))
        named = time.perf_counter() - before
        table.rows.append(
            (
                f"{size:,} x {facts.shape[1]}", f"{fitted - began:.2f} s",
                f"{told - fitted:.2f} s", folded, f"{named:.2f} s",
            )
        )  # fmt: skip
        table.values.append({"accounts": size, "fit": fitted - began, "tell": told - fitted})


def made(kind: str, rows: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """A seeded table of 12 facts, some missing, and spend of a known shape."""
    rng = np.random.default_rng(seed)
    employees = np.exp(rng.normal(4, 1.5, rows))
    industry = rng.choice(list("ABCDEFGH"), rows)
    contacts = rng.poisson(3, rows)
    key = rng.random(rows) < 0.3
    effect = dict(zip("ABCDEFGH", (0.8, 0.5, 0.2, 0.0, -0.1, -0.3, -0.6, -1.0), strict=True))
    line = 0.5 * np.log(employees) + np.array([effect[one] for one in industry]) + 0.5 * key
    line += 0.15 * np.minimum(contacts, 4)
    noise = 0.8 * rng.standard_t(4, rows)
    shapes: dict[str, Callable[[], np.ndarray]] = {
        "log-linear": lambda: np.exp(6 + line + np.clip(noise, -6, 6)),
        "a third spend nothing": lambda: np.where(
            rng.random(rows) < 1 / (1 + np.exp(line - line.mean() + 0.7)),
            0,
            np.exp(6 + line + 0.7 * rng.normal(size=rows)),
        ),
        "spread by fact": lambda: np.exp(6 + line + rng.normal(size=rows) * (0.3 + 0.1 * contacts)),
        "Pareto tail": lambda: np.exp(5 + 0.5 * line) * (rng.pareto(2.0, rows) + 0.1),
        "not logarithmic": lambda: np.clip(300 * line + 200 * rng.normal(size=rows), 0, None),
    }
    spend = shapes[kind]()
    facts = pd.DataFrame(
        {
            "employees": employees, "revenue": employees * np.exp(rng.normal(11, 0.8, rows)),
            "age": rng.uniform(0, 40, rows), "sites": rng.poisson(2, rows),
            "contacts": contacts, "score": rng.normal(size=rows),
            "distance": rng.gamma(2, 50, rows), "industry": industry,
            "region": rng.choice([f"R{at}" for at in range(30)], rows),
            "channel": rng.choice(["direct", "partner", "web"], rows), "key": key,
            "focus": rng.choice(list("xyz"), rows),
        }
    )  # fmt: skip
    facts.loc[rng.random(rows) < 0.1, ["employees", "revenue"]] = np.nan
    facts.loc[rng.random(rows) < 0.1, "industry"] = None
    return facts, np.asarray(spend, dtype=float)


def main() -> int:
    """Measure and print."""
    given = _arguments()
    report = Report("potential")
    folder = given.data / "uci_wholesale" if given.data else None
    wholesale(report, folder, given.seeds or ((1,) if given.quick else (1, 2, 3)))
    for rows in (200,) if given.quick else (60, 300, 2_000):
        made_tables(report, rows)
    speed(report, SIZES[:1] if given.quick else SIZES)
    report.note(
        "Skill is 1 - pinball loss / loss of the unconditional quantile, in currency; *held* is "
        "the share of accounts that spent no more than the level. Our settings are chosen inside "
        "the training folds; the alternatives have theirs fixed. Half of each made table is "
        "taught, the other half judged, and the other way round."
    )
    publish(report, given)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder of the data sets")
    parser.add_argument("--quick", action="store_true", help="one seed, small tables")
    parser.add_argument("--seeds", type=int, nargs="+", help="of the folds; default 1 2 3")
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
