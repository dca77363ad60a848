"""The committed files of the example book, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "adventureworks"


@dataclass(frozen=True)
class ExampleBook:
    """Every table as text (blank is an empty string), by file name without its end."""

    tables: dict[str, pd.DataFrame]
    planted: dict[str, list[dict[str, Any]]]
    people: dict[str, Any]
    about: dict[str, Any]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def traps(self, kind: str) -> list[dict[str, Any]]:
        """Return the planted traps of one kind."""
        return [trap for trap in self.planted["trap"] if trap["kind"] == kind]

    def spend_12m(self) -> pd.Series:
        """Return net spend of the twelve months up to 13 November 2026, by account."""
        lines = self["OrderItem"]
        recent = lines[lines["EffectiveDate"] > "2025-11-13"]
        return recent["TotalPrice"].astype(float).groupby(recent["AccountId"]).sum()


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def book() -> ExampleBook:
    paths = sorted([*FOLDER.glob("*.csv"), *FOLDER.glob("*.csv.gz")])
    tables = {
        path.name.split(".")[0]: pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in paths
    }
    return ExampleBook(tables, _toml("planted.toml"), _toml("people.toml"), _toml("book.toml"))


@pytest.fixture(scope="session")
def folder() -> Path:
    return FOLDER
