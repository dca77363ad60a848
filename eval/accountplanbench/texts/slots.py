"""The words that fill a template's slots, worked out from `Facts`: no word comes from elsewhere."""

from __future__ import annotations

import re
from dataclasses import asdict

from eval.accountplanbench.texts.writing import Facts

_DAY = re.compile(r"(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]{2,8}) (?P<year>\d{4})")
_AMOUNT = re.compile(r"(?P<number>\d{1,3}(?:,\d{3})*|\d+)(?: (?P<currency>\w[\w ]*))?")


def slots(facts: Facts) -> dict[str, str]:
    """Return every slot by name: the fields of `facts`, and forms that people use of them.

    `first` and `last` are of the contact, `rep_first` of the rep. `line_low` is the line as
    one writes it in the middle of a sentence. `amount_short` is "48k", `amount_sign`
    "$48,000", `day_short` "10 Apr", `day_us` "April 10", `day_the` "the 10th of April",
    `earlier_year` "2021". Of a kind of step as `target`, `a_target` is "an email" and
    `targets` "emails"; `s` is the plural of `quantity`. A date or an amount of another form
    than `Facts` describes stays as it is in all of them. What is empty stays empty.
    """
    found = {name: str(value) for name, value in asdict(facts).items()}
    found |= {
        "first": _first(facts.contact),
        "last": "".join(facts.contact.split()[-1:]),
        "rep_first": _first(facts.rep),
        "target_first": _first(facts.target),
        "a_target": _with_article(_step(facts.target)),
        "targets": _step(facts.target) + "s" if facts.target else "",
        "line_low": _low(facts.line),
        "other_line_low": _low(facts.other_line),
        "s": "" if facts.quantity == 1 else "s",
    }
    for name in ("amount", "other_amount"):
        found[f"{name}_short"] = _short(found[name])
        found[f"{name}_sign"] = _sign(found[name])
    for name in ("day", "other_day", "earlier_day"):
        found |= {f"{name}_{form}": words for form, words in _day_forms(found[name]).items()}
    found["earlier_year"] = found.pop("earlier_day_year")
    return found


def _first(name: str) -> str:
    return name.split()[0] if name else ""


def _step(kind: str) -> str:
    """Say a kind of step as a noun: what is internal is an internal step."""
    return "internal step" if kind == "internal" else kind


def _with_article(words: str) -> str:
    return f"{'an' if words[:1].lower() in 'aeiou' else 'a'} {words}" if words else ""


def _low(words: str) -> str:
    """Lower the words that are not abbreviations."""
    return " ".join(word if word.isupper() else word.lower() for word in words.split())


def _short(amount: str) -> str:
    match = _AMOUNT.fullmatch(amount)
    if match is None:
        return amount
    number = match["number"]
    return number.removesuffix(",000") + "k" if number.endswith(",000") else number


def _sign(amount: str) -> str:
    match = _AMOUNT.fullmatch(amount)
    signs = {"dollars": "$", "US dollars": "$", "euros": "€", "pounds": "£"}
    if match is None or match["currency"] not in signs:
        return amount
    return signs[match["currency"]] + match["number"]


def _day_forms(day: str) -> dict[str, str]:
    match = _DAY.fullmatch(day)
    if match is None:
        return dict.fromkeys(("short", "us", "the", "year"), day)
    number, month, year = match["day"], match["month"], match["year"]
    return {
        "short": f"{number} {month[:3]}",
        "us": f"{month} {number}",
        "the": f"the {number}{_ordinal(int(number))} of {month}",
        "year": year,
    }


def _ordinal(number: int) -> str:
    if number in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
