"""The data sets of `bench.score`: outcomes that happened, and one of noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from domain.card import Bin, Card, CardRule


def bank(folder: Path) -> tuple[pd.DataFrame, pd.Series] | None:
    """Return facts and outcomes of `uci_bank` in order of time; None where it is not there."""
    file = folder / "uci_bank" / "bank_marketing.csv.gz"
    if not file.is_file():
        return None
    rows = pd.read_csv(file)
    return rows.drop(columns=["duration", "Cust_num", "y"]), (rows["y"] == "yes").astype(int)


def maven(folder: Path) -> tuple[pd.DataFrame, pd.Series, pd.Series] | None:
    """Return facts known at engagement, outcomes and dates of closed `maven_crm` deals."""
    place = folder / "maven_crm"
    if not (place / "sales_pipeline.csv").is_file():
        return None
    deals = pd.read_csv(place / "sales_pipeline.csv")
    deals = deals[deals["deal_stage"].isin(["Won", "Lost"])].copy()
    deals["product"] = deals["product"].replace("GTXPro", "GTX Pro")
    made = deals.merge(pd.read_csv(place / "accounts.csv"), on="account", how="left")
    made = made.merge(pd.read_csv(place / "products.csv"), on="product", how="left")
    made = made.merge(pd.read_csv(place / "sales_teams.csv"), on="sales_agent", how="left")
    facts = [
        "sales_agent", "product", "account", "sector", "year_established", "revenue",
        "employees", "office_location", "series", "sales_price", "manager", "regional_office",
    ]  # fmt: skip
    when = pd.to_datetime(made["engage_date"], format="%d-%m-%y")
    order = np.argsort(when.to_numpy(), kind="stable")
    made, when = made.iloc[order], when.iloc[order]
    return made[facts], (made["deal_stage"] == "Won").astype(int), when


def bank_card() -> Card:
    """Return the careful hand card for `uci_bank`."""

    def words(fact: str, points: int, *levels: str) -> CardRule:
        rated = Bin(label=", ".join(levels), points=points, one_of=levels)
        return CardRule(
            fact=fact, label=fact, dimension="fit", bins=(rated, Bin(label="other", points=0))
        )

    def size(fact: str, bound: float, points: int) -> CardRule:
        bins = (
            Bin(label=f"below {bound:g}", points=0, below=bound),
            Bin(label=f"{bound:g} or more", points=points, at_least=bound),
        )
        return CardRule(fact=fact, label=fact, dimension="fit", bins=bins)

    return Card(
        base=-50,
        rules=(
            words("poutcome", 40, "success"),
            size("previous", 1, 10),
            size("campaign", 4, -5),
            words("job", 10, "student", "retired", "management"),
            size("balance", 1501, 5),
            words("housing", -10, "yes"),
            words("loan", -5, "yes"),
            words("default", -10, "yes"),
            words("contact", 5, "cellular"),
        ),
    )


def invented(rows: int, *, seed: int = 0) -> tuple[pd.DataFrame, pd.Series]:
    """Return 12 numeric facts, three of them with gaps, and 4 of words, with outcomes."""
    random = np.random.default_rng(seed)
    made = pd.DataFrame(
        {
            f"n{place}": random.normal(size=rows)
            if place % 3
            else random.gamma(1, 100, rows).round()
            for place in range(12)
        }
    )
    for place in (0, 4, 8):
        made.loc[random.random(rows) < 0.1, f"n{place}"] = np.nan
    for place in range(4):
        levels = np.array([f"level {level}" for level in range(6 + 8 * place)], dtype=object)
        made[f"c{place}"] = levels[np.minimum(random.geometric(0.2, rows), len(levels)) - 1]
    odds = -1.5 + 0.6 * made["n1"] - 0.4 * made["n2"].abs() + 0.3 * (made["n3"] > 100)
    odds += 0.5 * (made["c1"] == "level 2") - 0.2 * made["n4"].fillna(0)
    return made, pd.Series((random.random(rows) < 1 / (1 + np.exp(-odds))).astype(int))
