from __future__ import annotations

import csv
import gzip
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.importer import import_book
from crm.problems import BookFileInvalid
from domain.book import Book
from domain.tables import TABLES

Change = Callable[[Path, str, str], None]
Write = Callable[..., Path]


def codes(book: Book) -> set[str]:
    return {finding.code for finding in book.quality.findings}


def test_an_export_becomes_a_book_with_every_table_typed_and_sorted(export: Path) -> None:
    book = import_book(export)

    assert (book.as_of, book.currency) == (date(2026, 3, 31), "USD")
    assert list(book.tables) == [table.name for table in TABLES]
    assert list(book["accounts"]["account_id"]) == ["A-1", "A-2", "A-3"]
    assert book.owners == {"A-1": "R-1", "A-2": "R-2", "A-3": None}
    assert book["orders"]["amount"].tolist() == [200.0, 100.0]
    assert book["orders"]["ordered"].tolist() == [
        pd.Timestamp(2026, 2, 2),
        pd.Timestamp(2026, 3, 2),
    ]
    assert book["contacts"].empty
    dtypes = {"id": "str", "text": "str", "category": "str", "money": "float64"}
    dtypes |= {"number": "float64", "integer": "Int64", "date": "datetime64[us]"}
    for table in TABLES:
        for column in table.columns:
            assert str(book[table.name][column.name].dtype) == dtypes[column.type]


def test_sources_name_the_files_and_what_the_book_file_says(export: Path) -> None:
    sources = import_book(export).sources

    assert sources["orders"] == "OrderItem.csv"
    assert (sources["crm"], sources["name"]) == ("salesforce", "Three accounts")


def test_importing_twice_gives_the_same_book(export: Path) -> None:
    first, second = import_book(export), import_book(export)

    assert first.book_id == second.book_id
    assert first.book_id.startswith("bk_")
    assert len(first.book_id) == 3 + 24
    assert first.quality == second.quality


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_the_order_of_rows_and_columns_does_not_change_the_book(
    export: Path, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as other:
        for path in export.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as stream:
                header, *rows = csv.reader(stream)
            places = data.draw(st.permutations(range(len(header))))
            shuffled = [header, *data.draw(st.permutations(rows))]
            with (Path(other) / path.name).open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows([[row[i] for i in places] for row in shuffled])
        (Path(other) / "book.toml").write_bytes((export / "book.toml").read_bytes())

        assert import_book(Path(other)).book_id == import_book(export).book_id


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cents=st.integers(min_value=-(10**9), max_value=10**9))
def test_another_amount_is_another_book(export: Path, cents: int) -> None:
    before = import_book(export).book_id
    path = export / "OrderItem.csv"
    original = path.read_text(encoding="utf-8")
    try:
        path.write_text(original.replace("200.00", f"{cents / 100:.2f}"), encoding="utf-8")
        assert (import_book(export).book_id == before) == (cents == 20_000)
    finally:
        path.write_text(original, encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("Account.csv", "Boise", "Nampa"),
        ("Account.csv", "A-3,Cedar Tools,,", "A-3,Cedar Tools,R-2,"),
        ("User.csv", "Ana Ruiz", "Ana Ruíz"),
        ("OrderItem.csv", "2026-03-02", "2026-03-03"),
        ("OrderItem.csv", "O-2,A-2", "O-2,A-9"),
        ("book.toml", "2026-03-31", "2026-04-01"),
        ("book.toml", "USD", "EUR"),
    ],
)
def test_one_changed_cell_changes_the_book(
    export: Path, change: Change, file: str, old: str, new: str
) -> None:
    before = import_book(export).book_id

    change(export / file, old, new)

    assert import_book(export).book_id != before


def test_the_way_a_file_is_written_does_not_change_the_book(export: Path, write: Write) -> None:
    before = import_book(export).book_id
    orders = (export / "OrderItem.csv").read_bytes()
    (export / "OrderItem.csv").unlink()
    (export / "orders.csv.gz").write_bytes(gzip.compress(orders))
    users = (export / "User.csv").read_text(encoding="utf-8")
    (export / "User.csv").write_bytes(b"\xef\xbb\xbf" + users.replace(",", ";").encode())
    accounts = (export / "Account.csv").read_text(encoding="utf-8")
    accounts = accounts.replace("2026-03-01", "2026-03-01T08:15:00.000+0000")
    (export / "Account.csv").write_text(accounts.replace("\n", "\r\n"), encoding="utf-8")

    assert import_book(export).book_id == before


def test_our_own_names_are_read_as_well_as_salesforce_names(export: Path, change: Change) -> None:
    before = import_book(export).book_id
    change(export / "Account.csv", "Id,Name,OwnerId,Industry", "account_id,NAME,owner_id,industry")
    (export / "Account.csv").rename(export / "accounts.csv")

    assert import_book(export).book_id == before


def test_one_table_may_come_in_several_files(export: Path, write: Write, tmp_path: Path) -> None:
    before = import_book(export).book_id
    with (export / "OrderItem.csv").open(encoding="utf-8", newline="") as stream:
        header, first, second = csv.reader(stream)
    write(export / "OrderItem.csv", [header, second])
    write(export / "older.csv", [header, first])
    mapping = tmp_path / "map.toml"
    mapping.write_text('[files]\n"older.csv" = "orders"\n', encoding="utf-8")

    book = import_book(export, mapping=mapping)

    assert book.book_id == before
    assert book.sources["orders"] == "OrderItem.csv, older.csv"


def test_na_is_a_name_and_only_an_empty_cell_is_blank(export: Path, write: Write) -> None:
    write(
        export / "Territory2.csv",
        [
            ("Id", "Name", "Country__c", "Group__c"),
            ("T-11", "NA", "NA", ""),
            ("T-1", "null", "", "nan"),
        ],
    )

    territories = import_book(export)["territories"].set_index("territory_id")

    assert territories.loc["T-11", "name"] == "NA"
    assert territories.loc["T-11", "country"] == "NA"
    assert pd.isna(territories.loc["T-11", "group"])
    assert territories.loc["T-1", ["name", "group"]].tolist() == ["null", "nan"]


def test_the_text_of_a_document_is_kept_as_it_stands(export: Path, write: Write) -> None:
    text = "  First line\r\nsecond, with \u200b and “quotes”  "
    write(
        export / "Document__c.csv",
        [
            ("Id", "Account__c", "Kind__c", "Title", "Author_Class__c", "Text__c"),
            ("D-1", "A-1", "note", " A title ", "internal", text),
        ],
    )

    book = import_book(export)

    assert book["documents"].loc[0, ["title", "text"]].tolist() == ["A title", text]
    assert "hidden_characters" in codes(book)


def test_without_a_date_the_newest_order_dates_the_book_and_a_notice_says_so(export: Path) -> None:
    (export / "book.toml").unlink()

    book = import_book(export)

    assert book.as_of == date(2026, 3, 2)
    assert {"as_of_assumed", "currency_assumed"} <= codes(book)


def test_a_date_given_holds_where_the_book_file_has_none(export: Path, change: Change) -> None:
    change(export / "book.toml", "as_of = 2026-03-31\n", "")

    assert import_book(export, as_of=date(2026, 5, 1)).as_of == date(2026, 5, 1)


def test_the_book_file_wins_over_a_date_given_and_a_notice_says_so(export: Path) -> None:
    book = import_book(export, as_of=date(2026, 5, 1))

    assert book.as_of == date(2026, 3, 31)
    assert "as_of_not_used" in codes(book)


def test_an_export_without_any_date_is_refused(export: Path) -> None:
    (export / "book.toml").unlink()
    (export / "OrderItem.csv").unlink()

    with pytest.raises(BookFileInvalid, match="The export has no date") as error:
        import_book(export)
    assert "as_of = 2026-11-14" in error.value.hint


def test_what_the_export_leaves_out_is_told_apart_from_blank(export: Path) -> None:
    findings = {
        (finding.code, finding.table): finding for finding in import_book(export).quality.findings
    }

    assert findings["not_queried", "contacts"].state == "not_queried"
    assert "The export has no contacts." in findings["not_queried", "contacts"].message
    assert "parent_id" in findings["not_queried", "accounts"].message
    assert findings["unowned_prospect", "accounts"].state == "blank"


def test_files_and_columns_that_are_not_read_are_named(export: Path, change: Change) -> None:
    (export / "Campaign.csv").write_text("Id\n1\n", encoding="utf-8")
    change(export / "User.csv", "Id,Name,", "Id,Name,Phone,")
    change(export / "User.csv", "Ana Ruiz,", "Ana Ruiz,555,")
    change(export / "User.csv", "Bo Lund,", "Bo Lund,555,")

    findings = import_book(export).quality.findings

    messages = {finding.code: finding.message for finding in findings}
    assert messages["file_not_read"] == "Campaign.csv is no table that Cadastre knows."
    assert messages["columns_ignored"] == "User.csv: Phone not read."


def test_nothing_is_written_into_the_folder(export: Path) -> None:
    before = {path.name: path.read_bytes() for path in export.iterdir()}

    import_book(export)

    assert {path.name: path.read_bytes() for path in export.iterdir()} == before
