"""A team's plan for one strategic customer: its tables, and a mini-plan for each unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.cycle import Figure
from domain.evidence import Evidence, Unit
from domain.plan import PlanVersion
from domain.quarter import Quarter
from domain.territory_plan import TerritoryTables, UnitPlan
from tools.cycle.customer_family import team_of, units_below
from tools.cycle.customer_growth import growth
from tools.cycle.focus_kinds import kind_of
from tools.cycle.people import missing_roles, of_function
from tools.cycle.plan_ground import PlanGround, team_ground
from tools.cycle.segments import segments
from tools.cycle.side import Side
from tools.cycle.territory_figures import tables_of
from tools.cycle.unit_steps import Helpers, unit_steps

UNOWNED = "Units without an owner are worked by the first of the team until one is assigned."


@dataclass(frozen=True)
class CustomerPlan:
    """The tables of a team's plan, its units in order of rank, its team, and the evidence.

    `reps` own the units, whoever has most of them first. `units` share the growth wanted
    to the cent.
    """

    tables: TerritoryTables
    units: tuple[UnitPlan, ...]
    reps: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def customer_plan(
    side: Side, customer: str, quarter: Quarter, plans: Sequence[PlanVersion]
) -> CustomerPlan:
    """Work out a team's quarter with the family of accounts under one customer.

    Parameters
    ----------
    side
        The book, its coverage model and the analyses of both.
    customer
        Id of the account at the head; its units lie below it, at any depth.
    quarter
        Its days up to the book's date lie behind.
    plans
        Approved account plans; a unit in the focus that has one comes with it.

    Returns
    -------
    CustomerPlan
        The tables of a territory plan over the units. Where a rep has a quota, the customer
        has the spend wanted of it, by the days of the quarter.

    Raises
    ------
    NotFound
        When the book has no such account.
    InvalidInput
        When the account has no units.
    NothingToPlan
        When no unit has an owner, the quarter is over, or the team has no hours left in it.

    Notes
    -----
    `docs/methodology.md#territory-plan` works an example by hand.
    """
    units = units_below(side, customer)
    reps = team_of(side, customer, units)
    ground = team_ground(side, f"customer:{customer}", units, reps, quarter)
    wanted = growth(ground, segments(ground))
    tables = tables_of(ground, wanted.quota, plans)
    notes = tables.notes
    if any(side.book.owners[unit] is None for unit in units):
        notes = (*notes, UNOWNED)
    helpers = Helpers(
        engineers=of_function(side.book, reps, "solution_engineering", ground.window),
        successes=of_function(side.book, reps, "customer_success", ground.window),
        inside=of_function(side.book, reps, "inside_sales", ground.window),
    )
    return CustomerPlan(
        tables=tables.model_copy(
            update={
                "overview": (wanted.spend, wanted.wanted, wanted.growth, *tables.overview),
                "notes": notes,
            }
        ),
        units=tuple(
            _unit(ground, unit, wanted.shares[unit], place, helpers)
            for unit, place in _places(ground).items()
        ),
        reps=reps,
        evidence=ground.cells.evidence,
    )


def _places(ground: PlanGround) -> dict[str, int]:
    """Place of each unit among those of its owner, in order of rank."""
    seen: dict[str, int] = {}
    places = {}
    for unit in ground.accounts:
        owner = ground.owner(unit)
        places[unit] = seen.get(owner, 0)
        seen[owner] = places[unit] + 1
    return places


def _unit(ground: PlanGround, unit: str, target: Figure, place: int, helpers: Helpers) -> UnitPlan:
    kind = kind_of(ground, unit)
    missing = missing_roles(ground.cells.rows, ground.side.coverage, unit)
    return UnitPlan(
        account_id=unit,
        name=ground.cells.name(unit),
        rep_id=ground.side.book.owners[unit],
        kind=kind.kind,
        spend=_cell(ground, unit, "net_spend_12m", "Spend of 12 months", "money"),
        potential=_cell(ground, unit, "potential_p50", "Potential", "money"),
        target=target,
        contacts=_cell(ground, unit, "contacts", "Contacts on file", "count"),
        missing_roles=missing,
        steps=unit_steps(ground, unit, kind.kind, missing, place, helpers),
    )


def _cell(ground: PlanGround, unit: str, metric: str, label: str, what: Unit) -> Figure:
    found = ground.cells.cited(f"account:{unit}", metric)
    if found is None:
        return Figure.unknown(metric, label, what, "Unknown for this unit.")
    return Figure.of(found, label)
