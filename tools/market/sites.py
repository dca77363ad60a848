"""Sites of a family that do not buy what their sister sites buy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from domain.errors import ColumnsMissing, InvalidInput
from domain.period import trailing
from tools.market.adoption import FEWEST
from tools.market.families import FamilyEffect, family_effect
from tools.market.taking_up import learned, listed, net_spend, rate_of

COLUMNS = (
    "account_id", "line", "family", "sisters", "sister_spend", "sister_p50", "own_spend_12m",
    "buys_nothing", "chance", "worth",
)  # fmt: skip


@dataclass(frozen=True)
class SiteGaps:
    """Lines a site could take up because its sisters buy them, most worth first.

    `table` is indexed by `SITE/site:LINE`: `account_id` (the site), `line`, `family` (the
    head's id), `sisters` (sites of the family that bought it in 12 months),
    `sister_spend` and `sister_p50` (currency a year, together and their median),
    `own_spend_12m`, `buys_nothing` (the site bought nothing at all in 12 months),
    `chance` (0 to 1, within 12 months) and `worth` (currency a year). `note` says where
    the chance comes from when families are too few to tell.
    """

    table: pd.DataFrame
    effect: FamilyEffect
    note: str


def site_gaps(
    purchases: pd.DataFrame,
    families: pd.Series,
    *,
    as_of: date,
    pseudo_count: float = 30.0,
    little_share: float = 0.1,
    told: Collection[str] | None = None,
) -> SiteGaps:
    """Find, for every site of a family, the lines that its sisters buy and it does not.

    Parameters
    ----------
    purchases
        One row per purchase: `account_id`, `line`, `ordered` (date) and `amount`
        (negative for a return). Rows after `as_of`, without a line or of an account that
        `families` lacks are not read.
    families
        Every account of the book by id, with what its family is called; an account whose
        family nobody shares, or without one, is no site.
    as_of
        The day; 12 months are the 365 days up to and with it.
    pseudo_count
        How many cases of the whole book a rate leans on.
    little_share
        A line bought for less than this share of the sisters' median is still a gap.
    told
        Accounts the reader may see; None is all. Sites outside are not told, and sisters
        outside neither count nor spend. Rates are counted on everybody.

    Returns
    -------
    SiteGaps
        The book's rate of a line is the share of accounts that did not buy it in the 12
        months before the last half year and did in it, apart for accounts that bought
        anything then and those that did not. Families multiply it by how much more often
        their sites took up lines their sisters had (`families.family_effect`); with fewer
        than five such families the book's rate stands alone, and `note` says so. Told for
        a year: 1 - (1 - rate)^2.

        Worth is the chance times what the sisters' median exceeds the site's own spend
        by. The median is at most the 75th percentile of all who buy the line, where five
        do: one large sister says little about a small one.

    Raises
    ------
    ColumnsMissing, InvalidInput
        When a column is missing, an amount is no finite number, or an account stands
        twice in `families`.

    Notes
    -----
    `docs/methodology.md#sites-and-relatives` works an example by hand.
    """
    lines = _read(purchases, families, as_of)
    family = _shared(families)
    if family.empty or lines.empty:
        nothing = family_effect(0, 0, 0, 0.0, pseudo_count=pseudo_count)
        return SiteGaps(_none(), nothing, _note(family))
    now = net_spend(lines, trailing(as_of, 365))
    gaps = _open_lines(now, family, told, little_share)
    effect, rates = learned(lines, families.index, family, as_of, pseudo_count)
    gaps["chance"] = _chance(gaps, rates, effect)
    buying = now[now > 0].groupby(level="line")
    cap = buying.quantile(0.75).where(buying.size() >= FEWEST, np.inf)
    capped = np.minimum(gaps["sister_p50"], gaps["line"].map(cap).fillna(np.inf).astype(float))
    gaps["worth"] = (gaps["chance"] * (capped - gaps["own_spend_12m"].clip(lower=0.0))).round(2)
    gaps = gaps[gaps["worth"] > 0].sort_values(
        ["worth", "account_id", "line"], ascending=[False, True, True], kind="stable"
    )
    gaps.index = pd.Index(gaps["account_id"] + "/site:" + gaps["line"], dtype="str")
    return SiteGaps(gaps[list(COLUMNS)], effect, _note(family, effect))


def _read(purchases: pd.DataFrame, families: pd.Series, as_of: date) -> pd.DataFrame:
    lacking = [n for n in ("account_id", "line", "ordered", "amount") if n not in purchases]
    if lacking:
        raise ColumnsMissing(
            f"The purchases have no column {', '.join(lacking)}.",
            hint="Give account_id, line, ordered and amount.",
        )
    if not families.index.is_unique:
        raise InvalidInput(
            "An account stands twice among the families.", hint="Keep one row of each account."
        )
    amount = pd.to_numeric(purchases["amount"], errors="coerce").to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    if not np.isfinite(amount).all():
        raise InvalidInput(
            "Some amounts are no finite numbers.", hint="Correct those purchases, or drop them."
        )
    known = (
        purchases["line"].notna()
        & purchases["account_id"].isin(families.index)
        & (pd.to_datetime(purchases["ordered"]) <= pd.Timestamp(as_of))
    ).to_numpy()
    return pd.DataFrame(
        {
            "account_id": purchases["account_id"].astype("str").to_numpy()[known],
            "line": purchases["line"].astype("str").to_numpy()[known],
            "ordered": pd.to_datetime(purchases["ordered"]).to_numpy()[known],
            "amount": amount[known],
        }
    )


def _shared(families: pd.Series) -> pd.Series:
    """The family of every account that shares one, by account id."""
    named = families.dropna().astype("str")
    return named[named.map(named.value_counts()) > 1]


def _open_lines(
    now: pd.Series, family: pd.Series, told: Collection[str] | None, little_share: float
) -> pd.DataFrame:
    """Every visible site with every line that a visible sister buys and it does not."""
    seen = family if told is None else family[family.index.isin(list(told))]
    family_of = seen.to_dict()
    spent = now.reset_index()
    anything = set(spent.loc[spent["amount"] > 0, "account_id"])
    spent["family"] = pd.Series(
        [family_of.get(account) for account in spent["account_id"]], index=spent.index, dtype="str"
    )
    bought = spent[(spent["amount"] > 0) & spent["family"].notna()]
    members = listed(seen)
    offered = bought[["family", "line"]].drop_duplicates()
    pairs = members.merge(offered, on="family")
    own = pairs.merge(spent[["account_id", "line", "amount"]], how="left")["amount"].fillna(0.0)
    pairs["own_spend_12m"] = own.to_numpy()
    sisters = pairs.merge(
        bought.rename(columns={"account_id": "sister", "amount": "spent"}), on=["family", "line"]
    )
    sisters = sisters[sisters["sister"] != sisters["account_id"]]
    told_of = sisters.groupby(["account_id", "line"])["spent"].agg(["size", "sum", "median"])
    told_of.columns = pd.Index(["sisters", "sister_spend", "sister_p50"])
    gaps = pairs.merge(told_of.round(2).reset_index(), on=["account_id", "line"])
    small = gaps["own_spend_12m"] < little_share * gaps["sister_p50"]
    gaps = gaps[(gaps["own_spend_12m"] <= 0) | small].reset_index(drop=True)
    gaps["buys_nothing"] = ~gaps["account_id"].isin(anything)
    return gaps


def _chance(gaps: pd.DataFrame, rates: pd.DataFrame, effect: FamilyEffect) -> np.ndarray:
    half = np.minimum(rate_of(gaps["line"], ~gaps["buys_nothing"], rates) * effect.factor, 1.0)
    return np.round(1 - (1 - half) ** 2, 6)


def _none() -> pd.DataFrame:
    words = ("account_id", "line", "family")
    columns = {name: pd.Series(dtype="str" if name in words else "float64") for name in COLUMNS}
    return pd.DataFrame(columns, index=pd.Index([], dtype="str"))


def _note(family: pd.Series, effect: FamilyEffect | None = None) -> str:
    if family.empty:
        return "No account names another as its parent: the book knows no families and no sites."
    if effect is None:
        return "Nobody of any family has bought anything that is still sold."
    if not effect.known:
        return (
            "Fewer than five families had a line that a sister site lacked: the chance is that of "
            "any account of the book."
        )
    return ""
