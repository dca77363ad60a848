"""Settle references between tables: no row that points nowhere is dropped unseen."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from crm.findings import finding, ids, listed, many
from domain.book import QualityFinding
from domain.tables import TABLE_BY_NAME, TABLES, Column, Table

# An order of an unknown product is still money; the row stays and whitespace leaves it out.
_KEPT = {("orders", "product_id")}


def settle_references(
    tables: Mapping[str, pd.DataFrame],
) -> tuple[dict[str, pd.DataFrame], list[QualityFinding]]:
    """Return tables whose references resolve, and what was done to get there.

    A row whose needed reference points nowhere (an order of an unknown account) is set
    aside; an optional reference that points nowhere (an unknown owner) is read as blank;
    accounts that are their own ancestors lose their parent. Each case is one finding. A
    table that is empty is not checked against: then the export did not query it.
    """
    settled = dict(tables)
    findings: list[QualityFinding] = []
    for table in TABLES:
        for column in table.columns:
            if not column.refers_to or settled[column.refers_to].empty:
                continue
            frame = settled[table.name]
            known = settled[column.refers_to][TABLE_BY_NAME[column.refers_to].key]
            lost = frame[column.name].notna() & ~frame[column.name].isin(known)
            if not lost.any():
                continue
            findings.append(_orphan(frame[lost], table, column, settled))
            if (table.name, column.name) in _KEPT:
                continue
            if column.nullable:
                settled[table.name] = frame.assign(
                    **{column.name: frame[column.name].mask(lost)}
                ).astype({column.name: "str"})
            else:
                settled[table.name] = frame[~lost].reset_index(drop=True)
    settled["accounts"], circular = _break_circles(settled["accounts"])
    return settled, findings + circular


def _orphan(
    rows: pd.DataFrame, table: Table, column: Column, tables: Mapping[str, pd.DataFrame]
) -> QualityFinding:
    targets = listed(sorted(set(rows[column.name])))
    noun = column.refers_to
    message = (
        f"{many(len(rows), 'row')} of {table.name} {{}} {noun} that the export lacks: {targets}."
    )
    message = message.format("names" if len(rows) == 1 else "name")
    code, severity = "orphan", "warning"
    if (table.name, column.name) in _KEPT:
        amount = f"{rows['amount'].sum():,.0f}"
        consequence = f"{amount} of sales has no product line and is left out of whitespace."
    elif (table.name, column.name) == ("accounts", "owner_id"):
        code, severity = "unknown_owner", "error"
        spend = _spend(rows["account_id"], tables["orders"])
        consequence = f"These accounts count as unowned; {spend:,.0f} of sales has nobody."
    elif column.nullable:
        consequence = f"The {column.name} of these rows is read as blank; the rows stay."
    else:
        severity = "error"
        consequence = "These rows are set aside: no analysis and no total counts them."
        if "amount" in rows and table.name != "quotas":
            consequence += f" Together they amount to {rows['amount'].sum():,.0f}."
    return finding(
        code, table.name, severity, "contradicted", ids(rows, table.key), message, consequence
    )


def _spend(accounts: pd.Series, orders: pd.DataFrame) -> float:
    return float(orders.loc[orders["account_id"].isin(accounts), "amount"].sum())


def _break_circles(accounts: pd.DataFrame) -> tuple[pd.DataFrame, list[QualityFinding]]:
    below = accounts.dropna(subset=["parent_id"])
    parents = dict(zip(below["account_id"], below["parent_id"], strict=True))
    circular: set[str] = set()
    cleared: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}
        here = start
        while here in parents and here not in cleared and here not in path:
            path[here] = len(path)
            here = parents[here]
        if here in path:
            circular.update(list(path)[path[here] :])
        cleared.update(path)
    if not circular:
        return accounts, []
    broken = accounts["account_id"].isin(circular)
    repaired = accounts.assign(parent_id=accounts["parent_id"].mask(broken)).astype(
        {"parent_id": "str"}
    )
    return repaired, [
        finding(
            "circular_family",
            "accounts",
            "error",
            "contradicted",
            sorted(circular),
            f"{many(len(circular), 'account')} stand above themselves in their family.",
            "Their parent is read as blank, so each heads a family of its own.",
        )
    ]
