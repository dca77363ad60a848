"""The benches run, and add up: small sizes, and never a demand on a time."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.report import Report, seconds
from bench.timing import Times, alternately

ROOT = Path(__file__).parents[2]
BENCHES = ("start", "book", "plans", "verifier", "decisions", "kill", "retrieval")


@pytest.mark.parametrize("name", BENCHES)
def test_every_bench_tells_how_it_is_run(name: str) -> None:
    bench = importlib.import_module(f"bench.{name}")

    assert callable(bench.main)
    assert bench.__doc__


@pytest.mark.parametrize("name", BENCHES)
def test_the_page_of_figures_has_a_section_for_every_bench(name: str) -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")

    assert f"python -m bench.{name}" in page


def test_a_ratio_is_the_median_of_the_pairs() -> None:
    # Pairs: 2/1, 6/2, 4/4, so 2, 3 and 1; their median is 2, while the medians give 4/2.
    assert Times((2.0, 6.0, 4.0)).over(Times((1.0, 2.0, 4.0))) == 2.0


def test_the_95th_percentile_of_twenty_times_is_the_nineteenth() -> None:
    times = Times(tuple(float(number) for number in range(1, 21)))

    assert times.percentile(0.95) == 19.0
    assert times.percentile(0.5) == 10.0
    assert times.percentile(1.0) == 20.0


def test_alternatives_take_turns() -> None:
    done: list[str] = []

    one, two = alternately([lambda: done.append("one"), lambda: done.append("two")], 3)

    assert done == ["one", "two"] * 3
    assert len(one.seconds) == len(two.seconds) == 3


@pytest.mark.parametrize(
    ("value", "printed"), [(1.234, "1.23 s"), (0.25, "250 ms"), (0.0042, "4.2 ms")]
)
def test_times_are_printed_with_their_unit(value: float, printed: str) -> None:
    assert seconds(value) == printed


def test_a_report_reads_the_same_as_text_markdown_and_json() -> None:
    report = Report("example")
    report.times("Steps").add(
        "import", Times((0.2, 0.4, 0.3)), against="bare", other=Times((0.1, 0.2, 0.1)), goal="5 s"
    )
    report.table("Counts", ("what", "count")).rows.append(("lost", "0"))
    report.note("Read with care.")

    # Pairs: 2, 2 and 3.
    assert "| import | 300 ms | 200 ms | 400 ms | 3 | bare (100 ms) | 2x | 5 s |" in (
        report.markdown()
    )
    assert "Counts" in report.text()
    assert "Read with care." in report.text()
    told = json.loads(report.json())
    assert told["tables"][0]["rows"][0]["ratio"] == pytest.approx(2.0)
    assert told["tables"][1]["rows"] == [{"what": "lost", "count": "0"}]


def test_wilsons_interval_of_a_clean_sweep_leaves_room_for_what_was_not_seen() -> None:
    from bench.verifier import wilson

    # 0 misses in 300: the lower end is n / (n + z^2) = 300 / 303.8415 = 0.98736.
    low, high = wilson(300, 300)
    assert low == pytest.approx(300 / (300 + 1.959964**2))
    assert high == 1.0
    assert wilson(0, 0) == (0.0, 1.0)


def test_help_loads_none_of_the_heavy_libraries() -> None:
    from bench.start import NOT_FOR_HELP, modules_of_help

    assert not modules_of_help() & set(NOT_FOR_HELP)


def test_the_retrieval_bench_asks_for_what_stands_in_the_documents() -> None:
    from bench.retrieval import planted_queries

    queries = planted_queries()

    assert queries
    assert all(query.text and query.words and query.document_id for query in queries)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options", "promised"),
    [
        ("plans", ["--runs", "2", "--noted", "2", "--notes", "3"], "one whole plan"),
        ("kill", ["--runs", "1", "--accounts", "1"], "another plan hash"),
    ],
)
def test_a_bench_runs_on_a_small_size(
    name: str, options: list[str], promised: str, tmp_path: Path
) -> None:
    figures = tmp_path / "figures.json"

    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *options, "--markdown", "--json", str(figures)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert promised in done.stdout
    assert json.loads(figures.read_text())["bench"] == name
