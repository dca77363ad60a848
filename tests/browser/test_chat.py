"""Asking and reading answers in a browser, with a scripted model that waits to be let go."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.chat import toolbox
from tests.browser.chat_server import ACCOUNT, SPEND, ChatServer, chat_server
from tests.browser.conftest import Visit
from tests.browser.serving import ROOT, cadastre
from tests.browser.test_reading import violations

REP = "tobias.renner"
SPENT = ("{{e1}} spent {{e2}} over the last 12 months. ", "They may like the colour blue.")
LOOK = (("explain_account", {"account_id": ACCOUNT}),)
LOST = "net::ERR_"


@pytest.fixture(scope="module")
def chat(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatServer]:
    home = tmp_path_factory.mktemp("chat") / "home"
    cadastre(home, "import", str(ROOT / "examples" / "adventureworks"))
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("CADASTRE_", "OPENAI_"))]:
            patch.delenv(name)
        patch.setattr(toolbox, "TOOLS", (SPEND,))
        toolbox.by_name.cache_clear()
        toolbox.for_models.cache_clear()
        with chat_server(home) as server:
            yield server
    toolbox.by_name.cache_clear()
    toolbox.for_models.cache_clear()


@pytest.fixture(scope="module")
def server(chat: ChatServer) -> str:
    """The address that `visit` opens."""
    return chat.address


@pytest.fixture(autouse=True)
def _let_go(chat: ChatServer) -> Iterator[None]:
    chat.model.says("Nothing is known.")
    yield
    chat.model.let_go.set()


def send(page: Any, text: str) -> None:
    page.locator("[data-ask]").fill(text)
    page.keyboard.press("Enter")


def settled(page: Any, count: int = 1) -> Any:
    """Wait until so many turns are answered, and return the last."""
    page.wait_for_selector(f"#log > [data-turn]:nth-of-type({count}) footer", state="attached")
    page.wait_for_selector("[data-send]:visible")
    return page.locator("#log > [data-turn]").last


def status(page: Any) -> str:
    return str(page.locator("[data-telling]").inner_text())


def test_an_answer_is_asked_for_and_read_as_it_comes(visit: Visit, chat: ChatServer) -> None:
    chat.model.says(*SPENT, calls=LOOK, held=True)
    page = visit(REP)
    page.goto("/chat")
    send(page, "What does Rally Master spend?")

    page.wait_for_selector(".writing:has-text('over the last 12 months')")
    chip = page.locator(".step")
    told = " ".join(chip.locator("summary").inner_text().split())
    assert re.fullmatch(r"Done: Score <?\d\.\d s 1 row", told), told
    assert page.locator("#log").get_attribute("aria-busy") == "true"
    assert status(page) == "Working: writing the answer"
    assert page.locator("[data-stop]").is_visible()
    assert (
        page.url
        == f"{chat.address}/chat/{page.locator('chat-stream').get_attribute('data-thread')}"
    )

    chat.model.let_go.set()
    turn = settled(page)
    # What streams may be spelled otherwise; what stays is the server's own HTML.
    assert turn.locator("[data-said] > p").count() == 2
    assert turn.locator("[data-said] a.cite.computed").count() == 1
    assert turn.locator(".unsourced").inner_text() == "They may like the colour blue."
    assert status(page) == "Answer ready, 2 sentences, 2 sources"
    assert page.locator("#log").get_attribute("aria-busy") == "false"
    assert page.locator("h1").inner_text() == "What does Rally Master spend?"
    # The page as the server draws it says the same.
    shown = turn.inner_text()
    page.reload()
    assert page.locator("#log > [data-turn]").inner_text() == shown


def test_a_citation_opens_its_source_and_pins_it_beside_the_thread(
    visit: Visit, chat: ChatServer
) -> None:
    chat.model.says(*SPENT, calls=LOOK)
    page = visit(REP)
    page.goto("/chat")
    send(page, "Spend?")
    turn = settled(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("]")
    mark = page.locator("a.cite:focus")
    page.wait_for_selector(".source-pop")
    assert "Net spend" in page.locator(".source-pop").inner_text()
    page.keyboard.press("Enter")
    pinned = page.locator("[data-pinned] article")
    assert pinned.get_attribute("data-source-card") == mark.get_attribute("data-source")
    page.keyboard.press("Escape")
    page.wait_for_selector(".source-pop", state="detached")
    # A cell of a table has its source too.
    turn.locator("td a.slot").hover()
    page.wait_for_selector(".source-pop")
    # It stays pinned when the next answer comes.
    send(page, "And now?")
    settled(page, 2)
    assert pinned.count() == 1


def test_a_chip_opens_to_what_was_asked_and_found(visit: Visit, chat: ChatServer) -> None:
    chat.model.says(*SPENT, calls=(*LOOK, ("explain_account", {"account_id": "A-001"})))
    page = visit(REP)
    page.goto("/chat")
    send(page, "Both?")
    turn = settled(page)
    first, second = turn.locator(".step").all()
    first.locator("summary").click()
    assert ACCOUNT in first.inner_text()
    assert "one account" in first.inner_text()
    assert first.locator("a.cite").count() == 2
    second.locator("summary").click()
    assert "There is no account 'A-001' among those you see." in second.inner_text()


@pytest.mark.parametrize("way", ["button", "key"])
def test_stopping_keeps_what_there_is_and_says_so(visit: Visit, chat: ChatServer, way: str) -> None:
    chat.model.says(*SPENT, calls=LOOK, held=True)
    page = visit(REP)
    page.goto("/chat")
    send(page, "Spend?")
    page.wait_for_selector(".writing:has-text('over the last 12 months')")
    if way == "key":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name="Stop").click()
    turn = settled(page)

    assert turn.locator(".pill", has_text="Stopped").is_visible()
    assert "over the last 12 months" in turn.inner_text()
    assert status(page).startswith("Stopped")


def test_a_reload_rejoins_a_run_and_shows_all_of_it(visit: Visit, chat: ChatServer) -> None:
    chat.model.says(*SPENT, calls=LOOK, held=True)
    page = visit(REP)
    page.goto("/chat")
    send(page, "Spend?")
    page.wait_for_selector(".writing:has-text('over the last 12 months')")
    page.reload()
    page.wait_for_selector(".writing:has-text('over the last 12 months')")
    assert page.locator(".step b").inner_text() == "Score"
    assert page.locator("[data-stop]").is_visible()
    page.goto("/")
    page.go_back()
    page.wait_for_selector(".writing:has-text('over the last 12 months')")
    chat.model.let_go.set()

    assert settled(page).locator("[data-said] > p").count() == 2


def test_a_dropped_connection_is_taken_up_where_it_broke(visit: Visit, chat: ChatServer) -> None:
    chat.model.says(*SPENT, calls=LOOK, held=True)
    page = visit(REP, expecting=LOST)
    page.goto("/chat")
    send(page, "Spend?")
    page.wait_for_selector(".writing:has-text('over the last 12 months')")
    resumed: list[str] = []
    page.on(
        "request",
        lambda asked: (
            resumed.append(asked.headers.get("last-event-id", ""))
            if asked.url.endswith("/events")
            else None
        ),
    )
    chat.drop()
    page.wait_for_function("document.querySelector('[data-telling]').textContent.includes('lost')")
    page.wait_for_timeout(700)
    # Nothing is shown twice.
    assert page.locator(".step").count() == 1
    assert page.locator(".writing").inner_text().count("over the last") == 1
    chat.model.let_go.set()

    assert settled(page).locator("[data-said] > p").count() == 2
    assert int(resumed[0]) >= 4  # started, step begun and ended, text


def test_editing_makes_a_branch_and_the_old_one_can_be_walked_to(
    visit: Visit, chat: ChatServer
) -> None:
    page = visit(REP)
    page.goto("/chat")
    send(page, "First?")
    settled(page)
    send(page, "Second?")
    settled(page, 2)
    page.locator("[data-ask]").focus()
    page.keyboard.press("ArrowUp")
    box = page.locator("textarea:focus")
    assert box.input_value() == "Second?"
    box.fill("Second, put otherwise?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".branches:has-text('2 of 2')")

    assert page.locator("#log > [data-turn]").count() == 2
    assert "Second, put otherwise?" in page.locator("#log").inner_text()
    page.get_by_role("link", name="Earlier version").click()
    page.wait_for_selector("[data-asked]:text-is('Second?')")
    assert page.locator(".branches", has_text="1 of 2").is_visible()
    page.get_by_role("button", name="Retry").last.click()
    page.wait_for_selector(".branches:has-text('3 of 3')")


def test_an_offer_is_sent_as_if_typed(visit: Visit, chat: ChatServer) -> None:
    chat.model.says(*SPENT, calls=LOOK)
    page = visit(REP)
    page.goto("/chat")
    send(page, "Spend?")
    settled(page)
    page.get_by_role("button", name="Why does it stand there?").click()
    turn = settled(page, 2)

    assert turn.locator("[data-asked]").inner_text() == f"/why {ACCOUNT}"


def test_what_waits_in_the_inbox_is_offered_first(visit: Visit, chat: ChatServer) -> None:
    page = visit(REP)
    page.wait_for_load_state()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/chat")
    first = page.locator("[data-starts] [data-say]").first
    text = first.get_attribute("value")
    first.click()

    assert settled(page).locator("[data-asked]").inner_text() == text


def test_a_refused_question_stays_in_the_box(visit: Visit, chat: ChatServer) -> None:
    page = visit(REP, expecting="422 (Unprocessable")
    page.goto("/chat")
    long = "y" * 100_001
    page.locator("[data-ask]").fill(long)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-refused]:has-text('at most 100,000 are read')")

    assert page.locator("[data-ask]").input_value() == long


def test_shift_enter_breaks_the_line_and_slash_finds_the_box(
    visit: Visit, chat: ChatServer
) -> None:
    page = visit(REP)
    page.goto("/chat")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")

    assert page.locator("[data-ask]").input_value() == "one\ntwo"
    assert page.locator("#log > [data-turn]").count() == 0


def test_completions_are_chosen_by_keyboard(visit: Visit, chat: ChatServer) -> None:
    page = visit(REP)
    page.goto("/chat")
    page.route(
        "**/api/complete?*",
        lambda route: route.fulfill(
            json=[
                {"text": "/why ", "label": "/why ACCOUNT", "detail": "Why it ranks"},
                {"text": "/week", "label": "/week", "detail": "This week"},
            ]
            if "text=%2Fw&" in route.request.url
            else []
        ),
    )
    box = page.locator("[data-ask]")
    box.press_sequentially("/w")
    page.wait_for_selector("[role=listbox]:visible [role=option]")
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    assert chosen.inner_text().startswith("/week")
    page.keyboard.press("Enter")
    assert box.input_value() == "/week"
    assert page.locator("#log > [data-turn]").count() == 0
    page.keyboard.press("Enter")
    settled(page)


def test_a_reader_who_scrolled_up_is_told_of_new_text_and_stays(
    visit: Visit, chat: ChatServer
) -> None:
    page = visit(REP)
    page.goto("/chat")
    for number in range(1, 6):
        send(page, f"Question {number}?")
        settled(page, number)
    chat.model.says("Some text. ", "More text. " * 60, held=True)
    send(page, "And at length?")
    page.wait_for_selector(".writing:has-text('Some text')")
    page.evaluate("scrollTo(0, 0)")
    chat.model.let_go.set()
    below = page.get_by_role("button", name="New text below")
    below.wait_for()
    assert page.evaluate("scrollY") == 0
    settled(page, 6)
    below.click()
    assert page.evaluate("innerHeight + scrollY >= document.documentElement.scrollHeight - 2")
    assert not below.is_visible()


def test_streaming_can_be_switched_off_and_stays_so(visit: Visit, chat: ChatServer) -> None:
    chat.model.says(*SPENT, calls=LOOK, held=True)
    page = visit(REP)
    page.goto("/chat")
    page.get_by_text("Options").click()
    page.get_by_label("Show text as it is written").uncheck()
    page.reload()
    send(page, "Spend?")
    page.wait_for_selector(".step:not(.running)")
    page.wait_for_timeout(300)
    assert page.locator(".writing").inner_text() == ""
    chat.model.let_go.set()
    assert settled(page).locator("[data-said] > p").count() == 2
    page.get_by_text("Options").click()
    assert not page.get_by_label("Show text as it is written").is_checked()


def test_a_thread_deleted_elsewhere_ends_politely(visit: Visit, chat: ChatServer) -> None:
    chat.model.says(*SPENT, held=True)
    page = visit(REP, expecting="404 (Not Found)")
    page.goto("/chat")
    send(page, "Spend?")
    page.wait_for_selector(".writing:has-text('over the last 12 months')")
    thread = page.locator("chat-stream").get_attribute("data-thread")
    chat.workspace.delete_thread(chat.workspace.principal(REP), thread)
    page.wait_for_selector("[data-refused]:has-text('not there any more')")


def test_chat_works_before_any_script_runs(visit: Visit, chat: ChatServer) -> None:
    chat.model.says(*SPENT, calls=LOOK)
    page = visit(REP, java_script_enabled=False)
    page.goto("/chat")
    page.locator("[data-ask]").fill("Spend?")
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector("[data-said]")
    page.locator("[data-said] a.cite").first.click()
    assert page.locator(".source:target").is_visible()
    page.locator(".reword summary").click()
    page.get_by_label("Ask this instead").fill("Spend, then?")
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_selector(".branches:has-text('2 of 2')")
    page.get_by_role("button", name="Why does it stand there?").click()
    page.wait_for_selector(f"[data-asked]:text-is('/why {ACCOUNT}')")
    page.get_by_text("Options").click()
    page.get_by_role("button", name="Delete this thread").click()
    page.wait_for_url("**/chat")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_chat_pages(visit: Visit, chat: ChatServer, theme: str) -> None:
    chat.model.says(*SPENT, calls=(*LOOK, ("explain_account", {"account_id": "A-001"})))
    page = visit(REP, theme=theme)
    page.goto("/chat")
    assert violations(page) == []
    send(page, "Spend?")
    turn = settled(page)
    for summary in page.locator("chat-stream details > summary").all():
        if summary.is_visible() and not summary.evaluate("at => at.closest('.reword')"):
            summary.click()
    turn.locator("[data-said] a.cite").first.focus()
    page.wait_for_selector(".source-pop")
    assert violations(page) == []
    chat.model.says("Some. ", "More.", held=True)
    send(page, "Go on?")
    page.wait_for_selector(".writing:has-text('Some')")
    assert violations(page) == []
    chat.model.let_go.set()
    settled(page, 2)
    turn.locator(".reword summary").click()
    assert violations(page) == []


def test_320_pixels_are_wide_enough_for_chat(visit: Visit, chat: ChatServer) -> None:
    chat.model.says(*SPENT, calls=LOOK)
    page = visit(REP, width=320)
    page.goto("/chat")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    send(page, "Spend?" + "w" * 200)
    turn = settled(page)
    turn.locator(".step summary").click()
    turn.locator(".sources summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_modules_stay_small() -> None:
    static = Path(ROOT) / "api" / "static"
    for name in ("chat-stream", "chat-complete", "chat-requests", "chat-text", "live-turn",
                 "event-stream"):  # fmt: skip
        text = (static / f"{name}.js").read_text()
        assert text.count("\n") < 300, name
        assert not re.search(r"https?://|\beval\(|\.style\b", text), name
