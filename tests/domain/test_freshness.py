from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.coverage import CoverageModel, parse_coverage
from domain.errors import CoverageInvalid
from domain.evidence import DocumentSource, Evidence, RecordSource
from domain.freshness import Freshness, HalfLife, age_of, is_stale

DEFAULT = (Path(__file__).parents[2] / "api/defaults/coverage.toml").read_text(encoding="utf-8")
AS_OF = date(2026, 11, 13)
RULES = parse_coverage(DEFAULT).freshness


def with_half_life(lines: str, more: str = "") -> CoverageModel:
    assert DEFAULT.count("[freshness]\n") == 1
    text = DEFAULT.replace("[freshness]\n", f"[freshness]\n{more}")
    return parse_coverage(f"{text}\n[freshness.half_life]\n{lines}\n")


def note(days: int, metric: str = "sentence") -> Evidence:
    return Evidence(
        entity="account:1/document:D-1", metric=metric, value="We buy in May.", unit="text",
        source=DocumentSource(
            document_hash="0" * 64, start=0, end=14, document_id="D-1", document_kind="note",
            title="Call", author_class="internal", published=AS_OF - timedelta(days=days),
        ),
    )  # fmt: skip


def cell(metric: str, period: str) -> Evidence:
    return Evidence(
        entity="account:1", metric=metric, value="1", unit="count", period=period,
        source=RecordSource(table="accounts", row="1", field=metric),
    )  # fmt: skip


def test_a_fact_loses_half_its_weight_in_each_half_life() -> None:
    # 0.5 ** (90 / 90) is 0.5, 0.5 ** (45 / 90) is 0.7071, 0.5 ** (180 / 90) is 0.25.
    rules = with_half_life("note = 90").freshness
    weights = {days: age_of(note(days), rules, AS_OF).weight for days in (0, 45, 90, 180)}

    assert weights == pytest.approx({0: 1.0, 45: 0.70711, 90: 0.5, 180: 0.25}, abs=1e-5)


def test_with_a_half_life_a_fact_is_stale_below_the_least_weight_and_not_at_it() -> None:
    # After two half-lives a quarter is left, which is the default; a day later it is less.
    rules = with_half_life("note = 90").freshness
    assert not is_stale(note(180), rules, AS_OF)
    assert is_stale(note(181), rules, AS_OF)
    # Half the weight is asked for: 90 days are one half-life.
    strict = with_half_life("note = 90", "stale_below = 0.5\n").freshness
    assert not is_stale(note(90), strict, AS_OF)
    assert is_stale(note(91), strict, AS_OF)


def test_without_a_half_life_the_days_hold_as_before() -> None:
    rules = with_half_life("email = 10").freshness
    assert rules.note == 180
    assert not is_stale(note(180), rules, AS_OF)
    assert is_stale(note(181), rules, AS_OF)
    assert age_of(note(30), rules, AS_OF).weight is None


def test_a_fact_about_the_past_does_not_age_and_one_without_a_date_neither() -> None:
    rules = with_half_life("record = 1").freshness
    assert age_of(cell("last_order_date", "2020-01-01"), rules, AS_OF) is None
    assert age_of(cell("employees", ""), rules, AS_OF) is None
    assert is_stale(cell("employees", "2020-01-01"), rules, AS_OF)


def test_a_fact_dated_after_the_book_has_its_whole_weight() -> None:
    rules = with_half_life("note = 90").freshness
    assert age_of(note(-5), rules, AS_OF).weight == 1.0


def test_age_is_told_in_plain_words() -> None:
    # 0.5 ** (62 / 90) is 0.6203.
    rules = with_half_life("note = 90").freshness
    assert age_of(note(62), rules, AS_OF).told == "Fresh 62 %, half-life 90 days"
    assert age_of(note(181), rules, AS_OF).told == "Stale 24 %, half-life 90 days"
    assert age_of(note(30), RULES, AS_OF).told == ""
    assert age_of(note(200), RULES, AS_OF).told == "Stale: 200 days old, at most 180"


@settings(max_examples=30)
@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(1, 1000))
def test_the_older_of_two_facts_never_weighs_more(one: int, other: int, half_life: int) -> None:
    rules = RULES.model_copy(update={"half_life": HalfLife(note=half_life)})
    young, old = (rules.age("note", days) for days in sorted((one, other)))
    assert 0 <= old.weight <= young.weight <= 1
    assert old.stale or not young.stale


def test_a_model_that_does_not_use_it_keeps_its_hash() -> None:
    # What a release that did not know these keys hashed.
    assert set(RULES.model_dump(mode="json")) == {
        "note", "call_summary", "email", "market", "competitive", "record", "calculation", "human",
    }  # fmt: skip
    plain = parse_coverage(DEFAULT)
    assert with_half_life("").hash == plain.hash
    assert with_half_life("", "stale_below = 0.25\n").hash == plain.hash
    assert with_half_life("note = 90").hash != plain.hash
    assert with_half_life("", "stale_below = 0.3\n").hash != plain.hash


def test_a_model_reads_back_from_its_own_dump() -> None:
    used = with_half_life("note = 90", "stale_below = 0.3\n").freshness
    assert Freshness.model_validate(used.model_dump(mode="json")) == used


@pytest.mark.parametrize(
    ("lines", "more", "words"),
    [
        ("note = 0", "", "freshness.half_life.note = 0"),
        ("note = -3", "", "freshness.half_life.note = -3"),
        ("memo = 90", "", "freshness.half_life.memo: unknown key"),
        ("", "stale_below = 1\n", "freshness.stale_below = 1"),
        ("", "stale_below = 0\n", "freshness.stale_below = 0"),
        ("note = nan", "", "freshness.half_life.note"),
    ],
)
def test_an_impossible_value_is_named_with_its_key(lines: str, more: str, words: str) -> None:
    with pytest.raises(CoverageInvalid) as refused:
        with_half_life(lines, more)
    assert words in refused.value.message
