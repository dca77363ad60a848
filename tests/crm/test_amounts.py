from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.amounts import CellError, ForeignCurrencyError, read_amount, read_integer, read_number


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1200", 1200.0),
        ("-12.5", -12.5),
        ("$1,200.00", 1200.0),
        ("($1,200.50)", -1200.5),
        ("-$12", -12.0),
        ("USD 12", 12.0),
        ("1,250,000", 1_250_000.0),
        ("-0", 0.0),
        (".5", 0.5),
        ("1e3", 1000.0),
    ],
)
def test_an_amount_is_read_however_it_is_written(text: str, amount: float) -> None:
    assert read_amount(text, "USD") == amount


@pytest.mark.parametrize(
    "text", ["12,5", "1,20", "1,2000", "12,34,567", "--1", "1 200", "$", "1.2.3"]
)
def test_an_ambiguous_amount_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        read_amount(text, "USD")


@pytest.mark.parametrize(("text", "currency"), [("$5", "EUR"), ("€5", "USD"), ("CHF 5", "USD")])
def test_another_currency_is_refused(text: str, currency: str) -> None:
    with pytest.raises(ForeignCurrencyError):
        read_amount(text, currency)


@pytest.mark.parametrize(
    ("text", "number"), [("1200,5", 1200.5), ("1.200,50", 1200.5), ("1 200 000", 1_200_000.0)]
)
def test_a_decimal_comma_is_read_where_the_mapping_says_so(text: str, number: float) -> None:
    assert read_number(text, ",") == number


def test_a_decimal_point_is_refused_where_a_comma_is_expected() -> None:
    with pytest.raises(CellError, match=r"with a decimal comma it is written like 1\.200,50"):
        read_number("1200.5", ",")


def test_a_whole_number_may_have_a_decimal_point_but_no_fraction() -> None:
    assert read_integer("12.0") == 12
    with pytest.raises(CellError, match="is not a whole number"):
        read_integer("12.5")


@given(cents=st.integers(min_value=-(10**14), max_value=10**14))
def test_grouping_and_currency_do_not_change_an_amount(cents: int) -> None:
    plain = f"{cents / 100:.2f}"
    assert read_amount(f"{cents / 100:,.2f}", "USD") == float(plain)
    assert read_amount(f"USD {plain}", "USD") == float(plain)
