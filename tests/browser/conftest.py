"""Browser tests: a server and a Chromium a session, a fresh context for every visitor."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.serving import CHROMIUM_FLAGS, ROOT, cadastre, find_chromium, served

Visit = Callable[..., Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    path = find_chromium()
    if path is None:
        if os.environ.get("CADASTRE_BROWSER_TESTS") == "required":
            pytest.fail("CADASTRE_BROWSER_TESTS=required, but no Chromium is on the PATH.")
        pytest.skip("No Chromium is on the PATH; install one to run the browser tests.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def home(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser") / "home"
    cadastre(folder, "import", str(ROOT / "examples" / "adventureworks"))
    return folder


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[str]:
    with served(home) as address:
        yield address


@pytest.fixture
def visit(chromium: Any, server: str) -> Iterator[Visit]:
    """Open a window, signed in as a person; what goes wrong in it fails the test.

    `expecting` is a piece of the one console message that belongs to the test.
    """
    contexts: list[Any] = []
    wrong: list[str] = []

    def open_window(
        person: str | None = None,
        *,
        theme: str = "light",
        width: int = 1440,
        expecting: str | None = None,
        **options: Any,
    ) -> Any:
        def heard(said: Any) -> None:
            if said.type == "error" and not (expecting and expecting in said.text):
                wrong.append(said.text)

        context = chromium.new_context(
            base_url=server,
            color_scheme=theme,
            viewport={"width": width, "height": 900},
            **options,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
        page.on("console", heard)
        page.on(
            "request",
            lambda asked: (
                None
                if urlsplit(asked.url).hostname == "127.0.0.1"
                else wrong.append(f"foreign request: {asked.url}")
            ),
        )
        if person is not None:
            page.goto("/sign-in")
            page.click(f'button[value="{person}"]')
            page.wait_for_selector("h1:has-text('Inbox')")
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert wrong == []
