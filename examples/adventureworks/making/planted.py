"""Faults planted in the tables: duplicates, blank industries, owners who left."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from making.source import AS_OF, Source
from making.team import LEFT

# Owned by somebody who left; none of them ordered for a year and a half.
_LEFT_BEHIND = ("A-093", "A-273", "A-580")
# Owned by somebody present who has done nothing there for as long.
_NEGLECTED = ("A-350", "A-516")
_NO_INDUSTRY = "A-024 A-059 A-121 A-173 A-232 A-368 A-404 A-431 A-496 A-536 A-622 A-688".split()
# id, twin, name, owner: near-equal names at the same address, without orders.
_DUPLICATES = (
    ("A-901", "A-697", "Brakes & Gears, Inc.", ""),
    ("A-902", "A-599", "West Side Plaza", "R-282"),
    ("A-903", "A-085", "Roadway Bicycle Supply SARL", ""),
    ("A-904", "A-154", "Camping & Sports Store Ltd.", "R-284"),
)
_NAME, _OWNER, _EMPLOYEES, _REVENUE, _EDITED = 1, 3, 8, 9, -1


@dataclass
class Planted:
    """What was planted in the tables. `owners` overrides the rule of the latest order."""

    owners: dict[str, str]
    no_industry: frozenset[str]
    opportunities: list[tuple[object, ...]]
    traps: list[dict[str, object]] = field(default_factory=list)

    def duplicate_rows(self, rows: dict[object, tuple[object, ...]]) -> list[tuple[object, ...]]:
        """Return the duplicates as account rows, made from the rows of their twins."""
        made = []
        for place, (key, twin, name, owner) in enumerate(_DUPLICATES):
            row = list(rows[twin])
            row[0], row[_NAME], row[_OWNER] = key, name, owner
            row[_EMPLOYEES] = "" if place % 2 else row[_EMPLOYEES]
            row[_REVENUE] = ""
            row[_EDITED] = date(2025, 3 + place, 11)
            made.append(tuple(row))
        return made


def plant(source: Source, owners: dict[str, str], spend: dict[str, float]) -> Planted:
    """Return the faults to plant, after a check that the source still allows them.

    Raises ValueError when an account chosen here does not fit its fault.
    """
    since = pd.Timestamp(AS_OF) - pd.DateOffset(months=18)
    last = source.lines.groupby("account_id")["ordered"].max()
    for key in (*_LEFT_BEHIND, *_NEGLECTED):
        if last[key] >= since:
            raise ValueError(f"{key} ordered on {last[key]:%Y-%m-%d}: not a stale account")
    planted = Planted(
        owners=dict.fromkeys(_LEFT_BEHIND, LEFT)
        | {key: owner for key, _, _, owner in _DUPLICATES if owner},
        no_industry=frozenset(_NO_INDUSTRY),
        # A deal that a merge has to carry over to the account that really buys.
        opportunities=[
            (
                "O-903-1",
                "A-903",
                owners["A-085"],
                "Touring demo fleet",
                "proposal",
                "18500.00",
                date(2026, 9, 22),
                date(2026, 12, 18),
            )
        ],
    )
    for key, twin, name, _ in _DUPLICATES:
        planted.traps.append(
            {
                "kind": "duplicate",
                "account_id": [key, twin],
                "rows": [key, twin],
                "expect": "quality",
                "text": f"{name} is {twin} entered twice: same city and postal code.",
            }
        )
    planted.traps.append(
        {
            "kind": "missing_industry",
            "account_id": list(_NO_INDUSTRY),
            "rows": list(_NO_INDUSTRY),
            "expect": "quality",
            "text": f"Industry is blank in {len(_NO_INDUSTRY)} rows.",
        }
    )
    for key in _LEFT_BEHIND:
        planted.traps.append(
            {
                "kind": "stale_owner",
                "account_id": key,
                "rows": [key],
                "expect": "quality",
                "text": f"The owner {LEFT} left on 30 June 2026; spend is {spend.get(key, 0):.0f}.",
            }
        )
    for key in _NEGLECTED:
        planted.traps.append(
            {
                "kind": "stale_owner",
                "account_id": key,
                "rows": [key],
                "expect": "quality",
                "text": f"No order for 18 months and no touch by the owner {owners[key]}.",
            }
        )
    return planted
