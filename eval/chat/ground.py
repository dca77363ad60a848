"""A chat turn in memory: a context over any book, a desk that counts what is asked of it.

Nothing is stored and nothing is served. What a turn did can be looked at from every side:
the calls that were made, every fact a tool handed over, what was asked of the desk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from pydantic import JsonValue

from agent.chat.context import (
    ChatContext,
    Drafted,
    PlanRow,
    ScenarioRow,
    StepTold,
    WaitingRow,
)  # fmt: skip
from agent.chat.state import Asked, Result
from agent.context import Retrieve
from agent.model.protocol import ChatModel
from agent.vocabulary import build_vocabulary
from domain.book import Book
from domain.chat import Answer, EventType, Focus
from domain.coverage import CoverageModel
from domain.errors import NotFound
from domain.evidence import DocumentSource, Evidence, Ledger
from domain.principal import Principal
from domain.record import text_hash
from domain.vocabulary import Vocabulary
from tools.analyses import Analyses, analyse

if TYPE_CHECKING:
    from agent.chat.turns import ChatTurns


@dataclass(frozen=True)
class Ground:
    """A book, its rules and what was worked out from them."""

    book: Book
    coverage: CoverageModel
    analyses: Analyses
    vocabulary: Vocabulary

    @classmethod
    def of(cls, book: Book, coverage: CoverageModel) -> Ground:
        """Analyse a book under rules."""
        return cls(book, coverage, analyse(book, coverage), build_vocabulary(book, coverage))


@dataclass
class TurnMemory:
    """Fulfils `agent.chat.context.TurnRecords` in memory; keeps what tools handed over."""

    texts: dict[str, str] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    ledgers: dict[str, Ledger] = field(default_factory=dict)

    def keep(self, kind: str, payload: str) -> str:
        """Keep a text under its digest."""
        digest = text_hash(payload)
        if kind == "result" and digest not in self.texts:
            self.results.append(Result.model_validate_json(payload))
        self.texts[digest] = payload
        return digest

    def fetch(self, digest: str) -> str:
        """Return a kept text."""
        if digest not in self.texts:
            raise NotFound(f"There is no kept text {digest!r}.")
        return self.texts[digest]

    def keep_ledger(self, ledger: Ledger, *, book_id: str, as_of: date) -> str:
        """Keep a ledger."""
        self.ledgers[ledger.root] = ledger
        return ledger.root

    @property
    def evidence(self) -> list[Evidence]:
        """Every fact that a tool handed over."""
        return [item for result in self.results if result.told for item in result.told.evidence]


@dataclass
class BookDesk:
    """Fulfils `agent.chat.context.Desk` with a book's documents and nothing else.

    `effects` lists what was asked of it that writes. It refuses, and a test counts.
    """

    book: Book
    principal: Principal
    effects: list[tuple[str, ...]] = field(default_factory=list)

    def plans(self, account_id: str | None = None) -> Sequence[PlanRow]:
        """No plans."""
        return ()

    def plan(self, plan_id: str, version: int | None = None) -> NoReturn:
        """No plan."""
        raise NotFound(f"There is no plan {plan_id!r} among those you see.")

    plan_version = plan_ledger = plan

    def search_notes(self, query: str, k: int) -> Sequence[Evidence]:
        """The newest documents in scope that share a word with the query."""
        words = {word for word in query.lower().split() if len(word) > 3}
        found = [
            passage(self.book, key)
            for key, row in self.book.rows("documents").items()
            if isinstance(row["account_id"], str)
            and self.principal.scope.covers(self.book.owners[row["account_id"]])
            and (not words or words & set(str(row["text"]).lower().split()))
        ]
        found.sort(key=lambda item: (item.period, item.entity), reverse=True)
        return found[:k]

    def approved_plans(self, rep_id: str) -> Sequence[Any]:
        """No plans."""
        return ()

    def waiting(self) -> Sequence[WaitingRow]:
        """Nothing waits."""
        return ()

    def scenarios(self) -> Sequence[ScenarioRow]:
        """No scenarios."""
        return ()

    def scenario(self, scenario_id: str) -> NoReturn:
        """No scenario."""
        raise NotFound(f"There is no scenario {scenario_id!r} among those you see.")

    def draft(self, account_id: str, remark: str, told: StepTold) -> Drafted:
        """Note the attempt and refuse."""
        self.effects.append(("draft", account_id, remark))
        raise NotFound("This desk drafts nothing.")

    def revise(self, plan_id: str, remark: str, told: StepTold) -> Drafted:
        """Note the attempt and refuse."""
        self.effects.append(("revise", plan_id, remark))
        raise NotFound("This desk revises nothing.")


@dataclass
class Heard:
    """Everything that was told of a turn, in order."""

    events: list[tuple[EventType, Mapping[str, JsonValue]]] = field(default_factory=list)

    def __call__(self, type: EventType, data: Mapping[str, JsonValue]) -> None:
        """Note one event."""
        self.events.append((type, data))


@dataclass(frozen=True)
class Turned:
    """One turn and everything it did; `seen` is all that a scripted model was sent."""

    answer: Answer
    memory: TurnMemory
    effects: tuple[tuple[str, ...], ...]
    events: tuple[tuple[EventType, Mapping[str, JsonValue]], ...]
    seen: str = ""

    @property
    def calls(self) -> list[tuple[str, dict[str, JsonValue]]]:
        """The calls that were made, refused ones aside."""
        return [
            (use.call.tool, use.call.arguments) for use in self.answer.uses if use.state == "done"
        ]

    @property
    def text(self) -> str:
        """What a reader sees of it: sentences, tables, notes, omissions and offers."""
        answer = self.answer
        cells = [cell.text for table in answer.tables for row in table.rows for cell in row]
        return "\n".join(
            [
                *(item.text for item in answer.said), *cells, *answer.notes, *answer.omissions,
                *(f"{offer.label} {offer.text}" for offer in answer.offers),
            ]
        )  # fmt: skip


def take_turn(
    turns: ChatTurns, ground: Ground, principal: Principal, text: str, *,
    model: ChatModel | None = None, run_id: str = "r1", focus: Focus | None = None,
    history: tuple[tuple[str, str], ...] = (),
) -> Turned:  # fmt: skip
    """Ask one question of a fresh desk; the bookmark of the turn is dropped afterwards."""
    memory, heard = TurnMemory(), Heard()
    desk = BookDesk(ground.book, principal)
    context = ChatContext(
        principal=principal,
        book=ground.book,
        coverage=ground.coverage,
        analyses=ground.analyses,
        vocabulary=ground.vocabulary,
        retrieve=whole_documents(ground.book, principal),
        desk=desk,
        records=memory,
        tell=heard,
        model=model,
    )
    asked = Asked(
        run_id=run_id, thread_id="t1", turn_id=run_id, text=text,
        focus=focus or Focus(), history=history,
    )  # fmt: skip
    answer = turns.run(context, asked)
    turns.forget(run_id)
    sent = [item for request in getattr(model, "requests", ()) for item in request["messages"][1:]]
    seen = "\n".join(str(item.get("content") or "") for item in sent)
    return Turned(answer, memory, tuple(desk.effects), tuple(heard.events), seen)


def turns_in_memory() -> ChatTurns:
    """Return the chat graph with its bookmarks in memory."""
    from langgraph.checkpoint.memory import InMemorySaver

    from agent.chat.graph import build_chat_graph
    from agent.chat.turns import ChatTurns

    return ChatTurns(build_chat_graph(InMemorySaver()))


def whole_documents(book: Book, principal: Principal, *, intelligence: bool = False) -> Retrieve:
    """Retrieve an account's documents whole, newest first, whatever is asked.

    With `intelligence`, those about its segment come along.
    """

    def retrieve(account_id: str, query: str, k: int) -> Sequence[Evidence]:
        if account_id not in book.owners or not principal.scope.covers(book.owners[account_id]):
            raise NotFound(f"There is no account {account_id!r} in the book.")
        keys = list(book.of_account("documents", account_id))
        if intelligence:
            segment = book.account(account_id)["segment"]
            rows = book.rows("documents").items()
            keys += [key for key, row in rows if row["segment"] == segment]
        found = [passage(book, key) for key in keys]
        found.sort(key=lambda item: (item.period, item.entity), reverse=True)
        return found[:k]

    return retrieve


def passage(book: Book, document_id: str) -> Evidence:
    """Return a whole document as one span, as the notes index gives spans."""
    row = book.rows("documents")[document_id]
    published = _day(row["published"])
    account = row["account_id"]
    about = f"account:{account}" if isinstance(account, str) else f"segment:{row['segment']}"
    text = str(row["text"])
    return Evidence(
        entity=f"{about}/document:{document_id}",
        metric="span",
        value=text,
        unit="text",
        period=published.isoformat() if published else "",
        source=DocumentSource(
            document_hash=text_hash(text),
            start=0,
            end=len(text),
            document_id=document_id,
            document_kind=str(row["kind"]),
            title=str(row["title"]),
            author=row["author"] if isinstance(row["author"], str) else None,
            author_class=row["author_class"],
            publisher=row["publisher"] if isinstance(row["publisher"], str) else None,
            uri=row["uri"] if isinstance(row["uri"], str) else None,
            published=published,
            retrieved=_day(row["retrieved"]),
        ),
        scope=(book.owners[account] or "(unowned)") if isinstance(account, str) else "",
    )


def _day(value: Any) -> date | None:
    return None if value is None or value != value else value.date()
