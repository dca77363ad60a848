"""One additive fit under given settings: the columns, the ridge, and one line per level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tools.quantiles.fact_forms import MISSING, FactForm, form_of
from tools.quantiles.observations import Observations
from tools.quantiles.solver import GAP, pinball, quantile_line

CAP_PEER, CAP_TIMES = 0.995, 1.5  # no prediction is above 1.5 x the 99.5 % peer


@dataclass(frozen=True)
class Settings:
    """What is chosen on training folds.

    Spreads are how far, in log units, an effect is expected to lie from nothing: of a
    number's straight part (a standard deviation of the number), of its bends, of a level;
    `apart` how far a level's effects may lie from those of the level below it, as a share
    of these. `unit_share` places the log scale's unit at that quantile of positive spend.
    `money` between 0 and 1 weighs accounts by expected spend to that power.
    """

    straight: float = 1.0
    bend: float = 0.1
    level: float = 0.7
    apart: float = 0.3
    unit_share: float = 0.05
    money: float = 0.0


@dataclass(frozen=True)
class Lines:
    """Coefficients per level over the columns of `forms`, the base first."""

    forms: tuple[FactForm, ...]
    unit: float
    coefficients: np.ndarray
    cap: float

    def logs(self, facts: pd.DataFrame) -> np.ndarray:
        """Predicted logs of 1 + spend / unit, one column per level, not yet in order."""
        return np.asarray(design(self.forms, facts) @ self.coefficients.T)

    def money(self, logs: np.ndarray) -> np.ndarray:
        """Turn logs into ordered amounts between nought and the cap."""
        told = np.expm1(np.minimum(np.sort(logs, axis=1), 700.0)) * self.unit
        return np.asarray(np.clip(told, 0.0, self.cap))


@dataclass(frozen=True)
class Columns:
    """Training rows ready to be fitted: forms of the facts, their columns, the log target."""

    forms: tuple[FactForm, ...]
    unit: float
    values: np.ndarray
    target: np.ndarray
    cap: float


def columns_of(seen: Observations, unit_share: float, kinds: Mapping[str, bool]) -> Columns:
    """Learn the facts' forms and lay out their columns.

    `kinds` names the facts to read and whether each is a number. Some spend is positive.
    """
    unit = log_unit(seen.spend, unit_share)
    target = np.log1p(seen.spend / unit)
    forms = tuple(fact_forms(seen, target, kinds))
    cap = CAP_TIMES * float(np.quantile(seen.spend, CAP_PEER))
    return Columns(forms, unit, design(forms, seen.facts), target, cap)


def lines(
    given: Columns, levels: tuple[float, ...], settings: Settings, *, gap: float = GAP
) -> Lines:
    """Fit every level: the first by itself, each further one leaning on the one before it."""
    target, columns = given.target, given.values
    spread = spreads(given.forms, settings)
    weights = None
    found: list[np.ndarray] = []
    before = np.zeros(columns.shape[1])
    for at, level in enumerate(levels):
        scale = max(float(pinball(target - np.quantile(target, level), level).mean()), 1e-6)
        ridge = scale / (spread if at == 0 else spread * settings.apart) ** 2
        rest = target - columns @ before if at else target
        line = quantile_line(columns, rest, level, ridge=ridge, weights=weights, gap=gap)
        if at == 0 and settings.money > 0:
            weights = money_weights(columns @ line.coefficients, settings.money)
            line = quantile_line(columns, rest, level, ridge=ridge, weights=weights, gap=gap)
        before = before + line.coefficients
        found.append(before)
    return Lines(given.forms, given.unit, np.array(found), given.cap)


def log_unit(spend: np.ndarray, share: float) -> float:
    """The log scale's unit: a low quantile of positive spend, 1 where nobody spends."""
    positive = spend[spend > 0]
    return float(np.quantile(positive, share)) if len(positive) else 1.0


def fact_forms(seen: Observations, target: np.ndarray, kinds: Mapping[str, bool]) -> list[FactForm]:
    """Learn each fact's form; constant facts drop out."""
    rows = len(target)
    least = max(5, rows // 2_000)
    # Columns cost rows and time: many facts share what a few could have alone.
    most = max(8, min(40, 240 // max(1, len(kinds))))
    bends = rows >= 40 * max(1, sum(kinds.values())) ** 0.5
    made = (
        form_of(seen.facts[fact], target, number=number, least=least, most=most, bends=bends)
        for fact, number in kinds.items()
    )
    return [form for form in made if form is not None]


def design(forms: tuple[FactForm, ...], facts: pd.DataFrame) -> np.ndarray:
    """Columns of all forms behind a constant one."""
    return np.column_stack(
        [np.ones(len(facts)), *(form.columns(facts[form.fact]) for form in forms)]
    )


def spreads(forms: tuple[FactForm, ...], settings: Settings) -> np.ndarray:
    """How far from nothing each coefficient is expected; the base is free."""
    out = [np.inf]
    for form in forms:
        for part in form.parts:
            if form.kind == "level" or part == MISSING:
                out.append(settings.level)
            else:
                out.append(settings.straight if part == "straight" else settings.bend)
    return np.array(out)


def money_weights(logs: np.ndarray, power: float) -> np.ndarray:
    """Weigh rows by expected spend to a power, none beyond 20 times another's mean."""
    weights = np.exp(power * np.clip(logs - np.median(logs), -20.0, 20.0))
    return np.asarray(np.clip(weights / weights.mean(), 0.05, 20.0))
