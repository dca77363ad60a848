"""What a run may keep and read, with the person bound so that no step can widen the scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from domain.cycle_version import CycleContent, CycleVersion
from domain.decision import Decision
from domain.evidence import Ledger
from domain.period import Period
from domain.plan import PlanContent, PlanVersion
from domain.principal import Principal
from domain.record import decimal_string
from store.clock import Clock
from store.store import Store


class StoreRecords:
    """The store as one run sees it; fulfils `agent.context.RunRecords` and
    `agent.cycle.context.CycleRecords`.

    `clock` gives audit times; without one, the store's own is used.
    """

    def __init__(self, store: Store, principal: Principal, clock: Clock | None = None) -> None:
        self._store = store
        self._principal = principal
        self._clock = clock or store.clock

    def keep(self, kind: str, payload: str) -> str:
        """Store a text under its SHA-256 and return that digest; storing twice is once."""
        return self._store.blobs.keep(self._principal, kind, payload)

    def fetch(self, digest: str) -> str:
        """Return a kept text; NotFound when there is none."""
        return self._store.blobs.fetch(self._principal, digest)

    def keep_ledger(self, ledger: Ledger, *, book_id: str, as_of: date) -> str:
        """Store a ledger's evidence, texts and sightings; return its root."""
        return self._store.ledgers.keep_ledger(self._principal, ledger, book_id, as_of)

    def ledger(self, root: str) -> Ledger:
        """Return the ledger of that root, without vocabulary."""
        return self._store.ledgers.ledger(self._principal, root)

    def committed_hours(
        self, rep_id: str, period: Period, *, except_plan: str
    ) -> Mapping[date, Decimal]:
        """Hours per week (by Monday) of the rep's other approved plans in `period`.

        Weeks without such hours are absent.
        """
        mondays = set(period.weeks())
        hours: dict[date, Decimal] = {}
        for version in self._store.plans.approved_of_rep(self._principal, rep_id):
            if version.plan_id == except_plan or version.content.owner_id != rep_id:
                continue
            for week in version.content.schedule.weeks:
                planned = Decimal(week.plan_hours)
                if week.week in mondays and planned:
                    hours[week.week] = hours.get(week.week, Decimal(0)) + planned
        return {week: Decimal(decimal_string(hours[week])) for week in sorted(hours)}

    def save_version(
        self,
        plan_id: str,
        content: PlanContent,
        *,
        base_version: int | None,
        run_id: str | None,
    ) -> int:
        """Store a version and return its number, as `Plans.save_version` does."""
        return self._store.plans.save_version(
            self._principal,
            plan_id,
            content,
            base_version=base_version,
            run_id=run_id,
            now=self._now(),
        )

    def version(self, plan_id: str, version: int | None = None) -> PlanVersion:
        """Return one version, or the newest; NotFound outside the scope."""
        return self._store.plans.version(self._principal, plan_id, version)

    def save_cycle(
        self,
        plan_id: str,
        content: CycleContent,
        *,
        base_version: int | None,
        run_id: str | None,
    ) -> int:
        """Store a version of a territory plan or review, as `CyclePlans.save_version` does."""
        return self._store.cycle.save_version(
            self._principal, plan_id, content, base_version=base_version, run_id=run_id
        )

    def cycle_version(self, plan_id: str, version: int | None = None) -> CycleVersion:
        """Return one version of a territory plan or review; NotFound outside the scope."""
        return self._store.cycle.version(self._principal, plan_id, version)

    def decision(self, decision_id: str) -> Decision:
        """Return a stored decision; NotFound when there is none."""
        return self._store.decisions.get(self._principal, decision_id)

    def take_effect(self, decision_id: str) -> None:
        """Make a stored decision effective, once, keyed by the plan hash it binds."""
        self._store.effects.take_effect(self._principal, decision_id, now=self._now())

    def _now(self) -> datetime:
        return self._clock()
