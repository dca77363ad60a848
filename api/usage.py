"""What models used: noted call by call, limited by month, and read back as sums."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from agent.budget import OverBudget
from agent.model.usage import Used
from domain.principal import Principal
from domain.record import Record, decimal_string
from store.clock import stamp
from store.usage import UsageGroup, UsageKind, UsageSum

if TYPE_CHECKING:
    from api.workspace import Workspace
    from store.store import Store


@dataclass(frozen=True)
class MonthLimits:
    """What the whole workspace may use in a calendar month (UTC); None for no limit."""

    tokens: int | None = None
    cost: Decimal | None = None


class StoreRecorder:
    """Notes model calls in the store. Implements `agent.model.usage.Recorder`.

    The limits are checked before each call against what is noted by then: calls that run
    at the same time may together pass a limit by what they use themselves.
    """

    def __init__(
        self,
        store: Store,
        principal: Principal,
        kind: UsageKind,
        limits: MonthLimits,
        *,
        run_id: str | None = None,
        thread_id: str | None = None,
        plan_id: str | None = None,
    ) -> None:
        self._store = store
        self._principal = principal
        self._kind: UsageKind = kind
        self._limits = limits
        self._run_id = run_id
        self._thread_id = thread_id
        self._plan_id = plan_id

    def before_call(self, tokens: int, cost: Decimal | None) -> None:
        """Refuse a call that could pass a limit of the month, naming the limit."""
        limits = self._limits
        if limits.tokens is None and limits.cost is None:
            return
        month = stamp(self._store.clock())[:7]
        used = self._store.usage.workspace_total(self._principal, month)
        if limits.tokens is not None and used.tokens + tokens > limits.tokens:
            raise OverBudget(
                f"the next call could pass the {limits.tokens:,} tokens allowed in {month}, "
                f"of which {used.tokens:,} are used"
            )
        spent = Decimal(used.cost or 0)
        if limits.cost is not None and cost is not None and spent + cost > limits.cost:
            raise OverBudget(
                f"the next call could pass the {decimal_string(limits.cost)} allowed in {month}, "
                f"of which {decimal_string(spent, 2)} are spent"
            )

    def used(self, used: Used) -> None:
        """Add the call to the record."""
        self._store.usage.add(
            self._principal,
            self._kind,
            model=used.model,
            prompt=used.prompt,
            prompt_version=used.prompt_version,
            input_tokens=used.input_tokens,
            output_tokens=used.output_tokens,
            estimated=used.estimated,
            cost=None if used.cost is None else Decimal(used.cost),
            run_id=self._run_id,
            thread_id=self._thread_id,
            plan_id=self._plan_id,
        )


class UsageLimit(Record):
    """A limit of the month and what of it the whole workspace has used."""

    unit: str
    limit: str
    used: str


class UsageAnswer(Record):
    """The model calls of a month within the scope. `everyone` when all people's are in it.

    `limits` is told to those who see everything.
    """

    month: str
    by: UsageGroup
    everyone: bool
    total: UsageSum
    lines: tuple[UsageSum, ...]
    limits: tuple[UsageLimit, ...] = ()


def usage(
    workspace: Workspace, principal: Principal, month: str | None, by: UsageGroup
) -> UsageAnswer:
    """Return what models used in a month, by default the present one (UTC).

    Raises
    ------
    InvalidInput
        When `month` is no month.
    """
    asked = month or stamp(workspace.store.clock())[:7]
    stored = workspace.store.usage
    return UsageAnswer(
        month=asked,
        by=by,
        everyone=principal.scope.everything,
        total=stored.total(principal, asked),
        lines=tuple(stored.sums(principal, asked, by)),
        limits=limits_of(workspace, principal, asked) if principal.scope.everything else (),
    )


def limits_of(workspace: Workspace, principal: Principal, month: str) -> tuple[UsageLimit, ...]:
    """Return the limits that are set, with what the workspace has used of them."""
    settings = workspace.settings
    used = workspace.store.usage.workspace_total(principal, month)
    found: list[UsageLimit] = []
    if settings.monthly_tokens is not None:
        found.append(
            UsageLimit(unit="tokens", limit=str(settings.monthly_tokens), used=str(used.tokens))
        )
    if settings.monthly_cost is not None:
        limit = decimal_string(settings.monthly_cost)
        found.append(UsageLimit(unit="cost", limit=limit, used=used.cost or "0"))
    return tuple(found)
