"""Reading a plan: accessible in both themes, by keyboard, and on a narrow screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_journey import MANAGER, REP, draft_a_plan

AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def address(chromium: Any, server: str) -> str:
    """The plan of an account, drafted for this file."""
    context = chromium.new_context(base_url=server)
    page = context.new_page()
    page.goto("/sign-in")
    page.click(f'button[value="{REP}"]')
    found = draft_a_plan(page, "First Bike Store")
    context.close()
    return found


def violations(page: Any) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "async (rules) => (await axe.run(document, {runOnly: rules})).violations", RULES
    )
    return [
        f"{item['id']}: {item['help']}: {[node['html'][:160] for node in item['nodes'][:3]]}"
        for item in found
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_sign_in_page(visit: Visit, theme: str) -> None:
    page = visit(theme=theme)
    page.goto("/sign-in")

    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_inbox(visit: Visit, address: str, theme: str) -> None:
    page = visit(MANAGER, theme=theme)
    page.locator(".reasons summary").first.click()

    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_review(visit: Visit, address: str, theme: str) -> None:
    page = visit(MANAGER, theme=theme)
    page.goto(address)
    page.locator("#approve-where_we_stand").check(force=True)
    page.locator("#return-why_now").check(force=True)
    for summary in page.locator("details > summary").all():
        if summary.is_visible():
            summary.click()
    page.locator("#sections a.cite").last.focus()
    page.wait_for_selector(".source-pop")

    assert violations(page) == []
    page.goto(f"{address}/print")
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_while_editing_or_on_an_error(
    visit: Visit, address: str, theme: str
) -> None:
    page = visit(REP, theme=theme, expecting="404 (Not Found)")
    for where in (f"{address}?edit=why_now", "/plans/nowhere"):
        page.goto(where)
        assert violations(page) == []


@pytest.mark.parametrize("path", ["", "/print", "?edit=risks"])
def test_320_pixels_are_wide_enough(visit: Visit, address: str, path: str) -> None:
    page = visit(MANAGER, width=320)
    for where in (f"{address}{path}", "/", "/sign-in"):
        page.goto(where)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, where


def test_citations_open_by_keyboard_close_with_escape_and_pin_with_enter(
    visit: Visit, address: str
) -> None:
    page = visit(MANAGER)
    page.goto(address)
    page.keyboard.press("]")
    mark = page.locator("a.cite:focus")
    evidence = mark.get_attribute("data-source")
    page.wait_for_selector(".source-pop")
    assert mark.get_attribute("aria-describedby") == "source-pop"

    page.keyboard.press("Escape")
    page.wait_for_selector(".source-pop", state="detached")
    assert page.locator("a.cite:focus").get_attribute("data-source") == evidence

    page.keyboard.press("Enter")
    pinned = page.locator("[data-pinned] article")
    assert pinned.get_attribute("data-source-card") == evidence
    assert page.locator("#announce").inner_text().startswith("Pinned: ")
    page.keyboard.press("]")
    assert page.locator("a.cite:focus").count() == 1
    pinned.get_by_role("button", name="Unpin").click()
    assert pinned.count() == 0


def test_a_source_card_can_be_reached_with_the_pointer(visit: Visit, address: str) -> None:
    page = visit(MANAGER)
    page.goto(address)
    page.locator("#sections a.cite").first.hover()
    card = page.locator(".source-pop")
    card.wait_for()
    card.hover()
    page.wait_for_timeout(400)

    assert card.is_visible()
    page.mouse.move(5, 5)
    card.wait_for(state="detached")


def test_sections_are_decided_by_keyboard(visit: Visit, address: str) -> None:
    page = visit(MANAGER)
    page.goto(address)
    page.keyboard.press("a")
    assert page.locator("#approve-where_we_stand").is_checked()
    page.keyboard.press("n")
    page.keyboard.press("a")
    assert page.locator("#approve-why_now").is_checked()
    page.keyboard.press("a")
    assert not page.locator("#approve-why_now").is_checked()
    page.keyboard.press("j")
    page.keyboard.press("r")
    # The comment has the focus now: letters are words and decide nothing.
    page.keyboard.type("ajar")
    assert page.locator("#comment-buying_group").input_value() == "ajar"
    assert page.locator("[data-progress-words]").inner_text() == "2 of 7 decided"


def test_single_letter_keys_can_be_switched_off(visit: Visit, address: str) -> None:
    page = visit(MANAGER)
    page.goto(address)
    page.keyboard.press("?")
    page.get_by_label("Single-letter keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")

    assert page.locator("input:checked[value=approved]").count() == 0
    page.reload()
    page.keyboard.press("a")
    assert page.locator("input:checked[value=approved]").count() == 0


def test_verdicts_outlive_a_reload(visit: Visit, address: str) -> None:
    page = visit(MANAGER)
    page.goto(address)
    page.locator("#return-risks").check(force=True)
    page.fill("#comment-risks", "Ask who decides.")
    page.reload()

    assert page.locator("#return-risks").is_checked()
    assert page.locator("#comment-risks").input_value() == "Ask who decides."


def test_the_theme_is_kept_and_written_by_the_server(visit: Visit, address: str) -> None:
    page = visit(MANAGER, theme="light")
    page.goto(address)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label("Switch between light and dark").click()
    html = page.goto(address).text()

    assert '<html lang="en" data-theme="dark">' in html
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_focus_is_never_hidden_under_the_bars(visit: Visit, address: str) -> None:
    page = visit(MANAGER)
    page.goto(address)
    page.evaluate("scrollTo(0, 0)")
    hidden = []
    for _ in range(120):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
              const at = document.activeElement;
              if (!at || at === document.body) return '';
              if (at.closest('.top, .side, .decision-bar, .skip')) return '';
              const box = at.getBoundingClientRect();
              const top = document.querySelector('.top').getBoundingClientRect().bottom;
              const bar = document.querySelector('.decision-bar').getBoundingClientRect().top;
              return box.bottom <= top || box.top >= bar ? at.outerHTML.slice(0, 90) : '';
            }"""
        )
        if found:
            hidden.append(found)

    assert hidden == []
