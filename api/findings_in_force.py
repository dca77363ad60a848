"""The findings of approved plans: which are applied, and what followed from them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from api.accounts import RankedAccount, in_scope
from domain.errors import NotCitable
from domain.findings import ApprovedFinding, FindingState, told
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.reading import Reading
    from api.workspace import Workspace
    from tools.finding_states import JudgedFinding

METRICS: dict[str, tuple[str, ...]] = {
    "potential": ("potential_p50", "potential_p75", "potential_p90", "open_potential"),
    "relationship": ("contacts", "supportive_contacts", "opposed_contacts", "access"),
    "opportunity": ("open_opportunities", "open_pipeline", "cycle"),
}
"""The figures that a finding of each kind can change by itself."""


class Moved(Record):
    """A figure of the account: as the CRM alone gives it, and with the findings in force."""

    what: str
    before: str
    after: str


class FindingLine(Record):
    """One finding of an approved plan, what it changed and what followed.

    `state` says whether it is applied, `why` why it is not. `changed` holds the figures of
    the account that findings of this kind changed, `followed` its score, tier, expected
    value and rank (within what the reader sees): each against a reading of the same book
    without any findings, so that `followed` is the work of all findings together. Both
    are empty for a finding that is not applied.
    """

    account_id: str
    account_name: str
    plan_id: str
    version: int
    number: int
    kind: Literal["potential", "relationship", "opportunity"]
    said: str
    reason: str
    said_by: str
    said_on: date
    decision_id: str
    approved_by: str
    approved_on: date
    state: FindingState
    why: str
    changed: tuple[Moved, ...] = ()
    followed: tuple[Moved, ...] = ()


def findings(workspace: Workspace, principal: Principal) -> list[FindingLine]:
    """Return the findings of approved plans on accounts in scope, in order of approval."""
    judged = workspace.readings.judged(principal)
    if not judged:
        return []
    reading = workspace.reading(principal)
    owners = reading.book.owners
    mine = [
        one
        for one in judged
        if principal.scope.covers(owners.get(one.approved.account_id, one.approved.owner_id))
    ]
    if not any(one.state == "in_force" for one in mine):
        return [_line(reading, one) for one in mine]
    without = workspace.readings.of(principal, *reading.ground[:2])
    now = {line.account_id: line for line in in_scope(reading, principal)}
    was = {line.account_id: line for line in in_scope(without, principal)}
    found = []
    for one in mine:
        line, account = _line(reading, one), one.approved.account_id
        if one.state == "in_force":
            changed = _figures(reading, without, account, METRICS[line.kind])
            followed = _consequences(was[account], now[account])
            line = line.model_copy(update={"changed": changed, "followed": followed})
        found.append(line)
    return found


def notes_of(
    workspace: Workspace, principal: Principal, plan_id: str, version: int
) -> dict[int, str]:
    """Say by number what became of the findings of a version that is in force."""
    return {
        one.approved.number: _note(one)
        for one in workspace.readings.judged(principal)
        if (one.approved.plan_id, one.approved.version) == (plan_id, version)
    }


def _note(one: JudgedFinding) -> str:
    if one.state == "in_force":
        return f"In force by decision {one.approved.decision_id}."
    return f"Not applied: {one.why}."


def _line(reading: Reading, one: JudgedFinding) -> FindingLine:
    item: ApprovedFinding = one.approved
    rows = reading.book.rows("accounts")
    known = rows.get(item.account_id)
    return FindingLine(
        account_id=item.account_id,
        account_name=str(known["name"]) if known is not None else item.account_id,
        plan_id=item.plan_id,
        version=item.version,
        number=item.number,
        kind=item.finding.kind,
        said=told(item.finding, reading.book.currency),
        reason=item.finding.reason,
        said_by=item.finding.person_name,
        said_on=item.finding.said_on,
        decision_id=item.decision_id,
        approved_by=item.approved_by_name,
        approved_on=item.approved_on,
        state=one.state,
        why=one.why,
    )


def _figures(
    reading: Reading, without: Reading, account: str, metrics: tuple[str, ...]
) -> tuple[Moved, ...]:
    pairs = [
        (name, _cell(without, account, name), _cell(reading, account, name)) for name in metrics
    ]
    return tuple(
        Moved(what=what, before=before, after=after)
        for what, before, after in pairs
        if before != after
    )


def _cell(reading: Reading, account: str, metric: str) -> str:
    try:
        return reading.analyses.cite(f"account:{account}", metric).value
    except NotCitable:
        return "unknown"


def _consequences(was: RankedAccount, now: RankedAccount) -> tuple[Moved, ...]:
    pairs = (
        ("score", was.score, now.score),
        ("tier", was.tier_label, now.tier_label),
        ("expected_value", was.expected_value, now.expected_value),
        ("rank", was.rank, now.rank),
    )
    return tuple(
        Moved(what=what, before=_said(before), after=_said(after))
        for what, before, after in pairs
        if before != after
    )


def _said(value: object) -> str:
    return "unknown" if value is None else str(value)
