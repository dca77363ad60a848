"""Decide which column of ours each header of a file is."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from crm.csv_files import RawTable
from crm.mapping import Mapping
from crm.salesforce import COLUMNS, CURRENCY_COLUMN, IGNORED
from domain.errors import ColumnsMissing, ColumnsUnknown
from domain.tables import Table

_IGNORED = {name.casefold() for name in IGNORED}


@dataclass(frozen=True)
class Header:
    """Where a table's columns stand in a file.

    `places` gives the position of each of our columns the file has; `currency` that of a
    currency code, if any; `ignored` the headers left out on purpose.
    """

    places: dict[str, int]
    currency: int | None
    ignored: tuple[str, ...]


def knows(table: Table, mapping: Mapping) -> Callable[[str], bool]:
    """Return a test of whether a header means one of the table's columns."""
    names = _known(table, mapping)
    return lambda header: header in names or header.casefold() in names


def read_header(raw: RawTable, table: Table, mapping: Mapping) -> Header:
    """Map a file's headers.

    The mapping file comes first, then our own names, then Salesforce's, each in any
    case of letters.

    Raises
    ------
    ColumnsUnknown
        A header nothing maps or ignores, with the nearest known names; or two headers
        that mean the same column.
    ColumnsMissing
        A column that must not be blank is not in the file.
    """
    names = _known(table, mapping)
    leave_out = {name.casefold() for name in mapping.ignore}
    places: dict[str, int] = {}
    currency = None
    ignored = []
    unknown = []
    for place, header in enumerate(raw.header):
        column = names.get(header) or names.get(header.casefold())
        if header.casefold() in leave_out:
            ignored.append(header)
        elif column is not None:
            if column in places:
                raise ColumnsUnknown(
                    f"{raw.file}: columns {raw.header[places[column]]!r} and {header!r} both mean "
                    f"{table.name}.{column}.",
                    hint="List one of them under `ignore` in the mapping file.",
                    file=raw.file,
                    columns=[raw.header[places[column]], header],
                )
            places[column] = place
        elif header.casefold() == CURRENCY_COLUMN.casefold():
            currency = place
        elif header.casefold() in _IGNORED:
            ignored.append(header)
        else:
            unknown.append(header)
    if unknown:
        raise _unknown(raw.file, table, unknown, mapping)
    _check_needed(raw.file, table, places)
    return Header(places, currency, tuple(ignored))


def _known(table: Table, mapping: Mapping) -> dict[str, str]:
    names = {name.casefold(): column for name, column in COLUMNS[table.name].items()}
    names |= {column.name: column.name for column in table.columns}
    mapped = mapping.columns.get(table.name, {})
    return names | {name.casefold(): column for name, column in mapped.items()} | mapped


def _unknown(file: str, table: Table, unknown: list[str], mapping: Mapping) -> ColumnsUnknown:
    spelled = {name.casefold(): name for name in COLUMNS[table.name]}
    spelled |= {column.name: column.name for column in table.columns}
    spelled |= {name.casefold(): name for name in mapping.columns.get(table.name, {})}
    lines = []
    for header in unknown:
        near = difflib.get_close_matches(header.casefold(), spelled, n=3, cutoff=0.6)
        told = f" (near: {', '.join(spelled[name] for name in near)})" if near else ""
        lines.append(f"{file}: column {header!r} is not known{told}")
    return ColumnsUnknown(
        lines[0] + "."
        if len(lines) == 1
        else f"{file} has {len(lines)} unknown columns:\n" + "\n".join(f"- {x}" for x in lines),
        hint=f"Map {'it' if len(lines) == 1 else 'each'} under [columns.{table.name}] in the "
        "mapping file, or list it under `ignore`.",
        file=file,
        columns=unknown,
        problems=lines,
    )


def _check_needed(file: str, table: Table, places: dict[str, int]) -> None:
    missing = [
        column.name for column in table.columns if not column.nullable and column.name not in places
    ]
    if not missing:
        return
    called = {column: name for name, column in reversed(COLUMNS[table.name].items())}
    told = [f"{name} (Salesforce: {called[name]})" for name in missing]
    raise ColumnsMissing(
        f"{file} lacks {'a column' if len(told) == 1 else 'columns'} that {table.name} needs: "
        f"{', '.join(told)}.",
        hint=f"Export {'it' if len(told) == 1 else 'them'} too, or map another header under "
        f"[columns.{table.name}] in the mapping file.",
        file=file,
        columns=missing,
    )
