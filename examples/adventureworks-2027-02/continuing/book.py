"""The first example book as rows of text, and the days this one covers."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date, timedelta
from pathlib import Path

Row = dict[str, str]

SEED = 20270212
EARLIER = date(2026, 11, 13)
AS_OF = date(2027, 2, 12)
DAYS_OF_TOUCHES = 180


def read(folder: Path, name: str) -> list[Row]:
    """Return the rows of a table, every cell as text."""
    path = next(file for file in sorted(folder.glob(f"{name}.csv*")))
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def day(text: str) -> date:
    """Return the day that a cell holds."""
    return date.fromisoformat(text)


def working_weeks() -> list[list[date]]:
    """Return the weeks after the first book up to this one, each Monday to Friday."""
    monday = EARLIER + timedelta(days=7 - EARLIER.weekday())
    weeks = []
    while monday <= AS_OF:
        weeks.append([monday + timedelta(days=n) for n in range(5)])
        monday += timedelta(days=7)
    return weeks


class Leave:
    """Who works when."""

    def __init__(self, rows: list[Row], users: list[Row]) -> None:
        self._until = {row["Id"]: day(row["End_Date__c"]) for row in users if row["End_Date__c"]}
        self._spans: dict[str, list[tuple[date, date]]] = {}
        for row in rows:
            span = (day(row["Starts__c"]), day(row["Ends__c"]))
            self._spans.setdefault(row["User__c"], []).append(span)

    def works(self, rep: str, when: date) -> bool:
        """Say whether a rep of the first book works on a day."""
        if when > self._until.get(rep, AS_OF):
            return False
        return not any(start <= when <= end for start, end in self._spans.get(rep, ()))
