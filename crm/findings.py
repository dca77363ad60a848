"""Words and shapes that every quality finding shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import pandas as pd

from domain.book import QualityFinding, Severity

State = Literal["blank", "not_queried", "not_permitted", "contradicted", "doubtful"]
_ORDER: dict[str, int] = {"error": 0, "warning": 1, "notice": 2}
NAMED = 5


def finding(
    code: str,
    table: str,
    severity: str,
    state: State,
    rows: Sequence[str],
    message: str,
    consequence: str,
) -> QualityFinding:
    """Make a finding; see `domain.book.QualityFinding`."""
    level: Severity = "error" if severity == "error" else "notice"
    if severity == "warning":
        level = "warning"
    return QualityFinding(
        code=code,
        table=table,
        severity=level,
        state=state,
        rows=tuple(rows),
        message=message,
        consequence=consequence,
    )


def worst_first(findings: Iterable[QualityFinding]) -> tuple[QualityFinding, ...]:
    """Sort by severity, then code, table and rows."""
    return tuple(
        sorted(findings, key=lambda f: (_ORDER[f.severity], f.code, f.table, f.rows, f.message))
    )


def ids(rows: pd.DataFrame, key: str) -> list[str]:
    """Return the keys of some rows, sorted."""
    return sorted(str(value) for value in rows[key])


def many(count: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun: `1 account`, `1,204 accounts`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def listed(names: Sequence[str]) -> str:
    """Return the first few of some names, and how many more there are."""
    shown = ", ".join(names[:NAMED])
    rest = len(names) - NAMED
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def thousands(amount: float, currency: str) -> str:
    """Return an amount as people say it: `240K USD`, `1.2M USD`, `850 USD`."""
    size = abs(amount)
    if size >= 999_500:
        return f"{amount / 1e6:,.1f}M {currency}"
    if size >= 1_000:
        return f"{amount / 1e3:,.0f}K {currency}"
    return f"{amount:,.0f} {currency}"
