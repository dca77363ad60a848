"""How long a user waits: `cadastre --help`, the first demo on a fresh home, the second.

Each figure is of whole processes, start and end included, in turn with its alternative.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.commands import PYTHON, Ran, cadastre, processors, run, walls
from bench.report import Report, TimesTable, arguments, publish

NOT_FOR_HELP = ("openai", "langgraph", "chromadb", "pandas", "fastapi", "sqlalchemy")
LIBRARIES = "import pandas, langgraph.graph, chromadb, fastapi, openai"


def help_(report: Report, runs: int) -> None:
    """Time `cadastre --help` against bare Python and against importing typer."""
    help_runs: list[Ran] = []
    bare: list[Ran] = []
    typer: list[Ran] = []
    for _ in range(runs):
        help_runs.append(run(cadastre("--help")))
        bare.append(run([PYTHON, "-c", "pass"]))
        typer.append(run([PYTHON, "-c", "import typer"]))
    table = report.times("cadastre --help")
    _add(table, "cadastre --help", help_runs, "python -c 'import typer'", typer, "0.4 s")
    _add(table, "cadastre --help", help_runs, "python -c pass", bare)
    loaded = modules_of_help()
    heavy = sorted(loaded & set(NOT_FOR_HELP))
    report.note(
        f"`cadastre --help` loads {len(loaded)} top-level packages and modules; of "
        f"{', '.join(NOT_FOR_HELP)}: {', '.join(heavy) or 'none'}."
    )


def modules_of_help() -> set[str]:
    """Return the top-level names in `sys.modules` when `cadastre --help` has printed."""
    program = (
        "import sys\n"
        "from api.cli.entry import run\n"
        "try:\n    run(['--help'])\n"
        "except SystemExit:\n    pass\n"
        "print('|' + ' '.join({name.partition('.')[0] for name in sys.modules}))"
    )
    return set(run([PYTHON, "-c", program]).output.rpartition("|")[2].split())


def demo(report: Report, runs: int) -> None:
    """Time the demo until its plan is printed, on a fresh home and on the same again."""
    first: list[Ran] = []
    second: list[Ran] = []
    libraries: list[Ran] = []
    with TemporaryDirectory(prefix="cadastre-bench-") as folder:
        for number in range(runs):
            home = str(Path(folder, str(number)))
            libraries.append(run([PYTHON, "-c", LIBRARIES]))
            first.append(run(cadastre("--home", home, "demo", "--no-serve")))
            second.append(run(cadastre("--home", home, "demo", "--no-serve")))
            if "Objective:" not in first[-1].output or "Objective:" not in second[-1].output:
                raise RuntimeError("The demo ended without printing a plan.")
    table = report.times("cadastre demo --no-serve")
    _add(table, "first run, fresh home", first, "importing its libraries", libraries, "15 s")
    _add(table, "second run, same home", second, "importing its libraries", libraries, "6 s")
    report.note(
        "Importing its libraries is `" + LIBRARIES + "` in a process of its own. Peak memory: "
        f"{max(item.memory for item in first):.0f} MB in the first run, "
        f"{max(item.memory for item in second):.0f} MB in the second."
    )


def _add(
    table: TimesTable,
    what: str,
    runs: Sequence[Ran],
    against: str,
    others: Sequence[Ran],
    goal: str = "",
) -> None:
    table.add(f"{what}, wall", walls(runs), against=against, other=walls(others), goal=goal)
    table.add(f"{what}, processor", processors(runs), against=against, other=processors(others))


def main() -> int:
    """Measure and print."""
    given = arguments(__doc__)
    report = Report("start")
    run(cadastre("--help"))
    run([PYTHON, "-c", LIBRARIES])
    help_(report, given.runs)
    demo(report, given.runs)
    publish(report, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
