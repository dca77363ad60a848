"""Canonical forms and content hashes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence import CalculationSource, Evidence, Ledger
from domain.record import canonical_json, decimal_string


def cell(value: str) -> Evidence:
    return Evidence(
        entity="account:A",
        metric="net_spend_12m",
        value=value,
        unit="money",
        period="2025-11-14/2026-11-13",
        source=CalculationSource(analysis="facts", version=1, arguments_hash="h", pointer="p"),
        scope="R-1",
    )


def test_keys_are_sorted_and_letters_kept() -> None:
    assert canonical_json({"b": 1, "a": "ü"}) == '{"a":"ü","b":1}'


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (96720.0, 2, "96720"),
        (96720.125, 2, "96720.12"),  # half to even
        (Decimal("1E+3"), None, "1000"),
        (-0.0, None, "0"),
        (0.1, None, "0.1"),
        (7, None, "7"),
    ],
)
def test_a_number_is_written_one_way(
    value: float | Decimal, places: int | None, written: str
) -> None:
    assert decimal_string(value, places) == written


def test_infinity_is_no_evidence() -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        decimal_string(float("inf"))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_written_number_reads_back_equal(value: Decimal) -> None:
    assert Decimal(decimal_string(value)) == value


def test_an_evidence_id_follows_the_fact_and_not_the_reader() -> None:
    assert cell("1").id == cell("1").model_copy(update={"scope": "R-2"}).id
    assert cell("1").id != cell("2").id


def test_a_changed_copy_has_an_id_of_its_own() -> None:
    first = cell("1")
    assert first.id != first.model_copy(update={"value": "2"}).id == cell("2").id


def test_a_ledger_root_does_not_depend_on_the_order_of_its_entries() -> None:
    one, two = cell("1"), cell("2")
    assert Ledger.of([one, two]).root == Ledger.of([two, one, two]).root
    assert Ledger.of([one]).root != Ledger.of([one, two]).root
