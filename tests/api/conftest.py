"""Doors to a home with the example book, which is imported once and copied for each test."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli.entry import run
from api.reading import Reading
from api.settings import read_settings
from api.workspace import Workspace
from tests.api.doors import TOKEN, VARIABLES, Command, Ended


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
        key = (name, *read_once.ground)
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


@pytest.fixture
def served(workspace: Workspace) -> Iterator[str]:
    """The home served over real loopback HTTP, as `cadastre serve` does; its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(create_app(workspace, TOKEN), log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    workspace.home.write_server(address, TOKEN)
    yield address
    workspace.home.clear_server()
    server.should_exit = True
    thread.join(10)
    listener.close()


def _run(words: list[str]) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        run(words)
    # A browser test before this one, in the same process, leaves its event loop running.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(run, words).result()


@pytest.fixture
def cadastre(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command line in this process, on the test's home."""

    def command(*words: str) -> Ended:
        capsys.readouterr()
        given = ["--home", str(home), *words]
        with pytest.raises(SystemExit) as ended:
            _run(given)
        said = capsys.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err)

    return command
