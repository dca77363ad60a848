"""How scorers read words, numerals, values and periods, by example and counter-example."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest

from domain.evidence import Unit
from eval.scorers.reading.arithmetic import works_out
from eval.scorers.reading.books import same_entity, same_period
from eval.scorers.reading.days import Day
from eval.scorers.reading.numerals import numerals
from eval.scorers.reading.values import other_currency, same_value, says
from eval.scorers.reading.wording import content_words, holds, quoted_runs, stands_in

NUMERALS: tuple[tuple[str, list[str]], ...] = (
    ("Net spend fell 35 % to $96,720 (96.7K).", ["35 %", "$96,720", "96.7K"]),
    ("Ten per cent of 1.5 million", ["Ten per cent", "1.5 million"]),
    ("on 3 July 2027, by July 4, since March 2027", ["3 July 2027", "July 4", "March 2027"]),
    ("2027-01-02, 1/2/2027 and Q4 2026, FY27", ["2027-01-02", "1/2/2027", "Q4 2026", "FY27"]),
    (
        "twenty-five, two hundred and forty thousand",
        ["twenty-five", "two hundred and forty thousand"],
    ),
    ("a dozen, half of them, twice, doubled", ["dozen", "half", "twice", "doubled"]),
    ("by Tuesday, in May, before April", ["Tuesday", "May", "April"]),
    ("10-15 pieces, rank 3rd", ["10", "15", "3"]),
    ("-35 % and +7 %", ["-35 %", "+7 %"]),
    ("mid-2027", ["2027"]),
    # Counter-examples: pronouns, ordinals, set phrases, codes, verbs.
    ("One of them, the first call, a second opinion, no one", []),
    ("24/7 support, one-to-one, double-check it, a half-day", []),
    ("A-12, D-436-1, B2B, P75, BK-M18S-40", []),
    ("We may march today; someone often attends", []),
)


@pytest.mark.parametrize(("text", "found"), NUMERALS)
def test_numerals_are_found(text: str, found: list[str]) -> None:
    assert [numeral.written for numeral in numerals(text)] == found


VALUES: tuple[tuple[str, Decimal, Decimal], ...] = (
    ("96.7K", Decimal("96700"), Decimal("100")),
    ("1,200,000", Decimal("1200000"), Decimal("1")),
    ("12,5", Decimal("12.5"), Decimal("0.1")),
    ("two hundred and forty thousand", Decimal("240000"), Decimal("1000")),
    ("ninety-one", Decimal("91"), Decimal("1")),
    ("-3.20 %", Decimal("-3.20"), Decimal("0.01")),
)


@pytest.mark.parametrize(("text", "value", "step"), VALUES)
def test_numerals_have_a_value_and_what_their_last_digit_is_worth(
    text: str, value: Decimal, step: Decimal
) -> None:
    (numeral,) = numerals(text)
    assert (numeral.value, numeral.step) == (value, step)


def test_the_same_numeral_may_be_written_in_many_ways() -> None:
    def same(one: str, other: str) -> bool:
        return numerals(one)[0].same(numerals(other)[0])

    assert same("forty", "40")
    assert same("1 March 2027", "March 1")
    assert same("48K", "48,000")
    assert same("2027", "1 March 2027")
    assert not same("1 March 2027", "2 March 2027")
    assert not same("5 %", "5")
    assert not same("Tuesday", "Monday")


SAYS: tuple[tuple[str, str, Unit, str, bool | None], ...] = (
    # written, value, unit, what stands before, whether it says it
    ("96.7K", "96720", "money", "", True),
    ("97K", "96720", "money", "", True),
    ("96K", "96720", "money", "", False),  # not rounded but cut
    ("100,000", "96720", "money", "about ", True),
    ("100,000", "96720", "money", "", False),
    ("96 720", "96720", "money", "", True),
    ("35 %", "-0.3512", "change", "down ", True),
    ("35 %", "-0.3512", "change", "spend grew by ", False),
    ("+35 %", "-0.3512", "change", "", False),
    ("2.4x", "2.4012", "ratio", "", True),
    ("two weeks", "14", "days", "", True),
    ("14 Nov", "2026-11-14", "date", "", True),
    ("15 Nov 2026", "2026-11-14", "date", "", False),
    ("2026", "2026-11-14", "date", "", True),
    ("Ana", "Ana Ruiz", "name", "", True),
    ("Ben", "Ana Ruiz", "name", "", False),
    ("far more", "5", "count", "", None),
)


@pytest.mark.parametrize(("written", "value", "unit", "before", "expected"), SAYS)
def test_what_is_written_says_the_value_or_not(
    written: str, value: str, unit: Unit, before: str, expected: bool | None
) -> None:
    assert unit in get_args(Unit)
    assert says(written, value, unit, before) is expected


@pytest.mark.parametrize(
    ("written", "around", "expected"),
    [
        ("35 %", "Spend changed by 35 % in a year.", False),
        ("-35 %", "Spend changed by -35 % in a year.", True),
        ("\u221235 %", "Spend changed by \u221235 % in a year.", True),
        ("35 %", "Spend is 35 % below that of last year.", True),
        ("35 %", "Spend fell by 35 %.", True),
        ("35 %", None, True),
    ],
)
def test_a_fall_is_told_by_its_sign_or_a_word_of_its_sentence(
    written: str, around: str | None, expected: bool
) -> None:
    assert says(written, "-0.3512", "change", around=around) is expected


@pytest.mark.parametrize(
    ("written", "currency", "other"),
    [
        ("€48.2K", "EUR", ""),
        ("€48.2K", "GBP", "€"),
        ("£48,200", "EUR", "£"),
        ("$48,200", "CAD", ""),
        ("$48,200", "EUR", "$"),
        ("48,200 SEK", "SEK", ""),
        ("48,200 SEK", "EUR", "SEK"),
        ("48,200", "EUR", ""),
        ("€48.2K", "", ""),
    ],
)
def test_another_currency_shows_by_its_sign_or_code(
    written: str, currency: str, other: str
) -> None:
    assert other_currency(written, currency) == other


def test_values_are_the_same_as_numbers_days_or_words() -> None:
    assert same_value("30000.00", "30000")
    assert same_value("0.352", "0.3512", Decimal("0.001"))
    assert not same_value("0.353", "0.3512", Decimal("0.001"))
    assert same_value("2027-01-04", "2027-01-04")
    assert same_value("Ana\u00a0Ruiz", "ana ruiz")
    assert not same_value("Ana Ruiz", "Ana")


def test_quotes_are_verbatim_but_for_marks_spaces_and_hidden_signs() -> None:
    text = "She said: “we’ll\nsplit the order — in two”."
    assert stands_in('"we\'ll split the order - in two"', text)
    assert stands_in("split the\u200b order", text)
    assert not stands_in("split an order", text)
    assert not stands_in(" .", text)
    assert quoted_runs(text) == ("we'll split the order - in two",)


def test_a_phrase_is_found_however_it_is_hidden_and_as_whole_words_only() -> None:
    assert holds("the OLD-mill\u200b  tools", "Old Mill Tools")
    assert holds("48210", "48,210")
    assert not holds("cash counts", "Ash Co")
    assert not holds("148,210 and 48,210,000", "48,210")
    assert not holds("anything", "...")


def test_content_words_are_stems_without_stop_words() -> None:
    assert content_words("The orders were ordered, and 48,000 it is") == {"order", "48,000"}


def test_periods_agree_when_people_count_their_days_differently() -> None:
    assert same_period("2026-01-05/2027-01-04", "2026-01-04/2027-01-04")
    assert same_period("2026-01-05/2027-01-04", "2027-01-04")
    assert same_period("", "2027-01-04")
    assert not same_period("2026-01-05/2027-01-04", "2025-01-05/2026-01-04")
    assert not same_period("2026-01-05/2027-01-04", "2026-06-01/2027-01-04")
    assert not same_period("2026-01-05/2027-01-04", "last year")


def test_an_entity_may_leave_out_what_stands_above_it() -> None:
    assert same_entity("account:A-1/contact:C-1", "contact:C-1")
    assert not same_entity("account:A-1/contact:C-1", "account:A-1")


def test_days_agree_where_both_tell_and_never_on_nothing() -> None:
    assert Day(None, 3, 1).agrees(Day(2027, 3, 1))
    assert not Day(None, None, None).agrees(Day(2027, 3, 1))


@pytest.mark.parametrize(
    ("operation", "inputs", "result"),
    [
        ("sum", ("1", "2", "3.5"), Decimal("6.5")),
        ("difference", ("10", "4"), Decimal(6)),
        ("ratio", ("9", "4"), Decimal("2.25")),
        ("share", ("1", "4"), Decimal("0.25")),
        ("change", ("48000", "60000"), Decimal("-0.2")),
        ("count", ("O-1", "O-2"), Decimal(2)),
        ("ratio", ("9", "0"), None),
        ("sum", ("nine",), None),
        ("change", ("1",), None),
    ],
)
def test_arithmetic_is_worked_out_again(
    operation: str, inputs: tuple[str, ...], result: Decimal | None
) -> None:
    assert works_out(operation, inputs) == result
