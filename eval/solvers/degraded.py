"""The answers of a log, a share of them made worse: a solver whose drop is known.

    python -m eval.solvers.degraded --log FOLDER --share 0.1 [--kinds wrong_figure ...]

Seed and trial of a request decide what is spoiled.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from eval.answer import Answer
from eval.ground import Ground
from eval.solvers.protocol import Request, serve
from eval.solvers.recording import Recording
from eval.solvers.spoiling import KINDS, Kind, Spoiler


class Degraded:
    """Gives the answers of a recording, `share` (0 to 1) of their units spoiled by `kinds`."""

    def __init__(self, recording: Recording, share: float, kinds: tuple[Kind, ...] = KINDS) -> None:
        self._recording = recording
        self._share = share
        self._kinds = kinds

    def __call__(self, request: Request) -> Answer:
        """Return the spoiled answer; the same for the same request."""
        answer = self._recording.answer(request)
        spoiler = Spoiler(self._share, self._kinds, f"{request.seed}/{request.trial}")
        return spoiler.spoiled(answer, Ground(request.book))


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not within 0 to 1")
    return share


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--share", type=_share, required=True, help="0 to 1")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    chosen = parser.parse_args()
    serve(Degraded(Recording(chosen.log), chosen.share, tuple(chosen.kinds)))
