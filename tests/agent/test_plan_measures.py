"""The words of a plan's own record: its version, its period and its hours."""

from __future__ import annotations

import pytest

from agent.chat.checking import judge, ledger_of
from agent.chat.tools.plan_cells import hours_of, standing_of
from agent.claims import Filled, claim
from agent.plan_sources import Sources
from domain.evidence import Evidence
from tests.agent.chat.context_by_hand import chat_context
from tests.agent.drafting import draft_plan
from tests.agent.memory_records import MemoryRecords
from tests.agent.tiny_book import INES, planning_context

VERSION = draft_plan(planning_context(MemoryRecords()), "A-1").version
CELLS: dict[str, Evidence] = {**standing_of(VERSION), **hours_of(VERSION)}


def outcome(text: str, **slots: Filled) -> str:
    from tests.agent.chat.noted_book import noted

    context = chat_context(INES, on=noted())
    said, omissions = judge(
        context,
        [claim("s", "metric", "account:A-1", text, slots=slots)],
        ledger_of(context, CELLS.values(), {}),
    )
    return "struck" if omissions else said[0].outcome


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Its plan is at version {{x}}.", "supported"),
        ("It has {{x}} open deals.", "struck"),
        ("It has {{x}} of them.", "flagged"),
    ],
)
def test_a_version_is_called_a_version_and_counts_nothing_else(text: str, expected: str) -> None:
    assert outcome(text, x=(CELLS["version"], "number")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Its plan is running until {{x}}.", "supported"),
        ("Its orders end on {{x}}.", "struck"),
    ],
)
def test_the_end_of_a_plan_is_no_other_date(text: str, expected: str) -> None:
    assert outcome(text, x=(CELLS["end"], "date")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The plan takes {{x}} of the owner's selling hours.", "supported"),
        ("Its net spend is {{x}}.", "struck"),
    ],
)
def test_hours_of_a_plan_are_hours(text: str, expected: str) -> None:
    assert outcome(text, x=(CELLS["plan_hours"], "hours")) == expected


def test_a_source_that_is_the_record_of_plans_is_not_called_a_crm_record() -> None:
    context = chat_context(INES)
    ledger = ledger_of(context, CELLS.values(), {})
    sources = Sources(ledger, "USD")
    sources.cite(CELLS["status"])
    (view,) = sources.numbered()
    assert view.type_name == "Record of plans"
    assert view.title == f"Plan {VERSION.plan_id}"
