"""Product lines an account does not buy and comparable accounts do, with a chance and a worth."""

from __future__ import annotations

from collections.abc import Mapping
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
from tools.potential import FEWEST, Potential, groups, leave_one_out

VERSION = 1
SMALL_ACCOUNTS, SMALL_LINES = 200, 10  # below either, groups are too thin to lean on alone

GAP_METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("line", "name"),
        Metric("peer_share", "share", "year"),
        Metric("peer_p75", "money", "year"),
        Metric("chance", "share"),
        Metric(
            "worth",
            "money",
            arithmetic=Arithmetic("analysis", ("chance", "peer_p75", "own_spend_12m")),
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
    of the peers), `peer_p75` (currency a year, of the peers who buy), `chance` (0 to 1,
    within 12 months), `worth` (currency a year: chance times what `peer_p75` exceeds the
    own spend by), `own_spend_12m`, `peers` and `buyers` (accounts). `lines` are the live
    lines sold in the last 12 months. `note` says when the book is small.
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
        the upper quarter of its buying peers spend, that at least `minimum_peer_share`
        and five of the peers buy.

        The chance is the share of the peer group that did not buy the line in the 12
        months before last and did in the last 12, without the account itself, leaning on
        the whole book with `pseudo_count` accounts; accounts that bought anything in the
        earlier 12 months and those that did not are counted apart. A share of peers who
        own a line is not a chance, and is told only as evidence.

    Notes
    -----
    `docs/methodology.md#whitespace` works an example by hand and reports the backtest.
    """
    day = facts.reading.as_of
    level = coverage.whitespace.level
    lines = lines_until(book, day)
    names = _live_lines(book, facts, lines, level)
    year, before = trailing(day, 365), trailing(day, 365, skip=365)
    now = _spend(lines[within(lines["ordered"], year)], facts, names, level)
    prior = _spend(lines[within(lines["ordered"], before)], facts, names, level)
    active = facts.table["net_spend_12m"].fillna(0).to_numpy(dtype=float) > 0
    was_active = facts.table["net_spend_prior_12m"].fillna(0).to_numpy(dtype=float) > 0
    found = _found(facts, potential, coverage, now, prior, active, was_active)
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
    wide = spent.unstack(fill_value=0.0) if len(spent) else pd.DataFrame()
    return wide.reindex(index=facts.table.index, columns=names, fill_value=0.0).to_numpy(float)


def _found(
    facts: Facts,
    potential: Potential,
    coverage: CoverageModel,
    now: np.ndarray,
    prior: np.ndarray,
    active: np.ndarray,
    was_active: np.ndarray,
) -> dict[str, np.ndarray]:
    """Share, P75, chance, peers and buyers: one row per account, one column per line."""
    shape = now.shape
    out = {name: np.full(shape, np.nan) for name in ("peer_share", "peer_p75", "chance")}
    out["peers"], out["buyers"] = np.zeros(shape), np.zeros(shape)
    depth_of = potential.table["peer_level"].fillna(-1).to_numpy(dtype=int)
    bought, open_before = now > 0, prior <= 0
    adopted = bought & open_before
    whole = {flag: _rate(adopted, open_before, was_active == flag) for flag in (True, False)}
    by = list(coverage.peers.by)
    lean = coverage.whitespace.pseudo_count
    for depth in range(len(by) + 1):
        if not (depth_of == depth).any():
            continue
        for rows in groups(facts.table, by[:depth]).values():
            told = rows[depth_of[rows] == depth]
            if not told.size:
                continue
            peers = rows[active[rows]]
            own = (active[told, None] & bought[told]).astype(int)
            out["peers"][told] = (len(peers) - active[told].astype(int))[:, None]
            out["buyers"][told] = bought[peers].sum(axis=0) - own
            for flag in (True, False):
                # Today's activity picks the stratum that foretells the coming 12 months.
                mine = told[active[told] == flag]
                others = rows[was_active[rows] == flag]
                tried = open_before[others].sum(axis=0) - (
                    (was_active[mine] == flag)[:, None] & open_before[mine]
                )
                took = adopted[others].sum(axis=0) - (
                    (was_active[mine] == flag)[:, None] & adopted[mine]
                )
                weight = tried + lean
                rate = (took + lean * whole[flag]) / np.where(weight > 0, weight, 1)
                out["chance"][mine] = np.where(weight > 0, rate, 0.0)
            for column in range(shape[1]):
                buyers = peers[bought[peers, column]]
                enough = told[out["buyers"][told, column] >= FEWEST]
                if enough.size:
                    out["peer_p75"][enough, column] = leave_one_out(
                        now[:, column], buyers, enough, (0.75,), active=active & bought[:, column]
                    )[:, 0]
    out["peer_share"] = out["buyers"] / np.where(out["peers"] > 0, out["peers"], np.nan)
    return out


def _rate(adopted: np.ndarray, open_before: np.ndarray, rows: np.ndarray) -> np.ndarray:
    tried = open_before[rows].sum(axis=0)
    return adopted[rows].sum(axis=0) / np.where(tried > 0, tried, 1)


def _listed(
    facts: Facts,
    names: list[str],
    now: np.ndarray,
    found: dict[str, np.ndarray],
    coverage: CoverageModel,
) -> pd.DataFrame:
    rules = coverage.whitespace
    p75 = np.round(found["peer_p75"], 2)
    gap = (
        (found["peer_share"] >= rules.minimum_peer_share)
        & (found["buyers"] >= FEWEST)
        & (now < rules.little_share * np.nan_to_num(p75))
    )
    rows, columns = np.nonzero(gap)
    accounts = np.asarray(facts.table.index, dtype=object)[rows]
    lines = np.asarray(names, dtype=object)[columns] if names else np.empty(0, dtype=object)
    table = pd.DataFrame(
        {
            "account_id": pd.Series(accounts, dtype="str"),
            "line": pd.Series(lines, dtype="str"),
            "peer_share": np.round(found["peer_share"][rows, columns], 6),
            "peer_p75": p75[rows, columns],
            "chance": np.round(found["chance"][rows, columns], 6),
            "own_spend_12m": now[rows, columns],
            "peers": found["peers"][rows, columns].astype(int),
            "buyers": found["buyers"][rows, columns].astype(int),
        }
    )
    table["worth"] = (table["chance"] * (table["peer_p75"] - table["own_spend_12m"])).round(2)
    table = table.sort_values(
        ["account_id", "worth", "line"], ascending=[True, False, True], kind="stable"
    )
    table = table[table.groupby("account_id").cumcount() < rules.rows]
    return table.set_index(pd.Index(table["account_id"] + "/gap:" + table["line"], dtype="str"))
