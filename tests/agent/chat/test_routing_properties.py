from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.chat.completion import complete
from agent.chat.context import ChatContext
from agent.chat.routing import Routed, route
from agent.chat.scope import accounts_in_scope
from domain.chat import Focus
from tests.agent.chat.context_by_hand import chat_context

WORDS = st.sampled_from(
    """/why /draft /revise /compare /changed /whitespace /find /week /load /scenario why draft it
    the plan for Rally Master, "Rally Master" use make fit 30 hours since June 31/06/2026 2026-13-45
    approve move Marisol it other with vs and & ' " ? ! . : ; -- A-205 a205 who decides Zorblax
    \u202e \u200b 0 99999999999999999999 don't last quarter in of @ral #ra <b> ' OR 1=1 --""".split(
        " "
    )
)
SENTENCES = st.lists(WORDS, max_size=12).map(" ".join)
FOCUSES = st.builds(
    Focus,
    accounts=st.lists(st.sampled_from(["A-205", "A-546", "A-999", "A-001"]), max_size=3).map(tuple),
    command=st.sampled_from(["", "why", "plan", "draft", "changed", "week", "nonsense"]),
    plan_id=st.sampled_from(["", "no-such-plan"]),
)


@pytest.fixture(scope="module")
def context() -> ChatContext:
    return chat_context("tobias.renner")


@given(text=st.one_of(st.text(max_size=80), SENTENCES), focus=FOCUSES)
@example(text="", focus=Focus())
@example(text="\x00\ud800/draft", focus=Focus())
@example(text="/", focus=Focus())
@example(text='/draft "', focus=Focus(accounts=("A-205",)))
@example(text="since", focus=Focus(command="changed"))
@settings(max_examples=400, deadline=None)
def test_no_text_raises_and_the_same_text_is_read_alike(
    context: ChatContext, text: str, focus: Focus
) -> None:
    first = route(text, focus, context)
    assert route(text, focus, context) == first
    # An answer is calls, or words that say what is missing.
    assert first.calls or first.question
    json.dumps(first.model_dump(mode="json")).encode()


@given(text=st.one_of(st.text(max_size=60), SENTENCES), focus=FOCUSES)
@settings(max_examples=200, deadline=None)
def test_whatever_is_called_or_offered_lies_in_the_scope(
    context: ChatContext, text: str, focus: Focus
) -> None:
    scope = set(accounts_in_scope(context))
    routed = route(text, focus, context)
    for call in routed.calls:
        for name in ("account_id", "other_id"):
            account = call.arguments.get(name)
            assert account is None or account in scope
    for item in complete(text, focus, context):
        assert item.text


@given(text=SENTENCES, focus=FOCUSES)
@settings(max_examples=200, deadline=None)
def test_drafts_never_wait_for_a_model(context: ChatContext, text: str, focus: Focus) -> None:
    routed = route(text, focus, context)
    if any(call.tool in ("draft_plan", "revise_plan") for call in routed.calls):
        assert routed.direct


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "why " * 25_000,
        "draft the plan for " + "Rally Master " * 8_000,
        "/revise it " + "shorter " * 12_000,
        "👍" * 50_000,
        "A" * 50_000 + "-1",
        '"' * 100_000,
        "since " * 17_000,
        "a-" * 50_000,
        "\u0301" * 100_000,
        "/compare " + "with " * 20_000,
    ],
)
def test_a_hundred_kilobytes_are_answered_in_words(context: ChatContext, text: str) -> None:
    routed = route(text, Focus(accounts=("A-205",)), context)
    assert routed.calls or routed.question
    assert len(routed.question) < 2_000
    assert all(len(offer.text) < 6_000 for offer in routed.offers)


@pytest.mark.parametrize("text", ["", "   ", "👍🎉", "\u202e\u200b\u2066", "\x00\x07", "...", "?!"])
def test_a_message_without_a_word_is_answered_with_what_to_begin_with(
    context: ChatContext, text: str
) -> None:
    routed: Routed = route(text, Focus(), context)
    assert routed.question == (
        "There was nothing to read in that. Ask about an account, or type `/help`."
    )
    assert [offer.text for offer in routed.offers][-1] == "/week"
