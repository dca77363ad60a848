"""Who is in a design, and what each account is worth and takes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from crm.importer import import_book
from domain.book import Book
from domain.coverage import CoverageModel, parse_coverage
from domain.errors import InvalidInput
from tests.tools.conftest import make_book
from tests.tools.territory.tiny_inputs import with_rules
from tools.analyses import Analyses, analyse
from tools.balance.problem import judge
from tools.territory.build import build_case
from tools.territory.inputs import Inputs, read_inputs

EXAMPLE = Path(__file__).parents[3] / "examples" / "adventureworks"


def small_book() -> Book:
    """North has Ann, Bo who left, and Max their manager; South has Cy; Eve starts next year."""
    groups = {"a": "North", "b": "North", "m": "North", "n": "North", "c": "South", "s": "South"}
    owners = {"a": "ann", "b": "bo", "m": "max", "c": "cy", "e": "eve", "x": "ghost"}
    accounts = [
        {
            "account_id": account,
            "owner_id": owners.get(account),
            "territory_id": f"T-{groups.get(account, 'North')}",
            "latitude": None if account == "n" else 52.0,
            "longitude": 13.0,
        }
        for account in ("a", "b", "c", "e", "m", "n", "s", "x")
    ]
    return make_book(
        accounts=accounts,
        reps=[
            {"rep_id": "ann", "team": "North", "languages": "English; French", "segments": ""},
            {"rep_id": "bo", "team": "North", "active_to": date(2026, 10, 31)},
            {"rep_id": "max", "team": "North", "function": "manager"},
            {"rep_id": "cy", "team": "South"},
            {"rep_id": "eve", "team": "North", "active_from": date(2027, 3, 1)},
        ],
        territories=[
            {"territory_id": f"T-{name}", "name": name, "group": name}
            for name in ("North", "South")
        ],
        orders=[
            {"account_id": "a", "rep_id": "cy", "ordered": date(2022, 1, 1), "amount": 5.0},
            {"account_id": "a", "rep_id": "ann", "ordered": date(2025, 11, 13), "amount": 80.0},
        ],
        activities=[{"account_id": "a", "rep_id": "ann", "occurred": date(2025, 5, 15)}],
        quotas=[
            {
                "rep_id": "ann",
                "starts": date(2026, 11, 1),
                "ends": date(2026, 11, 30),
                "amount": 300.0,
            }
        ],
    )


def read(book: Book, coverage: CoverageModel, team: str | None = None) -> Inputs:
    return read_inputs(book, analyse(book, coverage), coverage, team=team)


def test_a_team_has_its_reps_accounts_its_leavers_and_its_unowned_ones(
    coverage: CoverageModel,
) -> None:
    inputs = read(small_book(), coverage, "North")
    assert list(inputs.reps.index) == ["ann"]
    # x belongs to nobody who exists, n to nobody: both lie in the north.
    assert list(inputs.accounts.index) == ["a", "b", "n", "x"]
    known = inputs.accounts["owner_known"]
    assert list(known.index[known]) == ["a"]
    assert "Name of bo leaves or left on 2026-10-31: 1 account of theirs" in inputs.notes[0]
    assert "1 account with an owner who is not among the reps" in inputs.notes[1]
    assert "1 account with no coordinates" in inputs.notes[2]


def test_accounts_of_those_who_are_no_reps_stay_with_the_reason(coverage: CoverageModel) -> None:
    stays = {item.account_id: item for item in read(small_book(), coverage, "North").unplaced}
    assert set(stays) == {"m", "e"}
    assert stays["m"].reason == "Name of max owns it and is no rep (manager); it stays as it is."
    assert "starts after the period ends" in stays["e"].reason
    assert stays["m"].owner_id == "max"


def test_without_a_team_every_account_is_in_or_told(coverage: CoverageModel) -> None:
    book = small_book()
    inputs = read(book, coverage)
    assert list(inputs.reps.index) == ["ann", "cy"]
    told = {item.account_id for item in inputs.unplaced}
    assert set(inputs.accounts.index) | told == set(book["accounts"]["account_id"])
    assert not set(inputs.accounts.index) & told


def test_a_team_that_nobody_is_in_is_refused(coverage: CoverageModel) -> None:
    with pytest.raises(InvalidInput, match="no team 'West'") as caught:
        read(small_book(), coverage, "West")
    assert caught.value.hint == "Its teams are: North, South."


def test_a_relationship_counts_from_the_present_owners_first_order_or_touch(
    coverage: CoverageModel,
) -> None:
    account = read(small_book(), coverage, "North").accounts.loc["a"]
    # Ann's touch of 15 May 2025 is 547 days before the book; Cy's order of 2022 is not hers.
    assert account["relationship_years"] == pytest.approx(547 / 365.25)
    # Her order of 13 Nov 2025 is 365 days old, one day before the 12 months: no revenue.
    assert account["revenue"] == 0.0
    assert account["relationship"] == pytest.approx(547 / 365.25 / 3 * 0.05 * account["potential"])


def test_a_rep_has_hours_quota_groups_and_lists(coverage: CoverageModel) -> None:
    ann = read(small_book(), coverage, "North").reps.loc["ann"]
    # 13 weeks less Sunday 14 Feb: 65 working days of 24/5 hours.
    assert ann["selling_hours"] == pytest.approx(65 * 24 / 5)
    # 10 a day on the 15 days that the quota covers, for 90 days.
    assert ann["quota"] == pytest.approx(900.0)
    assert (ann["groups"], ann["languages"], ann["segments"]) == (
        ("North",), ("English", "French"), (),
    )  # fmt: skip
    assert ann["ramp"] == 1.0


def test_a_few_strays_do_not_give_a_team_a_continent(coverage: CoverageModel) -> None:
    accounts = [
        {"account_id": f"n{number:02d}", "owner_id": "ann", "territory_id": "T-N"}
        for number in range(19)
    ]
    accounts += [
        {"account_id": "s1", "owner_id": "bo", "territory_id": "T-S"},
        {"account_id": "free", "territory_id": "T-S"},
    ]
    book = make_book(
        accounts=accounts,
        reps=[{"rep_id": rep, "team": "One"} for rep in ("ann", "bo")],
        territories=[
            {"territory_id": "T-N", "name": "N", "group": "North"},
            {"territory_id": "T-S", "name": "S", "group": "South"},
        ],
    )
    # One of twenty is 5 %, under the 10 % that make a group the team's.
    inputs = read(book, coverage, "One")
    assert "free" not in inputs.accounts.index
    assert inputs.reps["groups"].to_dict() == {"ann": ("North",), "bo": ("North", "South")}
    wider = read(book, with_rules(coverage, team_group_share=0.05), "One")
    assert "free" in wider.accounts.index


# ---------------------------------------------------------------- the example book


@pytest.fixture(scope="module")
def example() -> tuple[Book, CoverageModel, Analyses]:
    book = import_book(EXAMPLE)
    coverage = parse_coverage((EXAMPLE / "coverage.toml").read_text(encoding="utf-8"))
    return book, coverage, analyse(book, coverage)


@pytest.mark.parametrize("team", ["North America", "Europe", "Pacific", None])
def test_every_account_of_the_example_is_in_the_problem_or_unplaced(example, team) -> None:
    book, coverage, analyses = example
    inputs = read_inputs(book, analyses, coverage, team=team)
    case = build_case(inputs, coverage)
    accounts = book["accounts"].set_index("account_id")
    teams = book["reps"].set_index("rep_id")["team"]
    groups = book["territories"].set_index("territory_id")["group"]
    of_team = accounts["owner_id"].map(teams) == team
    # The example's teams are called like the groups of territories they work.
    free = accounts["owner_id"].isna() & (accounts["territory_id"].map(groups) == team)
    wanted = set(accounts.index if team is None else accounts.index[of_team | free])

    placed = [account for members in case.members for account in members]
    told = [item.account_id for item in case.unplaced]
    assert len(placed + told) == len(set(placed + told)) == len(wanted)
    assert set(placed + told) == wanted
    assert placed == list(case.accounts.index)
    assert all(item.reason and item.remedy for item in case.unplaced)


def test_the_order_of_rows_of_the_book_changes_nothing(example) -> None:
    book, coverage, _ = example
    shuffled = Book(
        book.book_id, book.as_of, book.currency,
        {name: table.sample(frac=1, random_state=7) for name, table in book.tables.items()},
        book.quality,
    )  # fmt: skip
    one, two = (
        build_case(read_inputs(some, analyse(some, coverage), coverage, team="Europe"), coverage)
        for some in (book, shuffled)
    )
    pd.testing.assert_frame_equal(one.accounts, two.accounts)
    for name in ("hours", "potential", "travel", "disruption", "capacity", "potential_target"):
        assert getattr(one.problem, name).tolist() == getattr(two.problem, name).tolist()
    assert one.unplaced == two.unplaced


def test_the_example_team_fits_its_hours_and_has_some_freedom(example) -> None:
    book, coverage, analyses = example
    for team in ("North America", "Europe"):
        problem = build_case(read_inputs(book, analyses, coverage, team=team), coverage).problem
        least = sum(
            problem.needed[start:end].min()
            for start, end in zip(problem.first, problem.first[1:], strict=False)
        )
        assert 0.7 < least / problem.capacity.sum() < 0.95
        assert problem.pairs / problem.units > 1.4


def test_the_example_team_is_as_the_methodology_tells_it(example) -> None:
    book, coverage, analyses = example
    inputs = read_inputs(book, analyses, coverage, team="North America")
    problem = build_case(inputs, coverage).problem
    road = sum(
        problem.travel[start:end].min()
        for start, end in zip(problem.first, problem.first[1:], strict=False)
    )
    today = judge(problem, problem.present).needed / problem.capacity
    told = (problem.units, problem.reps, round(problem.hours.sum()), round(road))
    assert told == (528, 10, 2038, 583)
    assert round(problem.capacity.sum()) == 3093
    assert [round(share, 2) for share in (today.min(), today.max())] == [0.40, 1.56]
    assert (today > 1).sum() == 4


def test_a_book_kept_before_languages_were_known_still_reads(coverage: CoverageModel) -> None:
    book = small_book()
    tables = dict(book.tables)
    tables["accounts"] = tables["accounts"].drop(columns="language")
    tables["reps"] = tables["reps"].drop(columns=["languages", "segments", "industries"])
    old = Book(book.book_id, book.as_of, book.currency, tables, book.quality)
    inputs = read(old, coverage, "North")
    assert inputs.accounts["language"].isna().all()
    assert inputs.reps["languages"].to_dict() == {"ann": ()}
    assert build_case(inputs, coverage).problem.units == 4


def test_inputs_are_the_same_read_twice_and_leave_the_book_alone(coverage: CoverageModel) -> None:
    book = small_book()
    before = {name: table.copy() for name, table in book.tables.items()}
    pd.testing.assert_frame_equal(read(book, coverage).accounts, read(book, coverage).accounts)
    for name, table in before.items():
        pd.testing.assert_frame_equal(table, book[name])
    assert read(book, coverage).as_of + timedelta(days=3) == read(book, coverage).period.start
