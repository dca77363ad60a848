from __future__ import annotations

import gzip
import re
from datetime import date
from types import SimpleNamespace

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from starlette.middleware.sessions import SessionMiddleware

from api import errors, pages
from api.accounts import RankedAccount
from api.deciding import MayDecide
from api.deps import guard_changes
from api.inbox import Inbox, InboxItem
from api.page_forms import decision_of, own_path
from api.people import People, Person
from api.planning import PlanLine
from domain.book import QualityFinding
from domain.decision import Decision
from domain.errors import DecisionRefused, InvalidInput, NoPlanForAccount, NotFound, PlanSuperseded
from tests.api.plan_view_fixture import first_version, plan_view

PLAN = "/plans/PL-1017"


def plan_line(**changes) -> PlanLine:
    fields = {
        "plan_id": "PL-1017",
        "account_id": "1017",
        "account_name": "Riverbend Cycle",
        "owner_id": "282",
        "owner_name": "Dana Whitlock",
        "tier": "tier_1",
        "version": 2,
        "approved_version": None,
        "status": "in_review",
        "blockers": 1,
        "stale": False,
        "changed_at": "2026-11-20T09:12:00+00:00",
        "changed_by": "Dana Whitlock",
    }
    return PlanLine(**{**fields, **changes})


def ranked(account_id: str, name: str, **changes) -> RankedAccount:
    fields = {
        "account_id": account_id,
        "name": name,
        "rank": 1,
        "owner_rank": 1,
        "owner_rank_of": 2,
        "owner_id": "282",
        "owner_name": "Dana Whitlock",
        "territory_id": "T-1",
        "segment": "Warehouse",
        "city": "Tacoma",
        "tier": "tier_1",
        "tier_label": "Tier 1",
        "tier_note": "",
        "plan_depth": "full",
        "score": 33,
        "base": 10,
        "parts": None,
        "win_probability": 0.4,
        "potential": 148_098.4,
        "potential_p75": 160_000.0,
        "potential_p90": 200_000.0,
        "open_potential": 40_000.0,
        "expected_value": 59_000.0,
        "net_spend_12m": 96_720.0,
        "peer_count": 38,
        "peer_group": "Warehouse",
    }
    return RankedAccount(**{**fields, **changes})


class ScriptedWorkspace:
    """Answers as a workspace does, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []
        self.refusal: Exception | None = None
        self.people = People(
            workspace="demo",
            default="ruth",
            people=(
                Person(id="ruth", name="Ruth Okafor", roles=("manager",), reps=("282",)),
                Person(id="dana", name="Dana Whitlock", roles=("rep",), reps=("282",)),
            ),
        )
        self.views = {1: first_version(), 2: plan_view()}
        parts = [
            ("fit", "Target segment", 14),
            ("potential", "Open potential", 13),
            ("engagement", "Days since touch", -4),
        ]
        explain = [
            {
                "fact": label.lower(),
                "dimension": dimension,
                "label": label,
                "value": "",
                "bin": "",
                "points": points,
            }
            for dimension, label, points in parts
        ]
        self.cycle = SimpleNamespace(lines=lambda principal: [])
        self.read = SimpleNamespace(
            book=SimpleNamespace(
                as_of=date(2026, 11, 14), currency="USD", owners={"1017": "282", "1018": None}
            ),
            analyses=SimpleNamespace(score=SimpleNamespace(explain=lambda account: explain)),
        )

    def principal(self, person=None):
        return self.people.principal(person)

    def reading(self, principal):
        return self.read

    def plans(self, principal):
        return [plan_line()]

    def inbox(self, principal) -> Inbox:
        waiting = "decide" if principal.may_decide else "await"
        item = InboxItem(
            waiting=waiting, plan=plan_line(), why="Waits for Ruth Okafor.", link=f"{PLAN}?v=2"
        )
        return Inbox(waiting=(item,), settled=(), suggestions=(), failed=(), stale=0, warnings=())

    def rank(self, principal, **_):
        return [
            ranked("1017", "Riverbend Cycle"),
            ranked("1018", "Alder Wheels", rank=2, owner_id=None, owner_name=None, city="Gary"),
            ranked("1019", "Beacon Bikes", rank=3, city="Yakima"),
        ]

    def quality(self, principal):
        finding = QualityFinding(
            code="duplicate",
            table="accounts",
            severity="warning",
            state="doubtful",
            rows=("1017", "1018"),
            message="Two rows look like one company.",
            consequence="Their potential counts twice.",
        )
        return SimpleNamespace(findings=(finding,))

    def plan_version(self, principal, plan_id, version=None):
        return SimpleNamespace(
            content=SimpleNamespace(report=SimpleNamespace(blockers=plan_view().blockers[1:2]))
        )

    def plan_view(self, principal, plan_id, version=None):
        if plan_id != "PL-1017":
            raise NotFound(f"There is no plan {plan_id!r}.", hint="Open the inbox.")
        return self.views[version or 2]

    def may_decide(self, principal, plan_id):
        if principal.may_decide:
            return MayDecide(allowed=True)
        return MayDecide(allowed=False, reason="Managers decide.", who_can=("Ruth Okafor",))

    def decisions(self, principal, plan_id) -> list[Decision]:
        return []

    def draft_plan(self, principal, account_id):
        self._note("draft", account_id)
        return SimpleNamespace(plan_id="PL-1017", version=2)

    def revise(self, principal, plan_id, **given):
        self._note("revise", given)
        return SimpleNamespace(plan_id=plan_id, version=3)

    def decide(self, principal, plan_id, request):
        self._note("decide", request)
        return SimpleNamespace(subject_version=request.version)

    def _note(self, what: str, given: object) -> None:
        self.asked.append((what, given))
        if self.refusal is not None:
            raise self.refusal


@pytest.fixture
def workspace() -> ScriptedWorkspace:
    return ScriptedWorkspace()


@pytest.fixture
def browser(workspace: ScriptedWorkspace) -> TestClient:
    app = FastAPI(dependencies=[Depends(guard_changes)])
    app.state.workspace, app.state.token = workspace, "bearer"
    pages.install_files(app)
    app.include_router(pages.router)
    errors.install(app, pages.error_page)
    app.add_middleware(SessionMiddleware, secret_key="secret")
    return TestClient(
        app, base_url="http://127.0.0.1", follow_redirects=False, headers={"accept": "text/html"}
    )


def csrf(html: str) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', html)[1]


def sign_in(browser: TestClient, person: str) -> str:
    token = csrf(browser.get("/sign-in").text)
    answer = browser.post("/sign-in", data={"csrf": token, "person": person})
    assert answer.status_code == 303
    return csrf(browser.get("/").text)


def test_nobody_sees_a_page_before_signing_in(browser: TestClient) -> None:
    answer = browser.get(PLAN)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/plans/PL-1017"


def test_signing_in_is_marked_as_a_demonstration_and_leads_to_where_one_wanted(
    browser: TestClient,
) -> None:
    page = browser.get("/sign-in", params={"next": PLAN}).text
    answer = browser.post("/sign-in", data={"csrf": csrf(page), "person": "ruth", "next": PLAN})

    assert "Demo identities: no password, this machine only." in page
    assert answer.headers["location"] == PLAN


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_signing_in_never_leads_to_another_site(elsewhere: str) -> None:
    assert own_path(elsewhere) == "/"


def test_a_form_without_its_token_changes_nothing(
    browser: TestClient, workspace: ScriptedWorkspace
) -> None:
    sign_in(browser, "dana")
    answer = browser.post("/plans", data={"csrf": "forged", "account_id": "1017"})

    assert answer.status_code == 403
    assert workspace.asked == []
    assert "nothing was changed" in answer.text


def test_the_inbox_names_what_blocks_and_why_an_account_ranks(browser: TestClient) -> None:
    sign_in(browser, "ruth")
    page = browser.get("/").text

    assert "1 plan waits for you" in page
    assert "A sentence about Kelmark has no source." in page
    assert "+14 target segment, +13 open potential, −4 days since touch" in page
    assert "Two rows look like one company." in page
    # An account without an owner is shown with the reason, and without the button.
    assert "No owner yet" in page


def test_a_search_narrows_the_accounts_and_says_when_nothing_matches(
    browser: TestClient,
) -> None:
    sign_in(browser, "ruth")

    assert "Riverbend Cycle<small>" not in browser.get("/", params={"q": "gary"}).text
    assert "Alder Wheels<small>" in browser.get("/", params={"q": "gary"}).text
    assert (
        "No account you may see matches “&lt;b&gt;”." in browser.get("/", params={"q": "<b>"}).text
    )


def test_a_drafted_plan_opens_and_a_refusal_is_told_in_place(
    browser: TestClient, workspace: ScriptedWorkspace
) -> None:
    token = sign_in(browser, "dana")
    drafted = browser.post("/plans", data={"csrf": token, "account_id": "1017"})
    workspace.refusal = NoPlanForAccount("Alder Wheels has no owner.", hint="Assign a rep.")
    refused = browser.post("/plans", data={"csrf": token, "account_id": "1018"})

    assert drafted.headers["location"] == PLAN
    assert refused.status_code == 409
    assert "Alder Wheels has no owner." in refused.text
    assert "Assign a rep." in refused.text
    assert "Draft a plan" in refused.text


def test_returning_a_plan_sends_each_verdict_with_its_comment(
    browser: TestClient, workspace: ScriptedWorkspace
) -> None:
    token = sign_in(browser, "ruth")
    answer = browser.post(
        f"{PLAN}/decisions",
        data={
            "csrf": token,
            "version": "2",
            "plan_hash": "a" * 64,
            "verdict": "returned",
            "verdict.why_now": "approved",
            "comment.why_now": "left over",
            "verdict.competition": "change_requested",
            "comment.competition": " Name the source. ",
            "waiver.0.code": "stale_fact",
            "waiver.0.reason": "typed, then thought better of",
            "reason": "One change.",
        },
    )
    [(what, request)] = workspace.asked

    assert answer.headers["location"] == f"{PLAN}?v=2"
    assert what == "decide"
    assert (request.version, request.verdict, request.reason) == (2, "returned", "One change.")
    assert [(item.section, item.verdict, item.comment) for item in request.sections] == [
        ("why_now", "approved", ""),
        ("competition", "change_requested", "Name the source."),
    ]
    assert request.waivers == ()


def test_an_approval_carries_only_the_waivers_that_were_written() -> None:
    request = decision_of(
        {
            "verdict": "approved",
            "version": "2",
            "waiver.0.code": "stale_fact",
            "waiver.0.claim": "w2",
            "waiver.0.reason": "Confirmed by phone.",
            "waiver.2.code": "over_capacity",
            "waiver.2.claim": "",
            "waiver.2.reason": "   ",
        }
    )

    [waiver] = request.waivers
    assert (waiver.code, waiver.claim, waiver.reason) == (
        "stale_fact",
        "w2",
        "Confirmed by phone.",
    )


def test_a_form_without_a_verdict_is_malformed() -> None:
    with pytest.raises(InvalidInput, match="names no verdict"):
        decision_of({"version": "2"})


def test_a_refused_decision_shows_the_plan_again_with_everything_that_was_typed(
    browser: TestClient, workspace: ScriptedWorkspace
) -> None:
    token = sign_in(browser, "ruth")
    workspace.refusal = DecisionRefused("A blocker stands.", hint="Edit Competition.")
    answer = browser.post(
        f"{PLAN}/decisions",
        data={
            "csrf": token,
            "version": "2",
            "verdict": "approved",
            "verdict.why_now": "approved",
            "comment.risks": "half a thought",
            "reason": "Good work",
        },
    )

    assert answer.status_code == 409
    assert "A blocker stands." in answer.text
    assert 'value="approved" autocomplete="off" checked' in answer.text
    assert ">half a thought</textarea>" in answer.text
    assert ">Good work</textarea>" in answer.text


def test_deciding_on_a_superseded_version_links_to_the_newer_one(
    browser: TestClient, workspace: ScriptedWorkspace
) -> None:
    token = sign_in(browser, "ruth")
    workspace.refusal = PlanSuperseded("Version 1 is superseded.", link=f"{PLAN}?v=2")
    answer = browser.post(
        f"{PLAN}/decisions", data={"csrf": token, "version": "1", "verdict": "approved"}
    )

    assert answer.status_code == 409
    assert f'href="{PLAN}?v=2">Open the newer version</a>' in answer.text


def test_an_edit_makes_a_version_of_what_the_person_read(
    browser: TestClient, workspace: ScriptedWorkspace
) -> None:
    token = sign_in(browser, "dana")
    answer = browser.post(
        f"{PLAN}/sections/competition",
        data={"csrf": token, "base_version": "2", "text": "One.\r\nTwo."},
    )

    assert workspace.asked == [
        ("revise", {"section": "competition", "text": "One.\nTwo.", "base_version": 2})
    ]
    assert answer.headers["location"] == f"{PLAN}?v=3#s-competition"


def test_a_refused_edit_keeps_the_text(browser: TestClient, workspace: ScriptedWorkspace) -> None:
    token = sign_in(browser, "dana")
    workspace.refusal = InvalidInput("A line is too long.", hint="Say it shorter.")
    answer = browser.post(
        f"{PLAN}/sections/competition",
        data={"csrf": token, "base_version": "2", "text": "My careful words"},
    )

    assert answer.status_code == 422
    assert ">My careful words</textarea>" in answer.text


def test_a_redraft_carries_the_remark(browser: TestClient, workspace: ScriptedWorkspace) -> None:
    token = sign_in(browser, "dana")
    answer = browser.post(
        f"{PLAN}/versions", data={"csrf": token, "base_version": "2", "message": "Use the visit."}
    )

    assert workspace.asked == [("revise", {"remark": "Use the visit.", "base_version": 2})]
    assert answer.headers["location"] == f"{PLAN}?v=3"


def test_a_missing_plan_is_a_page_that_leads_back(browser: TestClient) -> None:
    sign_in(browser, "dana")
    answer = browser.get("/plans/PL-9")

    assert answer.status_code == 404
    assert "There is no plan &#39;PL-9&#39;." in answer.text
    assert 'href="/">Go to the inbox</a>' in answer.text


def test_an_address_that_does_not_exist_is_a_page_too(browser: TestClient) -> None:
    sign_in(browser, "dana")

    assert "There is nothing at /nowhere." in browser.get("/nowhere").text


@pytest.mark.parametrize("path", ["/", PLAN, f"{PLAN}/print", "/sign-in"])
def test_a_page_weighs_at_most_120_kilobytes_compressed_with_all_it_loads(
    browser: TestClient, path: str
) -> None:
    sign_in(browser, "ruth")
    page = browser.get(path)
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
    loaded |= {"/static/keys.js"}  # imported by the modules
    parts = [page.content, *(browser.get(address).content for address in sorted(loaded))]

    assert all(len(part) > 0 for part in parts)
    assert sum(len(gzip.compress(part)) for part in parts) < 120_000


def test_static_files_are_named_by_their_content(browser: TestClient) -> None:
    from api.page_look import STATIC, static

    for file in sorted(STATIC.rglob("*")):
        if file.is_file():
            address = static(str(file.relative_to(STATIC)))
            assert browser.get(address).status_code == 200
