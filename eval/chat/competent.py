"""A scripted stand-in for a good model in chat: right tools, then sentences that point.

It is no language model. It reads the question by the words in it and the results by their
metrics, and knows nothing but the request. What it shows is that the way from question to
answer works; it says nothing of how well any real model would do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from agent.model.protocol import Reply, ToolCall
from eval.chat.request import ChatRequest, Shown
from eval.chat.sentences import written

_ACCOUNT = re.compile(r"\bA-\d{1,6}\b")
_REP = re.compile(r"\bR-\d{1,6}\b")
_TERRITORY = re.compile(r"\bT-\d{1,4}\b")
_SCENARIO = re.compile(r"\bscn_\w+\b|\bsc_\w+\b|\bscenario[:_-]\w+\b")
_IT = re.compile(
    r"\b(?:it|its|they|them|their|this (?:one|account|customer)|that (?:one|account|customer)"
    r"|there)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\bthe other(?: one)?\b|\bthe (?:previous|first) one\b", re.IGNORECASE)
_NAME = re.compile(
    r"[A-Z][\w'’.-]*(?:\s+(?:(?:and|of|the|for|&|de|du|und|in)\s+)*[A-Z&][\w'’.-]*)*"
)
_QUOTED = re.compile(r"[“\"]([^“”\"]{3,80})[”\"]")
_NO_NAMES = frozenset(
    "a an and any are as at book brief can compare could do does draft explain find for give had "
    "has have hello hi how i if in is it january february march april may june july august "
    "september october november december list look me my monday tuesday wednesday thursday "
    "friday no not of ok on open our please q1 q2 q3 q4 quick remind say search show so summary "
    "tell thanks the their then there they this to today tomorrow two us was we week were what "
    "what's when where which who whom whose why will with would yes you europe pacific crm "
    "north america".split()
)
_ABOUT: tuple[tuple[str, str], ...] = (
    ("compare_accounts", r"\bcompar\w+|\bversus\b|\bvs\b|\brather than\b"
                         r"|\binstead of\b|\bbetter\b"),
    ("explain_account", r"\bwhy\b|\bexplain\b|\breasons?\b|\bscores?\b|\brank\w*\b|\bhow come\b"),
    ("changes", r"\bchang\w+\b|\bsince\b|\bwhat(?:'s| is) new\b|\bhappened\b|\bmoved\b"),
    ("whitespace", r"\bwhite ?space\b|\bcross-?sell\b|\bgaps?\b|\b(?:product )?lines?\b"
                   r"|\bnot (?:yet )?buy\w*\b|\bupsell\b|\bcould (?:they|it) buy\b"),
    ("account_people", r"\bcontacts?\b|\bwho(?:m)? (?:do|should|is|are|decides|buys|there)\b"
                       r"|\bpeople\b|\bdecision[- ]makers?\b|\bbuying (?:group|committee)\b"),
    ("account_plan", r"\bplans?\b"),
    ("search_notes", r"\bnotes?\b|\bvisits?\b|\be-?mails?\b|\bsaid\b|\bquote\w*\b|\bmention\w*\b"
                     r"|\bpromis\w+\b|\bcomplain\w*\b|\btranscripts?\b"),
    ("account_brief", r"\bbrief\b|\btell me about\b|\bsummar\w+\b|\boverview\b|\bprepare\b"
                      r"|\bknow about\b|\bhow (?:is|are|much|big)\b|\bspen[dt]\w*\b|\border\w*\b"),
    ("workload", r"\bhours?\b|\bcapacity\b|\bworkload\b|\bover-?loaded\b|\bload\b|\bfree time\b"
                 r"|\btoo much work\b"),
    ("scenarios", r"\bscenarios?\b|\bwhat[- ]if\b|\bdesigns?\b|\brebalanc\w+\b"),
    ("waiting", r"\binbox\b|\bwaiting\b|\bwaits?\b|\bto decide\b|\bpending\b"),
    ("week", r"\bthis week\b|\bdeserves?\b|\bpriorit\w+\b|\bfocus\b|\bfirst\b|\bwhere should\b"
             r"|\btoday\b|\btop accounts?\b|\bnext week\b"),
)  # fmt: skip
_NEEDS_ACCOUNT = frozenset({"explain_account", "account_brief", "account_people", "account_plan"})
_WRITES = re.compile(
    r"^\s*(?:please\s+)?(?:draft|revise|assign|approve|publish|send|move)\b", re.IGNORECASE
)
_MONTHS = (
    "january february march april may june july august september october november december"
).split()


def competent(request: ChatRequest) -> Reply:
    """Look up what the question needs, several at once where independent, then answer."""
    calls = [call for call in _calls(request) if not _made(call, request)]
    if calls and len(request.shown) < 12:
        return asking(calls)
    return Reply(written(request), (), "stop")


def asking(calls: Sequence[tuple[str, dict[str, Any]]], text: str = "") -> Reply:
    """Return a reply that asks for calls."""
    return Reply(
        text,
        tuple(
            ToolCall(f"call_{number}", name, json.dumps(arguments))
            for number, (name, arguments) in enumerate(calls, start=1)
        ),
        "tools",
    )


def _made(call: tuple[str, dict[str, Any]], request: ChatRequest) -> bool:
    return any((item.tool, dict(item.arguments)) == call for item in request.shown)


def _calls(request: ChatRequest) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every call the question needs, as far as is known by now which they are."""
    question = request.question
    if _WRITES.search(question):
        return
    accounts, names = _accounts(request), _names(question)
    finds = [("find_accounts", {"query": name, "limit": 5}) for name in names]
    wanted = _wanted(question, bool(accounts or names))
    looked = {str(item.arguments.get("query")): item for item in request.shown}
    if any(item.to_clear_up for item in looked.values()):
        return
    if any(name not in looked for name in names):
        yield from finds
    else:
        found = [account for name in names if (account := _found(looked[name]))]
        accounts = list(dict.fromkeys([*accounts, *found]))
    waits = any(name not in looked for name in names)
    for tool in wanted:
        if tool == "compare_accounts":
            if len(accounts) >= 2 and not waits:
                yield tool, {"account_id": accounts[0], "other_id": accounts[1]}
        elif tool in _NEEDS_ACCOUNT:
            for account in [] if waits else accounts[:3]:
                yield tool, {"account_id": account}
        elif not (waits and tool in ("changes", "whitespace", "search_notes")):
            yield tool, _arguments(tool, request, accounts)


def _wanted(question: str, about_account: bool) -> list[str]:
    wanted = [tool for tool, words in _ABOUT if re.search(words, question, re.IGNORECASE)]
    if "compare_accounts" in wanted:
        return ["compare_accounts"]
    if not about_account:
        wanted = [tool for tool in wanted if tool not in _NEEDS_ACCOUNT] or (
            ["week"] if "explain_account" in wanted else []
        )
    elif set(wanted) & {"search_notes", "changes", "whitespace", "account_people"}:
        wanted = [tool for tool in wanted if tool not in ("account_brief", "account_plan")]
    if wanted:
        return wanted[:3]
    return ["account_brief"] if about_account else ["search_notes"]


def _arguments(tool: str, request: ChatRequest, accounts: Sequence[str]) -> dict[str, Any]:
    question = request.question
    account = accounts[0] if accounts else None
    rep = next(iter(_REP.findall(question)), None)
    if tool == "changes":
        return {
            "account_id": account,
            "rep_id": rep,
            "territory_id": next(iter(_TERRITORY.findall(question)), None),
            "since": since(question, request.as_of),
        }
    if tool == "whitespace":
        return {"account_id": account, "segment": None, "line": None}
    if tool == "search_notes":
        return {"query": _sought(question), "account_id": account}
    if tool == "week":
        most = re.search(r"\b(?:top|first|best) (\d{1,2})\b", question)
        return {"rep_id": rep, "limit": int(most.group(1)) if most else None}
    if tool == "workload":
        return {"rep_id": rep}
    if tool == "scenarios":
        return {"scenario_id": next(iter(_SCENARIO.findall(question)), None)}
    return {}


def _accounts(request: ChatRequest) -> list[str]:
    """Return the account ids a question names, or those its pronouns stand for."""
    named = list(dict.fromkeys(_ACCOUNT.findall(request.question)))
    focus = [str(item) for item in request.focus.get("accounts", ())]
    if _OTHER.search(request.question) and len(focus) > 1:
        named.append(focus[1])
    if _IT.search(request.question) and focus and not _names(request.question) and not named:
        named.append(focus[0])
    if not named and not _names(request.question) and focus and _speaks_of_one(request.question):
        named.append(focus[0])
    return named


def _speaks_of_one(question: str) -> bool:
    """Say whether a short question goes on about the account before: `and the contacts?`."""
    return bool(re.match(r"\s*(?:and|what about|who|how about)\b", question, re.IGNORECASE))


def _names(question: str) -> list[str]:
    """Return what could be names of accounts: quoted words, and runs of capitalised ones."""
    found = _QUOTED.findall(question)
    bare = _QUOTED.sub(" ", question)
    for pattern in (_ACCOUNT, _REP, _TERRITORY):
        bare = pattern.sub(" ", bare)
    for match in _NAME.finditer(bare):
        words = match.group().split()
        while words and words[0].lower().strip("'’s.,") in _NO_NAMES:
            words.pop(0)
        while words and words[-1].lower().strip("'’s.,") in _NO_NAMES | {"&"}:
            words.pop()
        name = re.sub(r"['’]s$", "", " ".join(words)).strip(".")
        if len(name) > 2:
            found.append(name)
    return list(dict.fromkeys(found))[:3]


def _found(result: Shown) -> str:
    return next((line.account for line in result.lines if line.account), "")


def _sought(question: str) -> str:
    """Return the words of a question that a search could go by."""
    bare = _ACCOUNT.sub(" ", question)
    words = [word for word in re.findall(r"[\w'’-]+", bare) if word.lower() not in _NO_NAMES]
    return " ".join(words)[:200] or question[:200]


def since(question: str, as_of: date) -> str | None:
    """Return the day a question's period begins, as ISO text; None where it names none."""
    named = re.search(r"\b\d{4}-\d{2}-\d{2}\b", question)
    if named:
        return named.group()
    ago = re.search(r"\b(?:last|past) (week|month|quarter|year)\b", question, re.IGNORECASE)
    if ago:
        days = {"week": 7, "month": 30, "quarter": 91, "year": 365}[ago.group(1).lower()]
        return (as_of - timedelta(days=days)).isoformat()
    for number, month in enumerate(_MONTHS, start=1):
        if re.search(rf"\bsince (?:early |mid |the end of )?{month}\b", question, re.IGNORECASE):
            year = as_of.year if number <= as_of.month else as_of.year - 1
            return date(year, number, 1).isoformat()
    return None
