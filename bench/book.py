"""The example book: importing it, keeping it, and ranking and explaining every account.

Steps are timed in processes of their own, once each, so that every figure is of a first
time; the whole commands are timed as a user runs them.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench.commands import PYTHON, Ran, cadastre, processors, run, walls
from bench.report import Report, TimesTable, arguments, publish
from bench.timing import Times

if TYPE_CHECKING:
    from api.reading import Reading

IMPORTING = "import_book"
BARE = "bare pandas.read_csv of the same files"


def steps(folder: Path, home: Path, *, bare_first: bool) -> dict[str, float]:
    """Take the example through every step once, and return the seconds of each.

    `bare_first` decides whether pandas reads the files before or after the import: the
    first of the two warms the file cache and pandas for the other.
    """
    taken: dict[str, float] = {}

    def take(name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        found = work()
        taken[name] = time.perf_counter() - began
        return found

    import pandas as pd

    from api.books import COVERAGE_FILE
    from api.reading import Reading
    from crm.importer import import_book
    from domain.coverage import parse_coverage
    from domain.principal import Principal, Scope
    from store.home import Home
    from store.store import Store

    files = sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz")])

    def read_bare() -> None:
        for file in files:
            pd.read_csv(file)

    if bare_first:
        take(BARE, read_bare)
    book = take(IMPORTING, lambda: import_book(folder))
    if not bare_first:
        take(BARE, read_bare)
    coverage = parse_coverage((folder / COVERAGE_FILE).read_text(encoding="utf-8"))
    reading = Reading(book, coverage)
    take("analyse", lambda: reading.analyses)
    take("rank all accounts", lambda: reading.ranked)
    take("explain all accounts", lambda: reading.parts)
    check_sums(reading)
    principal = Principal(
        person="bench",
        name="Bench",
        workspace="bench",
        roles=frozenset({"revops"}),
        scope=Scope(everything=True),
    )
    with Store.open(Home(home)) as store:
        take("keep the book", lambda: store.books.add(principal, book))
    with Store.open(Home(home)) as store:
        loaded = take("load the book", lambda: store.books.current(principal))
        if loaded.book_id != book.book_id:
            raise RuntimeError("The book that was kept is not the one that was imported.")
        take("build the notes index", lambda: store.notes.rebuild(principal, loaded))
    taken["accounts"] = len(reading.ranked)
    taken["order lines"] = len(book["orders"])
    return taken


def check_sums(reading: Reading) -> None:
    """Demand that every score is its base plus its parts: a fast wrong answer is none."""
    for line in reading.ranked:
        parts = reading.parts[line.account_id]
        if line.score != line.base + sum(part.points for part in parts):
            raise RuntimeError(f"The score of {line.account_id} is not the sum of its parts.")


def in_processes(report: Report, runs: int) -> None:
    """Take the steps in `runs` processes."""
    taken: dict[str, list[float]] = {}
    with TemporaryDirectory(prefix="cadastre-bench-") as folder:
        for number in range(runs):
            home = str(Path(folder, str(number)))
            order = "bare" if number % 2 else "ours"
            said = run([PYTHON, "-m", "bench.book", "--steps", home, order]).output
            for name, seconds in json.loads(said).items():
                taken.setdefault(name, []).append(seconds)
    accounts, lines = int(taken.pop("accounts")[0]), int(taken.pop("order lines")[0])
    bare = Times(tuple(taken.pop(BARE)))
    imported = Times(tuple(taken.pop(IMPORTING)))
    table = report.times(f"Steps in one process: {accounts} accounts, {lines:,} order lines")
    table.add(IMPORTING, imported, against=BARE, other=bare, goal="5 s")
    together = [
        sum(parts)
        for parts in zip(
            taken["analyse"],
            taken["rank all accounts"],
            taken["explain all accounts"],
            strict=True,
        )
    ]
    table.add("analyse, rank and explain", Times(tuple(together)), goal="2 s")
    for name, each in taken.items():
        table.add(name, Times(tuple(each)))


def as_commands(report: Report, runs: int) -> None:
    """Time the two whole commands, the start of Python and its libraries included."""
    example = str(example_folder())
    imports: list[Ran] = []
    ranks: list[Ran] = []
    bare: list[Ran] = []
    program = (
        "import pandas, pathlib, sys\n"
        "for file in sorted(pathlib.Path(sys.argv[1]).glob('*.csv*')):\n"
        "    pandas.read_csv(file)"
    )
    with TemporaryDirectory(prefix="cadastre-bench-") as folder:
        for number in range(runs):
            home = str(Path(folder, str(number)))
            bare.append(run([PYTHON, "-c", program, example]))
            imports.append(run(cadastre("--home", home, "import", example)))
            rank = run(cadastre("--home", home, "--json", "accounts", "rank", "--explain"))
            if not all("parts" in line for line in json.loads(rank.output)):
                raise RuntimeError("`accounts rank --explain --json` printed a line without parts.")
            ranks.append(rank)
    table = report.times("Whole commands")
    _add(table, "cadastre import", imports, bare, "5 s")
    _add(table, "cadastre accounts rank --explain --json", ranks, bare, "2 s")


def example_folder() -> Path:
    """Return the example's folder."""
    from api.books import example_folder as found

    return found()


def _add(table: TimesTable, what: str, ours: list[Ran], bare: list[Ran], goal: str) -> None:
    table.add(f"{what}, wall", walls(ours), against=BARE, other=walls(bare), goal=goal)
    table.add(f"{what}, processor", processors(ours), against=BARE, other=processors(bare))


def main() -> int:
    """Measure and print."""
    if sys.argv[1:2] == ["--steps"]:
        home, order = sys.argv[2:4]
        print(json.dumps(steps(example_folder(), Path(home), bare_first=order == "bare")))
        return 0
    given = arguments(__doc__)
    report = Report("book")
    in_processes(report, given.runs)
    as_commands(report, given.runs)
    report.note(
        "Bare pandas.read_csv reads the same files and nothing more: no types, no keys, no "
        "references, no quality report, no content hash."
    )
    publish(report, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
