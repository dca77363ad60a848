"""Tables of facts and spend with a known shape, made from a seed."""

from __future__ import annotations

import numpy as np
import pandas as pd


def accounts(rows: int, seed: int = 0) -> tuple[pd.DataFrame, pd.Series]:
    """Warehouses spend three times what shops do, and spend grows with the root of staff."""
    rng = np.random.default_rng(seed)
    staff = np.exp(rng.normal(3.0, 1.0, rows))
    kind = rng.choice(["Shop", "Warehouse"], rows)
    spend = 100 * np.sqrt(staff) * np.where(kind == "Warehouse", 3.0, 1.0)
    spend *= np.exp(rng.normal(0, 0.5, rows))
    index = pd.Index([f"A-{at:05d}" for at in range(rows)], name="account_id")
    facts = pd.DataFrame(
        {"staff": staff, "kind": kind, "noise": rng.normal(size=rows)}, index=index
    )
    return facts, pd.Series(spend, index=index)
