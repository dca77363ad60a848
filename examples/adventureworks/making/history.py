"""Synthetic contacts, touches and open deals: thin for most, full for the stories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from making.authored import Authored, Contact, Opportunity, Touch
from making.names import Names
from making.source import AS_OF
from making.team import Leave

SEED = 20261113
THIN_FROM = 25_000.0

_SUBJECTS = {
    "call": (
        "Check-in on the current order",
        "Stock levels before the quarter",
        "Question on delivery windows",
        "Follow-up on returns",
        "Price list questions",
    ),
    "email": (
        "Order confirmation sent",
        "Updated price list sent",
        "Delivery status",
        "Spare parts list",
        "Size run for the next order",
    ),
    "meeting": ("Video call on the next order", "Range review", "Half-year review"),
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
_MIX = ("call",) * 5 + ("email",) * 5 + ("meeting",) * 2 + ("visit",) * 2 + ("demo",)
_TITLES = {
    "Warehouse": (
        ("Managing Director", "economic buyer", "executive", "high"),
        ("Head of Purchasing", "purchasing", "director", "high"),
        ("Buyer", "purchasing", "manager", "medium"),
        ("Logistics Manager", "user", "manager", "low"),
    ),
    "Value Added Reseller": (
        ("Owner", "economic buyer", "executive", "high"),
        ("Purchasing Manager", "purchasing", "manager", "medium"),
        ("Workshop Manager", "technical evaluator", "manager", "medium"),
    ),
    "Specialty Bike Shop": (
        ("Owner", "economic buyer", "executive", "high"),
        ("Store Manager", "purchasing", "manager", "medium"),
        ("Senior Mechanic", "user", "staff", "low"),
    ),
}


@dataclass(frozen=True)
class Activity:
    """One touch that happened."""

    activity_id: str
    account_id: str
    contact_id: str
    rep_id: str
    kind: str
    occurred: date
    minutes: int
    subject: str


@dataclass
class History:
    """Contacts, activities and deals of every account that has any."""

    contacts: dict[str, list[Contact]]
    activities: list[Activity]
    opportunities: dict[str, list[Opportunity]]

    def last_contact(self) -> dict[str, date]:
        """Return the day of the latest touch by contact id."""
        latest: dict[str, date] = {}
        for activity in self.activities:
            seen = latest.get(activity.contact_id)
            if seen is None or activity.occurred > seen:
                latest[activity.contact_id] = activity.occurred
        return latest


def build_history(
    authored: Authored,
    owners: dict[str, str],
    spend: dict[str, float],
    facts: dict[str, tuple[str, str]],
    last_order: dict[str, float],
    leave: list[Leave],
    taken_names: set[str],
) -> History:
    """Write the history of stories and of every other account above `THIN_FROM`.

    `facts` gives (segment, country) by account, `last_order` the amount of its latest
    order. Each account has a random stream of its own, so that a change to one story
    leaves the others as they were.
    """
    taken = taken_names | {c.name for s in authored.stories.values() for c in s.contacts}
    names = Names(taken, Random(SEED))
    history = History({}, [], {})
    busy: dict[str, list[Leave]] = {}
    for absence in leave:
        busy.setdefault(absence.rep_id, []).append(absence)
    thin = {key for key, value in spend.items() if value > THIN_FROM}
    for key in sorted(thin | set(authored.stories)):
        random = Random(f"{SEED}/{key}")
        rep = owners.get(key, "")
        story = authored.stories.get(key)
        if story:
            history.contacts[key] = story.contacts
            history.opportunities[key] = story.opportunities
            told, wanted = story.told, story.touches
        else:
            segment, country = facts[key]
            history.contacts[key] = _people(key, segment, country, names, random)
            history.opportunities[key] = _deals(key, last_order[key], random)
            told, wanted = [], random.randint(3, 8)
        if rep:
            _touches(history, key, rep, told, wanted, busy.get(rep, []), random)
    history.activities = [
        Activity(f"T-{number:05d}", *_after_id(activity))
        for number, activity in enumerate(
            sorted(history.activities, key=lambda a: (a.occurred, a.account_id, a.activity_id)),
            start=1,
        )
    ]
    return history


def _after_id(activity: Activity) -> tuple[str, str, str, str, date, int, str]:
    return (
        activity.account_id,
        activity.contact_id,
        activity.rep_id,
        activity.kind,
        activity.occurred,
        activity.minutes,
        activity.subject,
    )


def _people(key: str, segment: str, country: str, names: Names, random: Random) -> list[Contact]:
    number = key.removeprefix("A-")
    people = []
    chosen = sorted(random.sample(range(len(_TITLES[segment])), 2))
    for place, index in enumerate(chosen, start=1):
        title, role, level, influence = _TITLES[segment][index]
        attitude = random.choice(("supportive", "neutral", "neutral", "", ""))
        met = place == 1 or random.random() > 0.2
        people.append(
            Contact(
                f"C-{number}-{place}",
                names.next(country),
                title,
                role,
                level,
                influence,
                attitude if met else "",
                met,
            )
        )
    return people


def _deals(key: str, last_order: float, random: Random) -> list[Opportunity]:
    if random.random() > 0.35:
        return []
    stage = random.choice(("prospecting", "qualification", "qualification", "proposal"))
    name = random.choice(
        ("Next quarterly order", "Winter stocking order", "Spring range", "Frame programme")
    )
    amount = round(last_order * random.uniform(0.8, 1.3) / 500) * 500
    opened = AS_OF - timedelta(days=random.randint(10, 110))
    closes = AS_OF + timedelta(days=random.randint(14, 120))
    number = key.removeprefix("A-")
    return [Opportunity(f"O-{number}-1", name, stage, float(max(amount, 500)), opened, closes)]


def _touches(
    history: History,
    key: str,
    rep: str,
    told: list[Touch],
    wanted: int,
    absences: list[Leave],
    random: Random,
) -> None:
    met = [contact for contact in history.contacts[key] if contact.met]
    rows = list(told)
    while len(rows) < wanted and met:
        kind = random.choice(_MIX)
        rows.append(
            Touch(
                random.choice(met).contact_id,
                kind,
                _working_day(random, absences),
                random.choice(_SUBJECTS[kind]),
            )
        )
    # Everybody who counts as met was met at least once.
    seen = {row.contact_id for row in rows}
    for contact in met:
        if contact.contact_id not in seen:
            rows.append(
                Touch(
                    contact.contact_id,
                    "call",
                    _working_day(random, absences),
                    random.choice(_SUBJECTS["call"]),
                )
            )
    for place, row in enumerate(rows):
        minutes = random.choice(_MINUTES[row.kind])
        history.activities.append(
            Activity(
                f"{place:03d}",
                key,
                row.contact_id,
                rep,
                row.kind,
                row.occurred,
                minutes,
                row.subject,
            )
        )


def _working_day(random: Random, absences: list[Leave]) -> date:
    while True:
        day = AS_OF - timedelta(days=random.randint(1, 179))
        away = any(absence.starts <= day <= absence.ends for absence in absences)
        if day.weekday() < 5 and not away:
            return day
