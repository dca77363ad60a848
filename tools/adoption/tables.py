"""From a table of purchases to arrays: what is read, what is left out, what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from domain.errors import ColumnsMissing, DuplicateIds, InvalidInput
from tools.adoption.history import History, history

COLUMNS = ("account", "product", "date", "amount")
EPOCH = np.datetime64("1970-01-01", "D")


@dataclass(frozen=True)
class Read:
    """Purchases as arrays, the ids their codes stand for, and how many rows were left out."""

    history: History
    accounts: pd.Index
    products: pd.Index
    left_out: int
    later: int


def day_of(as_of: date) -> int:
    """Whole days since 1970; InvalidInput where it is no date."""
    stamp = pd.Timestamp(as_of)
    if pd.isna(stamp):
        raise InvalidInput("as_of is no date.", hint="Give the last day that counts.")
    return int(
        (stamp.tz_localize(None).to_datetime64().astype("datetime64[D]") - EPOCH).astype(int)
    )


def read_purchases(purchases: pd.DataFrame, as_of: date) -> Read:
    """Read purchases up to a day.

    Rows without an account, a product, a date or an amount are left out and counted, as are
    rows later than `as_of`. Accounts and products are sorted by id.

    Raises
    ------
    ColumnsMissing
        When `account`, `product`, `date` or `amount` is missing.
    InvalidInput
        When a date or an amount cannot be read, or an amount is infinite.
    """
    absent = [column for column in COLUMNS if column not in purchases.columns]
    if absent:
        raise ColumnsMissing(
            f"The purchases lack {', '.join(absent)}.",
            hint="Name the columns account, product, date and amount.",
        )
    until = day_of(as_of)
    day, dated = _days(purchases["date"])
    amount = _amounts(purchases["amount"])
    account, accounts = _codes(purchases["account"])
    product, products = _codes(purchases["product"])
    whole = dated & ~np.isnan(amount) & (account >= 0) & (product >= 0)
    later = whole & (day > until)
    kept = whole & ~later
    if not kept.all():
        account, product, day, amount = account[kept], product[kept], day[kept], amount[kept]
        account, accounts = _used(account, accounts)
        product, products = _used(product, products)
    told = history(
        account, product, day, amount,
        accounts=len(accounts), products=len(products), until=until,
    )  # fmt: skip
    return Read(told, accounts, products, int((~whole).sum()), int(later.sum()))


def allowed(products: pd.DataFrame, ids: pd.Index, as_of: date) -> npt.NDArray[np.bool_]:
    """Which products are live on a day by their table; those it does not name are not.

    A product is live when `live_from` is blank or not later than the day and `live_to` blank
    or later. A table without either column makes all its products live.
    """
    table = products.set_index("product") if "product" in products else products
    if not table.index.is_unique:
        twice = table.index[table.index.duplicated()]
        raise DuplicateIds(
            f"Product {twice[0]!r} has more than one row.", hint="Keep one row a product."
        )
    found = table.index.get_indexer(ids)
    if len(ids) and (found < 0).all():
        raise InvalidInput(
            "No row of products belongs to a product that was bought.",
            hint="Index the products by id, of the same type as in purchases.",
        )
    live = np.ones(len(table), bool)
    until = day_of(as_of)
    if "live_from" in table:
        day, told = _days(table["live_from"])
        live &= ~told | (day <= until)
    if "live_to" in table:
        day, told = _days(table["live_to"])
        live &= ~told | (day > until)
    return np.where(found >= 0, live[np.maximum(found, 0)] if len(live) else False, False)


def _codes(ids: pd.Series) -> tuple[npt.NDArray[np.int64], pd.Index]:
    """Number ids in their order; -1 where blank. Mixed types are ordered as text."""
    try:
        code, found = pd.factorize(ids, sort=True)
    except TypeError:
        code, found = pd.factorize(ids.astype("str").where(ids.notna()), sort=True)
    return np.asarray(code), pd.Index(found)


def _used(code: npt.NDArray[np.int64], ids: pd.Index) -> tuple[npt.NDArray[np.int64], pd.Index]:
    used = np.zeros(len(ids), bool)
    used[code] = True
    return np.cumsum(used)[code] - 1, ids[used]


def _days(dates: pd.Series) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    try:
        stamps = pd.to_datetime(dates)
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidInput(
            f"Dates cannot be read: {error}", hint="Give dates, or text like 2026-11-13."
        ) from error
    if getattr(stamps.dtype, "tz", None) is not None:
        stamps = stamps.dt.tz_localize(None)
    days = stamps.to_numpy(dtype="datetime64[D]")
    told = ~np.isnat(days)
    return np.where(told, (days - EPOCH).astype(np.int64), 0), told


def _amounts(amounts: pd.Series) -> npt.NDArray[np.float64]:
    try:
        values = pd.to_numeric(amounts).to_numpy(dtype=float, na_value=np.nan)
    except (ValueError, TypeError) as error:
        raise InvalidInput(
            f"Amounts cannot be read: {error}", hint="Give numbers, below zero for returns."
        ) from error
    if np.isinf(values).any():
        at = int(np.flatnonzero(np.isinf(values))[0])
        raise InvalidInput(f"The amount in row {at} is infinite.", hint="Correct or drop it.")
    return np.asarray(values)
