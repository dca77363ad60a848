"""Find blank cells that an analysis would need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from crm.findings import finding, ids, listed, many, thousands
from crm.ownership import CLOSED
from crm.spend import spend_12m, total_of
from domain.book import QualityFinding
from domain.tables import TABLE_BY_NAME

BLANKS: tuple[tuple[str, str, str, str, str, str], ...] = (
    (
        "missing_segment",
        "accounts",
        "segment",
        "warning",
        "without a segment",
        "Their peers are chosen without it, so their potential is told less well.",
    ),
    (
        "missing_employees",
        "accounts",
        "employees",
        "notice",
        "without a number of employees",
        "Their size is unknown; score and potential rest on other facts.",
    ),
    (
        "contact_without_role",
        "contacts",
        "role",
        "notice",
        "without a part in a purchase",
        "Plans name the role as a gap; nobody is taken for a buyer by title alone.",
    ),
    (
        "contact_without_level",
        "contacts",
        "level",
        "notice",
        "without a level",
        "They confirm no access; a tier that needs it names the rule as unknown.",
    ),
    (
        "no_product_line",
        "products",
        "subcategory",
        "notice",
        "without a product line",
        "Whitespace is told by product line and leaves them out.",
    ),
    (
        "no_selling_hours",
        "reps",
        "selling_hours_week",
        "notice",
        "without selling hours",
        "The coverage model's hours a week are taken for them.",
    ),
)


def gaps(
    tables: Mapping[str, pd.DataFrame], as_of: date, *, currency: str = "USD"
) -> list[QualityFinding]:
    """Return what is blank, one finding per kind with its rows.

    A column that is blank throughout was most likely not exported; it is told as `blank`
    here and the importer tells separately of columns that are not in the file.
    """
    return [
        *_missing_industry(tables, as_of, currency),
        *_blanks(tables),
        *_amountless(tables["opportunities"]),
        *_locations(tables["accounts"]),
        *_unreached(tables),
        *_without_quota(tables, as_of),
        *_odd_codes(tables),
    ]


def _missing_industry(
    tables: Mapping[str, pd.DataFrame], as_of: date, currency: str
) -> list[QualityFinding]:
    accounts = tables["accounts"]
    rows = accounts[accounts["industry"].isna()]
    if rows.empty:
        return []
    money = thousands(total_of(spend_12m(tables["orders"], as_of), rows["account_id"]), currency)
    return [
        finding(
            "missing_industry",
            "accounts",
            "warning",
            "blank",
            ids(rows, "account_id"),
            f"{many(len(rows), 'account')} without an industry.",
            f"No target segment by industry can hold them and their peers are chosen without it; "
            f"{money} of 12-month spend is theirs.",
        )
    ]


def _blanks(tables: Mapping[str, pd.DataFrame]) -> list[QualityFinding]:
    findings = []
    for code, name, column, severity, what, consequence in BLANKS:
        frame = tables[name]
        rows = frame[frame[column].isna()]
        if not rows.empty:
            message = f"{many(len(rows), 'row')} of {name} {what}."
            keys = ids(rows, TABLE_BY_NAME[name].key)
            findings.append(finding(code, name, severity, "blank", keys, message, consequence))
    return findings


def _amountless(opportunities: pd.DataFrame) -> list[QualityFinding]:
    rows = opportunities[opportunities["amount"].isna() & ~opportunities["stage"].isin(CLOSED)]
    if rows.empty:
        return []
    return [
        finding(
            "opportunity_without_amount",
            "opportunities",
            "notice",
            "blank",
            ids(rows, "opportunity_id"),
            f"{many(len(rows), 'open opportunity', 'open opportunities')} without an amount.",
            "They count as open and add nothing to the pipeline.",
        )
    ]


def _locations(accounts: pd.DataFrame) -> list[QualityFinding]:
    findings = []
    blank = accounts[accounts["latitude"].isna() | accounts["longitude"].isna()]
    if not blank.empty:
        findings.append(
            finding(
                "missing_location",
                "accounts",
                "notice",
                "blank",
                ids(blank, "account_id"),
                f"{many(len(blank), 'account')} without coordinates.",
                "Travel to them cannot be told and takes the coverage model's hours per visit.",
            )
        )
    rough = accounts[accounts["location_precision"] == "region centroid"]
    if not rough.empty:
        findings.append(
            finding(
                "approximate_location",
                "accounts",
                "notice",
                "doubtful",
                ids(rough, "account_id"),
                f"{many(len(rough), 'account')} placed at the middle of a region.",
                "Travel hours to them are rough, and they are not taken as near to anyone.",
            )
        )
    return findings


def _unreached(tables: Mapping[str, pd.DataFrame]) -> list[QualityFinding]:
    accounts, contacts = tables["accounts"], tables["contacts"]
    if contacts.empty:
        return []
    rows = accounts[
        accounts["owner_id"].notna() & ~accounts["account_id"].isin(contacts["account_id"])
    ]
    if rows.empty:
        return []
    return [
        finding(
            "no_contacts",
            "accounts",
            "notice",
            "blank",
            ids(rows, "account_id"),
            f"{many(len(rows), 'owned account')} without a contact.",
            "Access is unknown there: no plan can say whom to meet.",
        )
    ]


def _without_quota(tables: Mapping[str, pd.DataFrame], as_of: date) -> list[QualityFinding]:
    reps, quotas = tables["reps"], tables["quotas"]
    if quotas.empty:
        return []
    day = pd.Timestamp(as_of)
    current = quotas[(quotas["starts"] <= day) & (quotas["ends"] >= day)]
    working = reps[(reps["function"] == "rep") & ~(reps["active_to"] < day)]
    rows = working[~working["rep_id"].isin(current["rep_id"])]
    if rows.empty:
        return []
    return [
        finding(
            "no_quota",
            "reps",
            "notice",
            "blank",
            ids(rows, "rep_id"),
            f"{many(len(rows), 'rep')} without a quota on {as_of}.",
            "Their pipeline coverage and gap to close cannot be told.",
        )
    ]


def _odd_codes(tables: Mapping[str, pd.DataFrame]) -> list[QualityFinding]:
    findings = []
    accounts = tables["accounts"]
    country = accounts["country"].dropna()
    odd = country[
        ~country.map(lambda code: re.fullmatch("[A-Z]{2}", code) is not None).astype(bool)
    ]
    if not odd.empty:
        findings.append(
            finding(
                "odd_country",
                "accounts",
                "notice",
                "doubtful",
                ids(accounts.loc[odd.index], "account_id"),
                f"{many(len(odd), 'account')} with a country that is no two-letter code: "
                f"{listed(sorted(set(odd)))}.",
                "They match no target segment by country and no account that spells it as a code.",
            )
        )
    for name in ("accounts", "reps"):
        zones = tables[name]["time_zone"].dropna()
        unknown = {zone for zone in set(zones) if not _is_zone(zone)}
        if unknown:
            rows = tables[name].loc[zones[zones.isin(unknown)].index]
            findings.append(
                finding(
                    "odd_time_zone",
                    name,
                    "notice",
                    "doubtful",
                    ids(rows, TABLE_BY_NAME[name].key),
                    f"{many(len(rows), 'row')} of {name} with a time zone that is no IANA name: "
                    f"{listed(sorted(unknown))}.",
                    "Common working hours cannot be told for them.",
                )
            )
    return findings


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
