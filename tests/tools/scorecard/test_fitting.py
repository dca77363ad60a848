from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.books import example_folder
from domain.card import Bin, Card, CardRule, card_from_toml, card_toml
from domain.coverage import parse_coverage
from domain.errors import ColumnsMissing, InvalidInput
from tools.scorecard.auc import auc
from tools.scorecard.fitting import fit_card
from tools.scorecard.scoring import score_table

HAND = Card(
    base=-20,
    rules=(
        CardRule(
            fact="size",
            label="Size",
            dimension="potential",
            missing=-4,
            bins=(Bin(label="small", below=50, points=-10), Bin(label="large", points=10)),
        ),
    ),
)


def deals(rows: int, *, seed: int = 0) -> tuple[pd.DataFrame, pd.Series]:
    """Size and region matter, the colour does not; a fifth of the sizes are unknown."""
    random = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "size": random.gamma(2, 40, rows).round(),
            "region": random.choice(["north", "south", "east"], rows),
            "colour": random.choice(["red", "blue"], rows),
        }
    )
    odds = np.log(table["size"] / 80 + 0.1) + 1.5 * (table["region"] == "north") - 0.5
    table.loc[random.random(rows) < 0.2, "size"] = np.nan
    return table, pd.Series(random.random(rows) < 1 / (1 + np.exp(-odds)))


def rule(card: Card, fact: str) -> CardRule:
    return next(one for one in card.rules if one.fact == fact)


def test_a_bin_twice_as_likely_in_odds_is_worth_twenty_points() -> None:
    # 4,000 rows a group; half of the first were won (odds 1), a third of the second (odds 1/2).
    table = pd.DataFrame({"kind": ["a"] * 4000 + ["b"] * 4000})
    won = pd.Series([True, False] * 2000 + ([True, False, False] * 1334)[:4000])

    bins = {one.label: one for one in rule(fit_card(table.iloc[::-1], won.iloc[::-1]), "kind").bins}

    # Points are whole and drawn to 0 a little: within one of 20.
    assert abs(bins["a"].points - bins["b"].points - 20) <= 1
    assert (bins["a"].n, bins["a"].wins, bins["a"].source) == (4000, 2000, "data")


def test_the_wins_expected_are_the_wins_that_happened() -> None:
    table, won = deals(2_000)
    expected = score_table(table, fit_card(table, won)).table["probability"].sum()

    # A base of whole points moves the odds by 3.5 %, so half of that is the most it can miss by.
    assert expected == pytest.approx(won.sum(), rel=0.018)


def test_what_matters_gets_points_and_what_does_not_gets_few() -> None:
    table, won = deals(3_000)
    later, happened = deals(3_000, seed=1)
    card = fit_card(table, won)

    spread = {
        one.fact: max(b.points for b in one.bins) - min(b.points for b in one.bins)
        for one in card.rules
    }
    assert spread["region"] > 25
    assert spread.get("colour", 0) <= 5
    # The odds that made the outcomes, sizes all known, would order .733 of the pairs rightly;
    # with the sizes that are known, .712.
    assert auc(happened.to_numpy(), score_table(later, card).table["score"].to_numpy()) > 0.70


def test_missing_rare_and_unseen_values_have_a_place() -> None:
    table, won = deals(1_000)
    table.loc[:3, "region"] = "moon"  # 4 rows are too few for a bin of their own
    card = fit_card(table, won)

    assert rule(card, "size").missing_n == table["size"].isna().sum()
    last = rule(card, "region").bins[-1]
    assert (last.label, last.n) == ("other levels", 4)
    unseen = pd.DataFrame({"size": [1e9, -1.0], "region": ["mars", None], "colour": ["red"] * 2})
    scored = score_table(unseen, card)
    assert scored.bins["region"].tolist() == ["other levels", "unknown"]
    assert "no bin" not in scored.bins["size"].tolist()


def test_many_levels_are_pooled_into_at_most_twenty_bins() -> None:
    random = np.random.default_rng(0)
    city = random.integers(0, 50, 5_000)
    won = pd.Series(random.random(5_000) < 1 / (1 + np.exp(-(city / 10 - 2.5))))
    bins = rule(fit_card(pd.DataFrame({"city": [f"c{n}" for n in city]}), won), "city").bins

    assert len(bins) <= 20
    assert any(one.one_of and len(one.one_of) > 1 for one in bins)
    assert sum(one.n or 0 for one in bins) == 5_000


def test_neighbouring_bins_never_overlap_and_cover_every_number() -> None:
    table, won = deals(2_000)
    bins = rule(fit_card(table, won), "size").bins

    assert bins[0].at_least is None
    assert bins[-1].below is None
    assert len(bins) <= 20
    for one, two in itertools.pairwise(bins):
        assert one.below == two.at_least
        assert one.points != two.points  # equal neighbours are one bin


def test_a_column_that_tells_nothing_is_named_in_the_notes() -> None:
    table, won = deals(500)
    table["always"] = 1
    table["never"] = None
    table["closed_on"] = pd.Timestamp("2026-01-01")
    table["id"] = [f"A-{row}" for row in range(500)]
    card = fit_card(table, won)

    assert {one.fact for one in card.rules} <= {"size", "region", "colour"}
    told = " ".join(card.notes)
    assert "always carries no points: it is the same everywhere" in told
    assert "never carries no points: it is missing everywhere" in told
    assert "closed_on carries no points: a date is no fact" in told
    assert "id carries no points: each of its values is rare" in told


def test_without_a_usable_fact_the_card_is_its_base() -> None:
    card = fit_card(pd.DataFrame({"x": [1] * 30}), [True, False, False] * 10)

    # Odds of 10 to 20 are one halving below even.
    assert (card.base, card.rules) == (-20, ())


@pytest.mark.parametrize(
    "values",
    [
        np.where(np.arange(400) % 4 == 0, np.inf, 1.0),
        pd.Series(np.arange(400) % 2, dtype="Int64").where(np.arange(400) % 7 > 0),
        pd.Series(np.arange(400) % 2 == 0, dtype="boolean"),
        pd.Series([str(n % 30) for n in range(400)]),
        pd.Categorical([n % 5 for n in range(400)]),
        pd.Series([1, "a", None, 2.5] * 100, dtype="object"),
        pd.Series([""] * 200 + ["x"] * 200),
    ],
    ids=["infinite", "Int64", "boolean", "numbers as text", "category", "mixed", "blank text"],
)
def test_any_column_is_fitted_scored_and_written(values: object) -> None:
    table = pd.DataFrame({"fact": values})
    won = np.arange(400) % 3 == 0
    card = fit_card(table, won)

    scored = score_table(table, card)
    assert (scored.table["score"] - scored.points.sum(axis=1) == card.base).all()
    assert card_from_toml(card_toml(card)) == card


def test_a_prior_card_stands_while_outcomes_are_few() -> None:
    table, won = deals(49)
    assert fit_card(table, won, prior_card=HAND) == HAND
    table, won = deals(300)
    won[:] = False
    won[:9] = True  # nine wins are no evidence either
    assert fit_card(table, won, prior_card=HAND) == HAND


def test_history_bends_a_prior_card_and_says_where() -> None:
    table, won = deals(3_000)
    card = fit_card(table, won, prior_card=HAND)
    size = rule(card, "size")

    assert (size.label, size.dimension) == ("Size", "potential")
    assert 50.0 in {one.at_least for one in size.bins}  # no bin straddles a hand-set bound
    assert {one.source for one in size.bins} <= {"both", "hand"}
    assert {one.source for one in rule(card, "region").bins} == {"data"}
    later, happened = deals(3_000, seed=1)
    area = [
        auc(happened.to_numpy(), score_table(later, one).table["score"].to_numpy())
        for one in (HAND, card)
    ]
    assert area[1] > area[0] + 0.05


def test_a_right_prior_card_is_hardly_moved_by_noise() -> None:
    # Outcomes dealt without regard to size: 100 of them cannot turn ten points round.
    random = np.random.default_rng(0)
    table = pd.DataFrame({"size": random.gamma(2, 40, 100)})
    won = pd.Series(random.random(100) < 0.4)

    for one in rule(fit_card(table, won, prior_card=HAND), "size").bins:
        prior = -10 if (one.below or 1e9) <= 50 else 10
        assert abs(one.points - prior) <= 6


def test_dimensions_are_as_asked() -> None:
    table, won = deals(500)
    card = fit_card(table, won, dimensions={"region": "intent"})

    assert rule(card, "region").dimension == "intent"
    assert rule(card, "size").dimension == "fit"


def test_a_fact_the_prior_card_reads_must_be_there() -> None:
    table, won = deals(100)
    with pytest.raises(ColumnsMissing, match="The prior card reads size, which the table lacks"):
        fit_card(table.drop(columns="size"), won, prior_card=HAND)
    with pytest.raises(ColumnsMissing, match="facts weight are not in the table"):
        fit_card(table, won, facts=["weight"])


def test_outcomes_that_cannot_be_learned_from_are_refused_in_words() -> None:
    table, won = deals(60)
    with pytest.raises(InvalidInput, match="All 60 outcomes are lost; a card needs both"):
        fit_card(table, won & False)
    with pytest.raises(InvalidInput, match="No row has an outcome"):
        fit_card(table, [None] * 60)
    with pytest.raises(InvalidInput, match="No row has an outcome"):
        fit_card(table[:0], [])
    with pytest.raises(InvalidInput, match="The table has 60 rows and `outcome` 59"):
        fit_card(table, won[:59])
    with pytest.raises(InvalidInput, match="values other than won"):
        fit_card(table, ["won", "lost"] * 30)
    with pytest.raises(InvalidInput, match="labels of the table in another order"):
        fit_card(table, won.iloc[::-1])
    with pytest.raises(InvalidInput, match="neither dates nor numbers"):
        fit_card(table, won, when=["soon"] * 60)


def test_rows_without_an_outcome_or_a_date_tell_nothing() -> None:
    table, won = deals(300)
    some = won.astype("boolean")
    some[:100] = None
    card = fit_card(table, some)

    assert "100 rows without an outcome were left out." in card.notes
    assert card.rules == fit_card(table[100:], won[100:]).rules
    dates = pd.Series(pd.date_range("2026-01-01", periods=300))
    dates[:5] = None
    assert "5 rows without a date were left out." in fit_card(table, won, when=dates).notes


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_with_dates_the_order_of_the_rows_is_irrelevant(seed: int) -> None:
    table, won = deals(450)
    dates = pd.Series(pd.date_range("2020-01-01", periods=450))
    order = np.random.default_rng(seed).permutation(450)

    shuffled = fit_card(table.iloc[order], won.iloc[order], when=dates.iloc[order])
    assert shuffled == fit_card(table, won, when=dates)


def test_nothing_given_is_changed() -> None:
    table, won = deals(200)
    before = table.copy()
    fit_card(table, won, prior_card=HAND)

    pd.testing.assert_frame_equal(table, before)


def test_a_history_that_turned_round_counts_its_recent_part_more() -> None:
    # Until two thirds of the history the north wins, then the south does.
    random = np.random.default_rng(4)
    region = random.choice(["north", "south"], 6_000)
    favoured = np.where(np.arange(6_000) < 3_300, "north", "south")
    won = random.random(6_000) < np.where(region == favoured, 0.6, 0.3)
    card = fit_card(pd.DataFrame({"region": region}), won)

    assert any("count half after" in note for note in card.notes)
    points = {one.label: one.points for one in rule(card, "region").bins}
    assert points["south"] > points["north"]


def test_two_facts_that_only_tell_together_get_a_rule_together() -> None:
    # Won when exactly one of the two holds: neither fact alone says anything.
    random = np.random.default_rng(5)
    table = pd.DataFrame(
        {"big": random.choice(["yes", "no"], 4_000), "near": random.normal(size=4_000)}
    )
    odd = (table["big"] == "yes") != (table["near"] > 0)
    won = pd.Series(random.random(4_000) < np.where(odd, 0.7, 0.3))
    card = fit_card(table, won)

    together = next(one for one in card.rules if one.beside is not None)
    assert (together.fact, together.beside, together.key) == ("big", "near", "big & near")
    scored = score_table(table, card)
    # 70 % of wins are odd and 30 % of losses: of pairs, .7 x .7 are in the right order, and
    # 2 x .7 x .3 are ties, which count half: .49 + .21 = .70.
    assert auc(won.to_numpy(), scored.table["score"].to_numpy()) == pytest.approx(0.70, abs=0.03)
    assert (scored.points.sum(axis=1) + card.base == scored.table["score"]).all()
    assert card_from_toml(card_toml(card)) == card
    alone = fit_card(table, won, pairs=0)
    assert all(one.beside is None for one in alone.rules)
    blank = score_table(pd.DataFrame({"big": [None], "near": [1.0]}), card)
    assert blank.bins["big & near"].tolist() == ["unknown"]


def test_a_fitted_card_takes_the_place_of_the_score_in_a_coverage_model() -> None:
    text = (example_folder() / "coverage.toml").read_text(encoding="utf-8")
    before, rest = text.split("[score]\n", 1)
    after = rest[rest.index("[peers]") :]
    table, won = deals(1_500)
    card = fit_card(table, won, prior_card=HAND)

    coverage = parse_coverage(before + card_toml(card) + "\n" + after)

    assert coverage.score == card
    assert coverage.tiers == parse_coverage(text).tiers
