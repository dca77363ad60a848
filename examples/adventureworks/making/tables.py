"""The rows that come from the source tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pandas as pd

from making.files import toml_value
from making.history import SEED, Activity
from making.places import Place
from making.planted import Planted
from making.source import AS_OF, Source

_INDUSTRY = {
    "Specialty Bike Shop": "Bicycle retail",
    "Value Added Reseller": "Bicycle services",
    "Warehouse": "Sporting goods wholesale",
}
_LAST_QUOTA_DAYS = 91
_LANGUAGE = {"FR": "French", "DE": "German"}


def account_rows(
    source: Source,
    places: dict[tuple[str, str, str], Place],
    owners: dict[str, str],
    planted: Planted,
    activities: list[Activity],
) -> list[tuple[object, ...]]:
    """Return one row per account, the planted duplicates among them, sorted by id."""
    last = source.lines.groupby("account_id")["ordered"].max()
    edited = {str(key): value.date() for key, value in last.items()}
    for activity in activities:
        seen = edited.get(activity.account_id, activity.occurred)
        edited[activity.account_id] = max(seen, activity.occurred)
    rows = []
    for reseller in source.resellers.itertuples(index=False):
        key = reseller.account_id
        place = places[reseller.CountryRegionCode, reseller.StateProvinceCode, reseller.City]
        row = (
            key,
            reseller.ResellerName,
            "",
            owners.get(key, ""),
            f"T-{reseller.SalesTerritoryKey}",
            "" if key in planted.no_industry else _INDUSTRY[reseller.BusinessType],
            reseller.BusinessType,
            reseller.ProductLine,
            reseller.NumberEmployees,
            f"{float(reseller.AnnualRevenue):.0f}",
            reseller.YearOpened,
            reseller.CountryRegionCode,
            reseller.StateProvinceCode,
            reseller.City,
            reseller.PostalCode,
            place.latitude,
            place.longitude,
            place.precision,
            place.time_zone,
            _language(reseller.CountryRegionCode, reseller.StateProvinceCode),
            edited.get(key, _prospect_edited(key)),
        )
        rows.append(row)
    rows += planted.duplicate_rows({row[0]: row for row in rows})
    return sorted(rows, key=lambda row: str(row[0]))


def _language(country: str, state: str) -> str:
    """The language an account is worked in: its country's, and French in Quebec."""
    if (country, state) == ("CA", "QC"):
        return "French"
    return _LANGUAGE.get(country, "English")


def _prospect_edited(key: str) -> date:
    random = Random(f"{SEED}/edited/{key}")
    return AS_OF - timedelta(days=random.randint(40, 900))


def line_rows(source: Source) -> Iterator[tuple[object, ...]]:
    """Yield order lines in order of date, order and line."""
    for line in source.lines.itertuples(index=False):
        yield (
            f"{line.SalesOrderNumber}-{line.line}",
            line.SalesOrderNumber,
            line.account_id,
            line.rep_id,
            line.product_id,
            line.ordered.date(),
            line.quantity,
            f"{line.amount:.2f}",
        )


def product_rows(source: Source) -> list[tuple[object, ...]]:
    """Return one row per product: its dated versions merged, the newest giving the price.

    The source ends some versions before they start and sells most products months before
    their start. The order lines are believed: a product is live from its first sale, and
    one without a current version until its last, where the versions say otherwise.
    """
    sales = source.lines.groupby("product_id")["ordered"].agg(["min", "max"])
    rows = []
    for product, versions in source.products.groupby("product_id"):
        sold = sales.loc[product] if product in sales.index else None
        if sold is None and not (versions["FinishedGoodsFlag"] == "True").any():
            continue
        newest = versions.sort_values(["StartDate", "ProductKey"]).iloc[-1]
        price = newest["ListPrice"]
        live_from = versions["StartDate"].min()
        live_to = max(versions["EndDate"].max(), live_from)
        if sold is not None:
            live_from = min(live_from, sold["min"])
            live_to = max(versions["EndDate"].max(), sold["max"])
        current = (versions["Status"] == "Current").any()
        rows.append(
            (
                product,
                newest["EnglishProductName"],
                newest["EnglishProductCategoryName"],
                newest["EnglishProductSubcategoryName"],
                "" if pd.isna(price) else f"{float(price):.2f}",
                live_from.date(),
                "" if current else live_to.date(),
            )
        )
    return rows


def quota_rows(source: Source) -> Iterator[tuple[object, ...]]:
    """Yield quotas; each runs until the day before the next quarter's date."""
    starts = sorted(source.quotas["starts"].unique())
    ends = {
        start: (following - pd.Timedelta(days=1)).date() for start, following in pairwise(starts)
    }
    ends[starts[-1]] = (starts[-1] + pd.Timedelta(days=_LAST_QUOTA_DAYS - 1)).date()
    for quota in source.quotas.itertuples(index=False):
        yield (
            f"Q-{int(quota.SalesQuotaKey):03d}",
            f"R-{quota.EmployeeKey}",
            quota.starts.date(),
            ends[quota.starts],
            f"{float(quota.SalesAmountQuota):.2f}",
        )


def territory_rows(source: Source) -> Iterator[tuple[object, ...]]:
    """Yield territories; the one called NA is a name, not a blank."""
    for territory in source.territories.itertuples(index=False):
        yield (
            f"T-{territory.SalesTerritoryKey}",
            territory.SalesTerritoryRegion,
            territory.SalesTerritoryCountry,
            territory.SalesTerritoryGroup,
        )


def book_toml(as_of: date) -> str:
    """Return book.toml."""
    assumptions = [
        "All dates of the source are moved forward by 676 whole weeks (4,732 days), so that "
        "weekdays and intervals stay as they were.",
        "All amounts are taken as US dollars; the source marks five currencies and does not say "
        "whether amounts were converted.",
        "An account's owner is the rep of its latest order; accounts that never ordered are "
        "unowned prospects.",
        "Industry is derived from the kind of business: specialty bike shops are bicycle retail, "
        "value added resellers bicycle services, warehouses sporting goods wholesale.",
        "Amounts of order lines are rounded to cents.",
        "The source's dates of product versions contradict its order lines (some end before they "
        "start); a product is live from its first sale at the latest, and one without a current "
        "version until its last sale at the earliest.",
        "Rep names, bases and hours, leave, contacts, activities, open opportunities, intent "
        "signals and all documents are synthetic; no person or publisher in them is real.",
        "Coordinates are those of the city (GeoNames); where the city is not known they are the "
        "centroid of the known cities of its state or country and marked so.",
        "A quota runs from its date to the day before the next one; the last one for 91 days.",
    ]
    lines = ",\n".join(f"  {toml_value(sentence)}" for sentence in assumptions)
    return (
        'name = "AdventureWorks resellers"\n'
        f"as_of = {as_of.isoformat()}\n"
        'currency = "USD"\n'
        'crm = "salesforce"\n'
        f"assumptions = [\n{lines},\n]\n"
    )
