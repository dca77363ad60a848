"""Free text, read as a command by rule; where nothing comes near enough, a question back."""

from __future__ import annotations

import re
from typing import NamedTuple

from agent.chat.clearing import (
    nearest_commands,
    nobody,
    nothing_typed,
    people_decide,
    which_account,
    which_period,
    which_plan,
)
from agent.chat.commands import BY_WORD, help_text, offer_of
from agent.chat.context import ChatContext
from agent.chat.cues import cue_scores
from agent.chat.figure_reading import beyond, read_figure, stranger, unanswered
from agent.chat.meant import Meant, routed, typed_as
from agent.chat.names import Near
from agent.chat.naming import Named, names_in
from agent.chat.pointing import HIM, OTHER, focus_account, pointed_account
from agent.chat.requests import Request, request_of
from agent.chat.routed import Routed
from agent.chat.searching import search_words
from agent.chat.typed_commands import read_command
from agent.chat.words import MOST_CHARACTERS, visible
from domain.chat import Focus
from domain.errors import PlannerError

LEAST = 1.5
"""Cues that add up to less are no command."""
MARGIN = 0.25
_NEED_ACCOUNT = frozenset({"why", "plan", "people", "brief", "compare"})
_WRITTEN = ("draft", "revise", "plan")
_READ_ONLY = frozenset({"why", "plan", "people", "brief", "whitespace", "changed"})


class _Subject(NamedTuple):
    """What a sentence is about: accounts in order, and whether it points at the thread's."""

    accounts: tuple[str, ...]
    pointed: str


def read(text: str, focus: Focus, context: ChatContext) -> Routed:
    """Read a text that is no command."""
    clean = visible(text[:MOST_CHARACTERS])
    named = names_in(clean, focus, context)
    if not named.words:
        return nothing_typed(context)
    if len(named.words) == 1 and named.words[0].plain in BY_WORD:
        return read_command(f"/{named.words[0].plain}", focus, context)
    on_a_plan = _on_a_plan(focus, context)
    request = request_of(named.clauses, on_a_plan=on_a_plan)
    if request is not None and request.kind == "revise" and focus.command not in _WRITTEN:
        # "Add up what is open there" changes no plan, though "add" often does.
        figure = read_figure(named, focus, context)
        if figure is not None and figure.calls:
            return figure
    if request is not None:
        return _requested(request, text, named, focus, context)
    if not on_a_plan and _PLAN_LIKE.search(named.shape):
        request = request_of(named.clauses, on_a_plan=True)
        if request is not None and request.kind == "revise":
            return _revise_what(text, named, focus, context)
    figure = read_figure(named, focus, context)
    if figure is not None:
        return figure
    if focus.command in _READ_ONLY and _goes_on(named):
        return _filled(focus.command, clean, named, focus, context)
    two = _two_questions(clean, named, focus, context)
    if two is not None:
        return two
    scores = _weighed(named, focus)
    ranked = sorted(scores, key=lambda word: -scores[word])
    best, second = ranked[0], ranked[1]
    if unanswered(named, best, scores[best], focus, context):
        return beyond(named, focus, context)
    if scores[best] < LEAST or scores[best] - scores[second] < MARGIN:
        followed = _followed(named, focus)
        if followed:
            return _filled(followed, clean, named, focus, context)
    if scores[best] < LEAST or (
        scores[best] - scores[second] < MARGIN and {best, second} & {"draft", "revise"}
    ):
        return _nearest(ranked, named, focus, context)
    return _filled(best, clean, named, focus, context)


def _two_questions(text: str, named: Named, focus: Focus, context: ChatContext) -> Routed | None:
    """Read "which accounts deserve this week, and why not this one?" as two questions.

    None unless one clause asks about all accounts and a later one, in clear words of its
    own, about one of them.
    """
    for number, clause in enumerate(named.clauses[1:], start=1):
        if not _ASKS_AGAIN.match(clause):
            continue
        first, second = " ".join(named.clauses[:number]), " ".join(named.clauses[number:])
        about_all, about_one = _clearly(first), _clearly(second)
        if about_all not in _ABOUT_ALL or about_one not in _NEED_ACCOUNT - {"compare"}:
            continue
        one = _filled(about_one, text, named, focus, context)
        every = routed(context, Meant(command=about_all, rep=_rep(named, focus)))
        return one.model_copy(
            update={
                "calls": (*every.calls, *one.calls),
                "understood": " ".join(filter(None, [every.understood, one.understood])),
            }
        )
    return None


_ASKS_AGAIN = re.compile(r"^(?:and |but |also |then )*(?:why|what|who|how|which|where)\b")
_ABOUT_ALL = frozenset({"week", "load", "inbox"})
_CLEAR = 2.4


def _clearly(shape: str) -> str:
    scores = cue_scores(shape)
    best = max(scores, key=lambda word: scores[word])
    return best if scores[best] >= _CLEAR else ""


def _on_a_plan(focus: Focus, context: ChatContext) -> bool:
    """Say whether "make it shorter" can only mean the plan of the account at hand."""
    account = focus_account(focus, context)
    if not account or focus.command in _WRITTEN or not focus.command:
        return bool(account)
    try:
        rows = context.desk.plans(account) if focus.plan_id else ()
    except PlannerError:
        return False
    return any(row.plan_id == focus.plan_id for row in rows)


def _requested(
    request: Request, text: str, named: Named, focus: Focus, context: ChatContext
) -> Routed:
    kind = request.kind
    account = _subject(named, focus, context).pointed or next(iter(named.accounts), "")
    if kind in ("decision", "assignment", "sending"):
        return people_decide(context, account or focus_account(focus, context), about=kind)
    remark = named.remark(text, request.clause) if kind == "draft" else _whole(text)
    if named.unsure is not None:
        return which_account(
            context, kind, typed=named.unsure.typed, near=named.unsure.near,
            several=named.unsure.several, after=remark, direct=True,
        )  # fmt: skip
    if len(named.accounts) > 1:
        return which_account(
            context, kind, typed=_two(named, context), several=True, after=remark, direct=True,
            near=named.near_accounts(),
        )  # fmt: skip
    if account in named.faint:
        # One misspelt word is enough to look something up, and too little to write a plan on.
        name = context.book.rows("accounts")[account]["name"]
        return which_account(
            context, kind, typed=str(name), near=(Near(account, 1.0),), after=remark, direct=True
        ).model_copy(update={"question": f"Do you mean {name}? Nothing was drafted."})
    unknown = named.unknown if _names_another(kind, named, request.clause) else ""
    if not account and not unknown:
        account = focus_account(focus, context)
    if not account:
        return which_account(context, kind, typed=unknown, after=remark, direct=True)
    if kind == "revise" and not remark:
        return which_account(context, "plan", direct=True)
    return routed(context, Meant(command=kind, account=account, remark=remark), direct=True)


def _names_another(kind: str, named: Named, clause: int) -> bool:
    """Say whether a name that is nobody's stands where the account would.

    What a remark names is no account: "leave Kelmark out" is about the plan at hand.
    """
    shape = named.clauses[clause]
    if kind == "draft":
        return "NAME" in shape
    return bool(re.search(r"\b(?:plan|draft) (?:for|of|on|at) (?:the )?NAME\b", shape))


_PLAN_LIKE = re.compile(
    r"\b(?:hours?|visits?|plays?|shorter|longer|fit|sections?|objective|remark|plan|draft)\b"
)


def _revise_what(text: str, named: Named, focus: Focus, context: ChatContext) -> Routed:
    """Ask before a plan is drafted anew where none was spoken of."""
    account = next(iter(named.accounts), "") or focus_account(focus, context)
    return which_plan(context, account, _whole(text))


def _two(named: Named, context: ChatContext) -> str:
    rows = context.book.rows("accounts")
    return " or ".join(str(rows[key]["name"]) for key in named.accounts[:2])


def _whole(text: str) -> str:
    return " ".join(visible(text).split())


def _subject(named: Named, focus: Focus, context: ChatContext) -> _Subject:
    pointed = "" if named.accounts else pointed_account(named.pointing, focus, context)
    return _Subject(named.accounts, pointed)


def _weighed(named: Named, focus: Focus) -> dict[str, float]:
    """Return the cues' weights, with what the named things speak for."""
    scores = cue_scores(named.shape)
    accounts = len(named.accounts) + bool(OTHER.search(named.pointing))
    if len(named.accounts) == 2:
        scores["compare"] += 1.2
    elif accounts == 0 or not (named.accounts or focus.accounts):
        scores["compare"] -= 0.6
    if named.accounts:
        scores["week"] -= 1.6
        scores["load"] -= 0.8
        scores["inbox"] -= 1.2
    if named.lines or named.segments:
        scores["week"] -= 0.4
    if re.search(r"\bplans\b", named.shape) and not (named.accounts or focus.accounts):
        scores["plan"] -= 1.2
    if re.search(r"\bsince\b", named.shape) and named.period:
        scores["changed"] += 1.0
    return scores


def _followed(named: Named, focus: Focus) -> str:
    """Return the last command again for "and Rapid Bikes?" or "the other one?"."""
    short = len(named.words) - named.named_words - len(named.dated) <= 4
    about = named.accounts or named.unsure or OTHER.search(named.pointing)
    if short and about and focus.command in _READ_ONLY:
        return focus.command
    if short and about and not focus.command and named.accounts and len(named.words) <= 6:
        return "brief"
    if short and (named.reps or HIM.search(named.pointing)) and focus.command in ("week", "load"):
        return focus.command
    return ""


def _goes_on(named: Named) -> bool:
    """Say whether a text only names another period, place or account, as in "and since May?"."""
    other = OTHER.search(named.pointing)
    left = OTHER.sub(" ", named.pointing).split()
    bare = [word for word in left if word not in _GOING_ON]
    said = (
        other or named.period or named.territories or named.reps or named.accounts or named.unsure
    )
    return bool(said) and not bare


_GOING_ON = frozenset(
    "and or but what how about in at for since the of then now there here with to only just "
    "s please same again also on over from during ok so".split()
)


def _filled(command: str, text: str, named: Named, focus: Focus, context: ChatContext) -> Routed:
    subject = _subject(named, focus, context)
    if command == "help":
        return help_text(context)
    if command == "inbox":
        return routed(context, Meant(command="inbox"))
    if command == "find":
        words = search_words(named)
        if not words:
            return _nearest(["find", "week", "inbox"], named, focus, context)
        account = next(iter(named.firm), "") or pointed_account(named.pointing, focus, context)
        found = routed(context, Meant(command="find", words=words, account=account))
        return _by_name(found, named, account)
    if named.unsure is not None and command not in ("week", "load", "scenario"):
        return which_account(context, command, typed=named.unsure.typed, near=named.unsure.near,
                             several=named.unsure.several)  # fmt: skip
    if command in _NEED_ACCOUNT:
        return _of_account(command, named, subject, focus, context)
    if command in ("week", "load"):
        return _of_rep(command, named, focus, context)
    if command == "scenario":
        return routed(context, Meant(command=command, scenario=named.scenario))
    account = subject.pointed or next(iter(named.accounts), "")
    if not account and " " in stranger(named):
        # What is asked of somebody unseen is not answered with everybody else.
        return which_account(context, command, typed=named.unknown)
    if command == "whitespace":
        return routed(context, Meant(
            command=command, account=account, line=next(iter(named.lines), ""),
            segment=next(iter(named.segments), "")))  # fmt: skip
    period = named.period
    first = period.first if period else None
    rep = "" if account else _rep(named, focus)
    territory = "" if account else next(iter(named.territories), "")
    if focus.command == "changed" and _goes_on(named):
        first = first if period else focus.since
        if not (account or rep or territory):
            account = "" if focus.territory_id or focus.rep_id else focus_account(focus, context)
            rep, territory = focus.rep_id, focus.territory_id
    meant = Meant(command="changed", account=account, rep=rep, territory=territory, since=first)
    if period is not None and period.problem:
        return which_period(period, typed_as(context, meant))
    return routed(context, meant)


def _by_name(found: Routed, named: Named, account: str) -> Routed:
    """Search notes for a name in capitals as it is, and for no account that is called like it."""
    # "Chalfont Furniture" is one name, though "Furniture" alone is a word of another.
    on = re.search(rf"{re.escape(named.unknown)}(?: [A-Z][\w&-]*)*", named.text)
    name = on.group() if on else named.unknown
    search = found.calls[-1]
    query = str(search.arguments["query"])
    alone = query == name and " " not in name
    if alone or not name[:1].isupper() or name not in query or '"' in query:
        return found
    given = {**search.arguments, "query": query.replace(name, f'"{name}"')}
    search = search.model_copy(update={"arguments": given})
    if account or " " not in name:
        return found.model_copy(update={"calls": (*found.calls[:-1], search)})
    return found.model_copy(update={"calls": (search,), "question": nobody(name)})


def _rep(named: Named, focus: Focus) -> str:
    if named.reps:
        return named.reps[0]
    return focus.rep_id if HIM.search(named.pointing) else ""


def _of_rep(command: str, named: Named, focus: Focus, context: ChatContext) -> Routed:
    rep = _rep(named, focus)
    if not rep and named.unknown:
        from agent.chat.clearing import which_named
        from agent.chat.picker import known

        reps = known(context).reps
        return which_named(command, "rep", named.unknown, reps, reps.nearest(named.unknown))
    return routed(context, Meant(command=command, rep=rep))


def _of_account(
    command: str, named: Named, subject: _Subject, focus: Focus, context: ChatContext
) -> Routed:
    accounts = [*subject.accounts]
    if command == "compare":
        first = pointed_account(named.pointing, focus, context)
        if len(accounts) == 1 and first and first != accounts[0]:
            accounts.insert(0, first)
        if not accounts:
            accounts = [focus_account(focus, context), focus_account(focus, context, 1)]
        elif len(accounts) == 1 and focus_account(focus, context) not in ("", accounts[0]):
            accounts.insert(0, focus_account(focus, context))
        accounts = [account for account in accounts if account]
        if named.unknown and len(subject.accounts) < 2:
            after = f"with {subject.accounts[0]}" if subject.accounts else ""
            return which_account(context, "compare", typed=named.unknown, after=after)
        if len(accounts) < 2 or accounts[0] == accounts[1]:
            after = f"with {accounts[0]}" if accounts else ""
            return which_account(context, "compare", typed=named.unknown, after=after)
        meant = Meant(command="compare", account=accounts[0], other=accounts[1])
        return routed(context, meant)
    account = next(iter(accounts), "") or subject.pointed
    if command == "people" and not accounts and named.persons:
        account = named.persons[0]
    if not account and named.unknown:
        return which_account(context, command, typed=named.unknown)
    account = account or focus_account(focus, context)
    if not account:
        return which_account(context, command)
    return routed(context, Meant(command=command, account=account))


def _nearest(ranked: list[str], named: Named, focus: Focus, context: ChatContext) -> Routed:
    """Offer the three nearest commands; those that write are never among them."""
    if not named.accounts and " " in stranger(named):
        return which_account(context, "brief", typed=named.unknown)
    account = next(iter(named.accounts), "") or focus_account(focus, context)
    offers = [offer_of(word, context, account) for word in ranked[:3]]
    return nearest_commands(offers)
