"""A tool, a scripted model and a reader of event streams, for tests of chat over HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import Field

from agent.cells import cited, records
from agent.chat import toolbox
from agent.chat.context import ChatContext
from agent.chat.scope import demand_account
from agent.chat.tool import Arguments, Told, Tool
from agent.claims import claim
from api.workspace import Workspace
from domain.chat import AnswerTable, Focus, TableCell
from tests.agent.chat.scripted_model import Line, ScriptedModel
from tests.api.doors import ACCOUNT


class SpendArguments(Arguments):
    account_id: str = Field(description="Id.")


def spend(context: ChatContext, given: SpendArguments) -> Told:
    """What an account spent, in a sentence and a table."""
    account = demand_account(context, given.account_id)
    entity = f"account:{account}"
    name = records(context.book, "accounts", account, entity, (("name", "name"),), None)
    found = cited(context.analyses, entity, "net_spend_12m")
    cells = (
        TableCell(evidence_id=name[0].id, format="name"),
        TableCell(evidence_id=found[0].id, format="money"),
    )
    return Told(
        evidence=(*name, *found),
        claims=(
            claim(
                "spend", "metric", entity, "Spend over the last 12 months is {{spend}}.",
                spend=(found[0], "money"),
            ),
        ),
        tables=(AnswerTable(title="Spend", columns=("Account", "Spend"), rows=(cells,)),),
        rows=1,
        note="one account",
        focus=Focus(accounts=(account,), command="spend"),
    )  # fmt: skip


SPEND = Tool("spend", "spend", "Spend of an account.", SpendArguments, spend)
CALL: Line = [("spend", {"account_id": ACCOUNT})]
SENTENCE = "Spend over the last 12 months is {{e2}}. [e2]"


@contextmanager
def only_spend() -> Iterator[None]:
    """Let chat have the tool above and no other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(toolbox, "TOOLS", (SPEND,))
        toolbox.by_name.cache_clear()
        toolbox.for_models.cache_clear()
        yield
    toolbox.by_name.cache_clear()
    toolbox.for_models.cache_clear()


class Gate:
    """Holds a model up until it is opened; `reached` is set once the model is asked."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self) -> None:
        self.reached.set()
        assert self.opened.wait(20), "nobody opened the gate"


def talking(*lines: Line, gate: Gate | None = None) -> ScriptedModel:
    """A model that says these lines, one a call."""
    return ScriptedModel(list(lines), before=gate or (lambda: None))


def begin(client: Any, text: str = "What do they spend?", **more: Any) -> dict[str, str]:
    """Begin a thread with a question; its ids."""
    thread_id = client.post("/api/threads", json={}).json()["thread_id"]
    return ask(client, thread_id, text, **more)


def ask(client: Any, thread_id: str, text: str | None, **more: Any) -> dict[str, str]:
    """Ask in a thread; the ids of thread, turn and run."""
    answer = client.post(f"/api/threads/{thread_id}/runs", json={"text": text, **more})
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def ended(client: Any, run_id: str, seconds: float = 20) -> dict[str, Any]:
    """The turn view of a run once it has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        events = client.get(f"/api/runs/{run_id}/events", params={"wait": 5, "after": 1}).json()
        if events["finished"]:
            return dict(client.get(f"/api/runs/{run_id}").json()["turn"])
    raise AssertionError("the run did not end")


def log_of(client: Any, run_id: str, after: int = 0) -> list[dict[str, Any]]:
    """The events of a run as JSON."""
    return list(client.get(f"/api/runs/{run_id}/events", params={"after": after}).json()["events"])


def streamed(client: Any, run_id: str, **headers: str) -> list[tuple[int, str, dict[str, Any]]]:
    """The events of a run as its stream gives them, to its end."""
    with client.stream(
        "GET", f"/api/runs/{run_id}/events", headers={"Accept": "text/event-stream", **headers}
    ) as answer:
        assert answer.status_code == 200, answer.read()
        return parsed("".join(answer.iter_text()))


def parsed(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    """Read server-sent events: number, type and data."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":")
        )
        if "event" in fields:
            found.append((int(fields.get("id", 0)), fields["event"], json.loads(fields["data"])))
    return found


def with_model(workspace: Workspace, model: ScriptedModel) -> ScriptedModel:
    """Let chat ask this model."""
    workspace.chat_model = model
    return model
