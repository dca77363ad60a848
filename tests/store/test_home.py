from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from domain.errors import Broken, HomeBusy
from store.database import Database
from store.home import Home
from store.migrations import HEAD
from store.schema import metadata
from store.store import Store
from tests.store.tiny_store import NOTES, REVOPS, make_book

ROOT = Path(__file__).parents[2]

OWN = """
import sys
from store.home import Home
from domain.errors import HomeBusy
try:
    Home(sys.argv[1]).own()
except HomeBusy as error:
    print(error.message)
    print(error.hint)
else:
    print("owned")
"""


def in_another_process(home: Home) -> str:
    return subprocess.run(
        [sys.executable, "-c", OWN, str(home.path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout


def test_one_process_owns_the_folder_and_a_second_is_told_what_to_do(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with home.own():
        said = in_another_process(home)

    assert said.startswith(f"Another process (pid {os.getpid()}) is using {home.path}.")
    assert "Stop it with Ctrl-C" in said
    assert in_another_process(home) == "owned\n"


def test_a_second_home_of_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with Home(tmp_path).own(), pytest.raises(HomeBusy):
        Home(tmp_path).own()


def test_a_store_takes_the_folder_and_gives_it_up(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with Store.open(home):
        assert Home(tmp_path).busy()
        with pytest.raises(HomeBusy):
            Store.open(Home(tmp_path))
    assert not Home(tmp_path).busy()

    with home.own():
        Store.open(home).close()
        assert home.owned


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are POSIX")
def test_only_the_owner_may_read_what_is_kept(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    with Store.open(home) as opened:
        opened.books.add(REVOPS, make_book(*NOTES))
        home.secret()
        home.write_server("http://127.0.0.1:8000", "token")

    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(home.path) == 0o700
    for path in (home.database, home.secret_file, home.server_file, home.lock_file):
        assert mode(path) == 0o600, path


def test_word_of_a_server_counts_only_while_its_process_owns_the_folder(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.read_server() is None
    with home.own():
        home.write_server("http://127.0.0.1:8000", "token")
        found = Home(tmp_path).read_server()
        assert found is not None
        assert (found.address, found.token, found.pid) == (
            "http://127.0.0.1:8000",
            "token",
            os.getpid(),
        )
    assert home.read_server() is None
    with home.own():
        home.clear_server()
        assert home.read_server() is None
    home.server_file.write_text("{half")
    assert home.read_server() is None


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    assert len(Home(tmp_path).secret()) == 64
    assert Home(tmp_path).secret() == Home(tmp_path).secret()


def test_migrations_from_empty_make_every_table_and_reopening_keeps_the_rows(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path)
    with Store.open(home) as opened:
        opened.books.add(REVOPS, make_book(*NOTES))

    with Store.open(home) as opened:
        assert len(opened.books.list(REVOPS)) == 1

    database = Database(home.database)
    assert database.revision() == HEAD
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.scalar(sa.text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(sa.text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(sa.text("PRAGMA busy_timeout")) >= 5000
    database.close()


def test_the_head_that_opening_looks_for_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "store:migrations")

    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_every_table_has_a_workspace() -> None:
    assert [table.name for table in metadata.sorted_tables if "workspace_id" not in table.c] == []


def test_a_migration_that_fails_leaves_no_table_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic.operations import Operations

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Operations, "execute", power_cut)
    with pytest.raises(KeyboardInterrupt):
        Database(tmp_path / "cadastre.db")
    monkeypatch.undo()

    database = Database(tmp_path / "cadastre.db")
    assert database.revision() == HEAD
    database.close()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cadastre.db"
    database = Database(path)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()

    with pytest.raises(Broken, match="stands at migration '9999'") as refused:
        Database(path)

    assert "newer Cadastre" in refused.value.hint


def test_decisions_wait_for_the_disk_and_other_writes_do_not(tmp_path: Path) -> None:
    database = Database(tmp_path / "cadastre.db")
    with database.writing(durable=True) as connection:
        assert connection.scalar(sa.text("PRAGMA synchronous")) == 2  # FULL
    with database.writing() as connection:
        assert connection.scalar(sa.text("PRAGMA synchronous")) == 1  # NORMAL
    database.close()
