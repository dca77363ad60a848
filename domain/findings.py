"""Findings: what a plan found out about its account that the CRM does not say.

A person adds them to a plan in words. Once a version of the plan is approved they enter
the analyses, each traced to that version and its decision; see `docs/methodology.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import Field, field_validator

from domain.record import Record, content_hash, decimal_string

Level = Literal["executive", "director", "manager", "staff"]
Attitude = Literal["supportive", "neutral", "opposed"]
Role = Literal[
    "economic buyer", "purchasing", "technical evaluator", "user", "champion", "executive sponsor"
]
OpenStage = Literal["prospecting", "qualification", "proposal", "negotiation"]

FindingState = Literal["in_force", "stale", "in_crm", "replaced", "lapsed", "ahead", "no_account"]
"""Whether a finding of an approved plan is applied, or why not; see `tools.finding_states`."""

LONGEST_REASON = 500
LONGEST_NAME = 120
MOST_FINDINGS = 20
MOST_MONEY = Decimal("1e12")


def money_string(value: str) -> str:
    """Write an amount as a decimal of at most two places; ValueError below or at nought."""
    try:
        amount = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is not an amount") from error
    if not amount.is_finite():
        raise ValueError(f"{value!r} is not a finite amount")
    if amount <= 0:
        raise ValueError(f"an amount must be above nought, and {value} is not")
    if amount > MOST_MONEY:
        raise ValueError(f"{value} is more than any account spends")
    return decimal_string(amount, 2)


class _Said(Record):
    """Why it is so, in words, and who said it on which day of the book."""

    reason: str = Field(min_length=1, max_length=LONGEST_REASON)
    person: str
    person_name: str
    said_on: date


class PotentialFinding(_Said):
    """The account's potential (P50, currency a year) is `amount`, a decimal string."""

    kind: Literal["potential"] = "potential"
    amount: str

    _amount = field_validator("amount")(money_string)


class RelationshipFinding(_Said):
    """Someone at the account: a contact of the book by `contact_id`, or a person by name.

    `met_on` is null for someone not met; what else is null is not claimed.
    """

    kind: Literal["relationship"] = "relationship"
    contact_id: str | None
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    level: Level | None = None
    role: Role | None = None
    attitude: Attitude | None = None
    met_on: date | None = None


class OpportunityFinding(_Said):
    """A deal that the CRM does not hold yet; `amount` (currency) is null while unknown."""

    kind: Literal["opportunity"] = "opportunity"
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    stage: OpenStage
    amount: str | None = None
    closes: date

    @field_validator("amount")
    @classmethod
    def _amount(cls, value: str | None) -> str | None:
        return None if value is None else money_string(value)


PlanFinding = Annotated[
    PotentialFinding | RelationshipFinding | OpportunityFinding, Field(discriminator="kind")
]


class ApprovedFinding(Record):
    """A finding of an approved plan version, and the decision that stands behind it.

    `number` counts the version's findings from 1. `approved_on` is the day of the
    decision; `sequence` the place of the decision among all.
    """

    finding: PlanFinding
    number: int
    account_id: str
    plan_id: str
    version: int
    owner_id: str
    decision_id: str
    sequence: int
    approved_by: str
    approved_by_name: str
    approved_on: date

    @property
    def entity(self) -> str:
        """The path its evidence bears."""
        return f"account:{self.account_id}/finding:{self.plan_id}.{self.version}.{self.number}"

    @property
    def basis(self) -> str:
        """Where it comes from, in words, without its reason."""
        return (
            f"plan {self.plan_id} version {self.version}, approved by {self.approved_by_name} "
            f"on {self.approved_on.isoformat()}"
        )


def findings_hash(findings: Iterable[ApprovedFinding]) -> str:
    """Hash of the findings that a reading applies; empty where there are none."""
    plain = [finding.model_dump(mode="json") for finding in findings]
    return content_hash(plain) if plain else ""


def about(finding: PlanFinding) -> str:
    """What a finding is about: of two about the same, the later holds."""
    if isinstance(finding, PotentialFinding):
        return "potential"
    if isinstance(finding, RelationshipFinding) and finding.contact_id is not None:
        return f"contact {finding.contact_id}"
    return f"{finding.kind} {same_name(finding.name)}"


def same_name(name: str) -> str:
    """Spell a name the way two spellings of it agree: lower case, letters and digits only."""
    kept = "".join(letter if letter.isalnum() else " " for letter in name.casefold())
    return " ".join(kept.split())


def with_finding(findings: Sequence[PlanFinding], finding: PlanFinding) -> tuple[PlanFinding, ...]:
    """Add a finding; one about the same is replaced and the new one comes last."""
    kept = [item for item in findings if about(item) != about(finding)]
    return (*kept, finding)


def told(finding: PlanFinding, currency: str) -> str:
    """Say what a finding claims, without its reason and source."""
    if isinstance(finding, PotentialFinding):
        return f"Potential corrected to {_money(finding.amount)} {currency} a year"
    if isinstance(finding, RelationshipFinding):
        parts = [finding.level, finding.role, finding.attitude]
        said = [finding.name, *(part for part in parts if part)]
        if finding.met_on is not None:
            said.append(f"met on {finding.met_on.isoformat()}")
        return "Relationship: " + ", ".join(said)
    worth = f", {_money(finding.amount)} {currency}" if finding.amount is not None else ""
    return (
        f"Opportunity: {finding.name}, {finding.stage}{worth}, "
        f"to close by {finding.closes.isoformat()}"
    )


def _money(amount: str) -> str:
    return f"{Decimal(amount):,}"
