"""Read the files of an export into typed tables, collecting everything that is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping as ByName
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from crm.csv_files import read_csv
from crm.export_files import TableFile
from crm.findings import finding, listed
from crm.headers import knows, read_header
from crm.mapping import Mapping
from crm.order_heads import OrderHeads, read_order_heads
from crm.problems import SHOWN, FilesMissing, raise_all
from crm.record_ids import Keys, record_of
from crm.salesforce_rows import supply
from crm.values import Cells, Value, as_series, check_currency, read_column
from domain.book import QualityFinding
from domain.errors import DuplicateIds, InvalidInput
from domain.tables import TABLE_BY_NAME, TABLES, Table


@dataclass
class TypedTable:
    """A table as read: typed cells by column, and the file and row each stood in.

    `present` names the columns that some file had; the others are all None.
    """

    columns: dict[str, list[Value]]
    places: list[tuple[str, int]] = field(default_factory=list)
    present: set[str] = field(default_factory=set)


def read_tables(
    files: Sequence[TableFile],
    mapping: Mapping,
    currency: str,
    kept: ByName[str, TypedTable] | None = None,
) -> tuple[dict[str, TypedTable], list[QualityFinding]]:
    """Read every file; return all tables by name, sorted by key, and what was not read.

    Files of one table are read as one. A table without file comes back as `kept` has it,
    else without rows. References that write an id in Salesforce's other length come back
    as the table they refer to writes it.

    Raises
    ------
    FileUnreadable, ColumnsMissing, ColumnsUnknown, ValuesInvalid, CurrencyMixed, DuplicateIds
        What is wrong, over all files at once.
    FilesMissing
        A needed table has a header and no rows.
    """
    by_table: dict[str, list[TableFile]] = defaultdict(list)
    for file in files:
        if not file.heads:
            by_table[file.table].append(file)
    typed: dict[str, TypedTable] = dict(kept or {})
    errors: list[InvalidInput] = []
    ignored: list[QualityFinding] = []
    heads = None
    try:
        heads = read_order_heads([file.path for file in files if file.heads], mapping, currency)
    except InvalidInput as error:
        errors.append(error)
        by_table["orders"].clear()  # lines lack what a broken Order.csv does not tell
    for table in TABLES:
        if table.name in typed and not by_table[table.name]:
            continue
        whole = typed[table.name] = TypedTable({column.name: [] for column in table.columns})
        found = len(errors)
        for file in by_table[table.name]:
            try:
                ignored += _read_file(file, table, whole, mapping, currency, heads, typed)
            except InvalidInput as error:
                errors.append(error)
        if len(errors) > found:
            continue
        if table.required and not whole.places:
            told = ", ".join(file.path.name for file in by_table[table.name])
            errors.append(
                FilesMissing(
                    f"{told} has a header and no rows.",
                    hint=f"Export the {table.name} again; a book needs at least one.",
                )
            )
        twice = _duplicate_ids(whole, table)
        if twice is not None:
            errors.append(twice)
    raise_all(errors)
    for table in TABLES:
        if by_table[table.name]:
            _sort(typed[table.name], table.key)
    _match_references(typed)
    return typed, ignored


def _read_file(
    file: TableFile,
    table: Table,
    whole: TypedTable,
    mapping: Mapping,
    currency: str,
    heads: OrderHeads | None,
    typed: ByName[str, TypedTable],
) -> list[QualityFinding]:
    given = supply(read_csv(file.path, knows(table, mapping)), table, mapping, heads, typed)
    raw = given.raw
    header = read_header(raw, table, mapping, supplied=given.cells, used=given.used)
    cells = Cells(raw.file, raw.rows)
    read: dict[str, list[Value]] = {}
    for column in table.columns:
        place = header.places.get(column.name)
        if column.name in given.cells:
            named, written = given.cells[column.name]
        elif place is not None:
            named, written = raw.header[place], raw.columns[place]
        else:
            read[column.name] = [None] * len(raw.rows)
            continue
        read[column.name] = read_column(
            named,
            written,
            table,
            column,
            mapping=mapping,
            currency=currency,
            cells=cells,
        )
    if header.currency is not None:
        place = header.currency
        amounts = [read[column.name] for column in table.columns if column.type == "money"]
        codes = [
            # A currency says something of a record's amounts and nothing of a record without.
            code if any(column[row] is not None for column in amounts) else ""
            for row, code in enumerate(raw.columns[place])
        ]
        check_currency(raw.header[place], codes, currency, cells)
    error = cells.error()
    if error is not None:
        raise error
    for name, values in read.items():
        whole.columns[name].extend(values)
    whole.places.extend((raw.file, row) for row in raw.rows)
    whole.present.update(header.places, given.cells)
    if not header.ignored:
        return given.notes
    return [
        *given.notes,
        finding(
            "columns_ignored",
            table.name,
            "notice",
            "not_queried",
            (),
            f"{raw.file}: {listed(sorted(header.ignored))} not read.",
            "Nothing uses these columns.",
        ),
    ]


def _duplicate_ids(whole: TypedTable, table: Table) -> DuplicateIds | None:
    keys = [str(key) for key in whole.columns[table.key]]
    seen: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        seen[record_of(key)].append(place)
    twice = {
        # Of the two lengths of an id, the longer is told.
        max((keys[place] for place in places), key=len): places
        for places in seen.values()
        if len(places) > 1
    }
    if not twice:
        return None
    lines = []
    for key in sorted(twice):
        where = ", ".join(f"{whole.places[i][0]} row {whole.places[i][1]}" for i in twice[key])
        lines.append(f"{table.key} {key!r} is on {where}")
    more = [f"and {len(lines) - SHOWN:,} more"] if len(lines) > SHOWN else []
    return DuplicateIds(
        f"{len(lines):,} {'id occurs' if len(lines) == 1 else 'ids occur'} more than once in "
        f"{table.name}:\n" + "\n".join(f"- {line}" for line in [*lines[:SHOWN], *more]),
        hint="Keep one row of each; an id names one row.",
        table=table.name,
        ids=sorted(twice)[:SHOWN],
        total=len(lines),
        problems=lines[:SHOWN],
    )


def _match_references(typed: ByName[str, TypedTable]) -> None:
    for table in TABLES:
        for column in table.columns:
            if not column.refers_to:
                continue
            cells = typed[table.name].columns[column.name]
            target = typed[column.refers_to].columns[TABLE_BY_NAME[column.refers_to].key]
            lost = {value for value in cells if value is not None}.difference(target)
            if not lost:
                continue
            keys = Keys(str(key) for key in target)
            found: dict[Value, str | None] = {value: keys.find(str(value)) for value in lost}
            typed[table.name].columns[column.name] = [found.get(value) or value for value in cells]


def _sort(whole: TypedTable, key: str) -> None:
    keys = whole.columns[key]
    order = sorted(range(len(keys)), key=lambda place: str(keys[place]))
    for name, values in whole.columns.items():
        whole.columns[name] = [values[place] for place in order]
    whole.places = [whole.places[place] for place in order]


def frames_of(typed: ByName[str, TypedTable]) -> dict[str, pd.DataFrame]:
    """Return every table as a frame with the types of `domain.book.Book`."""
    return {
        table.name: pd.DataFrame(
            {
                column.name: as_series(typed[table.name].columns[column.name], column)
                for column in table.columns
            }
        )
        for table in TABLES
    }


def typed_table(table: Table, kept: pd.DataFrame) -> TypedTable:
    """Return a table of a book as it would be read, for reading it again with another one."""
    columns: dict[str, list[Value]] = {}
    for column in table.columns:
        cells = kept[column.name]
        values = cells.dt.date if column.type == "date" else cells
        columns[column.name] = [
            None if missing else value
            for value, missing in zip(values.tolist(), cells.isna().tolist(), strict=True)
        ]
    return TypedTable(columns)
