"""Where each claim of a draft stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from domain.plan import AccountPlanDraft, Claim, SectionKey

Role = Literal[
    "objective", "narrative", "note", "play", "value", "objection", "done_when", "milestone",
    "success", "against", "unknown",
]  # fmt: skip


class Place(NamedTuple):
    """One claim, its section, its part in the plan, and the number of its row or list item."""

    section: SectionKey
    role: Role
    row: int
    claim: Claim


def walk(draft: AccountPlanDraft) -> Iterator[Place]:
    """Yield every claim in reading order, the order of `AccountPlanDraft.claims`."""
    yield Place("where_we_stand", "objective", 0, draft.objective)
    yield from _listed("where_we_stand", draft.where_we_stand)
    yield from _listed("why_now", draft.why_now)
    yield from _listed("buying_group", draft.buying_group)
    for row, person in enumerate(draft.people):
        if person.note:
            yield Place("buying_group", "note", row, person.note)
    yield from _listed("whitespace", draft.whitespace)
    yield from _listed("competition", draft.competition)
    for row, play in enumerate(draft.plays):
        yield Place("plays", "play", row, play.what)
        if play.value:
            yield Place("plays", "value", row, play.value)
        if play.objection:
            yield Place("plays", "objection", row, play.objection)
        yield Place("plays", "done_when", row, play.done_when)
    for row, milestone in enumerate(draft.milestones):
        yield Place("plays", "milestone", row, milestone.what)
    yield from _listed("plays", draft.success, "success")
    yield from _listed("risks", draft.risks)
    if draft.against:
        yield Place("risks", "against", 0, draft.against)
    yield from _listed("risks", draft.unknowns, "unknown")


def _listed(section: SectionKey, claims: list[Claim], role: Role = "narrative") -> Iterator[Place]:
    for index, claim in enumerate(claims):
        yield Place(section, role, index, claim)
