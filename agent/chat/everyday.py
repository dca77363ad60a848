"""Words that are no part of anybody's name by themselves: everyday words, and those of requests."""

from __future__ import annotations

import re

from agent.chat.common_words import COMMANDING, COMMON
from agent.chat.cues import CUES
from agent.chat.figure_words import FIGURE_WORDS
from agent.chat.requests import PATTERNS

_SOURCES = [cue for cues in CUES.values() for cue, _ in cues] + [item.pattern for item in PATTERNS]
_LITERAL = re.compile(r"(?<![\\\w])[a-z]{3,}(?![\w*+?\\])")

ASKED = frozenset(
    word for source in _SOURCES for word in _LITERAL.findall(re.sub(r"\\[bwsd]", " ", source))
)
"""Whole words that cues and requests are read by."""
EVERYDAY = COMMON | COMMANDING | ASKED | FIGURE_WORDS
