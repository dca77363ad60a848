"""How each fact becomes columns of an additive model: numbers bend, words have levels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

MISSING, RARE = "(missing)", "(rare)"
LARGEST = 1e150
FEW_NUMBERS = 5  # whole numbers with at most so many values are names in disguise
KNOTS = (0.2, 0.4, 0.6, 0.8)
Kind = str


@dataclass(frozen=True)
class FactForm:
    """One fact's columns, as plain data.

    `kind` is `number` or `level`. A number is read on `scale` (`plain`, or `log`: the
    logarithm of 1 + value / `unit`, mirrored below nought), held between `low` and `high`,
    made standard with `centre` and `spread`, and given a straight part, one bend at each of
    `knots` and, where it may be missing, an indicator. `levels` are the levels a word may
    have; `pooled` those counted as `(rare)`. `means` are the columns' training means:
    contributions are told against them, so an unknown level contributes nothing.
    """

    fact: str
    kind: Kind
    means: tuple[float, ...]
    scale: str = "plain"
    unit: float = 1.0
    low: float = 0.0
    high: float = 0.0
    centre: float = 0.0
    spread: float = 1.0
    knots: tuple[float, ...] = ()
    may_miss: bool = False
    levels: tuple[str, ...] = ()
    pooled: frozenset[str] = frozenset()

    @property
    def parts(self) -> tuple[str, ...]:
        """Name each column: `straight`, `bend 1`, ..., `(missing)`, or the levels."""
        if self.kind == "level":
            return self.levels
        bends = tuple(f"bend {at + 1}" for at in range(len(self.knots)))
        return ("straight", *bends, *((MISSING,) if self.may_miss else ()))

    def uncentred(self) -> FactForm:
        """The same form with contributions told against nought."""
        return replace(self, means=(0.0,) * len(self.parts))

    def columns(self, values: pd.Series) -> np.ndarray:
        """Return one row per value and one column per part, less the training means."""
        if self.kind == "level":
            return self._level_columns(values)
        number, gone = numbers(values)
        z = (scaled(np.clip(number, self.low, self.high), self.scale, self.unit) - self.centre) / (
            self.spread
        )
        z[gone] = 0.0
        out = [z, *(np.maximum(z - knot, 0.0) for knot in self.knots)]
        if self.knots:
            at_centre = [max(-knot, 0.0) for knot in self.knots]
            for column, value in zip(out[1:], at_centre, strict=True):
                column[gone] = value
        if self.may_miss:
            out.append(gone.astype(float))
        columns = np.column_stack(out) - np.array(self.means)
        if gone.any() and not self.may_miss:
            columns[gone] = 0.0  # never missing in training: neutral
        return np.asarray(columns)

    def _level_columns(self, values: pd.Series) -> np.ndarray:
        words = as_words(values)
        codes, seen = pd.factorize(words)
        place = {level: at for at, level in enumerate(self.levels)}
        rare = place.get(RARE, -1)
        at = np.array(
            [place.get(word, rare if word in self.pooled else -1) for word in seen], dtype=int
        )[codes]
        # The last row stands for a level never seen: it contributes nothing.
        told = np.eye(len(self.levels)) - np.array(self.means)
        table: np.ndarray = np.vstack([told, np.zeros(len(self.levels))])
        return np.asarray(table[at])

    def unknown(self, values: pd.Series) -> np.ndarray:
        """Say where the model knows nothing of the value: never missing in training, or new."""
        if self.kind == "level":
            return np.asarray(~np.isin(as_words(values), [*self.levels, *self.pooled]))
        if self.may_miss:
            return np.zeros(len(values), dtype=bool)
        return numbers(values)[1]


def numbers(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return values as floats (dates as days) and which are missing.

    Infinite is missing, and so is what has no square: beyond 1e150 either way.
    """
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        stamps = pd.to_datetime(values, utc=True)
        number = (stamps - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
        out = number.to_numpy(dtype=float, na_value=np.nan)
    elif pd.api.types.is_timedelta64_dtype(values.dtype):
        out = values.dt.total_seconds().to_numpy(dtype=float, na_value=np.nan) / 86_400
    else:
        out = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    out = np.array(out, dtype=float)
    gone = ~(np.abs(out) <= LARGEST)
    out[gone] = 0.0
    return out, gone


def as_words(values: pd.Series) -> np.ndarray:
    """Return values as words: whole numbers without a point, missing as `(missing)`."""
    gone = values.isna().to_numpy(dtype=bool)
    plain = values.astype(object).to_numpy()
    try:
        codes, seen = pd.factorize(plain, use_na_sentinel=True)
    except TypeError:  # lists and the like have no hash, but can be spelled
        plain = np.array([None if no else str(one) for one, no in zip(plain, gone, strict=True)])
        codes, seen = pd.factorize(plain, use_na_sentinel=True)
    words = np.array([word(one) for one in seen] + [MISSING], dtype=object)
    told = words[codes]
    told[gone] = MISSING
    return np.asarray(told)


def word(value: object) -> str:
    """Spell one value: 3.0 and 3 alike, yes and no for booleans."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating) and np.isfinite(value) and value == int(value):
        return str(int(value))
    return str(value)


def scaled(number: np.ndarray, scale: str, unit: float) -> np.ndarray:
    """Put numbers on their scale."""
    if scale == "plain":
        return number.astype(float)
    return np.asarray(np.sign(number) * np.log1p(np.abs(number) / unit))


def is_number(values: pd.Series) -> bool:
    """Say whether a fact is read as a number; booleans and few whole numbers are not."""
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype) or dtype.kind in "bc":
        return False
    if pd.api.types.is_datetime64_any_dtype(dtype) or pd.api.types.is_timedelta64_dtype(dtype):
        return True
    if not pd.api.types.is_numeric_dtype(dtype):
        known = values.dropna()
        if not len(known) or any(isinstance(one, bool) for one in known.head(50)):
            return False
        read = pd.to_numeric(known, errors="coerce")
        if not read.notna().all():
            return False
        values = read
    number, gone = numbers(values)
    distinct = np.unique(number[~gone])
    return not (len(distinct) <= FEW_NUMBERS and np.array_equal(distinct, np.round(distinct)))


def form_of(
    values: pd.Series,
    target: np.ndarray | None,
    *,
    number: bool,
    least: int,
    most: int,
    bends: bool = True,
) -> FactForm | None:
    """Learn one fact's form from training rows; None where it tells nothing (constant).

    Parameters
    ----------
    values
        The fact, one per row.
    target
        Spend on the log scale, one per row; decides the scale of a number. None: a number
        far larger at its largest than in its middle is read on the log scale.
    number
        Whether to read it as a number.
    least, most
        Rows a level needs to stand alone; how many levels may.
    bends
        Whether a number may bend.
    """
    name = str(values.name)
    return (
        _number_form(name, values, target, bends)
        if number
        else _level_form(name, values, least, most)
    )


def _number_form(
    name: str, values: pd.Series, target: np.ndarray | None, bends: bool
) -> FactForm | None:
    number, gone = numbers(values)
    known = number[~gone]
    may_miss = bool(gone.any() and not gone.all())
    if not len(known):
        return None
    low, high = float(known.min()), float(known.max())
    if low == high:
        if not may_miss:
            return None
        form = FactForm(name, "number", (), low=low, high=high, centre=low, may_miss=True)
        return _with_means(form, values)
    scale, unit = _best_scale(known, None if target is None else target[~gone])
    read = scaled(known, scale, unit)
    centre, spread = float(read.mean()), float(read.std())
    if not spread > 1e-12 * (1.0 + abs(centre)):
        return None
    z = (read - centre) / spread
    knots: tuple[float, ...] = ()
    if bends and len(np.unique(known)) > 8:
        inner = np.unique(np.round(np.quantile(z, KNOTS), 6))
        knots = tuple(float(k) for k in inner if z.min() + 1e-6 < k < z.max() - 1e-6)
    form = FactForm(
        name, "number", (), scale, unit, low, high, centre, spread, knots, may_miss
    )  # fmt: skip
    return _with_means(form, values)


def _best_scale(known: np.ndarray, target: np.ndarray | None) -> tuple[str, float]:
    """Choose the scale on which a straight line says most of the target."""
    sizes = np.abs(known[known != 0])
    found = [("plain", 1.0)]
    if len(sizes) and sizes.max() > 3 * np.median(sizes):
        units = sorted({float(np.quantile(sizes, q)) for q in (0.01, 0.1, 0.5)})
        found += [("log", unit) for unit in units if unit > 0]
    if target is None:
        return found[min(1, len(found) - 1)]
    best, most = found[0], -1.0
    for scale, unit in found:
        read = scaled(known, scale, unit)
        if read.std() < 1e-12 or target.std() < 1e-12:
            continue
        fit = float(np.corrcoef(read, target)[0, 1] ** 2)
        if fit > most + 1e-9:
            best, most = (scale, unit), fit
    return best


def _level_form(name: str, values: pd.Series, least: int, most: int) -> FactForm | None:
    words = pd.Series(as_words(values))
    counts = words.value_counts()
    # Most rows first, equal ones by name: the order of rows must not matter.
    ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    kept = [str(level) for level, n in ranked if n >= least][:most]
    rest = {str(level) for level, _ in ranked} - set(kept)
    if rest:
        kept.append(RARE)
    if len(kept) < 2:
        return None
    form = FactForm(name, "level", (), levels=tuple(kept), pooled=frozenset(rest))
    return _with_means(form, values)


def _with_means(form: FactForm, values: pd.Series) -> FactForm:
    raw = form.uncentred()
    return replace(form, means=tuple(float(m) for m in raw.columns(values).mean(axis=0)))
