"""The polish of `splits` without a compiler: the same splits, listed by numpy all at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from tools.balance.board import (
    ACCOUNTS,
    BURDEN,
    CAPACITY,
    COUNT,
    FAST,
    FAST_OFF,
    HOURS,
    LIMIT,
    LOADS,
    MID,
    MID_OFF,
    MONEY,
    POINT,
    POTENTIAL,
    POTENTIAL_HIGH,
    POTENTIAL_LOW,
    POTENTIAL_SCALE,
    RATES,
    RULES,
    SLOW,
    STEEP,
    TIME,
    WORK,
    WORK_HIGH,
    WORK_LOW,
    WORK_SCALE,
    Board,
    Position,
)
from tools.balance.kernels import MARGIN, overspent
from tools.balance.problem import Floats, Ints
from tools.balance.splits import allowance, lay_out, settle
from tools.balance.undecided import CHOICE, DISH, HOUR, MENU, PRICE, REGRET, SLOT, Desk, gather, write_menu  # fmt: skip


def polish_plain(
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
    """Do what `splits.polish` does, on lists."""
    improved, work = 0, 0
    for g, group in enumerate(groups):
        held, seen = gather(board, position, group, noise, jitter, items, stamp + g, desk)
        write_menu(board, group, held, desk)
        work += seen // 4 + 16
        if held < 2:
            continue
        used, ceiling, _ = allowance(board, position, group, held, splits, desk)
        code, tried = _list(board, position, group, used, ceiling, desk)
        work += tried
        if code >= 0:
            settle(board, position, group, used, code, desk)
            improved += 1
    return improved, work


def _list(
    board: Board, position: Position, group: Any, used: int, ceiling: int, desk: Desk
) -> tuple[int, int]:
    """Return the best split's code, or -1, and how many splits there were."""
    budgets = len(board.caps)
    present = _sum([position.points[r] for r in group], board, position.spent)
    linear = lay_out(board, position, group, used, desk)
    size = len(group)
    # One row per split: regret, code, cost, the budgets' use, the reps' loads.
    base = [0, 0, linear, *desk.spent, *desk.loads[: size * LOADS]]
    states = np.array([base], np.int64)
    for x in range(used):
        found = [states]
        for y in range(1, desk.options[x]):
            step = _step(board, budgets, size, x, y, desk)
            found.append(states[states[:, 0] + step[0] <= ceiling] + step)
        states = np.concatenate(found)
    loads = states[:, 3 + budgets :].reshape(-1, size, LOADS)
    points = [penalties(board, r, loads[:, a]) for a, r in enumerate(group)]
    value = states[:, 2] * board.terms[POINT] + _sum(points, board, states[:, 3 : 3 + budgets].T)
    best = value.min()
    if not best < present - MARGIN:
        return -1, len(states)
    return int(states[value == best, 1].min()), len(states)


def _step(board: Board, budgets: int, size: int, x: int, y: int, desk: Desk) -> Ints:
    """What choosing option y instead of the cheapest one changes in a row."""
    old, new = x * DISH, x * DISH + y * MENU
    menu = desk.menu
    step = np.zeros(3 + budgets + size * LOADS, np.int64)
    step[0], step[1], step[2] = menu[new + REGRET], y << (2 * x), menu[new + PRICE] - menu[old + PRICE]
    for b in range(budgets):
        e, f = menu[new + CHOICE], menu[old + CHOICE]
        step[3 + b] = board.use[e * budgets + b] - board.use[f * budgets + b]
    loads = step[3 + budgets :].reshape(size, LOADS)
    at = desk.units[x] * BURDEN
    for slot, hour, sign in ((menu[old + SLOT], menu[old + HOUR], -1), (menu[new + SLOT], menu[new + HOUR], 1)):
        loads[slot, WORK] += sign * board.burden[at + HOURS]
        loads[slot, MONEY] += sign * board.burden[at + POTENTIAL]
        loads[slot, TIME] += sign * hour
        loads[slot, COUNT] += sign * board.burden[at + ACCOUNTS]
    return step


def _sum(points: Any, board: Board, spent: Any) -> Any:
    total = points[0] + points[1]
    for more in points[2:]:
        total = total + more
    for b in range(len(board.caps)):
        if isinstance(spent[b], np.ndarray):
            over = (spent[b] - board.caps[b]) * board.cap_rates[b]
            over = board.terms[STEEP] * (0.0001 + over)
            total = total + np.where(spent[b] <= board.caps[b], 0.0, over)
        else:
            total = total + overspent(board.caps, board.cap_rates, board.terms, b, spent[b])
    return total


def penalties(board: Board, rep: int, loads: Ints) -> Floats:
    """`kernels.penalty` of many rows of loads at once, by the same formulas."""
    terms, rate, rule = board.terms, rep * RATES, rep * RULES
    work, money, time, count = loads[:, WORK], loads[:, MONEY], loads[:, TIME], loads[:, COUNT]
    per_work, per_money = board.rates[rate + WORK], board.rates[rate + MONEY]
    points = terms[WORK_SCALE] * _bent(terms, work * per_work - 1.0)
    points = points + terms[POTENTIAL_SCALE] * _bent(terms, money * per_money - 1.0)
    over = np.zeros(len(loads))
    for load, most, per in (
        (time, board.rules[rule + CAPACITY], board.rates[rate + TIME]),
        (count, board.rules[rule + LIMIT], board.rates[rate + COUNT]),
        (-work, -board.rules[rule + WORK_LOW], per_work),
        (work, board.rules[rule + WORK_HIGH], per_work),
        (-money, -board.rules[rule + POTENTIAL_LOW], per_money),
        (money, board.rules[rule + POTENTIAL_HIGH], per_money),
    ):
        over = over + np.where(load > most, 0.0001 + (load - most) * per, 0.0)
    return np.asarray(points + terms[STEEP] * over)


def _bent(terms: Any, deviation: Floats) -> Floats:
    off = np.abs(deviation)
    near = terms[SLOW] * off
    mid = terms[MID] * off - terms[MID_OFF]
    far = terms[FAST] * off - terms[FAST_OFF]
    return np.asarray(np.maximum(far, np.maximum(mid, near)))
