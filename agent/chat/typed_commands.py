"""Typed commands: what follows the slash, read with its names, periods and remarks.

Errors are answers: whatever is wrong with a command, the reply says so and offers what
could have been meant.
"""

from __future__ import annotations

import re

from agent.chat.clearing import (
    nearest_commands,
    shown,
    which_account,
    which_named,
    which_period,
)
from agent.chat.commands import ALIASES, BY_WORD, help_text
from agent.chat.context import ChatContext
from agent.chat.dates import since
from agent.chat.meant import Meant, routed
from agent.chat.mentions import Mention, mentions
from agent.chat.names import Picked
from agent.chat.offers import called
from agent.chat.picker import known, scenario_names
from agent.chat.pointing import focus_account, leading_pointer, points_at
from agent.chat.routed import Routed
from agent.chat.words import MOST_CHARACTERS, visible, words_of
from domain.chat import Focus, Offer

_ONE_ACCOUNT = frozenset({"why", "plan", "people", "brief"})
_MOST_SPLITS = 8
_ONE_REP = frozenset({"week", "load"})
_TYPED = re.compile(r"^\s*/\s*(?P<word>[^\s/]*)(?P<rest>.*)$", re.DOTALL)
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]")
_PARTS = re.compile(
    r"\s*(?:\bwith\b|\bversus\b|\bvs\b\.?|\bagainst\b|\bto\b|\band\b|\bor\b|[,;|])\s*",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"^\s*(?:(?:for|of|about|on|to|with|is|the|account|rep|territory|segment|line|plan)\b[\s:]*)+",
    re.IGNORECASE,
)
_IN = re.compile(r"^(?P<words>.+?)\s+(?:in|at|for|about)\s+(?P<account>.+)$", re.I | re.S)


def is_command(text: str) -> bool:
    """Say whether a text was typed as a command."""
    return text.lstrip().startswith("/")


def read_command(text: str, focus: Focus, context: ChatContext) -> Routed:
    """Read a text that begins with a slash."""
    match = _TYPED.match(text)
    assert match is not None  # `is_command` said so
    word = visible(match["word"]).strip().casefold().strip(".:,!?")
    command = ALIASES.get(word, word)
    rest = " ".join(visible(match["rest"][:MOST_CHARACTERS]).split())
    if command not in BY_WORD:
        return _unknown(word, rest, context)
    if command == "help":
        return help_text(context)
    if command == "inbox":
        return routed(context, Meant(command=command), direct=True)
    if command in _ONE_ACCOUNT:
        return _about_account(command, rest, focus, context)
    if command in _ONE_REP:
        return _about_rep(command, rest, context)
    if command in ("draft", "revise"):
        return _written(command, rest, match["rest"], focus, context)
    readers = {
        "compare": _compare, "changed": _changed, "whitespace": _whitespace,
        "scenario": _scenario, "find": _find,
    }  # fmt: skip
    return readers[command](rest, focus, context)


def _unknown(word: str, rest: str, context: ChatContext) -> Routed:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near = process.extract(
        word, [*BY_WORD, *ALIASES], scorer=OSA.normalized_similarity, limit=len(BY_WORD)
    )
    best = list(dict.fromkeys(ALIASES.get(name, name) for name, _, _ in near))[:3]
    told = f"There is no command `/{shown(word)}`." if word else "A slash begins a command."
    offers = tuple(
        Offer(label=f"/{name}: {BY_WORD[name].does}", text=f"/{name} {rest}".strip()[:200])
        for name in best
    )
    # A mistyped command is never run for the person where it would write.
    return nearest_commands(offers, direct=True).model_copy(
        update={"question": f"{told} Nearest: {', '.join(f'`/{name}`' for name in best)}."}
    )


def _bare(typed: str) -> str:
    quoted = _QUOTED.fullmatch(typed.strip())
    if quoted:
        return quoted.group(1).strip()
    return _FILLER.sub("", typed).strip(" ?.!,;:") or typed.strip(" ?.!,;:")


def pick_account(typed: str, focus: Focus, context: ChatContext) -> Picked:
    """Return the account that a text names; a pronoun alone is what the thread is about."""
    pointed = points_at(typed, focus, context)
    if pointed:
        return Picked(pointed, ())
    accounts = known(context).accounts
    whole = accounts.pick(typed.strip())
    return whole if whole.key else accounts.pick(_bare(typed))


def _about_account(command: str, rest: str, focus: Focus, context: ChatContext) -> Routed:
    if not rest:
        if not focus_account(focus, context):
            return which_account(context, command, direct=True)
        return routed(
            context, Meant(command=command, account=focus_account(focus, context)), direct=True
        )
    picked = pick_account(rest, focus, context)
    if picked.key:
        return routed(context, Meant(command=command, account=picked.key), direct=True)
    return which_account(
        context, command, typed=rest, near=picked.near, several=picked.several, direct=True
    )


def _about_rep(command: str, rest: str, context: ChatContext) -> Routed:
    if not rest or _bare(rest).casefold() in ("me", "mine", "my", "my own", "myself", "all"):
        return routed(context, Meant(command=command), direct=True)
    reps = known(context).reps
    picked = reps.pick(_bare(rest))
    if picked.key:
        return routed(context, Meant(command=command, rep=picked.key), direct=True)
    return which_named(command, "rep", rest, reps, picked.near, direct=True)


def _written(command: str, rest: str, raw: str, focus: Focus, context: ChatContext) -> Routed:
    """Read `/draft ACCOUNT [remark]` and `/revise [ACCOUNT] REMARK`; the remark is kept whole."""
    account, remark, problem = _account_first(rest, focus, context, command)
    if problem is not None:
        return problem
    if not account:
        return which_account(context, command, after=rest, direct=True)
    # What is longer than is read here reaches the writer all the same.
    whole = " ".join(visible(raw).split())
    remark = (remark + whole[len(rest) :]).strip()
    if command == "revise" and not remark:
        name = called(context, account)
        return Routed(
            direct=True,
            question="What should the revision do? Write it behind the account.",
            offers=(
                Offer(label="Make it shorter", text=f'/revise "{name}" make it shorter'),
                Offer(label="See the plan first", text=f"/plan {name}"),
            ),
        )
    return routed(context, Meant(command=command, account=account, remark=remark), direct=True)


def _account_first(
    rest: str, focus: Focus, context: ChatContext, command: str
) -> tuple[str, str, Routed | None]:
    """Part an account at the beginning from the remark behind it."""
    quoted = _QUOTED.match(rest)
    if quoted is not None:
        typed, remark = quoted.group(1), _remark(rest[quoted.end() :])
        picked = pick_account(typed, focus, context)
        if picked.key:
            return picked.key, remark, None
        return "", "", which_account(context, command, typed=typed, near=picked.near,
                                     several=picked.several, after=remark, direct=True)  # fmt: skip
    exact = known(context).accounts.pick(_bare(rest)) if rest else Picked("", ())
    if exact.key and exact.near and exact.near[0].score == 1.0:
        return exact.key, "", None
    lead = _FILLER.match(rest)
    start = lead.end() if lead else 0
    words = words_of(rest)
    first = next((place for place, word in enumerate(words) if word.start >= start), 0)
    found = [
        item
        for item in mentions(rest, words, known(context).accounts)
        if item.first in (0, first) or (lead and item.first <= first)
    ]
    if found:
        mention = found[0]
        remark = _remark(rest[words[mention.last - 1].end :])
        if mention.picked.key:
            return mention.picked.key, remark, None
        typed = rest[words[mention.first].start : words[mention.last - 1].end]
        return "", "", which_account(
            context, command, typed=typed, near=mention.picked.near,
            several=not mention.doubtful, after=remark, direct=True,
        )  # fmt: skip
    pointed, behind = leading_pointer(rest, focus, context)
    if pointed:
        return pointed, _remark(behind), None
    head = re.split(r"[,;:\n]| - ", rest, maxsplit=1)
    if not rest and command == "draft":
        return focus_account(focus, context), "", None
    # Words that are nobody's name: a remark on what the thread is about, or a name unknown.
    picked = known(context).accounts.pick(_bare(head[0]))
    if picked.key and len(head) > 1:
        return picked.key, _remark(rest[len(head[0]) :]), None
    about = focus_account(focus, context)
    if command == "revise" and about:
        return about, rest, None
    if picked.key:
        return picked.key, "", None
    if not rest:
        return "", "", None
    return "", "", which_account(context, command, typed=head[0], near=picked.near,
                                 several=picked.several, after=_remark(rest[len(head[0]) :]),
                                 direct=True)  # fmt: skip


def _remark(text: str) -> str:
    return re.sub(r"^(?:[\s,;:.–—-]|and\b|but\b|then\b)+", "", text, flags=re.I).strip()


def _compare(rest: str, focus: Focus, context: ChatContext) -> Routed:
    quoted = _QUOTED.findall(rest)
    if len(quoted) == 2:
        return _pair(quoted, focus, context)
    about = focus_account(focus, context)
    behind = re.sub(r"^(?:with|to|against|versus|vs\.?|and)\s+", "", rest, flags=re.I)
    if behind != rest and about:
        return _pair([about, behind], focus, context)
    words = words_of(rest)
    named = mentions(rest, words, known(context).accounts)
    if len(named) == 2 and all(item.picked.key for item in named):
        return _pair([item.picked.key for item in named], focus, context)
    options = [
        [rest[: match.start()], rest[match.end() :]]
        for match in _PARTS.finditer(rest)
        if rest[: match.start()].strip() and rest[match.end() :].strip()
    ][:_MOST_SPLITS]
    if len(named) == 1 and named[0].picked.key and named[0].last - named[0].first == len(words):
        options = []
    for parts in options:
        picks = [pick_account(part, focus, context) for part in parts]
        if all(pick.key for pick in picks):
            return _pair(parts, focus, context)
    if options:
        return _pair(options[0], focus, context)
    if rest and about:
        return _pair([about, rest], focus, context)
    if rest:
        picked = pick_account(rest, focus, context)
        if not picked.key:
            return _not_found("compare", rest, picked, context)
        about = picked.key
    if not about:
        return which_account(context, "compare", direct=True)
    return _compare_with_what(about, context)


def _compare_with_what(account: str, context: ChatContext) -> Routed:
    index = known(context).accounts
    others = [key for key in list(index.named)[:4] if key != account][:3]
    return Routed(
        direct=True,
        question=f"Compare {index.named[account].name} with which account?",
        offers=tuple(
            Offer(label=index.named[key].name, text=f"/compare {account} with {key}")
            for key in others
        ),
    )


def _pair(parts: list[str], focus: Focus, context: ChatContext) -> Routed:
    keys: list[str] = []
    for part in parts:
        picked = pick_account(part, focus, context)
        if not picked.key:
            known_one = keys[0] if keys else ""
            asked = which_account(context, "compare", typed=part, near=picked.near,
                                  several=picked.several, direct=True)  # fmt: skip
            other = known_one or pick_account(parts[1], focus, context).key
            offers = tuple(
                offer.model_copy(update={"text": f"{offer.text} with {other}"})
                for offer in asked.offers
            )
            return asked.model_copy(update={"offers": offers if other else asked.offers})
        keys.append(picked.key)
    if keys[0] == keys[1]:
        return _compare_with_what(keys[0], context)
    meant = Meant(command="compare", account=keys[0], other=keys[1])
    return routed(context, meant, direct=True)


def _not_found(command: str, typed: str, picked: Picked, context: ChatContext) -> Routed:
    return which_account(context, command, typed=typed, near=picked.near,
                         several=picked.several, direct=True)  # fmt: skip


def _changed(rest: str, focus: Focus, context: ChatContext) -> Routed:
    period = since(rest, context.book.as_of)
    about = _bare(rest[: period.start] + rest[period.end :]) if period else _bare(rest)
    fields: dict[str, str] = {}
    if about and about.casefold() not in ("me", "mine", "my accounts", "all", "everything"):
        found = _anything(about, focus, context)
        if isinstance(found, Routed):
            return found
        fields = found
    meant = Meant(command="changed", since=period.first if period else None, **fields)
    if period and period.problem:
        subject = next(iter(fields.values()), "")
        return which_period(period, f"/changed {subject}".strip(), direct=True)
    return routed(context, meant, direct=True)


def _anything(typed: str, focus: Focus, context: ChatContext) -> dict[str, str] | Routed:
    """Return the account, rep or territory that is named, whichever is nearest."""
    pointed = points_at(typed, focus, context)
    if pointed:
        return {"account": pointed}
    names = known(context)
    kinds = {"territory": names.territories, "rep": names.reps, "account": names.accounts}
    picks = {kind: index.pick(typed) for kind, index in kinds.items()}
    best = {kind: pick.near[0].score if pick.near else 0.0 for kind, pick in picks.items()}
    kind = max(best, key=lambda name: best[name])
    if picks[kind].key:
        return {kind: picks[kind].key}
    return which_account(context, "changed", typed=typed, near=picks["account"].near,
                         several=picks["account"].several, direct=True)  # fmt: skip


def _whitespace(rest: str, focus: Focus, context: ChatContext) -> Routed:
    about = _bare(rest)
    if not about:
        account = focus_account(focus, context)
        return routed(context, Meant(command="whitespace", account=account), direct=True)
    pointed = points_at(about, focus, context)
    if pointed:
        return routed(context, Meant(command="whitespace", account=pointed), direct=True)
    names = known(context)
    picks = {
        "account": names.accounts.pick(about),
        "line": names.lines.pick(about),
        "segment": names.segments.pick(about),
    }
    best = {kind: pick.near[0].score if pick.near else 0.0 for kind, pick in picks.items()}
    kind = max(best, key=lambda name: best[name])
    if picks[kind].key:
        meant = Meant(command="whitespace").model_copy(update={kind: picks[kind].key})
        return routed(context, meant, direct=True)
    words = words_of(about)
    parts = {
        kind: _keys(mentions(about, words, index))
        for kind, index in (("line", names.lines), ("segment", names.segments),
                            ("account", names.accounts))
    }  # fmt: skip
    if any(parts.values()):
        meant = Meant(command="whitespace").model_copy(update=parts)
        return routed(context, meant, direct=True)
    return _not_found("whitespace", about, picks["account"], context)


def _keys(found: list[Mention]) -> str:
    return next((item.picked.key for item in found if item.picked.key), "")


def _scenario(rest: str, focus: Focus, context: ChatContext) -> Routed:
    about = re.sub(r"^(?:scenario|the)\s+", "", _bare(rest), flags=re.I)
    if not about:
        return routed(context, Meant(command="scenario"), direct=True)
    if about.casefold() in ("it", "this", "this one", "that") and focus.scenario_id:
        meant = Meant(command="scenario", scenario=focus.scenario_id)
        return routed(context, meant, direct=True)
    index = scenario_names(context)
    picked = index.pick(about)
    if picked.key:
        return routed(context, Meant(command="scenario", scenario=picked.key), direct=True)
    return which_named("scenario", "scenario", about, index, picked.near, direct=True)


def _find(rest: str, focus: Focus, context: ChatContext) -> Routed:
    if not rest:
        return Routed(
            direct=True,
            question="Find what? Write a name, or words of a note.",
            offers=(Offer(label="For example: /find site visit", text="/find site visit"),),
        )
    quoted = _QUOTED.fullmatch(rest)
    placed = _IN.match(rest) if not quoted else None
    if placed:
        picked = pick_account(placed["account"], focus, context)
        if picked.key:
            words = placed["words"].strip('"“”')
            return routed(
                context, Meant(command="find", words=words, account=picked.key), direct=True
            )
    words = quoted.group(1) if quoted else rest
    return routed(context, Meant(command="find", words=words), direct=True)
