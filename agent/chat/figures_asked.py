"""Which figure a plain question asks for, by the words of the field; or that nobody holds it.

A figure is taken only where its own words are there and no word that turns it into another
one: "how much did they return" is no spend. Texts are read as shapes, lower case, in which
names have become `ACCOUNT`, `PERSON` and the like.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from agent.chat.figure_words import (
    A_PERIOD_BACK,
    ANOTHER_PERIOD,
    AS_IT_IS,
    BEYOND,
    ELSEWHERE,
    LINE_SPEND,
    NOT_OF_A_DEAL,
    NOT_OWNED,
    NOT_STAFF,
    OTHER_FIGURE,
    POLITE,
    QUANTITY,
    SETTLES,
    TOLD,
    YEAR,
    YEARLY,
    Notion,
    any_of,
    notions,
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

CLOSING = r"\b(?:when|date|day|by when|exp(?:ected)? clos\w*|planned clos\w*)\b"
SETTLED = re.compile(
    r"\b(?:lose|(?<!nor )(?<!or )(?<!and )lost|won(?! (?:nor|or|and)\b)|closed|closing)\b"
)
HOW_MUCH = any_of("how much|how (?:big|large)|size|amounts?|value|figure|total")
OF_STAFF = frozenset(
    """
    about all altogether at count currently do does for got has have how in it many now of people
    persons folks heads hands roughly souls team the their there they today total work works with
    """.split()
)
"""Words of which a question of a company's people is made, and of nothing narrower."""
WORK_THERE = any_of("works?|working|employed|on the|there|over there|colleagues|team|staff")


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
    if TOLD.search(clause):
        return Asked()
    if BEYOND.search(clause):
        return Asked(beyond=True)
    if ELSEWHERE.search(clause):
        return Asked()
    if LINE_SPEND.search(clause):
        return Asked(beyond=True)
    figures = tuple(dict.fromkeys(_figures(clause, deal=deal)))
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
    """Return what the notions of a text add up to, the most telling ones first."""
    # "The last 12 months" is no "last": what tells of the period is set aside.
    rest = YEAR.sub(" ", AS_IT_IS.sub(" ", text))
    said = notions(rest)
    year = bool(YEAR.search(text)) or bool(YEARLY.search(text) and "us" in notions(text))
    rest = YEARLY.sub(" ", rest) if year else rest
    if "REP" not in text and "PERSON" in text:
        return ["last_contact"] if _touched(said) else []
    for found in (_owned(rest, said), _staff(rest, said), _of_deals(text, said, deal=deal)):
        if found:
            return found
    if said & {"deals", "pipeline"} or deal or "LINE" in text or "SEGMENT" in text:
        return []
    if "deal" in said and not year:
        return []
    return _of_trade(rest, said, year=year)


def _touched(said: frozenset[Notion]) -> bool:
    return (
        "last" in said
        and bool(said & {"touch", "when"})
        and not said & {"first", "who"}
        and not said & {"order", "buy", "deal"}
    )


def _staff(text: str, said: frozenset[Notion]) -> list[Figure]:
    if NOT_STAFF.search(text):
        return []
    words = [word for word in text.split() if not word.isupper()]
    whole = "how many" in text and {*words} <= OF_STAFF and said & {"people", "work"}
    employed = "staff" in said and said & {"count", "size", "much"}
    people = "people" in said and "count" in said and WORK_THERE.search(text)
    bare = "staff" in said and len(words) <= 3
    return ["employees"] if whole or employed or people or bare else []


def _owned(text: str, said: frozenset[Notion]) -> list[Figure]:
    whose = "mine" in said and ("accounts" in said or "patch" in said)
    other = said & {"order", "buy", "spend", "deals", "deal", "staff", "last", "close"}
    counted = said & {"count", "size"}
    return ["accounts_owned"] if whose and counted and not other and not _limited(text) else []


def _limited(text: str) -> bool:
    """Say whether only some of a rep's accounts are asked about."""
    return bool(NOT_OWNED.search(text) or ANOTHER_PERIOD.search(text))


def _of_deals(text: str, said: frozenset[Notion], *, deal: bool) -> list[Figure]:
    counted = "count" in said and "much_money" not in said
    money = said & {"money", "much", "size"}
    many = (
        "deals" in said
        or "pipeline" in said
        or ("open" in said and not said & {"deal", "order", "spend", "touch"})
    )
    if many and not deal:
        later = ANOTHER_PERIOD.search(YEAR.sub(" ", text))
        if OTHER_FIGURE.search(text) or later or SETTLED.search(text):
            return []
        if "deals" in said and counted:
            return ["open_opportunities"]
        return ["open_pipeline"] if money or "pipeline" in said or "all" in said else []
    if not (deal or "deal" in said) or NOT_OF_A_DEAL.search(text) or counted or "who" in said:
        return []
    found: list[Figure] = []
    if HOW_MUCH.search(text) or said & {"money", "much_money"}:
        found.append("amount")
    # The one day that a deal has ahead of it is its close, whatever the word for that.
    day = "when" in said and not said & {"touch", "size"} and not found
    if day or ("close" in said and re.search(CLOSING, text)):
        found.append("closes")
    return found


def _of_trade(text: str, said: frozenset[Notion], *, year: bool) -> list[Figure]:
    if "PERSON" in text or A_PERIOD_BACK.search(text):
        return []
    ordered = said & {"order", "buy"}
    if ordered and "last" in said and not said & {"count", "money", "first", "who"}:
        short = len([word for word in text.split() if word.islower()]) <= 6
        what = re.search(r"\bwhat (?:did|do|have|has)\b", text)
        return ["last_order_date"] if "when" in said or (short and not what) else []
    if not ordered and "touch" in said and _touched(said):
        return ["last_touch_date"]
    if OTHER_FIGURE.search(text) or ANOTHER_PERIOD.search(text):
        return []
    products = re.search(r"\b(?:products?|lines?|items?|units?|pieces?)\b", text)
    if products or "last" in said or "staff" in said:
        return []
    if ordered and "count" in said and "much_money" not in said:
        return ["orders_12m"]
    if "count" in said and "how many" in text and "much_money" not in said:
        return []
    much = bool(HOW_MUCH.search(text)) or bool(said & {"money", "much"})
    if "spend" in said and (year or much):
        return ["net_spend_12m"]
    traded = said & {"turnover", "buy", "trade"} or (ordered and "money" in said)
    with_us = much and "us" in said and "turnover" in said
    bought = ordered and re.search(r"\bhow much\b", text)
    handed = year and "us" in said and "how much" in text
    if handed or (traded and (year or with_us or bought)):
        return ["net_spend_12m"]
    return ["net_spend_12m"] if "order" in said and year and much else []
