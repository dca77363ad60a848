"""Beside a thread: the draft being made, what to ask first, and the commands there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.chat_answer import ShownTurn, own_link
from api.inbox import Inbox
from api.page_look import capitalize_first
from api.workspace import Workspace
from domain.chat import Artifact
from domain.errors import PlannerError
from domain.principal import Principal

MOST_SUGGESTIONS = 6
_STATUS = {
    "in_review": ("In review", "warn"),
    "approved": ("Approved", "ok"),
    "returned": ("Returned", "bad"),
    "rejected": ("Rejected", "bad"),
    "superseded": ("Superseded", "muted"),
}


@dataclass(frozen=True)
class Suggested:
    """Something to ask in an empty thread: `text` is sent, `shown` is its short form."""

    label: str
    why: str
    text: str
    shown: str
    icon: str


@dataclass(frozen=True)
class PanelLine:
    """A section of the draft, by its first sentence."""

    title: str
    summary: str
    blockers: int


@dataclass(frozen=True)
class Panel:
    """The artifact of a thread, and where it is decided on. `gone` says why it is not shown."""

    heading: str
    name: str
    link: str
    act: str
    caption: str
    status: str = ""
    look: str = "muted"
    lines: tuple[PanelLine, ...] = ()
    gone: str = ""


def commands() -> tuple[tuple[str, str], ...]:
    """Return how each command is typed and what it does."""
    from agent.chat.commands import COMMANDS

    return tuple(
        (f"/{item.word} {item.usage}".strip(), capitalize_first(item.does)) for item in COMMANDS
    )


def answers_with_model(workspace: Workspace, principal: Principal) -> bool:
    """Say whether a language model takes part in answers."""
    return workspace.chat_model is not None or workspace.models.chat(principal) is not None


def panel_of(
    workspace: Workspace, principal: Principal, turns: Sequence[ShownTurn]
) -> Panel | None:
    """Return the latest thing made in these turns, as it stands now; None where none was."""
    made = [item for turn in turns for item, _ in turn.artifacts]
    if not made:
        return None
    latest = made[-1]
    return _plan(workspace, principal, latest) if latest.type == "plan" else _scenario(latest)


def _scenario(made: Artifact) -> Panel:
    link = own_link(made.link)
    caption = "Moves are decided on its own page."
    return Panel("Scenario", f"Version {made.version}", link, "Open the scenario", caption)


def _plan(workspace: Workspace, principal: Principal, made: Artifact) -> Panel:
    try:
        view = workspace.plan_view(principal, made.id, made.version)
    except PlannerError as gone:
        return Panel("Plan draft", f"Version {made.version}", "", "", "", gone=gone.message)
    status, look = _STATUS[view.status]
    lines = tuple(
        PanelLine(section.title, section.summary, len(section.blockers))
        for section in view.sections
    )
    newer = view.newest_version != view.version
    return Panel(
        heading="Plan draft" if view.status == "in_review" else "Plan",
        name=f"{view.account_name}, version {view.version}",
        link=f"/plans/{view.plan_id}?v={view.version}",
        act=f"Open version {view.version} for review",
        caption=(
            f"Version {view.newest_version} is newer."
            if newer
            else "Deciding happens on the review page."
        ),
        status=status,
        look=look,
        lines=lines,
    )


def suggestions_of(inbox: Inbox) -> tuple[Suggested, ...]:
    """Return what to ask first, from what waits in the inbox; then from accounts without a plan."""
    return tuple(_suggestions(inbox))[:MOST_SUGGESTIONS]


def _suggestions(inbox: Inbox) -> Iterator[Suggested]:
    for item in inbox.waiting:
        name, account = item.plan.account_name, item.plan.account_id
        if item.waiting == "await":
            continue
        label = {
            "decide": f"What does the plan for {name} say?",
            "revise": f"What should change in the plan for {name}?",
        }[item.waiting]
        icon = "return" if item.waiting == "revise" else "ring"
        why = f"Version {item.plan.version}, {item.plan.owner_name}. {item.why}"
        yield Suggested(label, why, f"/plan {account}", "/plan", icon)
    for scenario in inbox.scenarios:
        if scenario.waiting in {"decide", "answer"}:
            yield Suggested(
                f"What would {scenario.name} change?",
                scenario.why,
                f"/scenario {scenario.scenario_id}",
                "/scenario",
                "ring",
            )
    for ranked in inbox.suggestions[:3]:
        why = f"Rank {ranked.rank}, {ranked.tier_label}, {ranked.owner_name}. It has no plan yet."
        label = f"Why does {ranked.name} rank {ranked.rank}?"
        yield Suggested(label, why, f"/why {ranked.account_id}", "/why", "plan")
