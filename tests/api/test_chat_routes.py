"""Chat over HTTP: questions, answers, events, branches, and what goes wrong."""

from __future__ import annotations

import threading

import httpx
import pytest

from agent.model.protocol import ModelFailed
from api import chat_stream
from api.workspace import Workspace
from tests.api.chat_doors import (
    CALL,
    SENTENCE,
    Gate,
    ask,
    begin,
    ended,
    log_of,
    only_spend,
    parsed,
    streamed,
    talking,
    with_model,
)
from tests.api.conftest import As
from tests.api.doors import REP, TOKEN


@pytest.fixture(autouse=True)
def _tools():
    with only_spend():
        yield


def test_a_question_is_answered_with_figures_that_open_to_their_sources(
    workspace: Workspace, acting: As
) -> None:
    with_model(workspace, talking(CALL, SENTENCE))
    client = acting(REP)
    ids = begin(client)

    view = ended(client, ids["run_id"])

    turn, (said,), (table,) = view["turn"], view["said"], view["tables"]
    assert (turn["status"], turn["asked"], turn["error"]) == ("done", "What do they spend?", None)
    assert (said["outcome"], said["mark"]) == ("supported", "computed")
    figure = next(part for part in said["parts"] if part["evidence_id"])
    assert said["text"] == f"Spend over the last 12 months is {figure['text']}."
    assert figure["text"].startswith("$")
    # A computed value stands behind an ƒ, and the card behind it is among the sources.
    (pill,) = said["pills"]
    assert (pill["label"], pill["kind"], pill["evidence_id"]) == (
        "ƒ", "computed", figure["evidence_id"],
    )  # fmt: skip
    assert {source["evidence_id"] for source in view["sources"]} >= {figure["evidence_id"]}
    assert client.get(f"/api/evidence/{figure['evidence_id']}").status_code == 200
    # The table shows the same fact in the same words, with the name beside it.
    assert (table["columns"], table["rows"][0][0]["text"]) == (
        ["Account", "Spend"], "Brakes and Gears",
    )  # fmt: skip
    assert table["rows"][0][1] == {
        "text": figure["text"], "evidence_id": figure["evidence_id"], "numeric": True,
    }  # fmt: skip


def test_events_come_in_order_and_the_last_says_how_it_ended(
    workspace: Workspace, acting: As
) -> None:
    with_model(workspace, talking(CALL, SENTENCE))
    client = acting(REP)
    ids = begin(client)
    ended(client, ids["run_id"])

    events = streamed(client, ids["run_id"])

    assert [kind for _, kind, _ in events] == [
        "run.started", "step.started", "step.finished", "block.done", "run.finished",
    ]  # fmt: skip
    told = {kind: data for _, kind, data in events}
    assert told["run.started"] == ids
    assert (told["step.started"]["tool"], told["step.finished"]["rows"]) == ("spend", 1)
    # Two calls of 100 tokens sent and 20 received each.
    assert told["run.finished"] == {
        "status": "done",
        "label": "",
        "cost": None,
        "usage": {"model": "scripted", "calls": 2, "input_tokens": 200, "output_tokens": 40},
    }
    numbers = [number for number, _, _ in events]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1


def test_the_end_of_a_block_carries_html_of_ours_and_the_sources(
    workspace: Workspace, acting: As
) -> None:
    with_model(workspace, talking(CALL, SENTENCE))
    client = acting(REP)
    ids = begin(client)
    view = ended(client, ids["run_id"])

    done = next(e["data"] for e in log_of(client, ids["run_id"]) if e["type"] == "block.done")

    assert done["citations"] == view["sources"]
    figure = next(part for part in view["said"][0]["parts"] if part["evidence_id"])
    assert figure["text"] in done["html"]
    assert figure["evidence_id"] in done["html"]
    assert "<script" not in done["html"]


def test_what_streamed_is_dropped_at_the_end_and_numbers_stay(
    workspace: Workspace, acting: As
) -> None:
    gate = Gate()
    model = with_model(workspace, talking(CALL, SENTENCE))
    client = acting(REP)

    def hold_after_text() -> bool:
        if len(model.seen) == 2:
            gate()
        return False

    class Slow:
        name = "scripted"

        def reply(self, messages, tools, *, spending, deadline, sink, stopped):
            return model.reply(
                messages, tools, spending=spending, deadline=deadline, sink=sink,
                stopped=hold_after_text,
            )  # fmt: skip

    workspace.chat_model = Slow()
    ids = begin(client)
    assert gate.reached.wait(20)
    live = log_of(client, ids["run_id"])
    gate.opened.set()
    ended(client, ids["run_id"])
    kept = log_of(client, ids["run_id"])

    assert "block.delta" in {event["type"] for event in live}
    assert "block.delta" not in {event["type"] for event in kept}
    stay = [event for event in live if event["type"] != "block.delta"]
    assert kept[: len(stay)] == stay
    assert kept[-1]["seq"] > live[-1]["seq"]


@pytest.mark.parametrize("how", ["header", "query"])
def test_a_reader_goes_on_behind_the_last_event_it_saw(
    workspace: Workspace, acting: As, how: str
) -> None:
    with_model(workspace, talking(CALL, SENTENCE))
    client = acting(REP)
    ids = begin(client)
    ended(client, ids["run_id"])
    whole = streamed(client, ids["run_id"])

    for number, (seq, _, _) in enumerate(whole, start=1):
        rest = (
            streamed(client, ids["run_id"], **{"Last-Event-ID": str(seq)})
            if how == "header"
            else [(e["seq"], e["type"], e["data"]) for e in log_of(client, ids["run_id"], seq)]
        )
        assert rest == whole[number:]


def test_a_last_event_id_that_is_no_number_is_refused(workspace: Workspace, acting: As) -> None:
    client = acting(REP)
    ids = begin(client)

    answer = client.get(
        f"/api/runs/{ids['run_id']}/events",
        headers={"Accept": "text/event-stream", "Last-Event-ID": "1; drop"},
    )

    assert answer.status_code == 422
    assert "Last-Event-ID is not the number of an event" in answer.json()["error"]["message"]


def test_the_stream_can_be_had_with_the_question(workspace: Workspace, acting: As) -> None:
    with_model(workspace, talking(CALL, SENTENCE))
    client = acting(REP)
    thread_id = client.post("/api/threads", json={}).json()["thread_id"]

    with client.stream(
        "POST",
        f"/api/threads/{thread_id}/runs",
        json={"text": "What do they spend?"},
        headers={"Accept": "text/event-stream"},
    ) as answer:
        events = parsed("".join(answer.iter_text()))

    assert events[0][1] == "run.started"
    assert events[0][2]["thread_id"] == thread_id
    assert events[-1][1] == "run.finished"


def test_events_leave_the_server_as_they_happen_compressed_or_not(
    workspace: Workspace, served: str
) -> None:
    gate = Gate()
    with_model(workspace, talking(CALL, SENTENCE, gate=gate))
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        "X-Cadastre-As": REP,
        "Accept": "text/event-stream",
        "Accept-Encoding": "gzip",
    }
    with httpx.Client(base_url=served, headers=headers, timeout=20) as client:
        thread_id = client.post("/api/threads", json={}).json()["thread_id"]
        with client.stream(
            "POST", f"/api/threads/{thread_id}/runs", json={"text": "What do they spend?"}
        ) as answer:
            said = ""
            pieces = answer.iter_text()
            while "event: run.started" not in said:
                said += next(pieces)
            # The model has not even answered yet: nothing between it and us waits for more.
            assert not gate.opened.is_set()
            assert "content-encoding" not in answer.headers
            gate.opened.set()
            said += "".join(pieces)
    assert parsed(said)[-1][1] == "run.finished"


def test_a_run_goes_on_when_its_reader_leaves(workspace: Workspace, served: str) -> None:
    gate = Gate()
    with_model(workspace, talking(CALL, SENTENCE, gate=gate))
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Cadastre-As": REP}
    with httpx.Client(base_url=served, headers=headers, timeout=20) as client:
        thread_id = client.post("/api/threads", json={}).json()["thread_id"]
        with client.stream(
            "POST",
            f"/api/threads/{thread_id}/runs",
            json={"text": "What do they spend?"},
            headers={"Accept": "text/event-stream"},
        ) as answer:
            pieces = answer.iter_text()
            said = ""
            while "event: run.started" not in said:
                said += next(pieces)
            run_id = parsed(said)[0][2]["run_id"]
        gate.opened.set()

        assert ended(client, run_id)["turn"]["status"] == "done"


def test_a_quiet_stream_is_kept_open_by_a_comment(
    workspace: Workspace, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_stream, "HEARTBEAT_SECONDS", 0.05)
    gate = Gate()
    with_model(workspace, talking(CALL, SENTENCE, gate=gate))
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Cadastre-As": REP}
    with httpx.Client(base_url=served, headers=headers, timeout=20) as client:
        ids = begin(client)
        with client.stream(
            "GET", f"/api/runs/{ids['run_id']}/events", headers={"Accept": "text/event-stream"}
        ) as answer:
            said = ""
            pieces = answer.iter_text()
            while said.count(": still at it\n\n") < 2:
                said += next(pieces)
            gate.opened.set()
            said += "".join(pieces)
    assert said.startswith("retry: 2000\n\n")
    assert parsed(said)[-1][1] == "run.finished"


def test_one_question_of_a_thread_is_answered_at_a_time(workspace: Workspace, acting: As) -> None:
    gate = Gate()
    with_model(workspace, talking(CALL, SENTENCE, gate=gate))
    client = acting(REP)
    ids = begin(client)
    path = f"/api/threads/{ids['thread_id']}/runs"

    busy = client.post(path, json={"text": "And last year?"})
    other = begin(client, "In another thread?")
    gate.opened.set()
    ended(client, ids["run_id"])

    assert busy.status_code == 409
    assert busy.json()["error"] == {
        "code": "thread_busy",
        "message": "The last question of this thread is still being answered.",
        "hint": "Wait for its answer or stop it, then ask again; or ask in a new thread.",
        "run_id": ids["run_id"],
    }
    assert ended(client, other["run_id"])["turn"]["status"] == "done"
    assert client.post(path, json={"text": "And last year?"}).status_code == 202


def test_of_many_questions_at_once_in_one_thread_one_is_taken(
    workspace: Workspace, acting: As
) -> None:
    gate = Gate()
    with_model(workspace, talking(CALL, SENTENCE, gate=gate))
    client = acting(REP)
    thread_id = client.post("/api/threads", json={}).json()["thread_id"]
    principal = workspace.principal(REP)
    taken: list[str] = []
    together = threading.Barrier(12)

    def one() -> None:
        together.wait()
        try:
            taken.append(workspace.ask(principal, thread_id, "What do they spend?").run_id)
        except Exception as error:
            taken.append(type(error).__name__)

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gate.opened.set()

    assert sorted(taken)[1:] == ["ThreadBusy"] * 11
    ended(client, next(run for run in taken if run != "ThreadBusy"))


def test_retry_and_edit_make_branches_and_overwrite_nothing(
    workspace: Workspace, acting: As
) -> None:
    with_model(workspace, talking(SENTENCE))
    client = acting(REP)
    first = begin(client, "One?")
    ended(client, first["run_id"])
    thread_id = first["thread_id"]

    def asked(text, **more):
        ids = ask(client, thread_id, text, **more)
        return ids["turn_id"], ended(client, ids["run_id"])

    second, _ = asked("Two?")
    again, retried = asked(None, retry_of=second)
    other, edited = asked("Two, but shorter?", edit_of=second)
    after, followed = asked("Three?", parent=again)
    root, rooted = asked("Elsewhere?", parent=None)

    assert (retried["turn"]["asked"], retried["turn"]["parent"]) == ("Two?", first["turn_id"])
    assert edited["turn"]["parent"] == first["turn_id"]
    assert edited["siblings"] == [second, again, other]
    assert (followed["turn"]["parent"], followed["siblings"]) == (again, [after])
    assert rooted["siblings"] == [first["turn_id"], root]
    whole = client.get(f"/api/threads/{thread_id}").json()
    assert [view["turn"]["turn_id"] for view in whole["turns"]] == [
        first["turn_id"], second, again, other, after, root,
    ]  # fmt: skip
    assert whole["thread"]["title"] == "One?"


def test_an_answer_looks_back_along_its_own_branch(workspace: Workspace, acting: As) -> None:
    model = with_model(workspace, talking(SENTENCE))
    client = acting(REP)
    first = begin(client, "About apples?")
    ended(client, first["run_id"])
    second = ask(client, first["thread_id"], "About pears?")
    ended(client, second["run_id"])

    beside = ask(client, first["thread_id"], "About plums?", edit_of=second["turn_id"])
    ended(client, beside["run_id"])

    sent = model.seen[-1][1]["content"]
    assert "About apples?" in sent
    assert "About pears?" not in sent


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"text": ""}, 422, "There is nothing to answer yet."),
        ({"text": " \n\t"}, 422, "There is nothing to answer yet."),
        ({}, 422, "There is nothing to answer yet."),
        ({"text": "é" * 51_200}, 422, "The message has 102,400 bytes; at most 100,000 are read."),
        ({"text": "Why?", "parent": "U-none"}, 404, "There is no turn 'U-none' in thread"),
        ({"text": "Why?", "retry_of": "U-none"}, 404, "There is no turn 'U-none' in thread"),
        ({"text": "Why?", "edit_of": "U-1", "retry_of": "U-2"}, 422, "A question follows a turn"),
        ({"text": "Why?", "parent": "U-1", "edit_of": "U-2"}, 422, "A question follows a turn"),
        ({"text": 7}, 422, "The request cannot be read: text"),
        ({"text": "Why?", "person": "ines.moreau"}, 422, "The request cannot be read: person"),
    ],
)  # fmt: skip
def test_a_message_that_cannot_be_answered_is_refused_in_words(
    acting: As, body: dict, status: int, said: str
) -> None:
    client = acting(REP)
    thread_id = client.post("/api/threads", json={}).json()["thread_id"]

    answer = client.post(f"/api/threads/{thread_id}/runs", json=body)

    assert answer.status_code == status
    assert said in answer.json()["error"]["message"]
    assert client.get(f"/api/threads/{thread_id}").json()["turns"] == []


def test_a_day_holds_so_many_questions_and_no_more(workspace: Workspace, acting: As) -> None:
    workspace.settings = workspace.settings.model_copy(update={"chat_runs_a_day": 2})
    client, other = acting(REP), acting("ines.moreau")
    begin(client)
    thread_id = begin(client)["thread_id"]
    ended(client, client.get(f"/api/threads/{thread_id}").json()["turns"][0]["turn"]["run_id"])
    # To delete a thread makes no room for more.
    assert client.delete(f"/api/threads/{thread_id}").status_code == 204
    third = client.post("/api/threads", json={}).json()["thread_id"]

    refused = client.post(f"/api/threads/{third}/runs", json={"text": "Why?"})

    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "too_many_runs"
    assert "The limit of 2 questions within 24 hours" in refused.json()["error"]["message"]
    assert begin(other)["run_id"]


def test_stop_keeps_what_was_found_and_says_so(workspace: Workspace, acting: As) -> None:
    gate = Gate()
    model = with_model(workspace, talking(CALL, SENTENCE))
    model.before = lambda: gate() if len(model.seen) == 2 else None
    client = acting(REP)
    ids = begin(client)
    assert gate.reached.wait(20)

    stopping = client.post(f"/api/runs/{ids['run_id']}/cancel")
    gate.opened.set()
    view = ended(client, ids["run_id"])
    again = client.post(f"/api/runs/{ids['run_id']}/cancel")

    assert (stopping.status_code, stopping.json()["status"]) == (202, "running")
    assert (view["turn"]["status"], view["turn"]["answer"]["label"]) == ("stopped", "Stopped")
    assert view["tables"], "the tool had found something before"
    assert log_of(client, ids["run_id"])[-1]["data"]["status"] == "stopped"
    assert (again.status_code, again.json()["status"]) == (202, "stopped")


def test_a_thread_deleted_meanwhile_is_gone_and_its_run_ends_quietly(
    workspace: Workspace, acting: As, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate()
    with_model(workspace, talking(CALL, SENTENCE, gate=gate))
    client = acting(REP)
    ids = begin(client)
    assert gate.reached.wait(20)

    assert client.delete(f"/api/threads/{ids['thread_id']}").status_code == 204
    gate.opened.set()
    workspace.chats.close()

    for path in ("threads/{thread_id}", "runs/{run_id}", "runs/{run_id}/events"):
        gone = client.get("/api/" + path.format(**ids))
        assert gone.status_code == 404, path
    assert client.post(f"/api/runs/{ids['run_id']}/cancel").status_code == 404
    assert client.delete(f"/api/threads/{ids['thread_id']}").status_code == 404
    assert client.get("/api/threads").json() == []
    assert "incident" not in caplog.text


def test_a_stream_of_a_thread_deleted_meanwhile_ends(workspace: Workspace, served: str) -> None:
    gate = Gate()
    with_model(workspace, talking(CALL, SENTENCE, gate=gate))
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Cadastre-As": REP}
    with httpx.Client(base_url=served, headers=headers, timeout=20) as client:
        ids = begin(client)
        with client.stream(
            "GET", f"/api/runs/{ids['run_id']}/events", headers={"Accept": "text/event-stream"}
        ) as answer:
            pieces = answer.iter_text()
            said = next(pieces)
            client.delete(f"/api/threads/{ids['thread_id']}")
            said += "".join(pieces)
    gate.opened.set()
    last = parsed(said)[-1]
    assert (last[1], last[2]["code"]) == ("run.error", "not_found")


def test_a_fault_of_ours_ends_the_turn_and_harms_no_other(workspace: Workspace, acting: As) -> None:
    with_model(workspace, talking(RuntimeError("a bug"), SENTENCE))
    client = acting(REP)
    ids = begin(client)

    view = ended(client, ids["run_id"])

    error = view["turn"]["error"]
    assert (view["turn"]["status"], error["code"], error["retryable"]) == ("failed", "failed", True)
    assert error["message"].startswith("It stopped at an error of ours: RuntimeError (incident ")
    assert "a bug" not in str(view)
    assert log_of(client, ids["run_id"])[-1]["data"] == error
    retried = ask(client, ids["thread_id"], None, retry_of=ids["turn_id"])
    assert ended(client, retried["run_id"])["turn"]["status"] == "done"


def test_a_model_that_fails_leaves_a_labelled_answer(workspace: Workspace, acting: As) -> None:
    with_model(workspace, talking(CALL, ModelFailed("the endpoint said 500")))
    client = acting(REP)
    ids = begin(client)

    view = ended(client, ids["run_id"])

    assert view["turn"]["status"] == "done"
    assert view["turn"]["answer"]["label"] == "Partial: the model gave no answer"
    assert view["said"], "what the tool found stands"


def test_asking_changes_nothing_but_the_thread(workspace: Workspace, acting: As) -> None:
    with_model(workspace, talking(CALL, SENTENCE))
    client = acting(REP)
    before = client.get("/api/inbox").json()["waiting"], client.get("/api/plans").json()

    ended(client, begin(client)["run_id"])

    assert (client.get("/api/inbox").json()["waiting"], client.get("/api/plans").json()) == before
