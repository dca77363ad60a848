"""A fitted model of potential: a base and factors, plain data that a person can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from domain.errors import ColumnsMissing, InvalidInput
from tools.quantiles.fact_forms import FactForm

BASE, UNKNOWN, ORDER, BOUNDS = "(base)", "(unknown facts)", "(levels in order)", "(bounds)"


@dataclass(frozen=True)
class FactEffect:
    """What one fact multiplies spend by.

    `logs` has one row per level and one number per part of `form`, in log units.
    `variance` is how much the fact's contribution to the middle level varies in training:
    the width a row gains where the fact is unknown.
    """

    form: FactForm
    logs: tuple[tuple[float, ...], ...]
    variance: float


@dataclass(frozen=True)
class PotentialModel:
    """Spend at several levels as a base times one factor per fact.

    The logarithm of 1 + spend / `unit` at `levels[i]` is `base[i]` plus the contributions
    of `effects`. A prediction is never below nought nor above `cap` (currency a year), and
    its levels never cross. `method` is `regression`, or `segment quantiles` or
    `quantiles of all accounts` where rows were too few; `notes` say in words what was left
    out or treated otherwise; `settings` what was chosen on training folds.
    """

    levels: tuple[float, ...]
    unit: float
    base: tuple[float, ...]
    effects: tuple[FactEffect, ...]
    cap: float
    method: str
    rows: int
    notes: tuple[str, ...] = ()
    settings: Mapping[str, float] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Column of each level: p50, p75, p90."""
        return tuple(f"p{100 * level:g}" for level in self.levels)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that are read, in the order they were given."""
        return tuple(effect.form.fact for effect in self.effects)

    def predict(self, facts: pd.DataFrame) -> pd.DataFrame:
        """Tell what each row could spend.

        Parameters
        ----------
        facts
            The columns of the training table that the model reads; others are ignored.
            A missing, infinite or unreadable number is missing; a level that training did
            not see multiplies by 1.

        Returns
        -------
        DataFrame
            Indexed as `facts`: one column per level (`p50`, `p75`, `p90`; currency, never
            crossing) and `basis`, words on what the figures rest on. The fewer facts are
            known, the wider the levels lie apart.

        Raises
        ------
        ColumnsMissing
            When `facts` lacks a column that the model reads.
        """
        logs, unknown = self._logs(facts)
        money = np.clip(np.expm1(np.minimum(logs.sum(axis=2), 700.0)) * self.unit, 0.0, self.cap)
        out = pd.DataFrame(money, index=facts.index, columns=list(self.names))
        out["basis"] = self._basis(unknown, facts.index)
        return out

    def explain(self, facts: pd.DataFrame, level: float = 0.75) -> pd.DataFrame:
        """Take each row's prediction at one level apart, in log units.

        Returns
        -------
        DataFrame
            Indexed as `facts`. The columns `(base)`, one per fact, `(unknown facts)` (the
            width a row gains where facts are unknown) and `(levels in order)` (what keeps
            a level from crossing another; mostly nought) add up to the logarithm of
            1 + prediction / `unit`, before nought and the cap bound it. `exp` of a
            contribution is its factor.

        Raises
        ------
        ColumnsMissing
            When `facts` lacks a column that the model reads.
        InvalidInput
            When `level` is none of the model's.
        """
        if level not in self.levels:
            told = ", ".join(name.upper() for name in self.names)
            raise InvalidInput(f"This model explains {told}; {level} is none of its levels.")
        logs, _ = self._logs(facts)
        names = [BASE, *self.facts, UNKNOWN, ORDER]
        return pd.DataFrame(logs[:, self.levels.index(level), :], index=facts.index, columns=names)

    def factors(self) -> pd.DataFrame:
        """Return the whole model as a table: one row per fact and part.

        `fact`, `part` (a level, or `straight`, `bend 1` ... of a number), and per level of
        the model what one unit of the part multiplies by.
        """
        rows = [
            {"fact": effect.form.fact, "part": part}
            | {name: float(np.exp(effect.logs[at][place])) for at, name in enumerate(self.names)}
            for effect in self.effects
            for place, part in enumerate(effect.form.parts)
        ]
        return pd.DataFrame(rows, columns=["fact", "part", *self.names])

    def _logs(self, facts: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Contributions (rows x levels x parts of `explain`) and unknown facts per row."""
        facts = facts.set_axis([str(name) for name in facts.columns], axis=1)
        lacking = [fact for fact in self.facts if fact not in facts.columns]
        if lacking:
            raise ColumnsMissing(
                f"The table of facts lacks {', '.join(map(str, lacking))}, which the model reads.",
                hint="Give every fact the model was fitted on; a value may be missing, "
                "a column may not.",
            )
        count, depth = len(facts), len(self.levels)
        out = np.zeros((count, depth, len(self.effects) + 3))
        out[:, :, 0] = np.array(self.base)
        unknown = np.zeros((count, len(self.effects)), dtype=bool)
        for at, effect in enumerate(self.effects):
            values = facts[effect.form.fact]
            out[:, :, 1 + at] = effect.form.columns(values) @ np.array(effect.logs).T
            unknown[:, at] = effect.form.unknown(values)
        told = out.sum(axis=2)
        extra = unknown @ np.array([effect.variance for effect in self.effects])
        if extra.any():
            out[:, :, -2] = self._wider(told, extra)
            told = told + out[:, :, -2]
        out[:, :, -1] = np.sort(told, axis=1) - told
        return out, unknown

    def _wider(self, told: np.ndarray, extra: np.ndarray) -> np.ndarray:
        """Widen the distance of each level from the first as independent variances add up."""
        ordered = np.sort(told, axis=1)
        distance = ordered - ordered[:, :1]
        width = np.array([normal_distance(level, self.levels[0]) for level in self.levels])
        return np.asarray(np.sqrt(distance**2 + width**2 * extra[:, None]) - distance)

    def _basis(self, unknown: np.ndarray, index: pd.Index) -> pd.Series:
        if not self.effects:
            return pd.Series([self.method] * len(index), index=index, dtype="str")
        count, total = unknown.sum(axis=1), unknown.shape[1]
        words = {0: self.method, total: f"{self.method}: no fact is known, a wide band"}
        for some in range(1, total):
            words[some] = f"{self.method}: {some} of {total} facts unknown, a wider band"
        return pd.Series([words[int(n)] for n in count], index=index, dtype="str")


def normal_distance(level: float, first: float) -> float:
    """Distance between two levels of the standard normal distribution."""
    bell = NormalDist()
    return bell.inv_cdf(level) - bell.inv_cdf(first)
