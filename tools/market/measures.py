"""What a market counts and sums, company by company, checked at the door."""

from __future__ import annotations

import numpy as np
import pandas as pd

from domain.errors import InvalidInput


def measured_by_company(
    companies: pd.DataFrame,
    reached: str,
    owned: str | None,
    spend: str | None,
    potential: str | None,
    chance: str | None,
) -> pd.DataFrame:
    """Return what is counted and summed; nought where it is not known.

    `companies` (1 each), `owned`, `customers`, `spend`, `unknown_potential`, `potential`,
    `unreached_potential` and `expected`, one row per company in the order given; see
    `segments.segment_view` for the columns and the errors.
    """
    count = len(companies)
    customer = _truth(companies, reached)
    out = pd.DataFrame({"companies": np.ones(count)})
    out["owned"] = _truth(companies, owned)
    out["customers"] = customer
    out["spend"] = np.nan_to_num(_numbers(companies, spend))
    could = _numbers(companies, potential)
    if (could < 0).any():
        raise InvalidInput(
            f"Column {potential} holds a potential below nought.", hint="Correct or blank it."
        )
    likely = _numbers(companies, chance)
    if ((likely < 0) | (likely > 1)).any():
        raise InvalidInput(
            f"Column {chance} holds chances outside 0 to 1.", hint="Give shares, not per cent."
        )
    out["unknown_potential"] = np.isnan(could).astype(float)
    could = np.nan_to_num(could)
    out["potential"] = could
    out["unreached_potential"] = could * (1 - customer)
    out["expected"] = could * (1 - customer) * np.nan_to_num(likely)
    return out


def _truth(companies: pd.DataFrame, name: str | None) -> np.ndarray:
    if name is None or name not in companies.columns:
        return np.zeros(len(companies))
    column = companies[name]
    known = column.dropna()
    try:
        fits = bool(known.astype(float).isin((0.0, 1.0)).all())
    except (TypeError, ValueError):
        fits = False
    if not fits:
        raise InvalidInput(
            f"Column {name} must be true or false, 1 or 0, or blank.",
            hint="Turn it into a boolean before.",
        )
    out = np.zeros(len(companies))
    out[column.notna().to_numpy()] = known.astype(float).to_numpy()
    return out


def _numbers(companies: pd.DataFrame, name: str | None) -> np.ndarray:
    if name is None or name not in companies.columns:
        return np.full(len(companies), np.nan)
    values = pd.to_numeric(companies[name], errors="coerce")
    lost = values.isna() & companies[name].notna()
    out = values.to_numpy(dtype=np.float64, na_value=np.nan)
    if lost.any() or np.isinf(out).any():
        raise InvalidInput(
            f"Column {name} holds something that is no finite number.",
            hint="Correct those cells, or blank them.",
        )
    return out
