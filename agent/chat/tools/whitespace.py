"""What accounts could still buy: an account, a segment, a product line, or all in scope."""

from __future__ import annotations

from collections import Counter

from pydantic import Field

from agent.chat.context import ChatContext
from agent.chat.scope import accounts_in_scope, demand_account
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.pieces import Pieces
from agent.chat.tools.territory import TEAM
from agent.chat.tools.whitespace_words import WhitespaceWords
from domain.chat import Focus, Offer

NO_SEGMENT = "No account that you see is of a segment of that name."
NO_LINE = "No product line of that name is sold."
NOTHING = "Comparable accounts buy nothing there that is not bought already."


class WhitespaceArguments(Arguments):
    """Which accounts and which product line."""

    account_id: str | None = Field(description="An account's id; null for more than one.")
    segment: str | None = Field(description="A segment by name; null for all.")
    line: str | None = Field(description="A product line by name; null for all.")


def run(context: ChatContext, asked: WhitespaceArguments) -> Told:
    """Tell the best gaps; NotFound for an account that is missing or foreign."""
    rows, book = context.book.rows("accounts"), context.analyses.whitespace
    seen = accounts_in_scope(context)
    head, accounts = TEAM, list(seen)
    if asked.account_id is not None:
        accounts = [demand_account(context, asked.account_id)]
        head = f"account:{accounts[0]}"
    focus = Focus(accounts=tuple(accounts) if asked.account_id else (), command="whitespace")
    if asked.segment is not None:
        wanted = asked.segment.casefold()
        kept = [key for key in accounts if str(rows[key]["segment"]).casefold() == wanted]
        if not kept:
            segments = Counter(str(rows[key]["segment"]) for key in seen)
            offers = tuple(
                Offer(label=f"Whitespace of {name}", text=f"/whitespace {name}")
                for name, _ in segments.most_common(3)
            )
            return Told(notes=(NO_SEGMENT,), note="no such segment", offers=offers, focus=focus)
        accounts = kept
        head = head if asked.account_id else f"{head}/segment:{rows[kept[0]]['segment']}"
    line = ""
    if asked.line is not None:
        line = next((one for one in book.lines if one.casefold() == asked.line.casefold()), "")
        if not line:
            offers = (Offer(label="Whitespace of every line", text="/whitespace"),)
            return Told(notes=(NO_LINE,), note="no such line", offers=offers, focus=focus)
        head = head if asked.account_id else f"{head}/line:{line}"
    words = WhitespaceWords(context, Pieces(context), accounts, head, line)
    claims = words.of_account() if asked.account_id else words.of_several()
    table = words.table()
    return Told(
        evidence=words.pieces.evidence,
        claims=tuple(claims),
        tables=(table,) if table else (),
        notes=tuple(note for note in (book.note, "" if claims else NOTHING) if note),
        rows=len(words.gaps),
        note=f"{len(words.gaps)} gaps at {len(words.accounts_with_gaps)} accounts",
        offers=tuple(_offers(words, asked)),
        focus=focus,
    )


def _offers(words: WhitespaceWords, asked: WhitespaceArguments) -> list[Offer]:
    if asked.account_id is not None:
        return [
            Offer(label="Who decides there", text=f"/people {asked.account_id}"),
            Offer(label="The plan for it", text=f"/plan {asked.account_id}"),
        ]
    return [
        Offer(
            label=f"All of {words.pieces.label('accounts', account)}", text=f"/whitespace {account}"
        )
        for account in words.accounts_with_gaps[:3]
    ]


TOOL = Tool(
    name="whitespace",
    command="whitespace",
    description=(
        "Product lines that accounts could still buy, the most worth first, each with its worth "
        "a year, the chance within 12 months and what that rests on: for one account (with its "
        "sister sites and relatives that are no account yet), a segment, a product line, or all "
        "that the person sees."
    ),
    arguments=WhitespaceArguments,
    run=run,
)
