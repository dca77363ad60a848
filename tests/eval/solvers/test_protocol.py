from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from eval.answer import Answer
from eval.solvers.protocol import (
    LineUnreadable,
    Request,
    answer_lines,
    read_request,
    serve,
    write_request,
)
from eval.task import Ask, Task


@pytest.fixture
def request_of_a_plan(tmp_path: Path) -> Request:
    (tmp_path / "book.toml").write_text("as_of = 2027-01-01\n")
    ask = Ask(kind="account_plan", person="revops", account_id="A-1")
    task = Task(task_id="t-1", family="draft", ask=ask, book="b", cluster="A-1")
    return Request(task=task, book=tmp_path)


def _abstain(request: Request) -> Answer:
    return Answer(task_id=request.task.task_id, abstained=True)


def test_a_request_survives_its_line(request_of_a_plan: Request) -> None:
    assert read_request(write_request(request_of_a_plan)) == request_of_a_plan


def test_each_line_gets_a_line_and_blank_ones_none(request_of_a_plan: Request) -> None:
    line = write_request(request_of_a_plan) + "\n"
    out = io.StringIO()

    answer_lines(_abstain, [line, "\n", line], out)

    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(answer["task_id"], answer["abstained"]) for answer in answers] == [("t-1", True)] * 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"protocol": 2}, "protocol: Input should be 1"),
        ({"surprise": 1}, "surprise: Extra inputs are not permitted"),
        ({"trial": -1}, "trial: Input should be greater than or equal to 0"),
        ({"book": "books/one"}, "book: books/one is no absolute path"),
        ({"book": "/nowhere"}, "book: /nowhere holds no book.toml"),
        ({"later_book": "/nowhere"}, "task.later_book and later_book are not both"),
    ],
)
def test_a_line_that_is_no_request_is_told_by_its_fault(
    request_of_a_plan: Request, change: dict[str, object], words: str
) -> None:
    line = json.dumps(json.loads(write_request(request_of_a_plan)) | change)

    with pytest.raises(LineUnreadable) as refused:
        read_request(line, number=7)

    assert refused.value.message.startswith("Line 7 of the input is no request: ")
    assert words in refused.value.message


def test_a_bad_line_ends_a_solver_with_code_2_after_the_answers_before_it(
    request_of_a_plan: Request,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = io.StringIO(write_request(request_of_a_plan) + "\nnot json\n")
    monkeypatch.setattr("sys.stdin", lines)

    with pytest.raises(SystemExit) as ended:
        serve(_abstain)

    assert ended.value.code == 2
    said = capsys.readouterr()
    assert [json.loads(line)["task_id"] for line in said.out.splitlines()] == ["t-1"]
    assert said.err.startswith("Line 2 of the input is no request: Invalid JSON")


def test_what_a_solver_prints_does_not_reach_its_answers(
    request_of_a_plan: Request,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def chatty(request: Request) -> Answer:
        print("thinking")
        return _abstain(request)

    monkeypatch.setattr("sys.stdin", io.StringIO(write_request(request_of_a_plan) + "\n"))

    serve(chatty)

    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 1
    assert "thinking" in said.err
