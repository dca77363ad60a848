"""What a crash leaves undone is finished at the next start."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from api.running import PlanDesk
from api.settings import read_settings
from api.workspace import Workspace
from domain.decision import DecisionRequest
from domain.errors import ApprovalRequired
from tests.api.doors import ACCOUNT, MANAGER, REP, REVOPS, approval


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


def opened(home: Path) -> Workspace:
    return Workspace.open(read_settings(home=home))


def agreed(workspace: Workspace, plan_id: str) -> DecisionRequest:
    view = workspace.plan_view(workspace.principal(MANAGER), plan_id)
    waivers = [
        {"code": item.code, "reason": f"{item.hours_missing} hours, accepted."}
        for item in view.blockers
    ]
    read = {"version": view.version, "plan_hash": view.plan_hash}
    return DecisionRequest.model_validate(approval(read, waivers=waivers))


def test_a_decision_stored_without_its_effect_takes_effect_at_the_next_start(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise Killed

    with opened(home) as workspace:
        plan_id = workspace.draft_plan(workspace.principal(REP), ACCOUNT).plan_id
        with monkeypatch.context() as patch:
            patch.setattr(PlanDesk, "bring_about", killed)
            with pytest.raises(Killed):
                workspace.decide(workspace.principal(MANAGER), plan_id, agreed(workspace, plan_id))
        with pytest.raises(ApprovalRequired):
            workspace.export(workspace.principal(REP), plan_id)

    with opened(home) as workspace:
        assert not workspace.export(workspace.principal(REP), plan_id).draft
        assert workspace.store.effects.pending(workspace.principal(REVOPS)) == []
        run = workspace.store.runs.of_plan(workspace.principal(REVOPS), plan_id)
        assert run is not None
        assert run.status == "done"


@pytest.mark.parametrize("step", ["keep_ledger", "save_version"])
def test_a_draft_cut_short_is_taken_up_and_ends_at_the_same_plan(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    twin = Path(shutil.copytree(home, tmp_path / "twin"))
    with opened(twin) as workspace:
        expected = workspace.draft_plan(workspace.principal(REP), ACCOUNT)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with opened(home) as workspace, monkeypatch.context() as patch:
        patch.setattr(f"store.records.StoreRecords.{step}", killed)
        with pytest.raises(Killed):
            workspace.draft_plan(workspace.principal(REP), ACCOUNT)
        assert workspace.plans(workspace.principal(REP)) == []

    with opened(home) as workspace:
        version = workspace.plan_version(workspace.principal(REP), expected.plan_id)
        assert version.content.plan_hash == expected.content.plan_hash
        assert version.version == 1
        assert workspace.draft_plan(workspace.principal(REP), ACCOUNT) == version


def test_what_revops_had_drafted_a_manager_can_decide(workspace: Workspace) -> None:
    plan_id = workspace.draft_plan(workspace.principal(REVOPS), ACCOUNT).plan_id

    decision = workspace.decide(workspace.principal(MANAGER), plan_id, agreed(workspace, plan_id))

    assert decision.decided_by == MANAGER
    assert not workspace.export(workspace.principal(REP), plan_id).draft
    run = workspace.store.runs.of_plan(workspace.principal(REVOPS), plan_id)
    assert run is not None
    assert run.status == "done"


def test_a_decided_run_leaves_its_record_and_no_bookmark(workspace: Workspace) -> None:
    plan_id = workspace.draft_plan(workspace.principal(REP), ACCOUNT).plan_id
    manager, verdict = workspace.principal(MANAGER), agreed(workspace, plan_id)
    saver = workspace.desk.runs._graph.checkpointer
    assert list(saver.list(None))

    decision = workspace.decide(manager, plan_id, verdict)

    assert not list(saver.list(None))
    assert workspace.decide(manager, plan_id, verdict) == decision
    assert not workspace.export(workspace.principal(REP), plan_id).draft


def test_a_draft_that_cannot_go_on_does_not_keep_the_home_shut(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise Killed

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("still broken")

    with opened(home) as workspace, monkeypatch.context() as patch:
        patch.setattr("store.records.StoreRecords.save_version", killed)
        with pytest.raises(Killed):
            workspace.draft_plan(workspace.principal(REP), ACCOUNT)
    with monkeypatch.context() as patch:
        patch.setattr("store.records.StoreRecords.save_version", broken)
        with opened(home) as workspace:
            failed = workspace.inbox(workspace.principal(REP)).failed
            assert [draft.account_id for draft in failed] == [ACCOUNT]
            assert "RuntimeError" in failed[0].why

    with opened(home) as workspace:
        assert workspace.draft_plan(workspace.principal(REP), ACCOUNT).version == 1
        assert workspace.inbox(workspace.principal(REP)).failed == ()
