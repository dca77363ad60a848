"""A book made into a balancing problem, and the way back from indexes to names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from domain.assignment import Constraint, Event, ScenarioRep, Unplaced
from domain.period import Period
from tools.balance.problem import Floats, Ints, Problem

RuleKind = Literal[
    "lock", "forbid", "segment", "industry", "language", "time_zone", "region", "nearby",
    "named_account", "family",
]  # fmt: skip


@dataclass(frozen=True)
class Removed:
    """Pairs that rules took away, kept so that each rule has a price.

    One entry per pair: `unit`, `rep`, what the pair would cost (`travel` hours,
    `disruption` share, `preference` points), and `rule`, the one rule that removed it
    (a pair that two rules remove is not here: dropping either would not free it).
    `owner` tells the pairs of the unit's present owner.
    """

    unit: Ints
    rep: Ints
    travel: Floats
    disruption: Floats
    preference: Floats
    owner: Ints
    rule: tuple[RuleKind, ...]


@dataclass(frozen=True)
class Case:
    """A problem with the names of what is in it.

    Attributes
    ----------
    problem
        What the solver sees. Units are in order of their first account's id, reps by id.
    members
        Per unit, the ids of its accounts: one, or a family kept together.
    reps
        In the order of the problem's indexes.
    accounts
        Every account of the design, indexed by `account_id` in order of id, with `name`,
        `owner_id` (rep or missing), `owner_known` (False where the owner left or is not in
        the team), `tier`, `segment`, `industry`, `city`, `country`, `region`, `latitude`,
        `longitude`, `potential`, `potential_p75`, `potential_p90`, `revenue` (net spend of
        12 months), `hours` (service hours in the period), `visits` (trips in the period),
        `relationship_years` (missing: none), `relationship` (value at stake, tenure times
        (revenue + 0.05 potential)), `unit` (index).
    removed
        Pairs that a single rule took away.
    unplaced
        Accounts that are not in the problem, each with the reason.
    constraints, events
        Those that hold on the book's date, and what happened.
    """

    problem: Problem
    members: tuple[tuple[str, ...], ...]
    reps: tuple[ScenarioRep, ...]
    accounts: pd.DataFrame
    removed: Removed
    unplaced: tuple[Unplaced, ...]
    period: Period
    team: str
    constraints: tuple[Constraint, ...] = ()
    events: tuple[Event, ...] = ()
    notes: tuple[str, ...] = ()

    def rep_index(self, rep_id: str) -> int:
        """Return the index of a rep of the scenario; KeyError when it has none of that id."""
        return {rep.rep_id: index for index, rep in enumerate(self.reps)}[rep_id]

    def owners_of(self, chosen: Ints) -> dict[str, str]:
        """Return the rep id per account id that a design gives."""
        return {
            account: self.reps[int(self.problem.rep[pair])].rep_id
            for unit, pair in enumerate(chosen)
            for account in self.members[unit]
        }
