"""Handing an approved design to the CRM: a list of changes, and the list that undoes it.

Nothing here reaches a CRM: the lists are files for its own import, which asks before it
writes. Both carry ids only, as the CRM knows them, so that no text of a customer can do
harm in a spreadsheet or overwrite a field.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from crm.salesforce import COLUMNS
from domain.assignment import DesignPoint, ScenarioVersion
from domain.decision import Decision
from domain.errors import ApprovalRequired, InvalidInput, NotFound, ScenarioStale
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    import pandas as pd

    from api.workspace import Workspace

Crm = Literal["salesforce", "hubspot"]

_SALESFORCE = {ours: theirs for theirs, ours in COLUMNS["accounts"].items()}
APPROVAL, PREVIOUS = "Cadastre_Approval__c", "Cadastre_Previous_Owner__c"
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


class Change(Record):
    """One account that changes hands. A null owner or territory is a blank in the CRM."""

    account_id: str
    from_owner: str | None
    to_owner: str | None
    from_territory: str | None
    to_territory: str | None

    @property
    def undone(self) -> Change:
        """The change that takes this one back."""
        return Change(
            account_id=self.account_id,
            from_owner=self.to_owner,
            to_owner=self.from_owner,
            from_territory=self.to_territory,
            to_territory=self.from_territory,
        )


class Handover(Record):
    """What an approved version changes in the CRM, and the decision that allows it."""

    version: ScenarioVersion
    decision: Decision
    changes: tuple[Change, ...]


def handover(
    workspace: Workspace,
    principal: Principal,
    scenario_id: str,
    *,
    version: int | None = None,
    undo: bool = False,
) -> Handover:
    """Return what the approved version changes; with `undo`, what takes it back.

    Only the version in force is handed over. Whatever was approved once can be taken
    back, also after a newer version has voided the approval.

    Raises
    ------
    NotFound
        When the scenario or version is missing or not seen whole.
    ApprovalRequired
        When the version is not approved; `review` among the facts leads to it.
    ScenarioStale
        When accounts changed hands in a newer book, so that the list would overwrite it.
    """
    kept = workspace.store.scenarios
    kept.version(principal, scenario_id)
    found = (
        _once_approved(workspace, principal, scenario_id, version)
        if undo
        else _in_force(workspace, principal, scenario_id, version)
    )
    content = found.content
    row = kept.frontier(principal, scenario_id, found.version)
    book = workspace.readings.of(principal, content.book_id, content.coverage_hash).book
    changes = changes_of(row.points[content.chosen], book["accounts"])
    if not undo:
        _demand_unmoved(workspace, principal, content.book_id, changes)
    return Handover(
        version=found,
        decision=_approvals(workspace, principal, scenario_id)[found.version],
        changes=tuple(item.undone for item in changes) if undo else changes,
    )


def changes_of(point: DesignPoint, accounts: pd.DataFrame) -> tuple[Change, ...]:
    """Return the accounts whose owner or territory changes, in order of id.

    Parameters
    ----------
    point
        The design.
    accounts
        The book's table: `account_id`, `owner_id`, `territory_id`, `country` and `region`
        (null when blank).

    Notes
    -----
    Where one rep works one territory and nobody else does, the territory is that rep's:
    an account they get carries it, if it lies in a country and region that the territory
    reaches already. A region that several reps share says where an account lies and stays.
    """
    table = accounts.set_index("account_id")
    owners, territories = _texts(table["owner_id"]), _texts(table["territory_id"])
    places = _places(table)
    patches = _patches(owners, territories)
    reach = {(territories[account], place) for account, place in places.items()}
    found = []
    for move in sorted(point.moves, key=lambda move: move.account_id):
        account, territory = move.account_id, territories[move.account_id]
        patch = patches.get(move.to_rep, territory)
        change = Change(
            account_id=account,
            from_owner=owners[account],
            to_owner=move.to_rep,
            from_territory=territory,
            to_territory=patch if (patch, places[account]) in reach else territory,
        )
        if change.undone != change:
            found.append(change)
    return tuple(found)


def as_csv(changes: Sequence[Change], crm: Crm, approval: str) -> str:
    """Write changes as a file for Salesforce Data Loader or HubSpot's import.

    Salesforce: `Id`, `OwnerId`, `Territory__c` (where any account has one), and the two
    fields of ours, approval and previous owner. HubSpot: `Record ID`, `Company owner` and
    `Cadastre approval`. UTF-8 with CRLF; blanks are blank.

    Raises
    ------
    InvalidInput
        When an id begins as a formula does: changed it would name nothing, unchanged a
        spreadsheet would run it.
    """
    for item in changes:
        _demand_ids(item)
    written = io.StringIO(newline="")
    lines = csv.writer(written, lineterminator="\r\n")
    if crm == "hubspot":
        lines.writerow(("Record ID", "Company owner", "Cadastre approval"))
        lines.writerows((item.account_id, item.to_owner, approval) for item in changes)
        return written.getvalue()
    placed = any(item.from_territory or item.to_territory for item in changes)
    names = [_SALESFORCE["account_id"], _SALESFORCE["owner_id"]]
    names += [_SALESFORCE["territory_id"]] if placed else []
    lines.writerow((*names, APPROVAL, PREVIOUS))
    for item in changes:
        territory = (item.to_territory,) if placed else ()
        lines.writerow((item.account_id, item.to_owner, *territory, approval, item.from_owner))
    return written.getvalue()


def _in_force(
    workspace: Workspace, principal: Principal, scenario_id: str, version: int | None
) -> ScenarioVersion:
    approved = workspace.store.scenarios.approved(principal, scenario_id)
    if version in {None, approved.version}:
        return approved
    workspace.store.scenarios.version(principal, scenario_id, version)
    raise ApprovalRequired(
        f"Version {version} of scenario {scenario_id} is not the one in force.",
        hint="Leave the version out to hand over the one in force.",
        review=f"/scenarios/{scenario_id}?v={approved.version}",
    )


def _once_approved(
    workspace: Workspace, principal: Principal, scenario_id: str, version: int | None
) -> ScenarioVersion:
    kept = workspace.store.scenarios
    approvals = _approvals(workspace, principal, scenario_id)
    if version is not None and version not in approvals:
        newest = kept.version(principal, scenario_id, version)
        raise ApprovalRequired(
            f"Version {version} of scenario {scenario_id} was never approved, so there is "
            "nothing to take back.",
            hint="Leave the version out to take back what was approved last.",
            review=f"/scenarios/{scenario_id}?v={newest.version}",
        )
    if version is None and not approvals:
        return kept.approved(principal, scenario_id)
    return kept.version(principal, scenario_id, max(approvals) if version is None else version)


def _approvals(workspace: Workspace, principal: Principal, scenario_id: str) -> dict[int, Decision]:
    decisions = workspace.store.decisions.on(principal, "scenario", scenario_id)
    return {item.subject_version: item for item in decisions if item.verdict == "approved"}


def _demand_unmoved(
    workspace: Workspace, principal: Principal, book_id: str, changes: Sequence[Change]
) -> None:
    """Refuse to overwrite what changed in the CRM since the scenario's book was exported."""
    try:
        current = workspace.store.books.current_id(principal)
    except NotFound:
        return
    if current == book_id:
        return
    table = workspace.reading(principal).book["accounts"].set_index("account_id")
    owners = _texts(table["owner_id"])
    moved = [
        item.account_id
        for item in changes
        if item.account_id not in owners
        or owners[item.account_id] not in {item.from_owner, item.to_owner}
    ]
    if moved:
        more = f" and {len(moved) - 5} more" if len(moved) > 5 else ""
        raise ScenarioStale(
            f"{', '.join(moved[:5])}{more} changed hands or went away in the book imported since: "
            "the list would overwrite that.",
            hint="Run the scenario again on the current book: cadastre scenario run",
            accounts=moved,
        )


def _texts(column: pd.Series) -> dict[str, str | None]:
    return {
        str(key): value if isinstance(value, str) else None
        for key, value in zip(column.index, column.astype(object), strict=True)
    }


def _places(table: pd.DataFrame) -> dict[str, tuple[str | None, str | None]]:
    """Return country and region of every account."""
    countries, regions = _texts(table["country"]), _texts(table["region"])
    return {account: (country, regions[account]) for account, country in countries.items()}


def _patches(
    owners: dict[str, str | None], territories: dict[str, str | None]
) -> dict[str | None, str]:
    """Return the territory of each rep who works one that nobody else works."""
    works: dict[str, set[str | None]] = {}
    worked_by: dict[str | None, set[str]] = {}
    for account, owner in owners.items():
        if owner is not None:
            works.setdefault(owner, set()).add(territories[account])
            worked_by.setdefault(territories[account], set()).add(owner)
    return {
        rep: territory
        for rep, found in works.items()
        for territory in found
        if territory is not None and len(found) == 1 and worked_by[territory] == {rep}
    }


def _demand_ids(change: Change) -> None:
    for value in (
        change.account_id,
        change.to_owner,
        change.from_owner,
        change.to_territory,
    ):
        if value is None or not value.startswith(_RUNS) or _is_number(value):
            continue
        raise InvalidInput(
            f"The id {value!r} of account {change.account_id} begins as a formula does; a "
            "spreadsheet that opens the list would run it.",
            hint="Correct the id in the CRM and import its export again.",
        )


def _is_number(text: str) -> bool:
    digits = text[1:].replace(".", "", 1)
    return text[0] in "+-" and digits.isascii() and digits.isdigit()
