"""Collecting the evidence of an answer: what is said first, what it was worked out from last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from agent.cells import cited, records
from agent.chat.context import ChatContext
from domain.chat import TableCell
from domain.evidence import REPS_JOINED_BY, CalculationSource, Evidence, Unit
from domain.plan import SlotFormat
from domain.record import content_hash
from tools.cells import recompute

UNOWNED = "(unowned)"
NAME: tuple[tuple[str, Unit], ...] = (("name", "name"),)


class Pieces:
    """The evidence a tool has taken so far, each piece once.

    `evidence` gives what was asked for in that order, then the ancestors.
    """

    def __init__(self, context: ChatContext) -> None:
        self._context = context
        self._first: dict[str, Evidence] = {}
        self._behind: dict[str, Evidence] = {}

    def take(self, found: Sequence[Evidence]) -> Evidence | None:
        """Take a cell followed by its ancestors; None where there is none."""
        if not found:
            return None
        self._first.setdefault(found[0].id, found[0])
        for item in found[1:]:
            self._behind.setdefault(item.id, item)
        return found[0]

    def cell(self, entity: str, metric: str) -> Evidence | None:
        """Take a cell of the analyses; None where there is no such cell."""
        return self.take(cited(self._context.analyses, entity, metric))

    def total(self, entity: str, metric: str, parts: Sequence[str]) -> Evidence | None:
        """Take the sum of one cell over several entities; None where any of them lacks it."""
        found = [cited(self._context.analyses, part, metric) for part in parts]
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
        """Take an account's name; `under` an entity, where the sentence is about that."""
        owner = self._context.book.owners[account_id] or UNOWNED
        entity = f"account:{account_id}"
        return self.field("accounts", account_id, f"{under}/{entity}" if under else entity, owner)

    def rep(self, rep_id: str, entity: str = "") -> Evidence | None:
        """Take a rep's name, as that of `entity` where given."""
        return self.field("reps", rep_id, entity or f"rep:{rep_id}", rep_id)

    def field(
        self,
        table: str,
        row: str,
        entity: str,
        scope: str,
        fields: tuple[tuple[str, Unit], ...] = NAME,
    ) -> Evidence | None:
        """Take fields of a CRM row and return the first; None where it is blank."""
        found = records(self._context.book, table, row, entity, fields, scope)
        for item in found:
            self.take((item,))
        return next((item for item in found if item.metric == fields[0][0]), None)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Everything taken, what was asked for first."""
        return tuple((self._first | self._behind).values())


def cell_of(evidence: Evidence | None, form: SlotFormat, blank: str = "–") -> TableCell:
    """Return a table's cell that shows a piece of evidence, or `blank` where there is none."""
    if evidence is None:
        return TableCell(text=blank)
    return TableCell(evidence_id=evidence.id, format=form)


def number(evidence: Evidence | None) -> Decimal:
    """Return the value of a figure; 0 where it is not known."""
    return Decimal(0) if evidence is None else Decimal(evidence.value)


def listed(names: Iterable[str]) -> str:
    """Join words with commas and an `and`."""
    words = list(names)
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
