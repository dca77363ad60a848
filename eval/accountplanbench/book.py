"""A book while it is being made: its rows as typed objects, and how they become files.

The rows have the columns of `docs/data-model.md` by name; a column that none of our books
fills is left out of the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

Cell = str | int | float | Decimal | date | None


@dataclass
class Account:
    """A row of `accounts`."""

    account_id: str
    name: str
    owner_id: str | None
    territory_id: str
    industry: str | None
    segment: str
    employees: int | None
    country: str
    region: str
    city: str
    latitude: float
    longitude: float
    time_zone: str
    parent_id: str | None = None
    location_precision: str = "city"
    updated: date | None = None


@dataclass
class Contact:
    """A row of `contacts`."""

    contact_id: str
    account_id: str
    name: str
    title: str
    role: str | None
    level: str | None
    influence: str | None
    attitude: str | None
    last_contact: date | None


@dataclass
class Rep:
    """A row of `reps`."""

    rep_id: str
    name: str
    function: str
    manager_id: str | None
    team: str
    base_city: str
    base_latitude: float
    base_longitude: float
    time_zone: str
    selling_hours_week: int | None
    active_from: date | None
    active_to: date | None = None


@dataclass
class Leave:
    """A row of `leave`."""

    leave_id: str
    rep_id: str
    starts: date
    ends: date
    reason: str


@dataclass
class Quota:
    """A row of `quotas`: one rep's target of one quarter."""

    quota_id: str
    rep_id: str
    starts: date
    ends: date
    amount: Decimal


@dataclass
class Territory:
    """A row of `territories`."""

    territory_id: str
    name: str
    country: str
    group: str


@dataclass
class Product:
    """A row of `products`; `subcategory` is the product line."""

    product_id: str
    name: str
    category: str
    subcategory: str
    list_price: Decimal
    live_from: date | None = None


@dataclass
class OrderLine:
    """A row of `orders`."""

    order_line_id: str
    order_id: str
    account_id: str
    rep_id: str | None
    product_id: str
    ordered: date
    quantity: int
    amount: Decimal


@dataclass
class Deal:
    """A row of `opportunities`."""

    opportunity_id: str
    account_id: str
    owner_id: str | None
    name: str
    stage: str
    amount: Decimal | None
    opened: date | None
    closes: date | None

    @property
    def is_open(self) -> bool:
        """Whether it is neither won nor lost."""
        return self.stage not in ("won", "lost")


@dataclass
class Touch:
    """A row of `activities`."""

    activity_id: str
    account_id: str
    contact_id: str | None
    rep_id: str | None
    kind: str
    occurred: date
    minutes: int | None
    subject: str


@dataclass
class Signal:
    """A row of `intent_signals`."""

    signal_id: str
    account_id: str
    topic: str
    strength: int
    observed: date
    source: str


@dataclass
class Document:
    """A row of `documents`."""

    document_id: str
    account_id: str | None
    segment: str | None
    kind: str
    title: str
    author: str | None
    author_class: str
    publisher: str | None
    uri: str | None
    published: date
    retrieved: date | None
    text: str


Row = (
    Account
    | Contact
    | Rep
    | Leave
    | Quota
    | Territory
    | Product
    | OrderLine
    | Deal
    | Touch
    | Signal
    | Document
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


def key_of(row: Row) -> str:
    """Return a row's key: the value of its first column."""
    key = next(iter(vars(row).values()))
    assert isinstance(key, str)
    return key


def cells_of(row: Row) -> dict[str, str]:
    """Return a row's cells as they are written, by column; a blank cell is an empty text."""
    return {name: written(value) for name, value in vars(row).items()}


def written(value: Cell) -> str:
    """Write one cell as in a CSV file."""
    return "" if value is None else str(value)


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
