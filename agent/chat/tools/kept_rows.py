"""What the product itself keeps of plans and scenarios, as evidence: names and where they stand."""

from __future__ import annotations

from collections.abc import Mapping

from agent.verifier.markup import is_plain
from domain.evidence import Evidence, RecordSource, Unit
from domain.record import decimal_string

STANDING: Mapping[str, str] = {
    "in_review": "in review",
    "approved": "approved",
    "returned": "returned",
    "rejected": "rejected",
    "superseded": "replaced by a newer version",
    "draft": "a draft",
    "open": "open",
}
"""How a status is told."""


def standing(status: str) -> str:
    """Return a status in words."""
    return STANDING.get(status, status.replace("_", " "))


def kept_cell(
    table: str, row: str, entity: str, field: str, value: str | int, unit: Unit, scope: str
) -> Evidence | None:
    """Return a field of a stored plan or scenario; None where its words cannot be shown."""
    text = decimal_string(value) if isinstance(value, int) else " ".join(value.split())
    if unit in ("name", "text") and not (text and is_plain(text)):
        return None
    return Evidence(
        entity=entity,
        metric=field,
        value=text,
        unit=unit,
        source=RecordSource(table=table, row=row, field=field),
        scope=scope,
    )
