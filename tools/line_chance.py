"""The chance that an account takes up a product line within a year, and what it is made of.

In a book large enough, a model of who buys what (`tools.adoption`) tells it, with a level
learnt on earlier windows of the same book; else the peers who took the line up lately do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.coverage import CoverageModel
from tools.adoption.model import WhitespaceModel, fit_whitespace
from tools.adoption.offers import parts_of
from tools.adoption.parts import PARTS, log_odds
from tools.facts import Facts
from tools.peer_quantiles import groups
from tools.potential import Potential

BECAUSE = (*PARTS, "activity", "level")
"""Parts of a chance's log-odds, in this order; they add up to it."""

ATTRIBUTES = ("segment", "product_focus", "country", "territory_group", "industry", "employees",
              "annual_revenue")  # fmt: skip
HALF_YEAR, YEAR = 182, 365  # adoption is counted over the first and told for the second


@dataclass(frozen=True)
class LineChance:
    """Chances by account (rows of the facts) and line.

    `peers` is the chance by comparable accounts alone, `half_year` the share of them that
    took the line up in the last half year. `parts` has one layer a part of `BECAUSE`;
    `chance` is the logistic of their sum. `model` is None where peers alone speak.
    """

    peers: np.ndarray
    half_year: np.ndarray
    parts: np.ndarray
    chance: np.ndarray
    model: WhitespaceModel | None
    row: np.ndarray
    column: np.ndarray


def line_chance(
    facts: Facts,
    potential: Potential,
    coverage: CoverageModel,
    bought: tuple[np.ndarray, np.ndarray],
    activity: tuple[np.ndarray, np.ndarray, np.ndarray],
    lines: pd.DataFrame,
    names: list[str],
    gap: np.ndarray,
) -> LineChance:
    """Tell the chance of every account and line.

    `bought` and `activity` are those of `by_peers`; `lines` are order lines with their
    product line as `line`; `gap` says which pairs are open. The model speaks for open pairs
    of accounts that bought and lines with enough buyers, peers for all others.
    """
    peers, half_year, whole = by_peers(facts, potential, coverage, bought, activity)
    parts = np.zeros((*peers.shape, len(BECAUSE)))
    # Peers alone: what the whole book did lately, and how this group differs from it.
    parts[:, :, BECAUSE.index("recent")] = log_odds(whole)
    parts[:, :, BECAUSE.index("segment")] = log_odds(peers) - log_odds(whole)
    model = _model(facts, coverage, lines, names)
    row = np.full(len(peers), -1)
    column = np.full(len(names), -1)
    if model is not None:
        row = model.accounts.get_indexer(pd.Index(facts.table.index))
        column = model.live.get_indexer(pd.Index(names))
        told = gap & (row >= 0)[:, None] & (column >= 0)[None, :]
        at, line = np.nonzero(told)
        added = parts_of(model, row[at], column[line])
        parts[at, line] = added
    chance = 1 / (1 + np.exp(-np.clip(parts.sum(axis=2), -30, 30)))
    chance[peers <= 0] = 0.0
    return LineChance(peers, half_year, parts, chance, model, row, column)


def _model(
    facts: Facts, coverage: CoverageModel, lines: pd.DataFrame, names: list[str]
) -> WhitespaceModel | None:
    """A model on what accounts really buy; None where the book is small or has no past."""
    lines = lines[lines["line"].notna()]
    account, accounts = pd.factorize(lines["account_id"], sort=True)
    line, called = pd.factorize(lines["line"], sort=True)
    pair, place = np.unique(account * max(len(called), 1) + line, return_inverse=True)
    spent = pd.Series(np.bincount(place, lines["amount"], minlength=len(pair)))
    of_line = pair % max(len(called), 1)
    middle = spent.where(spent > 0).groupby(of_line).transform("median")
    # A line bought for next to nothing is a gap, so it is none that an account owns.
    owned = (spent >= coverage.whitespace.little_share * middle).to_numpy()[place]
    lines = lines.assign(
        account_id=pd.Categorical.from_codes(account, accounts),
        line=pd.Categorical.from_codes(line, called),
    )[owned]
    if lines.empty or not names:
        return None
    wanted = dict.fromkeys([*coverage.peers.by, *ATTRIBUTES])
    purchases = lines[["account_id", "line", "ordered", "amount"]]
    purchases.columns = pd.Index(["account", "product", "date", "amount"])
    model = fit_whitespace(
        purchases,
        as_of=facts.reading.as_of,
        attributes=facts.table[[name for name in wanted if name in facts.table]],
        products=pd.DataFrame({"product": names}),
        horizon=YEAR,
        window=HALF_YEAR,
    )
    return model if model.method == "stack" else None


def told_groups(
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


def by_peers(
    facts: Facts,
    potential: Potential,
    coverage: CoverageModel,
    bought: tuple[np.ndarray, np.ndarray],
    activity: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Chance of a first purchase within 12 months by comparable accounts: account, line.

    The second is the share of peers who took it up in half a year, the third the chance by
    the whole book.

    `bought` says who bought what in the last half year and in the 12 months before it,
    `activity` who bought anything in the last 12 months, in those 12, and ever until then.
    """
    recent, before = bought
    active, was_active, customer = activity
    tried, took = ~before & customer[:, None], recent & ~before & customer[:, None]
    whole = {flag: _rate(took, tried, was_active == flag) for flag in (True, False)}
    lean = coverage.whitespace.pseudo_count
    chance, share = np.zeros(recent.shape), np.zeros(recent.shape)
    for rows, told in told_groups(facts, potential, coverage):
        for flag in (True, False):
            # Today's activity picks the stratum that foretells the coming 12 months.
            mine = told[active[told] == flag]
            others = rows[was_active[rows] == flag]
            own = (was_active[mine] == flag)[:, None]
            count = tried[others].sum(axis=0) - (own & tried[mine]) + lean
            hits = took[others].sum(axis=0) - (own & took[mine]) + lean * whole[flag]
            share[mine] = hits / np.where(count > 0, count, 1)
            chance[mine] = 1 - (1 - share[mine]) ** 2
    everyone = np.where(active[:, None], whole[True][None, :], whole[False][None, :])
    return chance, share, 1 - (1 - everyone) ** 2


def _rate(took: np.ndarray, tried: np.ndarray, rows: np.ndarray) -> np.ndarray:
    count = tried[rows].sum(axis=0)
    return np.asarray(took[rows].sum(axis=0) / np.where(count > 0, count, 1))
