from __future__ import annotations

import pytest

from agent.chat.completion import MOST, complete
from agent.chat.context import ChatContext, PlanRow, WaitingRow
from agent.chat.offers import suggestions
from agent.chat.routing import route
from agent.chat.scope import accounts_in_scope
from domain.chat import Focus
from domain.plan import PlanStatus
from tests.agent.chat.context_by_hand import chat_context
from tests.agent.chat.fake_desk import FakeDesk

NEW = Focus()


def plan_row(plan_id: str, account_id: str, name: str, status: PlanStatus) -> PlanRow:
    return PlanRow(
        plan_id=plan_id, account_id=account_id, account_name=name, owner_id="R-282",
        owner_name="Tobias Renner", version=1, approved_version=None, status=status, blockers=0,
        stale=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def rep() -> ChatContext:
    rows = [plan_row("P-1", "A-546", "Field Trip Store", "returned")]
    return chat_context("tobias.renner", desk=FakeDesk(plan_rows=rows))


def texts(typed: str, context: ChatContext, focus: Focus = NEW) -> list[str]:
    return [item.text for item in complete(typed, focus, context)]


def test_a_slash_completes_to_every_command_and_letters_narrow_it(rep: ChatContext) -> None:
    assert len(texts("/", rep)) == 15
    assert texts("/wh", rep) == ["/why ", "/whitespace "]
    assert texts("/INB", rep) == ["/inbox"]


def test_an_account_is_completed_by_its_beginning_and_through_a_slip(rep: ChatContext) -> None:
    assert texts("/why ral", rep)[0] == "/why Rally Master Company Inc"
    assert texts("/why raly mastr", rep)[0] == "/why Rally Master Company Inc"
    assert complete("/why ral", NEW, rep)[0].detail == "Chandler · Strategic · Tobias Renner"


def test_without_a_letter_the_accounts_at_hand_come_first(rep: ChatContext) -> None:
    found = texts("/plan ", rep, Focus(accounts=("A-697",)))
    assert found[:2] == ["/plan Brakes and Gears", "/plan Rally Master Company Inc"]
    assert len(found) == MOST


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("/compare rally", "/compare Rally Master Company Inc with "),
        ("/compare A-205 with brak", "/compare A-205 with Brakes and Gears"),
        ("/changed south", "/changed Southwest"),
        ("/changed since 2026-10", "/changed since 2026-10-01"),
        ("/changed rally master since last", "/changed rally master since 2026-07-01"),
        ("/whitespace hel", "/whitespace Helmets"),
        ("/find refit in brak", "/find refit in Brakes and Gears"),
        ("what about @rally", "what about Rally Master Company Inc"),
        ("show #fi", "show Field Trip Store"),
    ],
)
def test_what_a_command_takes_is_completed(rep: ChatContext, typed: str, first: str) -> None:
    assert texts(typed, rep)[0] == first


@pytest.mark.parametrize("typed", ["", "hello", "why is rally", "/nonsense x", "x" * 5_000, "#ral"])
def test_other_text_has_no_completion(rep: ChatContext, typed: str) -> None:
    assert texts(typed, rep) == []


def test_nothing_outside_the_scope_is_ever_completed(rep: ChatContext) -> None:
    # Tandem Bicycle Store is another rep's.
    assert not [text for text in texts("/why tandem", rep) if "Tandem" in text]
    assert texts("/week marisol", rep) == []


def test_every_account_completed_is_read_as_itself(rep: ChatContext) -> None:
    for account in accounts_in_scope(rep)[:20]:
        completed = complete(f"/why {account}", NEW, rep)[0].text
        assert route(completed, NEW, rep).calls[0].arguments == {"account_id": account}


def test_suggestions_come_from_what_waits() -> None:
    rows = [
        plan_row("P-1", "A-546", "Field Trip Store", "returned"),
        plan_row("P-2", "A-697", "Brakes and Gears", "in_review"),
    ]
    waiting = [
        WaitingRow(
            kind="plan", waiting="revise", id="P-1", title="Field Trip Store", why="", link=""
        ),
        WaitingRow(
            kind="plan", waiting="await", id="P-2", title="Brakes and Gears", why="", link=""
        ),
        WaitingRow(kind="scenario", waiting="answer", id="S-1", title="Even out", why="", link=""),
    ]
    desk = FakeDesk(plan_rows=rows, waiting_rows=waiting)
    context = chat_context("tobias.renner", desk=desk)
    # Rally Master is the best account, and has no plan.
    assert [offer.text for offer in suggestions(context)] == [
        "/plan Field Trip Store",
        "/plan Brakes and Gears",
        "/inbox",
        "/draft Rally Master Company Inc",
        "/week",
    ]


def test_a_person_without_accounts_is_suggested_nothing() -> None:
    everybody = chat_context("tobias.renner").principal
    nobody = everybody.model_copy(
        update={"scope": everybody.scope.model_copy(update={"reps": frozenset({"S-301"})})}
    )
    context = chat_context(nobody)
    assert suggestions(context) == ()
    assert route("/why", NEW, context).question == "You see no accounts in this book."
