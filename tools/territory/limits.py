"""Hard limits of a design: windows around targets, and how much may move."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from domain.assignment import MostMoves, Window
from domain.territory_rules import TerritoryRules
from tools.balance.problem import Budget, Floats


def windows(
    held: Sequence[Window], rules: TerritoryRules, reps: Sequence[str]
) -> tuple[Floats, Floats]:
    """(R, 2) lowest and highest deviation of workload, and of potential; infinite where free.

    The coverage model's windows hold for everybody; where several hold, the narrower one
    counts on either side.
    """
    found = []
    for measure, everyone in (
        ("workload", rules.workload_window), ("potential", rules.potential_window),
    ):  # fmt: skip
        window = np.tile([-math.inf, math.inf], (len(reps), 1))
        named = [(one.low, one.high, one.reps) for one in held if one.measure == measure]
        for low, high, concerned in [*([(*everyone, ())] if everyone else []), *named]:
            rows = [row for row, rep in enumerate(reps) if not concerned or rep in concerned]
            window[rows, 0] = np.maximum(window[rows, 0], low)
            window[rows, 1] = np.minimum(window[rows, 1], high)
        found.append(window)
    return found[0], found[1]


def budgets(
    held: Sequence[MostMoves],
    rules: TerritoryRules,
    *,
    accounts: int,
    moved: Floats,
    value: Floats,
) -> tuple[Budget, ...]:
    """Return a budget for each limit on moves.

    A share of accounts is of all in the design, rounded down: 12 % of 705 are 84.

    Parameters
    ----------
    accounts
        Number in the design.
    moved, value
        Per pair: accounts that leave an owner they could stay with, and the share of
        relationship value that goes with them.
    """
    listed = list(held)
    if rules.most_moves_share is not None:
        listed.append(MostMoves(accounts_share=rules.most_moves_share))
    found = []
    for limit in listed:
        if limit.value_share is not None:
            found.append(Budget("share of relationship value moved", value, limit.value_share))
        elif limit.accounts_share is not None:
            # 0.1 of 30 accounts is 3, though the product of floats may fall short of it.
            cap = math.floor(limit.accounts_share * accounts + 1e-9)
            found.append(Budget("accounts moved", moved, float(cap)))
        elif limit.accounts is not None:
            found.append(Budget("accounts moved", moved, float(limit.accounts)))
    return tuple(found)
