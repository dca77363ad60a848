"""What a question means: one command with what it is about, as calls and as typed text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from pydantic import JsonValue

from agent.chat.context import ChatContext
from agent.chat.offers import called
from agent.chat.picker import known
from agent.chat.routed import Routed
from domain.chat import Call
from domain.record import Record

LONGEST_WORDS = 300
LONGEST_REMARK = 2_000
LONGEST_SHOWN = 300
"""Characters of a remark that a repeated command shows."""
MOST_FOUND = 5
"""How many accounts a search lists."""


class Meant(Record):
    """A command and what it is about; empty is nothing in particular."""

    command: str
    account: str = ""
    other: str = ""
    rep: str = ""
    territory: str = ""
    segment: str = ""
    line: str = ""
    scenario: str = ""
    since: date | None = None
    words: str = ""
    remark: str = ""


Arguments = dict[str, JsonValue]


def _account(meant: Meant) -> Arguments:
    return {"account_id": meant.account}


def _find(meant: Meant) -> Arguments:
    return {"query": meant.words[:LONGEST_WORDS], "account_id": meant.account or None}


_CALLS: Mapping[str, tuple[str, Callable[[Meant], Arguments]]] = {
    "why": ("explain_account", _account),
    "brief": ("account_brief", _account),
    "people": ("account_people", _account),
    "plan": ("account_plan", _account),
    "week": ("week", lambda meant: {"rep_id": meant.rep or None, "limit": None}),
    "load": ("workload", lambda meant: {"rep_id": meant.rep or None}),
    "compare": ("compare_accounts", lambda meant: {
        "account_id": meant.account, "other_id": meant.other}),
    "changed": ("changes", lambda meant: {
        "account_id": meant.account or None, "rep_id": meant.rep or None,
        "territory_id": meant.territory or None,
        "since": meant.since.isoformat() if meant.since else None}),
    "whitespace": ("whitespace", lambda meant: {
        "account_id": meant.account or None, "segment": meant.segment or None,
        "line": meant.line or None}),
    "scenario": ("scenarios", lambda meant: {"scenario_id": meant.scenario or None}),
    "inbox": ("waiting", lambda meant: {}),
    "find": ("search_notes", _find),
    "draft": ("draft_plan", lambda meant: {
        "account_id": meant.account, "remark": meant.remark or None}),
    "revise": ("revise_plan", lambda meant: {
        "account_id": meant.account, "remark": meant.remark}),
}  # fmt: skip


def calls_of(meant: Meant) -> tuple[Call, ...]:
    """Return the calls that answer it: a search over all accounts looks for names as well."""
    tool, arguments = _CALLS[meant.command]
    found = [Call(tool=tool, arguments=arguments(meant))]
    if meant.command == "find" and not meant.account:
        words = meant.words[:LONGEST_WORDS]
        found.insert(0, Call(tool="find_accounts", arguments={"query": words, "limit": MOST_FOUND}))
    return tuple(found)


def typed_as(context: ChatContext, meant: Meant) -> str:
    """Write it as the command that a person could have typed."""
    names = known(context)
    parts = [f"/{meant.command}"]
    if meant.command == "find":
        parts.append(meant.words)
        parts += ["in", called(context, meant.account)] if meant.account else []
        return " ".join(parts)
    if meant.account:
        name = called(context, meant.account)
        parts.append(f'"{name}"' if meant.remark or meant.other else name)
    if meant.other:
        parts.append(f'"{called(context, meant.other)}"')
    for key, index in ((meant.rep, names.reps), (meant.territory, names.territories)):
        if key:
            parts.append(index.named[key].name if key in index.named else key)
    parts += [part for part in (meant.line, meant.segment, meant.scenario) if part]
    if meant.since:
        parts.append(f"since {meant.since.isoformat()}")
    if meant.remark:
        parts.append(meant.remark[:LONGEST_SHOWN])
    return " ".join(parts)


def routed(context: ChatContext, meant: Meant, *, direct: bool = False) -> Routed:
    """Return the calls of a question that is clear; a remark longer than is read is refused."""
    if len(meant.remark) > LONGEST_REMARK:
        return Routed(
            direct=True,
            question=(
                f"The remark has {len(meant.remark):,} characters; at most {LONGEST_REMARK:,} "
                "are read. Nothing was drafted: send a shorter one."
            ),
        )
    return Routed(calls=calls_of(meant), direct=direct, understood=typed_as(context, meant))
