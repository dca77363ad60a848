"""The account brief: what matters most about one account, small enough to be shown whole.

A model is shown at most `ChatLimits.brief_tokens` of it, counted as everything else it is
shown. Facts are taken in order of importance while whole lines fit; none is ever cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import Field

from agent.case import Case
from agent.chat.context import ChatContext
from agent.chat.numbering import MOST_SHOWN, lines_of
from agent.chat.scope import demand_account
from agent.chat.state import Result
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.account_case import case_of, contacts_of, deals_of
from agent.chat.tools.account_notes import Read, disagreement, placed, quote_of, read_about
from agent.chat.tools.looked_up import LookedUp
from agent.chat.tools.people import tell_person
from agent.chat.tools.why import tell_standing
from agent.model.tokens import tokens_of
from agent.playbooks import main_opportunity, worth_a_line
from agent.sections import where_we_stand, why_now
from domain.chat import Call, Focus, Offer, ToolUse
from domain.evidence import Evidence, Unit
from domain.plan import Claim

QUESTION = "decision budget delivery date range expansion risk competitor contract"
PASSAGES = 40
MOST_QUOTED = 4
MOST_SENTENCES = 8
NOTES_TOKENS = 550
"""Tokens that facts leave to sentences of notes, which may use what facts do not."""
NO_NOTES = "No usable note about it is on file."
BEFORE_NOTES = 22
"""Facts that are shown before the notes; the less important ones follow."""
PLACES = ("why_now", "risks", "value")
MOST_PEOPLE = 3
MOST_GAPS = 3
FIELDS: tuple[tuple[str, Unit], ...] = (
    ("segment", "name"), ("city", "name"), ("country", "name"), ("employees", "count"),
)  # fmt: skip
STANDING = ("tier", "tier_note", "rank", "rank_of", "cut_note")
TRADE = (
    "net_spend_12m", "net_spend_prior_12m", "spend_change_12m", "last_order_date",
    "last_order_amount", "last_order_change", "order_interval_days", "next_order_due",
    "potential_p50", "potential_p75", "open_potential", "spend_to_p75", "peer_group",
)  # fmt: skip
RELATION = ("contacts", "last_touch_date", "touches_90d", "intent_90d", "cycle_basis")
PROSPECTS = ("score", "win_probability", "expected_value", "lift_note", "open_pipeline")
MIX = ("top_category", "top_category_share", "product_lines_12m", "whitespace_worth")
DEAL = ("name", "stage", "amount", "closes")
PERSON = ("name", "title", "role", "influence", "attitude", "last_contact")
GAP = ("line", "worth", "because")
_LARGEST_NUMBER = 1_000
"""Numbers are counted as though they had four digits, as late results of a turn have."""


class AccountBrief(Arguments):
    """What `account_brief` is given."""

    account_id: str = Field(description="The account's id, as `find_accounts` gives it.")


def account_brief(context: ChatContext, arguments: AccountBrief) -> Told:
    """Tell what matters most about an account: standing, trade, deal, people, notes, range.

    NotFound where it is missing or outside the scope.
    """
    account_id = demand_account(context, arguments.account_id)
    entity = f"account:{account_id}"
    gathered, said = LookedUp(context), LookedUp(context)
    read = read_about(context, entity, context.retrieve(account_id, QUESTION, PASSAGES))
    ranked = list(_by_importance(gathered, account_id))
    _tell(said, account_id, gathered.evidence, read)
    told = Told(
        claims=tuple(said.claims),
        notes=(NO_NOTES,),
        offers=_offers(account_id),
        focus=Focus(accounts=(account_id,), command="brief"),
    )
    # What notes say never decides which facts are told: facts have a room of their own.
    left = context.limits.brief_tokens - _tokens(told, [])
    facts, spent = _fitting(ranked, left - NOTES_TOKENS, MOST_SHOWN - MOST_SENTENCES)
    quotable = [*(item for pair in read.screened.conflicts for item in pair), *read.screened.usable]
    quotable.sort(key=lambda sentence: not sentence.is_about(entity))
    sentences, _ = _fitting(quotable, left - spent, MOST_SENTENCES)
    shown = [*facts[:BEFORE_NOTES], *sentences, *facts[BEFORE_NOTES:]]
    # What is said has to be among the evidence, whether or not a model is shown it.
    cited = {item.evidence_id for claim in said.claims for item in claim.citations}
    known = (*gathered.evidence, *read.found, *said.evidence)
    chosen = {item.id: item for item in (*shown, *(item for item in known if item.id in cited))}
    for item in tuple(chosen.values()):
        chosen |= {parent.id: parent for parent in gathered.ancestors(item)}
    return told.model_copy(
        update={
            "evidence": tuple(chosen.values()),
            "shown": len(shown),
            "notes": () if quotable else (NO_NOTES,),
            "rows": len(facts),
            "note": f"{len(facts)} facts",
        }
    )


def _by_importance(look: LookedUp, account_id: str) -> Iterator[Evidence]:
    """Yield facts about an account, what a reader needs most first."""
    entity, analyses = f"account:{account_id}", look.context.analyses
    fields = [look.field("accounts", account_id, entity, name, unit) for name, unit in FIELDS]
    first = [look.account(account_id), look.owner(account_id), *fields[:2]]
    yield from (item for item in first if item)
    yield from _cells(look, entity, (*STANDING, *TRADE))
    rows = deals_of(look, account_id) + contacts_of(look, account_id)
    look.keep(*rows)
    case = case_of(look.context, account_id, rows)
    deal = main_opportunity(case)
    if deal is not None:
        yield from (cell for name in DEAL if (cell := case.cell(name, deal)))
    for person in case.people[:1]:
        yield from (cell for name in PERSON if (cell := case.cell(name, person.entity)))
    yield from _cells(look, entity, (*RELATION, *PROSPECTS))
    for person in case.people[1:MOST_PEOPLE]:
        yield from (cell for name in PERSON if (cell := case.cell(name, person.entity)))
    for gap in analyses.whitespace.gaps(account_id)[:MOST_GAPS]:
        yield from _cells(look, gap, GAP)
    yield from _cells(look, entity, MIX)
    yield from (item for item in fields[2:] if item)


def _cells(look: LookedUp, entity: str, metrics: tuple[str, ...]) -> Iterator[Evidence]:
    return (cell for metric in metrics if (cell := look.cell(entity, metric)) is not None)


def _tell(look: LookedUp, account_id: str, gathered: tuple[Evidence, ...], read: Read) -> None:
    """Say where it stands, why now, what it lacks, who weighs most, and what was said."""
    tell_standing(look, account_id)
    facts = case_of(look.context, account_id, gathered)
    look.claims += [claim for claim in where_we_stand(facts) if _tells_something(claim, facts)]
    look.claims += why_now(facts)
    _tell_range(look, facts)
    for person in facts.people[:1]:
        tell_person(look, facts, person, 0)
    for number, pair in enumerate(read.screened.conflicts[:1]):
        look.claims.append(disagreement(look, f"conflict.{number}", pair))
    found = placed(facts, read)
    told = [sentence for place in PLACES for sentence in found.of(place)]
    for number, sentence in enumerate(told[:MOST_QUOTED]):
        look.claims.append(quote_of(look, f"quote.{number}", sentence))


def _tell_range(look: LookedUp, case: Case) -> None:
    """Say what volume is open, and the product line it lacks most where that is worth a line."""
    if case.number("open_potential") > 0:
        look.say(
            "open", "metric", case.subject,
            "Open potential is {{open}} a year, up to the upper quartile of its peers.",
            open=(case.cell("open_potential"), "money_short"),
        )  # fmt: skip
    else:
        look.say(
            "none", "metric", case.subject,
            "No open potential is left: it already passes the upper quartile of its peers, "
            "{{p75}}.",
            p75=(case.cell("potential_p75"), "money_short"),
        )  # fmt: skip
    for gap in case.gaps[:1] if worth_a_line(case) else ():
        look.say(
            "line", "metric", case.subject,
            "The product line it lacks most is {{line}}, worth about {{worth}} a year: {{why}}.",
            line=(case.cell("line", gap), "name"), worth=(case.cell("worth", gap), "money_short"),
            why=(case.cell("because", gap), "text"),
        )  # fmt: skip


def _tells_something(claim: Claim, case: Case) -> bool:
    """Say whether a sentence about trade is worth its line: of no spend, no ratio is."""
    return claim.key != "stand.peers" or case.number("net_spend_12m") > 0


def _fitting(ranked: Sequence[Evidence], left: int, most: int) -> tuple[list[Evidence], int]:
    """Take facts in order while their lines stay within tokens; return them and their cost.

    A fact that is too long is passed over; shorter ones behind it still have their chance.
    """
    nothing = Told()
    bare, spent = _tokens(nothing, []), 0
    chosen: dict[str, Evidence] = {}
    for item in ranked:
        if item.id in chosen or len(chosen) == most:
            continue
        # Rounded up line by line, with its line break: the whole can only be less.
        cost = _tokens(nothing, [item]) - bare + 1
        if spent + cost <= left:
            chosen[item.id] = item
            spent += cost
    return list(chosen.values()), spent


def _tokens(told: Told, shown: list[Evidence]) -> int:
    """Count what a model is shown of a result with this evidence."""
    numbers = {item.id: _LARGEST_NUMBER + place for place, item in enumerate(shown)}
    use = ToolUse(call=Call(tool=TOOL.name), state="done", ms=0, rows=0, note=f"{MOST_SHOWN} facts")
    filled = told.model_copy(update={"evidence": tuple(shown), "shown": len(shown)})
    return tokens_of(lines_of(Result(call_id="", use=use, told=filled), numbers))


def _offers(account_id: str) -> tuple[Offer, ...]:
    return (
        Offer(label="Why it stands where it stands", text=f"/why {account_id}"),
        Offer(label="Who decides there", text=f"/people {account_id}"),
        Offer(label="Its plan", text=f"/plan {account_id}"),
        Offer(label="What it could still buy", text=f"/whitespace {account_id}"),
    )


TOOL = Tool(
    name="account_brief",
    command="brief",
    description=(
        "The account in short: tier and rank, spend, orders and potential, the main deal, "
        "people, product lines it lacks, and words of its notes: whatever else is needed has to "
        "be looked up with it or before."
    ),
    arguments=AccountBrief,
    run=account_brief,
)
