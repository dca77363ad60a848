"""The benches run, and add up: small sizes, and never a demand on a time."""

from __future__ import annotations

import importlib
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from api.planning_context import planning_context
from api.workspace import Workspace
from bench import balance, cycle, cycle_desk, decisions, plans, retrieval, verifier
from bench.balance_instances import made
from bench.balance_peers import PEERS
from bench.balance_programs import program
from bench.example import deserving, example
from bench.notes import with_notes
from bench.page import BENCHES, with_section
from bench.plain import write_plainly
from bench.report import Report, seconds
from bench.stages import Stage, stages
from bench.timing import Times, alternately
from eval.adversaries.mutants import MAKERS
from tools.balance.feasibility import demand_feasible
from tools.balance.instance_file import from_arrays
from tools.balance.problem import judge

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", BENCHES)
def test_every_bench_tells_how_it_is_run(name: str) -> None:
    bench = importlib.import_module(f"bench.{name}")

    assert callable(bench.main)
    assert bench.__doc__


@pytest.mark.parametrize("name", BENCHES)
def test_the_page_of_figures_has_a_section_for_every_bench(name: str) -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")

    assert f"python -m bench.{name}" in page


def test_a_section_of_the_page_is_replaced_and_the_others_stay() -> None:
    page = "# Page\n\n### `python -m bench.book`\n\nold\n\n### `python -m bench.kill`\n\nkept\n"

    changed = with_section(page, "book", "### `python -m bench.book`\n\nnew")

    assert changed == page.replace("old", "new")
    with pytest.raises(ValueError, match=r"no section for bench\.plans"):
        with_section(page, "plans", "")


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


def test_a_report_says_the_same_as_text_markdown_and_json() -> None:
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
    # 0 misses in 300: the lower end is n / (n + z^2) = 300 / 303.8415 = 0.98736.
    low, high = verifier.wilson(300, 300)
    assert low == pytest.approx(300 / (300 + 1.959964**2))
    assert high == 1.0
    assert verifier.wilson(0, 0) == (0.0, 1.0)


def test_help_loads_none_of_the_heavy_libraries() -> None:
    from bench.start import NOT_FOR_HELP, modules_of_help

    assert not modules_of_help() & set(NOT_FOR_HELP)


def test_the_retrieval_bench_asks_for_what_stands_in_the_documents() -> None:
    queries = retrieval.planted_queries()

    assert queries
    assert all(query.text and query.words and query.document_id for query in queries)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with example(tmp_path_factory.mktemp("bench") / "home") as opened:
        yield opened


def test_a_plan_through_the_graph_is_the_plan_of_the_plain_steps(workspace: Workspace) -> None:
    principal = workspace.principal()
    reading = workspace.reading(principal)
    report = Report("plans")

    # `batch` raises where the two ways differ.
    done = plans.batch(workspace, principal, reading, deserving(reading, 3))
    plans.tell(report, "Some", done)

    assert len(done.through) == len(done.plain) == 3
    assert {"analyse", "draft", "strike", "fit", "save"} <= set(done.through[0].steps)
    assert "one whole plan" in report.text()


def test_every_kind_of_fault_is_planted_and_counted(workspace: Workspace) -> None:
    principal = workspace.principal()
    reading = workspace.reading(principal)
    context = planning_context(workspace, principal, reading)
    written = [write_plainly(context, account) for account in deserving(reading, 2)]
    report = Report("verifier")

    verifier.speed(report, written, 1)
    verifier.alarms(report, written)
    verifier.mutants(report, written, 2 * len(MAKERS))

    counted = dict(row[:2] for row in report.tables[-1].rows)
    assert set(counted) == {*MAKERS, "all"}
    assert int(counted["all"]) == sum(int(n) for kind, n in counted.items() if kind != "all")


def test_calendars_of_a_made_up_team_are_held_against_a_plain_loop() -> None:
    coverage = cycle.rules()
    before, after = cycle.books(2, 120)
    report = Report("cycle")

    cycle.calendars(report, cycle.side_of(before, coverage), 1)

    assert [row[0] for row in report.tables[0].rows] == ["rep_calendar", "plain loop"]
    told = {row[0]: row[1:] for row in report.tables[1].rows}
    assert told["visits beyond the travel budget"][0] == "0"
    assert int(told["visits"][0]) > 0
    assert cycle.books(2, 120)[0]["orders"].equals(before["orders"])
    assert after.as_of > before.as_of
    assert set(after["accounts"]["account_id"]) == set(before["accounts"]["account_id"])


def test_a_made_up_team_is_planned_approved_and_reviewed_through_the_desk(tmp_path: Path) -> None:
    report = Report("cycle")

    cycle_desk.cycle(
        report, tmp_path / "home", cycle.rules_text(), cycle.books(2, 60), plans=1, runs=1
    )

    plans, review, holds, _, both = report.tables
    assert plans.rows[0][0] == "one whole plan, the first left out"
    assert {"analyses of the earlier book", "tracking", "verifier"} <= {
        row[0] for row in review.rows
    }
    # Two reps, and two who joined.
    assert ("territories", "4") in holds.rows
    assert all(row[3] == row[2] for row in both.rows if row[0] == "deal_slipped")


def test_of_two_stages_that_call_one_another_each_has_its_own_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The outer one begins at 0 and ends at 10, the inner one lasts from 3 to 7.
    clock = iter((0.0, 3.0, 7.0, 10.0))
    steps = SimpleNamespace(inner=lambda: None, outer=lambda: steps.inner())
    shipped = steps.inner, steps.outer
    monkeypatch.setattr("bench.stages.time.perf_counter", lambda: next(clock))

    with stages((Stage(steps, "outer", "all"), Stage(steps, "inner", "within"))) as taken:
        steps.outer()

    assert taken == {"all": 6.0, "within": 4.0}
    assert (steps.inner, steps.outer) == shipped


def test_every_planted_insight_is_asked_for_by_each_ranking(workspace: Workspace) -> None:
    report = Report("retrieval")

    retrieval.quality(report, workspace.store.notes, workspace.principal())

    assert [row[0] for row in report.tables[0].rows] == [
        "hybrid, as shipped", "BM25 alone", "vectors alone",
    ]  # fmt: skip
    assert all(0 <= float(cell) <= 1 for row in report.tables[0].rows for cell in row[1:])


def test_a_race_holds_fifty_requests_of_every_kind() -> None:
    requests = decisions.race("P-1", 2, "hash", random.Random(1))

    assert len(requests) == sum(decisions.MIX.values()) == decisions.TOGETHER
    assert {request.kind for request in requests} == set(decisions.MIX)
    old = [r for r in requests if r.kind == "approval of an old version"]
    assert {request.body["version"] for request in old} == {1}


def test_notes_are_added_to_the_accounts_named_and_to_no_other(workspace: Workspace) -> None:
    book = workspace.reading(workspace.principal()).book
    some = list(book.owners)[:2]

    more = with_notes(book, some, 3)

    added = more["documents"][more["documents"]["document_id"].str.startswith("N-")]
    assert added["account_id"].value_counts().to_dict() == dict.fromkeys(some, 3)
    assert len(more["documents"]) == len(book["documents"]) + 6
    assert with_notes(book, some, 3).book_id == more.book_id != book.book_id


@pytest.mark.parametrize("hard", [False, True])
def test_made_up_instances_are_the_same_for_the_same_seed_and_can_be_solved(hard: bool) -> None:
    one, two = made(120, 4, 3, hard=hard), made(120, 4, 4, hard=hard)

    assert all(np.array_equal(one[key], value) for key, value in made(120, 4, 3, hard=hard).items())
    assert not np.array_equal(one["pot"], two["pot"])
    problem = from_arrays(one)
    demand_feasible(problem)
    assert (one["owner"] == -2).any()
    assert (one["owner"] == -1).any()
    single = np.diff(problem.first) == 1
    assert np.all(single[one["locked"]])


def test_the_program_given_to_other_solvers_counts_what_the_judge_counts() -> None:
    arrays = made(40, 4, 5)
    problem = from_arrays(arrays)
    design = PEERS["greedy"](problem, arrays, 1.0)
    chosen = problem.pairs_of(design)
    model = program(problem)
    fixed = np.zeros(model.pairs)
    fixed[chosen] = 1.0
    upper = model.upper.copy()
    upper[: model.pairs] = fixed
    lower = np.zeros(len(upper))
    lower[: model.pairs] = fixed

    found = milp(
        model.cost,
        bounds=Bounds(lower, upper),
        constraints=LinearConstraint(model.matrix, model.low, model.high),
    )

    assert judge(problem, chosen).feasible
    assert found.fun == pytest.approx(judge(problem, chosen).objective, rel=1e-6)


def test_every_contestant_runs_on_a_small_instance_and_is_judged(tmp_path: Path) -> None:
    file = tmp_path / "instance.npz"
    np.savez_compressed(file, **made(60, 4, 2))
    report = Report("balance")
    table = report.table("Contestants", balance.COLUMNS)

    found = balance.compare(
        table, file, balance.Limits(1.0, 2.0, 60.0), label="60 x 4", seed=2, lp=True
    )
    balance.summarised(report, table)

    who = [row[2].partition(",")[0] for row in table.rows]
    assert {"ours", "do nothing", "greedy", "annealing without prices", "CP-SAT"} <= set(who)
    assert "HiGHS MIP" in who or "HiGHS MIP by scipy" in who
    assert all(row[3] == "not installed" or row[2] in found for row in table.rows)
    ours = found["ours, 1 s"]
    assert ours.feasible
    floor = table.values[0]["lp"]
    assert isinstance(floor, float)
    assert all(figures.objective >= floor - 1e-6 for figures in found.values() if figures.feasible)
    assert ours.objective <= found["greedy"].objective
    assert len(report.tables[-1].rows) == 1
    assert "60 x 4" in report.markdown()


def test_a_contestant_that_takes_too_long_is_ended_and_told() -> None:
    ran = balance.measured([sys.executable, "-c", "import time; time.sleep(60)"], 0.5)

    assert ran.code is None
    assert ran.wall < 30


def test_the_score_bench_tells_what_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sys, "argv", ["score", "--data", str(tmp_path), "--peers", "0", "--rows", "1"]
    )
    importlib.import_module("bench.score").main()

    printed = capsys.readouterr().out
    assert f"uci_bank is not in {tmp_path}; name its folder with --data." in printed
    assert "not there" in printed
