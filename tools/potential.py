"""What an account could spend in a year, read from comparable active accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from domain.coverage import CoverageModel
from domain.errors import ColumnsMissing
from domain.evidence import Evidence
from domain.period import trailing
from tools.cells import Arithmetic, Cite, Metric, Reading, cell, first_of, missing
from tools.facts import Facts
from tools.peer_quantiles import PeerQuantiles, described, peer_quantiles
from tools.potential_trial import PEERS, REGRESSION, TIGHT, Trial, known_facts, regression, trial
from tools.quantiles.crossfit import CrossFit
from tools.quantiles.fitting import FEWEST_ROWS, fit_potential
from tools.quantiles.model import BASE, BOUNDS, ORDER, PotentialModel
from tools.quantiles.peers import nearest_peers

VERSION = 2
FACTOR = "potential_factor:"
KNOWN = 0.5  # share of its facts an account must have for the regression to judge it

METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("potential_p50", "money", "year"),
        Metric("potential_p75", "money", "year"),
        Metric("potential_p90", "money", "year"),
        Metric("potential_basis", "text", "year"),
        Metric("peer_p50", "money", "year"),
        Metric(
            "open_potential",
            "money",
            "year",
            arithmetic=Arithmetic("difference", ("potential_p75", "net_spend_12m")),
        ),
        Metric(
            "spend_to_p75",
            "ratio",
            "year",
            arithmetic=Arithmetic("ratio", ("net_spend_12m", "potential_p75")),
        ),
        Metric("potential_base", "money", "year"),
        Metric("potential_unit", "money", "year"),
        Metric("peer_count", "count", "year"),
        Metric("peer_group", "text", "year"),
    )
}


@dataclass(frozen=True)
class Potential:
    """One row per account, indexed by `account_id`.

    `potential_p50`, `potential_p75`, `potential_p90`, `peer_p50`, `open_potential`
    (currency a year), `spend_to_p75` (ratio, missing where nobody spends), `peer_count`,
    `peer_group` and `potential_basis` (words), `peer_level` (how many of `peers.by` those
    of `peer_p50` agree in). All missing where fewer than five accounts compare.

    `method` is how P75 and P90 are told: `peer quantiles`, or `regression` for accounts at
    least half of whose facts are known. Then `potential_base` (currency a year), times
    `potential_factor:<fact>` of every fact, less `potential_unit` is P75; `logs` has the
    same in log units. Where nought or the cap holds P75, the base takes the difference.
    """

    table: pd.DataFrame
    reading: Reading
    facts: Facts
    method: str = PEERS
    logs: pd.DataFrame | None = None
    coverage: CoverageModel | None = None

    @cached_property
    def backtest(self) -> Trial | None:
        """Both methods on the book's own past; None where fewer than ten accounts show it."""
        if self.coverage is None:
            return None
        return trial(self.facts.table, self.coverage, trailing(self.reading.as_of, 365))

    @property
    def factors(self) -> tuple[str, ...]:
        """Facts that have a `potential_factor:<fact>`; empty by peers' quantiles."""
        names = [] if self.logs is None else list(self.logs.columns)
        return tuple(name for name in names if name not in (BASE, ORDER, BOUNDS))

    def peers(
        self, account_id: str, *, within: Collection[str] | None = None, k: int = 5
    ) -> pd.DataFrame:
        """Name the active accounts most like this one; see `tools.quantiles.peers`.

        `within` are the ids the reader may see (all by default): nobody else is named.
        Empty where the book has fewer than 60 active accounts.
        """
        table = self.facts.table
        seen = np.ones(len(table), dtype=bool) if within is None else table.index.isin(within)
        model = self._likeness
        if not model.effects:
            seen = np.zeros(len(table), dtype=bool)
        spend = table["net_spend_12m"]
        return nearest_peers(
            known_facts(table), spend, k, within=seen, model=model, of=[account_id]
        )

    @cached_property
    def _likeness(self) -> PotentialModel:
        table = self.facts.table
        active = table["net_spend_12m"].gt(0).to_numpy(dtype=bool)
        if active.sum() < FEWEST_ROWS:
            return PotentialModel((0.5,), 1.0, (0.0,), (), 0.0, "too few accounts", 0)
        known = known_facts(table)[active]
        return fit_potential(
            known, table.loc[active, "net_spend_12m"], levels=(0.5,), settings=TIGHT
        )

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Return the evidence of one cell; NotCitable when it is absent or empty."""
        how = METRICS.get(metric)
        if metric.startswith(FACTOR):
            how = Metric(metric, "ratio", "year")
        if how is None or not entity.startswith("account:"):
            raise missing(entity, metric)
        if metric == "open_potential" and self._spends_past_p75(entity):
            # Nothing is open, and nought is no difference of the two.
            how = Metric("open_potential", "money", "year", arithmetic=_lineage(how))
        ask = cite or first_of(self.cite, self.facts.cite)
        return cell(self.table, self.reading, "potential", VERSION, entity, how, ask)

    def _spends_past_p75(self, entity: str) -> bool:
        account = entity.partition(":")[2]
        return account in self.table.index and bool(self.table["open_potential"][account] == 0)


def _lineage(metric: Metric) -> Arithmetic:
    parents = metric.arithmetic.parents if metric.arithmetic else ()
    return Arithmetic("analysis", parents)


def potential(facts: Facts, coverage: CoverageModel) -> Potential:
    """Tell what each account could spend in a year, from what comparable accounts spend.

    Parameters
    ----------
    facts
        Needs the columns named in `coverage.peers.by`, `net_spend_12m` and
        `net_spend_prior_12m`; the regression reads those of `potential_trial.FACTS`.
    coverage
        `peers.by` are the columns in which peers agree, most important first;
        `peers.minimum` how many others there must be; `peers.quantiles` the three levels.

    Returns
    -------
    Potential
        Levels are the quantiles of peers: the *other* accounts with net spend above nought
        in the last 12 months that agree in all of `peers.by`; where they are fewer than the
        minimum, or the account's own value is blank, the last column is dropped, and so on
        down to all active accounts.

        Where the regression held better on the book's own past (`potential_trial.trial`),
        it tells the levels of every account at least half of whose facts are known, by
        models that never saw the account's own spend. The choice of method is the book's,
        not an account's; `coverage.peers.method` "peers" leaves it to peers.

        P75 and P90 stay as told. P50 is the median told or, where it is more, the spending
        the account has shown to hold, up to P75: its last 12 months while it orders in a
        regular rhythm (`next_order_due` is known), else the weaker of the last two years.
        One good year without a rhythm proves nothing. `peer_p50` is the peers' median.

    Raises
    ------
    ColumnsMissing
        When `peers.by` names a column that facts lack.

    Notes
    -----
    Quantiles of peers interpolate linearly. `docs/methodology.md#potential` works examples
    by hand and reports the backtest of both methods.
    """
    table = facts.table
    by = list(coverage.peers.by)
    unknown = [column for column in by if column not in table.columns]
    if unknown:
        raise ColumnsMissing(
            f"peers.by names {', '.join(unknown)}, which no fact of an account is called.",
            hint="Use for example segment, product_focus, country, region, industry or "
            "territory_group.",
        )
    spend = table["net_spend_12m"].to_numpy(dtype=float)
    peers = peer_quantiles(table, spend, coverage)
    told = _told(table, peers, by)
    tried = trial(table, coverage, trailing(facts.reading.as_of, 365))
    if tried is not None and coverage.peers.method == "peers":
        tried = replace(tried, method=PEERS)
    found = Potential(told, facts.reading, facts, coverage=coverage)
    if tried is not None:
        # Kept, so that asking for the backtest does not run it again.
        found.__dict__["backtest"] = tried
    if tried is None or tried.method == PEERS:
        return found
    fit = regression(table, spend, coverage.peers.quantiles, tried.settings)
    known = known_facts(table).notna().mean(axis=1).ge(KNOWN) & (peers.depth >= 0)
    logs = fit.logs[fit.levels.columns[1]][known]
    told = _regressed(table, told, fit, known)
    return replace(found, table=told, method=REGRESSION, logs=logs)


def _told(facts: pd.DataFrame, peers: PeerQuantiles, by: list[str]) -> pd.DataFrame:
    out = pd.DataFrame(index=facts.index)
    p50, p75, p90 = (pd.Series(peers.levels[:, at], facts.index).round(2) for at in range(3))
    lifted = _levels(facts, out, p50, p75, p90)
    has_peers = pd.Series(peers.depth >= 0, index=facts.index)
    out["peer_count"] = pd.Series(peers.count, facts.index, dtype="Int64").where(has_peers)
    out["peer_level"] = pd.Series(peers.depth, facts.index, dtype="Int64").where(has_peers)
    out["peer_group"] = described(facts, peers.count, peers.depth, by)
    basis = pd.Series("the median of comparable accounts", index=facts.index, dtype="str")
    basis[lifted] = "own spend that holds, at most the 75th percentile of its peers"
    out["potential_basis"] = basis.where(has_peers)
    out.insert(3, "peer_p50", p50)
    return out


def _regressed(
    facts: pd.DataFrame, told: pd.DataFrame, fit: CrossFit, known: pd.Series
) -> pd.DataFrame:
    """Put the regression's levels where the account's facts are known, and say so."""
    out = told.copy()
    p50, p75, p90 = (
        fit.levels.iloc[:, at].round(2).where(known, told[f"potential_p{name}"])
        for at, name in enumerate((50, 75, 90))
    )
    p50 = p50.where(known, told["peer_p50"])
    lifted = _levels(facts, out, p50, p75, p90)
    out.loc[known, "potential_basis"] = (
        "the median of active accounts with such facts, by regression"
    )
    out.loc[known & lifted, "potential_basis"] = (
        "own spend that holds, at most the 75th percentile of active accounts with such facts, "
        "by regression"
    )
    active = facts["net_spend_12m"].gt(0)
    others = active.sum() - active.astype(int)
    out["peer_count"] = out["peer_count"].where(~known, others)
    group = others.astype("str") + " other active accounts, weighed by their facts"
    out["peer_group"] = out["peer_group"].where(~known, group)
    logs = fit.logs[fit.levels.columns[1]].where(known)
    base = logs[BASE] + logs[ORDER] + logs[BOUNDS]
    out["potential_base"] = (np.exp(base) * fit.unit).round(2)
    out["potential_unit"] = fit.unit.round(2).where(known)
    for fact in logs.columns:
        if fact not in (BASE, ORDER, BOUNDS):
            out[FACTOR + fact] = np.exp(logs[fact])
    return out


def _levels(
    facts: pd.DataFrame, out: pd.DataFrame, p50: pd.Series, p75: pd.Series, p90: pd.Series
) -> pd.Series:
    """Write the levels, P50 lifted to spending that holds; returns where it was lifted."""
    held = facts[["net_spend_12m", "net_spend_prior_12m"]].min(axis=1, skipna=False)
    if "next_order_due" in facts:
        held = held.where(facts["next_order_due"].isna(), facts["net_spend_12m"])
    own = held.clip(upper=p75).round(2)
    lifted = (own > p50).fillna(False)
    out["potential_p50"] = own.where(lifted, p50)
    out["potential_p75"] = p75
    out["potential_p90"] = p90
    spend = facts["net_spend_12m"].fillna(0.0)
    out["open_potential"] = (p75 - spend).clip(lower=0.0).round(2)
    out["spend_to_p75"] = (spend / p75.where(p75 > 0)).round(6)
    return lifted
