from __future__ import annotations

import pandas as pd
import pytest

from domain.errors import NotFound
from tools.cells import Reading
from tools.facts import Facts
from tools.potential import Potential
from tools.ranks import ranks
from tools.score import Score
from tools.tiers import tiers

READING = Reading("book-1", "rules-1", pd.Timestamp("2026-11-13").date())


def place(coverage, *rows):
    """One account per row: potential, executive, director, (active, six months, early), fit."""
    index = pd.Index([f"A{n}" for n in range(len(rows))], name="account_id")
    column = lambda at, kind: pd.Series([row[at] for row in rows], index, dtype=kind)  # noqa: E731
    table = pd.DataFrame(
        {
            "owner_id": pd.Series("ana", index, dtype="str"),
            "has_executive_access": column(1, "boolean"),
            "has_director_access": column(2, "boolean"),
        }
    )
    for at, name in enumerate(("cycle_active", "cycle_six_months", "cycle_early")):
        table[name] = pd.Series([row[3][at] for row in rows], index, dtype="boolean")
    facts = Facts(table, READING)
    could = Potential(pd.DataFrame({"potential_p50": column(0, "float64")}), READING, facts)
    scored = pd.DataFrame(
        {
            "score": pd.Series(0, index),
            "win_probability": pd.Series(0.5, index),
            "fit": pd.Series([row[4] if len(row) > 4 else 5 for row in rows], index, dtype="Int64"),
        }
    )
    empty = pd.DataFrame(index=index)
    return facts, tiers(facts, could, Score(scored, empty, empty, empty, (), READING), coverage)


ACTIVE, SIX, EARLY, NONE = (
    (True, True, True),
    (False, True, True),
    (False, False, True),
    (False, False, False),
)
ASKED_NOBODY = (None, None, None)


@pytest.mark.parametrize(
    ("row", "tier", "note"),
    [
        ((150000.01, True, True, ACTIVE), "strategic", "Strategic: every rule is met"),
        # Strategic asks for more than 150,000; a bound belongs to the higher tier else.
        ((150000, True, True, ACTIVE), "tier_1", "Tier 1: every rule is met"),
        ((75000, True, True, ACTIVE), "tier_1", "Tier 1: every rule is met"),
        ((74999.99, True, True, ACTIVE), "tier_2", "Tier 2: every rule is met"),
        ((25000, None, None, EARLY), "tier_2", "Tier 2: every rule is met"),
        ((24999.99, True, True, ACTIVE), "tier_3", "Tier 3: every rule is met"),
        (
            (200000, False, True, ACTIVE),
            "tier_1",
            "Tier 1; Strategic but for executive access",
        ),
        (
            (200000, None, None, ACTIVE),
            "tier_1",
            "Tier 1; Strategic if executive access is confirmed; director access unknown",
        ),
        (
            (200000, False, False, SIX),
            "tier_2",
            "Tier 2; Strategic but for executive access and an active buying cycle; "
            "Tier 1 but for director access",
        ),
        (
            (200000, None, True, SIX),
            "tier_1",
            "Tier 1; Strategic but for an active buying cycle, executive access still to confirm",
        ),
        (
            (100000, None, None, ASKED_NOBODY),
            "tier_1",
            "Tier 1; director access and an opportunity within six months unknown",
        ),
        (
            (30000, None, None, NONE),
            "tier_3",
            "Tier 3; Tier 2 but for early interest",
        ),
        (
            (30000, None, None, EARLY, -1),
            "tier_3",
            "Tier 3; Tier 2 but for fit with the ideal customer",
        ),
        (
            (None, True, True, ACTIVE),
            "tier_3",
            "Tier 3; potential unknown, fewer than five accounts compare",
        ),
    ],
)
def test_an_account_gets_the_highest_tier_whose_every_rule_it_meets(coverage, row, tier, note):
    _, result = place(coverage, row)
    assert result.of("A0") == tier
    assert result.table.at["A0", "tier_note"] == note


def test_the_rules_missing_for_the_tier_of_its_potential_are_columns_too(coverage):
    _, result = place(coverage, (200000, False, None, SIX))
    row = result.table.loc["A0"]
    assert row["potential_tier"] == "strategic"
    assert row["unmet"] == "executive access, an active buying cycle"


def test_expected_value_is_probability_times_potential(coverage):
    # 0.5 x 30,001 = 15,000.50
    _, result = place(coverage, (30001, None, None, EARLY))
    assert result.table.at["A0", "expected_value"] == 15000.5
    assert result.counts() == {"tier_2": 1}


def test_accounts_are_ordered_by_tier_then_expected_value_then_id(coverage):
    facts, result = place(
        coverage,
        (30000, None, None, EARLY),
        (160000, True, True, ACTIVE),
        (40000, None, None, EARLY),
        (30000, None, None, EARLY),
        (None, None, None, NONE),
    )
    facts.table.loc["A3", "owner_id"] = None
    order = ranks(facts, result)
    assert order.order == ("A1", "A2", "A0", "A3", "A4")
    assert order.of_owner("ana") == ("A1", "A2", "A0", "A4")
    assert order.of_owner("nobody") == ()
    assert order.table.loc["A0", ["rank", "rank_of", "rank_overall"]].tolist() == [3, 4, 3]
    assert pd.isna(order.table.at["A3", "rank"])


def test_an_unknown_account_has_no_tier(coverage):
    _, result = place(coverage, (1, None, None, NONE))
    with pytest.raises(NotFound, match="no account 'Z'"):
        result.of("Z")
