"""Python's cycle collector waits for the end of a long run, and comes back whatever happens."""

from __future__ import annotations

import gc

import pytest

from api.collector import held_off


def test_the_collector_waits_for_the_end_of_the_outer_block() -> None:
    with held_off():
        with held_off():
            assert not gc.isenabled()
        assert not gc.isenabled()

    assert gc.isenabled()


def test_the_collector_comes_back_after_an_error() -> None:
    with pytest.raises(KeyError), held_off():
        raise KeyError

    assert gc.isenabled()
