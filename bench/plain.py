"""The steps of a plan run as plain function calls: no graph, no checkpoints, nothing kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from agent import gather, planning
from agent.context import Brief, PlanningContext
from agent.judging import Judge, owner_as_reader
from agent.verifier.check import check_plan
from domain.coverage import CoverageModel
from domain.evidence import Ledger
from domain.period import Period, planning_period
from domain.plan import AccountPlanDraft, Report
from domain.principal import Principal
from tools.selling_time import rep_row


class NothingKept:
    """Records of a run that keeps nothing; the rep has no other approved plan."""

    def committed_hours(
        self, rep_id: str, period: Period, *, except_plan: str
    ) -> Mapping[date, Decimal]:
        """Return no hours."""
        return {}


@dataclass(frozen=True)
class Written:
    """A plan before and after the verifier settled it, with all that a check of it needs."""

    account_id: str
    first: AccountPlanDraft
    draft: AccountPlanDraft
    report: Report
    ledger: Ledger
    reader: Principal
    coverage: CoverageModel
    dated: dict[str, Any]

    def check(self, draft: AccountPlanDraft | None = None, ledger: Ledger | None = None) -> Report:
        """Return the verifier's word on a draft, by default the settled one."""
        return check_plan(
            draft or self.draft, ledger or self.ledger, self.reader, self.coverage, **self.dated
        )


def write_plainly(context: PlanningContext, account_id: str) -> Written:
    """Gather, draft, verify, settle and schedule one plan."""
    book, coverage = context.book, context.coverage
    period = planning_period(book.as_of, coverage.planning.period_days)
    ledger = gather.gather(context, account_id, period)
    owner = book.owners[account_id]
    assert owner is not None
    tier = coverage.tier(context.analyses.tiers.of(account_id))
    brief = Brief(
        account_id=account_id,
        account_name=str(book.account(account_id)["name"]),
        owner_id=owner,
        owner_name=str(rep_row(book, owner)["name"]),
        tier=tier.key,
        depth=tier.plan,
        period=period,
        as_of=book.as_of,
        currency=book.currency,
        ledger=ledger,
        coverage=coverage,
    )
    reader = owner_as_reader(context, owner)
    dated: dict[str, Any] = {"as_of": book.as_of, "period": period, "currency": book.currency}
    judge = Judge(ledger=ledger, reader=reader, coverage=coverage, account_id=account_id, **dated)
    first = context.writer.write(brief).draft
    repaired, repairs = judge.repair(first)
    draft, report = judge.settle(repaired, repairs)
    planning.fit_into_week(context, draft, account_id, period, ledger, "bench")
    return Written(account_id, first, draft, report, ledger, reader, coverage, dated)
