"""`ask`, `chat` and `threads` against the real routes: served over loopback, and in process."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.api.doors import ACCOUNT, FOREIGN_REP, MANAGER, REP, Command
from tests.api.test_command_line import environment, process


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    """Put lines on standard input, as a pipe does."""

    def put(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return put


def asked(cadastre: Command, *words: str, person: str = REP) -> dict:
    ended = cadastre("--as", person, "--json", *words)
    assert ended.code == 0, ended
    return ended.json


def test_a_question_is_answered_with_numbered_sources(cadastre, served) -> None:
    ended = cadastre("--as", REP, "ask", f"/why {ACCOUNT}")

    assert ended.code == 0, ended.err
    assert "Brakes and Gears" in ended.out
    assert "\nSources\n" in ended.out or "\nComputed\n" in ended.out
    assert "No language model was used" in ended.out
    assert "Ask next: " in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80
    assert re.search(r"Go on with: cadastre ask --thread \S+ QUESTION", ended.err)


def test_words_of_a_question_need_no_quotes_and_may_come_from_a_pipe(
    cadastre, served, typed
) -> None:
    loose = asked(cadastre, "ask", "/why", ACCOUNT)
    typed(f"/why {ACCOUNT}")
    piped = asked(cadastre, "ask", "-")

    assert loose["turn"]["asked"] == piped["turn"]["asked"].strip() == f"/why {ACCOUNT}"
    assert [item["text"] for item in loose["said"]] == [item["text"] for item in piped["said"]]


def test_as_json_it_is_one_turn_and_progress_is_json_lines(cadastre, served) -> None:
    ended = cadastre("--as", REP, "--json", "ask", f"/why {ACCOUNT}")

    view = ended.json
    assert {"turn", "said", "tables", "sources", "siblings"} <= set(view)
    assert view["turn"]["status"] == "done"
    assert all("progress" in json.loads(line) for line in ended.err.splitlines())


def test_a_thread_goes_on_by_its_id_and_the_last_one_by_continue(cadastre, served) -> None:
    first = asked(cadastre, "ask", f"/why {ACCOUNT}")["turn"]
    named = asked(cadastre, "ask", "--thread", first["thread_id"], "/people it")["turn"]
    asked(cadastre, "ask", "/help")
    last = asked(cadastre, "ask", "-c", "/help")["turn"]

    assert named["thread_id"] == first["thread_id"]
    assert named["parent"] == first["turn_id"]
    assert named["answer"]["focus"]["accounts"][0] == ACCOUNT
    assert last["thread_id"] != first["thread_id"]
    assert last["parent"] is not None


def test_continue_without_a_thread_begins_one(cadastre, served) -> None:
    ended = cadastre("--as", REP, "ask", "-c", "/help")

    assert ended.code == 0, ended.err
    assert "There is no thread yet; this begins one." in ended.err


def test_a_piped_chat_asks_a_line_at_a_time_in_one_thread(cadastre, served, typed) -> None:
    typed(f"/why {ACCOUNT}", "", "/people it", "/quit", "/week")

    ended = cadastre("--as", REP, "--json", "chat")

    turns = [json.loads(line)["turn"] for line in ended.out.splitlines()]
    assert ended.code == 0
    assert [turn["asked"] for turn in turns] == [f"/why {ACCOUNT}", "/people it"]
    assert turns[1]["parent"] == turns[0]["turn_id"]
    assert len(cadastre("--as", REP, "--json", "threads", "list").json) == 1


def test_a_question_that_is_refused_does_not_end_a_chat(cadastre, served, typed) -> None:
    typed("x" * 200_000, "/help")

    ended = cadastre("--as", REP, "--json", "chat")

    first, second = (json.loads(line) for line in ended.out.splitlines())
    assert ended.code == 0
    assert "error" in first or first["turn"]["answer"]["kind"] in {"error", "question", "help"}
    assert second["turn"]["asked"] == "/help"


def test_threads_are_listed_shown_and_deleted(cadastre, served, typed) -> None:
    thread = asked(cadastre, "ask", f"/why {ACCOUNT}")["turn"]["thread_id"]

    assert thread in cadastre("--as", REP, "threads").out
    assert thread in cadastre("--as", REP, "threads", "list").out
    shown = cadastre("--as", REP, "threads", "show", thread)
    assert shown.out.startswith(f"> /why {ACCOUNT}\n")
    typed()
    refused = cadastre("--as", REP, "threads", "delete", thread)
    assert refused.code == 2
    assert f"cadastre threads delete {thread} --yes" in refused.err

    assert cadastre("--as", REP, "threads", "delete", thread, "--yes").code == 0

    assert cadastre("--as", REP, "--json", "threads", "list").json == []
    gone = cadastre("--as", REP, "threads", "show", thread)
    assert gone.code == 1
    assert f"There is no thread '{thread}'" in gone.err


@pytest.mark.parametrize("outsider", [FOREIGN_REP, MANAGER])
def test_a_thread_of_another_person_looks_like_none(cadastre, served, typed, outsider) -> None:
    thread = asked(cadastre, "ask", f"/why {ACCOUNT}")["turn"]["thread_id"]

    for words in (
        ("threads", "show", "{thread}"),
        ("threads", "delete", "{thread}", "--yes"),
        ("ask", "--thread", "{thread}", "/help"),
        ("chat", "--thread", "{thread}"),
    ):
        told = []
        for name in (thread, "th-none"):
            typed("/help")
            ended = cadastre("--as", outsider, *(word.format(thread=name) for word in words))
            assert ended.code == 1, words
            told.append((ended.out, ended.err.replace(name, "ID")))
        assert told[0] == told[1], words
    assert cadastre("--as", outsider, "--json", "threads", "list").json == []
    assert asked(cadastre, "threads", "show", thread)["turns"]


def test_an_account_of_another_rep_looks_like_none(cadastre, served) -> None:
    told = []
    for account in (ACCOUNT, "A-999"):
        ended = cadastre("--as", FOREIGN_REP, "ask", f"/why {account}")
        told.append((ended.code, ended.out.replace(account, "ID")))
        assert "Brakes and Gears" not in ended.out + ended.err

    assert told[0] == told[1]


def test_what_is_asked_about_much_shows_nothing_of_other_reps(cadastre, served) -> None:
    for question in ("/week", "/changed", "/whitespace", "/inbox", "/load", "/find delivery"):
        ended = cadastre("--as", FOREIGN_REP, "--json", "ask", question)
        assert not re.search(rf"Brakes and Gears|{ACCOUNT}\b|Della Whitcombe", ended.out), question


def test_a_draft_asked_for_waits_on_its_review_page(cadastre, served) -> None:
    ended = cadastre("--as", REP, "ask", f"/draft {ACCOUNT}")

    assert ended.code == 0, ended.err
    assert re.search(rf"{re.escape(served)}/plans/P-\w+\?v=1", ended.out)
    plans = cadastre("--as", REP, "--json", "plan", "list").json
    assert [plan["status"] for plan in plans] == ["in_review"]


def test_both_ways_of_naming_a_thread_at_once_are_wrong_usage(cadastre, served) -> None:
    ended = cadastre("--as", REP, "ask", "-c", "--thread", "th-1", "/help")

    assert ended.code == 2
    assert "either --thread or --continue" in ended.err


def test_without_a_server_a_question_is_answered_in_this_process(cadastre, home) -> None:
    ended = cadastre("--as", REP, "ask", f"/why {ACCOUNT}")

    assert ended.code == 0, ended.err
    assert "Brakes and Gears" in ended.out


@pytest.mark.slow
def test_an_interrupted_ask_prints_what_there_is_and_ends_with_130(home: Path, served) -> None:
    child = process(home, "--as", REP, "ask", f"/draft {ACCOUNT}")
    assert child.stderr is not None
    for line in child.stderr:
        if "0 of " in line:  # the first step of the draft, seconds before its last
            child.send_signal(signal.SIGINT)
            break
    out, err = child.communicate(timeout=60)

    assert child.returncode == 130
    assert out.startswith("Stopped.\n")
    assert "Traceback" not in err


@pytest.mark.slow
@pytest.mark.parametrize(("keys", "code"), [((b"\x03", b"\x03"), 130), ((b"/quit\n",), 0)])
def test_at_a_terminal_a_chat_is_left_by_quit_or_by_ctrl_c_twice(
    home: Path, served, keys: tuple[bytes, ...], code: int
) -> None:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", "from api.cli import main; main()", "--as", REP, "chat"],
        env={**environment(home), "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    for key in keys:
        seen = b""
        while not seen.endswith(b"> "):
            seen += os.read(ours, 1024)
        time.sleep(0.3)  # the prompt stands a moment before its keys are read
        os.write(ours, key)

    assert child.wait(timeout=30) == code
    os.close(ours)
