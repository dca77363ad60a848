"""Where a sentence stands on matters that cannot be two ways at once.

A person stays or leaves, a rival's agreement goes on or ends, a site opens on one day, a
year has one volume. Two notes may say either in words that have nothing in common, so
each is read for what it says of the matter and not for the words it shares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.days_named import days_named
from domain.vocabulary import Vocabulary

SAME_VOLUME = 0.1
"""Two volumes apart by less than this part of the larger are one, told roughly."""

_NOT = r"(?:not|never|n['’]t|no longer|nor)\b[^.;!?]{0,20}?"
_STAYS = re.compile(
    rf"\b(?:stay(?:s|ing)?|remain(?:s|ing)?|signed (?:on |up )?for another"
    r"|no changes? (?:among|in) (?:the )?(?:people|staff|team)"
    r"|keeps (?:his|her|their|the) (?:job|post|position|role|desk)"
    r"|(?:has|have|had) (?:just )?extended"
    r"|(?:here|around|us) for (?:many )?years|continues? (?:as|to be|in)"
    r"|contract (?:was |is |has been )?(?:extended|prolonged|renewed))\b"
    rf"|{_NOT}(?:leav\w+|going anywhere|resign\w*|quit\w*|retir\w+|mov(?:e|ing) on)",
    re.IGNORECASE,
)
_LEAVES = re.compile(
    r"\b(?:leav(?:es?|ing)|last (?:working )?day|out (?:by|from|as of)|(?:handed in|gave|given) "
    r"(?:\w+ )?notice|resign\w*|quit(?:s|ting)?|retir(?:es?|ing|ed)|mov(?:es?|ing) on|steps? down"
    r"|new job|another job|departure|gone (?:by|from)|says? goodbye|farewell)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"\b{_NOT}(?:renew\w*|extend\w*|prolong\w*|sign\w*|continu\w*)"
    r"|\b(?:end(?:s|ed|ing)|over|expire[sd]?|ran out|runs? out|terminat\w+|cancel\w+|lapse[sd]?"
    r"|gave notice|given notice|dropped|part(?:ed|ing) (?:ways|company))\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\b(?:renew\w*|extend\w*|prolong\w*|continu\w*|stay(?:s|ing)? with|sign(?:s|ed) (?:again|anew"
    r"|for (?:another|two|three|four|five|\d))|another (?:\w+ )?years?)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"\b(?:open(?:s|ing|ed)?(?! (?:points?|items?|hours|orders?|deals?|invoices?|questions?))"
    r"|inaugurat\w+|up and running|operational|starts? (?:work|production|operations)"
    r"|mov(?:es?|ing) in(?:to)?)\b",
    re.IGNORECASE,
)
_YEARLY = re.compile(
    r"\b(?:ann(?=\.)|(?:a|per|each|every) year|annual\w*|yearly|p\.?a\.?)\b", re.IGNORECASE
)
_FIGURE = re.compile(
    r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)\s*(k|m|thousand|million)?\b(?!\s*(?:%|per ?cent|years?))",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]m|I['’]ll|my|me)\b")


@dataclass(frozen=True)
class Standpoint:
    """What a sentence says of one matter; `about` names whom or what, where it does."""

    matter: str
    about: frozenset[str]
    says: str

    def denies(self, other: Standpoint) -> bool:
        """Say whether both cannot hold."""
        if self.matter != other.matter or self.says == other.says:
            return False
        if self.matter in ("stays", "rival"):
            return bool(self.about & other.about)
        # Two places, or two products, may each have a day or a volume of their own.
        if self.about and other.about and not self.about & other.about:
            return False
        if self.matter == "volume":
            one, two = float(self.says), float(other.says)
            return abs(one - two) > SAME_VOLUME * max(one, two)
        return True


def standpoints(
    text: str, vocabulary: Vocabulary, account: str, author: str | None
) -> Iterator[Standpoint]:
    """Yield where a sentence stands, by the words of the field for either side.

    `account` is the entity it is about, and `author` the full name of who wrote it, who is
    meant by "I".
    """
    stays = bool(_STAYS.search(text))
    if stays or _LEAVES.search(text):
        people = frozenset(_people(text, vocabulary, account, author))
        if people:
            yield Standpoint("stays", people, "stays" if stays else "leaves")
    rivals = frozenset(name.lower() for name in vocabulary.competitors_in(text))
    ends = bool(_ENDS.search(text))
    if rivals and (ends or _GOES_ON.search(text)):
        yield Standpoint("rival", rivals, "ends" if ends else "goes on")
    if _OPENS.search(text):
        for month, day in days_named(text):
            yield Standpoint("opens", _places(text, vocabulary), f"{month}-{day}")
    if _YEARLY.search(text) and (figure := _volume(text)):
        lines = frozenset(line.lower() for line in vocabulary.lines_in(text))
        yield Standpoint("volume", lines, figure)


def _people(text: str, vocabulary: Vocabulary, account: str, author: str | None) -> Iterator[str]:
    words = set(re.findall(r"[^\W\d_]+", text))
    for name, entity in vocabulary.people_of(account):
        parts = name.split()
        if words & {parts[0], parts[-1]} or (name == author and _FIRST_PERSON.search(text)):
            yield entity


def _places(text: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The words of the book in capitals, as towns are; product lines are none."""
    lines = {word for line in vocabulary.lines for word in line.lower().split()}
    words = {word.lower() for word in re.findall(r"\b[A-Z][^\W\d_]+", text)}
    return frozenset(words & vocabulary.single_words) - lines


def _volume(text: str) -> str | None:
    scale = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "": 1.0}
    found = [
        float(digits.replace(",", "").rstrip(".") or 0) * scale[unit.lower()]
        for digits, unit in _FIGURE.findall(text)
        if unit or not re.fullmatch(r"(?:19|20)\d\d", digits)
    ]
    return repr(max(found)) if found and max(found) > 0 else None
