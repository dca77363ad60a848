"""What a plan says that a newer book, other rules or findings of others say differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.errors import NotFound
from domain.evidence import Evidence, Ledger
from domain.period import Period
from domain.plan import SECTION_TITLES, Claim, PlanVersion
from domain.principal import Principal

if TYPE_CHECKING:
    from api.workspace import Workspace

ANSWERED = (
    "A question about notes that disagree was answered since; draft the plan again to carry it."
)


def recheck(
    workspace: Workspace, principal: Principal, version: PlanVersion, ledger: Ledger
) -> tuple[str, ...]:
    """Return one line for every cited cell that has changed since, in reading order.

    Every cell that a claim cites is read again from the current book under the current
    rules and the findings of other plans; a line more says that a question about the
    account was answered. Empty while the plan rests on all of these; spans of documents
    do not change. A plan's own findings are left out: it was written without
    them, and would else ask for a re-check as soon as it is approved, for ever.
    """
    content = version.content
    answers = workspace.store.questions.hashes(principal).get(content.account_id, "")
    told = [] if answers == content.answers_hash else [ANSWERED]
    if content.ground == workspace.readings.ground(principal, version.plan_id):
        return tuple(told)
    reading = workspace.readings.for_plan(principal, version.plan_id)
    owners = reading.book.owners
    if content.account_id not in owners:
        return (f"{content.account_name} is not in the book of {reading.book.as_of} any more.",)
    if owners[content.account_id] != content.owner_id:
        told.append(f"{content.account_name} has changed hands since; {content.owner_name} "
                    "owned it when this was drafted.")  # fmt: skip
    if owners[content.account_id] is None:
        return tuple(told)
    from agent import gather
    from api.planning_context import planning_context

    period = Period(content.period_start, content.period_end)
    context = planning_context(workspace, principal, reading)
    now = {
        (item.entity, item.metric): item
        for item in gather.cells(context, content.account_id, period)
    }
    for section, claim in content.draft.claims():
        for item in _cells(claim, ledger):
            change = _change(item, now.get((item.entity, item.metric)))
            if change:
                told.append(f"{SECTION_TITLES[section]}: {change}")
    return tuple(dict.fromkeys(told))


def _cells(claim: Claim, ledger: Ledger) -> list[Evidence]:
    cited = [slot.evidence_id for slot in claim.slots]
    cited += [citation.evidence_id for citation in claim.citations]
    found: list[Evidence] = []
    for evidence_id in dict.fromkeys(cited):
        try:
            item = ledger[evidence_id]
        except NotFound:
            continue
        if item.kind in {"record", "calculation"}:
            found.append(item)
    return found


def _change(was: Evidence, now: Evidence | None) -> str:
    what = was.metric.replace("_", " ").replace(":", " of ")
    part = was.entity.partition("/")[2]
    about = f"{what} of {part.replace(':', ' ')}" if part else what
    if now is None:
        return f"{about} was {was.value} and is not known any more."
    return "" if now.value == was.value else f"{about} was {was.value} and is {now.value}."
