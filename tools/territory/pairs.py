"""Everything known of each unit-rep pair, eligible or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from domain.assignment import Prefer
from domain.coverage import CoverageModel
from domain.errors import InvalidInput
from tools.balance.problem import Floats, Ints
from tools.territory.case import Removed
from tools.territory.constraints import Held
from tools.territory.eligibility import (
    Blocked,
    Bools,
    account_rules,
    owned,
    unit_rules,
)
from tools.territory.families import per_unit, seats
from tools.territory.inputs import Inputs
from tools.territory.travel_hours import trip_hours


@dataclass(frozen=True)
class Pairs:
    """(U, R) arrays over units and reps.

    `blocked` tells by rule which pairs it takes away. `owned` counts accounts of the unit
    that the rep owns today, `kept` is the relationship value that stays with them.
    `travel` is in hours of the period, `preference` in points.
    """

    blocked: Blocked
    owned: Ints
    kept: Floats
    travel: Floats
    preference: Floats

    @cached_property
    def eligible(self) -> Bools:
        """Pairs that no rule takes away."""
        return np.asarray(~np.logical_or.reduce(list(self.blocked.values())))

    def only(self, units: Ints, reps: Ints) -> Pairs:
        """Return the arrays of some units and reps."""
        at = np.ix_(units, reps)
        return Pairs(
            {rule: pairs[at] for rule, pairs in self.blocked.items()},
            self.owned[at], self.kept[at], self.travel[at], self.preference[at],
        )  # fmt: skip

    @cached_property
    def present(self) -> Ints:
        """Per unit: the rep it can stay with, -1 without one.

        Of several owners the one with most relationship value, then with most accounts.
        """
        stays = self.eligible & (self.owned > 0)
        value = np.where(stays, self.kept, -1.0)
        best = value == value.max(axis=1, keepdims=True)
        rep = np.argmax(np.where(stays & best, self.owned, 0), axis=1)
        return np.where(stays.any(axis=1), rep, -1)

    def broken(self, total: float) -> Floats:
        """Share of `total` relationship value that each pair breaks beyond what must break."""
        return self._beyond(self.kept) / (total if total > 0 else 1.0)

    @property
    def moved(self) -> Floats:
        """Accounts that leave an owner with each pair, beyond those that must leave."""
        return self._beyond(self.owned.astype(np.float64))

    def _beyond(self, stays: Floats) -> Floats:
        rep = self.present
        most = np.where(rep >= 0, stays[np.arange(len(rep)), rep], 0.0)
        return np.maximum(most[:, None] - stays, 0.0) * (rep >= 0)[:, None]

    def removed(self, total: float) -> Removed:
        """Pairs that exactly one rule takes away, in order of unit and rep."""
        rules = list(self.blocked)
        count = np.add.reduce([pairs.astype(np.int8) for pairs in self.blocked.values()])
        unit, rep = np.nonzero(count == 1)
        which = np.zeros(len(unit), dtype=np.int64)
        for number, rule in enumerate(rules):
            which[self.blocked[rule][unit, rep]] = number
        return Removed(
            unit=unit.astype(np.int64),
            rep=rep.astype(np.int64),
            travel=self.travel[unit, rep],
            disruption=self.broken(total)[unit, rep],
            preference=self.preference[unit, rep],
            owner=(self.owned[unit, rep] > 0).astype(np.int64),
            rule=tuple(rules[number] for number in which),
        )


def read_pairs(
    accounts: pd.DataFrame,
    reps: pd.DataFrame,
    unit: Ints,
    held: Held,
    inputs: Inputs,
    coverage: CoverageModel,
) -> Pairs:
    """Work out every unit-rep pair.

    Parameters
    ----------
    accounts, reps
        As `Inputs` has them, corrected; reps with hours.
    unit
        Unit per account.

    Raises
    ------
    InvalidInput
        When members of a family are locked to different reps, or one is locked to a rep
        whom another may not go to.
    """
    mine = owned(accounts, reps)
    count = per_unit(mine.astype(np.int64), unit, np.add)
    blocked = unit_rules(
        account_rules(accounts, reps, coverage, inputs.period),
        unit,
        seats(accounts, unit),
        count > 0,
    )
    rows = dict(zip(map(str, accounts.index), map(int, unit), strict=True))
    columns = {str(rep): number for number, rep in enumerate(reps.index)}
    forbid = np.zeros(count.shape, dtype=bool)
    for account, rep in held.forbids:
        if rep in columns:
            forbid[rows[account], columns[rep]] = True
    blocked["forbid"] = forbid
    _lock(blocked, held, rows, columns)
    trips = accounts["visits"].to_numpy(dtype="float64")[:, None]
    value = accounts["relationship"].to_numpy(dtype="float64")[:, None]
    return Pairs(
        blocked=blocked,
        owned=count,
        kept=per_unit(np.where(mine, value, 0.0), unit, np.add),
        travel=per_unit(trips * trip_hours(accounts, reps, coverage.travel), unit, np.add),
        preference=_wishes(held.prefers, rows, columns, count.shape),
    )


def _lock(blocked: Blocked, held: Held, rows: dict[str, int], columns: dict[str, int]) -> None:
    """Leave a locked unit its one rep, whatever the other rules say."""
    locked: dict[int, tuple[str, str]] = {}
    shape = blocked["forbid"].shape
    blocked["lock"] = np.zeros(shape, dtype=bool)
    for account, rep in sorted(held.locks.items()):
        row, column = rows[account], columns[rep]
        other, to = locked.setdefault(row, (account, rep))
        if to != rep:
            raise InvalidInput(
                f"{other} is locked to {to} and {account} to {rep}, but they are one family and "
                "are kept together.",
                hint="Lock them to one rep, or set territory.families_together = false.",
            )
        if blocked["forbid"][row, column]:
            raise InvalidInput(
                f"{account} is locked to {rep}, and another account of its family may not go to "
                f"{rep}.",
                hint="Withdraw one of the two, or set territory.families_together = false.",
            )
        blocked["lock"][row] = True
        for pairs in blocked.values():
            pairs[row, column] = False


def _wishes(
    prefers: Sequence[Prefer],
    rows: dict[str, int],
    columns: dict[str, int],
    shape: tuple[int, ...],
) -> Floats:
    points = np.zeros(shape)
    for wish in prefers:
        if wish.rep_id in columns:
            points[rows[wish.account_id], columns[wish.rep_id]] += wish.points
    return points
