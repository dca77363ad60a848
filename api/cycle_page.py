"""What the pages of territory plans and reviews show, gathered from their views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from agent.cycle.live_view import MonthOf, WeekOf
from agent.cycle.view import Bullet, CycleView, ReviewView, TerritoryOf, TerritoryView, WeekView
from agent.cycle.writing import hours
from agent.view import Pill, SourceView
from api.charts import capacity_bar
from api.cycle_charts import bullet_chart, scale_of, week_bars
from domain.errors import PlannerError

TerritoryMode = Literal["plan", "weeks"]
ReviewMode = Literal["quarter", "month", "week"]
NOT_APPROVED = {"in_review": "Draft, not approved", "returned": "Returned, not approved"}


@dataclass(frozen=True)
class Reader:
    """What the person at the page may do, and what they had typed when something went wrong."""

    may_decide: bool = False
    may_draft: bool = False
    cannot_decide: str = ""
    entered: Mapping[str, str] = field(default_factory=dict)
    problem: PlannerError | None = None


def territory_page(
    view: TerritoryView, reader: Reader, mode: TerritoryMode = "plan"
) -> dict[str, Any]:
    """Return what `territory_plan.html` and `cycle_print.html` need of a territory plan."""
    here = f"/territories/{view.rep_id}/plan/{view.quarter}"
    metrics = view.section("metrics")
    return {
        **_shared(view, reader, here),
        "mode": mode,
        "ics_url": f"/api/territories/{view.rep_id}/plans/{view.quarter}/calendar.ics"
        f"?version={view.version}&plan={view.plan_id}{_draft(view)}",
        "health": next((item for item in metrics.tables if item.kind == "scorecard"), None),
        "bars": {
            item.rep_id: week_bars(item, name=f"weeks-{place}")
            for place, item in enumerate(view.calendars)
        },
        "loads": {
            f"{item.rep_id}{week.week}": week_load(week, f"load-{place}-{week.week}")
            for place, item in enumerate(view.calendars)
            for week in item.weeks
        },
    }


def review_page(view: ReviewView, reader: Reader) -> dict[str, Any]:
    """Return what `review_page.html` and `cycle_print.html` need of a review."""
    here = f"/reviews/{view.quarter}"
    return {
        **_shared(view, reader, here),
        "mode": "quarter",
        "quarter": view.quarter,
        "ics_url": "",
        "may_adjust": reader.may_decide and view.version == view.newest_version,
        "open_count": sum(not item.verdict for item in view.adjustments),
        "team_charts": measure_charts(view.team_bullets, "team"),
        "territory_charts": territory_charts(view.territories),
    }


def live_page(live: MonthOf | WeekOf | None) -> dict[str, Any]:
    """Return what `review_live.html` needs of a month or a week; None shows neither."""
    shown: dict[str, Any] = {
        **marks_of(live.sources if live is not None else ()),
        "live": live,
        "entered": {},
        "team_charts": [],
        "territory_charts": {},
    }
    if isinstance(live, MonthOf):
        shown["team_charts"] = measure_charts(live.team_bullets, "team")
        shown["territory_charts"] = territory_charts(live.territories)
    elif live is not None:
        shown["team_charts"] = measure_charts(live.bullets, "rep")
    return shown


def measure_charts(items: Iterable[Bullet], name: str) -> list[str]:
    """Draw measures of different units, each on a scale of its own."""
    return [bullet_chart(item, name=f"m-{name}-{place}") for place, item in enumerate(items)]


def territory_charts(items: Sequence[TerritoryOf]) -> dict[str, str]:
    """Draw the main measure of territories on one scale."""
    most = scale_of(item.main for item in items)
    return {
        item.rep_id: bullet_chart(item.main, most=most, name=f"t-{place}")
        for place, item in enumerate(items)
    }


def week_load(week: WeekView, name: str) -> str:
    """Draw one week's hours against its selling hours, with the figures beside it."""
    share = float(week.planned / week.selling) if week.selling > 0 else float(week.planned > 0)
    bar = capacity_bar(share, 0.0, name=name)
    return (
        f'{bar}<span class="load-words">{hours(week.planned)} of {hours(week.selling)}'
        + (f", {hours(week.travel)} travel" if week.travel > 0 else "")
        + "</span>"
    )


def printed(view: CycleView) -> tuple[dict[str, str], list[tuple[str, SourceView]]]:
    """Number for paper what sentences rest on; figures of tables stay on the page."""
    listed = [(source.label, source) for source in view.sources if source.evidence_id in view.cited]
    cited = [source for source in view.computed if source.evidence_id in view.cited]
    listed += [(f"ƒ{place}", source) for place, source in enumerate(cited, 1)]
    return {source.evidence_id: mark for mark, source in listed}, listed


def stamp_of(view: CycleView) -> str:
    """Say on paper whether a version is approved, and by whom."""
    return view.decision or NOT_APPROVED.get(view.status, view.status.capitalize())


def source_marks(view: CycleView) -> dict[str, Any]:
    """Return what the evidence of a page needs: pills and titles by evidence id."""
    return marks_of((*view.sources, *view.computed))


def marks_of(sources: Sequence[SourceView]) -> dict[str, Any]:
    """Return what the evidence of a page needs, of these sources."""
    return {
        "all_sources": sources,
        "labels": {
            source.evidence_id: Pill(
                label=source.label,
                kind="computed" if source.kind == "calculation" else "verified",
                evidence_id=source.evidence_id,
            )
            for source in sources
        },
        "titles": {source.evidence_id: source.title for source in sources},
        "weak": frozenset(),
        "people": {},
    }


def _shared(view: CycleView, reader: Reader, here: str) -> dict[str, Any]:
    newest = view.version == view.newest_version
    more = f"&plan={view.plan_id}"
    return {
        **source_marks(view),
        "view": view,
        "claims": view.claims if isinstance(view, ReviewView) else {},
        "here": here,
        "more": more,
        "stay": f"{here}?v={view.version}{more}",
        "print_url": f"{here}/print?v={view.version}{more}",
        "export_url": _export(view),
        "export_note": "Approved version" if view.status == "approved" else "Marked as a draft",
        "summary": view.section("summary"),
        "steps": [item for item in view.sections if item.key != "summary"],
        "entered": reader.entered,
        "problem": reader.problem,
        "may_draft": reader.may_draft and newest,
        "deciding": reader.may_decide and newest and view.status == "in_review",
        "cannot_decide": reader.cannot_decide,
    }


def _export(view: CycleView) -> str:
    return f"/api/cycle/{view.plan_id}/export?version={view.version}{_draft(view)}"


def _draft(view: CycleView) -> str:
    return "" if view.status == "approved" else "&draft=true"
