"""Sums that fade with time, of many groups at once, free of overflow over any span."""

from __future__ import annotations

import numpy as np

NOTHING = 2.0**-80  # what has faded this far no longer shows in any sum


def faded_sums(
    group: np.ndarray, day: np.ndarray, values: np.ndarray, half_life: float
) -> np.ndarray:
    """Add up `values` within each group, each halved for every `half_life` days since.

    Parameters
    ----------
    group, day
        Integers, sorted by group and then day, no pair twice.
    values
        One row each, any number of columns.
    half_life
        In days, above nought.

    Returns
    -------
    ndarray
        In row i, what the rows of i's group up to and with i add up to on the day of i.
        It depends on those rows alone, to the last bit.

    Notes
    -----
    The recurrence S(i) = S(i-1) x 0.5^((d(i) - d(i-1)) / half_life) + x(i), worked out by
    doubling (Hillis & Steele 1986, doi:10.1145/7902.7903): after k rounds each row holds
    the sum of the 2^k rows up to it. Only factors of at most 1 occur, so nothing can
    overflow.
    """
    if not len(group):
        return np.array(values, dtype=float)
    starts = np.r_[True, group[1:] != group[:-1]]
    fade = np.where(starts, 0.0, faded(np.diff(day, prepend=day[0]), half_life))
    columns = [np.array(column, dtype=float) for column in np.asarray(values).T]
    back, rows = 1, np.flatnonzero(fade)
    # A fade of nought at the head of each group keeps every sum within its group.
    while len(rows) * 8 > len(group):
        for column in columns:
            column[back:] += fade[back:] * column[:-back]
        fade[back:] *= fade[:-back].copy()
        fade[fade < NOTHING] = 0.0
        back, rows = 2 * back, np.flatnonzero(fade)
    while rows.size:
        for column in columns:
            column[rows] += fade[rows] * column[rows - back]
        fade[rows] *= fade[rows - back]
        rows = rows[fade[rows] >= NOTHING]
        back *= 2
    return np.column_stack(columns)


def faded(days: np.ndarray, half_life: float) -> np.ndarray:
    """What is left of 1 after so many days: halved for every `half_life` of them."""
    # A negative gap is that of two groups and is thrown away; it must not overflow.
    return np.asarray(np.exp2(-np.maximum(days, 0) / half_life))
