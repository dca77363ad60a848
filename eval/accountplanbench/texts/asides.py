"""Ordinary sentences around the point of a text, so that the same wording never looks the same."""

from __future__ import annotations

import random
import re
import tomllib
from functools import cache
from pathlib import Path

_ROOM = re.compile(r"\{aside_(note|mail|short)\}")
_AT_MOST = 2


def with_asides(template: str, rng: random.Random) -> str:
    """Fill the room that a template leaves for asides, with none to two of them a place.

    No sentence comes twice in a text. Asides may hold slots, so fill the template afterwards.
    """
    left = {register: list(sentences) for register, sentences in read_asides().items()}

    def some(room: re.Match[str]) -> str:
        register = room[1]
        drawn = rng.sample(left[register], rng.randint(0, _AT_MOST))
        for sentence in drawn:
            left[register].remove(sentence)
        return (", " if register == "short" else " ").join(drawn)

    return _ROOM.sub(some, template)


@cache
def read_asides() -> dict[str, list[str]]:
    """Return the sentences by register: `note`, `mail` and `short`."""
    file = Path(__file__).with_name("asides.toml")
    asides: dict[str, list[str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return asides
