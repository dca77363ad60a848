"""Product lines an account does not buy and comparable accounts do, with a chance and a worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.evidence import Evidence
from domain.period import trailing
from tools.cells import Arithmetic, Cite, Metric, Reading, calculation, cell, missing
from tools.facts import Facts
from tools.line_chance import BECAUSE, HALF_YEAR, LineChance, line_chance, told_groups
from tools.order_facts import lines_until, within
from tools.peer_quantiles import FEWEST, leave_one_out
from tools.potential import Potential
from tools.whitespace_backtest import Backtest, judged
from tools.whitespace_reasons import reasons

VERSION = 2
SMALL_ACCOUNTS, SMALL_LINES = 200, 10  # below either, groups are too thin to lean on alone

BECAUSE_CELLS = tuple(f"because:{part}" for part in BECAUSE)

GAP_METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("line", "name"),
        Metric("peer_share", "share", "year"),
        Metric("peer_p50", "money", "year"),
        Metric("peer_p75", "money", "year"),
        Metric("log_odds", "ratio", arithmetic=Arithmetic("sum", tuple(BECAUSE_CELLS))),
        Metric("chance", "share", arithmetic=Arithmetic("analysis", ("log_odds",))),
        Metric(
            "worth",
            "money",
            arithmetic=Arithmetic("analysis", ("chance", "peer_p50", "own_spend_12m")),
        ),
        Metric("own_spend_12m", "money", "year"),
        Metric("because", "text"),
        Metric("support", "share"),
        Metric("confidence", "share"),
        Metric("lift", "ratio"),
        *(Metric(name, "ratio") for name in BECAUSE_CELLS),
    )
}
ACCOUNT_METRICS: Mapping[str, Metric] = {
    "whitespace_worth": Metric(
        "whitespace_worth", "money", arithmetic=Arithmetic("sum", ("worth",))
    ),
    "whitespace_lines": Metric(
        "whitespace_lines", "count", arithmetic=Arithmetic("count", ("worth",))
    ),
}


@dataclass(frozen=True)
class Whitespace:
    """The gaps worth telling, at most `whitespace.rows` an account, most worth first.

    `gaps_table` is indexed by `ID/gap:LINE`: `account_id`, `line`, `peer_share` (0 to 1,
    of the peers), `peer_p50` and `peer_p75` (currency a year, of the peers who buy),
    `chance` (0 to 1, within 12 months), `worth` (currency a year: chance times what
    `peer_p50` exceeds the own spend by), `own_spend_12m`, `peers` and `buyers`
    (accounts). `log_odds` are those of the chance, `because:PART` what adds up to them, and
    `because` the same in words; `support`, `confidence` and `lift` are of the owned line
    that speaks most for the gap, blank where peers alone speak. `lines` are the live lines
    sold in the last 12 months. `method` is `stack`, or `peers` in a book that is small or
    has no past; `note` says when it is small.
    """

    gaps_table: pd.DataFrame
    lines: tuple[str, ...]
    note: str
    method: str
    accounts: frozenset[str]
    reading: Reading
    _judge: Callable[[], Backtest | None] = field(repr=False, compare=False)

    @cached_property
    def backtest(self) -> Backtest | None:
        """The same told a year earlier, set against what was bought since.

        Worked out when it is asked for; None where the book holds no such year.
        """
        return self._judge()

    @cached_property
    def _by_account(self) -> dict[str, list[str]]:
        listed: dict[str, list[str]] = {}
        owned = self.gaps_table["account_id"]
        for key, account in zip(owned.index.tolist(), owned.tolist(), strict=True):
            listed.setdefault(str(account), []).append(f"account:{key}")
        return listed

    def gaps(self, account_id: str) -> tuple[str, ...]:
        """Entities of an account's gaps, most worth first."""
        return tuple(self._by_account.get(account_id, ()))

    def worth(self, account_id: str) -> float:
        """What an account's listed gaps are worth together, in currency a year."""
        rows = self.gaps_table["account_id"] == account_id
        return float(round(self.gaps_table.loc[rows, "worth"].sum(), 2))

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Cite a gap's cell, or `whitespace_worth` and `whitespace_lines` of an account.

        NotCitable when there is none; an account without gaps has no worth to cite.
        """
        ask = cite or self.cite
        if "/gap:" in entity and metric in GAP_METRICS:
            return cell(
                self.gaps_table, self.reading, "whitespace", VERSION, entity,
                GAP_METRICS[metric], ask,
            )  # fmt: skip
        account = entity.removeprefix("account:")
        if metric not in ACCOUNT_METRICS or account not in self.accounts:
            raise missing(entity, metric)
        gaps = self.gaps(account)
        if not gaps and metric == "whitespace_worth":
            raise missing(entity, metric)
        how = ACCOUNT_METRICS[metric] if gaps else Metric(metric, "count")
        parents = [ask(gap, "worth") for gap in gaps]
        return calculation(self.reading, "whitespace", VERSION, entity, how, 0, parents)


def whitespace(
    book: Book, facts: Facts, potential: Potential, coverage: CoverageModel
) -> Whitespace:
    """Find the product lines each account could still buy.

    Parameters
    ----------
    book
        Orders and products. A line is live when one of its products is on sale on the
        day (`live_from` not later, `live_to` blank or later) and the line was sold in the
        last 12 months.
    facts, potential
        Spend, and how many of `peers.by` each account's peers agree in.
    coverage
        Its `whitespace` and `peers` sections.

    Returns
    -------
    Whitespace
        A gap is a live line on which the account spent less than `little_share` of what
        the middle of its buying peers spend, that at least `minimum_peer_share` and five
        of the peers buy.

        The chance is the share of the peer group that bought none of the line in the 12
        months before the last half year and some in it, without the account itself,
        leaning on the whole book with `pseudo_count` accounts, and told for a year: 1 -
        (1 - share)^2. Accounts that bought anything in those 12 months and those that had
        stopped are counted apart. A share of peers who own a line is not a chance, and is
        told only as evidence. An account that never bought has no gaps: everything is
        open there, and its potential says so.

    Notes
    -----
    `docs/methodology.md#whitespace` works an example by hand and reports the backtest.
    """
    day = facts.reading.as_of
    level = coverage.whitespace.level
    lines = lines_until(book, day)
    names = _live_lines(book, facts, lines, level)
    now, recent, before = (
        _spend(lines[within(lines["ordered"], period)], facts, names, level)
        for period in (
            trailing(day, 365),
            trailing(day, HALF_YEAR),
            trailing(day, 365, skip=HALF_YEAR),
        )
    )
    active = facts.table["net_spend_12m"].fillna(0).to_numpy(dtype=float) > 0
    earlier = lines[within(lines["ordered"], trailing(day, 365, skip=HALF_YEAR))]
    # Unique first: `isin` over tens of thousands of repeated ids takes a third of a second.
    buyers = earlier.loc[earlier["amount"] > 0, "account_id"].unique()
    was_active = facts.table.index.isin(buyers)
    first = facts.table["first_order_date"]
    customer = (first <= pd.Timestamp(trailing(day, 365, skip=HALF_YEAR).end)).to_numpy()
    found = _peers(facts, potential, coverage, now, active)
    gap = _open(facts, now, found, coverage)
    told = line_chance(
        facts, potential, coverage, (recent > 0, before > 0), (active, was_active, customer),
        lines.assign(line=lines[level]), names, gap,
    )  # fmt: skip
    table = _listed(facts, names, now, found, told, gap, coverage)
    note = ""
    if active.sum() < SMALL_ACCOUNTS or len(names) < SMALL_LINES:
        note = (
            f"Small book ({int(active.sum())} active accounts, {len(names)} live product lines): "
            "chances lean on the adoption of the whole book and are rough."
        )
    everyone = frozenset(map(str, facts.table.index))
    return Whitespace(
        table, tuple(names), note, "peers" if told.model is None else "stack", everyone,
        facts.reading, lambda: judged(book, coverage, facts.reading.as_of),
    )  # fmt: skip


def _live_lines(book: Book, facts: Facts, lines: pd.DataFrame, level: str) -> list[str]:
    today = pd.Timestamp(facts.reading.as_of)
    products = book["products"]
    started = products["live_from"].isna() | (products["live_from"] <= today)
    lasting = products["live_to"].isna() | (products["live_to"] > today)
    live = set(products.loc[started & lasting, level].dropna())
    recent = lines[within(lines["ordered"], trailing(facts.reading.as_of, 365))]
    # Unique first: one by one, tens of thousands of names take longer than the whole rest.
    return sorted(live & set(recent.loc[recent["amount"] > 0, level].dropna().unique()))


def _spend(lines: pd.DataFrame, facts: Facts, names: list[str], level: str) -> np.ndarray:
    """Net spend, one row per account and one column per line, rounded to cents."""
    spent = lines.groupby(["account_id", level])["amount"].sum().round(2)
    wide = spent.unstack() if len(spent) else pd.DataFrame()
    return wide.reindex(index=facts.table.index, columns=names).fillna(0.0).to_numpy(float)


def _peers(
    facts: Facts,
    potential: Potential,
    coverage: CoverageModel,
    now: np.ndarray,
    active: np.ndarray,
) -> dict[str, np.ndarray]:
    """Peers, buyers among them, their share and what they spend, by account and line."""
    bought = now > 0
    peers, buyers = np.zeros(now.shape), np.zeros(now.shape)
    p50, p75 = np.full(now.shape, np.nan), np.full(now.shape, np.nan)
    for rows, told in told_groups(facts, potential, coverage):
        others = rows[active[rows]]
        own = (active[told, None] & bought[told]).astype(int)
        peers[told] = (len(others) - active[told].astype(int))[:, None]
        buyers[told] = bought[others].sum(axis=0) - own
        for column in range(now.shape[1]):
            enough = told[buyers[told, column] >= FEWEST]
            if enough.size:
                spends = others[bought[others, column]]
                counted = active & bought[:, column]
                middle = leave_one_out(now[:, column], spends, enough, (0.5, 0.75), active=counted)
                p50[enough, column], p75[enough, column] = middle.T
    share = buyers / np.where(peers > 0, peers, np.nan)
    return {"peers": peers, "buyers": buyers, "peer_share": share, "peer_p50": p50, "peer_p75": p75}


def _open(
    facts: Facts, now: np.ndarray, found: dict[str, np.ndarray], coverage: CoverageModel
) -> np.ndarray:
    """Which lines are gaps of which accounts."""
    rules = coverage.whitespace
    p50 = np.nan_to_num(np.round(found["peer_p50"], 2))
    return np.asarray(
        (found["peer_share"] >= rules.minimum_peer_share)
        & (found["buyers"] >= FEWEST)
        & facts.table["first_order_date"].notna().to_numpy()[:, None]
        & ((now <= 0) | (now < rules.little_share * p50))
    )


def _listed(
    facts: Facts,
    names: list[str],
    now: np.ndarray,
    found: dict[str, np.ndarray],
    told: LineChance,
    gap: np.ndarray,
    coverage: CoverageModel,
) -> pd.DataFrame:
    rows, columns = np.nonzero(gap)
    accounts = np.asarray(facts.table.index, dtype=object)[rows]
    lines = np.asarray(names, dtype=object)[columns] if names else np.empty(0, dtype=object)
    parts = np.round(told.parts[rows, columns], 6) + 0.0  # no negative nought
    log_odds = np.round(parts.sum(axis=1), 6)
    # As it is printed, so that whoever recomputes it finds the same. Nobody has no odds.
    chance = np.where(told.chance[rows, columns] > 0, 1 / (1 + np.exp(-log_odds)), 0.0)
    table = pd.DataFrame(
        {
            "account_id": pd.Series(accounts, dtype="str"),
            "line": pd.Series(lines, dtype="str"),
            "peer_share": np.round(found["peer_share"][rows, columns], 6),
            "peer_p50": np.round(found["peer_p50"][rows, columns], 2),
            "peer_p75": np.round(found["peer_p75"][rows, columns], 2),
            "chance": np.round(chance, 6),
            "own_spend_12m": now[rows, columns],
            "peers": found["peers"][rows, columns].astype(int),
            "buyers": found["buyers"][rows, columns].astype(int),
            "log_odds": log_odds,
            "row": rows,
            "column": columns,
        }
    )
    for at, name in enumerate(BECAUSE_CELLS):
        table[name] = parts[:, at]
    table["worth"] = (
        table["chance"] * (table["peer_p50"] - table["own_spend_12m"].clip(lower=0.0))
    ).round(2)
    table = table[table["worth"] > 0].sort_values(
        ["account_id", "worth", "line"], ascending=[True, False, True], kind="stable"
    )
    table = table[table.groupby("account_id").cumcount() < coverage.whitespace.rows]
    why = reasons(told, table["row"].to_numpy(dtype=int), table["column"].to_numpy(dtype=int))
    table = table.drop(columns=["row", "column"]).assign(**why)
    return table.set_index(pd.Index(table["account_id"] + "/gap:" + table["line"], dtype="str"))
