"""The report of an evaluation as a reader opens it: from a file, in either theme."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.report.rendering import render
from tests.eval.report.tiny_run import SCORERS, comparison, dataset, earlier, run, summary

AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    text = render(
        dataset(), run(), summary(), scorers=SCORERS, baseline=earlier(), comparison=comparison()
    )
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(text, encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_report_has_no_barrier_asks_for_nothing_and_never_scrolls_sideways(
    chromium: Any, report: str, theme: str
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme=theme)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(report)

    # The keyboard opens a case; the others open for the check of all that they hold.
    page.locator(".case > summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".case").first.get_attribute("open") is not None
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.add_script_tag(content=AXE.read_text())
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        found = page.evaluate("axe.run().then(done => done.violations)")
        told = [(item["id"], [node["target"] for node in item["nodes"]][:3]) for item in found]
        assert told == [], json.dumps(told, indent=1)

    page.select_option("select[name=family]", "draft")
    assert page.locator(".case:visible").count() == 1
    assert page.locator("form.filter [role=status]").text_content() == "1 of 3 shown"
    page.select_option("select[name=family]", "")
    page.fill("input[name=words]", "otto has signed")
    assert page.locator(".case:visible").count() == 1

    assert (asked, wrong) == ([report], [])
    context.close()


def test_without_script_every_case_can_be_read(chromium: Any, report: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report)

    assert page.locator(".case").count() == 3
    assert not page.locator("form.filter").is_visible()
    page.locator(".case > summary").nth(1).click()
    assert page.get_by_text("The spring order is worth $52K.").first.is_visible()
    context.close()
