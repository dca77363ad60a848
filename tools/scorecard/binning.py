"""Cutting facts into bins: numbers at round bounds, words by level, missing values apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from domain.card import Bin, CardRule
from tools.scorecard.placing import Codes, numbers, placed

MOST_BINS = 20
MOST_LEVELS = 64  # levels that get a weight of their own before levels alike are pooled
RARE = 10  # levels with fewer rows are pooled with those never seen
SAMPLE = 100_000  # rows that bounds are drawn from


@dataclass(frozen=True)
class BinnedFact:
    """One fact cut into bins, and the bin of every row.

    `rule` has the bins without points; `codes` are their places from 0, and the number of
    bins for a missing value. `ordered` bins have neighbours: numbers, in rising order.
    `hand` are the points of a prior card for each bin and for a missing value, nought without.
    """

    rule: CardRule
    codes: Codes
    ordered: bool
    hand: np.ndarray

    @property
    def size(self) -> int:
        """Bins, the missing one included."""
        return len(self.rule.bins) + 1

    def take(self, rows: np.ndarray | slice) -> BinnedFact:
        """Return the fact for some of the rows."""
        return replace(self, codes=self.codes[rows])


def unusable(values: pd.Series) -> str | None:
    """Say why a column cannot be a fact: a date, blank, or the same for all; else None."""
    if (
        pd.api.types.is_datetime64_any_dtype(values)
        or pd.api.types.is_timedelta64_dtype(values)
        or isinstance(values.dtype, pd.PeriodDtype)
    ):
        return "a date is no fact: give the days since then"
    known = values.dropna()
    if known.empty:
        return "it is missing everywhere"
    try:
        differing = len(known) > 1 and bool((known.iloc[1:] != known.iloc[0]).any())
        hash(known.iloc[0])
    except (TypeError, ValueError):
        return "it holds lists or other things that are no value"
    if not differing and len(known) == len(values):
        return "it is the same everywhere"
    return None


def is_numeric(values: pd.Series) -> bool:
    """Say whether a fact is cut by size: a number, or text of which every value is one.

    Truth values are words. Numbers written as text are words too while they are few.
    """
    if pd.api.types.is_bool_dtype(values.dtype):
        return False
    if pd.api.types.is_numeric_dtype(values.dtype):
        return not pd.api.types.is_complex_dtype(values.dtype)
    if isinstance(values.dtype, pd.CategoricalDtype):
        ordered = pd.api.types.is_numeric_dtype(values.cat.categories.dtype)
        return ordered and not pd.api.types.is_bool_dtype(values.cat.categories.dtype)
    known = pd.Series(values.dropna().unique())
    if known.map(lambda value: isinstance(value, (bool, np.bool_))).any():
        return False
    parsed = pd.to_numeric(known, errors="coerce")
    if parsed.isna().any():
        return False
    as_text = known.map(lambda value: isinstance(value, str)).any()
    return not as_text or len(known) > MOST_BINS


def binned(values: pd.Series, fact: str, rule: CardRule) -> BinnedFact:
    """Cut a fact into at most 20 bins, or, for words, up to 64 levels.

    Parameters
    ----------
    values
        The fact, not `unusable`.
    fact
        Its name.
    rule
        Where a prior card reads the fact, its rule: bins then never straddle its bounds.
        Otherwise a rule without bins, of which label and dimension are kept.
    """
    if is_numeric(values) and not any(one.equals or one.one_of for one in rule.bins):
        bins = _numeric_bins(values, rule)
        ordered = True
    else:
        bins = _level_bins(values, rule)
        ordered = False
    cut = rule.model_copy(update={"fact": fact, "bins": bins, "missing": 0})
    codes = placed(values, cut)
    codes[codes < 0] = len(bins)
    return BinnedFact(cut, codes, ordered, _hand_points(values, codes, rule, len(bins)))


def _hand_points(values: pd.Series, codes: Codes, rule: CardRule, bins: int) -> np.ndarray:
    """Points of the prior rule for each bin: each lies within one bin of that rule."""
    points = np.zeros(bins + 1)
    worth = np.array([*(one.points for one in rule.bins), 0, rule.missing], dtype=float)
    first = np.unique(codes, return_index=True)
    points[first[0]] = worth[placed(values.iloc[first[1]], rule)]
    points[bins] = rule.missing
    return points


def _numeric_bins(values: pd.Series, rule: CardRule) -> tuple[Bin, ...]:
    given = numbers(values)
    given = given[np.isfinite(given)]
    if len(given) > SAMPLE:
        given = given[:: -(-len(given) // SAMPLE)]
    hand = {bound for one in rule.bins for bound in (one.at_least, one.below) if bound is not None}
    levels, counts = np.unique(given, return_counts=True)
    most = int(np.clip(len(given) // RARE, 2, MOST_BINS - len(hand))) if len(hand) < 18 else 2
    bounds = sorted({*_bounds(levels, counts, most), *hand})
    whole = bool(len(levels)) and bool(np.all(levels == np.floor(levels)))
    starts, ends = [None, *bounds], [*bounds, None]
    return tuple(
        Bin(label=stretch(low, high, whole=whole), points=0, at_least=low, below=high)
        for low, high in zip(starts, ends, strict=True)
    )


def _bounds(levels: np.ndarray, counts: np.ndarray, most: int) -> list[float]:
    """Lower bounds of all bins but the first: about equal counts, heavy values apart."""
    if len(levels) <= most:
        return [float(level) for level in levels[1:]]
    upto = np.concatenate(([0], np.cumsum(counts)))
    bounds, start = [], 0
    for left in range(most, 1, -1):
        target = (upto[-1] - upto[start]) / left
        heavy = start + np.flatnonzero(counts[start:] >= target)
        end = int(np.searchsorted(upto, upto[start] + target, side="left"))
        end = max(end, start + 1)
        if len(heavy) and heavy[0] < end:
            end = int(heavy[0]) if heavy[0] > start else start + 1
        if end >= len(levels):
            break
        bounds.append(_round_between(float(levels[end - 1]), float(levels[end])))
        start = end
    return bounds


def _round_between(low: float, high: float) -> float:
    """Return the number of fewest digits above `low` and up to `high`."""
    for digits in range(1, 17):
        bound = float(f"{high:.{digits}g}")
        if low < bound <= high:
            return bound
    return high


def stretch(low: float | None, high: float | None, *, whole: bool) -> str:
    """Name a stretch of numbers; `whole` numbers only stand for themselves."""
    if low is None and high is None:
        return "any value"
    if low is None:
        return f"below {_written(high)}"
    if high is None:
        return f"{_written(low)} or more"
    if whole and low == np.floor(low) and high == low + 1:
        return _written(low)
    return f"{_written(low)} to below {_written(high)}"


def _written(value: float | None) -> str:
    assert value is not None
    return f"{int(value)}" if value == int(value) and abs(value) < 1e15 else repr(value)


def _level_bins(values: pd.Series, rule: CardRule) -> tuple[Bin, ...]:
    """One bin a level, the commonest first, and a last one for rare and unseen levels."""
    counts = values.value_counts()
    named = [word for one in rule.bins for word in (one.one_of or (one.equals,)) if word]
    text = [_word(level) for level in counts.index]
    frequent = [
        level for level, count in zip(text, counts, strict=True) if count >= min(RARE, len(values))
    ][:MOST_LEVELS]
    kept = dict.fromkeys([*frequent, *named])
    bins = [Bin(label=level or "(blank)", points=0, equals=level) for level in kept]
    return (*bins, Bin(label="other levels", points=0))


def _word(level: object) -> str:
    if isinstance(level, float) and level.is_integer():
        return str(int(level))
    return str(level)
