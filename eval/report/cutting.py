"""Shortening what is too long to read, never without saying so."""

from __future__ import annotations


def cut(text: str, most: int) -> str:
    """Return a text of at most about `most` characters, saying how many are left out.

    White space is collapsed. A text that would gain nothing by it stays whole.
    """
    flat = " ".join(text.split())
    left_out = len(flat) - most
    return flat if left_out <= 40 else f"{flat[:most].rstrip()} … ({left_out:,} characters more)"
