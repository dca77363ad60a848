"""Read amounts and numbers as people and programs write them, refusing what is ambiguous."""

from __future__ import annotations

import math
import re

_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPED_COMMA = re.compile(r"[+-]?\d{1,3}(?:[.\u00a0\u202f ]\d{3})+(?:,\d+)?")
_PLAIN_COMMA = re.compile(r"[+-]?\d+(?:,\d+)?")
_CODE = re.compile(r"(?:\b([A-Za-z]{3})\b|(US\$|C\$|A\$|[$€£¥₹]))")
_SYMBOLS: dict[str, frozenset[str]] = {
    "$": frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"}),
    "US$": frozenset({"USD"}),
    "C$": frozenset({"CAD"}),
    "A$": frozenset({"AUD"}),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₹": frozenset({"INR"}),
}
LARGEST = 1e15


class CellError(ValueError):
    """A cell that does not hold what its column asks for; the text says what it should."""


class ForeignCurrencyError(CellError):
    """An amount marked with another currency than the book's."""


def read_amount(text: str, currency: str, decimal: str = ".") -> float:
    """Read money: plain, grouped by thousands, in parentheses, or with the book's currency.

    Raises CellError for anything ambiguous, ForeignCurrencyError for another currency.
    """
    bare = text.strip()
    if _PLAIN.fullmatch(bare) and decimal == ".":
        return _finite(bare)
    marks = _CODE.findall(bare)
    if marks and any(map(str.isdigit, bare)):  # without a digit it is a word, not an amount
        for code, symbol in marks:
            _check_currency(code.upper() or symbol, currency)
        bare = _CODE.sub("", bare).strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1].strip()
    if bare.startswith(("-", "+")):
        bare = bare[0] + bare[1:].strip()
    return read_number(bare, decimal)


def read_number(text: str, decimal: str = ".") -> float:
    """Read a finite number; thousands may be grouped. Raises CellError."""
    bare = text.strip()
    if decimal == ",":
        if _PLAIN_COMMA.fullmatch(bare) or _GROUPED_COMMA.fullmatch(bare):
            return _finite(re.sub(r"[.\u00a0\u202f ]", "", bare).replace(",", "."))
        raise CellError("is not a number; with a decimal comma it is written like 1.200,50")
    if _PLAIN.fullmatch(bare):
        return _finite(bare)
    if _GROUPED.fullmatch(bare):
        return _finite(bare.replace(",", ""))
    if _PLAIN_COMMA.fullmatch(bare) or _GROUPED_COMMA.fullmatch(bare):
        raise CellError(
            "is ambiguous; write 1200.50 or 1,200.50, or set numbers.decimal in the mapping"
        )
    raise CellError("is not a number; write it like 1200.50")


def read_integer(text: str, decimal: str = ".") -> int:
    """Read a whole number; `12.0` is one, `12.5` is not. Raises CellError."""
    number = read_number(text, decimal)
    if not number.is_integer():
        raise CellError("is not a whole number")
    return int(number)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise CellError("is larger than any amount can be; correct it")
    return number + 0.0  # -0.0 becomes 0.0, so that both spell the same book


def _check_currency(mark: str, currency: str) -> None:
    if currency not in _SYMBOLS.get(mark, frozenset({mark})):
        raise ForeignCurrencyError(f"is not in {currency}; a book has one currency")
