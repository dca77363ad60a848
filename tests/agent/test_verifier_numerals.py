"""Check 6: the closed list of what counts as a figure, with counter-examples."""

from __future__ import annotations

import pytest

from domain.plan import ClaimKind
from tests.agent.good_plan import Example, claim


def strikes(good: Example, text: str, kind: ClaimKind = "recommendation") -> bool:
    made = claim("k", kind, text, good.evidence["said"], premises=("objective",))
    result = good.check(good.draft.model_copy(update={"why_now": [made]})).result("k")
    return "6" in {finding.check for finding in result.findings}


@pytest.mark.parametrize(
    "text",
    [
        "It has 12 stores.", "It has twelve stores.", "A dozen stores.", "Thousands of bikes.",
        "One order came.", "It doubled.", "Twice as much.", "Half of it is bikes.",
        "A third of it.", "Three quarters of it.", "A quarter of it.", "Spend tripled.",
        "It grew tenfold.", "It is up fivefold.", "Some 5-7 visits.", "It is the 2nd.",
        "The second order.", "It came third.", "On Monday.", "In January.", "By 3 Jan.",
        "In Q3.", "In FY26.", "From May on and in May it fell.", "Phase II begins.", "About 5K.",
        "Some 20 percent.", "Some per cent of it.", "By ½.", "About ٣ visits.", "x² grows.",
        "A couple of calls.", "A pair of visits.", "Once a year.", "Tomorrow they decide.",
        "Twenty-one lines.", "Zero orders.", "Nil spend.", "Scores of shops.", "Around forty.",
        "A hundred shops.", "Two-year deal.", "On Tue we met.", "By the fifteenth.",
        "In Tier 1.", "Their 24/7 shop.", "Five percentage points.",
    ],
)  # fmt: skip
def test_a_figure_outside_a_slot_is_struck(good: Example, text) -> None:
    assert strikes(good, text)


@pytest.mark.parametrize(
    "text",
    [
        "One of the lines sells.", "No one has met them.", "This one is open.",
        "They told one another.", "Ask for a second opinion.", "Have second thoughts.",
        "At first they hesitated.", "Confirm stock first.", "First, confirm stock.",
        "First of all, listen.", "They know it first-hand.", "A third party ships it.",
        "Double-check the form.", "Answer at once.", "Ask once more.", "On the one hand, price.",
        "They are a B2B shop.", "They may decide soon.", "They march on.", "It may sell.",
        "This quarter and every quarter.", "A quarterly order.", "Somebody often asks.",
        "Anyone can attend.", "A tenant and a tense phone call.", "The sun is out.",
        "Wedge and mark the frame.", "A fortnightly call.", "The weekly touch.",
        "Buy it for the first time.", "Manifold reasons.", "On behalf of the buyer.",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_figure_is_not(good: Example, text) -> None:
    assert not strikes(good, text)


def test_first_orders_steps_in_advice_and_counts_in_facts(good: Example) -> None:
    assert not strikes(good, "Win a first order.")
    assert strikes(good, "The first order came late.", "fact")


@pytest.mark.parametrize(
    ("text", "cell", "form", "struck"),
    [
        ("Net spend of the last 12 months is {{x}}.", "spend", "money", False),
        ("The last order, 12 months back, was {{x}}.", "last", "money", True),
        ("Touches in 90 days: {{x}}.", "touches", "number", False),
        ("Orders in 90 days: {{x}}.", "orders", "number", True),
        ("The 75th percentile potential is {{x}}.", "p75", "money", False),
        ("The 75th percentile potential is {{x}}.", "p50", "money", True),
        ("The P90 potential is {{x}}.", "p90", "money", False),
        ("Its first order was on {{x}}.", "first_date", "date", False),
    ],
)
def test_a_figure_in_the_name_of_a_measure_needs_a_cell_of_it(
    good: Example, text, cell, form, struck
) -> None:
    made = claim("k", "metric", text, x=(good.evidence[cell], form))
    result = good.check(good.draft.model_copy(update={"why_now": [made]})).result("k")
    assert ("6" in {finding.check for finding in result.findings}) == struck


@pytest.mark.parametrize(
    "text",
    ["Net spend is 1{{x}}.", "Net spend is {{x}}0.", "Net spend is {{x}}K.", "Net spend is -{{x}}.",
     "Net spend is {{x}} million.", "Net spend is minus {{x}}.", "Net spend is {{x}} M."],
)  # fmt: skip
def test_nothing_is_joined_to_a_slot_that_changes_its_figure(good: Example, text) -> None:
    made = claim("k", "metric", text, x=(good.evidence["spend"], "money"))
    result = good.check(good.draft.model_copy(update={"why_now": [made]})).result("k")
    assert result.outcome == "struck"


def test_a_verified_quotation_may_hold_figures(good: Example) -> None:
    from domain.evidence import Ledger
    from tests.agent.good_plan import span

    text = "The owner wants 40 frames and 12 wheels before the fair in March."
    source = span("D-8", "note", text, text)
    ledger = Ledger.of(
        [*good.ledger.entries.values(), source],
        {**good.ledger.texts, source.source.document_hash: text},
        good.ledger.vocabulary,
    )
    for words, outcome in (
        ("wants 40 frames and 12 wheels before the fair", "supported"),
        ("wants 50 frames and 12 wheels before the fair", "struck"),
    ):
        made = claim("k", "quote", f"The note says “{words}”.", source, quotes={source.id: words})
        report = good.check(good.draft.model_copy(update={"why_now": [made]}), ledger)
        assert report.result("k").outcome == outcome
