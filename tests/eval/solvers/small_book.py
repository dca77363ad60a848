"""A small company as CSV files, and the same a quarter later. Everything in it is invented."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

AS_OF, LATER = date(2026, 11, 13), date(2027, 2, 12)
HERS, FOREIGN = "A-01", "A-09"
"""An account of Ana Brandt's, and one of Bo Lindt's."""
FOREIGN_NAMES = ("Kestrel Pumps", "Greta Holm")
MOVED = "A-04"
"""The account that goes from Ana to Bo by the later book."""
SLIPPED = f"account:{HERS}/opportunity:O-1"
"""The deal whose day of close lies between the books, and which is still open."""
NOTE = (
    "We open a second hall on 1 March 2027 and need the pumps before that day. "
    "The old supplier is slow."
)
_NAMES = (
    "Alder Mills", "Birch Foods", "Cedar Works", "Dune Textiles", "Elm Paper", "Fern Dairies",
    "Gorse Metal", "Hazel Glass", "Kestrel Pumps", "Larch Timber", "Maple Print", "Nettle Yarn",
)  # fmt: skip
_PEOPLE = (
    "Ida Falk", "Olaf Brenner", "Nils Arden", "Vera Stolz", "Jonas Reiff", "Clara Wend",
    "Tom Ebert", "Maud Lorenz", "Greta Holm", "Emil Sander", "Rosa Thiel", "Paul Vogt",
)  # fmt: skip


def write_book(folder: Path, *, later: bool = False) -> Path:
    """Write the book into a folder and return it."""
    folder.mkdir(parents=True)
    as_of = LATER if later else AS_OF
    (folder / "book.toml").write_text(
        f'name = "Small"\nas_of = {as_of.isoformat()}\ncurrency = "USD"\n', encoding="utf-8"
    )
    (folder / "people.toml").write_text(_PEOPLE_FILE, encoding="utf-8")
    ids = [f"A-{number:02}" for number in range(1, len(_NAMES) + 1)]
    owners = {account: "R-1" if number < 8 else "R-2" for number, account in enumerate(ids)}
    if later:
        owners[MOVED] = "R-2"
    _table(folder, "reps", "rep_id,name,function,manager_id,team", _REPS)
    _table(
        folder,
        "accounts",
        "account_id,name,owner_id,segment,employees",
        (
            (account, name, owners[account], "Plant", 60 + number)
            for number, (account, name) in enumerate(zip(ids, _NAMES, strict=True))
        ),
    )
    _table(
        folder,
        "products",
        "product_id,name,category,subcategory",
        ((f"P-{n}", f"Pump {n}", "Pumps", f"Line {n}") for n in range(1, 4)),
    )
    _table(folder, "orders", _ORDER_COLUMNS, _orders(ids, owners, as_of))
    _table(folder, "contacts", _CONTACT_COLUMNS, _contacts(ids, as_of - timedelta(days=24)))
    _table(
        folder,
        "opportunities",
        "opportunity_id,account_id,owner_id,name,stage,amount,opened,closes",
        [("O-1", HERS, "R-1", "Second hall", "proposal", 52000, "2026-09-01", "2026-12-18")],
    )
    _table(
        folder,
        "activities",
        "activity_id,account_id,contact_id,rep_id,kind,occurred,minutes",
        (
            (f"T-{number}", account, f"C-{account}-1", owners[account], "call", "2026-10-20", 30)
            for number, account in enumerate(ids)
        ),
    )
    _table(
        folder,
        "quotas",
        "quota_id,rep_id,starts,ends,amount",
        [(f"Q-{rep}", rep, "2026-10-01", "2026-12-31", 300000) for rep in ("R-1", "R-2")],
    )
    _table(
        folder,
        "documents",
        "document_id,account_id,kind,title,author,author_class,published,text",
        [("D-1", HERS, "note", "Second hall", "Ana Brandt", "internal", "2026-11-02", NOTE)],
    )
    return folder


_ORDER_COLUMNS = "order_line_id,order_id,account_id,rep_id,product_id,ordered,quantity,amount"
_CONTACT_COLUMNS = "contact_id,account_id,name,title,role,level,influence,attitude,last_contact"
_REPS = [
    ("M-1", "Mona Keller", "manager", "", "North"),
    ("R-1", "Ana Brandt", "rep", "M-1", "North"),
    ("R-2", "Bo Lindt", "rep", "M-1", "North"),
]
_PEOPLE_FILE = """workspace = "small"
default = "revops"

[[people]]
id = "revops"
name = "Revenue operations"
roles = ["revops"]
everything = true

[[people]]
id = "mona"
name = "Mona Keller"
roles = ["manager"]
reps = ["R-1", "R-2"]

[[people]]
id = "ana"
name = "Ana Brandt"
roles = ["rep"]
reps = ["R-1"]
"""


def _orders(
    ids: Sequence[str], owners: dict[str, str], as_of: date
) -> Iterable[tuple[object, ...]]:
    """Yield an order a quarter of each account, the first accounts' the largest."""
    number = 0
    for place, account in enumerate(ids):
        day = date(2024, 12, 2) + timedelta(days=place)
        while day <= as_of:
            number += 1
            amount = 45000 - 2500 * place + 100 * (number % 7)
            yield (
                f"L-{number}", f"S-{number}", account, owners[account], f"P-{1 + place % 2}",
                day.isoformat(), 10, amount,
            )  # fmt: skip
            day += timedelta(days=91)


def _contacts(ids: Sequence[str], met: date) -> Iterable[tuple[object, ...]]:
    for account, person in zip(ids, _PEOPLE, strict=True):
        yield (
            f"C-{account}-1", account, person, "Head of Purchasing", "purchasing", "director",
            "high", "supportive", met.isoformat(),
        )  # fmt: skip


def _table(folder: Path, name: str, columns: str, rows: Iterable[Iterable[object]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split(","))
        writer.writerows(rows)
