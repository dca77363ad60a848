"""Records in memory for runs of territory plans, and their context on the tiny book."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.cycle.context import CycleContext, CycleWriter
from agent.cycle.writers import EmbeddedCycleWriter
from domain.cycle_version import CycleContent, CycleVersion
from domain.decision import Verdict
from domain.errors import NotFound, PlanSuperseded
from domain.principal import Principal
from domain.quarter import quarter_named
from tests.agent.memory_records import MemoryRecords
from tests.agent.tiny_book import ANALYSES, BOOK, COVERAGE, INES, VOCABULARY, retrieve
from tools.cycle.side import Side

SIDE = Side(BOOK, COVERAGE, ANALYSES)


@dataclass
class CycleMemory(MemoryRecords):
    """Fulfils `agent.cycle.context.CycleRecords`."""

    cycle: dict[str, list[CycleVersion]] = field(default_factory=dict)

    def save_cycle(
        self, plan_id: str, content: CycleContent, *, base_version: int | None, run_id: str | None
    ) -> int:
        versions = self.cycle.setdefault(plan_id, [])
        if versions and versions[-1].content.plan_hash == content.plan_hash:
            return versions[-1].version
        if base_version != (versions[-1].version if versions else None):
            raise PlanSuperseded(f"{plan_id} is not at version {base_version}.")
        versions.append(
            CycleVersion(
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

    def cycle_version(self, plan_id: str, version: int | None = None) -> CycleVersion:
        versions = self.cycle.get(plan_id, [])
        if not versions or (version or 1) > len(versions):
            raise NotFound(f"There is no territory plan or review {plan_id!r}.")
        return versions[(version or len(versions)) - 1]

    def decide_cycle(
        self, plan_id: str, version: int, verdict: Verdict = "approved", **changes: object
    ) -> str:
        """Store a decision on a version and return its id."""
        self.plans.setdefault(plan_id, self.cycle[plan_id])  # type: ignore[arg-type]
        given = {"subject_kind": self.cycle[plan_id][0].content.kind, **changes}
        return self.decide(plan_id, version, verdict, **given)


def territory_context(
    records: CycleMemory,
    principal: Principal = INES,
    rep_id: str = "R-1",
    quarter: str = "2026Q4",
    writer: CycleWriter | None = None,
) -> CycleContext:
    return CycleContext(
        principal=principal,
        kind="territory",
        side=SIDE,
        quarter=quarter_named(quarter, COVERAGE.quarters),
        reps=(rep_id,),
        name="Ines Ortega",
        vocabulary=VOCABULARY,
        retrieve=retrieve,
        writer=writer or EmbeddedCycleWriter(),
        records=records,
        rep_id=rep_id,
    )
