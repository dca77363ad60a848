"""How pages are drawn: the templates, their words for dates and roles, the static files."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from agent.view import SourceView
from api.amounts import signed_percent
from api.charts import plain, signed
from api.plan_changes import plain_runs
from domain.principal import Principal, Role

HERE = Path(__file__).parent
STATIC = HERE / "static"
_DATE = r"\d{1,2} [A-Z][a-z]{2} \d{4}"
THEME_COOKIE = "cadastre_theme"

_ROLES: dict[Role, str] = {"manager": "Manager", "revops": "Sales operations", "rep": "Rep"}


def day(value: date | datetime | str) -> str:
    """Write a date as people here do: `14 Nov 2026`."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return f"{value.day} {value:%b %Y}"


def moment(value: str) -> str:
    """Write a stored UTC time as `20 Nov 2026, 09:12 UTC`."""
    then = datetime.fromisoformat(value)
    then = then.astimezone(UTC) if then.tzinfo else then
    return f"{day(then)}, {then:%H:%M} UTC"


def ago(days: int) -> str:
    """Say how old something is in days; a future date is said to be ahead."""
    if days < 0:
        return f"{-days} {'day' if days == -1 else 'days'} ahead"
    return {0: "today", 1: "1 day old"}.get(days, f"{days:,} days old")


def capitalize_first(text: str) -> str:
    """Begin a text with a capital and leave the rest of it alone."""
    return text[:1].upper() + text[1:]


def whole(amount: float | None) -> str:
    """Write an amount without cents; an en dash where none is known."""
    return "–" if amount is None else f"{amount:,.0f}"


def share(value: Decimal) -> str:
    """Write a difference as a share of what was planned: `−28 %`."""
    return signed_percent(float(value))


def unbroken(text: str) -> str:
    """Keep the dates in a text on one line each."""
    return re.sub(rf"\b{_DATE}\b", lambda found: found[0].replace(" ", "\u00a0"), text)


def is_figure(text: str) -> bool:
    """Say whether a filled slot is a figure, rather than a date, a name or a quotation."""
    short = len(text) <= 24 and any(letter.isdigit() for letter in text)
    return short and re.fullmatch(_DATE, text) is None


def initials(name: str) -> str:
    """Return up to two initials of a name."""
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


def main_role(roles: Collection[Role]) -> Role:
    """Return the weightiest of a person's roles."""
    return next((key for key in _ROLES if key in roles), "rep")


def role(principal: Principal) -> str:
    """Name the weightiest role of a person, and of a manager how many reps they see."""
    key = main_role(principal.roles)
    reps = len(principal.scope.reps)
    if key == "manager" and not principal.scope.everything:
        return f"{_ROLES[key]}, {reps} {'rep' if reps == 1 else 'reps'}"
    return _ROLES[key]


def marked(source: SourceView) -> Markup:
    """Return a source's quote with the cited part marked."""
    quote, part = source.quote, source.highlight
    if not part or part not in quote:
        return escape(quote)
    before, _, after = quote.partition(part)
    return Markup("{}<mark>{}</mark>{}").format(before, part, after)


def reference(source: SourceView) -> str:
    """Return a source as a line of a numbered list, each statement ended once."""
    quote = f"“{source.quote}”" if source.kind == "document" else source.quote
    said = [f"{source.title}: {quote}" if quote else source.title]
    said += [source.formula or "", ", ".join((source.type_name, *source.facts)), source.match]
    return " ".join(line if line.endswith((".", ".”")) else line + "." for line in said if line)


@cache
def static(name: str) -> str:
    """Return the address of a static file, with a mark that changes with its content."""
    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?{digest}"


@cache
def environment() -> Environment:
    """Return the templates: everything escaped, a missing name an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        day=day,
        moment=moment,
        ago=ago,
        capitalize_first=capitalize_first,
        initials=initials,
        role=role,
        marked=marked,
        reference=reference,
        plain=plain,
        unbroken=unbroken,
        figure=is_figure,
        signed=signed,
        whole=whole,
        share=share,
        runs=plain_runs,
    )
    made.globals["static"] = static
    return made


def draw(
    request: Request, template: str, shown: Mapping[str, Any], *, status: int = 200
) -> HTMLResponse:
    """Fill a template; the theme the reader chose comes along, so that no page flashes."""
    theme = request.cookies.get(THEME_COOKIE)
    page = environment().get_template(template)
    html = page.render(theme=theme if theme in {"light", "dark"} else None, **shown)
    return HTMLResponse(html, status_code=status)
