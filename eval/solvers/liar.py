"""An answer that looks well and is not to be trusted: the liar.

    python -m eval.solvers.liar [--log FOLDER]

It begins with good answers, those of a log or else the form's. Of each three statements about
one stays true; in the others a figure is wrong, the row that is cited does not exist, or the
quote was never said.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from random import Random

from eval.answer import Answer, CellSource, PassageSource, Source, Statement
from eval.solvers.form import fill
from eval.solvers.protocol import Request, serve
from eval.solvers.recording import Recording
from eval.solvers.wrong_figures import misstated

INVENTED = (
    "They told us the budget for this is set aside already.",
    "The board decided to replace the present supplier before summer.",
    "She promised us the whole order if we deliver a week earlier.",
    "They were very unhappy with the last offer of our rival.",
    "He asked for a contract over three years.",
)


class Liar:
    """Lies about what `honest` answers; the same lies for the same request."""

    def __init__(self, honest: Callable[[Request], Answer]) -> None:
        self._honest = honest

    def __call__(self, request: Request) -> Answer:
        """Return an answer in which two statements of three are untrue."""
        answer = self._honest(request)
        seed = f"{request.seed}/{request.trial}/{answer.task_id}"
        told = tuple(
            _told(item, Random(f"{seed}/{item.key}"))  # noqa: S311
            for item in answer.statements
        )
        return answer.model_copy(update={"statements": told})


def _told(statement: Statement, draw: Random) -> Statement:
    if draw.random() < 1 / 3:
        return statement
    lies = [misstated, _with_forged_row, _with_invented_quote]
    draw.shuffle(lies)
    for lie in lies:
        told = lie(statement, draw)
        if told is not None:
            return told
    return statement


def _with_forged_row(statement: Statement, draw: Random) -> Statement | None:
    """Cite a row that the book does not have; its id looks like the others'."""

    def forged(source: Source) -> Source:
        if not isinstance(source, CellSource):
            return source
        return source.model_copy(update={"row": f"{source.row}{draw.randrange(10, 100)}"})

    if not any(isinstance(source, CellSource) for source in statement.sources):
        return None
    return statement.model_copy(update={"sources": tuple(map(forged, statement.sources))})


def _with_invented_quote(statement: Statement, draw: Random) -> Statement | None:
    """Quote a document of the book with words that it does not hold."""
    passages = [source for source in statement.sources if isinstance(source, PassageSource)]
    if not passages:
        return None
    invented = draw.choice(INVENTED)
    sources = tuple(
        source.model_copy(update={"quote": invented}) if source in passages else source
        for source in statement.sources
    )
    return statement.model_copy(
        update={"text": invented, "kind": "quote", "sources": sources, "figures": ()}
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, metavar="FOLDER")
    folder = parser.parse_args().log
    serve(Liar(fill if folder is None else Recording(folder).answer))
