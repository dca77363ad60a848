from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from domain.decision import Decision, DecisionRequest
from domain.errors import AlreadyDecided, ApprovalRequired, NotFound, NotPermitted, PlanSuperseded
from domain.record import text_hash
from store.clock import stamp
from store.home import Home
from store.store import Store
from tests.store.tiny_store import (
    ANA,
    BO,
    DANA,
    NOW,
    REVOPS,
    approve,
    decide,
    make_content,
    person,
    plan_id,
    raw,
)
from tests.store.tiny_store import save as save_plan

DEFAULTS = (Path(__file__).parents[2] / "api/defaults/coverage.toml").read_text(encoding="utf-8")
EVE = person("Eve", "ana", "bo", roles=("manager",))


@pytest.mark.parametrize("people", [2, 20])
def test_of_simultaneous_decisions_exactly_one_wins_and_the_others_learn_who_won(
    store: Store, people: int
) -> None:
    content = make_content()
    save_plan(store, content)
    managers = [person(f"M{number:02}", "ana", roles=("manager",)) for number in range(people)]
    start = Barrier(people)

    def attempt(number: int) -> Decision | AlreadyDecided:
        start.wait()
        verdict = ("approved", "returned", "rejected")[number % 3]
        try:
            return decide(store, content, verdict=verdict, by=managers[number])
        except AlreadyDecided as conflict:
            return conflict

    with ThreadPoolExecutor(people) as pool:
        outcomes = list(pool.map(attempt, range(people)))

    won = [item for item in outcomes if isinstance(item, Decision)]
    lost = [item for item in outcomes if isinstance(item, AlreadyDecided)]
    assert len(won) == 1
    assert len(lost) == people - 1
    assert {item.facts["decided_by"] for item in lost} == {won[0].decided_by}
    assert {item.status for item in lost} == {409}
    assert len(store.decisions.log(REVOPS)) == 1
    assert store.decisions.verify(REVOPS) == []


def test_the_same_request_again_by_the_same_person_gives_the_stored_decision(store: Store) -> None:
    content = make_content()
    save_plan(store, content)

    first = decide(store, content)
    again = decide(store, content, now=NOW + timedelta(hours=1))

    assert again == first
    assert len(store.decisions.log(DANA)) == 1


def test_twenty_identical_approvals_at_once_are_one_decision_and_one_effect(store: Store) -> None:
    content = make_content()
    save_plan(store, content)
    start = Barrier(20)

    def approve(_: int) -> Decision:
        start.wait()
        decision = decide(store, content)
        store.effects.take_effect(DANA, decision.decision_id, now=NOW)
        return decision

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(approve, range(20)))

    assert len({item.row_hash for item in outcomes}) == 1
    assert store.plans.approved(ANA, plan_id()).version == 1
    with raw(store) as rows:
        assert rows.execute("SELECT count(*) FROM effects").fetchone() == (1,)


def test_another_request_on_a_decided_version_names_who_decided_and_when(store: Store) -> None:
    content = make_content()
    save_plan(store, content)
    decide(store, content)

    with pytest.raises(AlreadyDecided) as refused:
        decide(store, content, verdict="returned", by=EVE)

    assert refused.value.message == (
        f"Version 1 of plan {plan_id()} was already approved by dana on 2026-10-01 at 09:30 UTC."
    )
    # The same person with other words is no repeat either.
    with pytest.raises(AlreadyDecided):
        decide(store, content, reason="On second thoughts.")


def test_who_does_not_decide_is_told_who_does(store: Store) -> None:
    content = make_content()
    save_plan(store, content)

    with pytest.raises(NotPermitted, match="Ana does not decide; managers do") as refused:
        decide(store, content, by=ANA)

    assert refused.value.facts["roles_needed"] == ["manager"]
    assert store.decisions.log(REVOPS) == []


def test_a_decision_is_on_the_newest_version_and_on_what_was_read(store: Store) -> None:
    first, second = make_content(), make_content(objective="Win the gloves.")
    save_plan(store, first)
    save_plan(store, second, base=1)

    with pytest.raises(PlanSuperseded, match="Version 1 is not the newest") as old:
        decide(store, first)
    with pytest.raises(PlanSuperseded, match="is not the content that was read"):
        decide(store, first, version=2)
    with pytest.raises(PlanSuperseded, match="is not the content that was read"):
        decide_exactly(store, second.plan_hash, pinned=first.plan_hash)
    with pytest.raises(PlanSuperseded, match="another ledger or coverage model"):
        decide_exactly(store, second.plan_hash, coverage_hash="newer")
    with pytest.raises(NotFound, match="There is no version 3"):
        decide(store, second, version=3)

    assert old.value.facts["newest_version"] == 2
    assert store.decisions.log(REVOPS) == []


def test_editing_voids_an_approval(store: Store) -> None:
    content = make_content()
    save_plan(store, content)
    approve(store, content)
    assert store.plans.approved(ANA, plan_id()).version == 1

    save_plan(store, make_content(objective="Win the gloves."), base=1)

    assert [item.status for item in store.plans.versions(ANA, plan_id())] == [
        "superseded",
        "in_review",
    ]
    with pytest.raises(ApprovalRequired, match="version 2 is in review"):
        store.plans.approved(ANA, plan_id())
    # The decision on version 1 stays in the log.
    assert [item.subject_version for item in store.decisions.log(ANA)] == [1]


def test_an_effect_that_comes_after_an_edit_is_void(store: Store) -> None:
    content = make_content()
    save_plan(store, content)
    decision = decide(store, content)
    save_plan(store, make_content(objective="Win the gloves."), base=1)

    store.effects.take_effect(DANA, decision.decision_id, now=NOW)

    with pytest.raises(ApprovalRequired):
        store.plans.approved(ANA, plan_id())


def test_the_same_words_approved_again_later_take_effect_again(store: Store) -> None:
    # Version 3 says what version 1 said, so it has the same hash, and needs its own decision.
    first, second = make_content(), make_content(objective="Win the gloves.")
    save_plan(store, first)
    approve(store, first)
    save_plan(store, second, base=1)
    save_plan(store, first, base=2)
    with pytest.raises(ApprovalRequired):
        store.plans.approved(ANA, plan_id())

    approve(store, first, version=3)

    assert store.plans.approved(ANA, plan_id()).version == 3


def finished(store: Store) -> list[str]:
    """Take what is pending, as a start does; return the ids of those decisions."""
    pending = store.effects.pending(REVOPS)
    for decision in pending:
        store.effects.take_effect(REVOPS, decision.decision_id, now=NOW)
    return [decision.decision_id for decision in pending]


def test_a_decision_without_its_effect_is_finished_at_the_next_start(store: Store) -> None:
    content = make_content()
    save_plan(store, content)
    decision = decide(store, content)
    with pytest.raises(ApprovalRequired):
        store.plans.approved(ANA, plan_id())

    store.close()
    store = Store.open(store.home)

    assert [item.decision_id for item in store.effects.pending(REVOPS)] == [decision.decision_id]
    assert finished(store) == [decision.decision_id]
    assert finished(store) == []
    assert store.plans.approved(ANA, plan_id()).version == 1
    store.close()


DECIDE_AND_DIE = """
import os, signal, sys
from store.home import Home
from store.store import Store
from tests.store.tiny_store import decide, make_content, save
store = Store.open(Home(sys.argv[1]))
content = make_content()
save(store, content)
decide(store, content)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_decision_survives_kill_9_and_its_effect_comes_once(home: Home) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", DECIDE_AND_DIE, str(home.path)],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL

    with Store.open(home) as store:
        assert [item.subject_version for item in store.effects.pending(REVOPS)] == [1]
        assert len(finished(store)) == 1
        assert finished(store) == []
        assert store.plans.approved(ANA, plan_id()).version == 1
        assert store.decisions.verify(REVOPS) == []


def test_nothing_becomes_current_without_a_decision_row(store: Store) -> None:
    save_plan(store, make_content())

    with (
        raw(store) as rows,
        pytest.raises(sqlite3.IntegrityError, match="approved by a decision alone"),
    ):
        rows.execute("UPDATE plans SET approved_version = 1")


def test_decisions_and_versions_can_be_neither_changed_nor_deleted(store: Store) -> None:
    content = make_content()
    save_plan(store, content)
    decide(store, content)

    for statement, words in (
        ("UPDATE decisions SET verdict = 'rejected'", "a decision is never changed"),
        ("DELETE FROM decisions", "a decision is never deleted"),
        ("UPDATE decision_payloads SET payload = '{}'", "a payload can only be erased"),
        ("DELETE FROM decision_payloads", "a payload can only be erased"),
        ("UPDATE plan_versions SET content = '{}'", "a plan version is never changed"),
        ("DELETE FROM plan_versions", "a plan version is never deleted"),
    ):
        with raw(store) as rows, pytest.raises(sqlite3.IntegrityError, match=words):
            rows.execute(statement)


def test_an_untouched_chain_holds_and_links_every_decision(store: Store) -> None:
    five_decisions(store)

    log = store.decisions.log(REVOPS)

    assert [item.sequence for item in log] == [1, 2, 3, 4, 5]
    assert log[0].previous == "0" * 64
    assert [item.previous for item in log[1:]] == [item.row_hash for item in log[:-1]]
    assert store.decisions.verify(REVOPS) == []


@pytest.mark.parametrize(
    ("statement", "kind", "sequence"),
    [
        ("UPDATE decisions SET verdict = 'rejected' WHERE sequence = 3", "altered_row", 3),
        ("UPDATE decisions SET decided_by = 'eve' WHERE sequence = 5", "altered_row", 5),
        ("UPDATE decisions SET previous = row_hash WHERE sequence = 2", "broken_link", 2),
        (
            "UPDATE decision_payloads SET payload = replace(payload, 'Good', 'Bad') "
            "WHERE decision_id = (SELECT decision_id FROM decisions WHERE sequence = 4)",
            "altered_payload",
            4,
        ),
        (
            "UPDATE decision_payloads SET payload = NULL "
            "WHERE decision_id = (SELECT decision_id FROM decisions WHERE sequence = 4)",
            "missing_payload",
            4,
        ),
        ("DELETE FROM decisions WHERE sequence = 3", "missing_row", 3),
        ("DELETE FROM decisions WHERE sequence = 1", "missing_row", 1),
        ("DELETE FROM decisions WHERE sequence = 5", "missing_row", 5),
        ("DELETE FROM decisions WHERE sequence >= 4", "missing_row", 4),
        ("DELETE FROM decisions WHERE sequence >= 4", "missing_row", 5),
        ("UPDATE chain_heads SET row_hash = 'x'", "altered_head", 5),
        (
            "UPDATE plan_versions SET content = replace(content, 'Win', 'Lose') WHERE version = 2",
            "altered_subject",
            2,
        ),
    ],
)
def test_tampering_is_found_and_the_row_named(
    store: Store, statement: str, kind: str, sequence: int
) -> None:
    five_decisions(store)

    with raw(store, triggers=False) as rows:
        rows.execute(statement)

    found = store.decisions.verify(REVOPS)
    named = [item for item in found if item.kind == kind and item.sequence == sequence]
    assert len(named) == 1, found
    assert f"number {sequence}" in named[0].message


def test_an_approval_or_effect_without_its_decision_is_found(store: Store) -> None:
    content = make_content()
    save_plan(store, content)
    approve(store, content)
    with raw(store, triggers=False) as rows:
        for table in ("decisions", "decision_payloads", "chain_heads"):
            rows.execute(f"DELETE FROM {table}")

    assert {item.kind for item in store.decisions.verify(REVOPS)} == {
        "orphan_effect",
        "orphan_approval",
    }
    with pytest.raises(ApprovalRequired):
        store.plans.approved(ANA, plan_id())
    assert store.plans.approved_of_rep(ANA, "ana") == []


def test_a_row_rewritten_together_with_its_hash_breaks_the_link_behind_it(store: Store) -> None:
    from store.chain import hash_row

    five_decisions(store)
    with raw(store, triggers=False) as rows:
        rows.row_factory = sqlite3.Row
        row = dict(rows.execute("SELECT * FROM decisions WHERE sequence = 3").fetchone())
        row["decided_by"] = "eve"
        rows.execute(
            "UPDATE decisions SET decided_by = 'eve', row_hash = ? WHERE sequence = 3",
            (hash_row(row),),
        )

    found = store.decisions.verify(REVOPS)

    assert [(item.kind, item.sequence) for item in found] == [("broken_link", 4)]


def test_an_altered_decision_takes_no_effect(store: Store) -> None:
    from domain.errors import Broken

    content = make_content()
    save_plan(store, content)
    decision = decide(store, content, verdict="returned")
    with raw(store, triggers=False) as rows:
        rows.execute("UPDATE decisions SET verdict = 'approved'")

    with pytest.raises(Broken, match="was altered and takes no effect"):
        store.effects.take_effect(DANA, decision.decision_id, now=NOW)


def test_an_erased_payload_is_gone_and_the_chain_still_holds(store: Store) -> None:
    content = make_content()
    save_plan(store, content)
    decision = decide(store, content, reason="Kim is on sick leave until May.")

    erased = store.decisions.erase_payload(DANA, decision.decision_id, NOW)
    store.decisions.erase_payload(DANA, decision.decision_id, NOW + timedelta(days=1))

    assert erased.request is None
    assert erased.row_hash == decision.row_hash
    assert store.decisions.verify(REVOPS) == []
    (listed,) = store.decisions.erased(REVOPS)
    assert (listed.decision_id, listed.erased_by) == (decision.decision_id, "dana")
    assert listed.erased_at == "2026-10-01T09:30:00.000000Z"
    kept = b"".join(file.read_bytes() for file in store.home.path.glob("cadastre.db*"))
    assert b"sick leave" not in kept


def test_who_neither_decides_nor_runs_operations_erases_nothing(store: Store) -> None:
    content = make_content()
    save_plan(store, content)
    decision = decide(store, content)

    with pytest.raises(NotPermitted, match="Ana may not erase"):
        store.decisions.erase_payload(ANA, decision.decision_id, NOW)


def test_the_log_can_be_cut_by_time_person_and_length(store: Store) -> None:
    five_decisions(store)

    assert [item.sequence for item in store.decisions.log(ANA, NOW + timedelta(minutes=4))] == [
        4,
        5,
    ]
    assert [item.sequence for item in store.decisions.log(ANA, limit=2)] == [4, 5]
    assert store.decisions.log(ANA, limit=0) == []
    assert [item.sequence for item in store.decisions.log(ANA, decided_by="eve")] == [2, 4]


def test_only_known_kinds_of_things_are_decided_on(store: Store) -> None:
    request = DecisionRequest(version=1, verdict="approved")
    given = {"subject_hash": "h", "ledger_root": "", "coverage_hash": "c", "now": NOW}

    with pytest.raises(ValueError, match="Nothing of the kind 'lunch'"):
        store.decisions.decide(DANA, "lunch", "x", request, **given)  # type: ignore[arg-type]


def test_an_approved_coverage_model_is_current_and_its_text_is_bound(store: Store) -> None:
    text, other = DEFAULTS, DEFAULTS.replace("version = 1", "version = 2", 1)
    store.coverage.save(REVOPS, text)
    model = store.coverage.keep(REVOPS, other)
    assert store.coverage.current_text(REVOPS) == text
    request = DecisionRequest(version=1, verdict="approved", reason="Growth.")
    given = {
        "subject_hash": text_hash(other), "ledger_root": "", "coverage_hash": model.hash, "now": NOW
    }  # fmt: skip

    with pytest.raises(NotFound, match="There is no coverage 'rules'"):
        store.decisions.decide(DANA, "coverage", "rules", request, **given)
    with pytest.raises(NotFound, match="no coverage model text 'h'"):
        store.decisions.decide(
            REVOPS, "coverage", "rules", request, **{**given, "subject_hash": "h"}
        )
    assert store.decisions.log(REVOPS) == []
    store.decisions.decide(REVOPS, "coverage", "rules", request, **given)

    assert store.coverage.current_text(REVOPS) == other
    assert store.decisions.verify(REVOPS) == []
    with raw(store, triggers=False) as database:
        database.execute("UPDATE coverage_models SET text = replace(text, 'Strategic', 'Top')")
    (fault,) = store.decisions.verify(REVOPS)
    assert fault.kind == "altered_subject"


def test_the_rules_in_force_are_the_last_kept_or_adopted_before_a_moment(store: Store) -> None:
    first, second = DEFAULTS, DEFAULTS.replace("version = 1", "version = 2", 1)
    store.coverage.save(REVOPS, first)
    store.coverage.save(REVOPS, second)
    times = [entry.added_at for entry in store.coverage.list(REVOPS)]
    assert store.coverage.in_force(REVOPS, times[0]) is None
    assert store.coverage.in_force(REVOPS, times[1]) == first
    assert store.coverage.in_force(REVOPS, "2999") == second

    later = NOW + timedelta(days=1)
    store.decisions.decide(
        REVOPS,
        "coverage",
        "rules",
        DecisionRequest(version=1, verdict="approved", reason="Back."),
        subject_hash=text_hash(first),
        ledger_root="",
        coverage_hash="c",
        now=later,
    )
    assert store.coverage.in_force(REVOPS, "2999") == first
    assert store.coverage.in_force(REVOPS, stamp(later)) == second


def test_the_whole_chain_is_checked_only_by_who_sees_everything(store: Store) -> None:
    with pytest.raises(NotPermitted, match="runs over every rep's plans"):
        store.decisions.verify(BO)


def decide_exactly(
    store: Store, subject_hash: str, *, pinned: str | None = None, coverage_hash: str = "cov"
) -> Decision:
    return store.decisions.decide(
        DANA,
        "plan",
        plan_id(),
        DecisionRequest(version=2, verdict="approved", plan_hash=pinned),
        subject_hash=subject_hash,
        ledger_root="root",
        coverage_hash=coverage_hash,
        now=NOW,
    )


def five_decisions(store: Store) -> None:
    """Versions 1 to 5 of one plan, returned one after another, a minute apart from 09:31."""
    for version in range(1, 6):
        content = make_content(objective=f"Win {version}.")
        save_plan(store, content, base=version - 1 or None)
        decide(
            store,
            content,
            version=version,
            verdict="returned",
            by=EVE if version % 2 == 0 else DANA,
            now=NOW + timedelta(minutes=version),
        )
