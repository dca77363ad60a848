"""One question over the routes as the command line asks it; the routes here are scripted."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from api.cli.answers import written
from api.cli.conversation import Conversation, named
from api.cli.door import Door
from api.cli.prompt import completer
from api.cli.refusal import Refused
from api.cli.terminal import COLUMNS, Terminal


def source(label: str, kind: str, **more: object) -> dict[str, Any]:
    return {
        "evidence_id": f"e-{label}", "label": label, "kind": kind, "title": "Tooele visit",
        "type_name": "Visit note", "quote": "The showroom is full.", "highlight": None,
        "facts": ["Published 19 Aug 2026"], "formula": None, "match": "", "inputs": [], **more,
    }  # fmt: skip


def turn(**more: object) -> dict[str, Any]:
    answer = {
        "kind": "answer", "label": "", "notes": [], "omissions": [], "offers": [],
        "artifacts": [], **more,
    }  # fmt: skip
    return {
        "turn": {"turn_id": "t-1", "asked": "/why A-1", "answer": answer, "error": None},
        "said": [], "tables": [], "sources": [], "siblings": [],
    }  # fmt: skip


INTERRUPT = "Ctrl-C while this poll waits"


class Routes:
    """Answers as the routes of chat do: each poll gets the next batch of events."""

    def __init__(self, *polls: Any) -> None:
        self.polls = list(polls)
        self.asked: list[tuple[str, str, Any]] = []

    def __call__(
        self, method: str, path: str, headers: Mapping[str, str], body: Any, params: Any
    ) -> httpx.Response:
        self.asked.append((method, path, body or dict(params)))
        if path.endswith("/events"):
            told = self.polls.pop(0)
            if told is INTERRUPT:
                signal.raise_signal(signal.SIGINT)
                told = []
            events = [
                {"seq": int(params["after"]) + place, "type": kind, "data": data}
                for place, (kind, data) in enumerate(told, start=1)
            ]
            return httpx.Response(200, json={"events": events, "finished": not self.polls})
        if path.endswith("/cancel"):
            return httpx.Response(202)
        if path.startswith("/api/runs/"):
            return httpx.Response(200, json={"run_id": "r-1", "turn": turn()})
        if path.endswith("/runs"):
            return httpx.Response(
                202, json={"run_id": "r-1", "turn_id": "t-1", "thread_id": "th-1"}
            )
        if path == "/api/threads/th-none":
            error = {"code": "not_found", "message": "There is no thread 'th-none'.", "hint": ""}
            return httpx.Response(404, json={"error": error})
        if method == "GET" and path.startswith("/api/threads/"):
            return httpx.Response(200, json={"thread": {}, "turns": []})
        return httpx.Response(201, json={"thread_id": "th-1"})

    def door(self) -> Door:
        return Door(self, token="t", person=None, address="http://127.0.0.1:8000", served=True)

    def paths(self) -> list[str]:
        return [f"{method} {path}" for method, path, _ in self.asked]


STARTED = ("step.started", {"step": "c1", "tool": "explain_account", "arguments": {"a": "A-1"}})
FINISHED = (
    "step.finished",
    {"step": "c1", "state": "done", "ms": 240, "rows": 3, "evidence": 3, "note": "3 of 41"},
)


def test_a_question_makes_its_thread_and_the_next_one_follows_it() -> None:
    routes = Routes([STARTED, FINISHED])
    talk = Conversation(routes.door(), Terminal(quiet=True))

    assert talk.ask("why A-1")["turn"]["turn_id"] == "t-1"
    routes.polls = [[]]
    talk.ask("and why not?")

    runs = [body for method, path, body in routes.asked if path.endswith("/runs")]
    assert runs == [
        {"text": "why A-1"},
        {"text": "and why not?", "parent": "t-1"},
    ]
    assert routes.paths().count("POST /api/threads") == 1


def test_a_thread_is_taken_up_behind_its_newest_turn() -> None:
    routes = Routes([])

    Conversation(routes.door(), Terminal(quiet=True), "th-7").ask("go on")

    # Without a parent, the routes let a question follow the newest turn.
    assert routes.asked[1] == ("POST", "/api/threads/th-7/runs", {"text": "go on"})


def test_a_thread_that_is_not_there_is_refused_before_anything_is_asked() -> None:
    routes = Routes()

    with pytest.raises(Refused, match="There is no thread 'th-none'"):
        Conversation(routes.door(), Terminal(quiet=True), "th-none")
    assert routes.paths() == ["GET /api/threads/th-none"]


def test_events_are_polled_from_the_last_one_seen(capsys) -> None:
    routes = Routes([STARTED], [], [FINISHED], [])

    Conversation(routes.door(), Terminal()).ask("why A-1")

    polls = [body["after"] for _, path, body in routes.asked if path.endswith("/events")]
    assert polls == [0, 1, 1, 2]
    # A step that outlasts a poll is told once while it runs, and when it has ended.
    assert capsys.readouterr().err.splitlines() == [
        "explain account A-1 ...",
        "explain account A-1: 3 of 41 (0.2 s)",
    ]


def test_a_failed_step_says_so(capsys) -> None:
    failed = {**FINISHED[1], "state": "failed", "note": "There is no account 'A-1'."}
    routes = Routes([STARTED, ("step.finished", failed)])

    Conversation(routes.door(), Terminal()).ask("why A-1")

    told = capsys.readouterr().err
    assert told == "explain account A-1: failed. There is no account 'A-1'. (0.2 s)\n"


def test_the_first_interrupt_stops_the_run_and_its_partial_answer_is_still_read() -> None:
    routes = Routes([STARTED], INTERRUPT, [FINISHED])
    talk = Conversation(routes.door(), Terminal(quiet=True))

    assert talk.ask("why A-1")["turn"]["turn_id"] == "t-1"

    assert talk.stopped
    assert routes.paths().count("POST /api/runs/r-1/cancel") == 1


def test_the_second_interrupt_leaves() -> None:
    routes = Routes([STARTED], INTERRUPT, INTERRUPT, [])

    with pytest.raises(KeyboardInterrupt):
        Conversation(routes.door(), Terminal(quiet=True)).ask("why A-1")


def test_an_interrupt_of_one_answer_does_not_make_the_next_one_leave() -> None:
    routes = Routes(INTERRUPT, [FINISHED])
    talk = Conversation(routes.door(), Terminal(quiet=True))
    talk.ask("why A-1")
    routes.polls = [INTERRUPT, []]

    talk.ask("why A-2")

    assert routes.paths().count("POST /api/runs/r-1/cancel") == 2


def test_what_an_interrupt_does_at_other_times_is_as_before() -> None:
    before = signal.getsignal(signal.SIGINT)

    Conversation(Routes([]).door(), Terminal(quiet=True)).ask("why A-1")

    assert signal.getsignal(signal.SIGINT) is before


def test_a_tool_is_named_in_words_with_what_it_was_given() -> None:
    given = {"accounts": "A-1, A-2", "since": None, "remark": ""}

    assert named("compare_accounts", given) == "compare accounts A-1, A-2"
    assert named("read_inbox", {}) == "read inbox"


def test_an_answer_is_written_with_marks_tables_and_numbered_sources() -> None:
    view = turn(
        notes=["No language model was used."],
        omissions=["A figure had no source."],
        offers=[{"label": "Draft", "text": "/draft A-1"}],
        artifacts=[{"type": "plan", "id": "P-1", "version": 2, "link": "/plans/P-1?v=2"}],
        label="Partial: 6 model calls were used up",
    )
    pills = [
        {"label": "1", "kind": "verified", "evidence_id": "e-1"},
        {"label": "ƒ", "kind": "computed", "evidence_id": "e-ƒ"},
    ]
    view["said"] = [
        {
            "text": "The showroom is full at 41 points.",
            "parts": [
                {"text": "The showroom is full at ", "evidence_id": None},
                {"text": "41", "evidence_id": "e-ƒ"},
                {"text": " points.", "evidence_id": None},
            ],
            "pills": pills,
            "remarks": ["It is old."],
        }
    ]
    view["tables"] = [
        {
            "title": "The week",
            "columns": ["Account", "Score"],
            "rows": [
                [
                    {"text": "Brakes and Gears", "evidence_id": "e-1", "numeric": False},
                    {"text": "41", "evidence_id": "e-ƒ", "numeric": True},
                ]
            ],
        }
    ]
    view["sources"] = [
        source("1", "document"),
        source("ƒ", "calculation", title="Score", formula="-30 + 71 = 41", quote="41"),
        source("2", "record"),
    ]

    assert list(written(view, "http://desk")) == [
        "Partial: 6 model calls were used up.",
        "",
        "The showroom is full at 41 points. [ƒ1 1] (It is old)",
        "",
        "The week",
        "  Account               Score",
        "  Brakes and Gears [1]     41",
        "",
        "No language model was used.",
        "Left out: A figure had no source.",
        "",
        "Plan P-1 version 2:",
        "  http://desk/plans/P-1?v=2",
        "",
        "Sources",
        "  [1] Visit note, Tooele visit: “The showroom is full.” (Published 19 Aug 2026)",
        "",
        "Computed",
        "  [ƒ1] Score: -30 + 71 = 41",
        "",
        "1 more source stands behind the table. --json has each of them.",
        "",
        "Ask next: /draft A-1",
    ]


def test_no_line_of_prose_is_wider_than_80_columns_or_moves_the_cursor() -> None:
    view = turn(notes=["word " * 60, "\x1b[2J" + "x" * 200])
    pill = {"label": "12", "kind": "verified", "evidence_id": "e-12"}
    view["said"] = [{"text": "long " * 50, "parts": [], "pills": [pill], "remarks": []}]
    view["sources"] = [source("12", "record", quote="quoted " * 40)]

    lines = list(written(view, ""))

    assert max(map(len, lines)) <= COLUMNS
    assert not any("\x1b" in line for line in lines)


def test_a_table_that_is_far_too_wide_is_written_row_by_row() -> None:
    names = ["Account", "Net orders", "A year before", "Deals opened", "Deals won", "Touches"]
    cells = ["Rally Master Company Inc", "$172,169", "$0", "–", "a long word or two", "12"]
    view = turn()
    view["tables"] = [
        {
            "title": "Furthest from a year before",
            "columns": names,
            "rows": [[{"text": text, "evidence_id": None, "numeric": False} for text in cells]],
        }
    ]

    # 24 + 10 + 13 + 12 + 18 + 7 and five gaps of 2 are 94 columns, where 78 + 12 may be cut.
    assert list(written(view, "")) == [
        "Furthest from a year before",
        "  * Rally Master Company Inc | net orders $172,169 | a year before $0 | deals",
        "    won a long word or two | touches 12",
    ]


def test_completion_offers_what_the_routes_offer_and_is_silent_when_they_refuse() -> None:
    ways = ["/why Field Trip Store", "/why Fitness Cycling"]

    def send(
        method: str, path: str, headers: Mapping[str, str], body: Any, params: Any
    ) -> httpx.Response:
        if params["text"] == "broken":
            return httpx.Response(500, json={})
        offered = [{"text": way, "label": way, "detail": ""} for way in ways]
        return httpx.Response(200, json=offered)

    door = Door(send, token="t", person=None, address="", served=True)
    complete = completer(door, Conversation(door, Terminal(quiet=True)))

    assert [complete("/why F", number) for number in range(3)] == [*ways, None]
    assert complete("broken", 0) is None
