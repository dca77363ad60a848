"""Take the pictures of `docs/screenshots/`: `python -m tests.browser.screenshots`.

A throw-away home gets the example book; a plan is drafted, returned, revised, and
photographed while its second version waits for the manager. Then territories are planned,
the book of a quarter later comes in, and the quarter is reviewed.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from tests.browser.serving import CHROMIUM_FLAGS, ROOT, cadastre, find_chromium, served

PICTURES = ROOT / "docs" / "screenshots"
REP, MANAGER = "marisol.vega", "harriet.okonjo"
NAME, OTHER_NAME = "Brakes and Gears", "Field Trip Store"
ACCOUNT, OTHERS = "A-490", ("A-363", "A-697", "A-546")
QUARTER_OF = ("R-281", "R-282", "R-283", "R-285", "R-287", "R-289")
SIZE = {"width": 1440, "height": 1100}


def main() -> None:
    """Take every picture, in light and in dark."""
    path = find_chromium()
    if path is None:
        raise SystemExit("No Chromium is on the PATH; install one and run this again.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        cadastre(home, "import", str(ROOT / "examples" / "adventureworks"))
        plan_id = _prepared(home)
        with served(home) as address:
            _photograph(path, address, plan_id)
        _a_quarter_later(home)
        with served(home) as address:
            _photograph_quarter(path, address)
    for picture in sorted(PICTURES.glob("*.png")):
        print(picture.relative_to(ROOT))


def _prepared(home: Path) -> str:
    """Return a plan whose second version waits, beside others in several states."""
    plan_id = _json(home, REP, "plan", "draft", ACCOUNT)["plan_id"]
    comment = "why_now=Cut the last sentence, and say what the buyer asked for."
    cadastre(home, "--as", MANAGER, "plan", "decide", plan_id, "--return", "--section", comment)
    view = _json(home, REP, "plan", "show", plan_id)["view"]
    section = next(item for item in view["sections"] if item["key"] == "why_now")
    lines = ["".join(part["text"] for part in item["parts"]) for item in section["sentences"]]
    text = "\n".join([*lines[:-1], "The schedule decides whether the slots stay ours."])
    cadastre(home, "--as", REP, "plan", "revise", plan_id, "--section", "why_now", "-m", text)
    for account in OTHERS:
        other = _json(home, MANAGER, "plan", "draft", account)["plan_id"]
        if account == OTHERS[0]:
            cadastre(home, "--as", MANAGER, "plan", "decide", other, "--approve", "-m", "Agreed.")
    return str(plan_id)


def _json(home: Path, person: str, *arguments: str) -> Any:
    return json.loads(cadastre(home, "--as", person, "--json", *arguments))


def _photograph(chromium: str, address: str, plan_id: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        for theme in ("light", "dark"):
            context = browser.new_context(base_url=address, color_scheme=theme, viewport=SIZE)
            page = context.new_page()
            page.goto("/sign-in")
            page.click(f'button[value="{MANAGER}"]')
            page.wait_for_selector("h1:has-text('Inbox')")
            page.screenshot(path=PICTURES / f"inbox-{theme}.png")
            page.goto(f"/plans/{plan_id}")
            _review(page, source=theme == "dark")
            page.screenshot(path=PICTURES / f"plan-review-{theme}.png")
            _chat(page, draft=theme == "dark")
            page.screenshot(path=PICTURES / f"chat-{theme}.png")
            context.close()
        page = browser.new_context(base_url=address, viewport={"width": 900, "height": 1100})
        paper = page.new_page()
        paper.goto("/sign-in")
        paper.click(f'button[value="{MANAGER}"]')
        paper.goto(f"/plans/{plan_id}/print")
        paper.screenshot(path=PICTURES / "plan-print.png")
        browser.close()


def _a_quarter_later(home: Path) -> None:
    """Plan the quarter of some reps, import what happened, and draft the review."""
    for rep in QUARTER_OF:
        plan = _json(home, MANAGER, "territory", "plan", rep)
        plan_id = plan["view"]["plan_id"]
        cadastre(home, "--as", MANAGER, "territory", "decide", plan_id, "--approve", "-m", "Go.")
    cadastre(home, "import", str(ROOT / "examples" / "adventureworks-2027-02"))
    cadastre(home, "--as", MANAGER, "review", "quarter", "2026Q4")


def _photograph_quarter(chromium: str, address: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        for theme in ("light", "dark"):
            context = browser.new_context(base_url=address, color_scheme=theme, viewport=SIZE)
            page = context.new_page()
            page.goto("/sign-in")
            page.click(f'button[value="{MANAGER}"]')
            page.goto("/reviews/2026Q4")
            page.screenshot(path=PICTURES / f"review-{theme}.png")
            page.goto(f"/territories/{QUARTER_OF[1]}/plan/2026Q4?view=weeks")
            page.screenshot(path=PICTURES / f"territory-{theme}.png")
            context.close()
        browser.close()


def _chat(page: Any, *, draft: bool) -> None:
    """Ask three questions; the last is about figures, or asks for a draft."""
    page.goto("/chat")
    last = f"draft the plan for {OTHER_NAME}" if draft else f"compare {NAME} with {OTHER_NAME}"
    for number, question in enumerate((f"find helmets in {NAME}", last), start=1):
        page.locator("[data-ask]").fill(question)
        page.locator("[data-send]").click()
        page.wait_for_selector(f"#log > :nth-child({number} of [data-turn]) footer")
        page.wait_for_selector("[data-send]:visible")
    page.evaluate("document.activeElement.blur()")
    mark = page.locator("#log a.cite:visible").first
    mark.click()
    page.mouse.move(5, 5)
    page.wait_for_selector(".source-pop", state="detached")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(300)


def _review(page: Any, *, source: bool) -> None:
    """Decide on a few sections, as in the middle of a review, and open a source."""
    page.locator("#approve-where_we_stand").check(force=True)
    page.locator("#approve-buying_group").check(force=True)
    page.locator("#return-why_now").check(force=True)
    page.fill("#comment-why_now", "Whose words are these? Cite the note, or drop the sentence.")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    if source:
        page.locator("#s-why_now a.cite").first.hover()
        page.wait_for_selector(".source-pop")
    page.wait_for_timeout(300)


if __name__ == "__main__":
    main()
