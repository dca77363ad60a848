"""Turns of sharing in numpy: the same bytes as `sharing_fast`, some 25 times slower."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.balance.board import (
    COUNT,
    COUNT_MOST,
    MONEY,
    MONEY_LEAST,
    MONEY_MOST,
    NEVER,
    STIR,
    TIME,
    TIME_MOST,
    WORK,
    WORK_LEAST,
    WORK_MOST,
    Board,
    Position,
)
from tools.balance.problem import Floats, Ints
from tools.balance.sharing import (
    ITEMS,
    LOADS,
    MARGIN,
    NOISE_BITS,
    NOISES,
    OFTEN,
    SLOTS,
    SOFTER,
    SOONER,
    STIFFER,
    STIFFEST,
    TRIALS,
    URGENT,
    WAYS,
    Desk,
    hashed,
    slack,
    stamp_of,
    unspent,
)

_ENDLESS = 1 << 62


def turns(
    board: Board,
    position: Position,
    reps: Ints,
    units: Ints,
    heats: Ints,
    begin: int,
    size: int,
    desk: Desk,
) -> None:
    """See `sharing_fast.turns`."""
    for turn, heat in enumerate(heats.tolist(), begin):
        holder = board.rep[position.chosen[units]]
        held = {rep: units[holder == rep] for rep in reps.tolist()}
        order = reps.tolist()
        for k in range(len(order) - 1, 0, -1):
            other = hashed(turn, 2 * k) % (k + 1)
            order[k], order[other] = order[other], order[k]
        free = set(order)
        for place, rep in enumerate(order):
            if rep in free:
                group = _grouped(board, turn, place, rep, held, free, size)
                if len(group) > 1:
                    _share(board, position, group, held, stamp_of(turn), heat, desk.noise)
        over, under = _broken(board, position, reps)
        broken = np.append(over | under, (position.spent > board.caps).any())
        at = np.append(reps, len(board.rates))
        stiff = position.stiff[at] * np.where(broken, STIFFER, SOFTER)
        position.stiff[at] = np.clip(stiff, 1.0, STIFFEST)


def _grouped(
    board: Board,
    turn: int,
    place: int,
    rep: int,
    held: dict[int, Ints],
    free: set[int],
    size: int,
) -> list[int]:
    group = [rep]
    free.remove(rep)
    for trial in range(TRIALS):
        if len(group) == size:
            break
        mine = held[group[hashed(turn, 128 * place + 2 * trial + 1) % len(group)]]
        if not len(mine):
            continue
        word = hashed(turn, 128 * place + 2 * trial + 2)
        unit = int(mine[word % len(mine)])
        first, end = int(board.first[unit]), int(board.first[unit + 1])
        mate = int(board.rep[first + hashed(word, turn) % (end - first)])
        if mate in free:
            group.append(mate)
            free.remove(mate)
    return group


class _Items(NamedTuple):
    """The shared units; per unit and option the pair, the slot of its rep and the regret.

    `listed` is the regret with the noise by which ways are listed.
    """

    units: Ints
    pair: Ints
    slot: Ints
    regret: Ints
    listed: Ints


class _Hand(NamedTuple):
    """Ways to deal out some units: cost, option per unit, loads per slot, use of budgets."""

    cost: Ints
    option: Ints
    loads: Ints
    spent: Ints


def _share(
    board: Board,
    position: Position,
    group: list[int],
    held: dict[int, Ints],
    stamp: int,
    heat: int,
    noise: Ints,
) -> None:
    items = _gathered(board, position, group, held, stamp, heat, noise)
    if not len(items.units):
        return
    present = position.chosen[items.units]
    here = items.pair == present[:, None]
    base = position.loads[group].copy()
    for load, taken in enumerate(_takes(board, items.units, present)):
        np.subtract.at(base[:, load], items.slot[here], taken)
    budget = position.spent - board.use[present].sum(axis=0)
    room = float(items.regret[here].sum())
    for rep in group:
        room += float(_slack(board, position, rep, position.loads[rep]))
    for number, spent in enumerate(position.spent):
        room += float(_unspent(board, position, number, spent))
    hands = [_dealt(board, items, hand, room) for hand in range(2)]
    found = _joined(board, position, group, hands, base, budget, room)
    if found is None:
        return
    option = np.empty(len(items.units), dtype=np.int64)
    for hand in range(2):
        option[hand::2] = hands[hand].option[found[hand]]
    pair = np.take_along_axis(items.pair, option[:, None], axis=1)[:, 0]
    for sign, pairs in ((-1, present), (1, pair)):
        for load, taken in enumerate(_takes(board, items.units, pairs)):
            np.add.at(position.loads[:, load], board.rep[pairs], sign * taken)
        position.spent[:] += sign * board.use[pairs].sum(axis=0)
    position.chosen[items.units] = pair


def _takes(board: Board, units: Ints, pairs: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    work, money, count = board.burden[units].T
    return work, money, board.need[pairs], count


def _slack(board: Board, position: Position, rep: int, loads: Ints) -> Floats:
    """Of loads in the last axis."""
    work, money, time, count = np.moveaxis(loads, -1, 0)
    rates, rules = board.rates[rep], board.rules[rep]
    stiff = position.stiff[rep]
    return np.asarray(slack(work, money, time, count, rates, rules, board.terms, stiff))


def _unspent(board: Board, position: Position, budget: int, spent: Ints) -> Floats:
    return np.asarray(
        unspent(
            spent,
            board.caps[budget],
            board.cap_rates[budget],
            board.cap_prices[budget],
            board.terms,
            position.stiff[-1],
        )
    )


def _gathered(
    board: Board,
    position: Position,
    group: list[int],
    held: dict[int, Ints],
    stamp: int,
    heat: int,
    noise: Ints,
) -> _Items:
    units = np.concatenate([held[rep] for rep in group])
    slot = np.repeat(np.arange(len(group)), [len(held[rep]) for rep in group])
    bare = board.price[np.ix_(np.array(group), units)].T.astype(np.int64)
    price = bare
    urgent, chance = _urgent(board, position, group, units, slot, bare != NEVER)
    if heat > 0:
        words = hashed(units[:, None], stamp + np.array(group)[None, :]) & (NOISES - 1)
        price = bare + ((heat * noise[words]) >> NOISE_BITS)
    price = np.where(bare == NEVER, _ENDLESS, price)
    words = hashed(units, stamp)
    urgent &= words % max(chance, 1) == 0
    several = (bare != NEVER).sum(axis=1) > 1
    units, slot, price = units[several], slot[several], price[several]
    urgent, words = urgent[several], words[several]
    order = np.argsort(price, axis=1, kind="stable")
    ranked = np.take_along_axis(price, order, axis=1)
    here = np.take_along_axis(price, slot[:, None], axis=1)[:, 0]
    first, second = ranked[:, 0], ranked[:, 1]
    score = np.where(here > first, first, second) - here
    if stamp % OFTEN == 0:
        score = score * board.slight[units]
    score = np.where(urgent, words - SOONER, score)
    best = np.lexsort((units, score))[:ITEMS]
    units, order, ranked = units[best], order[best], ranked[best]
    pair = board.at[np.array(group)[order], units[:, None]].astype(np.int64)
    regret = np.where(ranked == _ENDLESS, _ENDLESS, ranked - ranked[:, :1])
    listed = regret
    if chance:
        words = hashed(units[:, None], stamp + 7 * np.array(group)[order] + 3) & (NOISES - 1)
        stir = (int(board.terms[STIR]) * noise[words]) >> NOISE_BITS
        listed = np.where(ranked == _ENDLESS, _ENDLESS, regret + np.maximum(stir, 0))
    return _Items(units, pair, order, regret, listed)


def _broken(
    board: Board, position: Position, reps: Ints
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each rep has too much of something, and too little."""
    loads, rules = position.loads[reps], board.rules[reps]
    over = (loads[:, TIME] > rules[:, TIME_MOST]) | (loads[:, COUNT] > rules[:, COUNT_MOST])
    over |= (loads[:, WORK] > rules[:, WORK_MOST]) | (loads[:, MONEY] > rules[:, MONEY_MOST])
    under = (loads[:, WORK] < rules[:, WORK_LEAST]) | (loads[:, MONEY] < rules[:, MONEY_LEAST])
    return over, under


def _urgent(
    board: Board,
    position: Position,
    group: list[int],
    units: Ints,
    slot: Ints,
    able: NDArray[np.bool_],
) -> tuple[NDArray[np.bool_], int]:
    """Whether taking a unit from its rep could mend a broken rule; of how many one is picked.

    That is 0 where no rule is broken.
    """
    over, under = _broken(board, position, np.array(group))
    others = np.arange(len(group)) != slot[:, None]
    spent = board.use[position.chosen[units]][:, position.spent > board.caps]
    urgent = over[slot] | (able & others & under).any(axis=1) | (spent > 0).any(axis=1)
    broken = over.any() or under.any() or spent.shape[1] > 0
    return urgent, max(1, int(urgent.sum()) // URGENT) if broken else 0


def _dealt(board: Board, items: _Items, hand: int, room: float) -> _Hand:
    units, pairs = items.units[hand::2], items.pair[hand::2]
    slots, regrets = items.slot[hand::2], items.regret[hand::2]
    cost, option = np.zeros(1, dtype=np.int64), np.zeros((1, 0), dtype=np.int64)
    for regret in items.listed[hand::2]:
        able = np.flatnonzero(regret != _ENDLESS)
        # All ways with the first option, then all with the second: equals stay in that order.
        all_costs = (regret[able][:, None] + cost).ravel()
        order = np.argsort(all_costs, kind="stable")[:WAYS]
        order = order[all_costs[order].astype(np.float64) <= room]
        chosen, way = able[order // len(cost)], order % len(cost)
        option = np.concatenate([option[way], chosen[:, None]], axis=1)
        cost = all_costs[order]
        if not len(cost):
            break
    bare = [regrets[item, option[:, item]] for item in range(option.shape[1])]
    cost = np.sum(bare, axis=0, dtype=np.int64) if bare else cost
    order = np.argsort(cost, kind="stable")
    cost, option = cost[order], option[order]
    many, budgets = len(cost), board.use.shape[1]
    loads = np.zeros((many, SLOTS, LOADS), dtype=np.int64)
    spent = np.zeros((many, budgets), dtype=np.int64)
    rows = np.arange(many)
    for item in range(option.shape[1]):
        picked = option[:, item]
        pair, slot = pairs[item, picked], slots[item, picked]
        for load, taken in enumerate(_takes(board, units[[item]], pair)):
            loads[rows, slot, load] += taken
        spent += board.use[pair]
    return _Hand(cost, option, loads, spent)


def _joined(
    board: Board,
    position: Position,
    group: list[int],
    hands: list[_Hand],
    base: Ints,
    budget: Ints,
    room: float,
) -> tuple[int, int] | None:
    one, other = hands
    if not len(one.cost) or not len(other.cost):
        return None
    value = (one.cost[:, None] + other.cost).astype(np.float64)
    for s, rep in enumerate(group):
        loads = base[s] + one.loads[:, None, s] + other.loads[:, s]
        value = value + _slack(board, position, rep, loads)
    for number in range(len(budget)):
        used = budget[number] + one.spent[:, None, number] + other.spent[:, number]
        value = value + _unspent(board, position, number, used)
    a, b = divmod(int(np.argmin(value)), len(other.cost))
    return (a, b) if value[a, b] < room - MARGIN else None
