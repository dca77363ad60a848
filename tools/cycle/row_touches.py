"""Leading measures of a territory: touches, meetings, demos, schedule, engagement, adherence."""

from __future__ import annotations

from domain.period import Period
from domain.review import PlayCount
from tools.cycle.played import PlayTold
from tools.cycle.row_figures import ONE, RowFigures
from tools.cycle.team_totals import PLAY_STATES
from tools.cycle.touched import MEETING_KINDS, WeeksTold, weeks_told


def weeks_of(row: RowFigures) -> WeeksTold | None:
    """Hold the plan's calendar against what happened; None without a plan."""
    ground = row.ground
    if row.plan is None:
        return None
    plays = ground.plays_of.get(row.rep_id, ())
    late_days = ground.after.coverage.review.late_days
    return weeks_told(row.plan.items, row.due_until, ground.met, ground.days, plays, late_days)


def tell_touches(row: RowFigures, weeks: WeeksTold | None) -> None:
    """Tell touches, meetings, demos, and accounts touched in the week planned."""
    ground, count = row.ground, row.ground.touches.count
    start = ground.quarter.period.start
    since = max(start, row.plan.content.plan_from) if row.plan else start
    row.measure(
        "touches",
        weeks.planned if weeks else None,
        weeks.due if weeks else None,
        # Nothing was planned for the days before the plan.
        count(row.rep_id, Period(since, ground.through)),
        unplanned=row.no_plan,
        undone=row.no_touches,
    )
    target, note = row.target("qualified_meetings")
    held = count(row.rep_id, ground.gone, MEETING_KINDS, ground.automated)
    row.by_days("meetings", target, held, unplanned=note, undone=row.no_touches)
    target, note = row.target("demos")
    held = count(row.rep_id, ground.gone, ("demo",))
    row.by_days("demos", target, held, unplanned=note, undone=row.no_touches)
    whole = ONE if weeks else None
    row.measure("coverage_consistency", whole, whole, unplanned=row.no_plan)
    due, kept = (weeks.weeks_due, weeks.weeks_kept) if weeks else (None, None)
    row.tell("weeks_due", "Weeks with an account's touch due", "count", due, row.no_plan)
    why = row.no_touches or row.no_plan
    row.tell("weeks_kept", "Weeks in which the account was touched", "count", kept, why)


def tell_strategic(row: RowFigures) -> None:
    """Tell how many accounts of the highest tier are engaged."""
    ground = row.ground
    mine = ground.strategic.get(row.rep_id, ())
    engaged = sum(account in ground.engaged for account in mine) if ground.touches.known else None
    row.measure("strategic_accounts", len(mine), len(mine), engaged, undone=row.no_touches)
    target, note = row.target("strategic_engagement")
    row.measure("strategic_engagement", target, target, unplanned=note)


def tell_plays(row: RowFigures) -> PlayCount:
    """Count the plays of the rep's account plans by what became of them."""
    plays = row.ground.plays_of.get(row.rep_id, ())
    counts: dict[str, int | None] = {"planned": len(plays)}
    for state in PLAY_STATES[1:]:
        known = row.ground.touches.known or state == "dropped" or not plays
        counts[state] = sum(play.state == state for play in plays) if known else None
    internal = sum(play.kind == "internal" and play.state == "open" for play in plays)
    if internal:
        row.notes.append(f"Plays that no activity tells of, counted as open: {internal} internal.")
    owners = row.ground.after.book.owners
    moved = sum(owners.get(play.account_id) != row.rep_id for play in plays)
    if moved:
        row.notes.append(f"Plays with accounts that changed hands since: {moved}.")
    return PlayCount(
        **{
            state: row.teller.tell(
                f"plays_{state}", f"Plays {state}", "count", count, row.no_touches
            )
            for state, count in counts.items()
        }
    )


def tell_adherence(row: RowFigures, weeks: WeeksTold | None) -> None:
    """Tell what was due of touches and plays, and what of it was done as planned."""
    plays = row.ground.plays_of.get(row.rep_id, ())
    due = [play for play in plays if _fell_due(play) and play.due <= row.ground.after.as_of]
    done = sum(play.state == "done" for play in due)
    asked = weeks.promised + len(due) if weeks else None
    kept = weeks.kept + done if weeks is not None and weeks.kept is not None else None
    row.tell("promises_due", "Touches and plays due", "count", asked, row.no_plan)
    why = row.no_touches or row.no_plan
    row.tell("promises_kept", "Touches and plays done as planned", "count", kept, why)
    whole = ONE if weeks else None
    row.measure("adherence", whole, whole, unplanned=row.no_plan)


def _fell_due(play: PlayTold) -> bool:
    return play.kind != "internal" and play.state != "dropped"
