"""Spend by account, for saying what doubtful data would move."""

from __future__ import annotations

from datetime import date

import pandas as pd


def spend_12m(orders: pd.DataFrame, as_of: date) -> dict[str, float]:
    """Return net spend by account over the 12 months up to and including `as_of`."""
    end = pd.Timestamp(as_of)
    recent = orders[(orders["ordered"] <= end) & (orders["ordered"] > end - pd.DateOffset(years=1))]
    totals = recent.groupby("account_id")["amount"].sum()
    return {str(account): float(total) for account, total in totals.items()}


def total_of(spend: dict[str, float], accounts: pd.Series) -> float:
    """Return the spend of some accounts together."""
    return sum(spend.get(account, 0.0) for account in accounts)
