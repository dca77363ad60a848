"""Tables of the terminal fit their width, whatever is in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.cli.tables import laid_out, money


def test_a_table_lines_up_numbers_right_and_words_left() -> None:
    assert laid_out(("Account*", ">Score"), [("Brakes", 59), ("Field Trip", 7)]) == [
        "Account     Score",
        "Brakes         59",
        "Field Trip      7",
    ]


def test_the_marked_column_gives_way_first() -> None:
    lines = laid_out(("Name*", "Id"), [("A very long name of an account", "A-1")], columns=20)

    assert lines[1] == "A very long na…  A-1"


@given(
    st.lists(st.lists(st.text(max_size=120), min_size=4, max_size=4), max_size=6),
    st.integers(40, 120),
)
def test_no_line_is_wider_than_asked_and_none_breaks(rows: list[list[str]], columns: int) -> None:
    lines = laid_out(("One*", "Two", ">Three", "Four*"), rows, columns)

    assert len(lines) == len(rows) + 1
    assert all(len(line) <= columns for line in lines)
    assert all(letter.isprintable() for line in lines for letter in line)


def test_amounts_are_short_enough_for_a_column() -> None:
    amounts = [None, 0.4, 999.4, 1000, 96_720, 999_499, 999_500, 2_340_000]

    assert [money(amount) for amount in amounts] == [
        "–", "0", "999", "1K", "97K", "999K", "1.0M", "2.3M",
    ]  # fmt: skip
