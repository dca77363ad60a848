"""Who is asking, and what they may see."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from domain.record import Record

Role = Literal["rep", "manager", "revops"]
HOUSE = "cadastre"
"""Who does the work that nobody asked for just now, such as finishing what a crash left."""


class Scope(Record):
    """The reps whose accounts a person may see.

    `everything` also covers unowned accounts. A scope is decided by the people file
    and by nothing else; no tool takes one as an argument.
    """

    everything: bool = False
    reps: frozenset[str] = frozenset()

    def covers(self, owner_id: str | None) -> bool:
        """Say whether rows owned by `owner_id` (None: unowned) may be seen."""
        return self.everything or (owner_id is not None and owner_id in self.reps)

    def covers_all(self, reps: Collection[str]) -> bool:
        """Say whether the rows of every one of these reps, at least one, may be seen."""
        return self.everything or (bool(reps) and self.reps.issuperset(reps))


class Principal(Record):
    """A signed-in person: every store method takes one."""

    person: str
    name: str
    workspace: str
    roles: frozenset[Role]
    scope: Scope

    @property
    def is_house(self) -> bool:
        """Whether this is the program itself: it has no role, and is in no people file."""
        return self.person == HOUSE and not self.roles and self.scope.everything

    @property
    def may_decide(self) -> bool:
        """Managers decide on plans; RevOps and reps prepare them."""
        return "manager" in self.roles

    @property
    def may_load(self) -> bool:
        """RevOps loads books and coverage models."""
        return "revops" in self.roles

    @property
    def may_set_rules(self) -> bool:
        """RevOps, and managers, adopt a coverage model: those who see what it does to all."""
        return self.scope.everything and (self.may_load or self.may_decide)
