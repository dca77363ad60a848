"""Account plans and their revisions, drafted by the product and told as answers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from agent.plan_view import view_plan
from agent.render import render
from agent.verifier.places import walk
from agent.view import PlanView, TableView
from api.workspace import Workspace
from domain.evidence import Ledger
from domain.plan import Claim, PlanContent, PlanVersion, Play, SectionKey
from domain.principal import Principal
from eval.answer import Answer, Statement, StatementKind, Step
from eval.solvers.telling import Shown, Teller
from eval.task import Task

METRICS = {
    "Role": "role",
    "Name": "name",
    "Stance": "attitude",
    "Influence": "influence",
    "Last contact": "last_contact",
    "Not bought, 12 months": "line",
    "Peers who buy it": "peer_share",
    "Their P75 a year": "peer_p75",
    "Chance in 12 months": "chance",
    "Worth a year": "worth",
}
"""What the columns of a plan's tables show."""


def account_plan(workspace: Workspace, principal: Principal, task: Task) -> Answer:
    """Draft the plan of the account that is asked about."""
    version = workspace.draft_plan(principal, task.ask.account_id or "")
    return told(workspace, principal, task, version)


def revision(workspace: Workspace, principal: Principal, task: Task) -> Answer:
    """Draft the plan, then anew with the constraint as the person's remark."""
    first = workspace.draft_plan(principal, task.ask.account_id or "")
    version = workspace.revise(principal, first.plan_id, remark=task.ask.text)
    return told(workspace, principal, task, version)


def told(workspace: Workspace, principal: Principal, task: Task, version: PlanVersion) -> Answer:
    """Tell a stored version: what its page says, and its plays as steps."""
    content = version.content
    ledger = workspace.store.ledgers.ledger(principal, content.ledger_root)
    rules = workspace.readings.rules(principal, content.coverage_hash)
    # As `Workspace.plan_view` does, less what only later books and decisions would add.
    view = view_plan(version, ledger, rules, newest_version=version.version)
    return Answer(
        task_id=task.task_id,
        statements=tuple(_statements(content, ledger, view)),
        steps=tuple(_steps(content, ledger)),
        starts=content.period_start,
        ends=content.period_end,
        left_out=tuple(f"{item.what}: {item.reason}" for item in content.report.omissions),
    )


def _statements(content: PlanContent, ledger: Ledger, view: PlanView) -> Iterator[Statement]:
    """Yield every claim in reading order, each section's tables and gap behind its claims."""
    teller = Teller(ledger, content.currency)
    places = list(walk(content.draft))
    for section in view.sections:
        for place in places:
            if place.section == section.key:
                kind: StatementKind | None = "unknown" if place.role == "unknown" else None
                yield teller.claim(place.claim, section.key, kind=kind)
        for table in section.tables:
            yield from _rows(table, section.key, content, teller)
        if section.gap:
            yield Statement(
                key=f"gap.{section.key}",
                section=section.key,
                kind="unknown",
                about=f"account:{content.account_id}",
                text=section.gap,
            )


def _rows(
    table: TableView, section: SectionKey, content: PlanContent, teller: Teller
) -> Iterator[Statement]:
    """Yield the rows of people and whitespace; those of plays and milestones are claims."""
    about: dict[str, list[str | None]] = {
        "people": [person.contact for person in content.draft.people],
        "whitespace": [product.gap for product in content.draft.products],
    }
    for number, (row, entity) in enumerate(
        zip(table.rows, about.get(table.kind, ()), strict=False), start=1
    ):
        cells = [
            Shown(column, cell.text, _fact(teller.ledger, entity, METRICS.get(column)))
            for column, cell in zip(table.columns, row, strict=True)
            if cell.sentence is None  # a sentence is a claim of its own
        ]
        yield teller.row(
            f"{table.kind}.{number}", section, entity or f"account:{content.account_id}", cells
        )


def _fact(ledger: Ledger, entity: str | None, metric: str | None) -> str | None:
    """Return the fact behind a cell: the view names one of the same row for all its cells."""
    found = ledger.find(entity, metric) if entity and metric else None
    return found.id if found is not None else None


def _steps(content: PlanContent, ledger: Ledger) -> Iterator[Step]:
    when = {item.key: item for item in content.schedule.plays}

    def say(claim: Claim) -> str:
        return "".join(part.text for part in render(claim, ledger, content.currency))

    for play in content.draft.plays:
        placed = when.get(play.key)
        yield Step(
            key=play.key,
            what=say(play.what),
            kind=play.kind,
            account_id=content.account_id,
            contact_id=play.contact.rpartition(":")[2] if play.contact else None,
            owner=_owner(play, content),
            due=placed.due if placed else None,
            hours=Decimal(placed.hours) if placed else None,
            measure=say(play.done_when),
            rests_on=(play.what.key,),
        )


def _owner(play: Play, content: PlanContent) -> str | None:
    """Return who does a play; its page names a function, and nobody, for what others do."""
    return content.owner_id if play.done_by == "rep" else None
