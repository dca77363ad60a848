from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.card import Bin, Card, CardRule
from domain.errors import ColumnsMissing, InvalidInput, NotFound
from tools.scorecard.scoring import score_table

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
    fact="kind",
    label="Kind",
    dimension="intent",
    bins=(
        Bin(label="trade", one_of=("Shop", "Depot"), points=4),
        Bin(label="yes", equals="True", points=9),
        Bin(label="other", points=1),
    ),
)


def scores(rule: CardRule, values: object) -> list[int]:
    table = pd.DataFrame({rule.fact: values})
    return score_table(table, Card(base=100, rules=(rule,))).table["score"].tolist()


def test_base_and_points_add_up_to_the_score_of_every_row() -> None:
    table = pd.DataFrame({"employees": [9, 10, None], "kind": ["Shop", "Lab", None]})
    scored = score_table(table, Card(base=-20, rules=(SIZE, KIND)))

    # -20 - 5 + 4; -20 + 7 + 1; -20 - 3 (size unknown) + 0 (kind unknown).
    assert scored.table["score"].tolist() == [-21, -12, -23]
    assert (scored.table["base"] + scored.points.sum(axis=1)).equals(scored.table["score"])
    assert scored.bins.iloc[2].tolist() == ["unknown", "unknown"]
    assert [(part["bin"], part["points"]) for part in scored.parts(0)] == [
        ("small", -5),
        ("trade", 4),
    ]


ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.floats(allow_nan=False)),
        st.one_of(st.none(), st.sampled_from(["Shop", "Depot", "True", "never seen"])),
    ),
    max_size=30,
)


@given(rows=ROWS, base=st.integers(-500, 500))
def test_parts_add_up_in_whole_numbers_whatever_the_row(
    rows: list[tuple[float | None, str | None]], base: int
) -> None:
    table = pd.DataFrame(
        {
            "employees": pd.Series([size for size, _ in rows], dtype="float64"),
            "kind": pd.Series([kind for _, kind in rows], dtype="object"),
        }
    )
    scored = score_table(table, Card(base=base, rules=(SIZE, KIND)))

    for row, total in enumerate(scored.table["score"].tolist()):
        points = [part["points"] for part in scored.parts(row)]
        assert all(type(one) is int for one in points)
        assert total == base + sum(points)


def test_even_odds_are_at_nought_and_twenty_points_double_them() -> None:
    table = pd.DataFrame(index=range(1))
    chances = [
        float(score_table(table, Card(base=base, rules=())).table["probability"].iloc[0])
        for base in (0, 20, -20, 10**9)
    ]

    assert chances == pytest.approx([1 / 2, 2 / 3, 1 / 3, 1.0])


def test_an_infinite_number_is_beyond_every_bound() -> None:
    assert scores(SIZE, [np.inf, -np.inf, np.nan]) == [107, 95, 97]


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([9, 10, None], dtype="Int64"),
        pd.Series([9, 10, None], dtype="Float32"),
        pd.Series([9, 10, None], dtype="object"),
        pd.Series(["9", "10", None], dtype="object"),
        pd.Series(["9", "10", None], dtype="category"),
        pd.Series([9, 10, None]).astype("category"),
    ],
    ids=lambda values: str(values.dtype),
)
def test_a_number_is_a_number_in_any_dtype(values: pd.Series) -> None:
    assert scores(SIZE, values) == [95, 107, 97]


@pytest.mark.parametrize("dtype", ["object", "str", "category"])
def test_levels_of_one_bin_score_alike_and_the_last_bin_takes_unseen_ones(dtype: str) -> None:
    values = pd.Series(["Shop", "Depot", "Lab", None], dtype=dtype)

    assert scores(KIND, values) == [104, 104, 101, 100]


@pytest.mark.parametrize("dtype", ["object", "boolean"])
def test_truth_values_are_the_words_true_and_false(dtype: str) -> None:
    assert scores(KIND, pd.Series([True, False, None], dtype=dtype)) == [109, 101, 100]


def test_a_whole_number_with_blanks_beside_it_still_equals_its_word() -> None:
    # A blank turns the integers of a column into floats: 2 becomes 2.0.
    rule = CardRule(
        fact="class", label="", dimension="fit", bins=(Bin(label="two", equals="2", points=5),)
    )

    assert scores(rule, [1, 2, None]) == [100, 105, 100]


def test_the_first_of_overlapping_bins_holds() -> None:
    rule = CardRule(
        fact="x", label="", dimension="fit",
        bins=(
            Bin(label="middle", at_least=2, below=4, points=1),
            Bin(label="from 3", at_least=3, points=2),
        ),
    )  # fmt: skip

    # 1 is in no bin; 3 is in both, and the first counts.
    assert scores(rule, [1, 2, 3, 4]) == [100, 101, 101, 102]


def test_rows_keep_their_labels_even_repeated_ones() -> None:
    table = pd.DataFrame({"employees": [1, 99]}, index=["A", "A"])

    assert score_table(table, Card(base=0, rules=(SIZE,))).table.index.tolist() == ["A", "A"]


def test_no_rows_score_to_no_rows() -> None:
    scored = score_table(pd.DataFrame({"employees": []}), Card(base=0, rules=(SIZE,)))

    assert scored.table.empty
    assert scored.bins.empty


def test_a_fact_that_is_not_there_is_named() -> None:
    with pytest.raises(ColumnsMissing, match="The card reads employees, which the table lacks"):
        score_table(pd.DataFrame({"staff": [1]}), Card(base=0, rules=(SIZE,)))
    twice = pd.DataFrame([[1, 2]], columns=["employees", "employees"])
    with pytest.raises(InvalidInput, match="Two columns are called employees"):
        score_table(twice, Card(base=0, rules=(SIZE,)))
    with pytest.raises(NotFound, match="no row 1 among 1"):
        score_table(pd.DataFrame({"employees": [1]}), Card(base=0, rules=(SIZE,))).parts(1)


def test_a_rule_on_two_facts_asks_both_of_them() -> None:
    both = CardRule(
        fact="employees", beside="kind", label="", dimension="fit", missing=-1,
        bins=(
            Bin(label="large shop", at_least=10, beside_one_of=("Shop",), points=8),
            Bin(label="large", at_least=10, points=3),
        ),
    )  # fmt: skip
    table = pd.DataFrame({"employees": [10, 10, 9, 10], "kind": ["Shop", "Lab", "Shop", None]})
    scored = score_table(table, Card(base=0, rules=(both,)))

    # Large and a shop; large; too small for any bin; the second fact is unknown.
    assert scored.points["employees & kind"].tolist() == [8, 3, 0, -1]
    with pytest.raises(ColumnsMissing, match="The card reads kind"):
        score_table(table[["employees"]], Card(base=0, rules=(both,)))
