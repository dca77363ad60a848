"""Runs that the previous release left open go on, and are decided, under the present code."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.checkpoints import bookmarks
from api.settings import read_settings
from api.workspace import Workspace
from domain.decision import DecisionRequest, SectionVerdict, Waiver
from domain.plan import SECTION_TITLES, PlanVersion
from store.migrations import HEAD

LEFT = Path(__file__).parents[1] / "agent" / "checkpoints_0_1"
IN_REVIEW = "P-69c655d62a"
PLAN_HASH = "45724320d668e9f54951736744b9a5d05424a7b1336b2c24e3e71de3e28c315a"


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A copy of the home that release 0.1.0 left."""
    return Path(
        shutil.copytree(LEFT, tmp_path / "home", ignore=shutil.ignore_patterns("*.py", "*.md"))
    )


@pytest.fixture
def workspace(left: Path) -> Iterator[Workspace]:
    with Workspace.open(read_settings(home=left)) as opened:
        yield opened


def approve(workspace: Workspace, version: PlanVersion) -> str:
    """Have the manager approve it, with a word on each blocker; the decision's id."""
    request = DecisionRequest(
        version=version.version,
        verdict="approved",
        plan_hash=version.content.plan_hash,
        sections=tuple(SectionVerdict(section=key, verdict="approved") for key in SECTION_TITLES),
        waivers=tuple(
            Waiver(code=item.code, claim=item.claim, reason="Accepted.")
            for item in version.content.report.blockers
        ),
    )
    decision = workspace.decide(workspace.principal("mo"), version.plan_id, request)
    return decision.decision_id


def test_the_test_data_are_of_the_previous_release(left: Path) -> None:
    with sqlite3.connect(left / "cadastre.db") as database:
        (revision,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
        runs = dict(database.execute("SELECT account_id, status FROM runs").fetchall())

    assert revision == "0002"
    assert revision != HEAD
    assert runs == {"A-1": "waiting", "A-2": "running"}
    assert len(bookmarks(left / "checkpoints.db")) == 2


def test_a_plan_in_review_then_is_decided_now(workspace: Workspace) -> None:
    version = workspace.plan_version(workspace.principal("ines"), IN_REVIEW)
    assert (version.status, version.content.plan_hash) == ("in_review", PLAN_HASH)
    before = bookmarks(workspace.home.checkpoints)

    approve(workspace, version)

    manager = workspace.principal("mo")
    assert workspace.store.plans.approved(manager, IN_REVIEW).content.plan_hash == PLAN_HASH
    run = workspace.store.runs.get(manager, version.run_id)
    assert run.status == "done"
    # The run itself took the decision up, and its bookmark went.
    assert set(before) - set(bookmarks(workspace.home.checkpoints)) == {f"run:{run.run_id}"}


def test_a_draft_killed_then_is_finished_now_and_decided(workspace: Workspace) -> None:
    manager = workspace.principal("mo")
    line = next(line for line in workspace.plans(manager) if line.account_id == "A-2")
    version = workspace.plan_version(manager, line.plan_id)
    run = workspace.store.runs.get(manager, version.run_id)

    assert (version.version, version.status, run.status) == (1, "in_review", "waiting")
    assert version.content.draft.plays
    approve(workspace, version)

    assert workspace.store.plans.approved(manager, line.plan_id).version == 1
    assert workspace.store.runs.get(manager, version.run_id).status == "done"
    assert workspace.audit_verify(workspace.principal("ops")).intact


def test_a_rejected_plan_of_then_ends_its_run_too(workspace: Workspace) -> None:
    manager = workspace.principal("mo")
    version = workspace.plan_version(manager, IN_REVIEW)

    workspace.decide(
        manager, IN_REVIEW, DecisionRequest(version=1, verdict="rejected", reason="Not now.")
    )

    assert workspace.plan_version(manager, IN_REVIEW).status == "rejected"
    assert workspace.store.runs.get(manager, version.run_id).status == "done"


def test_chat_can_be_had_in_a_home_of_then(workspace: Workspace) -> None:
    ines = workspace.principal("ines")
    thread = workspace.create_thread(ines)

    turn = workspace.ask(ines, thread.thread_id, "Hello?")
    until = time.monotonic() + 20
    while not workspace.store.run_log.read(ines, turn.run_id).finished:
        assert time.monotonic() < until, "no answer came"
        time.sleep(0.01)

    assert workspace.chat_run(ines, turn.run_id).turn.turn.status == "done"
