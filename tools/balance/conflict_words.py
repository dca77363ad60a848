"""Why no design exists, in a sentence: who needs what, and what the rules leave."""

from __future__ import annotations

import numpy as np

from tools.balance.conflicts import Conflict
from tools.balance.problem import Floats, Ints, Problem
from tools.balance.rule_words import (
    FEW,
    Names,
    at_least,
    counted,
    listed,
    measured_in,
    number,
    rule_text,
    window_end,
)
from tools.balance.rules import Rule


def conflict_sentence(problem: Problem, conflict: Conflict, names: Names) -> str:
    """Say which accounts and rules cannot hold together, with the figures that show it."""
    said = _told(problem, conflict, names)
    return said[:1].upper() + said[1:]


def nobody_sentence(units: Ints, names: Names) -> str:
    """Say that units have no eligible rep."""
    said = f"{names.some_units(units)} may go to nobody: no rep is eligible."
    return said[:1].upper() + said[1:]


def _told(problem: Problem, conflict: Conflict, names: Names) -> str:
    rules, units = conflict.rows.rules, conflict.units
    falls = any(rule.falls for rule in rules)
    if len({rule.kind for rule in rules}) == 1:
        if rules[0].kind == "budget":
            said = _budgeted(problem, rules[0])
        elif falls:
            said = _unreached(problem, rules, names)
        else:
            said = _overfull(problem, rules, units, names)
        if said:
            return said
    if len(units) == 1 and not falls:
        return _nowhere(problem, conflict, names)
    everybody = len(units) == problem.units and len(units) > FEW
    who = "all accounts" if everybody else names.some_units(units)
    why = "no way of dividing whole accounts keeps" if conflict.whole else "no design keeps"
    texts = [rule_text(problem, rule, names) for rule in rules]
    more = f"; and {len(texts) - FEW} more" if len(texts) > FEW else ""
    return f"{why} these rules together for {who}: {'; '.join(texts[:FEW])}{more}."


def _overfull(problem: Problem, rules: tuple[Rule, ...], units: Ints, names: Names) -> str:
    """Units that can only go to some reps, and come to more than those may take."""
    kind, reps = rules[0].kind, [rule.index for rule in rules]
    least = _takes(problem, kind)[units]
    shares = [0.0 if kind in ("capacity", "limit") else window_end(problem, rule) for rule in rules]
    allowed = sum(rule.size * (1 + share) for rule, share in zip(rules, shares, strict=True))
    if float(least.sum()) <= allowed or not _confined(problem, units, reps):
        return ""
    one = len(units) == 1
    need = _needs(rules[0], float(least.sum()), one)
    if len(rules) > 1:
        what = {"capacity": "h", "limit": "places"}.get(kind, measured_in(rules[0]))
        have = f"have {number(allowed)} {what}"
        if len(units) == problem.units and len(reps) == problem.reps:
            return f"all {len(units):,} accounts {need}, and all {len(reps)} reps together {have}."
        return (
            f"{names.some_units(units)} can only go to {names.some_reps(reps)}; "
            f"{'it' if one else 'together they'} {need}, and these reps {have}."
        )
    return (
        f"{names.some_units(units)} {_held(units, names.rep(reps[0]), names)}; "
        f"{'it' if one else 'together they'} {need}, and {rule_text(problem, rules[0], names)}."
    )


def _held(units: Ints, who: str, names: Names) -> str:
    """Say whether locks hold units with a rep, and whose, or nobody else may take them."""
    locks = {names.unit(int(unit)): names.locks[int(unit)] for unit in units if unit in names.locks}
    if len(locks) == len(units):
        whose = listed(dict.fromkeys(locks.values()))
        return f"{'is' if len(units) == 1 else 'are'} locked to {who} ({whose})"
    held = f"can only go to {who}"
    if locks:
        held += f" ({listed(f'{unit} is locked {lock}' for unit, lock in locks.items())})"
    return held


def _needs(rule: Rule, amount: float, one: bool) -> str:
    if rule.kind == "limit":
        return f"{'needs' if one else 'need'} {counted(round(amount), 'place')}"
    if rule.kind == "capacity":
        return f"{'needs' if one else 'need'} {at_least(amount)} h"
    return f"{'has' if one else 'have'} {at_least(amount)} {measured_in(rule)}"


def _unreached(problem: Problem, rules: tuple[Rule, ...], names: Names) -> str:
    """Reps who have to get more than all accounts that they may take."""
    reps = [rule.index for rule in rules]
    reach = np.unique(problem.unit[np.isin(problem.rep, reps)])
    total = float(_takes(problem, rules[0].kind)[reach].sum())
    asked = sum(rule.size * (1 + window_end(problem, rule)) for rule in rules)
    if total >= asked:
        return ""
    must = rule_text(problem, rules[0], names)
    if len(rules) > 1:
        must = f"together they have to get at least {number(asked)}"
    return (
        f"all accounts that {names.some_reps(reps)} may take have {number(total)} "
        f"{measured_in(rules[0])}, and {must}."
    )


def _budgeted(problem: Problem, rule: Rule) -> str:
    """More is used in every design than a budget allows."""
    budget = problem.budgets[rule.index]
    least = float(np.minimum.reduceat(budget.use, problem.first[:-1]).sum())
    if least <= budget.cap:
        return ""
    return (
        f"{budget.name} comes to at least {at_least(least)} in every design, and may be at most "
        f"{number(budget.cap)}."
    )


def _nowhere(problem: Problem, conflict: Conflict, names: Names) -> str:
    """One unit that fits with none of its reps."""
    unit = int(conflict.units[0])
    said = []
    for row, rule in enumerate(conflict.rows.rules):
        use = conflict.rows.use[[row]].toarray().ravel()
        amount = float(use[use > 0].min(initial=np.inf)) * rule.size
        said.append(f"{rule_text(problem, rule, names)}, and it would take {at_least(amount)}")
    return f"{names.unit(unit)} fits with none of the reps who may have it: {'; '.join(said)}."


def _takes(problem: Problem, kind: str) -> Floats:
    """Return what each unit takes at least of what a kind of rule limits."""
    if kind == "capacity":
        return np.asarray(np.minimum.reduceat(problem.needed, problem.first[:-1]))
    if kind == "limit":
        return problem.accounts.astype(np.float64)
    return problem.hours if kind.startswith("work") else problem.potential


def _confined(problem: Problem, units: Ints, reps: list[int]) -> bool:
    """Whether units have no pair outside these reps."""
    return bool(np.all(np.isin(problem.rep[np.isin(problem.unit, units)], reps)))
