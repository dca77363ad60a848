"""`docs/evaluation.md`: its Python runs, and its commands are spelled as they are taken."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from eval.cli import app
from eval.comparing import ALPHA
from eval.gate import ALPHA_CRITICAL
from eval.shipped import FULL, QUICK

PAGE = Path(__file__).parents[2] / "docs" / "evaluation.md"
TEXT = PAGE.read_text(encoding="utf-8")


def blocks(language: str) -> list[re.Match[str]]:
    return list(re.finditer(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))


def test_every_python_block_runs_and_its_numbers_hold() -> None:
    found = blocks("python")
    assert len(found) == 7
    for block in found:
        # Blank lines first, so that a failure names the line of the page.
        source = "\n" * TEXT[: block.start(1)].count("\n") + block.group(1)
        exec(compile(source, str(PAGE), "exec"), {})


def test_every_command_is_spelled_as_the_command_line_takes_it() -> None:
    lines = [line for block in blocks("sh") for line in block.group(1).splitlines()]
    lines += re.findall(r"`(cadastre eval [a-z]+ [^`\[A-Z]+)`", TEXT)
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]

    assert len(lines) >= 11
    for line in lines:
        _, group, name, *words = shlex.split(line)
        assert group == "eval"
        commands[name].make_context(name, words)


@pytest.mark.parametrize("name", ["compare", "gate"])
def test_every_option_of_the_commands_here_is_described(name: str) -> None:
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    heading = re.search(rf"^### `cadastre eval {name} .*`$", TEXT, re.MULTILINE)
    assert heading is not None

    options = {option for item in command.params for option in item.opts if option[:2] == "--"}
    assert options
    assert set(re.findall(r"--[a-z]+", heading.group())) == options


def test_the_limits_and_seeds_that_are_told_are_those_of_the_code() -> None:
    assert (ALPHA, ALPHA_CRITICAL) == (0.05, 0.025)
    assert "p < .05 after Holm" in TEXT
    assert "p < .025 by the one-sided test" in TEXT
    assert (QUICK.seeds, FULL.seeds) == ((1,), (1, 2, 3))
    assert "the open tasks of seed 1, as CI does; without it, those of seeds 1 to 3" in " ".join(
        TEXT.split()
    )
