"""Everything a territory plan's or review's run is given, bound to the person it runs for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

from api.exceptions import approved_locks
from domain.cycle_version import CycleVersion
from domain.errors import NotFound
from domain.principal import Principal
from domain.quarter import Quarter, quarter_at, quarter_named
from domain.record import Record, canonical_json

if TYPE_CHECKING:
    from agent.cycle.context import CycleContext
    from api.reading import Reading
    from api.workspace import Workspace
    from domain.evidence import Ledger
    from domain.plan import PlanVersion
    from tools.cycle.side import Side


class About(Record):
    """What a run is about: kept with it, so that its context can be made again after a crash.

    `reps` are those whose rows the run reads: a rep, a customer's team, or all of a review.
    """

    quarter: str
    rep_id: str = ""
    customer: str | None = None
    reps: tuple[str, ...] = ()
    name: str = ""

    @property
    def text(self) -> str:
        """As it is kept."""
        return canonical_json(self)


def side_of(reading: Reading) -> Side:
    """Return a reading as one side of a comparison."""
    from tools.cycle.side import Side

    return Side(reading.book, reading.coverage, reading.analyses)


def quarter_of(workspace: Workspace, principal: Principal, label: str | None) -> Quarter:
    """Return the quarter of a label; without one, that of the day after the book's date."""
    reading = workspace.reading(principal)
    rules = reading.coverage.quarters
    if label is not None:
        return quarter_named(label, rules)
    return quarter_at(reading.book.as_of, rules)


def territory_about(
    workspace: Workspace, principal: Principal, rep_id: str, quarter: Quarter, customer: str | None
) -> About:
    """Say what a territory plan is about.

    Raises
    ------
    NotFound
        No such rep, or no such customer, within the scope.
    """
    reading = workspace.reading(principal)
    row = reading.book.rows("reps").get(rep_id)
    if row is None or not principal.scope.covers(rep_id):
        raise NotFound(
            f"There is no rep {rep_id!r} in the book.",
            hint="List the reps you may plan for with `cadastre territory list`.",
        )
    reps: tuple[str, ...] = (rep_id,)
    if customer is not None:
        from tools.cycle.customer_family import team_of, units_below

        side = side_of(reading)
        reps = team_of(side, customer, units_below(side, customer))
        if not principal.scope.covers_all(reps):
            raise NotFound(
                f"There is no account {customer!r} in the book.",
                hint="A team's plan is made by somebody who sees all of the team.",
            )
    return About(
        quarter=quarter.label,
        rep_id=rep_id,
        customer=customer,
        reps=tuple(sorted(reps)),
        name=str(row["name"]),
    )


def review_about(workspace: Workspace, principal: Principal, quarter: Quarter) -> About:
    """Say whose quarter a person reviews: everyone of their scope who sells, has accounts or
    has a plan, in the book that the review starts from or in today's; so one who joined and
    owns nothing yet is in it, and so is one who is gone."""
    from tools.selling_time import last_day

    reading = workspace.reading(principal)
    approved = workspace.store.cycle.approved_marks(principal, "territory", quarter.label)
    found = {rep for mark in approved for rep in mark.reps}
    earlier = _earlier_reading(workspace, principal, quarter)
    for book in (reading.book, *((earlier.book,) if earlier is not None else ())):
        found |= {owner for owner in book.owners.values() if owner is not None}
        found |= {
            rep
            for rep, row in book.rows("reps").items()
            if row["function"] == "rep"
            and (last_day(row) or quarter.period.end) >= quarter.period.start
        }
    reps = sorted(rep for rep in found if principal.scope.covers(rep))
    return About(quarter=quarter.label, reps=tuple(reps), name=_team_name(reading, principal, reps))


def context_of(
    workspace: Workspace,
    principal: Principal,
    about: About,
    *,
    kind: str,
    run_id: str | None = None,
    plan_id: str | None = None,
) -> CycleContext:
    """Bind the current reading, the store's records and a writer to one principal."""
    from agent.cycle.context import CycleContext
    from store.records import StoreRecords

    store, reading = workspace.store, workspace.reading(principal)
    quarter = quarter_named(about.quarter, reading.coverage.quarters)
    ever = store.plans.ever_approved(principal, about.reps, quarter.period)
    plans = list({version.plan_id: version for version in ever}.values())
    approved: list[CycleVersion] = []
    before = None
    if kind == "review":
        approved = [
            version
            for version in store.cycle.last_approved(principal, "territory", quarter.label)
            if set(version.content.reps) <= set(about.reps)
        ]
        earlier = _earlier_reading(workspace, principal, quarter)
        before = None if earlier is None else side_of(earlier)
    return CycleContext(
        principal=principal,
        kind="review" if kind == "review" else "territory",
        side=side_of(reading),
        quarter=quarter,
        reps=about.reps,
        name=about.name,
        vocabulary=reading.vocabulary,
        retrieve=store.notes.retriever(principal, reading.book),
        writer=workspace.models.cycle_writer(principal, run_id=run_id, plan_id=plan_id),
        records=StoreRecords(store, principal),
        rep_id=about.rep_id,
        customer=about.customer,
        before=before,
        plans=plans,
        earlier_plans=[version for version in ever if version not in plans],
        territory_plans=approved,
        ledgers_of=cache(partial(_ledgers, workspace, principal, [*plans, *approved])),
        locks=approved_locks(workspace, principal) if kind == "review" else (),
        findings_hash=reading.findings_hash,
    )


def _earlier_reading(
    workspace: Workspace, principal: Principal, quarter: Quarter
) -> Reading | None:
    """The earliest book that any approved territory plan of the quarter was made on.

    It is the same for every reader, whatever they see, so that all pages agree; None before
    there is a plan.
    """
    from api.opening import of_the_house

    approved = workspace.store.cycle.last_approved(
        of_the_house(workspace), "territory", quarter.label
    )
    if not approved:
        return None
    first = min(approved, key=lambda version: (version.content.as_of, version.plan_id)).content
    return workspace.readings.of(principal, first.book_id, first.coverage_hash, first.findings_hash)


def _ledgers(
    workspace: Workspace, principal: Principal, plans: Sequence[PlanVersion | CycleVersion]
) -> dict[str, Ledger]:
    roots = dict.fromkeys(version.content.ledger_root for version in plans)
    return {root: workspace.store.ledgers.ledger(principal, root) for root in roots}


def _team_name(reading: Reading, principal: Principal, reps: list[str]) -> str:
    if principal.scope.everything:
        return "the whole company"
    rows = reading.book.rows("reps")
    teams = {str(rows[rep]["team"]) for rep in reps if rep in rows}
    return ", ".join(sorted(teams)) if teams else principal.name
