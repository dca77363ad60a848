"""What a tool about accounts looks up and says: evidence, and sentences that cite it."""

from __future__ import annotations

from collections.abc import Mapping

from agent.cells import cited
from agent.chat.context import ChatContext
from agent.chat.tools.pieces import Pieces, is_writable
from agent.claims import Filled, claim
from domain.evidence import CalculationSource, Evidence
from domain.plan import Claim, ClaimKind, SlotFormat

Given = tuple[Evidence | None, SlotFormat]
"""What a slot is to write, and how; None where it was not found."""


class LookedUp(Pieces):
    """Collects what one use of a tool found; `claims` holds what was said.

    CRM text reaches a sentence through slots only.
    """

    def __init__(self, context: ChatContext) -> None:
        super().__init__(context)
        self.claims: list[Claim] = []

    def owner(self, account_id: str) -> Evidence | None:
        """Look the name of an account's owner up; None where no rep owns it."""
        owner = self.context.book.owners[account_id]
        if owner is None:
            return None
        return self.rep(owner, f"account:{account_id}/owner:{owner}")

    def ancestors(self, item: Evidence) -> tuple[Evidence, ...]:
        """Return what a cell was worked out from, to the last; nothing for other evidence."""
        if not isinstance(item.source, CalculationSource):
            return ()
        return cited(self.context.analyses, item.entity, item.metric)[1:]

    def say(
        self,
        key: str,
        kind: ClaimKind,
        subject: str,
        text: str,
        /,
        *,
        cites: tuple[Evidence, ...] = (),
        slots: Mapping[str, Given] | None = None,
        **named: Given,
    ) -> bool:
        """Add a sentence; False, and nothing said, where a slot has no value to write.

        Slots come as keywords or, when they were collected before, as a mapping.
        """
        filled: dict[str, Filled] = {}
        for name, (item, form) in {**(slots or {}), **named}.items():
            if item is None or not is_writable(item, form):
                return False
            filled[name] = (item, form)
        self.claims.append(claim(key, kind, subject, text, cites=cites, slots=filled))
        return True
