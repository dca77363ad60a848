"""A chat turn's context over the example book, or over any book, without a home or a store."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from agent.chat.checking import judge, ledger_of
from agent.chat.context import ChatContext, Desk
from agent.chat.tool import AnyTool, Told
from agent.context import Retrieve
from api.people import People, parse_people
from crm.importer import import_book
from domain.book import Book
from domain.chat import Said
from domain.coverage import CoverageModel, parse_coverage
from domain.principal import Principal
from eval.chat.ground import Ground, Heard, TurnMemory, whole_documents
from tests.agent.chat.fake_desk import FakeDesk

EXAMPLE = Path(__file__).parents[3] / "examples" / "adventureworks"


@cache
def example() -> Ground:
    """The example book, imported and analysed once a session."""
    coverage = parse_coverage((EXAMPLE / "coverage.toml").read_text())
    return ground(import_book(EXAMPLE), coverage)


def ground(book: Book, coverage: CoverageModel) -> Ground:
    """Analyse a book under rules."""
    return Ground.of(book, coverage)


@cache
def people() -> People:
    """The example's people file."""
    return parse_people((EXAMPLE / "people.toml").read_text())


def person(name: str) -> Principal:
    """One of the example's people, such as `tobias.renner`."""
    return people().principal(name)


def chat_context(
    who: Principal | str = "ines.moreau",
    *,
    on: Ground | None = None,
    desk: Desk | None = None,
    retrieve: Retrieve | None = None,
    **changes: Any,
) -> ChatContext:
    """Return what a turn is given.

    `who` is a person of the example or any principal; `on` the example's ground unless told
    otherwise; `desk` an empty `FakeDesk`; `retrieve` gives every document of the account
    and its segment's intelligence whole, newest first, whatever is asked. `changes` set
    other fields of `ChatContext`.
    """
    on = on or example()
    principal = person(who) if isinstance(who, str) else who
    context = ChatContext(
        principal=principal,
        book=on.book,
        coverage=on.coverage,
        analyses=on.analyses,
        vocabulary=on.vocabulary,
        retrieve=retrieve or whole_documents(on.book, principal, intelligence=True),
        desk=desk or FakeDesk(),
        records=TurnMemory(),
        tell=Heard(),
    )
    return replace(context, **changes)


def use(tool: AnyTool, context: ChatContext, **arguments: JsonValue) -> Told:
    """Run a tool; arguments left out are null, and the rest are read as from JSON."""
    given = {name: arguments.get(name) for name in tool.arguments.model_fields}
    told = tool.run(context, tool.arguments.model_validate(given))
    assert isinstance(told, Told)
    return told


def judged(context: ChatContext, told: Told) -> tuple[tuple[Said, ...], tuple[str, ...]]:
    """What the verifier makes of a tool's own claims."""
    return judge(context, told.claims, ledger_of(context, told.evidence, told.texts))


def sentences(context: ChatContext, told: Told) -> list[str]:
    """A tool's own answer as a reader sees it; nothing may have been struck."""
    said, omissions = judged(context, told)
    assert not omissions, omissions
    return [item.text for item in said]
