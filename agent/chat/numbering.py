"""The numbers under which a model is shown evidence in one turn: `e1`, `e2` and so on."""

from __future__ import annotations

from collections.abc import Sequence

from agent.chat.plain_names import shown_value
from agent.chat.state import Result
from agent.prompting import visible_json
from agent.showing import evidence_line
from domain.evidence import Evidence
from domain.record import canonical_json

MOST_SHOWN = 60
"""Pieces of evidence a model is shown of one result; ancestors of cells come last in it."""


def shown_of(result: Result) -> Sequence[Evidence]:
    """Return the evidence of a result that a model is shown."""
    told = result.told
    if told is None:
        return ()
    return told.evidence[: MOST_SHOWN if told.shown is None else min(told.shown, MOST_SHOWN)]


def numbered(results: Sequence[Result]) -> list[Evidence]:
    """Return the evidence shown so far, each once, in order: the first is `e1`.

    Results are only ever added, so a number once given stays.
    """
    found: dict[str, Evidence] = {}
    for result in results:
        for item in shown_of(result):
            found.setdefault(item.id, item)
    return list(found.values())


def lines_of(result: Result, numbers: dict[str, int]) -> str:
    """Write a result for a model: one JSON line a piece of evidence, data and nothing else."""
    if result.told is None:
        return canonical_json({"failed": result.use.note})
    lines = [canonical_json({"found": result.use.note or result.use.rows})]
    for item in shown_of(result):
        line = {key: value for key, value in evidence_line(item).items() if key != "id"}
        line["value"] = shown_value(item)
        lines.append(visible_json({"n": f"e{numbers[item.id]}", **line}))
    lines += [visible_json({"note": note}) for note in result.told.notes]
    if result.told.question:
        lines.append(visible_json({"to_clear_up": result.told.question}))
    lines += [visible_json({"may_ask": offer.text}) for offer in result.told.offers]
    return "\n".join(lines)
