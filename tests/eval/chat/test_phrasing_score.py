from __future__ import annotations

import pytest

from agent.chat.routing import Routed
from domain.chat import Call
from eval.chat.example_context import example_context
from eval.chat.phrasing_score import Judged, command_of, judge, judge_half, score
from eval.chat.phrasings import Half, Persona, Phrasing, half_of


@pytest.mark.parametrize(
    ("persona", "half", "least"),
    [
        ("rep", "open", 0.97),
        ("manager", "open", 0.97),
        # Measured once, after the matcher was done, and never read: 0.895 and 0.881.
        ("rep", "closed", 0.87),
        ("manager", "closed", 0.86),
    ],
)
def test_free_text_is_read_as_the_command_it_means_and_nothing_is_written_unasked(
    persona: Persona, half: Half, least: float
) -> None:
    found = score(judge_half(persona, half, example_context))
    assert found.wrongly_written == 0
    assert (found.commands_right + found.back_right) / found.total >= least


def phrased(text: str, **meant: str) -> Phrasing:
    return Phrasing.model_validate(
        {"text": text, "person": "tobias.renner", "half": half_of(text), **meant}
    )


def judged(phrasing: Phrasing) -> Judged:
    return judge(phrasing, example_context)


def test_a_right_command_with_a_wrong_account_is_not_wholly_right() -> None:
    # Rally Master is A-205.
    item = judged(phrased("why is rally master so high", command="why", account="A-546"))
    assert (item.command_right, item.arguments_right) == (True, False)


def test_a_draft_that_nobody_asked_for_is_counted() -> None:
    item = judged(phrased("draft the plan for rally master", command="plan", account="A-205"))
    assert item.wrongly_written
    assert score([item]).wrongly_written == 1


def test_a_reading_without_a_call_is_a_question_back_or_the_help() -> None:
    assert command_of(Routed(question="Which account do you mean?")) == "ask"
    assert command_of(Routed(calls=(Call(tool="waiting"),))) == "inbox"
    assert judged(phrased("help", command="help")).command_right
