"""A chat turn's context over the example book, or over any book, without a home or a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from agent.chat.checking import judge, ledger_of
from agent.chat.context import ChatContext, Desk
from agent.chat.tool import AnyTool, Told
from agent.context import Retrieve
from agent.vocabulary import build_vocabulary
from api.people import People, parse_people
from crm.importer import import_book
from domain.book import Book
from domain.chat import EventType, Said
from domain.coverage import CoverageModel, parse_coverage
from domain.errors import NotFound
from domain.evidence import DocumentSource, Evidence, Ledger
from domain.principal import Principal
from domain.record import text_hash
from domain.vocabulary import Vocabulary
from tests.agent.chat.fake_desk import FakeDesk
from tools.analyses import Analyses, analyse

EXAMPLE = Path(__file__).parents[3] / "examples" / "adventureworks"


@dataclass(frozen=True)
class Ground:
    """A book, its rules and what was worked out from them, once for all tests."""

    book: Book
    coverage: CoverageModel
    analyses: Analyses
    vocabulary: Vocabulary


@dataclass
class MemoryTurnRecords:
    """Fulfils `agent.chat.context.TurnRecords` in memory."""

    texts: dict[str, str] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)

    def keep(self, kind: str, payload: str) -> str:
        self.texts[text_hash(payload)] = payload
        return text_hash(payload)

    def fetch(self, digest: str) -> str:
        if digest not in self.texts:
            raise NotFound(f"There is no kept text {digest!r}.")
        return self.texts[digest]

    def keep_ledger(self, ledger: Ledger, *, book_id: str, as_of: date) -> str:
        self.ledgers[ledger.root] = ledger
        return ledger.root


@dataclass
class Heard:
    """Fulfils `agent.chat.context.Tell`: everything that was told, in order."""

    events: list[tuple[EventType, Mapping[str, JsonValue]]] = field(default_factory=list)

    def __call__(self, type: EventType, data: Mapping[str, JsonValue]) -> None:
        self.events.append((type, data))


@cache
def example() -> Ground:
    """The example book, imported and analysed once a session."""
    coverage = parse_coverage((EXAMPLE / "coverage.toml").read_text())
    return ground(import_book(EXAMPLE), coverage)


def ground(book: Book, coverage: CoverageModel) -> Ground:
    """Analyse a book under rules."""
    return Ground(book, coverage, analyse(book, coverage), build_vocabulary(book, coverage))


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
        retrieve=retrieve or whole_documents(on.book, principal),
        desk=desk or FakeDesk(),
        records=MemoryTurnRecords(),
        tell=Heard(),
    )
    return replace(context, **changes)


def whole_documents(book: Book, principal: Principal) -> Retrieve:
    """Retrieve each document about an account and its segment as one passage, newest first."""

    def retrieve(account_id: str, query: str, k: int) -> Sequence[Evidence]:
        account = book.rows("accounts").get(account_id)
        if account is None or not principal.scope.covers(book.owners[account_id]):
            raise NotFound(f"There is no account {account_id!r} in the book.")
        found = [
            passage
            for key, row in book.rows("documents").items()
            if row["account_id"] == account_id
            or (row["segment"] == account["segment"] and row["kind"] in ("market", "competitive"))
            for passage in [document_passage(book, key)]
        ]
        found.sort(key=lambda item: (item.period, item.entity), reverse=True)
        return found[:k]

    return retrieve


def document_passage(book: Book, document_id: str) -> Evidence:
    """A whole document as one span of evidence, as the notes index gives spans."""
    row = book.rows("documents")[document_id]
    account = _text(row["account_id"])
    about = f"account:{account}" if account else f"segment:{row['segment']}"
    published = _day(row["published"])
    return Evidence(
        entity=f"{about}/document:{document_id}",
        metric="span",
        value=str(row["text"]),
        unit="text",
        period=published.isoformat() if published else "",
        source=DocumentSource(
            document_hash=text_hash(str(row["text"])),
            start=0,
            end=len(str(row["text"])),
            document_id=document_id,
            document_kind=str(row["kind"]),
            title=str(row["title"]),
            author=_text(row["author"]),
            author_class=row["author_class"],
            publisher=_text(row["publisher"]),
            uri=_text(row["uri"]),
            published=published,
            retrieved=_day(row["retrieved"]),
        ),
        scope="" if account is None else (book.owners[account] or "(unowned)"),
    )


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


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _day(value: Any) -> date | None:
    return None if value is None or value != value else value.date()
