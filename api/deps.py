"""What routes and pages ask for: the workspace, the signed-in person, the session's token.

A browser carries a signed session cookie and repeats the session's token with every
change (header `X-CSRF-Token` or form field `csrf`). The command line carries the
server's bearer token and names the person in `X-Cadastre-As`; it has no cookie, so no
page can ride on it.
"""

from __future__ import annotations

import secrets
from typing import Annotated, cast

from fastapi import Depends, Request

from api.security import SAFE_METHODS, TokenRefused, same_token
from api.workspace import Workspace
from domain.errors import NotFound, SignInNeeded
from domain.principal import Principal

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def current_workspace(request: Request) -> Workspace:
    """Return the one workspace this server owns."""
    return cast(Workspace, request.app.state.workspace)


async def _workspace(request: Request) -> Workspace:
    # Asynchronous, like `_user`: a plain function would go to a thread and back for nothing.
    return current_workspace(request)


CurrentWorkspace = Annotated[Workspace, Depends(_workspace)]


def current_user(request: Request, workspace: CurrentWorkspace) -> Principal:
    """Return who is asking, from the session or, with the bearer token, from the header.

    Raises
    ------
    SignInNeeded
        When the request carries neither, or names a person who is not there any more.
    """
    if bears_token(request):
        return workspace.principal(request.headers.get("x-cadastre-as"))
    person = request.session.get("person")
    if not isinstance(person, str):
        raise _sign_in_needed()
    try:
        return workspace.principal(person)
    except NotFound as gone:
        raise _sign_in_needed() from gone


async def _user(request: Request, workspace: CurrentWorkspace) -> Principal:
    return current_user(request, workspace)


CurrentUser = Annotated[Principal, Depends(_user)]


def signed_in(request: Request) -> Principal | None:
    """Return the session's person, or None: for a page that works without."""
    try:
        return current_user(request, current_workspace(request))
    except SignInNeeded:
        return None


def sign_in(request: Request, workspace: Workspace, person: str) -> Principal:
    """Begin a session for `person` under a new token; NotFound when there is none."""
    principal = workspace.principal(person)
    request.session.clear()
    request.session["person"] = principal.person
    request.session["csrf"] = secrets.token_urlsafe(24)
    return principal


def csrf_token(request: Request) -> str:
    """Return the session's token for forms and scripts, making one for a new session."""
    token = request.session.get("csrf")
    if not isinstance(token, str):
        token = request.session["csrf"] = secrets.token_urlsafe(24)
    return token


def bears_token(request: Request) -> bool:
    """Say whether the request carries this server's bearer token."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return kind.lower() == "bearer" and same_token(token.strip(), request.app.state.token)


async def guard_changes(request: Request) -> None:
    """Refuse a change by cookie that does not repeat the session's token.

    Runs before every route, so that no page or route can forget it.
    """
    if request.method in SAFE_METHODS or bears_token(request):
        return
    expected = request.session.get("csrf")
    if not isinstance(expected, str):
        raise _sign_in_needed()
    given = request.headers.get("x-csrf-token")
    if given is None and request.headers.get("content-type", "").startswith(_FORMS):
        field = (await request.form()).get("csrf")
        given = field if isinstance(field, str) else None
    if not same_token(given, expected):
        raise TokenRefused(
            "The form has expired or was not made by this server, so nothing was changed.",
            hint="Load the page again and repeat the step.",
        )


def _sign_in_needed() -> SignInNeeded:
    return SignInNeeded(
        "Nobody is signed in.",
        hint="Open /sign-in in a browser; the command line signs in by itself with --as.",
    )
