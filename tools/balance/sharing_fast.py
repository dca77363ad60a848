"""Turns of sharing, compiled; `sharing` tells what a turn is.

Compiled code allocates nothing and counts no references, over which two threads would
wait for each other.
"""

from __future__ import annotations

from tools.balance import sharing
from tools.balance.dual_kernels import compiled
from tools.balance.sharing import LOADS, SOFTER, STIFFER, STIFFEST, TRIALS
from tools.balance.sharing_join import joined, listed, slack_of, unspent_of, weighed
from tools.balance.sharing_pick import gathered, hashed, overdrawn, too_little, too_much

stamp_of = compiled(sharing.stamp_of)


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
            broken = too_much(board, position, reps[rep]) or too_little(board, position, reps[rep])
            _stiffen(position, reps[rep], broken)
        _stiffen(position, len(board.rates), overdrawn(board, position))


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
    items = gathered(board, position, mates, stamp, heat, desk)
    if items == 0:
        return
    room = _worth(board, position, mates, items, desk)
    many = listed(0, items, room, desk)
    others = listed(1, items, room, desk)
    weighed(board, 0, many, items, desk)
    weighed(board, 1, others, items, desk)
    one, other = joined(board, position, mates, many, others, room, desk)
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
def _stiffen(position, at, broken):  # type: ignore[no-untyped-def]
    stiff = position.stiff[at] * (STIFFER if broken else SOFTER)
    position.stiff[at] = min(max(stiff, 1.0), STIFFEST)


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
        worth += slack_of(board, position, rep, position.loads[rep])
    for budget in range(len(position.spent)):
        worth += unspent_of(board, position, budget, position.spent[budget])
    return worth
