"""What each rule costs a design, in points: locks, objections, limits, windows, eligibility.

A rule that takes pairs away costs what the bound would fall by if they came back, at the
design's own prices: for each unit, its cheapest pair less the cheapest that came back. A
rule with an amount (hours, accounts, a window, a budget) is priced for a little more of
it, because its price holds at the margin only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from domain.assignment import RulePrice
from tools.balance.problem import Floats, Ints
from tools.territory.weighing import Weighed

MORE_HOURS = 10.0
"""Hours by which a capacity is widened when its price is told."""
MORE_SHARE = 0.1
"""Share of its cap by which a budget is widened."""
WIDER = 0.01
"""Deviation by which a window is widened on one side."""
WORTH_TELLING = 5e-4
"""Points below which only locks and objections are told."""

# How the lifting of a rule is told; {what} is what the account has and {rep} lacks.
_LIFTED = {
    "segment": ("segment", "one more rep for {what}, for example {rep}"),
    "industry": ("industry", "one more specialist for {what}, for example {rep}"),
    "language": ("language", "one more speaker of {what}, for example {rep}"),
    "region": ("region", "one more rep for {what}, for example {rep}"),
    "time_zone": ("", "{rep} working other time zones"),
    "nearby": ("", "{rep} going where they have no accounts nearby yet"),
    "named_account": ("", "{rep} taking named accounts"),
    "family": ("", "families that need not stay together, for {rep}"),
}


def rule_prices(weighed: Weighed) -> tuple[RulePrice, ...]:
    """Price every rule that binds a design, the dearest first; locks and objections always."""
    dear = [price for price in _amounts(weighed) if price.points >= WORTH_TELLING]
    listed = [*_exceptions(weighed), *dear]
    listed += [price for price in _eligibility(weighed) if price.points >= WORTH_TELLING]
    return tuple(
        sorted(
            listed,
            key=lambda price: (
                -price.points, price.rule, price.account_id or "", price.rep_id or "",
            ),
        )
    )  # fmt: skip


def _amounts(weighed: Weighed) -> Iterator[RulePrice]:
    """Capacities, account limits, windows and budgets, each with a little more of it."""
    problem, prices = weighed.problem, weighed.prices
    for at, rep in enumerate(weighed.case.reps):
        if prices.capacity[at] > 0:
            points = float(prices.capacity[at] * MORE_HOURS / problem.capacity[at])
            told = f"{MORE_HOURS:.0f} hours more for {rep.name} would be worth {points:.2f} points."
            yield RulePrice(rule="capacity", points=points, rep_id=rep.rep_id, told=told)
        if prices.limit[at] > 0:
            points = float(prices.limit[at] / problem.limit[at])
            told = (
                f"One account more than {problem.limit[at]} for {rep.name} would be worth "
                f"{points:.2f} points."
            )
            yield RulePrice(rule="accounts_limit", points=points, rep_id=rep.rep_id, told=told)
    for measure, price, scale, window in (
        ("workload", prices.work, problem.work_scale, problem.work_window),
        ("potential", prices.potential, problem.potential_scale, problem.potential_window),
    ):
        gains = _window_gain(weighed, price, scale, window)
        for at in np.flatnonzero(gains > 0).tolist():
            rep = weighed.case.reps[at]
            side = "above" if price[at] > 0 else "below"
            points = float(gains[at])
            told = (
                f"One percentage point more room {side} target in {measure} for {rep.name} would "
                f"be worth {points:.2f} points."
            )
            yield RulePrice(rule=f"{measure}_window", points=points, rep_id=rep.rep_id, told=told)
    for budget, price in zip(problem.budgets, prices.budgets, strict=True):
        points = float(price * MORE_SHARE * budget.cap)
        told = (
            f"A tenth more room for {budget.name} (now {budget.cap:g}) would be worth "
            f"{points:.2f} points."
        )
        yield RulePrice(rule="budget", points=points, told=told)


def _window_gain(weighed: Weighed, price: Floats, scale: float, window: Floats) -> Floats:
    """Points per rep for `WIDER` more room on the side that the price presses against.

    The conjugate is the most of price x d - scale psi(d) within the window. A window that
    ends at d gives |price| - scale psi'(d) for each unit of room beyond it.
    """
    penalty = weighed.problem.penalty
    end = np.where(price >= 0, window[:, 1], -window[:, 0])
    finite = np.isfinite(end)
    at = np.where(finite, end, 0.0)
    slope = np.asarray(penalty.slopes)[np.searchsorted(penalty.breaks, at, side="right")]
    return np.where(finite, np.maximum(np.abs(price) - scale * slope, 0.0) * WIDER, 0.0)


def _exceptions(weighed: Weighed) -> Iterator[RulePrice]:
    """What each lock and each accepted objection costs."""
    gains, case = _gains(weighed), weighed.case
    by_lock: dict[int, float] = defaultdict(float)
    by_pair: dict[tuple[int, int], float] = {}
    for at, rule in enumerate(case.removed.rule):
        unit, rep = int(case.removed.unit[at]), int(case.removed.rep[at])
        if rule == "lock":
            by_lock[unit] = max(by_lock[unit], float(gains[at]))
        elif rule == "forbid":
            by_pair[unit, rep] = float(gains[at])
    units = {account: unit for unit, ids in enumerate(case.members) for account in ids}
    reps = {rep.rep_id: at for at, rep in enumerate(case.reps)}
    names = {str(account): str(name) for account, name in case.accounts["name"].items()}
    for item in case.constraints:
        if item.kind not in {"lock", "forbid"} or item.account_id not in units:
            continue
        unit, rep_at = units[item.account_id], reps.get(item.rep_id, -1)
        who = case.reps[rep_at].name if rep_at >= 0 else item.rep_id
        account = names[item.account_id]
        if item.kind == "lock":
            points, what = by_lock[unit], f"Locking {account} to {who}"
        else:
            points, what = by_pair.get((unit, rep_at), 0.0), f"Keeping {account} from {who}"
        told = f"{what} costs {points:.2f} points ({item.by}: {item.reason})."
        yield RulePrice(
            rule=item.kind, points=points, account_id=item.account_id, rep_id=item.rep_id, told=told
        )


def _eligibility(weighed: Weighed) -> Iterator[RulePrice]:
    """What one more rep past each rule would be worth: the best rep for it."""
    gains, removed, case = _gains(weighed), weighed.case.removed, weighed.case
    first = _first_members(weighed)
    sums: dict[tuple[str, str], dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for at in np.flatnonzero(gains > 0).tolist():
        rule: str = removed.rule[at]
        if rule in _LIFTED:
            column = _LIFTED[rule][0]
            what = ""
            if column in case.accounts:
                what = str(case.accounts[column].iloc[first[removed.unit[at]]])
            sums[rule, what][int(removed.rep[at])].append(float(gains[at]))
    for (lifted, what), by_rep in sums.items():
        rep, won = max(by_rep.items(), key=lambda item: (sum(item[1]), -item[0]))
        words = _LIFTED[lifted][1].format(what=what or "these accounts", rep=case.reps[rep].name)
        count = "1 account" if len(won) == 1 else f"{len(won)} accounts"
        told = f"{words[:1].upper()}{words[1:]}, would be worth {sum(won):.2f} points ({count})."
        yield RulePrice(rule=lifted, points=sum(won), rep_id=case.reps[rep].rep_id, told=told)


def _gains(weighed: Weighed) -> Floats:
    """Per removed pair: by how much it would undercut the unit's cheapest pair."""
    costs = weighed.removed_costs
    return np.maximum(weighed.cheapest[weighed.case.removed.unit] - costs, 0.0)


def _first_members(weighed: Weighed) -> Ints:
    """Per unit: the position of its first account."""
    unit = weighed.accounts.unit
    first = np.zeros(weighed.problem.units, dtype=np.int64)
    first[unit[::-1]] = np.arange(len(unit))[::-1]
    return first
