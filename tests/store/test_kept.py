"""Plans, ledgers, texts, runs and coverage models: what is kept comes back, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from domain.errors import (
    Broken,
    CoverageInvalid,
    InvalidInput,
    NotFound,
    NotPermitted,
    PlanSuperseded,
)
from domain.evidence import DocumentSource, Evidence, Ledger
from domain.period import Period
from domain.record import text_hash
from store import plans as plans_module
from store.plans import plan_id_for
from store.records import StoreRecords
from store.store import Store
from tests.store.tiny_store import (
    ANA,
    AS_OF,
    BO,
    DANA,
    NOW,
    PERIOD,
    REVOPS,
    STRANGER,
    approve,
    decide,
    fact,
    make_content,
    plan_id,
    raw,
    save,
)


def test_a_plan_has_one_id_per_workspace_account_and_period() -> None:
    assert plan_id_for("acme", "1", PERIOD) == plan_id_for("acme", "1", PERIOD)
    assert len(plan_id()) == 12
    others = {
        plan_id_for("acme", "2", PERIOD),
        plan_id_for("globex", "1", PERIOD),
        plan_id_for("acme", "1", Period(PERIOD.start, date(2026, 12, 31))),
    }
    assert plan_id() not in others
    assert len(others) == 3


def test_versions_count_up_and_keep_what_they_said(store: Store) -> None:
    first, second = make_content(), make_content(objective="Win the gloves.")
    assert save(store, first) == 1
    assert save(store, second, base=1, by=ANA) == 2

    kept = store.plans.versions(ANA, plan_id())

    assert [item.content for item in kept] == [first, second]
    assert [item.content.plan_hash for item in kept] == [first.plan_hash, second.plan_hash]
    assert [(item.base_version, item.created_by, item.run_id) for item in kept] == [
        (None, "remy", "run-1"),
        (1, "ana", "run-1"),
    ]
    assert store.plans.version(ANA, plan_id()).version == 2
    assert store.plans.version(ANA, plan_id(), 1).content == first


def test_saving_the_newest_content_again_is_no_new_version_and_voids_nothing(store: Store) -> None:
    content = make_content()
    save(store, content)
    approve(store, content)

    assert save(store, content) == 1
    assert save(store, content, base=1) == 1

    assert store.plans.approved(ANA, plan_id()).version == 1


def test_a_version_based_on_an_older_one_is_refused(store: Store) -> None:
    save(store, make_content())
    save(store, make_content(objective="Win the gloves."), base=1)

    with pytest.raises(PlanSuperseded, match="Version 1 is not the newest: plan"):
        save(store, make_content(objective="Win the socks."), base=1)
    with pytest.raises(PlanSuperseded, match="A plan exists already"):
        save(store, make_content(objective="Win the socks."))
    with pytest.raises(NotFound, match="There is no plan"):
        save(store, make_content("2", "bo"), base=4)


def test_a_plan_is_about_one_account(store: Store) -> None:
    save(store, make_content())

    with pytest.raises(InvalidInput, match="is about another account"):
        store.plans.save_version(
            REVOPS, plan_id(), make_content("2", "bo"), base_version=1, run_id=None
        )


@pytest.mark.parametrize("verdict", ["approved", "returned", "rejected"])
def test_status_is_that_of_the_newest_versions_decision(store: Store, verdict: str) -> None:
    content = make_content()
    save(store, content)
    assert store.plans.version(ANA, plan_id()).status == "in_review"

    decide(store, content, verdict=verdict)

    assert store.plans.version(ANA, plan_id()).status == verdict
    (line,) = store.plans.list(ANA)
    assert (line.status, line.version, line.plan_hash) == (verdict, 1, content.plan_hash)
    save(store, make_content(objective="Win the gloves."), base=1)
    assert store.plans.version(ANA, plan_id(), 1).status == "superseded"
    assert [item.status for item in store.plans.list(ANA)] == ["in_review"]


def test_the_list_of_plans_is_last_changed_first_and_cut_by_account(store: Store) -> None:
    save(store, make_content("1"))
    save(store, make_content("2", "bo"))
    save(store, make_content("1", objective="Win the gloves."), base=1)

    assert [item.account_id for item in store.plans.list(DANA)] == ["1", "2"]
    assert [item.account_id for item in store.plans.list(DANA, account_id="2")] == ["2"]


def test_when_an_account_changes_hands_its_plan_goes_along(store: Store) -> None:
    save(store, make_content(owner="ana"))
    with pytest.raises(NotFound):
        store.plans.version(BO, plan_id())

    # To Bo the plan did not exist, so he begins without a base, as on any new plan.
    assert save(store, make_content(owner="bo"), by=BO) == 2

    assert store.plans.version(BO, plan_id()).version == 2
    assert [item.version for item in store.plans.versions(BO, plan_id())] == [2]
    with pytest.raises(NotFound):
        store.plans.version(BO, plan_id(), 1)
    with pytest.raises(NotFound):
        store.plans.version(ANA, plan_id())
    assert [item.version for item in store.plans.versions(DANA, plan_id())] == [1, 2]


def test_content_of_an_older_schema_is_upgraded_when_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    def upgrade(old: dict[str, object]) -> dict[str, object]:
        return {**old, "tier_note": "upgraded"}

    save(store, make_content())
    monkeypatch.setattr(plans_module, "SCHEMA_VERSION", 2)
    monkeypatch.setitem(plans_module.UPGRADES, 1, upgrade)

    assert store.plans.version(ANA, plan_id()).content.tier_note == "upgraded"
    with raw(store) as rows:
        (text,) = rows.execute("SELECT content FROM plan_versions").fetchone()
    assert json.loads(text)["tier_note"] == ""


def test_altered_content_is_never_shown(store: Store) -> None:
    save(store, make_content())
    with raw(store, triggers=False) as rows:
        rows.execute("UPDATE plan_versions SET content = replace(content, 'Win', 'Lose')")

    with pytest.raises(Broken, match=f"Version 1 of plan {plan_id()} was altered"):
        store.plans.version(ANA, plan_id())


def span(title: str = "Call", owner: str = "ana") -> Evidence:
    return Evidence(
        entity="account:1/document:D-1",
        metric="span",
        value="Kim approved it.",
        unit="text",
        source=DocumentSource(
            document_hash=text_hash("Hello. Kim approved it."),
            start=7,
            end=23,
            document_id="D-1",
            document_kind="note",
            title=title,
            author_class="internal",
        ),
        scope=owner,
    )


TEXTS = {text_hash("Hello. Kim approved it."): "Hello. Kim approved it."}


def test_a_ledger_comes_back_as_it_was_frozen(store: Store) -> None:
    ledger = Ledger.of([fact(), span()], TEXTS)

    root = store.ledgers.keep_ledger(ANA, ledger, "bk_1", AS_OF)
    again = store.ledgers.keep_ledger(ANA, ledger, "bk_1", AS_OF)

    assert root == again == ledger.root
    kept = store.ledgers.ledger(DANA, root)
    assert kept.entries == ledger.entries
    assert kept.texts == TEXTS
    assert store.ledgers.document_text(ANA, span().id) == "Hello. Kim approved it."
    with pytest.raises(NotFound, match="There is no document behind"):
        store.ledgers.document_text(ANA, fact().id)


def test_the_same_fact_in_two_books_is_one_evidence_with_two_sightings(store: Store) -> None:
    ledger = Ledger.of([fact()])
    store.ledgers.keep_ledger(ANA, ledger, "bk_2", date(2026, 10, 7))
    store.ledgers.keep_ledger(ANA, ledger, "bk_1", AS_OF)
    store.ledgers.keep_ledger(ANA, ledger, "bk_1", AS_OF)

    found, seen = store.ledgers.evidence(ANA, fact().id)

    assert found == fact()
    assert [(item.book_id, item.as_of) for item in seen] == [
        ("bk_1", AS_OF),
        ("bk_2", date(2026, 10, 7)),
    ]


def test_the_newest_sighting_says_who_reads_a_fact_and_what_its_document_is_called(
    store: Store,
) -> None:
    store.ledgers.keep_ledger(ANA, Ledger.of([span("Call")], TEXTS), "bk_1", AS_OF)
    moved = Ledger.of([span("Call with Kim", owner="bo")], TEXTS)
    assert moved.root == Ledger.of([span()]).root

    store.ledgers.keep_ledger(BO, moved, "bk_2", date(2026, 10, 7))

    found, _ = store.ledgers.evidence(BO, span().id)
    assert isinstance(found.source, DocumentSource)
    assert found.source.title == "Call with Kim"
    with pytest.raises(NotFound):
        store.ledgers.evidence(ANA, span().id)
    with pytest.raises(NotFound):
        store.ledgers.ledger(ANA, moved.root)


def test_a_ledger_with_a_fact_outside_the_scope_is_not_kept(store: Store) -> None:
    with pytest.raises(NotPermitted, match="1 facts outside Ana's scope"):
        store.ledgers.keep_ledger(ANA, Ledger.of([fact(), fact("2", "bo")]), "bk_1", AS_OF)

    with pytest.raises(NotFound):
        store.ledgers.evidence(REVOPS, fact().id)


def test_an_altered_fact_is_found_when_its_ledger_is_read(store: Store) -> None:
    root = store.ledgers.keep_ledger(ANA, Ledger.of([fact()]), "bk_1", AS_OF)
    with raw(store) as rows:
        rows.execute("UPDATE evidence SET value = 'Elder'")

    with pytest.raises(Broken, match=f"Evidence {fact().id} was altered"):
        store.ledgers.ledger(ANA, root)

    with raw(store) as rows:
        rows.execute("UPDATE evidence SET value = 'Alder'")
        rows.execute("DELETE FROM ledger_entries")
    with pytest.raises(Broken, match="lacks facts that it was frozen with"):
        store.ledgers.ledger(ANA, root)


def test_a_ledger_without_facts_is_a_ledger(store: Store) -> None:
    root = store.ledgers.keep_ledger(ANA, Ledger.of([]), "bk_1", AS_OF)

    assert store.ledgers.ledger(ANA, root).entries == {}


def test_a_text_is_kept_once_for_those_whose_scope_reaches_as_far(store: Store) -> None:
    digest = store.blobs.keep(ANA, "draft", "Objective: helmets")
    assert (
        store.blobs.keep(ANA, "draft", "Objective: helmets")
        == digest
        == text_hash("Objective: helmets")
    )

    assert store.blobs.fetch(ANA, digest) == "Objective: helmets"
    assert store.blobs.fetch(DANA, digest) == "Objective: helmets"
    for person in (BO, STRANGER):
        with pytest.raises(NotFound, match="There is no kept text"):
            store.blobs.fetch(person, digest)
    # What a manager's run left may hold Bo's rows too.
    wide = store.blobs.keep(DANA, "draft", "Both books")
    with pytest.raises(NotFound):
        store.blobs.fetch(ANA, wide)
    assert store.blobs.fetch(REVOPS, wide) == "Both books"


def test_a_run_moves_from_queued_to_done_and_is_known_by_its_plan(store: Store) -> None:
    run = store.runs.start(
        ANA, "r1", thread_id="run:r1", kind="plan", account_id="1", owner_id="ana"
    )
    assert (run.status, run.person) == ("queued", "ana")

    store.runs.move(ANA, "r1", "waiting", plan_id="P-1")
    assert store.runs.unfinished(DANA)[0].run_id == "r1"
    done = store.runs.move(DANA, "r1", "done")

    assert (done.plan_id, done.status) == ("P-1", "done")
    assert done.updated_at > done.created_at
    found = store.runs.of_plan(ANA, "P-1")
    assert found is not None
    assert found.run_id == "r1"
    assert store.runs.unfinished(ANA) == []
    with pytest.raises(InvalidInput, match="'r1' is taken"):
        store.runs.start(DANA, "r1", thread_id="t", kind="chat")


def test_a_chat_is_its_own_persons_even_among_those_who_see_everything(store: Store) -> None:
    store.runs.start(ANA, "c1", thread_id="chat:1", kind="chat")

    assert store.runs.get(ANA, "c1").kind == "chat"
    assert store.runs.list(REVOPS) == []
    with pytest.raises(NotFound):
        store.runs.get(REVOPS, "c1")


def test_committed_hours_are_the_approved_other_plans_of_the_rep_in_the_period(
    store: Store,
) -> None:
    first, second = date(2026, 10, 5), date(2026, 10, 12)
    after = date(2027, 1, 4)
    one = make_content("1", hours=((first, "4.5"), (second, "0"), (after, "9")))
    two = make_content("2", hours=((first, "2"), (second, "1.25")))
    other_rep = make_content("3", "bo", hours=((first, "7"),))
    for content in (one, two, other_rep):
        save(store, content)
        if content is not two:
            approve(store, content)
    records = StoreRecords(store, ANA)

    # Plan two is not approved, plan three is Bo's, the last week lies after the period.
    assert records.committed_hours("ana", PERIOD, except_plan="P-none") == {first: Decimal("4.5")}
    approve(store, two)
    assert records.committed_hours("ana", PERIOD, except_plan="P-none") == {
        first: Decimal("6.5"),
        second: Decimal("1.25"),
    }
    assert records.committed_hours("ana", PERIOD, except_plan=plan_id("1")) == {
        first: Decimal("2"),
        second: Decimal("1.25"),
    }
    assert records.committed_hours("bo", PERIOD, except_plan="P-none") == {}
    save(store, make_content("1", objective="Other."), base=1)
    assert records.committed_hours("ana", PERIOD, except_plan=plan_id("2")) == {}


def test_records_are_the_store_with_a_person_and_a_clock_bound(
    store: Store, clock: Callable[[], datetime]
) -> None:
    records = StoreRecords(store, DANA, lambda: NOW)
    content = make_content()

    digest = records.keep("draft", "text")
    root = records.keep_ledger(Ledger.of([fact()]), book_id="bk_1", as_of=AS_OF)
    version = records.save_version(plan_id(), content, base_version=None, run_id="r1")
    decision = decide(store, content)
    records.take_effect(decision.decision_id)

    assert records.fetch(digest) == "text"
    assert list(records.ledger(root).entries) == [fact().id]
    kept = records.version(plan_id())
    assert (kept.version, kept.status) == (version, "approved")
    assert kept.created_at == "2026-10-01T09:30:00.000000Z"
    assert records.decision(decision.decision_id) == decision
    assert store.plans.approved(ANA, plan_id()).version == 1


def coverage_text() -> str:
    path = Path(__file__).parents[2] / "examples" / "adventureworks" / "coverage.toml"
    return path.read_text(encoding="utf-8")


def test_coverage_models_are_kept_by_their_text_and_one_is_current(store: Store) -> None:
    text = coverage_text()
    first = store.coverage.save(REVOPS, text)
    second = store.coverage.save(REVOPS, text.replace("version = 1", "version = 2", 1))
    assert first.hash != second.hash
    assert store.coverage.current(ANA) == second

    store.coverage.save(REVOPS, text)
    commented = store.coverage.save(REVOPS, text + "\n# a remark\n")

    # A comment changes the text and not the rules.
    assert commented.hash == first.hash
    assert store.coverage.current_text(ANA).endswith("# a remark\n")
    assert store.coverage.get(ANA, second.hash) == second
    assert [item.current for item in store.coverage.list(ANA)] == [False, False, True]
    with pytest.raises(CoverageInvalid):
        store.coverage.save(REVOPS, text + "\nnonsense = 1\n[nonsense]\n")
    assert len(store.coverage.list(ANA)) == 3
    with pytest.raises(NotFound, match="There is no coverage model yet"):
        store.coverage.current(STRANGER)
    with pytest.raises(NotFound, match="There is no coverage model 'x'"):
        store.coverage.get(ANA, "x")
