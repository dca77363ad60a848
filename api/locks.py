"""One lock per thing that is being changed."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class KeyedLocks:
    """Locks by name, made on first use. Changes to one thing wait; others go on."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)

    @contextmanager
    def __call__(self, key: str) -> Iterator[None]:
        """Hold the lock called `key`."""
        with self._guard:
            lock = self._locks[key]
        with lock:
            yield
