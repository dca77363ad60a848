"""Turns of sharing, compiled; `sharing` tells what a turn is.

Compiled code allocates nothing and counts no references, over which two threads would
wait for each other.
"""

from __future__ import annotations

import numpy as np

from tools.balance import sharing
from tools.balance.board import (
    COUNT,
    COUNT_MOST,
    MONEY,
    MONEY_AT,
    MONEY_DOWN,
    MONEY_LEAST,
    MONEY_MOST,
    MONEY_UP,
    NEVER,
    PER_MONEY,
    PER_WORK,
    POINT,
    STIR,
    TIME,
    TIME_MOST,
    WORK,
    WORK_AT,
    WORK_DOWN,
    WORK_LEAST,
    WORK_MOST,
    WORK_UP,
)
from tools.balance.dual_kernels import compiled
from tools.balance.sharing import (
    GRID,
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
)

hashed = compiled(sharing.hashed)
stamp_of = compiled(sharing.stamp_of)
slack = compiled(sharing.slack)
unspent = compiled(sharing.unspent)

MOST = 1 << 62


@compiled
def turns(board, position, reps, units, heats, begin, size, desk):  # type: ignore[no-untyped-def]
    """Take one turn at each heat: groups of `size` reps share, each rep at most once.

    `units` are those that `reps` hold; nobody else's change. `begin` numbers the turns,
    and decides what chance there is in them.
    """
    for k in range(len(heats)):
        turn = begin + k
        stamp = stamp_of(turn)
        _listed_members(board, position, reps, units, desk)
        many = len(reps)
        for rep in range(many):
            desk.order[rep] = reps[rep]
            desk.free[reps[rep]] = 1
        for rep in range(many - 1, 0, -1):
            other = hashed(turn, 2 * rep) % (rep + 1)
            desk.order[rep], desk.order[other] = desk.order[other], desk.order[rep]
        for rep in range(many):
            mates = _grouped(board, turn, rep, size, desk)
            if mates > 1:
                _share(board, position, mates, stamp, heats[k], desk)
        for rep in range(many):
            desk.free[reps[rep]] = 0
            broken = _too_much(board, position, reps[rep]) or _too_little(
                board, position, reps[rep]
            )
            _stiffen(position, reps[rep], broken)
        _stiffen(position, len(board.rates), _overdrawn(board, position))


@compiled
def _listed_members(board, position, reps, units, desk):  # type: ignore[no-untyped-def]
    """List the units of each rep, in the order of `units`."""
    for rep in range(len(desk.fill)):
        desk.fill[rep] = 0
    for k in range(len(units)):
        desk.fill[board.rep[position.chosen[units[k]]]] += 1
    start = 0
    for k in range(len(reps)):
        rep = reps[k]
        desk.start[rep] = start
        start += desk.fill[rep]
        desk.fill[rep] = 0
    for k in range(len(units)):
        rep = board.rep[position.chosen[units[k]]]
        desk.members[desk.start[rep] + desk.fill[rep]] = units[k]
        desk.fill[rep] += 1


@compiled
def _grouped(board, turn, place, size, desk):  # type: ignore[no-untyped-def]
    """Gather free reps around one, by random units that they could take from each other."""
    if desk.free[desk.order[place]] == 0:
        return 0
    desk.group[0] = desk.order[place]
    desk.free[desk.group[0]] = 0
    many = 1
    for trial in range(TRIALS):
        if many == size:
            break
        word = hashed(turn, 128 * place + 2 * trial + 1)
        rep = desk.group[word % many]
        if desk.fill[rep] == 0:
            continue
        word = hashed(turn, 128 * place + 2 * trial + 2)
        unit = desk.members[desk.start[rep] + word % desk.fill[rep]]
        first = board.first[unit]
        word = hashed(word, turn)
        mate = board.rep[first + word % (board.first[unit + 1] - first)]
        if desk.free[mate] == 1:
            desk.group[many] = mate
            desk.free[mate] = 0
            many += 1
    return many


@compiled
def _share(board, position, mates, stamp, heat, desk):  # type: ignore[no-untyped-def]
    """Share out the most undecided units of `desk.group`, if another way is better."""
    items = _gathered(board, position, mates, stamp, heat, desk)
    if items == 0:
        return
    room = _worth(board, position, mates, items, desk)
    many = _listed(0, items, room, desk)
    others = _listed(1, items, room, desk)
    _weighed(board, 0, many, items, desk)
    _weighed(board, 1, others, items, desk)
    one, other = _joined(board, position, mates, many, others, room, desk)
    if one < 0:
        return
    for item in range(items):
        hand, digit = item & 1, item >> 1
        code = desk.code[hand, 0, one if hand == 0 else other]
        pair = desk.pair[item, (code >> (2 * digit)) & 3]
        _placed(board, position, desk.units[item], pair)


@compiled
def _placed(board, position, unit, pair):  # type: ignore[no-untyped-def]
    """Give a unit to another rep."""
    before = position.chosen[unit]
    for sign in range(-1, 2, 2):
        at = before if sign < 0 else pair
        rep = board.rep[at]
        position.loads[rep, 0] += sign * board.burden[unit, 0]
        position.loads[rep, 1] += sign * board.burden[unit, 1]
        position.loads[rep, 2] += sign * board.need[at]
        position.loads[rep, 3] += sign * board.burden[unit, 2]
        for budget in range(len(position.spent)):
            position.spent[budget] += sign * board.use[at, budget]
    position.chosen[unit] = pair


@compiled
def _gathered(board, position, mates, stamp, heat, desk):  # type: ignore[no-untyped-def]
    """Find the most undecided units and their options, cheapest first; returns how many."""
    items = 0
    option = desk.option
    chance = _chance_of_urgent(board, position, mates, desk)
    for s in range(mates):
        rep = desk.group[s]
        for k in range(desk.start[rep], desk.start[rep] + desk.fill[rep]):
            unit = desk.members[k]
            here = np.int64(0)
            count = 0
            for t in range(mates):
                bare = board.price[desk.group[t], unit]
                if bare == NEVER:
                    continue
                price = np.int64(bare)
                if heat > 0:
                    noise = desk.noise[hashed(unit, stamp + desk.group[t]) & (NOISES - 1)]
                    price += (heat * noise) >> NOISE_BITS
                if t == s:
                    here = price
                at = count
                while at > 0 and option[0, at - 1] > price:
                    option[0, at] = option[0, at - 1]
                    option[1, at] = option[1, at - 1]
                    at -= 1
                option[0, at] = price
                option[1, at] = t
                count += 1
            if count < 2:
                continue
            score = option[0, 1] - here
            if here > option[0, 0]:
                score = option[0, 0] - here
            if stamp % OFTEN == 0:
                score = score * board.slight[unit]
            if chance > 0 and _urgent(board, position, unit, s, mates, desk):
                word = hashed(unit, stamp)
                if word % chance == 0:
                    score = word - SOONER
            at = items
            while at > 0 and (
                desk.score[at - 1] > score
                or (desk.score[at - 1] == score and desk.units[at - 1] > unit)
            ):
                at -= 1
            if at == ITEMS:
                continue
            items = min(items + 1, ITEMS)
            for after in range(items - 1, at, -1):
                desk.score[after] = desk.score[after - 1]
                desk.units[after] = desk.units[after - 1]
                desk.many[after] = desk.many[after - 1]
                for o in range(SLOTS):
                    desk.slot[after, o] = desk.slot[after - 1, o]
                    desk.regret[after, o] = desk.regret[after - 1, o]
            desk.score[at] = score
            desk.units[at] = unit
            desk.many[at] = count
            for o in range(count):
                desk.slot[at, o] = option[1, o]
                desk.regret[at, o] = option[0, o] - option[0, 0]
    for item in range(items):
        for o in range(desk.many[item]):
            rep = desk.group[desk.slot[item, o]]
            desk.pair[item, o] = board.at[rep, desk.units[item]]
            # Ways are listed by regrets with more noise where a rule is broken: all the
            # cheapest ways may break it.
            desk.listed[item, o] = desk.regret[item, o]
            if chance > 0:
                noise = desk.noise[hashed(desk.units[item], stamp + 7 * rep + 3) & (NOISES - 1)]
                stir = np.int64(board.terms[STIR])
                desk.listed[item, o] += max(0, (stir * noise) >> NOISE_BITS)
    return items


@compiled
def _chance_of_urgent(board, position, mates, desk):  # type: ignore[no-untyped-def]
    """See which rules are broken; returns of how many urgent units one is picked, or 0."""
    broken = 0
    for s in range(mates):
        desk.pressed[s, 0] = _too_much(board, position, desk.group[s])
        desk.pressed[s, 1] = _too_little(board, position, desk.group[s])
        broken += desk.pressed[s, 0] + desk.pressed[s, 1]
    desk.pressed[SLOTS, 0] = _overdrawn(board, position)
    broken += desk.pressed[SLOTS, 0]
    if broken == 0:
        return 0
    many = 0
    for s in range(mates):
        rep = desk.group[s]
        for k in range(desk.start[rep], desk.start[rep] + desk.fill[rep]):
            many += _urgent(board, position, desk.members[k], s, mates, desk)
    return max(1, many // URGENT)


@compiled
def _too_much(board, position, rep):  # type: ignore[no-untyped-def]
    loads, rules = position.loads[rep], board.rules[rep]
    return (
        loads[TIME] > rules[TIME_MOST]
        or loads[COUNT] > rules[COUNT_MOST]
        or loads[WORK] > rules[WORK_MOST]
        or loads[MONEY] > rules[MONEY_MOST]
    )


@compiled
def _too_little(board, position, rep):  # type: ignore[no-untyped-def]
    loads, rules = position.loads[rep], board.rules[rep]
    return loads[WORK] < rules[WORK_LEAST] or loads[MONEY] < rules[MONEY_LEAST]


@compiled
def _overdrawn(board, position):  # type: ignore[no-untyped-def]
    broken = False
    for budget in range(len(position.spent)):
        broken = broken or position.spent[budget] > board.caps[budget]
    return broken


@compiled
def _stiffen(position, at, broken):  # type: ignore[no-untyped-def]
    stiff = position.stiff[at] * (STIFFER if broken else SOFTER)
    position.stiff[at] = min(max(stiff, 1.0), STIFFEST)


@compiled
def _urgent(board, position, unit, s, mates, desk):  # type: ignore[no-untyped-def]
    """Whether taking a unit from its rep could mend a broken rule."""
    if desk.pressed[s, 0] == 1:
        return True
    if desk.pressed[SLOTS, 0] == 1:
        for budget in range(len(position.spent)):
            drawn = board.use[position.chosen[unit], budget] > 0
            if drawn and position.spent[budget] > board.caps[budget]:
                return True
    for t in range(mates):
        if t != s and desk.pressed[t, 1] == 1 and board.price[desk.group[t], unit] != NEVER:
            return True
    return False


@compiled
def _worth(board, position, mates, items, desk):  # type: ignore[no-untyped-def]
    """What the present way counts; sets what the reps have beside the shared units."""
    for s in range(mates):
        for load in range(LOADS):
            desk.base[s, load] = position.loads[desk.group[s], load]
    for budget in range(len(desk.budget)):
        desk.budget[budget] = position.spent[budget]
    cost = 0
    for item in range(items):
        pair = position.chosen[desk.units[item]]
        for o in range(desk.many[item]):
            if desk.pair[item, o] == pair:
                cost += desk.regret[item, o]
                s = desk.slot[item, o]
                desk.base[s, 0] -= board.burden[desk.units[item], 0]
                desk.base[s, 1] -= board.burden[desk.units[item], 1]
                desk.base[s, 2] -= board.need[pair]
                desk.base[s, 3] -= board.burden[desk.units[item], 2]
        for budget in range(len(desk.budget)):
            desk.budget[budget] -= board.use[pair, budget]
    worth = float(cost)
    for s in range(mates):
        rep = desk.group[s]
        worth += _slack_of(board, position, rep, position.loads[rep])
    for budget in range(len(position.spent)):
        worth += _unspent_of(board, position, budget, position.spent[budget])
    return worth


@compiled
def _listed(hand, items, room, desk):  # type: ignore[no-untyped-def]
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
def _weighed(board, hand, many, items, desk):  # type: ignore[no-untyped-def]
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
def _joined(board, position, mates, many, others, room, desk):  # type: ignore[no-untyped-def]
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
                    value += _unspent_of(board, position, budget, used)
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
def _slack_of(board, position, rep, loads):  # type: ignore[no-untyped-def]
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
def _unspent_of(board, position, budget, spent):  # type: ignore[no-untyped-def]
    return unspent(
        spent,
        board.caps[budget],
        board.cap_rates[budget],
        board.cap_prices[budget],
        board.terms,
        position.stiff[len(board.rates)],
    )
