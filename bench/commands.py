"""Running a command as a user would, and what the whole process cost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from bench.timing import Times

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
_OF_THE_SHELL = ("CADASTRE_", "OPENAI_")


@dataclass(frozen=True)
class Ran:
    """One finished process: wall and processor seconds, peak memory in MB, and its output."""

    wall: float
    processor: float
    memory: float
    output: str


def cadastre(*words: str) -> list[str]:
    """Return the command line of `cadastre`, as installed beside this Python."""
    script = Path(PYTHON).with_name("cadastre")
    if script.exists():
        return [str(script), *words]
    return [PYTHON, "-c", "from api.cli import main; main()", *words]


def environment(**more: str) -> dict[str, str]:
    """Return the shell's variables without ours and without the one against byte code."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_OF_THE_SHELL) and name != "PYTHONDONTWRITEBYTECODE"
    }
    return kept | more


def run(command: Sequence[str], **variables: str) -> Ran:
    """Run a command to its end; RuntimeError with its last words where it fails."""
    with TemporaryFile() as out, TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(
            list(command),
            cwd=ROOT,
            env=environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            err.seek(0)
            said = err.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said}")
        out.seek(0)
        return Ran(
            wall,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024,
            out.read().decode(errors="replace"),
        )


def walls(runs: Sequence[Ran]) -> Times:
    """Return the wall times."""
    return Times(tuple(item.wall for item in runs))


def processors(runs: Sequence[Ran]) -> Times:
    """Return the processor times: what the work itself takes, whoever else is at work."""
    return Times(tuple(item.processor for item in runs))
