from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crm.importer import import_book
from crm.problems import (
    BookFileInvalid,
    CurrencyMixed,
    FilesMissing,
    FileUnreadable,
    FolderUnusable,
    ValuesInvalid,
)
from domain.errors import ColumnsMissing, ColumnsUnknown, DuplicateIds, InvalidInput

Change = Callable[[Path, str, str], None]
Write = Callable[..., Path]


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable, match=r"There is no folder .*nowhere"):
        import_book(tmp_path / "nowhere")


def test_a_file_in_place_of_the_folder_is_told(export: Path) -> None:
    with pytest.raises(FolderUnusable, match=r"Account\.csv is a file, not a folder"):
        import_book(export / "Account.csv")


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable, match=r"holds no \.csv or \.csv\.gz file") as error:
        import_book(tmp_path)
    assert "docs/importing.md" in error.value.hint


def test_a_missing_file_is_named_with_what_the_folder_holds(export: Path) -> None:
    (export / "Account.csv").rename(export / "our accounts.csv")

    with pytest.raises(FilesMissing) as error:
        import_book(export)
    assert "lacks Account.csv (or accounts.csv); it holds OrderItem.csv" in error.value.message
    assert '"our accounts.csv" = "accounts"' in error.value.hint
    assert error.value.status == 422


def test_a_needed_file_without_rows_is_refused(export: Path) -> None:
    (export / "User.csv").write_text("Id,Name,Function__c\n", encoding="utf-8")

    with pytest.raises(FilesMissing, match=r"User\.csv has a header and no rows"):
        import_book(export)


def test_an_empty_file_is_refused(export: Path) -> None:
    (export / "OrderItem.csv").write_bytes(b"")

    with pytest.raises(FileUnreadable, match=r"OrderItem\.csv is empty"):
        import_book(export)


def test_an_unknown_column_is_named_with_its_nearest_names(export: Path, change: Change) -> None:
    change(export / "Account.csv", "Industry", "Industri")

    with pytest.raises(ColumnsUnknown) as error:
        import_book(export)
    assert error.value.message == ("Account.csv: column 'Industri' is not known (near: industry).")
    assert "[columns.accounts]" in error.value.hint
    assert "`ignore`" in error.value.hint


def test_a_missing_column_is_named_in_both_vocabularies(export: Path, change: Change) -> None:
    change(export / "OrderItem.csv", "TotalPrice", "UnitPrice")

    with pytest.raises(ColumnsMissing, match=r"orders needs: amount \(Salesforce: TotalPrice\)"):
        import_book(export)


def test_two_columns_of_one_meaning_are_refused(export: Path, change: Change) -> None:
    change(export / "User.csv", "Selling_Hours__c", "rep_id")

    with pytest.raises(ColumnsUnknown, match=r"'Id' and 'rep_id' both mean reps\.rep_id"):
        import_book(export)


def test_a_header_twice_is_refused(export: Path, change: Change) -> None:
    change(export / "User.csv", "Selling_Hours__c", "Name")

    with pytest.raises(FileUnreadable, match="has the header 'Name' more than once"):
        import_book(export)


def test_duplicate_ids_are_named_with_their_rows(export: Path, change: Change) -> None:
    change(export / "Account.csv", "A-3,", "A-1,")

    with pytest.raises(DuplicateIds) as error:
        import_book(export)
    assert "account_id 'A-1' is on Account.csv row 2, Account.csv row 4" in error.value.message


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ('"12,5"', "'12,5' is ambiguous; write 1200.50 or 1,200.50"),
        ("1.200.00", "'1.200.00' is not a number"),
        ("twelve", "'twelve' is not a number"),
        ("inf", "'inf' is not a number"),
        ("NaN", "'NaN' is not a number"),
        ("1e308", "'1e308' is larger than any amount can be"),
        ("", "'' must not be blank"),
    ],
)
def test_a_bad_amount_is_named_with_file_row_column_and_remedy(
    export: Path, change: Change, value: str, told: str
) -> None:
    change(export / "OrderItem.csv", "200.00", value)

    with pytest.raises(ValuesInvalid) as error:
        import_book(export)
    assert f"OrderItem.csv, row 2, column 'TotalPrice': {told}" in error.value.message


@pytest.mark.parametrize("value", ['"$200.00"', "USD 200", "200.00 usd", "2e2", '"US$ 200"'])
def test_an_amount_in_the_books_currency_is_read(export: Path, change: Change, value: str) -> None:
    before = import_book(export).book_id

    change(export / "OrderItem.csv", "200.00", value)

    assert import_book(export).book_id == before


@pytest.mark.parametrize("value", ["€200", "EUR 200.00", "£200"])
def test_an_amount_in_another_currency_is_refused(export: Path, change: Change, value: str) -> None:
    change(export / "OrderItem.csv", "200.00", value)

    with pytest.raises(CurrencyMixed, match="is not in USD; a book has one currency"):
        import_book(export)


def test_a_currency_column_with_two_currencies_is_refused(export: Path, write: Write) -> None:
    write(
        export / "Opportunity.csv",
        [
            ("Id", "AccountId", "OwnerId", "Name", "StageName", "Amount", "CurrencyIsoCode"),
            ("O-1", "A-1", "R-1", "Crates", "Closed Won", "10", "USD"),
            ("O-2", "A-1", "R-1", "Lids", "Closed Won", "10", "CAD"),
        ],
    )

    with pytest.raises(CurrencyMixed) as error:
        import_book(export)
    assert "Opportunity.csv, row 3, column 'CurrencyIsoCode': 'CAD' is not USD" in str(error.value)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("02/03/2026", "is not a date; write it as YYYY-MM-DD; or set dates.format"),
        ("2026-02-30", "is a day that does not exist"),
        ("1026-02-03", "is outside the years 1900 to 2199"),
        ("2026-2-3", "is not a date"),
        ("", "must not be blank"),
    ],
)
def test_a_bad_date_is_named_with_its_remedy(
    export: Path, change: Change, value: str, told: str
) -> None:
    change(export / "OrderItem.csv", "2026-02-02", value)

    with pytest.raises(ValuesInvalid) as error:
        import_book(export)
    assert f"OrderItem.csv, row 2, column 'EffectiveDate': {value!r} {told}" in error.value.message


def test_an_unknown_category_lists_the_allowed_ones(export: Path, change: Change) -> None:
    change(export / "User.csv", "Ana Ruiz,rep", "Ana Ruiz,closer")

    with pytest.raises(ValuesInvalid) as error:
        import_book(export)
    assert "'closer' is not a known function; use one of rep, manager" in error.value.message
    assert "[values.reps.function]" in error.value.message


@pytest.mark.parametrize("bad", ["A 3", "A/3", "x" * 200])
def test_an_id_that_could_not_be_part_of_a_path_is_refused(
    export: Path, change: Change, bad: str
) -> None:
    change(export / "Account.csv", "A-3", bad)

    with pytest.raises(ValuesInvalid, match=r"Account\.csv, row 4, column 'Id'"):
        import_book(export)


def test_a_number_out_of_range_and_a_broken_one_are_both_told(export: Path, change: Change) -> None:
    change(export / "Account.csv", ",120,", ",-3,")
    change(export / "Account.csv", ",40,", ",4.5,")

    with pytest.raises(ValuesInvalid) as error:
        import_book(export)
    assert "Account.csv has 2 cells that cannot be read" in error.value.message
    assert "'-3' is outside 0 to 10,000,000" in error.value.message
    assert "'4.5' is not a whole number" in error.value.message


def test_twenty_problems_are_shown_and_all_are_counted(export: Path, write: Write) -> None:
    # 25 rows, each with a bad date and a bad amount: 50 cells, 20 shown, 30 more.
    header = ("Id", "OrderId", "AccountId", "Product2Id", "EffectiveDate", "Quantity", "TotalPrice")
    rows = [(f"L-{i}", "O-1", "A-1", "P-1", f"day {i}", "1", f"n{i}") for i in range(25)]
    write(export / "OrderItem.csv", [header, *rows])

    with pytest.raises(ValuesInvalid) as error:
        import_book(export)
    assert error.value.message.count("\n- OrderItem.csv, row ") == 20
    assert "- and 30 more" in error.value.message
    assert error.value.facts["total"] == 50


def test_problems_of_several_files_come_in_one_error(export: Path, change: Change) -> None:
    change(export / "OrderItem.csv", "200.00", "much")
    change(export / "User.csv", "Selling_Hours__c", "Sellling")

    with pytest.raises(InvalidInput) as error:
        import_book(export)
    assert "OrderItem.csv, row 2, column 'TotalPrice': 'much'" in error.value.message
    assert "User.csv: column 'Sellling' is not known" in error.value.message
    assert error.value.facts["codes"] == ["columns_unknown", "values_invalid"]


def test_a_file_that_is_not_utf8_is_told_with_its_line(export: Path) -> None:
    data = (export / "Account.csv").read_bytes().replace(b"Birch", b"B\xefrch")
    (export / "Account.csv").write_bytes(data)

    with pytest.raises(FileUnreadable, match="is not UTF-8: byte 0xef on line 3"):
        import_book(export)


def test_a_row_that_does_not_fit_the_header_is_told(export: Path, change: Change) -> None:
    change(export / "User.csv", "R-2,Bo Lund,rep", "R-2,Bo Lund, Jr.,rep")

    with pytest.raises(FileUnreadable) as error:
        import_book(export)
    assert "User.csv, row 3: 7 cells" in error.value.message
    assert "header of 6 columns" in error.value.message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('Id,Name,Function__c\nR-1,"Ana,rep\n', "breaks off near line"),
        ("Id,Name,Function__c\nR-1,A\0na,rep\n", "contains a NUL character on line 2"),
        ("Id,,Function__c\nR-1,Ana,rep\n", "has no header in column 2"),
    ],
)
def test_a_damaged_file_is_refused(export: Path, text: str, told: str) -> None:
    (export / "User.csv").write_text(text, encoding="utf-8")

    with pytest.raises(FileUnreadable, match=told):
        import_book(export)


def test_a_file_that_is_not_gzip_is_refused(export: Path) -> None:
    (export / "Task.csv.gz").write_bytes(b"Id,AccountId\n")

    with pytest.raises(FileUnreadable, match=r"Task\.csv\.gz cannot be opened: not a gzipped file"):
        import_book(export)


def test_utf16_is_refused_by_name(export: Path) -> None:
    (export / "User.csv").write_text("Id,Name,Function__c\nR-1,Ana,rep\n", encoding="utf-16")

    with pytest.raises(FileUnreadable, match="is UTF-16, not UTF-8"):
        import_book(export)


def test_blank_rows_are_no_rows_and_keep_the_count_of_the_file(
    export: Path, change: Change
) -> None:
    change(export / "OrderItem.csv", "L-1,", ",,,,,,,\n\nL-1,")
    change(export / "OrderItem.csv", "100.00", "bad")

    # Header, a row of blanks, an empty line, L-1, L-2: the bad amount stands in row 5.
    with pytest.raises(ValuesInvalid, match=r"OrderItem\.csv, row 5, column 'TotalPrice'"):
        import_book(export)


def test_a_document_beyond_the_cap_is_refused(export: Path, write: Write) -> None:
    header = ("Id", "Account__c", "Kind__c", "Title", "Author_Class__c", "Text__c")
    row = ("D-1", "A-1", "note", "t", "internal", "x" * 200_001)
    write(export / "Document__c.csv", [header, row])

    with pytest.raises(ValuesInvalid, match="is 200,001 characters long; at most 200,000"):
        import_book(export)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("as_off = 2026-01-01\n", "as_off: unknown key"),
        ('currency = "dollars"\n', "currency = 'dollars': write an ISO 4217 code"),
        ('as_of = "soon"\n', "as_of = 'soon': write a date"),
        ("as_of = \n", "is not valid TOML"),
    ],
)
def test_a_bad_book_file_is_told_by_key(export: Path, text: str, told: str) -> None:
    (export / "book.toml").write_text(text, encoding="utf-8")

    with pytest.raises(BookFileInvalid, match=told):
        import_book(export)
