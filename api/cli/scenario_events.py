"""What happened, from the words of the command line to an event of the routes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from api.cli.refusal import Refused

USAGE = 2

_NUMBERS = {
    "latitude", "longitude", "ramp", "selling_hours_week", "growth", "potential", "hours",
}  # fmt: skip
_LISTS = {"segments", "industries", "languages"}
_PARTICULARS: dict[str, tuple[str, ...]] = {
    "leaves": (),
    "joins": (
        "name", "base_city", "latitude", "longitude", "time_zone", "ramp", "selling_hours_week",
        "team", "segments", "industries", "languages",
    ),
    "acquired": (),
    "product": ("growth", "segments", "industries"),
    "changed": ("potential", "hours"),
    "wants": (),
}  # fmt: skip
_EXAMPLES = {
    "leaves": "leaves R-292 --on 2027-01-04",
    "joins": "joins R-300 --with name='Ada Holm' --with base_city=Lyon --with latitude=45.76 "
    "--with longitude=4.84 --with time_zone=Europe/Paris --with ramp=0.5",
    "acquired": "acquired A-10 A-11 A-12 --on 2027-01-04",
    "product": "product 'Cargo bikes' --with growth=0.1",
    "changed": "changed A-10 -m 'Lost its lease' --with potential=20000",
    "wants": "wants R-292 A-10",
}
_Words = Sequence[str]


def event_of(
    kind: str, what: _Words, *, on: str, particulars: Sequence[str], why: str
) -> dict[str, Any]:
    """Return an event as the routes take it.

    Raises
    ------
    Refused
        With exit code 2, when the words do not make an event; an example comes along.
    """
    if kind not in _PARTICULARS:
        raise _wrong(
            f"{kind!r} is no event; there are {', '.join(_PARTICULARS)}.", _EXAMPLES["leaves"]
        )
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "leaves": lambda: {"kind": "rep_leaves", "rep_id": _one(kind, what), "on": on},
        "joins": lambda: {"kind": "rep_joins", "rep_id": _one(kind, what), "on": on},
        "acquired": lambda: _acquired(what, on),
        "product": lambda: {"kind": "new_product", "product": _one(kind, what)},
        "changed": lambda: {
            "kind": "account_changed", "account_id": _one(kind, what), "why": _why(kind, why),
        },
        "wants": lambda: _wants(what),
    }  # fmt: skip
    return {**makers[kind](), **_particulars(kind, particulars)}


def _acquired(what: _Words, on: str) -> dict[str, Any]:
    if len(what) < 2:
        raise _wrong("Name the parent and the accounts it acquires.", _EXAMPLES["acquired"])
    return {
        "kind": "acquisition", "parent_id": what[0], "account_ids": list(what[1:]), "on": on,
    }  # fmt: skip


def _wants(what: _Words) -> dict[str, Any]:
    if len(what) != 2:
        raise _wrong("Name the rep and the account they would like.", _EXAMPLES["wants"])
    return {"kind": "wants_account", "rep_id": what[0], "account_id": what[1]}


def _one(kind: str, what: _Words) -> str:
    if len(what) != 1:
        raise _wrong(f"`{kind}` is about one thing; {len(what)} were named.", _EXAMPLES[kind])
    return what[0]


def _why(kind: str, why: str) -> str:
    if not why.strip():
        raise _wrong("Say what changed (-m TEXT).", _EXAMPLES[kind])
    return why.strip()


def _particulars(kind: str, given: Sequence[str]) -> dict[str, Any]:
    known = _PARTICULARS[kind]
    found: dict[str, Any] = {}
    for item in given:
        key, equals, text = item.partition("=")
        if not equals or key not in known:
            told = f"it takes {', '.join(known)}" if known else "it takes none"
            raise _wrong(f"--with {item!r} does not belong to `{kind}`: {told}.", _EXAMPLES[kind])
        found[key] = _value(kind, key, text.strip())
    return found


def _value(kind: str, key: str, text: str) -> Any:
    if key in _LISTS:
        return [part.strip() for part in text.split(";") if part.strip()]
    if key not in _NUMBERS:
        return text
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _wrong(f"--with {key}={text!r} is no number.", _EXAMPLES[kind])
    return number


def _wrong(message: str, example: str) -> Refused:
    return Refused(
        "wrong_usage",
        message,
        hint=f"For example: cadastre scenario event S-1 {example}",
        exit_code=USAGE,
    )
