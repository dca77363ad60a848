"""Python's cycle collector, held off while a long run makes objects that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_off() -> Iterator[None]:
    """Collect no cycles within the block; whatever they are, the next collection finds them.

    A review of 20,000 accounts makes a few hundred thousand facts and rows that live to its
    end: looking through them again and again took a sixth of its time. Of blocks in several
    threads, the first to end lets the collector in again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
