"""Questions of one figure, worded as people word them: any order, any sentence, slips and all."""

from __future__ import annotations

import pytest

from agent.chat.context import ChatContext
from agent.chat.routing import route
from domain.chat import Focus
from tests.agent.chat.context_by_hand import chat_context

NEW = Focus()
ON_BRAKES = Focus(accounts=("A-697",), command="")
ON_RALLY = Focus(accounts=("A-205",), command="")


@pytest.fixture(scope="module")
def rep() -> ChatContext:
    return chat_context("tobias.renner")


@pytest.mark.parametrize(
    ("text", "figure", "of"),
    [
        ("I'd need to know what Rally Master spends with us over twelve months",
         "net_spend_12m", "A-205"),
        ("what have we sold Brakes and Gears in the past year, in total?",
         "net_spend_12m", "A-697"),
        ("How much has Brakes and Gears spent with us over the last 12 months, net of returns?",
         "net_spend_12m", "A-697"),
        ("12 month spnd Rally Master pls", "net_spend_12m", "A-205"),
        ("12 months, Brakes and Gears, orders placed: how many", "orders_12m", "A-697"),
        ("the number of distinct orders that Rally Master gave us in the past twelve months",
         "orders_12m", "A-205"),
        ("Sort the orders of Rally Master by date and give me the date at the bottom.",
         "last_order_date", "A-205"),
        ("how long has it been since anything was ordered by Brakes and Gears?",
         "last_order_date", "A-697"),
        ("Since what date have Rally Master had no more orders?", "last_order_date", "A-205"),
        ("when was Rally Master last contacted by us", "last_touch_date", "A-205"),
        ("what's the most recent date we were in touch with Brakes and Gears",
         "last_touch_date", "A-697"),
        ("How many folks does Rally Master have on staff", "employees", "A-205"),
        ("How many work for Brakes and Gears?", "employees", "A-697"),
        ("let me know the number of employees we have on file for Rally Master",
         "employees", "A-205"),
        ("the total of the opportunities with Rally Master that have not been decided yet",
         "open_pipeline", "A-205"),
        ("Add up everything that's still open with Brakes and Gears for me", "open_pipeline",
         "A-697"),
        ("How many opportunities do we have running at Rally Master?", "open_opportunities",
         "A-205"),
        ("how many euros hang on the touring order at Rally Master", "amount", "O-205-1"),
        ("when does Rally Master make up its mind about the touring order?", "closes", "O-205-1"),
        ("the deal with Brakes and Gears: which date is it booked to close on", "closes",
         "O-697-1"),
        ("Have I neglected Della Whitcombe? When was our last chat, what does it say?",
         "last_contact", "C-697-1"),
        ("Go through the accounts that carry my name as owner and give me the count.",
         "accounts_owned", "R-282"),
    ],
)  # fmt: skip
def test_a_figure_is_known_by_what_its_words_stand_for(
    rep: ChatContext, text: str, figure: str, of: str
) -> None:
    # The thread is about another account: the one that is named counts.
    focus = ON_BRAKES if of.endswith("205") else ON_RALLY
    for thread in (NEW, focus):
        (call,) = route(text, thread, rep).calls
        assert (call.tool, call.arguments) == ("one_figure", {"figures": [figure], "id": of})


@pytest.mark.parametrize(
    ("text", "figure", "of"),
    [
        ("how many people are employed by them", "employees", "A-205"),
        ("and what did they spend in total with us over the year?", "net_spend_12m", "A-205"),
        ("whens the last time they placed an order", "last_order_date", "A-205"),
        ("how much is the December touring order", "amount", "O-205-1"),
    ],
)
def test_they_are_the_account_of_the_question_before(
    rep: ChatContext, text: str, figure: str, of: str
) -> None:
    (call,) = route(text, ON_RALLY, rep).calls
    assert (call.tool, call.arguments) == ("one_figure", {"figures": [figure], "id": of})


@pytest.mark.parametrize(
    "text",
    [
        "how much has Advanced Bike Components spent with us over the last 12 months",
        "how many people work at Advanced Bike Components",
        "since when has Advanced Bike Components not ordered",
        "has Advanced Bike Components bought more than 39,000 since last summer?",
        "all open deals with Advanced Bike Components, added up",
    ],
)
def test_an_account_of_others_gets_no_figure_of_anybody(rep: ChatContext, text: str) -> None:
    for focus in (NEW, ON_RALLY):
        routed = route(text, focus, rep)
        assert not routed.calls
        assert "Advanced Bike Components" in routed.question
        assert "among those you see" in routed.question
