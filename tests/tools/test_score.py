from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.card import Bin, CardRule
from domain.errors import ColumnsMissing, NotFound
from tools.cells import Reading
from tools.score import probability, score

SIZE = CardRule(
    fact="employees",
    label="Size",
    dimension="fit",
    missing=-3,
    bins=(
        Bin(label="small", below=10, points=-5),
        Bin(label="large", at_least=10, points=7),
    ),
)
KIND = CardRule(
    fact="segment",
    label="Kind",
    dimension="fit",
    bins=(Bin(label="shop", equals="Shop", points=4), Bin(label="other", points=1)),
)


@pytest.fixture
def card(coverage):
    return coverage.model_copy(
        update={"score": coverage.score.model_copy(update={"base": -20, "rules": (SIZE, KIND)})}
    )


@pytest.fixture
def reading():
    return Reading("book-1", "rules-1", pd.Timestamp("2026-11-13").date(), {"A": "ana"})


def accounts(**columns) -> pd.DataFrame:
    table = pd.DataFrame(columns)
    table["employees"] = table["employees"].astype("Int64")
    table["target_segment"] = table.get("target_segment", pd.Series(None, table.index, dtype="str"))
    return table.set_index(pd.Index(list("ABCD")[: len(table)], name="account_id"))


def test_points_are_those_of_the_first_bin_that_holds(card, reading):
    table = accounts(employees=[9, 10, None], segment=["Shop", "Depot", None])
    result = score(table, reading, card)
    # A: -20 - 5 + 4; B: -20 + 7 + 1; C: -20 - 3 (unknown size) + 0 (unknown kind).
    assert result.table["score"].tolist() == [-21, -12, -23]
    assert result.table["fit"].tolist()[:2] == [-1, 8]
    assert pd.isna(result.table.at["C", "fit"])


def test_a_part_tells_fact_value_bin_and_points_even_when_nought(card, reading):
    parts = score(accounts(employees=[12], segment=["Shop"]), reading, card).explain("A")
    assert [part["points"] for part in parts] == [7, 4, 0]
    assert parts[0] == {
        "fact": "employees",
        "label": "Size",
        "dimension": "fit",
        "value": "12",
        "bin": "large",
        "points": 7,
    }
    assert parts[2]["dimension"] == "strategy"


def test_being_in_a_target_segment_gives_its_points(card, reading):
    table = accounts(employees=[12], segment=["Shop"], target_segment=["Mid-sized businesses"])
    assert score(table, reading, card).table.at["A", "score"] == -20 + 7 + 4 + 6


def test_twenty_points_double_the_odds():
    # 0 is even odds; 20 is 2 to 1; -40 is 1 to 4.
    assert probability(pd.Series([0, 20, -40])).round(6).tolist() == [0.5, 0.666667, 0.2]


def test_the_cited_score_is_the_sum_of_its_cited_parts(card, reading):
    result = score(accounts(employees=[12], segment=["Shop"]), reading, card)
    cell = result.cite("account:A", "score")
    assert (cell.value, cell.unit, cell.scope) == ("-9", "points", "ana")
    assert (cell.source.operation, len(cell.source.parents)) == ("sum", 4)
    assert result.cite("account:A", "points:segment").value == "4"


def test_a_fact_that_no_account_has_is_named(card, reading):
    with pytest.raises(ColumnsMissing, match="reads segment, which no fact"):
        score(accounts(employees=[1]), reading, card)


def test_an_unknown_account_has_no_explanation(card, reading):
    with pytest.raises(NotFound, match="no account 'Z'"):
        score(accounts(employees=[1], segment=["Shop"]), reading, card).explain("Z")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(0, 500)),
            st.one_of(st.none(), st.sampled_from(["Shop", "Depot", ""])),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_base_and_parts_add_up_exactly_for_every_account(coverage, rows):
    rules = coverage.score.model_copy(update={"rules": (SIZE, KIND)})
    model = coverage.model_copy(update={"score": rules})
    reading = Reading("b", "c", pd.Timestamp("2026-11-13").date())
    table = accounts(employees=[row[0] for row in rows], segment=[row[1] for row in rows])
    result = score(table, reading, model)
    for account in table.index:
        points = [part["points"] for part in result.explain(account)]
        assert result.table.at[account, "score"] == result.table.at[account, "base"] + sum(points)
