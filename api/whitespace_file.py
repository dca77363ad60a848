"""Whitespace of one kind as a CSV file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from api.exporting import Export
from api.whitespace import (
    Kind,
    MissingRelative,
    ProductGap,
    SegmentCell,
    SiteGap,
    WhitespaceAnswer,
)
from domain.record import Record

_PARTS: dict[Kind, tuple[str, type[Record]]] = {
    "product": ("products", ProductGap),
    "site": ("sites", SiteGap),
    "segment": ("segments", SegmentCell),
    "relative": ("relatives", MissingRelative),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(answer: WhitespaceAnswer, kind: Kind) -> Export:
    """Write one kind as CSV: UTF-8, CRLF, one row a line of the answer, null as blank;
    without rows, the headings alone.

    A text that begins as a formula does gets an apostrophe before it, since a spreadsheet
    would run it. `levels` of a segment become columns of their own.
    """
    part, kind_of_row = _PARTS[kind]
    rows: Sequence[Record] = getattr(answer, part)
    written = io.StringIO(newline="")
    lines = csv.writer(written, lineterminator="\r\n")
    flat = [_flat(row) for row in rows]
    blank = [name for name in kind_of_row.model_fields if name != "levels"]
    lines.writerow(flat[0] if flat else blank)
    lines.writerows([_safe(value) for value in row.values()] for row in flat)
    return Export(
        filename=f"whitespace-{kind}-{answer.as_of}.csv",
        media_type="text/csv; charset=utf-8",
        text=written.getvalue(),
        draft=False,
    )


def _flat(row: Record) -> dict[str, object]:
    out: dict[str, object] = {}
    for name, value in row.model_dump(mode="json").items():
        if isinstance(value, dict):
            out.update(value)
        else:
            out[name] = value
    return out


def _safe(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
