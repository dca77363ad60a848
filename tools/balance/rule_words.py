"""Hard rules in plain words, and what accounts and reps are called in them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tools.balance.problem import Ints, Problem
from tools.balance.rules import Rule

FEW = 12
"""Up to so many accounts or reps are named one by one; more are told as a group."""

_TOLD = 3


@dataclass(frozen=True)
class Names:
    """What to call units and reps; their index where nothing is given.

    `locks` tells, for units that an exception holds, whose it is ("by Ines Moreau until
    31 March"): a unit named there is said to be locked, any other with a single rep to
    have no other choice.
    """

    units: Sequence[str] = ()
    reps: Sequence[str] = ()
    locks: Mapping[int, str] = field(default_factory=dict)

    def unit(self, index: int) -> str:
        """Return what unit `index` is called."""
        return self.units[index] if len(self.units) else f"account {index}"

    def rep(self, index: int) -> str:
        """Return what rep `index` is called."""
        return self.reps[index] if len(self.reps) else f"rep {index}"

    def some_units(self, units: Ints) -> str:
        """Name up to twelve units; of more, their number and the first three."""
        return _some([self.unit(int(unit)) for unit in units], "accounts")

    def some_reps(self, reps: Iterable[int]) -> str:
        """Name up to twelve reps; of more, their number and the first three."""
        return _some([self.rep(int(rep)) for rep in reps], "reps")


def rule_text(problem: Problem, rule: Rule, names: Names) -> str:
    """Say what one rule allows."""
    if rule.kind == "budget":
        budget = problem.budgets[rule.index]
        return f"{budget.name} may be at most {number(budget.cap)}"
    who = names.rep(rule.index)
    if rule.kind == "capacity":
        return f"{who} has {number(float(problem.capacity[rule.index]))} h"
    if rule.kind == "limit":
        return f"{who} may have at most {counted(int(problem.limit[rule.index]), 'account')}"
    share = window_end(problem, rule)
    amount = number(rule.size * (1 + share))
    most = "at least" if rule.falls else "at most"
    return f"{who} has to get {most} {amount} {measured_in(rule)} ({off_target(share)})"


def window_end(problem: Problem, rule: Rule) -> float:
    """Return the relative deviation at which the window of a rule ends."""
    windows = problem.work_window if rule.kind.startswith("work") else problem.potential_window
    return float(windows[rule.index, 0 if rule.falls else 1])


def off_target(share: float, what: str = "") -> str:
    """Write a deviation: 20 % above target."""
    target = f"{what} target".strip()
    if round(share, 3) == 0:
        return f"the {target}"
    size = number(abs(share) * 100)
    return f"{size} % {'above' if share > 0 else 'below'} {target}"


def measured_in(rule: Rule) -> str:
    """Return what a window limits."""
    return "h of work" if rule.kind.startswith("work") else "of potential"


def listed(words: Iterable[str]) -> str:
    """Join words: a, b and c."""
    told = list(words)
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def counted(many: int, what: str) -> str:
    """Write a number of things: 1 account, 2 accounts."""
    return f"{many:,} {what}" if many == 1 else f"{many:,} {what}s"


def number(value: float) -> str:
    """Write a number without needless digits: 40, 61.5, 0.25, 1,200."""
    if abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}".removesuffix(".0")


def at_least(value: float) -> str:
    """Write a number rounded up, so that it suffices."""
    step = 1 if value >= 1_000 else 10 if value >= 10 else 100
    return number(math.ceil(value * step - 1e-4) / step)


def _some(told: Sequence[str], what: str) -> str:
    if len(told) <= FEW:
        return listed(told)
    return f"{len(told):,} {what} ({', '.join(told[:_TOLD])} and {len(told) - _TOLD:,} more)"
