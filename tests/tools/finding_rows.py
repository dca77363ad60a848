"""Approved findings of a few words, for tests of what they change."""

from __future__ import annotations

from datetime import date

from domain.findings import (
    ApprovedFinding,
    OpportunityFinding,
    PlanFinding,
    PotentialFinding,
    RelationshipFinding,
)
from tests.tools.conftest import AS_OF


def _said(said_on: date) -> dict[str, object]:
    return {
        "reason": "Their buyer said so",
        "person": "ana",
        "person_name": "Ana",
        "said_on": said_on,
    }


def potential(amount: str, said_on: date = AS_OF) -> PotentialFinding:
    return PotentialFinding(amount=amount, **_said(said_on))


def person(name: str, said_on: date = AS_OF, **more: object) -> RelationshipFinding:
    return RelationshipFinding(name=name, **({"contact_id": None} | more), **_said(said_on))


def deal(name: str = "Spring fleet", said_on: date = AS_OF, **more: object) -> OpportunityFinding:
    told = {"stage": "proposal", "amount": "40000", "closes": date(2027, 1, 31)} | more
    return OpportunityFinding(name=name, **told, **_said(said_on))


def approved(
    account: str, finding: PlanFinding, *, sequence: int = 1, number: int = 1
) -> ApprovedFinding:
    return ApprovedFinding(
        finding=finding,
        number=number,
        account_id=account,
        plan_id=f"P-{account}",
        version=2,
        owner_id="r1",
        decision_id=f"D-{sequence}",
        sequence=sequence,
        approved_by="dana",
        approved_by_name="Dana",
        approved_on=date(2026, 11, 20),
    )
