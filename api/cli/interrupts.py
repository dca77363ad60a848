"""Ctrl-C while something runs that can be stopped in order."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """Whether a person has asked to stop."""

    def __init__(self) -> None:
        self.asked = False

    def note(self, number: int, frame: FrameType | None) -> None:
        """Keep the first interrupt for whoever looks; raise every later one."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


@contextmanager
def interrupts_noted() -> Iterator[Interrupts]:
    """Note the first interrupt instead of raising it, for as long as the block runs.

    An exception out of nowhere would end a request half way; a flag is read between two.
    Outside the main thread, where Python lets no handler be set, nothing is noted.
    """
    noted = Interrupts()
    if threading.current_thread() is not threading.main_thread():
        yield noted
        return
    before = signal.signal(signal.SIGINT, noted.note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)
