"""A file's rows, with the cells of our columns that other fields of Salesforce supply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crm.amounts import CellError
from crm.csv_files import RawTable
from crm.findings import State, finding
from crm.headers import known_names
from crm.mapping import Mapping
from crm.values import Cells
from domain.book import QualityFinding
from domain.tables import Table

_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})


@dataclass
class Supplied:
    """One file on its way into a table.

    Attributes
    ----------
    raw
        The rows that are still in.
    cells
        By our column, the header to name in messages and the cells, parallel to
        `raw.rows`; they go before what the file has under the column's own header.
    used
        Headers, in lower case, that were read for this.
    notes
        What was set aside or is to be told.
    """

    raw: RawTable
    table: Table
    mapping: Mapping
    cells: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    notes: list[QualityFinding] = field(default_factory=list)

    def column(self, name: str) -> tuple[str, tuple[str, ...]] | None:
        """Return header and cells of one of our columns; None when the file lacks it."""
        if name in self.cells:
            return self.cells[name]
        names = known_names(self.table, self.mapping)
        ignored = {header.casefold() for header in self.mapping.ignore}
        for header, cells in zip(self.raw.header, self.raw.columns, strict=True):
            folded = header.casefold()
            if folded not in ignored and (names.get(header) or names.get(folded)) == name:
                return header, cells
        return None

    def field(self, header: str) -> tuple[str, ...] | None:
        """Return the cells of a Salesforce field and count it as read; None when absent.

        A header that the mapping gives another meaning, or ignores, is absent.
        """
        folded = header.casefold()
        mapped = self.mapping.columns.get(self.table.name, {})
        if folded in {name.casefold() for name in (*mapped, *self.mapping.ignore)}:
            return None
        cells = self.raw.cells(header)
        if cells is not None:
            self.used.add(folded)
        return cells

    def flags(self, header: str) -> tuple[bool | None, ...] | None:
        """Return a checkbox field as true, false or blank; None when absent.

        Raises
        ------
        ValuesInvalid
            When a cell is neither.
        """
        cells = self.field(header)
        if cells is None:
            return None
        known: dict[str, bool | None] = {}
        bad: dict[str, CellError] = {}
        for cell in set(cells):
            bare = cell.strip().casefold()
            known[cell] = None if not bare else bare in _TRUE
            if bare and bare not in _TRUE | _FALSE:
                bad[cell] = CellError("is neither true nor false")
        if bad:
            checked = Cells(self.raw.file, self.raw.rows)
            checked.report(header, cells, bad)
            error = checked.error()
            if error is not None:
                raise error
        return tuple(known[cell] for cell in cells)

    def keys(self, places: Sequence[int]) -> list[str]:
        """Return the keys of the rows at some places, sorted; row numbers where it has none."""
        found = self.column(self.table.key)
        if found is None:
            return sorted(f"row {self.raw.rows[place]}" for place in places)
        return sorted(found[1][place].strip() for place in places)

    def set_aside(
        self,
        places: Sequence[int],
        code: str,
        message: Callable[[int], str],
        consequence: str,
        *,
        severity: str = "notice",
        state: State = "doubtful",
    ) -> None:
        """Leave out the rows at some places, and tell; nothing when there are none."""
        if not places:
            return
        self.notes.append(
            finding(
                code,
                self.table.name,
                severity,
                state,
                self.keys(places),
                f"{self.raw.file}: {message(len(places))}",
                consequence,
            )
        )
        out = set(places)
        kept = [place for place in range(len(self.raw.rows)) if place not in out]
        self.raw = self.raw.only(kept)
        self.cells = {
            name: (header, tuple(cells[place] for place in kept))
            for name, (header, cells) in self.cells.items()
        }
