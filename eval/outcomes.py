"""What a solver's process did, as the log tells it: an answer, or one of four failures."""

from __future__ import annotations

import re
import signal

from pydantic import ValidationError

from eval.answer import Answer
from eval.child import LARGEST_ANSWER, Reply
from eval.lines import first_fault
from eval.log import LoggedSample, Outcome
from eval.task import Task
from eval.withheld import without_folders, without_secrets

LONGEST_DETAIL = 500

_STDERR = " stderr ends: "
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def sample_of(task: Task, trial: int, reply: Reply, *, seconds: float) -> LoggedSample:
    """Return what is logged of a reply that was due within `seconds`."""
    if reply.end == "line" and not reply.surplus:
        return _answer_or_garbage(task, trial, reply.line, reply)
    if reply.end == "ended" and reply.line and reply.code == 0:
        # The last line of a text need not end with a newline.
        return _answer_or_garbage(task, trial, reply.line, reply)
    outcome, words = _failure(reply, seconds)
    return _failed(task, trial, outcome, words, reply)


def with_surplus(sample: LoggedSample) -> LoggedSample:
    """Return what is logged instead when more was found to follow an answer."""
    return sample.model_copy(
        update={"outcome": "garbage", "detail": _SURPLUS, "answer": None},
    )


_SURPLUS = "It wrote more than the one line that was due."


def _failure(reply: Reply, seconds: float) -> tuple[Outcome, str]:
    match reply.end:
        case "line":
            return "garbage", _SURPLUS
        case "too_late":
            return "timed_out", f"It gave no answer within {seconds:g} s and was stopped."
        case "too_large":
            size = LARGEST_ANSWER // (1024 * 1024)
            return "too_large", f"It wrote more than {size} MB on one line and was stopped."
        case _:
            where = " in the middle of a line" if reply.line else " before it answered"
            return "crashed", f"It {_ending(reply.code)}{where}."


def _ending(code: int | None) -> str:
    if code is None:
        return "closed its output"
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def _answer_or_garbage(task: Task, trial: int, line: bytes, reply: Reply) -> LoggedSample:
    try:
        text = without_secrets(line.decode("utf-8"))
        answer = Answer.model_validate_json(text)
    except UnicodeDecodeError:
        return _failed(task, trial, "garbage", "Its line is no UTF-8.", reply)
    except ValidationError as problem:
        error = problem.errors(include_url=False, include_input=False)[0]
        if error["type"] == "json_invalid":
            words = f"Its line is no JSON: {error['msg'].removeprefix('Invalid JSON: ')}."
        else:
            words = f"Its line is no answer: {first_fault(problem)}."
        return _failed(task, trial, "garbage", words, reply)
    if answer.task_id != task.task_id:
        words = f"It answered task {answer.task_id[:64]!r} instead of {task.task_id!r}."
        return _failed(task, trial, "garbage", words, reply)
    return LoggedSample(task_id=task.task_id, trial=trial, outcome="answered", answer=answer)


def _failed(task: Task, trial: int, outcome: Outcome, words: str, reply: Reply) -> LoggedSample:
    words = _clean(words)[:LONGEST_DETAIL]
    said = _clean(reply.said.decode("utf-8", "replace")).strip()
    room = LONGEST_DETAIL - len(words) - len(_STDERR)
    if said and room > 0:
        words += _STDERR + said[-room:]
    return LoggedSample(task_id=task.task_id, trial=trial, outcome=outcome, detail=words)


def _clean(text: str) -> str:
    text = _COLOUR.sub("", without_folders(without_secrets(text)))
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")
