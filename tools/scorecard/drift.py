"""How outcomes and facts moved from period to period."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from domain.card import Card
from tools.scorecard.placing import placed

FEW = 0.5  # rows added to every bin, so that an empty one does not make the index infinite


def fact_drift(tables: Sequence[pd.DataFrame], names: Sequence[str], card: Card) -> pd.DataFrame:
    """Compare the share of rows in each bin of a card with the first table.

    Parameters
    ----------
    tables
        The earliest first; each with every fact of the card.
    names
        What to call them.

    Returns
    -------
    DataFrame
        Indexed by `fact`, one column for each table but the first: the population stability
        index, sum of (share now - share then) x ln(share now / share then) over bins, the
        missing and the uncovered one included. Under .1 is read as steady, from .25 as moved.

    Notes
    -----
    Half a row is added to each bin, and what chance alone would give is taken off: (bins - 1) x
    (1 / rows then + 1 / rows now), so that small periods do not look like drift. At least 0.
    """
    lines = {}
    for rule in card.rules:
        if rule.beside is not None:
            continue
        size = len(rule.bins) + 2
        counts = [
            np.bincount(placed(table[rule.fact], rule) + 1, minlength=size) for table in tables
        ]
        lines[rule.fact] = [_stability(counts[0], now) for now in counts[1:]]
    made = pd.DataFrame.from_dict(lines, orient="index", columns=list(names[1:]), dtype=float)
    made.index.name = "fact"
    return made


def _stability(then: np.ndarray, now: np.ndarray) -> float:
    used = (then + now) > 0
    first, second = then[used] + FEW, now[used] + FEW
    chance = (used.sum() - 1) * (1 / then.sum() + 1 / now.sum())
    first, second = first / first.sum(), second / second.sum()
    return max(float(((second - first) * np.log(second / first)).sum() - chance), 0.0)
