"""Every tool of chat, by name: what a model may call, what a command calls."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from agent.chat.tool import AnyTool
from agent.chat.tools import (
    brief,
    changes,
    compare,
    draft,
    figure,
    find,
    notes,
    people,
    plan,
    scenarios,
    waiting,
    week,
    whitespace,
    why,
    workload,
)
from agent.model_answer import strict_schema

TOOLS: tuple[AnyTool, ...] = (
    find.TOOL,
    notes.TOOL,
    why.TOOL,
    compare.TOOL,
    brief.TOOL,
    people.TOOL,
    plan.TOOL,
    week.TOOL,
    changes.TOOL,
    whitespace.TOOL,
    workload.TOOL,
    scenarios.TOOL,
    waiting.TOOL,
    figure.TOOL,
    draft.DRAFT,
    draft.REVISE,
)


@cache
def by_name() -> Mapping[str, AnyTool]:
    """Return the tools by name."""
    return MappingProxyType({tool.name: tool for tool in TOOLS})


@cache
def for_models() -> tuple[Mapping[str, Any], ...]:
    """Return what a model is told of the tools that only read, in a fixed order."""
    return tuple(
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "strict": True,
                "parameters": strict_schema(tool.arguments),
            },
        }
        for tool in TOOLS
        if tool.for_models
    )
