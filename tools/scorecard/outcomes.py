"""Reading a history: facts beside known outcomes, in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.errors import ColumnsMissing, InvalidInput
from tools.scorecard.scoring import columns_by_name


@dataclass(frozen=True)
class KnownOutcomes:
    """Rows with a known outcome, the oldest first.

    `won` is 1.0 where won and 0.0 where lost, `when` the date or number of each row as given
    (None when row order is time), `known` that from which its outcome was known (None when at
    once). `notes` say what was left out.
    """

    table: pd.DataFrame
    won: np.ndarray
    when: pd.Series | None
    known: pd.Series | None
    notes: tuple[str, ...]

    @property
    def wins(self) -> int:
        """Outcomes won."""
        return int(self.won.sum())

    @property
    def one_class(self) -> bool:
        """Whether nothing was won, or nothing lost."""
        return self.wins in {0, len(self.won)}

    def until(self, end: int) -> KnownOutcomes:
        """Return the oldest `end` rows."""
        when = None if self.when is None else self.when.iloc[:end]
        known = None if self.known is None else self.known.iloc[:end]
        return KnownOutcomes(self.table.iloc[:end], self.won[:end], when, known, self.notes)

    def known_before(self, end: int) -> KnownOutcomes:
        """Return those of the oldest `end` rows whose outcome was known on the date of the next."""
        if self.when is None or self.known is None:
            return self.until(end)
        rows = np.flatnonzero((self.known.iloc[:end] <= self.when.iat[end]).to_numpy())
        return KnownOutcomes(
            self.table.iloc[rows].reset_index(drop=True), self.won[rows],
            self.when.iloc[rows].reset_index(drop=True),
            self.known.iloc[rows].reset_index(drop=True), self.notes,
        )  # fmt: skip


def read_outcomes(
    table: pd.DataFrame,
    outcome: pd.Series | Sequence[object] | np.ndarray,
    when: pd.Series | Sequence[object] | np.ndarray | None,
    facts: Sequence[str] | None,
    known: pd.Series | Sequence[object] | np.ndarray | None = None,
) -> KnownOutcomes:
    """Set facts, outcomes and times side by side; drop rows without outcome or time.

    Raises
    ------
    InvalidInput
        When lengths differ, an outcome is neither won nor lost, or labels are in another order.
    ColumnsMissing
        When a fact named in `facts` is not in the table.
    """
    columns = columns_by_name(table)
    if facts is not None:
        lacking = [fact for fact in facts if fact not in columns]
        if lacking:
            raise ColumnsMissing(
                f"The facts {', '.join(lacking)} are not in the table.",
                hint=f"Columns are {', '.join(sorted(columns))}.",
            )
        columns = {fact: columns[fact] for fact in facts}
    won, told = _won(_beside(table, outcome, "outcome"))
    notes = []
    if not told.all():
        notes.append(f"{int((~told).sum()):,} rows without an outcome were left out.")
    times = None if when is None else _beside(table, when, "when")
    if times is not None:
        times = _times(times)
        dated = times.notna().to_numpy()
        if not dated[told].all():
            notes.append(f"{int((told & ~dated).sum()):,} rows without a date were left out.")
        told = told & dated
    since = None
    if known is not None:
        if times is None:
            raise InvalidInput(
                "`known` tells dates of outcomes, and `when` those of rows is missing.",
                hint="Give both, or leave `known` out.",
            )
        since = _times(_beside(table, known, "known"))
    rows = np.flatnonzero(told)
    if times is not None:
        kept = times.iloc[rows]
        rows = rows[np.argsort(kept.to_numpy(), kind="stable")]
        times = times.iloc[rows].reset_index(drop=True)
    if since is not None:
        since = since.iloc[rows].reset_index(drop=True)
    chosen = table.iloc[rows, list(columns.values())].reset_index(drop=True)
    chosen.columns = pd.Index(list(columns))
    return KnownOutcomes(chosen, won[rows], times, since, tuple(notes))


def _beside(table: pd.DataFrame, given: object, name: str) -> pd.Series:
    """Return values row by row; labels, where there are any, must not say otherwise."""
    values = given if isinstance(given, pd.Series) else pd.Series(given)
    if len(values) != len(table):
        raise InvalidInput(
            f"The table has {len(table):,} rows and `{name}` {len(values):,}.",
            hint="Give one value a row, in the order of the rows.",
        )
    if (
        isinstance(given, pd.Series)
        and not values.index.equals(table.index)
        and values.index.is_unique
        and table.index.is_unique
        and values.index.isin(table.index).all()
    ):
        raise InvalidInput(
            f"`{name}` has the labels of the table in another order.",
            hint=f"Align it: {name}.loc[table.index].",
        )
    return values.reset_index(drop=True)


def _won(outcome: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    known = outcome.notna().to_numpy()
    wrong = InvalidInput(
        "`outcome` holds values other than won (1, True) and lost (0, False): "
        f"{', '.join(repr(value) for value in outcome.dropna().unique()[:3])}.",
        hint='Write it as truth values, for example deals["stage"] == "won"; unknown is null.',
    )
    try:
        won = outcome.astype("object").where(known, 0).astype(float).to_numpy()
    except (TypeError, ValueError) as error:
        raise wrong from error
    if not np.isin(won, (0.0, 1.0)).all():
        raise wrong
    return won, known


def _times(times: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(times.dtype) or pd.api.types.is_datetime64_any_dtype(times):
        return times
    try:
        return pd.to_datetime(times)
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"`when` is neither dates nor numbers: {error}.", hint="Give dates, or leave it out."
        ) from error
