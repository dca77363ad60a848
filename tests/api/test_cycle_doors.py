"""Territory plans and reviews through routes, commands and pages, on the example book."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from api.reading import Reading
from api.settings import read_settings
from api.workspace import Workspace
from tests.api.doors import FOREIGN_MANAGER, FOREIGN_REP, MANAGER, REP
from tests.api.test_command_line import every_command
from tests.api.test_scope import json_routes

REP_ID, QUARTER = "R-282", "2026Q4"
PLAN = f"/api/territories/{REP_ID}/plans"
OURS = re.compile(r"Brakes and Gears|Tobias Renner|\bA-697\b")
MISSING = {"rep_id": "R-none", "quarter": QUARTER, "plan_id": "TP-none", "number": "1"}


def routes(workspace: Any) -> list[tuple[str, str]]:
    """Every JSON route about the quarter."""
    ours = ("/api/territories", "/api/reviews", "/api/cycle")
    return [pair for pair in json_routes(workspace) if pair[1].startswith(ours)]


def asked(client: Any, method: str, path: str, ids: dict[str, str]) -> Any:
    address = path.format(**ids)
    if method == "GET":
        return client.get(address, params={"draft": True} if "export" in path else {})
    bodies = {
        "/api/territories/{rep_id}/plans": {"quarter": QUARTER},
        "/api/cycle/{plan_id}/decisions": {"version": 1, "verdict": "approved"},
        "/api/reviews": {"quarter": QUARTER},
        "/api/reviews/{quarter}/adjustments/{number}/decisions": {
            "version": 1, "verdict": "approved",
        },
    }  # fmt: skip
    return client.post(address, json=bodies[path])


@pytest.fixture(scope="module")
def planned(
    imported_home: Path, read_once: Reading, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """A home with a territory plan of the rep, drafted and waiting; and the plan's id."""
    home = Path(shutil.copytree(imported_home, tmp_path_factory.mktemp("planned") / "home"))
    with Workspace.open(read_settings(home=home)) as opened:
        opened.readings._kept[(opened.principal().workspace, *read_once.ground)] = read_once
        version = opened.cycle.draft_territory(opened.principal(REP), REP_ID, quarter=QUARTER)
    return home, version.plan_id


@pytest.fixture
def home(planned: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(planned[0], tmp_path / "home"))


@pytest.fixture
def plan_id(planned: tuple[Path, str]) -> str:
    """The plan that waits in it."""
    return planned[1]


def approve(client: Any, plan_id: str, verdict: str = "approved") -> Any:
    view = client.get(f"{PLAN}/{QUARTER}").json()["view"]
    waivers = [
        {"code": item["code"], "claim": item["claim"], "reason": f"{item['hours_missing']} hours"}
        for item in view["blockers"]
    ]
    return client.post(
        f"/api/cycle/{plan_id}/decisions",
        json={
            "version": view["version"], "plan_hash": view["plan_hash"], "verdict": verdict,
            "reason": "Agreed.", "waivers": waivers,
        },
    )  # fmt: skip


def test_nothing_of_a_territory_comes_through_any_route_to_who_does_not_see_it(
    acting, workspace, plan_id: str
) -> None:
    ids = {"rep_id": REP_ID, "quarter": QUARTER, "plan_id": plan_id, "number": "1"}
    assert len(routes(workspace)) == 11
    for outsider in (FOREIGN_REP, FOREIGN_MANAGER):
        client = acting(outsider)
        for method, path in routes(workspace):
            foreign = asked(client, method, path, ids)
            assert not OURS.search(foreign.text), (outsider, method, path)
            if "{rep_id}" in path or "{plan_id}" in path:
                missing = asked(client, method, path, MISSING)
                assert foreign.status_code == missing.status_code == 404, path
                blank = foreign.text
                for key in ("rep_id", "plan_id"):
                    blank = blank.replace(ids[key], MISSING[key])
                # A plan's own id is made from rep and quarter, so it differs by rep.
                told = [re.sub(r"TP-\w+", "TP", text) for text in (blank, missing.text)]
                assert told[0] == told[1], path


def test_a_plan_is_drafted_once_decided_once_and_leaves_only_when_approved(
    acting, plan_id: str
) -> None:
    rep, manager = acting(REP), acting(MANAGER)
    again = rep.post(PLAN, json={"quarter": QUARTER}).json()
    assert (again["plan_id"], again["version"]) == (plan_id, 1)
    early = rep.get(f"/api/cycle/{plan_id}/export")
    assert (early.status_code, early.json()["error"]["code"]) == (409, "approval_required")
    assert early.json()["error"]["review"] == (
        f"/territories/{REP_ID}/plan/{QUARTER}?v=1&plan={plan_id}"
    )
    draft = rep.get(f"/api/cycle/{plan_id}/export", params={"draft": True})
    assert draft.text.startswith("> **DRAFT, not approved**")
    assert rep.get(f"{PLAN}/{QUARTER}/calendar.ics").status_code == 409

    assert approve(manager, plan_id).status_code == 201

    text = rep.get(f"/api/cycle/{plan_id}/export").text
    assert "DRAFT" not in text
    assert "**Approved by Harriet Okonjo" in text
    told = rep.get(f"/api/cycle/{plan_id}/export", params={"format": "json"}).json()
    assert told["approved"] is True
    calendar = rep.get(f"{PLAN}/{QUARTER}/calendar.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert calendar.text.startswith("BEGIN:VCALENDAR\r\n")
    late = approve(manager, plan_id, "rejected")
    assert late.json()["error"]["code"] == "already_decided"


def test_a_reader_gets_every_figure_with_evidence_that_opens(acting, plan_id: str) -> None:
    client = acting(REP)
    view = client.get(f"{PLAN}/current").json()["view"]
    cells = [c for s in view["sections"] for t in s["tables"] for row in t["rows"] for c in row]
    cited = {cell["evidence_id"] for cell in cells if cell["evidence_id"]}
    listed = {item["evidence_id"] for item in (*view["sources"], *view["computed"])}

    assert len(cited) > 30
    assert cited <= listed
    health = client.get(f"{PLAN}/{QUARTER}/health").json()
    assert health["red"] == sum(row[3]["state"] == "bad" for row in health["scorecard"]["rows"])
    assert all(row[4]["text"] != "–" for row in health["scorecard"]["rows"]
               if row[3]["state"] == "bad")  # fmt: skip


def test_commands_print_at_most_80_columns_and_json_is_the_route_s_answer(
    cadastre, served, acting
) -> None:
    shown = cadastre("--as", REP, "territory", "plan", REP_ID)
    weeks = cadastre("--as", REP, "territory", "plan", REP_ID, "--weeks")
    health = cadastre("--as", REP, "territory", "health", REP_ID)
    week = cadastre("--as", REP, "review", "week")

    for ended in (shown, weeks, health, week):
        assert ended.code == 0, ended.err
        assert max(map(len, ended.out.splitlines())) <= 80
        assert "\x1b" not in ended.out
    assert "7. Metrics and milestones" in shown.out
    assert "Week of 16 Nov: " in weeks.out
    assert f"{served}/territories/{REP_ID}/plan/{QUARTER}?v=1" in " ".join(shown.err.split())
    as_json = cadastre("--as", REP, "territory", "plan", REP_ID, "--json").json
    assert as_json == acting(REP).get(f"{PLAN}/{QUARTER}").json()
    assert [
        line["plan_id"] for line in cadastre("--as", REP, "territory", "list", "--json").json
    ] == [as_json["view"]["plan_id"]]


def test_a_manager_decides_by_command_and_a_review_needs_a_later_book(
    cadastre, served, plan_id: str
) -> None:
    early = cadastre("--as", MANAGER, "review", "quarter", QUARTER)
    assert early.code == 5, early
    refused = cadastre("--as", REP, "territory", "decide", plan_id, "--approve")
    assert refused.code == 4
    assert "Harriet Okonjo" in refused.err
    silent = cadastre("--as", MANAGER, "territory", "decide", plan_id, "--return")
    assert silent.code == 1
    assert "without a reason" in silent.err

    done = cadastre("--as", MANAGER, "territory", "decide", plan_id, "--approve", "-m", "Agreed.")

    assert done.code == 0, done.err
    assert f"{plan_id} version 1 is approved" in done.out
    later = cadastre("--as", MANAGER, "review", "quarter", QUARTER)
    assert later.code == 1
    assert "later" in later.err


WRONG: tuple[tuple[tuple[str, ...], int, str], ...] = (
    (("territory", "plan", "R-none"), 1, "There is no rep 'R-none'"),
    (("territory", "plan", REP_ID, "--quarter", "soon"), 1, "'soon' is no quarter"),
    (("territory", "health", "R-281"), 1, "There is no territory plan"),
    (("territory", "decide", "TP-1"), 2, "exactly one of --approve"),
    (("territory", "decide", "TP-1", "--approve", "--waive", "hours"), 2, "CODE=REASON"),
    (("territory", "decide", "TP-none", "--approve"), 1, "no territory plan 'TP-none'"),
    (("territory", "plan", REP_ID, "--format", "pdf"), 2, "--format 'pdf'"),
    (("review", "week", "R-none"), 1, "There is no rep 'R-none'"),
    (("review", "week"), 1, "scope holds several"),
    (("review", "month"), 5, "territory plan"),
    (("review", "quarter"), 5, "territory plan"),
    (("review", "decide", "RV-none", "--approve"), 1, "no review 'RV-none'"),
    (("review", "adjust", QUARTER, "1"), 2, "--accept or --decline"),
    (("review", "adjust", QUARTER, "1", "--accept"), 1, "There is no"),
)


def test_errors_say_what_is_wrong_and_end_with_their_code(cadastre, served) -> None:
    for words, code, said in WRONG:
        ended = cadastre("--as", MANAGER, *words, "--json")

        assert ended.code == code, ended
        assert set(ended.json) == {"error"}, words
        assert said in ended.json["error"]["message"], ended


def test_every_command_of_the_quarter_keeps_a_territory_from_who_does_not_see_it(
    cadastre, served, plan_id: str
) -> None:
    walked = (
        ("territory", "plan", REP_ID), ("territory", "health", REP_ID), ("territory", "list"),
        ("territory", "decide", plan_id, "--approve"), ("review", "week", REP_ID),
        ("review", "month"), ("review", "quarter"), ("review", "list"),
        ("review", "adjust", QUARTER, "1", "--accept"), ("review", "decide", "RV-1", "--approve"),
    )  # fmt: skip
    ours = {name for name in every_command() if name.startswith(("territory ", "review "))}
    assert ours == {" ".join(words[:2]) for words in walked}
    for words in walked:
        ended = cadastre("--as", FOREIGN_MANAGER, *words, "--json")
        assert not OURS.search(ended.out), words
        assert plan_id not in ended.out.replace(f"{plan_id!r}", "") or words[1] == "decide"


def test_pages_answer_and_their_forms_need_the_session_s_token(browser, workspace) -> None:
    page = browser()
    page.headers["Accept"] = "text/html"
    assert page.get("/territories").status_code == 303
    form = page.get("/sign-in").text
    token = re.search(r'name="csrf" value="([^"]+)"', form)[1]
    page.post("/sign-in", data={"person": MANAGER, "csrf": token})
    listed = page.get("/territories").text
    token = re.search(r'name="csrf" value="([^"]+)"', listed)[1]
    address = f"/territories/{REP_ID}/plan/{QUARTER}"
    assert page.post(f"{address}/versions", data={}).status_code == 403

    drafted = page.post(f"{address}/versions", data={"csrf": token})

    where = drafted.headers["location"]
    assert drafted.status_code == 303
    assert where.startswith(f"{address}?v=1&plan=TP-")
    plan_id = where.rpartition("=")[2]
    for path in (where, f"{address}?view=weeks", f"{address}/print", "/territories", "/reviews",
                 f"/reviews/{QUARTER}", f"/reviews/{QUARTER}?view=month",
                 f"/reviews/{QUARTER}?view=week&rep={REP_ID}"):  # fmt: skip
        assert page.get(path).status_code == 200, path
    assert page.get(f"/cycle/{plan_id}").headers["location"] == where
    assert page.get("/reviews/soon").status_code == 422
    assert page.get(f"{address}?v=9").status_code == 404

    assert f'href="{where}"'.replace("&", "&amp;") in page.get("/").text

    silent = page.post(
        f"/cycle/{plan_id}/decisions",
        data={"csrf": token, "version": "1", "verdict": "returned", "reason": ""},
    )
    assert silent.status_code == 409
    assert "without a reason" in silent.text
    done = page.post(
        f"/cycle/{plan_id}/decisions",
        data={"csrf": token, "version": "1", "verdict": "returned", "reason": "Fewer visits."},
    )
    assert done.status_code == 303
    assert "Returned by Harriet Okonjo" in page.get(where).text
