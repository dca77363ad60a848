"""A rep's scope holds at every door: what is foreign looks exactly like what is missing.

Routes and commands are walked in one file, and so in one process: what was worked out on the
example's past, which takes longest, is worked out once.
"""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute

from api.app import create_app
from api.workspace import Workspace
from tests.api.doors import (
    ACCOUNT,
    FOREIGN_MANAGER,
    FOREIGN_REP,
    MANAGER,
    REP,
    TOKEN,
    approval,
)
from tests.api.test_command_line import ROOT, every_command

CHANGED_RULES = (
    (ROOT / "examples" / "adventureworks" / "coverage.toml")
    .read_text(encoding="utf-8")
    .replace("potential_from = 75000", "potential_from = 60000")
)
OUTSIDERS = (FOREIGN_REP, FOREIGN_MANAGER)
MISSING = {
    "account_id": "A-none",
    "plan_id": "P-none",
    "evidence_id": "ev_none",
    "question_id": "Q-none",
}


def json_routes(workspace: Workspace) -> list[tuple[str, str]]:
    """Every method and address under /api, as the application has them."""
    found: list[tuple[str, str]] = []

    def walk(routes: object, prefix: str = "") -> None:
        for route in routes:
            inner = getattr(route, "original_router", None) or getattr(route, "router", None)
            if isinstance(route, APIRoute):
                found.extend((method, prefix + route.path) for method in sorted(route.methods))
            elif inner is not None:
                context = getattr(route, "include_context", None)
                walk(inner.routes, prefix + getattr(context, "prefix", ""))

    walk(create_app(workspace, TOKEN).routes)
    return sorted({pair for pair in found if pair[1].startswith("/api")})


ELSEWHERE = (
    "/api/scenarios", "/api/threads", "/api/runs", "/api/complete",
    "/api/territories", "/api/reviews", "/api/cycle",
)  # fmt: skip


def plan_routes(workspace: Workspace) -> list[tuple[str, str]]:
    """Those about books, accounts, plans and records.

    `test_scenario_scope`, `test_chat_scope` and `test_cycle_doors` walk the others.
    """
    return [pair for pair in json_routes(workspace) if not pair[1].startswith(ELSEWHERE)]


@pytest.fixture
def planned(acting) -> dict[str, str]:
    """A decided plan of the rep's account, and a piece of its evidence."""
    rep, manager = acting(REP), acting(MANAGER)
    plan_id = rep.post("/api/plans", json={"account_id": ACCOUNT}).json()["plan_id"]
    view = manager.get(f"/api/plans/{plan_id}").json()["view"]
    waivers = [
        {"code": item["code"], "reason": f"{item['hours_missing']} hours, accepted."}
        for item in view["blockers"]
    ]
    answer = manager.post(f"/api/plans/{plan_id}/decisions", json=approval(view, waivers=waivers))
    assert answer.status_code == 201, answer.text
    cited = next(item for item in view["computed"] if "eer" not in item["title"])
    return {
        "account_id": ACCOUNT,
        "plan_id": plan_id,
        "evidence_id": cited["evidence_id"],
        "question_id": "Q-23f25b31e955",  # of A-496, which none of the outsiders sees
    }


def bodies(ids: dict[str, str]) -> dict[str, dict]:
    """What each changing route is sent when it is about `ids`."""
    return {
        "/api/plans": {"account_id": ids["account_id"]},
        "/api/plans/{plan_id}/versions": {"message": "Tell me more."},
        "/api/plans/{plan_id}/decisions": approval({"version": 1, "plan_hash": None}),
        "/api/plans/{plan_id}/findings": {"kind": "potential", "amount": "9000", "reason": "So."},
        "/api/plans/{plan_id}/findings/removals": {"number": 1},
        "/api/questions/{question_id}/answers": {"text": "The first holds."},
        "/api/imports": {"example": True},
        "/api/retention": {"dry_run": True},
        "/api/doctor/probes": {},
        "/api/coverage/check": {},
        "/api/coverage/preview": {"text": CHANGED_RULES},
        "/api/coverage/adoptions": {"text": CHANGED_RULES},
    }


def asked(client, method: str, path: str, ids: dict[str, str]):
    address = path.format(**ids)
    if method == "GET":
        return client.get(address, params={"explain": True} if path == "/api/accounts" else {})
    return client.post(address, json=bodies(ids)[path])


def told(answer, ids: dict[str, str]) -> tuple[int, str]:
    """Status and body with the id asked for blanked out."""
    text = answer.text
    for value in ids.values():
        text = text.replace(value, "ID")
    return answer.status_code, text


def test_the_walk_knows_every_json_route(workspace) -> None:
    routes = plan_routes(workspace)

    assert len(routes) >= 20
    assert {method for method, _ in routes} == {"GET", "POST"}
    assert {path for method, path in routes if method == "POST"} == set(bodies(MISSING))


def test_every_json_route_is_documented(workspace) -> None:
    page = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(GET|POST|DELETE) (/api[^`]*)`", page, re.MULTILINE))

    assert documented == set(json_routes(workspace))


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_nothing_foreign_comes_through_any_route(acting, workspace, planned, outsider: str) -> None:
    client = acting(outsider)
    foreign = re.compile(
        rf"{re.escape(ACCOUNT)}\b|Brakes and Gears|{planned['plan_id']}|\bO-697|\bC-697|\bD-697"
    )
    for method, path in plan_routes(workspace):
        answer = asked(client, method, path, planned)
        blanked = answer.text
        for value in planned.values():
            if "{" in path or method == "POST":
                blanked = blanked.replace(value, "ID")  # only echoes of what was asked
        assert not foreign.search(blanked), f"{method} {path} tells {outsider} of {ACCOUNT}"


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_foreign_and_missing_look_alike_on_every_route(
    acting, workspace, planned, outsider: str
) -> None:
    client = acting(outsider)
    for method, path in plan_routes(workspace):
        if "{" not in path and path != "/api/plans":
            continue
        if (method, path) == ("GET", "/api/plans"):
            continue
        foreign = told(asked(client, method, path, planned), planned)
        missing = told(asked(client, method, path, MISSING), MISSING)
        assert foreign == missing, f"{method} {path}"
        assert foreign[0] == 404, f"{method} {path}"


def test_the_owner_sees_what_the_outsider_does_not(acting, workspace, planned) -> None:
    client = acting(REP)
    for method, path in plan_routes(workspace):
        if method == "GET" and "{" in path and not path.endswith("/diff"):
            assert asked(client, method, path, planned).status_code == 200, path


@pytest.mark.parametrize("person", [REP, FOREIGN_REP])
def test_reps_see_their_own_accounts_and_their_own_doubtful_rows(
    acting, workspace, person: str
) -> None:
    client = acting(person)
    principal = workspace.principal(person)
    owners = workspace.reading(principal).book.owners
    mine = {account for account, owner in owners.items() if principal.scope.covers(owner)}

    assert {row["account_id"] for row in client.get("/api/accounts").json()} == mine
    quality = client.get("/api/quality").json()
    assert quality["rows_by_table"]["accounts"] == len(mine)
    foreign = set(owners) - mine
    for finding in quality["findings"]:
        if finding["table"] == "accounts":
            assert set(finding["rows"]) <= mine
            assert not foreign & set(re.findall(r"A-[\w-]+", finding["message"]))


@pytest.mark.parametrize("person", [REP, MANAGER])
def test_only_revops_imports(acting, person: str) -> None:
    answer = acting(person).post("/api/imports", json={"example": True})

    assert answer.status_code == 403
    assert answer.json()["error"]["who_can"] == ["Ines Moreau"]


def test_many_forged_ids_are_all_missing(acting, planned) -> None:
    client = acting(FOREIGN_REP)
    plan_id, evidence_id = planned["plan_id"], planned["evidence_id"]
    forged = [
        plan_id.lower(), plan_id + " ", plan_id + "%00", f"{plan_id}'--", "..%2f" + plan_id, "*",
        "%25", "P-" + "0" * 10, "' OR 1=1 --", plan_id[:-1],
    ]  # fmt: skip
    for wrong in forged:
        for address in (f"/api/plans/{wrong}", f"/api/plans/{wrong}/export?draft=true"):
            assert client.get(address).status_code == 404, address
        assert client.get(f"/api/evidence/{wrong}").status_code == 404
        assert client.get(f"/api/accounts/{wrong}").status_code == 404
    assert client.get(f"/api/evidence/{evidence_id}").status_code == 404


ABOUT_A_PLAN = (
    ("plan", "show", "{plan}"),
    ("plan", "diff", "{plan}"),
    ("plan", "diff", "{plan}", "1", "1"),
    ("plan", "export", "{plan}", "--draft"),
    ("plan", "export", "{plan}"),
    ("plan", "revise", "{plan}", "-m", "Shorter."),
    ("plan", "revise", "{plan}", "--section", "risks", "-m", "None."),
    ("plan", "decide", "{plan}", "--approve"),
    ("plan", "decide", "{plan}", "--return", "-m", "No."),
    ("plan", "finding", "{plan}", "--potential", "9000", "-m", "So."),
    ("plan", "finding", "{plan}", "--remove", "1"),
    ("plan", "draft", "{account}"),
    ("whitespace", "--account", "{account}"),
    ("accounts", "show", "{account}"),
    ("accounts", "handover", "{account}"),
)
ABOUT_MUCH = (
    ("accounts", "rank", "--explain"),
    ("whitespace",),
    ("plan", "list"),
    ("findings",),
    ("data", "check"),
    ("coverage", "show"),
    ("coverage", "check"),
    ("coverage", "presets"),
    ("coverage", "preview", str(ROOT / "examples" / "adventureworks" / "coverage.toml")),
    ("coverage", "adopt", str(ROOT / "api" / "defaults" / "coverage.toml"), "-m", "Try."),
    ("accounts", "moved"),
    ("questions",),
    ("questions", "list"),
    ("questions", "answer", "Q-none", "-m", "Neither."),
    ("method", "report"),
    ("method", "card"),
    ("audit", "log"),
    ("audit", "verify"),
    ("retention", "--dry-run"),
    ("usage",),
    ("doctor",),
    ("import", str(ROOT / "examples" / "adventureworks"), "--dry-run"),
)
NOT_ABOUT_DATA = {"demo", "serve"}


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_a_scope_holds_on_every_command(cadastre, served, outsider: str) -> None:
    walked = {" ".join(words[:2]) for words in (*ABOUT_A_PLAN, *ABOUT_MUCH)} | NOT_ABOUT_DATA
    # Those on scenarios are walked in test_scenario_commands.py, chat in test_chat_commands.py,
    # the quarter in test_cycle_doors.py.
    elsewhere = ("scenario ", "ask", "chat", "threads ", "territory ", "review ")
    others = {known for known in every_command() if not known.startswith(elsewhere)}
    assert all(any(walk.startswith(known) for walk in walked) for known in others)
    plan_id = cadastre("--as", REP, "plan", "draft", ACCOUNT, "--json").json["plan_id"]

    for words in ABOUT_A_PLAN:
        foreign = cadastre(
            "--as", outsider, *(word.format(plan=plan_id, account=ACCOUNT) for word in words)
        )
        missing = cadastre(
            "--as", outsider, *(word.format(plan="P-none", account="A-none") for word in words)
        )
        assert foreign.code == 1, words
        for told in zip(foreign, missing, strict=True):
            blank = [str(text).replace(plan_id, "ID").replace(ACCOUNT, "ID") for text in told]
            assert blank[0] == blank[1].replace("P-none", "ID").replace("A-none", "ID"), words
    for words in ABOUT_MUCH:
        ended = cadastre("--as", outsider, *words, "--json")
        assert not re.search(rf"Brakes and Gears|{plan_id}|{ACCOUNT}\b|-697\b", ended.out), words
