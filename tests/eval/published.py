"""How models and scorers stand in tables of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

PAGE = Path(__file__).parents[2] / "docs" / "accountplanbench.md"


def section(heading: str) -> str:
    """Return what stands under a heading of the page, up to the next of its rank or above."""
    rank = len(heading) - len(heading.lstrip("#"))
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(
        rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{rank}}} |\Z)", text, re.DOTALL | re.MULTILINE
    )
    assert found is not None, f"{PAGE.name} has no heading {heading!r}"
    return found.group(1)


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading, without its head."""
    lines = [line for line in section(heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def block(heading: str, language: str) -> str:
    """Return the one block of code of a language under a heading."""
    (found,) = re.findall(
        rf"^```{language}\n(.*?)^```$", section(heading), re.DOTALL | re.MULTILINE
    )
    return str(found)


def fields(model: type[BaseModel]) -> list[list[str]]:
    """Return name, type, and what stands for a field that is left out."""
    schema = model.model_json_schema(mode="validation")
    return [
        [f"`{name}`", _typed(about), _default(name in schema.get("required", ()), about)]
        for name, about in schema["properties"].items()
    ]


def _typed(about: dict[str, Any]) -> str:
    if "$ref" in about:
        return f"`{about['$ref'].rpartition('/')[2]}`"
    if "const" in about:
        return f"`{about['const']}`"
    if "enum" in about:
        return ", ".join(f"`{value}`" for value in about["enum"])
    if options := about.get("anyOf") or about.get("oneOf"):
        kinds = [option for option in options if option.get("type") != "null"]
        null = " or null" if len(kinds) < len(options) else ""
        if {kind.get("type") for kind in kinds} == {"number", "string"}:
            return f"decimal{null}"
        return _listed(map(_typed, kinds)) + null
    match about["type"]:
        case "array":
            items = about["items"]
            return f"list of {_typed(items)}"
        case "string":
            return {"date": "date"}.get(about.get("format", ""), "text")
        case "integer":
            return "whole number"
        case "boolean":
            return "true or false"
        case other:
            return str(other)


def _default(required: bool, about: dict[str, Any]) -> str:
    if required:
        return "needed"
    match about.get("default"):
        case None:
            return "null"
        case False:
            return "false"
        case [] | "" | {}:
            return "empty"
        case {**given} if given:
            return "none"
        case value:
            return f"`{value}`"


def _listed(words: Iterable[str]) -> str:
    return " or ".join(words)
