from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.card import Bin, Card, CardRule, card_from_toml, card_toml
from domain.errors import InvalidInput

PLAIN = Card(
    base=-30,
    rules=(
        CardRule(
            fact="employees",
            label="Size",
            dimension="fit",
            missing=-3,
            bins=(
                Bin(label="small", below=10, points=-5),
                Bin(label="large", at_least=10, points=7),
            ),
        ),
    ),
)


def test_what_is_left_out_of_a_card_is_in_no_dump_and_so_in_no_hash() -> None:
    dumped = PLAIN.model_dump(mode="json")

    assert set(dumped) == {"base", "rules"}
    assert set(dumped["rules"][0]) == {"fact", "label", "dimension", "bins", "missing"}
    assert set(dumped["rules"][0]["bins"][0]) == {"label", "points", "at_least", "below", "equals"}


def test_another_point_is_another_version() -> None:
    other = PLAIN.model_copy(update={"base": -29})

    assert PLAIN.version == PLAIN.model_copy().version
    assert PLAIN.version != other.version


def test_a_card_is_written_as_toml_a_person_can_edit() -> None:
    assert card_toml(PLAIN) == (
        "[score]\nbase = -30\n\n[[score.rules]]\n"
        'fact = "employees"\nlabel = "Size"\ndimension = "fit"\nmissing = -3\nbins = [\n'
        '  { label = "small", points = -5, below = 10.0 },\n'
        '  { label = "large", points = 7, at_least = 10.0 },\n]\n'
    )


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
counts = st.none() | st.integers(0, 10**9)
bins = st.builds(
    Bin,
    label=words,
    points=st.integers(-200, 200),
    at_least=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    one_of=st.none() | st.lists(words, min_size=1, max_size=3).map(tuple),
    equals=st.none() | words,
    n=counts,
    wins=counts,
    source=st.sampled_from([None, "hand", "data", "both"]),
)
rules = st.builds(
    CardRule,
    fact=words,
    label=words,
    dimension=st.sampled_from(["fit", "intent"]),
    bins=st.lists(bins, max_size=3).map(tuple),
    missing=st.integers(-200, 200),
    missing_n=counts,
)
cards = st.builds(
    Card,
    base=st.integers(-500, 500),
    rules=st.lists(rules, max_size=3, unique_by=lambda rule: rule.fact).map(tuple),
    notes=st.lists(words, max_size=2).map(tuple),
)


@given(cards)
def test_a_card_read_back_is_the_card_written(card: Card) -> None:
    assert card_from_toml(card_toml(card)) == card


def test_a_file_without_a_card_says_so() -> None:
    with pytest.raises(InvalidInput, match=r"mine\.toml has no \[score\] table"):
        card_from_toml("base = 1", source="mine.toml")
    with pytest.raises(InvalidInput, match="is not valid TOML"):
        card_from_toml("[score")
    with pytest.raises(InvalidInput, match=r"score\.base"):
        card_from_toml("[score]\nrules = []")


def test_one_fact_has_one_rule() -> None:
    with pytest.raises(ValueError, match="two rules read employees"):
        Card(base=0, rules=(PLAIN.rules[0], PLAIN.rules[0]))
