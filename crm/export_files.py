"""Find the files of an export and tell which table each one holds."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from crm.csv_files import is_csv, stem
from crm.findings import finding
from crm.mapping import Mapping
from crm.problems import FilesMissing, FolderUnusable, MappingInvalid
from crm.salesforce import FILES
from domain.book import QualityFinding
from domain.tables import TABLES


@dataclass(frozen=True)
class TableFile:
    """A file and the table it holds."""

    path: Path
    table: str


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
    tables = {name.casefold(): table for name, table in FILES.items()}
    tables |= {table.name: table.name for table in TABLES}
    absent = sorted(set(mapping.files) - {path.name for path in paths})
    if absent:
        raise MappingInvalid(
            f"The mapping names files that {folder} does not hold: {', '.join(absent)}.",
            hint=f"The folder holds {', '.join(path.name for path in paths)}.",
        )
    found: list[TableFile] = []
    notes: list[QualityFinding] = []
    for path in paths:
        table = mapping.files.get(path.name) or tables.get(stem(path).casefold())
        if table is None:
            notes.append(_ignored(path))
        else:
            found.append(TableFile(path, table))
    have = {file.table for file in found}
    missing = [table.name for table in TABLES if table.required and table.name not in have]
    if missing:
        raise _missing(folder, missing, [path.name for path in paths])
    return found, notes


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
