"""Choose a fit's settings on training folds, and shift its levels to hold out of fold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

import numpy as np

from tools.quantiles.lines import Lines, Settings, lines
from tools.quantiles.observations import Observations, folds
from tools.quantiles.solver import pinball

FOLDS = 5
SAMPLE = 2_000  # settings are chosen on at most so many rows
SHIFT_ROWS = 5_000  # above, levels hold without a shift
STEPS: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("bend", (0.02, 0.1, 0.3, 1.0)),
    ("apart", (0.1, 0.3, 1.0)),
    ("money", (0.0, 0.5)),
    ("unit_share", (0.05, 0.3)),
    ("straight", (0.3, 1.0)),
    ("level", (0.2, 0.7, 2.0)),
)
CLEAR = 1.0  # standard errors by which a setting must win to replace the default


def choose(seen: Observations, levels: tuple[float, ...], kinds: dict[str, bool]) -> Settings:
    """Walk through the settings one by one; each keeps its default unless another wins clearly.

    Won or lost is the pinball loss in currency, each level against the unconditional
    quantile, on five folds of at most 2,000 of the training rows.
    """
    part = seen.rows(seen.draw <= np.sort(seen.draw)[min(len(seen.draw), SAMPLE) - 1])
    best = Settings()
    most = out_of_fold(part, levels, best, kinds)[1]
    for name, values in STEPS:
        for value in values:
            if value == asdict(best)[name]:
                continue
            tried = replace(best, **{name: value})
            loss = out_of_fold(part, levels, tried, kinds)[1]
            gain = most - loss
            if gain.mean() > CLEAR * gain.std() / np.sqrt(len(gain)):
                best, most = tried, loss
    return best


def out_of_fold(
    seen: Observations,
    levels: tuple[float, ...],
    settings: Settings,
    kinds: dict[str, bool],
    fit: Callable[..., Lines] = lines,
) -> tuple[np.ndarray, np.ndarray]:
    """Log residuals by level and loss by row, each row judged by a fit that never saw it."""
    fold = folds(seen.draw, FOLDS)
    residual = np.empty((len(fold), len(levels)))
    loss = np.zeros(len(fold))
    for number in range(FOLDS):
        held = fold == number
        taught = seen.rows(~held)
        fitted = fit(taught, levels, settings, kinds)
        logs = fitted.logs(seen.facts[held])
        residual[held] = np.log1p(seen.spend[held] / fitted.unit)[:, None] - np.sort(logs, axis=1)
        money = fitted.money(logs)
        for at, level in enumerate(levels):
            plain = pinball(seen.spend - np.quantile(seen.spend, level), level).mean()
            loss[held] += pinball(seen.spend[held] - money[:, at], level) / max(plain, 1e-12)
    return residual, loss / len(levels)


def shifts(
    seen: Observations, levels: tuple[float, ...], settings: Settings, kinds: dict[str, bool]
) -> np.ndarray:
    """What to add to each level, in log units, so that it holds for accounts not seen.

    A line hugs the rows it was fitted on: with few of them, fewer new accounts lie below it
    than should. Above 5,000 rows nothing is added.
    """
    if len(seen.spend) > SHIFT_ROWS:
        return np.zeros(len(levels))
    residual, _ = out_of_fold(seen, levels, settings, kinds)
    return np.array([np.quantile(residual[:, at], level) for at, level in enumerate(levels)])
