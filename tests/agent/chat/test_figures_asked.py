from __future__ import annotations

import pytest

from agent.chat.clearing import nobody
from agent.chat.context import ChatContext
from agent.chat.routing import Routed, route
from agent.chat.tools import figure, notes
from domain.chat import Focus
from domain.errors import NotFound
from tests.agent.chat.context_by_hand import chat_context, sentences, use

NEW = Focus()
ON_RALLY = Focus(accounts=("A-205",), command="why")
NOTHING = "Nothing in the book was recognised as an answer."


@pytest.fixture(scope="module")
def rep() -> ChatContext:
    return chat_context("tobias.renner")


def asked(routed: Routed) -> tuple[list[str], str]:
    """The figures and the id of the one call; nothing where something else was read."""
    if [call.tool for call in routed.calls] != ["one_figure"]:
        return [], ""
    given = routed.calls[0].arguments
    figures, of = given["figures"], given["id"]
    assert isinstance(figures, list)
    return [str(name) for name in figures], str(of)


@pytest.mark.parametrize(
    ("text", "figures", "of"),
    [
        ("Net spend of Rally Master over the last 12 months, please?",
         ["net_spend_12m"], "A-205"),
        ("How much did Rally Master buy over the past twelve months?", ["net_spend_12m"], "A-205"),
        ("Rally Master: 12-month turnover with us", ["net_spend_12m"], "A-205"),
        ("what did they buy from us in the last twelve months", ["net_spend_12m"], "A-205"),
        ("How many orders did Rally Master place in the last 12 months?", ["orders_12m"], "A-205"),
        ("when did Brakes and Gears last order", ["last_order_date"], "A-697"),
        ("When did we last visit Brakes and Gears?", ["last_touch_date"], "A-697"),
        ("What's the size of the workforce at Rally Master?", ["employees"], "A-205"),
        ("What is the revenue of Rally Master with us?", ["net_spend_12m"], "A-205"),
        ("headcount at Rally Master", ["employees"], "A-205"),
        ("how many people work there", ["employees"], "A-205"),
        ("How big is the pipeline at Brakes and Gears?", ["open_pipeline"], "A-697"),
        ("how many open deals does Rally Master have", ["open_opportunities"], "A-205"),
        ("what is the deal with Rally Master worth and when does it close?",
         ["amount", "closes"], "O-205-1"),
        ("Rally Master, the deal: exp. close?", ["closes"], "O-205-1"),
        ("number of accts Tobias Renner has?", ["accounts_owned"], "R-282"),
        ("Would you tell me the net value of what Rally Master ordered in the last twelve months",
         ["net_spend_12m"], "A-205"),
        ("When did we last speak to Della Whitcombe?", ["last_contact"], "C-697-1"),
        ("How many accounts do I have?", ["accounts_owned"], "R-282"),
        ("He claimed Rally Master Company is big. How many people do they employ?",
         ["employees"], "A-205"),
    ],
)  # fmt: skip
def test_a_question_of_one_figure_is_read_as_it(
    rep: ChatContext, text: str, figures: list[str], of: str
) -> None:
    assert asked(route(text, ON_RALLY, rep)) == (figures, of)


@pytest.mark.parametrize(
    "text",
    [
        # Another period, product line, direction or thing than the figure is of.
        "How much did Rally Master buy last quarter?",
        "How much did Rally Master spend on jerseys in the last 12 months?",
        "how much did Rally Master return in the last 12 months",
        "How much would Rally Master buy next year?",
        "how many orders did Rally Master cancel in the last 12 months",
        "When did Rally Master first order?",
        "when did Kelmark last order from Rally Master",
        "how many accounts in Tooele do I have",
        "what is the deal over jerseys at Brakes and Gears worth",
        "How many people do we know at Rally Master?",
        "how much time did we spend with Rally Master in the past year",
        "how many deals did we lose at Rally Master",
        "how much do we still get from Rally Master in open invoices",
        "When did we last speak to Marit Arsenault at Rally Master?",
        "When did we last speak to Della Whitcombe at Rally Master?",
        # The name has these words in another order: it is another's.
        "when did Bike World last order",
        "what do they buy from us",
        "why is Rally Master so low, and when did they last order?",
    ],
)
def test_what_is_asked_of_something_else_gets_no_figure(rep: ChatContext, text: str) -> None:
    assert asked(route(text, ON_RALLY, rep)) == ([], "")


@pytest.mark.parametrize(
    "text",
    [
        "What is the margin on Brakes and Gears?",
        "What is the credit rating of Rally Master?",
        "private phone of Della Whitcombe",
        "Does Rally Master pay its invoices on time?",
        "how much does Della Whitcombe earn",
        "how long would the list be",
        "Which inflation rate should I assume for Rally Master?",
        "how much did they return last year",
        "What payroll system does Rally Master use?",
        "Who provides Rally Master's insurance?",
        "what is the CEO's hobby at Rally Master",
        "who is the landlord of Rally Master",
        "is Rally Master unionised",
        "who owns the building they are in",
        "how many trucks does Rally Master have",
        "how many shareholders do they have",
        "how many people did Rally Master lay off this year",
        "what's the employee turnover at Rally Master",
        "how much did Rally Master spend on advertising",
        "is Rally Master good for the money? rating pls",
        "after all costs, does Rally Master leave anything for us",
        "how would Rally Master grade our service, one to ten",
        "does Rally Master own a forklift",
    ],
)
def test_what_no_book_holds_is_answered_plainly(rep: ChatContext, text: str) -> None:
    routed = route(text, ON_RALLY, rep)
    assert not routed.calls
    assert routed.question.startswith(NOTHING)
    assert "net spend over 12 months" in routed.question


def test_an_absent_thing_is_looked_for_where_notes_may_tell_of_it(rep: ChatContext) -> None:
    assert "search_notes" in [
        call.tool for call in route("has anyone offered them a discount?", ON_RALLY, rep).calls
    ]


def test_a_name_that_is_nobodys_gets_no_account_like_it(rep: ChatContext) -> None:
    """An account of others' is told in the words for one that does not exist."""
    for name in ("Advanced Bike Components", "Arduous Bike Components"):
        shown = route(f"Show me the notes on {name}.", NEW, rep)
        assert shown.question == nobody(name)
        assert [call.tool for call in shown.calls] == ["search_notes"]
        told = use(notes.TOOL, rep, **shown.calls[0].arguments)
        assert not told.claims
        figure_of = route(f"When did {name} last order?", NEW, rep)
        assert not figure_of.calls
        assert figure_of.question == f"There is no account “{name}” among those you see."


@pytest.mark.parametrize(
    ("figures", "of", "told"),
    [
        (["last_order_date"], "A-697", "The last order of Brakes and Gears is of "),
        (["net_spend_12m"], "A-205", "Net spend of Rally Master Company Inc over the 12 months "),
        (["orders_12m"], "A-205", "Orders of Rally Master Company Inc over the 12 months "),
        (["last_touch_date"], "A-205", "The last contact with Rally Master Company Inc "),
        (["open_pipeline"], "A-205", "The open pipeline of Rally Master Company Inc is $"),
        (["open_opportunities"], "A-205", "Open deals of Rally Master Company Inc: "),
        (["amount", "closes"], "O-205-1", " of Rally Master Company Inc has an amount of $"),
        (["last_contact"], "C-697-1", "Della Whitcombe at Brakes and Gears was on 24 Sep 2026."),
        (["accounts_owned"], "R-282", "Accounts of Tobias Renner: "),
    ],
)
def test_a_figure_is_one_sentence_that_the_verifier_lets_stand(
    rep: ChatContext, figures: list[str], of: str, told: str
) -> None:
    found = sentences(rep, use(figure.TOOL, rep, figures=list(figures), id=of))
    assert len(found) == 1
    assert told in found[0]


def test_accounts_are_counted_as_the_book_has_them(rep: ChatContext) -> None:
    owned = sum(owner == "R-282" for owner in rep.book.owners.values())
    told = use(figure.TOOL, rep, figures=["accounts_owned"], id="R-282")
    assert sentences(rep, told) == [f"Accounts of Tobias Renner: {owned}."]


def test_what_others_own_is_answered_as_what_does_not_exist(rep: ChatContext) -> None:
    rows = rep.book["opportunities"]
    foreign = next(
        row.opportunity_id
        for row in rows.itertuples()
        if not rep.principal.scope.covers(rep.book.owners[row.account_id])
    )
    for deal in (foreign, "O-none"):
        with pytest.raises(NotFound, match=f"There is no deal '{deal}' among those you see"):
            use(figure.TOOL, rep, figures=["amount"], id=deal)
