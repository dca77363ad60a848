"""Collecting the evidence of an answer: what is said first, what it was worked out from last.

CRM text is taken only where it is plain: a name with a link, markup or invisible characters
in it, or one that names a competitor, about whom nothing is said without a source, gives way
to the row's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from agent.cells import cited, records
from agent.chat.context import ChatContext
from agent.render import NotWritable, declared_rounding
from agent.verifier.markup import is_plain
from domain.chat import TableCell
from domain.evidence import (
    REPS_JOINED_BY,
    CalculationSource,
    DocumentSource,
    Evidence,
    RecordSource,
    Unit,
)
from domain.plan import SlotFormat
from domain.record import content_hash
from tools.cells import recompute

UNOWNED = "(unowned)"
LONGEST_NAME = 120
"""Characters; a longer name or title is left out."""
_IDS = {
    "accounts": "account_id", "reps": "rep_id", "contacts": "contact_id",
    "opportunities": "opportunity_id", "territories": "territory_id",
}  # fmt: skip


class Pieces:
    """The evidence a tool has taken so far, each piece once.

    `evidence` gives what was asked for in that order, then the ancestors; the first `shown`
    of it are the former.
    """

    def __init__(self, context: ChatContext) -> None:
        self.context = context
        self._asked: dict[str, Evidence] = {}
        self._behind: dict[str, Evidence] = {}

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Everything taken, most important first, ancestors last."""
        return tuple((self._asked | self._behind).values())

    @property
    def shown(self) -> int:
        """How many pieces were asked for."""
        return len(self._asked)

    def take(self, found: Sequence[Evidence]) -> Evidence | None:
        """Take a cell followed by its ancestors; None where there is none that may be said."""
        if not found or not self.may_be_said(found[0]):
            return None
        self.keep(found[0])
        self.keep_behind(*found[1:])
        return found[0]

    def keep(self, *items: Evidence) -> None:
        """Add evidence from elsewhere, such as sentences of notes."""
        for item in items:
            self._asked.setdefault(item.id, item)

    def keep_behind(self, *items: Evidence) -> None:
        """Add evidence that has to be there and that no model need be shown."""
        for item in items:
            self._behind.setdefault(item.id, item)

    def cell(self, entity: str, metric: str) -> Evidence | None:
        """Take a cell of the analyses; None where it is absent, empty, or no plain text."""
        return self.take(cited(self.context.analyses, entity, metric))

    def total(self, entity: str, metric: str, parts: Sequence[str]) -> Evidence | None:
        """Take the sum of one cell over several entities; None where any of them lacks it."""
        found = [cited(self.context.analyses, part, metric) for part in parts]
        if not found or not all(found):
            return None
        parents = [items[0] for items in found]
        unit = parents[0].unit
        own = Evidence(
            entity=entity,
            metric=metric,
            value=recompute("sum", parents, unit),
            unit=unit,
            period=parents[0].period,
            source=CalculationSource(
                analysis="total",
                version=1,
                arguments_hash=content_hash([parent.id for parent in parents]),
                pointer=f"{entity}/{metric}",
                operation="sum",
                parents=tuple(parent.id for parent in parents),
            ),
            scope=REPS_JOINED_BY.join(sorted({parent.scope or UNOWNED for parent in parents})),
        )
        return self.take((own, *(item for items in found for item in items)))

    def account(self, account_id: str, under: str = "") -> Evidence | None:
        """Take what an account is called; `under` an entity, where the sentence is about that."""
        entity = f"account:{account_id}"
        owner = self.context.book.owners[account_id] or UNOWNED
        return self.named(
            "accounts", account_id, f"{under}/{entity}" if under else entity, scope=owner
        )

    def rep(self, rep_id: str, entity: str = "") -> Evidence | None:
        """Take what a rep is called, as that of `entity` where given."""
        return self.named("reps", rep_id, entity or f"rep:{rep_id}", scope=rep_id)

    def named(
        self, table: str, row: str, entity: str, *, scope: str | None = None
    ) -> Evidence | None:
        """Take the name of a CRM row; its id where the name is blank or no plain text."""
        return self.field(table, row, entity, "name", "name", scope=scope) or self.field(
            table, row, entity, _IDS[table], "name", scope=scope
        )

    def label(self, table: str, row: str) -> str:
        """Return what a row is called on a button, without taking it."""
        found = self.peek(table, row, row, "name", "name", scope="")
        return row if found is None else found.value

    def field(
        self, table: str, row: str, entity: str, field: str, unit: Unit, *, scope: str | None = None
    ) -> Evidence | None:
        """Take a field of a CRM row; None where it is blank or no plain text.

        `entity` is what the field is told about. `scope` is the rep whose row it is: the
        owner of the entity's account unless told otherwise.
        """
        found = self.peek(table, row, entity, field, unit, scope=scope)
        if found is not None:
            self.keep(found)
        return found

    def peek(
        self, table: str, row: str, entity: str, field: str, unit: Unit, *, scope: str | None = None
    ) -> Evidence | None:
        """Read a field as `field` does, without taking it."""
        if scope is None:
            account = entity.split("/", 1)[0].removeprefix("account:")
            scope = self.context.book.owners.get(account) or UNOWNED
        found = records(self.context.book, table, row, entity, ((field, unit),), scope)
        return found[0] if found and self.may_be_said(found[0]) else None

    def may_be_said(self, item: Evidence) -> bool:
        """Say whether a value may stand in a sentence; only texts and names may not."""
        if item.unit not in ("text", "name") or isinstance(item.source, DocumentSource):
            return True
        if isinstance(item.source, RecordSource) and len(item.value) > LONGEST_NAME:
            return False
        competitors = self.context.vocabulary.competitors_in(item.value)
        return is_plain(item.value) and bool(item.value.strip()) and not competitors


def is_writable(item: Evidence, form: SlotFormat) -> bool:
    """Say whether a value can be written so that rounding does not turn it into nothing."""
    if item.unit in ("text", "name", "date"):
        return True
    try:
        value = Decimal(item.value)
        return value == 0 or declared_rounding(value, form) != 0 or item.unit in ("hours", "ratio")
    except (InvalidOperation, NotWritable):
        return False


def cell_of(evidence: Evidence | None, form: SlotFormat, blank: str = "–") -> TableCell:
    """Return a table's cell that shows a piece of evidence, or `blank` where there is none."""
    if evidence is None or not is_writable(evidence, form):
        return TableCell(text=blank)
    return TableCell(evidence_id=evidence.id, format=form)


def number(evidence: Evidence | None) -> Decimal:
    """Return the value of a figure; 0 where it is not known."""
    return Decimal(0) if evidence is None else Decimal(evidence.value)


def listed(phrases: Iterable[str]) -> str:
    """Join phrases as a sentence does: `a, b and c`."""
    words = list(phrases)
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
