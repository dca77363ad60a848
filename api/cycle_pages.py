"""The pages of territory plans and reviews: lists, plans, reviews, print pages, their forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from agent.cycle.leaving import fit_to_leave
from agent.cycle.live_view import MonthOf, WeekOf
from agent.cycle.view import CycleView
from api.cycle_exporting import address_of
from api.cycle_lists import review_rows, territory_rows
from api.cycle_page import (
    Reader,
    ReviewMode,
    TerritoryMode,
    live_page,
    printed,
    review_page,
    stamp_of,
    territory_page,
)
from api.cycle_reading import (
    month_of,
    reps_of,
    review_of,
    stored_review,
    stored_territory,
    territory_of,
    week_of,
)
from api.deps import CurrentUser, CurrentWorkspace
from api.page_forms import Fields, decision_of, number_of
from api.page_look import draw
from api.pages import frame, see
from api.workspace import Workspace
from domain.cycle_version import CycleVersion
from domain.errors import ApprovalRequired, NoLaterBook, NotFound, PlannerError
from domain.principal import Principal

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Version = Annotated[int | None, Query(ge=1)]


@router.get("/territories")
def territories(request: Request, user: CurrentUser, workspace: CurrentWorkspace) -> HTMLResponse:
    """List the reps in scope with the state of their territory plan."""
    return _list(request, user, workspace, "territory")


@router.get("/reviews")
def reviews(request: Request, user: CurrentUser, workspace: CurrentWorkspace) -> HTMLResponse:
    """List the reviews in scope."""
    return _list(request, user, workspace, "review")


@router.post("/reviews")
def draft_review(
    request: Request, user: CurrentUser, workspace: CurrentWorkspace, fields: Fields
) -> Response:
    """Draft the review of a quarter and open it; a refusal is told in place."""
    try:
        version = workspace.cycle.draft_review(user, fields.get("quarter", "").strip() or None)
    except PlannerError as problem:
        return _list(request, user, workspace, "review", problem=problem)
    return see(address_of(version))


@router.get("/territories/{rep_id}/plan/{quarter}")
def territory(
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    rep_id: str,
    quarter: str,
    v: Version = None,
    view: TerritoryMode = "plan",
    plan: str | None = None,
) -> HTMLResponse:
    """Show one version of a territory plan, as a plan or week by week."""
    version = stored_territory(workspace, user, rep_id, quarter, v, plan)
    return _territory(request, user, workspace, version, mode=view)


@router.get("/territories/{rep_id}/plan/{quarter}/print")
def territory_print(
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    rep_id: str,
    quarter: str,
    v: Version = None,
    plan: str | None = None,
) -> HTMLResponse:
    """Show a territory plan for paper."""
    version = stored_territory(workspace, user, rep_id, quarter, v, plan)
    view = fit_to_leave(territory_of(workspace, user, version))
    return _paper(request, view, territory_page(view, Reader()))


@router.post("/territories/{rep_id}/plan/{quarter}/versions")
def draft_territory(
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    rep_id: str,
    quarter: str,
    fields: Fields,
) -> Response:
    """Draft a territory plan, or draft it again with a remark."""
    customer = fields.get("customer") or None
    try:
        version = workspace.cycle.draft_territory(
            user, rep_id, quarter=quarter, customer=customer, remark=fields.get("message", "")
        )
    except NotFound:
        raise
    except PlannerError as problem:
        try:
            known = workspace.cycle.territory(user, rep_id, quarter, customer=customer)
        except NotFound:
            return _list(request, user, workspace, "territory", problem=problem)
        return _territory(request, user, workspace, known, entered=fields, problem=problem)
    return see(address_of(version))


@router.get("/reviews/{quarter}")
def review(
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    quarter: str,
    v: Version = None,
    view: ReviewMode = "quarter",
    rep: str | None = None,
    plan: str | None = None,
) -> HTMLResponse:
    """Show the review of a quarter, or the running month or week of it."""
    # Refused in its own words when it names no quarter.
    label = workspace.cycle.quarter(user, quarter).label
    if view != "quarter":
        return _live(request, user, workspace, label, view, rep)
    try:
        version = stored_review(workspace, user, label, v, plan)
    except NotFound as problem:
        if v is not None or plan is not None:
            raise
        return _live(request, user, workspace, label, view, rep, problem=problem)
    return _review(request, user, workspace, version)


@router.get("/reviews/{quarter}/print")
def review_print(
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    quarter: str,
    v: Version = None,
    plan: str | None = None,
) -> HTMLResponse:
    """Show a review for paper, its management summary on a page of its own."""
    version = stored_review(workspace, user, quarter, v, plan)
    view = fit_to_leave(review_of(workspace, user, version))
    return _paper(request, view, review_page(view, Reader()))


@router.post("/reviews/{quarter}/adjustments/{number}/decisions")
def adjust(
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    quarter: str,
    number: int,
    fields: Fields,
) -> Response:
    """Accept or decline one recommendation; the page then names what was opened."""
    version = stored_review(workspace, user, quarter, plan=fields.get("plan") or None)
    try:
        workspace.cycle.adjust(user, version.plan_id, number, decision_of(fields))
    except NotFound:
        raise
    except PlannerError as problem:
        entered = {**fields, "number": str(number)}
        return _review(request, user, workspace, version, entered=entered, problem=problem)
    return see(f"{address_of(version)}#a-{number}")


@router.get("/cycle/{plan_id}")
def by_id(
    user: CurrentUser, workspace: CurrentWorkspace, plan_id: str, v: Version = None
) -> Response:
    """Lead to the page of a plan or review by its id; an account plan has one of its own."""
    try:
        found = workspace.cycle.version(user, plan_id, v)
    except NotFound:
        account_plan = workspace.plan_version(user, plan_id, v)
        return see(f"/plans/{account_plan.plan_id}?v={account_plan.version}")
    return see(address_of(found))


@router.post("/cycle/{plan_id}/decisions")
def decide(
    request: Request, user: CurrentUser, workspace: CurrentWorkspace, plan_id: str, fields: Fields
) -> Response:
    """Record the verdict of a person on the version they read."""
    version = workspace.cycle.version(user, plan_id)
    try:
        workspace.cycle.decide(user, plan_id, decision_of(fields))
    except NotFound:
        raise
    except PlannerError as problem:
        if number_of(fields, "version") != version.version:
            raise
        shown = _territory if version.content.kind == "territory" else _review
        return shown(request, user, workspace, version, entered=fields, problem=problem)
    return see(address_of(version))


def _list(
    request: Request,
    user: Principal,
    workspace: Workspace,
    kind: str,
    *,
    problem: PlannerError | None = None,
) -> HTMLResponse:
    rows = territory_rows if kind == "territory" else review_rows
    nav: Any = "territories" if kind == "territory" else "reviews"
    title = nav.capitalize()
    shown = {
        **frame(request, user, workspace, nav=nav, crumbs=[(title, None)]),
        **rows(workspace, user),
        "kind": kind,
        "title": title,
        "problem": problem,
    }
    return draw(request, "cycle_list.html", shown, status=problem.status if problem else 200)


def _reader(
    workspace: Workspace,
    user: Principal,
    version: CycleVersion,
    entered: Mapping[str, str] | None,
    problem: PlannerError | None,
) -> Reader:
    may = workspace.cycle.may_decide(user, version.plan_id)
    who = f" Ask {' or '.join(may.who_can)}." if may.who_can else ""
    return Reader(
        may_decide=may.allowed,
        may_draft=True,
        cannot_decide="" if may.allowed else f"{may.reason}{who}",
        entered=entered or {},
        problem=problem,
    )


def _territory(
    request: Request,
    user: Principal,
    workspace: Workspace,
    version: CycleVersion,
    *,
    mode: TerritoryMode = "plan",
    entered: Mapping[str, str] | None = None,
    problem: PlannerError | None = None,
) -> HTMLResponse:
    view = territory_of(workspace, user, version)
    crumbs: list[tuple[str, str | None]] = [("Territories", "/territories"), (view.title, None)]
    shown = {
        **frame(request, user, workspace, nav="territories", crumbs=crumbs),
        **territory_page(view, _reader(workspace, user, version, entered, problem), mode),
    }
    return draw(request, "territory_plan.html", shown, status=problem.status if problem else 200)


def _review(
    request: Request,
    user: Principal,
    workspace: Workspace,
    version: CycleVersion,
    *,
    entered: Mapping[str, str] | None = None,
    problem: PlannerError | None = None,
) -> HTMLResponse:
    view = review_of(workspace, user, version)
    crumbs: list[tuple[str, str | None]] = [("Reviews", "/reviews"), (view.title, None)]
    shown = {
        **frame(request, user, workspace, nav="reviews", crumbs=crumbs),
        **review_page(view, _reader(workspace, user, version, entered, problem)),
    }
    return draw(request, "review_page.html", shown, status=problem.status if problem else 200)


def _live(
    request: Request,
    user: Principal,
    workspace: Workspace,
    quarter: str,
    mode: ReviewMode,
    rep: str | None,
    *,
    problem: PlannerError | None = None,
) -> HTMLResponse:
    """Show a month or a week; or say why there is nothing to show, and offer to draft."""
    reps = reps_of(workspace, user)
    rep = rep or next((rep_id for rep_id, _ in reps), None)
    live: MonthOf | WeekOf | None = None
    try:
        if mode == "month":
            live = month_of(workspace, user, quarter)
        elif mode == "week" and rep is not None:
            live = week_of(workspace, user, rep, quarter)
    except (ApprovalRequired, NoLaterBook) as none_yet:
        problem = none_yet
    titles = {"quarter": f"Review of {quarter}", "month": "The month", "week": "The week"}
    title = live.title if live is not None else titles[mode]
    shown = {
        **frame(request, user, workspace, nav="reviews", crumbs=[("Reviews", "/reviews"),
                                                                 (title, None)]),
        **live_page(live),
        "title": title,
        "mode": mode,
        "quarter": quarter,
        "rep": rep,
        "reps": reps,
        "problem": problem,
        "may_draft": mode == "quarter",
    }  # fmt: skip
    return draw(request, "review_live.html", shown)


def _paper(request: Request, view: CycleView, page: Mapping[str, Any]) -> HTMLResponse:
    numbers, listed = printed(view)
    shown = {**page, "numbers": numbers, "listed": listed, "stamp": stamp_of(view)}
    return draw(request, "cycle_print.html", shown)
