"""What people asked of a plan, as far as a plain rule can grant it.

Understood are: so many hours or so many plays at most, a day by which everything is done,
a kind of play or a person to do without, and a document to use. They are read from
remarks that people made, never from notes. Everything else a remark says is for a writer
to heed and for the reviewer to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from agent.days_named import last_day_named
from agent.verifier.words import content_words
from domain.evidence import DocumentSource, Evidence
from domain.plan import PlayKind, Remark

_Limit = TypeVar("_Limit", int, date)

# "In 2 hours" alone may be a time to call: a limit is said with a word that makes it one.
_HOURS = re.compile(
    r"\b(?:(?:fits?|fitting)(?: it| this| the plan)?(?: in| into| within| under)?"
    r"|(?:cut|reduce|bring|shorten|trim|squeeze|limit|cap|capped|keep)\b[^.;!?\d]{0,40}?"
    r"\b(?:to|at|under|below|within|into)"
    r"|within|under|below|at most|no more than|not more than|maximum(?: of)?|max\.?"
    r"|(?:i|we)(?: only)? have(?: only)?)"
    r"\s+(?:only\s+)?(\d{1,4}(?:\.\d{1,2})?)\s*(?:h|hrs?|hours?)\b"
    r"|\b(\d{1,4}(?:\.\d{1,2})?)\s*(?:h|hrs?|hours?)\s+"
    r"(?:tops|max(?:imum)?|at (?:the )?most|or (?:less|fewer)|and no more)\b",
    re.IGNORECASE,
)
_USE = re.compile(
    r"\b(?:use|using|include|build on|draw on|based on|take up)\s+([^.;!?]+)", re.IGNORECASE
)
_NUMBERS = "one two three four five six seven eight nine ten".split()
_PLAYS = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(_NUMBERS)}|single)\s+(?:[a-z-]+\s+){{0,3}}?"
    r"(?:plays?|steps?|actions?|activit(?:y|ies)|tasks?|moves?|things?|items?|to-?dos?)\b",
    re.IGNORECASE,
)
# A number of plays is a limit where its sentence shortens something, and never with "at least".
_SHORTENS = re.compile(
    r"\b(?:most|more than|max(?:imum)?|only|just|up to|down|limit\w*|keep|cut|reduc\w+|boil"
    r"|trim|shorten|narrow|pare|cap(?:ped)?|tops?|fewer|less|enough|will do|over)\b",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(r"\b(?:at least|minimum|or more)\b", re.IGNORECASE)
_BELOW = re.compile(r"\b(?:fewer|less) than\s+$", re.IGNORECASE)
# A day is the plan's own where the sentence speaks of an end, or of the plan as a whole.
_WHOLE = re.compile(
    r"\b(?:done|finish\w*|complet\w+|wrap\w*|conclud\w+|every ?thing|all(?: of)? (?:it|them|plays"
    r"|steps|actions)|(?:every|no|the last) (?:play|step|action)|nothing|(?:the|this) plan)\b",
    re.IGNORECASE,
)
_WITHOUT = r"(?:no|without|skip|drop|avoid|omit|remove|leave out|take out|cut out|rule out)"
_REFUSED = r"(?:do not|don['’]t|can ?not|can['’]t|must not|nobody (?:can|may)|never)"
_NOT_ONLY_THEN = r"(?! (?:on|before|after|until|in|at|earlier|later|longer)\b)"
_KINDS: dict[PlayKind, tuple[str, str]] = {
    "visit": ("(?:visits?|trips?|travel(?:ling)?)", "(?:visit|travel|drive)"),
    "call": ("(?:phone |telephone )?calls?", "(?:call|phone|ring)"),
    "meeting": ("meetings?", "meet"),
    "email": ("e-?mails?", "e-?mail"),
    "demo": ("(?:demos?|demonstrations?)", "demonstrate"),
}
_NOT_KIND: dict[PlayKind, re.Pattern[str]] = {
    kind: re.compile(
        rf"\b{_WITHOUT} (?:(?:any|more|the|all|further|on-?site|site|in-person|customer) )*"
        rf"{noun}\b{_NOT_ONLY_THEN}"
        rf"|\b{_REFUSED} (?:\w+ ){{0,2}}?(?:any )?(?:{noun}|{verb})\b(?=\s*(?:[.,;!?]|$))",
        re.IGNORECASE,
    )
    for kind, (noun, verb) in _KINDS.items()
}
_NOT = r"(?:\b(?:not|no|never|without|avoid|skip|bypass|around|except|nobody)|n['’]t)"
_OUT = r"(?:off[ -]limits|out|alone|is not to be|(?:must|should|may) not be|taboo)"
_SENTENCE = re.compile(r"[^.;!?\n]+(?:\.(?=\d)[^.;!?\n]+)*")


@dataclass(frozen=True)
class Wishes:
    """What was asked for. A limit is null where nobody named it; the latest wins."""

    most_hours: Decimal | None = None
    most_plays: int | None = None
    last_day: date | None = None
    without: frozenset[PlayKind] = frozenset()
    words: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()

    def names(self, item: Evidence) -> bool:
        """Say whether a sentence's document is one that was asked for, by title or kind."""
        source = item.source
        if not self.words or not isinstance(source, DocumentSource):
            return False
        called = f"{source.title or ''} {source.document_kind.replace('_', ' ')}"
        return bool(self.words & content_words(called))

    def shuns(self, name: str) -> bool:
        """Say whether the plan is to do without a person, named in full or by one name."""
        return any(
            _shunned(sentence, part)
            for part in {name, *(part for part in name.split() if len(part) > 2)}
            for text in self.texts
            for sentence in _SENTENCE.findall(text)
        )


def wishes_of(remarks: Sequence[Remark], as_of: date | None = None) -> Wishes:
    """Read the wishes in remarks, oldest first; without `as_of` a day needs its year."""
    texts = [remark.text for remark in remarks]
    parts = [part for text in texts for part in _SENTENCE.findall(text)]
    return Wishes(
        most_hours=_latest_hours(texts),
        most_plays=_last(most for part in parts if (most := _plays(part))),
        last_day=_last(
            day
            for text in texts
            for part in re.split(r"[;!?\n]|\.(?!\d)", text)
            if _WHOLE.search(part) and (day := last_day_named(part, as_of))
        ),
        without=frozenset(
            kind for kind, wish in _NOT_KIND.items() if any(wish.search(text) for text in texts)
        ),
        words=frozenset(_asked_words(texts)),
        texts=tuple(texts),
    )


def _last(found: Iterable[_Limit]) -> _Limit | None:
    return next(reversed(list(found)), None)


def _latest_hours(texts: Iterable[str]) -> Decimal | None:
    found = [Decimal(one or other) for text in texts for one, other in _HOURS.findall(text)]
    return found[-1] if found and found[-1] > 0 else None


def _plays(sentence: str) -> int | None:
    found = _PLAYS.search(sentence)
    if found is None or not _SHORTENS.search(sentence) or _AT_LEAST.search(sentence):
        return None
    said = found[1].lower()
    number = int(said) if said.isdigit() else [*_NUMBERS, said].index(said) % 10 + 1
    return number - bool(_BELOW.search(sentence[: found.start()])) or None


def _shunned(sentence: str, name: str) -> bool:
    named = rf"\b{re.escape(name)}\b"
    # "Do not forget her" and "she was not called yet" ask for the opposite.
    turned = re.search(r"\b(?:forget|miss|yet|only)\b", sentence, re.IGNORECASE)
    return not turned and bool(
        re.search(rf"(?i:{_NOT})\b.{{0,60}}?{named}", sentence)
        or re.search(rf"\b(?i:leave|keep|take)\b.{{0,20}}?{named} (?i:out|off)\b", sentence)
        or re.search(rf"{named}.{{0,30}}?\b(?i:{_OUT})\b", sentence)
    )


def _asked_words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for part in _USE.findall(text) for word in content_words(part)}
