from __future__ import annotations

import html as html_words
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import chat_page
from api.chat_answer import shown_turn
from api.chat_branches import Branch
from api.chat_panel import panel_of
from api.workspace import Workspace
from tests.agent.chat.scripted_model import ScriptedModel
from tests.api.chat_view_fixture import drafted

Browser = Callable[[], TestClient]


class Visitor:
    """A browser without script, signed in as somebody."""

    def __init__(self, client: TestClient, person: str) -> None:
        self.client = client
        client.post("/sign-in", data={"person": person, "csrf": self._token("/sign-in")})

    def _token(self, path: str) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.client.get(path).text)
        assert found
        return found[1]

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, token: str | None = None, **fields: str) -> Any:
        csrf = self._token("/chat") if token is None else token
        return self.client.post(path, data={"csrf": csrf, **fields})

    def ask(self, path: str = "/chat", **fields: str) -> tuple[str, str, str]:
        """Ask by form and follow; the thread's path, the turn's id and the page."""
        answer = self.post(path, **fields)
        assert answer.status_code == 303, answer.text
        place, _, turn = answer.headers["location"].partition("?at=")
        turn = turn.split("#")[0]
        return place, turn, html_words.unescape(self.get(f"{place}?at={turn}").text)


@pytest.fixture
def rep(browser: Browser) -> Visitor:
    return Visitor(browser(), "tobias.renner")


def test_a_question_typed_without_script_comes_back_answered_in_its_own_thread(
    rep: Visitor,
) -> None:
    thread, turn, page = rep.ask(text="what is this?\r\nsecond line")

    assert "what is this?\nsecond line" in page
    assert f'data-turn="{turn}"' in page
    assert 'data-status="running"' not in page.split("<template")[0]
    listed = html_words.unescape(rep.get("/chat").text)
    assert f'href="{thread}"' in listed


def test_an_empty_question_is_refused_in_words_and_begins_no_thread(rep: Visitor) -> None:
    answer = rep.post("/chat", text="  ")

    assert answer.status_code == 422
    assert "There is nothing to answer yet." in answer.text
    assert "Your threads" not in rep.get("/chat").text


def test_a_question_that_is_too_long_is_refused_and_kept_in_the_box(rep: Visitor) -> None:
    thread, _, _ = rep.ask(text="first")
    answer = rep.post(f"{thread}/messages", text="y" * 100_001)

    assert answer.status_code == 422
    assert "at most 100,000 are read" in answer.text
    assert "y" * 100_001 in answer.text


def test_another_persons_thread_looks_like_one_that_does_not_exist(
    rep: Visitor, browser: Browser
) -> None:
    thread, _, _ = rep.ask(text="mine")
    manager = Visitor(browser(), "harriet.okonjo")

    for visit in (manager.get(thread), manager.post(f"{thread}/messages", text="hello?"),
                  manager.post(f"{thread}/delete")):  # fmt: skip
        assert visit.status_code == 404
    missing = manager.get("/chat/T-nowhere")
    assert missing.status_code == 404
    words = manager.get(thread).text.replace(thread.rsplit("/", 1)[1], "T-nowhere")
    assert re.sub(r'value="[^"]+"', "", words) == re.sub(r'value="[^"]+"', "", missing.text)


def test_asking_again_and_otherwise_make_branches_that_can_be_walked(rep: Visitor) -> None:
    thread, first, _ = rep.ask(text="one")
    _, again, page = rep.ask(f"{thread}/messages", retry_of=first)
    assert "2 of 2" in page
    _, other, page = rep.ask(f"{thread}/messages", edit_of=first, text="another one")
    assert "3 of 3" in page
    assert "another one" in page
    assert f"?at={again}#turn-{again}" in page
    earlier = rep.get(f"{thread}?at={first}").text
    assert "1 of 3" in earlier
    assert f'data-turn="{other}"' not in earlier


def test_a_question_follows_the_turn_whose_branch_was_read(rep: Visitor) -> None:
    thread, first, _ = rep.ask(text="one")
    rep.ask(f"{thread}/messages", edit_of=first, text="beside it")
    _, after, page = rep.ask(f"{thread}/messages", parent=first, text="after one")

    assert "beside it" not in page.split('<article class="turn"', 1)[1].split("<template")[0]
    assert f'data-turn="{after}" data-parent="{first}"' in page


def test_a_deleted_thread_is_gone(rep: Visitor) -> None:
    thread, _, _ = rep.ask(text="one")
    answer = rep.post(f"{thread}/delete")

    assert (answer.status_code, answer.headers["location"]) == (303, "/chat")
    assert rep.get(thread).status_code == 404


def test_a_form_without_the_sessions_token_asks_nothing(rep: Visitor) -> None:
    answer = rep.post("/chat", token="forged", text="one")

    assert answer.status_code == 403
    assert "Your threads" not in rep.get("/chat").text


def test_who_is_not_signed_in_is_asked_who_they_are(browser: Browser) -> None:
    answer = browser().get("/chat", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/chat")


def test_an_answer_that_takes_long_is_shown_as_being_worked_on(
    rep: Visitor, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(chat_page, "WAIT_SECONDS", 0.1)
    workspace.chat_model = ScriptedModel(["Nothing is known."], before=lambda: gate.wait(10))
    try:
        thread, turn, page = rep.ask(text="and now?")
        assert "Working ..." in page.split("<template")[0]
        assert "Look again" in page
        # One question at a time: the second is refused and stays in the box.
        busy = rep.post(f"{thread}/messages", text="and then?")
        assert busy.status_code == 409
        assert ">and then?</textarea>" in busy.text
    finally:
        gate.set()
    for _ in range(100):
        page = rep.get(f"{thread}?at={turn}").text
        if 'data-status="running"' not in page.split("<template")[0]:
            break
        threading.Event().wait(0.05)
    assert "Nothing is known." in page


def test_an_empty_thread_suggests_what_waits_in_the_inbox_and_no_stock_prompts(
    rep: Visitor, workspace: Workspace
) -> None:
    page = html_words.unescape(rep.get("/chat").text)
    ranked = workspace.inbox(workspace.principal("tobias.renner")).suggestions[0]

    assert f"Why does {ranked.name} rank {ranked.rank}?" in page
    assert f'value="/why {ranked.account_id}"' in page


def test_a_long_branch_shows_its_last_questions_and_all_of_them_when_asked(
    rep: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_page, "MOST_TURNS", 2)
    thread, _, _ = rep.ask(text="first of three")
    rep.ask(f"{thread}/messages", text="second")
    _, last, _ = rep.ask(f"{thread}/messages", text="third")
    short = rep.get(thread).text.split("<template")[0]
    whole = rep.get(f"{thread}?at={last}&earlier=true").text.split("<template")[0]

    asked = '<article class="turn"'
    assert (short.count(asked), whole.count(asked)) == (2, 3)
    assert "Show 1 earlier question<" in short
    assert "Question 3" in short


def test_the_draft_beside_a_thread_stands_as_it_stands_now(workspace: Workspace) -> None:
    rep = workspace.principal("tobias.renner")
    version = workspace.draft_plan(rep, "A-205")
    made = drafted(None)
    assert made.turn.answer is not None
    artifact = made.turn.answer.artifacts[0].model_copy(
        update={"id": version.plan_id, "version": 1}
    )
    turn = made.turn.model_copy(
        update={"answer": made.turn.answer.model_copy(update={"artifacts": (artifact,)})}
    )
    shown = [shown_turn(made.model_copy(update={"turn": turn}), Branch(1, 1, None, None))]

    panel = panel_of(workspace, rep, shown)
    assert panel is not None
    assert (panel.heading, panel.status) == ("Plan draft", "In review")
    assert panel.link == f"/plans/{version.plan_id}?v=1"
    assert panel.lines[0].title == "Where we stand"
    assert "Rally Master Company Inc, version 1" in panel.name
    # Another rep's plan looks like one that does not exist.
    other = panel_of(workspace, workspace.principal("marisol.vega"), shown)
    assert other is not None
    assert (other.link, other.lines) == ("", ())
    assert other.gone
    assert panel_of(workspace, rep, []) is None


def test_what_is_typed_is_completed_and_what_the_thread_is_about_comes_first(
    rep: Visitor, workspace: Workspace
) -> None:
    def ways(text: str, thread: str = "") -> list[str]:
        found = rep.client.get("/api/complete", params={"text": text, "thread": thread}).json()
        return [item["text"] for item in found]

    thread, _, _ = rep.ask(text="/why A-697")

    assert "/week " in ways("/w")
    assert ways("/why fie")[0] == "/why Field Trip Store"
    assert ways("/why ", thread.rsplit("/", 1)[1])[0] == "/why Brakes and Gears"
    missing = rep.client.get("/api/complete", params={"text": "/why ", "thread": "T-nowhere"})
    assert missing.status_code == 404
    # A-001 is another rep's: its name is not offered, typed whole or not.
    manager = workspace.principal("ines.moreau")
    name = str(workspace.reading(manager).book.rows("accounts")["A-001"]["name"])
    assert all(name not in way for way in (*ways(f"/why {name}"), *ways(f"/why {name[:5]}")))
