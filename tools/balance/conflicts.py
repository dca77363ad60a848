"""A smallest set of accounts and rules that cannot hold together, with the proof.

Three proofs, each stronger and dearer than the one before: pairs that do not fit beside
what a rep must take anyway; prices of the rules at which every design costs more than
the rules allow (Farkas' lemma, prices from a linear program); a search through whole
accounts, for small problems. What was proven is then reduced by leaving out rules and
accounts as long as the proof still holds (deletion filter; Chinneck & Dravnieks, 1991,
doi:10.1287/ijoc.3.2.157).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tools.balance.problem import Ints, Problem
from tools.balance.programs import WHOLE_PAIRS, burden, proving_prices, whole_search
from tools.balance.rule_words import FEW
from tools.balance.rules import ROUNDING, Rows, rows

_TESTED_PAIRS = 1_500_000
_LISTED_PAIRS = 3_000_000


@dataclass(frozen=True)
class Conflict:
    """Units that have to be placed, and rules that cannot all hold if they are.

    `rows` are the rules of the conflict over the pairs of its units; `whole` tells that
    only whole accounts show it.
    """

    rows: Rows
    whole: bool = False

    @property
    def units(self) -> Ints:
        """The units of the conflict."""
        return self.rows.units


def find_conflict(problem: Problem, *, thorough: bool) -> Conflict | None:
    """Return a conflict reduced as far as the work allowed goes, or None without a proof.

    Every unit of `problem` has a pair.
    """
    if (not thorough or problem.pairs > _LISTED_PAIRS) and not _strained(problem):
        return None
    every = rows(problem)
    found = _forced(every)
    if found is not None or not thorough:
        return found
    return _priced(every) or _searched(every)


def fitting(given: Rows) -> tuple[NDArray[np.bool_], bool]:
    """Drop pairs that break a rule beside what has to be taken anyway.

    Returns
    -------
    tuple
        Which columns are left, and whether no design can keep the rules: a unit lost its
        last column, or what has to be taken breaks a rule by itself.
    """
    left = np.ones(len(given.unit), dtype=bool)
    bounded = [row for row, rule in enumerate(given.rules) if not rule.falls]
    place = np.searchsorted(given.units, given.unit)
    size = len(given.units)
    while True:
        count = np.bincount(place[left], minlength=size)
        if np.any(count == 0):
            return left, True
        before = int(left.sum())
        for row in bounded:
            span = slice(given.use.indptr[row], given.use.indptr[row + 1])
            columns, values = given.use.indices[span], given.use.data[span]
            alive = left[columns]
            columns, values = columns[alive], values[alive]
            unit = place[columns]
            # Only a unit all of whose pairs use the rule takes some of it for sure.
            forced = np.full(size, np.inf)
            np.minimum.at(forced, unit, values)
            forced[np.bincount(unit, minlength=size) < count] = 0.0
            taken = float(forced[np.isfinite(forced)].sum())
            room = given.cap[row] + ROUNDING * max(abs(given.cap[row]), 1.0)
            if taken > room:
                return left, True
            left[columns[taken - forced[unit] + values > room]] = False
        if int(left.sum()) == before:
            return left, False


def _strained(problem: Problem) -> bool:
    """Whether a unit is too large for all its reps, or single choices overfill a rep.

    One pass over the arrays, without listing the rules.
    """
    fits = problem.needed <= problem.capacity[problem.rep] * (1 + ROUNDING)
    if np.any(np.bincount(problem.unit[fits], minlength=problem.units) == 0):
        return True
    only = np.flatnonzero(np.diff(problem.first) == 1)
    pairs = problem.first[only]
    rep = problem.rep[pairs]
    for amount, most in (
        (problem.needed[pairs], problem.capacity),
        (problem.accounts[only], problem.limit),
        (problem.hours[only], problem.work_target * (1 + problem.work_window[:, 1])),
        (problem.potential[only], problem.potential_target * (1 + problem.potential_window[:, 1])),
    ):
        if np.any(np.bincount(rep, amount, problem.reps) > most * (1 + ROUNDING)):
            return True
    return any(
        float(np.minimum.reduceat(budget.use, problem.first[:-1]).sum())
        > budget.cap * (1 + ROUNDING) + ROUNDING
        for budget in problem.budgets
    )


def _forced(every: Rows) -> Conflict | None:
    """Find what clashes without any weighing up, such as locks, or an account too large."""
    if not fitting(every)[1]:
        return None
    for row, rule in enumerate(every.rules):
        if rule.falls:
            continue
        one = every.of_rules([row])
        least = burden(one, np.ones(1))
        if least.sum() > one.cap[0] + ROUNDING * max(one.cap[0], 1.0):
            return Conflict(_largest(one, np.ones(1)))
    return _reduced(every, lambda part: fitting(part)[1])


def _priced(every: Rows) -> Conflict | None:
    """Find prices of the rules that prove a clash, and reduce what they need."""
    prices = proving_prices(every)
    if prices is None:
        return None
    used = [int(row) for row in np.flatnonzero(prices > 1e-9 * prices.max())]
    part = every.of_rules(used)
    clashes = _limited(lambda some: proving_prices(some) is not None)
    kept = _deleted(list(range(len(used))), lambda some: clashes(part.of_rules(some)))
    part = part.of_rules(kept)
    if any(rule.falls for rule in part.rules):
        return Conflict(part)
    again = proving_prices(part)
    part = _largest(part, prices[used][kept] if again is None else again)
    if len(part.units) > FEW:
        return Conflict(part)
    units = _deleted(list(part.units), lambda some: clashes(part.of_units(some)))
    return Conflict(part.of_units(units))


def _searched(every: Rows) -> Conflict | None:
    """Prove it with pairs that fit, and by a search through whole accounts if few."""
    left, _ = fitting(every)
    if not left.all() and proving_prices(every.of_pairs(left)) is not None:
        return _reduced(every, _clashes_where_fitting)
    if len(every.unit) > WHOLE_PAIRS or not _clashes_whole(every):
        return None
    return replace(_reduced(every, _clashes_whole), whole=True)


def _clashes_where_fitting(part: Rows) -> bool:
    left, stuck = fitting(part)
    return stuck or proving_prices(part.of_pairs(left)) is not None


def _clashes_whole(part: Rows) -> bool:
    return fitting(part)[1] or whole_search(part).none


def _largest(part: Rows, prices: NDArray[np.float64]) -> Rows:
    """Keep the fewest units that still prove it, or all that bear on it when many."""
    weight = burden(part, prices)
    order = np.argsort(-weight, kind="stable")
    allowed = float(prices @ part.cap)
    allowed += ROUNDING * float(prices @ np.maximum(np.abs(part.cap), 1.0))
    enough = int(np.searchsorted(np.cumsum(weight[order]), allowed, side="right")) + 1
    if enough <= FEW:
        return part.of_units(part.units[order[:enough]])
    return part.of_units(part.units[weight > 0])


def _reduced(every: Rows, clashes: Callable[[Rows], bool]) -> Conflict:
    """Leave out rules, then units, as long as what is left clashes."""
    clashes = _limited(clashes)
    rules = _deleted(list(range(len(every.rules))), lambda some: clashes(every.of_rules(some)))
    part = every.of_rules(rules)
    if any(rule.falls for rule in part.rules):
        return Conflict(part)
    largest = np.argsort(-burden(part, np.ones(len(rules))), kind="stable")
    units = _deleted(
        [int(unit) for unit in part.units[largest]],
        lambda some: clashes(part.of_units(some)),
    )
    return Conflict(part.of_units(units))


def _deleted(items: list[int], clashes: Callable[[list[int]], bool]) -> list[int]:
    """Leave out runs of items, the last first and long runs before short ones."""
    length = max(1, len(items) // 2)
    while True:
        end = len(items)
        while end > 0:
            rest = items[: max(0, end - length)] + items[end:]
            if rest and clashes(rest):
                items = rest
            end -= length
        if length == 1:
            return items
        length = max(1, length // 2)


def _limited(clashes: Callable[[Rows], bool]) -> Callable[[Rows], bool]:
    """Stop testing, as if nothing clashed, once so many pairs have been looked at."""
    seen = 0

    def test(part: Rows) -> bool:
        nonlocal seen
        seen += len(part.unit) + 1_000
        return seen <= _TESTED_PAIRS + 2 * len(part.unit) and clashes(part)

    return test
