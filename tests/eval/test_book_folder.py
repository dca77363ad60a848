"""A kept book is written so that it reads as itself, whatever people typed into it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crm.importer import import_book
from domain.book import Book, frame
from domain.errors import Broken
from eval.book_folder import write_book

NOTE = 'Says "when, not if".\r\n\r=1+1\nŁódź; é, \u2028 and a trailing blank '


@pytest.fixture
def book(tmp_path: Path) -> Book:
    export = tmp_path / "export"
    export.mkdir()
    (export / "book.toml").write_text(
        'as_of = 2026-11-14\ncurrency = "EUR"\nname = "A \\"new\\" book"\n'
        'assumptions = ["Net of tax.", "Dates are local."]\n'
    )
    (export / "accounts.csv").write_text(
        "account_id,name,owner_id,latitude,employees,updated\n"
        "A-1,=SUM(A1),R-1,0.00001,12,2026-10-01\nA-2,Birch,,,,\n"
    )
    (export / "reps.csv").write_text("rep_id,name,function\nR-1,Ines Ortega,rep\n")
    read = import_book(export)
    documents = frame(
        "documents",
        [{"document_id": "D-1", "account_id": "A-1", "kind": "note", "title": "Visit",
          "author_class": "internal", "published": "2026-11-01", "text": NOTE}],
    )  # fmt: skip
    return replace(read, tables={**read.tables, "documents": documents})


def test_a_written_book_reads_as_the_same_book(book: Book, tmp_path: Path) -> None:
    read_as = write_book(book, tmp_path / "out", coverage="", people="")
    again = import_book(tmp_path / "out")

    assert again.tables["documents"]["text"].tolist() == [NOTE]
    assert read_as == again.book_id
    assert (again.as_of, again.currency) == (book.as_of, "EUR")
    assert again.sources["name"] == 'A "new" book'
    assert again.sources["assumptions"] == "Net of tax.\nDates are local."


def test_columns_and_tables_that_hold_nothing_are_left_out(book: Book, tmp_path: Path) -> None:
    write_book(book, tmp_path / "out", coverage="", people="")

    header = (tmp_path / "out" / "accounts.csv").read_text().splitlines()[0]
    assert header == "account_id,name,owner_id,employees,latitude,updated"
    assert not (tmp_path / "out" / "orders.csv").exists()


def test_a_book_that_would_read_differently_is_refused(book: Book, tmp_path: Path) -> None:
    # No import keeps blanks around a name, so no folder can hold this one.
    accounts = book["accounts"].assign(name=["Alder ", "Birch"])

    with pytest.raises(Broken, match=r"Table accounts of book bk_\w+ reads differently"):
        write_book(
            replace(book, tables={**book.tables, "accounts": accounts}),
            tmp_path / "out",
            coverage="",
            people="",
        )
