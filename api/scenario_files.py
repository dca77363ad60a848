"""A scenario as a file: workbook, report, data, and the lists for the CRM."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, cast

from api import handover
from api.exporting import DRAFT
from domain.principal import Principal

if TYPE_CHECKING:
    from api.reading import Reading
    from api.workspace import Workspace
    from domain.assignment import Frontier, ScenarioVersion
    from domain.decision import Decision
    from tools.territory.case import Case

Format = Literal[
    "xlsx", "html", "json", "salesforce", "hubspot", "salesforce-rollback", "hubspot-rollback"
]
MEDIA_TYPES: dict[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class ScenarioFile:
    """A file's name, media type and bytes."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Told:
    """Everything a file tells of one version. `decision` is the approval in force, if any."""

    version: ScenarioVersion
    row: Frontier
    case: Case
    reading: Reading
    people: dict[str, str]
    decision: Decision | None


def export(
    workspace: Workspace,
    principal: Principal,
    scenario_id: str,
    format: Format,
    *,
    version: int | None = None,
) -> ScenarioFile:
    """Return a scenario as a file, for who sees it whole.

    Workbook, report and JSON are of any version, the newest without `version`, and say
    whether it is approved. The lists for the CRM need an approval.

    Raises
    ------
    NotFound
        When the scenario or version is missing or not seen whole: a rep's part has no export.
    ApprovalRequired
        When a list for the CRM is asked for and nothing allows it; `review` leads there.
    ScenarioStale
        When a change list would overwrite what changed in the CRM since.
    """
    found = workspace.store.scenarios.version(principal, scenario_id, version)
    if format == "xlsx" or format == "html" or format == "json":
        told = told_of(workspace, principal, found)
        write = {"xlsx": _xlsx, "html": _html, "json": _json}[format]
        stamp = "" if told.decision is not None else "-draft"
        return ScenarioFile(
            f"{scenario_id}-v{found.version}{stamp}.{format}",
            MEDIA_TYPES[format],
            write(told),
        )
    crm, _, undo = format.partition("-")
    handed = handover.handover(workspace, principal, scenario_id, version=version, undo=bool(undo))
    text = handover.as_csv(handed.changes, cast(handover.Crm, crm), handed.decision.decision_id)
    return ScenarioFile(
        f"{scenario_id}-v{handed.version.version}-{format}.csv",
        MEDIA_TYPES["csv"],
        text.encode(),
    )


def told_of(workspace: Workspace, principal: Principal, version: ScenarioVersion) -> Told:
    """Gather what a file tells of a version that the person sees whole."""
    content = version.content
    row = workspace.store.scenarios.frontier(principal, version.scenario_id, version.version)
    reading = workspace.readings.of(principal, *content.ground)
    reps = reading.book["reps"]
    names = dict(zip(map(str, reps["rep_id"]), map(str, reps["name"]), strict=True))
    decisions = workspace.store.decisions.on(principal, "scenario", version.scenario_id)
    return Told(
        version=version,
        row=row,
        case=workspace.scenarios.cases.of(workspace, principal, content, row),
        reading=reading,
        people=names | {person.id: person.name for person in workspace.people},
        decision=next(
            (
                item
                for item in decisions
                if item.subject_version == version.version
                and item.verdict == "approved"
                and version.status == "approved"
            ),
            None,
        ),
    )


def _xlsx(told: Told) -> bytes:
    from api.workbook import workbook

    return workbook(told)


def _html(told: Told) -> bytes:
    from api import scenario_report
    from tools.territory.before_after import before_after

    version = told.version
    content, book, coverage = version.content, told.reading.book, told.reading.coverage
    return scenario_report.html(
        told.row,
        content.chosen,
        accounts=told.case.accounts,
        heading=scenario_report.Heading(
            title=content.name,
            trigger=content.trigger,
            status=version.status,
            scenario_id=version.scenario_id,
            version=version.version,
            made_on=date.fromisoformat(version.created_at[:10]),
        ),
        before_after=before_after(told.case, told.row, content.chosen, book, coverage),
        names=told.people,
        targets=scenario_report.targets_of(told.row, coverage.territory),
        choices=content.choices,
        feedback=content.feedback,
    ).encode()


def _json(told: Told) -> bytes:
    decision = told.decision
    data = {
        "approved": decision is not None,
        "stamp": None if decision is not None else DRAFT,
        "decision": decision.model_dump(mode="json") if decision is not None else None,
        "scenario": told.version.model_dump(mode="json"),
        "frontier": told.row.model_dump(mode="json"),
    }
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
