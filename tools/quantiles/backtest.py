"""Whether the levels held: accounts judged by models that never saw their spend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from domain.errors import InvalidInput
from tools.quantiles.fact_forms import as_words, numbers
from tools.quantiles.fitting import FEWEST_PEERS, fit_potential
from tools.quantiles.headroom import Growth, growth, headroom
from tools.quantiles.lines import Settings
from tools.quantiles.observations import draws, folds, refuse_duplicates, spend_of
from tools.quantiles.solver import pinball
from tools.shares import interval

ORIGINS = (0.4, 0.6, 0.8)  # shares of the rows, in time, that teach


@dataclass(frozen=True)
class PotentialBacktest:
    """How a model of potential did on accounts it had not seen.

    `by_level` has one row per level: `coverage` (share of accounts that spent no more than
    the level) with its 95 % interval `low` to `high` (Wilson), `pinball` (mean loss,
    currency), `skill` (1 - loss / loss of the unconditional quantile) and `segment_skill`
    (1 - loss / loss of the segment's quantile; missing without a segment).
    `predictions` are the levels told for each account that was judged. `growth` is there
    when a later period was given. `notes` say what the figures cannot show.
    """

    by_level: pd.DataFrame
    predictions: pd.DataFrame
    rows: int
    design: str
    growth: Growth | None
    notes: tuple[str, ...]


def backtest_potential(
    facts: pd.DataFrame,
    spend: pd.Series | np.ndarray | Sequence[float],
    *,
    levels: Sequence[float] = (0.5, 0.75, 0.9),
    segment: str | None = None,
    categorical: Sequence[str] | None = None,
    when: pd.Series | np.ndarray | None = None,
    later: pd.Series | np.ndarray | Sequence[float] | None = None,
    count: int = 5,
    settings: Settings | None = None,
) -> PotentialBacktest:
    """Tell how often each level held, and how much better than plain quantiles it told.

    Parameters
    ----------
    facts, spend, levels, segment, categorical, settings
        As for `fit_potential`. `segment` also names the fact whose quantiles are the rival.
    when
        A date or number per row. With it, models learn from the first 40, 60 and 80 % of
        the rows in time and are judged on the fifth that follows (rows of one time stay
        together); without it, accounts are cut into `count` folds by a hash of their id.
    later
        Spend of a later period: says whether the top tenth by headroom took it up.

    Raises
    ------
    InvalidInput
        As `fit_potential`, and when fewer than ten rows have a known spend.
    DuplicateIds
        When an account id occurs more than once.
    """
    refuse_duplicates(facts)
    spent, gone = numbers(spend_of(facts, spend))
    spent = np.maximum(spent, 0.0)
    known = np.flatnonzero(~gone)
    if len(known) < 10:
        raise InvalidInput(
            f"A backtest needs ten accounts with a known spend; there are {len(known)}."
        )
    if when is None and not 2 <= count <= len(known):
        raise InvalidInput(f"There must be 2 to {len(known)} folds, not {count}.")
    told = np.full((len(facts), len(levels)), np.nan)
    plain, rival = told.copy(), told.copy()
    cuts = _by_account(facts, known, count) if when is None else _by_time(facts, known, when)
    for taught, held in cuts:
        model = fit_potential(
            facts.iloc[taught], spent[taught], levels=levels, segment=segment,
            categorical=categorical, settings=settings,
        )  # fmt: skip
        told[held] = model.predict(facts.iloc[held])[list(model.names)].to_numpy()
        plain[held] = np.quantile(spent[taught], levels)
        if segment is not None:
            rival[held] = _of_segment(facts[segment], spent, taught, held, levels)
    judged = np.flatnonzero(~np.isnan(told[:, 0]))
    by_level = pd.DataFrame(
        [
            _row(level, spent[judged], told[judged, at], plain[judged, at], rival[judged, at])
            for at, level in enumerate(levels)
        ]
    ).set_index("level")
    names = [f"p{100 * level:g}" for level in levels]
    predictions = pd.DataFrame(told[judged], index=facts.index[judged], columns=names)
    return PotentialBacktest(
        by_level=by_level,
        predictions=predictions,
        rows=len(judged),
        design=f"{count} folds over accounts" if when is None else "later rows by earlier ones",
        growth=_growth(facts, predictions, spent, judged, later, levels),
        notes=(
            ("one period of spend cannot show a season or a change of the market",)
            if when is None
            else ()
        ),
    )


def _row(
    level: float, spent: np.ndarray, told: np.ndarray, plain: np.ndarray, rival: np.ndarray
) -> dict[str, float]:
    held = int((spent <= told).sum())
    coverage = held / len(spent)
    low, high = interval(held, len(spent))
    loss = float(pinball(spent - told, level).mean())
    of_plain = float(pinball(spent - plain, level).mean())
    of_rival = float(pinball(spent - rival, level).mean())
    return {
        "level": level, "coverage": coverage, "low": low, "high": high, "pinball": loss,
        "skill": 1.0 - loss / of_plain if of_plain > 0 else np.nan,
        "segment_skill": 1.0 - loss / of_rival if of_rival > 0 else np.nan,
    }  # fmt: skip


def _by_account(
    facts: pd.DataFrame, known: np.ndarray, count: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    fold = folds(draws(facts.index[known]), count)
    return [(known[fold != number], known[fold == number]) for number in range(count)]


def _by_time(
    facts: pd.DataFrame, known: np.ndarray, when: pd.Series | np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    stamps = when.reindex(facts.index) if isinstance(when, pd.Series) else pd.Series(when)
    if len(stamps) != len(facts):
        raise InvalidInput(f"`when` has {len(stamps)} values, facts have {len(facts)} rows.")
    if not pd.api.types.is_numeric_dtype(stamps.dtype):
        stamps = pd.to_datetime(stamps, errors="coerce", utc=True)
    time, gone = numbers(stamps)
    dated = known[~gone[known]]
    order = np.sort(time[dated])
    edges = [order[min(len(order) - 1, int(share * len(order)))] for share in (*ORIGINS, 1.0)]
    cuts = []
    for start, end in pairwise(edges):
        last = end == edges[-1]
        taught = dated[time[dated] < start]
        held = dated[(time[dated] >= start) & ((time[dated] < end) | last)]
        if len(taught) and len(held):
            cuts.append((taught, held))
            if last:
                break  # equal edges: the rows that follow are the same
    if not cuts:
        raise InvalidInput("`when` is the same for nearly all rows: too little comes later.")
    return cuts


def _of_segment(
    segment: pd.Series, spent: np.ndarray, taught: np.ndarray, held: np.ndarray,
    levels: Sequence[float],
) -> np.ndarray:  # fmt: skip
    words = as_words(segment)
    out = np.tile(np.quantile(spent[taught], levels), (len(held), 1))
    for word in np.unique(words[held].astype(str)):
        peers = spent[taught[words[taught] == word]]
        if len(peers) >= FEWEST_PEERS:
            out[words[held] == word] = np.quantile(peers, levels)
    return out


def _growth(
    facts: pd.DataFrame, predictions: pd.DataFrame, spent: np.ndarray, judged: np.ndarray,
    later: pd.Series | np.ndarray | Sequence[float] | None, levels: Sequence[float],
) -> Growth | None:  # fmt: skip
    if later is None:
        return None
    after = spend_of(facts, later).to_numpy(dtype=float, na_value=np.nan)
    at = int(np.argmin(np.abs(np.array(levels) - 0.75)))
    room = headroom(predictions.iloc[:, at].to_numpy(), spent[judged])
    return growth(room, spent[judged], after[judged])
