"""What each rep owes in a quarter, and the part of it that the days gone ask for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from domain.book import Book
from domain.period import Period
from tools.territory.quota import planned_quota, quota_days, quota_within


@dataclass(frozen=True)
class QuotaTold:
    """A rep's quota in whole cents. `carried_on`: none is set for the end of the quarter."""

    amount: Decimal
    due: Decimal
    carried_on: bool


def quotas(
    book: Book, reps: Collection[str], quarter: Period, gone: Period
) -> dict[str, QuotaTold]:
    """Tell the quota of each rep for a quarter; reps without one are left out.

    Quotas count by the days of theirs that lie in the quarter, so that who joined within it
    owes what is set from then on. Where a rep's quotas end before the quarter does, and the
    rep did not leave by then, the latest daily rate is carried on over the whole quarter, as
    in a territory plan.
    """
    set_, due = quota_within(book, reps, quarter), quota_within(book, reps, gone)
    days = quota_days(book, reps, quarter)
    planned = planned_quota(book, reps, quarter)
    rows = book.rows("reps")
    told = {}
    for rep in sorted(set(reps)):
        left = rows[rep]["active_to"] if rep in rows else None
        last = quarter.end if pd.isna(left) else min(quarter.end, pd.Timestamp(left).date())
        if rep in set_ and max(days[rep]) >= last:
            told[rep] = QuotaTold(_cents(set_[rep]), _cents(due.get(rep, 0.0)), False)
        elif rep in planned.by_rep and last >= quarter.start:
            whole = planned.by_rep[rep]
            told[rep] = QuotaTold(_cents(whole), _cents(whole * gone.days / quarter.days), True)
    return told


def _cents(amount: float) -> Decimal:
    return Decimal(round(amount * 100)) / 100
