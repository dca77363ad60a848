"""One use of a tool as a chip of an answer tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.view import Pill
from domain.chat import Call, ToolUse

TOOL_WORDS: Mapping[str, tuple[str, str]] = {
    "find_accounts": ("Account search", "searching accounts"),
    "search_notes": ("Notes", "searching notes"),
    "explain_account": ("Score", "reading the score"),
    "compare_accounts": ("Comparison", "comparing accounts"),
    "account_brief": ("Account brief", "reading the account"),
    "account_people": ("People", "reading contacts"),
    "account_plan": ("Account plan", "reading the plan"),
    "week": ("Week", "reading activities"),
    "changes": ("Changes", "comparing books"),
    "whitespace": ("Whitespace", "reading whitespace"),
    "workload": ("Workload", "adding up hours"),
    "scenarios": ("Scenarios", "reading scenarios"),
    "waiting": ("Inbox", "reading the inbox"),
    "draft_plan": ("Plan draft", "drafting the plan"),
    "revise_plan": ("Plan revision", "revising the plan"),
}
"""What a chip calls a tool, and what is being done while it runs."""

_AGAIN = {
    "find_accounts": "find",
    "explain_account": "why",
    "compare_accounts": "compare",
    "account_brief": "brief",
    "account_people": "people",
    "account_plan": "plan",
    "waiting": "inbox",
}


@dataclass(frozen=True)
class Chip:
    """One use of a tool. `again` is the command that repeats it, empty where none does."""

    name: str
    failed: bool
    time: str
    count: str
    arguments: tuple[tuple[str, str], ...]
    note: str
    sources: tuple[Pill, ...]
    more: int
    again: str


def counted(count: int, noun: str) -> str:
    """Write a count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def seconds(ms: float) -> str:
    """Write milliseconds as a chip does; what is shorter than a tenth of a second says so."""
    if ms < 50:
        return "<0.1 s"
    return f"{ms / 1000:.1f} s" if ms < 9_950 else f"{ms / 1000:,.0f} s"


def chip_of(prefix: str, use: ToolUse, labels: Mapping[str, Pill]) -> Chip:
    """Prepare a chip; `labels` are the marks of what the answer cites, by prefixed id."""
    marks = [prefix + item for item in use.evidence]
    shown = [labels[mark] for mark in marks if mark in labels]
    name = TOOL_WORDS.get(use.call.tool, ("", ""))[0]
    return Chip(
        name=name or use.call.tool.replace("_", " ").capitalize(),
        failed=use.state == "failed",
        time=seconds(use.ms),
        count=counted(use.rows, "row") if use.rows else "",
        arguments=tuple(
            (key.replace("_", " "), str(value))
            for key, value in use.call.arguments.items()
            if value is not None
        ),
        note=use.note,
        sources=tuple(shown),
        more=len(marks) - len(shown),
        again=_again(use.call),
    )


def _again(call: Call) -> str:
    """The command that makes a call again; only for those that read and say all they need."""
    command = _AGAIN.get(call.tool)
    values = [value for value in call.arguments.values() if value is not None]
    if command is None or not all(isinstance(value, str) for value in values):
        return ""
    said = (" with " if command == "compare" else " ").join(map(str, values))
    return f"/{command} {said}".strip() if len(said) <= 200 else ""
