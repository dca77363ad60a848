"""The market by segment: how much of each cell is reached, and what the rest may bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.errors import ColumnsMissing, DuplicateIds, InvalidInput
from tools.market.bands import Cuts, levels
from tools.market.measures import measured_by_company
from tools.shares import wilson

SEPARATOR = " / "
SEVERAL = "several"
COUNTS = ("companies", "owned", "customers", "unknown_potential")
SUMS = ("spend", "potential", "unreached_potential", "expected")


@dataclass(frozen=True)
class SegmentView:
    """The cells of a market, the most expected first, and the whole market.

    `table` is indexed by the cell's words (`Warehouse / 50 to 249 / US`): the columns of
    `by`, `companies`, `owned`, `customers`, `owned_share`, `reached_share` with
    `reached_low` and `reached_high`, `spend`, `potential`, `spend_share` (spend over
    potential), `unreached_potential` and `expected` (currency), `unknown_potential`
    (companies without one), `pooled` (cells in this row) and `small`. `total` holds the
    same for the whole market; counts and sums of `table` add up to it. What was not asked
    for (no such column) is missing.
    """

    table: pd.DataFrame
    total: pd.Series
    by: tuple[str, ...]
    cell_of: pd.Series


def segment_view(
    companies: pd.DataFrame,
    *,
    by: Sequence[str],
    bands: Mapping[str, Cuts] | None = None,
    reached: str = "customer",
    owned: str | None = "owned",
    spend: str | None = "spend",
    potential: str | None = "potential",
    chance: str | None = "chance",
    key: str | None = None,
    fewest: int = 5,
    confidence: float = 0.95,
) -> SegmentView:
    """Cut a market into cells and tell how much of each is reached.

    Parameters
    ----------
    companies
        One row per company of the addressable market, customers and others. Any columns
        may cut it.
    by
        The columns that cut it, most important first: text, categories, booleans, dates
        (by year) or numbers (by band). Blank is a level of its own, `NAME not stated`.
    bands
        By column of numbers: where bands begin, or how many to cut; see `bands.levels`.
    reached
        Column: true, or 1, for a company that is a customer. All blank: unknown.
    owned, spend, potential, chance
        Columns: whether a rep owns it, what it spends and could spend in a year, and how
        likely (0 to 1) a company that is not reached becomes a customer within a year.
        None, or a column that is not there: not told. Blank spend counts as nought, blank
        potential is counted in `unknown_potential` and adds nothing.
    key
        Column of ids, to refuse a company that stands twice.
    fewest
        Cells of fewer companies are pooled into one row, where there are at least two; a
        row that is still smaller is marked `small`. 1 pools nothing.
    confidence
        Of the interval of `reached_share`.

    Returns
    -------
    SegmentView
        `expected` is the sum of chance times potential over the companies that are not
        reached. A share of peers who buy is no chance and never enters it. No rows give
        no cells. The order of rows does not matter.

    Raises
    ------
    ColumnsMissing
        When `by`, `reached` or `key` names a column that is not there.
    DuplicateIds
        When `key` holds an id twice.
    InvalidInput
        When `by` is empty, a truth is neither true nor false, a potential is negative or
        infinite, or a chance lies outside 0 to 1.

    Notes
    -----
    `docs/methodology.md#market` works an example by hand.
    """
    by = tuple(by)
    _demand_columns(companies, by, reached, key)
    measured = measured_by_company(companies, reached, owned, spend, potential, chance)
    cut = [levels(companies[name], (bands or {}).get(name)) for name in by]
    cell, named = _cells(cut)
    sizes = np.bincount(cell, minlength=len(named))
    small = sizes < fewest
    pooled = int(small.sum())
    words = named[by[0]]
    for name in by[1:]:
        words = words + SEPARATOR + named[name]
    if pooled > 1:
        words = words.mask(small, f"{pooled} smaller cells")
        named.loc[small, list(by)] = SEVERAL
    named.index = pd.Index(words, dtype="str")
    named = named[~named.index.duplicated()]
    codes, names = pd.factorize(words)
    cell = codes[cell]
    cells = measured.groupby(cell, sort=True).sum(min_count=0)
    cells.index = pd.Index(names, dtype="str")[cells.index]
    cells = cells.sort_index()
    # To the cent before they are added up, so that the cells printed give the total printed.
    cells[list(SUMS)] = cells[list(SUMS)].round(2)
    table = _told(cells, confidence)
    for place, name in enumerate(by):
        table.insert(place, name, named[name].reindex(table.index).astype("str"))
    table["pooled"] = np.where(table.index == f"{pooled} smaller cells", pooled, 1)
    table["small"] = table["companies"] < fewest
    total = _told(cells.sum(min_count=0).to_frame().T, confidence).iloc[0]
    known = {reached: "customers", owned: "owned", spend: "spend", potential: "potential"}
    table, total = _blanked(table, total, companies, known, potential, chance)
    order = table.assign(_name=table.index).sort_values(
        ["expected", "unreached_potential", "companies", "_name"],
        ascending=[False, False, False, True],
        kind="stable",
    )
    table = table.loc[order.index]
    table.index.name = "segment"
    of_row = pd.Index(names, dtype="str").take(cell)
    cell_of = pd.Series(of_row, index=companies.index, dtype="str", name="segment")
    return SegmentView(table, total, by, cell_of)


def _demand_columns(
    companies: pd.DataFrame, by: tuple[str, ...], reached: str, key: str | None
) -> None:
    if not by:
        raise InvalidInput(
            "A market needs at least one column to cut it by.", hint="Name some in `by`."
        )
    if len(set(by)) < len(by):
        raise InvalidInput(f"`by` names a column twice: {', '.join(by)}.", hint="Name each once.")
    wanted = [*by, reached, *([key] if key else [])]
    lacking = [name for name in wanted if name not in companies.columns]
    if lacking:
        raise ColumnsMissing(
            f"The companies have no column {', '.join(lacking)}.",
            hint=f"There are {', '.join(map(str, companies.columns))}.",
        )
    if key is not None and companies[key].duplicated().any():
        twice = sorted(set(companies.loc[companies[key].duplicated(), key].astype("str")))[:5]
        raise DuplicateIds(
            f"These companies stand twice in the market: {', '.join(twice)}.",
            hint="Keep one row of each.",
        )


def _cells(cut: Sequence[pd.Series]) -> tuple[np.ndarray, pd.DataFrame]:
    """Number the cells that occur: each row's cell, and the cells' levels, one row a cell."""
    cell = np.zeros(len(cut[0]), dtype=np.int64)
    for column in cut:
        # Numbered anew each time, so that many dimensions cannot overflow.
        cell, _ = pd.factorize(cell * len(column.cat.categories) + column.cat.codes.to_numpy())
    first = np.unique(cell, return_index=True)[1]
    named = {column.name: column.iloc[first].astype("str").to_numpy() for column in cut}
    return cell, pd.DataFrame(named, dtype="str")


def _told(cells: pd.DataFrame, confidence: float) -> pd.DataFrame:
    out = cells.copy()
    for name in COUNTS:
        out[name] = out[name].round().astype("Int64")
    for name in SUMS:
        out[name] = out[name].round(2)  # binary remainders of adding up
    count = cells["companies"].to_numpy()
    some = np.where(count > 0, count, np.nan)
    out["owned_share"] = (cells["owned"].to_numpy() / some).round(6)
    out["reached_share"] = (cells["customers"].to_numpy() / some).round(6)
    low, high = wilson(cells["customers"].to_numpy(), count, confidence=confidence)
    out["reached_low"], out["reached_high"] = low.round(6), high.round(6)
    could = out["potential"].to_numpy()
    out["spend_share"] = (out["spend"].to_numpy() / np.where(could > 0, could, np.nan)).round(6)
    return out


def _blanked(
    table: pd.DataFrame,
    total: pd.Series,
    companies: pd.DataFrame,
    known: Mapping[str | None, str],
    potential: str | None,
    chance: str | None,
) -> tuple[pd.DataFrame, pd.Series]:
    """Blank what was not asked for or is not known: nought would be a claim."""
    rests_on = {
        "customers": ["customers", "reached_share", "reached_low", "reached_high",
                      "unreached_potential", "expected"],
        "owned": ["owned", "owned_share"],
        "spend": ["spend", "spend_share"],
        "potential": ["potential", "spend_share", "unreached_potential", "expected",
                      "unknown_potential"],
    }  # fmt: skip
    gone: set[str] = set()
    for column, name in known.items():
        if column is None or column not in companies or companies[column].isna().all():
            gone.update(rests_on[name])
    if chance is None or chance not in companies or companies[chance].isna().all():
        gone.add("expected")
    total = total.astype("object")
    for name in gone:
        table[name] = pd.Series(pd.NA, index=table.index, dtype="Int64" if name in COUNTS else None)
        if name not in COUNTS:
            table[name] = np.nan
        total[name] = None
    return table, total
