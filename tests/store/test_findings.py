"""Findings in plan versions: what is stored, what is in force, and what old plans keep."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.errors import NotFound
from domain.findings import ApprovedFinding, PotentialFinding, findings_hash
from domain.plan import PlanContent
from domain.record import canonical_json
from store.store import Store
from tests.store.tiny_store import (
    ANA,
    BO,
    DANA,
    NOW,
    REVOPS,
    STRANGER,
    approve,
    decide,
    make_content,
    plan_id,
    save,
)

# A plan as the release before findings stored it, and the hash its approval bound.
STORED = Path(__file__).with_name("plan_without_findings.json").read_text("utf-8").strip()
STORED_HASH = "d08e721c34fab3c9d4700b117c1eb9493263dc8d5f5d17e50fe44a653c11d2f5"


def said(amount: str = "90000", reason: str = "The buyer said so.") -> PotentialFinding:
    return PotentialFinding(
        amount=amount, reason=reason, person="ana", person_name="Ana", said_on=date(2026, 9, 30)
    )


def content_with(*findings: PotentialFinding, account: str = "1", owner: str = "ana"):
    return make_content(account, owner).model_copy(update={"plan_findings": findings})


def in_force(store: Store) -> list[str]:
    return [item.finding.amount for item in store.findings.approved(REVOPS)]


def test_a_plan_stored_before_findings_keeps_its_text_its_hash_and_its_approval(
    store: Store,
) -> None:
    content = PlanContent.model_validate_json(STORED)
    assert canonical_json(content) == STORED
    assert content.plan_hash == STORED_HASH

    save(store, content)
    approve(store, content)

    approved = store.plans.approved(ANA, plan_id())
    assert (approved.content.plan_hash, approved.content.plan_findings) == (STORED_HASH, ())
    assert store.decisions.verify(REVOPS) == []
    assert store.findings.approved(REVOPS) == ()


def test_a_finding_changes_the_hash_that_an_approval_binds(store: Store) -> None:
    assert content_with(said()).plan_hash != make_content().plan_hash
    assert content_with(said("1")).plan_hash != content_with(said("2")).plan_hash


def test_findings_are_in_force_from_the_approval_until_a_newer_version(store: Store) -> None:
    first = content_with(said("90000"))
    save(store, first)
    assert in_force(store) == []

    approve(store, first)
    assert in_force(store) == ["90000"]

    second = content_with(said("80000"))
    save(store, second, base=1)
    assert in_force(store) == []

    approve(store, second, version=2)
    assert in_force(store) == ["80000"]


@pytest.mark.parametrize("verdict", ["returned", "rejected"])
def test_findings_of_a_version_that_was_not_approved_are_never_in_force(
    store: Store, verdict: str
) -> None:
    content = content_with(said())
    save(store, content)
    decision = decide(store, content, verdict=verdict)
    store.effects.take_effect(DANA, decision.decision_id, now=NOW)

    assert in_force(store) == []


def test_a_finding_in_force_names_the_version_and_the_decision(store: Store) -> None:
    save(store, make_content())
    content = content_with(said())
    save(store, content, base=1)
    decision = decide(store, content, version=2)
    store.effects.take_effect(DANA, decision.decision_id, now=NOW)

    (found,) = store.findings.approved(BO)

    assert (found.plan_id, found.version, found.number) == (plan_id(), 2, 1)
    assert (found.decision_id, found.approved_by) == (decision.decision_id, "dana")
    assert (found.account_id, found.owner_id, found.approved_on) == ("1", "ana", NOW.date())


def test_findings_come_in_order_of_approval(store: Store) -> None:
    of_bo, of_ana = content_with(said("1"), account="2", owner="bo"), content_with(said("2"))
    for content in (of_ana, of_bo):
        save(store, content)
    for content in (of_bo, of_ana):
        approve(store, content)

    assert in_force(store) == ["1", "2"]


def test_words_inside_a_plan_are_no_findings(store: Store) -> None:
    content = make_content(objective='"plan_findings":[{"amount":"1"}]')
    save(store, content)
    approve(store, content)

    assert store.findings.approved(REVOPS) == ()


def test_a_set_of_findings_is_kept_under_its_hash_in_its_own_workspace(store: Store) -> None:
    content = content_with(said())
    save(store, content)
    approve(store, content)
    found: tuple[ApprovedFinding, ...] = store.findings.approved(REVOPS)

    digest = store.findings.keep(REVOPS, found)

    assert digest == findings_hash(found)
    assert store.findings.kept(ANA, digest) == found
    assert (store.findings.keep(REVOPS, ()), store.findings.kept(ANA, "")) == ("", ())
    with pytest.raises(NotFound, match="no findings"):
        store.findings.kept(STRANGER, digest)
