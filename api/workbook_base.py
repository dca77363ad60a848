"""The version that a workbook was written from, found by its hidden columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from api.workbook_marks import base_of
from api.workbook_reading import SheetRow, WorkbookUnreadable
from domain.assignment import Frontier, Lock, Move, MoveChoice, ScenarioVersion
from domain.errors import NotFound
from domain.principal import Principal

if TYPE_CHECKING:
    from api.workspace import Workspace


class Side:
    """One version's moves and the words on them, by account."""

    def __init__(self, version: ScenarioVersion, row: Frontier) -> None:
        self.version, self.row = version, row
        self.moves: dict[str, Move] = {
            move.account_id: move for move in row.points[version.content.chosen].moves
        }
        self.accepted: dict[str, MoveChoice] = {
            item.account_id: item
            for item in version.content.choices
            if item.choice == "accept" and item.account_id in self.moves
        }
        self.locks = {item.account_id: item for item in row.constraints if isinstance(item, Lock)}
        self.names = {rep.rep_id: rep.name for rep in row.reps}


def written_from(
    workspace: Workspace,
    principal: Principal,
    newest: ScenarioVersion,
    rows: Sequence[SheetRow],
) -> ScenarioVersion:
    """Return the version that the file was written from: the one that most rows name."""
    own = [row for row in rows if row.id.partition("/")[0] == newest.scenario_id]
    if not own:
        others = sorted({row.id.partition("/")[0] for row in rows if row.id})
        told = (
            f"The rows of this workbook are of scenario {', '.join(others[:3])}, not of "
            f"{newest.scenario_id}."
            if others
            else "The workbook has no row of a scenario: the design it was written from moves "
            "nothing, or its rows were deleted."
        )
        raise WorkbookUnreadable(
            told,
            hint="Export this scenario and fill in that file: cadastre scenario export",
        )
    named = Counter(row.base for row in own).most_common(1)[0][0]
    number = named.partition(":")[0]
    try:
        found = workspace.store.scenarios.version(
            principal, newest.scenario_id, int(number) if _counts(number) else 0
        )
    except NotFound as error:
        raise _altered(named) from error
    if base_of(found) != named:
        raise _altered(named)
    return found


def _counts(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 10


def _altered(named: str) -> WorkbookUnreadable:
    return WorkbookUnreadable(
        f"The hidden column _base says {named!r}, which no version of the scenario bears: it was "
        "altered.",
        hint="Export the scenario again and fill in that file: cadastre scenario export",
    )
