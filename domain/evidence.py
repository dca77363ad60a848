"""Evidence: one citable fact each, with an id that is a hash of the fact itself.

The id covers source, table, row, field, canonical value, unit and effective period (for
a document: the hash of its text and the span). Which book showed the fact, and when, is
a sighting and lives beside it: the same fact keeps its id over every run and import.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from domain.errors import NotFound
from domain.record import Record, content_hash
from domain.vocabulary import Vocabulary

Unit = Literal[
    "money", "count", "share", "change", "ratio", "hours", "days", "points", "date", "text", "name"
]
"""What a value is measured in. `share` is 0 to 1, `change` a relative change (0.35 is
+35 %), `ratio` a multiple, `points` integer score points, `name` a proper name."""

Operation = Literal["analysis", "sum", "difference", "ratio", "share", "change", "rank", "count"]
"""How a calculation came about. All but `analysis` are recomputed from the parents."""


REPS_JOINED_BY = "\x1f"
"""What joins the rep ids in the scope of a fact about several reps: a reader covers all."""


class RecordSource(Record):
    """A cell of a CRM table."""

    kind: Literal["record"] = "record"
    table: str
    row: str
    field: str


class DocumentSource(Record):
    """A span of a stored document; `start` and `end` are code points into its text."""

    kind: Literal["document"] = "document"
    document_hash: str
    start: int
    end: int
    document_id: str
    document_kind: str
    title: str
    author: str | None = None
    author_class: Literal["internal", "customer", "external"]
    publisher: str | None = None
    uri: str | None = None
    published: date | None = None
    retrieved: date | None = None


class CalculationSource(Record):
    """A cell of an analysis, or simple arithmetic over other evidence."""

    kind: Literal["calculation"] = "calculation"
    analysis: str
    version: int
    arguments_hash: str
    pointer: str
    operation: Operation = "analysis"
    parents: tuple[str, ...] = ()


class HumanSource(Record):
    """Something a person said in a decision or comment."""

    kind: Literal["human"] = "human"
    person: str
    said_on: date
    where: str


Source = RecordSource | DocumentSource | CalculationSource | HumanSource

# What a reader may look up about a span, but what does not make it another span.
_NOT_OF_THE_FACT = frozenset(
    {
        "document_id",
        "document_kind",
        "title",
        "author",
        "author_class",
        "publisher",
        "uri",
        "published",
        "retrieved",
    }
)


class Evidence(Record):
    """One fact: `metric` of `entity` was `value` over `period`, says `source`.

    `entity` is a path such as `account:1001`, `account:1001/contact:C-7` or `rep:282`.
    `value` is canonical text: a decimal string, an ISO date, or words. `period` is an
    ISO date, two joined by `/`, or empty for a fact without one. `scope` is the rep whose
    row it is (empty: anyone in the workspace; several joined by `REPS_JOINED_BY`: who sees
    them all); it decides who may read the fact and is no part of its identity.
    """

    entity: str
    metric: str
    value: str
    unit: Unit
    period: str = ""
    source: Source
    scope: str = ""

    @cached_property
    def id(self) -> str:
        """`ev_` and 24 hexadecimal digits."""
        # Fields as they are: a ledger has tens of thousands of facts, and a dump of each takes
        # as long as its hash.
        source = {name: value for name, value in self.source if name not in _NOT_OF_THE_FACT}
        if isinstance(self.source, HumanSource):
            source["said_on"] = self.source.said_on.isoformat()
        fact = [self.entity, self.metric, self.value, self.unit, self.period, source]
        return "ev_" + content_hash(fact)[:24]

    @property
    def kind(self) -> str:
        """`record`, `document`, `calculation` or `human`."""
        return self.source.kind

    def is_about(self, subject: str) -> bool:
        """Say whether the fact's entity is `subject` or a part of it."""
        return self.entity == subject or self.entity.startswith(subject + "/")

    def dated(self) -> date | None:
        """Return the date freshness is judged by: publication, statement or period end."""
        if isinstance(self.source, DocumentSource):
            return self.source.published
        if isinstance(self.source, HumanSource):
            return self.source.said_on
        return date.fromisoformat(self.period.rsplit("/", 1)[-1]) if self.period else None


def texts_behind(evidence: Iterable[Evidence], texts: Mapping[str, str]) -> dict[str, str]:
    """Return those of `texts`, by hash, that spans among the evidence were taken from."""
    hashes = {
        item.source.document_hash for item in evidence if isinstance(item.source, DocumentSource)
    }
    return {key: texts[key] for key in sorted(hashes) if key in texts}


@dataclass(frozen=True)
class Ledger:
    """The evidence a run may cite, frozen before anything is drafted.

    `texts` holds the full text of every cited document by its hash; `vocabulary` the
    names that only slots may write.
    """

    entries: Mapping[str, Evidence]
    texts: Mapping[str, str] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    @classmethod
    def of(
        cls,
        evidence: Iterable[Evidence],
        texts: Mapping[str, str] | None = None,
        vocabulary: Vocabulary | None = None,
    ) -> Ledger:
        """Freeze `evidence`, dropping repeats; the order is by id."""
        entries = {item.id: item for item in evidence}
        return cls(
            {key: entries[key] for key in sorted(entries)}, texts or {}, vocabulary or Vocabulary()
        )

    @cached_property
    def root(self) -> str:
        """Hash over the sorted ids."""
        return content_hash(sorted(self.entries))

    def __contains__(self, evidence_id: object) -> bool:
        return evidence_id in self.entries

    def __getitem__(self, evidence_id: str) -> Evidence:
        found = self.entries.get(evidence_id)
        if found is None:
            raise NotFound(f"There is no evidence {evidence_id!r} in this ledger.")
        return found

    @cached_property
    def _cells(self) -> dict[tuple[str, str], list[Evidence]]:
        cells: dict[tuple[str, str], list[Evidence]] = {}
        for item in self.entries.values():
            cells.setdefault((item.entity, item.metric), []).append(item)
        return cells

    def find(self, entity: str, metric: str) -> Evidence | None:
        """Return the newest fact of one metric of one entity, or None."""
        found = self._cells.get((entity, metric), [])
        return max(found, key=lambda item: (item.period, item.id)) if found else None

    def of_entity(self, entity: str) -> list[Evidence]:
        """Return the facts of an entity and its parts, in order of id."""
        return [item for item in self.entries.values() if item.is_about(entity)]
