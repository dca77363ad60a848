"""The view, the Markdown and the terminal text of the good plan."""

from __future__ import annotations

from datetime import date

import pytest

from agent.markdown import escape, to_markdown, to_terminal
from agent.plan_view import view_plan
from agent.view import PlanView
from domain.evidence import Ledger
from domain.plan import (
    CapacityWeek,
    PlanContent,
    PlanVersion,
    Schedule,
    ScheduledPlay,
    WriterNote,
)
from tests.agent.good_plan import Example, claim, statement
from tests.agent.settling import settle


def content(good: Example, ledger: Ledger | None = None, **changes: object) -> PlanContent:
    draft = good.draft.model_copy(update=changes)
    ledger = ledger or good.ledger
    result = settle(
        draft, ledger, good.reader, good.coverage,
        as_of=good.as_of, period=good.period, currency=good.currency,
    )  # fmt: skip
    monday = date(2026, 11, 16)
    return PlanContent(
        account_id="1001",
        account_name="Brakes and Gears",
        owner_id="282",
        owner_name="Robin Carver",
        tier="tier_1",
        tier_note="Strategic but for executive access",
        depth="full",
        period_start=good.period.start,
        period_end=good.period.end,
        as_of=good.as_of,
        currency=good.currency,
        book_id="b",
        coverage_hash=good.coverage.hash,
        ledger_root=ledger.root,
        draft=result.draft,
        schedule=Schedule(
            plays=(
                ScheduledPlay(key="supply", starts=monday, due=date(2026, 12, 11), hours="2",
                              travel_hours="0", done_by="rep"),
                ScheduledPlay(key="agree", starts=monday, due=date(2026, 12, 15), hours="4.5",
                              travel_hours="3", done_by="rep"),
            ),
            weeks=(CapacityWeek(week=monday, selling_hours="24", committed_hours="2",
                                plan_hours="6.5"),),
            plan_hours="6.5", tier_hours="11", selling_hours="288", committed_hours="72",
        ),
        report=result.report,
        writer=WriterNote(writer="embedded"),
    )  # fmt: skip


def seen(good: Example, ledger: Ledger | None = None, **changes: object) -> PlanView:
    version = PlanVersion(
        plan_id="P-1", version=1, base_version=None, status="in_review",
        content=content(good, ledger, **changes), created_at="2026-11-14T09:00:00Z",
        created_by="p-282", run_id=None,
    )  # fmt: skip
    return view_plan(
        version, ledger or good.ledger, good.coverage, newest_version=1,
        score_parts=[
            {"fact": "fit", "label": "Fit", "dimension": "fit", "points": 50, "value": "reseller"},
            {"fact": "orders", "dimension": "engagement", "points": 61},
        ],
    )  # fmt: skip


def sentences(view: PlanView):
    for section in view.sections:
        yield from section.sentences
        for table in section.tables:
            yield from (cell.sentence for row in table.rows for cell in row if cell.sentence)


def test_sources_are_numbered_in_order_of_first_citation(good: Example) -> None:
    view = seen(good)
    assert [source.label for source in view.sources] == [
        str(number) for number in range(1, len(view.sources) + 1)
    ]
    order = [
        pill.label
        for sentence in sentences(view)
        for pill in sentence.pills
        if pill.label.isdigit()
    ]
    first_seen = list(dict.fromkeys(order))
    assert first_seen == sorted(first_seen, key=int)


def test_every_mark_opens_a_source_and_no_sentence_has_more_than_two(good: Example) -> None:
    view = seen(good)
    known = {item.evidence_id for item in (*view.sources, *view.computed)}
    for sentence in sentences(view):
        assert len(sentence.pills) <= 2
        assert {pill.evidence_id for pill in sentence.pills} <= known
    for section in view.sections:
        for table in section.tables:
            for row in table.rows:
                assert len(row) == len(table.columns)
                assert {cell.evidence_id for cell in row if cell.evidence_id} <= known


def test_a_quotation_is_verified_and_a_cell_is_computed(good: Example) -> None:
    view = seen(good)
    by_key = {sentence.key: sentence for sentence in sentences(view)}
    assert [pill.kind for pill in by_key["now.said"].pills] == ["verified"]
    assert [(p.label, p.kind) for p in by_key["stand.spend"].pills] == [("ƒ", "computed")]
    assert [pill.kind for pill in by_key["risk.season"].pills] == ["weak"]
    assert by_key["play.agree.objection"].remarks == ("Assumption.",)


def test_the_source_card_shows_the_words_and_what_was_cited(good: Example) -> None:
    view = seen(good)
    card = next(s for s in view.sources if s.evidence_id == good.evidence["budget"].id)
    assert card.highlight == "the clothing budget together with the January order"
    assert card.highlight in card.quote
    assert "Published 24 Sep 2026" in card.facts


def test_a_calculation_tells_its_formula(good: Example) -> None:
    view = seen(good)
    cards = {card.evidence_id: card for card in view.computed}
    assert cards[good.evidence["open"].id].formula == (
        "Potential, upper quartile $431,300 − Net spend, 12 months $397,413 = $33,887"
    )
    assert cards[good.evidence["open"].id].match == "Recomputed from its inputs and equal"


def test_tables_are_filled_from_the_ledger(good: Example) -> None:
    view = seen(good)
    tables = {table.kind: table for section in view.sections for table in section.tables}
    assert [cell.text for cell in tables["people"].rows[0]] == [
        "economic buyer", "Jordan Pell", "supportive", "–", "24 Sep 2026", "",
    ]  # fmt: skip
    assert tables["people"].rows[2][1].text == "nobody on file"
    assert [cell.text for cell in tables["whitespace"].rows[0]] == [
        "Jerseys", "35 %", "$8.9K", "29 %", "$3.9K",
    ]  # fmt: skip
    plays = [[cell.text for cell in row] for row in tables["plays"].rows]
    assert plays[1][2:6] == ["Jordan Pell", "Robin Carver", "Tue 15 Dec 2026", "4.5 incl. 3 travel"]
    assert [row[0] for row in plays] == ["1", "2", "Worth it to them", "Expect"]
    assert tables["milestones"].rows[0][0].text == "15 Dec 2026"


def test_the_head_says_what_matters(good: Example) -> None:
    view = seen(good)
    assert view.facts_line == (
        "Net spend $397K · rank 3 of 45 · open potential $33.9K · last order 14 Oct 2026 · last "
        "touch 13 Oct 2026"
    )
    assert view.rank == "Score 81, rank 3 of 45"
    assert view.writer_note == "No language model used"
    assert view.tier_label == "Tier 1"
    assert view.period == "16 Nov 2026 to 13 Feb 2027"
    # 6.5 of 288 hours is 2.26 %, and 72 of 288 is a quarter.
    assert (view.capacity_share, view.committed_share) == (0.0226, 0.25)


def test_the_score_adds_up_from_base_to_total(good: Example) -> None:
    rows = seen(good).score
    assert [(row.kind, row.points) for row in rows] == [
        ("base", -30), ("part", 61), ("part", 50), ("total", 81),
    ]  # fmt: skip
    assert sum(row.points for row in rows[:-1]) == rows[-1].points


def test_nothing_struck_appears_anywhere(good: Example) -> None:
    liar = claim("k", "fact", "Zorro Incorporated spends 9 million here.", good.evidence["said"])
    view = seen(good, why_now=[liar])
    for text in (to_markdown(view), to_terminal(view), view.model_dump_json()):
        assert "Zorro" not in text
    assert len(view.omissions) == 1
    assert next(s for s in view.sections if s.key == "why_now").gap


def test_a_persons_competitor_statement_is_shown_and_never_exported(good: Example) -> None:
    words = "Norvane Bikes undercuts us everywhere."
    said = statement(words)
    view = seen(good, good.adding(said), competition=[claim("k", "fact", words, said)])
    sentence = next(sentence for sentence in sentences(view) if sentence.key == "k")
    assert (sentence.text, sentence.author) == (words, "Mara Lindt")
    assert [pill.label for pill in sentence.pills] == ["no source"]
    exported = to_markdown(view)
    assert "Norvane" not in exported
    assert "has no source and is not exported" in exported


def test_markdown_has_numbered_sources_omissions_and_checks(good: Example) -> None:
    text = to_markdown(seen(good))
    assert "## 6. 90-day plays" in text
    assert "\n1. Note, " in text or "\n1. CRM record, " in text
    assert "- Claims traced to evidence: 25 of 25" in text or "- Claims traced to evidence" in text
    assert "not that a paraphrase is fair" in " ".join(text.split())


def test_an_approved_plan_says_so(good: Example) -> None:
    view = seen(good).model_copy(update={"status": "approved", "decision": "Approved by mo."})
    assert "**Approved by mo.**" in to_markdown(view)
    assert "Approved by mo." in to_terminal(view)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a*b_c", r"a\*b\_c"),
        ("[x](y) <b>", r"\[x\](y) \<b\>"),
        ("# head\n| cell", r"\# head \| cell"),
        ("- item", r"\- item"),
        ("1. item", r"\1. item"),
        ("see https://x.example", r"see https\://x.example"),
    ],
)
def test_text_is_escaped_so_that_markdown_shows_it_as_it_is(text, escaped) -> None:
    assert escape(text) == escaped


def test_the_terminal_text_fits_eighty_columns(good: Example) -> None:
    lines = to_terminal(seen(good)).splitlines()
    assert max(map(len, lines)) <= 80
    assert any("Net spend over the past year is $397K" in line for line in lines)


def test_the_view_is_the_same_every_time(good: Example) -> None:
    assert seen(good) == seen(good)
