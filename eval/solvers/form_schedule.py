"""Touches on a fixed schedule, whatever the calendar says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle, islice
from typing import NamedTuple

from eval.answer import Step, StepKind

STEPS = 6
_FORTNIGHT = timedelta(days=14)
_KINDS: tuple[tuple[StepKind, str, str], ...] = (
    ("call", "Call {whom} to discuss current needs", "Call logged in the CRM"),
    ("meeting", "Meet {whom} for a business review", "Meeting held"),
    ("email", "Send {whom} the latest product news", "E-mail sent"),
)


class Whom(NamedTuple):
    """Whom a step is for: an account, a contact where there is one, and the account's owner."""

    account_id: str | None
    contact_id: str | None
    owner: str | None
    name: str


def every_second_monday(as_of: date, whom: Sequence[Whom]) -> tuple[Step, ...]:
    """Plan a step of an hour for each second Monday after `as_of`, in turns; none for nobody."""
    monday = as_of + timedelta(days=7 - as_of.weekday())
    turns = zip(islice(cycle(whom), STEPS), cycle(_KINDS))
    return tuple(
        Step(
            key=f"t{number + 1}",
            what=what.format(whom=one.name) + ".",
            kind=kind,
            account_id=one.account_id,
            contact_id=one.contact_id,
            owner=one.owner,
            due=monday + number * _FORTNIGHT,
            hours=Decimal(1),
            measure=measure + ".",
        )
        for number, (one, (kind, what, measure)) in enumerate(turns)
    )
