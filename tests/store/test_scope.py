"""A rep's scope holds on every public method: foreign rows look like rows that are not there."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from domain.chat import Turn
from domain.decision import DecisionRequest
from domain.errors import NotFound, NotPermitted
from domain.evidence import Ledger
from domain.principal import Principal
from domain.question import Question, Side
from store.store import Store
from tests.store.test_usage import CALL
from tests.store.tiny_cycle import QUARTER, id_of, territory
from tests.store.tiny_cycle import save as save_cycle
from tests.store.tiny_scenario import SCENARIO, make_scenario, objection
from tests.store.tiny_scenario import save as save_scenario
from tests.store.tiny_store import (
    ANA,
    AS_OF,
    BO,
    DANA,
    NOTES,
    NOW,
    PERIOD,
    REVOPS,
    STRANGER,
    approve,
    fact,
    make_book,
    make_content,
    person,
    plan_id,
    save,
)

# Bo as a manager, so that nothing is refused for want of a role.
BO_MANAGER = person("Bo", "bo", roles=("manager", "revops"))

Call = Callable[[Store, Principal, "Ids"], Any]


class Ids(dict[str, str]):
    """Ids of Ana's things, or of nothing."""


NOTHING = Ids(
    plan=plan_id("9"),
    account="9",
    decision="D-000000000000",
    evidence="ev_" + "0" * 24,
    root="0" * 64,
    digest="1" * 64,
    run="r-none",
    document="D-none",
    thread="T-none",
    turn="U-none",
    chat="R-none",
    scenario="S-none",
    cycle="TP-none",
    question="Q-none",
)


def a_turn(ids: Ids) -> Turn:
    return Turn(
        turn_id=ids["turn"],
        thread_id=ids["thread"],
        parent=ids["turn"],
        run_id=ids["chat"],
        asked="",
        status="done",
        created_at="",
    )


def question_about(ids: Ids) -> Question:
    side = Side(
        evidence_id="ev_1", document_id="D-1", title="", author=None, said_on=None, text="May."
    )
    return Question(
        question_id=ids["question"],
        account_id=ids["account"],
        account_name="",
        owner_id="ana",
        first=side,
        second=side,
    )


def content_of(ids: Ids) -> Any:
    return make_content(ids["account"])


REFUSED: dict[str, Call] = {
    "plans.version": lambda s, p, i: s.plans.version(p, i["plan"]),
    "plans.versions": lambda s, p, i: s.plans.versions(p, i["plan"]),
    "plans.approved": lambda s, p, i: s.plans.approved(p, i["plan"]),
    "plans.save_version": lambda s, p, i: s.plans.save_version(
        p, i["plan"], content_of(i), base_version=1, run_id=None
    ),
    "decisions.decide": lambda s, p, i: s.decisions.decide(
        p,
        "plan",
        i["plan"],
        DecisionRequest(version=1, verdict="rejected"),
        subject_hash="",
        ledger_root="",
        coverage_hash="",
        now=NOW,
    ),
    "decisions.get": lambda s, p, i: s.decisions.get(p, i["decision"]),
    "decisions.erase_payload": lambda s, p, i: s.decisions.erase_payload(p, i["decision"], NOW),
    "effects.take_effect": lambda s, p, i: s.effects.take_effect(p, i["decision"], now=NOW),
    "ledgers.ledger": lambda s, p, i: s.ledgers.ledger(p, i["root"]),
    "ledgers.evidence": lambda s, p, i: s.ledgers.evidence(p, i["evidence"]),
    "ledgers.document_text": lambda s, p, i: s.ledgers.document_text(p, i["evidence"]),
    "blobs.fetch": lambda s, p, i: s.blobs.fetch(p, i["digest"]),
    "runs.start": lambda s, p, i: s.runs.start(
        p, "r-new", thread_id="t", kind="plan", account_id=i["account"], owner_id="ana"
    ),
    "runs.get": lambda s, p, i: s.runs.get(p, i["run"]),
    "runs.move": lambda s, p, i: s.runs.move(p, i["run"], "done"),
    "documents.of_account": lambda s, p, i: s.documents.of_account(
        p, s.books.current(REVOPS), i["account"]
    ),
    "documents.get": lambda s, p, i: s.documents.get(p, s.books.current(REVOPS), i["document"]),
    "handovers.last_approved": lambda s, p, i: s.handovers.last_approved(
        p, s.books.current(REVOPS), i["account"]
    ),
    "questions.of_account": lambda s, p, i: s.questions.of_account(
        p, s.books.current(REVOPS), i["account"]
    ),
    "questions.add": lambda s, p, i: s.questions.add(
        p, s.books.current(REVOPS), question_about(i), "The first holds."
    ),
    "cycle.version": lambda s, p, i: s.cycle.version(p, i["cycle"]),
    "cycle.versions": lambda s, p, i: s.cycle.versions(p, i["cycle"]),
    "cycle.approved": lambda s, p, i: s.cycle.approved(p, i["cycle"]),
    "cycle.save_version": lambda s, p, i: s.cycle.save_version(
        p, i["cycle"], territory("another"), base_version=1, run_id=None
    ),
    "scenarios.version": lambda s, p, i: s.scenarios.version(p, i["scenario"]),
    "scenarios.history": lambda s, p, i: s.scenarios.history(p, i["scenario"]),
    "scenarios.prepared_by": lambda s, p, i: s.scenarios.prepared_by(p, i["scenario"]),
    "scenarios.frontier": lambda s, p, i: s.scenarios.frontier(p, i["scenario"]),
    "scenarios.approved": lambda s, p, i: s.scenarios.approved(p, i["scenario"]),
    "scenarios.part": lambda s, p, i: s.scenarios.part(p, i["scenario"]),
    "scenarios.answer": lambda s, p, i: s.scenarios.answer(
        p, i["scenario"], objection(person=p.person)
    ),
    "scenarios.save_version": lambda s, p, i: s.scenarios.save_version(
        p, i["scenario"], make_scenario(reps=("ana",)), base_version=1, step="ran"
    ),
    "threads.get": lambda s, p, i: s.threads.get(p, i["thread"]),
    "threads.delete": lambda s, p, i: s.threads.delete(p, i["thread"]),
    "threads.turns": lambda s, p, i: s.threads.turns(p, i["thread"]),
    "threads.turn": lambda s, p, i: s.threads.turn(p, i["thread"], i["turn"]),
    "threads.siblings": lambda s, p, i: s.threads.siblings(p, a_turn(i)),
    "threads.history": lambda s, p, i: s.threads.history(p, a_turn(i), 8),
    "threads.latest": lambda s, p, i: s.threads.latest(p, i["thread"]),
    "threads.of_run": lambda s, p, i: s.threads.of_run(p, i["chat"]),
    "threads.begin": lambda s, p, i: s.threads.begin(p, i["thread"], "Why?"),
    "threads.ask_to_stop": lambda s, p, i: s.threads.ask_to_stop(p, i["chat"]),
    "run_log.read": lambda s, p, i: s.run_log.read(p, i["chat"]),
    "turn_texts.keep": lambda s, p, i: s.turn_texts.keep(p, i["chat"], "mine"),
    "turn_texts.fetch": lambda s, p, i: s.turn_texts.fetch(p, i["chat"], i["digest"]),
    "notes.search": lambda s, p, i: s.notes.search(p, i["account"], "helmets"),
    "notes.retriever": lambda s, p, i: s.notes.retriever(p, s.books.current(REVOPS))(
        i["account"], "helmets", 5
    ),
}

EMPTY: dict[str, Call] = {
    "plans.list": lambda s, p, i: s.plans.list(p),
    "plans.approved_of_rep": lambda s, p, i: s.plans.approved_of_rep(p, "ana"),
    "questions.list": lambda s, p, i: s.questions.list(p, s.books.current(REVOPS)),
    "plans.last_approved": lambda s, p, i: s.plans.last_approved(p, ("ana",), PERIOD),
    "plans.ever_approved": lambda s, p, i: s.plans.ever_approved(p, ("ana",), PERIOD),
    "cycle.list": lambda s, p, i: s.cycle.list(p),
    "cycle.last_approved": lambda s, p, i: s.cycle.last_approved(p, "territory", QUARTER),
    "cycle.approved_marks": lambda s, p, i: s.cycle.approved_marks(p, "territory", QUARTER),
    "effects.outcomes": lambda s, p, i: list(s.effects.outcomes(p, [i["decision"]])),
    "decisions.on": lambda s, p, i: s.decisions.on(p, "plan", i["plan"]),
    "decisions.log": lambda s, p, i: s.decisions.log(p),
    "decisions.erased": lambda s, p, i: s.decisions.erased(p),
    "effects.pending": lambda s, p, i: s.effects.pending(p),
    "scenarios.list": lambda s, p, i: s.scenarios.list(p),
    "scenarios.calls": lambda s, p, i: s.scenarios.calls(p),
    "ledgers.may_read": lambda s, p, i: [i["root"]] if s.ledgers.may_read(p, i["root"]) else [],
    "threads.list": lambda s, p, i: s.threads.list(p),
    "threads.left_running": lambda s, p, i: s.threads.left_running(p),
    # Notes of their own are found, and intelligence on a segment is anyone's.
    "notes.search_all": lambda s, p, i: [
        found
        for found in s.notes.search_all(p, "helmets", book=s.books.current(REVOPS))
        if found.scope not in ("", p.person)
    ],
    "runs.list": lambda s, p, i: s.runs.list(p),
    "runs.unfinished": lambda s, p, i: s.runs.unfinished(p),
    "runs.of_plan": lambda s, p, i: s.runs.of_plan(p, i["plan"]) or [],
    "usage.sums": lambda s, p, i: s.usage.sums(p, "2026-10", "plan"),
    "usage.total": lambda s, p, i: [s.usage.total(p, "2026-10")][
        : s.usage.total(p, "2026-10").calls
    ],
}

# What says neither that a run is there nor that it is not, and changes nothing.
SILENT: dict[str, tuple[Call, object]] = {
    "run_log.append": (
        lambda s, p, i: s.run_log.append(p, i["chat"], [("block.delta", {"text": "x"})]),
        0,
    ),
    "threads.end": (lambda s, p, i: s.threads.end(p, i["chat"], "stopped"), False),
    "threads.stop_asked": (lambda s, p, i: s.threads.stop_asked(p, i["chat"]), True),
}

NOT_PERMITTED: dict[str, Call] = {
    "retention.remove": lambda s, p, i: s.retention.remove(
        p, events_before=NOW, threads_before=NOW
    ),
    "decisions.verify": lambda s, p, i: s.decisions.verify(p),
    "ledgers.keep_ledger": lambda s, p, i: s.ledgers.keep_ledger(
        p, Ledger.of([fact()]), "b", AS_OF
    ),
}

# The workspace's own: a book is whole and so are the findings it is read with, a hash says
# that questions were answered and not what, a coverage model holds no rep's rows, what a
# person keeps is theirs, and a month's limit on what models use holds for all together.
WORKSPACE_WIDE = {
    "books.add",
    "books.current",
    "books.current_id",
    "books.get",
    "books.list",
    "books.use",
    "blobs.keep",
    "coverage.current",
    "coverage.current_text",
    "coverage.get",
    "coverage.in_force",
    "coverage.keep",
    "coverage.list",
    "coverage.save",
    "coverage.text",
    "findings.approved",
    "findings.keep",
    "findings.kept",
    "notes.rebuild",
    "questions.hashes",
    "threads.create",
    "usage.add",
    "usage.workspace_total",
}


@pytest.fixture
def of_ana(store: Store) -> Ids:
    """One of everything, all Ana's."""
    store.books.add(REVOPS, make_book(*NOTES))
    root = store.ledgers.keep_ledger(ANA, Ledger.of([fact()]), "bk_1", AS_OF)
    content = make_content(ledger_root=root)
    save(store, content, by=ANA)
    approve(store, content)
    store.runs.start(ANA, "r-1", thread_id="t", kind="plan", account_id="1", owner_id="ana")
    store.runs.move(ANA, "r-1", "waiting", plan_id=plan_id())
    save_scenario(store, make_scenario(reps=("ana",), asked=("ana",)))
    save_cycle(store, territory(), by=ANA)
    store.usage.add(ANA, "plan", plan_id=plan_id(), **CALL)
    (decision,) = store.decisions.log(ANA)
    store.decisions.erase_payload(REVOPS, decision.decision_id, NOW)
    question = question_about(Ids(question="Q-1", account="1"))
    store.questions.add(ANA, store.books.current(REVOPS), question, "The second.", "second")
    turn = store.threads.begin(ANA, store.threads.create(ANA).thread_id, "Which helmets?")
    store.turn_texts.keep(ANA, turn.run_id, "secret")
    return Ids(
        plan=plan_id(),
        account="1",
        decision=decision.decision_id,
        evidence=fact().id,
        root=root,
        digest=store.blobs.keep(ANA, "draft", "secret"),
        run="r-1",
        document="D-1",
        thread=turn.thread_id,
        turn=turn.turn_id,
        chat=turn.run_id,
        scenario=SCENARIO,
        cycle=id_of(territory()),
        question="Q-1",
    )


def test_every_public_method_of_the_store_is_walked_below(store: Store) -> None:
    public = {
        f"{kind}.{name}"
        for kind, part in vars(store).items()
        if type(part).__module__.startswith("store.") and not kind.startswith("_")
        if kind != "home"
        for name, method in inspect.getmembers(part, inspect.ismethod)
        if not name.startswith("_") and name != "close"
    }

    assert public == set(REFUSED) | set(EMPTY) | set(SILENT) | set(NOT_PERMITTED) | WORKSPACE_WIDE


def test_every_public_method_takes_a_principal_first(store: Store) -> None:
    for name in [*REFUSED, *EMPTY, *SILENT, *NOT_PERMITTED, *WORKSPACE_WIDE]:
        kind, method = name.split(".")
        first = next(iter(inspect.signature(getattr(getattr(store, kind), method)).parameters))
        assert first == "principal", name


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_foreign_is_not_found_in_the_words_for_what_is_missing(
    store: Store, of_ana: Ids, name: str
) -> None:
    def said(ids: Ids) -> tuple[str, str]:
        with pytest.raises(NotFound) as refused:
            REFUSED[name](store, BO_MANAGER, ids)
        words = refused.value.message, refused.value.hint
        assert not refused.value.facts
        for value in sorted(ids.values(), key=len, reverse=True):
            words = tuple(text.replace(f"'{value}'", "'…'") for text in words)
        return words

    assert said(of_ana) == said(NOTHING)
    # Given a book, or starting something of their own, a stranger stands in their own workspace.
    given = {"documents.of_account", "documents.get", "notes.retriever", "runs.start"}
    if name not in given | {"questions.of_account", "questions.add", "handovers.last_approved"}:
        with pytest.raises(NotFound):
            REFUSED[name](store, STRANGER, of_ana)


@pytest.mark.parametrize("name", sorted(EMPTY))
def test_lists_leave_out_what_is_foreign(store: Store, of_ana: Ids, name: str) -> None:
    assert list(EMPTY[name](store, BO_MANAGER, of_ana)) == []
    assert list(EMPTY[name](store, STRANGER, of_ana)) == []


@pytest.mark.parametrize("name", sorted(SILENT))
@pytest.mark.parametrize("who", [BO_MANAGER, REVOPS, STRANGER], ids=lambda who: who.workspace)
def test_a_run_of_chat_that_is_foreign_cannot_be_told_from_none(
    store: Store, of_ana: Ids, name: str, who: Principal
) -> None:
    call, expected = SILENT[name]

    assert call(store, who, of_ana) == call(store, who, NOTHING) == expected
    assert store.threads.of_run(ANA, of_ana["chat"]).status == "running"
    assert [event.seq for event in store.run_log.read(ANA, of_ana["chat"]).events] == [1]


CHATS = [name for name in REFUSED if name.split(".")[0] in {"threads", "run_log", "turn_texts"}]


@pytest.mark.parametrize("name", CHATS)
def test_threads_are_their_persons_whatever_somebody_else_may_see(
    store: Store, of_ana: Ids, name: str
) -> None:
    # Remy sees every account, Dana those of Ana.
    for who in (REVOPS, DANA):
        with pytest.raises(NotFound):
            REFUSED[name](store, who, of_ana)


@pytest.mark.parametrize("name", sorted(NOT_PERMITTED))
def test_what_runs_over_more_than_the_scope_is_refused(
    store: Store, of_ana: Ids, name: str
) -> None:
    with pytest.raises(NotPermitted):
        NOT_PERMITTED[name](store, BO_MANAGER, of_ana)


def test_nothing_of_the_walk_changed_anything(store: Store, of_ana: Ids) -> None:
    before = list(of_ana.items()), store.plans.versions(ANA, plan_id()), store.runs.list(ANA)

    for call in REFUSED.values():
        with pytest.raises(NotFound):
            call(store, BO, of_ana)

    assert before == (
        list(of_ana.items()),
        store.plans.versions(ANA, plan_id()),
        store.runs.list(ANA),
    )
    assert store.plans.approved(ANA, plan_id()).version == 1
    assert store.decisions.verify(REVOPS) == []
