"""Write the book of one strategic customer: `python build_customer.py`.

Everything is invented. The seed is fixed: the same bytes each time.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "adventureworks"))

from making.files import write_csv  # noqa: E402

SEED = 20261113
AS_OF = date(2026, 11, 13)
HEAD = "U-00"

PLAN = tomllib.loads((HERE / "customer.toml").read_text(encoding="utf-8"))
UNITS: list[dict[str, Any]] = PLAN["unit"]
OWNERS = {HEAD: "R-11", **{unit["id"]: unit["owner"] for unit in UNITS}}
TEAM = (
    ("R-10", "Adele Fontana", "manager", "", 24),
    ("R-11", "Bruno Halloway", "rep", "R-10", 24),
    ("R-12", "Chidi Okafor", "rep", "R-10", 24),
    ("R-13", "Dagny Solberg", "rep", "R-10", 24),
    ("R-14", "Emre Aksoy", "rep", "R-10", 24),
    ("S-15", "Farida Nasser", "solution_engineering", "R-10", 24),
)
PRODUCTS = (
    ("P-01", "Drive 7", "Drives", "Motor drives", 1250),
    ("P-02", "Drive 22", "Drives", "Motor drives", 2900),
    ("P-03", "Controller C4", "Controls", "Controllers", 1800),
    ("P-04", "Panel P9", "Controls", "Operator panels", 950),
    ("P-05", "Sensor S1", "Sensing", "Sensors", 140),
    ("P-06", "Camera V3", "Sensing", "Inspection cameras", 3200),
    ("P-07", "Service plan", "Services", "Service plans", 6000),
    ("P-08", "Training day", "Services", "Training", 1500),
)
_FIRST = "Alice Boris Carmen Dario Elena Felix Greta Hassan Ivana Jorge Klara Lionel".split()
_LAST = "Ambrose Bright Castell Delgado Ericson Fairley Gustaf Holm Iversen Jarrett Koenig".split()
_TITLES = {
    "executive": ("Plant Manager", "economic buyer", "high"),
    "director": ("Head of Engineering", "technical evaluator", "high"),
    "manager": ("Purchasing Manager", "purchasing", "medium"),
}


def build(out: Path) -> dict[str, int]:
    """Write every table into `out` and return the number of rows by file."""
    contacts = list(_contacts())
    touches = list(_touches(contacts))
    last: dict[str, date] = {}
    for _, _, who, _, _, when, _, _ in touches:
        last[who] = max(last.get(who, when), when)
    tables = {
        "Account": (
            "Id Name ParentId OwnerId Territory__c Industry Type NumberOfEmployees "
            "BillingCountryCode BillingStateCode BillingCity BillingLatitude BillingLongitude "
            "Location_Precision__c TimeZone__c Language__c LastModifiedDate",
            _accounts(),
        ),
        "Contact": (
            "Id AccountId Name Title Buying_Role__c Level__c Influence__c Attitude__c "
            "LastActivityDate",
            ((*row, last.get(row[0])) for row in contacts),
        ),
        "User": (
            "Id Name Function__c ManagerId Department City Latitude__c Longitude__c "
            "TimeZoneSidKey Selling_Hours__c Start_Date__c Languages__c",
            (
                (*row[:4], "Merrow", "Columbus", 39.96118, -82.99879, "America/New_York", row[4],
                 date(2023, 1, 9), "English")
                for row in TEAM
            ),
        ),
        "Leave__c": (
            "Id User__c Starts__c Ends__c Reason__c",
            (
                (f"L-{place}", row[0], "2026-12-24", "2027-01-01", "company holiday")
                for place, row in enumerate(TEAM, start=1)
            ),
        ),
        "ForecastingQuota": ("Id QuotaOwnerId StartDate EndDate__c QuotaAmount", _quotas()),
        "Territory2": (
            "Id Name Country__c Group__c",
            [("T-1", "Merrow Industries", "United States", "Midwest")],
        ),
        "Product2": ("Id Name Family Line__c ListPrice__c", PRODUCTS),
        "OrderItem": (
            "Id OrderId AccountId Rep__c Product2Id EffectiveDate Quantity TotalPrice",
            _lines(),
        ),
        "Opportunity": (
            "Id AccountId OwnerId Name StageName Amount CreatedDate CloseDate",
            (
                (
                    f"O-{place:02d}", deal["unit"], OWNERS[deal["unit"]], deal["name"],
                    deal["stage"], f"{deal['amount']}.00", deal["opened"], deal["closes"],
                )
                for place, deal in enumerate(PLAN["deal"], start=1)
            ),
        ),
        "Task": (
            "Id AccountId WhoId OwnerId TaskSubtype ActivityDate DurationInMinutes Subject",
            touches,
        ),
        "Document__c": (
            "Id Account__c Kind__c Title Author__c Author_Class__c Published__c Retrieved__c "
            "Text__c",
            (
                (
                    f"D-{place:02d}", note["unit"], note["kind"], note["title"], note["author"],
                    "internal", note["date"], note["date"], note["text"],
                )
                for place, note in enumerate(PLAN["note"], start=1)
            ),
        ),
    }  # fmt: skip
    return {
        f"{name}.csv": write_csv(out / f"{name}.csv", header.split(), rows)
        for name, (header, rows) in tables.items()
    }


def _accounts() -> Iterator[tuple[object, ...]]:
    yield (
        HEAD, "Merrow Industries", "", "R-11", "T-1", "Vehicle parts", "Head office", 240, "US",
        "OH", "Columbus", 39.96118, -82.99879, "city", "America/New_York", "English",
        date(2026, 10, 22),
    )  # fmt: skip
    for unit in UNITS:
        yield (
            unit["id"], unit["name"], HEAD, unit["owner"], "T-1", "Vehicle parts",
            unit["segment"], unit["people"], "US", unit["region"], unit["city"],
            unit["latitude"], unit["longitude"], "city", "America/New_York", "English",
            date(2026, 11, 6),
        )  # fmt: skip


def _contacts() -> Iterator[tuple[str, ...]]:
    """Yield two or three people of each unit, the highest level of the unit among them."""
    random = Random(f"{SEED}/people")
    names = [f"{first} {last}" for last in _LAST for first in _FIRST]
    random.shuffle(names)
    yield (
        "C-00-1", HEAD, names.pop(), "Chief Operating Officer", "executive sponsor", "executive",
        "high", "neutral",
    )  # fmt: skip
    for unit in UNITS:
        key = unit["id"]
        levels = {"executive": 3, "director": 2, "manager": 1}[unit["level"]]
        for place, each in enumerate(("manager", "director", "executive")[:levels], start=1):
            title, role, influence = _TITLES[each]
            attitude = random.choice(("supportive", "neutral", "neutral", ""))
            yield (
                f"C-{key[2:]}-{place}", key, names.pop(), title, role, each, influence, attitude,
            )  # fmt: skip


def _touches(contacts: list[tuple[str, ...]]) -> Iterator[tuple[object, ...]]:
    """Yield touches of 180 days: weekly at units that buy, every third week at the others."""
    random = Random(f"{SEED}/touches")
    rows = []
    for key, every in [(HEAD, 8), *((unit["id"], 1 if unit["spend"] else 3) for unit in UNITS)]:
        people = [row[0] for row in contacts if row[1] == key]
        for week in range(0, 25, every):
            when = AS_OF - timedelta(days=179 - 7 * week - random.randrange(5))
            when -= timedelta(days=max(0, when.weekday() - 4))
            kind = random.choice(("call", "call", "email", "meeting", "visit"))
            minutes = {"call": 20, "email": 10, "meeting": 45, "visit": 90}[kind]
            rows.append((when, key, random.choice(people), kind, minutes))
    for place, (when, key, who, kind, minutes) in enumerate(sorted(rows), start=1):
        yield f"T-{place:03d}", key, who, OWNERS[key], kind, when, minutes, f"{kind.title()}: plan"


def _quotas() -> Iterator[tuple[object, ...]]:
    """Yield quarterly quotas that lead from 2M to 4M a year."""
    number = 0
    for start, end, share in (
        (date(2026, 10, 1), date(2026, 12, 31), 150_000),
        (date(2027, 1, 1), date(2027, 3, 31), 175_000),
        (date(2027, 4, 1), date(2027, 6, 30), 200_000),
    ):
        for rep in ("R-11", "R-12", "R-13", "R-14"):
            number += 1
            yield f"Q-{number:02d}", rep, start, end, f"{share}.00"


def _lines() -> Iterator[tuple[object, ...]]:
    """Yield quarterly orders of two years; the last four of a unit add up to its spend."""
    number = 0
    for place, unit in enumerate(UNITS):
        key, owner, spend = unit["id"], unit["owner"], unit["spend"]
        if not spend:
            continue
        random = Random(f"{SEED}/orders/{key}")
        first = 2 + place % 4  # how many lines of product the unit buys
        products = sorted(random.sample(PRODUCTS, first))
        for quarter in range(8):
            when = AS_OF - timedelta(days=7 + 5 * place + 91 * (7 - quarter))
            cents = spend * 100 // 4 if quarter >= 4 else spend * 85 // 4
            number += 1
            for line, (product, *_, price) in enumerate(products, start=1):
                part = cents // len(products)
                part += cents % len(products) if line == len(products) else 0
                quantity = max(1, round(part / 100 / price))
                order, amount = f"S{number:03d}", f"{part // 100}.{part % 100:02d}"
                yield f"{order}-{line}", order, key, owner, product, when, quantity, amount


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
