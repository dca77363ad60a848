from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import NotCitable
from domain.evidence import CalculationSource, Evidence
from tools.cells import Metric, Reading, canonical, cell, recompute

READING = Reading("book-1", "rules-1", date(2026, 11, 13), {"A": "ana", "B": None})


def evidence(value: str) -> Evidence:
    source = CalculationSource(analysis="facts", version=1, arguments_hash="x", pointer=value)
    return Evidence(entity="account:A", metric="m", value=value, unit="money", source=source)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1234.5, "money", "1234.5"),
        (0.125, "money", "0.12"),  # half to even
        (0.1234565, "share", "0.123456"),
        (7, "count", "7"),
        (91.5, "days", "91.5"),
        (pd.Timestamp("2026-10-13"), "date", "2026-10-13"),
        ("Bikes", "name", "Bikes"),
    ],
)
def test_a_value_is_written_one_way_only(value, unit, text):
    assert canonical(value, unit) == text


@pytest.mark.parametrize(
    ("operation", "values", "unit", "result"),
    [
        ("change", ["135", "100"], "change", "0.35"),
        ("difference", ["151.84", "97.2"], "money", "54.64"),
        ("ratio", ["2", "3"], "ratio", "0.666667"),
        ("share", ["1", "8"], "share", "0.125"),
        ("sum", ["0.1", "0.2", "-5"], "points", "-5"),
        ("count", ["9", "9"], "count", "2"),
    ],
)
def test_simple_arithmetic_is_worked_out_in_decimal(operation, values, unit, result):
    assert recompute(operation, [evidence(value) for value in values], unit) == result


def test_scope_is_the_owner_whatever_part_of_the_account_is_meant():
    assert READING.scope("account:A/gap:Helmets") == "ana"
    assert READING.scope("account:B") == ""
    assert READING.scope("rep:bo") == "bo"


def test_an_empty_cell_cannot_be_cited():
    table = pd.DataFrame({"spend": [float("nan")]}, index=["A"])
    with pytest.raises(NotCitable, match="There is no spend of account:A to cite"):
        cell(table, READING, "facts", 1, "account:A", Metric("spend", "money"), _nothing)


def _nothing(entity: str, metric: str) -> Evidence:
    raise AssertionError("no parent is needed")


@given(st.lists(st.decimals(-1000000, 1000000, places=2), min_size=1, max_size=20))
def test_a_sum_is_exact_to_the_cent(amounts):
    parents = [evidence(str(amount)) for amount in amounts]
    assert Decimal(recompute("sum", parents, "money")) == sum(amounts)
