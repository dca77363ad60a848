"""What one would write in plain pandas for facts of events and for track records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd


def rolling_facts(events: pd.DataFrame) -> pd.DataFrame:
    """Spend and count over 30 and 90 days and over all, at each row's day, by account."""
    ordered = events.sort_values(["account", "day"], kind="stable")
    grouped = ordered.groupby("account")
    told = {}
    for days in (30, 90):
        rolled = grouped.rolling(f"{days}D", on="day")["amount"]
        told[f"spend_{days}d"] = rolled.sum().to_numpy()
        told[f"events_{days}d"] = rolled.count().to_numpy()
    told["spend_all"] = grouped["amount"].cumsum().to_numpy()
    told["events_all"] = grouped.cumcount().to_numpy() + 1
    told["days_since_last"] = grouped["day"].diff().dt.days.to_numpy()
    return pd.DataFrame(told, index=ordered.index).reindex(events.index)


def running_rates(
    deals: pd.DataFrame,
    by: Sequence[str],
    *,
    half_life: float = 365,
    lag: int = 90,
    pseudo_count: float = 4,
) -> pd.DataFrame:
    """Win rates as `track_record` tells them, by running sums of growing weights.

    Weights grow by 2 to the days over the half-life, so that they overflow in time: fine for
    twenty years at a half-life of one.
    """
    start = deals["closed"].min()
    weight = np.exp2((deals["closed"] - start).dt.days / half_life)
    usable = (deals["closed"] + pd.Timedelta(days=lag)).astype(deals["opened"].dtype)
    known = deals.assign(count=weight, wins=weight * deals["won"], usable=usable)
    known = known.sort_values("usable")
    rows = deals.reset_index().sort_values("opened")
    left = np.exp2(-(rows["opened"] - start).dt.days.to_numpy() / half_life)
    out = pd.DataFrame(index=deals.index)
    base = np.full(len(rows), np.nan)
    for keys in _groups(by):
        if keys:
            sums = known.groupby(keys, sort=False)[["count", "wins"]].cumsum()
        else:
            sums = known[["count", "wins"]].cumsum()
        table = known[[*keys, "usable"]].join(sums)
        found = pd.merge_asof(
            rows[[*keys, "opened"]], table, left_on="opened", right_on="usable", by=keys or None
        )
        count, wins = (found[name].fillna(0).to_numpy() * left for name in ("count", "wins"))
        if not keys:
            base = wins / np.where(count > 0, count, np.nan)
        rate = (wins + pseudo_count * base) / (count + pseudo_count) if keys else base
        name = "_and_".join(keys) or "all"
        out[f"win_rate_{name}"] = pd.Series(rate, index=rows["index"].to_numpy())
        out[f"outcomes_{name}"] = pd.Series(count, index=rows["index"].to_numpy())
    return out


def _groups(by: Sequence[str]) -> Iterator[list[str]]:
    yield []
    yield from ([name] for name in by)
    yield from (list(pair) for pair in combinations(by, 2))
