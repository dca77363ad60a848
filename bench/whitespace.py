"""What accounts buy next: ours beside item-kNN, ALS, BPR, segment lookalike and popularity.

By the protocol of `docs/benchmarks.md`, on the order lines in `adventureworks_b2b` of
`--data FOLDER` (`reseller_order_lines.csv.gz`, `products.csv`, `product_subcategories.csv`,
`resellers.csv`, `geography.csv`); then time and memory on made-up accounts.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from bench.commands import PYTHON
from bench.report import Report, arguments, publish, seconds
from bench.whitespace_peers import PEERS, Case, ours_calibrated
from bench.whitespace_speed import measured

CUT = pd.Timestamp("2013-01-01")
RECENT = timedelta(days=92)
FILES = ("reseller_order_lines.csv.gz", "products.csv", "product_subcategories.csv",
         "resellers.csv", "geography.csv")  # fmt: skip
RESAMPLES = 2_000


def case(folder: Path, level: str) -> Case:
    """Read one case: products are model names, or subcategories."""
    lines = pd.read_csv(folder / FILES[0], parse_dates=["OrderDate"])
    products = pd.read_csv(folder / FILES[1], keep_default_na=False, na_values=[""])
    groups = pd.read_csv(folder / FILES[2])
    products = products.merge(groups, on="ProductSubcategoryKey", how="left")
    column = "ModelName" if level == "model" else "EnglishProductSubcategoryName"
    named = products.set_index("ProductKey")[column]
    table = pd.DataFrame(
        {
            "account": lines["ResellerKey"],
            "product": lines["ProductKey"].map(named),
            "date": lines["OrderDate"],
            "amount": lines["SalesAmount"],
        }
    ).dropna()
    resellers = pd.read_csv(folder / FILES[3]).set_index("ResellerKey")
    places = pd.read_csv(folder / FILES[4], keep_default_na=False, na_values=[""])
    country = places.set_index("GeographyKey")["CountryRegionCode"]
    kept = ["BusinessType", "ProductLine", "NumberEmployees", "OrderFrequency", "AnnualRevenue",
            "YearOpened"]  # fmt: skip
    attributes = resellers[kept].assign(country=resellers["GeographyKey"].map(country))
    return split(table, attributes, ("BusinessType", "ProductLine"))


def split(table: pd.DataFrame, attributes: pd.DataFrame, segment: tuple[str, ...]) -> Case:
    """Set what was bought for the first time after the cut against what was owned before."""
    known, later = table[table["date"] < CUT], table[table["date"] >= CUT]
    owners = known.groupby("product")["account"].nunique()
    lately = known.loc[known["date"] >= CUT - RECENT, "product"].unique()
    products = pd.Index(sorted(set(owners[owners >= 10].index) & set(lately)))
    accounts = pd.Index(sorted(known["account"].unique()))

    def owned(part: pd.DataFrame) -> np.ndarray:
        row, column = accounts.get_indexer(part["account"]), products.get_indexer(part["product"])
        held = np.zeros((len(accounts), len(products)), bool)
        fits = (row >= 0) & (column >= 0)
        held[row[fits], column[fits]] = True
        return held

    have = owned(known)
    took = owned(later) & ~have
    judged = (have.sum(axis=1) >= 3) & took.any(axis=1)
    last = (CUT - timedelta(days=1)).date()
    months = (table["date"].max() - CUT).days
    return Case(known, attributes, segment, last, months, accounts, products, have, took, judged)


def ndcg(score: np.ndarray, have: np.ndarray, took: np.ndarray) -> np.ndarray:
    """NDCG of the first ten by account, products owned left out."""
    from tools.adoption.stack import ndcg as gained

    return gained(np.where(have, -np.inf, score), took)


def compare(report: Report, found: Case, level: str) -> None:
    """Rank by everyone, and set ours against the best of the others by account."""
    gained: dict[str, np.ndarray] = {}
    missing = []
    for who, ranked in PEERS.items():
        try:
            score = ranked(found)
        except ModuleNotFoundError:
            missing.append(who)
            continue
        rows = found.judged
        gained[who] = ndcg(score[rows], found.have[rows], found.took[rows])
    table = report.table(
        f"By {level}: {len(found.products)} products, {int(found.judged.sum())} accounts",
        ("who", "NDCG@10", "ours, stack, less this", "95 % interval"),
    )
    rng = np.random.default_rng(0)
    draws = rng.integers(0, int(found.judged.sum()), (RESAMPLES, int(found.judged.sum())))
    for who, each in gained.items():
        less = gained["ours, stack"] - each
        low, high = np.quantile(less[draws].mean(axis=1), (0.025, 0.975))
        apart = who == "ours, stack"
        table.rows.append(
            (who, f"{each.mean():.3f}", "" if apart else f"{less.mean():+.3f}",
             "" if apart else f"{low:+.3f} to {high:+.3f}")
        )  # fmt: skip
        table.values.append(
            {"who": who, "ndcg": float(each.mean()), "less": float(less.mean()),
             "low": float(low), "high": float(high)}
        )  # fmt: skip
    for who in missing:
        table.rows.append((who, "not installed", "", ""))
        table.values.append({"who": who, "ndcg": None})


def calibration(report: Report, cases: dict[str, Case]) -> None:
    """Set probabilities against adoptions, and the share of owners in the segment as well."""
    table = report.table(
        "Probability of each product an account did not own",
        ("by", "pairs", "mean probability", "adopted", "Brier", "Brier of the segment's share"),
    )
    for level, found in cases.items():
        chance = ours_calibrated(found)
        share = PEERS["segment lookalike"](found)
        free = ~found.have
        took = found.took[free]
        cells = {
            "by": level,
            "pairs": int(free.sum()),
            "mean": float(chance[free].mean()),
            "adopted": float(took.mean()),
            "brier": float(((chance[free] - took) ** 2).mean()),
            "brier_share": float(((share[free] - took) ** 2).mean()),
        }
        table.rows.append(
            (level, f"{cells['pairs']:,}", *(f"{cells[name]:.3f}" for name in
             ("mean", "adopted", "brier", "brier_share")))
        )  # fmt: skip
        table.values.append(cells)


def speed(report: Report, sizes: list[int], products: int, runs: int) -> None:
    """Time fitting and the first ten of every account, each in a process of its own."""
    table = report.table(
        f"Fit and the first ten of every account: {products} products, about 10 owned each",
        ("accounts", "who", "fit", "first ten", "together", "memory at most", "ratio"),
    )
    for size in sizes:
        base = 0.0
        for who in ("ours, arrays", "ours, tables", "ALS (implicit)"):
            taken = [measured(PYTHON, who, size, products) for _ in range(runs)]
            best = min(taken, key=lambda one: one.get("together", float("inf")))
            if "why" in best:
                table.rows.append((f"{size:,}", who, str(best["why"]), "", "", "", ""))
            else:
                base = base or best["together"]
                table.rows.append(
                    (f"{size:,}", who, seconds(best["fit"]), seconds(best["top"]),
                     seconds(best["together"]), f"{best['memory'] / 1e6:,.0f} MB",
                     f"{best['together'] / base:.2g}x")
                )  # fmt: skip
            table.values.append({"accounts": size, "who": who, **best})


def main() -> int:
    """Measure and print."""
    given = arguments(
        __doc__, runs=1, data=True, most=(1_000_000, "accounts of the largest made-up table"),
        products=(200, "products of the made-up tables"),
    )  # fmt: skip
    report = Report("whitespace")
    folder = (given.data or Path()) / "adventureworks_b2b"
    absent = [name for name in FILES if given.data is None or not (folder / name).exists()]
    if absent:
        report.note(f"Quality was not measured: {folder} lacks {', '.join(absent)}.")
    else:
        cases = {"model": case(folder, "model"), "subcategory": case(folder, "subcategory")}
        for level, found in cases.items():
            compare(report, found, level)
        calibration(report, cases)
    sizes = [size for size in (10_000, 100_000, 1_000_000) if size <= given.most]
    speed(report, sizes or [given.most], given.products, given.runs)
    report.note(
        "Cut 2013-01-01; offered are products with 10 owners before it that were sold in its "
        "last 92 days; judged are accounts that owned 3 of them and took another later. All "
        "read the purchases before the cut alone; settings are the defaults. The segment is "
        "business type and product line. Intervals are from accounts drawn again, 2,000 times."
    )
    publish(report, given)
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--timed"]:
        from bench.whitespace_speed import timed_once

        print(json.dumps(timed_once(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
        sys.exit(0)
    sys.exit(main())
