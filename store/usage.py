"""What model calls used: one row a call, added up by month."""

from __future__ import annotations

import re
import secrets
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

import sqlalchemy as sa

from domain.errors import InvalidInput
from domain.principal import Principal
from domain.record import Record, decimal_string
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.schema import model_usage

UsageKind = Literal["chat", "plan", "probe"]
UsageGroup = Literal["thread", "plan", "person", "model", "kind"]
_GROUPS: dict[UsageGroup, sa.Column[str]] = {
    "thread": model_usage.c.thread_id,
    "plan": model_usage.c.plan_id,
    "person": model_usage.c.person,
    "model": model_usage.c.model,
    "kind": model_usage.c.kind,
}
_MONTH = re.compile(r"([1-9]\d{3})-(0[1-9]|1[0-2])")


class UsageSum(Record):
    """Calls added up. `estimated` counts those whose tokens are our estimate.

    `cost` is a decimal string in the currency of the prices, over the calls that had
    prices; None where none had. `key` is the thread, plan, person, model or kind, empty
    for a call about none and for a total.
    """

    key: str = ""
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    estimated: int = 0
    cost: str | None = None

    @property
    def tokens(self) -> int:
        """Tokens sent and received."""
        return self.input_tokens + self.output_tokens


class Usage:
    """The calls of every workspace.

    A person reads the sums of their own calls; who sees everything reads all. The total
    of a month is the whole workspace's for everyone: its limit holds for all together.
    """

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def add(
        self,
        principal: Principal,
        kind: UsageKind,
        *,
        model: str,
        prompt: str,
        prompt_version: int,
        input_tokens: int,
        output_tokens: int,
        estimated: bool,
        cost: Decimal | None,
        run_id: str | None = None,
        thread_id: str | None = None,
        plan_id: str | None = None,
    ) -> None:
        """Add a call that `principal` caused, at this moment."""
        millionths = None
        if cost is not None:
            millionths = int((cost * 1_000_000).to_integral_value(ROUND_HALF_UP))
        with self._database.writing() as connection:
            connection.execute(
                model_usage.insert().values(
                    workspace_id=principal.workspace,
                    usage_id=secrets.token_hex(12),
                    run_id=run_id,
                    thread_id=thread_id,
                    plan_id=plan_id,
                    person=principal.person,
                    kind=kind,
                    model=model,
                    prompt=prompt,
                    prompt_version=prompt_version,
                    input_tokens=input_tokens,
                    output_tokens=output_tokens,
                    estimated=int(estimated),
                    cost_millionths=millionths,
                    at=stamp(self._clock()),
                )
            )

    def workspace_total(self, principal: Principal, month: str) -> UsageSum:
        """Return what the whole workspace used in a month, whoever asks."""
        return self._summed(principal, month, everyone=True)[0]

    def total(self, principal: Principal, month: str) -> UsageSum:
        """Return what was used in a month within the scope; InvalidInput for no month."""
        return self._summed(principal, month, everyone=principal.scope.everything)[0]

    def sums(self, principal: Principal, month: str, by: UsageGroup) -> list[UsageSum]:
        """Return the sums of a month within the scope by `by`, most tokens first."""
        found = self._summed(principal, month, everyone=principal.scope.everything, by=by)
        return sorted(found, key=lambda line: (-line.tokens, line.key))

    def _summed(
        self, principal: Principal, month: str, *, everyone: bool, by: UsageGroup | None = None
    ) -> list[UsageSum]:
        begin, end = _bounds(month)
        table = model_usage.c
        key = sa.literal("") if by is None else sa.func.coalesce(_GROUPS[by], "")
        query = sa.select(
            key.label("key"),
            sa.func.count().label("calls"),
            sa.func.coalesce(sa.func.sum(table.input_tokens), 0).label("input_tokens"),
            sa.func.coalesce(sa.func.sum(table.output_tokens), 0).label("output_tokens"),
            sa.func.coalesce(sa.func.sum(table.estimated), 0).label("estimated"),
            sa.func.sum(table.cost_millionths).label("millionths"),
        ).where(table.workspace_id == principal.workspace, table.at >= begin, table.at < end)
        if not everyone:
            query = query.where(table.person == principal.person)
        if by is not None:
            query = query.group_by(key)
        with self._database.reading() as connection:
            return [_sum(row) for row in connection.execute(query)]


def _bounds(month: str) -> tuple[str, str]:
    found = _MONTH.fullmatch(month)
    if found is None:
        raise InvalidInput(f"{month!r} is no month.", hint="Write it as YYYY-MM, such as 2026-11.")
    year, number = int(found[1]), int(found[2])
    after = (year + 1, 1) if number == 12 else (year, number + 1)
    return month, f"{after[0]:04}-{after[1]:02}"


def _sum(row: Any) -> UsageSum:
    cost = None if row.millionths is None else Decimal(row.millionths) / 1_000_000
    return UsageSum(
        key=row.key,
        calls=row.calls,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        estimated=row.estimated,
        cost=None if cost is None else decimal_string(cost, 6),
    )
