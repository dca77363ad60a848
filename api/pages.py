"""The pages: sign-in, inbox, plan review, print page, and errors in the same look.

Every page works before any script runs: changes are forms, answered by a redirect to the
page that shows the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from api import deps
from api.deps import CurrentUser, CurrentWorkspace
from api.exporting import without_unsourced_competitors
from api.inbox_page import inbox_page, ranked_accounts
from api.page_forms import Fields, decision_of, number_of, own_path
from api.page_look import STATIC, draw, main_role
from api.plan_page import Asked, Mode, plan_page, printed_sources
from api.planning import PlanLine
from api.workspace import Workspace
from domain.decision import Decision
from domain.errors import NotFound, PlannerError, SignInNeeded
from domain.plan import SectionKey
from domain.principal import Principal, Role

_GROUPS: tuple[tuple[Role, str], ...] = (
    ("manager", "Managers decide on plans"),
    ("rep", "Reps plan their own accounts"),
    ("revops", "Sales operations loads books and rules"),
)
_NOT_APPROVED = {"in_review": "Draft, not approved", "returned": "Returned, not approved"}

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/sign-in")
def sign_in_page(request: Request, workspace: CurrentWorkspace, next: str = "/") -> HTMLResponse:
    """Let a person choose who to be; clearly a demonstration."""
    current = deps.signed_in(request)
    groups = [
        (title, [person for person in workspace.people if main_role(person.roles) == key])
        for key, title in _GROUPS
    ]
    shown = {
        "groups": [(title, people) for title, people in groups if people],
        "current": current.person if current else None,
        "csrf": deps.csrf_token(request),
        "next": own_path(next),
    }
    return draw(request, "sign_in.html", shown)


@router.post("/sign-in")
def sign_in(request: Request, workspace: CurrentWorkspace, fields: Fields) -> Response:
    """Begin a session as the chosen person."""
    deps.sign_in(request, workspace, fields.get("person", ""))
    return see(own_path(fields.get("next", "/")))


@router.get("/")
def inbox(
    request: Request, user: CurrentUser, workspace: CurrentWorkspace, q: str = ""
) -> HTMLResponse:
    """Show what waits for the person, and the accounts that deserve a plan."""
    return draw_inbox(request, user, workspace, query=q)


@router.get("/ranked")
def ranked(
    request: Request, user: CurrentUser, workspace: CurrentWorkspace, q: str = ""
) -> HTMLResponse:
    """Show the ranked accounts alone: what typing into the search field replaces."""
    shown = {**ranked_accounts(workspace, user, q), "csrf": deps.csrf_token(request)}
    return draw(request, "ranked.html", shown)


@router.post("/plans")
def draft(
    request: Request, user: CurrentUser, workspace: CurrentWorkspace, fields: Fields
) -> Response:
    """Draft the plan of an account and open it; a refusal is told in place."""
    try:
        version = workspace.draft_plan(user, fields.get("account_id", "").strip())
    except PlannerError as problem:
        return draw_inbox(request, user, workspace, problem=problem)
    return see(f"/plans/{version.plan_id}")


@router.get("/plans/{plan_id}")
def plan(
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    plan_id: str,
    v: Annotated[int | None, Query(ge=1)] = None,
    base: Annotated[int | None, Query(ge=1)] = None,
    view: Mode = "changes",
    edit: SectionKey | None = None,
) -> HTMLResponse:
    """Show one version of a plan for review, against the version it came from."""
    return _plan(request, user, workspace, plan_id, v, base=base, mode=view, edit=edit)


@router.get("/plans/{plan_id}/print")
def print_page(
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    plan_id: str,
    v: Annotated[int | None, Query(ge=1)] = None,
) -> HTMLResponse:
    """Show a version for paper, its sources numbered, its approval or the lack of it said."""
    # Paper leaves the building like any export.
    view = without_unsourced_competitors(workspace.plan_view(user, plan_id, v))
    numbers, listed = printed_sources(view)
    shown = plan_page(
        view,
        Asked(),
        may_decide=False,
        may_edit=False,
        decided=_decided(workspace, user, plan_id),
        people=_names(workspace),
    )
    stamp = shown["decision_line"] or _NOT_APPROVED.get(view.status, view.status.capitalize())
    return draw(
        request,
        "plan_print.html",
        {**shown, "numbers": numbers, "listed": listed, "stamp": stamp},
    )


@router.post("/plans/{plan_id}/versions")
def redraft(
    request: Request, user: CurrentUser, workspace: CurrentWorkspace, plan_id: str, fields: Fields
) -> Response:
    """Draft a plan again with a remark, on the current book."""
    try:
        version = workspace.revise(
            user,
            plan_id,
            remark=fields.get("message", ""),
            base_version=number_of(fields, "base_version"),
        )
    except PlannerError as problem:
        return _refused(request, user, workspace, plan_id, fields, problem)
    return see(f"/plans/{plan_id}?v={version.version}")


@router.post("/plans/{plan_id}/sections/{section}")
def edit(
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    plan_id: str,
    section: SectionKey,
    fields: Fields,
) -> Response:
    """Store a section's new text as a version of its own."""
    try:
        version = workspace.revise(
            user,
            plan_id,
            section=section,
            text=fields.get("text", "").replace("\r\n", "\n"),
            base_version=number_of(fields, "base_version"),
        )
    except PlannerError as problem:
        return _refused(request, user, workspace, plan_id, fields, problem, edit=section)
    return see(f"/plans/{plan_id}?v={version.version}#s-{section}")


@router.post("/plans/{plan_id}/decisions")
def decide(
    request: Request, user: CurrentUser, workspace: CurrentWorkspace, plan_id: str, fields: Fields
) -> Response:
    """Record the verdict of a person on the version they read."""
    try:
        decision = workspace.decide(user, plan_id, decision_of(fields))
    except PlannerError as problem:
        return _refused(request, user, workspace, plan_id, fields, problem)
    return see(f"/plans/{plan_id}?v={decision.subject_version}")


def install_files(app: FastAPI) -> None:
    """Add what the pages load: styles, scripts, fonts."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")


def error_page(request: Request, error: PlannerError) -> Response:
    """Tell an error as a page; who is not signed in is asked who they are first."""
    if isinstance(error, SignInNeeded) and request.method == "GET":
        return RedirectResponse(f"/sign-in?next={own_path(request.url.path)}", status_code=303)
    headings = {
        401: "Sign in first",
        403: "You may not do this",
        404: "Not found",
        409: "Things have moved on",
        422: "This cannot be read",
    }
    person = deps.signed_in(request)
    link = error.facts.get("link")
    ways = [("Open the newer version", str(link))] if link else []
    ways.append(("Go to the inbox", "/") if person else ("Choose a person", "/sign-in"))
    heading = headings.get(error.status, "Something went wrong")
    shown = {
        **frame(request, person, deps.current_workspace(request), nav="", crumbs=[(heading, None)]),
        "heading": heading,
        "message": error.message,
        "hint": error.hint,
        "status": error.status,
        "code": error.code,
        "ways": ways,
    }
    return draw(request, "error.html", shown, status=error.status)


def draw_inbox(
    request: Request,
    user: Principal,
    workspace: Workspace,
    *,
    query: str = "",
    problem: PlannerError | None = None,
    entered: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Draw the inbox, with a problem in place; `entered` is what was typed and refused."""
    lines = workspace.plans(user)
    shown = {
        **frame(request, user, workspace, nav="inbox", crumbs=[("Inbox", None)], lines=lines),
        **inbox_page(workspace, user, lines, query),
        **(entered or {}),
        "problem": problem,
    }
    return draw(request, "inbox.html", shown, status=problem.status if problem else 200)


def _plan(
    request: Request,
    user: Principal,
    workspace: Workspace,
    plan_id: str,
    version: int | None,
    *,
    base: int | None = None,
    mode: Mode = "changes",
    edit: SectionKey | None = None,
    entered: Mapping[str, str] | None = None,
    problem: PlannerError | None = None,
) -> HTMLResponse:
    view = workspace.plan_view(user, plan_id, version)
    against = base if base is not None else view.base_version
    earlier = (
        workspace.plan_view(user, plan_id, against)
        if against is not None and against != view.version
        else None
    )
    may = workspace.may_decide(user, plan_id)
    asked = Asked(earlier, mode, edit, entered or {}, problem)
    crumbs = [("Inbox", "/"), ("Account plans", "/#plans"), (view.account_name, None)]
    shown = {
        **frame(request, user, workspace, nav="plans", crumbs=crumbs),
        **plan_page(
            view,
            asked,
            may_decide=may.allowed,
            may_edit=True,
            cannot_decide=may.reason,
            decided=_decided(workspace, user, plan_id),
            people=_names(workspace),
        ),
    }
    return draw(request, "plan.html", shown, status=problem.status if problem else 200)


def _refused(
    request: Request,
    user: Principal,
    workspace: Workspace,
    plan_id: str,
    fields: Mapping[str, str],
    problem: PlannerError,
    *,
    edit: SectionKey | None = None,
) -> HTMLResponse:
    """Show the plan again with what was entered and why it was refused."""
    if isinstance(problem, NotFound):
        raise problem
    version = number_of(fields, "version") or number_of(fields, "base_version")
    newest = workspace.plan_view(user, plan_id)
    if version is not None and version != newest.version:
        raise problem
    return _plan(
        request, user, workspace, plan_id, None, edit=edit, entered=fields, problem=problem
    )


def frame(
    request: Request,
    person: Principal | None,
    workspace: Workspace,
    *,
    nav: Literal["inbox", "plans", "chat", "territories", "reviews", ""],
    crumbs: list[tuple[str, str | None]],
    lines: Sequence[PlanLine] | None = None,
) -> dict[str, Any]:
    """Return what the shell of every page shows."""
    book = None
    if person is not None:
        try:
            read = workspace.reading(person).book
        except PlannerError:
            read = None
        if read is not None:
            today = datetime.now(tz=UTC).date()
            book = {
                "as_of": read.as_of,
                "age_days": (today - read.as_of).days,
                "accounts": sum(person.scope.covers(owner) for owner in read.owners.values()),
            }
    return {
        "person": person,
        "csrf": deps.csrf_token(request),
        "nav": nav,
        "crumbs": crumbs,
        "book": book,
        "waiting": _waiting(person, workspace, lines),
    }


def _waiting(
    person: Principal | None, workspace: Workspace, lines: Sequence[PlanLine] | None
) -> int:
    if person is None:
        return 0
    wanted = "in_review" if person.may_decide else "returned"
    known = workspace.plans(person) if lines is None else lines
    return sum(line.status == wanted for line in known)


def _decided(workspace: Workspace, user: Principal, plan_id: str) -> list[tuple[Decision, str]]:
    names = _names(workspace)
    return [
        (decision, names.get(decision.decided_by, decision.decided_by))
        for decision in workspace.decisions(user, plan_id)
    ]


def _names(workspace: Workspace) -> dict[str, str]:
    return {person.id: person.name for person in workspace.people}


def see(path: str) -> RedirectResponse:
    """Lead to the page that shows the result of a form."""
    return RedirectResponse(path, status_code=303)
