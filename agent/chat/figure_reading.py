"""Plain questions about one figure, read by rule: of what, and which; or that none is held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.chat.clearing import not_held, which_account
from agent.chat.context import ChatContext
from agent.chat.figure_words import is_figure_word
from agent.chat.figures_asked import OF, Asked, Figure, asked_for, is_quantity, settles
from agent.chat.names import is_ordinary, tokens
from agent.chat.naming import Named
from agent.chat.pointing import FIRST, HIM, pointed_account
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
    if len(named.accounts) > 1 or settles(whole):
        return None
    account = _account(named, focus, context)
    deals = _deals_called(named, account, context)
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
        people = [key for key in named.contacts if account in ("", there[key]["account_id"])]
        return _one(asked.figures, people) or beyond(named, focus, context)
    if of == "rep":
        return _one(asked.figures, _reps(named, focus, context))
    stranger = _stranger(named)
    if named.unsure is not None:
        unsure = named.unsure
        if unsure.several:
            return which_account(context, "brief", typed=unsure.typed, near=unsure.near,
                                 several=True)  # fmt: skip
        return which_account(context, "brief", typed=unsure.typed)
    if not account:
        return which_account(context, "brief", typed=stranger or named.unknown)
    swapped = _swapped(named, account, context)
    if swapped:
        return which_account(context, "brief", typed=swapped)
    if of == "account":
        return beyond(named, focus, context) if _odd(named) else _one(asked.figures, [account])
    return _of_deals(asked, named, account, deals, context)


def unanswered(named: Named, command: str, weight: float) -> bool:
    """Say whether a text asks for a number that `command` would not tell."""
    asks = [text for text in named.sentences if is_quantity(text)] or (
        [*named.sentences[-1:]] if "%" in named.text else []
    )
    if command == "inbox" and (named.accounts or FIRST.search(named.pointing)):
        return bool(asks)
    return bool(asks) and not (command in _COUNTS and weight >= 1.5) and weight < _SURE


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
    return Asked()


def _account(named: Named, focus: Focus, context: ChatContext) -> str:
    if named.accounts or named.unsure is not None:
        return next(iter(named.accounts), "")
    if named.unknown and _stranger(named):
        return ""
    return pointed_account(named.pointing, focus, context)


def _stranger(named: Named) -> str:
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
