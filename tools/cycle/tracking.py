"""A quarter's actuals from a later book against what was approved: one data set for every page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from domain.cycle import Figure
from domain.cycle_version import CycleVersion
from domain.errors import ApprovalRequired, InvalidInput, NoLaterBook
from domain.evidence import Evidence
from domain.period import Period
from domain.plan import PlanVersion
from domain.quarter import Quarter
from domain.review import QuarterData, TerritoryRow
from tools.cycle.attainment_spread import attainment_groups, attainment_spread
from tools.cycle.side import Side, demand_later
from tools.cycle.team_totals import team_measures, team_plays, team_sizes, total
from tools.cycle.territory_row import territory_row
from tools.cycle.told import Teller, number
from tools.cycle.tracking_ground import ground, plans_by_rep, team_teller


@dataclass(frozen=True)
class Tracked:
    """A quarter's data set, and the evidence that every figure of it names."""

    data: QuarterData
    evidence: tuple[Evidence, ...]


def track(
    before: Side,
    after: Side,
    quarter: Quarter,
    reps: Collection[str],
    territory_plans: Sequence[CycleVersion],
    plans: Sequence[PlanVersion],
    *,
    confirmed: Collection[str] = (),
) -> Tracked:
    """Hold what happened in a quarter against what was approved for it.

    Parameters
    ----------
    before, after
        The earlier and the later book. Tiers and strategic accounts are those of the
        earlier one, which plans were made on; what happened is read from the later one.
    quarter
        The quarter. Days after the later book's date are not due.
    reps
        Whose territories to tell, each once; the rows are in order of their ids.
    territory_plans
        Approved territory plans, of which the newest of each rep for the quarter counts.
    plans
        Approved account plans, earlier approved versions included where dropped plays are
        to be told.
    confirmed
        Ids of account plans whose claims were confirmed anew on the later book.

    Returns
    -------
    Tracked
        A rep without a plan has a row whose planned figures are unknown. A table of which
        the later book holds nothing was not asked for: its figures are unknown, not nought.

        A touch, an order and a deal count for who made them (`rep_id`, `owner_id`), and
        where the row does not say for the account's owner in the later book, as in the
        record of attainment that people are paid on.

    Raises
    ------
    ApprovalRequired
        When none of the reps has an approved territory plan for the quarter.
    NoLaterBook
        When the books are of one day, or the quarter has not begun at the later book's.
    InvalidInput
        When the books are in the wrong order, or no rep is named.
    NotFound
        When a rep is in neither book.

    Notes
    -----
    `docs/methodology.md#tracking` works an example by hand.
    """
    demand_later(before, after)
    named = sorted(set(reps))
    if not named:
        raise InvalidInput("There is no rep to track.", hint="Name a rep or a team.")
    if after.as_of < quarter.period.start:
        raise NoLaterBook(
            f"{quarter} begins on {quarter.period.start.isoformat()}, after the latest book, "
            f"which is of {after.as_of.isoformat()}: nothing of it has happened.",
            hint="Name an earlier quarter, or import a newer export with `cadastre import FOLDER`.",
        )
    by_rep = plans_by_rep(territory_plans, quarter, named)
    if not by_rep:
        raise ApprovalRequired(
            f"No territory plan for {quarter} is approved, so there is nothing to hold the "
            "actuals against.",
            hint="Draft one with `cadastre territory plan REP` and have it approved.",
        )
    read = ground(before, after, quarter, named, by_rep, plans, confirmed)
    rows: list[TerritoryRow] = []
    evidence: list[Evidence] = []
    for rep_id in named:
        teller = read.teller(rep_id)
        rows.append(territory_row(read, rep_id, teller))
        evidence += teller.made.values()
    head = _Head(
        quarter=quarter,
        since=before.as_of,
        as_of=after.as_of,
        currency=after.book.currency,
        on_track=after.coverage.review.on_track,
    )
    data, team = _gathered(head, rows)
    return Tracked(data, (*evidence, *team))


def cut(data: QuarterData, reps: Collection[str]) -> QuarterData:
    """Cut a data set to some reps: team measures are then those of these reps.

    Raises
    ------
    InvalidInput
        When none of the reps is in it.
    """
    return cut_tracked(Tracked(data, ()), reps).data


def cut_tracked(tracked: Tracked, reps: Collection[str]) -> Tracked:
    """Cut a data set as `cut` does, with the evidence of its figures and nobody else's."""
    data = tracked.data
    kept = set(reps)
    rows = [row for row in data.territories if row.rep_id in kept]
    if not rows:
        raise InvalidInput(
            f"None of these reps is in the data of {data.quarter}.",
            hint="Name reps of the team that was tracked.",
        )
    shown = {row.rep_id for row in rows}
    own = (
        item for item in tracked.evidence if item.scope in shown and item.entity.startswith("rep:")
    )
    quarter = Quarter(data.quarter, Period(data.period_start, data.period_end))
    head = _Head(quarter, data.since, data.as_of, data.currency, data.on_track)
    cut_data, team = _gathered(head, rows)
    return Tracked(cut_data, (*own, *team))


@dataclass(frozen=True)
class _Head:
    """What a data set says of itself, whoever it is about."""

    quarter: Quarter
    since: date
    as_of: date
    currency: str
    on_track: float

    @property
    def gone(self) -> Period:
        period = self.quarter.period
        return Period(period.start, min(self.as_of, period.end))


def _gathered(
    head: _Head, rows: Sequence[TerritoryRow]
) -> tuple[QuarterData, tuple[Evidence, ...]]:
    """Tell the team of some rows, and the evidence of its figures."""
    reps = [row.rep_id for row in rows]
    decided = [
        figure.evidence_id
        for row in rows
        for measure in row.measures
        for figure in (measure.plan, measure.due, measure.actual)
        if figure.evidence_id is not None
    ]
    teller = team_teller(head.quarter.label, head.gone, reps, decided)
    groups = attainment_groups(rows)
    told = QuarterData(
        quarter=head.quarter.label,
        period_start=head.quarter.period.start,
        period_end=head.quarter.period.end,
        since=head.since,
        as_of=head.as_of,
        currency=head.currency,
        days=head.quarter.period.days,
        days_gone=head.gone.days,
        on_track=head.on_track,
        team=team_measures(teller, rows, head.on_track),
        territories=tuple(rows),
        plays=team_plays(teller, rows),
        sizes=team_sizes(teller, rows),
        spread=attainment_spread(teller, rows),
        groups=groups.verdict,
        groups_told=groups.told,
        territory_problem=groups.territory_problem,
        plans_current=_current(teller, rows),
        notes=_notes(head, rows),
    )
    return told, tuple(teller.made.values())


def _current(teller: Teller, rows: Sequence[TerritoryRow]) -> Figure:
    new = [one for row in rows if (one := row.part("plans_new")) is not None]
    force = [one for row in rows if (one := row.part("plans_in_force")) is not None]
    current = total(teller, "plans_new", "Account plans drafted or confirmed anew", "count", new)
    whole = total(teller, "plans_in_force", "Account plans in force", "count", force)
    label = "Plans current"
    if not number(whole):
        return Figure.unknown("plans_current", label, "share", "No account plan is in force.")
    note = f"{current.value} of {whole.value}"
    return teller.derive("plans_current", label, "share", "share", (current, whole), note)


def _notes(head: _Head, rows: Sequence[TerritoryRow]) -> tuple[str, ...]:
    notes = []
    without = [row.name for row in rows if row.plan_id is None]
    if without:
        notes.append(
            f"No approved territory plan for {head.quarter}, so nothing planned to compare: "
            f"{', '.join(without)}."
        )
    drifting = [row.name for row in rows if row.drift]
    if drifting:
        notes.append(f"The plan is not followed and was not updated: {', '.join(drifting)}.")
    if head.as_of > head.quarter.period.end:
        notes.append(
            f"{head.quarter} is over: plays may still have been answered after its end, and "
            "pipeline coverage is that of the quarter the later book lies in."
        )
    return tuple(notes)
