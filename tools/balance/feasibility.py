"""Whether any design can keep every hard rule; if not, which clash and what would help."""

from __future__ import annotations

import numpy as np

from domain.errors import Infeasible
from tools.balance.conflict_words import conflict_sentence, nobody_sentence
from tools.balance.conflicts import find_conflict
from tools.balance.problem import Problem
from tools.balance.relaxations import relaxations
from tools.balance.rule_words import Names
from tools.balance.validity import demand_valid

__all__ = ["Names", "demand_feasible", "demand_valid"]


def demand_feasible(problem: Problem, names: Names | None = None, *, thorough: bool = True) -> None:
    """Raise where it can be proven that no design keeps every hard rule.

    Parameters
    ----------
    problem
        Valid (`demand_valid`).
    names
        What to call accounts and reps; by default "account 3" and "rep 1", by index.
    thorough
        False looks only at what one pass over the pairs shows: accounts that nobody may
        or can take, and what reps have to take in any design. Thorough adds a proof
        by prices of all rules together (up to 60,000 pairs from a linear program) and, up
        to 1,000 pairs, a search through whole accounts. Above three million pairs only
        the former is done.

    Raises
    ------
    Infeasible
        The message names a smallest set of accounts and rules that cannot hold together;
        the hint, the ways out, cheapest first. `facts` hold both as lists of sentences.

    Notes
    -----
    Silence is no promise: in larger problems rules may clash in a way that only whole
    accounts show.
    """
    names = names or Names()
    lonely = np.flatnonzero(np.diff(problem.first) == 0)
    if len(lonely):
        some = names.some_units(lonely)
        out = "leave it out" if len(lonely) == 1 else "leave them out"
        ways = [f"allow some rep to take {some}", out]
        raise _infeasible(nobody_sentence(lonely, names), ways)
    conflict = find_conflict(problem, thorough=thorough)
    if conflict is not None:
        ways = relaxations(problem, conflict, names)
        raise _infeasible(conflict_sentence(problem, conflict, names), ways)


def _infeasible(said: str, ways: list[str]) -> Infeasible:
    hint = f"Cheapest ways out: {'; or '.join(ways)}." if ways else ""
    return Infeasible(said, hint=hint, conflict=[said], relaxations=ways)
