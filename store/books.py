"""Books of business: a manifest in SQL, each table one Parquet file shared while unchanged."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from datetime import date

import sqlalchemy as sa

from domain.book import Book, QualityReport, frame
from domain.errors import NotFound
from domain.principal import Principal
from domain.record import Record, canonical_json
from domain.tables import LATER
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.home import Home
from store.parquet import KeptTable, keep_table, load_table
from store.schema import books, current_books

_BOOKS_IN_MEMORY = 3


class BookEntry(Record):
    """One line of the list of books; times are ISO 8601 in UTC."""

    book_id: str
    as_of: date
    currency: str
    rows_by_table: dict[str, int]
    added_at: str
    added_by: str
    current: bool


class Books:
    """The books of every workspace. A book itself is whole: analyses need an account's peers.

    What a reader sees of a book is cut by `Scope.covers`.
    """

    def __init__(self, database: Database, home: Home, clock: Clock = system_clock) -> None:
        self._database = database
        self._tables = home.tables
        self._clock = clock
        self._loaded: OrderedDict[tuple[str, str], Book] = OrderedDict()
        self._lock = threading.RLock()
        for left_over in self._tables.glob(".*.part"):
            left_over.unlink(missing_ok=True)

    def add(self, principal: Principal, book: Book) -> bool:
        """Keep a book and make it the current one.

        Returns
        -------
        bool
            False when the workspace has the book already: then nothing changes, not even
            which book is current.
        """
        key = (principal.workspace, book.book_id)
        if self._row(*key) is not None:
            return False
        # Files first: a manifest never names a table that is not there.
        manifest = {name: keep_table(self._tables, book[name]) for name in sorted(book.tables)}
        with self._database.writing(durable=True) as connection:
            if connection.execute(_entry(*key)).first() is not None:
                return False
            connection.execute(
                books.insert().values(
                    workspace_id=principal.workspace,
                    book_id=book.book_id,
                    as_of=book.as_of.isoformat(),
                    currency=book.currency,
                    manifest=canonical_json(
                        {name: kept.model_dump(mode="json") for name, kept in manifest.items()}
                    ),
                    sources=canonical_json(dict(book.sources)),
                    quality=canonical_json(book.quality),
                    added_at=stamp(self._clock()),
                    added_by=principal.person,
                )
            )
            _set_current(connection, *key)
        self._remember(key, book)
        return True

    def use(self, principal: Principal, book_id: str) -> None:
        """Make a kept book the current one; NotFound when the workspace lacks it."""
        with self._database.writing() as connection:
            if connection.execute(_entry(principal.workspace, book_id)).first() is None:
                raise _no_such_book(book_id)
            _set_current(connection, principal.workspace, book_id)

    def current(self, principal: Principal) -> Book:
        """Return the workspace's current book; NotFound before the first import."""
        return self.get(principal, self.current_id(principal))

    def current_id(self, principal: Principal) -> str:
        """Return the id of the current book without loading it; NotFound when there is none."""
        with self._database.reading() as connection:
            found = connection.scalar(
                sa.select(current_books.c.book_id).where(
                    current_books.c.workspace_id == principal.workspace
                )
            )
        if found is None:
            raise NotFound(
                "There is no book yet.",
                hint="Import an export with `cadastre import FOLDER`, or try `cadastre demo`.",
            )
        return str(found)

    def get(self, principal: Principal, book_id: str) -> Book:
        """Return a kept book, from memory when this process has read it before.

        Raises
        ------
        NotFound
            When the workspace has no such book.
        Broken
            When one of its files is missing or altered.
        """
        key = (principal.workspace, book_id)
        with self._lock:
            if key in self._loaded:
                self._loaded.move_to_end(key)
                return self._loaded[key]
            row = self._row(*key)
            if row is None:
                raise _no_such_book(book_id)
            manifest = {
                name: KeptTable.model_validate(kept)
                for name, kept in json.loads(row.manifest).items()
            }
            book = Book(
                book_id=row.book_id,
                as_of=date.fromisoformat(row.as_of),
                currency=row.currency,
                tables={
                    **{name: frame(name, ()) for name in LATER - manifest.keys()},
                    **{name: load_table(self._tables, name, at) for name, at in manifest.items()},
                },
                quality=QualityReport.model_validate_json(row.quality),
                sources=json.loads(row.sources),
            )
            self._remember(key, book)
            return book

    def list(self, principal: Principal) -> list[BookEntry]:
        """Return the workspace's books, newest date first."""
        with self._database.reading() as connection:
            current = connection.scalar(
                sa.select(current_books.c.book_id).where(
                    current_books.c.workspace_id == principal.workspace
                )
            )
            rows = connection.execute(
                books.select()
                .where(books.c.workspace_id == principal.workspace)
                .order_by(books.c.as_of.desc(), books.c.added_at.desc(), books.c.book_id)
            ).all()
        return [
            BookEntry(
                book_id=row.book_id,
                as_of=date.fromisoformat(row.as_of),
                currency=row.currency,
                rows_by_table={
                    name: kept["rows"] for name, kept in json.loads(row.manifest).items()
                },
                added_at=row.added_at,
                added_by=row.added_by,
                current=row.book_id == current,
            )
            for row in rows
        ]

    def _row(self, workspace: str, book_id: str) -> sa.Row[tuple[str, ...]] | None:
        with self._database.reading() as connection:
            return connection.execute(_entry(workspace, book_id)).first()

    def _remember(self, key: tuple[str, str], book: Book) -> None:
        with self._lock:
            self._loaded[key] = book
            self._loaded.move_to_end(key)
            while len(self._loaded) > _BOOKS_IN_MEMORY:
                self._loaded.popitem(last=False)


def _entry(workspace: str, book_id: str) -> sa.Select[tuple[str, ...]]:
    return books.select().where(books.c.workspace_id == workspace, books.c.book_id == book_id)


def _set_current(connection: sa.Connection, workspace: str, book_id: str) -> None:
    connection.execute(
        sa.text(
            "INSERT INTO current_books (workspace_id, book_id) VALUES (:workspace, :book_id) "
            "ON CONFLICT (workspace_id) DO UPDATE SET book_id = excluded.book_id"
        ),
        {"workspace": workspace, "book_id": book_id},
    )


def _no_such_book(book_id: str) -> NotFound:
    return NotFound(
        f"There is no book {book_id!r} in this workspace.",
        hint="Import the export again with `cadastre import FOLDER`.",
    )
