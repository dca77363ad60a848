"""Which accounts deserve the coming week, why, and what the hours do not reach."""

from __future__ import annotations

from itertools import chain

from pydantic import Field

from agent.chat.context import ChatContext
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.pieces import Pieces
from agent.chat.tools.territory import Selection, select
from agent.chat.tools.week_words import WeekWords
from domain.chat import Focus, Offer
from tools.week import week
from tools.week_cells import Week

USUAL, MOST = 8, 20
TRAVEL = "A touch is counted with its preparation and without travel."
NO_ACCOUNTS = "No account belongs there now, so no account can deserve the week."
SEVERAL = "This is the most pressing of everything you see; name a rep for that rep's hours."


class WeekArguments(Arguments):
    """Whose week, and how many accounts."""

    rep_id: str | None = Field(description="A rep's id; null for everybody the person sees.")
    limit: int | None = Field(description="Most accounts to tell, up to 20; null for 8.")


def run(context: ChatContext, asked: WeekArguments) -> Told:
    """Tell the accounts of the coming week in order; NotFound for a rep who is not seen."""
    about = select(context, rep_id=asked.rep_id)
    limit = min(max(asked.limit or USUAL, 1), MOST)
    if not about.reps:
        return Told(
            notes=(NO_ACCOUNTS,),
            note="no accounts",
            focus=Focus(rep_id=about.rep_id, command="week"),
        )
    plans = tuple(chain.from_iterable(context.desk.approved_plans(rep) for rep in about.reps))
    found = week(context.book, context.coverage, context.analyses, about.accounts, plans)
    words = WeekWords(context, found, Pieces(context), limit)
    claims = words.of_rep(about.rep_id) if about.rep_id else words.of_team()
    table = words.table(about.rep_id)
    shown = words.shown(about.rep_id)
    return Told(
        evidence=words.pieces.evidence,
        claims=tuple(claims),
        tables=(table,) if table else (),
        notes=(TRAVEL,) if about.rep_id else (SEVERAL, TRAVEL),
        rows=len(found.accounts),
        note=f"{len(shown)} of {len(found.accounts)} accounts with something due",
        offers=tuple(_offers(found, about, words)),
        focus=Focus(
            accounts=tuple(item.account_id for item in shown),
            rep_id=about.rep_id,
            command="week",
        ),
    )


def _offers(found: Week, about: Selection, words: WeekWords) -> list[Offer]:
    shown = words.shown(about.rep_id)
    offers = [
        Offer(label=f"Why {words.label(item.account_id)}", text=f"/why {item.account_id}")
        for item in shown[:1]
    ]
    if not about.rep_id:
        pressed = dict.fromkeys(item.rep_id for item in shown)
        offers += [
            Offer(label=f"The week of {words.rep_label(rep)}", text=f"/week {rep}")
            for rep in list(pressed)[:3]
        ]
        return offers
    missed = (*found.of("no hours", about.rep_id), *found.of("below", about.rep_id))
    offers += [
        Offer(label=f"Why not {words.label(item.account_id)}", text=f"/why {item.account_id}")
        for item in missed[:1]
    ]
    unplanned = [item for item in shown if not item.plays]
    offers += [
        Offer(label=f"The plan of {words.label(item.account_id)}", text=f"/plan {item.account_id}")
        for item in unplanned[:1]
    ]
    return offers


TOOL = Tool(
    name="week",
    command="week",
    description=(
        "Which accounts deserve the coming week and why: plays of approved plans, deals that "
        "close soon or are past their date, regular orders due or overdue, cadence missed; how "
        "many hours the week has free, and what the hours do not reach."
    ),
    arguments=WeekArguments,
    run=run,
)
