"""Sentences of territory plans and reviews under the verifier: what fails is left out.

The checks, repairs and marks are those of `agent.verifier`. A plan of a quarter speaks of
many accounts and reps, so each sentence is checked with its own subject as the centre.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date

from agent.verifier.case import Case
from agent.verifier.check import check_claims
from agent.verifier.repair import repair_claim
from domain.coverage import CoverageModel
from domain.cycle import CycleOmission, CycleSection, DraftSentence, Sentence
from domain.evidence import Ledger
from domain.period import Period
from domain.plan import Claim, ClaimKind, Finding, Mark, Outcome
from domain.principal import Principal

UNSUPPORTED = Finding(check="2", effect="flag", message="No source supports it.")
"""On a sentence that states no figure and no name, and cites nothing."""
_LOST = Finding(
    check="2", effect="strike", message="It rested only on statements that were left out."
)
_SCREENED = Finding(
    check="screened", effect="strike", message="It rests on a sentence that was left out."
)
_KINDS: dict[ClaimKind, str] = {
    "fact": "A fact",
    "quote": "A quotation",
    "metric": "A figure",
    "recommendation": "A recommendation",
    "assumption": "An assumption",
}


def centre(claim: Claim) -> str:
    """Return the account, rep or other entity that a claim's subject is, or is a part of."""
    return claim.subject.split("/", 1)[0]


def judge(
    sentences: Sequence[DraftSentence],
    ledger: Ledger,
    reader: Principal,
    coverage: CoverageModel,
    *,
    as_of: date,
    period: Period,
    currency: str,
    subject_of: Callable[[Claim], str] = centre,
    left_out: Collection[str] = (),
) -> tuple[tuple[Sentence, ...], tuple[CycleOmission, ...]]:
    """Repair and check a draft's sentences, and strike until nothing is left to strike.

    Parameters
    ----------
    sentences
        As written, in reading order.
    ledger
        The run's frozen ledger, with document texts and vocabulary.
    reader
        Whose scope decides what may be cited.
    coverage
        Freshness limits and whatever else the checks ask of it.
    as_of
        Date of the book. The clock is never read.
    period
        The quarter; a figure of another time has to say so.
    currency
        ISO 4217 code of the book.
    subject_of
        Gives the entity at the centre of a claim, which the ledger counts as known: an
        account `account:1001`, a rep `rep:282`, a team `team:`.
    left_out
        Ids of evidence that no sentence may rest on, such as screened notes.

    Returns
    -------
    sentences, omissions
        What stands, in reading order, with outcome, mark and findings; and what was left
        out, in reading order, never with its words. A recommendation falls with the last
        statement it rested on, to a fixed point; a lost premise is taken off the others.
    """
    whole = Case(ledger, reader, coverage, "", as_of, period, currency)
    cases: dict[str, Case] = {}

    def case(claim: Claim) -> Case:
        about = subject_of(claim)
        if about not in cases:
            cases[about] = whole.about(about)
        return cases[about]

    mended = [repair_claim(item.claim, ledger, reader) for item in sentences]
    written = {item.claim.key for item in sentences}
    # By position, not by key: of two sentences with one key the first stands.
    standing = dict(enumerate(claim for claim, _ in mended))
    struck: dict[int, Finding] = {}
    while True:
        checked = dict(zip(standing, check_claims(list(standing.values()), case), strict=True))
        fallen = {
            at: reason
            for at, (claim, *_, findings) in checked.items()
            if (reason := _reason(claim, findings, left_out)) is not None
        }
        if not fallen:
            break
        struck |= fallen
        standing = {at: claim for at, claim in standing.items() if at not in fallen}
        standing, bare = _loosened(standing, written)
        struck |= dict.fromkeys(bare, _LOST)
    kept = tuple(
        _sentence(sentences[at].section, checked[at], tuple(mended[at][1])) for at in standing
    )
    return kept, tuple(_omission(sentences[at], struck[at]) for at in sorted(struck))


def _reason(claim: Claim, findings: Sequence[Finding], left_out: Collection[str]) -> Finding | None:
    """Return why a claim cannot stand, or None."""
    cited = {citation.evidence_id for citation in claim.citations}
    cited |= {slot.evidence_id for slot in claim.slots}
    if not cited.isdisjoint(left_out):
        return _SCREENED
    return next((item for item in findings if item.effect == "strike"), None)


def _loosened(
    standing: dict[int, Claim], written: Collection[str]
) -> tuple[dict[int, Claim], set[int]]:
    """Take premises that fell off the others, and drop recommendations left with nothing."""
    dropped: set[int] = set()
    while True:
        lost = set(written) - {claim.key for claim in standing.values()}
        bare = set()
        loosened = {}
        for at, claim in standing.items():
            kept = [key for key in claim.premises if key not in lost]
            if len(kept) < len(claim.premises):
                if claim.kind == "recommendation" and not kept and not claim.citations:
                    bare.add(at)
                    continue
                claim = claim.model_copy(update={"premises": kept})
            loosened[at] = claim
        standing = loosened
        dropped |= bare
        if not bare:
            return standing, dropped


def _sentence(
    section: CycleSection,
    checked: tuple[Claim, Outcome, Mark, tuple[Finding, ...]],
    repairs: tuple[Finding, ...],
) -> Sentence:
    claim, outcome, mark, findings = checked
    if not claim.citations and not claim.premises:
        outcome, mark, findings = "flagged", "none", (*findings, UNSUPPORTED)
    elif repairs and outcome == "supported":
        outcome = "repaired"
    return Sentence(
        section=section, claim=claim, outcome=outcome, mark=mark, findings=(*repairs, *findings)
    )


def _omission(item: DraftSentence, reason: Finding) -> CycleOmission:
    rival = reason.check == "competitor"
    return CycleOmission(
        section=item.section,
        what="A competitor statement" if rival else _KINDS[item.claim.kind],
        reason=reason.message,
        check=reason.check,
    )
