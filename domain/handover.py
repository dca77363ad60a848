"""What of an approved plan goes with an account to its next owner."""

from __future__ import annotations

from datetime import date

from domain.evidence import Evidence
from domain.plan import Claim
from domain.record import Record


class HandedPlay(Record):
    """A play of the plan with its dates; `done_when` says how it ends."""

    key: str
    kind: str
    what: Claim
    done_when: Claim
    starts: date
    due: date


class HandedPlan(Record):
    """The last approved plan of an account, as far as it is about the account alone.

    `in_force` is false once a newer version or a later decision replaced it. `evidence` are
    the facts about the account that its plays cite, under the account's present owner;
    what the plan says of other accounts of its former owner is not among them.
    """

    plan_id: str
    version: int
    in_force: bool
    owner_id: str
    owner_name: str
    approved_by: str
    approved_on: date
    period_end: date
    currency: str
    plays: tuple[HandedPlay, ...]
    evidence: tuple[Evidence, ...]
