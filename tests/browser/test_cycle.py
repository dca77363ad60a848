"""Territory plans as a reader opens them: accessible in both themes, on any width, on paper."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.cycle_harness import a_review, paper_html, review_html
from tests.browser.conftest import Visit
from tests.browser.test_journey import MANAGER
from tests.browser.test_reading import violations

QUARTER = "2026Q4"
PLAN = f"/territories/R-281/plan/{QUARTER}"
LIVE = (f"/reviews/{QUARTER}?view=week&rep=R-281", f"/reviews/{QUARTER}?view=month", "/territories")


@pytest.fixture(scope="module")
def address(chromium: Any, server: str) -> str:
    """A territory plan, drafted through the list of territories for this file."""
    context = chromium.new_context(base_url=server)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto("/sign-in")
    page.click(f'button[value="{MANAGER}"]')
    page.goto("/territories")
    page.click(f'form[action="{PLAN}/versions"] button')
    page.wait_for_selector("h1:has-text('territory plan')")
    found = str(page.url).removeprefix(server)
    context.close()
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_territory_plan_its_weeks_and_its_paper(
    visit: Visit, address: str, theme: str
) -> None:
    page = visit(MANAGER, theme=theme, width=1280)
    for path in (address, f"{address}&view=weeks", f"{PLAN}/print", *LIVE):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(d => d.open = true)")
        assert violations(page) == [], path


def test_a_telephone_scrolls_down_only_and_a_figure_opens_its_source(
    visit: Visit, address: str
) -> None:
    page = visit(MANAGER, width=390)
    for path in (f"{address}&view=weeks", f"{PLAN}/print", *LIVE, address):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path

    figure = page.locator(".t-targets tfoot a.slot")
    figure.focus()
    page.wait_for_selector(".source-pop")
    assert figure.inner_text() in page.locator(".source-pop").inner_text()


def test_it_prints_and_is_decided_without_a_script(visit: Visit, address: str) -> None:
    page = visit(None, width=900, java_script_enabled=False)
    page.goto("/sign-in")
    page.click(f'button[value="{MANAGER}"]')
    page.goto(f"{PLAN}/print")
    page.emulate_media(media="print")
    assert page.locator(".paper-tools").is_hidden()
    assert len(page.pdf()) > 20_000

    page.emulate_media(media="screen")
    page.goto(address)
    page.fill("#reason", "Two visits fewer in December.")
    page.click("button[value=returned]")

    assert page.locator(".note.bad").inner_text().endswith("Two visits fewer in December.")


def answering(html: str) -> Any:
    """Answer a request with a page that was drawn here."""

    def answer(route: Any) -> None:
        route.fulfill(body=html, content_type="text/html")

    return answer


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_review_and_its_summary_fits_one_sheet(
    visit: Visit, theme: str
) -> None:
    view = a_review()
    page = visit(MANAGER, theme=theme, width=1280)
    for path, html in (("/drawn/review", review_html(view)), ("/drawn/paper", paper_html(view))):
        page.route(f"**{path}", answering(html))
        page.goto(path)
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(d => d.open = true)")
        assert violations(page) == [], path

    # A4 less its margins is 182 mm wide and 266 mm high, at 96 pixels an inch.
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})
    assert page.locator(".sheet").bounding_box()["height"] < 266 / 25.4 * 96
