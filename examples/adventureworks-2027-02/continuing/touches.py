"""Touches of the quarter: every rep keeps a cadence, one no longer does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random
from statistics import median

from continuing.book import AS_OF, DAYS_OF_TOUCHES, SEED, Leave, Row, day, working_weeks
from continuing.planted import (
    GONE_CONTACTS,
    LEAVER,
    NOT_FOLLOWING,
    QUIET_CONTACTS,
    SILENT_CONTACTS,
    owner_on,
)

_Touch = tuple[date, str, str, str, str, int, str]
"""Day, account, contact, rep, kind, minutes, subject."""


_TWICE_FROM, _WEEKLY_FROM, _MONTHLY_FROM = 160_000, 75_000, 25_000
_FEWEST = 20
_FOLLOWS, _NO_LONGER = 0.93, 0.22
_MIX = ("call",) * 5 + ("email",) * 5 + ("meeting",) * 2 + ("visit",) * 2 + ("demo",)
_SUBJECTS = {
    "call": ("Stock before the season", "Delivery dates", "Follow-up on the order", "Returns"),
    "email": ("Delivery status", "Spring price list sent", "Order confirmation sent"),
    "meeting": ("Video call on the next order", "Plan for the season", "Range review"),
    "visit": ("Store visit", "Warehouse visit", "Stock count together"),
    "demo": ("New frames shown", "Assembly demonstration"),
}
_MINUTES = {
    "call": (10, 15, 20, 25, 30),
    "email": (5, 10, 15),
    "meeting": (30, 45, 60),
    "visit": (60, 75, 90, 120),
    "demo": (45, 60),
}


def sizes(
    accounts: list[Row], groups: Mapping[str, str], spend: Mapping[str, float]
) -> dict[str, float]:
    """Return what comparable accounts that buy spend in a year, by account; own spend if more.

    Comparable: of one kind of business, product line and group of territories; where fewer
    than twenty of those buy, of one kind and line.
    """
    buying: dict[tuple[str, ...], list[float]] = {}
    kinds = {
        row["Id"]: (row["Type"], row["Product_Focus__c"], groups.get(row["Territory__c"], ""))
        for row in accounts
    }
    for key, kind in kinds.items():
        if spend.get(key, 0) > 0:
            buying.setdefault(kind, []).append(spend[key])
            buying.setdefault(kind[:2], []).append(spend[key])
    found = {}
    for key, kind in kinds.items():
        near = buying.get(kind, [])
        comparable = near if len(near) >= _FEWEST else buying.get(kind[:2], [0.0])
        found[key] = max(median(comparable), spend.get(key, 0.0))
    return found


def carry_on(
    earlier: list[Row],
    owners: Mapping[str, str],
    size: Mapping[str, float],
    contacts: list[Row],
    leave: Leave,
) -> list[Row]:
    """Return the touches of the last 180 days: those of the first book, and the new ones."""
    people = _people(contacts)
    executives = {row["AccountId"] for row in contacts if row["Level__c"] == "executive"}
    weeks = working_weeks()
    made: list[_Touch] = []
    for account, first_owner in sorted(owners.items()):
        every = 1 if size[account] >= _WEEKLY_FROM else 4 if size[account] >= _MONTHLY_FROM else 0
        if not every:
            every = 6 if people.get(account) else 0
        random = Random(f"{SEED}/touch/{account}")
        offset = random.randrange(every) if every else 0
        turn = 0
        for place, week in enumerate(weeks):
            if not every or place % every != offset:
                continue
            owner = owner_on(account, first_owner, week[0])
            follows = _NO_LONGER if owner == NOT_FOLLOWING else _FOLLOWS
            days = [d for d in week if _at_work(owner, d, leave)]
            if not owner or not days or random.random() > follows:
                continue
            known = people.get(account, [])
            often = 2 if size[account] >= _TWICE_FROM and account in executives else 1
            for when in random.sample(days, min(often, len(days))):
                who = known[turn % len(known)] if known else ""
                turn += 1
                made.append(_touch(when, account, who, owner, random))
    made += _kept_warm(made, people, owners, contacts, leave, weeks)
    oldest = AS_OF.toordinal() - DAYS_OF_TOUCHES
    kept = [row for row in earlier if day(row["ActivityDate"]).toordinal() >= oldest]
    number = max(int(row["Id"].removeprefix("T-")) for row in earlier)
    for place, (when, account, who, rep, kind, minutes, subject) in enumerate(sorted(made), 1):
        kept.append(
            {
                "Id": f"T-{number + place:05d}",
                "AccountId": account,
                "WhoId": who,
                "OwnerId": rep,
                "TaskSubtype": kind,
                "ActivityDate": when.isoformat(),
                "DurationInMinutes": str(minutes),
                "Subject": subject,
            }
        )
    return kept


def _kept_warm(
    made: list[_Touch],
    people: Mapping[str, list[str]],
    owners: Mapping[str, str],
    contacts: list[Row],
    leave: Leave,
    weeks: list[list[date]],
) -> list[_Touch]:
    """Return a touch for each supportive contact nobody met, and those of the quiet ones."""
    met = {touch[2] for touch in made}
    more = []
    for row in contacts:
        key, account = row["Id"], row["AccountId"]
        if row["Attitude__c"] != "supportive" or key in GONE_CONTACTS | SILENT_CONTACTS:
            continue
        random = Random(f"{SEED}/warm/{key}")
        owner = owners.get(account, "")
        when = QUIET_CONTACTS.get(key)
        if when is None and key not in met and owner:
            days = [d for week in weeks[1:6] for d in week]
            when = random.choice(
                [d for d in days if _at_work(owner_on(account, owner, d), d, leave)]
            )
        if when is not None:
            more.append(_touch(when, account, key, owner_on(account, owner, when), random))
    return more


def _people(contacts: list[Row]) -> dict[str, list[str]]:
    """Return whom a rep meets at each account: those met before, less the planted ones."""
    found: dict[str, list[str]] = {}
    for row in contacts:
        left_out = GONE_CONTACTS | SILENT_CONTACTS | set(QUIET_CONTACTS)
        if row["LastActivityDate"] and row["Id"] not in left_out:
            found.setdefault(row["AccountId"], []).append(row["Id"])
    return found


def _at_work(rep: str, when: date, leave: Leave) -> bool:
    gone = rep == LEAVER[0] and when > LEAVER[1]
    return not gone and leave.works(rep, when)


def _touch(when: date, account: str, who: str, rep: str, random: Random) -> _Touch:
    kind = random.choice(_MIX)
    minutes = random.choice(_MINUTES[kind])
    return when, account, who, rep, kind, minutes, random.choice(_SUBJECTS[kind])
