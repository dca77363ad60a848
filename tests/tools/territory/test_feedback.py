from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assignment import Feedback, Forbid, Lock, Relationship, TierCorrection
from domain.errors import Conflict, InvalidInput, NotFound, NotPermitted, UnknownTier
from tests.tools.territory.small_team import AS_OF, PERIOD, designed, small_case
from tools.territory.explaining import why_not
from tools.territory.feedback import check_feedback, constraint_of, price_to_others

REPS = [{"rep_id": "ana"}, {"rep_id": "bo", "travel": 1.5}]


def shops(**changed):
    """A-1 holds a tenth of the relationship value; 60 h make targets of 30 h each."""
    first = {
        "account_id": "A-1", "owner_id": "ana", "potential": 100.0, "hours": 30.0,
        "relationship": 10.0, "revenue": 10.0, "relationship_years": 1.0,
        "logged_hours": np.nan, "logged_visits": np.nan,
    }  # fmt: skip
    return [
        first | changed,
        {"account_id": "A-2", "owner_id": "ana", "hours": 10.0, "relationship": 90.0},
        {"account_id": "B-1", "owner_id": "bo", "hours": 20.0},
        {"account_id": "F-1", "owner_id": "gone"},
    ]


def priced(case, to, work=(2.5, 0.0)):
    """A design at a tenth of the usual weight of relationships; hours have prices."""
    none = (0.0, 0.0)
    return designed(case, to, 1, prices=(tuple(work), none, none, none), disruption_weight=0.1)


@pytest.fixture(scope="module")
def case():
    return small_case(shops(), REPS)


@pytest.fixture(scope="module")
def point(case):
    return priced(case, {"A-1": "bo", "F-1": "ana"})


def said(answer, rep="ana", account="A-1", **more):
    given = {
        "account_id": account, "rep_id": rep, "answer": answer, "reason": "I know them well.",
        "person": f"{rep}@example.com", "said_on": AS_OF, "status": "accepted",
        "settled_by": "mia", "settled_reason": "Agreed.",
    }  # fmt: skip
    return Feedback(**(given | more))


# ---------------------------------------------------------------- constraints


def test_keep_locks_the_account_to_its_owner_until_the_period_ends(case, point):
    lock = constraint_of(case, point, said("keep"))
    assert lock == Lock(
        account_id="A-1",
        rep_id="ana",
        by="mia",
        reason="ana: I know them well. (accepted: Agreed.)",
        until=PERIOD.end,
    )
    later = constraint_of(case, point, said("keep"), until=date(2027, 6, 30))
    assert later.until == date(2027, 6, 30)


def test_too_far_rules_out_the_rep_whom_the_design_proposes(case, point):
    rule = constraint_of(case, point, said("too_far", rep="bo"))
    assert isinstance(rule, Forbid)
    assert (rule.account_id, rule.rep_id, rule.by) == ("A-1", "bo", "mia")


def test_who_would_get_an_account_speaks_of_themselves_whatever_is_proposed_since(case, point):
    later = priced(case, {"A-1": "ana"})
    assert constraint_of(case, later, said("too_far", rep="bo")).rep_id == "bo"
    # The owner speaks of whoever is to get it.
    assert constraint_of(case, point, said("too_far", rep="ana")).rep_id == "bo"


def test_a_wrong_tier_and_a_relationship_are_corrected(case, point):
    tier = constraint_of(case, point, said("wrong_tier", tier="tier_1"))
    assert isinstance(tier, TierCorrection)
    assert tier.tier == "tier_1"
    since = constraint_of(case, point, said("relationship_since", since=date(2019, 3, 1)))
    assert isinstance(since, Relationship)
    assert since.since == date(2019, 3, 1)


def test_who_agrees_asks_for_nothing(case, point):
    assert constraint_of(case, point, said("agree", status="open", settled_by=None)) is None


@pytest.mark.parametrize("status", ["open", "declined"])
def test_what_nobody_accepted_binds_nobody(case, point, status):
    with pytest.raises(Conflict, match="The answer of ana on A-1 is not accepted"):
        constraint_of(case, point, said("keep", status=status))


@pytest.mark.parametrize(
    ("feedback", "words"),
    [
        (said("keep", account="F-1"), "Shop F-1 has no owner among the reps"),
        (said("wrong_tier"), "names no tier"),
        (said("relationship_since"), "names no day"),
    ],
)
def test_an_answer_that_lacks_something_makes_no_constraint(case, point, feedback, words):
    with pytest.raises(InvalidInput, match=words):
        constraint_of(case, point, feedback)


# ---------------------------------------------------------------- validation


def test_reps_answer_for_what_they_own_or_would_get_only(case, point, coverage):
    for rep in ("ana", "bo"):
        check_feedback(case, point, said("agree", rep=rep), coverage, as_of=AS_OF)
    with pytest.raises(NotPermitted, match="ana neither owns Shop B-1 nor would get it"):
        check_feedback(case, point, said("agree", account="B-1"), coverage, as_of=AS_OF)


@pytest.mark.parametrize(
    ("feedback", "error", "words"),
    [
        (said("keep", account="Z-9"), NotFound, "The design has no account Z-9"),
        (said("keep", account="F-1"), InvalidInput, "cannot be kept where it is"),
        (said("wrong_tier", tier="gold"), UnknownTier, "gold"),
        (said("wrong_tier"), InvalidInput, "names no tier"),
        (said("wrong_tier", tier="tier_2"), InvalidInput, "Shop A-1 already is tier_2"),
        (said("relationship_since"), InvalidInput, "names no day"),
        (
            said("relationship_since", since=date(2026, 11, 14)),
            InvalidInput,
            "in the future of the book",
        ),
        (
            said("relationship_since", rep="bo", since=date(2020, 1, 1)),
            InvalidInput,
            "bo does not own Shop A-1: a relationship counts for the owner",
        ),
    ],
)
def test_an_answer_that_cannot_be_meant_is_explained(case, point, coverage, feedback, error, words):
    with pytest.raises(error, match=words):
        check_feedback(case, point, feedback, coverage, as_of=AS_OF)


def test_an_account_that_nobody_gets_is_too_far_for_nobody(case, coverage):
    present = designed(case, {}, 0)
    with pytest.raises(NotPermitted, match="neither owns Shop F-1 nor would get it"):
        check_feedback(case, present, said("too_far", account="F-1"), coverage, as_of=AS_OF)


# ---------------------------------------------------------------- prices


def price(case, point, feedback, coverage):
    return price_to_others(case, point, feedback, coverage, as_of=AS_OF)


def test_the_price_of_keeping_by_hand(case, point, coverage):
    # At Ana: 2.5 x 30 h / 30 h = 2.5. At Bo: 1.5 h of 200 h on the road, 0.75, and a tenth
    # of the relationship value at weight 0.1, 1.0. Keeping costs 2.5 - 1.75.
    told = price(case, point, said("keep"), coverage)
    assert told.points == pytest.approx(0.75)
    assert told.reps == ("bo",)
    assert told.told == (
        "Keeping Shop A-1 with Ana costs 0.75 points: Bo goes without 100 of potential and "
        "30 h of work, and Ana keeps them."
    )


@settings(max_examples=30, deadline=None)
@given(work=st.tuples(st.floats(-5, 5), st.floats(-5, 5)))
def test_keeping_is_priced_as_the_explanation_prices_it(case, coverage, work):
    point = priced(case, {"A-1": "bo"}, work)
    told = price(case, point, said("keep"), coverage)
    assert told.points == pytest.approx(why_not(case, point, "A-1", "ana").points, abs=1e-9)


def test_what_stays_anyway_costs_nothing(case, point, coverage):
    assert price(case, point, said("keep", account="A-2"), coverage).points == 0.0
    assert price(case, point, said("agree"), coverage).points == 0.0
    since = said("relationship_since", account="A-2", since=date(2020, 1, 1))
    assert "stays with Ana in this design anyway" in price(case, point, since, coverage).told


def test_sparing_a_rep_costs_what_the_next_best_costs_more(case, point, coverage):
    told = price(case, point, said("too_far", rep="bo"), coverage)
    assert told.points == pytest.approx(0.75)
    assert told.reps == ("ana",)
    assert "it would go to Ana" in told.told


def test_an_account_that_nobody_else_may_have_would_be_left_without_a_rep(coverage):
    case = small_case(shops(), REPS, forbidden=[("A-1", "ana")])
    told = price(case, priced(case, {"A-1": "bo"}), said("too_far", rep="bo"), coverage)
    assert told.points is None
    assert "left without a rep" in told.told


def test_keeping_sets_a_rule_aside_and_says_so(coverage):
    case = small_case(shops(), REPS, forbidden=[("A-1", "ana")])
    told = price(case, priced(case, {"A-1": "bo"}), said("keep"), coverage)
    assert told.points == pytest.approx(0.75)
    assert "sets a rule aside" in told.told


def test_another_tier_costs_its_hours_at_the_price_of_the_rep_who_works_it(case, coverage):
    # Tier 1 takes 10.71 h, 13.39 with preparation: 16.61 less than 30. An hour of Bo's is
    # worth 3 / 30.
    point = priced(case, {"A-1": "bo"}, work=(2.5, 3.0))
    told = price(case, point, said("wrong_tier", tier="tier_1"), coverage)
    assert told.points == pytest.approx(-1.661, abs=1e-3)
    assert told.reps == ("bo",)
    assert "13.4 h instead of 30.0 h" in told.told


@pytest.mark.parametrize(
    ("revenue", "points", "words"),
    [
        # Three years are full strength: 10 + 5 % of 100 put 15 at stake, 5 of 100 more than
        # known: 0.5 points, less than the 0.75 of keeping it.
        (10.0, 0.5, "would still go to Bo"),
        # 30 + 5 put 25 of 100 more at stake: moving it would cost 2.5, so it stays for 0.75.
        (30.0, 0.75, "would stay with Ana"),
    ],
)
def test_an_older_relationship_costs_what_it_breaks_or_what_keeping_costs(
    coverage, revenue, points, words
):
    case = small_case(shops(revenue=revenue), REPS)
    feedback = said("relationship_since", since=date(2023, 11, 13))
    told = price(case, priced(case, {"A-1": "bo"}), feedback, coverage)
    assert told.points == pytest.approx(points)
    assert words in told.told
