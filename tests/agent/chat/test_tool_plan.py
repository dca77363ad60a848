"""The plan of an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from agent.chat.context import ChatContext, PlanRow
from agent.chat.tools.plan import TOOL
from agent.chat.tools.plan_cells import hours_of
from agent.context import PlanningContext
from agent.embedded_writer import EmbeddedWriter
from domain.plan import Blocker, PlanStatus, PlanVersion
from tests.agent.chat.context_by_hand import (
    chat_context,
    example,
    judged,
    person,
    sentences,
    use,
    whole_documents,
)
from tests.agent.chat.fake_desk import FakeDesk
from tests.agent.drafting import Drafted, draft_plan
from tests.agent.memory_records import MemoryRecords


@cache
def drafted(account: str) -> Drafted:
    """The example's plan of an account, by the rules alone."""
    ground, ops = example(), person("ines.moreau")
    context = PlanningContext(
        principal=ops,
        book=ground.book,
        coverage=ground.coverage,
        analyses=ground.analyses,
        vocabulary=ground.vocabulary,
        retrieve=whole_documents(ground.book, ops),
        writer=EmbeddedWriter(),
        records=MemoryRecords(),
    )
    return draft_plan(context, account)


def at_desk(
    account: str,
    version: PlanVersion | None = None,
    *,
    blockers: int = 0,
    stale: bool = False,
    who: str = "tobias.renner",
) -> ChatContext:
    plan = drafted(account)
    version = version or plan.version
    content = version.content
    row = PlanRow(
        plan_id=version.plan_id, account_id=account, account_name=content.account_name,
        owner_id=content.owner_id, owner_name=content.owner_name, version=version.version,
        approved_version=None, status=version.status, blockers=blockers, stale=stale,
    )  # fmt: skip
    return chat_context(
        who,
        desk=FakeDesk(
            plan_rows=[row],
            versions={row.plan_id: version},
            ledgers={row.plan_id: plan.ledger},
        ),
    )


def test_the_newest_plan_is_told_with_status_hours_objective_and_plays() -> None:
    context = at_desk("A-697")

    told = use(TOOL, context, account_id="A-697")
    said = sentences(context, told)

    # The period begins on the first Monday after 13 November 2026 and takes 90 days.
    assert said[0] == (
        "The plan of Brakes and Gears is in review: version 1, running from 16 Nov 2026 to "
        "13 Feb 2027."
    )
    assert said[1].startswith("It takes 25.72 h of the owner's 318 h selling hours in that time")
    assert said[2] == "Close the deal January mountain order at $99K."
    assert told.notes == (
        "Next, a manager who sees the account gives a verdict on the review page.",
    )
    (artifact,) = told.artifacts
    assert (artifact.type, artifact.version, artifact.link) == (
        "plan", 1, "/plans/P-A-697?v=1",
    )  # fmt: skip
    assert told.focus.plan_id == "P-A-697"
    (table,) = told.tables
    assert [row[0].text for row in table.rows][:2] == ["1. meeting", "2. internal work"]


@pytest.mark.parametrize("account", ["A-697", "A-085", "A-205", "A-599", "A-154", "A-448"])
def test_every_sentence_of_a_plan_that_is_told_passes_as_it_did_in_the_plan(account: str) -> None:
    context = at_desk(account, who="ines.moreau")
    told = use(TOOL, context, account_id=account)
    said, omissions = judged(context, told)
    assert not omissions
    assert [item.claim for item in said] == list(told.claims)
    assert {item.outcome for item in said} == {"supported"}


def test_the_evidence_is_the_plans_own_and_no_more_than_it_rests_on() -> None:
    context = at_desk("A-697")
    ledger = drafted("A-697").ledger
    told = use(TOOL, context, account_id="A-697")
    facts = {item.id: item for item in told.evidence}
    for claim in told.claims:
        if claim.key.startswith("plan."):
            assert {item.evidence_id for item in claim.citations} <= set(ledger.entries)
    assert len(facts) < len(ledger.entries)
    assert set(told.texts) <= set(ledger.texts)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("in_review", "Next, a manager"),
        ("approved", "It is in force"),
        ("returned", "Next, it has to be revised"),
        ("rejected", "It was turned down"),
        ("superseded", "A newer version"),
    ],
)
def test_who_decides_what_next_follows_from_the_status(status: PlanStatus, words: str) -> None:
    version = drafted("A-697").version.model_copy(update={"status": status})
    context = at_desk("A-697", version)
    told = use(TOOL, context, account_id="A-697")
    assert told.notes[0].startswith(words)
    assert f"is {status.replace('_', ' ')}: version 1" in sentences(context, told)[0]


def test_what_blocks_an_approval_is_listed_while_the_plan_is_in_review() -> None:
    version = drafted("A-697").version
    blocker = Blocker(
        code="over_capacity", section="plays", message="The plays take too long.", remedy="override"
    )
    report = version.content.report.model_copy(update={"blockers": (blocker,)})
    content = version.content.model_copy(update={"report": report})
    blocked = version.model_copy(update={"content": content})

    told = use(TOOL, at_desk("A-697", blocked, blockers=1), account_id="A-697")

    assert told.notes[0].startswith("Something blocks its approval")
    assert [[cell.text for cell in row] for row in told.tables[-1].rows] == [
        ["The plays take too long."]
    ]
    approved = blocked.model_copy(update={"status": "approved"})
    told = use(TOOL, at_desk("A-697", approved, blockers=1), account_id="A-697")
    assert all(table.title == "Plays" for table in told.tables)


def test_a_plan_of_an_earlier_book_keeps_its_quotes_and_leaves_its_figures_to_its_page() -> None:
    version = drafted("A-697").version
    content = version.content.model_copy(
        update={"as_of": version.content.as_of - timedelta(days=7)}
    )
    old = version.model_copy(update={"content": content})
    context = at_desk("A-697", old, stale=True)

    told = use(TOOL, context, account_id="A-697")

    assert "needs a re-check" in told.notes[1]
    assert "its figures are read on its own page" in told.notes[2]
    said = sentences(context, told)
    assert any("in writing by 11 December" in text for text in said)
    assert not any("Net spend" in text for text in said)


def test_where_there_is_no_plan_it_offers_a_draft_only_where_one_is_made() -> None:
    context = chat_context("ines.moreau")
    tiers, owners = context.analyses.tiers, context.book.owners
    unowned = next(key for key, owner in owners.items() if owner is None)
    automated = next(
        key
        for key, owner in owners.items()
        if owner and context.coverage.tier(tiers.of(key)).plan == "none"
    )

    def told(account: str) -> tuple[str, bool]:
        found = use(TOOL, context, account_id=account)
        drafts = any(offer.text == f"/draft {account}" for offer in found.offers)
        return found.notes[0], drafts

    assert told("A-697") == ("There is no plan yet.", True)
    assert told(unowned) == (
        "There is no plan, and none is drafted: no rep owns the account.", False,
    )  # fmt: skip
    assert told(automated) == ("There is no plan, and none is drafted: its tier gets none.", False)


def test_the_desk_is_asked_the_same_whatever_the_plan_says() -> None:
    context = at_desk("A-697")
    use(TOOL, context, account_id="A-697")
    assert isinstance(context.desk, FakeDesk)
    assert context.desk.asked == [
        ("plans", "A-697"), ("plan_version", "P-A-697", 1), ("plan_ledger", "P-A-697", 1),
    ]  # fmt: skip


def test_hours_of_a_schedule_are_written_as_evidence_writes_them() -> None:
    version = drafted("A-697").version
    schedule = version.content.schedule.model_copy(update={"plan_hours": "25.50"})
    content = version.content.model_copy(update={"schedule": schedule})
    hours = hours_of(version.model_copy(update={"content": content}))
    assert hours["plan_hours"].value == "25.5"


def test_a_plan_out_of_scope_is_told_as_none() -> None:
    # The desk applies the scope: what it does not list does not exist.
    context = replace(at_desk("A-697"), desk=FakeDesk())
    assert use(TOOL, context, account_id="A-697").notes == ("There is no plan yet.",)
