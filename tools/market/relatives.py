"""Missing relatives: subsidiaries and branches of a customer that are no account yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tools.market.families import FamilyEffect, family_effect

COLUMNS = (
    "account_id", "company_id", "name", "industry", "segment", "size", "country", "region", "city",
    "employees", "chance", "potential", "worth",
)  # fmt: skip


@dataclass(frozen=True)
class Relatives:
    """Relatives of customers that are no account, most worth first.

    `table` is indexed by `ACCOUNT/relative:COMPANY`: `account_id` (the parent),
    `company_id`, `name`, what is known of it, `chance` (0 to 1, to become a customer
    within 12 months), `potential` and `worth` (currency a year; worth is chance times
    potential, missing where either is). `note` says when families are too few to tell.
    """

    table: pd.DataFrame
    effect: FamilyEffect
    note: str


def relatives(
    everyone: pd.DataFrame, seen: pd.DataFrame, *, pseudo_count: float = 30.0
) -> Relatives:
    """List the relatives of customers that are no account yet.

    Parameters
    ----------
    everyone
        The whole market as `companies.market_companies` lists it, with `chance`, to be a
        customer a year on, and `foretold`, the same a year ago. The families' effect is
        counted here.
    seen
        The rows of it that the reader may see.
    pseudo_count
        How many cases the families' effect leans on.

    Returns
    -------
    Relatives
        Companies whose parent account is a customer, or has one in its family. The chance
        is that of the company's cell times how much more often members of a customer's
        family that had never bought became customers in the past year than the cells
        foretold, where five such families tell; else that of the cell alone.
    """
    effect = _effect(everyone, pseudo_count)
    buying = set(seen.loc[_true(seen["customer"]), "family"].dropna())
    kin = seen[(seen["kind"] == "company") & seen["family"].isin(buying)]
    table = kin.rename_axis(None).assign(
        account_id=kin["parent_id"],
        company_id=kin.index,
        chance=np.minimum(kin["chance"] * effect.factor, 1.0).round(6),
    )
    table["worth"] = (table["chance"] * table["potential"]).round(2)
    table = table.sort_values(
        ["worth", "account_id", "company_id"], ascending=[False, True, True], kind="stable"
    )
    table.index = pd.Index(table["account_id"] + "/relative:" + table["company_id"], dtype="str")
    note = ""
    if len(table) and not effect.known:
        note = (
            "Fewer than five families had a customer and a member that had never bought: a "
            "relative's chance is that of any company of its segment."
        )
    return Relatives(table[list(COLUMNS)], effect, note)


def _effect(everyone: pd.DataFrame, pseudo_count: float) -> FamilyEffect:
    # Only accounts tell: a market list of today says nothing of who joined a family's book.
    accounts = everyone[everyone["kind"] == "account"]
    families = accounts["family"].map(accounts["family"].value_counts())
    was = set(accounts.loc[_true(accounts["was_customer"]), "family"])
    tried = accounts[
        (families > 1) & accounts["family"].isin(was) & ~_true(accounts["bought_before"])
    ]
    took = int(_true(tried["customer"]).sum())
    return family_effect(
        tried["family"].nunique(), len(tried), took, float(tried["foretold"].fillna(0.0).sum()),
        pseudo_count=pseudo_count,
    )  # fmt: skip


def _true(column: pd.Series) -> pd.Series:
    return column.astype("object").where(column.notna(), False).astype(bool)
