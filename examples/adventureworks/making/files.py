"""Writing the files: the same rows give the same bytes."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write rows as CSV (gzip by the name's end) and return their number."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"{path.name}: {row!r} does not fit the header {header!r}")
        writer.writerow([_cell(value) for value in row])
        count += 1
    data = buffer.getvalue().encode()
    if path.suffix == ".gz":
        # No file name and no time in the header, so that a second run is identical.
        path.write_bytes(gzip.compress(data, compresslevel=9, mtime=0))
    else:
        path.write_bytes(data)
    return count


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value)


def toml_string(text: str) -> str:
    """Return `text` as a basic TOML string on one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def toml_value(value: object) -> str:
    """Return a string, number, boolean or list of strings as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    return toml_string(str(value))


def toml_tables(name: str, rows: Iterable[dict[str, object]]) -> str:
    """Return an array of tables, keys in their given order; empty values are left out."""
    blocks = []
    for row in rows:
        lines = [f"{key} = {toml_value(value)}" for key, value in row.items() if value is not None]
        blocks.append(f"[[{name}]]\n" + "\n".join(lines) + "\n")
    return "\n".join(blocks)
