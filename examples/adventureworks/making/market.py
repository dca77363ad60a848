"""Invented companies of the market that are no account yet, some of them relatives of accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from making.source import AS_OF, Source

SEED = 20261113
OTHERS = 260
_SOURCES = (
    ("Wheel Trade Register", "https://example.com/wheel-trade-register"),
    ("Cycling Retail Directory", "https://example.org/cycling-retail-directory"),
)
_INDUSTRY = {
    "Specialty Bike Shop": "Bicycle retail",
    "Value Added Reseller": "Bicycle services",
    "Warehouse": "Sporting goods wholesale",
}
_STAFF = {
    "Specialty Bike Shop": (2, 9),
    "Value Added Reseller": (2, 22),
    "Warehouse": (40, 140),
}
_REVENUE_A_HEAD = {
    "Specialty Bike Shop": 9_000,
    "Value Added Reseller": 5_000,
    "Warehouse": 3_500,
}
_FIRST = (
    "Amberline Barrowgate Chainwright Dovetail Elmstead Fernhollow Greywheel Harrowfield "
    "Ironlane Juniper Keystep Lanternhill Mossbank Narrowboat Overpass Pinecone Quillstone "
    "Rookwood Saltmarsh Thornbury Umberly Vellum Wayfarer Yarrow Zephyr"
).split()
_SECOND = {
    "Specialty Bike Shop": ("Cyclery", "Bike Studio", "Spoke Room", "Pedal House"),
    "Value Added Reseller": ("Wheel Services", "Fleet Cycling", "Bike Outfitters", "Ride Partners"),
    "Warehouse": ("Sporting Depot", "Outdoor Wholesale", "Leisure Stock", "Sports Supply Hall"),
}
# Parent, name, kind, staff, revenue, country, state, city, source, days before the book's date.
_RELATIVES = (
    ("A-697", "Brakes and Gears Orem", "Value Added Reseller", 9, 60_000, "US", "UT", "Orem", 0,
     21),
    ("A-697", "Wasatch Gearworks", "Value Added Reseller", 15, 90_000, "US", "UT", "Ogden", 1, 33),
    ("A-436", "Brazos Metal Cycles", "Specialty Bike Shop", 6, 50_000, "US", "TX", "Bryan", 0, 18),
    ("A-490", "Extraordinary Bike Works Arlington", "Warehouse", 71, 260_000, "US", "TX",
     "Arlington", 0, 40),
    ("A-670", "Cass County Wheel Repair", "Value Added Reseller", 8, 45_000, "US", "MO",
     "Harrisonville", 1, 12),
    ("A-154", "Camping and Sports Store Burnaby", "Warehouse", 55, 210_000, "CA", "BC", "Burnaby",
     0, 27),
    ("A-678", "Lakeshore Exercise Supply", "Warehouse", 62, 240_000, "CA", "ON", "Mississauga", 1,
     64),
    ("A-085", "Roadway Atelier Neuilly", "Value Added Reseller", 7, 40_000, "FR", "92",
     "Neuilly sur Seine", 1, 30),
    ("A-302", "Beste Räder Hanau", "Warehouse", 58, 230_000, "DE", "HE", "Hanau", 0, 51),
    ("A-520", "Metro Metals Croydon", "Warehouse", 66, 250_000, "GB", "ENG", "Croydon", 1, 15),
)  # fmt: skip
# What a good import tells of: twin, name as the source has it.
_ALREADY = (("A-072", "Outdoor Equipment Store Inc."), ("A-506", "GREAT BIKES LLC"))


@dataclass
class Market:
    """Rows of the file and what was planted in them."""

    rows: list[tuple[object, ...]]
    relatives: list[dict[str, object]]
    traps: list[dict[str, object]]


def build_market(source: Source) -> Market:
    """Invent the companies, the same ones each time."""
    random = Random(SEED)
    places = sorted(
        set(
            source.resellers[["CountryRegionCode", "StateProvinceCode", "City"]].itertuples(
                index=False, name=None
            )
        )
    )
    by_id = source.resellers.set_index("account_id")
    rows = [
        _row(parent, name, kind, staff, revenue, (country, state, city), which, ago)
        for parent, name, kind, staff, revenue, country, state, city, which, ago in _RELATIVES
    ]
    for parent, name in _ALREADY:
        twin = by_id.loc[parent]
        place = (twin["CountryRegionCode"], twin["StateProvinceCode"], twin["City"])
        kind = str(twin["BusinessType"])
        rows.append(_row("", name, kind, twin["NumberEmployees"], "", place, 0, 70))
    firsts = len(rows)
    taken: set[str] = set()
    while len(rows) < firsts + OTHERS:
        kind = random.choice(list(_INDUSTRY))
        name = f"{random.choice(_FIRST)} {random.choice(_SECOND[kind])}"
        place = random.choice(places)
        if (full := f"{name} {place[2]}") in taken:
            continue
        taken.add(full)
        staff = random.randint(*_STAFF[kind])
        revenue = staff * _REVENUE_A_HEAD[kind]
        which, ago = random.randint(0, 1), random.randint(9, 300)
        rows.append(_row("", full, kind, staff, revenue, place, which, ago))
    again = rows[firsts]
    rows.append(_row("", str(again[0]).upper(), str(again[3]), "", "", again[6:9], 1, 210))
    unsourced = list(rows[firsts + 1])
    unsourced[9:] = ["", "", None]
    rows[firsts + 1] = tuple(unsourced)
    numbered = [(f"M-{place:03d}", *row) for place, row in enumerate(rows, start=1)]
    return Market(numbered, _told(numbered), _traps(numbered, firsts))


def _row(
    parent: str,
    name: str,
    kind: str,
    staff: object,
    revenue: object,
    place: tuple[object, ...],
    which: int,
    ago: int,
) -> tuple[object, ...]:
    source, uri = _SOURCES[which]
    seen: date = AS_OF - timedelta(days=ago)
    return (name, parent, _INDUSTRY[kind], kind, staff, revenue, *place, source, uri, seen)


def _told(rows: list[tuple[object, ...]]) -> list[dict[str, object]]:
    return [{"company_id": row[0], "account_id": row[2], "name": row[1]} for row in rows if row[2]]


def _traps(rows: list[tuple[object, ...]], firsts: int) -> list[dict[str, object]]:
    first = firsts - len(_ALREADY)
    traps: list[dict[str, object]] = [
        {
            "kind": "already_an_account",
            "account_id": twin,
            "rows": [rows[first + place][0], twin],
            "expect": "quality",
            "text": f"{name} is {twin}: the market data spells an account otherwise.",
        }
        for place, (twin, name) in enumerate(_ALREADY)
    ]
    traps.append(
        {
            "kind": "company_listed_twice",
            "rows": [rows[-1][0]],
            "expect": "quality",
            "text": f"{rows[-1][1]} is {rows[firsts][0]} in capitals.",
        }
    )
    traps.append(
        {
            "kind": "company_without_source",
            "rows": [rows[firsts + 1][0]],
            "expect": "quality",
            "text": f"{rows[firsts + 1][1]} has neither source nor date.",
        }
    )
    return traps
