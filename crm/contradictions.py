"""Find rows that contradict each other."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from crm.findings import finding, ids, many
from domain.book import QualityFinding


def contradictions(tables: Mapping[str, pd.DataFrame]) -> list[QualityFinding]:
    """Return touches with a contact of another account, and contacts last met before a touch."""
    if tables["activities"].empty or tables["contacts"].empty:
        return []
    return [
        *_contact_elsewhere(tables["activities"], tables["contacts"]),
        *_met_later(tables["activities"], tables["contacts"]),
    ]


def _contact_elsewhere(activities: pd.DataFrame, contacts: pd.DataFrame) -> list[QualityFinding]:
    home = contacts.set_index("contact_id")["account_id"]
    theirs = activities["contact_id"].map(home)
    rows = activities[theirs.notna() & (theirs != activities["account_id"])]
    if rows.empty:
        return []
    return [
        finding(
            "contact_elsewhere",
            "activities",
            "warning",
            "contradicted",
            ids(rows, "activity_id"),
            f"{many(len(rows), 'touch', 'touches')} of one account with a contact of another.",
            "They count for the account they name; the contact is not thereby known there.",
        )
    ]


def _met_later(activities: pd.DataFrame, contacts: pd.DataFrame) -> list[QualityFinding]:
    two_way = activities[activities["kind"].isin(["call", "meeting", "visit", "demo"])]
    newest = two_way.groupby("contact_id")["occurred"].max()
    met = newest.reindex(contacts["contact_id"]).to_numpy()
    rows = contacts[(contacts["last_contact"] < met).to_numpy()]
    if rows.empty:
        return []
    return [
        finding(
            "contact_date_contradicted",
            "contacts",
            "notice",
            "contradicted",
            ids(rows, "contact_id"),
            f"{many(len(rows), 'contact')} met after the last contact on record.",
            "The activity is newer than the contact's own date; plans cite each as it stands.",
        )
    ]
