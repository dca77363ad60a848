"""The plan page without a server: drawn from a view written by hand."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from starlette.requests import Request

from api.page_look import draw
from api.plan_page import Asked, plan_page, printed_sources
from domain.principal import Principal, Scope

MANAGER = Principal(
    person="ruth",
    name="Ruth Okafor",
    workspace="demo",
    roles=frozenset({"manager"}),
    scope=Scope(reps=frozenset({"282", "283"})),
)
REP = MANAGER.model_copy(
    update={
        "person": "dana",
        "name": "Dana Whitlock",
        "roles": frozenset({"rep"}),
        "scope": Scope(reps=frozenset({"282"})),
    }
)


def request(theme: str | None = None) -> Request:
    """Return a request as a browser sends it, with a theme cookie if one is named."""
    cookie = [(b"cookie", f"cadastre_theme={theme}".encode())] if theme else []
    return Request({"type": "http", "method": "GET", "path": "/", "headers": cookie})


def frame(person: Principal | None = MANAGER, *, age_days: int = 8) -> dict[str, object]:
    """Return what every page is given."""
    return {
        "person": person,
        "csrf": "token",
        "nav": "plans",
        "waiting": 3,
        "crumbs": [("Inbox", "/"), ("Account plans", "/#plans"), ("Riverbend Cycle", None)],
        "book": SimpleNamespace(as_of=date(2026, 11, 14), age_days=age_days, accounts=207),
    }


def plan_html(view, base=None, *, person=MANAGER, theme=None, decided=(), **asked) -> str:
    """Return the review page of a view."""
    page = plan_page(
        view,
        Asked(base=base, **asked),
        may_decide=person.may_decide,
        may_edit=True,
        cannot_decide="" if person.may_decide else "Ruth Okafor decides on this plan.",
        decided=decided,
    )
    return draw(request(theme), "plan.html", {**frame(person), **page}).body.decode()


def print_html(view, stamp: str = "Draft, not approved") -> str:
    """Return the print page of a view."""
    numbers, listed = printed_sources(view)
    page = plan_page(view, Asked(), may_decide=False, may_edit=False)
    return draw(
        request(), "plan_print.html", {**page, "numbers": numbers, "listed": listed, "stamp": stamp}
    ).body.decode()
