"""Tasks that pass or fail, in two runs: exact tests of what was lost and gained."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as table_test

from domain.record import Record
from eval.statistics.estimate import ValuesUnfit, rounded

Trials = tuple[int, int]
"""How many of how many trials of one task failed."""


class Pairs(Record):
    """Tasks that changed sides between two runs, and the exact two-sided p of McNemar's test."""

    lost: int
    gained: int
    p: float


def mcnemar(before: Sequence[bool], after: Sequence[bool]) -> Pairs:
    """Compare two runs in which each task passed or failed.

    Only tasks that changed sides tell anything; were it chance, either way would be as likely,
    so `p` is binomial. Where none changed it is 1.

    Raises
    ------
    ValuesUnfit
        When the runs differ in length.

    Notes
    -----
    McNemar (1947), doi:10.1007/BF02295996, exact as in statsmodels. Fewer than six tasks can
    never reach p < .05, because 2 / 2^5 = .0625.
    """
    if len(before) != len(after):
        raise ValuesUnfit(f"{len(before)} tasks before and {len(after)} after are no pairs.")
    pairs = list(zip(before, after, strict=True))
    lost = sum(one and not two for one, two in pairs)
    gained = sum(two and not one for one, two in pairs)
    if lost + gained == 0:
        return Pairs(lost=0, gained=0, p=1.0)
    p = float(table_test([[0, lost], [gained, 0]], exact=True).pvalue)
    return Pairs(lost=lost, gained=gained, p=rounded(p))


def more_failures(before: Sequence[Trials], after: Sequence[Trials]) -> float:
    """Return the one-sided p of as many failures or more after, task by task.

    Were it chance, the failures of a task could have fallen on any of its trials, before or
    after alike; so those after are hypergeometric, and their sum over tasks is worked out
    exactly. A task that fails always, or never, tells nothing. With one trial each this is
    McNemar's test, one-sided; with three, two tasks that fail newly in all of theirs are p =
    1/20 * 1/20.

    Raises
    ------
    ValuesUnfit
        When the runs differ in length, or a task has more failures than trials.

    Notes
    -----
    The exact conditional test of 2 x 2 tables in strata: Birch (1964), Agresti (1990),
    Categorical Data Analysis, section 7.4.4; `mantelhaen.test(exact = TRUE)` in R.
    """
    if len(before) != len(after):
        raise ValuesUnfit(f"{len(before)} tasks before and {len(after)} after are no pairs.")
    chances = np.ones(1)
    least = 0
    for one, two in zip(before, after, strict=True):
        if not 0 <= one[0] <= one[1] or not 0 <= two[0] <= two[1]:
            raise ValuesUnfit(f"{one} before, {two} after: failures must be among the trials.")
        failed, trials = one[0] + two[0], one[1] + two[1]
        least += two[0]
        if 0 < failed < trials:
            counts = np.arange(min(failed, two[1]) + 1)
            chances = np.convolve(chances, stats.hypergeom.pmf(counts, trials, failed, two[1]))
        elif failed:
            chances = np.concatenate([np.zeros(two[1]), chances])
    return rounded(min(1.0, float(chances[least:].sum())))
