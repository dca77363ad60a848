"""Fields of a CRM as statements: a label, a value, and the cell it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from domain.evidence import Unit
from domain.tables import TABLE_BY_NAME, ColumnType
from eval.answer import CellSource, Figure, PassageSource, Source, Statement, StatementKind
from eval.ground import Ground

Row = Mapping[str, str]

_UNITS: Final[dict[ColumnType, Unit]] = {
    "money": "money",
    "number": "count",
    "integer": "count",
    "date": "date",
}
_MEASURES: Final = {
    ("accounts", "employees"): "employees",
    ("opportunities", "amount"): "deal_amount",
    ("opportunities", "closes"): "deal_closes",
    ("contacts", "last_contact"): "last_contact",
}
_LONGEST_SENTENCE: Final = 500
_FIRST_SENTENCE: Final = re.compile(r".*?[.!?](?=\s|$)", re.DOTALL)


@dataclass(frozen=True)
class Field:
    """One filled cell of a row, with the name its row goes by."""

    table: str
    row: str
    name: str
    value: str
    entity: str
    of: str

    @property
    def label(self) -> str:
        """The column as a form heads it: `last_contact` is `Last contact`."""
        return self.name.removesuffix("_id").replace("_", " ").capitalize()

    @property
    def unit(self) -> Unit | None:
        """The unit of a figure or date; None for words."""
        return _UNITS.get(TABLE_BY_NAME[self.table].column(self.name).type)

    def statement(self, key: str, section: str = "") -> Statement:
        """Write it as a form does: `Employees of Bolt & Pedal: 40.`"""
        figures: tuple[Figure, ...] = ()
        if self.unit is not None:
            figure = Figure(
                written=self.value,
                value=self.value,
                unit=self.unit,
                entity=self.entity,
                measure=_MEASURES.get((self.table, self.name), self.name),
                source=0,
            )
            figures = (figure,)
        return Statement(
            key=key,
            section=section,
            kind="metric" if figures else "fact",
            about=self.entity,
            text=f"{self.label} of {self.of}: {self.value}.",
            sources=(CellSource(table=self.table, row=self.row, field=self.name),),
            figures=figures,
        )


def fields(table: str, row: Row, *names: str) -> Iterator[Field]:
    """Yield the filled cells of a row, of the columns named or of all but its own key."""
    description = TABLE_BY_NAME[table]
    key = row.get(description.key) or ""
    for column in description.columns:
        value = (row.get(column.name) or "").strip()
        if value and column.name != description.key and (not names or column.name in names):
            entity = _entity(table, row, key)
            yield Field(table, key, column.name, value, entity, row.get("name") or key)


def rows_of(ground: Ground, table: str, **wanted: str) -> list[Row]:
    """Return the rows of a table whose columns hold the values wanted, in the file's order.

    A blank is no value: nothing is found for it.
    """
    if not all(wanted.values()):
        return []
    return [
        row
        for row in ground.table(table).values()
        if all(row.get(name) == value for name, value in wanted.items())
    ]


class Page:
    """The statements of an answer as they are written, keyed `s1`, `s2`, ..."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def fill(self, section: str, filled: Iterator[Field]) -> None:
        """Write a line for each field."""
        for field in filled:
            self.statements.append(field.statement(self._key(), section))

    def say(
        self,
        section: str,
        about: str,
        text: str,
        kind: StatementKind = "recommendation",
        *sources: Source,
    ) -> None:
        """Write a sentence."""
        self.statements.append(
            Statement(
                key=self._key(), section=section, kind=kind, about=about, text=text, sources=sources
            )
        )

    def quote(self, section: str, about: str, document: Row) -> None:
        """Write the first sentence of a document."""
        sentence = first_sentence(document.get("text") or "")
        if sentence:
            source = PassageSource(document_id=document["document_id"], quote=sentence)
            self.say(section, about, " ".join(sentence.split()), "quote", source)

    def _key(self) -> str:
        return f"s{len(self.statements) + 1}"


def first_sentence(text: str) -> str:
    """Return a text up to its first full stop, as it stands there; at most 500 characters."""
    text = text.strip()
    found = _FIRST_SENTENCE.match(text)
    return (found.group() if found else text)[:_LONGEST_SENTENCE]


def _entity(table: str, row: Row, key: str) -> str:
    match table:
        case "accounts":
            return f"account:{key}"
        case "contacts":
            return f"account:{row.get('account_id')}/contact:{key}"
        case "opportunities":
            return f"account:{row.get('account_id')}/opportunity:{key}"
        case "quotas":
            return f"rep:{row.get('rep_id')}"
        case _:
            return f"rep:{key}"
