"""A book while it is being made: its tables, and how they become files."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from eval.accountplanbench.rows import (
    Account,
    Contact,
    Deal,
    Document,
    Leave,
    OrderLine,
    Product,
    Quota,
    Rep,
    Row,
    Signal,
    Territory,
    Touch,
    cells_of,
    key_of,
)


@dataclass
class Book:
    """Every table of one book, and its date and currency.

    `money` is how an amount is said ("dollars"). Accounts, reps and documents are looked up
    by the methods; rows stand in the order they were made in.
    """

    name: str
    title: str
    as_of: date
    currency: str
    money: str
    accounts: list[Account] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    reps: list[Rep] = field(default_factory=list)
    leave: list[Leave] = field(default_factory=list)
    quotas: list[Quota] = field(default_factory=list)
    territories: list[Territory] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    orders: list[OrderLine] = field(default_factory=list)
    opportunities: list[Deal] = field(default_factory=list)
    activities: list[Touch] = field(default_factory=list)
    intent_signals: list[Signal] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)

    def copy(self) -> Book:
        """Return a book with rows of its own."""
        rows = {name: [copy(row) for row in table] for name, table in self._tables()}
        return replace(self, **rows)  # type: ignore[arg-type]

    def account(self, account_id: str) -> Account:
        """Return an account; StopIteration where there is none."""
        return next(item for item in self.accounts if item.account_id == account_id)

    def rep(self, rep_id: str) -> Rep:
        """Return a rep; StopIteration where there is none."""
        return next(item for item in self.reps if item.rep_id == rep_id)

    def sellers(self) -> list[Rep]:
        """Return those who work accounts."""
        return [rep for rep in self.reps if rep.function == "rep"]

    def contacts_of(self, account_id: str) -> list[Contact]:
        """Return the people of an account."""
        return [item for item in self.contacts if item.account_id == account_id]

    def lines_of(self, account_id: str) -> list[OrderLine]:
        """Return the order lines of an account."""
        return [item for item in self.orders if item.account_id == account_id]

    def open_deals_of(self, account_id: str) -> list[Deal]:
        """Return the deals with an account that are neither won nor lost."""
        return [
            item for item in self.opportunities if item.account_id == account_id and item.is_open
        ]

    def tables(self) -> Iterator[tuple[str, Sequence[Row]]]:
        """Yield the tables by name, each sorted by its key."""
        for name, rows in self._tables():
            yield name, sorted(rows, key=key_of)

    def _tables(self) -> Iterator[tuple[str, list[Row]]]:
        return ((name, rows) for name, rows in vars(self).items() if isinstance(rows, list))


def write_tables(book: Book, folder: Path) -> None:
    """Write the tables that have rows, and `book.toml`."""
    folder.mkdir(parents=True)
    for name, rows in book.tables():
        if not rows:
            continue
        cells = [cells_of(row) for row in rows]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, cells[0].keys(), lineterminator="\n")
            table.writeheader()
            table.writerows(cells)
    (folder / "book.toml").write_text(
        f'name = "{book.title}"\nas_of = {book.as_of.isoformat()}\n'
        f'currency = "{book.currency}"\n'
        'assumptions = ["Everything in this book is invented."]\n',
        encoding="utf-8",
    )
