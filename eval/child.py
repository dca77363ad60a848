"""One process of a solver's command: a line is sent, a line is read, nothing may block.

A process runs in a group of its own, so that whatever it starts ends with it.
"""

from __future__ import annotations

import array
import fcntl
import os
import selectors
import signal
import subprocess
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import Literal

LARGEST_ANSWER = 4 * 1024 * 1024
"""Bytes of a line that are read before its process is stopped."""

_CHUNK = 1 << 16
_TAIL = 4096
# How often a wait looks whether the run was stopped.
_LOOK_SECONDS = 0.1
# Scratch folders are removed at the end; a process that is told to end gets this long.
_PATIENCE_SECONDS = 5.0
_GRACE_SECONDS = 1.0

End = Literal["line", "ended", "unread", "too_late", "too_large", "stopped"]


@dataclass(frozen=True)
class Reply:
    """How the wait for an answer ended.

    `line` came, without its newline; `surplus` bytes came after it. The process `ended`
    instead, perhaps after a part of a line; it had gone and left the request `unread`; it was
    `too_late` or its line `too_large`; or the run was `stopped`. `code` is the exit code of
    a process that ended, negative for a signal, and `said` the end of its stderr.
    """

    end: End
    line: bytes = b""
    surplus: bool = False
    code: int | None = None
    said: bytes = b""


class Child:
    """A running process of `command`; OSError when it cannot be started."""

    def __init__(self, command: Sequence[str]) -> None:
        # The environment and the folder are those of whoever runs the benchmark.
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        self._said = b""
        self._answered = False
        self._shut = False
        pipes = (self._process.stdin, self._process.stdout, self._process.stderr)
        self._in, self._out, self._err = (pipe.fileno() for pipe in pipes if pipe is not None)
        for pipe in (self._in, self._out, self._err):
            os.set_blocking(pipe, False)

    def ask(self, line: bytes, *, seconds: float, stopped: Event) -> Reply:
        """Send a line (with its newline) and wait for one line; after anything else, `end` it."""
        deadline = time.monotonic() + seconds
        self._said = b""
        read = bytearray()
        unsent = memoryview(line)
        with selectors.DefaultSelector() as ready:
            ready.register(self._out, selectors.EVENT_READ)
            ready.register(self._err, selectors.EVENT_READ)
            ready.register(self._in, selectors.EVENT_WRITE)
            while True:
                left = deadline - time.monotonic()
                if stopped.is_set():
                    return Reply("stopped")
                if left <= 0:
                    return Reply("too_late", said=self._said)
                pipes = {key.fd for key, _ in ready.select(min(left, _LOOK_SECONDS))}
                if self._err in pipes and self._hear() == b"":
                    ready.unregister(self._err)
                if self._in in pipes:
                    unsent = self._send(unsent)
                    if not unsent:
                        ready.unregister(self._in)
                if self._out not in pipes:
                    continue
                chunk = _read(self._out)
                if chunk == b"":
                    return self._ended(bytes(read))
                read += chunk or b""
                if b"\n" in read:
                    first, _, rest = bytes(read).partition(b"\n")
                    if len(first) <= LARGEST_ANSWER:
                        self._answered = True
                        return Reply(
                            "line", first, bool(rest) or self.wrote_more(), said=self._said
                        )
                if len(read) > LARGEST_ANSWER:
                    return Reply("too_large", said=self._said)

    def wrote_more(self) -> bool:
        """Say whether something was written that no request asked for."""
        return bool(_read(self._out))

    def end(self, *, patiently: bool = False) -> bool:
        """End it and all it started; say whether it wrote more than was due.

        `patiently` first tells it that its input ended and waits five seconds. Then it is asked
        to end (SIGTERM), so that it may tidy up, and a second later it is killed.
        """
        if self._process.stdin is not None:
            self._process.stdin.close()
        if patiently:
            self._await_end(_PATIENCE_SECONDS)
        more = self.wrote_more()
        self._signal(signal.SIGTERM)
        self._await_end(_GRACE_SECONDS)
        self._signal(signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        return more

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _await_end(self, seconds: float) -> None:
        """Wait until it ended, hearing what it still says; what it writes stays unread."""
        until = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < until:
            self._hear()
            time.sleep(0.005)
        while self._hear() and time.monotonic() < until:
            pass

    def _ended(self, part: bytes) -> Reply:
        self._await_end(_GRACE_SECONDS)
        code = self._process.poll()
        if not part and self._answered and (code == 0 or self._unread()):
            return Reply("unread", code=code)
        return Reply("ended", part, code=code, said=self._said)

    def _unread(self) -> bool:
        """Say whether the request never reached the process: it lies in the pipe, or before."""
        waiting = array.array("i", [0])
        fcntl.ioctl(self._in, termios.FIONREAD, waiting)
        return self._shut or waiting[0] > 0

    def _send(self, unsent: memoryview) -> memoryview:
        try:
            return unsent[os.write(self._in, unsent) :]
        except BlockingIOError:
            return unsent
        except BrokenPipeError:
            self._shut = True
            return unsent[len(unsent) :]

    def _hear(self) -> bytes | None:
        """Take what came on stderr, of which the tail is kept; empty at its end."""
        chunk = _read(self._err)
        self._said = (self._said + (chunk or b""))[-_TAIL:]
        return chunk


def _read(pipe: int) -> bytes | None:
    """Return what lies in a pipe, up to 64 KB: empty at its end, None while nothing is there."""
    try:
        return os.read(pipe, _CHUNK)
    except BlockingIOError:
        return None
