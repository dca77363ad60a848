"""Numerals in a text: digits, spelled-out numbers, per cent, k and M, days.

A closed grammar, on purpose: what counts as a numeral must not hang on a system's manner.
Ordinals in words (`first call`), `one` by itself, set phrases such as `24/7`, and codes that
begin with a capital (`A-12`, `B2B`) are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from eval.scorers.reading.days import DAY, MONTHS, Day, month_number, read_day

_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_BELOW_HUNDRED = {word: at for at, word in enumerate(_ONES)} | {
    word: 10 * at for at, word in enumerate(_TENS, start=2)
}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_SUFFIXES = _SCALES | {"k": 1000, "m": 10**6, "mn": 10**6, "bn": 10**9}
_FRACTIONS = {"half": "0.5", "twice": "2", "double": "2", "doubled": "2", "tripled": "3"}
_SPELLED = "|".join(sorted([*_BELOW_HUNDRED, *_SCALES], key=len, reverse=True))
_PERCENT = r"[ ]?%|[ ]per[ ]?cent(?:age[ ]points?)?\b"

_REST = re.compile(
    rf"""
    (?P<none>24/7|\bone-to-one\b|\btwo-way\b|\bdouble-check\w*|\bhalf-(?:day|hearted)\w*
        |\b(?-i:(?!FY\d|Q[1-4]\b|H[12]\b)[A-Z](?![a-z])(?=[\w-]*\d)[\w-]+))
    |(?P<period>\b(?:(?:Q[1-4]|H[12])\b(?:[ -]?\d{{4}}\b)?|FY[ -]?\d{{2,4}}\b))
    |(?P<number>(?P<sign>(?<![\w-])[-+])?(?<!\w)(?:[$€£][ ]?)?
        (?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?![\d,])|\d+(?:[.,]\d+)?)
        (?P<suffix>[ ]?(?:bn|mn|k|million|billion|thousand|hundred|dozen)\b|m\b)?
        (?P<percent>{_PERCENT})?)
    |(?P<spelled>\b(?:{_SPELLED})\b
        (?:(?:[ -]|(?<=hundred)[ ]and[ ]|(?<=thousand)[ ]and[ ])(?:{_SPELLED})\b)*)
        (?P<of_hundred>{_PERCENT})?
    |(?P<fraction>\b(?:{"|".join(_FRACTIONS)})\b)
    |(?P<word>\b(?:{"|".join(_WEEKDAYS)})s?\b)
    |(?P<month>\b(?-i:{"|".join(m.capitalize() for m in MONTHS if m not in ("march", "may"))})\b
        |(?:(?<=\bin[ ])|(?<=\bby[ ])|(?<=\bof[ ])|(?<=\bsince[ ])|(?<=\buntil[ ])|(?<=\bbefore[ ]))
         (?-i:March|May)\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MAY_HOLD = re.compile(
    rf"\d|{_SPELLED}|{'|'.join(_FRACTIONS)}|{'|'.join(MONTHS)}|day|\bFY\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Numeral:
    """One numeral at `start` to `end` of a text.

    `value` is null for days and for words such as `Tuesday`; for per cent it is the number
    before the sign. `step` is what one of its last written digit is worth. `sign` is -1 or 1
    where a minus or plus stands before it, else 0.
    """

    start: int
    end: int
    written: str
    value: Decimal | None = None
    step: Decimal = Decimal(1)
    percent: bool = False
    sign: int = 0
    day: Day | None = None

    def same(self, other: Numeral) -> bool:
        """Say whether two numerals tell the same, however they are written."""
        if self.day is not None and other.day is not None:
            return self.day.agrees(other.day)
        if self.value is not None and other.value is not None:
            return self.percent == other.percent and abs(self.value) == abs(other.value)
        for one, two in ((self, other), (other, self)):
            if one.value is not None and two.day is not None:
                return one.value == two.day.year
        return self.written.casefold() == other.written.casefold()


@lru_cache(maxsize=65536)
def numerals(text: str) -> tuple[Numeral, ...]:
    """Return the numerals of a text in their order; the text is in its plain form."""
    if _MAY_HOLD.search(text) is None:
        return ()
    days = [
        Numeral(*match.span(), match.group(), day=read_day(match)) for match in DAY.finditer(text)
    ]
    bare = text
    for day in days:
        # A letter, so that no sign or digit nearby is read together with what follows.
        bare = bare[: day.start] + "_" * (day.end - day.start) + bare[day.end :]
    rest = [found for match in _REST.finditer(bare) if (found := _read(match)) is not None]
    return tuple(sorted(days + rest, key=lambda numeral: numeral.start))


def _read(match: re.Match[str]) -> Numeral | None:
    start, end = match.span()
    written = match.group()
    if match["none"] is not None or written.lower() == "one":
        return None
    if match["digits"] is not None:
        return _number(match)
    if match["spelled"] is not None:
        value, step = _spelled(match["spelled"])
        return Numeral(start, end, written, value, step, match["of_hundred"] is not None)
    if match["fraction"] is not None:
        return Numeral(start, end, written, Decimal(_FRACTIONS[written.lower()]))
    if match["month"] is not None:
        return Numeral(start, end, written, day=Day(None, month_number(written), None))
    return Numeral(start, end, written)


def _number(match: re.Match[str]) -> Numeral:
    digits = match["digits"]
    if re.fullmatch(r"\d+,\d+", digits) and not re.fullmatch(r"\d{1,3},\d{3}", digits):
        digits = digits.replace(",", ".")
    digits = digits.replace(",", "")
    scale = _SUFFIXES[match["suffix"].strip().lower()] if match["suffix"] else 1
    decimals = len(digits.partition(".")[2])
    sign = {None: 0, "-": -1, "+": 1}[match["sign"]]
    return Numeral(
        *match.span(),
        match.group(),
        Decimal(digits) * scale * (sign or 1),
        Decimal(scale).scaleb(-decimals),
        match["percent"] is not None,
        sign,
    )


def _spelled(text: str) -> tuple[Decimal, Decimal]:
    """Return the value of spelled-out words and what one of their last word is worth."""
    total = current = 0
    step = 1
    for word in re.split(r"[ -]", text.lower()):
        if word == "and":
            continue
        if word in _BELOW_HUNDRED:
            current, step = current + _BELOW_HUNDRED[word], 1
            continue
        scale = _SCALES[word]
        current, step = max(current, 1) * scale, scale
        if scale >= 1000:
            total, current = total + current, 0
    return Decimal(total + current), Decimal(step)
