"""Every check: what passes, what it catches, and what the finding says."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date

import pytest

from agent.verifier.check import check_plan
from agent.verifier.places import walk
from agent.verifier.rewriting import rewrite
from domain.evidence import Evidence, Ledger
from domain.plan import AccountPlanDraft, Claim, ClaimResult, PersonRow, ProductRow
from domain.record import canonical_json
from tests.agent.good_plan import (
    ACCOUNT,
    AS_OF,
    BUYER,
    DEAL,
    JERSEYS,
    NOTE,
    YEAR,
    Example,
    calculation,
    claim,
    record,
    span,
    statement,
)


def judged(good: Example, made: Claim, *facts: Evidence, where: str = "why_now") -> ClaimResult:
    """Check one claim in the place of the first of a section."""
    draft = good.draft.model_copy(update={where: [made]})
    result = good.check(draft, good.adding(*facts)).result(made.key)
    assert result is not None
    return result


def checks(result: ClaimResult, effect: str = "strike") -> set[str]:
    return {finding.check for finding in result.findings if finding.effect == effect}


def test_a_good_plan_has_no_finding_at_all(good: Example) -> None:
    report = good.check()
    assert [item.key for item in report.claims if item.findings] == []
    assert report.blockers == ()
    assert report.gaps == ()
    assert [notice.code for notice in report.warnings] == ["missing_role"]


def test_claims_are_walked_in_the_order_of_the_draft(good: Example) -> None:
    walked = [(place.section, place.claim.key) for place in walk(good.draft)]
    assert walked == [(section, item.key) for section, item in good.draft.claims()]


def test_marks_say_how_a_claim_is_supported(good: Example) -> None:
    report = good.check()
    marks = {key: report.result(key).mark for key in
             ("now.said", "stand.spend", "objective", "risk.season", "unknown.margin")}  # fmt: skip
    assert marks == {
        "now.said": "verified",  # quoted word for word
        "stand.spend": "computed",  # cells only
        "objective": "judgement",
        "risk.season": "weak",  # retold from a document, to be compared
        "unknown.margin": "judgement",
    }


# 1 and 2: form and support


def test_1_a_slot_is_declared_used_and_unique(good: Example) -> None:
    due = good.evidence["due"]
    for text, slots in (
        ("The next order is due {{when}}.", {}),
        ("The next order is due.", {"when": (due, "date")}),
        ("The next order is due {{when}} {{.", {"when": (due, "date")}),
        ("The next order is due {{Wh-en}}.", {"Wh-en": (due, "date")}),
    ):
        made = claim("k", "recommendation", text, due, premises=("objective",), **slots)
        assert "1" in checks(judged(good, made))


def test_1_the_second_claim_of_a_key_is_struck(good: Example) -> None:
    first, second, *rest = good.draft.where_we_stand
    twin = second.model_copy(update={"key": first.key})
    report = good.check(good.draft.model_copy(update={"where_we_stand": [first, twin, *rest]}))
    outcomes = [item.outcome for item in report.claims if item.key == first.key]
    assert outcomes == ["supported", "struck"]


@pytest.mark.parametrize("kind", ["fact", "quote", "metric", "recommendation"])
def test_2_every_kind_but_an_assumption_rests_on_something(good: Example, kind) -> None:
    assert "2" in checks(judged(good, claim("k", kind, "They like us.")))


def test_2_the_evidence_of_a_slot_is_cited(good: Example) -> None:
    made = good.draft.where_we_stand[0]
    short = made.model_copy(update={"key": "k", "citations": made.citations[1:]})
    assert checks(judged(good, short)) == {"2"}


def test_2_recommendations_that_rest_on_each_other_rest_on_nothing(good: Example) -> None:
    made = [
        claim("a", "recommendation", "Call them.", premises=("b",)),
        claim("b", "recommendation", "Write to them.", premises=("a",)),
    ]
    report = good.check(good.draft.model_copy(update={"why_now": made}))
    assert {report.result(key).outcome for key in "ab"} == {"struck"}


# 3 and 4: the ledger and the reader


def test_3_an_id_outside_the_ledger_is_struck(good: Example) -> None:
    stranger = calculation("net_spend_12m", "5", "money", period=YEAR)
    made = claim("k", "metric", "Net spend is {{x}}.", x=(stranger, "money"))
    assert "3" in checks(judged(good, made))


def test_3_a_stored_fact_that_was_altered_is_struck(good: Example) -> None:
    spend = good.evidence["spend"]
    forged = spend.model_copy(update={"value": "999999"})
    entries = {**good.ledger.entries, spend.id: forged}
    ledger = Ledger(entries, good.ledger.texts, good.ledger.vocabulary)
    assert "3" in checks(good.check(ledger=ledger).result("stand.spend"))


def test_4_foreign_evidence_reads_like_missing_evidence(good: Example) -> None:
    hidden = calculation("orders_12m", "7", "count", period=YEAR, scope="999")
    made = claim("k", "metric", "It placed {{x}} orders.", x=(hidden, "number"))
    seen, unseen = judged(good, made), judged(good, made, hidden)
    assert checks(unseen) >= {"4"}
    assert {f.message for f in seen.findings} == {f.message for f in unseen.findings}


# 5 and 11: quotations


@pytest.mark.parametrize(
    "words",
    [
        "We need delivery before the season closes, or we split the order",
        "need delivery before the season opens, or we split the order between supplier",
        "the season opens",  # three content words at most
        "Nobody needs anything from anyone here ever again",
    ],
)
def test_5_a_quotation_is_exact_and_long_enough(good: Example, words) -> None:
    said = good.evidence["said"]
    made = claim("k", "quote", "They said: {{x}}", quotes={said.id: words}, x=(said, "text"))
    assert "5" in checks(judged(good, made))


def test_5_quote_marks_dashes_and_spaces_do_not_matter(good: Example) -> None:
    said = good.evidence["said"]
    words = "We need  delivery before the season opens, or\nwe split the order between suppliers."
    made = claim("k", "quote", "They said: {{x}}", quotes={said.id: words}, x=(said, "text"))
    assert judged(good, made).outcome == "supported"


def test_5_a_span_stands_where_it_says(good: Example) -> None:
    said = good.evidence["said"]
    moved = said.model_copy(
        update={"source": said.source.model_copy(update={"start": said.source.start + 1})}
    )
    made = claim("k", "quote", "They said: {{x}}", x=(moved, "text"))
    assert "5" in checks(judged(good, made, moved))


def test_5_a_document_that_was_altered_supports_nothing(good: Example) -> None:
    key = good.evidence["said"].source.document_hash
    texts = {**good.ledger.texts, key: NOTE.replace("season", "winter")}
    ledger = Ledger(good.ledger.entries, texts, good.ledger.vocabulary)
    assert "5" in checks(good.check(ledger=ledger).result("now.said"))


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "«{}»", "‘{}’"])
def test_5_words_in_quotation_marks_are_cited_words(good: Example, marks) -> None:
    text = "They told us " + marks.format("you are the best partner") + "."
    made = claim("k", "fact", text, good.evidence["said"])
    assert "5" in checks(judged(good, made))


def test_11_a_reservation_left_out_is_flagged(good: Example) -> None:
    text = "We will order jerseys next spring unless the board cuts the clothing budget again."
    source = span("D-9", "note", text, text)
    ledger_texts = {source.source.document_hash: text}
    made = claim(
        "k", "quote", "They said “order jerseys next spring unless the board cuts”.", source,
        quotes={source.id: "order jerseys next spring unless the board cuts"},
    )  # fmt: skip
    clipped = claim(
        "k", "fact", "We will order jerseys next spring for the clothing board.", source
    )
    ledger = Ledger.of(
        [*good.ledger.entries.values(), source], {**good.ledger.texts, **ledger_texts}
    )
    for one, flags in ((made, set()), (clipped, {"11"})):
        report = good.check(good.draft.model_copy(update={"why_now": [one]}), ledger)
        assert checks(report.result("k"), "flag") == flags


# 7 and 9: values


def test_7_a_format_admits_the_unit_of_its_cell(good: Example) -> None:
    made = claim("k", "metric", "Net spend is {{x}}.", x=(good.evidence["spend"], "percent"))
    assert checks(judged(good, made)) == {"7"}


@pytest.mark.parametrize(
    "text",
    ["Net spend is down {{x}}.", "Net spend fell by {{x}}.", "Net spend shrank {{x}}."],
)
def test_7_words_of_direction_agree_with_the_sign(good: Example, text) -> None:
    made = claim("k", "metric", text, x=(good.evidence["spend_change"], "change"))
    assert checks(judged(good, made)) == {"7"}


def test_7_a_comparison_in_words_holds(good: Example) -> None:
    e = good.evidence
    slots = {"a": (e["p75"], "money"), "b": (e["spend"], "money")}
    text = "The upper quartile potential of {{a}} %s its net spend of {{b}}."
    assert judged(good, claim("k", "metric", text % "exceeds", **slots)).outcome == "supported"
    assert "7" in checks(judged(good, claim("k", "metric", text % "is below", **slots)))


@pytest.mark.parametrize("text", ["Net spend is €{{x}}.", "Net spend is {{x}} EUR."])
def test_7_currencies_come_from_the_book(good: Example, text) -> None:
    assert "7" in checks(
        judged(good, claim("k", "metric", text, x=(good.evidence["spend"], "money")))
    )


@pytest.mark.parametrize(
    ("operation", "values", "right"),
    [
        ("sum", ("1.1", "2.2", "3.3"), "6.6"),
        ("difference", ("10", "4"), "6"),
        ("ratio", ("7", "2"), "3.5"),
        ("share", ("1", "3"), "0.333333"),
        ("change", ("6", "8"), "-0.25"),
        ("rank", ("5", "9", "5", "2"), "2"),  # one is larger, an equal one does not count
        ("count", ("5", "9", "5.5"), "3"),
    ],
)
def test_9_arithmetic_is_worked_out_again(good: Example, operation, values, right) -> None:
    units = {"ratio": "ratio", "share": "share", "change": "change", "rank": "count",
             "count": "count"}  # fmt: skip
    forms = {"ratio": "ratio", "share": "percent", "change": "change", "count": "number"}
    unit = units.get(operation, "money")
    parents = tuple(
        calculation(f"part_{number}", value, "money") for number, value in enumerate(values)
    )
    for value, outcome in ((right, "supported"), (right + "1", "struck")):
        total = calculation("part_total", value, unit, operation=operation, parents=parents)
        made = claim("k", "metric", "The part total is {{x}}.", x=(total, forms.get(unit, "money")))
        assert judged(good, made, total, *parents).outcome == outcome
        missing = judged(good, made, total)
        assert "9" in checks(missing)


# 8: whose, which and when


def test_8_a_figure_belongs_to_the_subject(good: Example) -> None:
    made = claim(
        "k", "metric", "Last contact with {{n}} was on {{x}}.", subject=BUYER,
        n=(good.evidence["buyer.name"], "name"), x=(good.evidence["owner.met"], "date"),
    )  # fmt: skip
    assert "8" in checks(judged(good, made))


def test_8_a_figure_of_a_part_stands_with_the_name_of_that_part(good: Example) -> None:
    e = good.evidence
    text = "Of its peers {{s}} buy {{l}}."
    right = claim("k", "metric", text, s=(e["jerseys.share"], "percent"),
                  l=(e["jerseys.line"], "name"))  # fmt: skip
    wrong = claim("k", "metric", text, s=(e["vests.share"], "percent"),
                  l=(e["jerseys.line"], "name"))  # fmt: skip
    assert judged(good, right).outcome == "supported"
    assert "8" in checks(judged(good, wrong))


def test_8_the_words_beside_a_figure_name_its_measure(good: Example) -> None:
    made = claim("k", "metric", "Open potential is {{x}}.", x=(good.evidence["spend"], "money"))
    assert "8" in checks(judged(good, made))
    silent = claim("k", "metric", "It stands at {{x}}.", x=(good.evidence["spend"], "money"))
    assert checks(judged(good, silent), "flag") == {"8"}


def test_8_the_order_before_the_last_is_not_the_last_order(good: Example) -> None:
    made = claim(
        "k", "metric", "The last order was worth {{x}}.", x=(good.evidence["previous"], "money")
    )
    assert "8" in checks(judged(good, made), "flag")


def test_8_another_period_is_stated(good: Example) -> None:
    old = calculation("net_spend_12m", "210000", "money", period="2023-11-15/2024-11-13")
    made = claim("k", "metric", "Net spend is {{x}}.", x=(old, "money"))
    assert "8" in checks(judged(good, made, old))


@pytest.mark.parametrize("span", ["quarter", "month", "week"])
def test_8_a_window_has_the_length_its_words_say(good: Example, span) -> None:
    text = f"Net spend over the past {span} is {{{{x}}}}."
    made = claim("k", "metric", text, x=(good.evidence["spend"], "money"))
    assert "8" in checks(judged(good, made))


def test_8_a_play_with_a_person_names_that_person(good: Example) -> None:
    play = good.draft.plays[1].model_copy(update={"contact": BUYER})
    draft = good.draft.model_copy(update={"plays": [good.draft.plays[0], play]})
    assert checks(good.check(draft).result("play.agree"), "flag") == {"8"}


# 10, 12, 13, 14


@pytest.mark.parametrize(
    "text", ["Call Jordan Pell.", "Ask Pell.", "Offer the HL Mountain Frame now."]
)
def test_10_a_registered_name_stands_only_in_slots(good: Example, text) -> None:
    made = claim("k", "recommendation", text, premises=("objective",))
    assert checks(judged(good, made)) == {"10"}


def test_10_an_unknown_capitalised_word_is_flagged(good: Example) -> None:
    made = claim("k", "recommendation", "Talk to Zorblat about it.", premises=("objective",))
    assert checks(judged(good, made), "flag") == {"10"}


@pytest.mark.parametrize(
    "text",
    [
        "Ask where the CRM row is from. They should know.",
        "Every Value Added Reseller in North America does so.",
        "They sell in Tooele: Ask for a tour.",
    ],
)
def test_10_known_words_and_sentence_starts_may_be_capitalised(good: Example, text) -> None:
    made = claim("k", "recommendation", text, premises=("objective",))
    assert judged(good, made).outcome == "supported"


def test_12_stale_evidence_is_flagged_and_blocks_only_under_a_decision(good: Example) -> None:
    # 181 days before 13 Nov 2026 is 16 May 2026; notes keep 180 days.
    old = span("D-1", "note", NOTE, "We need delivery before the season opens, or we split the "
               "order between suppliers.", published=date(2026, 5, 16))  # fmt: skip
    report = good.check(ledger=good.adding(old))
    assert report.result("now.said").outcome == "flagged"
    # `play.supply` rests on it as a premise; its measure rests on the play in turn.
    blocked = {blocker.claim for blocker in report.blockers}
    assert blocked == {"play.supply", "play.supply.done"}
    assert {blocker.remedy for blocker in report.blockers} == {"waiver"}
    assert "stale_evidence" in {notice.code for notice in report.warnings}
    fresh = span("D-1", "note", NOTE, old.value, published=date(2026, 5, 17))
    assert good.check(ledger=good.adding(fresh)).result("now.said").outcome == "supported"


def test_12_the_wall_clock_does_not_matter(good: Example, monkeypatch) -> None:
    before = good.check()
    monkeypatch.setattr(time, "time", lambda: 4e9)
    assert good.check() == before


def test_12_a_conflict_is_cited_on_both_sides(good: Example) -> None:
    other = record(ACCOUNT, "surveys", "employees", "40", "count")
    staff = good.evidence["staff"]
    one = claim("k", "metric", "It has {{x}} staff.", x=(staff, "number"))
    both = claim("k", "metric", "Staff is {{x}}, or {{y}} staff by another source.",
                 x=(staff, "number"), y=(other, "number"))  # fmt: skip
    assert "12" in checks(judged(good, one, other), "flag")
    assert judged(good, both, other).outcome == "supported"


def test_13_a_fact_whose_words_are_not_in_its_source_is_a_paraphrase(good: Example) -> None:
    made = claim(
        "k", "fact", "Shops nearby fear bankruptcy and plan to close their doors.",
        good.evidence["market"],
    )  # fmt: skip
    result = judged(good, made)
    assert checks(result, "flag") == {"13"}
    assert result.mark == "weak"


@pytest.mark.parametrize(
    "bad",
    [
        "see https://evil.example/x", "see www.evil.example", "write to a@evil.example",
        "open evil.com now", "<b>bold</b>", "<script>", "&lt;b&gt;", "![x](y)", "[x](y)",
        "`code`", "**bold**", "# title\nand more", "a\u200bb", "a\u202eb", "a\x07b", "a\ufeffb",
        "a\u00adb", "a\U000e0041b", "javascript:alert",
    ],
)  # fmt: skip
def test_14_links_markup_and_invisible_characters_are_struck(good: Example, bad) -> None:
    made = claim("k", "recommendation", f"Now {bad} please.", premises=("objective",))
    assert "14" in checks(judged(good, made))


def test_14_holds_for_what_slots_write_too(good: Example) -> None:
    name = record(f"{ACCOUNT}/contact:C-9", "contacts", "name", "<img src=x>", "name")
    made = claim("k", "recommendation", "Ask {{x}}.", x=(name, "name"))
    assert "14" in checks(judged(good, made, name))


# competitors, people, and what blocks


@pytest.mark.parametrize("missing", ["publisher", "uri", "published"])
def test_a_competitor_claim_needs_publisher_address_and_date(good: Example, missing) -> None:
    intel = good.evidence["intel"]
    source = intel.source.model_copy(update={missing: None})
    ledger = good.adding(intel.model_copy(update={"source": source}))
    assert checks(good.check(ledger=ledger).result("rival.frames")) == {"competitor"}


def test_another_source_does_not_cover_a_competitor(good: Example) -> None:
    named = span("D-1", "note", NOTE, "Met Morgan Vale in the warehouse on Tuesday.")
    made = claim("k", "fact", "They told us of norvane bikes.", named, good.evidence["market"])
    assert "competitor" in checks(judged(good, made, named))


def test_an_unnamed_competitor_counts_as_well(good: Example) -> None:
    made = claim("k", "fact", "They need delivery before the season opens.", good.evidence["said"])
    result = judged(good, made, where="competition")
    assert checks(result) == {"competitor"}


def test_a_person_may_type_it_but_it_blocks_and_is_marked(good: Example) -> None:
    words = "Norvane Bikes offers them 20 percent less since Monday."
    said = statement(words)
    made = claim("k", "fact", words, said)
    draft = good.draft.model_copy(update={"competition": [made]})
    report = good.check(draft, good.adding(said))
    result = report.result("k")
    assert (result.outcome, result.mark) == ("flagged", "none")
    assert [(b.code, b.remedy, b.claim) for b in report.blockers] == [
        ("competitor_unsourced", "edit", "k")
    ]


def test_a_figure_that_a_person_typed_is_flagged_and_kept(good: Example) -> None:
    words = "They told me the budget is 40K."
    said = statement(words)
    result = judged(good, claim("k", "fact", words, said), said)
    assert (result.outcome, result.mark) == ("flagged", "none")
    assert "A figure or name in it is not traced." in {f.message for f in result.findings}


def test_markup_that_a_person_typed_is_struck(good: Example) -> None:
    words = "See https://evil.example for the rest."
    said = statement(words)
    assert judged(good, claim("k", "fact", words, said), said).outcome == "struck"


def test_growth_above_open_potential_blocks_and_keeping_spend_does_not(good: Example) -> None:
    e = good.evidence
    for text, metric, blocked in (
        # Open potential is 33,887; open pipeline 12,500; P90 less spend is 220,598.
        ("Grow by {{x}} of expected value.", "expected", True),
        ("Grow net spend to the potential of {{x}}, P90.", "p90", True),
        ("Grow net spend to the upper quartile potential of {{x}}.", "p75", False),
        ("Add {{x}} of open pipeline.", "pipeline", False),
        ("Protect the last order of {{x}}.", "last", False),
    ):
        made = claim("objective", "recommendation", text, x=(e[metric], "money"))
        report = good.check(good.draft.model_copy(update={"objective": made}))
        codes = {blocker.code for blocker in report.blockers}
        assert ("target_over_potential" in codes) == blocked, text


def test_a_growth_target_that_a_person_typed_is_read_as_well(good: Example) -> None:
    for words, blocked in (("Grow by $500K this year.", True), ("Grow by $20,000.", False)):
        said = statement(words)
        made = claim("objective", "fact", words, said)
        report = good.check(good.draft.model_copy(update={"objective": made}), good.adding(said))
        assert any(b.code == "target_over_potential" for b in report.blockers) == blocked


def test_rows_and_plays_point_at_this_ledger_only(good: Example) -> None:
    draft = good.draft.model_copy(
        update={
            "people": [PersonRow(contact="account:7/contact:X", role="user", note=None)],
            "products": [ProductRow(gap=JERSEYS), ProductRow(gap=JERSEYS)],
            "plays": [good.draft.plays[0].model_copy(update={"before": "ev_nothing"})],
        }
    )
    keys = [item.key for item in good.check(draft).claims if ":" in item.key]
    assert keys == ["people:0", "products:1", "plays:0:before", "milestones:0"]


def test_every_empty_section_names_its_gap(good: Example) -> None:
    empty = good.draft.model_copy(
        update={"why_now": [], "competition": [], "risks": [], "against": None, "unknowns": [],
                "buying_group": [], "people": []}
    )  # fmt: skip
    assert [gap.section for gap in good.check(empty).gaps] == [
        "why_now", "buying_group", "competition", "risks",
    ]  # fmt: skip


# properties


def test_changing_one_cell_changes_exactly_the_claims_that_depend_on_it(good: Example) -> None:
    spend = good.evidence["spend"]
    changed = spend.model_copy(update={"value": "397412.56"})
    repointed = rewrite(good.draft, lambda c: c)
    entries = {k: v for k, v in good.ledger.entries.items() if k != spend.id}
    ledger = Ledger.of([*entries.values(), changed], good.ledger.texts, good.ledger.vocabulary)
    before, after = good.check(), good.check(repointed, ledger)
    touched = {one.key for one, two in zip(before.claims, after.claims, strict=True) if one != two}
    # The claim that states it, and the one that states what is computed from it.
    assert touched == {"stand.spend", "space.open"}


def test_the_report_has_the_same_bytes_under_every_hash_seed() -> None:
    code = (
        "from tests.agent.good_plan import example; from domain.record import content_hash;"
        "print(content_hash(example().check()))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_the_verifier_changes_nothing_it_is_given(good: Example) -> None:
    before = canonical_json(good.draft)
    good.check()
    assert canonical_json(good.draft) == before


def many(good: Example, seed: int) -> AccountPlanDraft:
    """A draft of 200 claims, each with words of its own."""
    base = [*good.draft.where_we_stand, *good.draft.why_now, *good.draft.whitespace]
    claims = [
        item.model_copy(
            update={"key": f"{item.key}.{n}", "text": item.text + " So it is" + " so" * (n + seed)}
        )
        for n in range(20)
        for item in base
    ][:178]
    return good.draft.model_copy(update={"where_we_stand": claims})


def test_two_hundred_claims_are_all_checked(good: Example) -> None:
    report = check_plan(
        many(good, 0), good.ledger, good.reader, good.coverage,
        as_of=AS_OF, period=good.period, currency="USD",
    )  # fmt: skip
    assert len(report.claims) == 200


def test_a_deal_is_a_subject_of_its_own(good: Example) -> None:
    assert good.draft.why_now[2].subject == DEAL
    assert good.check().result("now.deal").outcome == "supported"
