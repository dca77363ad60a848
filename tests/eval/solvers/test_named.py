"""Solvers are named by words."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from eval.solvers.named import PLAIN, SolverUnknown, named


@pytest.mark.parametrize(
    ("words", "name", "command"),
    [
        ("form", "form", ("-m", "eval.solvers.form")),
        ("embedded", "embedded", ("-m", "eval.solvers.embedded")),
        ("liar:logs/a", "liar:logs/a", ("-m", "eval.solvers.liar", "--log", "logs/a")),
        (
            "recorded:/home/mia/logs/a",
            "recorded:a",
            ("-m", "eval.solvers.recorded", "--log", "/home/mia/logs/a"),
        ),
        (
            "degraded:a:0.1",
            "degraded:a:0.1",
            ("-m", "eval.solvers.degraded", "--log", "a", "--share", "0.1"),
        ),
        (
            "degraded:a:0.1:distractor,wrong_figure",
            "degraded:a:0.1:distractor,wrong_figure",
            (
                "-m", "eval.solvers.degraded", "--log", "a", "--share", "0.1",
                "--kinds", "distractor", "wrong_figure",
            ),
        ),
    ],
)  # fmt: skip
def test_a_solver_of_ours_is_a_module(words: str, name: str, command: tuple[str, ...]) -> None:
    assert named(words).name == name
    assert named(words).command == (sys.executable, *command)


def test_a_command_keeps_its_words_and_shows_no_secret() -> None:
    theirs = named("command:./mine --api-key abc 'two words'")

    assert theirs.command == ("./mine", "--api-key", "abc", "two words")
    assert theirs.name == "command:./mine --api-key '[withheld]' 'two words'"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("best", "no solver has that name"),
        ("recorded", "it needs a log, such as recorded:FOLDER"),
        ("degraded:a", "it needs a share, such as degraded:LOG:0.1"),
        ("recorded:a:b", "nothing is known of 'b'"),
        ("form:a", "no solver has that name"),
        ("command:", "the command is empty"),
        ("command:echo 'x", "its quotes do not match"),
    ],
)
def test_words_that_name_no_solver_say_why(words: str, why: str) -> None:
    with pytest.raises(SolverUnknown, match=why) as refused:
        named(words)

    assert "recorded:LOG" in refused.value.hint


def test_every_solver_that_can_be_named_is_there() -> None:
    for name in (*PLAIN, "recorded", "degraded"):
        assert importlib.util.find_spec(f"eval.solvers.{name}") is not None, name
