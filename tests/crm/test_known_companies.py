from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from api.quality_scope import cut
from crm.importer import import_book, replace_table
from crm.known_companies import doubtful_companies
from domain.book import QualityFinding, frame
from domain.principal import Scope

ACCOUNTS = [
    {"account_id": "A-1", "name": "Alder Foods", "country": "US", "city": "Boise"},
    {"account_id": "A-2", "name": "Birch Paper Ltd", "country": "GB"},
]
HEADER = ("Id", "Name", "Parent_Account__c", "Country__c", "City__c", "Source__c", "Observed__c")


def found(*companies: Mapping[str, object]) -> dict[str, QualityFinding]:
    rows = [
        {"company_id": f"M-{n}", "source": "Register", "observed": "2026-01-01", **company}
        for n, company in enumerate(companies, start=1)
    ]
    tables = {
        "accounts": frame("accounts", ACCOUNTS),
        "market_companies": frame("market_companies", rows),
    }
    return {finding.code: finding for finding in doubtful_companies(tables)}


def test_a_company_with_an_accounts_name_in_its_city_is_that_account() -> None:
    finding = found({"name": "ALDER FOODS Inc.", "country": "US", "city": "boise"})

    (already,) = finding.values()
    assert already.code == "already_an_account"
    assert already.rows == ("A-1", "M-1")
    assert "1 company of the market data is an account already: M-1 is A-1." in already.message


def test_the_same_name_elsewhere_is_a_branch_and_another_number_another_shop() -> None:
    assert found({"name": "Alder Foods", "country": "US", "city": "Reno"}) == {}
    assert found({"name": "Alder Foods 2", "country": "US", "city": "Boise"}) == {}
    assert found({"name": "Alder Feeds of the West", "country": "US", "city": "Boise"}) == {}


def test_an_account_without_a_city_is_known_by_its_whole_name_and_country() -> None:
    named = {"name": "Birch Paper", "country": "GB", "city": "Leeds"}
    assert found(named)["already_an_account"].rows == ("A-2", "M-1")
    assert found({**named, "country": "FR"}) == {}
    assert found({**named, "name": "Birch Papers"}) == {}


def test_a_company_listed_twice_counts_where_it_stands_first() -> None:
    one = {"name": "Cedar Tools", "country": "US", "city": "Boise"}
    twice = found(one, {**one, "name": "Cedar Tools LLC"})["company_listed_twice"]
    assert twice.rows == ("M-2",)
    assert "M-2 is M-1" in twice.message


def test_a_company_without_source_or_date_counts_and_is_not_named() -> None:
    finding = found({"name": "Cedar Tools", "source": None}, {"name": "Elm", "observed": None})
    assert finding["company_without_source"].rows == ("M-1", "M-2")


def test_market_companies_come_in_like_any_other_table(export: Path, write) -> None:
    plain = import_book(export)
    write(export / "MarketCompany__c.csv", [
        HEADER,
        ("M-1", "Alder Foods Nampa", "A-1", "US", "Nampa", "Register", "2026-02-01"),
        ("M-2", "Nobody's", "A-9", "US", "Reno", "Register", "2026-02-01"),
        ("M-3", "Birch Paper", "", "US", "Reno", "Register", "2026-05-01"),
    ])  # fmt: skip
    book = import_book(export)

    assert book["market_companies"]["company_id"].tolist() == ["M-1", "M-2", "M-3"]
    # A parent that the export lacks is read as blank.
    assert book["market_companies"]["parent_account_id"].fillna("").tolist() == ["A-1", "", ""]
    codes = {(f.code, f.rows) for f in book.quality.findings if f.table == "market_companies"}
    assert {
        ("orphan", ("M-2",)), ("already_an_account", ("A-2", "M-3")), ("future_date", ("M-3",)),
    } <= codes  # fmt: skip
    assert book.book_id != plain.book_id
    again = replace_table(plain, export / "MarketCompany__c.csv")
    assert again.book_id == book.book_id


def test_a_book_without_market_companies_keeps_the_id_it_had_before_there_were_any(
    export: Path, write
) -> None:
    plain = import_book(export)
    write(export / "market_companies.csv", [HEADER])
    assert import_book(export).book_id == plain.book_id == "bk_672f61e550ee90b6766345f1"


def test_a_rep_reads_of_the_companies_of_their_accounts_alone(export: Path, write) -> None:
    write(export / "MarketCompany__c.csv", [
        HEADER,
        ("M-1", "Alder Foods Nampa", "A-1", "US", "Nampa", "", ""),
        ("M-2", "Birch Paper Sparks", "A-2", "US", "Sparks", "", ""),
        ("M-3", "Free Company", "", "US", "Sparks", "", ""),
        ("M-4", "Birch Paper", "A-1", "US", "Reno", "Register", "2026-02-01"),
    ])  # fmt: skip
    book = import_book(export)
    mine = cut(book, Scope(reps=frozenset({"R-1"})))

    told = {finding.code: finding for finding in mine.findings}
    assert mine.rows_by_table["market_companies"] == 2
    assert told["company_without_source"].rows == ("M-1",)
    # That M-4 is an account of somebody else is not for this rep to read.
    assert told["already_an_account"].rows == ("M-4",)
    assert "A-2" not in told["already_an_account"].message + told["already_an_account"].consequence
    assert isinstance(book["market_companies"], pd.DataFrame)
