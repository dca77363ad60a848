"""What holds of every tool that looks accounts up, whoever asks and whatever the account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from agent.chat.checking import ledger_of
from agent.chat.context import ChatContext
from agent.chat.scope import accounts_in_scope
from agent.chat.tool import AnyTool, Told
from agent.chat.tools import brief, compare, find, notes, people, plan, why
from agent.verifier.markup import is_plain
from domain.book import frame
from domain.errors import NotFound
from domain.evidence import CalculationSource
from domain.principal import Principal
from tests.agent.chat.context_by_hand import Ground, chat_context, example, judged, use
from tests.agent.chat.hostile_book import LINK, NAMES, ORDERS, hostile
from tests.agent.tiny_book import BO, INES, OPS

OF_ONE = (why.TOOL, brief.TOOL, people.TOOL, plan.TOOL)
PEOPLE = ("tobias.renner", "ilse.brandtner", "ines.moreau")
SAMPLED = 20
"""For each of the people: with every tier, the unowned and the noted about 90 in all."""


def sampled(context: ChatContext) -> list[str]:
    """Accounts of every tier spread over the ranking, those with notes, and the unowned."""
    accounts = accounts_in_scope(context)
    step = max(len(accounts) // SAMPLED, 1)
    tiers = context.analyses.tiers.table["tier"]
    of_each_tier = {tiers[account]: account for account in accounts}
    unowned = [account for account in accounts if context.book.owners[account] is None][:3]
    noted = [account for account in accounts if context.book.of_account("documents", account)][:8]
    return list(dict.fromkeys([*accounts[::step], *of_each_tier.values(), *unowned, *noted]))


def answers(context: ChatContext, accounts: list[str]) -> Iterator[tuple[AnyTool, str, Told]]:
    """Every tool's answer about each of the accounts."""
    for place, account in enumerate(accounts):
        for tool in OF_ONE:
            yield tool, account, use(tool, context, account_id=account)
        other = accounts[place - 1]
        yield compare.TOOL, account, use(compare.TOOL, context, account_id=account, other_id=other)
        query = "delivery date price decision season"
        yield notes.TOOL, account, use(notes.TOOL, context, query=query, account_id=account)
        name = str(context.book.rows("accounts")[account]["name"])
        yield find.TOOL, account, use(find.TOOL, context, query=name)


@pytest.mark.parametrize("person", PEOPLE)
def test_every_sentence_of_every_tool_passes_the_verifier_unchanged(person: str) -> None:
    context = chat_context(person)
    accounts = sampled(context)
    assert len(accounts) >= min(SAMPLED, len(accounts_in_scope(context)))
    count = 0
    for tool, account, told in answers(context, accounts):
        said, omissions = judged(context, told)
        assert not omissions, (tool.name, account, omissions)
        assert [item.claim for item in said] == list(told.claims)
        # Screening keeps stale and undated notes out, so that nothing is weak either.
        weak = [item.text for item in said if item.outcome != "supported"]
        assert not weak, (tool.name, account, weak)
        count += len(said)
    assert count > 20 * len(accounts)


@pytest.mark.parametrize("person", PEOPLE)
def test_what_is_cited_is_there_with_everything_it_was_worked_out_from(person: str) -> None:
    context = chat_context(person)
    for tool, account, told in answers(context, sampled(context)[::6]):
        known = {item.id: item for item in told.evidence}
        cited = [citation.evidence_id for claim in told.claims for citation in claim.citations]
        cells = [cell.evidence_id for table in told.tables for row in table.rows for cell in row]
        for key in [*cited, *(key for key in cells if key)]:
            assert key in known, (tool.name, account)
        for item in known.values():
            if isinstance(item.source, CalculationSource):
                assert set(item.source.parents) <= set(known), (tool.name, account, item.metric)
        assert told.shown is None or 0 <= told.shown <= len(told.evidence)
        assert len(ledger_of(context, told.evidence, told.texts).entries) == len(known)


@pytest.mark.parametrize("person", ["tobias.renner", "ilse.brandtner"])
def test_no_evidence_of_any_tool_lies_outside_the_scope(person: str) -> None:
    context = chat_context(person)
    for tool, account, told in answers(context, sampled(context)[::4]):
        for item in told.evidence:
            owner = item.scope or None
            assert owner is None or context.principal.scope.covers(owner), (tool.name, account)


def test_an_account_that_is_missing_and_one_of_somebody_else_look_alike() -> None:
    context = chat_context("tobias.renner")
    foreign = next(
        account for account, owner in example().book.owners.items() if owner not in (None, "R-282")
    )
    unowned = next(account for account, owner in example().book.owners.items() if owner is None)
    for tool in (*OF_ONE, compare.TOOL, notes.TOOL):
        told = set()
        for account in (foreign, unowned, "A-9999"):
            mine: dict[str, JsonValue] = {"other_id": "A-697", "query": "price"}
            with pytest.raises(NotFound) as refused:
                use(tool, context, account_id=account, **_taken(tool, mine))
            told.add(f"{refused.value.message} {refused.value.hint}".replace(account, "?"))
        assert len(told) == 1, tool.name
    with pytest.raises(NotFound):
        use(compare.TOOL, context, account_id="A-697", other_id=foreign)


def _taken(tool: AnyTool, given: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in given.items() if name in tool.arguments.model_fields}


@pytest.mark.parametrize("reader", [INES, BO, OPS])
def test_attacks_in_crm_fields_and_notes_never_reach_a_sentence_a_table_or_an_offer(
    reader: Principal,
) -> None:
    context = chat_context(reader, on=hostile())
    accounts = list(accounts_in_scope(context))
    for tool, account, told in answers(context, accounts):
        said, omissions = judged(context, told)
        assert not omissions, (tool.name, account, omissions)
        shown = [item.text for item in said] + list(told.notes)
        facts = {item.id: item for item in told.evidence}
        shown += [
            facts[cell.evidence_id].value if cell.evidence_id else cell.text
            for table in told.tables
            for row in table.rows
            for cell in row
        ]
        shown += [text for offer in told.offers for text in (offer.label, offer.text)]
        for text in shown:
            assert is_plain(text), (tool.name, account, text)
            assert len(text) < 700
            for attack in (*NAMES.values(), *ORDERS, LINK, "Kelmark", "salary", "approve"):
                assert attack not in text, (tool.name, account, text)


def test_an_account_whose_name_cannot_be_said_is_told_by_its_id() -> None:
    context = chat_context(INES, on=hostile())

    (standing, *_) = judged(context, use(why.TOOL, context, account_id="A-1"))[0]

    assert standing.text.startswith("A-1 is Tier")


@settings(max_examples=12)
@given(text=st.text(max_size=300))
def test_no_text_in_a_note_changes_what_is_looked_up_or_any_figure(text: str) -> None:
    clean = hostile()
    note = {
        "document_id": "D-X", "account_id": "A-1", "kind": "note", "title": "Call",
        "author_class": "internal", "published": "2026-11-01", "text": text or "-",
    }  # fmt: skip
    book = replace(
        clean.book, tables={**clean.book.tables, "documents": frame("documents", [note])}
    )
    noted = Ground(book, clean.coverage, clean.analyses, clean.vocabulary)

    def told(ground: Ground) -> list[object]:
        context = chat_context(INES, on=ground)
        found = [use(tool, context, account_id="A-1") for tool in OF_ONE]
        return [
            [(item.text, item.slots) for item in one.claims if item.kind != "quote"]
            + [(table.title, len(table.rows)) for table in one.tables]
            + [one.rows]
            + [item.id for item in one.evidence[: one.shown] if item.kind != "document"]
            for one in found
        ]

    assert told(noted) == told(clean)


def test_every_tool_says_something_of_every_account_whoever_asks() -> None:
    for reader in (INES, BO, OPS):
        context = chat_context(reader, on=hostile())
        for account in accounts_in_scope(context):
            for tool in OF_ONE:
                assert use(tool, context, account_id=account).claims, (tool.name, account)
