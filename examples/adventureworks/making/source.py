"""The source tables, read as text where text is meant, with every date moved forward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

SHIFT = pd.Timedelta(weeks=676)
AS_OF = date(2026, 11, 13)


@dataclass(frozen=True)
class Source:
    """The source tables; order lines and products carry shifted dates.

    `resellers` has one row per reseller with its place; `lines` one row per order line,
    sorted by date, order and line; `products` one row per dated version of a product.
    """

    resellers: pd.DataFrame
    lines: pd.DataFrame
    products: pd.DataFrame
    quotas: pd.DataFrame
    territories: pd.DataFrame


def _table(folder: Path, name: str) -> pd.DataFrame:
    # "NA" is the name of a territory here, not a missing value.
    return pd.read_csv(folder / name, dtype=str, keep_default_na=False, na_values=[""])


def read_source(folder: Path) -> Source:
    """Read the source folder.

    Raises FileNotFoundError when one of its files is missing.
    """
    resellers = _table(folder, "resellers.csv").merge(
        _table(folder, "geography.csv"), on="GeographyKey", validate="many_to_one"
    )
    resellers["account_id"] = [account_id(key) for key in resellers["ResellerKey"]]

    versions = _table(folder, "products.csv")
    # Written as 5.0 here and as 5 in the list of subcategories.
    versions["ProductSubcategoryKey"] = versions["ProductSubcategoryKey"].str.removesuffix(".0")
    products = versions.merge(
        _table(folder, "product_subcategories.csv"), on="ProductSubcategoryKey", how="left"
    ).merge(_table(folder, "product_categories.csv"), on="ProductCategoryKey", how="left")
    for column in ("StartDate", "EndDate"):
        products[column] = pd.to_datetime(products[column]) + SHIFT
    products["product_id"] = "P-" + products["ProductAlternateKey"]

    lines = _table(folder, "reseller_order_lines.csv.gz")
    lines["ordered"] = pd.to_datetime(lines["OrderDate"]) + SHIFT
    lines["line"] = lines["SalesOrderLineNumber"].astype(int)
    lines["quantity"] = lines["OrderQuantity"].astype(int)
    lines["amount"] = lines["SalesAmount"].astype(float).round(2)
    lines["account_id"] = [account_id(key) for key in lines["ResellerKey"]]
    lines["rep_id"] = "R-" + lines["EmployeeKey"]
    lines = lines.merge(
        products[["ProductKey", "product_id", "EnglishProductCategoryName"]],
        on="ProductKey",
        validate="many_to_one",
    ).sort_values(["ordered", "SalesOrderNumber", "line"], ignore_index=True)

    quotas = _table(folder, "sales_quota_history.csv")
    quotas["starts"] = pd.to_datetime(quotas["Date"]) + SHIFT
    return Source(resellers, lines, products, quotas, _table(folder, "sales_territories.csv"))


def account_id(key: str | int) -> str:
    """Return our id of a reseller, for example `A-004`."""
    return f"A-{int(key):03d}"


def latest_owner(lines: pd.DataFrame) -> dict[str, str]:
    """Return, for each account that ever ordered, the rep of its latest order."""
    return lines.groupby("account_id")["rep_id"].last().to_dict()


def spend_12m(lines: pd.DataFrame) -> dict[str, float]:
    """Return net spend by account in the twelve months up to the date of the book."""
    since = pd.Timestamp(AS_OF) - pd.DateOffset(years=1)
    return lines[lines["ordered"] > since].groupby("account_id")["amount"].sum().to_dict()


def last_order_amounts(lines: pd.DataFrame) -> dict[str, float]:
    """Return the amount of each account's latest order."""
    orders = lines.groupby(["account_id", "SalesOrderNumber"], sort=False)["amount"].sum()
    latest = orders.groupby("account_id").last()
    return {str(account): float(amount) for account, amount in latest.items()}
