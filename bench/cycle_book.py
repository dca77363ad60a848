"""A made-up book of a large team, and the same book a quarter later, for the bench alone.

Reps live in 48 cities; most of a rep's accounts lie around the home city, the rest around two
others. Accounts are of four segments by spend: of a rep's 200 about 30 come to lie in Tier 1, 60 in
Tier 2, and a few are strategic. A quarter later reps have left and joined, accounts have changed
hands, deals have closed and slipped, orders and touches have come in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from domain.book import Book, QualityReport, frame
from domain.tables import TABLES

AS_OF = date(2026, 11, 13)
LATER = date(2027, 2, 12)
CITIES = 48
SHARES = (0.05, 0.125, 0.3, 0.525)
SPEND = np.array([260e3, 100e3, 42e3, 9e3])
ZONES = ("America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York")
STAGES = ("prospecting", "qualification", "proposal", "negotiation")
NO_QUALITY = QualityReport(findings=(), rows_by_table={})


def made_book(accounts: int, reps: int, seed: int) -> Book:
    """Return the book of `AS_OF`; the same arguments give the same book."""
    rng = np.random.default_rng([seed, accounts, reps])
    city = np.column_stack([rng.uniform(30, 47, CITIES), rng.uniform(-122, -71, CITIES)])
    home = rng.integers(0, CITIES, reps)
    owner = np.arange(accounts) % reps
    segment = rng.choice(4, accounts, p=SHARES)
    away = rng.random(accounts) < 0.3
    others = (home[owner] + 1 + rng.integers(0, 2, accounts)) % CITIES
    near = np.where(away, others, home[owner])
    place = city[near] + 0.2 * rng.standard_normal((accounts, 2))
    focus = rng.choice(3, accounts)
    ids = np.array([f"A-{number:05d}" for number in range(accounts)])
    rep_ids = np.array([f"R-{number:03d}" for number in range(reps)])
    zone = np.array(ZONES)[_zone(city[:, 1])]
    tables = {table.name: frame(table.name, []) for table in TABLES}
    tables["accounts"] = _table(
        "accounts",
        account_id=ids,
        name=[f"Company {number}" for number in range(accounts)],
        owner_id=rep_ids[owner],
        territory_id=[f"T-{number % 4}" for number in owner],
        segment=[f"Segment {number}" for number in segment],
        product_focus=[f"Focus {number}" for number in focus],
        employees=rng.integers(2, 300, accounts),
        country=["US"] * accounts,
        city=[f"City {number}" for number in near],
        latitude=place[:, 0],
        longitude=place[:, 1],
        time_zone=zone[near],
        updated=[pd.Timestamp(AS_OF)] * accounts,
    )
    tables["reps"] = _table(
        "reps",
        rep_id=rep_ids,
        name=[f"Rep {number}" for number in range(reps)],
        function=["rep"] * reps,
        team=[f"Team {number // 10}" for number in range(reps)],
        base_city=[f"City {number}" for number in home],
        base_latitude=city[home][:, 0],
        base_longitude=city[home][:, 1],
        time_zone=zone[home],
        selling_hours_week=rng.choice([24.0, 27.0, 30.0], reps),
        active_from=[pd.Timestamp(2024, 1, 8)] * reps,
    )
    off = rng.integers(0, 11, reps)
    starts = [pd.Timestamp(2026, 11, 16) + pd.Timedelta(weeks=int(week)) for week in off]
    tables["leave"] = _table(
        "leave",
        leave_id=[f"L-{number:04d}" for number in range(reps)],
        rep_id=rep_ids,
        starts=starts,
        ends=[day + pd.Timedelta(days=4) for day in starts],
    )
    tables["quotas"] = _table(
        "quotas",
        quota_id=[f"Q-{number:03d}" for number in range(reps)],
        rep_id=rep_ids,
        starts=[pd.Timestamp(2026, 11, 1)] * reps,
        ends=[pd.Timestamp(2027, 1, 31)] * reps,
        amount=[900_000.0] * reps,
    )
    tables["territories"] = frame(
        "territories",
        [{"territory_id": f"T-{n}", "name": f"Territory {n}", "group": "All"} for n in range(4)],
    )
    tables["products"] = frame(
        "products",
        [
            {
                "product_id": f"P-{number}", "name": f"Product {number}", "category": "All",
                "subcategory": f"Line {number}", "live_from": date(2020, 1, 1),
            }
            for number in range(12)
        ],
    )  # fmt: skip
    tables["contacts"] = _contacts(ids, segment, rng)
    tables["orders"] = _orders(ids, rep_ids[owner], SPEND[segment], rng, AS_OF, 730, 8, "O")
    tables["opportunities"] = _deals(ids, rep_ids[owner], SPEND[segment], rng)
    tables["activities"] = _touches(ids, rep_ids[owner], rng, AS_OF, 180, 3, "X")
    return Book(f"bench-{seed}", AS_OF, "USD", tables, NO_QUALITY)


def later_book(book: Book, seed: int) -> Book:
    """Return the same book a quarter later, of `LATER`, with changes of many kinds."""
    rng = np.random.default_rng([seed, 1])
    tables = dict(book.tables)
    reps, accounts = tables["reps"].copy(), tables["accounts"].copy()
    gone = rng.choice(len(reps), max(1, len(reps) // 33), replace=False)
    reps.loc[gone, "active_to"] = pd.Timestamp(2026, 12, 31)
    fresh = reps.iloc[[0, 1]].assign(
        rep_id=["R-901", "R-902"], name=["New 1", "New 2"], active_from=pd.Timestamp(2027, 1, 4)
    )
    tables["reps"] = pd.concat([reps, fresh], ignore_index=True)
    moved = rng.random(len(accounts)) < 0.01
    accounts.loc[moved, "owner_id"] = rng.choice(reps["rep_id"].to_numpy(), int(moved.sum()))
    child = rng.choice(len(accounts), 10, replace=False)
    head = str(accounts["account_id"].iloc[int(child[0])])
    accounts.loc[child[1:], "parent_id"] = head
    tables["accounts"] = accounts
    ids = accounts["account_id"].to_numpy()
    owners = accounts["owner_id"].to_numpy()
    size = SPEND[accounts["segment"].str[-1].astype(int).to_numpy()]
    growth = np.where(rng.random(len(ids)) < 0.05, 2.0, 1.0)
    orders = _orders(ids, owners, size * growth, rng, LATER, 90, 1, "N")
    tables["orders"] = pd.concat([tables["orders"], orders], ignore_index=True)
    touches = _touches(ids, owners, rng, LATER, 90, 2, "Y")
    tables["activities"] = pd.concat([tables["activities"], touches], ignore_index=True)
    deals = tables["opportunities"].copy()
    fate = rng.random(len(deals))
    deals.loc[fate < 0.2, "stage"] = "won"
    deals.loc[(fate >= 0.2) & (fate < 0.35), "stage"] = "lost"
    slipped = (fate >= 0.35) & (fate < 0.5)
    deals.loc[slipped, "closes"] = deals.loc[slipped, "closes"] + pd.Timedelta(days=60)
    tables["opportunities"] = deals
    new = frame(
        "products",
        [
            {
                "product_id": "P-99", "name": "Product 99", "category": "All",
                "subcategory": "Line 99", "live_from": date(2027, 1, 4),
            }
        ],
    )  # fmt: skip
    tables["products"] = pd.concat([tables["products"], new], ignore_index=True)
    contacts = tables["contacts"]
    tables["contacts"] = contacts[rng.random(len(contacts)) >= 0.01].reset_index(drop=True)
    return replace(book, book_id=f"{book.book_id}-later", as_of=LATER, tables=tables)


def _table(name: str, /, **columns: Any) -> pd.DataFrame:
    """A table of `domain.tables` from whole columns; the others are empty."""
    empty = frame(name, [])
    rows = len(next(iter(columns.values())))
    return pd.DataFrame(
        {
            column: pd.Series(columns.get(column, [None] * rows), dtype=empty[column].dtype)
            for column in empty.columns
        }
    )


def _zone(longitude: np.ndarray) -> np.ndarray:
    return np.digitize(longitude, [-115.0, -102.0, -87.0])


def _days(rng: np.random.Generator, count: int, last: date, back: int) -> list[pd.Timestamp]:
    first = pd.Timestamp(last - timedelta(days=back))
    return list(first + pd.to_timedelta(rng.integers(1, back, count), unit="D"))


def _contacts(ids: np.ndarray, segment: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    levels = np.array(["executive", "director", "manager", "manager"])[segment]
    return _table(
        "contacts",
        contact_id=[f"C-{key[2:]}" for key in ids],
        account_id=ids,
        name=[f"Person {key[2:]}" for key in ids],
        role=rng.choice(["economic buyer", "purchasing", "champion"], len(ids)),
        level=levels,
        attitude=rng.choice(["supportive", "neutral"], len(ids)),
        last_contact=_days(rng, len(ids), AS_OF, 200),
    )


def _orders(
    ids: np.ndarray,
    owners: np.ndarray,
    yearly: np.ndarray,
    rng: np.random.Generator,
    last: date,
    back: int,
    each: int,
    letter: str,
) -> pd.DataFrame:
    rows = np.repeat(np.arange(len(ids)), each)
    share = yearly[rows] * back / 365 / each
    numbers = [f"{letter}-{number:06d}" for number in range(len(rows))]
    return _table(
        "orders",
        order_line_id=numbers,
        order_id=numbers,
        account_id=ids[rows],
        rep_id=owners[rows],
        product_id=[f"P-{number}" for number in rng.integers(0, 12, len(rows))],
        ordered=_days(rng, len(rows), last, back),
        quantity=np.ones(len(rows), dtype=int),
        amount=np.round(share * np.exp(0.3 * rng.standard_normal(len(rows))), 2),
    )


def _deals(
    ids: np.ndarray, owners: np.ndarray, yearly: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    rows = np.flatnonzero(rng.random(len(ids)) < 0.2)
    closes = pd.Timestamp(AS_OF) + pd.to_timedelta(rng.integers(1, 180, len(rows)), unit="D")
    return _table(
        "opportunities",
        opportunity_id=[f"D-{number:05d}" for number in range(len(rows))],
        account_id=ids[rows],
        owner_id=owners[rows],
        name=[f"Deal {number}" for number in range(len(rows))],
        stage=rng.choice(STAGES, len(rows)),
        amount=np.round(0.3 * yearly[rows] * np.exp(0.3 * rng.standard_normal(len(rows))), 2),
        opened=_days(rng, len(rows), AS_OF, 120),
        closes=list(closes),
    )


def _touches(
    ids: np.ndarray,
    owners: np.ndarray,
    rng: np.random.Generator,
    last: date,
    back: int,
    each: int,
    letter: str,
) -> pd.DataFrame:
    rows = np.repeat(np.arange(len(ids)), each)
    return _table(
        "activities",
        activity_id=[f"{letter}-{number:06d}" for number in range(len(rows))],
        account_id=ids[rows],
        rep_id=owners[rows],
        kind=rng.choice(["call", "meeting", "email"], len(rows)),
        occurred=_days(rng, len(rows), last, back),
        minutes=rng.integers(15, 90, len(rows)),
    )
