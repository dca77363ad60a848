"""Territory plans on the example book: drafted, decided by another, taken up after a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.cycle import nodes
from api.reading import Reading
from api.settings import read_settings
from api.workspace import Workspace
from domain.cycle_version import CycleVersion
from domain.decision import DecisionRequest, Waiver
from domain.errors import (
    AlreadyDecided,
    ApprovalRequired,
    DecisionRefused,
    InvalidInput,
    NoLaterBook,
    NotFound,
    NothingToPlan,
    NotPermitted,
    PlanSuperseded,
)
from store.effects import Effects

REP, MANAGER, ELSEWHERE = "tobias.renner", "harriet.okonjo", "ilse.brandtner"


def approval(version: CycleVersion, **given: object) -> DecisionRequest:
    waivers = [
        Waiver(code=item.code, claim=item.claim, reason=f"Agreed: {item.hours_missing or 'fine'}.")
        for item in version.content.report.blockers
    ]
    return DecisionRequest.model_validate(
        {"version": version.version, "verdict": "approved", "waivers": waivers, **given}
    )


def test_a_rep_drafts_a_quarter_and_a_manager_decides_on_it(workspace: Workspace) -> None:
    rep, manager = workspace.principal(REP), workspace.principal(MANAGER)

    version = workspace.cycle.draft_territory(rep, "R-282")

    assert (version.version, version.status) == (1, "in_review")
    assert workspace.cycle.draft_territory(manager, "R-282") == version, "the same ground again"
    assert workspace.cycle.territory(manager, "R-282") == version
    # What is refused changes nothing.
    with pytest.raises(NotPermitted, match="Tobias Renner prepares plans"):
        workspace.cycle.decide(rep, version.plan_id, approval(version))
    elsewhere = workspace.principal(ELSEWHERE)
    with pytest.raises(NotFound):
        workspace.cycle.decide(elsewhere, version.plan_id, approval(version))
    with pytest.raises(DecisionRefused, match="returned without a reason"):
        workspace.cycle.decide(
            manager, version.plan_id, DecisionRequest(version=1, verdict="returned")
        )
    strange = [Waiver(code="weather", reason="It rains.")]
    with pytest.raises(DecisionRefused, match="Nothing called 'weather' blocks"):
        workspace.cycle.decide(manager, version.plan_id, approval(version, waivers=strange))
    with pytest.raises(ApprovalRequired):
        workspace.store.cycle.approved(rep, version.plan_id)

    decision = workspace.cycle.decide(manager, version.plan_id, approval(version, reason="Go."))

    assert (decision.subject_kind, decision.subject_hash) == (
        "territory", version.content.plan_hash,
    )  # fmt: skip
    assert workspace.store.cycle.approved(rep, version.plan_id).version == 1
    assert (
        workspace.cycle.decide(manager, version.plan_id, approval(version, reason="Go."))
        == decision
    ), "the same request again is the same decision"
    with pytest.raises(AlreadyDecided):
        workspace.cycle.decide(
            manager, version.plan_id, DecisionRequest(version=1, verdict="rejected", reason="No.")
        )
    # A remark makes a new version, and voids the approval.
    asked = workspace.cycle.draft_territory(rep, "R-282", remark="I am away in January.")
    assert (asked.version, asked.base_version, asked.status) == (2, 1, "in_review")
    assert [item.text for item in asked.content.remarks] == ["I am away in January."]
    with pytest.raises(ApprovalRequired):
        workspace.store.cycle.approved(rep, version.plan_id)
    with pytest.raises(PlanSuperseded, match="version 2 is the newest"):
        workspace.cycle.decide(manager, version.plan_id, approval(version))
    # There is no later book yet, so there is nothing to review.
    with pytest.raises(NoLaterBook, match="Nothing later than the book of 2026-11-13"):
        workspace.cycle.draft_review(manager, version.content.quarter)
    assert workspace.store.decisions.verify(workspace.principal("ines.moreau")) == []
    told = [entry.object for entry in workspace.audit_log(manager)]
    assert f"territory plan {version.plan_id}, Tobias Renner, {version.content.quarter}" in told


def test_bad_requests_are_told_apart_and_leave_nothing(workspace: Workspace) -> None:
    rep, manager = workspace.principal(REP), workspace.principal(MANAGER)

    with pytest.raises(NotFound, match="There is no rep 'R-283' in the book"):
        workspace.cycle.draft_territory(rep, "R-283")
    with pytest.raises(NotFound, match="There is no rep 'R-000' in the book"):
        workspace.cycle.draft_territory(manager, "R-000")
    with pytest.raises(InvalidInput, match="'soon' is no quarter"):
        workspace.cycle.draft_territory(rep, "R-282", quarter="soon")
    with pytest.raises(NothingToPlan, match="ended on"):
        workspace.cycle.draft_territory(rep, "R-282", quarter="2025Q1")
    with pytest.raises(NothingToPlan, match=r"R-280|Graham Pellew"):
        workspace.cycle.draft_territory(workspace.principal("ines.moreau"), "R-280")
    with pytest.raises(ApprovalRequired, match=r"No territory plan for .* is approved"):
        workspace.cycle.draft_review(manager)
    with pytest.raises(InvalidInput, match="characters"):
        workspace.cycle.draft_territory(rep, "R-282", remark="x" * 2_001)

    assert workspace.cycle.lines(workspace.principal("ines.moreau")) == []


class Killed(BaseException):
    """The process dies: nothing catches it."""


def reopened(home: Path, read_once: Reading) -> Workspace:
    opened = Workspace.open(read_settings(home=home))
    opened.store.books._remember(
        (opened.principal().workspace, read_once.book.book_id), read_once.book
    )
    return opened


def test_a_draft_and_a_decision_cut_short_are_taken_up_at_the_next_start(
    home: Path, read_once: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise Killed

    with reopened(home, read_once) as workspace, monkeypatch.context() as patch:
        patch.setattr(nodes, "save", dies)
        with pytest.raises(Killed):
            workspace.cycle.draft_territory(workspace.principal(REP), "R-282")

    with reopened(home, read_once) as workspace:
        manager = workspace.principal(MANAGER)
        version = workspace.cycle.territory(manager, "R-282")
        assert (version.version, version.status, version.created_by) == (1, "in_review", REP)
        with monkeypatch.context() as patch:
            patch.setattr(Effects, "take_effect", dies)
            with pytest.raises(Killed):
                workspace.cycle.decide(manager, version.plan_id, approval(version))

    with reopened(home, read_once) as workspace:
        found = workspace.store.cycle.approved(workspace.principal(REP), version.plan_id)
        assert found.version == 1
        assert workspace.store.effects.pending(workspace.principal("ines.moreau")) == []
