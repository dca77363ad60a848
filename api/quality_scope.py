"""The quality report as far as a person may see its rows."""

from __future__ import annotations

from domain.book import Book, QualityFinding, QualityReport
from domain.principal import Scope
from domain.tables import TABLE_BY_NAME

_FOR_ALL = frozenset({"products", "territories"})
_OF_ACCOUNTS = ("account_id", "parent_account_id")
"""Columns that say whose account a row belongs to, the first that a table has."""


def cut(book: Book, scope: Scope) -> QualityReport:
    """Return the report with only the rows, and row counts, within `scope`.

    A finding that also concerns other people's rows is told without its words, which
    could name them; one that concerns none of the person's rows is left out. Findings
    about the export as a whole have no rows and stay.
    """
    if scope.everything:
        return book.quality
    visible = {table: _visible_rows(book, table, scope) for table in book.tables}
    found = [_cut(finding, visible.get(finding.table)) for finding in book.quality.findings]
    counts = {table: len(rows) for table, rows in visible.items()}
    return QualityReport(findings=tuple(item for item in found if item), rows_by_table=counts)


def _cut(finding: QualityFinding, visible: set[str] | None) -> QualityFinding | None:
    if not finding.rows or visible is None:
        return finding
    rows = tuple(row for row in finding.rows if row in visible)
    if len(rows) == len(finding.rows):
        return finding
    if not rows:
        return None
    what = finding.code.replace("_", " ")
    return finding.model_copy(
        update={
            "rows": rows,
            "message": f"{what.capitalize()}: {len(rows)} of your rows.",
            "consequence": "It also concerns rows of other people; RevOps sees the whole.",
        }
    )


def _visible_rows(book: Book, table: str, scope: Scope) -> set[str]:
    frame = book[table]
    key = TABLE_BY_NAME[table].key
    if table not in _FOR_ALL and len(frame):
        named = next((name for name in _OF_ACCOUNTS if name in frame), None)
        if named is not None:
            mine = {account for account, owner in book.owners.items() if scope.covers(owner)}
            frame = frame[frame[named].isin(mine)]
        elif "rep_id" in frame:
            frame = frame[frame["rep_id"].isin(scope.reps)]
    return set(frame[key].astype(str))
