"""Whom to meet at an account, which roles nobody fills, and who of ours can help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.period import Period
from domain.tables import CONTACT_ROLES, INFLUENCE, LEVELS
from tools.cycle.plan_rows import PlanRows
from tools.selling_time import working_days

_STANCE = ("supportive", "neutral")


def contact_for(
    known: PlanRows, account_id: str, *, executive: bool = False, besides: str | None = None
) -> str | None:
    """Return the contact to turn to first; None where nobody is on file.

    By part in the purchase, then influence, then stance, then id; an opponent comes last.
    With `executive`, only somebody of that level; never the contact `besides`.
    """
    rows = known.rows("contacts")
    people = [(contact, rows[contact]) for contact in known.of_account("contacts", account_id)]
    people = [item for item in people if item[0] != besides]
    if executive:
        people = [item for item in people if item[1]["level"] == "executive"]
    if not people:
        return None
    return min(
        people,
        key=lambda item: (
            item[1]["attitude"] == "opposed",
            _place(item[1], "role", CONTACT_ROLES),
            _place(item[1], "influence", INFLUENCE),
            _place(item[1], "attitude", _STANCE),
            _place(item[1], "level", LEVELS),
            item[0],
        ),
    )[0]


def _place(row: Mapping[str, Any], field: str, order: Sequence[str]) -> int:
    value = row[field]
    return order.index(value) if value in order else len(order)


def missing_roles(known: PlanRows, coverage: CoverageModel, account_id: str) -> tuple[str, ...]:
    """Roles the coverage model wants and no contact of the account holds, in its order."""
    rows = known.rows("contacts")
    held = {rows[contact]["role"] for contact in known.of_account("contacts", account_id)}
    return tuple(role for role in coverage.planning.roles_wanted if role not in held)


def of_function(book: Book, reps: Sequence[str], function: str, window: Period) -> tuple[str, ...]:
    """People of a function who work with these reps and have a working day left, by id.

    They are of the same team, or report to the same manager or to one of the reps.
    """
    rows = book.rows("reps")
    teams = {rows[rep]["team"] for rep in reps if not pd.isna(rows[rep]["team"])}
    heads = {rows[rep]["manager_id"] for rep in reps if not pd.isna(rows[rep]["manager_id"])}
    heads |= set(reps)
    return tuple(
        sorted(
            person
            for person, row in rows.items()
            if row["function"] == function
            and (row["team"] in teams or row["manager_id"] in heads)
            and working_days(book, person, window)
        )
    )
