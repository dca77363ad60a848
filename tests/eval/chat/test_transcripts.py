"""The scripted conversations, played through a server on loopback, with and without a model."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from api.settings import read_settings
from api.workspace import Workspace
from eval.adversaries.model_server import model_server
from eval.chat.conversations import faults, names_out_of_scope
from eval.chat.conversing import conversing
from eval.chat.transcripts import (
    EXAMPLE,
    TRANSCRIPTS,
    Played,
    conversations,
    file_name,
    play_all,
    transcript,
)
from tests.api.doors import VARIABLES

PEOPLE = tomllib.loads((EXAMPLE / "people.toml").read_text(encoding="utf-8"))["people"]
REPS = {person["id"]: tuple(person.get("reps", ())) for person in PEOPLE}


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> list[Played]:
    """Every conversation, first without a model, then with the scripted one."""
    folder = tmp_path_factory.mktemp("conversations")
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        with Workspace.open(read_settings(home=folder / "plain")) as workspace:
            workspace.load_example(workspace.principal())
        shutil.copytree(folder / "plain", folder / "model")
        with model_server(conversing(conversations())) as server:
            return [
                *play_all(folder / "plain"),
                *play_all(folder / "model", base_url=server.base_url),
            ]


def test_every_answer_uses_the_right_tools_and_shows_the_right_figures(
    played: list[Played],
) -> None:
    wrong = [
        f"{file_name(item)} turn {number}, {turn.ask!r}: {fault}"
        for item in played
        for number, (turn, view) in enumerate(
            zip(item.conversation.turns, item.views, strict=True), start=1
        )
        for fault in faults(turn, view, EXAMPLE, item.ranked, REPS[item.conversation.person])
    ]

    assert wrong == []


def test_every_sentence_of_the_scripted_model_passes_the_check(played: list[Played]) -> None:
    unsaid = [
        f"{file_name(item)} turn {number}: {len(view['said'])} of {len(turn.says)} sentences"
        for item in played
        if item.model
        for number, (turn, view) in enumerate(
            zip(item.conversation.turns, item.views, strict=True), start=1
        )
        if turn.says and len(view["said"]) != len(turn.says)
    ]

    assert unsaid == []


def test_every_fact_of_a_table_is_written(played: list[Played]) -> None:
    blank = [
        (file_name(item), view["turn"]["asked"], table["title"], shown)
        for item in played
        for view in item.views
        for table, told in zip(view["tables"], view["turn"]["answer"]["tables"], strict=True)
        for row, cells in zip(table["rows"], told["rows"], strict=True)
        for shown, cell in zip(row, cells, strict=True)
        if cell["evidence_id"] and not (shown["text"] and shown["evidence_id"])
    ]

    assert blank == []


def test_no_answer_names_an_account_or_contact_of_another_rep(played: list[Played]) -> None:
    named = [
        (file_name(item), view["turn"]["asked"], name)
        for item in played
        for view in item.views
        for name in names_out_of_scope(
            view, EXAMPLE, REPS[item.conversation.person], [person["name"] for person in PEOPLE]
        )
    ]

    assert named == []


def test_each_question_follows_the_one_before_in_one_thread(played: list[Played]) -> None:
    for item in played:
        turns = [view["turn"] for view in item.views]
        assert len({turn["thread_id"] for turn in turns}) == 1
        assert [turn["parent"] for turn in turns[1:]] == [turn["turn_id"] for turn in turns[:-1]]


def test_only_the_way_with_a_model_asks_one(played: list[Played]) -> None:
    for item in played:
        models = {
            view["turn"]["answer"]["model"]["model"]
            for view in item.views
            if view["turn"]["answer"]["model"]
        }
        assert models == ({item.model} if item.model else set())


def test_the_committed_transcripts_are_what_is_played_now(played: list[Played]) -> None:
    stale = [
        file_name(item)
        for item in played
        if (TRANSCRIPTS / file_name(item)).read_text(encoding="utf-8") != transcript(item)
    ]

    assert stale == [], "Write them anew with `python -m eval.chat.transcripts` and read the diff."
    assert {path.name for path in Path(TRANSCRIPTS).glob("*.md")} - {"README.md"} == {
        file_name(item) for item in played
    }
