"""Ways to make an answer worse, a statement or a step at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final, Literal, TypeVar

from eval.answer import Answer, PassageSource, Statement, Step
from eval.ground import Ground
from eval.solvers.wrong_figures import misstated

Kind = Literal[
    "wrong_figure",
    "dropped_citation",
    "dropped_statement",
    "dropped_insight",
    "distractor",
    "step_outside",
]
KINDS: Final[tuple[Kind, ...]] = (
    "wrong_figure",
    "dropped_citation",
    "dropped_statement",
    "dropped_insight",
    "distractor",
    "step_outside",
)
"""A figure is misstated; a sentence loses its sources; a sentence goes; a sentence that rests
on a document goes; a sentence of some note is added; a step is due a year later."""

U = TypeVar("U", Statement, Step)

_SENTENCE = re.compile(r"[^.!?\s][^.!?]*[.!?]")
_YEAR = timedelta(days=364)


@dataclass(frozen=True)
class Spoiler:
    """Spoils a share of the statements and steps of answers, each in one of `kinds`.

    What is spoiled depends on `draws` (the text that every draw is seeded with), the task and
    the unit alone: a greater share spoils the same units and more.
    """

    share: float
    kinds: tuple[Kind, ...]
    draws: str

    def spoiled(self, answer: Answer, ground: Ground) -> Answer:
        """Return the answer made worse; `ground` is where notes are taken from."""
        statements: list[Statement] = []
        for statement in answer.statements:
            statements.extend(self._statement(statement, answer, ground))
        kept = {statement.key for statement in statements}
        gone = {statement.key for statement in answer.statements} - kept
        return answer.model_copy(
            update={
                "statements": tuple(_without(gone, item) for item in statements),
                "steps": tuple(_without(gone, self._step(step, answer)) for step in answer.steps),
            }
        )

    def _statement(
        self, statement: Statement, answer: Answer, ground: Ground
    ) -> Iterable[Statement]:
        draw = self._draw(answer, f"statement {statement.key}")
        if draw is None:
            return (statement,)
        ways: dict[Kind, Callable[[], Sequence[Statement] | None]] = {
            "wrong_figure": lambda: _only(misstated(statement, draw)),
            "dropped_citation": lambda: _without_sources(statement),
            "dropped_statement": lambda: (),
            "dropped_insight": lambda: () if _rests_on_document(statement) else None,
            "distractor": lambda: _with_distractor(statement, ground, draw),
        }
        return self._first_that_applies(ways, draw, (statement,))

    def _step(self, step: Step, answer: Answer) -> Step:
        draw = self._draw(answer, f"step {step.key}")
        if draw is None or step.due is None or "step_outside" not in self.kinds:
            return step
        return step.model_copy(update={"due": step.due + _YEAR})

    def _draw(self, answer: Answer, unit: str) -> Random | None:
        """Return what a unit is spoiled with, or None where it is spared."""
        draw = Random(f"{self.draws}/{answer.task_id}/{unit}")  # noqa: S311
        return draw if draw.random() < self.share else None

    def _first_that_applies(
        self,
        ways: dict[Kind, Callable[[], Sequence[Statement] | None]],
        draw: Random,
        otherwise: Sequence[Statement],
    ) -> Sequence[Statement]:
        chosen = [kind for kind in KINDS if kind in self.kinds and kind in ways]
        draw.shuffle(chosen)
        for kind in chosen:
            found = ways[kind]()
            if found is not None:
                return found
        return otherwise


def _only(statement: Statement | None) -> tuple[Statement, ...] | None:
    return None if statement is None else (statement,)


def _without_sources(statement: Statement) -> tuple[Statement, ...] | None:
    """Take the sources away, and the figures, which point at them."""
    if not statement.sources:
        return None
    return (statement.model_copy(update={"sources": (), "figures": ()}),)


def _rests_on_document(statement: Statement) -> bool:
    return any(isinstance(source, PassageSource) for source in statement.sources)


def _with_distractor(
    statement: Statement, ground: Ground, draw: Random
) -> tuple[Statement, ...] | None:
    """Add a sentence of some note of the book, word for word and with its source."""
    notes = sorted(ground.table("documents"))
    if not notes:
        return None
    document_id = draw.choice(notes)
    sentences = _SENTENCE.findall(ground.document(document_id) or "")
    if not sentences:
        return None
    said = draw.choice(sentences)
    added = Statement(
        key=f"{statement.key}-added",
        section=statement.section,
        kind="quote",
        about=statement.about,
        text=" ".join(said.split()),
        sources=(PassageSource(document_id=document_id, quote=said),),
    )
    return statement, added


def _without(gone: set[str], item: U) -> U:
    """Let nothing rest on what is gone."""
    if not gone & set(item.rests_on):
        return item
    left = tuple(key for key in item.rests_on if key not in gone)
    return item.model_copy(update={"rests_on": left})
