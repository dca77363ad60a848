"""The alternative to the review's triggers: both books gone through account by account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import pandas as pd

from domain.book import Book

Change = tuple[str, str]
OPEN = frozenset({"won", "lost"})


def plain_changes(before: Book, after: Book, reps: Collection[str], slip_days: int) -> set[Change]:
    """Return (kind, subject) of what a plain loop over the accounts of two books tells.

    It looks at owners, heads of families and closing days of open deals, row by row, and
    works out neither potential nor evidence.
    """
    found: set[Change] = set()
    then, now = _deals(before), _deals(after)
    accounts = {row["account_id"]: row for row in after["accounts"].to_dict("records")}
    for row in before["accounts"].to_dict("records"):
        account = row["account_id"]
        later = accounts.get(account)
        if later is None:
            continue
        owners = {_text(row["owner_id"]), _text(later["owner_id"])}
        if not owners & set(reps):
            continue
        if len(owners) == 2:
            found.add(("owner_changed", f"account:{account}"))
        if _text(row["parent_id"]) != _text(later["parent_id"]):
            found.add(("family_changed", f"account:{account}"))
        for deal, was in then[account].items():
            will = now[account].get(deal)
            if will is None or will["stage"] in OPEN or was["stage"] in OPEN:
                continue
            if (will["closes"] - was["closes"]).days >= slip_days:
                found.add(("deal_slipped", f"account:{account}/opportunity:{deal}"))
    return found


def _deals(book: Book) -> dict[str, dict[str, dict[str, Any]]]:
    listed: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in book["opportunities"].to_dict("records"):
        listed[row["account_id"]][row["opportunity_id"]] = row
    return listed


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
