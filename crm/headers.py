"""Decide which column of ours each header of a file is."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection
from dataclasses import dataclass

from crm.csv_files import RawTable
from crm.mapping import Mapping
from crm.salesforce import COLUMNS, CURRENCY_COLUMN
from crm.unused_fields import is_unused
from domain.errors import ColumnsMissing, ColumnsUnknown
from domain.tables import Table

_ORDER = " Salesforce keeps account and date of an order in Order.csv: put it beside the file."
_ELSEWHERE: dict[str, dict[str, str]] = {
    "contacts": {"name": " FirstName and LastName do as well."},
    "reps": {
        "name": " FirstName and LastName do as well.",
        "function": " Salesforce has no field for it: map one that tells reps from managers.",
    },
    "orders": {
        "account_id": _ORDER,
        "ordered": _ORDER,
        "product_id": " A PricebookEntryId alone does not tell the product: export Product2Id.",
    },
}
"""Where else what is missing may be found, by our table and column."""


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
    names = known_names(table, mapping)
    return lambda header: header in names or header.casefold() in names


def read_header(
    raw: RawTable,
    table: Table,
    mapping: Mapping,
    *,
    supplied: Collection[str] = (),
    used: Collection[str] = (),
) -> Header:
    """Map a file's headers.

    The mapping file comes first, then our own names, then Salesforce's, each in any
    case of letters. `supplied` names columns that other fields give, which the file may
    therefore lack, and `used` those fields' headers in lower case.

    Raises
    ------
    ColumnsUnknown
        A header nothing maps or ignores, with the nearest known names; or two headers
        that mean the same column.
    ColumnsMissing
        A column that must not be blank is not in the file.
    """
    names = known_names(table, mapping)
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
        elif header.casefold() in used:
            continue
        elif is_unused(header, table.name):
            ignored.append(header)
        else:
            unknown.append(header)
    if unknown:
        raise unknown_columns(raw.file, table, unknown, mapping)
    _check_needed(raw.file, table, {*places, *supplied})
    return Header(places, currency, tuple(ignored))


def known_names(table: Table, mapping: Mapping) -> dict[str, str]:
    """Return our column by every name it is known under: as mapped, and in lower case."""
    names = {name.casefold(): column for name, column in COLUMNS[table.name].items()}
    names |= {column.name: column.name for column in table.columns}
    mapped = mapping.columns.get(table.name, {})
    return names | {name.casefold(): column for name, column in mapped.items()} | mapped


def unknown_columns(
    file: str, table: Table, unknown: list[str], mapping: Mapping
) -> ColumnsUnknown:
    """Return the error that names headers nothing maps, with the nearest known names."""
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


def _check_needed(file: str, table: Table, have: Collection[str]) -> None:
    missing = [
        column.name for column in table.columns if not column.nullable and column.name not in have
    ]
    if not missing:
        return
    called = {column: name for name, column in reversed(COLUMNS[table.name].items())}
    told = [f"{name} (Salesforce: {called[name]})" for name in missing]
    also = _ELSEWHERE.get(table.name, {})
    elsewhere = [also[name] for name in missing if name in also]
    raise ColumnsMissing(
        f"{file} lacks {'a column' if len(told) == 1 else 'columns'} that {table.name} needs: "
        f"{', '.join(told)}.",
        hint=f"Export {'it' if len(told) == 1 else 'them'} too, or map another header under "
        f"[columns.{table.name}] in the mapping file.{''.join(dict.fromkeys(elsewhere))}",
        file=file,
        columns=missing,
    )
