"""Days in a text: ISO, 3 July 2027, July 3, 2027, July 2027, 7/3/2027."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "january february march april may june july august september october november december"
).split()
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_TH = r"(?:st|nd|rd|th)?"
DAY = re.compile(
    rf"""
    \b(?P<iso_year>\d{{4}})-(?P<iso_month>\d{{2}})-(?P<iso_day>\d{{2}})\b
    |\b(?P<us_month>\d{{1,2}})/(?P<us_day>\d{{1,2}})/(?P<us_year>\d{{4}})\b
    |\b(?P<first_day>\d{{1,2}}){_TH}\ (?:of\ )?(?P<then_month>{_MONTH})
        (?:,?\ (?P<then_year>\d{{4}})\b)?
    |\b(?P<first_month>{_MONTH})\ (?P<then_day>\d{{1,2}}){_TH}\b(?!\d)
        (?:,?\ (?P<last_year>\d{{4}})\b)?
    |\b(?P<only_month>{_MONTH}),?\ (?P<only_year>\d{{4}})\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Day:
    """A day as far as it is told: each part null where the text leaves it out."""

    year: int | None
    month: int | None
    day: int | None

    @classmethod
    def of(cls, day: date) -> Day:
        """Return a whole day."""
        return cls(day.year, day.month, day.day)

    def agrees(self, other: Day) -> bool:
        """Say whether some part is told by both, and no part differently."""
        pairs = [
            (mine, theirs)
            for mine, theirs in (
                (self.year, other.year),
                (self.month, other.month),
                (self.day, other.day),
            )
            if mine is not None and theirs is not None
        ]
        return bool(pairs) and all(mine == theirs for mine, theirs in pairs)


def read_day(match: re.Match[str]) -> Day:
    """Return the day that a match of `DAY` tells."""
    told: dict[str, int] = {}
    for group, text in match.groupdict().items():
        if text is not None:
            told[group.rpartition("_")[2]] = int(text) if text.isdigit() else month_number(text)
    return Day(told.get("year"), told.get("month"), told.get("day"))


def month_number(name: str) -> int:
    """Return 1 to 12 for the name of a month or its first three letters."""
    return 1 + [month[:3] for month in MONTHS].index(name.lower()[:3])
