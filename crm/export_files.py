"""Find the files of an export and tell which table each one holds."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from crm.csv_files import is_csv, stem
from crm.findings import finding
from crm.mapping import Mapping
from crm.order_heads import STEM
from crm.problems import FilesMissing, FolderUnusable, MappingInvalid, TableUnknown
from crm.salesforce import FILES
from domain.book import QualityFinding
from domain.tables import TABLES


@dataclass(frozen=True)
class TableFile:
    """A file and the table it holds.

    `heads` files hold what the rows of another file share: an Order.csv tells the account
    and the date of the lines in OrderItem.csv.
    """

    path: Path
    table: str
    heads: bool = False


def find_files(folder: Path, mapping: Mapping) -> tuple[list[TableFile], list[QualityFinding]]:
    """Return the files of a folder by name, and a notice for each that holds no table.

    Several files may hold one table; their rows are read as one.

    Raises
    ------
    FolderUnusable
        It does not exist, is a file, cannot be read, or has no CSV file.
    FilesMissing
        A table that every book needs has no file.
    MappingInvalid
        The mapping names a file that is not there.
    """
    paths = _csv_files(folder)
    absent = sorted(set(mapping.files) - {path.name for path in paths})
    if absent:
        raise MappingInvalid(
            f"The mapping names files that {folder} does not hold: {', '.join(absent)}.",
            hint=f"The folder holds {', '.join(path.name for path in paths)}.",
        )
    found: list[TableFile] = []
    notes: list[QualityFinding] = []
    for path in paths:
        table = table_of(path, mapping)
        if table is not None:
            found.append(TableFile(path, table))
        elif is_heads(path):
            found.append(TableFile(path, "orders", heads=True))
        else:
            notes.append(_ignored(path))
    if not any(file.table == "orders" and not file.heads for file in found):
        notes += [_without_lines(file.path) for file in found if file.heads]
        found = [file for file in found if not file.heads]
    have = {file.table for file in found}
    missing = [table.name for table in TABLES if table.required and table.name not in have]
    if missing:
        raise _missing(folder, missing, [path.name for path in paths])
    return found, notes


def find_file(path: Path, table: str | None, mapping: Mapping) -> list[TableFile]:
    """Return one file and the table it holds, last; before it, an Order.csv it may need.

    Raises
    ------
    FolderUnusable
        There is no such file, or it is no CSV file.
    TableUnknown
        There is no such table, none can be told, or the file holds no whole table.
    """
    names = ", ".join(known.name for known in TABLES)
    if not path.is_file():
        raise FolderUnusable(
            f"There is no file {path}." if not path.exists() else f"{path} is a folder.",
            hint="Name one .csv or .csv.gz file, or import the folder without a table.",
        )
    if not is_csv(path):
        raise FolderUnusable(
            f"{path.name} is no .csv or .csv.gz file.", hint="Save it as CSV in UTF-8."
        )
    if table is not None and table not in {known.name for known in TABLES}:
        raise TableUnknown(
            f"There is no table {table!r}.", hint=f"Tables are {names}.", table=table
        )
    if is_heads(path) and path.name not in mapping.files:
        raise TableUnknown(
            f"{path.name} holds orders without their lines.",
            hint="Import OrderItem.csv; an Order.csv beside it is read with it.",
        )
    told = table or table_of(path, mapping)
    if told is None:
        raise TableUnknown(
            f"The name {path.name} does not tell which table it holds.",
            hint=f"Say so with --table. Tables are {names}.",
        )
    line_file = TableFile(path, told)
    if told != "orders":
        return [line_file]
    beside = sorted(
        (other for other in path.parent.iterdir() if is_csv(other) and is_heads(other)),
        key=lambda other: other.name,
    )
    return [*(TableFile(other, "orders", heads=True) for other in beside), line_file]


def is_heads(path: Path) -> bool:
    """Say whether a file's name is that of Salesforce's orders without their lines."""
    return stem(path).casefold() == STEM


def table_of(path: Path, mapping: Mapping) -> str | None:
    """Return the table that a file's name tells, or the mapping; None when neither does."""
    return mapping.files.get(path.name) or _tables().get(stem(path).casefold())


def _tables() -> dict[str, str]:
    tables = {name.casefold(): table for name, table in FILES.items()}
    return tables | {table.name: table.name for table in TABLES}


def _csv_files(folder: Path) -> list[Path]:
    if not folder.exists():
        raise FolderUnusable(
            f"There is no folder {folder}.", hint="Name the folder that holds the CSV files."
        )
    if not folder.is_dir():
        raise FolderUnusable(
            f"{folder} is a file, not a folder.",
            hint="Name the folder that holds the CSV files; an export is read as a whole.",
        )
    try:
        paths = sorted((path for path in folder.iterdir() if is_csv(path)), key=lambda p: p.name)
    except OSError as error:
        raise FolderUnusable(
            f"The folder {folder} cannot be read: {error.strerror}.",
            hint="Check its permissions.",
        ) from error
    if not paths:
        raise FolderUnusable(
            f"The folder {folder} holds no .csv or .csv.gz file.",
            hint="Export the CRM's tables as CSV into it; docs/importing.md lists them.",
        )
    return paths


def _missing(folder: Path, missing: list[str], names: list[str]) -> FilesMissing:
    salesforce = {table: name for name, table in reversed(FILES.items())}
    told = [f"{salesforce[table]}.csv (or {table}.csv)" for table in missing]
    near = {
        name
        for table in missing
        for name in difflib.get_close_matches(table, names, n=2, cutoff=0.5)
    }
    guess = f' such as "{min(near)}" = "{missing[0]}"' if near else ""
    return FilesMissing(
        f"{folder} lacks {' and '.join(told)}; it holds {', '.join(names)}.",
        hint=f"Export {'it' if len(told) == 1 else 'them'}, or map another file under [files] in "
        f"the mapping file{guess}.",
        tables=missing,
    )


def _ignored(path: Path) -> QualityFinding:
    return finding(
        "file_not_read",
        "",
        "notice",
        "not_queried",
        (),
        f"{path.name} is no table that Cadastre knows.",
        "Nothing of it is in the book; map it under [files] if it should be.",
    )


def _without_lines(path: Path) -> QualityFinding:
    return finding(
        "file_not_read",
        "orders",
        "notice",
        "not_queried",
        (),
        f"{path.name} holds orders without their lines.",
        "Nothing of it is in the book; export OrderItem.csv too.",
    )
