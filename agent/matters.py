"""What a sentence is about, and which values it gives: enough to see two notes differ.

A reader finds a contradiction in two steps, whatever the words: both speak of the same
thing, and they give it different values. The thing is told by what they name in common,
rare words more than frequent ones. A value is one of few kinds: a side of a scale
(granted or refused, goes on or ends), a day of an event that happens once, an amount
of one unit, who decides. Names of different lines or places make it two things.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from agent.days_named import days_named
from agent.verifier.words import STOP_WORDS, stem, whole_words
from domain.vocabulary import Vocabulary

SAME_THING = 2.0
"""Two ordinary words in common, or one name of the book, make one thing."""
MOST_OF_IT = 0.5
"""Amounts belong to whatever the sentence says of them: half of its words must agree."""
SAME_AMOUNT = 0.1

_NOT = re.compile(
    r"\b(?:not|never|no|nobody|nothing|none|neither|cannot|without|hardly)\b|n['’]t\b",
    re.IGNORECASE,
)
_FAR = 28
"""Letters between a "not" and the word that it turns round."""

SCALES = {
    scale: (whole_words(yes), whole_words(no))
    for scale, yes, no in (
        (
            "granted",
            r"approv(?:ed|es|al)|releas(?:ed|es)|granted|earmarked|said yes|yes to|agreed to"
            r"|accept(?:s|ed)?|(?:go|goes|went|gone|got|is|are|came|come) through|green light"
            r"|been given|given the|ok'?d|signed off|in favou?r|put aside|set aside|confirmed"
            r"|passed|cleared|allocated|available|has (?:the money|been promised)|waved through"
            r"|nodded|blessing|allow(?:s|ed)",
            r"reject(?:s|ed)?|refus(?:es|ed|al)|turned? down|turned (?:\w+ ){1,4}down"
            r"|declin(?:es|ed)|thr(?:ew|own) out|voted down|den(?:ies|ied)|said no|no to"
            r"|veto(?:ed)?|froze|frozen|freeze|cut|struck|scrapp?ed|against"
            r"|nothing (?:is )?available|no (?:capex|budget|money|funds)|sent (?:it )?back|failed"
            r"|withdrawn|withheld|blocked|shot down|fell through|shelved|cancell?ed|killed",
        ),
        (
            "goes on",
            r"renew(?:s|ed|al)?|exten(?:d|ds|ded|sion)|prolong(?:s|ed)?|continu(?:es?|ed)|stays?"
            r"|staying|remains?|keeps?|goes on|go on|another (?:\w+ )?years?"
            r"|still (?:deliver|suppl|buy|work)\w*|holds? on|signed again|for years"
            r"|not going anywhere|carr(?:y|ies) on",
            r"end(?:s|ed|ing)?(?! of\b)|expire[sd]?|is over|terminat(?:es?|ed)|cancell?(?:s|ed)"
            r"|leav(?:es?|ing)|gone|split|part(?:ed|ing)|lost|finished|is out|stopp?(?:s|ed)?"
            r"|lapse[sd]?|no more|ran out|runs out|dropped|quit|resign\w*|hands over|retir\w+"
            r"|collapsed",
        ),
        (
            "happens",
            r"(?:are|is) going to|plan(?:s|ned|ning)? to|intends?|will|starts?|comes? out"
            r"|expects? to|buil(?:d|ds|ding)|(?:was|is|are|been) signed|introduces?|goes ahead"
            r"|wants?|outsourc\w+",
            r"off the table|called off|cancell?ed|buried|abandon(?:ed)?|collapsed|scrapp?ed|dropped"
            r"|no plans|broken off|put on ice|died|is dead|no longer (?:planned|interested|wanted)"
            r"|gave up|given up|in house",
        ),
        (
            "welcome",
            r"likes?|liked|happy|satisfied|fine|pleased|glad|prefers?|impressed|useful|praised"
            r"|willing|interested|delighted|content",
            r"unhappy|furious|dislikes?|useless|angry|nuisance|worthless|worth nothing|no longer"
            r"|complain\w*|fed up|annoyed|disappointed|cannot live|hates?|problem",
        ),
        (
            "grows",
            r"grow(?:s|ing|n)?|ris(?:es?|ing|en)|rose|increas\w+|doubl\w+|expand\w*|going up|up by"
            r"|adds?|hir(?:es?|ing)|raised|upwards|more than ever",
            r"shrink\w*|shrank|fall(?:s|ing|en)?|fell|declin\w+|reduc\w+|cut(?:s|ting)?"
            r"|let (?:\w+ )?go|scrapp?ed|went down|going down|halv\w+|lay(?:ing)? off"
            r"|drop(?:s|ping)",
        ),
        (
            "alone",
            r"sole(?:ly)?|exclusiv\w+|alone|single[- ]sourced|only one|nobody else|no one else"
            r"|(?:her|him|my)self|(?:mine|his|hers|her|him) only|(?:last|final) (?:word|say)"
            r"|(?:decision|call) is (?:mine|his|hers)|no need to (?:ask|involve)"
            r"|single[- ]handed\w*|decides|signs off|own authority",
            r"one of (?:two|three|four|several)|second (?:source|supplier)"
            r"|(?:two|three) (?:vendors|suppliers|signatures|sources)|several|dual|committees?"
            r"|board|group|management|advis\w+|jointly|together|cannot commit"
            r"|whatever \w+ (?:thinks|says)|countersign\w*|head ?office|panel",
        ),
        (
            "local",
            r"local(?:ly)?|on site|decentral\w*|each site|branches decide",
            r"central(?:ly|i[sz]ed?)?|head ?office|group purchasing|headquarters",
        ),
    )
}  # fmt: skip
EVENTS = {
    event: whole_words(words)
    for event, words in {
        "begins": r"open(?:s|ing|ed)?|start(?:s|ing|ed)?|begin(?:s|ning)?|launch\w*|goes live"
        r"|go live|live|ready|move(?:s|d)?|moving|doors|first (?:day|customers)|operational"
        r"|business",
        "ends": r"end(?:s|ed)?|expire[sd]?|runs? out|runs until|terminat\w+|clos(?:es?|ing)|until"
        r"|deadline|finish(?:es|ed)?|lapses?|accepted",
        "decides": r"decid\w+|decision|picks?|choos\w+|verdict|award\w*",
        "arrives": r"deliver\w*|arriv\w+|ship\w*|due|report|notice|training|order\w*|offer",
        "stops": r"line stop|shutdown|standstill",
    }.items()
}  # fmt: skip
RINGS = {
    name: whole_words(words)
    for name, words in {
        "money": r"budget\w*|bgt|money|funds?|funding|capex|spend\w*|investment"
        r"|[$€£]?\d[\d,]*,\d{3}|\d+k",
        "contract": r"contracts?|agreements?|agrmt|deals?|leases?|framework",
        "buying": r"purchas\w+|procure\w+|buy(?:ing|s|ers?)|orders?",
        "supplier": r"suppliers?|vendors?|sources?|sourced|sourcing",
        "use": r"usage|use[ds]?|consum\w+|needs?|demand|volumes?|requirements?|burns? through"
        r"|a year|per year|annual\w*|ann|vol|yearly|p\.a|in an? \w+ year",
        "staff": r"staff|people|headcount|employees|hiring|posts|jobs|ftes?",
        "works": r"plants?|factor(?:y|ies)|halls?|warehouses?|depots?|sites?|branch(?:es)?|stores?"
        r"|premises",
        "delivery": r"deliver\w+|shipments?|shipped|dlv|consignments?",
        "decides": r"decid\w+|decisions?|last word|final say|signs?|approv\w+|responsible"
        r"|in charge|says so|commit|authori\w+|moves without",
    }.items()
}  # fmt: skip
"""Words for one thing in the field; two sentences that use any of a ring share a word."""
_VALUED = re.compile(
    "|".join(pattern.pattern for pattern in (*SCALES["welcome"], EVENTS["decides"])), re.IGNORECASE
)
_MONTH = re.compile(rf"\b({'|'.join(month_name[1:])})\b")
_MONTHS = frozenset(name.lower() for name in month_name[1:])
_WEEK = re.compile(r"\bweek (\d{1,2})\b|\b(Q[1-4])\b", re.IGNORECASE)
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_AMOUNT = re.compile(
    rf"(?<![\w.,])[$€£]?(\d[\d,]*(?:\.\d+)?|(?:{'|'.join(_COUNTS)})\b)"
    r"(?:\s*(k|m|million|thousand)\b)?"
    r"(?:\s+(?!a\b|an\b|for\b|of\b|in\b|is\b|the\b|to\b|and\b|at\b)([a-z]+))?",
    re.IGNORECASE,
)
_MONEY = frozenset("dollar euro pound kronor franc usd eur gbp chf".split())
_STOP = STOP_WORDS | frozenset(
    """since according accord tell told today yesterday want need day month new never nobody
    nothing two three mr mrs ms week less last next""".split()
)


@dataclass(frozen=True)
class Reading:
    """One sentence: the words of its subject, the names in it, and the values it gives."""

    words: frozenset[str]
    rings: frozenset[str]
    names: frozenset[str]
    lines: frozenset[str]
    places: frozenset[str]
    stands: Mapping[str, bool] = field(default_factory=dict)
    events: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    amounts: Mapping[str, frozenset[float]] = field(default_factory=dict)
    money: frozenset[float] = frozenset()
    denied: frozenset[str] = frozenset()


def read(text: str, vocabulary: Vocabulary) -> Reading:
    """Take a sentence apart."""
    lines = frozenset(name.lower() for name in vocabulary.lines_in(text))
    rivals = frozenset(name.lower() for name in vocabulary.competitors_in(text))
    parts = {part for line in vocabulary.lines for part in line.lower().split()}
    capitals = {word.lower() for word in re.findall(r"\b[A-Z][^\W\d_]+", text)}
    people = {part.lower() for name in vocabulary.names_in(text) for part in name.split()}
    # "We like" and "they decide" tell the value, not what it is of.
    bare = _VALUED.sub(" ", text.lower())
    spoken = {
        word
        for word in re.findall(r"[^\W\d_]{3,}", bare)
        if word not in _STOP and word not in _MONTHS and word not in people
    }
    stands = dict(_stands(text))
    amounts = _amounts(text)
    return Reading(
        words=frozenset(stem(word) for word in spoken),
        rings=frozenset(ring for ring, words in RINGS.items() if words.search(text)),
        names=lines | rivals,
        lines=lines,
        places=frozenset((capitals & vocabulary.single_words) - parts),
        stands=stands,
        events=frozenset(event for event, words in EVENTS.items() if words.search(text)),
        days=frozenset(_days(text)),
        amounts=amounts,
        money=frozenset(value for values in amounts.values() for value in values if value >= 1_000),
        denied=frozenset(
            stem(word)
            for found in _NOT.finditer(text)
            for word in re.findall(r"[^\W\d_]{3,}", _turned(text, found.end()).lower())
            if word not in _STOP
        ),
    )


def differ(one: Reading, other: Reading, rare: Mapping[str, float]) -> bool:
    """Say whether two sentences give the same thing different values.

    `rare` weighs the words of the account's notes, 1 for one that few of them use.
    """
    for ours, theirs in ((one.lines, other.lines), (one.places, other.places)):
        if ours and theirs and ours.isdisjoint(theirs):
            return False
    shared = one.words & other.words
    common = sum(rare.get(word, 1.0) for word in shared)
    named = len(one.names & other.names) + len(one.money & other.money)
    named += bool(one.rings & other.rings)
    if common + named < SAME_THING or not (shared or named > 1):
        return False
    fewest = min(len(one.words), len(other.words)) or 1
    most_of_it = len(shared) >= MOST_OF_IT * fewest
    if any(
        scale in other.stands and other.stands[scale] != side for scale, side in one.stands.items()
    ):
        return True
    # A long sentence denies nothing of a short one that it barely meets.
    longest = max(len(one.words), len(other.words))
    alike = len(shared) > 1 and len(shared) >= MOST_OF_IT * longest
    if alike and shared & (one.denied ^ other.denied):
        return True
    if one.days and other.days:
        if one.days.isdisjoint(other.days):
            return bool(one.events) and one.events == other.events and "arrives" not in one.events
        return False
    # So much a year and so much a time are two amounts of one thing.
    yearly = "use" in one.rings
    return (most_of_it and yearly == ("use" in other.rings)) and any(
        unit in other.amounts and not _near(values, other.amounts[unit])
        for unit, values in one.amounts.items()
    )


def _turned(text: str, end: int) -> str:
    """Return what a "not" that ends there turns round: no further than its clause."""
    return re.split(r"[,.:;]", text[end : end + _FAR], maxsplit=1)[0]


def _stands(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each scale with the side that all its words in the text are on."""
    turned = [found.end() for found in _NOT.finditer(text)]
    for scale, sides in SCALES.items():
        said = {
            (side == 0) != any(0 <= found.start() - end <= _FAR for end in turned)
            for side, words in enumerate(sides)
            for found in words.finditer(text)
        }
        if len(said) == 1:
            yield scale, said.pop()


def _days(text: str) -> Iterator[str]:
    exact = list(days_named(text))
    for month, day in exact:
        yield f"{month}-{day}"
    if not exact:
        yield from _MONTH.findall(text)
        yield from (week or quarter for week, quarter in _WEEK.findall(text))


def _amounts(text: str) -> dict[str, frozenset[float]]:
    found: dict[str, set[float]] = {}
    dated = _MONTH.search(text) is not None
    for digits, scale, unit in _AMOUNT.findall(text):
        value = float(_COUNTS.get(digits.lower()) or digits.replace(",", "").rstrip(".") or 0)
        if re.fullmatch(r"20\d\d", digits) or (dated and value <= 31 and not scale):
            continue
        value *= {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}.get(scale.lower(), 1)
        kind = stem(unit.lower()) if unit else ""
        if kind in _MONEY or value >= 1_000:
            kind = ""
        found.setdefault(kind, set()).add(value)
    return {kind: frozenset(values) for kind, values in found.items()}


def _near(ours: frozenset[float], theirs: frozenset[float]) -> bool:
    return any(abs(a - b) <= SAME_AMOUNT * max(a, b) for a in ours for b in theirs)
