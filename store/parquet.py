"""Tables on disk: one Parquet file per content, named by the hash of its bytes."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandas.api.types import pandas_dtype

from domain.errors import Broken
from domain.record import Record
from store.home import write_whole


class KeptTable(Record):
    """One table of a book: its file, its rows, and the pandas type of every column."""

    digest: str
    rows: int
    dtypes: dict[str, str]


def keep_table(folder: Path, frame: pd.DataFrame) -> KeptTable:
    """Write a table unless a file of the same content is there, whole or not at all."""
    dtypes = {str(name): str(dtype) for name, dtype in frame.dtypes.items()}
    table = pa.Table.from_pandas(frame, preserve_index=False)
    # The pandas notes inside would name the library's version, and so the file would
    # change with it although the table did not; the dtypes stand in the manifest.
    table = table.replace_schema_metadata(None)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    path = folder / f"{digest}.parquet"
    if not path.exists():
        write_whole(path, content)
    return KeptTable(digest=digest, rows=len(frame), dtypes=dtypes)


def load_table(folder: Path, name: str, kept: KeptTable) -> pd.DataFrame:
    """Read a table as it was kept, column types included.

    Raises
    ------
    Broken
        When the file is missing or its bytes are not those that were written.
    """
    path = folder / f"{kept.digest}.parquet"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Broken(
            f"The {name} table of a book is missing: {path.name}.",
            hint="Import the export again.",
        ) from error
    if hashlib.sha256(content).hexdigest() != kept.digest:
        raise Broken(
            f"The {name} table of a book was altered: {path.name} no longer has that hash.",
            hint="Delete the file and import the export again.",
        )
    table = pq.read_table(pa.BufferReader(content))
    # By itself Arrow would make a column of integers with blanks one of floats.
    nullable = {pa.int64(): pd.Int64Dtype()} if "Int64" in kept.dtypes.values() else {}
    frame: pd.DataFrame = table.to_pandas(types_mapper=nullable.get)
    for column, dtype in kept.dtypes.items():
        if str(frame[column].dtype) != dtype:
            frame[column] = frame[column].astype(pandas_dtype(dtype))
    return frame
