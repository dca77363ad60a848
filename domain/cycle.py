"""What plans of a quarter share: traced figures, judged sentences, versions.

Two kinds: a territory plan (one rep's quarter, or a team's work on one customer) and a
review (plan against what happened). Both are drafted, checked and decided like account
plans; their tables come from analyses, and a writer, model or not, adds sentences only.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from domain.evidence import Evidence, Unit
from domain.plan import Claim, Finding, Mark, Outcome, PlanStatus
from domain.record import Record

CycleKind = Literal["territory", "review"]
CycleSection = Literal[
    "summary",
    "assessment",
    "segmentation",
    "opportunities",
    "strategy",
    "activities",
    "resources",
    "metrics",
    "figures",
    "changes",
    "adjustments",
    "carried",
]
TERRITORY_SECTIONS: dict[CycleSection, str] = {
    "summary": "The quarter in one line",
    "assessment": "1. Assessment",
    "segmentation": "2. Segmentation",
    "opportunities": "3. Opportunities",
    "strategy": "4. Strategy",
    "activities": "5. Activities",
    "resources": "6. Resources",
    "metrics": "7. Metrics and milestones",
}
"""The seven steps of a territory plan, under a summary."""
REVIEW_SECTIONS: dict[CycleSection, str] = {
    "summary": "Summary",
    "figures": "Plan and actual",
    "changes": "What changed",
    "adjustments": "What we propose",
    "carried": "Carried forward",
}


class Figure(Record):
    """One value of a table, with the evidence that says so.

    `value` is canonical text as evidence writes it. It is null where the value is unknown;
    then there is no evidence, and `note` says why.
    """

    metric: str
    label: str
    unit: Unit
    value: str | None
    evidence_id: str | None
    note: str = ""

    @classmethod
    def of(cls, evidence: Evidence, label: str, note: str = "") -> Self:
        """Show one piece of evidence under a label."""
        return cls(
            metric=evidence.metric,
            label=label,
            unit=evidence.unit,
            value=evidence.value,
            evidence_id=evidence.id,
            note=note,
        )

    @classmethod
    def unknown(cls, metric: str, label: str, unit: Unit, note: str) -> Self:
        """Say that a value is unknown, and why."""
        return cls(metric=metric, label=label, unit=unit, value=None, evidence_id=None, note=note)


class DraftSentence(Record):
    """A sentence a writer proposes, and the section it belongs to."""

    section: CycleSection
    claim: Claim


class CycleDraft(Record):
    """What a writer may write of a territory plan or a review: sentences, nothing else."""

    sentences: list[DraftSentence] = Field(description="In reading order; keys differ.")


class Sentence(Record):
    """A sentence that stands, and what the verifier made of it."""

    section: CycleSection
    claim: Claim
    outcome: Outcome
    mark: Mark
    findings: tuple[Finding, ...] = ()


class CycleOmission(Record):
    """Something left out, and why. Never holds the words that were left out."""

    section: CycleSection
    what: str
    reason: str
    check: str


class CycleBlocker(Record):
    """What stands between this version and approval; `remedy` as in `domain.plan.Blocker`."""

    code: str
    section: CycleSection
    message: str
    remedy: Literal["edit", "waiver", "override"]
    claim: str | None = None
    hours_missing: str | None = None


class CycleNotice(Record):
    """A remark that does not block."""

    code: str
    section: CycleSection
    message: str


class CycleReport(Record):
    """The word of the verifier and of the practicality rules on one version."""

    sentences: tuple[Sentence, ...]
    omissions: tuple[CycleOmission, ...] = ()
    blockers: tuple[CycleBlocker, ...] = ()
    notices: tuple[CycleNotice, ...] = ()

    def of(self, section: CycleSection) -> tuple[Sentence, ...]:
        """Return the sentences of one section, in order."""
        return tuple(item for item in self.sentences if item.section == section)

    def sentence(self, key: str) -> Sentence | None:
        """Return the sentence whose claim has this key, or None."""
        return next((item for item in self.sentences if item.claim.key == key), None)


CycleStatus = PlanStatus
