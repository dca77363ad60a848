"""The good plan, for every test of the verifier and of the views."""

from __future__ import annotations

import pytest

from tests.agent.good_plan import Example, example


@pytest.fixture(scope="session")
def good() -> Example:
    return example()
