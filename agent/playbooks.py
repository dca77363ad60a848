"""What a planner would try at an account, and which plays carry it.

A motive is a reason to spend time here, with the money at stake. Each has a playbook:
the plays an experienced rep would put first. Names, figures and dates come from the
ledger; hours and days from the scheduler.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from agent.case import Case, Person
from agent.claims import Filled
from domain.evidence import Evidence
from domain.plan import Claim, Play, PlayKind, Resource
from tools.schedule import play_hours, tier_hours

MotiveKind = Literal["protect", "close", "win_back", "grow", "range", "land"]
NOT_SPOKEN = 99
# A deal that closes this near a due order is taken to be that order.
SAME_ORDER_DAYS = 21
# Lines worth less than this part of a visit are not worth a line on a form either.
WORTH_A_LINE = Decimal("0.02")
OPEN_STAGES = ("negotiation", "proposal", "qualification", "prospecting")


@dataclass(frozen=True)
class Motive:
    """A reason to act, and the money at stake in the book's currency."""

    kind: MotiveKind
    stake: Decimal


def motives(case: Case) -> list[Motive]:
    """The reasons that the ledger supports, most money at stake first.

    A due order counts in full, an open deal by its amount, lost spend by half, open
    potential by the chance of winning it, and product lines by their expected worth.
    """
    found = []
    deal = main_opportunity(case)
    if deal:
        found.append(Motive("close", case.number("amount", deal)))
    due = case.cell("next_order_due")
    if (
        due
        and case.cell("last_order_amount")
        and date.fromisoformat(due.value) in case.brief.period
        and not _same(case, deal, due)
    ):
        found.append(Motive("protect", case.number("last_order_amount")))
    lost = case.number("net_spend_prior_12m") - case.number("net_spend_12m")
    if case.number("spend_change_12m") < Decimal("-0.25"):
        found.append(Motive("win_back", lost / 2))
    if case.number("orders_12m") == 0 and not any(item.kind == "win_back" for item in found):
        found.append(Motive("land", case.number("expected_value")))
    if case.number("open_potential") > 0:
        found.append(Motive("grow", case.number("open_potential") * case.number("win_probability")))
    if worth_a_line(case):
        found.append(Motive("range", case.number("whitespace_worth")))
    return sorted(found, key=lambda item: (-item.stake, item.kind)) or [Motive("land", Decimal(0))]


def main_motives(case: Case) -> list[Motive]:
    """The one or two motives a plan is built on.

    A second one has to be worth a tenth of the first: small money is no objective.
    """
    first, *others = motives(case)
    return [first, *(item for item in others[:1] if item.stake * 10 >= first.stake)]


def main_opportunity(case: Case) -> str | None:
    """The entity of the largest open deal that has a name and an amount, or None."""
    open_deals = [
        item.entity
        for item in case.ledger.of_entity(case.subject)
        if "/opportunity:" in item.entity
        and item.metric == "stage"
        and item.value in OPEN_STAGES
        and case.cell("amount", item.entity)
        and case.cell("name", item.entity)
    ]
    return max(open_deals, key=lambda deal: (case.number("amount", deal), deal), default=None)


def _same(case: Case, deal: str | None, due: Evidence) -> bool:
    """Say whether the open deal is, by its date, the very order that is due."""
    closes = case.cell("closes", deal) if deal else None
    if closes is None:
        return False
    apart = date.fromisoformat(closes.value) - date.fromisoformat(due.value)
    return abs(apart.days) <= SAME_ORDER_DAYS


@dataclass(frozen=True)
class _Idea:
    key: str
    kind: PlayKind
    done_by: Resource
    text: str
    done: str
    slots: dict[str, Filled]
    done_slots: tuple[str, ...] = ()
    person: Person | None = None
    before: Evidence | None = None


def plays(case: Case, chosen: list[Motive], premises: tuple[str, ...]) -> list[Play]:
    """Turn motives into plays that fit the hours the tier gives.

    Takes ideas in order until the tier's hours or the coverage model's number of plays
    is used up; the first idea always stays.
    """
    brief = case.brief
    most = brief.coverage.planning.plays_full
    if brief.depth == "light":
        most = brief.coverage.planning.plays_light
    most = min(most, case.wishes.most_plays or most)
    left = tier_hours(brief.coverage.tier(brief.tier), brief.period)
    travel = case.number("travel_hours")
    taken: list[Play] = []
    seen: set[str] = set()
    for idea in _ideas(case, chosen):
        if idea.kind in case.wishes.without:
            continue
        if idea.done_by not in brief.resources:
            idea = replace(idea, done_by="rep")
        hours = play_hours(idea.kind, brief.coverage, travel)
        if idea.done_by != "rep":
            hours = Decimal(0)
        if len(taken) >= most or idea.key in seen or (taken and hours > left):
            continue
        seen.add(idea.key)
        left -= hours
        # What people said belongs to the plays in which somebody talks to them.
        talks = sum(play.contact is not None for play in taken)
        taken.append(_play(case, idea, premises, talks if idea.person else NOT_SPOKEN))
    return taken


def _play(case: Case, idea: _Idea, premises: tuple[str, ...], position: int) -> Play:
    done_slots = {name: idea.slots[name] for name in idea.done_slots}
    return Play(
        key=idea.key,
        kind=idea.kind,
        what=case.claim(
            f"play.{idea.key}", "recommendation", idea.text, premises=premises, slots=idea.slots
        ),
        contact=idea.person.entity if idea.person else None,
        done_by=idea.done_by,
        before=idea.before.id if idea.before else None,
        value=_said(case, "value", idea, position),
        objection=_said(case, "objection", idea, position),
        done_when=case.claim(
            f"play.{idea.key}.done",
            "recommendation",
            idea.done,
            premises=(f"play.{idea.key}",),
            slots=done_slots,
        ),
    )


def _said(case: Case, place: str, idea: _Idea, position: int) -> Claim | None:
    """What the account said for or against a play: the next sentence placed there."""
    sentences = case.placed.of(place)
    if position >= len(sentences):
        return None
    return case.quote(f"play.{idea.key}.{place}", sentences[position])


def _ideas(case: Case, chosen: list[Motive]) -> Iterator[_Idea]:
    lead = decider(case)
    if lead is None:
        yield _find_buyer()
    for motive in chosen:
        yield from _BY_MOTIVE[motive.kind](case, lead)
    yield from _visit(case, lead)
    yield from _range(case, lead)
    yield from _fill_role(case, lead)


def decider(case: Case) -> Person | None:
    """The person to talk to first: the economic buyer, else purchasing, else the weightiest."""
    for role in ("economic buyer", "purchasing"):
        for person in case.approachable:
            if person.role == role:
                return person
    return case.approachable[0] if case.approachable else None


def _protect(case: Case, lead: Person | None) -> Iterator[_Idea]:
    due, category = case.cell("next_order_due"), case.cell("top_category")
    amount = case.cell("last_order_amount")
    if due is None or amount is None:
        return
    slots: dict[str, Filled] = {"due": (due, "date")}
    what = "stock"
    if category:
        slots["category"], what = (category, "name"), "{{category}}"
    yield _Idea(
        "confirm_supply", "internal", "rep",
        f"With operations, confirm in writing that {what} can be delivered for the order due "
        "about {{due}}.",
        "Delivery dates are with the buyer in writing.",
        slots, before=due,
    )  # fmt: skip
    if lead:
        yield _Idea(
            "agree_order", "call", "rep",
            "Call {{name}} and agree the outline of the next order: quantity, delivery and terms, "
            "against {{amount}} last time.",
            "{{name}} has agreed quantity and delivery week.",
            {"name": (lead.name, "name"), "amount": (amount, "money_short")},
            ("name",), lead, due,
        )  # fmt: skip


def _close(case: Case, lead: Person | None) -> Iterator[_Idea]:
    deal = main_opportunity(case)
    if deal is None:
        return
    name, amount = case.cell("name", deal), case.cell("amount", deal)
    closes = case.cell("closes", deal)
    assert name is not None
    assert amount is not None
    slots: dict[str, Filled] = {"deal": (name, "name"), "amount": (amount, "money_short")}
    text = "Settle the open points of the deal {{deal}}, worth {{amount}}"
    if lead:
        slots["name"] = (lead.name, "name")
        text += ", with {{name}}"
    yield _Idea(
        "settle_deal", "meeting", "rep", text + ".",
        "The next step of the deal has a date that both sides wrote down.",
        slots, (), lead,
        closes if closes and date.fromisoformat(closes.value) in case.brief.period else None,
    )  # fmt: skip
    due = case.cell("next_order_due")
    if due and _same(case, deal, due):
        yield from _protect(case, lead)


def _win_back(case: Case, lead: Person | None) -> Iterator[_Idea]:
    change = case.cell("spend_change_12m")
    if lead is None or change is None:
        return
    yield _Idea(
        "ask_why", "call", "rep",
        "Ask {{name}} why net spend moved by {{change}} against the year before, and what would "
        "bring it back.",
        "The reason is written down, and a condition for an order is named.",
        {"name": (lead.name, "name"), "change": (change, "change")}, (), lead,
    )  # fmt: skip


def _grow(case: Case, lead: Person | None) -> Iterator[_Idea]:
    category, potential = case.cell("top_category"), case.cell("open_potential")
    if potential is None:
        return
    slots: dict[str, Filled] = {"open": (potential, "money_short")}
    text = "Propose a larger yearly plan"
    if lead:
        slots["name"] = (lead.name, "name")
        text += " to {{name}}"
    if category:
        slots["category"] = (category, "name")
        text += ", built on {{category}},"
    yield _Idea(
        "yearly_plan", "meeting", "rep",
        text + " to reach for the open potential of {{open}}.",
        "A volume and a start date are agreed, or the reason against is known.",
        slots, (), lead,
    )  # fmt: skip


def _range(case: Case, lead: Person | None) -> Iterator[_Idea]:
    lines = case.gaps[:2]
    if not lines or not worth_a_line(case):
        return
    slots: dict[str, Filled] = {}
    for number, gap in enumerate(lines):
        line = case.cell("line", gap)
        if line:
            slots["ab"[number]] = (line, "name")
    named = " and ".join(f"{{{{{slot}}}}}" for slot in slots)
    if lead and worth_a_visit(case):
        yield _Idea(
            "show_lines", "demo", "rep",
            f"Show {named} to {{{{name}}}} and agree a trial quantity.",
            "A trial quantity is on an order, or the reason against is known.",
            slots | {"name": (lead.name, "name")}, (), lead,
        )  # fmt: skip
    else:
        yield _Idea(
            "offer_lines", "email", "inside_sales",
            f"Put {named} on the next order form as options; no visit of their own.",
            "The lines are on the form that goes to the buyer.",
            slots, (), None,
        )  # fmt: skip


def _land(case: Case, lead: Person | None) -> Iterator[_Idea]:
    if lead is None:
        return
    yield _Idea(
        "first_talk", "call", "rep",
        "Call {{name}} to learn what they buy today, from whom, and when they decide.",
        "The buying calendar and the present supplier are known.",
        {"name": (lead.name, "name")}, (), lead,
    )  # fmt: skip


def _find_buyer() -> _Idea:
    return _Idea(
        "find_buyer", "call", "inside_sales",
        "Find out who decides here and who buys, and put both on file.",
        "A name with a role and a number is on file.",
        {},
    )  # fmt: skip


def _fill_role(case: Case, lead: Person | None) -> Iterator[_Idea]:
    missing = missing_roles(case)
    if not missing or lead is None:
        return
    yield _Idea(
        "introduction", "email", "rep",
        f"Ask {{{{name}}}} for an introduction to whoever fills the role of {missing[0]}.",
        "An introduction has a date.",
        {"name": (lead.name, "name")}, (), lead,
    )  # fmt: skip


def _visit(case: Case, lead: Person | None) -> Iterator[_Idea]:
    travel, city = case.cell("travel_hours"), case.cell("city")
    budget = Decimal(repr(case.brief.coverage.travel.budget_hours_per_visit))
    if lead is None or travel is None or city is None or Decimal(travel.value) > budget:
        return
    slots: dict[str, Filled] = {"city": (city, "name"), "name": (lead.name, "name")}
    text = "Visit {{name}} in {{city}} and settle what is open"
    near = next(
        (
            item
            for item in case.ledger.of_entity(case.subject)
            if "/near:" in item.entity and item.metric == "name"
        ),
        None,
    )
    if near:
        slots["near"] = (near, "name")
        text += "; combine the trip with {{near}}"
    yield _Idea(
        "visit", "visit", "rep", text + ".",
        "Open points have an owner on both sides.",
        slots, (), lead, case.cell("next_order_due"),
    )  # fmt: skip


def worth_a_visit(case: Case) -> bool:
    """Say whether the lines not bought are worth a visit by the coverage model."""
    least = Decimal(repr(case.brief.coverage.whitespace.worth_a_visit))
    return case.number("whitespace_worth") >= least


def worth_a_line(case: Case) -> bool:
    """Say whether the lines not bought are worth a word: a fiftieth of a visit's worth."""
    least = Decimal(repr(case.brief.coverage.whitespace.worth_a_visit)) * WORTH_A_LINE
    return case.number("whitespace_worth") >= max(least, Decimal(1))


def missing_roles(case: Case) -> list[str]:
    """Roles the coverage model wants and no contact holds, in the model's order."""
    held = {person.role for person in case.people}
    return [role for role in case.brief.coverage.planning.roles_wanted if role not in held]


_BY_MOTIVE = {
    "protect": _protect,
    "close": _close,
    "win_back": _win_back,
    "grow": _grow,
    "range": _range,
    "land": _land,
}
