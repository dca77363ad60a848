"""Write the book of one rep with 200 accounts in four tiers: `python build_tiers.py`.

Everything is invented. The seed is fixed: the same bytes each time.

Comparable accounts are those of one kind of business. Of each kind most spend the same a
year, some less and some more, so that the median, which is the potential, is that round
figure: 10 x 250,000, 25 x 112,000, 60 x 40,000, 30 x 15,000 and 75 x 14,000 are 9.2M. Those
who spend more did not the year before and order without a rhythm, so that it proves nothing.
The quota is for new business: most orders come through the web shop, which inside sales runs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "adventureworks"))

from making.files import write_csv  # noqa: E402

SEED = 20261113
AS_OF = date(2026, 11, 13)
REP, SHOP = "R-1", "S-1"


@dataclass(frozen=True)
class Kind:
    """One kind of business: how many spend less than usual, as usual and more, and how much.

    `touches` a week are those of the last thirteen weeks; `people` the levels known there.
    """

    name: str
    counts: tuple[int, int, int]
    spends: tuple[int, int, int]
    touches: float
    people: tuple[str, ...]
    staff: int


KINDS = (
    Kind("Group", (2, 5, 3), (151_000, 250_000, 280_000), 1.6,
         ("executive", "director", "manager"), 900),
    Kind("Chain", (5, 11, 9), (75_200, 112_000, 126_000), 0.8, ("director", "manager"), 240),
    Kind("Store", (12, 27, 21), (34_050, 40_000, 43_400), 0.2, ("manager",), 45),
    Kind("Kiosk", (6, 14, 10), (13_000, 15_000, 16_500), 1 / 13, (), 8),
    Kind("Corner shop", (15, 34, 26), (12_000, 14_000, 15_400), 1 / 13, (), 5),
)  # fmt: skip
TEAM = (
    ("M-1", "Hester Lang", "manager", "", 24),
    ("R-1", "Julian Baptiste", "rep", "M-1", 30),
    ("S-1", "Kemal Demir", "inside_sales", "M-1", 30),
    ("S-2", "Livia Brandt", "solution_engineering", "M-1", 28),
    ("S-3", "Moira Keane", "customer_success", "M-1", 28),
)
CITIES = (
    ("Columbus", "OH", 39.96118, -82.99879),
    ("Dayton", "OH", 39.75895, -84.19161),
    ("Cincinnati", "OH", 39.12711, -84.51439),
    ("Akron", "OH", 41.08144, -81.51901),
    ("Toledo", "OH", 41.66394, -83.55521),
    ("Fort Wayne", "IN", 41.1306, -85.12886),
    ("Pittsburgh", "PA", 40.44062, -79.99589),
    ("Cleveland", "OH", 41.4995, -81.69541),
)
PRODUCTS = (
    ("P-1", "Counter scale", "Scales", "Counter scales", 240),
    ("P-2", "Floor scale", "Scales", "Floor scales", 980),
    ("P-3", "Till C2", "Tills", "Tills", 1450),
    ("P-4", "Self-checkout", "Tills", "Self-checkouts", 8200),
    ("P-5", "Shelf label", "Labels", "Shelf labels", 11),
    ("P-6", "Label printer", "Labels", "Printers", 390),
)
_ONE = "Amber Birch Cedar Dover Ember Fern Garnet Hazel Ivory Juniper Kestrel Larch Maple".split()
_TWO = "Bridge Corner Court Dale Field Gate Grove Hill Lane Market Mill Park Row Square".split()
_THREE = {"Group": "Group", "Chain": "Stores", "Store": "Foods", "Kiosk": "Kiosk"}
_FIRST = "Ada Bert Cleo Dirk Edna Finn Gwen Hugo Ines Jude Kara Leon Mina Nils Opal".split()
_LAST = "Abbot Barr Crane Doyle Ellis Frost Grant Hale Irwin Joyce Knox Lowe Mason".split()
_TITLES = {
    "executive": ("Chief Operating Officer", "economic buyer", "high"),
    "director": ("Director of Store Systems", "technical evaluator", "high"),
    "manager": ("Purchasing Manager", "purchasing", "medium"),
}


@dataclass(frozen=True)
class Account:
    """One account; `band` 0 spends less than its kind, 1 as usual, 2 more."""

    key: str
    name: str
    kind: Kind
    band: int
    city: tuple[str, str, float, float]


def accounts() -> list[Account]:
    """Return the 200 accounts, the largest kinds first."""
    random = Random(f"{SEED}/names")
    names = [f"{one} {two}" for one in _ONE for two in _TWO]
    random.shuffle(names)
    names += [f"{one} {two}" for one in ("Upper", "Lower") for two in _TWO]
    made: list[Account] = []
    for kind in KINDS:
        bands = [band for band, count in enumerate(kind.counts) for _ in range(count)]
        for band in bands:
            name = f"{names[len(made)]} {_THREE.get(kind.name, 'Corner Shop')}"
            city = CITIES[random.randrange(len(CITIES))]
            made.append(Account(f"A-{len(made) + 1:03d}", name, kind, band, city))
    return made


def build(out: Path) -> dict[str, int]:
    """Write every table into `out` and return the number of rows by file."""
    book = accounts()
    people = list(_contacts(book))
    touches = list(_touches(book, people))
    last: dict[str, date] = {}
    for _, _, who, _, _, when, _, _ in touches:
        last[str(who)] = max(last.get(str(who), when), when)
    tables = {
        "Account.csv": (
            "Id Name ParentId OwnerId Territory__c Industry Type NumberOfEmployees "
            "BillingCountryCode BillingStateCode BillingCity BillingLatitude BillingLongitude "
            "Location_Precision__c TimeZone__c Language__c LastModifiedDate",
            (
                (
                    one.key, one.name, "", REP, "T-1", "Food retail", one.kind.name,
                    one.kind.staff, "US", one.city[1], one.city[0], *one.city[2:], "city",
                    "America/New_York", "English", date(2026, 10, 30),
                )
                for one in book
            ),
        ),
        "Contact.csv": (
            "Id AccountId Name Title Buying_Role__c Level__c Influence__c Attitude__c "
            "LastActivityDate",
            ((*row, last.get(row[0])) for row in people),
        ),
        "User.csv": (
            "Id Name Function__c ManagerId Department City Latitude__c Longitude__c "
            "TimeZoneSidKey Selling_Hours__c Start_Date__c Languages__c",
            (
                (*row[:4], "Midwest", "Columbus", 39.96118, -82.99879, "America/New_York", row[4],
                 date(2023, 1, 9), "English")
                for row in TEAM
            ),
        ),
        "Leave__c.csv": (
            "Id User__c Starts__c Ends__c Reason__c",
            [("L-1", REP, date(2026, 12, 24), date(2027, 1, 1), "company holiday")],
        ),
        "ForecastingQuota.csv": (
            "Id QuotaOwnerId StartDate EndDate__c QuotaAmount",
            [
                ("Q-1", REP, date(2026, 10, 1), date(2026, 12, 31), "360000.00"),
                ("Q-2", REP, date(2027, 1, 1), date(2027, 3, 31), "360000.00"),
            ],
        ),
        "Territory2.csv": (
            "Id Name Country__c Group__c",
            [("T-1", "Ohio and around", "United States", "Midwest")],
        ),
        "Product2.csv": ("Id Name Family Line__c ListPrice__c", PRODUCTS),
        "OrderItem.csv.gz": (
            "Id OrderId AccountId Rep__c Product2Id EffectiveDate Quantity TotalPrice",
            _lines(book),
        ),
        "Opportunity.csv": (
            "Id AccountId OwnerId Name StageName Amount CreatedDate CloseDate",
            _deals(book),
        ),
        "Task.csv": (
            "Id AccountId WhoId OwnerId TaskSubtype ActivityDate DurationInMinutes Subject",
            touches,
        ),
        "IntentSignal__c.csv": (
            "Id Account__c Topic__c Strength__c Observed__c Source__c",
            (
                (f"I-{place:02d}", one.key, "Tills", 2, AS_OF - timedelta(days=10 + place),
                 "Price list requested")
                for place, one in enumerate(_more(book, "Store"), start=1)
            ),
        ),
    }  # fmt: skip
    return {
        name: write_csv(out / name, header.split(), rows) for name, (header, rows) in tables.items()
    }


def _more(book: list[Account], kind: str) -> list[Account]:
    return [one for one in book if one.kind.name == kind and one.band == 2]


def _contacts(book: list[Account]) -> Iterator[tuple[str, ...]]:
    random = Random(f"{SEED}/people")
    for one in book:
        for place, level in enumerate(one.kind.people, start=1):
            title, role, influence = _TITLES[level]
            name = f"{random.choice(_FIRST)} {random.choice(_LAST)}"
            attitude = random.choice(("supportive", "neutral", ""))
            yield (
                f"C-{one.key[2:]}-{place}", one.key, name, title, role, level, influence, attitude,
            )  # fmt: skip


def _touches(
    book: list[Account], people: list[tuple[str, ...]]
) -> Iterator[tuple[str, str, str, str, str, date, int, str]]:
    random = Random(f"{SEED}/touches")
    known: dict[str, list[str]] = {}
    for row in people:
        known.setdefault(row[1], []).append(row[0])
    rows = []
    for one in book:
        for turn in range(round(13 * one.kind.touches)):
            week = int(turn / one.kind.touches)
            when = AS_OF - timedelta(days=88 - 7 * week - random.randrange(5))
            when -= timedelta(days=max(0, when.weekday() - 4))
            kind = random.choice(("call", "call", "email", "email", "meeting", "visit"))
            who = known.get(one.key, [""])
            kind = kind if who[0] else "email"
            minutes = {"call": 20, "email": 10, "meeting": 45, "visit": 90}[kind]
            rows.append((when, one.key, who[turn % len(who)], kind, minutes))
    for place, (when, key, who, kind, minutes) in enumerate(sorted(rows), start=1):
        yield f"T-{place:03d}", key, who, REP, kind, when, minutes, f"{kind.title()}: next order"


def _deals(book: list[Account]) -> Iterator[tuple[object, ...]]:
    """Yield 14 deals of 580,000 that close in the quarter, and six won before it."""
    groups = [one for one in book if one.kind.name == "Group"]
    at = [*_more(book, "Group"), *groups[:2], *_more(book, "Chain")]
    amounts = (90, 80, 70, 50, 50, 30, 30, 28, 28, 26, 26, 24, 24, 24)
    for place, (one, amount) in enumerate(zip(at, amounts, strict=True), start=1):
        stage = "negotiation" if place % 3 == 0 else "proposal"
        opened, closes = date(2026, 8, 3), date(2026, 12, 1)
        yield (
            f"O-{place:02d}", one.key, REP, "Tills for spring", stage, f"{amount}000.00",
            opened + timedelta(days=5 * place), closes + timedelta(days=2 * place),
        )  # fmt: skip
    chains = [one for one in book if one.kind.name == "Chain"]
    for place, (one, amount) in enumerate(zip(chains, (36, 34, 33, 30, 29, 27), strict=False), 15):
        opened = date(2026, 1, 12) + timedelta(days=14 * (place - 15))
        yield (
            f"O-{place:02d}", one.key, REP, "Label printers", "won", f"{amount}000.00", opened,
            opened + timedelta(days=61),
        )  # fmt: skip


def _lines(book: list[Account]) -> Iterator[tuple[object, ...]]:
    """Yield orders of two years: one a quarter, or three uneven ones of those who spend more."""
    number = 0
    for one in book:
        random = Random(f"{SEED}/orders/{one.key}")
        product = random.choice(PRODUCTS)
        spend, usual = one.kind.spends[one.band], one.kind.spends[1]
        back = random.randrange(36, 60)
        if one.band < 2:
            orders = [(back + 91 * turn, spend / 4) for turn in range(8)]
        else:
            orders = [(back, spend / 2), (back + 50, spend / 4), (back + 200, spend / 4)]
            orders += [(days + 366, amount * usual / spend) for days, amount in orders]
        seller = REP if one.kind.name == "Store" and one.band == 2 else SHOP
        for days, amount in sorted(orders, reverse=True):
            number += 1
            yield (
                f"S{number:04d}-1", f"S{number:04d}", one.key, seller, product[0],
                AS_OF - timedelta(days=days), max(1, round(amount / product[4])), f"{amount:.2f}",
            )  # fmt: skip


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="where to write; here by default")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, rows in build(arguments.out).items():
        print(f"{name:24} {rows:5,} rows")


if __name__ == "__main__":
    main()
