from __future__ import annotations

from datetime import date

import pytest

from agent.chat.context import ChatContext, ScenarioRow
from agent.chat.routing import Routed, route
from domain.chat import Focus
from tests.agent.chat.context_by_hand import chat_context
from tests.agent.chat.fake_desk import FakeDesk

# Rally Master Company Inc is A-205, Field Trip Store A-546, Brakes and Gears A-697: all three
# are Tobias Renner's. Tandem Bicycle Store, A-009, is another rep's.
NEW = Focus()
ON_RALLY = Focus(accounts=("A-205", "A-546"), command="why")


@pytest.fixture(scope="module")
def rep() -> ChatContext:
    return chat_context("tobias.renner")


@pytest.fixture(scope="module")
def manager() -> ChatContext:
    scenario = ScenarioRow(
        scenario_id="S-7", name="Even out the Southwest", version=1, status="draft", why="", moves=3
    )
    return chat_context("harriet.okonjo", desk=FakeDesk(scenario_rows=[scenario]))


def arguments(routed: Routed) -> dict[str, object]:
    """What the last call is given, without what is null."""
    return {name: value for name, value in routed.calls[-1].arguments.items() if value is not None}


@pytest.mark.parametrize(
    ("typed", "tool", "given"),
    [
        ("/why rally master", "explain_account", {"account_id": "A-205"}),
        ("  /WHY a-205 ", "explain_account", {"account_id": "A-205"}),
        ("/why", "explain_account", {"account_id": "A-205"}),
        ("/why the other one", "explain_account", {"account_id": "A-546"}),
        ("/plan brakes and gears", "account_plan", {"account_id": "A-697"}),
        ("/people feild trip stroe", "account_people", {"account_id": "A-546"}),
        ("/brief it", "account_brief", {"account_id": "A-205"}),
        ("/week", "week", {}),
        ("/load me", "workload", {}),
        ("/inbox please", "waiting", {}),
        ("/compare A-205 with A-546", "compare_accounts",
         {"account_id": "A-205", "other_id": "A-546"}),
        ("/compare rally master vs brakes and gears", "compare_accounts",
         {"account_id": "A-205", "other_id": "A-697"}),
        ("/compare \"Brakes and Gears\" \"Rally Master\"", "compare_accounts",
         {"account_id": "A-697", "other_id": "A-205"}),
        ("/compare with brakes and gears", "compare_accounts",
         {"account_id": "A-205", "other_id": "A-697"}),
        ("/changed", "changes", {}),
        ("/changed brakes and gears since June", "changes",
         {"account_id": "A-697", "since": "2026-06-01"}),
        ("/changed Southwest since last quarter", "changes",
         {"territory_id": "T-4", "since": "2026-07-01"}),
        ("/whitespace helmets", "whitespace", {"line": "Helmets"}),
        ("/whitespace warehouses", "whitespace", {"segment": "Warehouse"}),
        ("/whitespace rally master", "whitespace", {"account_id": "A-205"}),
        ("/scenario", "scenarios", {}),
        ("/find site visit in rally master", "search_notes",
         {"query": "site visit", "account_id": "A-205"}),
        ("/find \"in transit\"", "search_notes", {"query": "in transit"}),
        ("/draft rally master", "draft_plan", {"account_id": "A-205"}),
        ("/draft it use the site visit", "draft_plan",
         {"account_id": "A-205", "remark": "use the site visit"}),
        ("/draft Brakes and Gears, at most 20 hours", "draft_plan",
         {"account_id": "A-697", "remark": "at most 20 hours"}),
        ("/draft \"Rally Master\" in June", "draft_plan",
         {"account_id": "A-205", "remark": "in June"}),
        ("/revise make it fit 30 hours", "revise_plan",
         {"account_id": "A-205", "remark": "make it fit 30 hours"}),
        ("/revise field trip store: no travel", "revise_plan",
         {"account_id": "A-546", "remark": "no travel"}),
    ],
)  # fmt: skip
def test_a_command_is_read_with_its_arguments(
    rep: ChatContext, typed: str, tool: str, given: dict[str, object]
) -> None:
    routed = route(typed, ON_RALLY, rep)
    assert (routed.calls[-1].tool, arguments(routed)) == (tool, given)
    assert routed.direct


def test_a_manager_names_reps_and_scenarios(manager: ChatContext) -> None:
    assert arguments(route("/week marisol", NEW, manager)) == {"rep_id": "R-281"}
    assert arguments(route("/load Desmond Achebe", NEW, manager)) == {"rep_id": "R-285"}
    assert arguments(route("/changed Priya since 1 June", NEW, manager)) == {
        "rep_id": "R-284", "since": "2026-06-01",
    }  # fmt: skip
    assert arguments(route("/scenario even out", NEW, manager)) == {"scenario_id": "S-7"}
    missing = route("/scenario nine", NEW, manager)
    assert missing.question == "There is no scenario “nine” among those you see."
    assert missing.offers[0].text == "/scenario S-7"


def test_a_search_over_all_accounts_looks_for_names_too(rep: ChatContext) -> None:
    calls = route("/find dock scheduling", NEW, rep).calls
    assert [call.tool for call in calls] == ["find_accounts", "search_notes"]
    assert {call.arguments["query"] for call in calls} == {"dock scheduling"}


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("/wyh rally master", "why"), ("/drfat", "draft"), ("/comapre", "compare")],
)
def test_an_unknown_command_is_answered_with_the_three_nearest(
    rep: ChatContext, typed: str, nearest: str
) -> None:
    routed = route(typed, NEW, rep)
    assert not routed.calls
    assert routed.question.startswith("There is no command `/")
    assert len(routed.offers) == 3
    assert routed.offers[0].text.startswith(f"/{nearest}")


@pytest.mark.parametrize("command", ["why", "plan", "people", "brief", "draft", "compare"])
def test_a_command_without_its_account_asks_and_offers_the_best(
    rep: ChatContext, command: str
) -> None:
    routed = route(f"/{command}", NEW, rep)
    assert not routed.calls
    assert routed.question == "Which account do you mean?"
    assert routed.offers[0].text == f"/{command} A-205"
    assert (
        routed.offers[0].label == "Rally Master Company Inc · Chandler · Strategic · Tobias Renner"
    )


def test_an_offer_keeps_what_else_was_said(rep: ChatContext) -> None:
    routed = route("/draft , use the site visit", NEW, rep)
    assert routed.offers[0].text == "/draft A-205 use the site visit"


def test_two_accounts_that_match_alike_are_both_offered(rep: ChatContext) -> None:
    # Professional ... A-582 and A-583 are both Tobias's.
    routed = route("/why professional", NEW, rep)
    assert routed.question == "“professional” can mean more than one account. Which one?"
    assert {offer.text for offer in routed.offers} >= {"/why A-582", "/why A-583"}
    for offer in routed.offers:
        assert route(offer.text, NEW, rep).calls, offer


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("/changed since 31 June", "June has no day 31. From which day on?"),
        ("/changed rally master since 2027-01-01",
         "2027-01-01 is after the book's date, 2026-11-13. From which day on?"),
        ("/changed since the flood",
         "'the flood' is no date that the book knows. From which day on?"),
    ],
)  # fmt: skip
def test_a_period_that_makes_no_sense_is_said_to(
    rep: ChatContext, typed: str, problem: str
) -> None:
    routed = route(typed, NEW, rep)
    assert not routed.calls
    assert routed.question == problem
    chosen = route(routed.offers[0].text, NEW, rep)
    assert date.fromisoformat(str(arguments(chosen)["since"])) == date(2026, 11, 1)
    if "rally" in typed:
        assert arguments(chosen)["account_id"] == "A-205"


def test_a_revision_without_a_remark_asks_for_one(rep: ChatContext) -> None:
    routed = route("/revise rally master", NEW, rep)
    assert routed.question == "What should the revision do? Write it behind the account."


def test_a_remark_too_long_to_be_read_is_refused_whole(rep: ChatContext) -> None:
    routed = route("/revise rally master: " + "shorter " * 500, NEW, rep)
    assert not routed.calls
    # 500 times "shorter " without the last space: 3,999 characters.
    assert routed.question == (
        "The remark has 3,999 characters; at most 2,000 are read. Nothing was drafted: send a "
        "shorter one."
    )


def test_comparing_an_account_with_itself_asks_for_another(rep: ChatContext) -> None:
    routed = route("/compare rally master with A-205", NEW, rep)
    assert routed.question == "Compare Rally Master Company Inc with which account?"


def test_every_command_is_in_the_help(rep: ChatContext) -> None:
    told = route("/help", NEW, rep).question
    for word in ("why", "week", "draft", "revise", "compare", "changed", "whitespace", "scenario",
                 "find", "plan", "people", "brief", "load", "inbox", "help"):  # fmt: skip
        assert f"`/{word}" in told


@pytest.mark.parametrize(
    "typed", ["/why {}", "/draft {}", "/compare rally master with {}", "/people {}",
              "why is {} low?", "draft the plan for {}", "what changed at {} since June?", "{}"],
)  # fmt: skip
def test_an_account_of_somebody_else_reads_like_one_that_does_not_exist(
    rep: ChatContext, manager: ChatContext, typed: str
) -> None:
    # The manager sees Tandem Bicycle Store; nobody has a Zorblax.
    foreign, invented = typed.format("Tandem"), typed.format("Zorblax")
    assert route("/why tandem bicycle store", NEW, manager).calls
    told = route(foreign, ON_RALLY, rep)
    assert not any("A-009" in str(call.arguments) for call in told.calls)
    assert (
        told.model_dump_json().replace("Tandem", "Zorblax")
        == route(invented, ON_RALLY, rep).model_dump_json()
    )


def test_a_foreign_id_reads_like_one_that_does_not_exist(rep: ChatContext) -> None:
    told = route("/why A-009", NEW, rep)
    assert told.question == "There is no account “A-009” among those you see."
    missing = route("/why A-99999", NEW, rep)
    assert told.model_dump_json().replace("A-009", "A-99999") == missing.model_dump_json()


def test_a_rep_outside_the_scope_reads_like_one_that_does_not_exist(rep: ChatContext) -> None:
    foreign, invented = route("/week Marisol Vega", NEW, rep), route("/week Zorb Laxley", NEW, rep)
    assert foreign.question == "There is no rep “Marisol Vega” among those you see."
    assert foreign.offers == invented.offers
