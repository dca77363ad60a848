"""The sections of an account plan, each from the cells and sentences that carry it.

Every function writes what its part of the ledger supports and returns nothing else: no
cell, no sentence.
"""

from __future__ import annotations

from decimal import Decimal

from agent.answered import answered, open_conflicts
from agent.beyond import beside
from agent.case import Case, Person
from agent.claims import Filled
from agent.playbooks import Motive, main_opportunity, missing_roles, worth_a_line, worth_a_visit
from domain.plan import Claim, Milestone, PersonRow, Play

PEOPLE_SHOWN = 6


def where_we_stand(case: Case) -> list[Claim]:
    """Spend, peers, the rhythm or mix of orders, and what was answered about notes."""
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
    return claims + answered(case)


def why_now(case: Case) -> list[Claim]:
    """Dated words of the account, the open deal, the last order, intent."""
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
                "The last order was worth {{last}} on {{when}}, {{change}} against the order "
                "before.",
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


def buying_group(case: Case) -> list[Claim]:
    """What was said about who decides."""
    return [
        case.quote(f"group.said.{number}", sentence)
        for number, sentence in enumerate(case.placed.of("buying_group"))
    ]


def people(case: Case) -> list[PersonRow]:
    """Contacts, weightiest first, and the roles that nobody fills yet."""
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
    helper = next((person for person in case.approachable if person.attitude == "supportive"), None)
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
    return next((person for person in case.approachable if person.last_contact), None)


def whitespace(case: Case) -> list[Claim]:
    """Open potential, what the product lines are worth, what was said of them."""
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
        text = "The product lines below are worth about {{worth}} a year together: " + (
            "worth a meeting." if worth_a_visit(case) else "a line on the next order, not a visit."
        )
        filled: dict[str, Filled] = {"worth": (worth, "money_short")}
        line, because = (case.cell(metric, case.gaps[0]) for metric in ("line", "because"))
        if line and because:
            text += " {{line}} leads: {{because}}."
            filled |= {"line": (line, "name"), "because": (because, "text")}
        claims.append(case.claim("space.worth", "metric", text, slots=filled))
    claims += beside(case)
    for sentence in case.placed.of("whitespace"):
        claims.append(case.quote("space.said", sentence))
    return claims


def competition(case: Case) -> list[Claim]:
    """Sourced statements about competitors, newest first."""
    return [
        case.quote(f"rival.{number}", sentence)
        for number, sentence in enumerate(case.competitor_sentences()[:2])
    ]


def risks(case: Case) -> list[Claim]:
    """What was said that could undo the plan."""
    return [
        case.quote(f"risk.said.{number}", sentence)
        for number, sentence in enumerate(case.placed.of("risks"))
    ]


def against(case: Case, chosen: list[Motive]) -> Claim | None:
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


def unknowns(case: Case) -> list[Claim]:
    """Notes that disagree, questions from review, and what no evidence answers."""
    claims = []
    for number, (first, second) in enumerate(open_conflicts(case)[:1]):
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


def milestones(case: Case, planned: list[Play]) -> list[Milestone]:
    """The ends of the first and the last play."""
    wanted = [planned[0], planned[-1]] if len(planned) > 2 else planned[:1]
    return [
        Milestone(
            play=play.key,
            what=play.done_when.model_copy(update={"key": f"milestone.{play.key}"}),
        )
        for play in wanted
    ]
