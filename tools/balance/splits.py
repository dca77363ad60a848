"""Share the most undecided units of two to four reps out anew, the best of very many ways.

The prices turn a split's change of objective into regrets, none negative, plus each rep's
slack, none negative either. So only splits whose regrets together stay below the group's
present regret and slack can be better, and those are few: a depth-first walk over units in
order of regret lists them all, or as many of the least regret as the work allowed. Like the
kernels this runs compiled or as it stands; `splits_plain.py` lists the splits with numpy.
"""

from __future__ import annotations

from typing import Any

from tools.balance.board import (
    ACCOUNTS,
    BURDEN,
    COST,
    COUNT,
    FLOOR,
    GUIDE,
    HOURS,
    LOADS,
    MONEY,
    NEED,
    PAIR,
    POINT,
    POTENTIAL,
    RATES,
    REP,
    TIME,
    WORK,
    Board,
    Position,
)
from tools.balance.kernels import MARGIN, inlined, overspent, penalty, place, points_of
from tools.balance.undecided import (
    BINS,
    CHOICE,
    DISH,
    HOUR,
    MENU,
    PRICE,
    REGRET,
    SLOT,
    Desk,
    gather,
    write_menu,
)


@inlined
def allowance(
    board: Board, position: Position, group: Any, held: int, splits: int, desk: Desk
) -> tuple[int, int, int]:
    """Choose how many units and how much regret keep the walk below `splits` splits.

    Returns the units, the regret allowed, and the regret beyond which no split can be
    better. Splits are counted by regret, rounded down to one of BINS steps.
    """
    rates, terms, pair = board.rates, board.terms, board.pair
    menu, options, counts = desk.menu, desk.options, desk.counts
    room = 0.0
    for a in range(len(group)):
        at, rate = group[a] * LOADS, group[a] * RATES
        points = position.points[group[a]] - rates[rate + FLOOR]
        for c in range(LOADS):
            points = points - position.loads[at + c] * rates[rate + LOADS + c]
        room = room + points
    for b in range(len(board.caps)):
        room = room + overspent(board.caps, board.cap_rates, terms, b, position.spent[b])
        room = room + (board.caps[b] - position.spent[b]) * board.cap_prices[b]
    top = int(min((max(room, 0.0) + 2 * MARGIN) / terms[POINT], 2.0**60))
    for x in range(held):
        top += pair[position.chosen[desk.units[x]] * PAIR + GUIDE]
        top -= pair[menu[x * DISH + CHOICE] * PAIR + GUIDE]
    width = top // BINS + 1
    for b in range(BINS):
        counts[b] = 0
    counts[0] = 1
    used = 0
    while used < held:
        factor = 1
        for y in range(1, options[used]):
            if menu[used * DISH + y * MENU + REGRET] < width:
                factor += 1
        if counts[0] * factor > splits:
            break
        for b in range(BINS - 1, -1, -1):
            more = counts[b]
            for y in range(1, options[used]):
                shift = menu[used * DISH + y * MENU + REGRET] // width
                if shift <= b:
                    more += counts[b - shift]
            counts[b] = min(more, 1 << 40)
        used += 1
    total, steps = 0, 0
    while steps < BINS and total + counts[steps] <= splits:
        total += counts[steps]
        steps += 1
    return used, min(top, steps * width - 1), top


@inlined
def lay_out(board: Board, position: Position, group: Any, used: int, desk: Desk) -> int:
    """Put the loads of the split of least regret on the desk; returns its change of cost."""
    pair, use = board.pair, board.use
    menu, loads, spent = desk.menu, desk.loads, desk.spent
    budgets = len(spent)
    for a in range(len(group)):
        desk.slot[group[a]] = a
        for c in range(LOADS):
            loads[a * LOADS + c] = position.loads[group[a] * LOADS + c]
    for b in range(budgets):
        spent[b] = position.spent[b]
    linear = 0
    for x in range(used):
        f, e = position.chosen[desk.units[x]], menu[x * DISH + CHOICE]
        give = desk.slot[pair[f * PAIR + REP]] * LOADS
        take = menu[x * DISH + SLOT] * LOADS
        at = desk.units[x] * BURDEN
        for c, load in ((WORK, HOURS), (MONEY, POTENTIAL), (COUNT, ACCOUNTS)):
            loads[give + c] -= board.burden[at + load]
            loads[take + c] += board.burden[at + load]
        loads[give + TIME] -= pair[f * PAIR + NEED]
        loads[take + TIME] += pair[e * PAIR + NEED]
        for b in range(budgets):
            spent[b] += use[e * budgets + b] - use[f * budgets + b]
        linear += pair[e * PAIR + COST] - pair[f * PAIR + COST]
    for a in range(len(group)):
        desk.slot[group[a]] = -1
    return linear


@inlined
def total_points(
    points: Any, size: int, caps: Any, cap_rates: Any, terms: Any, spent: Any
) -> float:
    """Points of the group's reps, in their order, and of the budgets."""
    total = points[0] + points[1]
    for a in range(2, size):
        total = total + points[a]
    for b in range(len(caps)):
        total = total + overspent(caps, cap_rates, terms, b, spent[b])
    return total


@inlined
def walk(
    board: Board, position: Position, group: Any, used: int, ceiling: int, top: int, desk: Desk
) -> tuple[int, int]:
    """Try every split of regret up to `ceiling`; the best one's code, or -1, and the tries.

    Of equally good splits the one of the lowest code wins, whatever the order of the walk.
    """
    burden, use = board.burden, board.use
    rules, rates, terms, caps, cap_rates = (
        board.rules, board.rates, board.terms, board.caps, board.cap_rates
    )  # fmt: skip
    units, options, menu, path = desk.units, desk.options, desk.menu, desk.path
    loads, spent, points, saved = desk.loads, desk.spent, desk.points, desk.saved
    size, budgets = len(group), len(caps)
    for a in range(size):
        points[a] = position.points[group[a]]
    present = total_points(points, size, caps, cap_rates, terms, position.spent)
    linear = lay_out(board, position, group, used, desk)
    for a in range(size):
        at = a * LOADS
        points[a] = penalty(
            rules, rates, terms, group[a], loads[at], loads[at + 1], loads[at + 2], loads[at + 3]
        )
    best, code = present - MARGIN, -1
    value = linear * terms[POINT] + total_points(points, size, caps, cap_rates, terms, spent)
    if value < best:
        best, code = value, 0
    here, regret, depth, tried = 0, 0, 0, 1
    x, y = 0, 1
    while True:
        if x < used and regret + menu[x * DISH + MENU + REGRET] <= ceiling:
            new = x * DISH + y * MENU
            if y == options[x] or regret + menu[new + REGRET] > ceiling:
                x += 1
                y = 1
                continue
            forth = 1
        elif depth > 0:
            depth -= 1
            new = path[depth]
            x, y = new // DISH, new % DISH // MENU
            forth = -1
        else:
            break
        old = x * DISH
        a, b = menu[old + SLOT], menu[new + SLOT]
        at = units[x] * BURDEN
        give, take = a * LOADS, b * LOADS
        loads[give + WORK] -= forth * burden[at + HOURS]
        loads[take + WORK] += forth * burden[at + HOURS]
        loads[give + MONEY] -= forth * burden[at + POTENTIAL]
        loads[take + MONEY] += forth * burden[at + POTENTIAL]
        loads[give + TIME] -= forth * menu[old + HOUR]
        loads[take + TIME] += forth * menu[new + HOUR]
        loads[give + COUNT] -= forth * burden[at + ACCOUNTS]
        loads[take + COUNT] += forth * burden[at + ACCOUNTS]
        for k in range(budgets):
            spent[k] += forth * (
                use[menu[new + CHOICE] * budgets + k] - use[menu[old + CHOICE] * budgets + k]
            )
        linear += forth * (menu[new + PRICE] - menu[old + PRICE])
        regret += forth * menu[new + REGRET]
        here += forth * (y << (2 * x))
        if forth < 0:
            points[a], points[b] = saved[2 * depth], saved[2 * depth + 1]
            y += 1
            continue
        saved[2 * depth], saved[2 * depth + 1] = points[a], points[b]
        points[a] = penalty(
            rules, rates, terms, group[a],
            loads[give], loads[give + 1], loads[give + 2], loads[give + 3],
        )  # fmt: skip
        points[b] = penalty(
            rules, rates, terms, group[b],
            loads[take], loads[take + 1], loads[take + 2], loads[take + 3],
        )  # fmt: skip
        path[depth] = new
        depth += 1
        tried += 1
        value = linear * terms[POINT] + total_points(points, size, caps, cap_rates, terms, spent)
        if value < best or (value == best and code >= 0 and here < code):
            best, code = value, here
            # What this split saves, a better one cannot spend on regrets.
            ceiling = min(ceiling, top - int((present - value) / terms[POINT]))
        x += 1
        y = 1
    return code, tried


@inlined
def settle(board: Board, position: Position, group: Any, used: int, code: int, desk: Desk) -> None:
    """Take over the split of this code."""
    for x in range(used):
        e = desk.menu[x * DISH + ((code >> (2 * x)) & 3) * MENU + CHOICE]
        place(
            board.pair, board.burden, board.use, position.chosen, position.loads, position.spent, e
        )
    for a in range(len(group)):
        r = group[a]
        position.points[r] = points_of(board.rules, board.rates, board.terms, position.loads, r)


def polish(
    board: Board,
    position: Position,
    groups: Any,
    noise: Any,
    jitter: int,
    items: int,
    splits: int,
    stamp: int,
    desk: Desk,
) -> tuple[int, int]:
    """Improve group after group. Returns how many improved, and the work done in splits."""
    improved, work = 0, 0
    for g in range(len(groups)):
        group = groups[g]
        held, seen = gather(board, position, group, noise, jitter, items, stamp + g, desk)
        write_menu(board, group, held, desk)
        work += seen // 4 + 16
        if held < 2:
            continue
        used, ceiling, top = allowance(board, position, group, held, splits, desk)
        code, tried = walk(board, position, group, used, ceiling, top, desk)
        work += tried
        if code >= 0:
            settle(board, position, group, used, code, desk)
            improved += 1
    return improved, work
