"""A missing relative, or a line that sister sites buy, in one sentence of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from agent.beyond import beyond
from agent.context import PlanningContext
from agent.render import render
from agent.vocabulary import build_vocabulary
from domain.book import frame
from domain.evidence import Evidence
from tests.agent.memory_records import MemoryRecords
from tests.agent.notes_by_hand import ACCOUNT, AS_OF, brief, cell, checked, drafted, record
from tests.agent.tiny_book import BOOK, COVERAGE, planning_context
from tools.analyses import analyse

COMPANY = {
    "company_id": "M-1", "name": "Alder North", "parent_account_id": "A-1", "segment": "Bike Shop",
    "country": "US", "source": "Trade Register", "observed": "2026-10-01",
}  # fmt: skip


def context(*companies: Mapping[str, Any]) -> PlanningContext:
    """The tiny book with companies of the market."""
    known = frame("market_companies", companies)
    book = replace(BOOK, tables={**BOOK.tables, "market_companies": known})
    made: PlanningContext = planning_context(MemoryRecords())
    return replace(
        made,
        book=book,
        analyses=analyse(book, COVERAGE),
        vocabulary=build_vocabulary(book, COVERAGE),
    )


def entities(found: list[Evidence]) -> set[str]:
    return {item.entity for item in found}


def test_a_plan_may_cite_the_relatives_of_its_account_alone() -> None:
    other = {**COMPANY, "company_id": "M-2", "parent_account_id": "A-2"}
    found = beyond(context(COMPANY, other), "A-1")

    assert entities(found) == {"account:A-1/relative:M-1"}
    assert {item.metric for item in found} == {
        "name", "source", "observed", "worth", "chance", "potential",
    }  # fmt: skip
    assert {item.scope for item in found} == {"R-1"}


@pytest.mark.parametrize("lacking", ["source", "observed"])
def test_a_relative_without_source_or_date_stays_out_of_plans(lacking: str) -> None:
    assert beyond(context({**COMPANY, lacking: None}), "A-1") == []


def test_an_account_without_relatives_or_family_costs_no_look_at_the_market() -> None:
    alone = context({**COMPANY, "parent_account_id": "A-2"})
    assert beyond(alone, "A-1") == []
    assert alone.analyses._markets == {}


def relative(key: str = "M-1", worth: str = "12400", name: str = "Alder North") -> list[Evidence]:
    entity = f"{ACCOUNT}/relative:{key}"
    return [
        record(entity, "name", name, "name"),
        record(entity, "source", "Trade Register", "name"),
        record(entity, "observed", "2026-10-01", "date"),
        cell("worth", worth, "money", entity=entity, period=AS_OF.isoformat()),
    ]


def site(line: str = "Wheels") -> list[Evidence]:
    entity = f"{ACCOUNT}/site:{line}"
    return [
        cell("line", line, "name", entity=entity, period=AS_OF.isoformat()),
        cell("sister_spend", "3300", "money", entity=entity),
        cell("worth", "1500", "money", entity=entity, period=AS_OF.isoformat()),
    ]


def told(*facts: Evidence) -> dict[str, str]:
    ledger = brief(*facts).ledger
    return {
        claim.key: "".join(part.text for part in render(claim, ledger, "USD"))
        for claim in drafted(*facts).whitespace
    }


def test_the_best_relative_is_one_sentence_with_its_source_and_passes_the_verifier() -> None:
    facts = [*relative(), *relative("M-2", "900", "Alder South"), *site()]

    assert told(*facts)["space.relative"] == (
        "Alder North belongs to it and is no account yet, says Trade Register, 1 Oct 2026: worth "
        "about $12.4K a year, as such companies go."
    )
    assert "space.site" not in told(*facts)
    assert [item for item in checked(*facts).claims if item.outcome != "supported"] == []


def test_a_line_that_sister_sites_buy_is_told_with_their_spend() -> None:
    assert told(*site())["space.site"] == (
        "Its sister sites spend $3.3K a year on Wheels and it does not: worth about $1.5K a year."
    )
    assert [item for item in checked(*site()).claims if item.outcome != "supported"] == []


def test_a_name_that_is_no_plain_text_is_not_written() -> None:
    assert told(*relative(name="<b>Alder</b> [x](http://example.com)")) == {}
