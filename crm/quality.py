"""The quality report: doubtful data with its rows and what it does to the analyses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from crm.findings import worst_first
from domain.book import QualityFinding, QualityReport


def quality_report(
    tables: Mapping[str, pd.DataFrame],
    as_of: date,
    *,
    currency: str = "USD",
    stale_owner_days: int = 548,
    duplicate_similarity: float = 90.0,
    also: Iterable[QualityFinding] = (),
) -> QualityReport:
    """Report."""
    return QualityReport(
        findings=worst_first(also),
        rows_by_table={name: len(frame) for name, frame in tables.items()},
    )
