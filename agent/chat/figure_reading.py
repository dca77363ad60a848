"""Plain questions about one figure, read by rule: of what, and which; or that none is held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from agent.chat.clearing import not_held, which_account
from agent.chat.context import ChatContext
from agent.chat.figure_words import is_figure_word
from agent.chat.figures_asked import OF, Asked, Figure, asked_for, is_quantity, settles
from agent.chat.names import is_ordinary, tokens
from agent.chat.naming import Named
from agent.chat.pointing import FIRST, HIM, focus_account, pointed_account
from agent.chat.routed import Routed
from agent.chat.scope import reps_in_scope
from agent.chat.words import words_of
from domain.chat import Call, Focus

_SURE = 2.4
"""A command that a question of a number is taken for all the same speaks this clearly."""
_COUNTS = frozenset({"load", "whitespace", "inbox", "scenario", "changed", "why", "help", "plan",
                     "people", "compare"})  # fmt: skip


def read_figure(named: Named, focus: Focus, context: ChatContext) -> Routed | None:
    """Read a text that asks for a figure of one thing; None where it asks for something else."""
    whole = " . ".join(named.sentences)
    named = _firmly(named)
    if len(named.accounts) > 1 or settles(whole):
        return None
    account = _account(named, focus, context)
    deals = _deals_called(named, account, context)
    if not account and not named.unknown and not named.unsure:
        # "How much is the touring order?" needs no pointing word: the deal is called so.
        here = focus_account(focus, context)
        deals = _deals_called(named, here, context)
        account = here if deals else ""
    elif account and deals:
        named = replace(named, unsure=None)
    asked = _asked(named, whole, deal=bool(deals))
    if asked.beyond:
        return beyond(named, focus, context)
    if not asked.figures:
        return None
    if asked.figures == ("last_touch_date",) and named.contacts:
        asked = Asked(("last_contact",))
    of = OF[asked.figures[0]]
    if of == "contact":
        there = context.book.rows("contacts")
        # A word that points elsewhere is no reason against the person who is named.
        at = account if named.accounts else ""
        people = [key for key in named.contacts if at in ("", there[key]["account_id"])]
        return _one(asked.figures, people) or beyond(named, focus, context)
    if of == "rep":
        return _one(asked.figures, _reps(named, focus, context))
    if named.unsure is not None:
        unsure = named.unsure
        if unsure.several:
            return which_account(context, "brief", typed=unsure.typed, near=unsure.near,
                                 several=True)  # fmt: skip
        return which_account(context, "brief", typed=unsure.typed)
    if not account:
        return which_account(context, "brief", typed=stranger(named) or named.unknown)
    swapped = _swapped(named, account, context)
    if swapped:
        return which_account(context, "brief", typed=swapped)
    if of == "account":
        return beyond(named, focus, context) if _odd(named) else _one(asked.figures, [account])
    return _of_deals(asked, named, account, deals, context)


def _firmly(named: Named) -> Named:
    """Leave out what only a small word may name, where an account is named for certain."""
    if not named.firm:
        return named
    unsure = named.unsure
    slight = unsure is not None and unsure.typed.islower()
    return replace(named, accounts=named.firm, unsure=None if slight else unsure)


def unanswered(
    named: Named, command: str, weight: float, focus: Focus, context: ChatContext
) -> bool:
    """Say whether a text asks for a number, or for a thing, that `command` would not tell.

    A thing is told by words that are neither of everyday language nor of the field: of
    "who insures them" no table says anything, though "who" and "them" speak for people.
    """
    if command in _TELLS and weight < _CLEAR and _foreign(named, focus, context):
        return True
    asks = [text for text in named.sentences if is_quantity(text)] or (
        [*named.sentences[-1:]] if "%" in named.text else []
    )
    if command == "load" and asks and named.contacts:
        return True
    if command == "people" and asks and not any(map(_KNOWN.search, asks)):
        return True
    if command == "inbox" and (named.accounts or FIRST.search(named.pointing)):
        return bool(asks)
    return bool(asks) and not (command in _COUNTS and weight >= 1.5) and weight < _SURE


def _foreign(named: Named, focus: Focus, context: ChatContext) -> list[str]:
    """Return the words of a question about an account that no table has a word for."""
    account = _account(named, focus, context)
    asks = "?" in named.text or any(_ASKS.search(text) for text in named.sentences)
    if not account or not asks:
        return []
    titles = {
        word
        for key in context.book.of_account("contacts", account)
        for word in tokens(str(context.book.rows("contacts")[key]["title"] or ""))
    }
    # What is nobody's name, in small letters, is a word like any other.
    open_words = {*named.pointing.split(), *named.unknown.split()}
    return [
        word.plain
        for place, word in enumerate(named.words)
        if place not in named.mentioned and place not in named.dated
        and not is_ordinary(word) and len(word.plain) > 1
        and word.plain not in titles
        and word.plain in open_words
    ]  # fmt: skip


_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|whats|which|where|when|how|is|are|do|does|did|has|have)\b"
)
_OPENS = re.compile(r"(?:and |but |so )?(?:when|how (?:much|many|often|long))\b")
_KNOWN = re.compile(r"\b(?:know|known|met|meet|contacts?|side|support\w*|decide\w*|speak|spoken)\b")
_TELLS = frozenset({"brief", "people", "why", "whitespace", "plan", "load", "week", "changed"})
_CLEAR = 3.0
"""A command that speaks more clearly than this is meant, whatever else is in the question."""


def beyond(named: Named, focus: Focus, context: ChatContext) -> Routed:
    """Say that no source holds what was asked for, and what can be asked."""
    if named.unsure is not None and not named.unsure.several:
        return which_account(context, "brief", typed=named.unsure.typed)
    return not_held(context, _account(named, focus, context))


def _asked(named: Named, whole: str, *, deal: bool) -> Asked:
    """Return what the last sentence that asks for a figure asks for."""
    for sentence in reversed(named.sentences):
        asked = asked_for(whole, sentence, deal=deal)
        if asked.beyond or asked.figures:
            return asked
    for clause in filter(_OPENS.match, reversed(named.clauses)):
        # "When was our last call, what does it say?": the book answers the first.
        asked = asked_for(whole, clause, deal=deal)
        if asked.figures:
            return asked
    # "The deal with them: when does it close?" names its thing in one sentence, asks in another.
    return asked_for(whole, whole, deal=deal) if len(named.sentences) == 2 else Asked()


def _account(named: Named, focus: Focus, context: ChatContext) -> str:
    if named.accounts or named.unsure is not None:
        return next(iter(named.accounts), "")
    if named.unknown and stranger(named):
        return ""
    return pointed_account(named.pointing, focus, context)


def stranger(named: Named) -> str:
    """Return what is typed like a name, in capitals, and names nobody."""
    return named.unknown if named.unknown[:1].isupper() else ""


def _odd(named: Named) -> bool:
    """Say whether words that are no everyday ones tell of something that is not known."""
    return any(not is_figure_word(word.plain) for word in words_of(named.unknown))


def _swapped(named: Named, account: str, context: ChatContext) -> str:
    """Return the words typed for an account where its name has them in another order.

    "Bike World" is not "World Bike Store": enough to look that up, too little for its figures.
    """
    words = [named.words[place] for place in sorted(named.mentioned)] if named.accounts else []
    name = tokens(str(context.book.rows("accounts")[account]["name"]))
    places = [name.index(word.plain) for word in words if word.plain in name]
    if places == sorted(places):
        return ""
    return named.text[words[0].start : words[-1].end]


def _reps(named: Named, focus: Focus, context: ChatContext) -> Sequence[str]:
    if named.reps:
        return named.reps
    if HIM.search(named.pointing):
        return [focus.rep_id] if focus.rep_id else []
    seen = reps_in_scope(context)
    return seen if len(seen) == 1 else []


def _deals_called(named: Named, account: str, context: ChatContext) -> list[str]:
    """Return the open deals whose names share most words with the text, at least one."""
    typed = {token for word in named.words for token in _telling(word.plain)}
    book = context.book
    rows = book.rows("opportunities")
    asked = [key for account in ([account] if account else ()) for key in
             book.of_account("opportunities", account)]  # fmt: skip
    own = set(_telling(str(book.rows("accounts")[account]["name"]))) if account else set()
    shared = {
        key: len(typed & (set(_telling(str(rows[key]["name"]))) - own))
        for key in asked
        if rows[key]["stage"] not in ("won", "lost")
    }
    most = max(shared.values(), default=0)
    return [key for key, number in shared.items() if number == most] if most else []


def _telling(text: str) -> Iterable[str]:
    """Yield the words by which a deal is told from others, without their plural."""
    for word in words_of(text):
        if not is_ordinary(word):
            yield from (token.removesuffix("s") for token in tokens(word.plain))


def _of_deals(
    asked: Asked, named: Named, account: str, called: list[str], context: ChatContext
) -> Routed | None:
    book = context.book
    rows = book.rows("opportunities")
    deals = called
    if not called:
        if named.lines or _odd(named):
            return not_held(context, account)
        deals = [
            key for key in book.of_account("opportunities", account)
            if rows[key]["stage"] not in ("won", "lost")
        ]  # fmt: skip
    if len(deals) == 1:
        return _one(asked.figures, deals)
    return not_held(context, account, deals=len(deals))


def _one(figures: Sequence[Figure], ids: Sequence[str]) -> Routed | None:
    if len(ids) != 1:
        return None
    return Routed(calls=(Call(tool="one_figure", arguments={"figures": [*figures], "id": ids[0]}),))
