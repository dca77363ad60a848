from __future__ import annotations

from datetime import date

from tools.analyses import analyse

AS_OF = date(2026, 11, 13)


def rep_rows(*names: str) -> list[dict]:
    return [{"rep_id": name} for name in names]


def accounts(*owners: str | None, **columns) -> list[dict]:
    return [
        {"account_id": f"A-{n}", "owner_id": owner, "industry": "retail", **columns}
        for n, owner in enumerate(owners)
    ]


def test_fewer_than_three_reps_need_no_balancing(tiny_book, coverage):
    book = tiny_book(accounts=accounts("ana", "bo", None), reps=rep_rows("ana", "bo", "cy"))
    assert analyse(book, coverage).fit.wrong_tool == (
        "Only 2 reps own accounts: with fewer than 3 there is nothing to balance. "
        "Use account plans alone.",
    )


def test_territories_fixed_by_geography_leave_no_freedom(tiny_book, coverage):
    rows = accounts("ana", "bo", "cy", None)
    for row, territory in zip(rows, ("T-1", "T-2", "T-3", "T-1"), strict=True):
        row["territory_id"] = territory
    book = tiny_book(accounts=rows, reps=rep_rows("ana", "bo", "cy"))
    (reason,) = analyse(book, coverage).fit.wrong_tool
    assert reason.startswith("Every territory has one rep and every rep one territory")


def test_a_market_that_is_known_and_worked_needs_no_ranking(tiny_book, coverage):
    book = tiny_book(
        accounts=accounts("ana", "bo", "cy"),
        reps=rep_rows("ana", "bo", "cy"),
        activities=[{"account_id": f"A-{n}", "occurred": date(2026, 10, 1)} for n in range(3)],
    )
    (reason,) = analyse(book, coverage).fit.wrong_tool
    assert reason.startswith("Every account has an owner and was touched")


def test_a_book_with_freedom_has_nothing_against_it(shop_book, coverage):
    assert analyse(shop_book, coverage).fit.wrong_tool == ()


def test_an_empty_book_is_ad_hoc_and_says_what_comes_first(tiny_book, coverage):
    result = analyse(tiny_book(), coverage).fit
    assert result.maturity == "AD HOC"
    assert result.wrong_tool == ("The book holds no account.",)
    assert result.next_step == "Give every account that buys one primary owner."


def test_owners_and_descriptions_without_quotas_are_basic(tiny_book, coverage):
    book = tiny_book(
        accounts=accounts("ana", "bo", "cy"),
        reps=rep_rows("ana", "bo", "cy"),
        orders=[{"account_id": "A-0", "ordered": AS_OF, "amount": 1.0}],
    )
    result = analyse(book, coverage).fit
    assert result.maturity == "BASIC"
    assert result.next_step.startswith("Set a quota for every rep and period")


def test_quotas_deals_touches_hours_and_signals_are_strategic(tiny_book, coverage):
    # Seven accounts of 100,000 a year in two orders 92 days apart: all of Tier 1, all touched.
    owners = ("ana", "bo", "cy") * 2 + ("ana",)
    names = [f"A-{n}" for n in range(7)]
    book = tiny_book(
        accounts=accounts(*owners),
        reps=rep_rows("ana", "bo", "cy"),
        orders=[
            {"account_id": name, "ordered": date(2026, month, 1), "amount": 50000.0}
            for name in names
            for month in (5, 8)
        ],
        activities=[{"account_id": name, "occurred": date(2026, 10, 1)} for name in names],
        quotas=[
            {"rep_id": rep, "starts": date(2026, 10, 1), "ends": date(2026, 12, 31), "amount": 1.0}
            for rep in ("ana", "bo", "cy")
        ],
        opportunities=[{"account_id": "A-0", "stage": "proposal"}],
        intent_signals=[{"account_id": "A-0", "strength": 1, "observed": AS_OF}],
    )
    result = analyse(book, coverage).fit
    assert result.maturity == "STRATEGIC"
    assert result.next_step == ""
