"""Fit a model of what accounts buy next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from domain.errors import InvalidInput
from tools.adoption.attributes import Levels, levels, no_levels
from tools.adoption.exposure import wide
from tools.adoption.history import Floats, History, Ints
from tools.adoption.parts import FIRM, Known, ease, known, live, weighed
from tools.adoption.ranking import Weights
from tools.adoption.stack import Stack, stack
from tools.adoption.tables import allowed, read_purchases

SMALL_ACCOUNTS, SMALL_PRODUCTS = 200, 10
SAMPLE = 40_000
"""Accounts that weights are learnt from; evenly left out above it."""

MOST_PRODUCTS = 2_500
"""Products told apart, because their table is inverted; the others are lumped together."""

SHORTEST = 14
"""Days a window has at least."""


@dataclass(frozen=True)
class WhitespaceModel:
    """What was learnt from the purchases up to a day.

    Attributes
    ----------
    accounts, products
        Ids, in the order of every array inside.
    as_of
        Last day that was read.
    horizon
        Days a probability is told for, from `as_of`.
    window
        Days of the windows that were learnt from. Odds are told to grow in proportion to
        time from there to `horizon`: accounts differ, and those left are the slower ones.
    method
        `stack` (six parts), `ease` (history too short to test on: no probability) or
        `segment` (a small book).
    note
        What was left out and what the model cannot say; empty when there is nothing.
    stack
        Weights of the parts.
    """

    accounts: pd.Index
    products: pd.Index
    as_of: date
    horizon: int
    window: int
    method: str
    note: str
    stack: Stack
    history: History
    levels: Levels
    known: Known
    eased: Floats
    weights: Weights

    @property
    def live(self) -> pd.Index:
        """The products that may be offered."""
        return self.products[self.known.candidates]

    @cached_property
    def spend(self) -> pd.DataFrame:
        """Per live product: `owners`, and what they spend a year (`spend_p50`, `spend_p75`).

        Net spend since the first purchase, divided by the years since, at least one.
        """
        told = self.history
        years = np.maximum((told.until + 1 - told.day) / 365.0, 1.0)
        order = np.argsort(told.item, kind="stable")
        rate = (told.spend / years)[order]
        ends = np.cumsum(np.bincount(told.item, minlength=told.products))
        rows = []
        for product in self.known.candidates:
            mine = rate[(ends[product - 1] if product else 0) : ends[product]]
            middle = np.quantile(mine, (0.5, 0.75)) if len(mine) else (np.nan, np.nan)
            rows.append((len(mine), *middle))
        columns = ["owners", "spend_p50", "spend_p75"]
        return pd.DataFrame(rows, index=self.live, columns=columns)

    def probability(self, score: Floats) -> Floats:
        """The chance of a first purchase within the horizon; blank without a tested model."""
        if self.method == "ease":
            return np.full(np.shape(score), np.nan)
        return np.asarray(1 / (1 + np.exp(-np.clip(score, -700, 700))))


def fit_whitespace(
    purchases: pd.DataFrame,
    *,
    as_of: date,
    attributes: pd.DataFrame | None = None,
    products: pd.DataFrame | None = None,
    horizon: int = 182,
    window: int | None = None,
    windows: int = 3,
    recent_days: int = 92,
    fewest_owners: int = 10,
    method: str = "auto",
) -> WhitespaceModel:
    """Learn which live products accounts buy next.

    Parameters
    ----------
    purchases
        `account`, `product`, `date` and `amount` (currency; below zero for returns), one row
        a purchase. Repeated rows are added up. A product counts as owned while its sum is
        above zero. Rows with a blank id, date or amount are left out, rows after `as_of` not
        read.
    as_of
        The last day that counts.
    attributes
        Any columns by account (index, or a column `account`): words, numbers, truth values.
        Numbers are cut into quarters, rare words put together, blanks a level of their own.
        They must hold for the past too. Accounts that never bought are not read.
    products
        By product (index, or a column `product`), with `live_from` and `live_to` where they
        are known: only products live on the day are offered. Without the table: those sold
        in the last `recent_days`.
    horizon
        Days a probability is told for.
    window, windows
        Days of the earlier windows to learn from, and how many at most. None is the horizon,
        at most a quarter of the history, at least 14 days.
    fewest_owners
        Accounts that must own a product before it is offered.
    method
        `auto`, or one of `stack`, `ease`, `segment`.

    Returns
    -------
    WhitespaceModel
        With `auto`: `segment` below 200 accounts or 10 products with enough owners, `ease`
        where history holds no window with 30 first purchases, else `stack`. A model of no
        rows or no live product recommends nothing, and its note says so.

    Raises
    ------
    ColumnsMissing, DuplicateIds, InvalidInput
        As `tables.read_purchases` and `attributes.levels` say.

    Notes
    -----
    `docs/methodology.md#whitespace` works an example by hand.
    """
    if method not in ("auto", "stack", "ease", "segment"):
        raise InvalidInput(
            f"There is no method {method!r}.", hint="Use auto, stack, ease or segment."
        )
    if min(horizon, window or 1, recent_days, fewest_owners) < 1 or windows < 0:
        raise InvalidInput(
            "horizon, window, recent_days and fewest_owners are at least 1, windows at least 0.",
            hint="Correct the argument.",
        )
    read = read_purchases(purchases, as_of)
    cut = no_levels(len(read.accounts))
    if attributes is not None:
        cut = levels(attributes, read.accounts)
    on_sale = None if products is None else allowed(products, read.products, as_of)
    model = fit_arrays(
        read.history, cut, live_products=on_sale, horizon=horizon, window=window, windows=windows,
        recent_days=recent_days, fewest_owners=fewest_owners, method=method,
    )  # fmt: skip
    told = [model.note] if model.note else []
    if read.left_out:
        told.append(f"{read.left_out:,} rows without id, date or amount were left out.")
    if read.later:
        told.append(f"{read.later:,} rows after {as_of} were not read.")
    return replace(
        model, accounts=read.accounts, products=read.products.take(model.products.to_numpy()),
        note=" ".join(told), as_of=as_of,
    )  # fmt: skip


def fit_arrays(
    history: History,
    cut: Levels | None = None,
    *,
    live_products: npt.NDArray[np.bool_] | None = None,
    horizon: int = 182,
    window: int | None = None,
    windows: int = 3,
    recent_days: int = 92,
    fewest_owners: int = 10,
    method: str = "auto",
) -> WhitespaceModel:
    """`fit_whitespace` without tables: accounts and products are numbered from 0."""
    cut = cut or no_levels(history.accounts)
    before = history.until + 1
    span = before - int(history.when.min()) if len(history.when) else 0
    window = int(min(window or horizon, max(SHORTEST, span // 4)))
    offered = live(history, before, recent_days, fewest_owners, live_products)
    kept = _told_apart(history, offered)
    dropped = history.products - len(kept)
    missed = len(np.setdiff1d(offered, kept, assume_unique=True))
    if dropped:
        history = history.only(kept)
        offered = np.searchsorted(kept, np.intersect1d(offered, kept, assume_unique=True))
    table = wide(history, cut.code, cut.count)
    have = known(history, table, offered, before, window)
    active = int((have.exposure.group >= 0).sum())
    owners = np.bincount(history.item, minlength=history.products)
    told_apart = int((owners >= fewest_owners).sum())
    note = []
    learnt = Stack(FIRM, np.array([1.0, 0, 0, 0, 0]), 0.0, np.zeros(2), 0, 0)
    if method in ("auto", "stack") and active and len(offered):
        if method == "auto" and (active < SMALL_ACCOUNTS or told_apart < SMALL_PRODUCTS):
            method = "segment"
        else:
            step = -(-history.accounts // SAMPLE)
            some = np.arange(0, history.accounts, step)
            part = history if step == 1 else history.part(some)
            learnt = stack(
                part, table if step == 1 else wide(part, cut.code[some], cut.count), before,
                days=window, count=windows, recent_days=recent_days, fewest=fewest_owners,
            )  # fmt: skip
            method = "stack" if learnt.windows else "ease"
            if not learnt.windows:
                note.append(
                    f"Only {learnt.adoptions} first purchases in earlier windows: EASE alone, "
                    "without a probability."
                )
    elif method == "auto":
        method = "segment"
    if not len(offered):
        note.append("No product is live: nothing can be offered.")
    if dropped:
        note.append(f"{dropped:,} products with fewer owners say nothing about others.")
    if missed:
        note.append(f"{missed:,} live products of them are not offered either.")
    eased = np.zeros((have.exposure.groups, table.columns, len(offered)))
    if method == "segment":
        note.insert(
            0,
            f"Small book ({active} accounts, {told_apart} products): recent adoption and "
            "segment penetration, leaning on the whole book; probabilities are rough.",
        )
        learnt = _by_segment(cut)
    else:
        eased = ease(have, history.products, learnt.firm)
    learnt = replace(learnt, constant=learnt.constant + float(np.log(horizon / window)))
    sums, means, start = weighed(have, eased, learnt.weight)
    weights = Weights(
        table, np.maximum(have.exposure.group, 0), offered, sums, means,
        start + learnt.constant, have.activity @ learnt.activity,
    )  # fmt: skip
    return WhitespaceModel(
        pd.RangeIndex(history.accounts), pd.Index(kept),
        date.fromordinal(history.until + date(1970, 1, 1).toordinal()), horizon, window,
        method, " ".join(note), learnt, history, cut, have, eased, weights,
    )  # fmt: skip


def _by_segment(cut: Levels) -> Stack:
    """Recent adoption as it is; the levels of an account's attributes on the average."""
    attributes = max(cut.code.shape[1], 1)
    return Stack(FIRM, np.array([0, 0, 0, 1.0 / attributes, 1.0]), 0.0, np.zeros(2), 0, 0)


def _told_apart(history: History, offered: Ints) -> Ints:
    """The products that are not lumped together: live ones first, then by owners."""
    owners = np.bincount(history.item, minlength=history.products)
    if history.products <= MOST_PRODUCTS:
        return np.arange(history.products)
    live = np.zeros(history.products, bool)
    live[offered] = True
    order = np.lexsort((np.arange(history.products), -owners, ~live))
    return np.sort(order[:MOST_PRODUCTS])
