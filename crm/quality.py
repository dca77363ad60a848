"""The quality report: doubtful data with its rows and what it does to the analyses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from crm.conflicting_texts import conflicting_documents
from crm.contradictions import contradictions
from crm.duplicates import duplicate_accounts
from crm.findings import worst_first
from crm.gaps import gaps
from crm.impossible import impossible_amounts, impossible_dates
from crm.intelligence import doubtful_documents, stale_documents
from crm.known_companies import doubtful_companies
from crm.ownership import doubtful_owners
from crm.person_names import INACTIVE
from domain.book import QualityFinding, QualityReport

STALE_OWNER_DAYS = 548
DUPLICATE_SIMILARITY = 92.0
DOCUMENT_DAYS: Mapping[str, int] = {
    "note": 180,
    "call_summary": 180,
    "email": 180,
    "market": 365,
    "competitive": 180,
}


def quality_report(
    tables: Mapping[str, pd.DataFrame],
    as_of: date,
    *,
    currency: str = "USD",
    stale_owner_days: int = STALE_OWNER_DAYS,
    duplicate_similarity: float = DUPLICATE_SIMILARITY,
    document_days: Mapping[str, int] = DOCUMENT_DAYS,
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
    document_days
        Days by kind of document after which it is stale, counted from its publication; a
        kind that is not listed never is.
    also
        Findings of the import itself, such as rows set aside. Users that it finds inactive
        count as owners who have left.

    Returns
    -------
    QualityReport
        Worst first: errors, warnings, notices; then by code, table and rows. The codes
        are explained in `docs/importing.md`.
    """
    also = tuple(also)
    inactive = {row for note in also if note.code == INACTIVE for row in note.rows}
    findings = [
        *also,
        *duplicate_accounts(tables, as_of, currency=currency, similarity=duplicate_similarity),
        *doubtful_companies(tables, similarity=duplicate_similarity),
        *doubtful_owners(
            tables,
            as_of,
            currency=currency,
            stale_owner_days=stale_owner_days,
            inactive=inactive,
        ),
        *gaps(tables, as_of, currency=currency),
        *impossible_dates(tables, as_of, currency=currency),
        *impossible_amounts(tables, currency=currency),
        *doubtful_documents(tables),
        *stale_documents(tables["documents"], as_of, document_days),
        *conflicting_documents(tables["documents"]),
        *contradictions(tables),
    ]
    return QualityReport(
        findings=worst_first(findings),
        rows_by_table={name: len(frame) for name, frame in tables.items()},
    )
