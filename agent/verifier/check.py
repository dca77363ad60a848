"""The verifier: a pure function from a draft and its ledger to a report.

Fourteen checks and the competitor rule; docs/evidence.md lists them with an example
each. `settle` applies repair, check and strike until nothing is left to strike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from agent.verifier import fit, structure
from agent.verifier.blockers import blockers, gaps, is_stand_in, warnings
from agent.verifier.case import Case, Reading, flagged, struck
from agent.verifier.competitors import competitor
from agent.verifier.freshness import freshness
from agent.verifier.markup import markup
from agent.verifier.names import names
from agent.verifier.numerals import numerals
from agent.verifier.paraphrase import paraphrase
from agent.verifier.places import Place, walk
from agent.verifier.quotes import doubts, quotes
from agent.verifier.values import arithmetic, values
from domain.coverage import CoverageModel
from domain.evidence import Ledger
from domain.period import Period
from domain.plan import (
    AccountPlanDraft,
    Claim,
    ClaimResult,
    Finding,
    Mark,
    Outcome,
    Report,
)
from domain.principal import Principal

_BY_CLAIM = (
    structure.membership,
    quotes,
    numerals,
    values,
    fit.entity,
    fit.measure,
    fit.period,
    arithmetic,
    names,
    doubts,
    freshness,
    paraphrase,
    markup,
    competitor,
)
_STRIKES_A_PERSON = frozenset({"1", "3", "4", "14"})
"""Checks that strike even what a person typed: form, foreign evidence, and markup."""


def check_plan(
    draft: AccountPlanDraft,
    ledger: Ledger,
    reader: Principal,
    coverage: CoverageModel,
    *,
    as_of: date,
    period: Period,
    currency: str,
    repairs: Mapping[str, Sequence[Finding]] | None = None,
) -> Report:
    """Trace every claim of a draft to its evidence.

    Parameters
    ----------
    draft
        As written, or as `repair` left it.
    ledger
        The run's frozen ledger, with document texts and vocabulary.
    reader
        Whose scope decides what may be cited: the account's owner for a stored plan.
    coverage
        Freshness limits, wanted roles, the budget of bullets.
    as_of
        Date of the book. The clock is never read.
    period
        The plan's period.
    currency
        ISO 4217 code of the book.
    repairs
        What `repair` did, by claim key; told on the claims concerned.

    Returns
    -------
    Report
        One `ClaimResult` per claim, in the order of `draft.claims()`, followed by faults
        of table rows and plays under keys such as `people:2`. `outcome` is `struck` when
        any rule strikes, `flagged` when any flags or blocks, `repaired`, else
        `supported`. `omissions` is empty here: `strike` fills it.
    """
    case = Case(ledger, reader, coverage, f"account:{draft.account_id}", as_of, period, currency)
    places = list(walk(draft))
    claims: dict[str, Claim] = {}
    for place in places:
        claims.setdefault(place.claim.key, place.claim)
    readings = [Reading(place, case) for place in places]
    seen: set[str] = set()
    results = []
    for reading in readings:
        findings = _findings(reading, claims, seen)
        if reading.place.role == "play":
            findings += structure.contact_named(reading.place, draft, reading)
        findings = _settled(reading, findings)
        seen.add(reading.claim.key)
        repaired = (repairs or {}).get(reading.claim.key, ())
        outcome, mark = _verdict(reading, [*repaired, *findings])
        results.append(
            ClaimResult(
                key=reading.claim.key,
                section=reading.place.section,
                outcome=outcome,
                mark=mark,
                findings=(*repaired, *findings),
            )
        )
    return Report(
        claims=(*results, *structure.rows(draft, case)),
        blockers=tuple(blockers(draft, readings, results, case)),
        warnings=tuple(warnings(draft, readings, results, case)),
        gaps=tuple(gaps(draft, results)),
    )


def check_claims(
    claims: Sequence[Claim], cases: Callable[[Claim], Case]
) -> list[tuple[Claim, Outcome, Mark, tuple[Finding, ...]]]:
    """Trace claims that are part of no plan, such as the sentences of an answer.

    Parameters
    ----------
    claims
        In reading order; keys differ.
    cases
        Gives each claim what it is checked against: ledger, reader, rules, and the account
        it is about.

    Returns
    -------
    list
        Each claim with its outcome, its mark and what the checks found. The plan's own
        rules (contacts of plays, blockers, bullets) do not apply.
    """
    known = {claim.key: claim for claim in claims}
    seen: set[str] = set()
    results = []
    for number, claim in enumerate(claims):
        reading = Reading(Place("where_we_stand", "narrative", number, claim), cases(claim))
        findings = _settled(reading, _findings(reading, known, seen))
        seen.add(claim.key)
        results.append((claim, *_verdict(reading, findings), tuple(findings)))
    return results


def _findings(reading: Reading, claims: dict[str, Claim], seen: set[str]) -> list[Finding]:
    place = reading.place
    if place.role == "objective" and is_stand_in(place.claim):
        return [flagged("2", "The objective that was drafted could not be supported.")]
    findings = list(structure.form(reading, seen))
    findings += structure.support(reading, claims)
    for check in _BY_CLAIM:
        findings += check(reading)
    return findings


def _settled(reading: Reading, findings: list[Finding]) -> list[Finding]:
    if reading.parts is None and not any(finding.effect == "strike" for finding in findings):
        findings.append(struck("7", "A slot cannot be written."))
    if reading.typed_by is not None:
        findings = [_softened(finding) for finding in findings]
    return list(dict.fromkeys(findings))


def _softened(finding: Finding) -> Finding:
    """Keep what a person typed on the page: most strikes become flags."""
    if finding.effect != "strike" or finding.check in _STRIKES_A_PERSON:
        return finding
    message = "A figure or name in it is not traced." if finding.check in "6 10" else None
    return finding.model_copy(update={"effect": "flag", "message": message or finding.message})


def _verdict(reading: Reading, findings: Sequence[Finding]) -> tuple[Outcome, Mark]:
    effects = {finding.effect for finding in findings}
    outcome: Outcome = "supported"
    if "strike" in effects:
        outcome = "struck"
    elif effects & {"flag", "block"}:
        outcome = "flagged"
    elif effects:
        outcome = "repaired"
    return outcome, _mark(reading, outcome)


def _mark(reading: Reading, outcome: Outcome) -> Mark:
    if outcome == "struck" or reading.typed_by is not None or _stands_in(reading.place):
        return "none"
    if outcome == "flagged":
        return "weak"
    claim = reading.claim
    if claim.kind in ("recommendation", "assumption"):
        return "judgement"
    spoken = [item.id for item in reading.facts if item.kind in ("document", "human")]
    shown = {slot.evidence_id for slot in claim.slots if slot.format == "text"}
    quoted = any(citation.quote for citation in claim.citations)
    if claim.kind == "quote" or quoted or shown.intersection(spoken):
        return "verified"
    if spoken:
        return "weak"  # retold, not quoted: a reader should compare
    return "computed"


def _stands_in(place: Place) -> bool:
    return place.role == "objective" and is_stand_in(place.claim)
