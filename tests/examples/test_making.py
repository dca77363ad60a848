"""The steps that write the example book, tried without its source."""

from __future__ import annotations

import gzip
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

FOLDER = Path(__file__).parents[2] / "examples" / "adventureworks"


@pytest.fixture(scope="module")
def files():
    sys.path.insert(0, str(FOLDER))
    try:
        from making import files
    finally:
        sys.path.remove(str(FOLDER))
    return files


def test_blank_dates_and_missing_numbers_become_empty_cells(files, tmp_path: Path) -> None:
    written = files.write_csv(tmp_path / "a.csv", ("Id", "Day", "N"), [("1", None, float("nan"))])
    assert written == 1
    assert (tmp_path / "a.csv").read_text() == "Id,Day,N\n1,,\n"


def test_a_compressed_file_is_the_same_each_time(files, tmp_path: Path) -> None:
    for name in ("a.csv.gz", "b.csv.gz"):
        files.write_csv(tmp_path / name, ("Id",), [("1",), ("2",)])
    first, second = ((tmp_path / name).read_bytes() for name in ("a.csv.gz", "b.csv.gz"))
    assert first == second
    assert gzip.decompress(first) == b"Id\n1\n2\n"


_CHARACTERS = st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n")


@given(st.text(_CHARACTERS), st.lists(st.text(_CHARACTERS)), st.booleans())
def test_what_is_written_as_toml_reads_back(files, text: str, names: list[str], flag: bool) -> None:
    written = files.toml_tables("row", [{"text": text, "names": names, "flag": flag, "gone": None}])
    assert tomllib.loads(written) == {"row": [{"text": text, "names": names, "flag": flag}]}


def test_a_row_that_does_not_fit_its_header_is_refused(files, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a\.csv: .* does not fit the header"):
        files.write_csv(tmp_path / "a.csv", ("Id", "Name"), [("1",)])
    assert not (tmp_path / "a.csv").exists()
