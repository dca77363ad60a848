"""A tiny export, written out row by row, that tests change one thing of."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

Rows = Sequence[Sequence[str]]

ACCOUNTS = (
    ("Id", "Name", "OwnerId", "Industry", "Type", "NumberOfEmployees", "BillingCountryCode",
     "BillingCity", "BillingPostalCode", "LastModifiedDate"),
    ("A-1", "Alder Foods", "R-1", "Food", "Retailer", "120", "US", "Boise", "83702", "2026-03-01"),
    ("A-2", "Birch Paper", "R-2", "Paper", "Wholesaler", "40", "US", "Reno", "89501", "2026-03-01"),
    ("A-3", "Cedar Tools", "", "Tools", "Retailer", "9", "CA", "Calgary", "T2P 1J9", "2026-03-01"),
)  # fmt: skip
REPS = (
    ("Id", "Name", "Function__c", "Selling_Hours__c", "Start_Date__c", "End_Date__c"),
    ("R-1", "Ana Ruiz", "rep", "30", "2020-01-06", ""),
    ("R-2", "Bo Lund", "rep", "30", "2020-01-06", ""),
)
PRODUCTS = (
    ("Id", "Name", "Family", "Line__c", "ListPrice__c", "Live_From__c", "Live_To__c"),
    ("P-1", "Crate", "Boxes", "Crates", "50.00", "2020-01-01", ""),
)
ORDERS = (
    ("Id", "OrderId", "AccountId", "Rep__c", "Product2Id", "EffectiveDate", "Quantity",
     "TotalPrice"),
    ("L-1", "O-1", "A-1", "R-1", "P-1", "2026-02-02", "4", "200.00"),
    ("L-2", "O-2", "A-2", "R-2", "P-1", "2026-03-02", "2", "100.00"),
)  # fmt: skip
BOOK = 'as_of = 2026-03-31\ncurrency = "USD"\ncrm = "salesforce"\nname = "Three accounts"\n'


@pytest.fixture
def write() -> Callable[..., Path]:
    """Write rows as a CSV file and return its path."""

    def write_csv(path: Path, rows: Rows, delimiter: str = ",") -> Path:
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=delimiter).writerows(rows)
        return path

    return write_csv


@pytest.fixture
def export(tmp_path: Path, write: Callable[..., Path]) -> Path:
    """A folder with accounts, reps, products, orders and `book.toml`."""
    folder = tmp_path / "export"
    folder.mkdir()
    write(folder / "Account.csv", ACCOUNTS)
    write(folder / "User.csv", REPS)
    write(folder / "Product2.csv", PRODUCTS)
    write(folder / "OrderItem.csv", ORDERS)
    (folder / "book.toml").write_text(BOOK, encoding="utf-8")
    return folder


@pytest.fixture
def change() -> Callable[[Path, str, str], None]:
    """Replace one text in a file, once; the text must be there."""

    def change_text(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change_text
