"""Dated events of many entities, and questions about the days up to a given one."""

from __future__ import annotations

import numpy as np

from tools.history.order import stable_order

_UNIT = 2.0**20


class Timeline:
    """Events sorted by entity and day, asked about one entity and day for each row.

    Parameters
    ----------
    of_events, days
        Entity (from 0) and day of each event.
    of_rows, ask
        Entity (-1 for none) and last day read of each row.
    sorted_rows
        The order of the rows by entity and day, where another timeline has worked it out.
    """

    def __init__(
        self,
        of_events: np.ndarray,
        days: np.ndarray,
        of_rows: np.ndarray,
        ask: np.ndarray,
        sorted_rows: np.ndarray | None = None,
    ) -> None:
        self._least = int(days.min(initial=0)) if len(days) else 0
        self._span = (int(days.max()) - self._least if len(days) else 0) + 2
        key = of_events * self._span + (days - self._least + 1)
        self._order = stable_order(key)
        self._key = key[self._order]
        self._of_events, self._days = of_events, days
        self._of_rows, self._ask = of_rows, ask
        if sorted_rows is None:
            # Searching in order stays in the cache: several times as fast.
            sorted_rows = stable_order((of_rows + 1) * self._span + self._clipped(ask))
        self.sorted_rows = sorted_rows
        self._found: dict[int | None, tuple[np.ndarray, np.ndarray]] = {}

    def _clipped(self, days: np.ndarray) -> np.ndarray:
        return np.asarray(np.clip(days - self._least + 1, 0, self._span - 1))

    def _places(self, key: np.ndarray, window: int | None) -> tuple[np.ndarray, np.ndarray]:
        """Where each row's window begins and ends in a sorted `key` of this timeline."""
        of_rows, ask = self._of_rows[self.sorted_rows], self._ask[self.sorted_rows]
        head = of_rows * self._span
        end = np.empty(len(of_rows), np.int64)
        start = np.empty(len(of_rows), np.int64)
        before = self._clipped(ask - window) if window is not None else 0
        end[self.sorted_rows] = np.searchsorted(key, head + self._clipped(ask), side="right")
        start[self.sorted_rows] = np.searchsorted(key, head + before, side="right")
        return start, end

    def _window(self, window: int | None) -> tuple[np.ndarray, np.ndarray]:
        if window not in self._found:
            self._found[window] = self._places(self._key, window)
        return self._found[window]

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Day of each row's first and last event; NaN where there is none."""
        start, end = self._window(None)
        some = end > start
        days = self._days[self._order]
        first, last = np.full(len(some), np.nan), np.full(len(some), np.nan)
        first[some], last[some] = days[start[some]], days[end[some] - 1]
        return first, last

    def count(self, window: int | None, which: np.ndarray | None = None) -> np.ndarray:
        """How many events lie in each row's window (days; None is all), of `which`."""
        start, end = self._window(window)
        if which is None:
            return np.asarray(end - start)
        until = np.r_[0, np.cumsum(which[self._order])]
        return np.asarray(until[end] - until[start])

    def total(self, amounts: np.ndarray, window: int | None) -> np.ndarray:
        """What `amounts` add up to in each row's window, to 6 places.

        Whole units of 2^-20 are added as integers, exactly and in any order; what is
        left of each amount is too small for its rounding to show. Plain running sums
        over all entities would let one entity's amounts disturb another's.
        """
        start, end = self._window(window)
        listed = amounts[self._order]
        largest = float(np.abs(listed).sum())
        unit = _UNIT
        while largest * unit > 2.0**62:
            unit /= 2
        whole = np.rint(listed * unit)
        exact = np.r_[0, np.cumsum(whole.astype(np.int64))]
        rest = np.r_[0.0, np.cumsum(listed - whole / unit)]
        total = (exact[end] - exact[start]) / unit + (rest[end] - rest[start])
        return np.asarray(np.round(total, 6) + 0.0)  # no minus nought

    def different(self, items: np.ndarray, window: int | None) -> np.ndarray:
        """How many different `items` (codes; negative is none) each row's window holds.

        An item counts from an event on until the window has passed its last one: spells
        that began less spells that ended.
        """
        named = items >= 0
        of, days, items = self._of_events[named], self._days[named], items[named]
        pair = of * (int(items.max(initial=0)) + 1) + items
        order = np.lexsort((days, pair))
        of, days, pair = of[order], days[order], pair[order]
        new = np.r_[True, pair[1:] != pair[:-1]] if len(pair) else np.zeros(0, bool)
        gap = np.diff(days, prepend=days[:1])
        begins = new if window is None else new | (gap >= window)
        began = self._until(of[begins], days[begins])
        if window is None:
            return began
        last = np.r_[begins[1:], True] if len(pair) else begins
        return np.asarray(began - self._until(of[last], days[last] + window))

    def _until(self, of: np.ndarray, days: np.ndarray) -> np.ndarray:
        """How many of these dated entities belong to each row and lie up to its day."""
        return Timeline(of, days, self._of_rows, self._ask, self.sorted_rows).count(None)
