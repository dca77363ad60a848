"""Doors to a home with the example book, which is imported once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.reading import Reading
from api.settings import read_settings
from api.workspace import Workspace
from tests.api.doors import TOKEN, VARIABLES


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def imported_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the example book and nothing else; never opened again."""
    home = tmp_path_factory.mktemp("imported") / "home"
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        with Workspace.open(read_settings(home=home)) as workspace:
            workspace.load_example(workspace.principal())
    return home


@pytest.fixture
def home(imported_home: Path, tmp_path: Path) -> Path:
    """A copy of the imported home for one test."""
    return Path(shutil.copytree(imported_home, tmp_path / "home"))


@pytest.fixture(scope="session")
def read_once(imported_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """The example's reading with its analyses: the same for every test, and never changed."""
    copy = shutil.copytree(imported_home, tmp_path_factory.mktemp("read") / "home")
    with Workspace.open(read_settings(home=copy)) as workspace:
        reading = workspace.reading(workspace.principal())
        assert reading.ranked
        assert reading.vocabulary
        return reading


@pytest.fixture
def workspace(home: Path, read_once: Reading) -> Iterator[Workspace]:
    """The home, open; its book is read already, to save a second a test."""
    with Workspace.open(read_settings(home=home)) as opened:
        name = opened.principal().workspace
        opened.store.books._remember((name, read_once.book.book_id), read_once.book)
        key = (name, read_once.book.book_id, read_once.coverage.hash)
        opened.readings._kept[key] = read_once
        yield opened


As = Callable[[str], TestClient]


@pytest.fixture
def acting(workspace: Workspace) -> As:
    """The routes as the command line reaches them, for the person named."""
    app = create_app(workspace, TOKEN)

    def client(person: str) -> TestClient:
        return TestClient(
            app,
            base_url="http://127.0.0.1:8000",
            headers={"Authorization": f"Bearer {TOKEN}", "X-Cadastre-As": person},
            raise_server_exceptions=False,
        )

    return client


@pytest.fixture
def browser(workspace: Workspace) -> Callable[[], TestClient]:
    """A browser that has not signed in."""
    app = create_app(workspace, TOKEN)
    return lambda: TestClient(
        app,
        base_url="http://127.0.0.1:8000",
        raise_server_exceptions=False,
        follow_redirects=False,
    )
