"""The small grammar of a wording.

`{contact}` is a slot. `[one way|another]` is one of two ways or more, and may be nested.
`⟦...⟧` marks the span that carries the point. `⟪...⟫` is written in base64. Lines are joined;
an empty line begins a new one.
"""

from __future__ import annotations

import base64
import itertools
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}('s)?")
_BASE64 = re.compile(r"⟪(.*?)⟫")
_SPAN = re.compile(r"⟦(.*?)⟧", re.DOTALL)


def fill(template: str, words: Mapping[str, str], rng: random.Random) -> tuple[str, str]:
    """Return the text and its span (the whole text where the template marks none).

    What a slot brings in is never expanded again. A slot that `words` lacks is a KeyError.
    """
    chosen = _choose(_joined(template), rng.choice)
    before, span, after = _parts(chosen)
    filled = [_filled(part, words) for part in (before, span, after)]
    return "".join(filled), filled[1]


def span_of(template: str) -> str:
    """Return the marked part of a template, unfilled; the whole where none is marked."""
    return _parts(_joined(template))[1]


def expansions(template: str) -> Iterator[str]:
    """Yield the template in each way that its choices allow, slots unfilled."""
    choice = _CHOICE.search(template)
    if choice is None:
        yield template
        return
    for way in choice[1].split("|"):
        yield from expansions(template[: choice.start()] + way + template[choice.end() :])


def slot_names(template: str) -> frozenset[str]:
    """Return the names of the slots that any way through the template may fill."""
    return frozenset(slot[1] for slot in _SLOT.finditer(template))


def _joined(template: str) -> str:
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", template))
    return "\n".join(part for part in paragraphs if part)


def _choose(template: str, pick: Callable[[Sequence[str]], str]) -> str:
    while choice := _CHOICE.search(template):
        way = pick(choice[1].split("|"))
        template = template[: choice.start()] + way + template[choice.end() :]
    return template


def _parts(template: str) -> tuple[str, str, str]:
    marked = _SPAN.search(template)
    if marked is None:
        return "", template, ""
    return template[: marked.start()], marked[1], template[marked.end() :]


def _filled(template: str, words: Mapping[str, str]) -> str:
    pieces = _BASE64.split(template)
    # `split` puts what the group caught at the odd places.
    return "".join(
        _encoded(_with_slots(piece, words)) if odd else _with_slots(piece, words)
        for piece, odd in zip(pieces, itertools.cycle((False, True)))
    )


def _with_slots(template: str, words: Mapping[str, str]) -> str:
    def word(slot: re.Match[str]) -> str:
        filled, possessive = words[slot[1]], slot[2] or ""
        return filled + ("'" if possessive and filled.endswith("s") else possessive)

    return _SLOT.sub(word, template)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
