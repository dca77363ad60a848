"""What a fair share is for each rep, and how many accounts a rep can look after."""

from __future__ import annotations

import numpy as np
import pandas as pd

from domain.coverage import CoverageModel
from domain.errors import InvalidInput
from tools.balance.problem import Floats, Ints
from tools.territory.eligibility import Bools

LEAST = 1.0  # a target of nought would make every deviation infinite


def work_targets(hours: Floats, capacity: Floats) -> Floats:
    """Hours a rep would have if work went by capacity: 300 h over 200 h and 100 h is 200 and 100.

    Parameters
    ----------
    hours
        Service hours per unit.
    capacity
        Hours per rep, positive.
    """
    total = float(hours.sum())
    return np.asarray(capacity / capacity.sum() * total if total > 0 else capacity)


def potential_targets(
    potential: Floats,
    eligible: Bools,
    reps: pd.DataFrame,
    capacity: Floats,
    coverage: CoverageModel,
) -> tuple[Floats, tuple[str, ...]]:
    """Potential that would be a rep's fair share, and sentences on what was assumed.

    By `territory.potential_target`:

    `capacity`
        The reachable fair share: each unit's potential is divided among the reps who may
        have it by their capacity, and a rep's parts are added up. 90 that only Ann may
        have and 60 that Ann (200 h) and Bo (100 h) share make targets of 130 and 20.
    `quota`
        All potential by quota of the period. Reps without one get their share of capacity.
    `equal`
        The same for all.

    Parameters
    ----------
    potential
        Per unit.
    eligible
        (units, reps); every unit and every rep has at least one.
    reps, capacity
        `name` and `quota` per rep, and hours.

    Raises
    ------
    InvalidInput
        When quotas are asked for and no rep has one.
    """
    total, count = float(potential.sum()), len(capacity)
    kind = coverage.territory.potential_target
    notes: tuple[str, ...] = ()
    if kind == "equal":
        target = np.full(count, total / count)
    elif kind == "quota":
        quota = reps["quota"].to_numpy(dtype="float64")
        without = ~(quota > 0)
        if without.all():
            raise InvalidInput(
                "Targets go by quota, and no rep of the design has a quota for the period.",
                hint='Add quotas, or set territory.potential_target to "capacity".',
            )
        share = capacity / capacity.sum()
        left = 1.0 - float(share[without].sum())
        target = total * np.where(without, share, left * quota / quota[~without].sum())
        if without.any():
            names = ", ".join(map(str, reps["name"][without]))
            notes = (f"No quota for {names}: their target of potential goes by capacity.",)
    else:
        able = eligible * capacity
        target = potential @ (able / able.sum(axis=1, keepdims=True))
    return np.maximum(target, LEAST), notes


def account_limits(
    tier: pd.Series, unit: Ints, eligible: Bools, capacity: Floats, coverage: CoverageModel
) -> Ints:
    """Most accounts per rep, from what each tier allows and the tiers a rep may have.

    Where half of them allow 40 accounts and half 250, a full rep gets 1 / (0.5/40 +
    0.5/250) = 68.97, rounded up to 69; with half the hours of the fullest calendar 35.

    Parameters
    ----------
    tier, unit
        Per account.
    eligible
        (units, reps).
    """
    limits = {
        key.key: coverage.territory.accounts_limit(order)
        for order, key in enumerate(coverage.tiers)
    }
    takes = (1.0 / tier.map(limits).astype("float64")).to_numpy()
    may = eligible[unit]
    mean = takes @ may / np.maximum(may.sum(axis=0), 1)
    fullness = capacity / capacity.max()
    # Rounding keeps 250.00000000000003 from becoming 251.
    raw = np.ceil(np.round(fullness / np.where(mean > 0, mean, np.inf), 9))
    return np.asarray(np.maximum(raw, 1), dtype=np.int64)
