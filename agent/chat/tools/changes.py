"""What changed since a day: an account, a rep, a territory, or all that the person sees."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import Field

from agent.chat.context import ChatContext
from agent.chat.scope import accounts_in_scope
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.change_table import change_table
from agent.chat.tools.change_words import Words
from agent.chat.tools.pieces import Pieces
from agent.chat.tools.territory import TEAM, Selection, select
from domain.chat import Focus, Offer
from tools.change_cells import Changes
from tools.changes import changes

DAYS_BACK = 90
NO_DAY = (
    "No day was named and there is no earlier book: this begins ninety days before the book's date."
)
SINCE_BOOK = "No day was named: this begins the day after the last book's date."
TOO_LATE = "That day lies after the book's date, so nothing on file can tell about it yet."
NO_ACCOUNTS = "No account that you see belongs there now, so nothing changed there."


class ChangesArguments(Arguments):
    """Which accounts, and from which day on."""

    account_id: str | None = Field(description="An account's id; null for more than one.")
    rep_id: str | None = Field(description="A rep's id; null for everybody the person sees.")
    territory_id: str | None = Field(description="A territory's id or name; null for all.")
    since: date | None = Field(description="First day that counts; null: since the last book.")


def run(context: ChatContext, asked: ChangesArguments) -> Told:
    """Tell what changed; a day after the book's date and an empty territory are said so."""
    about = select(context, asked.account_id, asked.rep_id, asked.territory_id)
    since, notes = _since(context, asked.since)
    focus = Focus(
        accounts=about.accounts if asked.account_id else (),
        rep_id=about.rep_id,
        territory_id=about.territory_id,
        since=since,
        command="changed",
    )
    if since > context.book.as_of:
        offer = Offer(label="What changed lately", text="/changed")
        return Told(notes=(TOO_LATE,), note="no such day yet", offers=(offer,), focus=focus)
    if not about.accounts:
        return Told(notes=(NO_ACCOUNTS,), note="no accounts", focus=focus)
    found = changes(
        context.book,
        context.coverage,
        since,
        about.accounts,
        head=about.head,
        seen=accounts_in_scope(context),
    )
    words = Words(context, found, about, Pieces(context))
    claims = words.claims()
    table = change_table(words)
    movers = words.movers()
    return Told(
        evidence=words.pieces.evidence,
        claims=tuple(claims),
        tables=(table,) if table else (),
        notes=(*notes, *_reach(found)),
        rows=len(about.accounts),
        note=f"{len(about.accounts)} account{'' if len(about.accounts) == 1 else 's'} looked at",
        offers=tuple(_offers(words, about, movers)),
        focus=focus,
    )


def _since(context: ChatContext, asked: date | None) -> tuple[date, tuple[str, ...]]:
    if asked is not None:
        return asked, ()
    movement = context.analyses.movement
    if movement is not None and movement.since < context.book.as_of:
        return movement.since + timedelta(days=1), (SINCE_BOOK,)
    return context.book.as_of - timedelta(days=DAYS_BACK), (NO_DAY,)


_TABLES = {
    "orders": "orders", "opportunities": "opportunities", "activities": "touches",
    "documents": "notes and documents",
}  # fmt: skip


def _reach(found: Changes) -> list[str]:
    """Say which rows do not reach back to the first day, and which there are none of."""
    late = [
        words
        for table, words in _TABLES.items()
        if (first := found.begins.get(table)) is not None and first > found.span.start
    ]
    none = [words for table, words in _TABLES.items() if table not in found.begins]
    notes = []
    if late:
        notes.append(f"What is on file of {_and(late)} begins later than that day.")
    if none:
        notes.append(f"Nothing at all is on file of {_and(none)}.")
    return notes


def _and(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _offers(words: Words, about: Selection, movers: list[str]) -> list[Offer]:
    if about.head.startswith("account:"):
        (account,) = about.accounts
        return [
            Offer(label="Why it ranks where it does", text=f"/why {account}"),
            Offer(label="What it could still buy", text=f"/whitespace {account}"),
        ]
    offers = [
        Offer(label=f"Why {words.label(account)}", text=f"/why {account}") for account in movers[:2]
    ]
    if about.head == TEAM and about.reps:
        offers.append(Offer(label="Who has room", text="/load"))
    elif about.rep_id:
        offers.append(Offer(label="What deserves this week", text=f"/week {about.rep_id}"))
    return offers


TOOL = Tool(
    name="changes",
    command="changed",
    description=(
        "What changed since a day for one account, one rep, one territory or everything the "
        "person sees: net orders against the same days a year before, deals opened, won and "
        "lost, product lines bought for the first time, touches, documents, contacts gone "
        "quiet, and tiers and scores that moved since the last book."
    ),
    arguments=ChangesArguments,
    run=run,
)
