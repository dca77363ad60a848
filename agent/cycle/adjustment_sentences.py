"""Each recommendation in one or two sentences, and the strongest figure against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from agent.cycle.change_sentences import key_of
from agent.cycle.pen import Part, Pen, first, named, value_of
from domain.cycle import Figure
from domain.plan import Claim
from domain.review import (
    Adjustment,
    OpensCoverage,
    OpensPlan,
    OpensScenario,
    OpensTerritoryPlan,
    Trigger,
    TriggerKind,
)

_PLAN: Mapping[TriggerKind, str] = {
    "owner_changed": "Plan the handover of {{name}} before anything new is promised there",
    "family_changed": "Plan {{name}} as the customer it is now",
    "potential_changed": "Set objective and effort for {{name}} anew",
    "renewal_slipped": "Find out why {{name}} did not order, before any offer is made",
    "champion_gone": "Find out who speaks for us at {{name}} now",
    "competitor_appeared": "Decide whether {{name}} is worth defending, and with what",
    "deal_slipped": "Agree with {{name}} what has to happen before the deal closes",
    "pipeline_changed": "Plan the pipeline of {{name}} anew",
    "evidence_stale": "Refresh what the plan of {{name}} rests on",
    "lock_expired": "Say whether {{name}} stays where the exception held it",
}
"""What the new version of an account's plan is for; the first kind that applies leads."""


def adjustment_sentences(
    pen: Pen,
    adjustments: Sequence[Adjustment],
    triggers: Mapping[str, Trigger],
    told: frozenset[str],
    small: Decimal,
) -> Iterator[Claim]:
    """Write `adjustment.N` and `against.N` of each recommendation, in order.

    Parameters
    ----------
    told
        Keys of the sentences on changes that were written: what a recommendation may rest on.
    small
        Money below which a sentence says that it is small.
    """
    for item in adjustments:
        premises = [key for key in map(key_of, item.triggers) if key in told]
        advice = _advice(pen, item, triggers, premises, small)
        if advice is not None:
            yield advice
        against = _against(pen, item)
        if against is not None:
            yield against


def _advice(
    pen: Pen,
    item: Adjustment,
    triggers: Mapping[str, Trigger],
    premises: Sequence[str],
    small: Decimal,
) -> Claim | None:
    opens = item.opens
    if isinstance(opens, OpensPlan):
        return _plan(pen, item, triggers, premises, small)
    if isinstance(opens, OpensTerritoryPlan):
        return _territory(pen, item, triggers, premises)
    if isinstance(opens, OpensCoverage):
        return _coverage(pen, item, premises)
    return _scenario(pen, item, opens, triggers, premises)


def _plan(
    pen: Pen,
    item: Adjustment,
    triggers: Mapping[str, Trigger],
    premises: Sequence[str],
    small: Decimal,
) -> Claim | None:
    account = f"account:{item.account_id}"
    kinds = {triggers[key].kind for key in item.triggers if key in triggers}
    lead = next((text for kind, text in _PLAN.items() if kind in kinds), "Plan {{name}} anew")
    key = f"adjustment.{item.number}"
    parts: dict[str, Part] = {"name": pen.name(account)}
    hours = next((figure for figure in item.cost if figure.unit == "hours"), None)
    stake, words = _stake(pen, item, account)
    deal = next((t for key in item.triggers if (t := triggers.get(key)) and _is_deal(t)), None)
    if deal is not None and lead is _PLAN["deal_slipped"]:
        lead = "Agree with {{name}} what has to happen before {{deal}} closes"
        parts["deal"] = pen.name(deal.subject)
        stake, words = deal.amount, "the deal is worth {{stake}}"
    ending = ""
    if stake is not None and value_of(stake) < small:
        ending = " It is small money: worth a call, and no visit of its own."
    cites = pen.all_of(figure.evidence_id for figure in item.gain if figure.evidence_id)
    with_stake: dict[str, Part] = {**parts, "stake": stake}
    return first(
        pen.write(
            key, "recommendation", account,
            f"{lead}; {words}. It takes {{{{hours}}}} of the hours of its rep.{ending}",
            {**with_stake, "hours": hours}, premises=premises, cites=cites,
        ),
        pen.write(
            key, "recommendation", account, f"{lead}; {words}.{ending}", with_stake,
            premises=premises, cites=cites,
        ),
        pen.write(
            key, "recommendation", account, f"{lead}.", parts, premises=premises, cites=cites
        ),
    )  # fmt: skip


def _is_deal(trigger: Trigger) -> bool:
    return trigger.kind == "deal_slipped" and value_of(trigger.amount) > 0


def _stake(pen: Pen, item: Adjustment, account: str) -> tuple[Figure | None, str]:
    """The gain that a sentence about the account can name, and the words around it."""
    for figure in item.gain:
        evidence = pen.of(figure)
        if evidence is not None and evidence.entity == account and figure.metric in _STAKES:
            return figure, _STAKES[figure.metric]
    return None, "what is at stake stands beside it"


_STAKES: Mapping[str, str] = {
    "net_spend_12m": "a spend of {{stake}} a year hangs on it",
    "last_order_amount": "the last order was worth {{stake}}",
    "open_pipeline": "{{stake}} of open pipeline hangs on it",
    "pipeline_moved": "{{stake}} of pipeline hangs on it",
    "open_potential": "{{stake}} of open potential is there to win",
    "potential_at_stake": "{{stake}} of potential hangs on it",
    "potential_of_accounts": "{{stake}} of potential hangs on it",
}


def _territory(
    pen: Pen, item: Adjustment, triggers: Mapping[str, Trigger], premises: Sequence[str]
) -> Claim | None:
    rep, key = f"rep:{item.rep_id}", f"adjustment.{item.number}"
    kinds = {triggers[key].kind for key in item.triggers if key in triggers}
    lead = "Draft the territory plan of {{name}} anew, "
    if "adherence_lost" in kinds:
        lead += "with fewer promises that will be kept"
    else:
        lead += "to follow what changed for everybody"
    parts: dict[str, Part] = {"name": pen.name(rep)}
    missing = named(item.gain, "bookings_missing")
    touched = named(item.gain, "potential_affected")
    room = named(item.gain, "open_potential_affected")
    cites = pen.all_of(figure.evidence_id for figure in item.cost if figure.evidence_id)
    return first(
        pen.write(
            key, "recommendation", rep,
            f"{lead}: {{{{missing}}}} of bookings that were due by now did not come.",
            {**parts, "missing": missing}, premises=premises, cites=cites,
        ),
        pen.write(
            key, "recommendation", rep,
            f"{lead}: accounts with {{{{touched}}}} of potential are touched.",
            {**parts, "touched": touched}, premises=premises, cites=cites,
        ),
        pen.write(
            key, "recommendation", rep,
            f"{lead}; {{{{room}}}} of open potential lies in this territory.",
            {**parts, "room": room}, premises=premises, cites=cites,
        ),
        pen.write(key, "recommendation", rep, f"{lead}.", parts, premises=premises, cites=cites),
    )  # fmt: skip


def _coverage(pen: Pen, item: Adjustment, premises: Sequence[str]) -> Claim | None:
    found, planned = (
        named(item.gain, "touch_hours_found"), named(item.cost, "touch_hours_planned")
    )  # fmt: skip
    evidence = pen.of(found)
    if evidence is None:
        return None
    missed = named(item.cost, "touch_hours_missed")
    return pen.write(
        f"adjustment.{item.number}", "recommendation", evidence.entity,
        "Plan with the hours that were found, {{found}} a touch and not {{planned}}: plans did "
        "not hold {{missed}} of the hours spent, and with honest hours they promise less.",
        {"found": found, "planned": planned, "missed": missed}, premises=premises,
    )  # fmt: skip


def _scenario(
    pen: Pen,
    item: Adjustment,
    opens: OpensScenario,
    triggers: Mapping[str, Trigger],
    premises: Sequence[str],
) -> Claim | None:
    key, event = f"adjustment.{item.number}", opens.event
    entity = _entity(pen, item)
    if entity is None:
        return None
    accounts, hours = named(item.cost, "accounts_affected"), named(item.cost, "hours_affected")
    broken = named(item.cost, "relationships_affected")
    parts: dict[str, Part] = {"accounts": accounts, "hours": hours, "broken": broken}
    name: Part = pen.name(entity)
    if event.kind == "rep_leaves":
        text = (
            "Open a scenario that finds owners for the {{accounts}} accounts of {{name}}: they ask "
            "for {{hours}} of work, {{broken}} long relationships break, and {{potential}} of "
            "potential waits. Touch no other account."
        )
        parts |= {"name": name, "potential": named(item.gain, "potential_affected")}
    elif event.kind == "rep_joins":
        text = (
            "Open a scenario that gives {{name}} a territory: a fair share holds {{room}} of open "
            "potential, and accounts that ask for {{hours}} of work change hands."
        )
        parts = {
            "name": name,
            "room": named(item.gain, "open_potential_affected"),
            "hours": hours,
        }
    elif event.kind == "acquisition":
        text = (
            "Open a scenario that puts the family of {{name}} under a single owner: {{accounts}} "
            "accounts change hands with {{hours}} of work, and {{broken}} long relationships "
            "break. The family holds {{potential}} of potential."
        )
        parts |= {"name": name, "potential": named(item.gain, "potential_affected")}
    elif event.kind == "new_product":
        text = (
            "Open a scenario that counts the new line in: its whitespace is worth {{worth}}. A "
            "call to each of {{accounts}} accounts takes {{hours}} of work; visit nobody for it "
            "alone."
        )
        parts = {"accounts": accounts, "hours": hours, "worth": item.gain[0]}
    else:
        now = next((triggers[key].after for key in item.triggers if key in triggers), None)
        text = (
            "Open a scenario around {{name}}, whose tier moved with its potential: {{now}} of "
            "potential asks for {{hours}} of work."
        )
        parts = {"name": name, "now": now, "hours": hours}
    return pen.write(key, "recommendation", entity, text, parts, premises=premises)


def _entity(pen: Pen, item: Adjustment) -> str | None:
    """What a scenario is about: what its cost was worked out for."""
    found = [pen.of(figure) for figure in item.cost]
    return next((evidence.entity for evidence in found if evidence is not None), None)


_AGAINST: Mapping[str, str] = {
    "spend_to_p75": "its spend is {{x}} the upper quarter of its peers already, so that more "
    "hours may buy little.",
    "load": "the hours of the rep are full already, with a load of {{x}}: something else has to "
    "give.",
    "alternative_open_potential": "other accounts of the same rep hold {{x}} of open potential "
    "that these hours could go to.",
    "open_potential_elsewhere": "the same hours would reach {{x}} of open potential in accounts "
    "that others own already.",
    "free_hours_elsewhere": "the team has {{x}} of hours left without any change.",
    "spend_affected": "a spend of {{x}} a year changes hands with it.",
    "newcomer_ramp": "at first a newcomer carries {{x}} of what others do.",
    "buyers_so_far": "{{x}} accounts have bought it so far.",
    "touches_read": "it rests on {{x}} touches and no more.",
    "bookings_actual": "bookings came to {{x}} without it, as much as was due by now.",
    "change_age_days": "what changed is at most {{x}} old, and may not last.",
}


def _against(pen: Pen, item: Adjustment) -> Claim | None:
    """Write the first counter-case that has words, the strongest standing first."""
    for figure in item.against:
        evidence = pen.of(figure)
        text = _AGAINST.get(figure.metric)
        if evidence is None or text is None:
            continue
        if figure.metric == "free_hours_elsewhere" and value_of(figure) < 0:
            text = "the team has {{x}} of hours left, which is to say none."
        if figure.metric == "load" and value_of(figure) <= 1:
            continue
        return pen.write(
            f"against.{item.number}", "metric", evidence.entity, f"Against it: {text}",
            {"x": figure},
        )  # fmt: skip
    return None
