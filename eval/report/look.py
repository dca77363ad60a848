"""How the report is drawn: its templates, the product's own colours and type, its filters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.amounts import count, percent, signed
from api.page_look import STATIC, capitalize_first, day
from eval.answer import Statement
from eval.report.cutting import cut
from eval.task import SECTIONS

TEMPLATES = Path(__file__).parent / "templates"
_PRODUCT = ("tokens.css", "scenario-report.css")
OUTCOMES = {
    "answered": "answered",
    "crashed": "crashed",
    "timed_out": "timed out",
    "garbage": "unreadable",
    "too_large": "too large",
}


@cache
def environment() -> Environment:
    """Return the templates: everything escaped, a missing name an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        capitalize_first=capitalize_first,
        count=count,
        cut=cut,
        dollars=lambda cost: f"{cost:,.2f}",
        day=day,
        gain=lambda value: signed(value, 1),
        groupby_section=by_section,
        hours=lambda hours: f"{hours.normalize():f} h",
        outcome=OUTCOMES.__getitem__,
        percent=lambda value: percent(value, 1),
        points=lambda value: f"{value:.1f}",
        seconds=seconds,
        section_title=section_title,
        title_of=title_of,
        trials=trials,
        whole=lambda number: f"{number:,.0f}",
    )
    return made


@cache
def styles() -> Markup:
    """Return the style sheet: the product's tokens and report, then what is the report's own."""
    texts = [(STATIC / name).read_text(encoding="utf-8") for name in _PRODUCT]
    texts.append((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    return Markup("\n".join(texts))  # noqa: S704 files of ours


@cache
def script() -> Markup:
    """Return the few lines that narrow the list of cases."""
    return Markup((TEMPLATES / "filter.js").read_text(encoding="utf-8"))  # noqa: S704 a file of ours


def title_of(name: str) -> str:
    """Return the name of a metric or section as a heading: `citation_recall`, Citation recall."""
    return capitalize_first(name.replace("_", " "))


def section_title(section: str) -> str:
    """Return the heading of a section; of none, what such sentences are."""
    return title_of(section) if section else "Without a section"


def by_section(statements: Sequence[Statement]) -> list[tuple[str, list[Statement]]]:
    """Return statements by section: the published sections in their order, then the others."""
    order = list(dict.fromkeys(name for names in SECTIONS.values() for name in names))
    known = {name: place for place, name in enumerate(order)}
    ordered = sorted(
        statements, key=lambda item: (known.get(item.section, len(known)), item.section)
    )
    return [(key, list(group)) for key, group in groupby(ordered, lambda item: item.section)]


def seconds(took: float) -> str:
    """Write how long something took: `1.54 s`, `12 ms`."""
    return f"{took * 1000:.0f} ms" if took < 0.1 else f"{took:.2f} s"


def trials(numbers: Iterable[int]) -> str:
    """Name trials as people count them: `Trial 1`, `Trials 1 and 3`."""
    told = [str(number + 1) for number in numbers]
    if len(told) == 1:
        return f"Trial {told[0]}"
    return f"Trials {', '.join(told[:-1])} and {told[-1]}"
