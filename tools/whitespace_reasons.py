"""Why a product line is likely to be taken up, in words and in the figures of a rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tools.adoption.offers import rule_figures, said_by_owned
from tools.line_chance import LineChance

MOST = 2
"""Lines named at most."""

LEAST = 0.05
"""Log-odds that a line must add to be named."""


def reasons(told: LineChance, rows: np.ndarray, columns: np.ndarray) -> dict[str, Any]:
    """Columns `because`, `support`, `confidence` and `lift` of pairs of account and line.

    Nobody else is named. Where peers alone speak, the figures of the rule are blank.
    """
    names = np.full(len(rows), "", dtype=object)
    figures = np.full((3, len(rows)), np.nan)
    model = told.model
    if model is not None:
        row, column = told.row[rows], told.column[columns]
        called = [str(product) for product in model.products]
        known = np.flatnonzero((row >= 0) & (column >= 0))
        for block, said in said_by_owned(model, row[known], column[known]):
            at, offered = known[block], column[known[block]]
            order = np.argsort(-said, axis=1, kind="stable")[:, :MOST]
            added = np.take_along_axis(said, order, 1)
            best = order[:, 0]
            owns = np.isfinite(added[:, 0])
            figures[:, at[owns]] = rule_figures(model, best[owns], offered[owns])
            for place, products, adds in zip(at, order.tolist(), added.tolist(), strict=True):
                spoken = [
                    called[one] for one, add in zip(products, adds, strict=True) if add >= LEAST
                ]
                if spoken:
                    names[place] = f"bought by others with {' and '.join(spoken)}; "
    share = np.round(100 * told.half_year[rows, columns]).astype(int)
    words = [
        f"{name}{percent} % of comparable accounts without it took it up in the last half year"
        for name, percent in zip(names, share, strict=True)
    ]
    support, confidence, lift = np.round(figures, 6)
    return {
        "because": pd.array(words, dtype="str"),
        "support": support,
        "confidence": confidence,
        "lift": lift,
    }
