"""One seed of the benchmark, made once for all tests that only read it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from eval.accountplanbench.making import make_dataset
from eval.dataset import Dataset, read_dataset

Rows = dict[str, Mapping[str, str]]


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("benchmark") / "seed-1"
    make_dataset(folder, seeds=[1])
    return read_dataset(folder)


def rows(folder: Path, table: str) -> Rows:
    """Return the rows of a table by their first column; nothing where the file is absent."""
    path = folder / f"{table}.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}
