"""Attributes of accounts as levels: numbers in quarters, rare levels together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from domain.errors import DuplicateIds, InvalidInput

MOST_LEVELS = 20
FEWEST = 10
"""Accounts that a level needs to be counted apart from the other rare ones."""

DISTINCT = 8
"""Numbers of more different values are cut into quarters."""


@dataclass(frozen=True)
class Levels:
    """The level of every account in every attribute.

    Attributes
    ----------
    code
        One row an account and one column an attribute: the number of the level, counted
        through all attributes.
    name
        (attribute, level) by number; a missing value is a level of its own.
    """

    code: npt.NDArray[np.int32]
    name: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """How many levels there are."""
        return len(self.name)


def no_levels(accounts: int) -> Levels:
    """No attribute at all."""
    return Levels(np.zeros((accounts, 0), np.int32), ())


def levels(attributes: pd.DataFrame, accounts: pd.Index) -> Levels:
    """Cut every column into levels, for these accounts.

    Accounts that `attributes` does not name are `missing` everywhere; rows of accounts that
    are not asked for are not read. Attributes with one level alone are left out. An infinite
    number counts as missing.
    """
    table = attributes.set_index("account") if "account" in attributes else attributes
    if not table.index.is_unique:
        twice = table.index[table.index.duplicated()]
        raise DuplicateIds(
            f"Account {twice[0]!r} has more than one row of attributes.",
            hint="Keep one row an account.",
        )
    found = table.index.get_indexer(accounts)
    if len(table) and len(accounts) and (found < 0).all():
        raise InvalidInput(
            "No row of attributes belongs to an account that bought.",
            hint="Index the attributes by account, with ids of the same type as in purchases.",
        )
    codes: list[npt.NDArray[np.int32]] = []
    names: list[tuple[str, str]] = []
    for column in table.columns:
        code, called = _cut(table[column].take(np.maximum(found, 0)), found >= 0)
        if len(called) > 1:
            codes.append(code + np.int32(len(names)))
            names += [(str(column), name) for name in called]
    if not codes:
        return no_levels(len(accounts))
    return Levels(np.column_stack(codes).astype(np.int32), tuple(names))


def _cut(
    values: pd.Series, known: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int32], list[str]]:
    """Levels of one column, named; the missing ones last."""
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.year
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        number = values.to_numpy(dtype=float, na_value=np.nan)
        known = known & np.isfinite(number)
        if len(np.unique(number[known])) > DISTINCT:
            return _quarters(number, known)
        text = pd.Series([f"{one:g}" for one in np.where(known, number, 0.0)])
    else:
        known = known & values.notna().to_numpy()
        text = values.astype("object").astype("str").reset_index(drop=True)
    counts = text[known].value_counts()
    kept = counts[counts >= FEWEST].sort_index().sort_values(ascending=False, kind="stable")
    called = sorted(map(str, kept.index[:MOST_LEVELS]))
    code = pd.Index(called, dtype="object").get_indexer(pd.Index(text, dtype="object"))
    code = np.where(known, code, -2)
    for blank, name in ((-1, "other"), (-2, "missing")):
        if (code == blank).any():
            code = np.where(code == blank, len(called), code)
            called.append(name)
    return code.astype(np.int32), called


def _quarters(
    number: npt.NDArray[np.float64], known: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int32], list[str]]:
    cuts = np.unique(np.quantile(number[known], (0.25, 0.5, 0.75)))
    code = np.searchsorted(cuts, np.where(known, number, 0.0), side="right")
    ends = [f"{cut:,.6g}" for cut in cuts]
    called = [f"below {ends[0]}"]
    called += [f"{low} to below {high}" for low, high in pairwise(ends)]
    called.append(f"{ends[-1]} and more")
    if not known.all():
        code = np.where(known, code, len(called))
        called.append("missing")
    return code.astype(np.int32), called
