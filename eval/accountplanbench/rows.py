"""The rows of a book while it is being made, as typed objects.

Each has the columns of its table in `docs/data-model.md` by name, the key first; a column that
none of our books fills is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

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
