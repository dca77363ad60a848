"""The mapping file: what a company's own file, column and value names mean here."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from crm.problems import MappingInvalid
from domain.record import Record
from domain.tables import TABLE_BY_NAME, Table


class Dates(Record):
    """How dates are written: a `strptime` format; ISO dates are read in any case."""

    format: str | None = None


class Numbers(Record):
    """How numbers are written. With a decimal comma, dots and spaces group thousands."""

    decimal: Literal[".", ","] = "."


class Mapping(Record):
    """A company's own names. Everything is optional; an empty mapping changes nothing.

    `files` maps file names to tables, `columns` by table their headers to our columns,
    `values` by table and column their values to ours (`""` for blank), `ignore` lists
    headers to leave out.
    """

    files: dict[str, str] = Field(default_factory=dict)
    columns: dict[str, dict[str, str]] = Field(default_factory=dict)
    values: dict[str, dict[str, dict[str, str]]] = Field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    dates: Dates = Dates()
    numbers: Numbers = Numbers()


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises
    ------
    MappingInvalid
        The file is absent or not TOML, or a key names a table, column or value that
        does not exist: one line per problem.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingInvalid(
            f"The mapping file {path} cannot be read: {getattr(error, 'strerror', None) or error}.",
            hint="Name a TOML file; docs/importing.md shows one.",
        ) from error
    return parse_mapping(text, source=path.name)


def parse_mapping(text: str, *, source: str = "mapping.toml") -> Mapping:
    """Read a mapping from TOML; see `load_mapping`."""
    try:
        mapping = Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise MappingInvalid(
            f"{source} is not valid TOML: {error}.", hint="Correct that line and import again."
        ) from error
    except ValidationError as error:
        raise _invalid(source, [_shape(item) for item in error.errors()]) from error
    problems = [*_files(mapping), *_columns(mapping), *_values(mapping), *_dates(mapping)]
    if problems:
        raise _invalid(source, problems)
    return mapping


def _invalid(source: str, problems: list[str]) -> MappingInvalid:
    return MappingInvalid(
        f"{source} cannot be used:\n" + "\n".join(f"- {line}" for line in problems),
        hint=f"Correct {'this key' if len(problems) == 1 else 'these keys'} in {source}.",
        problems=problems,
    )


def _shape(item: object) -> str:
    assert isinstance(item, dict)
    key = ".".join(str(part) for part in item["loc"])
    if item["type"] == "extra_forbidden":
        return (
            f"{key}: unknown key; a mapping has files, columns, values, ignore, dates.format "
            "and numbers.decimal"
        )
    return f"{key} = {item['input']!r}: {str(item['msg']).lower()}"


def _files(mapping: Mapping) -> list[str]:
    return [
        f"files.{file!r} = {table!r}: there is no such table; tables are {_names()}"
        for file, table in mapping.files.items()
        if table not in TABLE_BY_NAME
    ]


def _columns(mapping: Mapping) -> list[str]:
    problems = []
    for name, headers in mapping.columns.items():
        table = TABLE_BY_NAME.get(name)
        if table is None:
            problems.append(f"columns.{name}: there is no such table; tables are {_names()}")
            continue
        for header, column in headers.items():
            if column not in _column_names(table):
                problems.append(
                    f"columns.{name}.{header!r} = {column!r}: {name} has no such column; it has "
                    f"{', '.join(_column_names(table))}"
                )
            if header in mapping.ignore:
                problems.append(
                    f"columns.{name}.{header!r}: is mapped and ignored at once; do one of them"
                )
    return problems


def _values(mapping: Mapping) -> list[str]:
    problems = []
    for name, columns in mapping.values.items():
        table = TABLE_BY_NAME.get(name)
        if table is None:
            problems.append(f"values.{name}: there is no such table; tables are {_names()}")
            continue
        for column_name, values in columns.items():
            where = f"values.{name}.{column_name}"
            if column_name not in _column_names(table):
                problems.append(f"{where}: {name} has no such column")
                continue
            column = table.column(column_name)
            for theirs, ours in values.items():
                if ours == "" and not column.nullable:
                    problems.append(f"{where}.{theirs!r}: {column_name} must not be blank")
                elif ours and column.one_of and ours not in column.one_of:
                    problems.append(
                        f"{where}.{theirs!r} = {ours!r}: not a known value; use one of "
                        f"{', '.join(column.one_of)}"
                    )
    return problems


def _dates(mapping: Mapping) -> list[str]:
    wanted = mapping.dates.format
    if wanted is None:
        return []
    codes = set(re.findall(r"%(.)", wanted))
    if codes & set("Yy") and codes & set("mbB") and "d" in codes:
        return []
    return [f"dates.format = {wanted!r}: needs a year, a month and a day, such as '%d/%m/%Y'"]


def _column_names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _names() -> str:
    return ", ".join(TABLE_BY_NAME)
