"""Ways out of a conflict: which rule would have to give way by how much, cheapest first.

Every way is tried on the whole problem: it is listed only where all other rules can then
hold (over shares of accounts; over whole ones in small problems). What giving way counts
is told in per cent of what the whole team has: of its hours, places or accounts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.balance.conflicts import Conflict
from tools.balance.problem import Floats, Ints, Problem
from tools.balance.programs import (
    LINEAR_PAIRS,
    burden,
    least_slack,
    proving_prices,
    whole_search,
)
from tools.balance.rule_words import (
    FEW,
    Names,
    at_least,
    listed,
    number,
    off_target,
    window_end,
)
from tools.balance.rules import Rows, Rule, rows

_LISTED = 4
_TRIED = 12
_TOLD = 5
_HALVINGS = 8
_WHOLE_PAIRS = 200
_NOTHING = 1e-6


@dataclass(frozen=True)
class Way:
    """A way out: its price in per cent of the team's whole, and the words for it."""

    price: float
    told: str


def relaxations(problem: Problem, conflict: Conflict, names: Names) -> list[str]:
    """Return up to four ways out in words, the cheapest first; none where none was found."""
    every = rows(problem)
    places = [every.rules.index(rule) for rule in conflict.rows.rules]
    if problem.pairs > LINEAR_PAIRS:
        ways = list(_by_proof(problem, conflict, names))
    else:
        ways = [*_merged(problem, every, places, names), *_freed(problem, conflict, every, names)]
        if len(places) > 1 or not ways:
            ways.extend(_together(problem, every, ways, names))
    ways.sort(key=lambda way: way.price)
    return [way.told for way in ways[:_LISTED]]


def _merged(problem: Problem, every: Rows, places: Sequence[int], names: Names) -> Iterator[Way]:
    """Let one rule give way; reps who would need the same are told in one breath."""
    same: dict[tuple[str, float], list[Rule]] = {}
    for place in places[:_TRIED]:
        found = least_slack(every, [place])
        if not found.solved:
            continue
        share: float | None = float(found.amounts[place])
        if _is_small(every):
            share = _sufficient(every, place, float(found.amounts[place]))
        if share is not None and share > _NOTHING:
            rule = every.rules[place]
            same.setdefault((rule.kind, round(share * rule.size, 3)), []).append(rule)
    for (_, amount), rules in same.items():
        price = min(amount / rule.size * rule.price for rule in rules)
        yield Way(price, _give_way(problem, rules, amount, names, sure=_is_small(every)))


def _sufficient(every: Rows, place: int, low: float) -> float | None:
    """Return by how much a rule has to give way for whole accounts to fit; None: unknown."""

    def used(amount: float) -> float | None:
        cap = every.cap.copy()
        cap[place] += amount + _NOTHING
        design = whole_search(replace(every, cap=cap)).design
        if design is None:
            return None
        return max(0.0, float(every.use[[place]].toarray()[0, design].sum() - every.cap[place]))

    found = used(low)
    if found is not None:
        return found
    most = every.use[[place]].toarray().ravel()
    high = used(float(np.maximum(most, 0.0).sum()) + abs(float(every.cap[place])))
    for _ in range(_HALVINGS):
        if high is None or high - low <= 0.01 * high:
            break
        middle = (low + high) / 2
        found = used(middle)
        low, high = (middle, high) if found is None else (low, found)
    return high


def _freed(problem: Problem, conflict: Conflict, every: Rows, names: Names) -> Iterator[Way]:
    """Let further reps take an account of the conflict, or as few of them as suffice."""
    weight = burden(conflict.rows, np.ones(len(conflict.rows.rules)))
    units = conflict.units[np.argsort(-weight, kind="stable")]
    taken = np.diff(problem.first)[units] == problem.reps
    if any(rule.falls for rule in conflict.rows.rules) or taken.all():
        return
    alone = [unit for unit in units[:FEW] if _holds(_open_to_all(problem, np.array([unit])))]
    for unit in alone:
        yield Way(_share(problem, np.array([unit])), _free(problem, np.array([unit]), names))
    low, high = 2, len(units)
    if alone or high < 2 or not _holds(_open_to_all(problem, units)):
        return
    while low < high:
        middle = (low + high) // 2
        if _holds(_open_to_all(problem, units[:middle])):
            high = middle
        else:
            low = middle + 1
    yield Way(_share(problem, units[:high]), _free(problem, units[:high], names))


def _together(problem: Problem, every: Rows, ways: Sequence[Way], names: Names) -> Iterator[Way]:
    """Let several rules give way at once, where that is cheaper or the only way."""
    found = least_slack(every)
    giving = np.flatnonzero(found.amounts > _NOTHING)
    price = sum(float(found.amounts[row]) * every.rules[row].price for row in giving)
    if not len(giving) or any(way.price <= price * 1.001 for way in ways):
        return
    told = []
    for row in giving[:_TOLD]:
        amount = float(found.amounts[row]) * every.rules[row].size
        told.append(_give_way(problem, [every.rules[row]], amount, names, sure=True))
    if len(giving) > _TOLD:
        told.append(f"{len(giving) - _TOLD} more rules likewise")
    yield Way(price, f"{'at least ' if len(told) > 1 else ''}{listed(told)}")


def _by_proof(problem: Problem, conflict: Conflict, names: Names) -> Iterator[Way]:
    """Read the ways out off the proof itself, where the problem is too large to try them."""
    rows_ = conflict.rows
    prices = np.ones(1) if len(rows_.rules) == 1 else proving_prices(rows_)
    if prices is None:
        return
    weight = burden(rows_, prices)
    excess = float(weight.sum()) - float(prices @ rows_.cap)
    same: dict[tuple[str, float], list[Rule]] = {}
    for price, rule in zip(prices, rows_.rules, strict=True):
        if price > 0 and excess > 0:
            amount = round(excess / float(price) * rule.size, 3)
            same.setdefault((rule.kind, amount), []).append(rule)
    for (_, amount), rules in same.items():
        cheapest = min(amount / rule.size * rule.price for rule in rules)
        yield Way(cheapest, _give_way(problem, rules, amount, names, sure=False))
    if len(weight) <= FEW:
        for unit in rows_.units[weight >= excess]:
            yield Way(_share(problem, np.array([unit])), _free(problem, np.array([unit]), names))


def _give_way(
    problem: Problem, rules: Sequence[Rule], amount: float, names: Names, *, sure: bool
) -> str:
    """Say which rule gives way by how much; of several rules alike, any one of them."""
    rule = rules[0]
    if rule.kind == "limit" or _counts(problem, rule):
        amount = float(np.ceil(amount - 1e-6))
    more = f"{'' if sure else 'at least '}{at_least(amount)}"
    if rule.kind == "budget":
        budget = problem.budgets[rule.index]
        return f"raise {budget.name} from {number(budget.cap)} by {more}"
    who = " or ".join(names.rep(rule.index) for rule in rules)
    if len(rules) > _TOLD:
        who = "any one rep" if len(rules) == problem.reps else "any one of these reps"
    if rule.kind == "capacity":
        return f"give {who} {more} h more"
    if rule.kind == "limit":
        return f"let {who} have {more} more account{'s' if amount > 1 else ''}"
    end = window_end(problem, rule) + (-amount if rule.falls else amount) / rule.size
    edge = (np.floor(end * 100 + 1e-6) if rule.falls else np.ceil(end * 100 - 1e-6)) / 100
    what = "workload" if rule.kind.startswith("work") else "potential"
    most = "as little as" if rule.falls else "as much as"
    return f"let {who} get {most} {off_target(float(edge), what)}"


def _counts(problem: Problem, rule: Rule) -> bool:
    """Whether a budget counts whole things."""
    if rule.kind != "budget":
        return False
    use = problem.budgets[rule.index].use
    return bool(np.all(use == np.round(use)))


def _free(problem: Problem, units: Ints, names: Names) -> str:
    one = len(units) == 1 and problem.first[units[0] + 1] - problem.first[units[0]] == 1
    locked = one and int(units[0]) in names.locks
    told = f"{number(float(problem.hours[units].sum()))} h"
    if locked:
        return f"free {names.unit(int(units[0]))} ({told}; locked {names.locks[int(units[0])]})"
    if len(units) == 1:
        return f"open {names.unit(int(units[0]))} ({told}) to further reps"
    return f"open {names.some_units(units)} ({told} together) to further reps"


def _share(problem: Problem, units: Ints) -> float:
    return 100.0 * float(problem.accounts[units].sum()) / float(problem.accounts.sum())


def _holds(problem: Problem) -> bool:
    every = rows(problem)
    return (
        whole_search(every).design is not None
        if _is_small(every)
        else least_slack(every, []).solved
    )


def _is_small(every: Rows) -> bool:
    return len(every.unit) <= _WHOLE_PAIRS


def _open_to_all(problem: Problem, units: Ints) -> Problem:
    """Return the problem with every rep eligible for some units, at their usual travel."""
    missing = np.ones((len(units), problem.reps), dtype=bool)
    which = np.full(problem.units, -1)
    which[units] = np.arange(len(units))
    theirs = which[problem.unit] >= 0
    missing[which[problem.unit[theirs]], problem.rep[theirs]] = False
    row, rep = np.nonzero(missing)
    unit = np.concatenate([problem.unit, units[row]])
    every_rep = np.concatenate([problem.rep, rep])
    order = np.lexsort((every_rep, unit))
    pairs = np.maximum(np.diff(problem.first), 1)

    def longer(values: Floats) -> Floats:
        usual = np.bincount(problem.unit, values, problem.units) / pairs
        return np.asarray(np.concatenate([values, usual[units[row]]])[order])

    return replace(
        problem,
        first=np.concatenate([[0], np.cumsum(np.bincount(unit, minlength=problem.units))]),
        rep=every_rep[order],
        travel=longer(problem.travel),
        disruption=longer(problem.disruption),
        preference=longer(problem.preference),
        present=np.full(problem.units, -1),
        budgets=tuple(replace(budget, use=longer(budget.use)) for budget in problem.budgets),
    )
