"""What people asked of a plan, granted on a draft of any writer, and told."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

from agent.context import PlanningContext
from agent.gather import trip_to
from agent.wishes import Wishes
from domain.evidence import Ledger
from domain.plan import AccountPlanDraft, Notice, Play, Resource, Schedule
from domain.record import decimal_string
from tools.schedule import play_hours


def done_by_people_there(
    draft: AccountPlanDraft, resources: Collection[Resource]
) -> AccountPlanDraft:
    """Give the rep every play of a function that nobody there holds: no play is without one."""
    return draft.model_copy(
        update={
            "plays": [
                play if play.done_by in resources else play.model_copy(update={"done_by": "rep"})
                for play in draft.plays
            ]
        }
    )


def as_wished(
    context: PlanningContext,
    draft: AccountPlanDraft,
    account_id: str,
    wishes: Wishes,
    ledger: Ledger,
) -> AccountPlanDraft:
    """Keep the plays that the wishes allow, most important first; at least one stays.

    Left out are kinds of play and people to do without, and what passes the hours or the
    number of plays. Milestones of plays that go, and reasons that rest on them, go along.
    """
    owner = context.book.owners[account_id]
    assert owner is not None  # `scope` refuses unowned accounts before anything is drafted
    trip = trip_to(context, account_id, owner)
    travel = Decimal(decimal_string(trip.hours, 1)) if trip else Decimal(0)
    kept: list[Play] = []
    spent = Decimal(0)
    allowed = [play for play in draft.plays if not _unwanted(play, wishes, ledger)]
    for play in allowed or draft.plays[:1]:
        hours = play_hours(play.kind, context.coverage, travel)
        own = hours if play.done_by == "rep" else Decimal(0)
        too_long = wishes.most_hours is not None and spent + own > wishes.most_hours
        too_many = wishes.most_plays is not None and len(kept) >= wishes.most_plays
        if kept and (too_long or too_many):
            continue
        kept.append(play)
        spent += own
    keys = {play.key for play in kept}
    return draft.model_copy(
        update={
            "plays": kept,
            "milestones": [item for item in draft.milestones if item.play in keys],
        }
    )


def told_of_wishes(wishes: Wishes, draft: AccountPlanDraft, schedule: Schedule) -> Iterator[Notice]:
    """Say of every limit that was asked for whether the plan keeps it."""
    if wishes.most_hours is not None:
        yield _told_of_hours(schedule, wishes.most_hours)
    if wishes.most_plays is not None:
        asked = f"{wishes.most_plays} play{'s' * (wishes.most_plays != 1)}"
        yield _told(len(draft.plays) <= wishes.most_plays, f"at most {asked}")
    if wishes.last_day is not None:
        day = wishes.last_day
        kept = all(play.due <= day for play in schedule.plays)
        yield _told(kept, f"every play done by {day.isoformat()}")
    for kind in sorted(wishes.without):
        yield _told(all(play.kind != kind for play in draft.plays), f"no {kind}")


def _told(kept: bool, asked: str) -> Notice:
    said = f"It is kept to what was asked: {asked}." if kept else f"Asked for, not kept: {asked}."
    return Notice(code="as_asked" if kept else "not_as_asked", section="plays", message=said)


def _unwanted(play: Play, wishes: Wishes, ledger: Ledger) -> bool:
    """Say whether a play is of a kind, or with or through a person, to do without."""
    if play.kind in wishes.without:
        return True
    cited = [citation.evidence_id for citation in play.what.citations]
    named = [ledger[key] for key in cited if key in ledger]
    people = {item.entity for item in named} | ({play.contact} if play.contact else set())
    names = [ledger.find(entity, "name") for entity in sorted(people) if "/contact:" in entity]
    return any(name is not None and wishes.shuns(name.value) for name in names)


def _told_of_hours(schedule: Schedule, most_hours: Decimal) -> Notice:
    planned, asked = Decimal(schedule.plan_hours), decimal_string(most_hours, 2)
    if planned > most_hours:
        return Notice(
            code="above_asked_hours",
            section="plays",
            message=f"The plan takes {decimal_string(planned, 1)} hours; {asked} were asked for, "
            "and its most important play alone takes more.",
        )
    given = Decimal(schedule.tier_hours)
    told = (
        f"It takes {decimal_string(planned, 1)} of the {asked} hours asked for"
        if most_hours >= given
        else f"It is cut to the {asked} hours asked for"
    )
    return Notice(
        code="within_asked_hours",
        section="plays",
        message=f"{told}; the tier's cadence gives {decimal_string(given, 1)}.",
    )
