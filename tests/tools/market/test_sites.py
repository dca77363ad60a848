from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ColumnsMissing, InvalidInput
from tools.market.families import family_effect
from tools.market.sites import site_gaps

DAY = date(2026, 11, 13)
RECENT, BEFORE = (
    date(2026, 9, 1),
    date(2025, 12, 1),
)  # in the last half year, before it


def bought(*rows: tuple[str, str, date, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["account_id", "line", "ordered", "amount"])


# One family: head H and sites S1, S2. L, M and N are alone; M and N take up bikes.
FAMILIES = pd.Series({"H": "H", "S1": "H", "S2": "H", "L": "L", "M": None, "N": None})
ONE = bought(
    ("N", "Bikes", RECENT, 2000.0),
    ("M", "Caps", BEFORE, 50.0),
    ("M", "Bikes", RECENT, 2000.0),
    ("H", "Bikes", BEFORE, 900.0),
    ("S1", "Bikes", BEFORE, 300.0),
    ("L", "Caps", BEFORE, 50.0),
)


def test_a_site_lacks_what_its_sisters_buy_and_their_spend_is_the_evidence():
    gaps = site_gaps(ONE, FAMILIES, as_of=DAY).table

    assert gaps.index.tolist() == ["S2/site:Bikes"]
    gap = gaps.iloc[0]
    assert (gap["sisters"], gap["sister_spend"], gap["sister_p50"]) == (2, 1200.0, 600.0)
    assert gap["buys_nothing"]
    # Caps are bought by nobody of the family.


def test_the_chance_is_the_books_rate_for_a_year_and_says_so_while_families_are_few():
    # Nine others bought caps before, and of 20 who then bought bikes alone ten took caps up.
    others = [(f"B{n}", "Bikes", BEFORE, 10.0) for n in range(20)]
    others += [(f"B{n}", "Caps", RECENT, 10.0) for n in range(10)]
    others += [("H", "Caps", BEFORE, 40.0), ("S1", "Bikes", BEFORE, 10.0)]
    families = pd.Series({"H": "H", "S1": "H", **{f"B{n}": None for n in range(20)}})

    found = site_gaps(bought(*others), families, as_of=DAY, pseudo_count=0)

    assert found.effect.factor == 1.0
    assert found.note.startswith("Fewer than five families")
    gap = found.table.loc["S1/site:Caps"]
    # Tried: the 20 and S1. Took: 10. In a year 1 - (1 - 10/21)^2 = 320/441.
    assert gap["chance"] == pytest.approx(1 - (11 / 21) ** 2, abs=1e-6)
    # Eleven buy caps, but the sister spends 40 and three quarters of all at most 10.
    assert gap["worth"] == round(gap["chance"] * 10.0, 2)


def test_families_that_take_up_more_than_others_lift_the_chance():
    # Six families: the head had caps before, its site did not; three sites took them up.
    rows, families = [], {}
    for n in range(6):
        families |= {f"H{n}": f"H{n}", f"S{n}": f"H{n}"}
        rows += [(f"H{n}", "Caps", BEFORE, 40.0), (f"S{n}", "Bikes", BEFORE, 10.0)]
        rows += [(f"H{n}", "Bikes", BEFORE, 10.0)]
        rows += [(f"S{n}", "Caps", RECENT, 10.0)] if n < 3 else []
    for n in range(24):
        families[f"L{n}"] = None
        rows.append((f"L{n}", "Bikes", BEFORE, 10.0))

    found = site_gaps(bought(*rows), pd.Series(families), as_of=DAY, pseudo_count=10)

    # Tried caps: 6 sites and 24 others; 3 took them. Bikes were open to nobody active.
    # The lines' mean rate is 3/30 too, so the book's rate is (3 + 10 x .1) / 40 = .1.
    # Families: 6 tried, 3 took, .6 foretold; factor (3 + 1) / (.6 + 1) = 2.5.
    assert (found.effect.families, found.effect.tried, found.effect.took) == (6, 6, 3)
    assert found.effect.factor == 2.5
    assert found.note == ""
    assert found.table.loc["S5/site:Caps", "chance"] == pytest.approx(1 - 0.75**2, abs=1e-6)


def test_a_small_purchase_still_leaves_a_gap_and_counts_against_it():
    rows = pd.concat([ONE, bought(("S2", "Bikes", RECENT, 50.0))])
    gap = site_gaps(rows, FAMILIES, as_of=DAY).table.loc["S2/site:Bikes"]

    # 50 is less than a tenth of the sisters' median of 600.
    assert gap["own_spend_12m"] == 50.0
    assert gap["worth"] == round(gap["chance"] * 550.0, 2)
    assert not gap["buys_nothing"]
    enough = pd.concat([ONE, bought(("S2", "Bikes", RECENT, 70.0))])
    assert "S2/site:Bikes" not in site_gaps(enough, FAMILIES, as_of=DAY).table.index


def test_sisters_outside_the_readers_scope_neither_count_nor_spend():
    gap = site_gaps(ONE, FAMILIES, as_of=DAY, told={"S1", "S2"}).table.loc["S2/site:Bikes"]
    assert (gap["sisters"], gap["sister_spend"]) == (1, 300.0)
    # No sister in scope, no gap; a site outside is never told.
    assert site_gaps(ONE, FAMILIES, as_of=DAY, told={"S2", "L"}).table.empty
    assert site_gaps(ONE, FAMILIES, as_of=DAY, told={"H", "S1"}).table.empty


def test_the_chance_is_the_same_for_every_reader():
    whole = site_gaps(ONE, FAMILIES, as_of=DAY).table.loc["S2/site:Bikes", "chance"]
    part = site_gaps(ONE, FAMILIES, as_of=DAY, told={"S1", "S2"}).table
    assert part.loc["S2/site:Bikes", "chance"] == whole


@pytest.mark.parametrize(
    ("families", "note"),
    [
        (pd.Series({"H": "H", "L": "L"}), "knows no families and no sites"),
        (pd.Series({"H": None, "S1": None}), "knows no families and no sites"),
        (pd.Series(dtype="str"), "knows no families and no sites"),
        (pd.Series({"X": "X", "Y": "X"}), "Nobody of any family has bought"),
    ],
)
def test_a_book_without_families_or_purchases_says_so(families, note):
    found = site_gaps(ONE, families, as_of=DAY)
    assert found.table.empty
    assert note in found.note


def test_what_is_not_known_is_refused():
    with pytest.raises(ColumnsMissing, match="no column line"):
        site_gaps(ONE.drop(columns="line"), FAMILIES, as_of=DAY)
    with pytest.raises(InvalidInput, match="no finite numbers"):
        site_gaps(ONE.assign(amount=float("inf")), FAMILIES, as_of=DAY)
    with pytest.raises(InvalidInput, match="stands twice"):
        site_gaps(ONE, pd.concat([FAMILIES, FAMILIES]), as_of=DAY)


def test_without_cases_a_family_changes_nothing_and_with_many_it_is_the_plain_ratio():
    assert family_effect(4, 100, 90, 10.0, pseudo_count=30).factor == 1.0
    assert family_effect(9, 0, 0, 0.0, pseudo_count=30).factor == 1.0
    # 100,000 cases of rate .1 foretold 10,000; 20,000 came.
    assert family_effect(9, 100_000, 20_000, 10_000.0, pseudo_count=30).factor == pytest.approx(
        2, abs=1e-3
    )


PURCHASES = st.lists(
    st.tuples(
        st.sampled_from(["H", "S1", "S2", "L", "foreign"]),
        st.sampled_from(["Bikes", "Caps", None]),
        st.integers(0, 800),
        st.integers(-100, 1000),
    ),
    max_size=25,
)


@given(PURCHASES, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_later_purchases_and_the_order_of_rows_change_nothing(rows, random):
    known = bought(*((a, b, DAY - timedelta(days=ago), float(x)) for a, b, ago, x in rows))
    later = bought(
        ("S2", "Bikes", DAY + timedelta(days=1), 999.0), ("H", "Caps", date(2027, 5, 1), 9.0)
    )
    shuffled = known.sample(frac=1, random_state=random.randrange(1000))

    table = site_gaps(known, FAMILIES, as_of=DAY).table

    assert site_gaps(pd.concat([shuffled, later]), FAMILIES, as_of=DAY).table.equals(table)
    assert table["chance"].between(0, 1).all()
    assert (table["worth"] > 0).all()
