"""A look at the installation: what is there, how old it is, and what to do about the rest."""

from __future__ import annotations

import platform
import shutil
from datetime import date
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from api.usage import limits_of
from domain.errors import NotFound, PlannerError
from domain.principal import Principal
from domain.record import Record
from store.clock import stamp

if TYPE_CHECKING:
    from api.workspace import Workspace

STALE_AFTER_DAYS = 14
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PACKAGES = ("langgraph", "openai", "chromadb", "pandas", "fastapi", "sqlalchemy")

State = Literal["ok", "note", "bad"]


class Examined(Record):
    """One thing looked at. `remedy` says what to do where something is to be done."""

    what: str
    state: State
    detail: str
    remedy: str = ""


def examine(workspace: Workspace, principal: Principal) -> list[Examined]:
    """Look at versions, home, people, book, rules, index, model, port and browser.

    Secrets are never shown: of the model endpoint, its host; of the key, whether it is set.
    """
    return [
        _versions(),
        _home(workspace),
        _people(workspace, principal),
        *_book(workspace, principal),
        _notes(workspace, principal),
        _record(workspace, principal),
        *model_lines(workspace, principal),
        Examined(what="port", state="ok", detail=f"127.0.0.1:{workspace.settings.port}"),
        _browser(),
    ]


def _versions() -> Examined:
    try:
        own = version("cadastre")
    except PackageNotFoundError:
        own = "from a checkout"
    others = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return Examined(
        what="versions",
        state="ok",
        detail=f"cadastre {own}, Python {platform.python_version()}, {others}",
    )


def _home(workspace: Workspace) -> Examined:
    folder = workspace.home.path.absolute()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    free = shutil.disk_usage(folder).free
    detail = f"{folder}, {size / 1e6:.0f} MB"
    if free < 500e6:
        return Examined(
            what="home",
            state="bad",
            detail=f"{detail}; {free / 1e6:.0f} MB left on the disk",
            remedy="Make room, or move the home with CADASTRE_HOME.",
        )
    return Examined(what="home", state="ok", detail=detail)


def _people(workspace: Workspace, principal: Principal) -> Examined:
    people = list(workspace.people)
    managers = sum("manager" in person.roles for person in people)
    detail = f"{len(people)}, {managers} of them managers; you are {principal.name}"
    if managers:
        return Examined(what="people", state="ok", detail=detail)
    return Examined(
        what="people",
        state="note",
        detail=detail,
        remedy="Nobody can decide on plans yet: give somebody the role manager.",
    )


def _book(workspace: Workspace, principal: Principal) -> list[Examined]:
    try:
        reading = workspace.reading(principal)
    except NotFound as nothing:
        return [Examined(what="book", state="note", detail=nothing.message, remedy=nothing.hint)]
    except PlannerError as error:
        return [Examined(what="book", state="bad", detail=error.message, remedy=error.hint)]
    book, rules = reading.book, reading.coverage
    age = book_age_days(workspace, book.as_of)
    told = f"{age} days old" if age > 0 else "of today or later"
    old = age > STALE_AFTER_DAYS
    return [
        Examined(
            what="book",
            state="note" if old else "ok",
            detail=f"{book.book_id[:12]} as of {book.as_of}, {told}, {book.currency}",
            remedy="Import a fresh export: cadastre import FOLDER" if old else "",
        ),
        Examined(
            what="coverage",
            state="ok",
            detail=f"{rules.hash[:12]}, {len(rules.tiers)} tiers, {len(rules.score.rules)} score "
            f"rules, company {rules.company.name}",
        ),
    ]


def book_age_days(workspace: Workspace, as_of: date) -> int:
    """Return how many days ago the book was dated: one of the two uses of the clock."""
    return (workspace.store.clock().date() - as_of).days


def _notes(workspace: Workspace, principal: Principal) -> Examined:
    try:
        book = workspace.reading(principal).book
        state = workspace.store.notes.rebuild(principal, book)
    except NotFound:
        return Examined(what="notes index", state="ok", detail="empty")
    except PlannerError as error:
        return Examined(what="notes index", state="bad", detail=error.message, remedy=error.hint)
    return Examined(
        what="notes index",
        state="ok",
        detail=f"{state.spans:,} passages of {state.documents:,} documents, encoder "
        f"{state.encoder}{', rebuilt just now' if state.rebuilt else ''}",
    )


def _record(workspace: Workspace, principal: Principal) -> Examined:
    if not principal.scope.everything:
        return Examined(what="record", state="note", detail="checked by those who see everything")
    verdict = workspace.audit_verify(principal)
    return Examined(
        what="record",
        state="ok" if verdict.intact else "bad",
        detail=verdict.summary,
        remedy="" if verdict.intact else "Restore the home from a backup.",
    )


def model_lines(workspace: Workspace, principal: Principal) -> list[Examined]:
    """Return which model is asked, what it is known to understand, and the month's limits."""
    settings = workspace.settings
    if not settings.uses_model:
        detail = "none; drafts come from the embedded writer and nothing leaves this machine"
        return [Examined(what="model", state="ok", detail=detail)]
    host = urlsplit(settings.base_url or "").hostname
    key = "with a key" if settings.api_key else "without a key"
    lines = [
        Examined(what="model", state="ok", detail=f"{settings.model} at {host}, {key}"),
        _understood(workspace),
    ]
    month = stamp(workspace.store.clock())[:7]
    for limit in limits_of(workspace, principal, month) if principal.scope.everything else ():
        full = Decimal(limit.used) >= Decimal(limit.limit)
        lines.append(
            Examined(
                what=f"model {limit.unit}",
                state="note" if full else "ok",
                detail=f"{limit.used} of {limit.limit} in {month}",
                remedy="Drafts and chat go on without a model until next month." if full else "",
            )
        )
    return lines


def _understood(workspace: Workspace) -> Examined:
    kept = workspace.models.knowledge()
    what = "model features"
    if kept is None:
        return Examined(
            what=what,
            state="note",
            detail="nothing is known yet, or it is older than a day",
            remedy="Ask the endpoint: cadastre doctor --probe",
        )
    found = kept.found
    words = {True: "yes", False: "no", None: "not known"}
    told = ", ".join(f"{name} {words[getattr(found, field)]}" for name, field in _FEATURES)
    limit = f", length as {found.limit}" if found.limit else ""
    how = "asked" if kept.probed else "noticed in use since"
    without = [name for name, field in _FEATURES[:2] if getattr(found, field) is False]
    return Examined(
        what=what,
        state="note" if without else "ok",
        detail=f"{told}{limit}; {how} {kept.since:%Y-%m-%d %H:%M} UTC",
        remedy=_WITHOUT_TOOLS if "tools" in without else "",
    )


_FEATURES = (
    ("tools", "tools"),
    ("streaming", "streaming"),
    ("usage in streams", "stream_usage"),
    ("JSON schema", "json_schema"),
    ("JSON object", "json_object"),
    ("in the list of models", "lists_model"),
)
_WITHOUT_TOOLS = "Chat answers from its own commands; set a model that takes tools for more."


def _browser() -> Examined:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return Examined(what="Chromium", state="ok", detail=found)
    return Examined(
        what="Chromium", state="note", detail="not found; needed for browser tests only"
    )
