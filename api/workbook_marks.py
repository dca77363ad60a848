"""How a scenario's workbook is marked, for who writes it and who reads it back."""

from __future__ import annotations

from domain.assignment import ScenarioRep, ScenarioVersion

SHEETS = READ_ME, MOVES, ACCOUNTS, TERRITORIES, METHOD = (
    "Read me", "Moves", "Accounts", "Territories", "Method",
)  # fmt: skip
ACCOUNT = "Account id"
OPEN = DECISION, TERRITORY, COMMENT = "Decision", "New territory", "Comment"
HIDDEN = ID, BASE, BOOK = "_id", "_base", "_book"
CHOICES = ("accept", "keep")

_LONGEST = 32_000
_JOINERS = "\u200c\u200d"  # part of the spelling of names in some scripts


def row_id(scenario_id: str, account_id: str) -> str:
    """Return what `_id` holds for an account of a scenario."""
    return shown(f"{scenario_id}/{account_id}")


def base_of(version: ScenarioVersion) -> str:
    """Return what `_base` holds for a version: its number and the head of its hash."""
    return f"{version.version}:{version.content.scenario_hash[:16]}"


def rep_label(rep: ScenarioRep) -> str:
    """Return how the drop-down names a rep."""
    return shown(f"{rep.rep_id} {rep.name}")


def shown(text: str) -> str:
    """Return text as a cell holds it: without characters that steer rather than show."""
    plain = text.replace("\u00a0", " ")
    if plain.isprintable():
        return plain[:_LONGEST]
    kept = (c for c in plain if c.isprintable() or c == "\n" or c in _JOINERS)
    return "".join(kept)[:_LONGEST]
