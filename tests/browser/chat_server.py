"""The product served in this process, so that a test can hold its scripted model back.

Nothing here is a language model: the test says what is said, and when.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import Field

from agent.budget import Spending
from agent.cells import cited, records
from agent.chat.context import ChatContext
from agent.chat.scope import demand_account
from agent.chat.tool import Arguments, Told, Tool
from agent.model.protocol import Message, Reply, TextSink, ToolCall
from agent.retrying import Deadline
from api.app import create_app
from api.settings import read_settings
from api.workspace import Workspace
from domain.chat import AnswerTable, Focus, Offer, TableCell

SLOW = 0.06
ACCOUNT = "A-205"  # Rally Master Company Inc, of Tobias Renner


class SpendArguments(Arguments):
    """What the tool of these tests is given."""

    account_id: str = Field(description="Id.")


def spend(context: ChatContext, given: SpendArguments) -> Told:
    """Tell what an account spends: a sentence, a table and what to ask next."""
    account = demand_account(context, given.account_id)
    entity = f"account:{account}"
    name = records(context.book, "accounts", account, entity, (("name", "name"),), None)
    found = cited(context.analyses, entity, "net_spend_12m")
    table = AnswerTable(
        title="Spend",
        columns=("Account", "Last 12 months"),
        rows=(
            (
                TableCell(evidence_id=name[0].id, format="name"),
                TableCell(evidence_id=found[0].id, format="money"),
            ),
        ),
    )
    return Told(
        evidence=(*name, *found),
        tables=(table,),
        rows=1,
        note="one account",
        offers=(Offer(label="Why does it stand there?", text=f"/why {account}"),),
        focus=Focus(accounts=(account,), command="spend"),
    )


SPEND = Tool("explain_account", "why", "Spend of an account.", SpendArguments, spend)


@dataclass
class HeldModel:
    """Calls its tool, says the first piece of its text, and the rest when it is let go."""

    pieces: Sequence[str] = ("Nothing is known.",)
    calls: Sequence[tuple[str, Mapping[str, Any]]] = ()
    name: str = "scripted"
    let_go: threading.Event = field(default_factory=threading.Event)

    def says(
        self, *pieces: str, calls: Sequence[tuple[str, Mapping[str, Any]]] = (), held: bool = False
    ) -> None:
        """Set what is said to the next questions; `held` waits for `let_go` in the middle."""
        self.pieces, self.calls = pieces, calls
        self.let_go.clear() if held else self.let_go.set()

    def reply(
        self,
        messages: Sequence[Message],
        tools: Sequence[Mapping[str, Any]],
        *,
        spending: Spending,
        deadline: Deadline,
        sink: TextSink,
        stopped: Callable[[], bool],
    ) -> Reply:
        """Answer as the script says."""
        if self.calls and not any(message["role"] == "tool" for message in messages):
            calls = [
                ToolCall(f"call_{place}", tool, json.dumps(given))
                for place, (tool, given) in enumerate(self.calls)
            ]
            return Reply("", tuple(calls), "tools")
        said = ""
        for place, piece in enumerate(self.pieces):
            said += piece
            for word in re.findall(r"\S+\s*", piece) if place == 0 else [piece]:
                time.sleep(SLOW)  # events of text are gathered for a moment
                sink.delta(word)
            while not self.let_go.wait(0.02):
                if stopped():
                    return Reply(said, (), "stopped")
        return Reply(said, (), "stop")


@dataclass
class ChatServer:
    """The address, the model behind it, and a way to cut every connection."""

    address: str
    model: HeldModel
    workspace: Workspace
    server: uvicorn.Server

    def drop(self) -> None:
        """Cut every connection as a bad line would; the server goes on."""
        for connection in list(self.server.server_state.connections):
            reached: Any = connection
            reached.loop.call_soon_threadsafe(reached.transport.abort)


@contextmanager
def chat_server(home: Path) -> Iterator[ChatServer]:
    """Serve a home until the block ends."""
    with Workspace.open(read_settings(home=home)) as workspace:
        model = HeldModel()
        workspace.chat_model = model
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(workspace, "a-token-of-the-tests"), log_level="warning", lifespan="off"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield ChatServer(address, model, workspace, server)
        model.let_go.set()
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
        listener.close()
