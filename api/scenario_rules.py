"""Rules that people add to a scenario: whose word they are, and which take another's place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from domain.assignment import Constraint, Forbid, Lock, MostMoves, Prefer, Window
from domain.errors import InvalidInput
from domain.principal import Principal


def with_rules(
    constraints: Sequence[Constraint], added: Sequence[Constraint]
) -> tuple[Constraint, ...]:
    """Return the constraints with new ones, each in the place of one about the same thing."""
    found = {_about(item): item for item in constraints}
    for item in added:
        found.pop(_about(item), None)
        found[_about(item)] = item
    return tuple(found.values())


def own_words(
    principal: Principal, constraints: Sequence[Constraint], until: date
) -> tuple[Constraint, ...]:
    """Return constraints as this person's own; a lock without an end ends with `until`.

    InvalidInput when one names another person: an exception is answered for by who makes it.
    """
    return tuple(_own(principal, item, until) for item in constraints)


def limits(max_moves: str | None, max_value: str | None) -> list[MostMoves]:
    """Read how much may move: "12%" or "30" accounts, "5%" of relationship value.

    InvalidInput for anything else.
    """
    found = []
    if max_moves is not None:
        share, number = _amount(max_moves, "max_moves")
        if share is not None:
            found.append(MostMoves(accounts_share=share))
        elif number is not None and number == int(number):
            found.append(MostMoves(accounts=int(number)))
        else:
            raise _no_limit(max_moves, "max_moves")
    if max_value is not None:
        share, _ = _amount(max_value, "max_value")
        if share is None:
            raise _no_limit(max_value, "max_value")
        found.append(MostMoves(value_share=share))
    return found


def _amount(text: str, field: str) -> tuple[float | None, float | None]:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(%?)\s*", text)
    if match is None:
        raise _no_limit(text, field)
    number = float(match[1])
    if not match[2]:
        return None, number
    if number > 100:
        raise _no_limit(text, field)
    return number / 100, None


def _no_limit(text: str, field: str) -> InvalidInput:
    whole = " or a number of accounts such as 30" if field == "max_moves" else ""
    return InvalidInput(
        f"{field} = {text!r} is no limit.",
        hint=f"Write a share from 0% to 100% such as 12%{whole}.",
    )


def _own(principal: Principal, item: Constraint, until: date) -> Constraint:
    if isinstance(item, MostMoves) or "by" not in type(item).model_fields:
        return item
    by = getattr(item, "by", "")
    if by not in {"", principal.person}:
        raise InvalidInput(
            f"A constraint on account {getattr(item, 'account_id', '')} names {by!r}; an "
            "exception is answered for by the person who makes it.",
            hint="Leave `by` empty, or let that person add it.",
        )
    if not getattr(item, "reason", "").strip():
        raise InvalidInput(
            f"The {item.kind} of account {getattr(item, 'account_id', '')} has no reason.",
            hint="Say in a few words why; it goes into the register of exceptions.",
        )
    update: dict[str, object] = {"by": principal.person}
    if isinstance(item, Lock) and item.until is None:
        update["until"] = until
    return item.model_copy(update=update)


def _about(item: Constraint) -> tuple[object, ...]:
    if isinstance(item, Forbid | Prefer):
        return item.kind, item.account_id, item.rep_id
    if isinstance(item, Window):
        return item.kind, item.measure, item.reps
    if item.kind == "most_moves":
        given = (item.accounts is None, item.accounts_share is None, item.value_share is None)
        return item.kind, *given
    return item.kind, item.account_id
