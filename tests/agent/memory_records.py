"""Records in memory, for tests of the graph alone: what the store promises, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from domain.decision import Decision, Verdict
from domain.errors import NotFound, PlanSuperseded
from domain.evidence import Ledger
from domain.period import Period
from domain.plan import PlanContent, PlanVersion
from domain.record import text_hash
from domain.vocabulary import Vocabulary


@dataclass
class MemoryRecords:
    """Fulfils `agent.context.RunRecords`; `effects` counts what took effect, by plan hash."""

    texts: dict[str, str] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    plans: dict[str, list[PlanVersion]] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    effects: dict[str, str] = field(default_factory=dict)
    effect_calls: int = 0

    def keep(self, kind: str, payload: str) -> str:
        digest = text_hash(payload)
        self.texts[digest] = payload
        return digest

    def fetch(self, digest: str) -> str:
        if digest not in self.texts:
            raise NotFound(f"There is no kept text {digest!r}.")
        return self.texts[digest]

    def keep_ledger(self, ledger: Ledger, *, book_id: str, as_of: date) -> str:
        self.ledgers[ledger.root] = replace(ledger, vocabulary=Vocabulary())
        return ledger.root

    def ledger(self, root: str) -> Ledger:
        return self.ledgers[root]

    def committed_hours(
        self, rep_id: str, period: Period, *, except_plan: str
    ) -> Mapping[date, Decimal]:
        return {}

    def save_version(
        self, plan_id: str, content: PlanContent, *, base_version: int | None, run_id: str | None
    ) -> int:
        versions = self.plans.setdefault(plan_id, [])
        if versions and versions[-1].content.plan_hash == content.plan_hash:
            return versions[-1].version
        if base_version != (versions[-1].version if versions else None):
            raise PlanSuperseded(f"Plan {plan_id} is not at version {base_version}.")
        versions.append(
            PlanVersion(
                plan_id=plan_id,
                version=len(versions) + 1,
                base_version=base_version,
                status="in_review",
                content=content,
                created_at="",
                created_by="",
                run_id=run_id,
            )
        )
        return len(versions)

    def version(self, plan_id: str, version: int | None = None) -> PlanVersion:
        versions = self.plans.get(plan_id, [])
        if not versions or (version or 1) > len(versions):
            raise NotFound(f"There is no plan {plan_id!r}.")
        return versions[(version or len(versions)) - 1]

    def decision(self, decision_id: str) -> Decision:
        if decision_id not in self.decisions:
            raise NotFound(f"There is no decision {decision_id!r}.")
        return self.decisions[decision_id]

    def take_effect(self, decision_id: str) -> None:
        self.effect_calls += 1
        bound = self.decision(decision_id)
        self.effects.setdefault(bound.subject_hash, bound.verdict)

    def decide(
        self, plan_id: str, version: int, verdict: Verdict = "approved", **changes: object
    ) -> str:
        """Store a decision and return its id; `changes` forge its fields."""
        decision = Decision(
            decision_id=f"D-{len(self.decisions) + 1}",
            sequence=len(self.decisions) + 1,
            subject_kind="plan",
            subject_id=plan_id,
            subject_version=version,
            subject_hash=self.version(plan_id, version).content.plan_hash,
            ledger_root="",
            coverage_hash="",
            verdict=verdict,
            decided_by="mo",
            decided_at="",
            payload_digest="",
            previous="",
            row_hash="",
            request=None,
        ).model_copy(update=changes)
        self.decisions[decision.decision_id] = decision
        return decision.decision_id
