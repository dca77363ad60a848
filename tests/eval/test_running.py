"""Runs of real commands that answer, crash, hang, flood and lie: each is counted, none dropped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from eval.dataset import Dataset, read_dataset
from eval.journal import PARTIAL, Journal, LogBusy, LogOfAnotherRun, RunComplete
from eval.log import LoggedSample
from eval.logs import RUN, SAMPLES, read_log, read_run
from eval.running import RunRefused, _shares, run
from tests.eval.commands import ROOT
from tests.eval.small import small_dataset, three_tasks

# A solver without imports but json, so that a process starts in 20 ms.
ABSTAINS = """
import json, sys
def answer(request):
    return json.dumps({"task_id": request["task"]["task_id"], "abstained": True})
for line in sys.stdin:
    request = json.loads(line)
    task_id = request["task"]["task_id"]
"""
ANSWERS = ABSTAINS + "    print(answer(request), flush=True)\n"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return small_dataset(tmp_path_factory.mktemp("dataset"))


def python(code: str) -> list[str]:
    return [sys.executable, "-S", "-c", code]


def faulty(code: str) -> list[str]:
    """Abstain from every task but `plan`, for which `code` runs."""
    spoiled = textwrap.indent(textwrap.dedent(code).strip(), " " * 8)
    return python(
        f"{ABSTAINS}    if task_id == 'plan':\n{spoiled}\n        continue\n"
        "    print(answer(request), flush=True)\n"
    )


def samples(
    dataset: Dataset, command: list[str], out: Path, **options: object
) -> dict[str, LoggedSample]:
    run(dataset, command, solver="test", out=out, **{"workers": 1, **options})
    log = read_log(out, of=dataset)
    assert [sample.task_id for sample in log.samples] == ["plan", "staff", "staff-twin"]
    assert not (out / PARTIAL).exists()
    return {sample.task_id: sample for sample in log.samples}


FAULTS = {
    "exit": ("sys.exit(3)", "crashed", "It ended with exit code 3 before it answered."),
    "exit without a word": ("sys.exit(0)", "crashed", "It ended with exit code 0 before it"),
    "signal": ("import os; os.kill(os.getpid(), 9)", "crashed", "It was ended by SIGKILL before"),
    "half a line": (
        "print('{\"task_id\":', end='', flush=True); sys.exit(1)",
        "crashed",
        "It ended with exit code 1 in the middle of a line.",
    ),
    "closed": (
        "import os, time; os.close(1); os.close(2); time.sleep(0.1); os._exit(1)",
        "crashed",
        "It ended with exit code 1 before it answered.",
    ),
    "no JSON": ("print('Let me think', flush=True)", "garbage", "Its line is no JSON: expected"),
    "blank": ("print('', flush=True)", "garbage", "Its line is no JSON: EOF"),
    "no UTF-8": (
        "sys.stdout.buffer.write(bytes([255, 10])); sys.stdout.flush()",
        "garbage",
        "Its line is no UTF-8.",
    ),
    "half a character": (
        "print(json.dumps({'task_id': 'plan', 'left_out': ['\\ud800']}), flush=True)",
        "garbage",
        "Its line is no JSON: ",
    ),
    "no answer": (
        "print(json.dumps({'task_id': 'plan', 'confidence': 1}), flush=True)",
        "garbage",
        "Its line is no answer: confidence: Extra inputs are not permitted.",
    ),
    "another task": (
        "print(json.dumps({'task_id': 'staff'}), flush=True)",
        "garbage",
        "It answered task 'staff' instead of 'plan'.",
    ),
    "two lines": (
        "print(answer(request) + '\\n' + answer(request), flush=True)",
        "garbage",
        "It wrote more than the one line that was due.",
    ),
    "100 MB": (
        """
        for _ in range(100):
            sys.stdout.write('x' * 1_000_000)
        """,
        "too_large",
        "It wrote more than 4 MB on one line and was stopped.",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_counted_by_its_name_and_the_other_tasks_are_answered(
    dataset: Dataset, fault: str, tmp_path: Path
) -> None:
    code, outcome, words = FAULTS[fault]

    told = samples(dataset, faulty(code), tmp_path / "log")

    assert told["plan"].outcome == outcome
    assert told["plan"].detail.startswith(words)
    assert told["plan"].answer is None
    assert told["staff"].outcome == told["staff-twin"].outcome == "answered"


def test_a_task_that_hangs_is_stopped_in_time_with_everything_it_started(
    dataset: Dataset, tmp_path: Path
) -> None:
    child = tmp_path / "child"
    hang = f"""
        import subprocess, time
        started = subprocess.Popen(["sh", "-c", "trap '' TERM; exec sleep 60"])
        open({str(child)!r}, "w").write(str(started.pid))
        time.sleep(60)
    """
    began = time.monotonic()

    told = samples(dataset, faulty(hang), tmp_path / "log", timeout=1.0)

    assert time.monotonic() - began < 10
    assert told["plan"].outcome == "timed_out"
    assert told["plan"].detail == "It gave no answer within 1 s and was stopped."
    assert told["staff"].outcome == "answered"
    pid = int(child.read_text())
    assert _ends(pid)


def _ends(pid: int) -> bool:
    """Say whether a process is gone, or a zombie that nobody collects, within a second."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def test_a_flood_on_stderr_blocks_nothing_and_its_end_is_told(
    dataset: Dataset, tmp_path: Path
) -> None:
    flood = """
        for number in range(100_000):
            sys.stderr.write(f"\\x1b[31mline {number}\\x1b[0m\\n")
        sys.exit(1)
    """

    told = samples(dataset, faulty(flood), tmp_path / "log")["plan"]

    assert told.outcome == "crashed"
    assert "before it answered. stderr ends: " in told.detail
    assert told.detail.endswith("line 99998\nline 99999")
    assert len(told.detail) == 500


def test_a_flood_on_stderr_before_an_answer_does_no_harm(dataset: Dataset, tmp_path: Path) -> None:
    flood = "sys.stderr.write('x' * 5_000_000); print(answer(request), flush=True)"

    assert samples(dataset, faulty(flood), tmp_path / "log")["plan"].outcome == "answered"


@pytest.mark.parametrize(
    "code",
    [
        "print(answer(json.loads(sys.stdin.readline())))",
        "print(answer(json.loads(sys.stdin.readline())), end='')",
        # It lingers, so that the next request goes to a process that will not read it.
        "print(answer(json.loads(sys.stdin.readline())), flush=True); import time; time.sleep(0.2)",
        "print(answer(json.loads(sys.stdin.readline())), flush=True); import time; time.sleep(0.2)"
        "; sys.exit(7)",
    ],
    ids=["newline", "no newline", "lingering", "lingering, and a code"],
)
def test_a_command_that_ends_after_each_answer_is_started_again(
    dataset: Dataset, code: str, tmp_path: Path
) -> None:
    one_answer = ABSTAINS.partition("for line")[0] + code

    told = samples(dataset, python(one_answer), tmp_path / "log")

    assert {sample.outcome for sample in told.values()} == {"answered"}


def test_a_shell_command_is_a_solver_too(dataset: Dataset, tmp_path: Path) -> None:
    script = (
        'while read -r line; do id=${line##*\\"task_id\\":\\"}; '
        'printf \'{"task_id":"%s"}\\n\' "${id%%\\"*}"; done'
    )

    told = samples(dataset, ["sh", "-c", script], tmp_path / "log")

    assert {sample.outcome for sample in told.values()} == {"answered"}


def test_a_second_line_that_comes_late_takes_back_the_answer(
    dataset: Dataset, tmp_path: Path
) -> None:
    # The last one: nothing but the end of the process can show what follows.
    code = f"""{ABSTAINS}
    print(answer(request), flush=True)
print("Done.", flush=True)
"""
    told = samples(dataset, python(code), tmp_path / "log")

    assert [told[name].outcome for name in ("plan", "staff")] == ["answered", "answered"]
    assert told["staff-twin"].outcome == "garbage"
    assert told["staff-twin"].answer is None


def test_the_tasks_of_a_book_go_to_one_process_in_a_row(dataset: Dataset, tmp_path: Path) -> None:
    code = f"""
import os
{ABSTAINS}
    with open({str(tmp_path / "asked")!r}, "a") as file:
        file.write(f"{{os.getpid()}} {{request['task']['book']}} {{request['trial']}} "
                   f"{{request['seed']}} {{os.path.basename(request['book'])}}\\n")
    print(answer(request), flush=True)
"""
    run(dataset, python(code), solver="test", out=tmp_path / "log", trials=2, seed=9, workers=2)

    asked = [line.split() for line in (tmp_path / "asked").read_text().splitlines()]
    by_book = {book: [row for row in asked if row[1] == book] for book in ("one", "two")}
    assert [row[2:4] for row in by_book["one"]] == [["0", "9"], ["0", "9"], ["1", "9"], ["1", "9"]]
    assert [row[2:4] for row in by_book["two"]] == [["0", "9"], ["1", "9"]]
    assert all(row[1] == row[4] for row in asked)
    processes = [{row[0] for row in rows} for rows in by_book.values()]
    assert [len(pids) for pids in processes] == [1, 1]
    log = read_log(tmp_path / "log", of=dataset)
    assert [(s.task_id, s.trial) for s in log.samples][:3] == [
        ("plan", 0), ("plan", 1), ("staff", 0),
    ]  # fmt: skip


def test_a_solver_is_not_told_what_a_task_was_made_to_find_out(tmp_path: Path) -> None:
    plan, question, twin = three_tasks()
    hard = question.model_copy(update={"family": "unanswerable"})
    dataset = small_dataset(tmp_path / "dataset", (plan, hard, twin))
    code = f"""{ABSTAINS}
    said = [f"{{request['task']['family']}} {{request['task']['twin_of']}}"]
    print(json.dumps({{"task_id": task_id, "left_out": said}}), flush=True)
"""
    told = samples(dataset, python(code), tmp_path / "log")

    assert [sample.answer and sample.answer.left_out for sample in told.values()] == [
        ("draft None",), ("chat None",), ("chat None",),
    ]  # fmt: skip


def test_the_log_has_the_same_bytes_however_many_workers_ran(
    dataset: Dataset, tmp_path: Path
) -> None:
    for workers in (1, 3):
        out = tmp_path / str(workers)
        run(dataset, python(ANSWERS), solver="test", out=out, trials=2, workers=workers)

    for name in (RUN, SAMPLES):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "3" / name).read_bytes()
    assert str(tmp_path) not in (tmp_path / "1" / RUN).read_text()


def test_a_run_that_cannot_begin_is_refused_and_leaves_nothing(
    dataset: Dataset, tmp_path: Path
) -> None:
    out = tmp_path / "log"
    plain = tmp_path / "plain.txt"
    plain.write_text("no program")
    for command, words in (
        (["no-such-solver"], "no-such-solver cannot be started: No such file"),
        ([str(plain)], "cannot be started: Permission denied"),
        ([], "The command is empty."),
    ):
        with pytest.raises(RunRefused, match=words):
            run(dataset, command, solver="test", out=out)
    for number, words in (
        ({"trials": 0}, "trials is 0"),
        ({"workers": 0}, "workers is 0"),
        ({"timeout": 0.0}, "timeout is 0 s"),
        ({"timeout": float("nan")}, "timeout is nan s"),
    ):
        with pytest.raises(RunRefused, match=words):
            run(dataset, python(ANSWERS), solver="test", out=out, **number)
    with pytest.raises(RunRefused, match="lies in the dataset, which is sealed"):
        run(dataset, python(ANSWERS), solver="test", out=dataset.folder / "logs" / "one")

    assert not out.exists()
    assert read_dataset(dataset.folder).digest == dataset.digest


def test_neither_secrets_nor_folders_of_the_machine_reach_the_log(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLVER_API_KEY", "sk-1234567890abcdef")
    code = """
        import os
        sys.stderr.write("key " + os.environ["SOLVER_API_KEY"] + " in /home/mia/solver/main.py")
        sys.exit(1)
    """
    leak = "print(json.dumps({'task_id': task_id, 'left_out': [__import__('os').environ"
    leak += "['SOLVER_API_KEY']]}), flush=True)"
    command = [*faulty(code), "--api-key=abc", "--token", "def", "--log", "/tmp/logs/one"]

    told = samples(dataset, command, tmp_path / "crash")
    answered = samples(dataset, faulty(leak), tmp_path / "leak")

    assert told["plan"].detail.endswith("stderr ends: key [withheld] in main.py")
    assert answered["plan"].answer is not None
    assert answered["plan"].answer.left_out == ("[withheld]",)
    shown = read_log(tmp_path / "crash").run.command
    assert shown[0] == "python"
    assert shown[-5:] == ("--api-key=[withheld]", "--token", "[withheld]", "--log", "one")
    for path in tmp_path.rglob("*.json*"):
        assert "sk-1234" not in path.read_text()


def test_an_interrupted_run_keeps_its_answers_and_goes_on_with_the_rest(
    dataset: Dataset, tmp_path: Path
) -> None:
    out, pid = tmp_path / "log", tmp_path / "pid"
    # It hangs at the last task until the file `free` is there.
    code = f"""
import os, time
{ABSTAINS}
    with open({str(tmp_path / "asked")!r}, "a") as file:
        file.write(task_id + "\\n")
    if task_id == "staff-twin" and not os.path.exists({str(tmp_path / "free")!r}):
        open({str(pid)!r}, "w").write(str(os.getpid()))
        time.sleep(60)
    print(answer(request), flush=True)
"""
    runner = f"""
import sys
from pathlib import Path
from api.cli.refusal import refusal
from eval.dataset import read_dataset
from eval.running import run
try:
    run(read_dataset(Path({str(dataset.folder)!r})), {python(code)!r}, solver="test",
        out=Path({str(out)!r}), workers=1)
except Exception as error:
    sys.exit(refusal(error).show(False))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", runner], cwd=ROOT, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    for _ in range(1000):
        if pid.exists() and pid.read_text():
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "Stopped after 2 of 3 answers" in told
    assert "The same command goes on" in told
    assert _ends(int(pid.read_text()))

    # A line that a power cut left half written is asked for again.
    with (out / PARTIAL).open("a") as partial:
        partial.write('{"sample": {"task_id": "staff-tw')
    (tmp_path / "free").touch()
    again = samples(read_dataset(dataset.folder), python(code), out)

    assert {sample.outcome for sample in again.values()} == {"answered"}
    asked = (tmp_path / "asked").read_text().split()
    assert asked == ["plan", "staff", "staff-twin", "staff-twin"]


def test_what_a_power_cut_left_half_written_spoils_no_line_after_it(
    dataset: Dataset, tmp_path: Path
) -> None:
    run(dataset, python(ANSWERS), solver="test", out=tmp_path)
    log = read_log(tmp_path)
    (tmp_path / SAMPLES).unlink()
    first, second, _ = log.samples

    with Journal(tmp_path, log.run) as journal:
        journal.add(first, 1.0)
    with (tmp_path / PARTIAL).open("a") as partial:
        partial.write('{"sample": {"task_id": "staff"')
    with Journal(tmp_path, log.run) as journal:
        assert journal.done == {("plan", 0)}
        journal.add(second, 1.0)
    with Journal(tmp_path, log.run) as journal:
        assert journal.done == {("plan", 0), ("staff", 0)}


def test_a_book_is_shared_out_where_there_are_fewer_books_than_workers() -> None:
    plan, question, twin = three_tasks()
    turns = [(task, trial) for task in (plan, question, twin) for trial in (0, 1)]

    def shared(workers: int) -> list[list[tuple[str, int]]]:
        return [[(task.task_id, n) for task, n in share] for share in _shares(turns, workers)]

    assert shared(2) == [
        [("plan", 0), ("staff", 0), ("plan", 1), ("staff", 1)],
        [("staff-twin", 0), ("staff-twin", 1)],
    ]
    assert shared(3) == [
        [("staff-twin", 0), ("staff-twin", 1)],
        [("plan", 0), ("staff", 0)],
        [("plan", 1), ("staff", 1)],
    ]
    assert [len(share) for share in shared(9)] == [1] * 6


def test_the_log_of_another_run_a_complete_one_and_one_in_use_are_refused(
    dataset: Dataset, tmp_path: Path
) -> None:
    out = tmp_path / "log"
    run(dataset, python(ANSWERS), solver="test", out=out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    with pytest.raises(RunComplete, match="holds every answer of this run already"):
        run(dataset, python(ANSWERS), solver="test", out=out)
    with pytest.raises(LogOfAnotherRun, match="another run: seed 0 there, 1 here"):
        run(dataset, python(ANSWERS), solver="test", out=out, seed=1)
    with pytest.raises(LogOfAnotherRun, match="command"):
        run(dataset, ["cat"], solver="test", out=out)

    assert {path.name: path.read_bytes() for path in out.iterdir()} == before

    (out / SAMPLES).unlink()
    with (
        Journal(out, read_run(out)),
        pytest.raises(LogBusy, match="Another process writes to"),
    ):
        run(dataset, python(ANSWERS), solver="test", out=out)


def test_progress_is_told_after_each_sample(dataset: Dataset, tmp_path: Path) -> None:
    heard: list[tuple[int, int, str]] = []

    run(
        dataset, python(ANSWERS), solver="test", out=tmp_path / "log",
        on_progress=lambda done, of, sample: heard.append((done, of, sample.outcome)),
    )  # fmt: skip

    assert heard == [(1, 3, "answered"), (2, 3, "answered"), (3, 3, "answered")]
