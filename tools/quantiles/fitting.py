"""Fit potential: what accounts with such facts spend at P50, P75 and P90."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from domain.errors import ColumnsMissing, InvalidInput
from tools.quantiles.choosing import choose, shifts
from tools.quantiles.fact_forms import as_words, form_of, is_number
from tools.quantiles.lines import CAP_PEER, CAP_TIMES, Lines, Settings, columns_of, lines, log_unit
from tools.quantiles.model import FactEffect, PotentialModel
from tools.quantiles.observations import Observations, observations

FEWEST_ROWS = 60  # below, facts cannot be told apart from chance
FEWEST_PEERS = 5


def fit_potential(
    facts: pd.DataFrame,
    spend: pd.Series | np.ndarray | Sequence[float],
    *,
    levels: Sequence[float] = (0.5, 0.75, 0.9),
    segment: str | None = None,
    categorical: Sequence[str] | None = None,
    settings: Settings | None = None,
) -> PotentialModel:
    """Learn what accounts with such facts spend: a base times one factor per fact.

    Parameters
    ----------
    facts
        One row per account, indexed by account id (unique); any number of columns. Numbers,
        dates and durations bend piecewise along a scale chosen from the rows (plain or
        logarithmic); words, categories, booleans and whole numbers of at most five values
        have one factor per level. Missing is a level, or an indicator, of its own; infinite
        is missing. Facts that are constant or all missing are left out.
    spend
        Currency a year. A Series is joined on the index. Below nought counts as nought.
    levels
        Rising, between 0 and 1.
    segment
        The fact whose quantiles stand in when rows are too few; none means all accounts.
    categorical
        Facts to read as levels whatever their type.
    settings
        Shrinkage and scale; chosen on training folds by default.

    Returns
    -------
    PotentialModel
        Fitted by additive quantile regression of the logarithm of 1 + spend / unit from 60
        rows with some spend on. Below, its levels are the quantiles of the row's `segment`
        (of five accounts or more) or of all accounts, and `method` says so.

    Raises
    ------
    InvalidInput
        When no row has a known spend, spend is no number, or levels do not rise.
    DuplicateIds
        When an account id or a fact's name occurs more than once.
    ColumnsMissing
        When `segment` or `categorical` name no fact.

    Notes
    -----
    Koenker & Bassett (1978), doi:10.2307/1913643; levels in order by rearrangement,
    Chernozhukov, Fernández-Val & Galichon (2010), doi:10.3982/ECTA7880. Rows are ordered by
    a hash of their id first: the order of rows changes nothing.
    `docs/methodology.md#potential` works an example by hand.
    """
    asked = tuple(float(level) for level in levels)
    if not asked or list(asked) != sorted(set(asked)) or not 0 < asked[0] <= asked[-1] < 1:
        raise InvalidInput(f"Levels must rise between 0 and 1; {list(levels)} do not.")
    named = [*(categorical or ()), *([segment] if segment is not None else [])]
    if lacking := [name for name in named if name not in facts.columns]:
        raise ColumnsMissing(f"The table of facts lacks {', '.join(map(str, lacking))}.")
    seen = observations(facts, spend)
    if len(seen.spend) < FEWEST_ROWS or not (seen.spend > 0).any():
        return _quantiles(seen, asked, segment)
    kinds = {
        str(name): name not in (categorical or ()) and is_number(seen.facts[name])
        for name in seen.facts.columns
    }
    seen = Observations(
        seen.facts.set_axis([str(name) for name in seen.facts.columns], axis=1),
        seen.spend, seen.draw, seen.notes,
    )  # fmt: skip
    chosen = settings or choose(seen, asked, kinds)
    fitted = lines(columns_of(seen, chosen.unit_share, kinds), asked, chosen)
    shift = shifts(seen, asked, chosen, kinds)
    return _model(seen, asked, fitted, shift, chosen)


def _model(
    seen: Observations,
    levels: tuple[float, ...],
    fitted: Lines,
    shift: np.ndarray,
    settings: Settings,
) -> PotentialModel:
    middle = int(np.argmin(np.abs(np.array(levels) - 0.5)))
    effects, at = [], 1
    for form in fitted.forms:
        end = at + len(form.parts)
        logs = fitted.coefficients[:, at:end]
        told = form.columns(seen.facts[form.fact]) @ logs[middle]
        rows = tuple(tuple(float(log) for log in row) for row in logs)
        effects.append(FactEffect(form, rows, float(told.var())))
        at = end
    used = {form.fact for form in fitted.forms}
    left = [name for name in seen.facts.columns if name not in used]
    notes = list(seen.notes)
    if left:
        notes.append(f"left out, as nothing in them sets accounts apart: {', '.join(left)}")
    return PotentialModel(
        levels=levels,
        unit=fitted.unit,
        base=tuple(float(base) for base in fitted.coefficients[:, 0] + shift),
        effects=tuple(effects),
        cap=fitted.cap,
        method="regression",
        rows=len(seen.spend),
        notes=tuple(notes),
        settings=asdict(settings),
    )


def _quantiles(
    seen: Observations, levels: tuple[float, ...], segment: str | None
) -> PotentialModel:
    """The quantiles of all accounts and, as factors upon them, those of each segment."""
    unit = log_unit(seen.spend, 0.05)

    def at_levels(spend: np.ndarray) -> np.ndarray:
        return np.asarray(np.log1p(np.quantile(spend, levels) / unit))

    base = at_levels(seen.spend)
    why = (
        "nobody spends: every level is nought"
        if not (seen.spend > 0).any()
        else f"facts are told apart from {FEWEST_ROWS} accounts on; there are {len(seen.spend)}"
    )
    effects: tuple[FactEffect, ...] = ()
    method = "quantiles of all accounts"
    if segment is not None:
        form = form_of(
            seen.facts[segment], np.log1p(seen.spend / unit), number=False, least=FEWEST_PEERS,
            most=len(seen.spend),
        )  # fmt: skip
        if form is not None:
            words = as_words(seen.facts[segment])
            logs = [
                at_levels(
                    seen.spend[np.isin(words, sorted(form.pooled) if part == "(rare)" else [part])]
                )
                - base
                if part != "(rare)"
                else np.zeros(len(levels))
                for part in form.parts
            ]
            plain = form.uncentred()
            table = np.array(logs).T
            effects = (FactEffect(plain, tuple(tuple(map(float, row)) for row in table), 0.0),)
            method = "segment quantiles"
    return PotentialModel(
        levels=levels, unit=unit, base=tuple(map(float, base)), effects=effects,
        cap=CAP_TIMES * float(np.quantile(seen.spend, CAP_PEER)), method=method,
        rows=len(seen.spend), notes=(*seen.notes, why),
    )  # fmt: skip
