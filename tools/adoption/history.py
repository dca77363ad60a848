"""Who bought what and since when, as arrays: one row an account, sparse over products."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from domain.errors import InvalidInput

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]

BIG = 400_000
"""Pairs of account and product from which compiled sums are worth loading the compiler."""

NEVER = np.int32(-(2**30))


@dataclass(frozen=True)
class History:
    """Net purchases up to one day.

    Attributes
    ----------
    first
        Where the row of each account begins; one longer than there are accounts.
    item
        Products owned, ascending in each row: net amount above zero by the last day.
    day
        Day (since 1970) of the first purchase of each, as long as `item`.
    spend
        Net amount of each.
    account, product, when
        Every single purchase of a positive amount: account, product and day. The product is
        `products` where it is none of those told apart.
    products
        How many products there are.
    until
        The last day that counts; later purchases were not read.
    """

    first: Ints
    item: Codes
    day: Codes
    spend: Floats
    account: Codes
    product: Codes
    when: Codes
    products: int
    until: int

    @property
    def accounts(self) -> int:
        """How many accounts there are."""
        return len(self.first) - 1

    @property
    def rows(self) -> Codes:
        """The account of every entry of `item`."""
        return np.repeat(np.arange(self.accounts, dtype=np.int32), np.diff(self.first))

    def last_purchase(self, before: int) -> Codes:
        """Day of each account's last purchase before a day; `NEVER` without one."""
        return _latest(self.account, self.when, before, self.accounts)

    def last_sale(self, before: int) -> Codes:
        """Day each product was last sold before a day; `NEVER` if not."""
        return _latest(self.product, self.when, before, self.products + 1)[:-1]

    def only(self, products: Ints) -> History:
        """The same with some products told apart, ascending, and numbered anew."""
        place = np.full(self.products + 1, len(products), dtype=np.int32)
        place[products] = np.arange(len(products), dtype=np.int32)
        kept = place[self.item] < len(products)
        return replace(
            self,
            first=np.concatenate([[0], np.cumsum(kept)])[self.first],
            item=place[self.item[kept]], day=self.day[kept], spend=self.spend[kept],
            product=place[self.product], products=len(products),
        )  # fmt: skip

    def part(self, accounts: Ints) -> History:
        """The same of some accounts only, ascending."""
        place = np.full(self.accounts, -1, dtype=np.int32)
        place[accounts] = np.arange(len(accounts), dtype=np.int32)
        entries = np.repeat(place >= 0, np.diff(self.first))
        sizes = np.diff(self.first)[accounts]
        bought = place[self.account] >= 0
        return replace(
            self,
            first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            item=self.item[entries], day=self.day[entries], spend=self.spend[entries],
            account=place[self.account[bought]], product=self.product[bought],
            when=self.when[bought],
        )  # fmt: skip


def history(
    account: npt.NDArray[np.integer],
    product: npt.NDArray[np.integer],
    day: npt.NDArray[np.integer],
    amount: npt.NDArray[np.floating],
    *,
    accounts: int,
    products: int,
    until: int,
) -> History:
    """Sum purchases by account and product.

    Parameters
    ----------
    account, product
        Codes from 0, one an entry, in any order; the same pair may occur often.
    day
        Whole days since 1970. Entries after `until` are left out.
    amount
        Currency; below zero for returns. A pair whose sum is not above zero is not owned.
    accounts, products
        How many of each there are; codes are below these.
    until
        The last day that counts.

    Raises
    ------
    InvalidInput
        When the arrays differ in length, a code is out of range or an amount not finite.
    """
    if not len(account) == len(product) == len(day) == len(amount):
        raise InvalidInput(
            "account, product, day and amount differ in length.",
            hint="Give one entry of each a purchase.",
        )
    for name, codes, size in (("account", account, accounts), ("product", product, products)):
        if len(codes) and (codes.min() < 0 or codes.max() >= size):
            raise InvalidInput(
                f"Codes of {name} lie between {codes.min()} and {codes.max()}; there are {size}.",
                hint="Number them from 0.",
            )
    if not np.isfinite(amount).all():
        raise InvalidInput("An amount is not finite.", hint="Correct or drop it.")
    if len(day) and day.max() > until:
        kept = day <= until
        account, product, day, amount = account[kept], product[kept], day[kept], amount[kept]
    who, what = account.astype(np.int32, copy=False), product.astype(np.int32, copy=False)
    when = day.astype(np.int32, copy=False)
    paid = amount.astype(np.float64, copy=False)
    if len(who) >= BIG:
        from tools.adoption import kernels

        first, item, since, spend = kernels.pairs(who, what, when, paid, accounts, products)
    else:
        first, item, since, spend = _pairs(who, what, when, paid, accounts)
    if len(paid) and paid.min() <= 0:
        bought = paid > 0
        who, what, when = who[bought], what[bought], when[bought]
    return History(first, item, since, spend, who, what, when, products, until)


def _pairs(
    account: Codes, product: Codes, day: Codes, amount: Floats, accounts: int
) -> tuple[Ints, Codes, Codes, Floats]:
    # The day and the amount sort too: sums must not hang on the order of rows.
    order = np.lexsort((amount, day, product, account))
    account, product, day, amount = account[order], product[order], day[order], amount[order]
    if not len(account):
        return np.zeros(accounts + 1, np.int64), product, day, amount
    new = np.append(True, (account[1:] != account[:-1]) | (product[1:] != product[:-1]))
    starts = np.flatnonzero(new)
    spend = np.add.reduceat(amount, starts)
    since = np.minimum.reduceat(np.where(amount > 0, day, np.int32(2**30)), starts)
    owned = spend > 0
    sizes = np.bincount(account[starts][owned], minlength=accounts)
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return first, product[starts][owned], since[owned], spend[owned]


def _latest(code: Codes, when: Codes, before: int, size: int) -> Codes:
    latest = np.full(size, NEVER, dtype=np.int32)
    if len(when) >= BIG:
        from tools.adoption import kernels

        kernels.latest(code, when, before, latest)
        return latest
    counted = when < before
    np.maximum.at(latest, code[counted], when[counted])
    return latest
