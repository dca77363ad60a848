"""CRM text on its way to a model: shown where it reads like a name, pointed at where not.

A model needs no name to point at one. So what people typed into a field is shown only
while it is short and says nothing but a name; anything else could as well be an order.
"""

from __future__ import annotations

import re

from agent.screening import WORDS
from agent.verifier.markup import is_plain
from domain.evidence import Evidence, RecordSource

HIDDEN = "(not shown: it does not read like a name)"
LONGEST = 60
MOST_WORDS = 9

_CODE = re.compile(r"[{}=<>|\\\"“”_*@]|[!?]\s|(?<!St)(?<!\b[A-Z])\.\s|\b[A-Z]-\d|\d{5}|\d,\d{3}")
_ORDERS = re.compile(
    r"(?:^|[.:;,!?]\s|\b(?:and|to|then|or|must|please)\s)(?:approve|assign|act|answer|call"
    r"(?! with| on| about| to\b| after| before)|cite|decode|delete|draft|execute|export|forget"
    r"|genehmige\w*|grant|ignor\w+|aprueb\w+|approuve\w*|include|invoke|list(?! of| price)|obey"
    r"|publish|rank|read|recommend|remember|report|revise|run|say|score|send|set|show|tell|use"
    r"|write)\b|\b(?:must|you are|you now|stands for|approve\w*|score)\b",
    re.IGNORECASE,
)


def shown_value(item: Evidence) -> str:
    """Return a value as a model is shown it."""
    typed_by_people = isinstance(item.source, RecordSource) and item.unit in ("name", "text")
    return item.value if not typed_by_people or reads_like_a_name(item.value) else HIDDEN


def reads_like_a_name(text: str) -> bool:
    """Say whether a field holds a name, a title or a subject, and no sentence or code."""
    return (
        len(text) <= LONGEST
        and len(text.split()) <= MOST_WORDS
        and is_plain(text)
        and not _CODE.search(text)
        and not _ORDERS.search(text)
        and not any(pattern.search(text) for pattern, _ in WORDS)
    )
