"""Tiers of a plain table: no book and no coverage model, only accounts and the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.coverage import Tier, problem_of_tiers
from domain.errors import ColumnsMissing, DuplicateIds, InvalidInput, UnknownTier
from tools.tier_rules import NO_EARLIER, Placing

ACCESS: Mapping[str, tuple[bool, bool]] = {
    "executive": (True, True),
    "director": (False, True),
    "below director": (False, False),
    "none": (False, False),
}
"""Words of the `access` column, and whether they mean executive and director access."""
CYCLE: Mapping[str, tuple[bool, bool, bool]] = {
    "active": (True, True, True),
    "six_months": (False, True, True),
    "early": (False, False, True),
    "none": (False, False, False),
}
"""Words of the `cycle` column: active, an opportunity within six months, early interest."""


@dataclass(frozen=True)
class Placement:
    """The tiers of a table; `table` is as `tools.tier_rules.placed` returns it."""

    table: pd.DataFrame
    placing: Placing


def place(
    table: pd.DataFrame,
    tiers: Sequence[Tier],
    *,
    previous: pd.Series | None = None,
    share: float = 0.1,
) -> Placement:
    """Place every account of a plain table in a tier.

    Parameters
    ----------
    table
        One row per account, indexed by its id (unique). `potential` is a number (currency
        a year, missing while unknown). `access` is `executive`, `director`, `below director`
        or `none`; `cycle` is `active`, `six_months`, `early` or `none`; `fit` is a number
        of points: all three missing while unknown, and each needed only where a tier asks
        for it.
    tiers
        The highest first; bounds fall to nought.
    previous
        Key of the tier that each account's potential reached last time (`potential_tier` of
        an earlier placement), by id. Accounts that are not in it have no history.
    share
        How far potential must pass a bound before an account with history follows: 0.1 is
        10 % of the bound, 0 is at once.

    Raises
    ------
    ColumnsMissing
        When a column that a tier asks for is not there.
    DuplicateIds
        When two rows have the same id.
    UnknownTier
        When `previous` names a tier that is not among `tiers`.
    InvalidInput
        For potential that is no number, negative or infinite, for a word of `access` or
        `cycle` that is not listed above, for fit that is no number, and for tiers that
        cannot hold together.
    """
    rules = tuple(tiers)
    problem = "there are no tiers" if not rules else problem_of_tiers(rules)
    if problem is not None:
        raise InvalidInput(f"These tiers cannot be used: {problem}.", hint="Correct the tiers.")
    if not 0 <= share <= 0.5:
        raise InvalidInput(f"share is {share!r}.", hint="Give a share from 0 to 0.5.")
    _check_ids(table.index, "The table")
    states = _states(table, rules)
    earlier = _earlier(previous, states.index, rules)
    placing = Placing(states, rules, earlier, share)
    return Placement(placing.table(), placing)


def _states(table: pd.DataFrame, tiers: tuple[Tier, ...]) -> pd.DataFrame:
    needed = {"potential"}
    needed |= {"access" for tier in tiers if tier.access is not None}
    needed |= {"cycle" for tier in tiers if tier.cycle is not None}
    needed |= {"fit" for tier in tiers if tier.fit_from is not None}
    absent = sorted(needed - set(table.columns))
    if absent:
        raise ColumnsMissing(
            f"The table lacks {', '.join(absent)}, which its tiers ask for.",
            hint="Add the column; leave its values missing where they are unknown.",
        )
    out = pd.DataFrame({"potential": _numbers(table["potential"])}, index=table.index)
    negative = out.index[out["potential"] < 0]
    if len(negative):
        raise InvalidInput(
            f"potential is negative for {_some(negative)}.", hint="Correct it, or leave it missing."
        )
    access = _words(table, "access", ACCESS, 2)
    cycle = _words(table, "cycle", CYCLE, 3)
    for at, name in enumerate(("executive", "director")):
        out[name] = access[at]
    for at, name in enumerate(("active", "six_months", "early")):
        out[name] = cycle[at]
    known = "fit" in table.columns
    out["fit"] = _numbers(table["fit"]) if known else pd.Series(np.nan, index=table.index)
    return out


def _words(
    table: pd.DataFrame, name: str, meaning: Mapping[str, tuple[bool, ...]], width: int
) -> list[pd.Series]:
    """Turn a column of words into booleans, missing where the word is."""
    if name not in table.columns:
        blank = pd.Series(pd.NA, index=table.index, dtype="boolean")
        return [blank] * width
    codes, values = pd.factorize(table[name].astype("object"))
    words = [str(value).strip().casefold() for value in values]
    unknown = [at for at, word in enumerate(words) if word not in meaning]
    if unknown:
        where = table.index[np.isin(codes, unknown)]
        raise InvalidInput(
            f"{name} is {words[unknown[0]]!r} for {_some(where)}.",
            hint=f"Write {', '.join(meaning)}, or leave it missing.",
        )
    found = []
    for at in range(width):
        # A missing value has the code -1, which picks the last entry.
        holds = np.array([*(meaning[word][at] for word in words), False], dtype=bool)[codes]
        found.append(pd.Series(pd.array(holds, dtype="boolean"), index=table.index))
        found[-1][codes < 0] = pd.NA
    return found


def _numbers(column: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        raise InvalidInput(
            f"{column.name} holds {column.dtype} values.", hint="Give a column of numbers."
        )
    try:
        numbers = pd.to_numeric(column).astype("Float64")
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"{column.name} holds values that are no numbers.",
            hint="Give a column of numbers, missing where unknown.",
        ) from error
    plain = pd.Series(numbers.to_numpy(dtype=float, na_value=np.nan), index=column.index)
    infinite = plain.index[np.isinf(plain)]
    if len(infinite):
        raise InvalidInput(
            f"{column.name} is infinite for {_some(infinite)}.",
            hint="Correct it, or leave it missing.",
        )
    return plain


def _earlier(previous: pd.Series | None, index: pd.Index, tiers: tuple[Tier, ...]) -> np.ndarray:
    if previous is None:
        return np.full(len(index), NO_EARLIER)
    _check_ids(previous.index, "previous")
    number = {tier.key: at for at, tier in enumerate(tiers)}
    known = previous.dropna()
    strange = sorted(set(map(str, known)) - set(number))
    if strange:
        raise UnknownTier(
            f"previous names {', '.join(map(repr, strange))}, which is no tier here.",
            hint=f"The tiers are {', '.join(number)}; leave an account out that had another.",
        )
    at = known.map(number).reindex(index).fillna(NO_EARLIER)
    return at.to_numpy(dtype=int)


def _check_ids(index: pd.Index, name: str) -> None:
    twice = index[index.duplicated()]
    if len(twice):
        raise DuplicateIds(
            f"{name} has {_some(twice.unique())} more than once.", hint="Give one row per account."
        )


def _some(ids: pd.Index) -> str:
    shown = ", ".join(map(str, ids[:3]))
    return shown if len(ids) <= 3 else f"{shown} and {len(ids) - 3} more"
