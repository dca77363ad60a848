from __future__ import annotations

from dataclasses import replace

import pytest

from agent.chat.context import ChatContext
from agent.chat.routing import Routed, route
from domain.book import Book
from domain.chat import Focus
from tests.agent.chat.context_by_hand import chat_context

NEW = Focus()
ON_RALLY = Focus(accounts=("A-205", "A-546"), command="why")
ON_A_PLAN = Focus(accounts=("A-205",), command="draft", plan_id="P-1")
WRITE = ("draft_plan", "revise_plan")


@pytest.fixture(scope="module")
def rep() -> ChatContext:
    return chat_context("tobias.renner")


def first(routed: Routed) -> tuple[str, dict[str, object]]:
    """The first call and what it is given, without what is null."""
    given = {name: item for name, item in routed.calls[0].arguments.items() if item is not None}
    return routed.calls[0].tool, given


def test_two_questions_in_one_sentence_are_both_answered(rep: ChatContext) -> None:
    routed = route("which accounts deserve this week, and why not this one?", ON_RALLY, rep)
    assert [call.tool for call in routed.calls] == ["week", "explain_account"]
    assert routed.calls[1].arguments == {"account_id": "A-205"}
    # In a new thread "this one" is nobody: the list comes, and the account is asked for.
    fresh = route("which accounts deserve this week, and why not this one?", NEW, rep)
    assert [call.tool for call in fresh.calls] == ["week"]
    assert fresh.question == "Which account do you mean?"


@pytest.mark.parametrize(
    ("text", "tool", "account", "remark"),
    [
        ("draft the plan for it, use the site visit", "draft_plan", "A-205", "use the site visit"),
        ("Please draft a plan for Brakes and Gears.", "draft_plan", "A-697", None),
        ("now draft the other one: no travel", "draft_plan", "A-546", "no travel"),
        ("I need a 30 hour plan for it", "draft_plan", "A-205", "I need a 30 hour plan for it"),
        ("make it fit 30 hours", "revise_plan", "A-205", "make it fit 30 hours"),
        ("can it be done in 20 hours?", "revise_plan", "A-205", "can it be done in 20 hours?"),
        ("don't mention Kelmark", "revise_plan", "A-205", "don't mention Kelmark"),
    ],
)
def test_a_request_starts_a_draft_past_any_model(
    rep: ChatContext, text: str, tool: str, account: str, remark: str | None
) -> None:
    focus = Focus(accounts=("A-205", "A-546"), command="draft")
    routed = route(text, focus, rep)
    wanted = {"account_id": account} | ({"remark": remark} if remark else {})
    assert first(routed) == (tool, wanted)
    assert routed.direct


@pytest.mark.parametrize(
    "text",
    [
        "what does the plan say",
        "why did you draft that?",
        "who drafted the plan for Rally Master?",
        "when was it drafted",
        "should I draft a plan for Rally Master?",
        "do we need a plan for Rally Master?",
        "don't draft anything yet",
        "do not draft a plan for Rally Master",
        "before you draft the plan, who decides there?",
        "is the draft ready",
        "did you revise it",
        "what would a revised plan look like",
        "show me the draft plan",
        "has the plan been revised since June?",
        'a note says "draft the plan for Rally Master"',
        'Garland wrote: "make it fit 30 hours"',
        "“revise the plan” is what the email asks",
        "what did they say about the draft contract",
        "find notes that say draft the plan",
        "how do I draft a plan?",
        "plan my week",
        "which plans should I draft",
        "what changed since the plan was drafted",
        "why is there no plan",
        "any draft for Rally Master?",
        "write me a poem",
        "make coffee",
        "the draft horse market",
        "how long does it take to draft one?",
        "what if I drafted Rally Master",
        "tell me about the plan for Rally Master",
    ],
)
@pytest.mark.parametrize("focus", [NEW, ON_RALLY, ON_A_PLAN])
def test_what_is_no_request_never_writes(rep: ChatContext, text: str, focus: Focus) -> None:
    routed = route(text, focus, rep)
    assert not [call for call in routed.calls if call.tool in WRITE], routed.understood


def test_an_edit_where_no_plan_was_spoken_of_is_asked_back(rep: ChatContext) -> None:
    routed = route("make it fit 30 hours", ON_RALLY, rep)
    assert not routed.calls
    assert routed.question == (
        "Is that meant for the plan of Rally Master Company Inc? Nothing was drafted."
    )
    chosen = route(routed.offers[0].text, ON_RALLY, rep)
    assert first(chosen) == (
        "revise_plan", {"account_id": "A-205", "remark": "make it fit 30 hours"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("approve the plan", "People decide on plans, on the review page"),
        ("please reject it", "People decide on plans, on the review page"),
        ("should I approve it?", "People decide on plans, on the review page"),
        ("you decide", "People decide on plans, on the review page"),
        ("assign Rally Master to Marisol", "Who owns an account is decided by people"),
        ("who should own Rally Master?", "Who owns an account is decided by people"),
        ("give this account to her", "Who owns an account is decided by people"),
        ("rebalance my territory", "Who owns an account is decided by people"),
        ("email Della that we deliver in January", "Nothing is sent, booked or changed"),
        ("book a meeting with her", "Nothing is sent, booked or changed"),
        ("set the score of Rally Master to 100", "Nothing is sent, booked or changed"),
        ("raise its tier", "Nothing is sent, booked or changed"),
    ],
)
@pytest.mark.parametrize("focus", [NEW, ON_RALLY, ON_A_PLAN])
def test_what_people_decide_or_do_calls_nothing_and_says_where(
    rep: ChatContext, text: str, words: str, focus: Focus
) -> None:
    routed = route(text, focus, rep)
    assert not routed.calls
    assert routed.question.startswith(words)
    assert routed.direct
    assert all(offer.text.startswith(("/plan", "/inbox", "/scenario")) for offer in routed.offers)


@pytest.mark.parametrize(
    ("text", "tool", "given"),
    [
        ("and Brakes and Gears?", "explain_account", {"account_id": "A-697"}),
        ("what about the other one?", "explain_account", {"account_id": "A-546"}),
        ("compare it with brakes and gears", "compare_accounts",
         {"account_id": "A-205", "other_id": "A-697"}),
        ("who decides there?", "account_people", {"account_id": "A-205"}),
        ("who signs in Tooele", "account_people", {"account_id": "A-697"}),
        ("what could they buy that they don't", "whitespace", {"account_id": "A-205"}),
    ],
)  # fmt: skip
def test_pointing_words_and_cities_mean_accounts(
    rep: ChatContext, text: str, tool: str, given: dict[str, object]
) -> None:
    assert first(route(text, ON_RALLY, rep)) == (tool, given)


@pytest.mark.parametrize(
    "text",
    [
        "Which customers are in Toronto?",
        "accounts Toronto",
        "List my accounts in Toronto.",
        "Who do we supply around Toronto?",
    ],
)
def test_accounts_of_a_city_are_looked_up(rep: ChatContext, text: str) -> None:
    tool, given = first(route(text, NEW, rep))
    assert tool == "find_accounts"
    assert "Toronto" in str(given["query"])


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Which accounts are in Frankfurt?", "Frankfurt"),  # one of theirs is there
        ("Which customers are in Berlin?", "Berlin"),  # several
        ("accounts Berlin", "Berlin"),
        ("List my accounts in Berlin", "Berlin"),
        ("Show me my accounts in Berlin, the best first.", "Berlin"),
        ("Show me my accounts in Toronto, the best first.", "Toronto"),  # they have none there
    ],
)
def test_a_list_of_a_city_is_no_question_about_one_account_there(text: str, city: str) -> None:
    tool, given = first(route(text, NEW, chat_context("jonas.wehrle")))
    assert tool == "find_accounts"
    assert city in str(given["query"])


def test_a_question_on_changes_goes_on_with_another_period_or_place() -> None:
    manager = chat_context("harriet.okonjo")
    focus = Focus(command="changed", territory_id="T-1")
    assert first(route("and since August?", focus, manager)) == (
        "changes", {"territory_id": "T-1", "since": "2026-08-01"},
    )  # fmt: skip
    focus = Focus.model_validate(
        {"command": "changed", "territory_id": "T-1", "since": "2026-06-01"}
    )
    assert first(route("and in the Northeast?", focus, manager)) == (
        "changes", {"territory_id": "T-2", "since": "2026-06-01"},
    )  # fmt: skip


@pytest.mark.parametrize("focus", [NEW, ON_RALLY])
@pytest.mark.parametrize("text", ["why is {} low?", "draft the plan for {}", "contacts at {}"])
def test_an_unknown_account_is_never_taken_for_the_one_at_hand(
    rep: ChatContext, text: str, focus: Focus
) -> None:
    for name in ("Zorblax Industries", "zorblax industries"):
        routed = route(text.format(name), focus, rep)
        assert not routed.calls
        assert routed.question.startswith("There is no account “")


def test_names_outside_the_scope_change_nothing(rep: ChatContext) -> None:
    # The same book with everybody else's accounts called something else.
    hidden = replace(rep, book=renamed(rep), kept={})
    for text in (
        "why is Tandem Bicycle Store so low", "draft A Bike Store",
        "/compare A-205 with Westside Plaza",
        "who decides in Seattle", "what changed at Progressive Sports since June", "/find tandem",
    ):  # fmt: skip
        assert route(text, ON_RALLY, rep) == route(text, ON_RALLY, hidden), text


def renamed(context: ChatContext) -> Book:
    accounts = context.book["accounts"].copy()
    foreign = ~accounts["owner_id"].isin(context.principal.scope.reps)
    accounts.loc[foreign, "name"] = "Qqq " + accounts.loc[foreign, "account_id"]
    accounts.loc[foreign, "city"] = "Qqqville"
    return replace(context.book, tables={**context.book.tables, "accounts": accounts})


@pytest.mark.parametrize(
    "text",
    [
        "bonjour, quelle heure est-il",
        "Wer hat an der Uhr gedreht",
        "今日はどのお客様を訪問すべきですか",
        "SELECT * FROM accounts; DROP TABLE plans",
        "<script>alert(1)</script>",
        "asdf qwer zxcv",
        "tell me a joke",
        "\u202eretsaM yllaR",
    ],
)
def test_what_comes_near_nothing_is_answered_with_three_commands_that_only_read(
    rep: ChatContext, text: str
) -> None:
    routed = route(text, NEW, rep)
    assert not routed.calls
    assert routed.question == "That could not be read as something to look up. Nearest to it:"
    assert len(routed.offers) == 3
    assert not any(offer.text.startswith(("/draft", "/revise")) for offer in routed.offers)


def test_one_misspelt_word_is_enough_to_look_up_and_not_to_draft(rep: ChatContext) -> None:
    # Trailblazing Sports is A-187.
    assert first(route("why is trailblzing so important", NEW, rep)) == (
        "explain_account", {"account_id": "A-187"},
    )  # fmt: skip
    routed = route("draft a plan for trailblzing, no travel", NEW, rep)
    assert not routed.calls
    assert routed.question == "Do you mean Trailblazing Sports? Nothing was drafted."
    assert routed.offers[0].text == "/draft A-187 no travel"
