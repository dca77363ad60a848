"""Repair, check and strike in one go, as a run does step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agent.verifier.check import check_plan
from agent.verifier.repair import repair
from agent.verifier.strike import strike
from domain.coverage import CoverageModel
from domain.evidence import Ledger
from domain.period import Period
from domain.plan import AccountPlanDraft, Omission, Report
from domain.principal import Principal


@dataclass(frozen=True)
class Settled:
    """A draft in which nothing is left to strike, and its report with every omission."""

    draft: AccountPlanDraft
    report: Report


def settle(
    draft: AccountPlanDraft,
    ledger: Ledger,
    reader: Principal,
    coverage: CoverageModel,
    *,
    as_of: date,
    period: Period,
    currency: str,
) -> Settled:
    """Repair a draft, then check and strike until nothing is left to strike."""
    draft, repairs = repair(draft, ledger, reader)
    omissions: list[Omission] = []
    while True:
        report = check_plan(
            draft,
            ledger,
            reader,
            coverage,
            as_of=as_of,
            period=period,
            currency=currency,
            repairs=repairs,
        )
        if not any(result.outcome == "struck" for result in report.claims):
            return Settled(draft, report.model_copy(update={"omissions": tuple(omissions)}))
        draft, left_out = strike(draft, report)
        omissions += left_out
