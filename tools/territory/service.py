"""Hours and trips an account takes: its tier's cadence, its history, its open deals."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from domain.book import Book
from domain.coverage import CoverageModel
from domain.period import Period, trailing
from tools.order_facts import within
from tools.past_deals import open_deals
from tools.schedule import tier_hours
from tools.travel import EARTH_RADIUS_KM

_SUPPORT = ("inside_sales", "solution_engineering", "customer_success")


def touch_history(book: Book, coverage: CoverageModel, period: Period) -> pd.DataFrame:
    """What touches and open deals say about the work an account makes.

    Parameters
    ----------
    book
        Activities of the last `territory.history_days` and open opportunities are read.
        Touches by people who support reps take no rep's time and do not count. A touch
        without minutes takes those of its kind of play.
    period
        The planning period that hours are told for.

    Returns
    -------
    DataFrame
        Indexed by `account_id`, for every account of the book, scaled to the period:
        `logged_hours` with preparation and `logged_visits` (both missing where the book
        has no activity at all in those days: nobody asked), and `deal_hours`, by the
        stages of open deals.
    """
    rules = coverage.territory
    accounts = pd.Index(book["accounts"]["account_id"])
    touches = book["activities"]
    touches = touches[within(touches["occurred"], trailing(book.as_of, rules.history_days))]
    helpers = book["reps"].loc[book["reps"]["function"].isin(_SUPPORT), "rep_id"]
    counted = touches[~touches["rep_id"].isin(helpers)]
    usual = counted["kind"].map({kind: play.minutes for kind, play in coverage.plays.items()})
    minutes = counted["minutes"].astype("float64").fillna(usual.astype("float64"))
    scale = period.days / rules.history_days
    prepared = (1 + coverage.capacity.preparation_share) * scale / 60
    deals = open_deals(book["opportunities"], book.as_of)
    deal_hours = deals["stage"].map(rules.deal_hours.model_dump()).astype("float64")
    out = pd.DataFrame(index=accounts)
    for name, values, ids in (
        ("logged_hours", minutes * prepared, counted["account_id"]),
        ("logged_visits", counted["kind"].eq("visit") * scale, counted["account_id"]),
        ("deal_hours", deal_hours, deals["account_id"]),
    ):
        out[name] = values.groupby(ids).sum().reindex(accounts).fillna(0.0).astype("float64")
    if touches.empty:
        out[["logged_hours", "logged_visits"]] = float("nan")
    return out


def service(accounts: pd.DataFrame, coverage: CoverageModel, period: Period) -> pd.DataFrame:
    """Hours and trips that accounts take in the period.

    Hours blend the tier's, with preparation, and what was logged, by
    `territory.history_share`; the hours of open deals come on top. Visits blend
    `territory.visit_share` of the tier's touches and visits logged in the same way, and
    trips are visits over those that a trip makes. An automated tier gives neither hours
    nor visits of its own. Without history the tier alone counts.

    Parameters
    ----------
    accounts
        `tier`, `logged_hours`, `logged_visits`, `deal_hours`, `trip_sharing`.

    Returns
    -------
    DataFrame
        Indexed as `accounts`: `hours` (2 places) and `visits` (trips; may be a fraction).

    Notes
    -----
    `docs/methodology.md#territory-inputs` works an example by hand.
    """
    rules = coverage.territory
    used = {key: coverage.tier(key) for key in sorted(set(accounts["tier"]))}
    prepared = 1 + coverage.capacity.preparation_share
    cadence = {key: float(tier_hours(tier, period)) * prepared for key, tier in used.items()}
    seen = {
        key: 0.0 if tier.automated else tier.touches_per_week * period.days / 7 * rules.visit_share
        for key, tier in used.items()
    }
    blended = {}
    for name, by_tier in (("logged_hours", cadence), ("logged_visits", seen)):
        planned = accounts["tier"].map(by_tier).astype("float64")
        known = (1 - rules.history_share) * planned + rules.history_share * accounts[name]
        blended[name] = known.where(accounts[name].notna(), planned)
    return pd.DataFrame(
        {
            "hours": (blended["logged_hours"] + accounts["deal_hours"]).round(2),
            "visits": blended["logged_visits"] / accounts["trip_sharing"],
        }
    )


def trip_sharing(accounts: pd.DataFrame, coverage: CoverageModel) -> pd.Series:
    """Visits that one trip makes: the account's own and those of neighbours.

    Neighbours are accounts that get visits within `travel.nearby_km`; a trip never makes
    more than `territory.visits_per_trip`. 1 where coordinates are missing. Neighbours may
    end up with another rep, so the figure is an estimate: the cap keeps it modest.

    `accounts` has `tier`, `logged_visits`, `latitude` and `longitude`.
    """
    most = coverage.territory.visits_per_trip
    shared = pd.Series(1.0, index=accounts.index)
    there = accounts["latitude"].notna() & accounts["longitude"].notna()
    by_hand = accounts["tier"].map({tier.key: not tier.automated for tier in coverage.tiers})
    visited = np.asarray(there & (by_hand.astype(bool) | (accounts["logged_visits"] > 0)))
    if visited.sum() < 2 or most == 1:
        return shared
    points = on_sphere(accounts["latitude"], accounts["longitude"])[visited]
    radius = chord(coverage.travel.nearby_km)
    far, _ = cKDTree(points).query(points, k=math.ceil(most), distance_upper_bound=radius)
    # The account itself is the nearest of those found.
    shared[visited] = np.minimum(np.isfinite(far).sum(axis=1), most)
    return shared


def on_sphere(latitude: pd.Series, longitude: pd.Series) -> np.ndarray:
    """(n, 3) points on the unit sphere; degrees in, nan where a coordinate is missing."""
    lat = np.radians(latitude.to_numpy(dtype="float64"))
    lon = np.radians(longitude.to_numpy(dtype="float64"))
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def chord(km: float) -> float:
    """Straight distance between unit-sphere points that lie `km` apart on the ground."""
    return 2 * math.sin(min(km / EARTH_RADIUS_KM, math.pi) / 2)
