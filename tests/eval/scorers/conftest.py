"""The good sample, its book written once."""

from __future__ import annotations

import pytest

from eval.score import Sample
from tests.eval.scorers.samples import GOOD, KEY, TASK, write_book


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return Sample(TASK, KEY, GOOD, write_book(tmp_path_factory.mktemp("books") / "b"))
