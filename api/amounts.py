"""Figures as people read them: short money, percent, hours; each with its unit."""

from __future__ import annotations

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CAD": "C$", "AUD": "A$"}
_STEPS = ((1e9, "B"), (1e6, "M"), (1e3, "k"))
_GAP = "\u00a0"
MINUS = "−"
DASH = "–"


def money(amount: float | None, currency: str) -> str:
    """Write an amount short: `$593k`, `€1.2M`, `CHF 40`; an en dash where none is known."""
    if amount is None or amount != amount:
        return DASH
    size, sign = abs(amount), MINUS if amount < 0 else ""
    unit = _SIGNS.get(currency, f"{currency} " if currency else "")
    for least, letter in _STEPS:
        # 999,600 is a million when rounded to thousands, not "1000k".
        if size >= least * 0.9995:
            scaled = size / least
            places = 1 if letter != "k" and scaled < 99.95 else 0
            return f"{sign}{unit}{scaled:,.{places}f}{letter}"
    return f"{sign}{unit}{size:,.0f}"


def percent(share: float, places: int = 0) -> str:
    """Write a share as percent, `14.2 %`, with a true minus and a space that does not break."""
    return f"{share * 100:.{places}f}{_GAP}%".replace("-", MINUS)


def signed_percent(share: float) -> str:
    """Write a deviation with its sign: `+9 %`, `−26 %`; `0 %` where it rounds to nothing."""
    whole = round(share * 100)
    return f"{whole:+d}{_GAP}%".replace("-", MINUS) if whole else f"0{_GAP}%"


def signed(value: float, places: int = 0) -> str:
    """Write a difference with its sign and a true minus; `0` where it rounds to nothing."""
    text = f"{value:+,.{places}f}".replace("-", MINUS)
    return text if any(digit in text for digit in "123456789") else "0"


def signed_money(amount: float, currency: str) -> str:
    """Write a difference of money with its sign: `+$40k`; a bare zero where it is none."""
    if abs(amount) < 0.5:
        return money(0.0, currency)
    return ("+" if amount > 0 else "") + money(amount, currency)


def count(number: int, one: str, many: str = "") -> str:
    """Write a number of things: `1 account`, `1,204 accounts`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
