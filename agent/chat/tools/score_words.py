"""What the facts of a score card are called in a sentence, and what each of them tells.

Labels of a card are people's words and may hold figures, which no sentence may type. So a
fact is named by one closed list; what a company adds to its card is named by its key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.chat.tools.looked_up import LookedUp
from domain.evidence import Unit
from domain.plan import ClaimKind, SlotFormat

PHRASES: Mapping[str, str] = {
    "potential_p50": "the potential of comparable accounts",
    "open_potential": "its open potential",
    "days_since_order": "how recently it ordered",
    "spend_change_12m": "how its spend moved",
    "product_lines_12m": "the range it buys",
    "days_since_touch": "how recently it was met",
    "intent_90d": "outside signals of intent",
    "cycle": "where its buying cycle stands",
    "access": "the most senior level known there",
    "supportive_contacts": "the contacts who support us",
    "opposed_contacts": "the contacts who oppose us",
    "segment": "its kind of business",
    "employees": "its size",
    "target_segment": "our target segments",
}
_TOLD: Mapping[str, tuple[str, str, SlotFormat]] = {
    "potential_p50": (
        "potential_p50", "Its potential is {{x}} a year, by accounts like it.", "money_short",
    ),
    "open_potential": ("open_potential", "Open potential is {{x}} a year.", "money_short"),
    "days_since_order": ("days_since_order", "Its last order is {{x}} back.", "days"),
    "spend_change_12m": (
        "spend_change_12m",
        "Its net spend over the past year moved by {{x}} against the year before.",
        "change",
    ),
    "product_lines_12m": (
        "product_lines_12m", "Product lines bought in the past year: {{x}}.", "number",
    ),
    "days_since_touch": ("days_since_touch", "The last touch is {{x}} back.", "days"),
    "intent_90d": (
        "intent_90d", "Outside signals of intent reached level {{x}} in 90 days.", "number",
    ),
    "cycle": ("cycle_basis", "Its buying cycle shows in {{x}}.", "text"),
    "access": ("access", "The most senior level known there is {{x}}.", "text"),
    "supportive_contacts": ("supportive_contacts", "Supportive contacts on file: {{x}}.", "number"),
    "opposed_contacts": ("opposed_contacts", "Opposed contacts on file: {{x}}.", "number"),
    "target_segment": ("target_segment", "It belongs to a target segment: {{x}}.", "text"),
}  # fmt: skip
_FIELDS: Mapping[str, tuple[str, SlotFormat]] = {
    "segment": ("Its kind of business is {{x}}.", "text"),
    "employees": ("Employees on record: {{x}}.", "number"),
}
_WORDS = re.compile(r"[a-z]+(?: [a-z]+)*")


def phrase(fact: str) -> str:
    """Return what a fact of the card is called in the middle of a sentence."""
    known = PHRASES.get(fact)
    if known is not None:
        return known
    words = re.sub(r"_\d+[a-z]*\b|_p\d+\b", "", fact).replace("_", " ").replace(" & ", " with ")
    return f"its {words}" if _WORDS.fullmatch(words) else "another fact of the card"


def tell_fact(look: LookedUp, key: str, account_id: str, fact: str) -> bool:
    """Say what is known of a fact; False where nothing is."""
    entity = f"account:{account_id}"
    if fact in _FIELDS:
        text, form = _FIELDS[fact]
        counted = form == "number"
        unit: Unit = "count" if counted else "name"
        found = look.field("accounts", account_id, entity, fact, unit)
        return look.say(key, "metric" if counted else "fact", entity, text, x=(found, form))
    if fact not in _TOLD:
        return False
    metric, text, form = _TOLD[fact]
    kind: ClaimKind = "fact" if form == "text" else "metric"
    return look.say(key, kind, entity, text, x=(look.cell(entity, metric), form))
