"""The whole flow of a run, on one screen: of account plans, territory plans and reviews.

```
scope ─ analyse ─ retrieve ─ freeze ─ draft ─ verify ─ repair ─ strike ─ fit ─ save ─ review ─ apply
   └──────── a person's edit ───────────────────┘  └ rewrite (at most once) ┘            (a person)
```

Control flow is fixed here, before any text from a note is read. `review` holds the only
`interrupt()`, and `apply` has the only effect: that of a decision already stored. What a
step does for a kind of plan is in `agent.nodes` and `agent.cycle.nodes`.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from langgraph.graph import END, START, StateGraph

from agent import nodes
from agent.context import PlanningContext
from agent.state import FlowState, PlanningState

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph

    PlanGraph = CompiledStateGraph[PlanningState, PlanningContext, PlanningState, PlanningState]

STEPS = (
    "scope",
    "analyse",
    "retrieve",
    "freeze",
    "draft",
    "verify",
    "rewrite",
    "repair",
    "strike",
    "fit",
    "save",
    "review",
    "apply",
)
RECURSION_LIMIT = 40
REWRITES = 1


def build_graph(checkpointer: BaseCheckpointSaver[Any]) -> PlanGraph:
    """Return the compiled graph of account plans on `checkpointer`."""
    graph = StateGraph(PlanningState, context_schema=PlanningContext)
    compiled: PlanGraph = built(graph, nodes, checkpointer)
    return compiled


def built(graph: Any, steps: ModuleType, checkpointer: BaseCheckpointSaver[Any]) -> Any:
    """Give an empty graph the steps of a module, in this flow, and compile it.

    No node has a LangGraph retry policy: the writer holds the only one.
    """
    for step in STEPS:
        graph.add_node(step, getattr(steps, step))
    graph.add_edge(START, "scope")
    graph.add_conditional_edges("scope", after_scope)
    graph.add_edge("analyse", "retrieve")
    graph.add_edge("retrieve", "freeze")
    graph.add_edge("freeze", "draft")
    graph.add_edge("draft", "verify")
    graph.add_conditional_edges("verify", after_verify)
    graph.add_edge("rewrite", "verify")
    graph.add_edge("repair", "strike")
    graph.add_edge("strike", "fit")
    graph.add_edge("fit", "save")
    graph.add_conditional_edges("save", after_save)
    graph.add_edge("review", "apply")
    graph.add_edge("apply", END)
    return graph.compile(checkpointer=checkpointer, name="plan run")


def after_scope(state: FlowState) -> Literal["analyse", "verify"]:
    """A person's edit brings its own draft and ledger: it goes straight to the verifier."""
    return "verify" if state["edited"] else "analyse"


def after_verify(state: FlowState) -> Literal["rewrite", "repair"]:
    """A model that broke rules gets its violations back once; then plain rules take over."""
    return "rewrite" if state["violations"] and state["rewrites"] < REWRITES else "repair"


def after_save(state: FlowState) -> Literal["review", "__end__"]:
    """A plan that says what its newest version says already has its review, or had it."""
    return "__end__" if state["unchanged"] else "review"
