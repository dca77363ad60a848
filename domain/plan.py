"""Plans: what a writer may write, what the verifier found, and what is kept.

Writer schemas stay inside the strict subset of JSON Schema that model endpoints accept:
no open maps, every field required, no defaults (tests/domain/test_plan.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import Field

from domain.findings import PlanFinding
from domain.record import Record, content_hash

ClaimKind = Literal["fact", "quote", "metric", "recommendation", "assumption"]
SlotFormat = Literal[
    "money",
    "money_short",
    "percent",
    "change",
    "ratio",
    "number",
    "decimal",
    "hours",
    "days",
    "points",
    "date",
    "name",
    "text",
]
"""How a slot is written: `money` 96,720; `money_short` 96.7K; `percent` 35 % of a share;
`change` +35 % of a relative change; `ratio` 2.4x; `number` a whole count; `decimal` two
places; `hours` 4.5 h; `days` 91 days; `points` +14; `date` 14 Nov 2026; `name` and `text`
as stored."""

SectionKey = Literal[
    "where_we_stand", "why_now", "buying_group", "whitespace", "competition", "plays", "risks"
]
SECTION_TITLES: dict[SectionKey, str] = {
    "where_we_stand": "Where we stand",
    "why_now": "Why now",
    "buying_group": "Buying group",
    "whitespace": "Whitespace",
    "competition": "Competition",
    "plays": "90-day plays",
    "risks": "Risks and unknowns",
}
PlayKind = Literal["call", "email", "meeting", "visit", "demo", "internal"]
Resource = Literal[
    "rep", "inside_sales", "solution_engineering", "customer_success", "manager", "operations"
]


class Slot(Record):
    """A place in a claim's text that one evidence value fills."""

    name: str
    evidence_id: str
    format: SlotFormat


class Citation(Record):
    """Evidence a claim rests on; `quote` repeats words of a document span, or is null."""

    evidence_id: str
    quote: str | None


class Claim(Record):
    """A sentence a reader may act on, with the evidence it rests on."""

    key: str
    kind: ClaimKind
    subject: str = Field(description="The entity the sentence is about, as the evidence names it.")
    text: str = Field(description="Words only; figures, names and dates enter as {{slots}}.")
    slots: list[Slot]
    citations: list[Citation]
    premises: list[str] = Field(description="Keys of claims a recommendation rests on.")


class PersonRow(Record):
    """One line of the buying group: a contact, or a role that nobody fills yet."""

    contact: str | None = Field(description="Entity of the contact; null when the role is a gap.")
    role: str = Field(description="The part in a purchase, one of the roles named in the brief.")
    note: Claim | None = Field(description="What the person said, or how to fill the gap.")


class ProductRow(Record):
    """One line of the whitespace table; its figures are filled in from the ledger."""

    gap: str = Field(description="Entity of the gap, as the evidence names it.")


class Play(Record):
    """What to do with whom. Hours and dates are set by the scheduler, not by the writer."""

    key: str
    kind: PlayKind
    what: Claim
    contact: str | None = Field(description="Entity of the contact, or null.")
    done_by: Resource
    before: str | None = Field(description="Evidence id of a date this must precede, or null.")
    value: Claim | None = Field(description="Why the person would care, or null.")
    objection: Claim | None = Field(description="The objection to expect and its answer, or null.")
    done_when: Claim


class Milestone(Record):
    """A dated end of one or more plays; its date is that of the play named."""

    play: str
    what: Claim


class AccountPlanDraft(Record):
    """What a writer may write. Owners, hours, dates and status are ours to add."""

    account_id: str
    objective: Claim
    where_we_stand: list[Claim]
    why_now: list[Claim]
    buying_group: list[Claim]
    people: list[PersonRow]
    whitespace: list[Claim]
    products: list[ProductRow]
    competition: list[Claim]
    plays: list[Play] = Field(description="Most important first.")
    milestones: list[Milestone]
    success: list[Claim] = Field(description="How the period's result will be measured.")
    risks: list[Claim]
    against: Claim | None = Field(description="The strongest cited case against this plan.")
    unknowns: list[Claim] = Field(description="What the evidence could not answer.")

    def claims(self) -> Iterator[tuple[SectionKey, Claim]]:
        """Yield every claim with its section, in reading order; the objective counts as
        part of `where_we_stand`."""
        notes = [person.note for person in self.people if person.note]
        plays = [
            part
            for play in self.plays
            for part in (play.what, play.value, play.objection, play.done_when)
            if part
        ]
        plays += [milestone.what for milestone in self.milestones] + self.success
        against = [self.against] if self.against else []
        sections: tuple[tuple[SectionKey, list[Claim]], ...] = (
            ("where_we_stand", [self.objective, *self.where_we_stand]),
            ("why_now", self.why_now),
            ("buying_group", [*self.buying_group, *notes]),
            ("whitespace", self.whitespace),
            ("competition", self.competition),
            ("plays", plays),
            ("risks", [*self.risks, *against, *self.unknowns]),
        )
        for section, claims in sections:
            for claim in claims:
                yield section, claim

    def bullets(self) -> list[Claim]:
        """The narrative sentences that the budget of 12 counts."""
        return [
            *self.where_we_stand,
            *self.why_now,
            *self.buying_group,
            *self.whitespace,
            *self.competition,
            *self.risks,
            *([self.against] if self.against else []),
            *self.unknowns,
        ]


Outcome = Literal["supported", "repaired", "flagged", "struck"]
Mark = Literal["verified", "computed", "judgement", "weak", "none"]
"""`verified` a quote was found, `computed` a cell or arithmetic agrees, `judgement` a
recommendation or assumption resting on supported claims, `weak` check it yourself,
`none` a person typed it without a source."""


class Finding(Record):
    """One rule's remark on one claim. `check` names the rule, such as `6` or `competitor`."""

    check: str
    effect: Literal["repair", "flag", "strike", "block"]
    message: str


class ClaimResult(Record):
    """What the verifier made of one claim."""

    key: str
    section: SectionKey
    outcome: Outcome
    mark: Mark
    findings: tuple[Finding, ...] = ()


class Omission(Record):
    """Something left out, and why. Never holds the words that were left out."""

    section: SectionKey
    what: str
    reason: str
    check: str


class Blocker(Record):
    """What stands between this version and approval.

    `remedy` is `edit` (the text has to change), `waiver` (a written waiver lifts it) or
    `override` (a written override naming the missing hours lifts it).
    """

    code: str
    section: SectionKey
    message: str
    remedy: Literal["edit", "waiver", "override"]
    claim: str | None = None
    hours_missing: str | None = None


class Notice(Record):
    """A warning or remark that does not block."""

    code: str
    message: str
    section: SectionKey | None = None


class Report(Record):
    """The verifier's and the practicality rules' word on one draft."""

    claims: tuple[ClaimResult, ...]
    omissions: tuple[Omission, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    warnings: tuple[Notice, ...] = ()
    gaps: tuple[Notice, ...] = ()

    def result(self, key: str) -> ClaimResult | None:
        """Return the result for the claim called `key`."""
        return next((item for item in self.claims if item.key == key), None)


class ScheduledPlay(Record):
    """When a play is done and what it costs. Hours are decimal strings."""

    key: str
    starts: date
    due: date
    hours: str
    travel_hours: str
    done_by: str
    trip_with: tuple[str, ...] = ()


class CapacityWeek(Record):
    """One week of the rep's calendar, in hours."""

    week: date
    selling_hours: str
    committed_hours: str
    plan_hours: str


class Schedule(Record):
    """The plays fitted into the rep's weeks; all hours are decimal strings.

    `tier_hours` is what the tier gives this account in the period, `selling_hours` the
    rep's whole period after leave, `committed_hours` the rep's other active plans.
    """

    plays: tuple[ScheduledPlay, ...]
    weeks: tuple[CapacityWeek, ...]
    plan_hours: str
    tier_hours: str
    selling_hours: str
    committed_hours: str
    travel_note: str = ""


class WriterNote(Record):
    """Who wrote the draft, and at what cost."""

    writer: Literal["embedded", "model", "person"]
    model: str | None = None
    prompt: str | None = None
    prompt_version: int | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost: str | None = None
    notice: str = ""


class Remark(Record):
    """What a person asked for when a version was returned or revised."""

    person: str
    person_name: str
    section: SectionKey | None
    text: str


class PlanContent(Record):
    """Everything a plan version says. Its hash is what an approval binds.

    `plan_findings` are what people found out about the account; `findings_hash` names those of
    other plans that its figures were read under, `answers_hash` the answers to questions
    that its ledger carries. All are left out of the stored text while empty, so that a
    plan without them keeps the hash it always had.
    """

    schema_version: Literal[1] = 1
    kind: Literal["account"] = "account"
    account_id: str
    account_name: str
    owner_id: str
    owner_name: str
    tier: str
    tier_note: str
    depth: Literal["full", "light"]
    period_start: date
    period_end: date
    as_of: date
    currency: str
    book_id: str
    coverage_hash: str
    ledger_root: str
    draft: AccountPlanDraft
    schedule: Schedule
    report: Report
    writer: WriterNote
    remarks: tuple[Remark, ...] = ()
    plan_findings: tuple[PlanFinding, ...] = Field(default=(), exclude_if=lambda value: not value)
    findings_hash: str = Field(default="", exclude_if=lambda value: not value)
    answers_hash: str = Field(default="", exclude_if=lambda value: not value)

    @property
    def ground(self) -> tuple[str, str, str]:
        """Book, rules and findings of other plans it was drafted on, each by its hash."""
        return self.book_id, self.coverage_hash, self.findings_hash

    @property
    def plan_hash(self) -> str:
        """64 hexadecimal digits over the whole content."""
        return content_hash(self)


PlanStatus = Literal["in_review", "approved", "returned", "rejected", "superseded"]


class PlanVersion(Record):
    """One stored version: the content, and what the record adds to it."""

    plan_id: str
    version: int
    base_version: int | None
    status: PlanStatus
    content: PlanContent
    created_at: str
    created_by: str
    run_id: str | None
