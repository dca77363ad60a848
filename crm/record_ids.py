"""Salesforce writes one id in two lengths: 15 characters, or 18 with a check of their case."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_SHORT, _LONG = 15, 18
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_ALPHANUMERIC = re.compile(r"[0-9A-Za-z]+")


def long_id(short: str) -> str:
    """Return the 18 characters of a 15-character id.

    Each of the three characters added tells, as a number of five bits, which of five
    letters are capitals.
    """
    added = ""
    for start in (0, 5, 10):
        capitals = sum(
            1 << place
            for place, letter in enumerate(short[start : start + 5])
            if "A" <= letter <= "Z"
        )
        added += _LETTERS[capitals]
    return short + added


def record_of(text: str) -> str:
    """Return what is the same for both lengths of an id: its 15 characters.

    Any other text comes back as it is, an 18-character one whose check does not hold
    included: a company's own ids are never cut.
    """
    if len(text) != _LONG or not text.isascii() or _ALPHANUMERIC.fullmatch(text) is None:
        return text
    short = text[:_SHORT]
    return short if long_id(short) == text else text


class Keys:
    """The keys of a table, found by either length of an id."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = {key: key for key in keys}
        self._records = {record_of(key): key for key in self._keys if len(key) in (_SHORT, _LONG)}

    def find(self, text: str) -> str | None:
        """Return the key that names the same record, as the table writes it, or None."""
        found = self._keys.get(text)
        if found is None and len(text) in (_SHORT, _LONG):
            found = self._records.get(record_of(text))
        return found
