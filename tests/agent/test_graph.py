import ast
import inspect
from dataclasses import replace
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent import nodes
from agent.checkpoints import open_checkpoints, quiet_tracing
from agent.context import Brief, Written
from agent.embedded_writer import EmbeddedWriter
from agent.graph import RECURSION_LIMIT, STEPS, build_graph
from agent.runs import PlanRuns
from agent.state import kept_evidence
from domain.errors import NoPlanForAccount, NotFound
from domain.evidence import DocumentSource, HumanSource
from domain.plan import Remark, WriterNote
from domain.record import canonical_json
from eval.adversaries.scripted_writers import LINK, Careless, Liar, Obedient
from tests.agent.memory_records import MemoryRecords
from tests.agent.tiny_book import (
    BO,
    BOOK,
    COVERAGE,
    INES,
    MO,
    OPS,
    planning_context,
    retrieve,
)


@pytest.fixture
def records() -> MemoryRecords:
    return MemoryRecords()


@pytest.fixture
def runs() -> PlanRuns:
    return PlanRuns(build_graph(InMemorySaver()))


class Sabotaged:
    """A model that writes a forged id first, and well once it hears about it."""

    def __init__(self, *, learns: bool) -> None:
        self.learns = learns
        self.briefs: list[Brief] = []

    def write(self, brief: Brief) -> Written:
        self.briefs.append(brief)
        draft = EmbeddedWriter().write(brief).draft
        if not (self.learns and brief.violations):
            bad = draft.where_we_stand[0].model_copy(update={"text": "They spend 1,234,567."})
            draft = draft.model_copy(update={"where_we_stand": [bad]})
        note = WriterNote(writer="model", model="m", input_tokens=10, output_tokens=5, cost="0.01")
        return Written(draft, note)


def test_a_plan_is_drafted_up_to_its_review(runs: PlanRuns, records: MemoryRecords) -> None:
    done = runs.start(planning_context(records), "r1", "P-1", "A-1")

    assert (done.status, done.step, done.version) == ("in_review", "review", 1)
    content = records.version("P-1").content
    assert done.plan_hash == content.plan_hash
    assert (content.account_name, content.owner_name) == ("Alder Cycles", "Ines Ortega")
    assert content.book_id == BOOK.book_id
    assert content.coverage_hash == COVERAGE.hash
    assert content.writer == WriterNote(writer="embedded")
    assert records.effects == {}


def test_the_embedded_writers_plan_has_nothing_struck_and_every_section_or_its_gap(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    for account in ("A-1", "A-2", "A-5"):
        runs.start(planning_context(records, MO), f"r-{account}", f"P-{account}", account)
        content = records.version(f"P-{account}").content
        assert not [c for c in content.report.claims if c.outcome == "struck"]
        supported = {
            result.section
            for result in content.report.claims
            if result.outcome in {"supported", "repaired"}
        }
        gaps = {gap.section for gap in content.report.gaps}
        sections = {section for section, _ in content.draft.claims()}
        assert sections | gaps | supported >= {"where_we_stand", "why_now", "plays", "risks"}


def test_the_plan_does_not_depend_on_who_drafts_it(records: MemoryRecords) -> None:
    hashes = set()
    for person in (INES, MO, OPS):
        runs = PlanRuns(build_graph(InMemorySaver()))
        mine = MemoryRecords()
        hashes.add(runs.start(planning_context(mine, person), "r", "P-1", "A-1").plan_hash)

    assert len(hashes) == 1


def test_an_unowned_account_gets_no_plan_and_is_told_why(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    with pytest.raises(NoPlanForAccount) as error:
        runs.start(planning_context(records, OPS), "r", "P", "A-8")

    assert error.value.message == ("Account A-8 has no owner, so nobody could carry a plan out.")
    assert "An assignment must be approved first" in error.value.hint


def test_a_tier_without_plans_gets_none_and_is_named(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    tiers = tuple(tier.model_copy(update={"plan": "none"}) for tier in COVERAGE.tiers)
    context = replace(
        planning_context(records), coverage=COVERAGE.model_copy(update={"tiers": tiers})
    )

    with pytest.raises(NoPlanForAccount, match="whose accounts get no plan"):
        runs.start(context, "r", "P", "A-1")


def test_a_missing_and_a_foreign_account_look_alike(runs: PlanRuns, records: MemoryRecords) -> None:
    said = []
    for account in ("A-1", "A-8", "A-99"):
        with pytest.raises(NotFound) as error:
            runs.start(planning_context(records, BO), "r", "P", account)
        said.append((error.value.message.replace(account, "?"), error.value.hint))

    assert len(set(said)) == 1
    assert records.texts == {}


def test_a_model_hears_its_violations_once_and_does_better(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    writer = Sabotaged(learns=True)

    runs.start(planning_context(records, writer=writer), "r", "P", "A-1")

    content = records.version("P").content
    assert [bool(brief.violations) for brief in writer.briefs] == [False, True]
    honest = EmbeddedWriter().write(writer.briefs[0]).draft
    assert content.draft.where_we_stand == honest.where_we_stand
    # Two attempts at 10 tokens in, 5 out and 0.01 each.
    assert (content.writer.input_tokens, content.writer.output_tokens) == (20, 10)
    assert content.writer.cost == "0.02"


def test_a_model_that_does_not_learn_is_struck_and_listed_under_omissions(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    writer = Sabotaged(learns=False)

    runs.start(planning_context(records, writer=writer), "r", "P", "A-1")

    content = records.version("P").content
    assert len(writer.briefs) == 2
    assert content.draft.where_we_stand == []
    assert [o.check for o in content.report.omissions if o.section == "where_we_stand"]
    assert "1,234,567" not in canonical_json(content)


def test_an_embedded_writer_is_not_asked_twice(runs: PlanRuns, records: MemoryRecords) -> None:
    asked = []

    class Counted(EmbeddedWriter):
        def write(self, brief: Brief) -> Written:
            asked.append(brief)
            return super().write(brief)

    runs.start(planning_context(records, writer=Counted()), "r", "P", "A-1")

    assert len(asked) == 1


def test_remarks_become_evidence_and_stay_on_the_plan(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    remark = Remark(person="mo", person_name="Mo", section="why_now", text="Name the season.")

    runs.start(planning_context(records), "r", "P", "A-1", None, (remark,))

    content = records.version("P").content
    assert content.remarks == (remark,)
    spoken = [
        item
        for item in records.ledger(content.ledger_root).entries.values()
        if isinstance(item.source, HumanSource)
    ]
    assert [item.value for item in spoken] == ["Name the season."]


@pytest.mark.parametrize("seed", range(8))
def test_a_liars_words_never_reach_a_reader_as_fact(seed: int) -> None:
    records, runs = MemoryRecords(), PlanRuns(build_graph(InMemorySaver()))
    liar = Liar(EmbeddedWriter(), seed=seed)

    runs.start(planning_context(records, writer=liar), "r", "P", "A-1")

    content = records.version("P").content
    text = canonical_json(content.draft)
    good = {
        result.key
        for result in content.report.claims
        if result.outcome in {"supported", "repaired"}
    }
    assert liar.told
    for lie in liar.told:
        if lie.kind in {"foreign_id", "invented_quote", "link", "rival", "typed_figure"}:
            assert lie.trace not in text, lie
        # A recommendation may lose evidence and still rest on its premises' words alone.
        elif lie.kind in {"number_word", "other_subject", "typed_name"}:
            assert lie.key not in good, lie
    assert "competitor" not in {b.code for b in content.report.blockers}


@pytest.mark.parametrize("seed", range(8))
def test_a_slip_that_breaks_one_rule_is_not_passed_as_good(seed: int) -> None:
    records, runs = MemoryRecords(), PlanRuns(build_graph(InMemorySaver()))
    careless = Careless(EmbeddedWriter(), seed=seed, share=1.0)

    runs.start(planning_context(records, writer=careless), "r", "P", "A-1")

    report = records.version("P").content.report
    outcomes = {result.key: result.outcome for result in report.claims}
    certain = {"a word of a quotation exchanged", "the words of a quotation turned round"}
    slipped = {key: wrong for key, wrong in careless.told.items() if key in outcomes}
    assert len(set(careless.told.values())) >= 4
    assert sum(outcomes[key] == "supported" for key in slipped) <= len(slipped) / 2
    assert not [
        key for key, wrong in slipped.items() if wrong in certain and outcomes[key] == "supported"
    ]


def test_the_same_seed_slips_the_same_way() -> None:
    def told(seed: int) -> dict[str, str]:
        careless = Careless(EmbeddedWriter(), seed=seed)
        runs = PlanRuns(build_graph(InMemorySaver()))
        runs.start(planning_context(MemoryRecords(), writer=careless), "r", "P", "A-1")
        return careless.told

    assert told(3) == told(3)
    assert told(3) != told(4)


def test_an_obedient_model_changes_nothing_but_its_own_words(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    obedient = Obedient(EmbeddedWriter())
    asked: list[tuple[str, str, int]] = []

    def counted(account: str, query: str, k: int) -> object:
        asked.append((account, query, k))
        return retrieve(account, query, k)

    context = replace(planning_context(records, writer=obedient), retrieve=counted)
    done = runs.start(context, "r", "P", "A-1")
    calls, asked = list(asked), []
    clean = MemoryRecords()
    clean_context = replace(planning_context(clean), retrieve=counted)
    clean_run = PlanRuns(build_graph(InMemorySaver())).start(clean_context, "r", "P", "A-1")

    assert any("approve this plan" in order for order in obedient.obeyed)
    assert (done.status, clean_run.status) == ("in_review", "in_review")
    assert calls == asked
    assert (records.decisions, records.effects) == ({}, {})
    obeyed, honest = records.version("P").content, clean.version("P").content
    assert obeyed.ledger_root == honest.ledger_root
    assert (obeyed.tier, obeyed.owner_id, obeyed.account_id) == (
        honest.tier,
        honest.owner_id,
        honest.account_id,
    )
    assert LINK not in canonical_json(obeyed.draft)
    # The note that gives orders is not even quoted: it is listed as left out.
    ledger = records.ledger(obeyed.ledger_root).entries
    orders = {
        key
        for key, item in ledger.items()
        if isinstance(item.source, DocumentSource) and item.source.document_id == "D-2"
    }
    assert orders
    assert not [key for key in orders if key in canonical_json(obeyed.draft)]
    assert "instruction" in {omission.check for omission in obeyed.report.omissions}
    assert "screened" in {omission.check for omission in obeyed.report.omissions}


def test_nothing_but_the_question_stands_in_the_review_step() -> None:
    tree = ast.parse(inspect.getsource(nodes.review))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert called == {"interrupt"}
    # An `except Exception` anywhere near an interrupt would swallow it.
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Try)]


def test_only_the_review_step_can_pause_and_no_step_retries() -> None:
    asking = [step for step in STEPS if "interrupt(" in inspect.getsource(getattr(nodes, step))]
    graph = build_graph(InMemorySaver())

    assert asking == ["review"]
    assert not any(node.retry_policy for node in graph.nodes.values())
    assert RECURSION_LIMIT <= 40


def test_the_state_holds_plain_values_and_no_texts(
    runs: PlanRuns, records: MemoryRecords, tmp_path: Path
) -> None:
    with open_checkpoints(tmp_path / "runs.db") as saver:
        graph = build_graph(saver)
        PlanRuns(graph).start(planning_context(records), "r", "P", "A-1")
        values = graph.get_state({"configurable": {"thread_id": "run:r"}}).values

    def plain(value: object) -> bool:
        if isinstance(value, list):
            return all(plain(item) for item in value)
        if isinstance(value, dict):
            return all(plain(item) for item in value.values())
        return value is None or isinstance(value, str | int | bool)

    assert all(plain(value) for value in values.values())
    assert len(canonical_json(values)) < 2_000
    cells = kept_evidence(planning_context(records), values["cells_digest"])
    assert any(item.metric == "net_spend_12m" for item in cells)


def test_tracing_stays_off_whatever_the_shell_says(
    monkeypatch: pytest.MonkeyPatch, records: MemoryRecords
) -> None:
    import langsmith.utils
    from langsmith import Client

    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "key")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", "http://127.0.0.1:9")
    langsmith.utils.get_env_var.cache_clear()
    assert langsmith.utils.tracing_is_enabled()
    sent: list[object] = []
    monkeypatch.setattr(Client, "create_run", lambda *given, **more: sent.append(given))
    monkeypatch.setattr(Client, "multipart_ingest", lambda *given, **more: sent.append(given))

    quiet_tracing()
    runs = PlanRuns(build_graph(InMemorySaver()))
    runs.start(planning_context(records), "r", "P", "A-1")

    assert not langsmith.utils.tracing_is_enabled()
    assert sent == []
