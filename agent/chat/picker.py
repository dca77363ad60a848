"""What a person may name: accounts, reps, territories, segments, lines and scenarios.

Every index is built from the person's scope and from nothing else, once for a book and a
scope. A name outside it is therefore read exactly like one that does not exist.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from agent.chat.context import ChatContext
from agent.chat.names import Named, NameIndex
from agent.chat.scope import accounts_in_scope, reps_in_scope
from domain.book import Book
from domain.errors import PlannerError
from domain.principal import Scope

_KEPT = 64


class Known(NamedTuple):
    """Everything of a book that one scope may name."""

    accounts: NameIndex
    reps: NameIndex
    territories: NameIndex
    segments: NameIndex
    lines: NameIndex
    cities: NameIndex
    in_city: Mapping[str, tuple[str, ...]]
    contacts: NameIndex
    of_contact: Mapping[str, str]

    def is_name_word(self, word: str, *, least: float) -> bool:
        """Say whether a word is, or is nearly, part of a name of anything but a contact."""
        return any(
            word in index.postings or index.closest(word) >= least
            for index in (self.accounts, self.reps, self.territories, self.segments, self.lines,
                          self.cities)
        )  # fmt: skip


_known: OrderedDict[tuple[str, Scope, str], tuple[Book, Known]] = OrderedDict()
_lock = threading.Lock()


def known(context: ChatContext) -> Known:
    """Return what the person may name in this book; worked out once for a book and a scope."""
    key = (context.book.book_id, context.principal.scope, context.coverage.hash)
    with _lock:
        kept = _known.get(key)
        # Books made by hand in tests may share an id.
        if kept is not None and kept[0] is context.book:
            _known.move_to_end(key)
            return kept[1]
    found = _read(context)
    with _lock:
        _known[key] = (context.book, found)
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return found


def scenario_names(context: ChatContext) -> NameIndex:
    """Return the scenarios in scope by name; none where they cannot be listed."""
    try:
        rows = context.desk.scenarios()
    except PlannerError:
        rows = ()
    return NameIndex([Named(row.scenario_id, row.name) for row in rows])


def _read(context: ChatContext) -> Known:
    book = context.book
    in_scope = accounts_in_scope(context)
    accounts = book["accounts"].set_index("account_id").loc[list(in_scope)]
    columns = [accounts[name].tolist() for name in ("name", "city", "region", "country")]
    named = [
        Named(key, str(row[0]), " ".join(str(part) for part in row[1:] if isinstance(part, str)))
        for key, *row in zip(in_scope, *columns, strict=True)
    ]
    in_city: dict[str, list[str]] = defaultdict(list)
    for key, city in zip(in_scope, columns[1], strict=True):
        if isinstance(city, str):
            in_city[city].append(key)
    contacts = book["contacts"]
    contacts = contacts[contacts["account_id"].isin(accounts.index)]
    reps = book.rows("reps")
    lines = book["products"][context.coverage.whitespace.level]
    return Known(
        accounts=NameIndex(named),
        reps=NameIndex([Named(key, str(reps[key]["name"])) for key in reps_in_scope(context)]),
        territories=NameIndex(_territories(book, accounts["territory_id"])),
        segments=NameIndex([Named(name, name) for name in _values(accounts["segment"])]),
        lines=NameIndex([Named(name, name) for name in _values(lines)]),
        cities=NameIndex([Named(city, city) for city in sorted(in_city)]),
        in_city={city: tuple(keys) for city, keys in in_city.items()},
        contacts=NameIndex(
            [
                Named(str(key), str(name))
                for key, name in zip(contacts["contact_id"], contacts["name"], strict=True)
            ]
        ),
        of_contact=dict(zip(contacts["contact_id"], contacts["account_id"], strict=True)),
    )


def _territories(book: Book, held: Iterable[object]) -> list[Named]:
    """Return the territories that accounts in scope lie in, in the book's order."""
    wanted = {key for key in held if isinstance(key, str)}
    return [
        Named(key, str(row["name"]))
        for key, row in book.rows("territories").items()
        if key in wanted
    ]


def _values(column: pd.Series) -> list[str]:
    return sorted({str(value) for value in column.dropna()})
