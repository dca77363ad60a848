"""What a finding may say, and when two findings are about the same."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from domain.findings import (
    OpportunityFinding,
    PotentialFinding,
    RelationshipFinding,
    about,
    findings_hash,
    told,
    with_finding,
)

SAID = {
    "reason": "The buyer said so.",
    "person": "ana",
    "person_name": "Ana",
    "said_on": date(2026, 9, 30),
}


def potential(amount: str = "120000") -> PotentialFinding:
    return PotentialFinding(amount=amount, **SAID)


def met(name: str, contact_id: str | None = None) -> RelationshipFinding:
    return RelationshipFinding(contact_id=contact_id, name=name, level="executive", **SAID)


@pytest.mark.parametrize("amount", ["-1", "0", "inf", "NaN", "-inf", "lots", "1e13", ""])
def test_an_amount_is_a_finite_number_above_nought(amount: str) -> None:
    with pytest.raises(ValidationError):
        potential(amount)


def test_an_amount_is_written_one_way_only() -> None:
    assert potential("120000.00") == potential("1.2e5") == potential("120000")


def test_a_finding_without_a_reason_is_refused() -> None:
    with pytest.raises(ValidationError):
        PotentialFinding(amount="1", **(SAID | {"reason": ""}))


def test_a_finding_about_the_same_replaces_the_earlier_one_and_no_other() -> None:
    held = (potential("1"), met("Jo Field"), met("Kim Lee", "C-2"))

    assert with_finding(held, potential("2")) == (held[1], held[2], potential("2"))
    assert with_finding(held, met("JO  FIELD.")) == (held[0], held[2], met("JO  FIELD."))
    assert with_finding(held, met("Kim Lee")) == (*held, met("Kim Lee"))


def test_a_deal_and_a_person_of_one_name_are_two_things() -> None:
    deal = OpportunityFinding(
        name="Jo Field", stage="proposal", amount=None, closes=date(2027, 1, 1), **SAID
    )

    assert about(deal) != about(met("Jo Field"))
    assert told(deal, "USD") == "Opportunity: Jo Field, proposal, to close by 2027-01-01"


def test_no_findings_have_no_hash() -> None:
    assert findings_hash(()) == ""
