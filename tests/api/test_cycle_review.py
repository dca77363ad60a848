"""A quarter of the example from plan to review: what happened is found, told alike, and decided."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.cycle.context import CycleWriter
from agent.cycle.runs import CycleRuns
from agent.cycle.writers import EmbeddedCycleWriter
from api import cycle_context
from api.settings import read_settings
from api.workspace import Workspace
from domain.cycle_version import CycleVersion
from domain.decision import DecisionRequest, SectionVerdict, Waiver
from domain.errors import (
    AlreadyDecided,
    DecisionRefused,
    InvalidInput,
    NotFound,
    NotPermitted,
)
from domain.plan import SECTION_TITLES
from domain.record import canonical_json
from domain.review import OpensPlan, OpensScenario, ReviewContent
from eval.adversaries.scripted_cycle_writers import CycleLiar, CycleObedient
from eval.adversaries.scripted_writers import LINK
from tests.agent.cycle_records import CycleMemory
from tests.api.doors import VARIABLES

NEXT = Path(__file__).parents[2] / "examples/adventureworks-2027-02"
PLANTED = tomllib.loads((NEXT / "changes.toml").read_text(encoding="utf-8"))
QUARTER = "2026Q4"
MANAGER, ALL = "harriet.okonjo", "ines.moreau"
PLANNED = ("R-281", "R-282", "R-283")
STALE_PLAN = "A-328"


def waived(blockers: Any) -> tuple[Waiver, ...]:
    return tuple(
        Waiver(code=item.code, claim=item.claim, reason=f"Agreed: {item.hours_missing or 'yes'}.")
        for item in blockers
    )


def approve_territories(workspace: Workspace) -> None:
    manager = workspace.principal(MANAGER)
    for rep in PLANNED:
        version = workspace.cycle.draft_territory(manager, rep)
        assert version.content.quarter == QUARTER
        request = DecisionRequest(
            version=1, verdict="approved", waivers=waived(version.content.report.blockers)
        )
        workspace.cycle.decide(manager, version.plan_id, request)


def approve_account(workspace: Workspace, account: str) -> None:
    manager = workspace.principal(MANAGER)
    plan = workspace.draft_plan(manager, account)
    request = DecisionRequest(
        version=1,
        verdict="approved",
        sections=tuple(SectionVerdict(section=key, verdict="approved") for key in SECTION_TITLES),
        waivers=waived(plan.content.report.blockers),
    )
    workspace.decide(manager, plan.plan_id, request)


@pytest.fixture(scope="module")
def later(imported_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Plans approved on the first book, and then the second one imported."""
    home = shutil.copytree(imported_home, tmp_path_factory.mktemp("later") / "home")
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        with Workspace.open(read_settings(home=home)) as workspace:
            approve_territories(workspace)
            approve_account(workspace, STALE_PLAN)
            workspace.import_folder(workspace.principal(ALL), NEXT)
            yield workspace


@pytest.fixture(scope="module")
def review(later: Workspace) -> CycleVersion:
    return later.cycle.draft_review(later.principal(MANAGER), QUARTER)


@pytest.fixture(scope="module")
def content(review: CycleVersion) -> ReviewContent:
    assert isinstance(review.content, ReviewContent)
    return review.content


def subjects(content: ReviewContent) -> set[tuple[str, str]]:
    return {(trigger.kind, trigger.subject) for trigger in content.triggers}


def within(found: set[tuple[str, str]], planted: dict[str, Any]) -> bool:
    """A planted subject that ends in an account stands for what is below it, too."""
    kind, subject = planted["kind"], planted["subject"]
    return any(
        kind == known and (name == subject or name.startswith(f"{subject}/"))
        for known, name in found
    )


# What only scenarios can show; `tests/tools/cycle` makes one.
NOT_HERE = {"lock_expired"}


def test_every_planted_change_is_found_and_no_near_miss(later: Workspace) -> None:
    whole = later.cycle.draft_review(later.principal(ALL), QUARTER).content
    assert isinstance(whole, ReviewContent)
    found = subjects(whole)

    missed = [
        (item["kind"], item["subject"])
        for item in PLANTED["change"]
        if item["kind"] not in NOT_HERE and not within(found, item)
    ]
    assert missed == []
    assert len({item["kind"] for item in PLANTED["change"]}) >= 12
    false = [
        (item["kind"], item["subject"]) for item in PLANTED["near_miss"] if within(found, item)
    ]
    assert false == []


def test_a_manager_is_told_of_their_own_reps_and_of_no_others(
    later: Workspace, content: ReviewContent
) -> None:
    mine = later.principal(MANAGER).scope.reps
    assert set(content.reps) <= mine
    assert "R-297" in content.reps, "who joined and owns nothing yet is in it"
    assert {trigger.rep_id for trigger in content.triggers} - {None} <= mine
    for kind, subject in subjects(content):
        planted = [i for i in PLANTED["change"] if (i["kind"], i["subject"]) == (kind, subject)]
        assert all(item.get("rep_id") in {None, *mine} for item in planted)
    with pytest.raises(NotFound):
        later.cycle.review(later.principal("tobias.renner"), QUARTER)
    with pytest.raises(NotFound):
        later.cycle.version(
            later.principal("ilse.brandtner"), later.cycle.review(
                later.principal(MANAGER), QUARTER
            ).plan_id
        )  # fmt: skip


def money(measure: Any) -> Decimal:
    return Decimal(measure.actual.value or "0")


def test_week_month_and_quarter_agree_to_the_cent(later: Workspace, content: ReviewContent) -> None:
    manager = later.principal(MANAGER)
    month = later.cycle.month(manager, QUARTER)
    summed = {"bookings": Decimal(0), "touches": Decimal(0)}
    for row in content.data.territories:
        week = later.cycle.week(manager, row.rep_id, QUARTER)
        (line,) = [item for item in month.rows if item.rep_id == row.rep_id]
        shown = {m.metric: (m.plan.value, m.actual.value, m.gap.value) for m in row.measures}
        for page in (week.measures, line.measures):
            assert {m.metric: (m.plan.value, m.actual.value, m.gap.value) for m in page} == shown, (
                row.rep_id
            )
        for metric in summed:
            measure = row.measure(metric)
            assert measure is not None
            if metric == "bookings" or measure.plan.value is not None:
                summed[metric] += money(measure)

    for metric, total in summed.items():
        team = content.data.measure(metric)
        assert team is not None
        assert money(team) == total, metric
    assert later.cycle.data(manager, QUARTER) == content.data


def test_every_recommendation_has_a_citation_a_cost_a_gain_and_its_counter_case(
    later: Workspace, review: CycleVersion, content: ReviewContent
) -> None:
    ledger = later.cycle.ledger(later.principal(MANAGER), review)
    known = {trigger.trigger_id: trigger for trigger in content.triggers}

    assert 1 <= len(content.adjustments) <= 7
    for item in content.adjustments:
        cited = [evidence for key in item.triggers for evidence in known[key].evidence]
        assert cited
        assert all(evidence in ledger for evidence in cited)
        for side in (item.cost, item.gain, item.against):
            assert [figure for figure in side if figure.value is not None]
            assert all(figure.evidence_id in ledger for figure in side)
        for key in (f"adjustment.{item.number}", f"against.{item.number}"):
            sentence = content.report.sentence(key)
            assert sentence is not None, key
            assert sentence.claim.citations or sentence.claim.premises
    assert content.report.omissions == ()
    assert not [s for s in content.report.sentences if s.outcome in ("struck", "flagged")]


def test_the_same_ground_gives_the_same_version(later: Workspace, review: CycleVersion) -> None:
    assert later.cycle.draft_review(later.principal(MANAGER), QUARTER) == review


def written_by(later: Workspace, writer: CycleWriter) -> ReviewContent:
    """The same review on the same ground by another writer, kept in memory."""
    manager = later.principal(MANAGER)
    quarter = later.cycle.quarter(manager, QUARTER)
    about = cycle_context.review_about(later, manager, quarter)
    records = CycleMemory()
    context = replace(
        cycle_context.context_of(later, manager, about, kind="review"),
        writer=writer,
        records=records,
    )
    CycleRuns.on(InMemorySaver()).start(context, "r", "RV-1", about=about.text)
    content = records.cycle_version("RV-1").content
    assert isinstance(content, ReviewContent)
    return content


@pytest.mark.parametrize("writer", [CycleLiar(1), CycleObedient()], ids=["liar", "obedient"])
def test_a_liar_and_one_that_obeys_notes_change_nothing(
    later: Workspace, writer: CycleLiar | CycleObedient
) -> None:
    plain = written_by(later, EmbeddedCycleWriter())

    misled = written_by(later, writer)

    settled = ("data", "triggers", "adjustments", "not_proposed", "carried", "ledger_root")
    assert [getattr(misled, name) for name in settled] == [getattr(plain, name) for name in settled]
    assert misled.report.blockers == plain.report.blockers
    ours = [item for item in plain.report.sentences if item.section != "summary"]
    assert [item for item in misled.report.sentences if item.section != "summary"] == ours
    text = canonical_json(misled)
    assert LINK not in text
    assert "ignore previous instructions" not in text.lower()
    advice = [i.claim for i in misled.report.of("summary") if i.claim.kind == "recommendation"]
    assert not [claim for claim in advice if claim.key.startswith("model.")]
    if isinstance(writer, CycleLiar):
        assert misled.report.sentences == plain.report.sentences
        assert len(misled.report.omissions) >= len(writer.told)


def test_what_is_carried_forward_is_confirmed_by_a_person_before_approval(
    later: Workspace, review: CycleVersion, content: ReviewContent
) -> None:
    manager = later.principal(MANAGER)
    open_ = [item for item in content.carried if item.state != "holds"]
    assert open_
    codes = {blocker.code for blocker in content.report.blockers}
    assert "unconfirmed_claim" in codes

    with pytest.raises(DecisionRefused, match="has to be confirmed"):
        later.cycle.decide(manager, review.plan_id, DecisionRequest(version=1, verdict="approved"))
    with pytest.raises(NotPermitted):
        later.cycle.decide(
            later.principal(ALL), review.plan_id, DecisionRequest(version=1, verdict="approved")
        )
    assert later.cycle.review(manager, QUARTER).status == "in_review"


def first(content: ReviewContent, kind: type) -> int:
    return next(item.number for item in content.adjustments if isinstance(item.opens, kind))


def test_accepting_opens_a_plan_that_waits_and_declining_opens_nothing(
    later: Workspace, review: CycleVersion, content: ReviewContent
) -> None:
    manager = later.principal(MANAGER)
    number = first(content, OpensPlan)
    yes = DecisionRequest(version=1, verdict="approved", reason="Do it.")

    with pytest.raises(NotPermitted):
        later.cycle.adjust(later.principal(ALL), review.plan_id, number, yes)
    with pytest.raises(DecisionRefused, match="accepted or declined"):
        later.cycle.adjust(
            manager, review.plan_id, number,
            DecisionRequest(version=1, verdict="returned", reason="Hm."),
        )  # fmt: skip
    done = later.cycle.adjust(manager, review.plan_id, number, yes)

    assert done.opened is not None
    assert done.opened.kind == "plan"
    plan = later.plan_version(manager, done.opened.id)
    assert plan.status == "in_review", "it waits for a decision of its own"
    assert later.cycle.adjust(manager, review.plan_id, number, yes) == done
    with pytest.raises(AlreadyDecided):
        later.cycle.adjust(
            manager, review.plan_id, number,
            DecisionRequest(version=1, verdict="rejected", reason="No."),
        )  # fmt: skip
    other = next(i.number for i in content.adjustments if i.number != number)
    with pytest.raises(DecisionRefused, match="rejected without a reason"):
        later.cycle.adjust(
            manager, review.plan_id, other, DecisionRequest(version=1, verdict="rejected")
        )
    with pytest.raises(NotFound, match="no recommendation 99"):
        later.cycle.adjust(manager, review.plan_id, 99, yes)
    states = {item.number: item for item in later.cycle.adjusted(manager, review.plan_id)}
    assert states[number].opened == done.opened
    assert states[other].decision is None


def test_accepting_a_leavers_repair_opens_a_scenario_and_assigns_nobody(
    later: Workspace, review: CycleVersion, content: ReviewContent
) -> None:
    manager = later.principal(MANAGER)
    number = first(content, OpensScenario)
    owners = dict(later.reading(manager).book.owners)

    done = later.cycle.adjust(
        manager, review.plan_id, number,
        DecisionRequest(version=1, verdict="approved", reason="Find owners."),
    )  # fmt: skip

    assert done.opened is not None
    assert (done.opened.kind, done.opened.problem) == ("scenario", "")
    scenario = later.store.scenarios.version(manager, done.opened.id)
    assert scenario.status == "draft"
    assert later.reading(manager).book.owners == owners


def test_a_review_of_books_in_the_wrong_order_is_refused(
    later: Workspace, review: CycleVersion
) -> None:
    house = later.principal(ALL)
    manager = later.principal(MANAGER)
    books = {entry.as_of.isoformat(): entry.book_id for entry in later.store.books.list(house)}
    newest = books["2027-02-12"]
    plan = later.cycle.draft_territory(manager, "R-285", quarter="2027Q1")
    later.cycle.decide(
        manager, plan.plan_id,
        DecisionRequest(
            version=1, verdict="approved", waivers=waived(plan.content.report.blockers)
        ),
    )  # fmt: skip
    later.store.books.use(house, books["2026-11-13"])
    try:
        with pytest.raises(InvalidInput, match="The books are in the wrong order"):
            later.cycle.draft_review(manager, "2027Q1")
    finally:
        later.store.books.use(house, newest)


def test_sentences_hold_no_ids_and_no_loose_ends(content: ReviewContent) -> None:
    for item in content.report.sentences:
        bare = re.sub(r"\{\{\w+\}\}", "X", item.claim.text)
        assert not re.search(r"[RACO]-\d|\bNone\b|\bnan\b|\{|\}|  ", bare), bare
        assert bare[0].isupper() or bare.startswith(("X", "“"))
        assert bare.rstrip("”").endswith((".", "!", "?", "X"))
