"""Territory plans and reviews are kept like plans: versions stay, a decision alone approves."""

from __future__ import annotations

import sqlite3

import pytest

from domain.decision import DecisionRequest
from domain.errors import (
    AlreadyDecided,
    ApprovalRequired,
    Broken,
    NotFound,
    NotPermitted,
    PlanSuperseded,
)
from domain.record import content_hash
from store.store import Store
from tests.store.tiny_cycle import QUARTER, approve, decide, id_of, review, save, territory
from tests.store.tiny_store import ANA, BO, DANA, NOW, REVOPS, raw


def test_a_version_is_read_back_as_it_was_written_and_stored_once(store: Store) -> None:
    content = territory()

    assert save(store, content, by=ANA) == 1
    assert save(store, content, by=ANA) == 1, "the same content is the same version"

    version = store.cycle.version(ANA, id_of(content))
    assert (version.content, version.status, version.created_by) == (content, "in_review", "ana")


def test_a_newer_version_needs_the_newest_as_its_base(store: Store) -> None:
    save(store, territory())

    assert save(store, territory("second"), base=1) == 2
    with pytest.raises(PlanSuperseded, match=r"Version 1 is not the newest: .* at version 2"):
        save(store, territory("third"), base=1)
    found = store.cycle.versions(ANA, id_of(territory()))
    assert [(item.version, item.status) for item in found] == [(1, "superseded"), (2, "in_review")]


def test_a_plan_is_in_force_by_a_decision_and_until_it_is_edited(store: Store) -> None:
    content = territory()
    save(store, content)
    with pytest.raises(ApprovalRequired, match="has no approved version; version 1 is in review"):
        store.cycle.approved(ANA, id_of(content))

    approve(store, content)
    assert store.cycle.approved(ANA, id_of(content)).version == 1

    save(store, territory("second"), base=1)
    with pytest.raises(ApprovalRequired, match="version 2 is in review"):
        store.cycle.approved(ANA, id_of(content))
    # What happened is still held against the version that was approved last.
    (last,) = store.cycle.last_approved(ANA, "territory", QUARTER)
    assert last.version == 1
    assert store.cycle.last_approved(ANA, "territory", "2027Q1") == []
    (mark,) = store.cycle.approved_marks(ANA, "territory", QUARTER)
    assert (mark.reps, mark.plan_hash) == (last.content.reps, last.content.plan_hash)
    assert store.cycle.approved_marks(ANA, "territory", "2027Q1") == []


def test_the_database_itself_refuses_an_approval_without_a_decision(store: Store) -> None:
    content = territory()
    save(store, content)

    with raw(store) as connection, pytest.raises(sqlite3.IntegrityError, match="decision alone"):
        connection.execute("UPDATE cycle_plans SET approved_version = 1")
    with raw(store) as connection, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        connection.execute("UPDATE cycle_versions SET content = '{}'")


def test_a_review_is_seen_and_decided_by_who_sees_all_its_reps(store: Store) -> None:
    content = review()
    save(store, content)

    assert store.cycle.version(DANA, id_of(content)).content == content
    for rep in (ANA, BO):
        with pytest.raises(NotFound, match="no territory plan or review"):
            store.cycle.version(rep, id_of(content))
        assert store.cycle.list(rep) == []
    decision = decide(store, content)
    assert store.decisions.on(DANA, "review", id_of(content)) == [decision]
    assert store.decisions.on(ANA, "review", id_of(content)) == []


def test_a_territory_plan_is_not_decided_on_as_a_review(store: Store) -> None:
    content = territory()
    save(store, content)

    with pytest.raises(NotFound, match="There is no review"):
        store.decisions.decide(
            DANA, "review", id_of(content), DecisionRequest(version=1, verdict="approved"),
            subject_hash=content.plan_hash, ledger_root="root", coverage_hash="cov", now=NOW,
        )  # fmt: skip
    with pytest.raises(NotPermitted, match="managers do"):
        decide(store, content, by=ANA)


def accept(store: Store, number: int, verdict: str = "approved", version: int = 1):
    content = review()
    adjustment = next(item for item in content.adjustments if item.number == number)
    return store.decisions.decide(
        DANA, "adjustment", f"{id_of(content)}/{number}",
        DecisionRequest(version=version, verdict=verdict, reason="Yes."),
        subject_hash=content_hash(adjustment), ledger_root="root", coverage_hash="cov", now=NOW,
    )  # fmt: skip


def test_each_recommendation_is_decided_on_once_and_by_itself(store: Store) -> None:
    save(store, review())

    first = accept(store, 1)
    assert accept(store, 1) == first, "the same decision again is the same row"
    with pytest.raises(AlreadyDecided, match=r"adjustment .*/1 was already approved by dana"):
        accept(store, 1, "rejected")
    second = accept(store, 2, "rejected")
    store.effects.take_effect(DANA, first.decision_id, now=NOW, outcome="opened S-1")
    store.effects.take_effect(DANA, second.decision_id, now=NOW, outcome="declined")

    told = store.effects.outcomes(DANA, [first.decision_id, second.decision_id])
    assert told == {first.decision_id: "opened S-1", second.decision_id: "declined"}
    assert store.effects.outcomes(ANA, [first.decision_id]) == {}
    with pytest.raises(NotFound, match="has no recommendation '3'"):
        store.decisions.decide(
            DANA, "adjustment", f"{id_of(review())}/3",
            DecisionRequest(version=1, verdict="approved"),
            subject_hash="h", ledger_root="root", coverage_hash="cov", now=NOW,
        )  # fmt: skip


def test_the_chain_binds_plans_reviews_and_recommendations(store: Store) -> None:
    save(store, territory())
    save(store, review())
    approve(store, territory())
    approve(store, review())
    accept(store, 1)
    assert store.decisions.verify(REVOPS) == []

    with raw(store, triggers=False) as connection:
        connection.execute(
            "UPDATE cycle_versions SET content = replace(content, 'Good', 'Bad')"
            " || ' ' WHERE plan_id LIKE 'RV-%'"
        )

    kinds = [(fault.kind, fault.sequence) for fault in store.decisions.verify(REVOPS)]
    assert ("altered_subject", 2) in kinds
    with pytest.raises(Broken, match="was altered"):
        store.cycle.version(REVOPS, id_of(review()))


def test_an_altered_recommendation_is_a_fault_of_the_chain(store: Store) -> None:
    save(store, review())
    accept(store, 2)

    with raw(store, triggers=False) as connection:
        connection.execute(
            "UPDATE cycle_versions SET content = replace(content, 'slipped', 'doubled')"
        )

    (fault,) = [item for item in store.decisions.verify(REVOPS) if item.kind == "altered_subject"]
    assert "adjustment" in fault.message
    assert "/2" in fault.message


def test_an_approval_that_no_decision_names_is_an_orphan(store: Store) -> None:
    save(store, territory())
    save(store, review())
    approve(store, territory())
    with raw(store, triggers=False) as connection:
        connection.execute("UPDATE cycle_plans SET approved_version = 1 WHERE kind = 'review'")

    (fault,) = store.decisions.verify(REVOPS)
    assert fault.kind == "orphan_approval"
    assert fault.message.startswith(f"Review {id_of(review())} is marked approved")
