"""The sentences of a handover pack, section by section, before they are checked."""

from __future__ import annotations

from collections.abc import Iterator

from agent.answered import answered, open_conflicts
from agent.case import Case, Person
from agent.claims import Filled
from agent.handover.plays import PlayEvidence
from agent.handover.touches import Touches
from agent.playbooks import OPEN_STAGES
from agent.sections import where_we_stand
from domain.evidence import Evidence
from domain.plan import Claim, SlotFormat

MOST_PEOPLE = 12
_PART = {"role": "{{role}}", "level": "{{level}}", "influence": "{{influence}} influence"}
_FORMS: dict[str, SlotFormat] = {
    "title": "text", "role": "text", "level": "text", "influence": "text", "attitude": "text",
    "last_contact": "date",
}  # fmt: skip


def relationships(case: Case, touches: Touches) -> list[Claim]:
    """Each contact with part, stance and who of ours met them; then our people's touches."""
    claims = []
    for number, person in enumerate(case.people[:MOST_PEOPLE]):
        claims.append(_person(case, person, number))
        met = touches.by_contact.get(person.entity.rpartition(":")[2])
        if met is not None:
            claims.append(
                case.claim(
                    f"met.{number}", "metric",
                    "{{rep}} met {{name}} most: touches {{n}}, the last contact on {{last}}.",
                    rep=(met.name, "name"), name=(person.name, "name"),
                    n=(met.touches, "number"), last=(met.last, "date"),
                )
            )  # fmt: skip
    for number, met in enumerate(touches.by_rep):
        claims.append(
            case.claim(
                f"ours.{number}", "metric",
                "Of our people, {{rep}}: touches with the account {{n}}, the last on {{last}}.",
                rep=(met.name, "name"), n=(met.touches, "number"), last=(met.last, "date"),
            )
        )  # fmt: skip
    return claims


def _person(case: Case, person: Person, number: int) -> Claim:
    cells = {field: case.cell(field, person.entity) for field in _FORMS}
    slots: dict[str, Filled] = {"name": (person.name, "name")}
    slots |= {field: (cell, _FORMS[field]) for field, cell in cells.items() if cell is not None}
    text = "{{name}}" + (", {{title}}" if "title" in slots else "")
    part = ", ".join(words for field, words in _PART.items() if field in slots)
    text += f" ({part})" if part else ""
    text += ", stance {{attitude}}" if "attitude" in slots else ", stance not on file"
    text += (
        ", last contact on {{last_contact}}."
        if "last_contact" in slots
        else ", with no contact date."
    )
    return case.claim(f"person.{number}", "fact", text, slots=slots)


def plays(case: Case, found: list[PlayEvidence]) -> list[Claim]:
    """Each play of the last approved plan; one whose day has passed says so."""
    claims = []
    for number, play in enumerate(found):
        lead = "Was due on {{due}}, and nothing here says whether it was done"
        if not play.overdue:
            lead = "Due on {{due}}"
        claims.append(
            case.claim(
                f"play.{number}", "fact",
                lead + ": “{{what}}” It is done when: “{{done}}”",
                due=(play.due, "date"), what=(play.what, "text"), done=(play.done_when, "text"),
            )
        )  # fmt: skip
    return claims


def promised(case: Case, key: str, sentences: list[Evidence]) -> list[Claim]:
    """Each promise in its speaker's words, with author and date."""
    return [case.quote(f"{key}.{number}", item) for number, item in enumerate(sentences)]


def business(case: Case) -> list[Claim]:
    """Spend and rhythm of orders as a plan tells them, then each open deal."""
    return [*where_we_stand(case), *_deals(case)]


def _deals(case: Case) -> Iterator[Claim]:
    found = sorted(
        item.entity
        for item in case.ledger.of_entity(case.subject)
        if "/opportunity:" in item.entity and item.metric == "stage" and item.value in OPEN_STAGES
    )
    for number, deal in enumerate(found):
        name, stage = case.cell("name", deal), case.cell("stage", deal)
        if name is None or stage is None:
            continue
        slots: dict[str, Filled] = {"deal": (name, "name"), "stage": (stage, "text")}
        text = "The deal {{deal}} is in {{stage}}"
        amount, closes = case.cell("amount", deal), case.cell("closes", deal)
        if amount is not None:
            slots["amount"], text = (amount, "money_short"), text + ", worth {{amount}}"
        if closes is not None:
            slots["closes"], text = (closes, "date"), text + ", expected to close on {{closes}}"
        yield case.claim(f"deal.{number}", "fact", text + ".", slots=slots)


def asked(case: Case) -> list[Claim]:
    """Notes that disagree, and what was answered about others."""
    found = [
        case.claim(
            f"asked.{number}", "quote",
            "Notes disagree; ask which holds: “{{a}}” or “{{b}}”",
            a=(first, "text"), b=(second, "text"),
        )
        for number, (first, second) in enumerate(open_conflicts(case))
    ]  # fmt: skip
    return [*found, *answered(case)]


def stale(case: Case, documents: list[str]) -> list[Claim]:
    """Each document that is too old to rest a decision on."""
    claims = []
    for number, entity in enumerate(documents):
        title, day = case.cell("title", entity), case.cell("published", entity)
        if title is not None and day is not None:
            claims.append(
                case.claim(
                    f"stale.{number}", "fact",
                    "“{{title}}” of {{day}} is older than the coverage model allows; ask again "
                    "before anything rests on it.",
                    title=(title, "text"), day=(day, "date"),
                )
            )  # fmt: skip
    return claims
