"""Words that point at what the thread is about: "it", "this one", "the other one"."""

from __future__ import annotations

import re

from agent.chat.context import ChatContext
from agent.chat.picker import known
from agent.chat.words import plain
from domain.chat import Focus

_NOUN = r"(?:one|account|customer|client|shop|store|company|dealer|prospect)"
FIRST = re.compile(
    rf"\b(?:it|its|itself|this {_NOUN}|that {_NOUN}|the (?:account|customer|client)"
    rf"|(?:the )?same {_NOUN}|them|they|their|theirs|there|the first {_NOUN}"
    # "this territory" and "that week" point at something else.
    r"|the former|(?:this|that)(?=$| (?:is|was|and|or|with|to|against|so|too|please|at|in|as|for"
    r"|has|ranked?|scored?|the other)\b))\b"
)
OTHER = re.compile(
    rf"\b(?:the other(?: {_NOUN})?|the (?:second|previous|last|earlier) {_NOUN}|the latter"
    rf"|(?:the one|that one) before)\b"
)
HIM = re.compile(r"\b(?:him|her|his|hers|he|she|that rep|this rep)\b")


def points_at(typed: str, focus: Focus, context: ChatContext) -> str:
    """Return the account that a text made of nothing but a pointing word means; else nothing."""
    bare = plain(re.sub(r"^\s*(?:for|of|about|on|with|to)\s+", "", typed.lower()))
    seen = [item for item in focus.accounts if item in known(context).accounts.named]
    if OTHER.fullmatch(bare) and len(seen) > 1:
        return seen[1]
    if FIRST.fullmatch(bare) and seen:
        return seen[0]
    return ""


def leading_pointer(typed: str, focus: Focus, context: ChatContext) -> tuple[str, str]:
    """Part a pointing word at the beginning from what follows; empty where there is none."""
    match = _LEADING.match(typed)
    account = points_at(match.group("word"), focus, context) if match else ""
    return (account, typed[match.end() :]) if match and account else ("", typed)


_LEADING = re.compile(
    rf"^\s*(?:for\s+)?(?P<word>it|them|this {_NOUN}|that {_NOUN}|this|that|the other(?: {_NOUN})?"
    r"|the account|the same)\b[\s,;:.–—-]*",
    re.IGNORECASE,
)


def pointed_account(shape: str, focus: Focus, context: ChatContext) -> str:
    """Return the account that pointing words inside a sentence mean; else nothing."""
    seen = [item for item in focus.accounts if item in known(context).accounts.named]
    if OTHER.search(shape):
        return seen[1] if len(seen) > 1 else ""
    return seen[0] if seen and FIRST.search(shape) else ""


def focus_account(focus: Focus, context: ChatContext, place: int = 0) -> str:
    """Return an account the thread is about, where the person still sees it; else nothing."""
    seen = [item for item in focus.accounts if item in known(context).accounts.named]
    return seen[place] if len(seen) > place else ""
