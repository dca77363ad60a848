"""The register of exceptions: accounts locked to a rep whatever the balance says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from domain.assignment import Constraint, Lock
from domain.territory_rules import TerritoryRules
from tools.territory.constraints import expired


@dataclass(frozen=True)
class ExceptionRegister:
    """Every lock, whether it holds, and how much of the book is worked by exception.

    Attributes
    ----------
    held
        Locks that hold on the date, those that end first in front, by account.
    expired
        Locks whose last day is past: they hold no longer and are due to be withdrawn or
        renewed.
    expiring
        Those of `held` that end within `territory.exceptions_soon_days`.
    accounts, under_exception
        Accounts of the design, and how many of them are locked.
    alarm
        A sentence when more than `territory.exceptions_alarm_share` of the accounts are
        under exception; empty otherwise. Exactly that share raises none.
    """

    held: tuple[Lock, ...]
    expired: tuple[Lock, ...]
    expiring: tuple[Lock, ...]
    accounts: int
    under_exception: int
    alarm: str

    @property
    def share(self) -> float:
        """Accounts under exception, of all (0 to 1); 0 without accounts."""
        return self.under_exception / self.accounts if self.accounts else 0.0


def exception_register(
    constraints: Iterable[Constraint],
    *,
    accounts: Iterable[str],
    as_of: date,
    rules: TerritoryRules,
) -> ExceptionRegister:
    """Read the register of exceptions on one day.

    Parameters
    ----------
    constraints
        Locks are read; other kinds are no exceptions from the model but words on it.
    accounts
        Ids of the accounts that the share is told of: those of the design, or of the book.
    as_of
        Date of the book. A lock holds on its last day.
    rules
        Bound of the alarm, and how soon is soon.
    """
    locks = sorted(
        {lock for lock in constraints if isinstance(lock, Lock)},
        key=lambda lock: (lock.until or date.max, lock.account_id, lock.rep_id, lock.by),
    )
    held = tuple(lock for lock in locks if not expired(lock, as_of))
    soon = as_of + timedelta(days=rules.exceptions_soon_days)
    known = set(accounts)
    locked = known & {lock.account_id for lock in held}
    return ExceptionRegister(
        held=held,
        expired=tuple(lock for lock in locks if expired(lock, as_of)),
        expiring=tuple(lock for lock in held if lock.until is not None and lock.until <= soon),
        accounts=len(known),
        under_exception=len(locked),
        alarm=_alarm(len(locked), len(known), rules.exceptions_alarm_share),
    )


def _alarm(locked: int, accounts: int, bound: float) -> str:
    # A count, so that 0.1 of 30 accounts is 3 and not a float beside it.
    if locked <= bound * accounts + 1e-9:
        return ""
    return (
        f"{locked} of {accounts} accounts ({locked / accounts:.1%}) are under exception, more than "
        f"{bound:.0%}: the model no longer describes how accounts are worked. Withdraw exceptions "
        "that have outlived their reason, or change the rules they work around."
    )
