"""What a half-typed text may go on to: commands, names, plans and periods."""

from __future__ import annotations

import re

from agent.chat.commands import BY_WORD, COMMANDS
from agent.chat.context import ChatContext
from agent.chat.dates import usual
from agent.chat.names import NameIndex
from agent.chat.offers import account_label, called
from agent.chat.picker import known, scenario_names
from agent.chat.scope import accounts_in_scope
from agent.chat.words import MOST_CHARACTERS, plain, visible
from domain.chat import Focus
from domain.errors import PlannerError
from domain.record import Record

MOST = 8


class Completion(Record):
    """One way to go on: the whole text then, what a list shows, and what tells it from others."""

    text: str
    label: str
    detail: str = ""


_COMMAND = re.compile(r"^\s*/(?P<word>[a-zA-Z]*)$")
_ARGUMENT = re.compile(r"^\s*/(?P<word>[a-zA-Z]+)\s+(?P<rest>.*)$", re.DOTALL)
_SINCE = re.compile(r"^(?P<before>.*?)\bsince\s+(?P<part>\S*)$", re.IGNORECASE | re.DOTALL)
_SECOND = re.compile(
    r"^(?P<before>.*\b(?:with|vs|versus|and|in)\s+|.*,\s*)(?P<part>.*)$", re.I | re.S
)
_MARK = re.compile(r"^(?P<before>.*(?:^|\s))(?P<mark>[@#])(?P<part>[^@#]{0,60})$", re.DOTALL)


def complete(text: str, focus: Focus, context: ChatContext) -> list[Completion]:
    """Return at most `MOST` ways to go on with a text, the likeliest first.

    `/` completes commands, then what the command takes; `@` an account and `#` an account
    with a plan, anywhere in a text. Other text, and text that is too long, has none. Only
    names within the person's scope are ever offered.
    """
    typed = visible(text[: MOST_CHARACTERS + 1])
    if len(typed) > MOST_CHARACTERS:
        return []
    command = _COMMAND.match(typed)
    if command:
        return _commands(command["word"].casefold())
    marked = _MARK.match(typed)
    if marked:
        planned = marked["mark"] == "#"
        return _accounts(marked["before"], marked["part"], focus, context, planned=planned)
    argument = _ARGUMENT.match(typed)
    if argument is None or argument["word"].casefold() not in BY_WORD:
        return []
    word = argument["word"].casefold()
    return _arguments(word, f"/{word} ", argument["rest"], focus, context)[:MOST]


def _commands(part: str) -> list[Completion]:
    return [
        Completion(
            text=f"/{item.word} " if item.usage else f"/{item.word}",
            label=f"/{item.word} {item.usage}".strip(),
            detail=item.does,
        )
        for item in COMMANDS
        if item.word.startswith(part)
    ][: len(COMMANDS) if not part else MOST]


def _arguments(
    word: str, before: str, rest: str, focus: Focus, context: ChatContext
) -> list[Completion]:
    names = known(context)
    if word in ("why", "plan", "people", "brief", "draft", "revise"):
        return _accounts(before, rest, focus, context)
    if word in ("week", "load"):
        return _named(before, rest, names.reps)
    if word == "scenario":
        return _named(before, rest, scenario_names(context), by_key=True)
    second = _SECOND.match(rest)
    if word == "compare":
        if second:
            return _accounts(before + second["before"], second["part"], focus, context)
        return _accounts(before, rest, focus, context, after=" with ")
    if word == "find":
        if second:
            return _accounts(before + second["before"], second["part"], focus, context)
        return []
    if word == "changed":
        dated = _SINCE.match(rest)
        if dated:
            return _periods(before + dated["before"], dated["part"], context)
        return [
            *_named(before, rest, names.territories),
            *_named(before, rest, names.reps),
            *_accounts(before, rest, focus, context),
        ]
    if word == "whitespace":
        return [
            *_named(before, rest, names.segments),
            *_named(before, rest, names.lines),
            *_accounts(before, rest, focus, context),
        ]
    return []


def _accounts(
    before: str, part: str, focus: Focus, context: ChatContext, *, after: str = "",
    planned: bool = False,
) -> list[Completion]:  # fmt: skip
    """Complete an account: those at hand and the best ones until something is typed."""
    index = known(context).accounts
    only = _planned(context) if planned else None
    typed = part.strip().strip('"“”')
    if typed:
        picked = index.pick(typed, most=40)
        keys = [*_beginning(index, typed), *(near.key for near in picked.near)]
    else:
        keys = [*(key for key in focus.accounts if key in index.named), *accounts_in_scope(context)]
    keys = [key for key in dict.fromkeys(keys) if only is None or key in only][:MOST]
    found = []
    for key in keys:
        label = account_label(context, key)
        name, _, detail = label.partition(" · ")
        found.append(
            Completion(text=f"{before}{called(context, key)}{after}", label=name, detail=detail)
        )
    return found


def _planned(context: ChatContext) -> frozenset[str]:
    try:
        return frozenset(row.account_id for row in context.desk.plans())
    except PlannerError:
        return frozenset()


def _beginning(index: NameIndex, typed: str) -> list[str]:
    start = plain(typed)
    return [
        entry.key for entry in index.entries if start and (" ".join(entry.tokens)).startswith(start)
    ][:MOST]


def _named(before: str, part: str, index: NameIndex, *, by_key: bool = False) -> list[Completion]:
    keys = list(index.named)
    if part.strip():
        near = [near.key for near in index.nearest(part, most=MOST)]
        keys = list(dict.fromkeys([*_beginning(index, part), *near]))
    return [
        Completion(
            text=before + (key if by_key else index.named[key].name),
            label=index.named[key].name,
            detail=key if key != index.named[key].name else "",
        )
        for key in keys[:MOST]
    ]


def _periods(before: str, part: str, context: ChatContext) -> list[Completion]:
    labels = ("this month", "this quarter", "last quarter", "this year")
    return [
        Completion(text=f"{before}since {day.isoformat()}", label=day.isoformat(), detail=label)
        for day, label in zip(usual(context.book.as_of), labels, strict=False)
        if day.isoformat().startswith(part) or label.startswith(part.casefold())
    ]
