"""Product lines an account does not buy and comparable accounts do, with a chance and a worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.evidence import Evidence
from domain.period import trailing
from tools.cells import Arithmetic, Cite, Metric, Reading, calculation, cell, missing
from tools.facts import Facts
from tools.order_facts import lines_until, within
from tools.peer_quantiles import FEWEST, groups, leave_one_out
from tools.potential import Potential

VERSION = 1
SMALL_ACCOUNTS, SMALL_LINES = 200, 10  # below either, groups are too thin to lean on alone
HALF_YEAR = 182  # adoption is counted over this many days and told for 365

GAP_METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("line", "name"),
        Metric("peer_share", "share", "year"),
        Metric("peer_p50", "money", "year"),
        Metric("peer_p75", "money", "year"),
        Metric("chance", "share"),
        Metric(
            "worth",
            "money",
            arithmetic=Arithmetic("analysis", ("chance", "peer_p50", "own_spend_12m")),
        ),
        Metric("own_spend_12m", "money", "year"),
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
    (accounts). `lines` are the live lines sold in the last 12 months. `note` says when
    the book is small.
    """

    gaps_table: pd.DataFrame
    lines: tuple[str, ...]
    note: str
    accounts: frozenset[str]
    reading: Reading

    @cached_property
    def _by_account(self) -> dict[str, list[str]]:
        listed: dict[str, list[str]] = {}
        for key, account in self.gaps_table["account_id"].items():
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
    chance = _chance(
        facts, potential, coverage, (recent > 0, before > 0), (active, was_active, customer)
    )
    found = {"chance": chance, **_peers(facts, potential, coverage, now, active)}
    table = _listed(facts, names, now, found, coverage)
    note = ""
    if active.sum() < SMALL_ACCOUNTS or len(names) < SMALL_LINES:
        note = (
            f"Small book ({int(active.sum())} active accounts, {len(names)} live product lines): "
            "chances lean on the adoption of the whole book and are rough."
        )
    everyone = frozenset(map(str, facts.table.index))
    return Whitespace(table, tuple(names), note, everyone, facts.reading)


def _live_lines(book: Book, facts: Facts, lines: pd.DataFrame, level: str) -> list[str]:
    today = pd.Timestamp(facts.reading.as_of)
    products = book["products"]
    started = products["live_from"].isna() | (products["live_from"] <= today)
    lasting = products["live_to"].isna() | (products["live_to"] > today)
    live = set(products.loc[started & lasting, level].dropna())
    recent = lines[within(lines["ordered"], trailing(facts.reading.as_of, 365))]
    return sorted(live & set(recent.loc[recent["amount"] > 0, level].dropna()))


def _spend(lines: pd.DataFrame, facts: Facts, names: list[str], level: str) -> np.ndarray:
    """Net spend, one row per account and one column per line, rounded to cents."""
    spent = lines.groupby(["account_id", level])["amount"].sum().round(2)
    wide = spent.unstack() if len(spent) else pd.DataFrame()
    return wide.reindex(index=facts.table.index, columns=names).fillna(0.0).to_numpy(float)


def _told_groups(
    facts: Facts, potential: Potential, coverage: CoverageModel
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield each peer group's rows, and those of them that compare at this level."""
    depth_of = potential.table["peer_level"].fillna(-1).to_numpy(dtype=int)
    by = list(coverage.peers.by)
    for depth in range(len(by) + 1):
        if not (depth_of == depth).any():
            continue
        for rows in groups(facts.table, by[:depth]).values():
            told = rows[depth_of[rows] == depth]
            if told.size:
                yield rows, told


def _chance(
    facts: Facts,
    potential: Potential,
    coverage: CoverageModel,
    bought: tuple[np.ndarray, np.ndarray],
    activity: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> np.ndarray:
    """Chance of a first purchase within 12 months, by account and line.

    `bought` says who bought what in the last half year and in the 12 months before it,
    `activity` who bought anything in the last 12 months, in those 12, and ever until then.
    """
    recent, before = bought
    active, was_active, customer = activity
    tried, took = ~before & customer[:, None], recent & ~before & customer[:, None]
    whole = {flag: _rate(took, tried, was_active == flag) for flag in (True, False)}
    lean = coverage.whitespace.pseudo_count
    chance = np.zeros(recent.shape)
    for rows, told in _told_groups(facts, potential, coverage):
        for flag in (True, False):
            # Today's activity picks the stratum that foretells the coming 12 months.
            mine = told[active[told] == flag]
            others = rows[was_active[rows] == flag]
            own = (was_active[mine] == flag)[:, None]
            count = tried[others].sum(axis=0) - (own & tried[mine]) + lean
            hits = took[others].sum(axis=0) - (own & took[mine]) + lean * whole[flag]
            chance[mine] = 1 - (1 - hits / np.where(count > 0, count, 1)) ** 2
    return chance


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
    for rows, told in _told_groups(facts, potential, coverage):
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


def _rate(took: np.ndarray, tried: np.ndarray, rows: np.ndarray) -> np.ndarray:
    count = tried[rows].sum(axis=0)
    return np.asarray(took[rows].sum(axis=0) / np.where(count > 0, count, 1))


def _listed(
    facts: Facts,
    names: list[str],
    now: np.ndarray,
    found: dict[str, np.ndarray],
    coverage: CoverageModel,
) -> pd.DataFrame:
    rules = coverage.whitespace
    p50, p75 = np.round(found["peer_p50"], 2), np.round(found["peer_p75"], 2)
    gap = (
        (found["peer_share"] >= rules.minimum_peer_share)
        & (found["buyers"] >= FEWEST)
        & facts.table["first_order_date"].notna().to_numpy()[:, None]
        & ((now <= 0) | (now < rules.little_share * np.nan_to_num(p50)))
    )
    rows, columns = np.nonzero(gap)
    accounts = np.asarray(facts.table.index, dtype=object)[rows]
    lines = np.asarray(names, dtype=object)[columns] if names else np.empty(0, dtype=object)
    table = pd.DataFrame(
        {
            "account_id": pd.Series(accounts, dtype="str"),
            "line": pd.Series(lines, dtype="str"),
            "peer_share": np.round(found["peer_share"][rows, columns], 6),
            "peer_p50": p50[rows, columns],
            "peer_p75": p75[rows, columns],
            "chance": np.round(found["chance"][rows, columns], 6),
            "own_spend_12m": now[rows, columns],
            "peers": found["peers"][rows, columns].astype(int),
            "buyers": found["buyers"][rows, columns].astype(int),
        }
    )
    table["worth"] = (
        table["chance"] * (table["peer_p50"] - table["own_spend_12m"].clip(lower=0.0))
    ).round(2)
    table = table[table["worth"] > 0].sort_values(
        ["account_id", "worth", "line"], ascending=[True, False, True], kind="stable"
    )
    table = table[table.groupby("account_id").cumcount() < rules.rows]
    return table.set_index(pd.Index(table["account_id"] + "/gap:" + table["line"], dtype="str"))
