"""The next steps in one unit of a strategic customer: who of ours, with whom, by when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain.plan import PlayKind
from domain.territory_plan import FocusKind, UnitStep
from tools.cycle.health_actions import visit_hours
from tools.cycle.people import contact_for
from tools.cycle.plan_cells import hours_text
from tools.cycle.plan_ground import PlanGround
from tools.schedule import play_hours

MOST = 3
APART = 5  # working days from one step of a unit to the next
BEFORE_ORDER = timedelta(days=3)

_FIRST: dict[FocusKind, PlayKind] = {
    "new_logo": "call",
    "displacement": "meeting",
    "retention": "call",
    "whitespace": "demo",
    "expansion": "meeting",
}


@dataclass(frozen=True)
class Helpers:
    """People of supporting functions who may take a step; empty where the team has none."""

    engineers: tuple[str, ...]
    successes: tuple[str, ...]
    inside: tuple[str, ...]


def unit_steps(
    ground: PlanGround,
    unit: str,
    kind: FocusKind,
    missing_roles: tuple[str, ...],
    place: int,
    helpers: Helpers,
) -> tuple[UnitStep, ...]:
    """Propose two or three steps for a unit.

    First what its kind asks for: a call to a new logo or about an order, a demo where the
    range has gaps, a meeting elsewhere. Then, where roles are missing, an introduction by
    e-mail, or a search for the buyer where nobody is on file. Then a business review with
    a unit that buys, or a visit to one that does not, a meeting where travel passes its
    budget; with a second contact where there is one. `place` spreads the units of one
    person over the days; each step is a week after the one before.
    """
    contact = contact_for(ground.cells.rows, unit)
    owner = _present(ground, ground.owner(unit))
    steps = []
    for number, (what, person, whom) in enumerate(
        _ideas(ground, unit, kind, missing_roles, contact, owner, helpers)
    ):
        if number == MOST:
            break
        last = _before_order(ground, unit) if kind == "retention" and number == 0 else None
        day = ground.day_of(person, place + APART * number, last=last)
        assert day is not None  # only people with a day left are asked
        hours = (
            visit_hours(ground, person, unit)[1]
            if what == "visit"
            else play_hours(what, ground.side.coverage, Decimal(0))
        )
        if whom is not None:
            entity = f"account:{unit}/contact:{whom}"
            ground.cells.record("contacts", whom, "name", "name", entity)
        steps.append(
            UnitStep(
                kind=what,
                rep_id=person,
                contact_id=whom,
                by=day,
                hours=hours_text(hours),
            )
        )
    return tuple(steps)


def _ideas(
    ground: PlanGround,
    unit: str,
    kind: FocusKind,
    missing_roles: tuple[str, ...],
    contact: str | None,
    owner: str,
    helpers: Helpers,
) -> Iterator[tuple[PlayKind, str, str | None]]:
    first = _FIRST[kind]
    engineer = helpers.engineers[0] if helpers.engineers and first == "demo" else owner
    if contact is not None:
        yield first, engineer, contact
    if missing_roles and contact is not None:
        yield "email", owner, contact
    if contact is None:
        yield "call", helpers.inside[0] if helpers.inside else owner, None
    other = contact_for(ground.cells.rows, unit, besides=contact) or contact
    if (ground.value(unit, "net_spend_12m") or 0) > 0:
        yield "meeting", helpers.successes[0] if helpers.successes else owner, other
    else:
        near, _ = visit_hours(ground, owner, unit)
        yield "visit" if near else "meeting", owner, other
    if contact is None:
        yield "internal", owner, None


def _before_order(ground: PlanGround, unit: str) -> date | None:
    due = ground.value(unit, "next_order_due")
    if due is None:
        return None
    day: date = due.date() - BEFORE_ORDER
    return day


def _present(ground: PlanGround, rep_id: str) -> str:
    """The rep, or whoever of the team has hours left where the rep has not."""
    if ground.day_of(rep_id, 0) is not None:
        return rep_id
    return next(rep for rep in ground.reps if ground.hours_left[rep] > 0)
