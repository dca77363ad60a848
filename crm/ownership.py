"""Find accounts whose owner is gone, silent or absent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd

from crm.findings import finding, ids, many, thousands
from crm.spend import spend_12m, total_of
from domain.book import QualityFinding

CLOSED = ("won", "lost")


def doubtful_owners(
    tables: Mapping[str, pd.DataFrame],
    as_of: date,
    *,
    currency: str = "USD",
    stale_owner_days: int = 548,
    inactive: Collection[str] = (),
) -> list[QualityFinding]:
    """Return what is doubtful about who owns what.

    Owners who have left, one finding each (`inactive` ones did on a day nobody knows);
    owners without an order or a touch of their own on the account for `stale_owner_days`;
    customers and prospects without owner; open opportunities that nobody at work owns.
    """
    accounts = tables["accounts"]
    spend = spend_12m(tables["orders"], as_of)
    gone: dict[str, date | None] = dict.fromkeys(inactive)
    gone |= _gone(tables["reps"], as_of)
    return [
        *_left(accounts, gone, spend, currency),
        *_silent(tables, as_of, stale_owner_days, set(gone), spend, currency),
        *_unowned(tables, spend, currency),
        *_orphan_opportunities(tables, gone, currency),
    ]


def _gone(reps: pd.DataFrame, as_of: date) -> dict[str, date]:
    left = reps[reps["active_to"] < pd.Timestamp(as_of)]
    return {rep: day.date() for rep, day in zip(left["rep_id"], left["active_to"], strict=True)}


def _left(
    accounts: pd.DataFrame, gone: Mapping[str, date | None], spend: dict[str, float], currency: str
) -> list[QualityFinding]:
    findings = []
    for rep, day in sorted(gone.items(), key=lambda one: one[0]):
        owned = accounts[accounts["owner_id"] == rep]
        if owned.empty:
            continue
        money = thousands(total_of(spend, owned["account_id"]), currency)
        state = f"left on {day}" if day is not None else "is inactive"
        findings.append(
            finding(
                "stale_owner",
                "accounts",
                "warning",
                "contradicted",
                ids(owned, "account_id"),
                f"{rep} {state} and still owns {many(len(owned), 'account')}.",
                f"{money} of 12-month spend has no one at work; a plan for "
                f"{'it' if len(owned) == 1 else 'them'} has nobody to carry it out.",
            )
        )
    return findings


def _silent(
    tables: Mapping[str, pd.DataFrame],
    as_of: date,
    days: int,
    gone: set[str],
    spend: dict[str, float],
    currency: str,
) -> list[QualityFinding]:
    orders, activities = tables["orders"], tables["activities"]
    if orders.empty and activities.empty:
        return []
    accounts = tables["accounts"]
    deeds = pd.concat(
        [
            orders[["account_id", "rep_id", "ordered"]].set_axis(["account", "rep", "day"], axis=1),
            activities[["account_id", "rep_id", "occurred"]].set_axis(
                ["account", "rep", "day"], axis=1
            ),
        ]
    )
    since = pd.Timestamp(as_of) - pd.Timedelta(days=days)
    recent = deeds[deeds["day"] >= since].drop_duplicates(["account", "rep"])
    seen = set(zip(recent["account"], recent["rep"], strict=True))
    owned = accounts[accounts["owner_id"].notna() & ~accounts["owner_id"].isin(gone)]
    silent = [pair not in seen for pair in zip(owned["account_id"], owned["owner_id"], strict=True)]
    rows = owned[silent]
    if rows.empty:
        return []
    money = thousands(total_of(spend, rows["account_id"]), currency)
    return [
        finding(
            "stale_owner",
            "accounts",
            "warning",
            "doubtful",
            ids(rows, "account_id"),
            f"{many(len(rows), 'account')} without an order or a touch by "
            f"{'its' if len(rows) == 1 else 'their'} owner for {days} days.",
            f"They load the owner's calendar on paper only, with {money} of 12-month spend.",
        )
    ]


def _unowned(
    tables: Mapping[str, pd.DataFrame], spend: dict[str, float], currency: str
) -> list[QualityFinding]:
    accounts = tables["accounts"]
    unowned = accounts[accounts["owner_id"].isna()]
    bought = unowned["account_id"].isin(tables["orders"]["account_id"].unique())
    findings = []
    if bought.any():
        rows = unowned[bought]
        money = thousands(total_of(spend, rows["account_id"]), currency)
        findings.append(
            finding(
                "unowned_customer",
                "accounts",
                "warning",
                "blank",
                ids(rows, "account_id"),
                f"{many(len(rows), 'customer')} without an owner.",
                f"{money} of 12-month spend is nobody's; no plan is drafted without an owner.",
            )
        )
    if not bought.all():
        rows = unowned[~bought]
        findings.append(
            finding(
                "unowned_prospect",
                "accounts",
                "notice",
                "blank",
                ids(rows, "account_id"),
                f"{many(len(rows), 'prospect')} without an owner.",
                "They wait for an assignment; until then no plan is drafted for them.",
            )
        )
    return findings


def _orphan_opportunities(
    tables: Mapping[str, pd.DataFrame], gone: Mapping[str, date | None], currency: str
) -> list[QualityFinding]:
    opportunities = tables["opportunities"]
    open_ones = opportunities[~opportunities["stage"].isin(CLOSED)]
    rows = open_ones[open_ones["owner_id"].isna() | open_ones["owner_id"].isin(list(gone))]
    if rows.empty:
        return []
    money = thousands(float(rows["amount"].sum()), currency)
    return [
        finding(
            "orphan_opportunity",
            "opportunities",
            "warning",
            "blank" if rows["owner_id"].isna().all() else "contradicted",
            ids(rows, "opportunity_id"),
            f"{many(len(rows), 'open opportunity', 'open opportunities')} without an owner "
            "at work.",
            f"{money} of open pipeline counts for its accounts and for no rep.",
        )
    ]
