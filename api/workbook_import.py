"""A workbook that comes back: what it says against what holds now, and applying it."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from pydantic import Field

from api import scenario_moves
from api.scenario_answers import ScenarioAnswer, stale
from api.scenario_moves import Choice
from api.workbook_diff import Difference, RowChange, RowFinding, compared
from api.workbook_reading import LARGEST_FILE, WorkbookUnreadable, read_moves
from domain.assignment import Constraint, Lock
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace


class ImportRequest(Record):
    """A workbook in base64. Nothing is applied unless `confirm`.

    `version` is the newest version that the person saw the differences against; when
    somebody was faster, nothing is applied.
    """

    workbook: str = Field(max_length=LARGEST_FILE * 4 // 3 + 8)
    confirm: bool = False
    version: int | None = None


class ImportAnswer(Record):
    """What a workbook would change, or did.

    `written_from` is the version it was exported from, `version` the newest one it was
    held against. `unchanged` counts rows that say nothing new. `scenario` is the version
    made, when something was applied.
    """

    scenario_id: str
    written_from: int
    version: int
    changed: tuple[RowChange, ...]
    conflicting: tuple[RowFinding, ...]
    unknown: tuple[RowFinding, ...]
    invalid: tuple[RowFinding, ...]
    unchanged: int
    notes: tuple[str, ...]
    applied: bool
    scenario: ScenarioAnswer | None = None


def import_workbook(
    workspace: Workspace, principal: Principal, scenario_id: str, request: ImportRequest
) -> ImportAnswer:
    """Show what a workbook would change; with `confirm`, apply it as one new version.

    Accepted moves are recorded. Kept accounts, and those given to another rep than the
    proposed one, are locked, and the row is solved anew once for all of them. Rows in
    conflict, unknown or invalid are never applied and do not hold up the others.

    Raises
    ------
    NotFound
        When the scenario is missing or not seen whole.
    WorkbookUnreadable
        When the file is no workbook of this scenario, or was tampered with.
    NotPermitted
        When the person confirms and does not prepare scenarios.
    ScenarioSuperseded
        When somebody changed the scenario since the person saw the differences.
    ScenarioStale, Infeasible, InvalidInput
        When what is asked cannot be solved; nothing is applied then.
    """
    kept = workspace.store.scenarios
    newest = kept.version(principal, scenario_id)
    found = compared(workspace, principal, scenario_id, read_moves(_bytes(request.workbook)))
    made = None
    if request.confirm and found.changed:
        version = newest.version if request.version is None else request.version
        made = scenario_moves.decide_moves(
            workspace,
            principal,
            scenario_id,
            version,
            [
                Choice(account_id=item.account_id, choice=item.becomes, reason=item.reason)
                for item in found.changed
                if item.becomes != "lock"
            ],
            constraints=_locks(found),
        )
    notes = [*found.notes]
    if newest.status in {"in_review", "approved"} and found.changed:
        notes.append(
            f"Version {newest.version} is {newest.status.replace('_', ' ')}; a change makes a new "
            "version and voids that."
        )
    solves = any(item.becomes != "accept" for item in found.changed)
    if made is None and solves and stale(workspace, principal, newest.content):
        notes.append(
            "The scenario is of an earlier book: only accepted moves can be applied. Run it again "
            "on the current book."
        )
    return ImportAnswer(
        scenario_id=scenario_id,
        written_from=found.written_from,
        version=found.version,
        changed=found.changed,
        conflicting=found.conflicting,
        unknown=found.unknown,
        invalid=found.invalid,
        unchanged=found.unchanged,
        notes=tuple(notes),
        applied=made is not None,
        scenario=made,
    )


def _locks(found: Difference) -> list[Constraint]:
    return [
        Lock(account_id=item.account_id, rep_id=item.rep_id, by="", reason=item.reason)
        for item in found.changed
        if item.becomes == "lock" and item.rep_id is not None
    ]


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WorkbookUnreadable(
            "The workbook is not in base64.", hint="Send the file's bytes in base64."
        ) from error
