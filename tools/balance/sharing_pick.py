"""Which units a group shares out, compiled: the most undecided, and those that mend rules."""

from __future__ import annotations

import numpy as np

from tools.balance import sharing
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
)
from tools.balance.dual_kernels import compiled
from tools.balance.sharing import ITEMS, NOISE_BITS, NOISES, OFTEN, SLOTS, SOONER, URGENT

hashed = compiled(sharing.hashed)


@compiled
def gathered(board, position, mates, stamp, heat, desk):  # type: ignore[no-untyped-def]
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
        desk.pressed[s, 0] = too_much(board, position, desk.group[s])
        desk.pressed[s, 1] = too_little(board, position, desk.group[s])
        broken += desk.pressed[s, 0] + desk.pressed[s, 1]
    desk.pressed[SLOTS, 0] = overdrawn(board, position)
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
def too_much(board, position, rep):  # type: ignore[no-untyped-def]
    """Whether a rep has more of something than a rule allows."""
    loads, rules = position.loads[rep], board.rules[rep]
    return (
        loads[TIME] > rules[TIME_MOST]
        or loads[COUNT] > rules[COUNT_MOST]
        or loads[WORK] > rules[WORK_MOST]
        or loads[MONEY] > rules[MONEY_MOST]
    )


@compiled
def too_little(board, position, rep):  # type: ignore[no-untyped-def]
    """Whether a rep has less of something than a window allows."""
    loads, rules = position.loads[rep], board.rules[rep]
    return loads[WORK] < rules[WORK_LEAST] or loads[MONEY] < rules[MONEY_LEAST]


@compiled
def overdrawn(board, position):  # type: ignore[no-untyped-def]
    """Whether a budget is."""
    broken = False
    for budget in range(len(position.spent)):
        broken = broken or position.spent[budget] > board.caps[budget]
    return broken


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
