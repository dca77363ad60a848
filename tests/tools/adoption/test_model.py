from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ColumnsMissing, DuplicateIds, InvalidInput
from tests.tools.adoption.conftest import AS_OF, made_up
from tools.adoption.model import fit_whitespace
from tools.adoption.offers import explain, parts_of, recommend
from tools.adoption.ranking import scores


def test_contributions_add_up_to_the_score(purchases, kinds) -> None:
    model = fit_whitespace(purchases, as_of=AS_OF, attributes=kinds)
    assert model.method == "stack"
    told = recommend(model, 3, ["A-0000", "A-0001", "A-0007"])
    for row in told.itertuples():
        parts = explain(model, row.account, row.product)
        assert abs(parts["contribution"].sum() - row.score) < 1e-9
        assert row.probability == pytest.approx(1 / (1 + np.exp(-row.score)))
    # The parts name what the account owns and which levels it is in.
    named = set(explain(model, told["account"][0], told["product"][0])["because"])
    owned = set(purchases.loc[purchases["account"] == "A-0000", "product"])
    assert owned & named
    assert any(name.startswith("kind = even") for name in map(str, named))


def test_parts_of_many_pairs_are_those_of_each(purchases, kinds) -> None:
    model = fit_whitespace(purchases, as_of=AS_OF, attributes=kinds)
    told = recommend(model, 2)
    row = model.accounts.get_indexer(told["account"])
    column = model.live.get_indexer(told["product"])
    assert np.allclose(parts_of(model, row, column).sum(axis=1), told["score"], atol=1e-9)


def test_accounts_are_offered_what_their_kind_buys(purchases, kinds) -> None:
    model = fit_whitespace(purchases, as_of=AS_OF, attributes=kinds)
    first = recommend(model, 1)
    own_half = (first["product"] < "P-06") == (first["account"].str[-1].astype(int) % 2 == 0)
    assert own_half.mean() > 0.9


def test_nothing_owned_is_offered_and_ranks_begin_at_one(purchases) -> None:
    model = fit_whitespace(purchases, as_of=AS_OF)
    told = recommend(model, 50)
    owned = set(zip(purchases["account"], purchases["product"], strict=True))
    assert not owned & set(zip(told["account"], told["product"], strict=True))
    # Twelve products, less those owned.
    counts = told.groupby("account").size()
    mine = purchases.groupby("account")["product"].nunique()
    assert (counts == 12 - mine.reindex(counts.index)).all()
    assert (told.groupby("account")["rank"].min() == 1).all()
    assert told.groupby("account")["score"].is_monotonic_decreasing.all()


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1_000))
def test_the_order_of_rows_is_irrelevant(seed: int) -> None:
    table = made_up(220)
    one = recommend(fit_whitespace(table, as_of=AS_OF), 3)
    turned = table.sample(frac=1.0, random_state=seed)
    other = recommend(fit_whitespace(turned, as_of=AS_OF), 3)
    pd.testing.assert_frame_equal(one, other)


def test_later_purchases_change_nothing_but_the_note(purchases) -> None:
    before = AS_OF - timedelta(days=200)
    known = purchases[purchases["date"] <= pd.Timestamp(before)]
    one, other = fit_whitespace(known, as_of=before), fit_whitespace(purchases, as_of=before)
    pd.testing.assert_frame_equal(recommend(one), recommend(other))
    later = len(purchases) - len(known)
    assert other.note == f"{later:,} rows after {before} were not read."


def test_a_repeated_purchase_is_added_up(purchases) -> None:
    halved = pd.concat([purchases.assign(amount=purchases["amount"] / 2)] * 2)
    pd.testing.assert_frame_equal(
        recommend(fit_whitespace(purchases, as_of=AS_OF)),
        recommend(fit_whitespace(halved, as_of=AS_OF)),
    )


def test_what_was_sent_back_is_not_owned(purchases) -> None:
    first = purchases.iloc[0]
    mine = (purchases["account"] == first["account"]) & (purchases["product"] == first["product"])
    back = first.copy()
    back["amount"], back["date"] = -purchases.loc[mine, "amount"].sum(), pd.Timestamp(AS_OF)
    returned = pd.concat([purchases, back.to_frame().T.astype(purchases.dtypes)])
    told = recommend(fit_whitespace(returned, as_of=AS_OF), 12, [first["account"]])
    assert first["product"] in set(told["product"])


def test_only_live_products_are_offered(purchases) -> None:
    # P-00 was last sold 93 days before the day: one too many.
    last = pd.Timestamp(AS_OF) - pd.Timedelta(days=93)
    sold = purchases[(purchases["product"] != "P-00") | (purchases["date"] <= last)]
    assert "P-00" not in fit_whitespace(sold, as_of=AS_OF).live
    assert "P-00" in fit_whitespace(sold, as_of=AS_OF, recent_days=120).live
    # A table of products speaks instead of sales.
    table = pd.DataFrame(
        {"product": ["P-00", "P-01", "P-02"], "live_from": [None, "2027-01-01", None],
         "live_to": [None, None, AS_OF.isoformat()]}
    )  # fmt: skip
    assert list(fit_whitespace(sold, as_of=AS_OF, products=table).live) == ["P-00"]


def test_a_product_of_few_owners_is_not_offered(purchases) -> None:
    rare = pd.DataFrame(
        {"account": [f"A-{at:04d}" for at in range(9)], "product": "P-99",
         "date": pd.Timestamp(AS_OF), "amount": 1.0}
    )  # fmt: skip
    more = pd.concat([purchases, rare])
    assert "P-99" not in fit_whitespace(more, as_of=AS_OF).live
    assert "P-99" in fit_whitespace(more, as_of=AS_OF, fewest_owners=9).live


def test_a_new_product_is_judged_by_those_who_have_ordered_since() -> None:
    """P-new came last month: of 60 that ordered since, 45 took it; 240 did not order since."""
    table = made_up(300)
    table["date"] -= pd.Timedelta(days=40)
    lately = pd.Timestamp(AS_OF) - pd.Timedelta(days=10)
    names = [f"A-{at:04d}" for at in range(60)]
    again = pd.DataFrame({"account": names, "product": "P-01", "date": lately, "amount": 5.0})
    new = again.head(45).assign(product="P-new")
    model = fit_whitespace(pd.concat([table, again, new]), as_of=AS_OF)
    at = list(model.live).index("P-new")
    # 45 of 60, each with half a case: log(45.5 / 15.5).
    assert model.known.popularity[at] == pytest.approx(np.log(45.5 / 15.5))
    # By all 300 accounts it were the rarest of 13; those who could not see it get it early.
    told = recommend(model, 3, [f"A-{at:04d}" for at in range(60, 300)])
    assert (told["product"] == "P-new").sum() > 0.7 * 240


def test_rule_figures_are_shown_and_add_nothing(purchases) -> None:
    model = fit_whitespace(purchases, as_of=AS_OF)
    plain = recommend(model, 2)
    told = recommend(model, 2, evidence=True)
    pd.testing.assert_frame_equal(told[plain.columns], plain)
    row = told.iloc[0]
    owners = purchases.groupby("product")["account"].agg(set)
    both = len(owners[row["because"]] & owners[row["product"]])
    assert row["support"] == pytest.approx(both / 300)
    assert row["confidence"] == pytest.approx(both / len(owners[row["because"]]))
    by_chance = len(owners[row["product"]]) / 300
    assert row["lift"] == pytest.approx(row["confidence"] / by_chance)


def test_worth_is_probability_times_the_median_spend_of_owners() -> None:
    table = made_up(220)
    model = fit_whitespace(table, as_of=AS_OF)
    told = recommend(model, 1).iloc[0]
    mine = table[table["product"] == told["product"]].groupby("account")
    days = (pd.Timestamp(AS_OF) - mine["date"].min()).dt.days + 1
    yearly = mine["amount"].sum() / np.maximum(days / 365, 1)
    assert told["value"] == pytest.approx(told["probability"] * yearly.median())


def test_a_small_book_says_so_and_adds_up(purchases, kinds) -> None:
    few = purchases[purchases["account"] < "A-0150"]
    model = fit_whitespace(few, as_of=AS_OF, attributes=kinds)
    assert model.method == "segment"
    assert model.note.startswith("Small book (150 accounts, 12 products)")
    told = recommend(model, 3)
    assert told["probability"].between(0, 1).all()
    parts = explain(model, told["account"][0], told["product"][0])
    assert set(parts["part"]) <= {"recent", "segment", "constant"}
    assert abs(parts["contribution"].sum() - told["score"][0]) < 1e-9


def test_a_history_of_one_day_knows_no_probability(purchases) -> None:
    model = fit_whitespace(purchases.assign(date=AS_OF), as_of=AS_OF)
    assert model.method == "ease"
    assert "EASE alone, without a probability" in model.note
    assert recommend(model)["probability"].isna().all()


def test_probabilities_hold_out_of_time() -> None:
    table = made_up(2_000, seed=3)
    cut = AS_OF - timedelta(days=182)
    model = fit_whitespace(table, as_of=cut, horizon=182)
    told = recommend(model, 12)
    pairs = table.groupby(["account", "product"])["date"].min()
    took = pairs.reindex(pd.MultiIndex.from_frame(told[["account", "product"]])).notna()
    # Purchases are spread evenly over two years, so adoption ahead is as it was.
    assert told["probability"].mean() == pytest.approx(took.mean(), rel=0.25)


def test_the_compiled_way_finds_what_the_plain_way_finds(monkeypatch, kinds, purchases) -> None:
    from tools.adoption import exposure, history, ranking

    plain = recommend(fit_whitespace(purchases, as_of=AS_OF, attributes=kinds), 5)
    for module in (exposure, history, ranking):
        monkeypatch.setattr(module, "BIG", 0)
    monkeypatch.setattr(ranking, "BLOCK", 0)
    compiled = recommend(fit_whitespace(purchases, as_of=AS_OF, attributes=kinds), 5)
    pd.testing.assert_frame_equal(plain, compiled)


def test_scores_of_owned_products_are_minus_infinity(purchases) -> None:
    model = fit_whitespace(purchases, as_of=AS_OF)
    table = scores(model.weights, model.known.before, np.arange(300))
    pairs = purchases.drop_duplicates(["account", "product"])
    assert np.isinf(table).sum() == len(pairs)


@pytest.mark.parametrize("turn", ["category", "object", "Int64", "str"])
def test_ids_of_any_type_are_read(purchases, turn: str) -> None:
    number = purchases["account"].str[2:].astype(int)
    table = purchases.assign(account=number.astype(turn))
    told = recommend(fit_whitespace(table, as_of=AS_OF), 1)
    assert len(told) == 300


def test_blank_rows_are_left_out_and_counted(purchases) -> None:
    dirty = purchases.copy()
    dirty.loc[0, "account"] = None
    dirty.loc[1, "product"] = None
    dirty.loc[2, "amount"] = np.nan
    dirty.loc[3, "date"] = pd.NaT
    model = fit_whitespace(dirty, as_of=AS_OF)
    assert model.note == "4 rows without id, date or amount were left out."


def test_tables_of_no_rows_one_product_or_nothing_left_recommend_nothing(purchases) -> None:
    nothing = recommend(fit_whitespace(purchases.head(0), as_of=AS_OF))
    assert nothing.empty
    assert list(nothing.columns) == ["account", "product", "score", "rank", "probability", "value"]
    one = purchases.assign(product="P-1")
    model = fit_whitespace(one, as_of=AS_OF)
    assert recommend(model).empty
    dead = fit_whitespace(purchases, as_of=date(2030, 1, 1))
    assert dead.note.endswith("No product is live: nothing can be offered.")
    assert recommend(dead).empty
    every = purchases[["product"]].drop_duplicates().merge(purchases[["account"]], how="cross")
    all_owned = every.drop_duplicates().assign(date=AS_OF, amount=1.0)
    assert recommend(fit_whitespace(all_owned, as_of=AS_OF)).empty


def test_attributes_of_any_kind_and_of_strangers_are_taken(purchases, kinds) -> None:
    more = kinds.assign(
        since=pd.Timestamp("2020-05-01"), flag=[True, False] * 150, blank=None,
        whole=pd.array([*range(299), None], dtype="Int64"), far=np.inf,
    )  # fmt: skip
    more = pd.concat([more, more.head(1).set_axis(["stranger"])])
    model = fit_whitespace(purchases, as_of=AS_OF, attributes=more)
    attributes = {name for name, _ in model.levels.name}
    # One level alone tells nothing: `since`, `blank` and `far` are left out.
    assert attributes == {"kind", "size", "flag", "whole"}
    assert ("whole", "missing") in model.levels.name


def test_bad_tables_are_refused_by_words(purchases, kinds) -> None:
    with pytest.raises(ColumnsMissing, match="lack amount"):
        fit_whitespace(purchases.drop(columns="amount"), as_of=AS_OF)
    far = purchases.copy()
    far.loc[7, "amount"] = np.inf
    with pytest.raises(InvalidInput, match="row 7 is infinite"):
        fit_whitespace(far, as_of=AS_OF)
    with pytest.raises(InvalidInput, match="Dates cannot be read"):
        fit_whitespace(purchases.assign(date="soon"), as_of=AS_OF)
    with pytest.raises(InvalidInput, match="Amounts cannot be read"):
        fit_whitespace(purchases.assign(amount="much"), as_of=AS_OF)
    with pytest.raises(DuplicateIds, match="more than one row of attributes"):
        fit_whitespace(purchases, as_of=AS_OF, attributes=pd.concat([kinds, kinds]))
    with pytest.raises(InvalidInput, match="No row of attributes belongs"):
        fit_whitespace(purchases, as_of=AS_OF, attributes=kinds.reset_index(drop=True))
    with pytest.raises(InvalidInput, match="no method 'magic'"):
        fit_whitespace(purchases, as_of=AS_OF, method="magic")
    model = fit_whitespace(purchases, as_of=AS_OF)
    with pytest.raises(InvalidInput, match="'nobody' has bought nothing"):
        recommend(model, 1, ["nobody"])
    with pytest.raises(InvalidInput, match="at least one product"):
        recommend(model, 0)
    with pytest.raises(InvalidInput, match="'P-99' is not live"):
        explain(model, "A-0000", "P-99")
    owned = purchases.loc[purchases["account"] == "A-0000", "product"].iloc[0]
    with pytest.raises(InvalidInput, match="already"):
        explain(model, "A-0000", owned)


def test_of_too_many_products_the_rarest_are_lumped_together(monkeypatch, purchases) -> None:
    owners = purchases.groupby("product")["account"].nunique().sort_values(ascending=False)
    monkeypatch.setattr("tools.adoption.model.MOST_PRODUCTS", 10)
    model = fit_whitespace(purchases, as_of=AS_OF)
    assert set(model.live) == set(owners.index[:10])
    assert "2 products with fewer owners say nothing about others." in model.note
    assert "2 live products of them are not offered either." in model.note
    told = recommend(model, 10)
    parts = explain(model, told["account"][0], told["product"][0])
    assert abs(parts["contribution"].sum() - told["score"][0]) < 1e-9
