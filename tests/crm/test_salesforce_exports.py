"""A real Salesforce export, where it says things in other fields than the example does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.importer import import_book
from crm.problems import CurrencyMixed, ValuesInvalid
from crm.record_ids import Keys, long_id, record_of
from domain.book import Book, QualityFinding
from domain.errors import ColumnsMissing, ColumnsUnknown, DuplicateIds

Change = Callable[[Path, str, str], None]
Write = Callable[..., Path]
TASK = ("Id", "AccountId", "WhatId", "WhoId", "OwnerId", "TaskSubtype", "ActivityDate", "Subject")
EVENT = ("Id", "AccountId", "WhoId", "OwnerId", "StartDateTime", "DurationInMinutes", "Subject")
LINE = ("Id", "OrderId", "Product2Id", "Quantity", "UnitPrice", "TotalPrice")
ORDER = ("Id", "AccountId", "EffectiveDate", "OwnerId", "Status", "OrderNumber")
DEAL = ("Id", "AccountId", "OwnerId", "Name", "StageName", "Amount", "IsClosed", "IsWon")


def found(book: Book, code: str) -> QualityFinding:
    (one,) = [finding for finding in book.quality.findings if finding.code == code]
    return one


def codes(book: Book) -> set[str]:
    return {finding.code for finding in book.quality.findings}


# Names


def test_first_and_last_name_are_joined_where_there_is_no_name(export: Path, write: Write) -> None:
    write(
        export / "Contact.csv",
        [
            ("Id", "AccountId", "FirstName", "LastName", "Title"),
            ("C-1", "A-1", "Ida", "Moe", "Buyer"),
            ("C-2", "A-1", "", "Ng", ""),
        ],
    )

    book = import_book(export)

    assert book["contacts"]["name"].tolist() == ["Ida Moe", "Ng"]
    assert "FirstName" not in " ".join(f.message for f in book.quality.findings)


def test_name_wins_over_its_parts_where_it_is_filled(export: Path, write: Write) -> None:
    write(
        export / "User.csv",
        [
            ("Id", "Name", "FirstName", "LastName", "Function__c"),
            ("R-1", "Ana M. Ruiz", "Ana", "Ruiz", "rep"),
            ("R-2", "", "Bo", "Lund", "rep"),
        ],
    )

    assert import_book(export)["reps"]["name"].tolist() == ["Ana M. Ruiz", "Bo Lund"]


def test_a_person_without_any_name_is_refused_by_row(export: Path, write: Write) -> None:
    write(
        export / "Contact.csv",
        [("Id", "AccountId", "FirstName", "LastName"), ("C-1", "A-1", "Ida", "Moe"),
         ("C-2", "A-1", " ", "")],
    )  # fmt: skip

    with pytest.raises(ValuesInvalid) as error:
        import_book(export)
    assert "Contact.csv, row 3, column 'FirstName, LastName'" in error.value.message
    assert "must not be blank" in error.value.message


# Users who are switched off


def users(write: Write, export: Path, active: str) -> None:
    write(
        export / "User.csv",
        [
            ("Id", "Name", "Function__c", "IsActive", "End_Date__c"),
            ("R-1", "Ana Ruiz", "rep", "true", ""),
            ("R-2", "Bo Lund", "rep", active, ""),
        ],
    )


def test_an_inactive_user_counts_as_an_owner_who_left_on_no_known_day(
    export: Path, write: Write
) -> None:
    users(write, export, "FALSE")

    book = import_book(export)

    inactive = found(book, "inactive_user")
    assert (inactive.severity, inactive.rows) == ("notice", ("R-2",))
    # R-2 owns A-2, which bought for 100 within the year.
    stale = found(book, "stale_owner")
    assert (stale.rows, stale.message) == (("A-2",), "R-2 is inactive and still owns 1 account.")
    assert book["reps"]["active_to"].isna().all()


def test_a_user_switched_on_again_is_another_book(export: Path, write: Write) -> None:
    users(write, export, "false")
    before = import_book(export).book_id

    users(write, export, "true")

    again = import_book(export)
    assert again.book_id != before
    assert not codes(again) & {"inactive_user", "stale_owner"}


def test_an_inactive_user_with_a_last_day_left_on_that_day(
    export: Path, write: Write, change: Change
) -> None:
    users(write, export, "false")
    change(export / "User.csv", "rep,false,", "rep,false,2026-01-31")

    book = import_book(export)

    assert "inactive_user" not in codes(book)
    assert "R-2 left on 2026-01-31" in found(book, "stale_owner").message


def test_a_checkbox_that_is_neither_is_refused(export: Path, write: Write) -> None:
    users(write, export, "perhaps")

    with pytest.raises(ValuesInvalid, match="row 3, column 'IsActive': 'perhaps' is neither true"):
        import_book(export)


# Orders in two files


@pytest.fixture
def two_files(export: Path, write: Write) -> Path:
    """The same two order lines as the export has, as Salesforce keeps them."""
    write(
        export / "OrderItem.csv",
        [LINE, ("L-1", "O-1", "P-1", "4.0", "50", "200.00"),
         ("L-2", "O-2", "P-1", "2.0", "50", "100.00")],
    )  # fmt: skip
    write(
        export / "Order.csv",
        [ORDER, ("O-1", "A-1", "2026-02-02", "R-1", "Activated", "1"),
         ("O-2", "A-2", "2026-03-02", "R-2", "Activated", "2")],
    )  # fmt: skip
    return export


def test_order_lines_take_account_date_and_owner_from_their_order(
    export: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = import_book(export)

    book = import_book(request.getfixturevalue("two_files"))

    pd.testing.assert_frame_equal(book["orders"], before["orders"])
    assert book.book_id == before.book_id
    assert book.sources["orders"] == "Order.csv, OrderItem.csv"


def test_what_a_line_says_itself_goes_before_its_order(export: Path, write: Write) -> None:
    before = import_book(export)
    write(export / "Order.csv", [ORDER, ("O-1", "A-3", "2025-01-01", "R-2", "Activated", "1")])

    # O-2 is in no Order.csv, and its line needs none.
    pd.testing.assert_frame_equal(import_book(export)["orders"], before["orders"])


def test_a_line_without_its_order_is_set_aside_as_an_orphan(
    two_files: Path, change: Change
) -> None:
    change(two_files / "Order.csv", "O-2,", "O-9,")

    book = import_book(two_files)

    assert book["orders"]["order_line_id"].tolist() == ["L-1"]
    orphan = found(book, "orphan_line")
    assert (orphan.severity, orphan.rows) == ("error", ("L-2",))
    assert "1 line of orders that Order.csv lacks: O-2" in orphan.message


@pytest.mark.parametrize("status", ["Draft", "Cancelled"])
def test_drafts_and_cancelled_orders_sold_nothing(
    two_files: Path, change: Change, status: str
) -> None:
    change(two_files / "Order.csv", "A-2,2026-03-02,R-2,Activated", f",,R-2,{status}")

    book = import_book(two_files)

    assert book["orders"]["order_line_id"].tolist() == ["L-1"]
    assert found(book, "draft_order").rows == ("L-2",)
    assert "orphan_line" not in codes(book)


def test_orphans_and_drafts_of_one_file_are_told_apart(
    two_files: Path, write: Write, change: Change
) -> None:
    write(
        two_files / "OrderItem.csv",
        [LINE, ("L-1", "O-8", "P-1", "1", "1", "1"), ("L-2", "O-2", "P-1", "1", "1", "2"),
         ("L-3", "O-1", "P-1", "1", "1", "3")],
    )  # fmt: skip
    change(two_files / "Order.csv", "R-2,Activated", "R-2,Draft")

    book = import_book(two_files)

    assert book["orders"]["order_line_id"].tolist() == ["L-3"]
    assert found(book, "orphan_line").rows == ("L-1",)
    assert found(book, "draft_order").rows == ("L-2",)


def test_lines_without_account_ask_for_the_order_file(two_files: Path) -> None:
    (two_files / "Order.csv").unlink()

    with pytest.raises(ColumnsMissing, match="needs: account_id") as error:
        import_book(two_files)
    assert "Order.csv: put it beside the file" in error.value.hint


def test_lines_by_price_book_entry_ask_for_the_product(two_files: Path, change: Change) -> None:
    change(two_files / "OrderItem.csv", "Product2Id", "PricebookEntryId")

    with pytest.raises(ColumnsMissing, match="Product2Id") as error:
        import_book(two_files)
    assert "export Product2Id" in error.value.hint


@pytest.mark.parametrize(
    ("old", "new", "kind", "told"),
    [
        ("2026-03-02", "soon", ValuesInvalid, "Order.csv, row 3, column 'EffectiveDate': 'soon'"),
        ("O-2,", "O-1,", DuplicateIds, "'O-1' is on Order.csv row 2 and Order.csv row 3"),
        ("EffectiveDate", "Effective", ColumnsUnknown, "Order.csv: column 'Effective'"),
    ],
)
def test_what_is_wrong_with_orders_is_told_where_it_stands(
    two_files: Path, change: Change, old: str, new: str, kind: type[Exception], told: str
) -> None:
    change(two_files / "Order.csv", old, new)

    with pytest.raises(kind, match=told):
        import_book(two_files)


def test_orders_without_any_lines_are_told_and_not_read(two_files: Path) -> None:
    (two_files / "OrderItem.csv").unlink()

    book = import_book(two_files)

    assert book["orders"].empty
    assert "orders without their lines" in found(book, "file_not_read").message
    assert "orders" not in book.sources


# Activities


@pytest.fixture
def touched(export: Path, write: Write) -> Path:
    """The export with a contact and an open deal of A-1."""
    write(export / "Contact.csv", [("Id", "AccountId", "Name"), ("C-1", "A-1", "Ida Moe")])
    write(
        export / "Opportunity.csv", [DEAL, ("D-1", "A-2", "R-2", "Lids", "Proposal", "9", "", "")]
    )
    return export


def test_calls_and_emails_are_touches_and_other_tasks_are_counted_and_set_aside(
    touched: Path, write: Write
) -> None:
    kinds = ("Task", "Call", "Email", "ListEmail", "Cadence", "LinkedIn", "")
    rows = [
        (f"T-{n}", "A-1", "", "", "R-1", kind, "2026-03-01", "Hi") for n, kind in enumerate(kinds)
    ]
    write(touched / "Task.csv", [TASK, *rows])

    book = import_book(touched)

    assert book["activities"]["kind"].tolist() == ["call", "email", "email"]
    aside = found(book, "activity_set_aside")
    assert aside.rows == ("T-0", "T-4", "T-5", "T-6")
    assert "4 tasks of a kind that is no touch (Cadence 1, LinkedIn 1, Task 1, blank 1)" in (
        aside.message
    )


def test_a_mapped_kind_of_task_counts_and_type_tells_what_the_subtype_does_not(
    touched: Path, write: Write, tmp_path: Path
) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('[values.activities.kind]\n"LinkedIn" = "email"\n', encoding="utf-8")
    rows = [
        ("T-1", "A-1", "", "", "R-1", "LinkedIn", "2026-03-01", "Hi", ""),
        ("T-2", "A-1", "", "", "R-1", "Task", "2026-03-01", "Hi", "Meeting"),
    ]
    write(touched / "Task.csv", [(*TASK, "Type"), *rows])

    book = import_book(touched, mapping=mapping)

    assert book["activities"]["kind"].tolist() == ["email", "meeting"]


def test_a_blank_account_is_found_by_what_and_then_by_whom(touched: Path, write: Write) -> None:
    rows = [
        ("T-1", "", "A-3", "C-1", "R-1", "Call", "2026-03-01", "an account"),
        ("T-2", "", "D-1", "", "R-1", "Call", "2026-03-01", "a deal of A-2"),
        ("T-3", "", "", "C-1", "R-1", "Call", "2026-03-01", "a contact of A-1"),
        ("T-4", "", "a0X", "00Q000000000001", "R-1", "Call", "2026-03-01", "a lead"),
        ("T-5", "A-2", "A-3", "", "R-1", "Call", "2026-03-01", "the task's own account wins"),
    ]
    write(touched / "Task.csv", [TASK, *rows])

    book = import_book(touched)

    assert book["activities"]["activity_id"].tolist() == ["T-1", "T-2", "T-3", "T-5"]
    assert book["activities"]["account_id"].tolist() == ["A-3", "A-2", "A-1", "A-2"]
    aside = found(book, "activity_set_aside")
    assert (aside.rows, aside.state) == (("T-4",), "blank")
    assert "1 activity with no account of the export" in aside.message


def test_tasks_and_events_fill_one_table(touched: Path, write: Write) -> None:
    write(touched / "Task.csv", [TASK, ("T-1", "A-1", "", "", "R-1", "Call", "2026-03-01", "Hi")])
    write(
        touched / "Event.csv",
        [EVENT, ("E-1", "", "C-1", "R-1", "2026-03-05T09:00:00.000Z", "45", "Review")],
    )

    activities = import_book(touched)["activities"].set_index("activity_id")

    assert activities["kind"].to_dict() == {"E-1": "meeting", "T-1": "call"}
    assert activities.loc["E-1", "occurred"] == pd.Timestamp(2026, 3, 5)
    assert activities.loc["E-1", "account_id"] == "A-1"
    assert activities.loc["E-1", "minutes"] == 45


def test_one_id_in_tasks_and_events_is_refused(touched: Path, write: Write) -> None:
    write(touched / "Task.csv", [TASK, ("X-1", "A-1", "", "", "R-1", "Call", "2026-03-01", "Hi")])
    write(touched / "Event.csv", [EVENT, ("X-1", "A-1", "", "R-1", "2026-03-05", "45", "Review")])

    with pytest.raises(DuplicateIds, match=r"'X-1' is on Event\.csv row 2, Task\.csv row 2"):
        import_book(touched)


def test_what_is_still_to_be_done_is_no_touch(touched: Path, write: Write) -> None:
    head = ("Id", "AccountId", "WhoId", "TaskSubtype", "ActivityDate", "IsClosed",
            "CompletedDateTime")  # fmt: skip
    write(
        touched / "Task.csv",
        [
            head,
            ("T-1", "A-1", "", "Call", "2026-03-01", "true", ""),
            ("T-2", "A-1", "", "Call", "2026-03-01", "false", ""),
            ("T-3", "A-1", "", "Call", "", "true", "2026-03-04T10:00:00.000+0000"),
            ("T-4", "A-1", "", "Call", "", "true", ""),
        ],
    )

    book = import_book(touched)

    assert book["activities"]["occurred"].tolist() == [
        pd.Timestamp(2026, 3, 1),
        pd.Timestamp(2026, 3, 4),
    ]
    assert found(book, "open_task").rows == ("T-2",)
    assert found(book, "activity_set_aside").rows == ("T-4",)


def test_an_unknown_kind_under_our_own_header_is_still_an_error(
    touched: Path, write: Write
) -> None:
    write(
        touched / "activities.csv",
        [("activity_id", "account_id", "kind", "occurred"), ("1", "A-1", "caal", "2026-03-01")],
    )

    with pytest.raises(ValuesInvalid, match="'caal' is not a known kind"):
        import_book(touched)


# Opportunities


def test_is_won_and_is_closed_decide_whatever_the_stage_is_called(
    export: Path, write: Write
) -> None:
    write(
        export / "Opportunity.csv",
        [
            (*DEAL, "Probability", "ForecastCategory", "Type", "LeadSource", "FiscalQuarter"),
            (
                "D-1",
                "A-1",
                "R-1",
                "a",
                "Signed",
                "9",
                "true",
                "true",
                "100",
                "Closed",
                "New",
                "",
                "1",
            ),
            (
                "D-2",
                "A-1",
                "R-1",
                "b",
                "Gone",
                "9",
                "TRUE",
                "FALSE",
                "0",
                "Omitted",
                "New",
                "",
                "1",
            ),
            (
                "D-3",
                "A-1",
                "R-1",
                "c",
                "Proposal",
                "9",
                "false",
                "false",
                "50",
                "Best",
                "",
                "",
                "1",
            ),
        ],
    )

    book = import_book(export)

    assert book["opportunities"]["stage"].tolist() == ["won", "lost", "proposal"]
    told = next(f for f in book.quality.findings if f.code == "columns_ignored")
    assert "Probability" in told.message


def test_unknown_open_stages_are_listed_with_the_section_that_maps_them(
    export: Path, write: Write
) -> None:
    rows = [
        (f"D-{n}", "A-1", "R-1", "a", stage, "9", "false", "false")
        for n, stage in enumerate(("Discovery", "Legal", "Discovery", "Won already"))
    ]
    write(export / "Opportunity.csv", [DEAL, *rows])

    with pytest.raises(ValuesInvalid) as error:
        import_book(export)
    assert "Opportunity.csv, row 2, column 'StageName': 'Discovery'" in error.value.message
    assert 'Not known under [values.opportunities.stage]: "Discovery", "Legal", "Won already".' in (
        error.value.hint
    )


def test_a_mapped_stage_keeps_its_meaning(export: Path, write: Write, tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('[values.opportunities.stage]\n"Parked" = "lost"\n', encoding="utf-8")
    row = ("D-1", "A-1", "R-1", "a", "Parked", "9", "false", "false")
    write(export / "Opportunity.csv", [DEAL, row])

    assert import_book(export, mapping=mapping)["opportunities"]["stage"].tolist() == ["lost"]


# Dates and ids


@pytest.mark.parametrize(
    "written",
    ["2026-02-02T23:30:00.000Z", "2026-02-02T01:00:00+02:00", "2026-02-02 08:15:00",
     "2026-02-02T08:15:00.000-0500", "2026-02-02T08:15Z"],
)  # fmt: skip
def test_times_with_zone_or_offset_are_cut_to_their_day(
    export: Path, change: Change, written: str
) -> None:
    before = import_book(export).book_id

    change(export / "OrderItem.csv", "2026-02-02", written)

    assert import_book(export).book_id == before


def test_the_three_characters_added_to_an_id_tell_its_capitals() -> None:
    # 003A0: the fourth is a capital, 8, I. 00000: none, A. 1aBcD: third and fifth, 4 + 16, U.
    assert long_id("003A0000001aBcD") == "003A0000001aBcDIAU"
    assert record_of("003A0000001aBcDIAU") == "003A0000001aBcD"
    # A company's own 18 characters, whose last three are no such check, stay whole.
    assert record_of("CUSTOMER0000001001") == "CUSTOMER0000001001"


@given(st.from_regex(r"[0-9A-Za-z]{15}", fullmatch=True))
def test_either_length_of_an_id_finds_the_other(short: str) -> None:
    assert Keys([long_id(short)]).find(short) == long_id(short)
    assert Keys([short]).find(long_id(short)) == short
    assert Keys([short]).find(long_id(short)[:-1]) is None


def test_a_reference_by_15_characters_finds_the_18(export: Path, change: Change) -> None:
    change(export / "Account.csv", "A-1,", "001000000000001AAA,")
    change(export / "OrderItem.csv", "A-1,", "001000000000001,")

    book = import_book(export)

    assert book["orders"]["account_id"].tolist() == ["001000000000001AAA", "A-2"]
    assert "orphan" not in codes(book)


def test_keys_that_differ_in_length_alone_are_duplicates(export: Path, change: Change) -> None:
    change(export / "Account.csv", "A-1,", "001000000000001AAA,")
    change(export / "Account.csv", "A-2,", "001000000000001,")

    with pytest.raises(DuplicateIds, match=r"'001000000000001AAA' is on Account\.csv row 2, "):
        import_book(export)


# Currencies, deleted rows, unused fields


def with_currency(export: Path, write: Write, *amounts_and_codes: tuple[str, str]) -> None:
    rows = [
        (f"A-{n}", f"Name {n}", amount, code)
        for n, (amount, code) in enumerate(amounts_and_codes, start=1)
    ]
    write(export / "Account.csv", [("Id", "Name", "AnnualRevenue", "CurrencyIsoCode"), *rows])


def test_one_currency_on_every_record_is_fine(export: Path, write: Write) -> None:
    with_currency(export, write, ("10", "USD"), ("20", "usd"), ("", ""))

    assert import_book(export)["accounts"]["annual_revenue"].tolist()[:2] == [10.0, 20.0]


def test_another_currency_on_an_amount_is_refused_by_row(export: Path, write: Write) -> None:
    with_currency(export, write, ("10", "USD"), ("20", "EUR"))

    with pytest.raises(CurrencyMixed) as error:
        import_book(export)
    assert "Account.csv, row 3, column 'CurrencyIsoCode': 'EUR'" in error.value.message
    assert "set currency in book.toml" in error.value.hint


def test_another_currency_without_an_amount_says_nothing(export: Path, write: Write) -> None:
    with_currency(export, write, ("10", "USD"), ("", "EUR"))

    assert len(import_book(export)["accounts"]) == 2


def test_rows_in_the_recycle_bin_are_set_aside(export: Path, write: Write) -> None:
    head = ("Id", "Name", "IsDeleted")
    write(export / "Account.csv", [head, ("A-1", "Alder", "false"), ("A-2", "Birch", "true")])

    book = import_book(export)

    assert book["accounts"]["account_id"].tolist() == ["A-1"]
    assert found(book, "deleted_row").rows == ("A-2",)


def test_families_of_fields_that_salesforce_adds_are_left_out(export: Path, write: Write) -> None:
    write(
        export / "User.csv",
        [
            ("ID", "NAME", "FUNCTION__C", "UserPermissionsMobileUser", "Title", "AccountId"),
            ("R-1", "Ana Ruiz", "rep", "true", "Seller", ""),
            ("R-2", "Bo Lund", "rep", "false", "Seller", ""),
        ],
    )

    assert len(import_book(export)["reps"]) == 2


def test_a_custom_field_of_such_a_name_is_still_asked_about(export: Path, change: Change) -> None:
    change(export / "Account.csv", "Industry", "Recurrence_Plan__c")

    with pytest.raises(ColumnsUnknown, match="Recurrence_Plan__c"):
        import_book(export, as_of=date(2026, 3, 31))


def test_a_weekly_export_of_standard_objects_imports_whole(tmp_path: Path, write: Write) -> None:
    """Ids of 18 characters, times, checkboxes and fields as a weekly export writes them."""
    account, other = long_id("0015g00000AbCdE"), long_id("0015g00000AbCdF")
    ana, contact, order = long_id("0055g00000Ana01"), long_id("0035g00000Ida01"), "8015g00000Ord01"
    stamp = "2026-03-01 08:15:00"
    files = {
        "Account": [
            ("Id", "IsDeleted", "MasterRecordId", "Name", "Type", "ParentId", "BillingStreet",
             "Phone", "AnnualRevenue", "OwnerId", "CreatedDate", "SystemModstamp", "SLA__c"),
            (account, "0", "", "Alder", "Retailer", "", "Elm 1", "5", "9", ana, stamp, stamp, ""),
            (other, "0", "", "Birch", "Retailer", account, "", "", "", ana, stamp, stamp, ""),
        ],
        "User": [
            ("Id", "Username", "LastName", "FirstName", "IsActive", "UserType", "ManagerId",
             "UserPermissionsSupportUser", "EmailPreferencesAutoBcc", "Function__c"),
            (ana, "ana@x", "Ruiz", "Ana", "1", "Standard", "", "0", "1", "rep"),
        ],
        "Contact": [
            ("Id", "AccountId", "LastName", "FirstName", "OwnerId", "Email", "Department"),
            (contact, account, "Moe", "Ida", ana, "i@x", "Purchasing"),
        ],
        "Product2": [("Id", "Name", "ProductCode", "IsActive", "Family"),
                     ("01t5g00000Prd01", "Crate", "C1", "1", "Boxes")],
        "Order": [
            ("Id", "OwnerId", "ContractId", "AccountId", "Pricebook2Id", "EffectiveDate",
             "EndDate", "IsReductionOrder", "Status", "StatusCode", "TotalAmount", "Name"),
            (order, ana, "", account, "", "2026-03-02", "", "0", "Shipped", "Activated", "2", ""),
        ],
        "OrderItem": [
            ("Id", "Product2Id", "IsDeleted", "OrderId", "PricebookEntryId", "AvailableQuantity",
             "Quantity", "UnitPrice", "ListPrice", "TotalPrice", "OrderItemNumber"),
            ("8025g00000Lin01", "01t5g00000Prd01", "0", long_id(order), "01u", "2", "2.00", "1.0",
             "1.0", "2.00", "0000001"),
        ],
        "Task": [
            ("Id", "WhoId", "WhatId", "WhoCount", "WhatCount", "Subject", "ActivityDate", "Status",
             "Priority", "IsHighPriority", "OwnerId", "AccountId", "IsClosed", "TaskSubtype",
             "RecurrenceInterval", "CompletedDateTime"),
            ("00T5g00000Tsk01", contact[:15], "", "1", "0", "Call", "2026-03-01", "Completed",
             "Normal", "0", ana, "", "1", "Call", "", stamp),
        ],
        "Event": [
            ("Id", "WhoId", "WhatId", "Subject", "Location", "IsAllDayEvent", "ActivityDateTime",
             "ActivityDate", "DurationInMinutes", "StartDateTime", "EndDateTime", "AccountId",
             "OwnerId", "IsPrivate", "ShowAs", "IsChild", "IsGroupEvent", "EventSubtype"),
            ("00U5g00000Evt01", contact, "", "Visit", "", "0", "2026-03-02T09:00:00.000Z",
             "2026-03-02", "60", "2026-03-02T09:00:00.000Z", "2026-03-02T10:00:00.000Z", account,
             ana, "0", "Busy", "0", "0", "Event"),
        ],
        "ContentNote": [("Id", "Title"), ("069", "A note")],
    }  # fmt: skip
    for name, rows in files.items():
        write(tmp_path / f"{name}.csv", rows)

    book = import_book(tmp_path, as_of=date(2026, 3, 31))

    assert book["orders"].loc[0, ["account_id", "rep_id", "amount"]].tolist() == [account, ana, 2.0]
    assert book["activities"]["account_id"].tolist() == [account, account]
    assert book["activities"]["contact_id"].tolist() == [contact, contact]
    assert book["activities"]["kind"].tolist() == ["call", "meeting"]
    assert {f.severity for f in book.quality.findings if f.code == "orphan"} == set()
    assert "ContentNote.csv" in found(book, "file_not_read").message
