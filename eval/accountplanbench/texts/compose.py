"""One text out of a wording and the facts it is to name."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from domain.errors import InvalidInput
from eval.accountplanbench.texts.asides import with_asides
from eval.accountplanbench.texts.slots import slots
from eval.accountplanbench.texts.template import fill, slot_names
from eval.accountplanbench.texts.wordings import Document, Wording
from eval.accountplanbench.texts.writing import Facts, Written


class FactMissing(InvalidInput):
    """A text names something that the facts leave empty."""


def compose(topic: str, wording: Wording, facts: Facts, rng: random.Random) -> Written:
    """Fill a wording; `rng` makes the choices within it.

    Raises
    ------
    FactMissing
        When the wording needs a fact that is empty (`target`, mostly).
    """
    words = slots(facts)
    _refuse_empty(topic, wording, words)
    written = _written(topic, wording, wording, words, rng)
    return replace(
        written,
        traces=tuple(fill(trace, words, rng)[0] for trace in wording.traces),
        other=_written(topic, wording, wording.other, words, rng) if wording.other else None,
    )


def _written(
    topic: str, wording: Wording, document: Document, words: Mapping[str, str], rng: random.Random
) -> Written:
    title, _ = fill(document.title, words, rng)
    text, span = fill(with_asides(document.text, rng), words, rng)
    return Written(topic, title, document.kind, text, span, wording.name, wording.closed)


def _refuse_empty(topic: str, wording: Wording, words: Mapping[str, str]) -> None:
    parts = [wording.title, wording.text, *wording.traces]
    if wording.other is not None:
        parts += [wording.other.title, wording.other.text]
    needed = frozenset[str]().union(*map(slot_names, parts)) - {"s"}
    empty = sorted(name for name in needed if words.get(name) == "")
    if empty:
        raise FactMissing(
            f"A text on {topic} names {', '.join(empty)}, which the facts leave empty.",
            hint="Set it in the Facts that are passed.",
        )
