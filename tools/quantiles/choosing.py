"""Choose a fit's settings on training folds, and shift its levels to hold out of fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

import numpy as np

from tools.quantiles.lines import Columns, Settings, columns_of, design, lines
from tools.quantiles.observations import Observations, folds
from tools.quantiles.solver import pinball

FOLDS = 5
SAMPLE = 2_000  # settings are chosen on at most so many rows
SHIFT_ROWS = 5_000  # above, levels hold without a shift
STEPS: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("bend", (0.02, 0.1, 0.3, 1.0)),
    ("apart", (0.1, 0.3, 1.0)),
    ("money", (0.0, 0.5)),
    ("unit_share", (0.05, 0.3, 0.7)),
    ("straight", (0.3, 1.0)),
    ("level", (0.2, 0.7, 2.0)),
)
CLEAR = 1.0  # standard errors by which a setting must win to replace the default


class Folds:
    """Rows cut into five, and each setting judged on rows its fits never saw."""

    def __init__(
        self, seen: Observations, levels: tuple[float, ...], kinds: Mapping[str, bool]
    ) -> None:
        self.seen, self.levels, self.kinds = seen, levels, kinds
        self.fold = folds(seen.draw, FOLDS)
        self._made: dict[tuple[float, int], tuple[Columns, np.ndarray]] = {}
        plain = [pinball(seen.spend - np.quantile(seen.spend, at), at).mean() for at in levels]
        self._plain = np.maximum(plain, 1e-12)

    def judge(self, settings: Settings, *, gap: float = 1e-4) -> tuple[np.ndarray, np.ndarray]:
        """Log residuals by row and level, and each row's pinball loss in currency.

        A loss is a share of what the unconditional quantile loses, mean of the levels.
        """
        spend = self.seen.spend
        residual = np.empty((len(spend), len(self.levels)))
        loss = np.zeros(len(spend))
        for number in range(FOLDS):
            held = self.fold == number
            columns, others = self._columns(settings.unit_share, number)
            fitted = lines(columns, self.levels, settings, gap=gap)
            logs = others @ fitted.coefficients.T
            told = np.sort(logs, axis=1)
            residual[held] = np.log1p(spend[held] / fitted.unit)[:, None] - told
            money = fitted.money(logs)
            for at, level in enumerate(self.levels):
                loss[held] += pinball(spend[held] - money[:, at], level) / self._plain[at]
        return residual, loss / len(self.levels)

    def _columns(self, unit_share: float, number: int) -> tuple[Columns, np.ndarray]:
        if (unit_share, number) not in self._made:
            held = self.fold == number
            columns = columns_of(self.seen.rows(~held), unit_share, self.kinds)
            others = design(columns.forms, self.seen.facts[held])
            self._made[unit_share, number] = (columns, others)
        return self._made[unit_share, number]


def choose(seen: Observations, levels: tuple[float, ...], kinds: Mapping[str, bool]) -> Settings:
    """Walk through the settings one by one; each keeps its default unless another wins clearly.

    Won or lost is the pinball loss in currency, each level against the unconditional
    quantile, on five folds of at most 2,000 of the training rows.
    """
    part = seen.rows(seen.draw <= np.sort(seen.draw)[min(len(seen.draw), SAMPLE) - 1])
    cut = Folds(part, levels, kinds)
    best = Settings()
    _, most = cut.judge(best)
    for name, values in STEPS:
        for value in values:
            if value == asdict(best)[name]:
                continue
            tried = replace(best, **{name: value})
            _, loss = cut.judge(tried)
            gain = most - loss
            if gain.mean() > CLEAR * gain.std() / np.sqrt(len(gain)):
                best, most = tried, loss
    return best


def shifts(
    seen: Observations,
    levels: tuple[float, ...],
    settings: Settings,
    kinds: Mapping[str, bool],
) -> np.ndarray:
    """What to add to each level, in log units, so that it holds for accounts not seen.

    A line hugs the rows it was fitted on: with few of them, fewer new accounts lie below it
    than should. Above 5,000 rows nothing is added.
    """
    if len(seen.spend) > SHIFT_ROWS:
        return np.zeros(len(levels))
    residual, _ = Folds(seen, levels, kinds).judge(settings)
    return np.array([np.quantile(residual[:, at], level) for at, level in enumerate(levels)])
