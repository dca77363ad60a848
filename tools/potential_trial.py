"""Which method tells a book's potential: what held on the book's own past."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from domain.coverage import CoverageModel, Peers
from domain.period import Period
from tools.peer_quantiles import PeerQuantiles, peer_quantiles
from tools.quantiles.crossfit import CrossFit, cross_fit
from tools.quantiles.headroom import Growth, growth, headroom
from tools.quantiles.lines import Settings
from tools.quantiles.observations import draws
from tools.quantiles.solver import pinball
from tools.shares import interval

PEERS, REGRESSION = "peer quantiles", "regression"
FEWEST_ACTIVE = 100  # with fewer active accounts, peers alone tell potential
CLEAR = 1.0  # standard errors by which the regression must win
SAMPLE = 4_000  # the trial judges at most so many accounts
FACTS = (
    "segment", "product_focus", "territory_group", "country", "region", "industry", "employees",
    "annual_revenue",
)  # fmt: skip
KEPT = 4  # trials of this process that are not run again
LOOSE, TIGHT = Settings(), Settings(straight=0.5, bend=0.05, level=0.3)


@dataclass(frozen=True)
class Trial:
    """Both methods on the book's own past, each account judged by what others spent.

    `told` holds, per method tried, the levels of the `accounts` judged; `spent` is what they
    spent in `period`. `before` is what they had spent in the 12 months before, from which
    the levels were read; the same as `spent` where the book has no such year
    (`out_of_time` is then False).
    """

    method: str
    settings: Settings
    accounts: pd.Index
    told: dict[str, np.ndarray]
    before: np.ndarray
    spent: np.ndarray
    levels: tuple[float, ...]
    period: Period
    out_of_time: bool

    @cached_property
    def by_level(self) -> pd.DataFrame:
        """One row per method and level: coverage with its interval, pinball loss, skill."""
        rows = []
        for method, told in self.told.items():
            for at, level in enumerate(self.levels):
                held = int((self.spent <= told[:, at]).sum())
                coverage = held / len(self.spent)
                low, high = interval(held, len(self.spent))
                loss = float(pinball(self.spent - told[:, at], level).mean())
                plain = np.quantile(self.before[self.before > 0], level)
                rival = float(pinball(self.spent - plain, level).mean())
                rows.append(
                    {
                        "method": method, "level": level, "coverage": coverage, "low": low,
                        "high": high, "pinball": loss,
                        "skill": 1.0 - loss / rival if rival > 0 else np.nan,
                    }
                )  # fmt: skip
        return pd.DataFrame(rows).set_index(["method", "level"])

    @cached_property
    def growth(self) -> Growth | None:
        """What the top tenth by headroom did in the period; None within one year."""
        if not self.out_of_time:
            return None
        room = headroom(self.told[self.method][:, 1], self.before)
        return growth(room, self.before, self.spent)


def trial(table: pd.DataFrame, coverage: CoverageModel, period: Period) -> Trial | None:
    """Read levels from last year's spend, and see what this year's accounts spent.

    Parameters
    ----------
    table
        One row per account: `FACTS` as known today, the columns of `peers.by`,
        `net_spend_12m`, `net_spend_prior_12m`.
    period
        The 12 months of `net_spend_12m`.

    Returns
    -------
    Trial
        The regression is the method where it loses less than the peers' quantiles by more
        than one standard error (pinball loss of the three levels, each against the
        unconditional quantile) among accounts active in the year before. Fewer than 100 of
        those: among today's active, each held out. Fewer than 100 there too: peers, and
        nothing else is tried. None where nobody can be judged.

    Notes
    -----
    The last few trials are kept: a rule that is tried and a finding that is approved read the
    same book again, and most leave its past as it was.
    """
    asked = _Asked.of(table, coverage, period)
    for known, found in tuple(_kept):
        if known.same(asked):
            return found
    found = _tried(table, coverage, period)
    with _LOCK:
        _kept[:] = [(asked, found), *_kept[: KEPT - 1]]
    return found


@dataclass(frozen=True)
class _Asked:
    """All that a trial's result depends on."""

    table: pd.DataFrame
    peers: Peers
    period: Period

    @classmethod
    def of(cls, table: pd.DataFrame, coverage: CoverageModel, period: Period) -> _Asked:
        read = {*FACTS, *coverage.peers.by, "net_spend_12m", "net_spend_prior_12m"}
        return cls(table[[name for name in table.columns if name in read]], coverage.peers, period)

    def same(self, other: _Asked) -> bool:
        decided = (self.peers, self.period) == (other.peers, other.period)
        return decided and self.table.equals(other.table)


_kept: list[tuple[_Asked, Trial | None]] = []
_LOCK = threading.Lock()


def _tried(table: pd.DataFrame, coverage: CoverageModel, period: Period) -> Trial | None:
    now = table["net_spend_12m"].to_numpy(dtype=float)
    prior = table["net_spend_prior_12m"].to_numpy(dtype=float)
    out_of_time = bool((prior > 0).sum() >= FEWEST_ACTIVE or (now > 0).sum() < FEWEST_ACTIVE)
    before = np.nan_to_num(np.maximum(prior if out_of_time else now, 0.0))
    peers = peer_quantiles(table, before, coverage)
    if len(table) > SAMPLE:
        # Everybody is a peer; fewer are judged, drawn by a hash of their id.
        some = np.sort(np.argsort(draws(table.index), kind="stable")[:SAMPLE])
        table, before, now = table.iloc[some], before[some], now[some]
        peers = PeerQuantiles(peers.levels[some], peers.count[some], peers.depth[some])
    judged = (before > 0) & (peers.depth >= 0)
    if judged.sum() < 10:
        return None
    levels = coverage.peers.quantiles
    told = {PEERS: peers.levels[judged]}
    spent = np.nan_to_num(np.maximum(now, 0.0))[judged]
    best, settings = PEERS, LOOSE
    if min((before > 0).sum(), (now > 0).sum()) >= FEWEST_ACTIVE:
        scale = [max(pinball(spent - np.quantile(spent, at), at).mean(), 1e-9) for at in levels]

        def loss(values: np.ndarray) -> np.ndarray:
            parts = (pinball(spent - values[:, i], at) / scale[i] for i, at in enumerate(levels))
            return np.asarray(sum(parts) / len(levels))

        of_peers = loss(told[PEERS])
        tried = []
        for candidate in (LOOSE, TIGHT):
            told_by = regression(table, before, levels, candidate).levels.to_numpy()
            tried.append((float(loss(told_by[judged]).mean()), candidate, told_by[judged]))
        _, settings, told[REGRESSION] = min(tried, key=lambda one: one[0])
        gain = of_peers - loss(told[REGRESSION])
        if gain.mean() > CLEAR * gain.std() / np.sqrt(len(gain)):
            best = REGRESSION
    return Trial(
        best, settings, table.index[judged], told, before[judged], spent, levels, period,
        out_of_time,
    )  # fmt: skip


def regression(
    table: pd.DataFrame, spend: np.ndarray, levels: tuple[float, ...], settings: Settings
) -> CrossFit:
    """Tell every account's levels by models of active accounts that never saw its spend."""
    facts = known_facts(table)
    money = pd.Series(spend, index=table.index)
    return cross_fit(facts, money, teaches=money > 0, levels=levels, settings=settings)


def known_facts(table: pd.DataFrame) -> pd.DataFrame:
    """Those of `FACTS` that the table has."""
    return table[[fact for fact in FACTS if fact in table.columns]]
