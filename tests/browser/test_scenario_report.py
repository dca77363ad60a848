"""The report of a design as a reader opens it: from a file, in either theme, on any width."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.scenario_report import Heading, html
from tests.api.scenario_fixture import scene

AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = scene(210, 10)
    text = html(
        made.frontier, made.frontier.suggested, accounts=made.accounts, heading=Heading("Q1")
    )
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(text, encoding="utf-8")
    return file.as_uri()


def opened(chromium: Any, report: str, width: int, theme: str) -> tuple[Any, list[str]]:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=True
    )
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report)
    return page, asked


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_report_has_no_barrier_and_asks_for_nothing(
    chromium: Any, report: str, theme: str
) -> None:
    page, asked = opened(chromium, report, 1280, theme)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.add_script_tag(content=AXE.read_text())
    for view in ("after", "before", "changes"):
        page.check(f'input[value="{view}"]', force=True)
        found = page.evaluate("axe.run().then(done => done.violations)")
        told = [(item["id"], [node["target"] for node in item["nodes"]][:3]) for item in found]
        assert told == [], json.dumps(told, indent=1)
    assert asked == [report]
    page.context.close()


@pytest.mark.parametrize("width", [320, 400, 860, 1280])
def test_nothing_but_tables_scrolls_sideways(chromium: Any, report: str, width: int) -> None:
    page, _ = opened(chromium, report, width, "light")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    longest = "1,068 moves, 371 of them of accounts nobody here owns"
    page.locator(".card > header .pill").first.evaluate(
        "(pill, text) => { pill.textContent = text }", longest
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_one_view_and_one_measure_show_at_a_time_and_the_keyboard_changes_them(
    chromium: Any, report: str
) -> None:
    page, _ = opened(chromium, report, 1280, "light")
    seen = (
        "[...document.querySelectorAll('.only')].filter(e => e.offsetHeight).map(e => e.className)"
    )
    assert page.evaluate(seen) == ["only after", "only potential"]
    page.focus('input[value="after"]')
    page.keyboard.press("ArrowRight")
    page.focus('input[value="potential"]')
    page.keyboard.press("ArrowRight")
    assert page.evaluate(seen) == ["only before", "only workload"]
    page.context.close()


def test_paper_shows_every_measure_and_what_a_screen_folds_away(chromium: Any, report: str) -> None:
    page, _ = opened(chromium, report, 700, "dark")
    page.emulate_media(media="print")
    seen = (
        "[...document.querySelectorAll('.only')].filter(e => e.offsetHeight).map(e => e.className)"
    )
    assert page.evaluate(seen) == [
        "only after", "only changes", "only potential", "only workload", "only accounts",
    ]  # fmt: skip
    pattern = "getComputedStyle(document.querySelector('.map .pat')).display"
    assert page.evaluate(pattern) != "none"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(24, 32, 44)"
    rows = page.locator(".moves tbody tr")
    assert rows.last.is_visible()
    page.context.close()
