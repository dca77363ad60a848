"""Three reps share out their most undecided units anew: the move of the search.

Up to `ITEMS` units, those whose regrets between the three are closest, are taken into two
hands; where a hard rule is broken, some that could mend it come first, picked by chance.
For each hand the `WAYS` cheapest ways to deal it out are listed, and the best two ways to
combine are found by what the three reps' loads then cost (meet in the middle; Horowitz &
Sahni 1974, doi:10.1145/321812.321823). Regrets get Gumbel noise in proportion to a heat:
what is best under noise is a draw from the Gibbs distribution of that heat, or nearly
(perturb and MAP; Papandreou & Yuille 2011, doi:10.1109/ICCV.2011.6126242), so that a
falling heat anneals. `sharing_fast` and `sharing_plain` do the same to the byte.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tools.balance.board import (
    COUNT_MOST,
    COUNT_PRICE,
    FAST,
    FAST_OFF,
    FLOOR,
    MID,
    MID_OFF,
    MONEY_LEAST,
    MONEY_MOST,
    MONEY_PRICE,
    MONEY_SCALE,
    PER_COUNT,
    PER_MONEY,
    PER_TIME,
    PER_WORK,
    POINT,
    SLOW,
    STEEP,
    TIME_MOST,
    TIME_PRICE,
    WORK_LEAST,
    WORK_MOST,
    WORK_PRICE,
    WORK_SCALE,
    Board,
)
from tools.balance.problem import Floats, Ints

ITEMS = 16
"""Units shared out at a time."""

WAYS = 64
"""Ways to deal out a hand that are looked at."""

SLOTS = 3
"""Reps who share."""

STIFFER, SOFTER, STIFFEST = 1.2, 0.98, 1e6
"""By how much a rule that is broken after a turn, or is not, counts more or less."""

URGENT = 8
"""Units that could mend a broken rule, about so many of which come first."""

OFTEN = 4
"""Of so many turns, one looks at regrets in parts of what the units can sway: a large unit
with a middling regret may be what the loads call for."""

SOONER = 1 << 60
"""What such a unit's score is lower by."""

LOADS = 4
GRID = 8
"""Cells, each way, by which the second hand's ways are found by their loads."""

MARGIN = 1e-3
"""Units of regret by which a new way has to be better."""

TRIALS = 18
"""Random units of a group that are asked for another rep to join it."""

NOISE_BITS = 16
NOISES = 1 << 14

TOUCHED = 1e-4
"""Share that any breach of a rule counts in addition to its size."""


class Desk(NamedTuple):
    """Scratch space of one thread; compiled code allocates nothing.

    `units`, `score`, `many`, `pair`, `slot`, `regret` and `listed` (the regret with more
    noise) describe the shared units and their options; `cost`, `code`, `loads`, `spent` the
    ways of both hands; `base` and `budget` what the three reps have beside them; `pressed`
    whether each has too much, too little, or, last, whether budgets are overdrawn. `start`,
    `members` list the units of each rep; `order`, `free`, `group` the reps. `noise` is a
    table of Gumbel noise.
    """

    units: Ints
    score: Ints
    many: Ints
    pair: Ints
    slot: Ints
    regret: Ints
    listed: Ints
    cost: Ints
    code: Ints
    loads: Ints
    spent: Ints
    base: Ints
    budget: Ints
    pressed: Ints
    option: Ints
    cells: Ints
    sorted: Ints
    start: Ints
    fill: Ints
    members: Ints
    order: Ints
    free: Ints
    group: Ints
    noise: Ints


def desk_for(board: Board) -> Desk:
    """Make the scratch space for a board."""
    units, reps, budgets = len(board.burden), len(board.rates), len(board.caps)

    def room(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    level = (np.arange(NOISES) + 0.5) / NOISES
    return Desk(
        units=room(ITEMS),
        score=room(ITEMS),
        many=room(ITEMS),
        pair=room(ITEMS, SLOTS),
        slot=room(ITEMS, SLOTS),
        regret=room(ITEMS, SLOTS),
        listed=room(ITEMS, SLOTS),
        cost=room(2, 2, WAYS),
        code=room(2, 2, WAYS),
        loads=room(2, WAYS, SLOTS * LOADS),
        spent=room(2, WAYS, budgets),
        base=room(SLOTS, LOADS),
        budget=room(budgets),
        pressed=room(SLOTS + 1, 2),
        option=room(2, SLOTS),
        cells=room(GRID * GRID + 2),
        sorted=room(WAYS),
        start=room(reps + 1),
        fill=room(reps),
        members=room(units),
        order=room(reps),
        free=room(reps),
        group=room(SLOTS),
        noise=np.rint(-np.log(-np.log(level)) * (1 << NOISE_BITS)).astype(np.int64),
    )


def hashed(a: Any, b: Any) -> Any:
    """Mix two whole numbers of at most 31 bits to one that looks random."""
    word = (a * 2654435761 + b * 40503 + 12345) & 0x7FFFFFFF
    word = ((word ^ (word >> 15)) * 739982445) & 0x7FFFFFFF
    word = ((word ^ (word >> 12)) * 695872825) & 0x7FFFFFFF
    return word ^ (word >> 15)


def stamp_of(turn: Any) -> Any:
    """What makes the noise of a turn another than that of the next."""
    return (turn * 1048573 + 8191) & 0x3FFFFFFF


def slack(
    work: Any,
    money: Any,
    time: Any,
    count: Any,
    rates: Floats,
    rules: Ints,
    terms: Floats,
    stiff: float,
) -> Any:
    """What a rep's loads cost, in units of regret: numbers or arrays of them."""
    a, b = work * rates[PER_WORK], money * rates[PER_MONEY]
    c, d = time * rates[PER_TIME], count * rates[PER_COUNT]
    off, away = np.abs(a - 1.0), np.abs(b - 1.0)
    bent_work = np.maximum(
        np.maximum(terms[SLOW] * off, terms[MID] * off - terms[MID_OFF]),
        terms[FAST] * off - terms[FAST_OFF],
    )
    bent_money = np.maximum(
        np.maximum(terms[SLOW] * away, terms[MID] * away - terms[MID_OFF]),
        terms[FAST] * away - terms[FAST_OFF],
    )
    points = terms[WORK_SCALE] * bent_work + terms[MONEY_SCALE] * bent_money
    points = points - (a * rates[WORK_PRICE] + b * rates[MONEY_PRICE])
    points = points - (c * rates[TIME_PRICE] + d * rates[COUNT_PRICE]) - rates[FLOOR]
    over = 0.0
    for excess, rate in (
        (time - rules[TIME_MOST], rates[PER_TIME]),
        (count - rules[COUNT_MOST], rates[PER_COUNT]),
        (work - rules[WORK_MOST], rates[PER_WORK]),
        (rules[WORK_LEAST] - work, rates[PER_WORK]),
        (money - rules[MONEY_MOST], rates[PER_MONEY]),
        (rules[MONEY_LEAST] - money, rates[PER_MONEY]),
    ):
        over = over + (excess > 0) * (excess * rate + TOUCHED)
    return (np.maximum(points, 0.0) + terms[STEEP] * stiff * over) * terms[POINT]


def unspent(spent: Any, cap: Any, rate: Any, price: Any, terms: Floats, stiff: float) -> Any:
    """What one budget's use costs, in units of regret: a number or an array of them."""
    points = np.maximum((cap - spent) * price, 0.0)
    excess = spent - cap
    over = (excess > 0) * (excess * rate + TOUCHED)
    return (points + terms[STEEP] * stiff * over) * terms[POINT]
