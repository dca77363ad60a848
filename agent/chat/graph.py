"""The whole flow of a chat turn, on one screen.

```
route ─┬─ use ────────────┬─ answer        a command, or a question read as one
       ├─ ask ⇄ use ──────┘                a model chooses among read-only tools
       └─ answer                           nothing to look up: a question back, or help
```

`route` is plain code and runs before any text from a note is read. The model sees only
tools that read; their scope is the person's. Nothing here waits for a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from langgraph.graph import END, START, StateGraph

from agent.chat import nodes
from agent.chat.context import ChatContext
from agent.chat.state import ChatState

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph

    ChatGraph = CompiledStateGraph[ChatState, ChatContext, ChatState, ChatState]

STEPS = ("route", "ask", "use", "answer")
RECURSION_LIMIT = 40


def build_chat_graph(checkpointer: BaseCheckpointSaver[Any]) -> ChatGraph:
    """Return the compiled graph on `checkpointer`; the model client holds the only retries."""
    graph = StateGraph(ChatState, context_schema=ChatContext)
    for step in STEPS:
        graph.add_node(step, getattr(nodes, step))
    graph.add_edge(START, "route")
    graph.add_conditional_edges("route", after_route)
    graph.add_conditional_edges("ask", after_ask)
    graph.add_conditional_edges("use", after_use)
    graph.add_edge("answer", END)
    return graph.compile(checkpointer=checkpointer, name="chat turn")


def after_route(state: ChatState) -> Literal["use", "ask", "answer"]:
    """Commands and what only a person may start never go to a model."""
    if state["by_model"]:
        return "ask"
    return "use" if state["pending"] else "answer"


def after_ask(state: ChatState) -> Literal["use", "answer"]:
    """A model that asked for tools gets them; one that wrote is read."""
    return "use" if state["pending"] else "answer"


def after_use(state: ChatState) -> Literal["ask", "answer"]:
    """A model sees what was found; a command's answer is composed from it."""
    return "ask" if state["by_model"] and not state["label"] else "answer"
