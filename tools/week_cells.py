"""The coming week as evidence: hours by rep, and what is due by account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from domain.evidence import CalculationSource, Evidence, Unit
from domain.period import Period
from domain.record import content_hash
from tools.cells import Arithmetic, Reading, canonical, missing, recompute

ANALYSIS = "week"
VERSION = 1
Place = Literal["reached", "no hours", "below"]
"""`reached` within the free hours, `no hours` after they end, `below` the capacity line."""
Reason = Literal["play", "deal", "order", "cadence"]


@dataclass(frozen=True)
class DuePlay:
    """A play of an approved plan that starts or is due in the week."""

    plan_id: str
    version: int
    key: str
    kind: str
    due: date
    hours: Decimal


@dataclass(frozen=True)
class DueAccount:
    """An account with something due. `plays` by day; `deal` is an opportunity's id.

    `order` is the day its regular order is or was due; `silent` says that its last touch is
    longer ago than `touch_every` days, its tier's cadence rounded up. `touch_hours` are
    those of one touch of its tier with preparation; where a play is due, its hours are
    promised already.
    """

    account_id: str
    rep_id: str
    plays: tuple[DuePlay, ...]
    deal: str | None
    order: date | None
    silent: bool
    touch_every: int
    touch_hours: Decimal
    place: Place = "reached"

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is due, the weightiest first."""
        told: tuple[tuple[Reason, bool], ...] = (
            ("play", bool(self.plays)),
            ("deal", self.deal is not None),
            ("order", self.order is not None),
            ("cadence", self.silent),
        )
        return tuple(reason for reason, holds in told if holds)

    @property
    def urgency(self) -> tuple[bool, int, bool]:
        """What accounts are ordered by before rank; smaller comes first."""
        dated = (self.deal is not None) + (self.order is not None)
        return not self.plays, -dated, not self.silent


@dataclass(frozen=True)
class WeekHours:
    """A rep's selling hours in the week, and what approved plans take of them."""

    selling: Decimal
    planned: Decimal

    @property
    def free(self) -> Decimal:
        """Hours that no plan claims; negative when more are promised than there are."""
        return self.selling - self.planned


_REP: Mapping[str, Unit] = {
    "week_selling_hours": "hours",
    "week_planned_hours": "hours",
    "week_free_hours": "hours",
    "week_start": "date",
    "week_end": "date",
    "accounts_due": "count",
    "accounts_reached": "count",
    "accounts_left_over": "count",
    "accounts_below": "count",
}
_ACCOUNT: Mapping[str, Unit] = {
    "play_kind": "text",
    "play_due": "date",
    "play_hours": "hours",
    "touch_every_days": "days",
    "touch_hours": "hours",
}
_FREE = Arithmetic("difference", ("week_selling_hours", "week_planned_hours"))


@dataclass(frozen=True)
class Week:
    """The accounts with something due in `period`, in order, and the hours of their reps."""

    period: Period
    accounts: tuple[DueAccount, ...]
    hours: Mapping[str, WeekHours]
    reading: Reading
    _plans: str

    def of(self, place: Place, rep_id: str | None = None) -> tuple[DueAccount, ...]:
        """Return the accounts in one place, in order; of one rep where named."""
        return tuple(
            item for item in self.accounts if item.place == place and rep_id in (None, item.rep_id)
        )

    def cite(self, entity: str, metric: str) -> Evidence:
        """Cite a rep's hours and counts or what is due of an account; NotCitable otherwise."""
        return self.cite_all(entity, metric)[0]

    def cite_all(self, entity: str, metric: str) -> tuple[Evidence, ...]:
        """Return the evidence of a cell followed by what it was worked out from."""
        kind, _, key = entity.partition(":")
        if kind == "rep" and metric in _REP and key in self.hours:
            if metric == "week_free_hours":
                parents = [self.cite(entity, name) for name in _FREE.parents]
                value = recompute("difference", parents, "hours")
                return (self._evidence(entity, metric, value, "hours", parents), *parents)
            unit = _REP[metric]
            return (self._evidence(entity, metric, canonical(self._rep(key, metric), unit), unit),)
        found = self._by_account.get(key) if kind == "account" else None
        if found is None or metric not in _ACCOUNT:
            raise missing(entity, metric)
        told = _of_account(found, metric)
        if told is None:
            raise missing(entity, metric)
        unit = _ACCOUNT[metric]
        return (self._evidence(entity, metric, canonical(told, unit), unit),)

    @cached_property
    def _by_account(self) -> Mapping[str, DueAccount]:
        return {item.account_id: item for item in self.accounts}

    def _rep(self, rep_id: str, metric: str) -> Any:
        hours = self.hours[rep_id]
        values: dict[str, Any] = {
            "week_selling_hours": hours.selling,
            "week_planned_hours": hours.planned,
            "week_start": self.period.start,
            "week_end": self.period.end,
            "accounts_reached": len(self.of("reached", rep_id)),
            "accounts_left_over": len(self.of("no hours", rep_id)),
            "accounts_below": len(self.of("below", rep_id)),
            "accounts_due": sum(item.rep_id == rep_id for item in self.accounts),
        }
        return values[metric]

    def _evidence(
        self, entity: str, metric: str, value: str, unit: Unit, parents: Sequence[Evidence] = ()
    ) -> Evidence:
        return Evidence(
            entity=entity,
            metric=metric,
            value=value,
            unit=unit,
            period=self.reading.period("day"),
            source=CalculationSource(
                analysis=ANALYSIS,
                version=VERSION,
                arguments_hash=content_hash([self.reading.arguments_hash(ANALYSIS), self._plans]),
                pointer=f"{entity}/{metric}",
                operation="difference" if parents else "analysis",
                parents=tuple(parent.id for parent in parents),
            ),
            scope=self.reading.scope(entity),
        )


def _of_account(item: DueAccount, metric: str) -> Any:
    if metric == "touch_every_days":
        return item.touch_every
    if metric == "touch_hours":
        return item.touch_hours
    if not item.plays:
        return None
    play = item.plays[0]
    return {"play_kind": play.kind, "play_due": play.due, "play_hours": play.hours}[metric]
