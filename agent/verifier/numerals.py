"""Check 6: figures enter a sentence through slots only.

Everything that counts, orders, dates or scales is a numeral: digits of any script,
spelled-out numbers, fractions, per cent, K and M, ranges, ordinals, months, weekdays,
Roman numerals. What looks like one and is not stands in one closed list, `NO_NUMERALS`;
what belongs to the name of a measure is admitted only beside a cell of that measure,
`NAMES_OF_MEASURES`. tests/agent/test_verifier_numerals.py holds examples and
counter-examples of every line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from agent.verifier.case import SLOT_MARK, Reading, struck
from domain.plan import Finding

NO_NUMERALS = re.compile(
    r"""
    \b(?:one\ of|no\ one|one\ another|this\ one|that\ one|which\ one|each\ one|the\ other\ one
      |every\ one|one-to-one|one\ by\ one
      |at\ first|for\ the\ first\ time|first\ of\ all|first-?hand|first\ and\ foremost
      |second\ opinions?|second\ thoughts?|second\ nature|second-guess\w*|second-?hand
      |third[\ -]part(?:y|ies)|on\ the\ one\ hand
      |double-?check\w*|at\ once|once\ more|better\ half
      |B2B|B2C|3PL|4PL|2D|3D|CO2)\b
    |\bfirst(?=\s*(?:[.,;:!?)]|$))
    |(?:^|(?<=[.;:!?]\s))(?:First|Second|Third|Finally)(?=,)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Pronouns, set phrases, adverbs and product codes that count nothing."""

NAMES_OF_MEASURES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(words, re.IGNORECASE), re.compile(metrics))
    for words, metrics in (
        (
            r"\b(?:12|twelve)(?:[ -]months?\b|(?= before\b| prior\b))",
            r".*_12m|chance|worth|peer_.*",
        ),
        (r"\b(?:90|ninety)[ -]days?\b", r".*_90d"),
        (r"\b(?:75th|seventy-fifth) percentile\b|\bP75\b", r".*_p75|open_potential"),
        (r"\b(?:90th|ninetieth) percentile\b|\bP90\b", r".*_p90"),
        (r"\bP50\b", r".*_p50"),
        (r"\bfirst order(?:ed)?\b", r"first_order_date"),
        (r"\bthird[- ](?:last|latest) order\b", r"third_last_order_amount"),
        (r"\b(?:top|upper|best) quarter\b", r".*_p75"),
    )
)
"""Words that name a measure, and the metrics one of which the claim must cite."""

IN_ADVICE = re.compile(
    r"\bfirst (?=(?:call|talk|visit|meeting|step|order|quote|trial|contact|date|thing)\b)", re.I
)
"""In a recommendation or assumption "first" before these words orders steps, not facts."""

NOUGHT = re.compile(r"\b(?:nil|zero|naught|nought)\b", re.IGNORECASE)
"""Words for nothing, admitted beside a cited cell that is 0."""

_UNITS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fourty|fifty|sixty|seventy|"
    "eighty|ninety|naught|nought|nil"
)
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    "thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|"
    "thirtieth|fortieth|fiftieth|sixtieth|seventieth|eightieth|ninetieth|hundredth|thousandth|"
    "millionth|penultimate"
)
_NUMERAL = re.compile(
    rf"""
    \d
    |\b(?:{_UNITS})s?\b
    |\b(?:{_ORDINALS})s?\b
    |\b(?:hundred|thousand|million|billion|trillion|dozen|grand)s?\b
    |\b(?:half|halves|halved|halving|double[sd]?|doubling|twice|thrice|triple[sd]?|tripling|
        treble[sd]?|quadruple[sd]?|(?:two|three|four|five|six|ten|hundred|many)-?fold)\b
    |\b(?:three[\ -]quarters|a\ quarter\ of|one\ quarter|quarters?\ of)\b
    |\b(?:couple|pair|tens|scores)\ of\b
    |\bonce\ (?:a|an|per|every|each)\b
    |%|‰|\bper\s?cent\b|\bpercent\b|\bpercentage\ points?\b|\bbasis\ points?\b|\bbps\b
    |\b(?:january|february|april|june|july|august|september|october|november|december)\b
    |\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b
    |\b(?:yesterday|tomorrow)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CAPITALISED = re.compile(
    r"\b(?:Jan|Feb|Mar|March|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri"
    r"|Sat|Sun)\b"
    r"|(?<=[a-z,;] )May\b|\bMay(?= \ufffc|,? \d)"
    r"|\b(?:I{2,3}|I[VX]|VI{1,3}|XI{0,3}|XI?[VX]|XVI{0,3}|XX)\b"
    r"|\b(?:[Qq]uarter|[Pp]hase|[Tt]ier) I\b"
)
_AFFIX_BEFORE = re.compile(rf"[\w%‰+\u2212]{SLOT_MARK}|(?:^|[\s(])-\s?{SLOT_MARK}")
_AFFIX_AFTER = re.compile(rf"{SLOT_MARK}(?:[\w%‰+]|\s?(?:K|M|bn|mn|mio|k|m)\b)")
_MINUS_WORD = re.compile(rf"\b(?:minus|negative|plus)\s+{SLOT_MARK}", re.IGNORECASE)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SIGN = re.compile(r"[\d%‰]")
_WORD = re.compile(r"[a-z]+")
_TELLING = frozenset(
    f"{_UNITS}|{_ORDINALS}|hundred|thousand|million|billion|trillion|dozen|grand|half|halves|"
    "halved|halving|double|doubles|doubled|doubling|twice|thrice|triple|triples|tripled|tripling|"
    "treble|trebles|trebled|quadruple|quadruples|quadrupled|twofold|threefold|fourfold|fivefold|"
    "sixfold|tenfold|hundredfold|manyfold|fold|quarter|quarters|couple|pair|tens|scores|once|"
    "percent|cent|percentage|basis|bps|january|february|march|april|may|june|july|august|"
    "september|october|november|december|yesterday|tomorrow|minus|negative|plus|jan|feb|mar|apr|"
    "jun|jul|aug|sep|sept|oct|nov|dec|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|ii|iii|iv|ix|"
    "vi|vii|viii|xi|xii|xiii|xiv|xv|xvi|xvii|xviii|xix|xx|xiix|phase|tier|naughts|nils".split("|")
)
"""Words without one of which no pattern below can match: most sentences stop here."""
FIGURE_MESSAGE = "A figure, date or number word stands outside a slot."


def numerals(reading: Reading) -> Iterator[Finding]:
    """Strike a sentence with a numeral that no slot wrote."""
    text = reading.bare
    if _may_count(text):
        for words, metrics in NAMES_OF_MEASURES:
            if words.search(text) and any(map(metrics.fullmatch, reading.metrics)):
                text = words.sub(" ", text)
        text = NO_NUMERALS.sub(" ", text)
        if reading.claim.kind in ("recommendation", "assumption"):
            text = IN_ADVICE.sub(" ", text)
        if any(item.value == "0" for item in reading.facts):
            text = NOUGHT.sub(" ", text)
        if _NUMERAL.search(text) or _CAPITALISED.search(text) or _other_script(text):
            yield struck("6", FIGURE_MESSAGE)
            return
    if SLOT_MARK in text and (
        _AFFIX_BEFORE.search(text) or _AFFIX_AFTER.search(text) or _MINUS_WORD.search(text)
    ):
        yield struck("6", "Something is joined to a slot that would change its figure.")


def _may_count(text: str) -> bool:
    """Say cheaply whether a text can hold a numeral at all."""
    if _SIGN.search(text) or (not text.isascii() and _other_script(text)):
        return True
    words = set(_WORD.findall(text.lower()))
    if not words.isdisjoint(_TELLING):
        return True
    return any(word.endswith(("day", "days")) or word[:-1] in _TELLING for word in words)


def _other_script(text: str) -> bool:
    """Find number characters that no digit class covers, such as a superscript or a half."""
    return any(unicodedata.numeric(char, None) is not None for char in _NOT_ASCII.findall(text))
