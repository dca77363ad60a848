"""What stands between a plan and approval, what only warns, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from agent.render import SLOT
from agent.verifier.case import Case, Reading
from agent.verifier.competitors import CHECK
from agent.verifier.freshness import is_stale
from domain.evidence import Evidence
from domain.plan import (
    SECTION_TITLES,
    AccountPlanDraft,
    Blocker,
    Claim,
    ClaimResult,
    Notice,
    SectionKey,
)

NO_OBJECTIVE = "No objective: the one that was drafted could not be supported."
"""Text of the claim that stands in for an objective that was struck."""

_GROWTH = re.compile(
    r"\b(?:grow\w*|add(?:s|ed|ing)?|additional|increas\w+|expan\w+|extra|upsell\w*|new|more|win"
    r"|reach|target|raise)\b",
    re.IGNORECASE,
)
_KEEPING = re.compile(r"\b(?:protect|keep|hold|retain|defend|secure|renew)\w*\b", re.IGNORECASE)
_LEVEL = re.compile(
    r"\b(?:grow|raise|increase|expand|lift|bring)\w*\b.*\bto\b|\breach(?:es)?\s+(?:about\s+)?$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;.]\s|\band then\b|\bthen\b")
_AMOUNT = re.compile(
    r"(?:[$€£]\s?)?(\d{1,3}(?:[ ,']\d{3})+|\d+(?:\.\d+)?)\s?(k|m|thousand|million)?\b",
    re.IGNORECASE,
)
_SIZES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_NOT_A_TARGET = frozenset({"potential_p50", "net_spend_12m", "net_spend_prior_12m", "worth"})

_GAPS: dict[SectionKey, str] = {
    "where_we_stand": "The evidence does not show where we stand with this account.",
    "why_now": "Nothing in the evidence gives a reason to act now.",
    "buying_group": "Nothing in the evidence says who decides here.",
    "whitespace": "Nothing in the evidence shows what this account could buy besides.",
    "competition": "Nothing verifiable about competitors is on file.",
    "plays": "No play could be supported by the evidence.",
    "risks": "The evidence names no risk and no case against this plan.",
}


def blockers(
    draft: AccountPlanDraft, readings: Sequence[Reading], results: Sequence[ClaimResult], case: Case
) -> Iterator[Blocker]:
    """Yield what blocks approval, in reading order. Struck claims block nothing."""
    if is_stand_in(draft.objective):
        yield Blocker(
            code="no_objective",
            section="where_we_stand",
            message="The plan has no objective. Write one that the evidence supports.",
            remedy="edit",
            claim=draft.objective.key,
        )
    stale = _stale_claims(readings, case)
    for reading, result in zip(readings, results, strict=True):
        if result.outcome == "struck":
            continue
        claim, place = reading.claim, reading.place
        if any(finding.check == CHECK for finding in result.findings):
            yield Blocker(
                code="competitor_unsourced",
                section=place.section,
                message="A statement about a competitor has no published, dated source.",
                remedy="edit",
                claim=claim.key,
            )
        over = _over_potential(reading)
        if over:
            yield Blocker(
                code="target_over_potential",
                section=place.section,
                message=over,
                remedy="edit",
                claim=claim.key,
            )
        if claim.key in stale and _rests_on(reading):
            yield Blocker(
                code="stale_evidence",
                section=place.section,
                message=f"{_what(reading)} rests on evidence that is older than the coverage "
                "model allows.",
                remedy="waiver",
                claim=claim.key,
            )


def warnings(
    draft: AccountPlanDraft, readings: Sequence[Reading], results: Sequence[ClaimResult], case: Case
) -> Iterator[Notice]:
    """Yield what a reviewer should know and may accept."""
    for reading, result in zip(readings, results, strict=True):
        if result.outcome == "struck" or _rests_on(reading):
            continue
        if any(is_stale(item, case) for item in reading.facts):
            yield Notice(
                code="stale_evidence",
                section=reading.place.section,
                message=f"A statement under {SECTION_TITLES[reading.place.section]} rests on "
                "evidence that is older than the coverage model allows.",
            )
    held = {person.role for person in draft.people if person.contact is not None}
    for role in case.coverage.planning.roles_wanted:
        if role not in held:
            yield Notice(
                code="missing_role",
                section="buying_group",
                message=f"Nobody on file is known as {role}.",
            )
    count, most = len(draft.bullets()), case.coverage.planning.bullets
    if count > most:
        yield Notice(code="too_long", message=f"{count} bullets, and {most} is the most.")


def gaps(draft: AccountPlanDraft, results: Sequence[ClaimResult]) -> Iterator[Notice]:
    """Name every section that holds no supported claim."""
    supported = {item.section for item in results if item.outcome in ("supported", "repaired")}
    if is_stand_in(draft.objective):
        supported -= {"where_we_stand"}
        supported |= {
            item.section
            for item in results
            if item.outcome in ("supported", "repaired") and item.key != draft.objective.key
        }
    for section, sentence in _GAPS.items():
        if section in supported:
            continue
        shown = (section == "buying_group" and any(p.contact for p in draft.people)) or (
            section == "whitespace" and draft.products
        )
        weak = any(item.section == section and item.outcome == "flagged" for item in results)
        if shown:
            sentence = "No sentence here could be supported; the table shows what is on file."
        elif weak:
            sentence = "Nothing here is fully supported; check every statement."
        yield Notice(code="gap", section=section, message=sentence)


def is_stand_in(objective: Claim) -> bool:
    """Say whether an objective was struck and only its place is held."""
    return objective.kind == "assumption" and objective.text == NO_OBJECTIVE


def _rests_on(reading: Reading) -> bool:
    """Say whether a stale fact under this claim blocks: objective, target, recommendation."""
    return (
        reading.place.role in ("objective", "success", "milestone")
        or reading.claim.kind == "recommendation"
    )


def _what(reading: Reading) -> str:
    names = {"objective": "The objective", "success": "A target", "milestone": "A milestone"}
    return names.get(reading.place.role, "A recommendation")


def _stale_claims(readings: Sequence[Reading], case: Case) -> set[str]:
    """Return the keys of claims that rest on stale evidence, through premises too."""
    stale = {
        reading.claim.key
        for reading in readings
        if any(is_stale(item, case) for item in reading.facts)
    }
    growing = True
    while growing:
        more = {
            reading.claim.key
            for reading in readings
            if reading.claim.key not in stale and stale & set(reading.claim.premises)
        }
        stale |= more
        growing = bool(more)
    return stale


def _over_potential(reading: Reading) -> str | None:
    """Return what is wrong when an objective or measure aims above the open potential."""
    if reading.place.role not in ("objective", "success", "milestone"):
        return None
    case = reading.case
    room = _newest(case, "open_potential")
    if room is None:
        return None
    spend = _newest(case, "net_spend_12m")
    for amount, level in _targets(reading):
        growth = amount - Decimal(spend.value) if level and spend is not None else amount
        if growth > Decimal(room.value):
            return "The growth target is above the open potential of the account."
    return None


def _newest(case: Case, metric: str) -> Evidence | None:
    found = case.cells.get((case.account, metric))
    return found[-1] if found else None


def _targets(reading: Reading) -> Iterator[tuple[Decimal, bool]]:
    """Yield the amounts a sentence wants to grow by (False) or to (True)."""
    text = reading.claim.text
    for filled in reading.filled:
        item = filled.evidence
        if item is None or item.unit != "money":
            continue
        clause = _clause_before(text, filled.match.start())
        named = "target" in item.metric
        if item.metric in _NOT_A_TARGET and not _LEVEL.search(clause):
            continue
        if named or (_GROWTH.search(clause) and not _KEEPING.search(clause)):
            yield Decimal(item.value), bool(_LEVEL.search(clause))
    if reading.typed_by is None:
        return
    for match in _AMOUNT.finditer(SLOT.sub(" ", text)):
        clause = _clause_before(SLOT.sub(" ", text), match.start())
        if not _GROWTH.search(clause) or _KEEPING.search(clause):
            continue
        try:
            amount = Decimal(re.sub(r"[ ,']", "", match.group(1)))
        except InvalidOperation:
            continue
        money = match.group().strip()[:1] in "$€£" or match.group(2)
        if money or amount >= 1_000:
            amount *= _SIZES.get((match.group(2) or "").lower(), 1)
            yield amount, bool(_LEVEL.search(clause.rstrip("$€£ ") + " "))


def _clause_before(text: str, at: int) -> str:
    starts = [match.end() for match in _CLAUSE.finditer(text, 0, at)]
    return text[starts[-1] if starts else 0 : at]
