from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assignment import Unplaced
from domain.errors import InvalidInput, NotFound
from domain.period import Period
from tests.tools.conftest import make_book
from tests.tools.territory.small_team import AS_OF, PERIOD, row_of, small_case
from tools.territory.balance_flags import balance_flags
from tools.territory.before_after import before_after
from tools.territory.bimodality import bimodality, coefficient, normal_limit
from tools.territory.quota import (
    attainment_probability,
    planned_quota,
    quota_within,
    share_quota,
    spend_by_window,
)
from tools.territory.team_side import Spread

ANA_AND_BO = [{"rep_id": "ana"}, {"rep_id": "bo"}]


def shops(*rows):
    return [
        {"account_id": key, "owner_id": owner, "potential": potential, "hours": hours}
        for key, owner, potential, hours in rows
    ]


def sold(account, rep, amount, day):
    return {"account_id": account, "rep_id": rep, "amount": amount, "ordered": day}


def quota(rep, amount, starts, ends):
    return {"rep_id": rep, "amount": amount, "starts": starts, "ends": ends}


# One year of quota that ends on the book's date: 1,000 each.
QUOTAS = [
    quota("ana", 1000.0, date(2025, 11, 14), AS_OF),
    quota("bo", 1000.0, date(2025, 11, 14), AS_OF),
]
THREE = shops(("A-1", "ana", 100.0, 30.0), ("A-2", "ana", 60.0, 30.0), ("B-1", "bo", 40.0, 20.0))
ORDERS = [
    sold("A-1", "ana", 900.0, date(2026, 3, 2)),
    sold("A-2", "bo", 300.0, date(2026, 3, 3)),  # Bo sold it before Ana took it over.
    sold("B-1", "bo", 400.0, date(2026, 3, 4)),
]


def three_shops(**tables):
    case = small_case(THREE, ANA_AND_BO)
    book = make_book(reps=ANA_AND_BO, quotas=QUOTAS, orders=ORDERS, **tables)
    return case, row_of(case, {"A-2": "bo"}), book


def test_bookings_follow_the_account_and_the_record_stays_with_who_sold(coverage):
    case, row, book = three_shops()
    told = before_after(case, row, 1, book, coverage)
    ana, bo = told.reps
    # Before, on the footing of today's owners: 1,200 against 400, both of 1,000.
    assert (ana.before.bookings, bo.before.bookings) == (1200.0, 400.0)
    assert (ana.before.attainment, bo.before.attainment) == (1.2, 0.4)
    # A-2 takes its 300 along: 900 against 700.
    assert (ana.after.attainment, bo.after.attainment) == (0.9, 0.7)
    # What was sold under whose name is told apart: 900 and 700.
    assert (ana.sold_attainment, bo.sold_attainment) == (0.9, 0.7)
    # Variance of 1.2 and 0.4 is 0.4^2, of 0.9 and 0.7 it is 0.1^2; means are 0.8.
    assert told.before.attainment.variance == pytest.approx(0.16)
    assert told.after.attainment.variance == pytest.approx(0.01)
    assert told.after.attainment.variation == pytest.approx(0.125)
    assert any("projected" in note for note in told.notes)


def test_potential_workload_and_quota_by_potential(coverage):
    case, row, book = three_shops()
    told = before_after(case, row, 1, book, coverage)
    ana, bo = told.reps
    assert [(rep.before.potential, rep.after.potential) for rep in told.reps] == [
        (160.0, 100.0),
        (40.0, 100.0),
    ]
    # 60 h of 100 against 20 h of 100; the team's load is 80 / 200 = 0.4, which is 1.00.
    assert [rep.before.workload_index for rep in told.reps] == pytest.approx([1.5, 0.5])
    assert told.before.workload_index.mean == pytest.approx(1.0)
    # The quotas end before the period starts: 2,000 in 365 days go on for 90.
    assert told.team_quota == pytest.approx(2000 * 90 / 365)
    assert ana.quota_by_potential == bo.quota_by_potential == pytest.approx(246.58)
    # 900 and 700 of 1,000 each, which is also what potential 100 and 100 would give.
    assert told.attainment_by_potential.mean == pytest.approx(0.8)
    assert any("2026-11-13" in note and "daily rate" in note for note in told.notes)


def test_the_market_counts_accounts_that_nobody_owns_or_no_design_holds(coverage):
    reps = [*ANA_AND_BO, {"rep_id": "mia", "function": "manager"}]
    left = [
        Unplaced(account_id="M-1", account_name="M", owner_id="mia", reason="A manager's."),
        Unplaced(account_id="N-1", account_name="N", owner_id=None, reason="Nobody may."),
    ]
    case = small_case(
        shops(("A-1", "ana", 100.0, 10.0), ("F-1", None, 60.0, 10.0)), ANA_AND_BO, unplaced=left
    )
    book = make_book(reps=reps)
    worth = {"M-1": 30.0, "N-1": 10.0}
    told = before_after(case, row_of(case, {"F-1": "bo"}), 1, book, coverage, potential_of=worth)
    before, after = told.before.coverage, told.after.coverage
    # Two of four have an owner, of 130 in 200; the design places the free one.
    assert (before.owned, before.accounts, before.share) == (2, 4, 0.5)
    assert before.potential_share == pytest.approx(130 / 200)
    assert (after.owned, after.potential_share) == (3, pytest.approx(190 / 200))


def test_win_rate_is_told_by_territory_or_said_to_be_unknown(coverage):
    case, row, book = three_shops()
    assert told_notes(case, row, book, coverage, "no closed opportunities in the book")
    deals = [
        {"account_id": "A-1", "stage": "won", "closes": date(2026, 5, 1)},
        {"account_id": "A-2", "stage": "lost", "closes": date(2026, 5, 1)},
        {"account_id": "A-2", "stage": "won", "closes": None},
        {"account_id": "B-1", "stage": "proposal", "closes": date(2026, 5, 1)},
        {"account_id": "B-1", "stage": "won", "closes": date(2025, 5, 1)},
    ]
    case, row, book = three_shops(opportunities=deals)
    told = before_after(case, row, 1, book, coverage)
    # A-1 was won and A-2 lost; after, Ana has won all of hers and Bo none of his.
    assert [rep.before.win_rate for rep in told.reps] == [0.5, None]
    assert [rep.after.win_rate for rep in told.reps] == [1.0, 0.0]
    assert (told.after.won, told.after.closed) == (1, 2)
    assert any("1 closed opportunit" in note for note in told.notes)
    old = [{"account_id": "A-1", "stage": "won", "closes": date(2024, 5, 1)}]
    case, row, book = three_shops(opportunities=old)
    assert told_notes(case, row, book, coverage, "was closed in the last 12 months")


def told_notes(case, row, book, coverage, words):
    told = before_after(case, row, 1, book, coverage)
    return told.before.win_rate is None and any(words in note for note in told.notes)


def test_a_book_without_quotas_and_orders_says_so(coverage):
    case = small_case(THREE, ANA_AND_BO)
    told = before_after(case, row_of(case, {}), 1, make_book(reps=ANA_AND_BO), coverage)
    assert told.team_quota is None
    assert told.before.attainment.count == 0
    assert told.before.bimodality.verdict == "too few reps to tell"
    said = " ".join(told.notes)
    assert "no orders" in said
    assert "no quotas" in said
    assert "none is shared by potential" in said


def test_a_design_that_does_not_exist_and_another_books_designs_are_refused(coverage):
    case, row, book = three_shops()
    with pytest.raises(NotFound, match="There is no design 2: this scenario has designs 0 to 1"):
        before_after(case, row, 2, book, coverage)
    foreign = row.model_copy(update={"accounts": ("A-1", "A-2", "Z-9")})
    with pytest.raises(InvalidInput, match="Z-9, which this book does not offer"):
        before_after(case, foreign, 1, book, coverage)


# ---------------------------------------------------------------- quota


def test_a_quota_counts_with_its_days_in_a_window():
    book = make_book(quotas=[quota("ana", 900.0, date(2026, 1, 1), date(2026, 3, 31))])  # 90 days
    window = Period(date(2026, 3, 2), date(2026, 12, 31))  # the last 30 of them
    assert quota_within(book, ["ana"], window) == {"ana": pytest.approx(300.0)}
    assert quota_within(book, ["bo"], window) == {}


def test_two_quotas_of_the_same_days_add_up():
    days = PERIOD.start, PERIOD.end
    book = make_book(quotas=[quota("ana", 500.0, *days), quota("ana", 400.0, *days)])
    planned = planned_quota(book, ["ana"], PERIOD)
    assert planned.by_rep == {"ana": pytest.approx(900.0)}
    assert not planned.carried_on


def test_a_quota_that_begins_after_the_period_is_not_read():
    book = make_book(quotas=[quota("ana", 500.0, date(2027, 6, 1), date(2027, 8, 31))])
    assert planned_quota(book, ["ana"], PERIOD).team is None


@given(
    st.lists(st.floats(0, 1e7), min_size=1, max_size=30),
    st.floats(0, 1e9),
)
def test_equal_territories_get_equal_quotas_that_add_up_to_the_teams(potential, team):
    shares = share_quota(team, np.array(potential + potential[:1]))
    assert shares[0] == shares[-1]
    assert shares.sum() == pytest.approx(team, rel=1e-9, abs=1e-6)
    assert (shares >= 0).all()


@given(st.lists(st.floats(1, 1e6), min_size=2, max_size=10, unique=True), st.randoms())
def test_a_quota_does_not_depend_on_the_order_of_territories(potential, random):
    order = list(range(len(potential)))
    random.shuffle(order)
    straight = share_quota(1000.0, np.array(potential))
    shuffled = share_quota(1000.0, np.array([potential[at] for at in order]))
    assert shuffled == pytest.approx(straight[order])


def test_the_odds_of_a_quota_by_hand():
    # Four windows of mean 100 and standard deviation 20 (squares 900+100+100+900 over 3
    # make 666.67; its root is 25.82): even odds of the mean itself.
    history = np.array([70.0, 90.0, 110.0, 130.0])
    assert attainment_probability(history, 100.0) == pytest.approx(0.5)
    # One predictive spread is 25.82 x sqrt(1.25) = 28.87; Student's t with 3 degrees of
    # freedom stays below 1 with probability 0.8045.
    assert attainment_probability(history, 128.867513) == pytest.approx(1 - 0.8045, abs=1e-4)
    assert attainment_probability(history[:3], 100.0) is None
    assert attainment_probability(np.full(8, 50.0), 50.0) == 1.0
    assert attainment_probability(np.full(8, 50.0), 51.0) == 0.0


@given(
    st.lists(st.floats(0, 1e6), min_size=4, max_size=8),
    st.floats(0, 1e6),
    st.floats(0, 1e6),
)
def test_a_higher_quota_is_never_likelier(history, one, other):
    low, high = sorted((one, other))
    values = np.array(history)
    assert attainment_probability(values, low) >= attainment_probability(values, high)


def test_past_windows_are_whole_and_end_on_the_books_date():
    # 30-day windows: today is in window 0, 30 days ago in window 1; 100 days make 3 of them.
    days = [(0, 5.0), (29, 1.0), (30, 7.0), (99, 100.0)]
    book = make_book(
        orders=[sold("A", "ana", amount, AS_OF - timedelta(days=ago)) for ago, amount in days]
    )
    assert spend_by_window(book, 30).loc["A"].tolist() == [6.0, 7.0, 0.0]


# ---------------------------------------------------------------- two groups


def reached(*values):
    return {f"r{number:02d}": value for number, value in enumerate(values)}


def test_the_coefficient_by_hand():
    # Two points: skewness 0 and kurtosis 1, so (0 + 1) / 1.
    assert coefficient(np.array([0.0, 0.0, 1.0, 1.0])) == pytest.approx(1.0)
    # -1, 0, 1: second moment 2/3, fourth 2/3, kurtosis (2/3) / (4/9) = 1.5.
    assert coefficient(np.array([-1.0, 0.0, 1.0])) == pytest.approx(1 / 1.5)
    assert coefficient(np.full(7, 0.1)) is None


def test_five_reps_are_too_few_to_tell():
    told = bimodality(reached(0.5, 0.5, 0.5, 1.5, 1.5), {}, {})
    assert told.verdict == "too few reps to tell"
    assert "5 reps" in told.told


def test_two_groups_that_go_with_potential_are_a_territory_problem():
    attainment = reached(0.62, 0.6, 0.58, 0.64, 1.3, 1.28, 1.34, 1.31)
    rich = {rep: 3.0 if value > 1 else 1.0 for rep, value in attainment.items()}
    told = bimodality(attainment, rich, dict.fromkeys(attainment, 1.0))
    assert told.verdict == "two groups"
    assert (set(told.low), set(told.high)) == (
        {"r00", "r01", "r02", "r03"},
        {"r04", "r05", "r06", "r07"},
    )
    assert (told.territory_problem, told.cause) == (True, "potential")
    assert "territory problem, not one of talent" in told.told


def test_two_groups_may_go_with_too_much_work_or_with_nothing_of_the_territory():
    attainment = reached(0.62, 0.6, 0.58, 0.64, 1.3, 1.28, 1.34, 1.31)
    same = dict.fromkeys(attainment, 1.0)
    overworked = {rep: 1.4 if value < 1 else 0.9 for rep, value in attainment.items()}
    assert bimodality(attainment, same, overworked).cause == "workload"
    told = bimodality(attainment, same, same)
    assert (told.verdict, told.territory_problem, told.cause) == ("two groups", False, None)
    assert "no territory problem" in told.told


def test_one_outlier_is_no_second_group():
    # The coefficient of a lone outlier is 1 as well.
    assert coefficient(np.array([1.0] * 9 + [3.0])) == pytest.approx(1.0)
    assert bimodality(reached(*[1.0] * 9, 3.0), {}, {}).verdict == "one group"


def test_of_normal_teams_at_most_one_in_twenty_is_called_two_groups():
    draws = np.random.default_rng(5).normal(1.0, 0.2, (400, 10))
    found = [bimodality(reached(*row), {}, {}).verdict == "two groups" for row in draws]
    assert np.mean(found) <= 0.06


@pytest.mark.parametrize("reps", [6, 10, 20])
def test_teams_of_two_kinds_are_mostly_found(reps):
    random = np.random.default_rng(6)
    half = reps // 2
    found = 0
    for _ in range(60):
        values = np.append(random.normal(0.6, 0.06, half), random.normal(1.3, 0.06, reps - half))
        found += bimodality(reached(*values), {}, {}).verdict == "two groups"
    assert found >= 48


def test_the_limit_falls_with_the_number_of_reps():
    limits = [normal_limit(reps) for reps in (6, 10, 30)]
    assert limits == sorted(limits, reverse=True)


# ---------------------------------------------------------------- spreads and flags


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=20), st.floats(0.1, 10))
def test_a_coefficient_of_variation_does_not_depend_on_the_currency(values, rate):
    one, other = Spread.of(values), Spread.of([value * rate for value in values])
    assert other.variation == pytest.approx(one.variation, abs=1e-9)


def flagged(coverage, reps, tiers=None):
    table = pd.DataFrame(
        [(name.title(), *row) for name, row in reps.items()],
        index=list(reps),
        columns=["name", "potential", "accounts", "quota"],
    )
    return balance_flags(table, pd.DataFrame(tiers or {}).T, coverage)


def test_a_threefold_gap_under_equal_quotas_is_flagged_and_less_is_not(coverage):
    (flag,) = flagged(coverage, {"ana": (30.0, 10, 100.0), "bo": (10.0, 10, 95.0)})
    assert (flag.kind, flag.reps) == ("potential_gap", ("ana", "bo"))
    assert "3.0 times the potential of Bo, under equal quotas" in flag.told
    assert flagged(coverage, {"ana": (29.9, 10, 100.0), "bo": (10.0, 10, 100.0)}) == []
    # A quota that follows potential makes up for it.
    assert flagged(coverage, {"ana": (30.0, 10, 300.0), "bo": (10.0, 10, 100.0)}) == []


def test_without_any_quota_a_gap_counts_as_under_equal_ones(coverage):
    (flag,) = flagged(coverage, {"ana": (40.0, 10, np.nan), "bo": (10.0, 10, np.nan)})
    assert "without quotas" in flag.told
    assert flagged(coverage, {"ana": (40.0, 10, np.nan), "bo": (10.0, 10, 5.0)}) == []
    (none,) = flagged(coverage, {"ana": (40.0, 10, np.nan), "bo": (0.0, 10, np.nan)})
    assert none.told.startswith("Bo has no potential and Ana has some")


def test_250_accounts_against_90_are_flagged_and_249_are_not(coverage):
    (flag,) = flagged(coverage, {"ana": (1.0, 250, 1.0), "bo": (1.0, 90, 1.0)})
    assert (flag.kind, flag.reps) == ("book_sizes", ("ana", "bo"))
    assert flagged(coverage, {"ana": (1.0, 249, 1.0), "bo": (1.0, 90, 1.0)}) == []
    (empty,) = flagged(coverage, {"ana": (1.0, 1, 1.0), "bo": (1.0, 0, 1.0)})
    assert empty.kind == "book_sizes"


@pytest.mark.parametrize(
    ("counts", "kinds"),
    [
        ({"strategic": 7}, ["strategic_book"]),
        ({"strategic": 8}, []),
        ({"strategic": 15}, []),
        ({"strategic": 16}, ["strategic_book"]),
        ({"tier_3": 149}, ["transactional_book"]),
        ({"tier_3": 150}, []),
        ({"tier_2": 60, "tier_3": 60}, []),  # mixed: no band applies
    ],
)
def test_books_outside_the_bands_of_their_kind_are_flagged(coverage, counts, kinds):
    total = sum(counts.values())
    found = flagged(coverage, {"ana": (1.0, total, 1.0)}, {"ana": counts})
    assert [flag.kind for flag in found] == kinds
