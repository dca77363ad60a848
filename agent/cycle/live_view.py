"""A rep's week and a manager's month as readers see them: cuts of the quarter's data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from agent.cycle.bullets import bullet, chosen_metric, ordered, plays_told
from agent.cycle.calendar_view import ONE
from agent.cycle.view import Bullet, CycleCell, CycleTable, Row, State, TerritoryOf
from agent.cycle.writing import Hand, hours, plain, short_day
from agent.plan_sources import long_day
from agent.view import SourceView
from domain.evidence import Ledger
from domain.record import Record
from domain.week_page import ItemState, MonthPage, MonthRow, WeekItem, WeekPage

STATES: dict[ItemState, tuple[State, str]] = {
    "planned": ("muted", "planned"),
    "done": ("ok", "done"),
    "missed": ("bad", "missed"),
    "unknown": ("muted", "unknown"),
}


class WeekOf(Record):
    """A rep's week: what comes, what slips, what last week brought, the quarter so far."""

    rep_id: str
    rep_name: str
    quarter: str
    title: str
    as_of: date
    plan: str
    link: str | None
    told: str
    this: CycleTable
    slips: CycleTable
    last: CycleTable
    bullets: tuple[Bullet, ...]
    plays: str
    notes: tuple[str, ...]
    sources: tuple[SourceView, ...] = ()


class MonthOf(Record):
    """A manager's month: every territory by its gap, and touches done by week."""

    quarter: str
    title: str
    as_of: date
    team_bullets: tuple[Bullet, ...]
    territories: tuple[TerritoryOf, ...]
    weeks: CycleTable
    plays: str
    notes: tuple[str, ...]
    sources: tuple[SourceView, ...] = ()


def week_view(
    page: WeekPage, ledger: Ledger, currency: str, names: Mapping[str, str] | None = None
) -> WeekOf:
    """Render a rep's week. `ledger` may lack figures: they are written, and open nothing."""
    hand = Hand(ledger, currency, names if names is not None else {})
    told = (bullet(item, page.rep_name, hand) for item in page.measures)
    bullets = ordered(told, chosen_metric(page.measures))
    return WeekOf(
        rep_id=page.rep_id,
        rep_name=page.rep_name,
        quarter=page.quarter,
        title=f"{page.rep_name}: week of {long_day(page.week)}",
        as_of=page.as_of,
        plan=f"version {page.plan_version}" if page.plan_id else "",
        link=f"/territories/{page.rep_id}/plan/{page.quarter}" if page.plan_id else None,
        told=_told(page),
        this=_items("this", "This week", page.this, with_state=False),
        slips=_slips(page),
        last=_items("last", f"Last week, from {long_day(page.last_week)}", page.last),
        bullets=bullets,
        plays=plays_told(page.plays, hand) if page.plays else "",
        notes=page.notes,
        sources=(*hand.sources.numbered(), *hand.sources.computed()),
    )


def month_view(
    page: MonthPage, ledger: Ledger, currency: str, names: Mapping[str, str] | None = None
) -> MonthOf:
    """Render a manager's month; territories stand by their gap, the worst first."""
    hand = Hand(ledger, currency, names if names is not None else {})
    measures = [*page.team, *(item for row in page.rows for item in row.measures)]
    metric = chosen_metric(measures)
    # What is not shown of a territory is written, and not listed among the sources.
    aside = Hand(ledger, currency, names if names is not None else {})
    found = [_territory(row, metric, page.quarter, hand, aside) for row in page.rows]
    found.sort(key=lambda item: (item.main.relative is None, item.main.relative or 0, item.rep_id))
    return MonthOf(
        quarter=page.quarter,
        title=f"The month to {long_day(page.as_of)}",
        as_of=page.as_of,
        team_bullets=ordered((bullet(item, "The team", hand) for item in page.team), metric),
        territories=tuple(found),
        weeks=_weeks(page),
        plays=plays_told(page.plays, hand) if page.plays else "",
        notes=page.notes,
        sources=(*hand.sources.numbered(), *hand.sources.computed()),
    )


def _told(page: WeekPage) -> str:
    told = f"{len(page.this)} {'touch' if len(page.this) == 1 else 'touches'} this week"
    if page.last:
        told += f"; last week {page.count('done')} of {len(page.last)} were done"
        if page.count("unknown"):
            told += f", of {page.count('unknown')} nothing is known"
    if page.slips:
        told += f"; {len(page.slips)} {'slips' if len(page.slips) == 1 else 'slip'}"
    return f"{told}."


def _items(
    kind: str, caption: str, items: Sequence[WeekItem], *, with_state: bool = True
) -> CycleTable:
    return CycleTable(
        kind=kind,
        caption=caption,
        columns=("Day", "Account", "What", "Hours", "State" if with_state else "Why"),
        rows=tuple(_item(item, with_state=with_state) for item in items),
    )


def _item(item: WeekItem, *, with_state: bool) -> Row:
    state, word = STATES[item.state]
    why = "; ".join(item.reasons) or {
        "play": "a play of its account plan",
        "cadence": "its cadence",
        "focus": "a focus account",
    }.get(item.source or "", "–")
    last: CycleCell = plain(word, state=state) if with_state else plain(why)
    if item.play and not with_state:
        plan_id = item.play.rpartition("/")[0]
        last = CycleCell(text=why, link=f"/plans/{plan_id}")
    return (
        plain(short_day(item.day) if item.day else "any day"),
        plain(item.account_name),
        plain(ONE[item.kind] if item.kind else "touch"),
        plain(hours(item.hours), numeric=True),
        last,
    )


def _slips(page: WeekPage) -> CycleTable:
    return CycleTable(
        kind="slips",
        caption="What slips",
        columns=("Due", "Account", "What", "Late"),
        rows=tuple(
            (
                plain(short_day(item.due)),
                plain(item.account_name),
                plain(f"{ONE[item.kind]}, {'a play' if item.what == 'play' else 'a touch'}"),
                plain(f"{item.days} {'day' if item.days == 1 else 'days'}", numeric=True),
            )
            for item in page.slips
        ),
    )


def _territory(row: MonthRow, metric: str, quarter: str, hand: Hand, aside: Hand) -> TerritoryOf:
    bullets = tuple(bullet(item, row.rep_name, aside) for item in row.measures)
    main = next((item for item in row.measures if item.metric == metric), None)
    adherence = next((item for item in bullets if item.metric == "adherence"), None)
    planned = bool(row.weeks)
    return TerritoryOf(
        rep_id=row.rep_id,
        name=row.rep_name,
        main=bullet(main, row.rep_name, hand),
        bullets=bullets,
        plays=plays_told(row.plays, aside) if row.plays else "",
        adherence=adherence.actual_cell if adherence else plain("–", state="muted"),
        drift=row.drift,
        plan="approved" if planned else None,
        link=f"/territories/{row.rep_id}/plan/{quarter}" if planned else None,
        causes=(),
        answered_by=(),
        notes=row.notes,
    )


def _weeks(page: MonthPage) -> CycleTable:
    def row(item: MonthRow) -> Row:
        cells = [
            plain(
                "–" if count.done is None else f"{count.done} of {count.due}",
                numeric=True,
                small=f"{count.planned - count.due} to come" if count.planned > count.due else "",
            )
            for count in item.weeks
        ]
        cells += [plain("–", numeric=True)] * (len(page.weeks) - len(cells))
        late = plain(f"{item.late_plays}", numeric=True)
        return plain(item.rep_name), *cells, late

    return CycleTable(
        kind="month",
        caption="Touches done of those due, week by week",
        columns=("Rep", *(short_day(day).partition(" ")[2] for day in page.weeks), "Late plays"),
        rows=tuple(row(item) for item in page.rows),
    )
