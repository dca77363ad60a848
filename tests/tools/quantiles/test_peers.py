"""Who is named as a peer, and who never is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidInput
from tests.tools.quantiles.tables import accounts
from tools.quantiles.fitting import fit_potential
from tools.quantiles.lines import Settings
from tools.quantiles.peers import nearest_peers

FACTS, SPEND = accounts(200)
MODEL = fit_potential(FACTS, SPEND, settings=Settings())


def test_the_nearest_are_alike_in_what_moves_spend() -> None:
    facts = FACTS.copy()
    facts.loc["A-00000"] = [20.0, "Shop", 0.0]
    facts.loc["A-00001"] = [20.1, "Shop", 0.0]
    facts.loc["A-00002"] = [20.0, "Warehouse", 0.0]

    found = nearest_peers(facts, SPEND, 3, model=MODEL, of=["A-00000"])

    assert "A-00001" in set(found["peer_id"])
    assert "A-00002" not in set(found["peer_id"])
    assert found["rank"].tolist() == [1, 2, 3]
    assert found["distance"].is_monotonic_increasing
    assert found["peer_spend"].tolist() == SPEND[found["peer_id"]].tolist()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.booleans(), min_size=200, max_size=200), st.integers(1, 8))
def test_nobody_is_its_own_peer_and_nobody_outside_the_scope_is_named(
    within: list[bool], k: int
) -> None:
    found = nearest_peers(FACTS, SPEND, k, within=within, model=MODEL)

    assert (found["account_id"] != found["peer_id"]).all()
    seen = set(FACTS.index[np.array(within)])
    assert set(found["peer_id"]) <= seen
    assert found.groupby("account_id").size().max() <= k or found.empty
    assert found["outside"].dropna().ge(5).all()


def test_the_distance_is_that_of_the_contributions() -> None:
    found = nearest_peers(FACTS, SPEND, 1, model=MODEL, of=["A-00005"]).iloc[0]

    told = MODEL.explain(FACTS.loc[["A-00005", found["peer_id"]]], 0.5)[list(MODEL.facts)]
    assert found["distance"] == pytest.approx(np.linalg.norm(told.iloc[0] - told.iloc[1]))


def test_how_many_lie_outside_is_told_from_five_on() -> None:
    nobody = np.zeros(200, dtype=bool)
    few = nobody.copy()
    few[0] = True

    one = nearest_peers(FACTS, SPEND, 6, within=few, model=MODEL, of=["A-00005"])

    # The six nearest are all others but perhaps A-00000, so five or six lie outside.
    assert one["peer_id"].tolist() == ["A-00000"]
    assert one["outside"].tolist()[0] in {5, 6}
    assert nearest_peers(FACTS, SPEND, 4, within=few, model=MODEL)["outside"].isna().all()
    assert nearest_peers(FACTS, SPEND, 4, within=nobody, model=MODEL).empty


def test_an_unknown_answer_to_who_may_be_seen_is_no() -> None:
    within = pd.Series([True, None] * 100, index=FACTS.index, dtype="boolean")

    found = nearest_peers(FACTS, SPEND, 3, within=within, model=MODEL)

    assert set(found["peer_id"]) <= set(FACTS.index[::2])


def test_accounts_that_buy_nothing_are_nobodys_peers() -> None:
    spend = SPEND.copy()
    spend.iloc[:100] = 0.0

    found = nearest_peers(FACTS, spend, 3, model=MODEL)

    assert set(found["peer_id"]) <= set(FACTS.index[100:])
    assert found["account_id"].nunique() == 200


def test_the_order_of_rows_changes_no_peer() -> None:
    facts = FACTS[["kind"]]  # all shops are equally near each other
    model = fit_potential(facts, SPEND, settings=Settings())

    one = nearest_peers(facts, SPEND, 4, model=model).sort_values(["account_id", "rank"])
    two = nearest_peers(facts[::-1], SPEND, 4, model=model).sort_values(["account_id", "rank"])

    assert one["peer_id"].tolist() == two["peer_id"].tolist()


def test_a_mask_of_another_length_and_an_unknown_account_are_refused() -> None:
    with pytest.raises(InvalidInput, match="`within` has 3 values, facts have 200 rows"):
        nearest_peers(FACTS, SPEND, 3, within=[True] * 3, model=MODEL)
    with pytest.raises(InvalidInput, match="names an account that facts lack"):
        nearest_peers(FACTS, SPEND, 3, model=MODEL, of=["Z"])
    with pytest.raises(InvalidInput, match="k is 0"):
        nearest_peers(FACTS, SPEND, 0, model=MODEL)
