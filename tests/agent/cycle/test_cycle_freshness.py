"""Stale evidence under what a territory plan or a review leans on."""

from __future__ import annotations

from datetime import date, timedelta

from agent.claims import claim
from agent.cycle.freshness import stale_load_bearing
from domain.coverage import CoverageModel
from domain.cycle import CycleSection, Sentence
from domain.evidence import DocumentSource, Evidence, Ledger
from domain.freshness import HalfLife
from domain.plan import ClaimKind, Outcome
from tests.agent.tiny_book import COVERAGE

AS_OF = date(2026, 11, 13)


def note(days: int) -> Evidence:
    text = f"They decide in spring, said {days} days ago."
    return Evidence(
        entity=f"account:1/document:D-{days}", metric="sentence", value=text, unit="text",
        source=DocumentSource(
            document_hash=f"{days:064d}", start=0, end=len(text), document_id=f"D-{days}",
            document_kind="note", title="Call", author_class="internal",
            published=AS_OF - timedelta(days=days),
        ),
    )  # fmt: skip


FRESH, OLD = note(10), note(181)  # notes keep 180 days in the shipped model


def sentence(
    key: str,
    *cites: Evidence,
    kind: ClaimKind = "recommendation",
    section: CycleSection = "adjustments",
    premises: tuple[str, ...] = (),
    outcome: Outcome = "supported",
) -> Sentence:
    made = claim(key, kind, "account:1", "Call them.", cites=cites, premises=premises)
    return Sentence(section=section, claim=made, outcome=outcome, mark="judgement")


def blocked(*sentences: Sentence, coverage: CoverageModel = COVERAGE) -> list[tuple[str, str]]:
    found = stale_load_bearing(sentences, Ledger.of([FRESH, OLD]), coverage, AS_OF)
    assert {item.code for item in found} <= {"stale_evidence"}
    assert {item.remedy for item in found} <= {"waiver"}
    return [(str(item.claim), item.section) for item in found]


def test_a_recommendation_on_stale_evidence_blocks_and_on_fresh_evidence_does_not() -> None:
    assert blocked(sentence("a", FRESH), sentence("b", OLD)) == [("b", "adjustments")]


def test_the_summary_blocks_whatever_kind_its_sentence_is() -> None:
    told = sentence("a", OLD, kind="fact", section="summary")
    aside = sentence("b", OLD, kind="fact", section="changes")
    assert blocked(told, aside) == [("a", "summary")]


def test_staleness_comes_through_premises_at_any_depth_and_through_circles() -> None:
    # a rests on b, b on c, and c is a stale fact; d and e rest on each other alone.
    found = blocked(
        sentence("a", premises=("b",)),
        sentence("b", premises=("c",)),
        sentence("c", OLD, kind="fact", section="changes"),
        sentence("d", premises=("e",)),
        sentence("e", premises=("d",)),
    )
    assert found == [("a", "adjustments"), ("b", "adjustments")]


def test_what_was_struck_blocks_nothing_and_lends_nothing() -> None:
    struck = sentence("a", OLD, outcome="struck")
    assert blocked(struck, sentence("b", FRESH, premises=("a",))) == []


def test_a_half_life_decides_where_the_kind_has_one() -> None:
    # 181 days at a half-life of 200 leave 0.53; 10 days at 4 leave 0.18, below a quarter.
    def with_half_life(days: float) -> CoverageModel:
        rules = COVERAGE.freshness.model_copy(update={"half_life": HalfLife(note=days)})
        return COVERAGE.model_copy(update={"freshness": rules})

    both = (sentence("a", FRESH), sentence("b", OLD))
    assert blocked(*both, coverage=with_half_life(200)) == []
    assert [key for key, _ in blocked(*both, coverage=with_half_life(4))] == ["a", "b"]


def test_evidence_that_is_not_in_the_ledger_is_left_to_another_check() -> None:
    assert blocked(sentence("a", note(300))) == []
