"""The quality report: doubtful data with its rows and what it does to the analyses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from crm.contradictions import contradictions
from crm.duplicates import duplicate_accounts
from crm.findings import worst_first
from crm.gaps import gaps
from crm.impossible import impossible_amounts, impossible_dates
from crm.intelligence import doubtful_documents
from crm.ownership import doubtful_owners
from domain.book import QualityFinding, QualityReport

STALE_OWNER_DAYS = 548
DUPLICATE_SIMILARITY = 92.0


def quality_report(
    tables: Mapping[str, pd.DataFrame],
    as_of: date,
    *,
    currency: str = "USD",
    stale_owner_days: int = STALE_OWNER_DAYS,
    duplicate_similarity: float = DUPLICATE_SIMILARITY,
    also: Iterable[QualityFinding] = (),
) -> QualityReport:
    """Tell what is doubtful in a book, before any analysis rests on it.

    Parameters
    ----------
    tables
        Every table of `domain.tables`, typed; left unchanged.
    as_of
        Date of the book: what lies after it is impossible, what lies long before stale.
    currency
        Named in the consequences.
    stale_owner_days
        Days without an order or touch by the owner after which an owner is stale.
    duplicate_similarity
        Least likeness of two names in one place, 0 to 100, to be taken for one company.
    also
        Findings of the import itself, such as rows set aside.

    Returns
    -------
    QualityReport
        Worst first: errors, warnings, notices; then by code, table and rows. The codes
        are explained in `docs/importing.md`.
    """
    findings = [
        *also,
        *duplicate_accounts(tables, as_of, currency=currency, similarity=duplicate_similarity),
        *doubtful_owners(tables, as_of, currency=currency, stale_owner_days=stale_owner_days),
        *gaps(tables, as_of, currency=currency),
        *impossible_dates(tables, as_of, currency=currency),
        *impossible_amounts(tables, currency=currency),
        *doubtful_documents(tables),
        *contradictions(tables),
    ]
    return QualityReport(
        findings=worst_first(findings),
        rows_by_table={name: len(frame) for name, frame in tables.items()},
    )
