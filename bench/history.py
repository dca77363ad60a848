"""Facts from dated events: how fast, and what track records add to a ranking.

Times stand beside plain pandas in the same run, on made events. What track records add is the
AUC of one logistic regression with and without them, rolling over quarters and fitted on what
was known by each: on made deals whose owners get better and worse, on the orders of the example
book, and on the deals of `maven_crm` where `--data FOLDER` holds it.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from bench.commands import ROOT
from bench.history_rivals import rolling_facts, running_rates
from bench.report import Report, Table, TimesTable, publish
from bench.small_logistic import auc, binned, fitted
from bench.timing import alternately
from crm.importer import import_book
from domain.coverage import parse_coverage
from tools.history.event_facts import event_facts, history_rows
from tools.history.track_record import track_record
from tools.outcomes import outcomes

BY = ("owner", "account", "product", "segment")
SIZES = (10_000, 100_000, 1_000_000)
EXAMPLE = ROOT / "examples" / "adventureworks"
BOOK_FACTS = (
    "net_spend_12m", "spend_change_12m", "orders_12m", "days_since_order", "order_interval_days",
    "order_interval_spread_days", "last_order_amount", "product_lines_12m", "segment",
    "product_focus", "territory_group", "employees", "potential_p50", "open_potential", "cycle",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Rows to rank: `facts`, what came of them, the day of each, and from when it was known."""

    facts: pd.DataFrame
    outcome: np.ndarray
    when: np.ndarray
    known: np.ndarray
    tested: np.ndarray  # a test lasts from one of these days to the next


def made_events(count: int) -> pd.DataFrame:
    """Twenty years of purchases of 20,000 accounts, with one return in twenty."""
    draw = np.random.default_rng(count)
    return pd.DataFrame(
        {
            "account": draw.integers(0, 20_000, count),
            "product": draw.integers(0, 300, count),
            "day": np.datetime64("2006-01-01") + draw.integers(0, 7_300, count),
            "amount": np.where(draw.random(count) < 0.05, -1, 1)
            * np.round(draw.lognormal(4, 1, count), 2),
        }
    )


def made_deals(count: int, *, owners: int = 200, drift: bool = False) -> pd.DataFrame:
    """Twenty years of deals; with `drift`, each owner's log-odds of winning wander."""
    draw = np.random.default_rng(count)
    opened = np.sort(draw.integers(0, 7_300, count))
    owner = draw.integers(0, owners, count)
    odds = np.zeros(count)
    if drift:
        steps = draw.normal(0, 0.12, (owners, 7_300 // 30 + 1)).cumsum(axis=1)
        odds = steps[owner, opened // 30]
    start = np.datetime64("2006-01-01")
    return pd.DataFrame(
        {
            "owner": owner,
            "account": draw.integers(0, 20_000, count),
            "product": draw.integers(0, 50, count),
            "segment": draw.integers(0, 12, count),
            "opened": start + opened,
            "closed": start + opened + draw.integers(1, 200, count),
            "won": (draw.random(count) < 1 / (1 + np.exp(-odds))).astype(int),
        }
    )


def speed(times: TimesTable, size: int, runs: int) -> None:
    """Time ours beside plain pandas at one size."""
    events = made_events(size)
    ours, theirs = alternately(
        [
            lambda: history_rows(
                events, events, entity="account", when="day", amount="amount", item="product"
            ),
            lambda: rolling_facts(events),
        ],
        runs,
    )
    name = "pandas groupby and rolling, spend and count only"
    times.add(f"facts of {size:,} rows, each its day", ours, against=name, other=theirs)
    (once,) = alternately(
        [
            lambda: event_facts(
                events, as_of="2020-01-01", entity="account", when="day", amount="amount",
                item="product",
            )
        ],
        runs,
    )  # fmt: skip
    times.add(f"facts as of one day from {size:,} events", once)
    deals = made_deals(size)
    ours, theirs = alternately(
        [
            lambda: track_record(
                deals, rows=deals, when="opened", closed="closed", outcome="won", by=BY
            ),
            lambda: running_rates(deals, BY),
        ],
        runs,
    )
    name = "pandas cumsum and merge_asof"
    times.add(f"track records of {size:,} deals, 10 groups", ours, against=name, other=theirs)


def made_case(count: int) -> tuple[Case, pd.DataFrame]:
    """Deals whose owners get better and worse, and their track records."""
    deals = made_deals(count, drift=True)
    record = track_record(
        deals, rows=deals, when="opened", closed="closed", outcome="won", by=BY
    )  # fmt: skip
    tested = np.arange(np.datetime64("2016-01-01"), np.datetime64("2025-12-01"), 730)
    # Few enough owners and products to fit a weight for each: what a ranking without track
    # records would do.
    facts = deals[list(BY)].astype({"owner": str, "product": str, "segment": str})
    return _case(facts.drop(columns="account"), deals, "opened", "closed", "won", tested), record


def example_case() -> tuple[Case, pd.DataFrame]:
    """Orders of the example book in the 91 days after each quarter, from the first year on."""
    text = (EXAMPLE / "coverage.toml").read_text(encoding="utf-8")
    coverage = parse_coverage(text)
    whole = coverage.history.model_copy(update={"run_in_days": 0})
    found = outcomes(import_book(EXAMPLE), coverage.model_copy(update={"history": whole}))
    groups = ["segment", "product_focus", "territory_group"]
    rows = found.table[groups].assign(
        account=found.account_id, when=found.when, known=found.known, won=found.outcome
    )
    record = track_record(
        rows, rows=rows, when="when", closed="known", outcome="won", by=["account", *groups],
        lag_days=0,
    )  # fmt: skip
    days = np.sort(rows["when"].unique())[3:].astype("datetime64[D]")
    facts = found.table[list(BOOK_FACTS)]
    return _case(facts, rows, "when", "known", "won", days), record


def maven_case(folder: Path) -> tuple[Case, pd.DataFrame]:
    """Deals of the CRM sample, whose outcome is known to be noise."""
    deals = pd.read_csv(folder / "sales_pipeline.csv")
    accounts = pd.read_csv(folder / "accounts.csv").set_index("account")
    for name in ("engage_date", "close_date"):
        deals[name] = pd.to_datetime(deals[name], format="%d-%m-%y", errors="coerce")
    deals = deals[deals["deal_stage"].isin(["Won", "Lost"])].reset_index(drop=True)
    deals["won"] = (deals["deal_stage"] == "Won").astype(int)
    described = accounts.reindex(deals["account"]).reset_index(drop=True)
    deals["sector"] = described["sector"]
    by = ["sales_agent", "account", "product", "sector"]
    record = track_record(
        deals, rows=deals, when="engage_date", closed="close_date", outcome="won", by=by
    )
    facts = described[["sector", "revenue", "employees", "office_location"]].join(
        deals[["sales_agent", "product"]]
    )
    quarters = np.array(["2017-04-01", "2017-07-01", "2017-10-01"], dtype="datetime64[D]")
    return _case(facts, deals, "engage_date", "close_date", "won", quarters), record


def _case(
    facts: pd.DataFrame,
    rows: pd.DataFrame,
    when: str,
    known: str,
    outcome: str,
    tested: np.ndarray,
) -> Case:
    days = [rows[name].to_numpy().astype("datetime64[D]") for name in (when, known)]
    return Case(facts, rows[outcome].to_numpy(dtype=float), days[0], days[1], tested)


def added(table: Table, name: str, case: Case, record: pd.DataFrame) -> None:
    """Add a row: mean AUC without track records, with those of single columns, with all."""
    rates = [column for column in record if str(column).startswith("win_rate_")]
    singles = [column for column in rates if "_and_" not in str(column)]
    choices = (
        case.facts,
        case.facts.join(record[singles]),
        case.facts.join(record[rates]),
        record[rates],
    )
    means = [float(np.mean(_rolling(case, facts))) for facts in choices]
    tests = len(case.tested)
    table.rows.append((name, str(tests), *(f"{mean:.3f}" for mean in means)))
    table.values.append({"data": name, "tests": tests, "auc": means})


def _rolling(case: Case, facts: pd.DataFrame) -> list[float]:
    ends = [*case.tested[1:], np.datetime64("9999-12-31")]
    found = []
    for start, end in zip(case.tested, ends, strict=True):
        learn = case.known <= start
        test = (case.when >= start) & (case.when < end)
        columns, weights = binned(facts[learn])
        ranked = columns(facts[test]) @ fitted(weights, case.outcome[learn])
        found.append(auc(case.outcome[test], ranked))
    return found


def main() -> int:
    """Measure and print."""
    given = _arguments()
    report = Report("history")
    times = report.times("Time")
    for size in given.sizes:
        speed(times, size, given.runs)
    table = report.table(
        "Mean AUC over rolling tests",
        ("data", "tests", "facts alone", "and single records", "and pairs", "records alone"),
    )
    added(table, "made deals, owners get better and worse", *made_case(given.deals))
    added(table, "orders of the example book", *example_case())
    folder = given.data / "maven_crm" if given.data else None
    if folder is not None and (folder / "sales_pipeline.csv").exists():
        added(table, "maven_crm deals, noise", *maven_case(folder))
    else:
        where = f"{folder} holds none" if folder else "name its folder with --data"
        report.note(f"The deals of maven_crm were not measured: {where}.")
    report.note(
        "Facts alone of the deals are their owner, product and segment, a weight for each value."
    )
    publish(report, given)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=3, help="times each, default 3")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="events, default up "
                        "to a million")  # fmt: skip
    parser.add_argument("--deals", type=int, default=20_000, help="made deals, default 20,000")
    parser.add_argument("--data", type=Path, help="folder that holds maven_crm")
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
