"""What a sample's books and key hold: cells, documents, truths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.tables import TABLE_BY_NAME
from eval.answer import CellSource, Figure, PassageSource
from eval.ground import Ground
from eval.score import Sample
from eval.scorers.reading.wording import stands_in
from eval.task import Truth

_OF_AN_ACCOUNT = {
    "accounts",
    "contacts",
    "opportunities",
    "orders",
    "activities",
    "intent_signals",
}


@dataclass(frozen=True)
class Books:
    """The books of one task, the later first, and the truths of its key."""

    grounds: tuple[Ground, ...]
    truths: Mapping[tuple[str, str], tuple[Truth, ...]]

    @classmethod
    def of(cls, sample: Sample) -> Books:
        """Open the books of a sample."""
        truths: dict[tuple[str, str], list[Truth]] = defaultdict(list)
        for truth in sample.key.truths:
            truths[_last(truth.entity), truth.measure].append(truth)
        return cls(
            (sample.ground,) if sample.later is None else (sample.later, sample.ground),
            {where: tuple(found) for where, found in truths.items()},
        )

    @property
    def currency(self) -> str:
        """ISO 4217 code of the amounts; two books of one company have the same."""
        return self.grounds[0].currency

    def rows(self, table: str, row: str) -> list[Mapping[str, str]]:
        """Return a row as each book has it; empty where none does."""
        found = (ground.table(table).get(row) for ground in self.grounds)
        return [item for item in found if item is not None]

    def values(self, source: CellSource) -> tuple[str, ...]:
        """Return what a cell holds in each book, blank as ""; empty where there is no such cell."""
        table = TABLE_BY_NAME.get(source.table)
        if table is None or source.field not in {column.name for column in table.columns}:
            return ()
        return tuple(row.get(source.field) or "" for row in self.rows(source.table, source.row))

    def belongs(self, source: CellSource, entity: str) -> bool:
        """Say whether a cell can be about `entity`: a row of an account is about no other."""
        account = account_of(entity)
        if account is None or source.table not in _OF_AN_ACCOUNT:
            return True
        return any(row.get("account_id") == account for row in self.rows(source.table, source.row))

    def texts(self, document_id: str) -> tuple[str, ...]:
        """Return a document's text in each book that has it."""
        return tuple(row.get("text") or "" for row in self.rows("documents", document_id))

    def verified(self, source: PassageSource) -> bool:
        """Say whether the document exists and its quote stands in it word for word."""
        texts = self.texts(source.document_id)
        if source.quote is None:
            return bool(texts)
        return any(stands_in(source.quote, text) for text in texts)

    def truths_of(self, figure: Figure) -> tuple[Truth, ...]:
        """Return the key's truths that a figure has to agree with one of; empty if none.

        Where the figure tells its period, only truths of that period count, if there are any.
        """
        found = self.truths.get((_last(figure.entity), figure.measure), ())
        fitting = tuple(item for item in found if same_period(item.period, figure.period))
        return fitting or found


def account_of(entity: str) -> str | None:
    """Return the account id in an entity path such as `account:A-1/contact:C-1`, or None."""
    for part in entity.split("/"):
        kind, _, name = part.partition(":")
        if kind == "account":
            return name
    return None


def same_entity(one: str, other: str) -> bool:
    """Say whether two paths name the same thing; systems may leave out what stands above it."""
    return _last(one) == _last(other)


def same_period(one: str, other: str) -> bool:
    """Say whether two periods are the same; one that is not told contradicts none.

    Periods are ISO dates, or two joined by `/`. They agree when they end on the same day and
    start within three days: people count 365 days with and without their first one.
    """
    if not one or not other or one == other:
        return True
    try:
        (start, end), (other_start, other_end) = _days(one), _days(other)
    except ValueError:
        return False
    if end != other_end:
        return False
    if start is None or other_start is None:
        return True
    return abs(start - other_start) <= timedelta(days=3)


def days_of(period: str) -> int | None:
    """Return how many days a period has, both ends counted; None where it is no range."""
    try:
        start, end = _days(period)
    except ValueError:
        return None
    return (end - start).days + 1 if start is not None else None


def _days(period: str) -> tuple[date | None, date]:
    start, _, end = period.rpartition("/")
    return (date.fromisoformat(start) if start else None), date.fromisoformat(end)


def _last(entity: str) -> str:
    return entity.rpartition("/")[2]
