"""Quotas of the next two quarters, in the manner of the past."""

from __future__ import annotations

from datetime import date
from random import Random

from continuing.book import SEED, Row
from continuing.planted import JOINER, LEAVER

_QUARTERS = (
    (date(2026, 12, 13), date(2027, 3, 13), "2025-12-12"),
    (date(2027, 3, 14), date(2027, 6, 13), "2026-03-14"),
)
_JOINERS = (45_000, 150_000)


def carry_on(quotas: list[Row]) -> list[Row]:
    """Return the quotas with those of two more quarters: last year's, -4 % to +8 %.

    Who left has none after the quarter of leaving; who joined begins on the first day.
    """
    rows = list(quotas)
    for place, (starts, ends, ago) in enumerate(_QUARTERS):
        for row in sorted(quotas, key=lambda row: row["QuotaOwnerId"]):
            rep = row["QuotaOwnerId"]
            if row["StartDate"] != ago or (rep == LEAVER[0] and starts > LEAVER[1]):
                continue
            factor = Random(f"{SEED}/quota/{rep}/{ago}").uniform(0.96, 1.08)
            amount = max(1, round(float(row["QuotaAmount"]) * factor / 1000)) * 1000
            rows.append(_row(len(rows) + 1, rep, starts, ends, amount))
        first = max(starts, date.fromisoformat(JOINER["Start_Date__c"]))
        rows.append(_row(len(rows) + 1, JOINER["Id"], first, ends, _JOINERS[place]))
    return rows


def _row(number: int, rep: str, starts: date, ends: date, amount: int) -> Row:
    return {
        "Id": f"Q-{number:03d}",
        "QuotaOwnerId": rep,
        "StartDate": starts.isoformat(),
        "EndDate__c": ends.isoformat(),
        "QuotaAmount": f"{amount:.2f}",
    }
