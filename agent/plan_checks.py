"""The plan checks as a reviewer reads them: one line each, passed, to look at, or blocking."""

from __future__ import annotations

from collections.abc import Iterator

from agent.plan_tables import in_hours
from agent.view import Check
from domain.plan import PlanContent, Report


def plan_checks(content: PlanContent) -> Iterator[Check]:
    """Yield one line a check: evidence, competitors, target, freshness, roles, hours."""
    report = content.report
    results = report.claims
    good = sum(result.outcome in ("supported", "repaired") for result in results)
    yield Check(
        label="Claims traced to evidence",
        state="ok" if good == len(results) else "warn",
        detail=f"{good} of {len(results)}",
    )
    yield _coded(report, "Competitor claims sourced", "competitor_unsourced")
    yield _coded(report, "Target within open potential", "target_over_potential")
    yield _coded(report, "Evidence fresh enough", "stale_evidence")
    missing = [item for item in report.warnings if item.code == "missing_role"]
    yield Check(
        label="Wanted roles on file",
        state="warn" if missing else "ok",
        detail=f"{len(missing)} missing" if missing else "all",
    )
    hours = [item for item in report.blockers if item.hours_missing is not None]
    schedule = content.schedule
    yield Check(
        label="Fits the hours",
        state="bad" if hours else "ok",
        detail=f"{hours[0].hours_missing} h missing"
        if hours
        else f"{in_hours(schedule.plan_hours)} h",
    )
    yield Check(
        label="Left out by the check",
        state="warn" if report.omissions else "ok",
        detail=str(len(report.omissions)),
    )


def _coded(report: Report, label: str, code: str) -> Check:
    blocking = sum(item.code == code for item in report.blockers)
    warning = sum(item.code == code for item in report.warnings)
    if blocking:
        return Check(label=label, state="bad", detail=f"{blocking} to settle")
    return Check(
        label=label,
        state="warn" if warning else "ok",
        detail=f"{warning} to look at" if warning else "yes",
    )
