"""The name of a book: a hash of what it says, however its files were arranged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date

from crm.values import Value
from domain.tables import LATER, TABLES

Columns = Mapping[str, Sequence[Value]]


def book_id(
    tables: Mapping[str, Columns],
    as_of: date,
    currency: str,
    told: Sequence[tuple[str, str, tuple[str, ...]]] = (),
) -> str:
    """Return `bk_` and 24 hexadecimal digits over every cell read, the date and the currency.

    Parameters
    ----------
    tables
        By table name, its columns; rows sorted by key. A column the export lacks is all
        None and hashes like a blank one. Rows that are later set aside count as well. A table
        of `LATER` without rows leaves the id as it was before there was such a table.
    as_of, currency
        Of the book.
    told
        What the export says about rows that no column keeps, as code, table and rows of
        the findings: users who are inactive, tasks that are no touches. Order is irrelevant,
        and none hashes like a book that cannot have any.
    """
    digest = hashlib.sha256(_json({"as_of": as_of.isoformat(), "currency": currency}))
    for table in TABLES:
        columns = tables[table.name]
        if table.name in LATER and not columns[table.key]:
            continue
        digest.update(_json(table.name))
        for column in table.columns:
            values = columns[column.name]
            if column.type == "date":
                texts = {day: day.isoformat() for day in set(values) if isinstance(day, date)}
                values = [texts.get(day) if isinstance(day, date) else None for day in values]
            digest.update(_json(values))
    if told:
        digest.update(_json(sorted(told)))
    return f"bk_{digest.hexdigest()[:24]}"


def _json(value: object) -> bytes:
    # A list of cells closes with a bracket, so that cells cannot move between columns unseen.
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
