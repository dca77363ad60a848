"""A store in a folder of its own, with a clock that tests hold in their hands."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store.database import Database
from store.home import Home
from store.store import Store
from tests.store.tiny_store import NOW


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A clock that goes on by a second each time it is read."""
    ticks = itertools.count()
    return lambda: NOW + timedelta(seconds=next(ticks))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the newest migration, made once."""
    path = tmp_path_factory.mktemp("migrated") / "cadastre.db"
    Database(path).close()
    return path


@pytest.fixture
def home(tmp_path: Path, migrated: Path) -> Home:
    home = Home(tmp_path / "home")
    home.create()
    shutil.copy(migrated, home.database)
    return home


@pytest.fixture
def store(home: Home, clock: Callable[[], datetime]) -> Iterator[Store]:
    with Store.open(home, clock) as opened:
        yield opened
