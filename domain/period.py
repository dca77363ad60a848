"""Planning periods and working days, judged from a book's date and never from the clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    def __str__(self) -> str:
        return f"{self.start.isoformat()}/{self.end.isoformat()}"

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        """Number of calendar days."""
        return (self.end - self.start).days + 1

    def weeks(self) -> Iterator[date]:
        """Yield the Monday of every week the period touches."""
        monday = self.start - timedelta(days=self.start.weekday())
        while monday <= self.end:
            yield monday
            monday += timedelta(days=7)


def planning_period(as_of: date, days: int) -> Period:
    """Return the period a plan drafted on a book of `as_of` covers.

    It begins on the Monday after `as_of` and lasts `days` calendar days.
    """
    start = as_of + timedelta(days=7 - as_of.weekday())
    return Period(start, start + timedelta(days=days - 1))


def trailing(as_of: date, days: int, *, skip: int = 0) -> Period:
    """Return the `days` days up to `as_of` (included), or the window `skip` days earlier."""
    end = as_of - timedelta(days=skip)
    return Period(end - timedelta(days=days - 1), end)
