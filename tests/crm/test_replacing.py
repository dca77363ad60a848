"""One file replaces one table of a book, and everything else stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from crm.importer import import_book, replace_table
from crm.problems import FilesMissing, FolderUnusable, TableUnknown
from domain.tables import TABLES

Change = Callable[[Path, str, str], None]
Write = Callable[..., Path]


@pytest.mark.parametrize("file", ["Account.csv", "User.csv", "Product2.csv", "OrderItem.csv"])
def test_the_same_file_again_gives_the_same_book(export: Path, file: str) -> None:
    book = import_book(export)

    again = replace_table(book, export / file)

    assert again.book_id == book.book_id
    for table in TABLES:
        pd.testing.assert_frame_equal(again[table.name], book[table.name])


def test_one_table_is_replaced_and_the_others_stay(export: Path, change: Change) -> None:
    book = import_book(export)
    change(export / "OrderItem.csv", "200.00", "250.00")
    change(export / "Account.csv", "Boise", "Nampa")

    newer = replace_table(book, export / "OrderItem.csv")

    assert newer["orders"]["amount"].tolist() == [250.0, 100.0]
    assert newer["accounts"]["city"].tolist() == book["accounts"]["city"].tolist()
    assert (newer.as_of, newer.currency) == (book.as_of, book.currency)
    assert newer.book_id != book.book_id
    assert book["orders"]["amount"].tolist() == [200.0, 100.0]
    (told,) = [f for f in newer.quality.findings if f.code == "table_replaced"]
    assert told.message == (
        "OrderItem.csv took the place of the orders of OrderItem.csv: 2 rows, before 2."
    )


def test_the_new_book_is_that_of_the_folder_with_the_new_file(export: Path, change: Change) -> None:
    book = import_book(export)
    change(export / "OrderItem.csv", "200.00", "250.00")

    assert replace_table(book, export / "OrderItem.csv").book_id == import_book(export).book_id


def test_a_date_given_dates_the_new_book(export: Path) -> None:
    newer = replace_table(import_book(export), export / "User.csv", as_of=date(2026, 5, 1))

    assert newer.as_of == date(2026, 5, 1)


def test_rows_that_name_what_the_new_table_lacks_are_set_aside_once(
    export: Path, write: Write
) -> None:
    book = import_book(export)
    accounts = [("Id", "Name", "OwnerId"), ("A-1", "Alder Foods", "R-1")]
    write(export / "Account.csv", accounts)

    newer = replace_table(book, export / "Account.csv")
    again = replace_table(newer, export / "Account.csv")

    assert newer["orders"]["order_line_id"].tolist() == ["L-1"]
    (orphan,) = [f for f in newer.quality.findings if f.code == "orphan"]
    assert orphan.rows == ("L-2",)
    assert again.book_id == newer.book_id
    assert orphan in again.quality.findings


def test_users_known_to_be_inactive_stay_so_when_accounts_are_replaced(
    export: Path, write: Write
) -> None:
    write(
        export / "User.csv",
        [("Id", "Name", "Function__c", "IsActive"), ("R-1", "Ana", "rep", "false"),
         ("R-2", "Bo", "rep", "true")],
    )  # fmt: skip
    book = import_book(export)

    again = replace_table(book, export / "Account.csv")

    assert again.book_id == book.book_id
    stale = [f for f in again.quality.findings if f.code == "stale_owner"]
    assert [f.rows for f in stale] == [("A-1",)]


def test_a_contradicted_product_is_told_once(export: Path, change: Change) -> None:
    change(export / "OrderItem.csv", "P-1", "P-9")
    book = import_book(export)

    again = replace_table(book, export / "User.csv")

    assert len([f for f in again.quality.findings if f.code == "orphan"]) == 1


def test_a_file_of_any_name_is_read_as_the_table_named(export: Path) -> None:
    book = import_book(export)
    (export / "User.csv").rename(export / "people of march.csv")

    with pytest.raises(TableUnknown, match="does not tell which table it holds") as error:
        replace_table(book, export / "people of march.csv")
    assert "--table" in error.value.hint

    assert replace_table(book, export / "people of march.csv", "reps").book_id == book.book_id


def test_an_order_file_beside_the_lines_is_read_with_them(export: Path, write: Write) -> None:
    book = import_book(export)
    write(
        export / "OrderItem.csv",
        [("Id", "OrderId", "Product2Id", "Quantity", "TotalPrice"),
         ("L-1", "O-1", "P-1", "4", "200"), ("L-2", "O-2", "P-1", "2", "100")],
    )  # fmt: skip
    write(
        export / "Order.csv",
        [("Id", "AccountId", "EffectiveDate", "OwnerId"), ("O-1", "A-1", "2026-02-02", "R-1"),
         ("O-2", "A-2", "2026-03-02", "R-2")],
    )  # fmt: skip

    assert replace_table(book, export / "OrderItem.csv").book_id == book.book_id
    with pytest.raises(TableUnknown, match="orders without their lines"):
        replace_table(book, export / "Order.csv")


def test_an_unknown_table_a_missing_file_and_an_empty_one_are_told(export: Path) -> None:
    book = import_book(export)

    with pytest.raises(TableUnknown, match="There is no table 'customers'") as error:
        replace_table(book, export / "Account.csv", "customers")
    assert "accounts, contacts, reps" in error.value.hint
    with pytest.raises(FolderUnusable, match=r"There is no file .*nowhere\.csv"):
        replace_table(book, export / "nowhere.csv")
    with pytest.raises(FolderUnusable, match=r"book\.toml is no \.csv"):
        replace_table(book, export / "book.toml", "reps")
    (export / "User.csv").write_text("Id,Name,Function__c\n", encoding="utf-8")
    with pytest.raises(FilesMissing, match="has a header and no rows"):
        replace_table(book, export / "User.csv")


def test_half_of_the_activities_in_place_of_all_is_a_warning(export: Path, write: Write) -> None:
    task = ("Id", "AccountId", "TaskSubtype", "ActivityDate")
    event = ("Id", "AccountId", "StartDateTime")
    write(export / "Task.csv", [task, ("T-1", "A-1", "Call", "2026-03-01")])
    write(export / "Event.csv", [event, ("E-1", "A-1", "2026-03-02T09:00:00Z")])
    book = import_book(export)

    newer = replace_table(book, export / "Task.csv")

    assert newer["activities"]["activity_id"].tolist() == ["T-1"]
    (told,) = [f for f in newer.quality.findings if f.code == "table_replaced"]
    assert told.severity == "warning"
    assert "The rows of Event.csv are no longer in the book." in told.consequence
