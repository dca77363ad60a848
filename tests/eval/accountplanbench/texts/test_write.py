"""What the generator calls."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import InvalidInput
from eval.accountplanbench.texts import (
    GROUPS,
    FactMissing,
    TopicUnknown,
    topics,
    wordings,
    write,
)
from eval.accountplanbench.texts.samples import LARKFIELD
from eval.accountplanbench.texts.wordings import WordingsInvalid, read

ALL = [topic for group in GROUPS for topic in topics(group)]


def test_the_same_arguments_give_the_same_text_and_seeds_differ() -> None:
    for topic in ALL:
        for closed in (False, True):
            once, twice = (
                write(topic, LARKFIELD, random.Random(7), closed=closed) for _ in range(2)
            )
            assert once == twice
            assert once.closed is closed
    texts = {
        write("budget_approved", LARKFIELD, random.Random(seed), closed=False).text
        for seed in range(30)
    }
    # Four open families, three of them with a choice of two or three ways.
    assert len(texts) > 4


def test_every_family_of_the_right_kind_comes_up_and_no_other() -> None:
    for topic in ("budget_approved", "set_score", "net_spend_12m"):
        for closed in (False, True):
            drawn = {
                write(topic, LARKFIELD, random.Random(seed), closed=closed).wording
                for seed in range(60)
            }
            assert drawn == {w.name for w in wordings(topic) if w.closed is closed}


def test_order_of_topics_does_not_hang_on_the_hash_seed() -> None:
    script = (
        "import random; from eval.accountplanbench.texts import *;"
        "from eval.accountplanbench.texts.samples import LARKFIELD;"
        "print([write(t, LARKFIELD, random.Random(3), closed=True).text"
        " for g in GROUPS for t in topics(g)])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(outputs) == 1


def test_no_two_topics_share_a_name() -> None:
    assert len(set(ALL)) == len(ALL)


def test_a_fact_that_is_empty_is_asked_for_by_name() -> None:
    with pytest.raises(FactMissing, match=r"colleague_pay names .*target.*, which the facts leave"):
        write("colleague_pay", replace(LARKFIELD, target=""), random.Random(0), closed=False)


def test_an_unknown_topic_is_named_with_those_there_are() -> None:
    with pytest.raises(TopicUnknown, match="no topic 'budgets'") as caught:
        wordings("budgets")

    assert "budget_approved" in caught.value.hint


def test_a_malformed_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    path.write_text('about = "x"\n[[wording]]\nname = "a"\ntxt = "b"\n')

    with pytest.raises(WordingsInvalid, match=r"new\.toml is malformed: .*txt") as caught:
        read(path)

    assert isinstance(caught.value, InvalidInput)
