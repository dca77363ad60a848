"""Which figure a plain question asks for, by the words of the field; or that nobody holds it.

A figure is taken only where its own words are there and no word that turns it into another
one: "how much did they return" is no spend. Texts are read as shapes, lower case, in which
names have become `ACCOUNT`, `PERSON` and the like.
"""

# A pattern on one line is easier to read than one that is broken up.
# ruff: noqa: E501

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from agent.chat.figure_words import (
    ACCOUNTS,
    ANOTHER_PERIOD,
    BEYOND,
    CLOSES,
    COUNTED,
    DEALS,
    ELSEWHERE,
    HOW_MANY,
    HOW_MUCH,
    LAST,
    LINE_SPEND,
    MANY_DEALS,
    NOT_OF_A_DEAL,
    NOT_STAFF,
    ORDERS,
    OTHER_FIGURE,
    OWN,
    OWNED_WORDS,
    PIPELINE,
    POLITE,
    QUANTITY,
    SETTLES,
    SPEND_NOUN,
    SPEND_SHARED,
    STAFF,
    THE_TURNOVER,
    TO_TODAY,
    TOUCH,
    WHEN,
    WITH_US,
    WORK_THERE,
    YEAR,
    any_of,
)

Figure = Literal[
    "net_spend_12m", "orders_12m", "last_order_date", "last_touch_date", "employees",
    "open_pipeline", "open_opportunities", "amount", "closes", "last_contact", "accounts_owned",
]  # fmt: skip
Of = Literal["account", "deal", "contact", "rep"]
OF: dict[Figure, Of] = {
    "net_spend_12m": "account", "orders_12m": "account", "last_order_date": "account",
    "last_touch_date": "account", "employees": "account", "open_pipeline": "account",
    "open_opportunities": "account", "amount": "deal", "closes": "deal",
    "last_contact": "contact", "accounts_owned": "rep",
}  # fmt: skip
"""Every figure that a plain question may ask for, and what it is of."""


class Asked(NamedTuple):
    """What a text asks for: figures of one kind of thing, `beyond` where no source holds it."""

    figures: tuple[Figure, ...] = ()
    beyond: bool = False


def asked_for(whole: str, clause: str, *, deal: bool = False) -> Asked:
    """Return the figures that a text asks for.

    Parameters
    ----------
    whole
        The shape of the whole text.
    clause
        The shape of the part that asks.
    deal
        Whether the words name an open deal, by what it is called.
    """
    clause = POLITE.sub(" ", clause)
    if ELSEWHERE.search(clause):
        return Asked()
    if BEYOND.search(clause):
        return Asked(beyond=True)
    if LINE_SPEND.search(clause):
        return Asked(beyond=True)
    figures = tuple(dict.fromkeys(_figures(clause, deal=deal)))
    if figures and OF[figures[0]] == "account" and any_of("LINE|SEGMENT").search(whole):
        return Asked()
    if figures and BEYOND.search(whole):
        return Asked(beyond=True)
    return Asked(figures)


def settles(text: str) -> bool:
    """Say whether a text asks for reasons, a comparison or a draft, whatever else it asks."""
    return bool(SETTLES.search(text))


def is_quantity(text: str) -> bool:
    """Say whether a text asks for a number or a date."""
    return bool(QUANTITY.search(text)) or "%" in text


def _figures(text: str, *, deal: bool) -> list[Figure]:
    if "REP" not in text and "PERSON" in text:
        return ["last_contact"] if _touched(text) else []
    for found in (_staff(text), _owned(text), _of_deals(text, deal=deal)):
        if found:
            return found
    if DEALS.search(text) or PIPELINE.search(text) or "LINE" in text or "SEGMENT" in text:
        return []
    return _of_trade(text)


def _touched(text: str) -> bool:
    since = re.search(r"\bhow long (?:\w+ ){0,4}since\b", text)
    when = (
        since or WHEN.search(text) or re.search(r"\blast (?:\w+ )?contact\b|\blast contact\b", text)
    )
    return bool(
        when and TOUCH.search(text)
        and (since or LAST.search(text) or re.search(r"\bhow (?:long ago|recently)\b", text))
        and not re.search(r"\b(?:next|first|will|should|would|could|before|orders?|ordered|bought|buy|deal)\b", text)
    )  # fmt: skip


def _bare(text: str, words: str) -> bool:
    """Say whether a text is nothing but a name and some of these words."""
    said = [word for word in text.split() if not word.isupper()]
    return bool(said) and {*said} <= {
        *words.split(),
        "pls",
        "please",
        "and",
        "the",
        "s",
        "of",
        "at",
        "for",
    }


def _staff(text: str) -> list[Figure]:
    counted = HOW_MANY.search(text) or re.search(
        r"\bhow (?:big|large)\b|\bsize\b|\bhead ?count\b|\bstrong\b", text
    )
    asks = STAFF.search(text) or WORK_THERE.search(text)
    noun = bool(
        re.search(r"\bhead ?count\b|\b(?:employee|staff) (?:number|count|figure)s?\b", text)
    ) or _bare(text, "employees staff workforce headcount fte ftes")
    return ["employees"] if asks and (counted or noun) and not NOT_STAFF.search(text) else []


def _owned(text: str) -> list[Figure]:
    counts = re.search(
        r"\bhow many\b|\bnumber of\b|\bcount\b|\bsize of\b|\bhow (?:big|large) is\b", text
    )
    whose = OWN.search(text)
    what = ACCOUNTS.search(text) or re.search(
        r"\b(?:my|his|her|REP(?: s)?) (?:book|patch|portfolio)\b", text
    )
    known = set(text.split()) <= OWNED_WORDS
    return ["accounts_owned"] if counts and whose and what and known else []


def _of_deals(text: str, *, deal: bool) -> list[Figure]:
    about = deal or DEALS.search(text)
    if PIPELINE.search(text) or (MANY_DEALS.search(text) and HOW_MUCH.search(text)):
        other = (
            OTHER_FIGURE.search(text)
            or ANOTHER_PERIOD.search(text)
            or re.search(r"\b(?:weighted|won|how many)\b", text)
        )
        return [] if other or deal else ["open_pipeline"]
    if MANY_DEALS.search(text) and HOW_MANY.search(text):
        other = (
            OTHER_FIGURE.search(text)
            or ANOTHER_PERIOD.search(text)
            or re.search(r"\b(?:won|closed|closing|close)\b", text)
        )
        return [] if other or deal else ["open_opportunities"]
    if not about or NOT_OF_A_DEAL.search(text):
        return []
    found: list[Figure] = []
    closes = CLOSES.search(text) and (
        WHEN.search(text)
        or re.search(r"\bclos(?:e|ing) date\b|\bexp(?:ected)? clos(?:e|ing)\b", text)
    )
    if HOW_MUCH.search(text):
        found.append("amount")
    if closes:
        found.append("closes")
    return found


def _of_trade(text: str) -> list[Figure]:
    if "PERSON" in text or DEALS.search(text):
        return []
    ordered = ORDERS.search(text)
    if ordered and _bare(text, "last latest most recent order purchase date"):
        return ["last_order_date"] if LAST.search(text) else []
    if (
        ordered
        and LAST.search(text)
        and WHEN.search(text)
        and not HOW_MANY.search(YEAR.sub("", text).replace("last time", ""))
    ):
        other = re.search(
            r"\b(?:next|first|before|previous|prior|will|would|should|cancel\w*|return\w*|deliver\w*|deal|quote|not|never|how much|worth|value|amount)\b",
            text,
        )
        return [] if other else ["last_order_date"]
    if not ordered and _touched(text):
        return ["last_touch_date"]
    over = TO_TODAY.sub(" ", text)
    year = YEAR.search(over)
    rest = YEAR.sub(" ", over)
    if ANOTHER_PERIOD.search(rest) or OTHER_FIGURE.search(rest):
        return []
    if (
        ordered
        and HOW_MANY.search(rest)
        and not any_of(r"last|open|products?|lines?|items?|units?|pieces?").search(rest)
    ):
        return ["orders_12m"]
    if COUNTED.search(rest):
        return []
    if SPEND_NOUN.search(rest) and (
        year or HOW_MUCH.search(rest) or re.search(r"\bwhat\b|\bnet spend\b", rest)
    ):
        return ["net_spend_12m"]
    if SPEND_SHARED.search(rest):
        much = HOW_MUCH.search(rest)
        if (
            year
            or ((much or THE_TURNOVER.search(rest)) and WITH_US.search(rest))
            or re.search(r"\bhow much\b", rest)
        ):
            return ["net_spend_12m"]
    return []
