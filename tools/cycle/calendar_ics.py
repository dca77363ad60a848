"""A rep's calendar as an iCalendar file (RFC 5545), for the program the rep lives in.

Every touch is an event of a whole day: no time of day is invented. Names come from the CRM
and are data: they are escaped and cut of control characters, and never become a property.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from domain.record import text_hash
from domain.territory_plan import CalendarItem, RepCalendar, Trip

LINE_OCTETS = 75
_KINDS = {
    "call": "Call",
    "email": "E-mail",
    "meeting": "Meeting",
    "visit": "Visit",
    "demo": "Demo",
    "internal": "Desk work",
}
_SOURCES = {"play": "promised play", "focus": "focus account", "cadence": "cadence of the tier"}


def calendar_ics(calendar: RepCalendar, names: Mapping[str, str]) -> str:
    """Write a rep's calendar as iCalendar text.

    Parameters
    ----------
    calendar
        A rep's calendar; an empty one gives a file without events.
    names
        Account names by id; the id stands in where one is missing.

    Returns
    -------
    str
        Lines end with CR LF and hold at most 75 octets, longer ones are folded. One event a
        touch and one a trip, which tells its travel; all are transparent: they block no time.
        A UID is a hash of rep, day, account and kind, and of rep and play for a promised play:
        an export made again updates the events of touches that stay on their day, and of
        plays wherever they went. The same calendar gives the same bytes:
        DTSTAMP is the first day of the calendar, not the clock.
    """
    weeks = [week.week for week in calendar.weeks]
    stamp = f"{_day(weeks[0] if weeks else date(2000, 1, 1))}T000000Z"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Cadastre//Territory calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    for trip in calendar.trips:
        lines += _trip(trip, calendar.rep_id, names, stamp)
    for week in calendar.weeks:
        for item in week.items:
            lines += _item(item, calendar.rep_id, names, stamp)
    lines.append("END:VCALENDAR")
    return "".join(part + "\r\n" for line in lines for part in _folded(line))


def _trip(trip: Trip, rep_id: str, names: Mapping[str, str], stamp: str) -> Iterator[str]:
    stops = ", ".join(names.get(account, account) for account in trip.accounts)
    words = f"Stops: {stops}. Travel {trip.travel_hours} h by {trip.mode}, {trip.km} km away."
    uid = _uid(rep_id, trip.day.isoformat(), "trip", *trip.accounts)
    yield from _event(uid, stamp, trip.day, f"Trip to {trip.metro}", words, trip.metro)


def _item(item: CalendarItem, rep_id: str, names: Mapping[str, str], stamp: str) -> Iterator[str]:
    name = names.get(item.account_id, item.account_id)
    words = f"{item.hours} h with preparation; {_SOURCES[item.source]}; account {item.account_id}."
    found = (item.play,) if item.play else (item.day.isoformat(), item.kind, item.account_id)
    uid = _uid(rep_id, *found)
    yield from _event(uid, stamp, item.day, f"{_KINDS[item.kind]}: {name}", words)


def _event(
    uid: str, stamp: str, day: date, summary: str, words: str, place: str = ""
) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{_day(day)}"
    yield f"DTEND;VALUE=DATE:{_day(day + timedelta(days=1))}"
    yield f"SUMMARY:{_text(summary)}"
    yield f"DESCRIPTION:{_text(words)}"
    if place:
        yield f"LOCATION:{_text(place)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _uid(*parts: str) -> str:
    return f"{text_hash(chr(31).join(parts))[:32]}@cadastre"


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")


def _text(value: str) -> str:
    """Escape a TEXT value; a line break is written `\\n`, other control characters go."""
    broken = value.replace("\r\n", "\n").replace("\r", "\n")
    for mark in ("\u2028", "\u2029", "\x85", "\x0b", "\x0c"):
        broken = broken.replace(mark, "\n")
    kept = "".join(one for one in broken if one == "\n" or (one >= " " and one != "\x7f"))
    for mark in ("\\", ";", ","):
        kept = kept.replace(mark, "\\" + mark)
    return kept.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Cut a line into parts of at most 75 octets, never inside a character."""
    part, room = "", LINE_OCTETS
    for one in line:
        octets = len(one.encode("utf-8", "replace"))
        if octets > room:
            yield part
            part, room = " ", LINE_OCTETS - 1
        part += one
        room -= octets
    yield part
