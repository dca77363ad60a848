"""The inner loops of the search, in the part of Python that numba compiles.

Each runs as it stands too, on lists instead of arrays; the results are the
same bytes, because loads are exact integers, every float is worked out by one fixed formula,
and all random numbers are handed in. `engine.py` decides which form is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from tools.balance.board import (
    ACCOUNTS,
    BURDEN,
    CAPACITY,
    COST,
    COUNT,
    FAST,
    FAST_OFF,
    HOURS,
    LIMIT,
    LOADS,
    MID,
    MID_OFF,
    MONEY,
    NEED,
    PAIR,
    POINT,
    POTENTIAL,
    POTENTIAL_HIGH,
    POTENTIAL_LOW,
    POTENTIAL_SCALE,
    RATES,
    REP,
    RULES,
    SLOW,
    STEEP,
    TIME,
    UNIT,
    WORK,
    WORK_HIGH,
    WORK_LOW,
    WORK_SCALE,
    Board,
    Position,
)

_Function = TypeVar("_Function", bound=Callable[..., Any])

try:
    from numba.extending import register_jitable
except ImportError:  # the plain path needs no compiler

    def inlined(function: _Function) -> _Function:
        """Leave the function as it is."""
        return function

else:
    inlined = register_jitable(forceinline=True)


TRIES = 3
"""Exchange partners tried for a shift that alone would be refused."""
MARGIN = 1e-9
"""Points below which a difference is rounding, not progress."""


@inlined
def bent(terms: Any, deviation: float) -> float:
    """psi of a deviation: the highest of its three lines, which needs no branches."""
    off = abs(deviation)
    near = terms[SLOW] * off
    mid = terms[MID] * off - terms[MID_OFF]
    far = terms[FAST] * off - terms[FAST_OFF]
    mid = mid if mid > near else near
    return far if far > mid else mid


@inlined
def penalty(
    rules: Any, rates: Any, terms: Any, r: int, work: int, money: int, time: int, count: int
) -> float:
    """Points of rep r's loads: both deviations, and steeply every hard rule exceeded."""
    rate, rule = r * RATES, r * RULES
    points = terms[WORK_SCALE] * bent(terms, work * rates[rate + WORK] - 1.0)
    points = points + terms[POTENTIAL_SCALE] * bent(terms, money * rates[rate + MONEY] - 1.0)
    over = 0.0
    if time > rules[rule + CAPACITY]:
        over = over + (0.0001 + (time - rules[rule + CAPACITY]) * rates[rate + TIME])
    if count > rules[rule + LIMIT]:
        over = over + (0.0001 + (count - rules[rule + LIMIT]) * rates[rate + COUNT])
    if work < rules[rule + WORK_LOW]:
        over = over + (0.0001 + (rules[rule + WORK_LOW] - work) * rates[rate + WORK])
    if work > rules[rule + WORK_HIGH]:
        over = over + (0.0001 + (work - rules[rule + WORK_HIGH]) * rates[rate + WORK])
    if money < rules[rule + POTENTIAL_LOW]:
        over = over + (0.0001 + (rules[rule + POTENTIAL_LOW] - money) * rates[rate + MONEY])
    if money > rules[rule + POTENTIAL_HIGH]:
        over = over + (0.0001 + (money - rules[rule + POTENTIAL_HIGH]) * rates[rate + MONEY])
    return points + terms[STEEP] * over


@inlined
def points_of(rules: Any, rates: Any, terms: Any, loads: Any, r: int) -> float:
    """Points of a rep as it stands."""
    at = r * LOADS
    return penalty(
        rules, rates, terms, r, loads[at], loads[at + 1], loads[at + 2], loads[at + 3]
    )  # fmt: skip


@inlined
def overspent(caps: Any, cap_rates: Any, terms: Any, budget: int, spent: int) -> float:
    """Points of one budget's use beyond its cap."""
    if spent <= caps[budget]:
        return 0.0
    return terms[STEEP] * (0.0001 + (spent - caps[budget]) * cap_rates[budget])


@inlined
def overspending(
    caps: Any,
    cap_rates: Any,
    terms: Any,
    use: Any,
    spent: Any,
    taken: int,
    given: int,
    other: int,
    back: int,
) -> float:
    """Change of the budgets' points when two pairs are taken and two given back (-1: none)."""
    budgets = len(caps)
    change = 0.0
    for b in range(budgets):
        after = spent[b] + use[taken * budgets + b] - use[given * budgets + b]
        if other >= 0:
            after = after + use[other * budgets + b] - use[back * budgets + b]
        change = change + (
            overspent(caps, cap_rates, terms, b, after)
            - overspent(caps, cap_rates, terms, b, spent[b])
        )
    return change


@inlined
def place(pair: Any, burden: Any, use: Any, chosen: Any, loads: Any, spent: Any, e: int) -> None:
    """Move the unit of pair e from its chosen pair to e; `points` are not renewed."""
    unit = pair[e * PAIR + UNIT]
    f = chosen[unit]
    give, take = pair[f * PAIR + REP] * LOADS, pair[e * PAIR + REP] * LOADS
    at = unit * BURDEN
    loads[give + WORK] -= burden[at + HOURS]
    loads[take + WORK] += burden[at + HOURS]
    loads[give + MONEY] -= burden[at + POTENTIAL]
    loads[take + MONEY] += burden[at + POTENTIAL]
    loads[give + TIME] -= pair[f * PAIR + NEED]
    loads[take + TIME] += pair[e * PAIR + NEED]
    loads[give + COUNT] -= burden[at + ACCOUNTS]
    loads[take + COUNT] += burden[at + ACCOUNTS]
    budgets = len(spent)
    for b in range(budgets):
        spent[b] += use[e * budgets + b] - use[f * budgets + b]
    chosen[unit] = e


def renew(board: Board, position: Position) -> None:
    """Fill in every rep's points."""
    for r in range(len(position.points)):
        position.points[r] = points_of(board.rules, board.rates, board.terms, position.loads, r)


def anneal(board: Board, position: Position, picks: Any, partners: Any, heats: Any) -> None:
    """Shift or exchange units, accepting a loss up to each turn's heat.

    Turn t tries the pair `picks[t]`; refused, it tries exchanges with TRIES units drawn by
    `partners` (integers below 2^31) from those that both reps could have.
    """
    pair, burden, use = board.pair, board.burden, board.use
    rules, rates, terms = board.rules, board.rates, board.terms
    caps, cap_rates = board.caps, board.cap_rates
    shared_first, shared_low, shared_high = board.shared_first, board.shared_low, board.shared_high
    chosen, loads, points, spent = position
    reps = len(points)
    budgets = len(caps)
    for t in range(len(picks)):
        e = picks[t] * PAIR
        i = pair[e + UNIT]
        f = chosen[i] * PAIR
        if e == f:
            continue
        r, s = pair[f + REP], pair[e + REP]
        shift = pair[e + COST] - pair[f + COST]
        at = i * BURDEN
        hours, potential, accounts = (
            burden[at + HOURS],
            burden[at + POTENTIAL],
            burden[at + ACCOUNTS],
        )
        at = r * LOADS
        work_r, money_r = loads[at + WORK] - hours, loads[at + MONEY] - potential
        time_r, count_r = loads[at + TIME] - pair[f + NEED], loads[at + COUNT] - accounts
        at = s * LOADS
        work_s, money_s = loads[at + WORK] + hours, loads[at + MONEY] + potential
        time_s, count_s = loads[at + TIME] + pair[e + NEED], loads[at + COUNT] + accounts
        before = points[r] + points[s]
        at_r = penalty(rules, rates, terms, r, work_r, money_r, time_r, count_r)
        at_s = penalty(rules, rates, terms, s, work_s, money_s, time_s, count_s)
        change = shift * terms[POINT] + ((at_r + at_s) - before)
        if budgets:
            change = change + overspending(
                caps, cap_rates, terms, use, spent, picks[t], chosen[i], -1, -1
            )
        if change <= heats[t]:
            place(pair, burden, use, chosen, loads, spent, picks[t])
            points[r], points[s] = at_r, at_s
            continue
        key = r * reps + s if r < s else s * reps + r
        begin = shared_first[key]
        span = shared_first[key + 1] - begin
        for k in range(TRIES):
            x = begin + ((partners[t * TRIES + k] * span) >> 31)
            low, high = shared_low[x], shared_high[x]
            j = pair[low * PAIR + UNIT]
            now = chosen[j]
            if j == i or (now != low and now != high):
                continue
            then = low + high - now
            g, h = now * PAIR, then * PAIR
            at = j * BURDEN
            hours, potential, accounts = (
                burden[at + HOURS],
                burden[at + POTENTIAL],
                burden[at + ACCOUNTS],
            )
            more, less = pair[h + NEED], pair[g + NEED]
            if pair[g + REP] == r:  # a second shift the same way, not an exchange
                hours, potential, accounts = -hours, -potential, -accounts
                more, less = -less, -more
            at_r = penalty(
                rules,
                rates,
                terms,
                r,
                work_r + hours,
                money_r + potential,
                time_r + more,
                count_r + accounts,
            )
            at_s = penalty(
                rules,
                rates,
                terms,
                s,
                work_s - hours,
                money_s - potential,
                time_s - less,
                count_s - accounts,
            )
            both = shift + (pair[h + COST] - pair[g + COST])
            change = both * terms[POINT] + ((at_r + at_s) - before)
            if budgets:
                change = change + overspending(
                    caps, cap_rates, terms, use, spent, picks[t], chosen[i], then, now
                )
            if change <= heats[t]:
                place(pair, burden, use, chosen, loads, spent, picks[t])
                place(pair, burden, use, chosen, loads, spent, then)
                points[r], points[s] = at_r, at_s
                break
