"""Judge every account by models that never saw its spend, without learning anew for each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from domain.errors import InvalidInput
from tools.quantiles.fact_forms import FactForm, form_of, is_number
from tools.quantiles.fitting import FEWEST_ROWS
from tools.quantiles.lines import CAP_PEER, CAP_TIMES, Columns, Settings, design, lines, log_unit
from tools.quantiles.model import BASE, BOUNDS, ORDER
from tools.quantiles.observations import draws, folds, refuse_duplicates, spend_of

GAP = 1e-5  # enough for cents; folds differ by far more


@dataclass(frozen=True)
class CrossFit:
    """Levels of every account, and what they are made of.

    `levels` holds `p50`, `p75`, `p90` (currency, never crossing) by account. `logs` holds,
    per level, the columns `(base)`, one per fact, `(levels in order)` and `(bounds)` (what
    holds a level between nought and the cap; mostly nought): they add up to the logarithm
    of 1 + level / `unit`.
    `unit` and `fold` are per account: accounts of one fold are judged by one model.
    """

    levels: pd.DataFrame
    logs: dict[str, pd.DataFrame]
    unit: pd.Series
    fold: pd.Series


def cross_fit(
    facts: pd.DataFrame,
    spend: pd.Series,
    *,
    teaches: pd.Series,
    levels: tuple[float, ...] = (0.5, 0.75, 0.9),
    settings: Settings | None = None,
    count: int = 4,
) -> CrossFit:
    """Tell each account's levels by the model of the other folds.

    Parameters
    ----------
    facts
        One row per account, indexed by account id (unique). A fact's form (scale, knots,
        levels) is read from all accounts' facts, never from spend.
    spend
        Currency a year, on the same index.
    teaches
        True for the accounts that models may learn from. Others are judged all the same.
    settings
        The defaults where None: nothing is chosen here.
    count
        Folds, cut by a hash of the account id. Each level is shifted to hold for accounts
        left out of pairs of folds, as `choosing.shifts` does for one model.

    Raises
    ------
    InvalidInput
        When fewer than 60 accounts teach.
    """
    refuse_duplicates(facts)
    order = np.argsort(draws(facts.index), kind="stable")
    table = facts.iloc[order]
    money = np.maximum(np.nan_to_num(spend_of(facts, spend).to_numpy(dtype=float)[order]), 0.0)
    learn = teaches.reindex(table.index).fillna(False).to_numpy(dtype=bool)
    if learn.sum() < FEWEST_ROWS:
        raise InvalidInput(
            f"{learn.sum()} accounts are too few to learn from; {FEWEST_ROWS} are needed."
        )
    chosen = settings or Settings()
    forms = _forms(table[learn], table)
    values = design(forms, table)
    fold = np.empty(len(table), dtype=int)
    # Those who teach are cut apart from the rest, so that every fold teaches as much.
    fold[learn] = folds(np.arange(learn.sum()), count)
    fold[~learn] = folds(np.arange((~learn).sum()), count)
    names = [f"p{100 * level:g}" for level in levels]
    told = np.empty((len(table), len(levels)))
    logs = np.empty((len(levels), len(table), len(forms) + 3))
    units = np.empty(len(table))

    def fit(without: tuple[int, ...]) -> tuple[Columns, np.ndarray]:
        rows = learn & ~np.isin(fold, without)
        unit = log_unit(money[rows], chosen.unit_share)
        cap = CAP_TIMES * float(np.quantile(money[rows], CAP_PEER))
        given = Columns(forms, unit, values[rows], np.log1p(money[rows] / unit), cap)
        return given, lines(given, levels, chosen, gap=GAP).coefficients

    away: dict[int, list[np.ndarray]] = {number: [] for number in range(count)}
    for pair in combinations(range(count), 2) if learn.sum() <= 5_000 else ():
        given, coefficients = fit(pair)
        for judged, other in (pair, pair[::-1]):
            rows = learn & (fold == judged)
            line = np.sort(values[rows] @ coefficients.T, axis=1)
            away[other].append(np.log1p(money[rows] / given.unit)[:, None] - line)
    for number in range(count):
        given, coefficients = fit((number,))
        shift = _shift(away[number], levels)
        held = fold == number
        part = _parts(forms, values[held], coefficients, shift)
        total = part.sum(axis=2)
        ordered = np.sort(total, axis=1)
        bounded = np.clip(ordered, 0.0, np.log1p(given.cap / given.unit))
        part[:, :, -2], part[:, :, -1] = ordered - total, bounded - ordered
        logs[:, held] = part.transpose(1, 0, 2)
        units[held] = given.unit
        told[held] = np.expm1(bounded) * given.unit
    columns = [BASE, *(form.fact for form in forms), ORDER, BOUNDS]
    back = facts.index
    return CrossFit(
        levels=pd.DataFrame(told, index=table.index, columns=names).reindex(back),
        logs={
            name: pd.DataFrame(logs[at], index=table.index, columns=columns).reindex(back)
            for at, name in enumerate(names)
        },
        unit=pd.Series(units, index=table.index).reindex(back),
        fold=pd.Series(fold, index=table.index).reindex(back),
    )


def _forms(taught: pd.DataFrame, table: pd.DataFrame) -> tuple[FactForm, ...]:
    rows = len(taught)
    least = max(5, rows // 2_000)
    found = (
        form_of(
            taught[fact], None, number=is_number(table[fact]), least=least, most=40,
            bends=rows >= 40 * len(table.columns) ** 0.5,
        )
        for fact in table.columns
    )  # fmt: skip
    return tuple(form for form in found if form is not None)


def _shift(residuals: list[np.ndarray], levels: tuple[float, ...]) -> np.ndarray:
    if not residuals:
        return np.zeros(len(levels))
    every = np.vstack(residuals)
    return np.array([np.quantile(every[:, at], level) for at, level in enumerate(levels)])


def _parts(
    forms: tuple[FactForm, ...], values: np.ndarray, coefficients: np.ndarray, shift: np.ndarray
) -> np.ndarray:
    """Rows x levels x (base, one per fact, order, bounds); the last two are left nought."""
    out = np.zeros((len(values), len(coefficients), len(forms) + 3))
    out[:, :, 0] = coefficients[:, 0] + shift
    start = 1
    for at, form in enumerate(forms):
        end = start + len(form.parts)
        out[:, :, 1 + at] = values[:, start:end] @ coefficients[:, start:end].T
        start = end
    return out
