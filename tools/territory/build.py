"""From accounts and reps to a balancing problem, with the names of everything in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from domain.assignment import Constraint, Event, ScenarioRep
from domain.coverage import CoverageModel
from domain.errors import InvalidInput
from domain.territory_rules import TerritoryRules
from tools.balance.problem import Floats, Penalty, Problem, Weights
from tools.territory.case import Case
from tools.territory.constraints import Held, hold
from tools.territory.families import per_unit, units_of
from tools.territory.inputs import Inputs
from tools.territory.limits import budgets, windows
from tools.territory.pairs import Pairs, read_pairs
from tools.territory.refusals import forced_moves, nobody_may
from tools.territory.relationships import DAYS_A_YEAR, relationship_value
from tools.territory.service import service
from tools.territory.targets import account_limits, potential_targets, work_targets

_FIGURES = ("hours", "visits", "potential", "potential_p75", "potential_p90", "relationship")


def build_case(
    inputs: Inputs,
    coverage: CoverageModel,
    *,
    constraints: Iterable[Constraint] = (),
    events: Sequence[Event] = (),
) -> Case:
    """Turn a team's accounts and reps into a balancing problem.

    Parameters
    ----------
    inputs
        Accounts and reps, after any events.
    coverage
        Its `[territory]` and `[travel]` sections set rules, weights and targets.
    constraints
        Locks, objections and the like. Those that have expired are told and do not hold.
    events
        What happened; kept with the case, already in `inputs`.

    Returns
    -------
    Case
        The same whatever the order of rows. A lock overrides every other rule. An owner
        whom a rule keeps from an account has to give it up, and that move is not charged.
        A family is one unit: moving it is charged with what the best of its present
        owners would have kept, so that keeping it whole is held against nobody. Accounts
        that no rep may have are unplaced; a rep without hours, or without any account to
        have, is left out and told.

    Raises
    ------
    InvalidInput
        No account or no rep with hours, impossible figures, contradictory constraints.

    Notes
    -----
    `docs/methodology.md#territory-inputs` works an example by hand.
    """
    rules = coverage.territory
    reps = _with_hours(inputs)
    held = hold(constraints, inputs, reps, coverage, events)
    accounts = _corrected(inputs, held, coverage)
    accounts["owner_known"] &= accounts["owner_id"].isin(reps.index)
    unit = units_of(accounts, together=rules.families_together)
    pairs = read_pairs(accounts, reps, unit, held, inputs, coverage)

    unplaced = (*inputs.unplaced, *nobody_may(accounts, reps, unit, pairs))
    placed = np.flatnonzero(pairs.eligible.any(axis=1))
    able = np.flatnonzero(pairs.eligible.any(axis=0))
    if not len(placed):
        raise InvalidInput(
            f"There is nothing to design. {unplaced[-1].account_id}, for example: "
            f"{unplaced[-1].reason}",
            hint=unplaced[-1].remedy,
        )
    notes = [
        *inputs.notes,
        *held.notes,
        *_left_out(inputs, reps, reps.iloc[able]),
        *forced_moves(accounts, reps, unit, pairs),
    ]
    number = np.full(len(pairs.owned), -1, dtype=np.int64)
    number[placed] = np.arange(len(placed))
    accounts = accounts.assign(unit=number[unit])
    accounts = accounts[accounts["unit"] >= 0]
    reps = reps.iloc[able]
    accounts["owner_known"] &= accounts["owner_id"].isin(reps.index)
    pairs = pairs.only(placed, able)
    problem, said = _problem(accounts, reps, pairs, held, coverage)
    members: list[list[str]] = [[] for _ in range(len(placed))]
    for account, row in zip(accounts.index, accounts["unit"], strict=True):
        members[row].append(str(account))
    return Case(
        problem=problem,
        members=tuple(map(tuple, members)),
        reps=tuple(_scenario_reps(reps, problem)),
        accounts=accounts,
        removed=pairs.removed(_at_stake(accounts)),
        unplaced=unplaced,
        period=inputs.period,
        team=inputs.team,
        constraints=tuple(held.all),
        events=tuple(events),
        notes=(*notes, *said),
    )


def _with_hours(inputs: Inputs) -> pd.DataFrame:
    reps = inputs.reps.sort_index()
    capacity = reps["selling_hours"] * reps["ramp"]
    wrong = ~(np.isfinite(capacity) & (capacity >= 0))
    if wrong.any():
        raise InvalidInput(
            f"The selling hours or the ramp of {', '.join(map(str, reps['name'][wrong]))} are no "
            "number or below nought.",
            hint="Correct them in the CRM, or leave them blank for the coverage model's.",
        )
    kept = reps[capacity > 0].assign(capacity=capacity[capacity > 0])
    team = f" of {inputs.team}" if inputs.team else ""
    if kept.empty:
        raise InvalidInput(
            f"No rep{team} has selling hours from {inputs.period.start} to {inputs.period.end}: "
            "nobody could take an account.",
            hint="Check selling hours, leave and dates of joining and leaving in the reps table.",
        )
    if inputs.accounts.empty:
        raise InvalidInput(
            f"There is no account{team} to place.",
            hint="Give the reps accounts, or design for another team.",
        )
    return kept


def _corrected(inputs: Inputs, held: Held, coverage: CoverageModel) -> pd.DataFrame:
    """Accounts in order of id, with corrected tiers and relationships worked in."""
    accounts = inputs.accounts.sort_index()
    for word in held.tiers:
        accounts.loc[word.account_id, "tier"] = word.tier
    if held.tiers:
        rows = sorted({word.account_id for word in held.tiers})
        taken = service(accounts.loc[rows], coverage, inputs.period)
        accounts.loc[rows, taken.columns] = taken
    for since in held.relationships:
        years = (inputs.as_of - since.since).days / DAYS_A_YEAR
        known = float(accounts["relationship_years"][since.account_id])
        accounts.loc[since.account_id, "relationship_years"] = float(np.fmax(known, years))
    if held.relationships:
        rows = sorted({since.account_id for since in held.relationships})
        accounts.loc[rows, "relationship"] = relationship_value(
            accounts.loc[rows], coverage.territory
        )
    for figure in _FIGURES:
        wrong = accounts.index[~(np.isfinite(accounts[figure]) & (accounts[figure] >= 0))]
        if len(wrong):
            raise InvalidInput(
                f"{figure} of {', '.join(map(str, wrong[:3]))} must be a number from 0 up, not "
                f"{accounts[figure][wrong[0]]}.",
                hint="Correct the rows that it comes from, or the event that changed it.",
                accounts=[str(account) for account in wrong],
            )
    return accounts


def _problem(
    accounts: pd.DataFrame,
    reps: pd.DataFrame,
    pairs: Pairs,
    held: Held,
    coverage: CoverageModel,
) -> tuple[Problem, list[str]]:
    rules = coverage.territory
    unit = accounts["unit"].to_numpy(dtype="int64")
    eligible = pairs.eligible
    row, rep = np.nonzero(eligible)
    pair = np.full(eligible.shape, -1, dtype=np.int64)
    pair[row, rep] = np.arange(len(row))
    present = pairs.present
    broken = pairs.broken(_at_stake(accounts))[row, rep]
    capacity = reps["capacity"].to_numpy(dtype="float64")
    hours = per_unit(accounts["hours"].to_numpy(dtype="float64"), unit, np.add)
    potential = per_unit(accounts["potential"].to_numpy(dtype="float64"), unit, np.add)
    targets, notes = potential_targets(potential, eligible, reps, capacity, coverage)
    work_window, potential_window = windows(held.windows, rules, list(map(str, reps.index)))
    problem = Problem(
        hours=hours,
        potential=potential,
        accounts=np.bincount(unit).astype(np.int64),
        first=np.concatenate([[0], np.cumsum(eligible.sum(axis=1))]).astype(np.int64),
        rep=rep.astype(np.int64),
        travel=pairs.travel[row, rep],
        disruption=broken,
        preference=pairs.preference[row, rep],
        present=np.where(present >= 0, pair[np.arange(len(present)), present], -1),
        capacity=capacity,
        limit=account_limits(accounts["tier"], unit, eligible, capacity, coverage),
        work_target=work_targets(hours, capacity),
        potential_target=targets,
        work_window=work_window,
        potential_window=potential_window,
        budgets=budgets(
            held.moves, rules, accounts=len(accounts), moved=pairs.moved[row, rep], value=broken
        ),
        weights=_weights(rules),
        penalty=Penalty(rules.penalty.breaks, rules.penalty.slopes),
    )
    return problem, [*notes, *_shortage(problem)]


def _weights(rules: TerritoryRules) -> Weights:
    given = rules.weights
    return Weights(given.workload, given.potential, given.disruption, given.travel)


def _at_stake(accounts: pd.DataFrame) -> float:
    """All relationship value of the design: what a disruption of 1 would break."""
    return float(accounts["relationship"][accounts["owner_known"]].sum())


def _shortage(problem: Problem) -> Iterator[str]:
    least: Floats = np.minimum.reduceat(problem.needed, problem.first[:-1])
    asked, there = float(least.sum()), float(problem.capacity.sum())
    if asked > there:
        yield (
            f"The accounts ask for at least {asked:,.0f} hours with travel, and the reps have "
            f"{there:,.0f}: no design fits. Lower touches or the share of visits, leave accounts "
            f"to automation, or find {asked - there:,.0f} hours."
        )


def _left_out(inputs: Inputs, with_hours: pd.DataFrame, able: pd.DataFrame) -> Iterator[str]:
    for rep_id, name in inputs.reps["name"].sort_index().items():
        if rep_id not in with_hours.index:
            yield (
                f"{name} has no selling hours in the period and is left out; accounts of theirs "
                "are to be placed."
            )
        elif rep_id not in able.index:
            yield f"{name} may have none of the accounts and is left out."


def _scenario_reps(reps: pd.DataFrame, problem: Problem) -> Iterator[ScenarioRep]:
    for number, (rep_id, rep) in enumerate(reps.iterrows()):
        ramp = float(rep["ramp"])
        note = f"New: counts as {ramp:.0%} of a full rep." if ramp < 1 else ""
        yield ScenarioRep(
            rep_id=str(rep_id),
            name=str(rep["name"]),
            capacity=float(problem.capacity[number]),
            ramp=ramp,
            account_limit=int(problem.limit[number]),
            note=note,
        )
