"""What a chat turn is given: a person's reading of the book, and a desk to ask.

The agent imports neither the store nor the doors. `Desk` is fulfilled above with the
principal already bound, so that no tool can widen its scope: none takes a tenant, an
owner or a role.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from pydantic import JsonValue

from agent.budget import Budget, Prices
from agent.context import Retrieve
from agent.model.protocol import ChatModel
from agent.view import PlanView
from domain.book import Book
from domain.chat import EventType
from domain.coverage import CoverageModel
from domain.evidence import Evidence, Ledger
from domain.plan import PlanStatus, PlanVersion
from domain.principal import Principal
from domain.record import Record
from domain.vocabulary import Vocabulary
from tools.analyses import Analyses


class PlanRow(Record):
    """The newest version of one plan in scope."""

    plan_id: str
    account_id: str
    account_name: str
    owner_id: str
    owner_name: str
    version: int
    approved_version: int | None
    status: PlanStatus
    blockers: int
    stale: bool


class WaitingRow(Record):
    """Something in the person's inbox. `link` is a path of the web app."""

    kind: str
    waiting: str
    id: str
    title: str
    why: str
    link: str


class ScenarioRow(Record):
    """A scenario in scope, with the six figures of its chosen design.

    `cells` are the figures as evidence of the scenario's own: of `scenario:ID/design:0`,
    which is today, and of the design proposed, each with its label, in the scope of all
    reps of the scenario. A list of scenarios has none.
    """

    scenario_id: str
    name: str
    version: int
    status: str
    why: str
    moves: int
    cells: tuple[Evidence, ...] = ()
    link: str = ""


class Drafted(Record):
    """A plan version that a run of its own has brought to its review.

    `hours` says in words what became of a wish for hours.
    """

    plan_id: str
    version: int
    account_id: str
    account_name: str
    status: PlanStatus
    blockers: tuple[str, ...]
    notice: str
    link: str
    hours: tuple[str, ...] = ()
    unchanged: bool = False


StepTold = Callable[[str], None]
"""Told the name of each step of a plan run as it begins."""


class Desk(Protocol):
    """What chat may ask of the product besides the book, as one person.

    Every method applies the person's scope; NotFound looks the same for what is missing
    and what is not theirs. Only `draft` and `revise` write, and only drafts: chat calls
    them on the person's own words, never on a model's.
    """

    def plans(self, account_id: str | None = None) -> Sequence[PlanRow]:
        """The newest version of each plan in scope, the latest change first."""
        ...

    def plan(self, plan_id: str, version: int | None = None) -> PlanView:
        """A plan version as a reader sees it."""
        ...

    def plan_version(self, plan_id: str, version: int | None = None) -> PlanVersion:
        """A plan version as it is stored."""
        ...

    def plan_ledger(self, plan_id: str, version: int | None = None) -> Ledger:
        """The evidence a plan version was drafted on."""
        ...

    def search_notes(self, query: str, k: int) -> Sequence[Evidence]:
        """The `k` best document spans over all accounts in scope, best first."""
        ...

    def approved_plans(self, rep_id: str) -> Sequence[PlanVersion]:
        """The approved plans of a rep in scope."""
        ...

    def waiting(self) -> Sequence[WaitingRow]:
        """What waits for the person, or for others, most pressing first."""
        ...

    def scenarios(self) -> Sequence[ScenarioRow]:
        """The scenarios in scope, newest first, without figures."""
        ...

    def scenario(self, scenario_id: str) -> ScenarioRow:
        """One scenario with its six figures."""
        ...

    def draft(self, account_id: str, remark: str, told: StepTold) -> Drafted:
        """Draft an account's plan in a run of its own, up to its review."""
        ...

    def revise(self, plan_id: str, remark: str, told: StepTold) -> Drafted:
        """Draft a plan anew with a remark, in a run of its own, up to its review."""
        ...


class TurnRecords(Protocol):
    """What a turn keeps while it runs, and the ledger it leaves behind."""

    def keep(self, kind: str, payload: str) -> str:
        """Keep a text under its SHA-256 until the turn has ended; return that digest."""
        ...

    def fetch(self, digest: str) -> str:
        """Return a kept text; NotFound when there is none."""
        ...

    def keep_ledger(self, ledger: Ledger, *, book_id: str, as_of: date) -> str:
        """Store a ledger's evidence, texts and sightings for good; return its root."""
        ...


class Tell(Protocol):
    """Hears what happens in a turn, in order."""

    def __call__(self, type: EventType, data: Mapping[str, JsonValue]) -> None:
        """Note one event."""
        ...


@dataclass(frozen=True)
class ChatLimits:
    """What one turn may use; see `docs/settings.md`."""

    model_calls: int = 6
    tool_calls_at_once: int = 8
    tool_calls: int = 24
    seconds: float = 120.0
    answer_tokens: int = 2_000
    brief_tokens: int = 2_000
    budget: Budget = field(default_factory=lambda: Budget(max_calls=12))
    prices: Prices | None = None


@dataclass(frozen=True)
class ChatContext:
    """Given to every node of the chat graph; does not change during a turn."""

    principal: Principal
    book: Book
    coverage: CoverageModel
    analyses: Analyses
    vocabulary: Vocabulary
    retrieve: Retrieve
    desk: Desk
    records: TurnRecords
    tell: Tell
    model: ChatModel | None = None
    limits: ChatLimits = ChatLimits()
    stopped: Callable[[], bool] = lambda: False
    kept: dict[str, Any] = field(default_factory=dict)
    """What tools work out once a turn, by a name of their own."""
