"""The scripted endpoint of `eval.adversaries.model_server`, answering with one draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from eval.adversaries.model_server import KEY, ModelServer, drafting_policy, model_server

__all__ = ["KEY", "ModelServer", "openai_server"]


@contextmanager
def openai_server(
    answer: str, script: Sequence[str] = ("ok",), **more: Any
) -> Iterator[ModelServer]:
    """Serve one draft's JSON while the block runs; the limit goes by its older name."""
    with model_server(drafting_policy(answer), script, **{"limit": "max_tokens", **more}) as server:
        yield server
