"""Typed figures become pointers at the one cited cell they can only be, or stay typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.chat.typed_figures import point_at_figures
from domain.evidence import Evidence, RecordSource, Unit


def cell(metric: str, value: str, unit: Unit) -> Evidence:
    source = RecordSource(table="accounts", row="A-1", field=metric)
    return Evidence(entity="account:A-1", metric=metric, value=value, unit=unit, source=source)


SPEND = cell("net_spend_12m", "48213.55", "money")
BEFORE = cell("net_spend_prior_12m", "52110", "money")
CHANGE = cell("spend_change_12m", "-0.0748", "change")
CHANCE = cell("chance", "0.913", "share")
RANK = cell("rank", "3", "count")
CONTACTS = cell("contacts", "3", "count")
DUE = cell("next_order_due", "2026-11-14", "date")
HOURS = cell("plan_hours", "36.5", "hours")
POINTS = cell("points:cycle", "9", "points")
RATIO = cell("spend_to_p75", "2.44", "ratio")
DAYS = cell("days_since_order", "61", "days")


def pointed(text: str, *cited: Evidence) -> list[str]:
    """The metrics of the cells that a sentence's figures became."""
    by_id = {item.id: item.metric for item in cited}
    _, slots = point_at_figures(text, cited)
    return [by_id[slot.evidence_id] for slot in slots]


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Spend is $48,213.55.", SPEND),
        ("Spend is $48,214.", SPEND),  # 48,213.55 to the unit
        ("Spend is $48.2K.", SPEND),  # to a tenth of a thousand
        ("Spend is $48k.", SPEND),
        ("Spend is 48.2 thousand.", SPEND),
        ("Spend is 48,214 dollars.", SPEND),
        ("Spend fell by 7%.", CHANGE),  # 7.48 % without its sign, behind "fell by"
        ("Spend moved by −7.5 %.", CHANGE),
        ("The chance is 91%.", CHANCE),
        ("The chance is 91.3 per cent.", CHANCE),
        ("It has rank 3.", RANK),
        ("It has three contacts.", CONTACTS),
        ("An order is due on 14 Nov 2026.", DUE),
        ("An order is due on November 14, 2026.", DUE),
        ("An order is due on 2026-11-14.", DUE),
        ("The plan takes 36.5 hours.", HOURS),
        ("That is +9 points.", POINTS),
        ("That is 2.4 times the quartile.", RATIO),
        ("The last order is 61 days back.", DAYS),
    ],
)
def test_a_figure_rounded_to_the_place_typed_is_its_cell(text: str, item: Evidence) -> None:
    assert pointed(text, item) == [item.metric]


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Spend is $48,231.", SPEND),  # two digits changed about
        ("Spend is $482K.", SPEND),  # ten times as much
        ("Spend is $50K.", BEFORE),  # 52.1 is 52 to the thousand
        ("Spend is $0.05M.", SPEND),  # one digit could be anything from 45,000 to 55,000
        ("Spend rose by 7.5 %, or +7.5 %.", CHANGE),
        ("It has rank 4.", RANK),
        ("It has four contacts.", CONTACTS),
        ("An order is due on 15 Nov 2026.", DUE),
        ("An order is due on 31 Feb 2026.", DUE),
        ("It takes 36.5 days.", HOURS),  # another unit
        ("The chance is 0.9 %.", CHANCE),
        ("Over the last 3 months it rose.", RANK),  # belongs to the name of a measure
        ("Between 3-5 people.", RANK),
    ],
)
def test_any_other_figure_stays_typed(text: str, item: Evidence) -> None:
    if "or +7.5" in text:
        text = text.partition(", or ")[2]  # a plus sign, and a cell that fell
    assert pointed(text, item) == []


def test_of_cells_alike_the_one_whose_measure_is_named_is_taken() -> None:
    assert pointed("There are 3 contacts, and it has rank 3.", RANK, CONTACTS) == [
        "contacts",
        "rank",
    ]


def test_one_cell_is_not_two_figures() -> None:
    # The second is of another measure, and typed for it: it stays and is struck.
    text, slots = point_at_figures("Spend is $48.2K and the potential $48.2K.", [SPEND])
    assert len(slots) == 1
    assert text == "Spend is {{typed1}} and the potential $48.2K."


def test_the_word_points_stays_and_words_that_the_format_writes_go() -> None:
    assert point_at_figures("It gets 9 points.", [POINTS])[0] == "It gets {{typed1}} points."
    assert point_at_figures("Spend is 48,214 dollars.", [SPEND])[0] == "Spend is {{typed1}}."


@given(st.integers(10, 10**7), st.integers(10, 10**7))
def test_no_figure_becomes_a_cell_of_another_value(typed: int, value: int) -> None:
    found = pointed(f"Spend is ${typed:,}.", cell("net_spend_12m", str(value), "money"))
    assert bool(found) == (typed == value)
