"""Does the gate notice? Faults are planted in scratch copies, and the gate has to turn red.

`python -m bench.seeded` plants every listed fault; `--mutants 40` adds a seeded sample of
mutants (needs cosmic-ray). Survivors are listed. First the copy without a fault has to be
green, or nothing could be concluded.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.commands import PYTHON, environment
from bench.report import Report, arguments, publish
from bench.seeded_faults import Fault, listed_faults, scratch_copy
from bench.seeded_mutants import sample

GATE = "import sys; from api.cli import main; sys.argv[0] = 'cadastre'; main()"
GREEN, RED = 0, 3
LONGEST = 300.0


@dataclass(frozen=True)
class Tried:
    """What the gate made of a fault: `red`, `green` or `broken` (it could not judge)."""

    fault: Fault | None
    outcome: str
    seconds: float
    reason: str


def tried(fault: Fault | None) -> Tried:
    """Run the quick gate in a copy that has the fault.

    A product that does not even start, or never ends, is `broken`: anybody would notice.
    """
    began = time.perf_counter()
    with scratch_copy(fault) as copy:
        process = subprocess.Popen(
            [PYTHON, "-c", GATE, "eval", "gate", "--quick", "--json"],
            cwd=copy,
            env=environment(PYTHONPATH=str(copy), CADASTRE_HOME=str(copy / "home")),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            out, err = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Tried(fault, "broken", LONGEST, "it did not end")
    outcome = {GREEN: "green", RED: "red"}.get(process.returncode, "broken")
    return Tried(fault, outcome, time.perf_counter() - began, _reason(outcome, out, err))


def _reason(outcome: str, out: str, err: str) -> str:
    if outcome == "broken":
        return (err.strip().splitlines() or ["it said nothing"])[-1][:120]
    findings = json.loads(out)["verdict"]["findings"]
    return str(findings[0]["text"])[:120] if findings else ""


def bench(faults: Sequence[Fault], workers: int) -> Report:
    """Plant every fault and tell what the gate said."""
    report = Report("seeded")
    clean = tried(None)
    if clean.outcome != "green":
        raise SystemExit(f"Without any fault the gate is {clean.outcome}: {clean.reason}")
    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(_told, faults))
    for title, group in (
        ("Listed faults", [item for item in results if ":" not in _key(item)]),
        ("Mutants", [item for item in results if ":" in _key(item)]),
    ):
        if not group:
            continue
        noticed = [item for item in group if item.outcome != "green"]
        counts = report.table(title, ("planted", "red", "broken", "not noticed", "noticed"))
        counts.rows.append(
            (
                str(len(group)),
                str(sum(item.outcome == "red" for item in group)),
                str(sum(item.outcome == "broken" for item in group)),
                str(len(group) - len(noticed)),
                f"{len(noticed) / len(group):.1%}",
            )
        )
        each = report.table(f"{title}, one by one", ("fault", "what", "gate", "first reason"))
        for item in group:
            assert item.fault is not None
            each.rows.append((item.fault.key, item.fault.what, item.outcome, item.reason))
    seconds = sorted(item.seconds for item in results)
    report.note(
        f"The gate without a fault took {clean.seconds:.0f} s alone; with faults, {workers} at a "
        f"time, {seconds[len(seconds) // 2]:.0f} s at the median."
    )
    return report


def _told(fault: Fault) -> Tried:
    """Try a fault and say at once what came of it: the table is half an hour away."""
    found = tried(fault)
    print(f"{fault.key}: {found.outcome} in {found.seconds:.0f} s", file=sys.stderr, flush=True)
    return found


def _key(item: Tried) -> str:
    return item.fault.key if item.fault else ""


def main() -> int:
    """Plant, run the gate and print."""
    given = arguments(
        __doc__,
        runs=1,
        mutants=(0, "how many mutants besides the listed faults"),
        seed=(1, "of the sample of mutants"),
        workers=(2, "copies at a time"),
    )
    planted = listed_faults()
    if given.mutants:
        planted += sample(given.mutants, given.seed)
    publish(bench(planted, given.workers), given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
