from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

AS_OF = date(2026, 11, 13)


def made_up(accounts: int = 300, products: int = 12, seed: int = 0) -> pd.DataFrame:
    """Two kinds of accounts, each with its half of the products; purchases over two years."""
    rng = np.random.default_rng(seed)
    rows = []
    for account in range(accounts):
        half = np.arange(products // 2) + (account % 2) * (products // 2)
        for product in rng.choice(half, size=rng.integers(1, products // 2 - 1), replace=False):
            rows.append((f"A-{account:04d}", f"P-{product:02d}", int(rng.integers(0, 730)), 10.0))
        other = int(rng.integers(0, products))
        rows.append((f"A-{account:04d}", f"P-{other:02d}", int(rng.integers(0, 730)), 5.0))
    table = pd.DataFrame(rows, columns=["account", "product", "ago", "amount"])
    table["date"] = pd.Timestamp(AS_OF) - pd.to_timedelta(table.pop("ago"), unit="D")
    return table


@pytest.fixture(scope="session")
def purchases() -> pd.DataFrame:
    return made_up()


@pytest.fixture(scope="session")
def kinds() -> pd.DataFrame:
    """An attribute that tells the two kinds apart, and a number that tells nothing."""
    accounts = [f"A-{account:04d}" for account in range(300)]
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {"kind": ["even" if at % 2 == 0 else "odd" for at in range(300)],
         "size": rng.gamma(2, 100, 300)},
        index=accounts,
    )  # fmt: skip
