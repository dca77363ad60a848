"""From a draft to an approved plan: two people, one browser each."""

from __future__ import annotations

import re
from typing import Any

from tests.browser.conftest import Visit

REP, MANAGER = "marisol.vega", "harriet.okonjo"


def draft_a_plan(page: Any, account: str) -> str:
    """Draft from the inbox and return the address of the plan."""
    page.goto("/")
    row = page.locator("tr", has_text=account)
    row.get_by_role("button", name=re.compile("Draft a plan")).click()
    page.wait_for_url("**/plans/**")
    return page.url.split("?")[0]


def test_a_plan_is_drafted_returned_revised_approved_and_printed(visit: Visit) -> None:
    rep, manager = visit(REP), visit(MANAGER)
    address = draft_a_plan(rep, "Extraordinary Bike Works")
    assert rep.locator(".pill", has_text="In review").is_visible()
    # A rep prepares and does not decide.
    assert rep.locator("#decision").count() == 0

    manager.goto("/")
    manager.locator(".items").get_by_text("Extraordinary Bike Works").first.click()
    manager.wait_for_url("**/plans/**")
    approve, send_back = manager.locator("[data-approve]"), manager.locator("[data-return]")
    assert approve.is_disabled()
    assert send_back.is_disabled()
    manager.locator("#return-why_now").check(force=True)
    manager.wait_for_selector("text=To return: say what should change in Why now.")
    manager.fill("#comment-why_now", "Cut the last sentence; it repeats the second.")
    assert send_back.inner_text().startswith("Return to Marisol with 1 change")
    send_back.click()
    manager.wait_for_selector(".pill:has-text('Returned')")

    rep.goto("/")
    assert rep.locator(".items").get_by_text("Returned to you").first.is_visible()
    rep.locator(".items").get_by_text("Extraordinary Bike Works").first.click()
    rep.wait_for_selector("text=Cut the last sentence; it repeats the second.")
    rep.get_by_role("link", name="Edit Why now").click()
    text = rep.get_by_label("Text of Why now")
    lines = text.input_value().splitlines()
    assert len(lines) >= 2
    text.fill("\n".join(lines[:-1]))
    rep.get_by_role("button", name="Save as version 2").click()
    rep.wait_for_url("**v=2**")
    # What went is shown as removed, and what was asked stays beside it.
    assert rep.locator("#s-why_now .line.removed").count() == 1
    assert rep.get_by_text("on version 1").first.is_visible()

    manager.goto(address)
    manager.wait_for_selector("text=What changed since version 1")
    for box in manager.locator('input[value="approved"]').all():
        box.check(force=True)
    manager.wait_for_selector("text=Every section is approved and nothing blocks.")
    manager.fill("#reason", "Ready for the quarter.")
    approve.click()
    manager.wait_for_selector(".pill:has-text('Approved')")
    assert manager.get_by_text("Approved by Harriet Okonjo").is_visible()

    rep.goto(f"{address}/print")
    assert rep.locator(".stamp").inner_text().startswith("Approved by Harriet Okonjo on ")
    assert rep.locator(".sources li").count() > 3
    for mark in rep.locator("sup a").all():
        assert rep.locator(str(mark.get_attribute("href"))).count() == 1
    # Approved means exported as approved.
    with rep.expect_download() as download:
        rep.goto(address)
        rep.get_by_text("Export", exact=True).click()
        rep.get_by_role("link", name=re.compile("Markdown")).click()
    assert download.value.suggested_filename.endswith(".md")


def test_the_second_manager_to_decide_is_told_so_and_loses_nothing(visit: Visit) -> None:
    address = draft_a_plan(visit(REP), "Immense Manufacturing Company")
    first, second = visit(MANAGER), visit(MANAGER, expecting="409 (Conflict)")
    for page, words in ((first, "First thought."), (second, "Second thought.")):
        page.goto(address)
        page.locator("#return-risks").check(force=True)
        page.fill("#comment-risks", words)
    first.locator("[data-return]").click()
    first.wait_for_selector(".pill:has-text('Returned')")

    with second.expect_response(lambda answer: answer.request.method == "POST") as answer:
        second.locator("[data-return]").click()

    assert answer.value.status == 409
    second.wait_for_selector("[role=alert]")


def test_everything_works_before_any_script_runs(visit: Visit) -> None:
    rep = visit(REP, java_script_enabled=False)
    address = draft_a_plan(rep, "Totes & Baskets Company")
    rep.get_by_role("link", name="Edit Whitespace").click()
    rep.get_by_role("link", name="Cancel").click()

    manager = visit(MANAGER, java_script_enabled=False)
    manager.goto(address)
    manager.locator("#return-plays").check(force=True)
    # The field for the comment appears with the choice, by style alone.
    manager.locator("#comment-plays").fill("Name the day of the visit.")
    manager.get_by_role("button", name=re.compile("Return to Marisol")).click()
    assert manager.locator(".pill", has_text="Returned").first.is_visible()
    assert manager.get_by_text("Name the day of the visit.").first.is_visible()
    manager.goto(address)
    source = manager.locator("a.cite").first
    source.click()
    assert manager.locator(".source:target").is_visible()


def test_a_search_finds_an_account_as_one_types(visit: Visit) -> None:
    page = visit(MANAGER)
    page.get_by_label("Find an account").press_sequentially("immense manu")
    page.wait_for_selector(".ranked tbody tr:only-child")

    assert "Immense Manufacturing" in page.locator(".ranked tbody tr").inner_text()
