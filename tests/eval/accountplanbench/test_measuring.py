"""Truths, worked out by hand on one account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from eval.accountplanbench.book import Book
from eval.accountplanbench.measuring import account_truths, rep_truths, truth
from eval.accountplanbench.periods import planning_week, quarter_of, quarter_week
from eval.accountplanbench.rows import Account, Contact, Deal, Leave, OrderLine, Quota, Rep
from eval.dataset import Dataset
from eval.measures import MEASURES

AS_OF = date(2027, 3, 5)  # a Friday


def line(number: int, order: str, day: date, amount: str, account: str = "A-1") -> OrderLine:
    return OrderLine(f"L-{number}", order, account, "R-1", "P-1", day, 1, Decimal(amount))


def deal(number: int, stage: str, amount: str | None, closes: date, account: str = "A-1") -> Deal:
    money = None if amount is None else Decimal(amount)
    return Deal(f"O-{number}", account, "R-1", f"Deal {number}", stage, money, None, closes)


def account(account_id: str, owner: str | None) -> Account:
    place = {"country": "DE", "region": "BY", "city": "Ulm", "time_zone": "Europe/Berlin"}
    return Account(
        account_id, f"Firm {account_id}", owner, "G-1", "Tools", "Small", 40,
        latitude=48.4, longitude=9.99, **place,
    )  # fmt: skip


def rep(rep_id: str, hours: int | None) -> Rep:
    return Rep(
        rep_id, f"Rep {rep_id}", "rep", "R-9", "Team", "Ulm", 48.4, 9.99, "Europe/Berlin",
        hours, None,
    )  # fmt: skip


@pytest.fixture
def book() -> Book:
    """The year ends on 5 Mar 2027 and begins on 6 Mar 2026; the one before on 6 Mar 2025."""
    return Book(
        "tiny", "Tiny", AS_OF, "EUR", "euros",
        accounts=[account("A-1", "R-1"), account("A-2", "R-1"), account("A-3", None)],
        reps=[rep("R-1", 20), rep("R-2", None)],
        orders=[
            line(1, "S-1", date(2025, 3, 5), "999.00"),  # a day before both years
            line(2, "S-2", date(2025, 3, 6), "40.00"),  # first day of the prior year
            line(3, "S-3", date(2026, 3, 5), "60.00"),  # its last
            line(4, "S-4", date(2026, 3, 6), "100.10"),  # first day of the year
            line(5, "S-4", date(2026, 3, 6), "20.00"),  # the same order
            line(6, "S-4", date(2026, 3, 20), "-15.00"),  # a return of it
            line(7, "S-5", date(2027, 1, 31), "44.90"),
            line(8, "S-6", date(2027, 3, 6), "777.00"),  # a day after the book
            line(9, "S-7", date(2027, 1, 1), "5.00", "A-2"),
            line(10, "S-8", date(2026, 12, 31), "6.00", "A-2"),  # the quarter before
        ],
        opportunities=[
            deal(1, "proposal", "9000", date(2027, 3, 31)),
            deal(2, "qualification", None, date(2027, 5, 1)),
            deal(3, "won", "500", date(2027, 2, 1)),
            deal(4, "prospecting", "2500", date(2027, 4, 1), "A-2"),
        ],
        contacts=[
            Contact("C-1", "A-1", "Ida Berg", "Buyer", None, None, None, None, date(2027, 1, 4)),
            Contact("C-2", "A-1", "Jon Falk", "Buyer", None, None, None, None, None),
        ],
        quotas=[
            Quota("Q-1", "R-1", date(2027, 1, 1), date(2027, 3, 31), Decimal(80000)),
            Quota("Q-2", "R-1", date(2027, 4, 1), date(2027, 6, 30), Decimal(90000)),
        ],
        leave=[
            Leave("V-1", "R-1", date(2027, 3, 1), date(2027, 3, 9), "Training"),
            Leave("V-2", "R-1", date(2027, 3, 20), date(2027, 3, 22), "Training"),
            Leave("V-3", "R-2", date(2027, 3, 15), date(2027, 3, 15), "Training"),
        ],
    )  # fmt: skip


def test_an_accounts_measures_are_those_worked_out_by_hand(book: Book) -> None:
    # Spend 100.10 + 20.00 - 15.00 + 44.90 = 150.00, the year before 40 + 60 = 100, so
    # 150 / 100 - 1 = 0.5. Orders S-4 and S-5. The last is of 31 January: 6 March is to come.
    # In hand are deal 1 and deal 2, which has no amount.
    found = {(t.entity, t.measure): t.value for t in account_truths(book, "A-1")}
    assert found == {
        ("account:A-1", "net_spend_12m"): "150",
        ("account:A-1", "net_spend_prior_12m"): "100",
        ("account:A-1", "spend_change"): "0.5",
        ("account:A-1", "orders_12m"): "2",
        ("account:A-1", "last_order"): "2027-01-31",
        ("account:A-1", "employees"): "40",
        ("account:A-1", "open_pipeline"): "9000",
        ("account:A-1", "open_deals"): "2",
        ("account:A-1/opportunity:O-1", "deal_amount"): "9000",
        ("account:A-1/opportunity:O-1", "deal_closes"): "2027-03-31",
        ("account:A-1/opportunity:O-2", "deal_closes"): "2027-05-01",
        ("account:A-1/contact:C-1", "last_contact"): "2027-01-04",
    }


def test_an_account_without_orders_has_no_change_and_no_last_order(book: Book) -> None:
    found = {t.measure: t.value for t in account_truths(book, "A-3")}
    assert found == {
        "net_spend_12m": "0",
        "net_spend_prior_12m": "0",
        "orders_12m": "0",
        "employees": "40",
        "open_pipeline": "0",
        "open_deals": "0",
    }


def test_a_reps_measures_are_those_worked_out_by_hand(book: Book) -> None:
    # Quarter January to March: lines 7 and 9 are 44.90 + 5.00. Deal 1 closes on its last day,
    # deal 4 a day later.
    found = {t.measure: t.value for t in rep_truths(book, "R-1", first_month=1)}
    assert found == {
        "accounts_owned": "2",
        "quota": "80000",
        "booked_quarter": "49.9",
        "pipeline_quarter": "9000",
    }


def test_the_order_of_rows_changes_no_truth(book: Book) -> None:
    before = account_truths(book, "A-1"), rep_truths(book, "R-1", 1)
    for seed in range(5):
        for rows in (book.orders, book.opportunities, book.contacts, book.quotas, book.accounts):
            Random(seed).shuffle(rows)
        after = account_truths(book, "A-1"), rep_truths(book, "R-1", 1)
        key = lambda item: (item.entity, item.measure)  # noqa: E731
        assert [sorted(part, key=key) for part in after] == [sorted(p, key=key) for p in before]


@pytest.mark.parametrize(
    ("measure", "value", "tolerance"),
    [
        ("net_spend_12m", "48213.55", "50"),  # 48.2K is right, 48K is not
        ("net_spend_12m", "-48213.55", "50"),
        ("net_spend_12m", "0", "0"),
        ("deal_amount", "103600", "500"),
        ("open_pipeline", "7.5", "0.005"),
        ("spend_change", "0.675909", "0.005"),  # 67.6 % and 68 % are right
        ("orders_12m", "12", "0"),
    ],
)
def test_money_may_be_told_to_three_digits(measure: str, value: str, tolerance: str) -> None:
    assert truth("account:A-1", measure, Decimal(value)).tolerance == Decimal(tolerance)


def test_every_truth_is_of_a_published_measure_and_its_entity(dataset: Dataset) -> None:
    of = {"account": "account", "opportunity": "opportunity", "contact": "contact", "rep": "rep"}
    measures = set()
    for key in dataset.keys.values():
        for item in key.truths:
            kind = item.entity.rsplit("/", 1)[-1].split(":")[0]
            assert MEASURES[item.measure].of == of[kind]
            assert MEASURES[item.measure].unit == item.unit
            measures.add(item.measure)
    assert measures == set(MEASURES)


def test_a_plan_runs_for_ninety_days_from_monday_without_leave(book: Book) -> None:
    # From Monday 8 March, 90 days: to Saturday 5 June, 13 weeks of five days less the Sunday:
    # 65 working days. Off are 8 and 9 March, and of 20 to 22 March the Monday: 62 are left, of
    # 20 / 5 = 4 hours each.
    week = planning_week(book, "R-1")
    assert (week.starts, week.ends) == (date(2027, 3, 8), date(2027, 6, 5))
    assert [day.day for day in week.days_off] == [8, 9, 20, 21, 22]
    assert week.hours_at_most == 248


def test_a_rep_without_hours_has_those_of_the_coverage_model(book: Book) -> None:
    # 64 working days of 24 / 5 hours: 15 March is off.
    assert planning_week(book, "R-2").hours_at_most == Decimal("307.2")


def test_a_quarter_is_planned_from_the_day_after_the_book(book: Book) -> None:
    week = quarter_week(book, "R-1", first_month=1)
    assert (week.starts, week.ends) == (date(2027, 3, 6), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("day", "first_month", "quarter"),
    [
        (date(2027, 3, 5), 1, (date(2027, 1, 1), date(2027, 3, 31))),
        (date(2027, 1, 31), 2, (date(2026, 11, 1), date(2027, 1, 31))),
        (date(2027, 12, 9), 2, (date(2027, 11, 1), date(2028, 1, 31))),
        (date(2028, 2, 29), 12, (date(2027, 12, 1), date(2028, 2, 29))),
    ],
)
def test_quarters_follow_the_companys_year(
    day: date, first_month: int, quarter: tuple[date, date]
) -> None:
    assert quarter_of(day, first_month) == quarter
