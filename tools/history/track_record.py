"""Track record: how often the owner, the account ... won, as known on each row's own day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from domain.errors import InvalidInput
from tools.history import reading
from tools.history.decay import faded, faded_sums
from tools.history.order import stable_order
from tools.history.reading import NO_DAY

_LARGEST_CODE = 2**40  # a code times a span of days must fit 64 bits


def track_record(
    events: pd.DataFrame,
    *,
    rows: pd.DataFrame,
    when: str,
    outcome: str,
    by: Sequence[str],
    closed: str | None = None,
    pairs: bool = True,
    half_life_days: float = 365,
    lag_days: int = 90,
    pseudo_count: float = 4,
) -> pd.DataFrame:
    """Tell, for each of `rows`, the win rates known on its own day.

    Parameters
    ----------
    events
        One row per deal, or whatever is won or lost. Equal rows count each: nothing is
        taken for a duplicate. A row without a date or an outcome is still open and is
        left out.
    rows
        What is to be scored; may be `events` itself. Any index; kept in its order.
    when
        Column of `rows`: the day each is scored on.
    outcome
        Column of `events`: 1 or true (won), 0 or false (lost), blank (not known).
    by
        Columns of both tables, such as owner, account, product, segment.
    closed
        Column of `events`: the day the outcome became known; `when` by default.
    pairs
        Also tell every pair of `by`.
    half_life_days
        An outcome counts half as much for every so many days that it is old.
    lag_days
        Only outcomes at least so many days old count, and never one of the same day.
    pseudo_count
        How many outcomes at the base rate each rate leans on.

    Returns
    -------
    DataFrame
        Indexed as `rows`, all float. `win_rate_all` is the base rate known that day and
        `outcomes_all` the outcomes behind it (faded, so rarely whole). For every column
        of `by`, and every pair as `a_and_b`: `win_rate_a` and `outcomes_a`. A value never
        seen has the base rate and nought outcomes; a blank has neither (missing), and
        before the first outcome all rates are missing. `attrs["left_out"]` counts the
        events left out as open.

    Raises
    ------
    ColumnsMissing
        When a table lacks a column named above.
    InvalidInput
        When a row to be scored has no date, dates or outcomes cannot be read, or a
        setting is out of range.

    Notes
    -----
    rate = (faded wins + c x base rate) / (faded outcomes + c), with c = `pseudo_count`;
    `docs/methodology.md#track-record` works an example by hand. Takes seconds for a
    million events and rows.
    """
    _check(by, half_life_days, lag_days, pseudo_count)
    closing = closed or when
    reading.need_columns(events, [*by, outcome, closing], "events")
    reading.need_columns(rows, [*by, when], "rows")
    day = reading.days(rows[when], when)
    if (day == NO_DAY).any():
        raise InvalidInput(
            f"{when} is blank in rows {reading.rows_named(rows.index, day == NO_DAY)}.",
            hint="A row is scored as of its own day: give each one, or leave the row out.",
        )
    known_on = reading.days(events[closing], closing)
    won = reading.outcomes(events[outcome], outcome)
    used = (known_on != NO_DAY) & ~np.isnan(won)
    lag = max(int(lag_days), 1)
    ledger = _Ledger(known_on[used], won[used], day, lag, float(half_life_days))

    told: dict[str, np.ndarray] = {}
    count, wins = ledger.sums(np.zeros(int(used.sum()), np.int64), np.zeros(len(rows), np.int64))
    with np.errstate(invalid="ignore", divide="ignore"):
        base = wins / count
    told["win_rate_all"], told["outcomes_all"] = base, count
    codes = {name: reading.shared_codes(events[name], rows[name], name) for name in by}
    for name, of_events, of_rows in _groups(by, codes, pairs=pairs):
        count, wins = ledger.sums(of_events[used], of_rows)
        if pseudo_count > 0:
            rate = (wins + pseudo_count * base) / (count + pseudo_count)
        else:
            with np.errstate(invalid="ignore", divide="ignore"):
                rate = np.where(count > 0, wins / count, base)
        blank = of_rows < 0
        told[f"win_rate_{name}"] = np.where(blank, np.nan, rate)
        told[f"outcomes_{name}"] = np.where(blank, np.nan, count)
    out = pd.DataFrame(told, index=rows.index)
    out.attrs["left_out"] = int((~used).sum())
    return out


def _check(by: Sequence[str], half_life_days: float, lag_days: int, pseudo_count: float) -> None:
    if isinstance(by, str) or len(set(by)) != len(by) or "all" in by:
        raise InvalidInput(
            f"by is {by!r}; it must list columns, each once, and none called 'all'.",
            hint="For example by=['owner', 'product'].",
        )
    for name, value, fits in (
        ("half_life_days", half_life_days, 0 < half_life_days < np.inf),
        ("lag_days", lag_days, 0 <= lag_days < np.inf),
        ("pseudo_count", pseudo_count, 0 <= pseudo_count < np.inf),
    ):
        if not fits:
            raise InvalidInput(f"{name} is {value!r}, out of range.", hint="See the docstring.")


def _groups(
    by: Sequence[str], codes: dict[str, tuple[np.ndarray, np.ndarray]], *, pairs: bool
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    for name in by:
        yield name, *codes[name]
    for first, second in combinations(by, 2) if pairs else ():
        size = 1 + max(int(one.max(initial=0)) for one in codes[second])
        joined = [
            np.where((a < 0) | (b < 0), -1, a * size + b)
            for a, b in zip(codes[first], codes[second], strict=True)
        ]
        if max(int(one.max(initial=0)) for one in joined) > _LARGEST_CODE:
            short, _ = pd.factorize(np.concatenate(joined))
            blank = np.concatenate(joined) < 0
            joined = np.split(np.where(blank, -1, short), [len(joined[0])])
        yield f"{first}_and_{second}", joined[0], joined[1]


class _Ledger:
    """Outcomes in the order of the days they are known from, and the days they are asked for."""

    def __init__(
        self, known_on: np.ndarray, won: np.ndarray, day: np.ndarray, lag: int, half_life: float
    ) -> None:
        least = int(known_on.min()) if len(known_on) else 0
        known_on, day = known_on - least + 1, day - least + 1
        self.half_life = half_life
        self.span = int(known_on.max(initial=0)) + 1
        self.events = stable_order(known_on)
        self.known_on, self.won = known_on[self.events], won[self.events]
        # Day 0 lies before every outcome; after the last one nothing is added.
        cut = np.clip(day - lag, 0, self.span - 1)
        self.rows = stable_order(cut)
        self.cut, self.day = cut[self.rows], day[self.rows]

    def sums(self, of_events: np.ndarray, of_rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Faded outcomes and wins of each row's group, as known on the row's day."""
        count, wins = np.zeros(len(of_rows)), np.zeros(len(of_rows))
        of_events = of_events[self.events]
        # Numbered from 1, so that blanks come first and can be cut off.
        order = stable_order(of_events + 1)
        order = order[int((of_events < 0).sum()) :]
        if not len(order):
            return count, wins
        key = of_events[order] * self.span + self.known_on[order]
        first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
        listed = np.column_stack(
            [np.diff(np.r_[first, len(key)]), np.add.reduceat(self.won[order], first)]
        )
        key = key[first]
        group, day = key // self.span, key % self.span
        sums = faded_sums(group, day, listed, self.half_life)

        of_rows = of_rows[self.rows]
        ask = stable_order(of_rows + 1)  # searching in order stays in the cache
        wanted = of_rows[ask] * self.span + self.cut[ask]
        at = np.searchsorted(key, wanted, side="right") - 1
        # Row -1 is the last group, which none of the rows before all groups is in.
        found = (at >= 0) & (group[at] == of_rows[ask])
        at, ask = at[found], ask[found]
        left = faded(self.day[ask] - day[at], self.half_life)
        rows = self.rows[ask]
        count[rows], wins[rows] = sums[at, 0] * left, sums[at, 1] * left
        return count, wins
