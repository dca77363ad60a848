"""A rep's calendar for a calendar program: whole days, escaped names, folded lines."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.territory_plan import RepCalendar
from tests.tools.cycle.calendar_side import FOUR_WEEKS, calendar_side, promised
from tools.cycle.calendar_ics import calendar_ics
from tools.cycle.rep_calendar import rep_calendar


def the_calendar(coverage) -> RepCalendar:
    """A promised visit to A on Wednesday 4 November, one degree north, and nothing else."""
    side = calendar_side(coverage, {"A": "tier_3"}, places={"A": (51.0, 10.0)})
    plans = [promised("A", date(2026, 11, 4), "6.13", travel="4.13")]
    return rep_calendar(side, "ana", FOUR_WEEKS, plans).calendar


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return re.sub(r"\r\n[ ]", "", text).removesuffix("\r\n").split("\r\n")


def test_a_visit_and_its_trip_are_events_of_a_whole_day(coverage):
    lines = unfolded(calendar_ics(the_calendar(coverage), {"A": "Brakes and Gears"}))

    assert lines[:5] == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Cadastre//Territory calendar//EN",
        "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
    ]  # fmt: skip
    assert [re.sub("^UID:.*", "UID", line) for line in lines[5:-1]] == [
        "BEGIN:VEVENT", "UID", "DTSTAMP:20261102T000000Z", "DTSTART;VALUE=DATE:20261104",
        "DTEND;VALUE=DATE:20261105", "SUMMARY:Trip to City of A",
        r"DESCRIPTION:Stops: Brakes and Gears. Travel 4.13 h by road\, 111 km away.",
        "LOCATION:City of A", "TRANSP:TRANSPARENT", "END:VEVENT",
        "BEGIN:VEVENT", "UID", "DTSTAMP:20261102T000000Z", "DTSTART;VALUE=DATE:20261104",
        "DTEND;VALUE=DATE:20261105", "SUMMARY:Visit: Brakes and Gears",
        r"DESCRIPTION:2 h with preparation\; promised play\; account A.",
        "TRANSP:TRANSPARENT", "END:VEVENT",
    ]  # fmt: skip
    assert lines[-1] == "END:VCALENDAR"


def test_a_name_cannot_add_a_property_or_an_event(coverage):
    evil = "Ltd; a, b \\ c\r\nEND:VEVENT\nATTACH:http://example.org\x00\u2028X-BAD:1"

    lines = unfolded(calendar_ics(the_calendar(coverage), {"A": evil}))

    assert r"SUMMARY:Visit: Ltd\; a\, b \\ c\nEND:VEVENT\nATTACH:http://example.org\nX-BAD:1" in (
        lines
    )
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert not [line for line in lines if line.startswith(("ATTACH", "X-BAD"))]


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_name_comes_back_from_its_escapes_in_lines_of_75_octets(name):
    text = calendar_ics(CALENDAR, {"A": name})

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (summary,) = [line for line in unfolded(text) if line.startswith("SUMMARY:Visit: ")]
    back = re.sub(
        r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], summary[len("SUMMARY:") :]
    )
    plain = re.sub("\r\n|[\r\u2028\u2029\x85\x0b\x0c]", "\n", f"Visit: {name}")
    assert back == re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", "", plain)


def test_an_event_keeps_its_uid_while_the_touch_stays_on_its_day(coverage):
    def uids(name: str) -> list[str]:
        lines = unfolded(calendar_ics(the_calendar(coverage), {"A": name}))
        return [line for line in lines if line.startswith("UID:")]

    assert uids("Old name") == uids("New name")
    assert len(set(uids("A"))) == 2


def test_a_calendar_without_touches_is_a_file_without_events(coverage):
    side = calendar_side(coverage, {})

    text = calendar_ics(rep_calendar(side, "ana", FOUR_WEEKS).calendar, {})

    assert "VEVENT" not in text
    assert text.startswith("BEGIN:VCALENDAR\r\n")


def _made() -> RepCalendar:
    from tests.tools.cycle.test_rep_calendar_properties import COVERAGE

    return the_calendar(COVERAGE)


CALENDAR = _made()
