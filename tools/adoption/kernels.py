"""The sums over millions of purchases, compiled; results equal those of the plain ways.

Compiled functions allocate nothing and count no references, over which two threads would
wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from tools.adoption.history import Codes, Floats, Ints

LONG = 256
"""Purchases of one account up to which its row is sorted by insertion."""

OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
Sum = TypeVar("Sum", bound=Callable[..., Any])


def compiled(work: Sum) -> Sum:
    """Compile a function at its first use, and keep what came of it on disk."""
    return cast(Sum, njit(**OPTIONS)(work))


def both(work: Callable[[int, int], object], rows: int) -> None:
    """Do the two halves of the rows on two threads."""
    middle = rows // 2
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work, 0, middle), pool.submit(work, middle, rows)]:
            done.result()


def pairs(
    account: Codes, product: Codes, day: Codes, amount: Floats, accounts: int, products: int
) -> tuple[Ints, Codes, Codes, Floats]:
    """See `history._pairs`."""
    long = int(np.bincount(account, minlength=1).max()) > LONG
    order = np.arange(len(account))
    if long:
        # Sorting within a row takes its length squared: sort by product beforehand instead.
        _sort(product, np.zeros(products + 1, np.int64), order)
    first = np.zeros(accounts + 1, np.int64)
    item = np.empty(len(account), np.int32)
    since = np.empty(len(account), np.int32)
    spend = np.empty(len(account), np.float64)
    _spread(account, product, day, amount, order, first, item, since, spend)
    if not long:
        both(lambda begin, end: _arrange(first, item, since, spend, begin, end), accounts)
    size = _merge(first, item, since, spend)
    return first, item[:size].copy(), since[:size].copy(), spend[:size].copy()


@compiled
def _sort(code: Any, first: Any, order: Any) -> None:
    for entry in range(len(code)):
        first[code[entry] + 1] += 1
    for place in range(1, len(first)):
        first[place] += first[place - 1]
    for entry in range(len(code)):
        order[first[code[entry]]] = entry
        first[code[entry]] += 1


@compiled
def _spread(
    account: Any, product: Any, day: Any, amount: Any, order: Any, first: Any, item: Any,
    since: Any, spend: Any,
) -> None:  # fmt: skip
    for entry in range(len(account)):
        first[account[entry] + 1] += 1
    for place in range(1, len(first)):
        first[place] += first[place - 1]
    for place in range(len(order)):
        entry = order[place]
        to = first[account[entry]]
        item[to], spend[to] = product[entry], amount[entry]
        since[to] = day[entry] if amount[entry] > 0 else 2**30
        first[account[entry]] = to + 1
    for place in range(len(first) - 1, 0, -1):
        first[place] = first[place - 1]
    first[0] = 0


@compiled
def _arrange(first: Any, item: Any, since: Any, spend: Any, begin: int, end: int) -> None:
    """Sort every row by product, by insertion."""
    for row in range(begin, end):
        for place in range(first[row] + 1, first[row + 1]):
            product, day, amount = item[place], since[place], spend[place]
            to = place
            while to > first[row] and item[to - 1] > product:
                item[to], since[to], spend[to] = item[to - 1], since[to - 1], spend[to - 1]
                to -= 1
            item[to], since[to], spend[to] = product, day, amount


@compiled
def _merge(first: Any, item: Any, since: Any, spend: Any) -> int:
    """Sum what follows another of its account and product; drop what is not above zero."""
    out, begin = 0, first[0]
    for row in range(len(first) - 1):
        end = first[row + 1]
        first[row] = out
        place = begin
        while place < end:
            total, earliest, product = 0.0, since[place], item[place]
            while place < end and item[place] == product:
                total += spend[place]
                earliest = min(earliest, since[place])
                place += 1
            if total > 0:
                item[out], since[out], spend[out] = product, earliest, total
                out += 1
        begin = end
    first[len(first) - 1] = out
    return out


@compiled
def latest(code: Any, when: Any, before: int, out: Any) -> None:
    """See `history._latest`."""
    for entry in range(len(code)):
        if when[entry] < before and when[entry] > out[code[entry]]:
            out[code[entry]] = when[entry]


def grams(
    first: Ints, item: Codes, day: Codes, before: int, group: Codes, groups: int, size: int
) -> Floats:
    """See `exposure.grams`."""
    lanes = np.zeros((2, groups, size, size), np.int64)
    middle = (len(first) - 1) // 2

    def half(begin: int, end: int) -> None:
        _grams(first, item, day, before, group, begin, end, lanes[int(begin >= middle > 0)])

    both(half, len(first) - 1)
    return np.asarray(lanes.sum(axis=0), dtype=np.float64)


@compiled
def _grams(
    first: Any, item: Any, day: Any, before: int, group: Any, begin: int, end: int, out: Any
) -> None:
    for row in range(begin, end):
        at = group[row]
        if at < 0:
            continue
        for one in range(first[row], first[row + 1]):
            if day[one] >= before:
                continue
            for two in range(first[row], first[row + 1]):
                if day[two] < before:
                    out[at, item[one], item[two]] += 1


def top(
    first: Ints, item: Codes, group: Codes, owned: Codes, sums: Floats, means: Floats,
    start: Floats, offset: Floats, rows: Ints, most: int, chosen: Codes, value: Floats,
) -> None:  # fmt: skip
    """See `ranking.top`."""
    scratch = np.empty((2, 3, start.shape[0]))
    middle = len(rows) // 2

    def half(begin: int, end: int) -> None:
        _top(
            first, item, group, owned, sums, means, start, offset, rows, begin, end, most,
            scratch[int(begin >= middle > 0)], chosen, value,
        )  # fmt: skip

    both(half, len(rows))


@compiled
def _top(
    first: Any, item: Any, group: Any, owned: Any, sums: Any, means: Any, start: Any, offset: Any,
    rows: Any, begin: int, end: int, most: int, scratch: Any, chosen: Any, value: Any,
) -> None:  # fmt: skip
    whole, mean, score = scratch[0], scratch[1], scratch[2]
    size = len(start)
    for at in range(begin, end):
        row = rows[at]
        for column in range(size):
            whole[column] = 0.0
            mean[column] = 0.0
        count = 0
        for place in range(first[row], first[row + 1]):
            weights = sums[group[row], item[place]]
            for column in range(size):
                whole[column] += weights[column]
            if item[place] < means.shape[0]:
                count += 1
                weights = means[item[place]]
                for column in range(size):
                    mean[column] += weights[column]
        share = 1.0 / max(count, 1)
        for column in range(size):
            score[column] = (start[column] + whole[column] + share * mean[column]) + offset[row]
        for place in range(first[row], first[row + 1]):
            if item[place] < len(owned) and owned[item[place]] >= 0:
                score[owned[item[place]]] = -np.inf
        filled = 0
        for column in range(size):
            one = score[column]
            if one == -np.inf or (filled == most and one <= value[at, most - 1]):
                continue
            place = filled if filled < most else most - 1
            while place > 0 and value[at, place - 1] < one:
                value[at, place] = value[at, place - 1]
                chosen[at, place] = chosen[at, place - 1]
                place -= 1
            value[at, place], chosen[at, place] = one, column
            filled = min(filled + 1, most)
