"""Checks 1 to 4: form, support, and whether what is cited may be cited at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.render import SLOT
from agent.verifier.case import Case, Reading, flagged, struck
from agent.verifier.places import Place
from domain.plan import AccountPlanDraft, Claim, ClaimResult, Finding, SectionKey
from domain.tables import CONTACT_ROLES

_SLOT_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_TEXT = 700
"""Characters a sentence's text may have, slots counted as written."""


def form(reading: Reading, seen: set[str]) -> Iterator[Finding]:
    """Check 1: one key each, every slot declared, used and filled, a subject that exists."""
    claim = reading.claim
    if claim.key in seen:
        yield struck("1", "Another statement of this plan has the same key.")
    if not claim.text.strip():
        yield struck("1", "It is empty.")
    if len(claim.text) > LONGEST_TEXT:
        yield struck("1", f"It is longer than {LONGEST_TEXT} characters.")
    used = [match.group(1) for match in SLOT.finditer(claim.text)]
    declared = [slot.name for slot in claim.slots]
    if set(used) - set(declared) or "{{" in (rest := SLOT.sub("", claim.text)) or "}}" in rest:
        yield struck("1", "A slot in the text is not declared.")
    if set(declared) - set(used):
        yield struck("1", "A declared slot is not used in the text.")
    if len(set(declared)) != len(declared) or not all(map(_SLOT_NAME.fullmatch, declared)):
        yield struck("1", "Slot names must differ and be lower-case words.")
    if not reading.case.knows(claim.subject):
        yield struck("8", "The ledger knows nothing of what it says it is about.")


def support(reading: Reading, claims: dict[str, Claim]) -> Iterator[Finding]:
    """Check 2: facts cite, recommendations rest on something, slots are cited."""
    claim = reading.claim
    cited = {citation.evidence_id for citation in claim.citations}
    if claim.kind in ("fact", "quote", "metric") and not cited:
        yield struck("2", f"A {claim.kind} needs a citation, and it has none.")
    elif {slot.evidence_id for slot in claim.slots} - cited:
        yield struck("2", "The evidence behind a slot is not among its citations.")
    if claim.kind == "metric" and not any(
        filled.slot.format not in ("name", "text") for filled in reading.filled
    ):
        yield flagged("2", "It is called a metric but states no figure.")
    premises = [key for key in claim.premises if key != claim.key and key in claims]
    if claim.kind == "recommendation" and not cited and not premises:
        yield struck("2", "A recommendation needs a premise or a citation, and it has none.")
    elif len(premises) != len(claim.premises):
        yield flagged("2", "It names a premise that is not a statement of this plan.")
    if claim.kind == "recommendation" and not grounded(claim, claims):
        yield struck("2", "Its premises rest on each other and on no evidence.")
    if reading.typed_by is not None:
        yield flagged("2", "A person typed this; no source supports it.")


def grounded(claim: Claim, claims: dict[str, Claim]) -> bool:
    """Say whether a claim's chain of premises ends in something other than itself."""
    waiting, seen = [claim], {claim.key}
    while waiting:
        item = waiting.pop()
        if item.citations or item.kind != "recommendation":
            return True
        for key in item.premises:
            if key not in seen and key in claims:
                seen.add(key)
                waiting.append(claims[key])
    return not claim.premises


def membership(reading: Reading) -> Iterator[Finding]:
    """Checks 3 and 4: every id is in this ledger, unaltered, and the reader may read it.

    Missing and foreign evidence read alike, so that the report tells nobody what exists.
    """
    case, claim = reading.case, reading.claim
    ids = {slot.evidence_id for slot in claim.slots}
    ids.update(citation.evidence_id for citation in claim.citations)
    unusable = {key for key in ids if case.usable(key) is None}
    if not unusable:
        return
    hidden = any(
        (found := case.ledger.entries.get(key)) is not None and not case.may_read(found)
        for key in unusable
    )
    yield struck("4" if hidden else "3", "It cites evidence that is not in this plan's ledger.")


def rows(draft: AccountPlanDraft, case: Case) -> list[ClaimResult]:
    """Check the entities that tables and plays point at, outside any claim.

    Only rows with a fault are returned, under keys such as `people:2`, `products:0`,
    `plays:1:contact`, `plays:1:before`, `milestones:0`.
    """
    faults: list[ClaimResult] = []

    def fault(key: str, section: SectionKey, check: str, message: str) -> None:
        finding = struck(check, message)
        faults.append(
            ClaimResult(
                key=key, section=section, outcome="struck", mark="none", findings=(finding,)
            )
        )

    known = {entity for entity, _ in case.cells}
    roles = {*CONTACT_ROLES, *case.coverage.planning.roles_wanted}
    for index, person in enumerate(draft.people):
        if person.contact is not None and not _part(person.contact, case, known, "contact"):
            fault(f"people:{index}", "buying_group", "3", "The person is not in this ledger.")
        elif person.contact is None and person.role not in roles:
            fault(f"people:{index}", "buying_group", "1", "The role is not one the CRM knows.")
    gaps: set[str] = set()
    for index, product in enumerate(draft.products):
        if not _part(product.gap, case, known, "gap"):
            fault(f"products:{index}", "whitespace", "3", "The gap is not in this ledger.")
        elif product.gap in gaps:
            fault(f"products:{index}", "whitespace", "1", "The gap is listed twice.")
        gaps.add(product.gap)
    keys: set[str] = set()
    for index, play in enumerate(draft.plays):
        if play.key in keys:
            fault(f"plays:{index}", "plays", "1", "Another play has the same key.")
        keys.add(play.key)
        if play.contact is not None and not _part(play.contact, case, known, "contact"):
            fault(f"plays:{index}:contact", "plays", "3", "The person is not in this ledger.")
        if play.before is not None:
            fact = case.usable(play.before)
            if fact is None or fact.unit != "date":
                fault(f"plays:{index}:before", "plays", "3", "The date is not in this ledger.")
    for index, milestone in enumerate(draft.milestones):
        if milestone.play not in keys:
            fault(f"milestones:{index}", "plays", "1", "It names no play of this plan.")
    return faults


def _part(entity: str, case: Case, known: set[str], kind: str) -> bool:
    return entity in known and entity.startswith(f"{case.account}/{kind}:")


def contact_named(place: Place, draft: AccountPlanDraft, reading: Reading) -> Iterator[Finding]:
    """Check 8 for a play: when it names people, the play's own contact is one of them."""
    contact = draft.plays[place.row].contact
    named = {
        filled.evidence.entity
        for filled in reading.filled
        if filled.evidence is not None and "/contact:" in filled.evidence.entity
    }
    if contact is not None and named and contact not in named:
        yield flagged("8", "The play is with one person and names another.")
