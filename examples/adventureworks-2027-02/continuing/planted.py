"""What was planted: changes a review has to find, and changes it must not take for one.

`changes.toml` lists them for the tests; that file is written by hand and checked against
the tables, so that neither follows from the other.
"""

from __future__ import annotations

from datetime import date

from continuing.book import Row

LEAVER = ("R-284", date(2027, 1, 15))
JOINER = {
    "Id": "R-297",
    "Name": "Corinne Valcourt",
    "Function__c": "rep",
    "ManagerId": "R-272",
    "Department": "North America",
    "City": "Montreal",
    "Latitude__c": "45.50884",
    "Longitude__c": "-73.58781",
    "TimeZoneSidKey": "America/Toronto",
    "Selling_Hours__c": "28",
    "Start_Date__c": "2027-01-25",
    "End_Date__c": "",
    "Languages__c": "English; French",
    "Segments__c": "",
    "Industries__c": "",
}
# account: (new owner, from this day)
OWNER_MOVES = {
    "A-055": ("R-289", date(2027, 1, 11)),
    "A-405": ("R-285", date(2027, 1, 18)),
}
ACQUIRED = {"A-002": "A-254", "A-361": "A-254"}
MERGED = {"A-903": "A-085"}
# The row that stays takes the legal name of the one that goes.
RENAMED = {"A-085": "Roadway Bicycle Supply SARL"}
NOT_FOLLOWING = "R-283"

# Columns that potential depends on.
RETYPED = {
    "A-022": {"Type": "Warehouse", "Product_Focus__c": "Touring", "NumberOfEmployees": "64"},
    "A-629": {"Type": "Specialty Bike Shop", "NumberOfEmployees": "18"},
}
# Columns that nothing depends on, and changes too small to count.
TOUCHED_UP = {
    "A-108": {"BillingPostalCode": "03905"},
    "A-131": {"NumberOfEmployees": "20"},
}

MISSING_ORDERS = frozenset({"A-205", "A-236", "A-505"})
LATE_ORDERS = {"A-063": 9}
# Small accounts of one group of peers that order again, so that its median stays where it was.
ORDER_DAYS = {
    "A-185": date(2026, 12, 11),
    "A-603": date(2026, 12, 14),
    "A-694": date(2027, 1, 12),
}

GONE_CONTACTS = frozenset({"C-154-2"})
SILENT_CONTACTS = frozenset({"C-433-1"})
QUIET_CONTACTS = {"C-697-1": date(2026, 11, 24)}
RETITLED = {"C-003-2": "Director of Purchasing"}

# deal: columns that changed
DEALS = {
    "O-599-2": {"CloseDate": "2027-06-30"},
    "O-193-1": {"StageName": "qualification", "CloseDate": "2027-04-16"},
    "O-205-1": {"CloseDate": "2027-03-19"},
    "O-611-1": {"StageName": "lost", "CloseDate": "2026-12-16"},
    "O-535-1": {"CloseDate": "2027-03-19"},
    "O-139-1": {"Amount": "32500.00"},
}
# id, account, owner, name, stage, amount, opened, closes
NEW_DEALS = (
    (
        "O-519-2", "A-519", "R-294", "Spring catalogue", "proposal", 31_000,
        "2027-01-20", "2027-03-05",
    ),
    (
        "O-573-2", "A-573", "R-296", "Rail trail fleet", "proposal", 240_000,
        "2027-01-27", "2027-05-21",
    ),
)  # fmt: skip
PIPELINE_KEPT_BUT = {"R-285": -60000, "R-296": 240000}

NEW_LINE = "Cargo Bikes"
NEW_PRODUCTS = (
    ("P-BK-C10B-S", "Cargo-1000 Black, Short", "2899.00"),
    ("P-BK-C10B-L", "Cargo-1000 Black, Long", "3149.00"),
    ("P-BK-C10G-S", "Cargo-1000 Green, Short", "2899.00"),
    ("P-BK-C10G-L", "Cargo-1000 Green, Long", "3149.00"),
    ("P-BK-C20B-L", "Cargo-2000 Black, Long", "4299.00"),
    ("P-BK-C20G-L", "Cargo-2000 Green, Long", "4299.00"),
)
NEW_LINE_FROM = "2027-01-11"
REPRICED = {"P-BB-7421": "55.99"}

NEW_SIGNALS = (
    ("A-022", "Touring bikes", "2", "2027-01-25", "Dealer portal: range sheet downloaded"),
    ("A-154", "Touring bikes", "2", "2027-02-02", "Dealer portal: opening stock looked up"),
    ("A-254", "Mountain frames", "3", "2027-02-08", "Frame configurator used by four people"),
    ("A-405", "Road bikes", "3", "2027-01-27", "Price list requested"),
    ("A-448", "Touring bikes", "2", "2027-01-19", "Range meeting papers opened"),
    ("A-490", "Mountain bikes", "2", "2027-02-04", "Order portal: availability looked up"),
    ("A-502", "Hydration packs", "2", "2027-01-29", "Sample order sent"),
    ("A-546", "Mountain bikes", "3", "2027-02-09", "Fleet price list opened three times"),
    ("A-573", "Touring bikes", "3", "2027-02-03", "Public tender platform: award published"),
    ("A-599", "Touring bikes", "2", "2027-02-05", "Stock feed polled every morning"),
)


def owner_on(account: str, owner: str, when: date) -> str:
    """Return who owns an account on a day; `owner` is who owned it in the first book."""
    moved = OWNER_MOVES.get(account)
    return moved[0] if moved and when >= moved[1] else owner


def change(rows: list[Row], changes: dict[str, dict[str, str]]) -> None:
    """Change columns of the rows with these ids.

    Raises KeyError where a row is missing.
    """
    by_id = {row["Id"]: row for row in rows}
    for key, columns in changes.items():
        by_id[key].update(columns)
