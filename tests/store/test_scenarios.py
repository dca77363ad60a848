"""Scenarios are kept as they were written, seen by who covers their reps, decided once."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from domain.assignment import Feedback
from domain.decision import Decision
from domain.errors import (
    AlreadyDecided,
    ApprovalRequired,
    Broken,
    Conflict,
    DecisionRefused,
    InvalidInput,
    NotFound,
    ScenarioSuperseded,
)
from domain.evidence import REPS_JOINED_BY, Ledger
from domain.principal import Scope
from store.scenarios import scenario_id_for
from store.store import Store
from tests.store.tiny_scenario import (
    SCENARIO,
    approve,
    decide,
    make_frontier,
    make_scenario,
    move,
    objection,
    save,
)
from tests.store.tiny_store import ANA, AS_OF, BO, DANA, NOW, REVOPS, STRANGER, fact, person, raw

EVE = person("Eve", "ana", "bo", roles=("manager",))
HALF = person("Half", "ana", "cy", roles=("manager", "revops"))


def test_a_scenario_has_one_id_per_workspace_ground_and_turn() -> None:
    ids = {
        scenario_id_for("acme", ["bk", "cov"], 0),
        scenario_id_for("acme", ["bk", "cov"], 1),
        scenario_id_for("acme", ["bk2", "cov"], 0),
        scenario_id_for("globex", ["bk", "cov"], 0),
    }

    assert len(ids) == 4
    assert all(len(known) == 12 and known.startswith("S-") for known in ids)
    assert scenario_id_for("acme", ["bk", "cov"], 0) in ids


def test_a_scope_covers_several_reps_only_when_it_covers_each() -> None:
    scope = Scope(reps=frozenset({"ana", "bo"}))

    assert scope.covers_all(["ana"])
    assert scope.covers_all(["bo", "ana"])
    assert not scope.covers_all(["ana", "cy"])
    assert not scope.covers_all([])
    assert Scope(everything=True).covers_all([])


def test_versions_count_up_and_keep_what_they_said(store: Store) -> None:
    first, second = make_scenario(), make_scenario(accepted=("2",))
    assert save(store, first) == 1
    assert save(store, second, base=1, step="decided moves") == 2

    assert store.scenarios.version(DANA, SCENARIO, 1).content == first
    assert store.scenarios.version(DANA, SCENARIO, 1).status == "superseded"
    newest = store.scenarios.version(DANA, SCENARIO)
    assert (newest.content, newest.status, newest.version) == (second, "draft", 2)
    assert (newest.base_version, newest.created_by) == (1, "remy")
    assert [(item.step, item.by) for item in store.scenarios.history(DANA, SCENARIO)] == [
        ("ran", "remy"),
        ("decided moves", "remy"),
    ]


def test_the_row_of_designs_is_kept_once_and_read_back_as_it_was(store: Store) -> None:
    row = make_frontier()
    save(store, make_scenario(row), frontier=row)
    save(store, make_scenario(row, accepted=("2",)), base=1, frontier=row)

    assert store.scenarios.frontier(DANA, SCENARIO) == row
    assert store.scenarios.frontier(DANA, SCENARIO, 1).hash == row.hash
    with raw(store) as rows:
        assert rows.execute("SELECT digest FROM texts").fetchall() == [(row.hash,)]


def test_a_version_may_return_to_a_row_the_scenario_holds_and_to_no_other(store: Store) -> None:
    first, second = make_frontier(), make_frontier(seed=2)
    save(store, make_scenario(first), frontier=first)
    save(store, make_scenario(second), base=1, frontier=second)

    assert save(store, make_scenario(first, name="Back"), base=2, frontier=second) == 3
    with pytest.raises(InvalidInput, match="holds no such row of designs"):
        save(store, make_scenario(make_frontier(seed=9)), base=3)
    with pytest.raises(InvalidInput, match="another row of designs than came with it"):
        store.scenarios.save_version(
            REVOPS, SCENARIO, make_scenario(first), second, base_version=3, step="ran"
        )


def test_the_same_content_again_is_the_same_version(store: Store) -> None:
    assert [save(store, make_scenario()), save(store, make_scenario())] == [1, 1]


def test_a_version_on_an_older_one_is_refused_and_names_the_newest(store: Store) -> None:
    save(store, make_scenario())
    save(store, make_scenario(accepted=("2",)), base=1)

    with pytest.raises(ScenarioSuperseded, match="Version 1 is not the newest") as late:
        save(store, make_scenario(name="Other"), base=1)
    with pytest.raises(ScenarioSuperseded, match="It exists already"):
        save(store, make_scenario(name="Other"))

    assert late.value.facts["newest_version"] == 2
    assert late.value.facts["link"] == f"/scenarios/{SCENARIO}?v=2"


def test_of_two_changes_at_once_one_wins(store: Store) -> None:
    save(store, make_scenario())
    start = Barrier(8)

    def change(number: int) -> int | ScenarioSuperseded:
        start.wait()
        try:
            return save(store, make_scenario(name=f"N{number}"), base=1)
        except ScenarioSuperseded as late:
            return late

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(change, range(8)))

    assert outcomes.count(2) == 1
    assert sum(isinstance(item, ScenarioSuperseded) for item in outcomes) == 7


def test_only_who_covers_every_rep_sees_a_scenario_whole(store: Store) -> None:
    save(store, make_scenario())

    for reader in (REVOPS, DANA, EVE):
        assert store.scenarios.version(reader, SCENARIO).version == 1
        assert [item.scenario_id for item in store.scenarios.list(reader)] == [SCENARIO]
    for stranger in (ANA, BO, HALF, STRANGER):
        with pytest.raises(NotFound) as foreign:
            store.scenarios.version(stranger, SCENARIO)
        assert store.scenarios.list(stranger) == []
        with pytest.raises(NotFound) as missing:
            store.scenarios.version(stranger, "S-none")
        assert foreign.value.message.replace(SCENARIO, "…") == missing.value.message.replace(
            "S-none", "…"
        )


def test_who_does_not_cover_every_rep_saves_nothing(store: Store) -> None:
    with pytest.raises(NotFound, match="There is no scenario"):
        save(store, make_scenario(), by=HALF)
    save(store, make_scenario())
    # Naming fewer reps does not open somebody else's scenario.
    with pytest.raises(NotFound, match="There is no scenario"):
        save(store, make_scenario(reps=("ana",)), base=1, by=HALF)

    assert store.scenarios.version(REVOPS, SCENARIO).version == 1


def test_a_rep_sees_their_own_part_and_nothing_of_the_others(store: Store) -> None:
    moves = (move("2"), move("3", to="bo"))
    row = make_frontier(moves=moves)
    save(store, make_scenario(row), frontier=row)

    ana, bo = store.scenarios.part(ANA, SCENARIO), store.scenarios.part(BO, SCENARIO)

    assert [(line.account_id, line.change) for line in ana.accounts] == [
        ("2", "leaves"),
        ("3", "leaves"),
        ("1", "stays"),
    ]
    assert [(line.account_id, line.change) for line in bo.accounts] == [
        ("2", "comes"),
        ("3", "comes"),
    ]
    assert [rep.rep_id for rep in bo.reps] == ["bo"]
    assert bo.reps[0].after is not None
    assert bo.reps[0].after.accounts == 2
    assert '"ana"' not in bo.model_dump_json()
    assert '"bo"' not in ana.model_dump_json()
    assert "Ana is 100 % over" not in ana.model_dump_json() + bo.model_dump_json()
    with pytest.raises(NotFound):
        store.scenarios.part(person("Cy", "cy"), SCENARIO)
    # A manager of one of the two sees that one's part.
    assert store.scenarios.part(HALF, SCENARIO) == ana


def test_a_rep_answers_for_themselves_and_each_answer_is_a_version(store: Store) -> None:
    save(store, make_scenario())

    assert store.scenarios.answer(ANA, SCENARIO, objection()) == 2
    assert store.scenarios.answer(ANA, SCENARIO, objection()) == 2
    assert store.scenarios.answer(ANA, SCENARIO, objection(reason="Ten years.")) == 3

    content = store.scenarios.version(DANA, SCENARIO).content
    assert [item.reason for item in content.feedback] == ["Ten years."]
    assert len(list(content.open_objections())) == 1
    (own,) = [line for line in store.scenarios.part(ANA, SCENARIO).accounts if line.feedback]
    assert own.account_id == "2"
    assert all(line.feedback is None for line in store.scenarios.part(BO, SCENARIO).accounts)


def test_nobody_answers_for_another_rep_or_as_somebody_else(store: Store) -> None:
    save(store, make_scenario())

    with pytest.raises(NotFound, match="There is no scenario"):
        store.scenarios.answer(BO, SCENARIO, objection(person="bo"))
    with pytest.raises(InvalidInput, match="the word of the person who gives it"):
        store.scenarios.answer(ANA, SCENARIO, objection(person="dana"))
    settled = objection().model_copy(update={"status": "accepted", "settled_by": "ana"})
    with pytest.raises(InvalidInput, match="unsettled"):
        store.scenarios.answer(ANA, SCENARIO, settled)


def test_feedback_closes_with_submission_and_opens_when_it_is_returned(store: Store) -> None:
    content = make_scenario(submitted=True)
    save(store, content)
    with pytest.raises(Conflict, match="is in review; feedback is closed"):
        store.scenarios.answer(ANA, SCENARIO, objection())

    decision = decide(store, content, verdict="returned")
    store.effects.take_effect(DANA, decision.decision_id, now=NOW)

    assert store.scenarios.answer(ANA, SCENARIO, objection()) == 2
    assert store.scenarios.version(DANA, SCENARIO).status == "draft"


def test_who_was_asked_is_called_until_they_answer(store: Store) -> None:
    save(store, make_scenario(asked=("ana",)))

    (call,) = store.scenarios.calls(ANA)
    assert (call.scenario_id, call.reps) == (SCENARIO, ("ana",))
    assert store.scenarios.calls(BO) == []
    assert store.scenarios.calls(DANA) == []

    agrees: Feedback = objection().model_copy(update={"answer": "agree"})
    store.scenarios.answer(ANA, SCENARIO, agrees)
    assert store.scenarios.calls(ANA) == []


def test_who_prepared_a_scenario_is_known_and_who_only_answered_is_not_among_them(
    store: Store,
) -> None:
    save(store, make_scenario())
    save(store, make_scenario(asked=("ana",)), base=1, by=EVE, step="asked reps")
    store.scenarios.answer(ANA, SCENARIO, objection())
    newest = store.scenarios.version(DANA, SCENARIO).content
    save(store, newest.model_copy(update={"chosen": 0}), base=3, by=DANA, step="chose")

    assert store.scenarios.prepared_by(REVOPS, SCENARIO) == {"remy": ("ran",), "dana": ("chose",)}


def test_a_draft_is_not_decided(store: Store) -> None:
    content = make_scenario()
    save(store, content)

    with pytest.raises(DecisionRefused, match="a draft that nobody sent for a decision"):
        decide(store, content)

    assert store.decisions.log(REVOPS) == []


def test_an_approval_is_in_force_until_the_scenario_changes(store: Store) -> None:
    content = make_scenario(submitted=True)
    save(store, content)
    with pytest.raises(ApprovalRequired, match="version 1 is in review") as early:
        store.scenarios.approved(DANA, SCENARIO)
    assert early.value.facts["review"] == f"/scenarios/{SCENARIO}?v=1"

    decision = approve(store, content)

    assert store.scenarios.approved(DANA, SCENARIO).status == "approved"
    assert decision.subject_hash == content.scenario_hash
    assert store.effects.pending(REVOPS) == []
    save(store, make_scenario(accepted=("2",)), base=1)
    with pytest.raises(ApprovalRequired, match="version 2 is draft"):
        store.scenarios.approved(DANA, SCENARIO)


def test_of_simultaneous_decisions_the_first_wins(store: Store) -> None:
    content = make_scenario(submitted=True)
    save(store, content)
    start = Barrier(6)
    managers = [person(f"M{number}", "ana", "bo", roles=("manager",)) for number in range(6)]

    def attempt(number: int) -> Decision | AlreadyDecided:
        start.wait()
        verdict = ("approved", "returned")[number % 2]
        try:
            return decide(store, content, verdict=verdict, by=managers[number])
        except AlreadyDecided as late:
            return late

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(attempt, range(6)))

    assert sum(isinstance(item, Decision) for item in outcomes) == 1
    assert store.decisions.verify(REVOPS) == []


def test_a_decision_binds_what_was_read(store: Store) -> None:
    content = make_scenario(submitted=True)
    save(store, content)

    with pytest.raises(ScenarioSuperseded, match="not the content that was read"):
        decide(store, content, pinned="0" * 64)
    other = content.model_copy(update={"ledger_root": "other"})
    with pytest.raises(ScenarioSuperseded, match="another ledger or coverage model"):
        decide(store, other, bound=content.scenario_hash)
    with pytest.raises(NotFound, match="There is no version 2 of scenario"):
        decide(store, content, version=2)
    save(store, make_scenario(submitted=True, name="Other"), base=1)
    with pytest.raises(ScenarioSuperseded, match="Version 1 is not the newest"):
        decide(store, content)


def test_decisions_on_a_scenario_are_seen_by_who_sees_it(store: Store) -> None:
    content = make_scenario(submitted=True)
    save(store, content)
    decision = approve(store, content)

    for reader in (REVOPS, DANA, EVE):
        assert store.decisions.on(reader, "scenario", SCENARIO) == [decision]
        assert store.decisions.get(reader, decision.decision_id) == decision
    for stranger in (ANA, HALF, STRANGER):
        assert store.decisions.on(stranger, "scenario", SCENARIO) == []
        with pytest.raises(NotFound):
            store.decisions.get(stranger, decision.decision_id)
        with pytest.raises(NotFound):
            decide(store, content, by=stranger)


def test_a_decision_whose_scenario_changed_before_its_effect_has_none(store: Store) -> None:
    content = make_scenario(submitted=True)
    save(store, content)
    decision = decide(store, content)
    save(store, make_scenario(accepted=("2",)), base=1)

    store.effects.take_effect(DANA, decision.decision_id, now=NOW)

    with pytest.raises(ApprovalRequired):
        store.scenarios.approved(DANA, SCENARIO)
    with raw(store) as rows:
        assert rows.execute("SELECT outcome FROM effects").fetchone() == ("void",)


def test_triggers_keep_versions_and_approvals(store: Store) -> None:
    save(store, make_scenario())

    for statement, words in (
        ("UPDATE scenario_versions SET content = '{}'", "a scenario version is never changed"),
        ("DELETE FROM scenario_versions", "a scenario version is never deleted"),
        ("UPDATE scenarios SET approved_version = 1", "approved by a decision alone"),
        ("INSERT INTO scenarios VALUES ('acme', 'S-2', 1)", "approved by a decision alone"),
    ):
        with raw(store) as rows, pytest.raises(sqlite3.IntegrityError, match=words):
            rows.execute(statement)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE scenario_versions SET content = replace(content, 'Spring', 'Autumn')",
         "altered_subject"),
        ("UPDATE texts SET text = replace(text, 'Birch', 'Beech')", "altered_subject"),
        ("DELETE FROM decisions", "orphan_approval"),
    ],
)  # fmt: skip
def test_the_chain_tells_what_was_altered_behind_an_approval(
    store: Store, statement: str, kind: str
) -> None:
    content = make_scenario(submitted=True)
    save(store, content)
    approve(store, content)
    assert store.decisions.verify(REVOPS) == []

    with raw(store, triggers=False) as rows:
        rows.execute("PRAGMA foreign_keys = OFF")
        rows.execute(statement)

    assert kind in {fault.kind for fault in store.decisions.verify(REVOPS)}


def test_altered_rows_are_not_read(store: Store) -> None:
    save(store, make_scenario())
    with raw(store, triggers=False) as rows:
        rows.execute("UPDATE texts SET text = replace(text, 'Birch', 'Beech')")

    with pytest.raises(Broken, match="was altered"):
        store.scenarios.frontier(DANA, SCENARIO)

    with raw(store, triggers=False) as rows:
        rows.execute("UPDATE scenario_versions SET content = replace(content, 'Spring', 'May')")
    with pytest.raises(Broken, match="was altered"):
        store.scenarios.version(DANA, SCENARIO)


def test_evidence_about_several_reps_is_read_by_who_covers_each(store: Store) -> None:
    about_both = fact().model_copy(update={"scope": REPS_JOINED_BY.join(["ana", "bo"])})
    ledger = Ledger.of([about_both])

    root = store.ledgers.keep_ledger(DANA, ledger, "bk", AS_OF)

    assert store.ledgers.evidence(DANA, about_both.id)[0] == about_both
    for stranger in (ANA, BO):
        with pytest.raises(NotFound):
            store.ledgers.evidence(stranger, about_both.id)
        with pytest.raises(NotFound):
            store.ledgers.ledger(stranger, root)
