"""The SQLite database: connections, transactions and migrations run at opening."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from domain.errors import Broken
from store.migrations import HEAD

_BUSY_MILLISECONDS = 20_000


class Database:
    """One engine over one file, in write-ahead mode.

    `reading` gives a consistent view, `writing` takes the one write lock at once, so that
    what a writer has read stays true until it commits.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(path)), pool_size=8, max_overflow=40
        )
        sa.event.listen(self.engine, "connect", _prepare)
        sa.event.listen(self.engine, "begin", _begin)
        path.touch(mode=0o600)
        self._migrate()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that only reads."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[sa.Connection]:
        """Open a transaction that writes; it is kept when the block ends without error.

        Every commit survives the end of the process. `durable` waits for the disk, so
        that the commit also survives a power cut.
        """
        with self.engine.connect() as connection:
            connection = connection.execution_options(
                cadastre_begin="durable" if durable else "writing"
            )
            with connection.begin():
                yield connection

    def forget_freed_pages(self) -> None:
        """Fold the write-ahead log into the file, so that erased text is in neither."""
        with self.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def revision(self) -> str | None:
        """Return the migration the file stands at; None for an empty file."""
        with self.reading() as connection:
            if not connection.dialect.has_table(connection, "alembic_version"):
                return None
            found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            return None if found is None else str(found)

    def _migrate(self) -> None:
        found = self.revision()
        if found == HEAD:
            return
        # Imported only when there is something to do: it costs a third of a second.
        from alembic import command
        from alembic.config import Config
        from alembic.util.exc import CommandError

        config = Config()
        config.set_main_option("script_location", "store:migrations")
        with self.writing(durable=True) as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                if found is None:
                    raise
                raise Broken(
                    f"{self.path} stands at migration {found!r}, which this version does not know.",
                    hint="It was written by a newer Cadastre: install that version, or use "
                    "another home folder.",
                ) from error


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not begin transactions of its own: `_begin` does, and so tables
    # made by a migration are taken back with it when it fails.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    kind = connection.get_execution_options().get("cadastre_begin", "reading")
    level = "FULL" if kind == "durable" else "NORMAL"
    connection.exec_driver_sql(f"PRAGMA synchronous={level}")
    connection.exec_driver_sql("BEGIN" if kind == "reading" else "BEGIN IMMEDIATE")
