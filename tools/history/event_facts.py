"""What dated events tell about each entity: as of one day, or of each row's own day."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from domain.errors import InvalidInput
from tools.history import reading
from tools.history.reading import NO_DAY
from tools.history.timeline import Timeline

MOST_KINDS = 100


def event_facts(
    events: pd.DataFrame,
    *,
    as_of: date | str,
    entity: str,
    when: str,
    amount: str | None = None,
    item: str | None = None,
    kind: str | None = None,
    kinds: Sequence[Hashable] | None = None,
    windows: Sequence[int] = (30, 90),
    entities: Iterable[Hashable] | None = None,
) -> pd.DataFrame:
    """Tell recency, frequency, spend, breadth, returns and engagement as of one day.

    Parameters
    ----------
    events
        One row per event, in any order. Equal rows count each: nothing is taken for a
        duplicate.
    as_of
        The day. Events dated later are not read, whatever they hold.
    entity
        Column of `events`: whom the event is about, such as an account.
    when
        Column of `events`: its day.
    amount
        Column of `events`: money. An event below nought is a return: it lowers the spend
        and is counted apart, but is no event for recency, frequency, breadth or
        engagement. A blank amount counts as an event of nought.
    item
        Column of `events`: what it was about, such as a product.
    kind
        Column of `events`: kinds to be counted one by one, such as call, visit.
    kinds
        Which kinds; by default those that occur in the events read.
    windows
        Days up to and with the day, beside all there are.
    entities
        Whom to tell of, in that order; by default all with an event by that day, sorted.

    Returns
    -------
    DataFrame
        Indexed by entity. `days_since_last` and `days_since_first` (missing without an
        event); for each window, such as `30d`, and for `all`: `events_30d`; with `amount`
        also `spend_30d` (net of returns, rounded to 6 places), `returns_30d` (how many)
        and `returned_30d` (their amount, positive); with `item`, `items_30d` (how many
        different ones); with `kind`, one `events_30d_KIND` each. Counts are Int64, nought
        for an entity without events. `attrs["left_out"]` counts events without a date and
        without an entity.

    Raises
    ------
    ColumnsMissing
        When the table lacks a column named above.
    InvalidInput
        When a date is no date, an amount no number or infinite, or a setting out of
        range; rows are named.

    Notes
    -----
    `docs/methodology.md#facts-from-dated-events` works an example by hand.
    """
    day = reading.one_day(as_of, "as_of")
    reading.need_columns(events, [entity, when], "events")
    dates = reading.days(events[when], when)
    if entities is None:
        seen = events[entity][(dates <= day) & (dates != NO_DAY)].dropna().unique()
        listed = pd.Index(reading.in_order(list(seen)), name=entity)
        if not len(listed):
            listed = listed.astype(events[entity].dtype)
    else:
        listed = pd.Index(list(entities), name=entity)
        if listed.hasnans or listed.has_duplicates:
            raise InvalidInput(
                "entities holds a blank or names one twice.", hint="Name each entity once."
            )
    rows = pd.DataFrame({entity: listed, when: np.datetime64(day, "D")}, index=listed)
    return history_rows(
        events, rows, entity=entity, when=when, amount=amount, item=item, kind=kind,
        kinds=kinds, windows=windows,
    )  # fmt: skip


def history_rows(
    events: pd.DataFrame,
    rows: pd.DataFrame,
    *,
    entity: str,
    when: str,
    rows_entity: str | None = None,
    rows_when: str | None = None,
    amount: str | None = None,
    item: str | None = None,
    kind: str | None = None,
    kinds: Sequence[Hashable] | None = None,
    windows: Sequence[int] = (30, 90),
    same_day: bool = True,
) -> pd.DataFrame:
    """Tell the same facts for many rows, each as of its own day.

    Parameters
    ----------
    events, entity, when, amount, item, kind, kinds, windows
        As for `event_facts`.
    rows
        One row for each entity and day asked about; an entity may occur many times.
    rows_entity, rows_when
        What the two columns are called in `rows`, when otherwise than in `events`.
    same_day
        Read the events of the row's own day too. Say False when the rows are events
        themselves (an order, a deal), or each would see itself; windows then end the day
        before.

    Returns
    -------
    DataFrame
        Indexed as `rows`, in its order, with the columns of `event_facts`. A row without
        an entity has no facts: all are missing.

    Raises
    ------
    ColumnsMissing, InvalidInput
        As `event_facts`, and when a row has no date.
    """
    windows = _checked(windows)
    reading.need_columns(events, [entity, when, amount, item, kind], "events")
    of, on = rows_entity or entity, rows_when or when
    reading.need_columns(rows, [of, on], "rows")
    day = reading.days(rows[on], on)
    if (day == NO_DAY).any():
        raise InvalidInput(
            f"{on} is blank in rows {reading.rows_named(rows.index, day == NO_DAY)}.",
            hint="Facts are told as of a row's own day: give each one, or leave the row out.",
        )
    dates = reading.days(events[when], when)
    last = int(day.max(initial=NO_DAY)) - (not same_day)
    read = (dates != NO_DAY) & (dates <= last) & events[entity].notna().to_numpy()
    left_out = {
        "without_date": int((dates == NO_DAY).sum()),
        "without_entity": int((events[entity].isna().to_numpy() & (dates != NO_DAY)
                               & (dates <= last)).sum()),
    }  # fmt: skip
    known = events[read]
    of_events, of_rows = reading.shared_codes(known[entity], rows[of], entity)
    ask = day if same_day else day - 1
    out = _told(
        known, dates[read], of_events, of_rows, ask, day, amount, item, kind, kinds, windows
    )
    out.index = rows.index
    out.attrs["left_out"] = left_out
    return out


def _checked(windows: Sequence[int]) -> tuple[int, ...]:
    if any(isinstance(one, bool) or int(one) != one or one < 1 for one in windows):
        raise InvalidInput(
            f"windows is {windows!r}; windows are whole days from 1 on.",
            hint="For example windows=(30, 90).",
        )
    return tuple(dict.fromkeys(int(one) for one in windows))


def _told(
    events: pd.DataFrame,
    dates: np.ndarray,
    of_events: np.ndarray,
    of_rows: np.ndarray,
    ask: np.ndarray,
    day: np.ndarray,
    amount: str | None,
    item: str | None,
    kind: str | None,
    kinds: Sequence[Hashable] | None,
    windows: tuple[int, ...],
) -> pd.DataFrame:
    money = reading.amounts(events[amount], amount) if amount is not None else None
    returned = np.zeros(len(events), bool) if money is None else np.nan_to_num(money) < 0
    happened = Timeline(of_events[~returned], dates[~returned], of_rows, ask)
    order = happened.sorted_rows
    told: dict[str, np.ndarray] = {}
    blank = of_rows < 0
    first, last = happened.ends()
    never = np.isnan(last)
    told["days_since_last"], told["days_since_first"] = day - last, day - first
    spans = {f"{window}d": window for window in windows} | {"all": None}
    every = None if money is None else Timeline(of_events, dates, of_rows, ask, order)
    back = (
        None
        if money is None
        else Timeline(of_events[returned], dates[returned], of_rows, ask, order)
    )
    things = None
    if item is not None:
        codes, _ = pd.factorize(events[item][~returned], use_na_sentinel=True)
        things = codes
    named = _kinds(events, kind, kinds, ~returned) if kind is not None else {}
    for label, window in spans.items():
        told[f"events_{label}"] = happened.count(window)
        if money is not None and every is not None and back is not None:
            told[f"spend_{label}"] = every.total(np.nan_to_num(money), window)
            told[f"returns_{label}"] = back.count(window)
            told[f"returned_{label}"] = back.total(-money[returned], window)
        if things is not None:
            told[f"items_{label}"] = happened.different(things, window)
        for name, of_kind in named.items():
            told[f"events_{label}_{name}"] = happened.count(window, of_kind)
    out = pd.DataFrame(told)
    for name in out.columns:
        missing = blank | never if name.startswith("days_since") else blank
        if name.startswith(("spend_", "returned_")):
            out[name] = out[name].mask(missing)
        else:
            out[name] = out[name].mask(missing).astype("Int64")
    return out


def _kinds(
    events: pd.DataFrame, kind: str, kinds: Sequence[Hashable] | None, counted: np.ndarray
) -> dict[str, np.ndarray]:
    values = events[kind][counted]
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    listed = list(kinds) if kinds is not None else reading.in_order(list(values.dropna().unique()))
    if len(listed) > MOST_KINDS:
        raise InvalidInput(
            f"{kind} holds {len(listed):,} kinds; each would become columns of its own.",
            hint=f"Name up to {MOST_KINDS} of them in kinds, or count different ones as item.",
        )
    return {str(one): (values == one).fillna(False).to_numpy(dtype=bool) for one in listed}
