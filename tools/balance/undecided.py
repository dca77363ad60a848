"""Which units of two to four reps the prices leave most undecided, and their options.

Like the kernels this runs compiled, on arrays, or as it stands, on lists.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tools.balance.board import COST, GUIDE, LOADS, NEED, PAIR, REP, UNIT, Board, Position
from tools.balance.kernels import inlined

ITEMS = 30
"""Units of one group considered together; two bits each make a split's code."""
SLOTS = 4
"""Reps of one group at most."""
BINS = 64
"""Steps in which the number of splits below a regret is counted."""
# Columns of the menu: what each unit's options within the group are, by ascending regret.
CHOICE, SLOT, PRICE, HOUR, REGRET = range(5)
MENU = 5
DISH = SLOTS * MENU


class Desk(NamedTuple):
    """Room to work in: the units under consideration, their options, and the walk's stack.

    `units`, `scores` and `options` (how many) have one entry per unit on the desk, `menu`
    SLOTS rows of its options; `slot` is a rep's place in the group or -1, `mark` the stamp
    of the group that last saw a unit.
    """

    slot: Any
    mark: Any
    units: Any
    scores: Any
    options: Any
    menu: Any
    counts: Any
    loads: Any
    spent: Any
    points: Any
    saved: Any
    path: Any


def desk(units: int, reps: int, budgets: int) -> Desk:
    """Lay out an empty desk."""
    return Desk(
        slot=np.full(reps, -1, np.int64),
        mark=np.full(units, -1, np.int64),
        units=np.zeros(ITEMS, np.int64),
        scores=np.zeros(ITEMS),
        options=np.zeros(ITEMS, np.int64),
        menu=np.zeros(ITEMS * DISH, np.int64),
        counts=np.zeros(BINS, np.int64),
        loads=np.zeros(SLOTS * LOADS, np.int64),
        spent=np.zeros(budgets, np.int64),
        points=np.zeros(SLOTS),
        saved=np.zeros(2 * ITEMS),
        path=np.zeros(ITEMS, np.int64),
    )


@inlined
def gather(
    board: Board,
    position: Position,
    group: Any,
    noise: Any,
    jitter: int,
    items: int,
    stamp: int,
    desk: Desk,
) -> tuple[int, int]:
    """Put the `items` most undecided units that the group's reps share on the desk.

    Misplaced units come first, the worst of them before the others; then those with the
    least regret of the next best rep; each regret times the unit's `noise`. Returns how
    many there are, and how many were looked at.
    """
    first, pair = board.first, board.pair
    shared_first, shared_low = board.shared_first, board.shared_low
    chosen = position.chosen
    slot, mark, units, scores = desk.slot, desk.mark, desk.units, desk.scores
    reps = len(slot)
    size = len(group)
    for a in range(size):
        slot[group[a]] = a
    held, worst, seen = 0, 0, 0
    for a in range(size):
        for b in range(size):
            if group[a] >= group[b]:
                continue
            key = group[a] * reps + group[b]
            for x in range(shared_first[key], shared_first[key + 1]):
                i = pair[shared_low[x] * PAIR + UNIT]
                seen += 1
                if mark[i] == stamp:
                    continue
                mark[i] = stamp
                f = chosen[i]
                if slot[pair[f * PAIR + REP]] < 0:
                    continue
                here = pair[f * PAIR + GUIDE]
                least, other = here, -1
                for e in range(first[i], first[i + 1]):
                    if e != f and slot[pair[e * PAIR + REP]] >= 0:
                        least = min(least, pair[e * PAIR + GUIDE])
                        if other < 0 or pair[e * PAIR + GUIDE] < pair[other * PAIR + GUIDE]:
                            other = e
                if here > least:
                    score = -(here - least + jitter) * noise[i]
                else:
                    score = (pair[other * PAIR + GUIDE] - here + jitter) * noise[i]
                if held < items:
                    w = held
                    held += 1
                elif score < scores[worst] or (score == scores[worst] and i < units[worst]):
                    w = worst
                else:
                    continue
                units[w], scores[w] = i, score
                worst = 0
                for y in range(1, held):
                    if scores[y] > scores[worst] or (
                        scores[y] == scores[worst] and units[y] > units[worst]
                    ):
                        worst = y
    return held, seen


@inlined
def write_menu(board: Board, group: Any, held: int, desk: Desk) -> None:
    """List each unit's pairs within the group by regret, units by that of their second pair."""
    first, pair = board.first, board.pair
    slot, units, options, menu = desk.slot, desk.units, desk.options, desk.menu
    for x in range(held):
        i = units[x]
        count = 0
        for e in range(first[i], first[i + 1]):
            here = slot[pair[e * PAIR + REP]]
            if here < 0:
                continue
            guide = pair[e * PAIR + GUIDE]
            y = x * DISH + count * MENU
            while y > x * DISH and menu[y - MENU + REGRET] > guide:
                for c in range(MENU):
                    menu[y + c] = menu[y - MENU + c]
                y -= MENU
            menu[y + CHOICE], menu[y + SLOT], menu[y + REGRET] = e, here, guide
            menu[y + PRICE], menu[y + HOUR] = pair[e * PAIR + COST], pair[e * PAIR + NEED]
            count += 1
        options[x] = count
        least = menu[x * DISH + REGRET]
        for y in range(count):
            menu[x * DISH + y * MENU + REGRET] -= least
    for x in range(1, held):
        y = x
        while y > 0:
            now, then = menu[y * DISH + MENU + REGRET], menu[(y - 1) * DISH + MENU + REGRET]
            if now > then or (now == then and units[y] > units[y - 1]):
                break
            for c in range(DISH):
                p, q = y * DISH + c, (y - 1) * DISH + c
                menu[p], menu[q] = menu[q], menu[p]
            units[y], units[y - 1] = units[y - 1], units[y]
            options[y], options[y - 1] = options[y - 1], options[y]
            y -= 1
    for a in range(len(group)):
        slot[group[a]] = -1
