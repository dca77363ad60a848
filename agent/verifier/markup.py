"""Check 14: plain words only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.verifier.case import NAME_MARK, QUOTE_MARK, SLOT_MARK, Reading, struck
from domain.plan import Finding

_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,15}://|\bwww\.|\b(?:mailto|javascript|data|tel|file):\S"
    r"|[\w.+-]+@[\w-]+\.\w"
    r"|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|dev|app|info|biz|ru|cn|de|uk|eu|ch|co|ai)\b",
    re.IGNORECASE,
)
_HTML = re.compile(r"<\s*[/!?a-z]|&(?:#\w+|[a-z]+);", re.IGNORECASE)
_MARKDOWN = re.compile(r"!\[|\]\s*\(|\]\s*\[|`|\*\*|__|~~|^\s*(?:#{1,6}\s|[-*+]\s|>|\|)|\[\^", re.M)
_TELLING = re.compile(r"[<&\[\]`@|\n]|:\S|\.\w|\*\*|__|~~|^\s*[-*+>#|]|\bwww\b", re.IGNORECASE)
"""Without one of these nothing below can match: most sentences stop here."""

_INVISIBLE = re.compile(
    "[\u0000-\u001f\u007f-\u009f"  # control
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2028\u2029\u2060-\u2065"
    "\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\uffff\ue000-\uf8ff\ud800-\udfff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


def is_plain(text: str) -> bool:
    """Say whether a text holds no link, image, HTML, Markdown or invisible character.

    Line breaks are plain: a sentence is written without them.
    """
    text = " ".join(text.split())
    return not any(pattern.search(text) for pattern in (_INVISIBLE, _LINK, _HTML, _MARKDOWN))


def markup(reading: Reading) -> Iterator[Finding]:
    """Strike links, images, HTML, Markdown and characters that cannot be seen."""
    for text in dict.fromkeys((reading.claim.text, reading.written)):
        plain = text.isascii() and text.isprintable()
        if not plain and _INVISIBLE.search(_without_marks(reading, text)):
            yield struck("14", "It holds control, bidirectional or invisible characters.")
        if not _TELLING.search(text):
            continue
        if _LINK.search(text):
            yield struck("14", "It holds a link or an address.")
        if _HTML.search(text):
            yield struck("14", "It holds HTML.")
        if _MARKDOWN.search(text):
            yield struck("14", "It holds Markdown or an image.")


def _without_marks(reading: Reading, text: str) -> str:
    """Drop our own marks, which stand only in a sentence that cannot be rendered."""
    if text is reading.claim.text or reading.parts is not None:
        return text
    return text.replace(SLOT_MARK, "").replace(NAME_MARK, "").replace(QUOTE_MARK, "")
