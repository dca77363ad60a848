"""Words that people wrote, and what they may not do: steer look-ups, or pass for the answer.

Three rules, none of which tries to understand what the words ask for. Once a result with
words of a note has been shown to a model, nothing more is looked up in the turn: every call
was chosen before such words were read. CRM text that does not read like a name is pointed
at and not shown. A sentence that repeats a run of such words outside quotation marks is
struck, so that a reader always sees whose words they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from agent.chat.numbering import shown_of
from agent.chat.state import Result
from agent.render import SLOT
from domain.evidence import DocumentSource, Evidence, HumanSource
from domain.plan import Claim

CLOSED = (
    "Not made: words of notes have been read, and nothing is looked up after that. Answer from "
    "what was found."
)
ECHOED = "It repeats the words of a note without quoting them."
RUN = 5
"""So many words in a row are taken for the source's own; a shorter sentence, for all of it."""
FEWEST = 3

_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"")
_OPAQUE = re.compile(r"[\W_]+")


def notes_were_read(results: Iterable[Result]) -> bool:
    """Say whether a model was shown words of a note, or of a person, by these results."""
    return any(_is_prose(item) for result in results for item in shown_of(result))


def echoes(claim: Claim, shown: Sequence[Evidence]) -> bool:
    """Say whether a sentence repeats words that people wrote, outside quotation marks."""
    typed = _words(_QUOTED.sub(" | ", SLOT.sub(" | ", claim.text)))
    said = [run for piece in typed for run in _runs(piece)]
    if not said:
        return False
    sources = [_joined(item.value) for item in shown if item.unit in ("text", "name")]
    return any(f" {run} " in source for run in said for source in sources)


def _is_prose(item: Evidence) -> bool:
    return isinstance(item.source, DocumentSource | HumanSource) and item.metric in (
        "sentence", "span", "text", "remark", "reason", "comment",
    )  # fmt: skip


def _words(text: str) -> list[list[str]]:
    return [_folded(piece).split() for piece in text.split("|")]


def _runs(words: Sequence[str]) -> Iterator[str]:
    if len(words) < FEWEST:
        return
    length = min(RUN, len(words))
    for start in range(len(words) - length + 1):
        yield " ".join(words[start : start + length])


def _joined(text: str) -> str:
    return f" {_folded(text)} "


def _folded(text: str) -> str:
    plain = "".join(
        char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf"
    )
    return _OPAQUE.sub(" ", plain.casefold()).strip()
