"""The best way to deal out two hands, compiled: list both, and join by what loads cost."""

from __future__ import annotations

import numpy as np

from tools.balance import sharing
from tools.balance.board import (
    MONEY_AT,
    MONEY_DOWN,
    MONEY_UP,
    PER_MONEY,
    PER_WORK,
    POINT,
    WORK_AT,
    WORK_DOWN,
    WORK_UP,
)
from tools.balance.dual_kernels import compiled
from tools.balance.sharing import GRID, LOADS, MARGIN, SLOTS, WAYS

slack = compiled(sharing.slack)
unspent = compiled(sharing.unspent)

MOST = 1 << 62


@compiled
def listed(hand, items, room, desk):  # type: ignore[no-untyped-def]
    """List the cheapest ways to deal out every other unit; returns how many."""
    cost, code = desk.cost[hand], desk.code[hand]
    regret = desk.listed
    cost[0, 0] = 0
    code[0, 0] = 0
    many = 1
    now = 0
    for item in range(hand, items, 2):
        digit = item >> 1
        count = desk.many[item]
        a = 0
        b = 0
        c = 0
        made = 0
        while made < WAYS:
            least = regret[item, 0] + cost[now, a] if a < many else MOST
            o = 0
            if b < many and regret[item, 1] + cost[now, b] < least:
                least = regret[item, 1] + cost[now, b]
                o = 1
            if count > 2 and c < many and regret[item, 2] + cost[now, c] < least:
                least = regret[item, 2] + cost[now, c]
                o = 2
            if least == MOST or float(least) > room:
                break
            from_way = a
            if o == 0:
                a += 1
            elif o == 1:
                from_way = b
                b += 1
            else:
                from_way = c
                c += 1
            cost[1 - now, made] = least
            code[1 - now, made] = code[now, from_way] | (o << (2 * digit))
            made += 1
        many = made
        now = 1 - now
    _costed(hand, items, now, many, desk)
    return many


@compiled
def _costed(hand, items, now, many, desk):  # type: ignore[no-untyped-def]
    """Sort ways by their regrets, without the noise they were listed by."""
    cost, code = desk.cost[hand], desk.code[hand]
    for way in range(many):
        mine = code[now, way]
        total = 0
        for item in range(hand, items, 2):
            total += desk.regret[item, (mine >> (2 * (item >> 1))) & 3]
        at = way
        while at > 0 and cost[1 - now, at - 1] > total:
            cost[1 - now, at] = cost[1 - now, at - 1]
            code[1 - now, at] = code[1 - now, at - 1]
            at -= 1
        cost[1 - now, at] = total
        code[1 - now, at] = mine
    if now == 0:
        for way in range(many):
            cost[0, way] = cost[1, way]
            code[0, way] = code[1, way]


@compiled
def weighed(board, hand, many, items, desk):  # type: ignore[no-untyped-def]
    """Work out what each way of a hand loads."""
    loads, spent = desk.loads[hand], desk.spent[hand]
    for way in range(many):
        for load in range(SLOTS * LOADS):
            loads[way, load] = 0
        for budget in range(len(desk.budget)):
            spent[way, budget] = 0
        code = desk.code[hand, 0, way]
        for item in range(hand, items, 2):
            o = (code >> (2 * (item >> 1))) & 3
            pair, unit = desk.pair[item, o], desk.units[item]
            at = LOADS * desk.slot[item, o]
            loads[way, at] += board.burden[unit, 0]
            loads[way, at + 1] += board.burden[unit, 1]
            loads[way, at + 2] += board.need[pair]
            loads[way, at + 3] += board.burden[unit, 2]
            for budget in range(len(desk.budget)):
                spent[way, budget] += board.use[pair, budget]


@compiled
def joined(board, position, mates, many, others, room, desk):  # type: ignore[no-untyped-def]
    """Find the best two ways to combine; -1 where none is better than what there is."""
    low_work, low_money, by_work, by_money = _celled(others, desk)
    best = room - MARGIN
    one = -1
    other = -1
    if many == 0 or others == 0:
        return one, other
    head = desk.group[0]
    rates = board.rates[head]
    point = board.terms[POINT]
    cost, last = desk.cost[0, 0], desk.cost[1, 0]
    loads, more = desk.loads[0], desk.loads[1]
    for a in range(many):
        if float(cost[a] + last[0]) > best:
            break
        left = (best - float(cost[a] + last[0])) / point
        taken = desk.base[0, 0] + loads[a, 0]
        from_work, to_work = _within(
            left, taken, rates[WORK_AT], rates[WORK_DOWN], rates[WORK_UP], rates[PER_WORK]
        )
        taken = desk.base[0, 1] + loads[a, 1]
        from_money, to_money = _within(
            left, taken, rates[MONEY_AT], rates[MONEY_DOWN], rates[MONEY_UP], rates[PER_MONEY]
        )
        x, x_end = _cell(from_work, low_work, by_work), _cell(to_work, low_work, by_work)
        y, y_end = _cell(from_money, low_money, by_money), _cell(to_money, low_money, by_money)
        for column in range(x, x_end + 1):
            for k in range(
                desk.cells[column * GRID + y + 1], desk.cells[column * GRID + y_end + 2]
            ):
                b = desk.sorted[k]
                value = float(cost[a] + last[b])
                if value > best:
                    continue
                if not (
                    from_work <= more[b, 0] <= to_work and from_money <= more[b, 1] <= to_money
                ):
                    continue
                for s in range(mates):
                    value += _slack_at(board, position, s, a, b, desk)
                    if value > best:
                        break
                if value > best:
                    continue
                for budget in range(len(desk.budget)):
                    used = desk.budget[budget] + desk.spent[0, a, budget]
                    used += desk.spent[1, b, budget]
                    value += unspent_of(board, position, budget, used)
                if value < best or (value == best and a == one and b < other):
                    best = value
                    one = a
                    other = b
    return one, other


@compiled
def _celled(others, desk):  # type: ignore[no-untyped-def]
    """Sort the second hand's ways into cells by what they load the first rep with."""
    loads, cells = desk.loads[1], desk.cells
    low_work, low_money = loads[0, 0], loads[0, 1]
    high_work, high_money = low_work, low_money
    for b in range(others):
        low_work, high_work = min(low_work, loads[b, 0]), max(high_work, loads[b, 0])
        low_money, high_money = min(low_money, loads[b, 1]), max(high_money, loads[b, 1])
    by_work = GRID / (float(high_work - low_work) + 1.0)
    by_money = GRID / (float(high_money - low_money) + 1.0)
    for cell in range(GRID * GRID + 2):
        cells[cell] = 0
    for b in range(others):
        cell = _cell(float(loads[b, 0]), low_work, by_work) * GRID
        cells[cell + _cell(float(loads[b, 1]), low_money, by_money) + 1] += 1
    for cell in range(GRID * GRID):
        cells[cell + 1] += cells[cell]
    for b in range(others - 1, -1, -1):
        cell = _cell(float(loads[b, 0]), low_work, by_work) * GRID
        cell += _cell(float(loads[b, 1]), low_money, by_money)
        cells[cell + 1] -= 1
        desk.sorted[cells[cell + 1]] = b
    # Cell c now runs from cells[c + 1] to cells[c + 2].
    cells[GRID * GRID + 1] = others
    return low_work, low_money, by_work, by_money


@compiled
def _cell(load, low, by):  # type: ignore[no-untyped-def]
    return int(min(max((load - low) * by, 0.0), GRID - 1.0))


@compiled
def _within(left, taken, at, down, up, per):  # type: ignore[no-untyped-def]
    """The loads to add to `taken` that keep a rep's slack within `left` points, or more."""
    slip = 2.0 + 1e-9 * abs(float(taken))
    low = -np.inf
    high = np.inf
    if down > 0:
        low = (at - left / down) / per - taken - slip
    if up > 0:
        high = (at + left / up) / per - taken + slip
    return low, high


@compiled
def _slack_at(board, position, s, a, b, desk):  # type: ignore[no-untyped-def]
    loads, more, k = desk.loads[0], desk.loads[1], LOADS * s
    rep = desk.group[s]
    return slack(
        desk.base[s, 0] + loads[a, k] + more[b, k],
        desk.base[s, 1] + loads[a, k + 1] + more[b, k + 1],
        desk.base[s, 2] + loads[a, k + 2] + more[b, k + 2],
        desk.base[s, 3] + loads[a, k + 3] + more[b, k + 3],
        board.rates[rep],
        board.rules[rep],
        board.terms,
        position.stiff[rep],
    )


@compiled
def slack_of(board, position, rep, loads):  # type: ignore[no-untyped-def]
    """What a rep's loads cost, in units of regret."""
    return slack(
        loads[0],
        loads[1],
        loads[2],
        loads[3],
        board.rates[rep],
        board.rules[rep],
        board.terms,
        position.stiff[rep],
    )


@compiled
def unspent_of(board, position, budget, spent):  # type: ignore[no-untyped-def]
    """What one budget's use costs, in units of regret."""
    return unspent(
        spent,
        board.caps[budget],
        board.cap_rates[budget],
        board.cap_prices[budget],
        board.terms,
        position.stiff[len(board.rates)],
    )
