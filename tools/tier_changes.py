"""What would lift an account to a higher tier, and what would lower it.

Every change is data that can be applied: `applied` puts it into the states, and placing
them again gives the tier that was promised.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import pandas as pd

from domain.coverage import Tier
from domain.errors import NotFound
from domain.evidence import Evidence
from tools.cells import Cite, Metric, Reading, cell, missing
from tools.tier_rules import STATES, Placing, Threshold, listed, rules_of, thresholds

VERSION = 1
CENT = 0.01
METRICS: Mapping[str, Metric] = {name: Metric(name, "text") for name in ("lift_note", "hold_note")}

Fact = Literal["potential", "access", "cycle", "fit"]
Known = Mapping[str, float | bool | None]
"""The states of one account; None while unknown."""

_LEVELS: Mapping[str, tuple[str, ...]] = {
    "access": ("executive", "director"),
    "cycle": ("active", "six_months", "early"),
}
_NO_LEVEL = {"access": "below director", "cycle": "none"}
_GAINED = {
    "executive": "an executive meeting on record",
    "director": "a meeting with a director on record",
    "active": "an open deal in an active stage or a regular order due",
    "six_months": "an opportunity closing within six months",
    "early": "an open deal, an order or a clear sign of interest",
}
_LOST = {
    "executive": "executive access lost",
    "director": "director access lost",
    "active": "the buying cycle no longer active",
    "six_months": "no opportunity left within six months",
    "early": "no interest left",
}


@dataclass(frozen=True)
class Change:
    """One fact of one account set to another value; `words` say it for people.

    `value` is a potential (currency a year), fit points, or the highest level there is now:
    `executive`, `director` or `below director`; `active`, `six_months`, `early` or `none`.
    """

    fact: Fact
    value: float | str
    words: str


@dataclass(frozen=True)
class Flip:
    """Changes that together move an account from the tier `was` to the tier `to`."""

    account_id: str
    was: str
    to: str
    label: str
    changes: tuple[Change, ...]

    @property
    def single(self) -> bool:
        """Whether one change does it."""
        return len(self.changes) == 1

    @property
    def words(self) -> str:
        """The changes as one phrase."""
        return listed([change.words for change in self.changes])


@dataclass(frozen=True)
class TierChanges:
    """What would change the tiers of one placing; `table` is where it placed the accounts.

    `reading` is what the placing was read under; None for a plain table, whose notes
    cannot be cited.
    """

    placing: Placing
    table: pd.DataFrame
    reading: Reading | None = None

    def lifts(self, account_id: str) -> tuple[Flip, ...]:
        """Return the fewest changes that lift an account, and those to its potential's tier.

        Returns
        -------
        tuple of Flip
            The first is the smallest set of changes that lifts it at all, to the nearest
            tier where several sets are as small; no part of the set does. A second one,
            where that is another tier, is the smallest that lifts it to the tier its
            potential reaches. Empty in the highest tier.

        Raises
        ------
        NotFound
            When the placing has no such account.
        """
        row, given = self._row(account_id)
        known, asked = self._known(row), self._asked(row)
        found = []
        for target in range(given - 1, -1, -1):
            changes = tuple(_needed(known, self.placing.tiers[target], asked[target]))
            found.append(self._flip(account_id, row, changes))
        if not found:
            return ()
        first = min(found, key=lambda flip: len(flip.changes))
        top = self._number[str(self.table["potential_tier"].iloc[row])]
        above = [flip for flip in found if self._number[flip.to] <= top < given]
        second = min(above, key=lambda flip: len(flip.changes), default=first)
        return (first,) if second.to == first.to else (first, second)

    def falls(self, account_id: str) -> tuple[Flip, ...]:
        """Return every single change that would lower an account, potential first.

        They are what holds it where it is; empty in the last tier. NotFound when the
        placing has no such account.
        """
        row, given = self._row(account_id)
        if given == len(self.placing.tiers) - 1:
            return ()
        known, tier = self._known(row), self.placing.tiers[given]
        changes = [_below(known, self._asked(row)[given])]
        if tier.access is not None and known[tier.access]:
            changes.append(_lost("access", tier.access, known))
        if tier.cycle is not None and known[tier.cycle]:
            changes.append(_lost("cycle", tier.cycle, known))
        if tier.fit_from is not None and known["fit"] is not None:
            changes.append(Change("fit", tier.fit_from - 1, f"fit below {tier.fit_from} points"))
        return tuple(self._flip(account_id, row, (change,)) for change in changes)

    @cached_property
    def notes(self) -> pd.DataFrame:
        """One row per account: `lift_note` and `hold_note`, missing where there is none."""
        lift = [_lift_note(self.lifts(account)) for account in self._rows]
        hold = [_hold_note(self.falls(account)) for account in self._rows]
        return pd.DataFrame(
            {
                "lift_note": pd.Series(lift, index=self.table.index, dtype="str"),
                "hold_note": pd.Series(hold, index=self.table.index, dtype="str"),
            }
        )

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Cite `lift_note` or `hold_note`; NotCitable where there is none."""
        if self.reading is None or metric not in METRICS or not entity.startswith("account:"):
            raise missing(entity, metric)
        how, ask = METRICS[metric], cite or self.cite
        return cell(self.notes, self.reading, "tier_changes", VERSION, entity, how, ask)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {tier.key: at for at, tier in enumerate(self.placing.tiers)}

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {str(account): row for row, account in enumerate(self.table.index)}

    @cached_property
    def _orders(self) -> list[int]:
        return [int(order) for order in self.table["order"]]

    @cached_property
    def _columns(self) -> dict[str, list[float | bool | None]]:
        # Looking into a frame cell by cell would take most of a second for 700 accounts.
        return {name: _plain(self.placing.states[name]) for name in STATES}

    def _row(self, account_id: str) -> tuple[int, int]:
        row = self._rows.get(account_id)
        if row is None:
            raise NotFound(
                f"There is no account {account_id!r} in the book.",
                hint="List accounts with `cadastre accounts rank`.",
            )
        return row, self._orders[row]

    def _known(self, row: int) -> Known:
        return {name: column[row] for name, column in self._columns.items()}

    @cached_property
    def _thresholds(self) -> dict[int, list[Threshold]]:
        placing = self.placing
        return {
            int(earlier): thresholds(placing.tiers, int(earlier), placing.share)
            for earlier in set(placing.earlier.tolist())
        }

    def _asked(self, row: int) -> list[Threshold]:
        return self._thresholds[int(self.placing.earlier[row])]

    def _flip(self, account_id: str, row: int, changes: tuple[Change, ...]) -> Flip:
        after = _after(self._known(row), changes)
        to = self.placing.tiers[_tier_of(after, self.placing.tiers, self._asked(row))]
        was = self.placing.tiers[self._orders[row]]
        return Flip(account_id, was.key, to.key, to.label, changes)


def applied(placing: Placing, changes: Mapping[str, Sequence[Change]]) -> Placing:
    """Return the placing with changes made to the accounts named; the others stay."""
    known = {name: _plain(placing.states[name]) for name in STATES}
    rows = {str(account): row for row, account in enumerate(placing.states.index)}
    for account, made in changes.items():
        row = rows[account]
        after = _after({name: column[row] for name, column in known.items()}, made)
        for name, value in after.items():
            known[name][row] = value
    states = placing.states.copy()
    for name, column in known.items():
        states[name] = pd.Series(column, index=states.index, dtype=states[name].dtype)
    return replace(placing, states=states)


def _plain(column: pd.Series) -> list[float | bool | None]:
    """Return a column's values with None for what is missing."""
    return column.astype("object").where(column.notna(), None).tolist()


def _after(known: Known, changes: Sequence[Change]) -> dict[str, float | bool | None]:
    after = dict(known)
    for change in changes:
        if change.fact in {"potential", "fit"}:
            after[change.fact] = float(change.value)
            continue
        reached = False
        for level in _LEVELS[change.fact]:
            reached = reached or level == change.value
            if reached:
                after[level] = True
            elif after[level] or change.value == _NO_LEVEL[change.fact]:
                after[level] = False
    return after


def _tier_of(known: Known, tiers: Sequence[Tier], asked: Sequence[Threshold]) -> int:
    """Number of the tier of one account; `tools.tier_rules.placed` says the same of many."""
    for at, (tier, threshold) in enumerate(zip(tiers, asked, strict=True)):
        if at == len(tiers) - 1:
            break
        if not _reaches(known["potential"], threshold):
            continue
        held = [_holds(known, tier, kind) for kind in rules_of(tier)]
        if False in held or (tier.confirmed and None in held):
            continue
        return at
    return len(tiers) - 1


def _reaches(potential: float | None, threshold: Threshold) -> bool:
    if potential is None:
        return False
    return potential > threshold.value if threshold.over else potential >= threshold.value


def _holds(known: Known, tier: Tier, kind: str) -> bool | None:
    value = known[kind]
    if value is None:
        return None
    return float(value) >= float(tier.fit_from or 0) if kind == "fit" else bool(value)


def _needed(known: Known, tier: Tier, threshold: Threshold) -> Iterator[Change]:
    """What one account lacks for a tier: potential, then rules unmet or to be confirmed."""
    if not _reaches(known["potential"], threshold):
        yield _above(known, threshold)
    for kind in rules_of(tier):
        holds = _holds(known, tier, kind)
        if holds or (holds is None and not tier.confirmed):
            continue
        if kind == "fit":
            points = int(tier.fit_from or 0)
            yield Change("fit", points, f"fit of {points} points or more")
        elif kind in _LEVELS["access"]:
            yield Change("access", kind, _GAINED[kind])
        else:
            yield Change("cycle", kind, _GAINED[kind])


def _above(known: Known, threshold: Threshold) -> Change:
    value = threshold.value
    if threshold.over:
        value = max(round(value + CENT, 2), math.nextafter(value, math.inf))
    now = known["potential"]
    if now is None:
        return Change("potential", value, f"a known potential of {_money(value)}")
    return Change("potential", value, f"potential {_money(value - float(now))} higher")


def _below(known: Known, threshold: Threshold) -> Change:
    value = threshold.value
    if not threshold.over:
        value = max(min(round(value - CENT, 2), math.nextafter(value, -math.inf)), 0.0)
    less = float(known["potential"] or 0) - value
    return Change("potential", value, f"potential {_money(less)} lower")


def _lost(fact: Literal["access", "cycle"], kind: str, known: Known) -> Change:
    levels = _LEVELS[fact]
    weaker = [level for level in levels[levels.index(kind) + 1 :] if known[level]]
    return Change(fact, weaker[0] if weaker else _NO_LEVEL[fact], _LOST[kind])


def _lift_note(flips: Sequence[Flip]) -> str | None:
    if not flips:
        return None
    told = []
    for flip in flips:
        verb = "lifts it" if flip.single else "together lift it"
        told.append(f"{flip.words} {verb} to {flip.label}")
    if not flips[0].single:
        told.insert(0, "no single change lifts it")
    return _sentence("; ".join(told))


def _hold_note(flips: Sequence[Flip]) -> str | None:
    if not flips:
        return None
    return "Lowered by " + " or ".join(f"{flip.words} (to {flip.label})" for flip in flips)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _money(value: float) -> str:
    """Write an amount that is not below the one meant: whole from 10 on, else with cents."""
    if value >= 10:
        return f"{math.ceil(round(value, 2)):,}"
    return f"{math.ceil(value / CENT - 1e-6) * CENT:.2f}"
