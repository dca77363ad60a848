"""Carry the first example book on by one quarter: `python build_next.py`.

Reads the files of `examples/adventureworks` and `documents.toml`, and nothing else. The
same files give the same bytes. Everything after 13 November 2026 is synthetic.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIRST = HERE.parent / "adventureworks"
sys.path[:0] = [str(HERE), str(FIRST)]

from continuing import deals, orders, quotas, touches  # noqa: E402
from continuing.book import Leave, Row, read  # noqa: E402
from continuing.planted import (  # noqa: E402
    ACQUIRED,
    GONE_CONTACTS,
    JOINER,
    LEAVER,
    MERGED,
    NEW_LINE,
    NEW_LINE_FROM,
    NEW_PRODUCTS,
    NEW_SIGNALS,
    OWNER_MOVES,
    RENAMED,
    REPRICED,
    RETITLED,
    RETYPED,
    TOUCHED_UP,
    change,
)
from making.files import write_csv  # noqa: E402

_LEAVE = (
    ("R-297", "2027-02-15", "2027-02-17", "training"),
    ("R-281", "2027-03-08", "2027-03-12", "holiday"),
    ("R-286", "2027-03-22", "2027-03-26", "holiday"),
    ("R-288", "2027-03-26", "2027-03-29", "public holiday"),
    ("R-290", "2027-03-26", "2027-03-29", "public holiday"),
    ("R-292", "2027-03-29", "2027-03-29", "public holiday"),
    ("R-295", "2027-03-26", "2027-03-29", "public holiday"),
    ("R-294", "2027-03-26", "2027-03-29", "public holiday"),
    ("R-296", "2027-03-26", "2027-03-29", "public holiday"),
)
_COMPRESSED = ("MarketCompany__c", "OrderItem", "Product2", "Task")


def build(out: Path, first: Path = FIRST) -> dict[str, int]:
    """Write every file of the book into `out` and return the number of rows by file."""
    tables = {name: read(first, name) for name in _names(first)}
    headers = {name: list(rows[0]) for name, rows in tables.items()}
    owners = {row["Id"]: row["OwnerId"] for row in tables["Account"] if row["Id"] not in MERGED}
    first_lines = tables["OrderItem"]
    off_sale = frozenset(row["Id"] for row in tables["Product2"] if row["Live_To__c"])
    new_lines, ordered = orders.carry_on(first_lines, owners, off_sale)
    groups = {row["Id"]: row["Group__c"] for row in tables["Territory2"]}
    size = touches.sizes(tables["Account"], groups, _spend(first_lines))
    tables["OrderItem"] = first_lines + new_lines
    tables["Task"] = touches.carry_on(
        tables["Task"],
        owners,
        size,
        tables["Contact"],
        Leave(tables["Leave__c"], tables["User"]),
    )
    tables["Opportunity"] = deals.carry_on(
        tables["Opportunity"], owners, ordered, _last_amounts(first_lines)
    )
    tables["ForecastingQuota"] = quotas.carry_on(tables["ForecastingQuota"])
    tables["Leave__c"] += [
        {"Id": f"L-{number:03d}", "User__c": rep, "Starts__c": a, "Ends__c": b, "Reason__c": why}
        for number, (rep, a, b, why) in enumerate(_LEAVE, start=len(tables["Leave__c"]) + 1)
    ]
    _accounts(tables)
    _people(tables)
    _products(tables)
    _texts(tables)
    counts = {}
    for name in sorted(tables):
        end = ".csv.gz" if name in _COMPRESSED else ".csv"
        counts[name + end] = write_csv(
            out / f"{name}{end}",
            headers[name],
            ([row[column] for column in headers[name]] for row in tables[name]),
        )
    return counts


def _names(folder: Path) -> list[str]:
    """Return the names of the tables in a folder."""
    return sorted(path.name.split(".")[0] for path in folder.iterdir() if ".csv" in path.name)


def _spend(lines: list[Row]) -> dict[str, float]:
    """Return net spend by account in the twelve months up to the first book."""
    found: dict[str, Decimal] = {}
    for row in lines:
        if row["EffectiveDate"] > "2025-11-13":
            had = found.get(row["AccountId"], Decimal(0))
            found[row["AccountId"]] = had + Decimal(row["TotalPrice"])
    return {key: float(amount) for key, amount in found.items()}


def _last_amounts(lines: list[Row]) -> dict[str, Decimal]:
    """Return the amount of the latest order by account."""
    found: dict[str, tuple[str, Decimal]] = {}
    for row in lines:
        when, amount = found.get(row["AccountId"], ("", Decimal(0)))
        if row["EffectiveDate"] >= when:
            amount = amount if row["EffectiveDate"] == when else Decimal(0)
            found[row["AccountId"]] = (row["EffectiveDate"], amount + Decimal(row["TotalPrice"]))
    return {key: amount for key, (_, amount) in found.items()}


def _accounts(tables: dict[str, list[Row]]) -> None:
    """Merge, move and retype accounts, and date the rows that were edited."""
    rows = [row for row in tables["Account"] if row["Id"] not in MERGED]
    edited: dict[str, str] = {}
    for name, column in (("OrderItem", "EffectiveDate"), ("Task", "ActivityDate")):
        for row in tables[name]:
            edited[row["AccountId"]] = max(edited.get(row["AccountId"], ""), row[column])
    for row in rows:
        row["LastModifiedDate"] = max(row["LastModifiedDate"], edited.get(row["Id"], ""))
    change(rows, {key: {"OwnerId": owner} for key, (owner, _) in OWNER_MOVES.items()})
    change(rows, {key: {"ParentId": parent} for key, parent in ACQUIRED.items()})
    change(rows, {key: {"Name": name} for key, name in RENAMED.items()})
    change(rows, RETYPED)
    change(rows, TOUCHED_UP)
    tables["Account"] = rows


def _people(tables: dict[str, list[Row]]) -> None:
    """Let one rep leave and one join, and bring the contacts up to date."""
    change(tables["User"], {LEAVER[0]: {"End_Date__c": LEAVER[1].isoformat()}})
    tables["User"] = sorted([*tables["User"], dict(JOINER)], key=lambda row: row["Id"])
    latest: dict[str, str] = {}
    for row in tables["Task"]:
        latest[row["WhoId"]] = max(latest.get(row["WhoId"], ""), row["ActivityDate"])
    contacts = [row for row in tables["Contact"] if row["Id"] not in GONE_CONTACTS]
    for row in contacts:
        row["LastActivityDate"] = max(row["LastActivityDate"], latest.get(row["Id"], ""))
    change(contacts, {key: {"Title": title} for key, title in RETITLED.items()})
    tables["Contact"] = contacts
    for row in tables["Task"]:  # a person who left is no longer in the export
        if row["WhoId"] in GONE_CONTACTS:
            row["WhoId"] = ""


def _products(tables: dict[str, list[Row]]) -> None:
    """Bring a product line on sale, and change one price."""
    change(tables["Product2"], {key: {"ListPrice__c": price} for key, price in REPRICED.items()})
    tables["Product2"] += [
        {
            "Id": key,
            "Name": name,
            "Family": "Bikes",
            "Line__c": NEW_LINE,
            "ListPrice__c": price,
            "Live_From__c": NEW_LINE_FROM,
            "Live_To__c": "",
        }
        for key, name, price in NEW_PRODUCTS
    ]
    tables["Product2"].sort(key=lambda row: row["Id"])


def _texts(tables: dict[str, list[Row]]) -> None:
    """Add the documents written for this book, and the signs of interest."""
    written = tomllib.loads((HERE / "documents.toml").read_text(encoding="utf-8"))["document"]
    for item in written:
        when = item["date"].isoformat()
        tables["Document__c"].append(
            {
                "Id": item["id"],
                "Account__c": item.get("account", ""),
                "Segment__c": item.get("segment", ""),
                "Kind__c": item["kind"],
                "Title": item["title"],
                "Author__c": item["author"],
                "Author_Class__c": item.get("class", "internal"),
                "Publisher__c": item.get("publisher", ""),
                "Uri__c": item.get("uri", ""),
                "Published__c": when,
                "Retrieved__c": item.get("retrieved", item["date"]).isoformat(),
                "Text__c": item["text"].strip(),
            }
        )
    tables["Document__c"].sort(key=lambda row: row["Id"])
    number = len(tables["IntentSignal__c"])
    tables["IntentSignal__c"] += [
        {
            "Id": f"I-{number + place:03d}",
            "Account__c": account,
            "Topic__c": topic,
            "Strength__c": strength,
            "Observed__c": seen,
            "Source__c": source,
        }
        for place, (account, topic, strength, seen, source) in enumerate(NEW_SIGNALS, start=1)
    ]


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="where to write; here by default")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, rows in build(arguments.out).items():
        size = (arguments.out / name).stat().st_size
        print(f"{name:24} {rows:7,} rows {size:10,} bytes")


if __name__ == "__main__":
    main()
