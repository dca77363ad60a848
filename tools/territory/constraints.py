"""Constraints sorted out: which hold on the book's date, and which contradict each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from domain.assignment import (
    Constraint,
    Event,
    Forbid,
    Lock,
    MostMoves,
    Prefer,
    Relationship,
    RepLeaves,
    TierCorrection,
    Window,
)
from domain.coverage import CoverageModel
from domain.errors import InvalidInput
from tools.territory.inputs import Inputs


@dataclass(frozen=True)
class Held:
    """Constraints that hold, by kind. Locks and forbids never contradict each other.

    `locks` maps an account to its rep, `forbids` are (account, rep) pairs. `all` has
    every constraint that holds, in the order given; `notes` tell those that do not.
    """

    locks: dict[str, str] = field(default_factory=dict)
    forbids: set[tuple[str, str]] = field(default_factory=set)
    prefers: list[Prefer] = field(default_factory=list)
    tiers: list[TierCorrection] = field(default_factory=list)
    relationships: list[Relationship] = field(default_factory=list)
    moves: list[MostMoves] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    all: list[Constraint] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def hold(
    constraints: Iterable[Constraint],
    inputs: Inputs,
    reps: pd.DataFrame,
    coverage: CoverageModel,
    events: Sequence[Event] = (),
) -> Held:
    """Sort constraints out.

    An expired lock, a lock to someone who leaves, and a word on an account that stays as
    it is do not hold; each is told in a note.

    Parameters
    ----------
    reps
        Those of `inputs.reps` who have hours.

    Raises
    ------
    InvalidInput
        Two locks of one account to different reps, a lock and a forbid of the same pair,
        a lock, forbid, preference or window of a rep outside the design, an account the
        design does not know, a relationship that begins in the future.
    UnknownTier
        When a corrected tier is not in the coverage model.
    """
    held = Held()
    leaving = {event.rep_id for event in events if isinstance(event, RepLeaves)}
    stays = {item.account_id: item for item in inputs.unplaced}
    for constraint in constraints:
        if isinstance(constraint, MostMoves):
            held.moves.append(constraint)
        elif isinstance(constraint, Window):
            _demand_reps(constraint, inputs, leaving)
            held.windows.append(constraint)
        elif isinstance(constraint, Lock) and expired(constraint, inputs.as_of):
            held.notes.append(
                f"The lock of {constraint.account_id} to {constraint.rep_id} expired on "
                f"{constraint.until} and does not hold."
            )
            continue
        elif constraint.account_id in stays:
            held.notes.append(
                f"A word of {constraint.by} on {constraint.account_id} has no effect: "
                f"{stays[constraint.account_id].reason}"
            )
            continue
        elif constraint.account_id not in inputs.accounts.index:
            raise InvalidInput(
                f"{_title(constraint)} names account {constraint.account_id}, which is not in "
                f"this design{' of ' + inputs.team if inputs.team else ''}.",
                hint="Correct the id, or put it into a design of the team that owns the account.",
                account_id=constraint.account_id,
            )
        elif isinstance(constraint, Lock | Forbid | Prefer) and constraint.rep_id in leaving:
            held.notes.append(
                f"{_title(constraint)} of {constraint.account_id} and {constraint.rep_id} has no "
                "effect: the rep leaves."
            )
            continue
        elif isinstance(constraint, Lock):
            _add_lock(held, constraint, inputs, reps)
        elif isinstance(constraint, Forbid | Prefer) and constraint.rep_id not in inputs.reps.index:
            raise _stranger(constraint, inputs)
        else:
            _add_word(held, constraint, inputs, coverage)
        held.all.append(constraint)
    for account, rep in sorted(held.locks.items()):
        if (account, rep) in held.forbids:
            raise InvalidInput(
                f"{account} is locked to {_called(inputs, rep)} and may not go to them: the lock "
                "and the forbid contradict each other.",
                hint="Withdraw one of the two.",
                account_id=account,
                rep_id=rep,
            )
    return held


def expired(lock: Lock, as_of: date) -> bool:
    """Whether a lock no longer holds: its last day lies before the book's date."""
    return lock.until is not None and lock.until < as_of


def _add_lock(held: Held, lock: Lock, inputs: Inputs, reps: pd.DataFrame) -> None:
    if lock.rep_id not in reps.index:
        why = "has no selling hours in it" if lock.rep_id in inputs.reps.index else "is not in it"
        raise InvalidInput(
            f"{lock.account_id} is locked to {_called(inputs, lock.rep_id)}, who {why}: nobody of "
            "this design could take it.",
            hint="Withdraw the lock, or lock it to a rep of the design.",
            account_id=lock.account_id,
            rep_id=lock.rep_id,
        )
    before = held.locks.setdefault(lock.account_id, lock.rep_id)
    if before != lock.rep_id:
        raise InvalidInput(
            f"{lock.account_id} is locked to two reps, {_called(inputs, before)} and "
            f"{_called(inputs, lock.rep_id)}.",
            hint="Keep one of the two locks.",
            account_id=lock.account_id,
        )


def _add_word(
    held: Held,
    constraint: Forbid | Prefer | TierCorrection | Relationship,
    inputs: Inputs,
    coverage: CoverageModel,
) -> None:
    if isinstance(constraint, Forbid):
        held.forbids.add((constraint.account_id, constraint.rep_id))
    elif isinstance(constraint, Prefer):
        held.prefers.append(constraint)
    elif isinstance(constraint, TierCorrection):
        coverage.tier(constraint.tier)
        held.tiers.append(constraint)
    else:
        if constraint.since > inputs.as_of:
            raise InvalidInput(
                f"The relationship with {constraint.account_id} would begin on {constraint.since}, "
                f"after the book's date {inputs.as_of}.",
                hint="Correct the day it began.",
                account_id=constraint.account_id,
            )
        held.relationships.append(constraint)


def _stranger(word: Forbid | Prefer, inputs: Inputs) -> InvalidInput:
    return InvalidInput(
        f"{_title(word)} of {word.account_id} names {word.rep_id}, who is not in this design.",
        hint=f"Its reps are {', '.join(map(str, inputs.reps.index))}.",
        account_id=word.account_id,
        rep_id=word.rep_id,
    )


def _demand_reps(window: Window, inputs: Inputs, leaving: Collection[str]) -> None:
    unknown = [rep for rep in window.reps if rep not in inputs.reps.index and rep not in leaving]
    if unknown:
        raise InvalidInput(
            f"A window on {window.measure} names {', '.join(unknown)}, who is not in this design.",
            hint=f"Its reps are {', '.join(map(str, inputs.reps.index))}.",
        )


def _title(constraint: Lock | Forbid | Prefer | TierCorrection | Relationship) -> str:
    words = {
        "lock": "A lock", "forbid": "A forbid", "prefer": "A preference",
        "tier": "A corrected tier", "relationship": "A relationship",
    }  # fmt: skip
    return words[constraint.kind]


def _called(inputs: Inputs, rep_id: str) -> str:
    names = inputs.reps["name"].to_dict()
    return f"{names[rep_id]} ({rep_id})" if rep_id in names else rep_id
