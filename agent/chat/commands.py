"""The command language: its words, what each takes, and its help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from agent.chat.context import ChatContext
from agent.chat.offers import called
from agent.chat.routed import Routed
from domain.chat import Offer


class Command(NamedTuple):
    """A word of the command language."""

    word: str
    usage: str
    does: str


COMMANDS: tuple[Command, ...] = (
    Command("why", "ACCOUNT", "why an account stands where it does, part by part"),
    Command("week", "[REP]", "which accounts deserve this week"),
    Command("draft", "ACCOUNT [remark]", "draft an account's plan, for review"),
    Command("revise", "[ACCOUNT] REMARK", "draft a plan anew with a remark, for review"),
    Command("compare", "A with B", "two accounts side by side"),
    Command("changed", "[ACCOUNT|REP|TERRITORY] [since DATE]", "what changed, and since when"),
    Command("whitespace", "[ACCOUNT|SEGMENT|LINE]", "what is not bought yet"),
    Command("scenario", "[ID]", "scenarios of who owns what, with their figures"),
    Command("find", "WORDS [in ACCOUNT]", "accounts by name, and notes by their words"),
    Command("plan", "ACCOUNT", "an account's plan as it stands"),
    Command("people", "ACCOUNT", "who is known at an account"),
    Command("brief", "ACCOUNT", "an account in short"),
    Command("load", "[REP]", "hours needed against hours there are"),
    Command("inbox", "", "what waits for you"),
    Command("help", "", "this list"),
)
BY_WORD = {command.word: command for command in COMMANDS}
ALIASES: Mapping[str, str] = {
    "explain": "why", "score": "why", "diff": "changed", "changes": "changed", "vs": "compare",
    "search": "find", "notes": "find", "contacts": "people", "who": "people", "capacity": "load",
    "workload": "load", "waiting": "inbox", "scenarios": "scenario", "gaps": "whitespace",
    "commands": "help", "summary": "brief", "account": "brief", "today": "week",
}  # fmt: skip


def help_text(context: ChatContext) -> Routed:
    """Return the list of commands."""
    lines = [
        f"`/{command.word}{f' {command.usage}' if command.usage else ''}`: {command.does}"
        for command in COMMANDS
    ]
    offers = tuple(Offer(label=f"/{word}", text=f"/{word}") for word in ("week", "inbox", "load"))
    return Routed(direct=True, question="; ".join(lines) + ".", offers=offers)


def offer_of(word: str, context: ChatContext, account: str = "") -> Offer:
    """Offer a command, with an account where it needs one and one is known."""
    command = BY_WORD[word]
    about = called(context, account) if account and "ACCOUNT" in command.usage else ""
    text = f"/{word} {about}".strip()
    return Offer(label=f"{text}: {command.does}", text=text)
