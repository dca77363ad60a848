"""What a tool looks up and says: evidence in order of importance, sentences that cite it.

CRM text reaches a sentence through slots only, and only where it is plain: a name with a
link, markup or invisible characters in it is left out, and so is one that names a
competitor, about whom nothing is said without a source.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from agent.cells import cited, records
from agent.chat.context import ChatContext
from agent.claims import Filled, claim
from agent.render import NotWritable, declared_rounding
from agent.verifier.markup import is_plain
from domain.chat import TableCell
from domain.evidence import CalculationSource, DocumentSource, Evidence, RecordSource, Unit
from domain.plan import Claim, ClaimKind, SlotFormat

Given = tuple[Evidence | None, SlotFormat]
"""What a slot is to write, and how; None where it was not found."""
LONGEST_NAME = 120
"""Characters; a longer name or title is left out."""


class LookedUp:
    """Collects what one use of a tool found.

    `evidence` holds what was asked for, in the order of asking, then what it was worked
    out from; the first `shown` of it are the former. `claims` holds what was said.
    """

    def __init__(self, context: ChatContext) -> None:
        self.context = context
        self.claims: list[Claim] = []
        self._asked: dict[str, Evidence] = {}
        self._behind: dict[str, Evidence] = {}

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Everything found, most important first, ancestors last."""
        behind = (item for key, item in self._behind.items() if key not in self._asked)
        return (*self._asked.values(), *behind)

    @property
    def shown(self) -> int:
        """How many pieces were asked for."""
        return len(self._asked)

    def cell(self, entity: str, metric: str) -> Evidence | None:
        """Look a cell of an analysis up; None where it is absent, empty, or no plain text."""
        found = cited(self.context.analyses, entity, metric)
        if not found or not self.may_be_said(found[0]):
            return None
        self._asked.setdefault(found[0].id, found[0])
        for item in found[1:]:
            self._behind.setdefault(item.id, item)
        return found[0]

    def field(
        self, table: str, row_id: str, entity: str, field: str, unit: Unit
    ) -> Evidence | None:
        """Look a CRM field up; None where it is blank or no plain text.

        `entity` is what the field is told about, an account or a part of one.
        """
        found = self.peek(table, row_id, entity, field, unit)
        if found is not None:
            self._asked.setdefault(found.id, found)
        return found

    def peek(self, table: str, row_id: str, entity: str, field: str, unit: Unit) -> Evidence | None:
        """Read a CRM field as `field` does, without keeping it."""
        account = entity.split("/", 1)[0].removeprefix("account:")
        owner = self.context.book.owners.get(account)
        found = records(self.context.book, table, row_id, entity, ((field, unit),), owner)
        return found[0] if found and self.may_be_said(found[0]) else None

    def name(self, account_id: str) -> Evidence | None:
        """Look an account's name up; its id where the name is no plain text."""
        entity = f"account:{account_id}"
        return self.field("accounts", account_id, entity, "name", "name") or self.field(
            "accounts", account_id, entity, "account_id", "name"
        )

    def owner(self, account_id: str) -> Evidence | None:
        """Look the name of an account's owner up; None where no rep owns it."""
        owner = self.context.book.owners[account_id]
        if owner is None:
            return None
        return self.field("reps", owner, f"account:{account_id}/owner:{owner}", "name", "name")

    def keep(self, *items: Evidence) -> None:
        """Add evidence from elsewhere, such as sentences of notes."""
        for item in items:
            self._asked.setdefault(item.id, item)

    def keep_behind(self, *items: Evidence) -> None:
        """Add evidence that has to be there and that no model need be shown."""
        for item in items:
            self._behind.setdefault(item.id, item)

    def ancestors(self, item: Evidence) -> tuple[Evidence, ...]:
        """Return what a cell was worked out from, to the last; nothing for other evidence."""
        if not isinstance(item.source, CalculationSource):
            return ()
        return cited(self.context.analyses, item.entity, item.metric)[1:]

    def may_be_said(self, item: Evidence) -> bool:
        """Say whether a value may stand in a sentence; only texts and names may not."""
        if item.unit not in ("text", "name") or isinstance(item.source, DocumentSource):
            return True
        if isinstance(item.source, RecordSource) and len(item.value) > LONGEST_NAME:
            return False
        competitors = self.context.vocabulary.competitors_in(item.value)
        return is_plain(item.value) and bool(item.value.strip()) and not competitors

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


def is_writable(item: Evidence, form: SlotFormat) -> bool:
    """Say whether a value can be written so that rounding does not turn it into nothing."""
    if item.unit in ("text", "name", "date"):
        return True
    try:
        value = Decimal(item.value)
        return value == 0 or declared_rounding(value, form) != 0 or item.unit in ("hours", "ratio")
    except (InvalidOperation, NotWritable):
        return False


def listed(phrases: list[str]) -> str:
    """Join phrases as a sentence does: `a, b and c`."""
    return " and ".join([", ".join(phrases[:-1]), phrases[-1]] if len(phrases) > 1 else phrases)


def shown_in(item: Evidence | None, form: SlotFormat) -> TableCell:
    """Return a table's cell for a fact; a dash where there is none."""
    if item is None or not is_writable(item, form):
        return TableCell(text="–")
    return TableCell(evidence_id=item.id, format=form)
