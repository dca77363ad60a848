"""What a reader of a calendar has to know beside its rows, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from domain.quarter import Quarter
from domain.record import decimal_string
from tools.cycle.calendar_demand import Asked, Promise
from tools.cycle.calendar_ground import Ground
from tools.cycle.calendar_trips import Refusal
from tools.cycle.placing import Board
from tools.schedule import ZERO


def notes(
    quarter: Quarter,
    here: Ground,
    board: Board,
    wanted: Mapping[str, Asked],
    refused: Mapping[tuple[str, Refusal], int],
    promised: Sequence[Promise],
) -> tuple[str, ...]:
    """Say what was assumed, moved or replaced; nothing where nothing was."""
    return (
        *_span(quarter, here),
        *_over_promised(board),
        *_moved(promised),
        *_promised_apart(here, promised),
        *_replaced(here, refused),
        *_zones(here, wanted),
        *_free_elsewhere(board),
    )


def _span(quarter: Quarter, here: Ground) -> Iterator[str]:
    span = here.left.span
    if span.end < quarter.period.end:
        yield (
            f"The rep's last day is {span.end.isoformat()}: touches after it are not planned here."
        )


def _over_promised(board: Board) -> Iterator[str]:
    for week, free in board.free.items():
        if free < 0:
            selling = board.left.selling[week]
            yield (
                f"Promised plays take {_hours(selling - free)} in the week of {week.isoformat()}, "
                f"which has {_hours(selling)}: {_hours(-free)} too many. They stand."
            )


def _moved(promised: Sequence[Promise]) -> Iterator[str]:
    for item in promised:
        if item.day != item.promised:
            yield (
                f"A {item.kind} at {item.account_id} was promised for "
                f"{item.promised.isoformat()}, a day off; it stands on {item.day.isoformat()}."
            )


def _promised_apart(here: Ground, promised: Sequence[Promise]) -> Iterator[str]:
    for item in promised:
        if item.kind not in {"call", "meeting", "demo"}:
            continue
        if not any(item.day in days for days in here.call_days(item.account_id).values()):
            yield (
                f"The {item.kind} promised to {item.account_id} on {item.day.isoformat()} is on "
                "a day with too few shared working hours."
            )


def _replaced(here: Ground, refused: Mapping[tuple[str, Refusal], int]) -> Iterator[str]:
    unknown = [number for (_, reason), number in refused.items() if reason == "no place known"]
    costly = [number for (_, reason), number in refused.items() if reason == "travel budget"]
    if unknown:
        where = (
            "the coordinates of the rep's base are blank"
            if here.base is None
            else "the coordinates of the account are blank"
        )
        yield f"{_visits(unknown)}, where hours allow: {where}."
    if costly:
        yield f"{_visits(costly)}, where hours allow: travel takes more than its budget."


def _visits(numbers: Sequence[int]) -> str:
    total = sum(numbers)
    whose = f"{len(numbers)} account{'' if len(numbers) == 1 else 's'}"
    return (
        f"A visit to {whose} is a call instead"
        if total == 1
        else f"{total} visits to {whose} are calls instead"
    )


def _zones(here: Ground, wanted: Mapping[str, Asked]) -> Iterator[str]:
    if here.zone is None and wanted:
        yield "The rep's time zone is blank: shared working hours were not checked."
        return
    unknown = sum(account not in here.zones for account in wanted)
    if unknown:
        yield (
            f"{unknown} account{' has' if unknown == 1 else 's have'} no time zone on file: shared "
            "working hours were not checked there."
        )


def _free_elsewhere(board: Board) -> Iterator[str]:
    lost = [item.hours for item in board.dropped if item.reason == "no hours"]
    roomy = [hours for hours in board.free.values() if lost and hours >= min(lost)]
    if roomy:
        yield (
            f"{_hours(sum(roomy, ZERO))} stay free in {len(roomy)} week"
            f"{'' if len(roomy) == 1 else 's'}, too far from the touches that found no room."
        )


def _hours(value: Decimal) -> str:
    return f"{decimal_string(value)} h"
