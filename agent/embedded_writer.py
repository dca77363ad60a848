"""The writer that needs no language model: it chooses, orders, quotes, and leaves out.

It reads the ledger as a planner would: what is at stake here, what is the reason to act
now, who decides, what could be sold besides, what speaks against. It writes a sentence
only where the ledger carries it.
"""

from __future__ import annotations

from decimal import Decimal

from agent.case import Case, Person
from agent.context import Brief, Written
from agent.objectives import objective, success
from agent.placing import weight
from agent.playbooks import (
    Motive,
    main_motives,
    main_opportunity,
    missing_roles,
    plays,
    worth_a_line,
    worth_a_visit,
)
from domain.plan import (
    AccountPlanDraft,
    Claim,
    Milestone,
    PersonRow,
    Play,
    ProductRow,
    WriterNote,
)

PEOPLE_SHOWN = 6
LISTS = (
    "unknowns",
    "where_we_stand",
    "competition",
    "buying_group",
    "why_now",
    "whitespace",
    "risks",
)
EXPENDABLE = (
    "unknown.margin",
    "now.intent",
    "now.last_order",
    "unknown.stance",
    "space.worth",
    "now.deal",
    "stand.mix",
    "unknown.drop",
)


class EmbeddedWriter:
    """Deterministic and extractive. Implements `agent.context.Writer`."""

    def write(self, brief: Brief) -> Written:
        """Draft an account plan from the brief's ledger alone."""
        case = Case(brief)
        chosen = main_motives(case)
        planned = plays(case, chosen, ("objective",))
        draft = AccountPlanDraft(
            account_id=brief.account_id,
            objective=objective(case, chosen),
            where_we_stand=_where_we_stand(case),
            why_now=_why_now(case),
            buying_group=_buying_group(case),
            people=_people(case),
            whitespace=_whitespace(case),
            products=[ProductRow(gap=gap) for gap in case.gaps[: brief.coverage.whitespace.rows]],
            competition=_competition(case),
            plays=planned,
            milestones=_milestones(case, planned),
            success=success(case, chosen),
            risks=_risks(case),
            against=_against(case, chosen),
            unknowns=_unknowns(case),
        )
        return Written(_within_budget(case, draft), WriterNote(writer="embedded"))


def _where_we_stand(case: Case) -> list[Claim]:
    claims = []
    spend, change = case.cell("net_spend_12m"), case.cell("spend_change_12m")
    prior = case.cell("net_spend_prior_12m")
    if spend and change and prior and Decimal(prior.value) > 0:
        claims.append(
            case.claim(
                "stand.spend",
                "metric",
                "Net spend over the past year is {{spend}}, {{change}} against {{prior}} the "
                "year before.",
                spend=(spend, "money_short"),
                change=(change, "change"),
                prior=(prior, "money_short"),
            )
        )
    elif spend:
        claims.append(
            case.claim(
                "stand.spend", "metric", "Net spend over the past year is {{spend}}.",
                spend=(spend, "money_short"),
            )
        )  # fmt: skip
    ratio, p75 = case.cell("spend_to_p75"), case.cell("potential_p75")
    peers = case.cell("peer_group")
    if ratio and p75 and peers:
        claims.append(
            case.claim(
                "stand.peers", "metric",
                "That is {{ratio}} the upper quartile of its peers, {{p75}} potential a year "
                "({{peers}}).",
                ratio=(ratio, "ratio"), p75=(p75, "money_short"), peers=(peers, "text"),
            )
        )  # fmt: skip
    gap, due = case.cell("order_interval_days"), case.cell("next_order_due")
    category, share = case.cell("top_category"), case.cell("top_category_share")
    if gap and due:
        claims.append(
            case.claim(
                "stand.rhythm", "metric",
                "It orders every {{gap}}; the next order is due about {{due}}.",
                gap=(gap, "days"), due=(due, "date"),
            )
        )  # fmt: skip
    elif category and share:
        claims.append(
            case.claim(
                "stand.mix", "metric",
                "{{category}} makes up {{share}} of what it buys.",
                category=(category, "name"), share=(share, "percent"),
            )
        )  # fmt: skip
    return claims


def _why_now(case: Case) -> list[Claim]:
    claims = []
    for number, sentence in enumerate(case.placed.of("why_now")):
        claims.append(case.quote(f"now.said.{number}", sentence))
    deal = main_opportunity(case)
    if deal and len(claims) < 3:
        name, stage = case.cell("name", deal), case.cell("stage", deal)
        amount, closes = case.cell("amount", deal), case.cell("closes", deal)
        if name and stage and amount and closes:
            claims.append(
                case.claim(
                    "now.deal", "fact",
                    "The deal {{deal}}, worth {{amount}}, is in {{stage}} and expected to close on "
                    "{{closes}}.",
                    deal=(name, "name"), amount=(amount, "money_short"),
                    stage=(stage, "text"), closes=(closes, "date"),
                )
            )  # fmt: skip
    last, change = case.cell("last_order_amount"), case.cell("last_order_change")
    when = case.cell("last_order_date")
    if last and change and when and len(claims) < 3:
        claims.append(
            case.claim(
                "now.last_order", "metric",
                "The last order, on {{when}}, was worth {{last}}, {{change}} against the "
                "order before.",
                when=(when, "date"), last=(last, "money_short"), change=(change, "change"),
            )
        )  # fmt: skip
    intent = case.cell("intent_90d")
    if intent and Decimal(intent.value) >= 2 and len(claims) < 3:
        claims.append(
            case.claim(
                "now.intent", "metric",
                "Outside signals of intent reached level {{level}} in recent weeks.",
                level=(intent, "number"),
            )
        )  # fmt: skip
    return claims


def _buying_group(case: Case) -> list[Claim]:
    return [
        case.quote(f"group.said.{number}", sentence)
        for number, sentence in enumerate(case.placed.of("buying_group"))
    ]


def _people(case: Case) -> list[PersonRow]:
    rows = [
        PersonRow(
            contact=person.entity,
            role=person.role or "role unknown",
            note=_said_by(case, person, number),
        )
        for number, person in enumerate(case.people[:PEOPLE_SHOWN])
    ]
    for number, role in enumerate(missing_roles(case)):
        rows.append(PersonRow(contact=None, role=role, note=_how_to_fill(case, role, number)))
    return rows


def _said_by(case: Case, person: Person, number: int) -> Claim | None:
    sentence = case.placed.by_person.get(person.entity)
    return case.quote(f"group.person.{number}", sentence) if sentence else None


def _how_to_fill(case: Case, role: str, number: int) -> Claim:
    key = f"group.gap.{number}"
    helper = next((person for person in case.people if person.attitude == "supportive"), None)
    helper = helper or _met(case)
    if helper is None:
        return case.claim(
            key, "assumption", f"Nobody on file fills the role of {role}; find out who does."
        )
    return case.claim(
        key,
        "recommendation",
        f"Nobody on file fills the role of {role}; ask {{{{name}}}} who does.",
        name=(helper.name, "name"),
    )


def _met(case: Case) -> Person | None:
    return next((person for person in case.people if person.last_contact), None)


def _whitespace(case: Case) -> list[Claim]:
    claims = []
    potential, p75 = case.cell("open_potential"), case.cell("potential_p75")
    if potential and Decimal(potential.value) > 0 and p75:
        claims.append(
            case.claim(
                "space.open", "metric",
                "Open potential is {{open}} a year, up to the upper quartile of its peers.",
                open=(potential, "money_short"),
            )
        )  # fmt: skip
    elif p75:
        claims.append(
            case.claim(
                "space.none", "metric",
                "No open potential is left: it already passes the upper quartile of its peers, "
                "{{p75}}, so growth here means range and not volume.",
                p75=(p75, "money_short"),
            )
        )  # fmt: skip
    worth = case.cell("whitespace_worth")
    if worth and case.gaps and worth_a_line(case):
        claims.append(
            case.claim(
                "space.worth", "metric",
                "The product lines below are worth about {{worth}} a year together: "
                + (
                    "worth a meeting."
                    if worth_a_visit(case)
                    else "a line on the next order, not a visit."
                ),
                worth=(worth, "money_short"),
            )
        )  # fmt: skip
    for sentence in case.placed.of("whitespace"):
        claims.append(case.quote("space.said", sentence))
    return claims


def _competition(case: Case) -> list[Claim]:
    return [
        case.quote(f"rival.{number}", sentence)
        for number, sentence in enumerate(case.competitor_sentences()[:2])
    ]


def _risks(case: Case) -> list[Claim]:
    return [
        case.quote(f"risk.said.{number}", sentence)
        for number, sentence in enumerate(case.placed.of("risks"))
    ]


def _against(case: Case, chosen: list[Motive]) -> Claim | None:
    """The strongest case against: what the same hours could do elsewhere, else saturation."""
    other = case.cell("alternative_open_potential", case.owner)
    names = [
        item
        for item in case.ledger.of_entity(case.owner)
        if "/account:" in item.entity and item.metric == "name"
    ]
    if other and len(names) >= 2 and Decimal(other.value) > case.number("open_potential"):
        chance = case.number("win_probability")
        answer = (
            "What is at stake here still outweighs that."
            if chosen[0].stake > Decimal(other.value) * chance
            else "If weeks run short, those come first."
        )
        return case.claim(
            "against", "recommendation",
            "The same hours on {{a}} and {{b}} carry {{other}} of open potential. " + answer,
            subject=case.owner,
            premises=("objective",),
            a=(names[0], "name"), b=(names[1], "name"), other=(other, "money_short"),
        )  # fmt: skip
    ratio = case.cell("spend_to_p75")
    if ratio and Decimal(ratio.value) > 1:
        return case.claim(
            "against", "recommendation",
            "It already buys {{ratio}} the upper quartile of its peers; more time here may "
            "bring no more spend.",
            premises=("objective",),
            ratio=(ratio, "ratio"),
        )  # fmt: skip
    silent = case.cell("days_since_order")
    if silent:
        return case.claim(
            "against", "recommendation",
            "The last order is {{silent}} back; the time may be late here.",
            premises=("objective",),
            silent=(silent, "days"),
        )  # fmt: skip
    return None


def _unknowns(case: Case) -> list[Claim]:
    claims = []
    for number, (first, second) in enumerate(case.screened.conflicts[:1]):
        claims.append(
            case.claim(
                f"unknown.conflict.{number}", "quote",
                "Notes disagree; ask which holds: “{{a}}” or “{{b}}”",
                a=(first, "text"), b=(second, "text"),
            )
        )  # fmt: skip
    for number, item in enumerate(
        item
        for item in case.ledger.of_entity(case.subject)
        if item.kind == "human" and item.metric == "remark"
    ):
        claims.append(
            case.claim(
                f"unknown.asked.{number}", "fact",
                "Asked in review: “{{remark}}”", remark=(item, "text"),
            )
        )  # fmt: skip
    change = case.cell("last_order_change")
    if change and Decimal(change.value) < Decimal("-0.15"):
        claims.append(
            case.claim(
                "unknown.drop", "metric",
                "Not known: why the last order moved by {{change}}, stock or demand; ask in the "
                "next call.",
                change=(change, "change"),
            )
        )  # fmt: skip
    if case.people and not any(person.attitude for person in case.people):
        claims.append(
            case.claim(
                "unknown.stance", "assumption",
                "Not known: where the people here stand towards us; ask in the next call.",
            )
        )  # fmt: skip
    claims.append(
        case.claim(
            "unknown.margin", "assumption",
            "Not known: the margin; the book holds no cost.",
        )
    )  # fmt: skip
    if not case.screened.usable:
        claims.append(
            case.claim(
                "unknown.notes", "assumption",
                "Not known: what the account plans and who else it talks to; no usable note is "
                "on file.",
            )
        )  # fmt: skip
    return claims


def _milestones(case: Case, planned: list[Play]) -> list[Milestone]:
    wanted = [planned[0], planned[-1]] if len(planned) > 2 else planned[:1]
    return [
        Milestone(
            play=play.key,
            what=play.done_when.model_copy(update={"key": f"milestone.{play.key}"}),
        )
        for play in wanted
    ]


def _within_budget(case: Case, draft: AccountPlanDraft) -> AccountPlanDraft:
    """Drop the least important sentences above the coverage model's number of bullets.

    What people said outranks what a table or the CRM shows anyway; of what they said,
    the sentence on which least hangs goes first, and the last of a section last.
    """
    expendable = list(EXPENDABLE)
    while len(draft.bullets()) > case.brief.coverage.planning.bullets:
        if expendable:
            draft = _without(draft, expendable.pop(0))
            continue
        quotes = [
            (len(listed) == 1, _weight(case, claim), -position, claim.key)
            for name in LISTS
            if name != "unknowns"
            for listed in (getattr(draft, name),)
            for position, claim in enumerate(listed)
            if claim.kind == "quote"
        ]
        longest = max(LISTS, key=lambda name: (len(getattr(draft, name)), LISTS.index(name)))
        draft = _without(draft, min(quotes)[-1] if quotes else getattr(draft, longest)[-1].key)
    return draft


def _weight(case: Case, claim: Claim) -> int:
    quoted = (case.ledger[citation.evidence_id] for citation in claim.citations if citation.quote)
    return max((weight(item, case.brief.as_of) for item in quoted), default=0)


def _without(draft: AccountPlanDraft, key: str) -> AccountPlanDraft:
    kept = {name: [claim for claim in getattr(draft, name) if claim.key != key] for name in LISTS}
    return draft.model_copy(update=kept)
