"""Timing parts of a long piece of work from outside: functions are wrapped while it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any
from unittest.mock import patch


@dataclass(frozen=True)
class Stage:
    """A function to watch: where its callers look it up, and what its time is called.

    `label` may depend on what the function is given.
    """

    place: object
    name: str
    label: str | Callable[..., str]


@contextmanager
def stages(watched: tuple[Stage, ...]) -> Iterator[dict[str, float]]:
    """Add up the seconds spent in each stage, as far as it is called meanwhile.

    Of two stages that call one another, the outer has only what the inner one leaves.
    """
    taken: dict[str, float] = {
        stage.label: 0.0 for stage in watched if isinstance(stage.label, str)
    }
    inside: list[float] = []
    with ExitStack() as held:
        for stage in watched:
            work = _timed(getattr(stage.place, stage.name), stage.label, taken, inside)
            held.enter_context(patch.object(stage.place, stage.name, work))
        yield taken


def _timed(
    work: Callable[..., Any],
    label: str | Callable[..., str],
    taken: dict[str, float],
    inside: list[float],
) -> Callable[..., Any]:
    @wraps(work)
    def timed(*given: Any, **named: Any) -> Any:
        key = label if isinstance(label, str) else label(*given, **named)
        inside.append(0.0)
        began = time.perf_counter()
        try:
            return work(*given, **named)
        finally:
            whole = time.perf_counter() - began
            taken[key] = taken.get(key, 0.0) + whole - inside.pop()
            if inside:
                inside[-1] += whole

    return timed
