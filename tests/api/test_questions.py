"""Questions about notes that disagree: who sees them, who may answer, what follows."""

from __future__ import annotations

import pytest

from tests.api.doors import FOREIGN_MANAGER, MANAGER, REVOPS

# Two notes about Leduc Cycle Depot name February and June for the same depot.
ACCOUNT = "A-496"
QUESTION = "Q-23f25b31e955"
TEXT = "June, the owner told me at the site."


@pytest.fixture
def owner(workspace) -> str:
    found = [person.id for person in workspace.people if person.reps == ("R-291",)]
    return found[0]


def lines(client) -> dict[str, dict]:
    return {line["question"]["question_id"]: line for line in client.get("/api/questions").json()}


def test_a_question_names_both_sides_with_where_they_stand(acting, owner) -> None:
    line = lines(acting(owner))[QUESTION]

    assert line["state"] == "open"
    assert line["may_answer"] is True
    assert "February 2027" in line["question"]["first"]["text"]
    assert "June 2027" in line["question"]["second"]["text"]
    assert line["question"]["first"]["said_on"] < line["question"]["second"]["said_on"]
    for side in ("first", "second"):
        told = line["question"][side]
        assert acting(owner).get(f"/api/accounts/{ACCOUNT}").status_code == 200
        assert told["document_id"].startswith("D-")


def test_a_reader_without_the_account_is_not_asked_and_cannot_answer(acting, owner, workspace):
    foreign = next(
        person.id
        for person in workspace.people
        if "rep" in person.roles and person.id != owner and not person.everything
    )
    client = acting(foreign)
    assert QUESTION not in lines(client)
    refused = client.post(f"/api/questions/{QUESTION}/answers", json={"text": TEXT})
    missing = client.post("/api/questions/Q-none/answers", json={"text": TEXT})
    assert refused.status_code == missing.status_code == 404
    assert refused.text.replace(QUESTION, "ID") == missing.text.replace("Q-none", "ID")


def test_who_only_prepares_sees_a_question_and_is_told_who_may_answer(acting, workspace) -> None:
    client = acting(REVOPS)
    assert lines(client)[QUESTION]["may_answer"] is False
    refused = client.post(f"/api/questions/{QUESTION}/answers", json={"text": TEXT})
    assert refused.status_code == 403
    assert refused.json()["error"]["who_can"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"text": "  "}, 422, "blank"),
        ({"text": "x" * 1001}, 422, "1,001 characters"),
        ({"text": "See https://evil.example/a"}, 422, "link, markup"),
        ({"text": "Fill {{potential}}"}, 422, "link, markup"),
        ({"text": "June", "side": "third"}, 422, "side"),
        ({}, 422, "text"),
    ],
)
def test_an_answer_that_cannot_be_quoted_is_refused(acting, owner, body, status, words) -> None:
    refused = acting(owner).post(f"/api/questions/{QUESTION}/answers", json=body)
    assert refused.status_code == status
    assert words in refused.text
    assert lines(acting(owner))[QUESTION]["state"] == "open"


def test_an_answer_enters_the_next_draft_beside_both_sources(acting, owner) -> None:
    client = acting(owner)
    plan_id = client.post("/api/plans", json={"account_id": ACCOUNT}).json()["plan_id"]
    before = client.get(f"/api/plans/{plan_id}").json()["view"]
    assert "Notes disagree; ask which holds" in str(before)

    stored = client.post(
        f"/api/questions/{QUESTION}/answers", json={"text": TEXT, "side": "second"}
    )
    assert stored.status_code == 201
    assert lines(client)[QUESTION]["state"] == "answered"

    # The plan that does not carry the answer asks for a re-check, in the list and on its page.
    listed = {line["plan_id"]: line for line in client.get("/api/plans").json()}
    assert listed[plan_id]["stale"] is True
    stale = client.get(f"/api/plans/{plan_id}").json()["view"]
    assert any("was answered since" in line for line in stale["recheck"])

    again = client.post("/api/plans", json={"account_id": ACCOUNT}).json()
    assert again["version"] == 2
    view = client.get(f"/api/plans/{plan_id}").json()["view"]
    assert view["recheck"] == []
    assert "Notes disagree; ask which holds" not in str(view)
    sentence = next(
        item
        for section in view["sections"]
        for item in section["sentences"]
        if item["key"].startswith("stand.answered")
    )
    shown = {part["evidence_id"] for part in sentence["parts"] if part["evidence_id"]}
    question = lines(client)[QUESTION]["question"]
    assert {question["first"]["evidence_id"], question["second"]["evidence_id"]} < shown
    assert sentence["outcome"] == "supported"
    (said,) = [item for item in view["sources"] if item["kind"] == "human"]
    assert said["quote"] == TEXT
    # Said on the book's date, under a coverage model without half-lives: 180 days to go.
    fresh = client.get(f"/api/evidence/{said['evidence_id']}").json()["fresh"]
    assert (fresh["days"], fresh["weight"], fresh["stale_after"]) == (0, None, 180)
    assert fresh["stale"] is False
    # Nothing has changed since: the same version again.
    assert client.post("/api/plans", json={"account_id": ACCOUNT}).json()["version"] == 2

    # A second answer supersedes the first; both stay.
    client.post(f"/api/questions/{QUESTION}/answers", json={"text": "Nobody knows yet."})
    answers = lines(client)[QUESTION]["answers"]
    assert [(item["number"], item["text"]) for item in answers] == [
        (1, TEXT), (2, "Nobody knows yet."),
    ]  # fmt: skip
    assert client.post("/api/plans", json={"account_id": ACCOUNT}).json()["version"] == 3
    third = client.get(f"/api/plans/{plan_id}").json()["view"]
    quoted = [item["quote"] for item in third["sources"] if item["kind"] == "human"]
    assert quoted == ["Nobody knows yet."]
    assert "Asked whether" in str(third)


def test_a_competitor_in_an_answer_blocks_like_any_persons_statement(acting, owner) -> None:
    client = acting(owner)
    rival = acting(REVOPS).get("/api/coverage").json()["model"]["company"]["competitors"][0]
    client.post(
        f"/api/questions/{QUESTION}/answers", json={"text": f"June; {rival} quoted them first."}
    )
    plan_id = client.post("/api/plans", json={"account_id": ACCOUNT}).json()["plan_id"]

    view = client.get(f"/api/plans/{plan_id}").json()["view"]

    assert "competitor_unsourced" in {blocker["code"] for blocker in view["blockers"]}


def test_the_inbox_asks_and_its_form_takes_the_answer(acting, owner) -> None:
    client = acting(owner)
    item = next(
        item
        for item in client.get("/api/inbox").json()["questions"]
        if item["question"]["question_id"] == QUESTION
    )
    assert item["waiting"] == "answer"
    page = client.get("/").text
    assert f'action="/questions/{QUESTION}/answers"' in page
    csrf = page.split('name="csrf" value="')[1].split('"')[0]

    blank = client.post(f"/questions/{QUESTION}/answers", data={"csrf": csrf, "text": " "})
    assert blank.status_code == 422
    assert "The answer is blank." in blank.text

    client.post(
        f"/questions/{QUESTION}/answers", data={"csrf": csrf, "text": TEXT, "side": "second"}
    )
    assert QUESTION not in str(client.get("/api/inbox").json()["questions"])
    assert acting(FOREIGN_MANAGER).get("/api/inbox").json()["questions"] is not None
    assert lines(acting(REVOPS))[QUESTION]["answers"][0]["side"] == "second"


def test_questions_are_listed_and_answered_on_the_command_line(cadastre, served, owner) -> None:
    ended = cadastre("--as", owner, "questions")
    assert ended.code == 0
    assert QUESTION in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80
    assert cadastre("--as", owner, "questions", "list").out == ended.out

    stored = cadastre("--as", owner, "questions", "answer", QUESTION, "-m", TEXT, "--side", "first")
    assert stored.code == 0
    assert f"cadastre plan draft {ACCOUNT}" in " ".join(stored.out.split())
    assert "answered" in cadastre("--as", owner, "questions", "list").out
    assert cadastre("--as", MANAGER, "questions", "answer", "Q-none", "-m", "x").code == 1
