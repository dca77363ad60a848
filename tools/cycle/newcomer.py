"""A rep who joined asks for a territory: a scenario with a fair share of the team's accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from domain.assignment import RepJoins
from domain.cycle import Figure
from domain.review import OpensScenario, Trigger
from tools.cycle.proposals import Ground, Proposal, cents, rep_of
from tools.territory.reps import ramp, split_list


def newcomer(ground: Ground, trigger: Trigger) -> Proposal | None:
    """Make a territory for a rep who joined; None where the export lacks a base or time zone."""
    rep = rep_of(trigger)
    row = ground.after.book.rows("reps").get(rep or "")
    if rep is None or row is None:
        return None
    event = _joins(ground, rep, row)
    if event is None:
        return None
    entity, others = f"rep:{rep}", ground.colleagues(rep)
    crew = {*others, rep}
    cost: tuple[Figure, ...] = ()
    share = _fair_share(ground, rep, others, event.ramp)
    if share is not None:
        cost += (
            ground.figure(
                entity,
                "hours_affected",
                "hours",
                "Hours of accounts to hand over",
                share,
                reps=crew,
            ),
        )
    held = ground.of_reps(others)
    cost += (
        ground.figure(
            entity, "relationships_affected", "count", "Long relationships in the team",
            len(ground.long_known(held)), reps=crew,
        ),
    )  # fmt: skip
    gain = _fair_potential(ground, entity, rep, others, held, event.ramp)
    against = (
        ground.figure(
            entity, "newcomer_ramp", "share", "What the newcomer carries at first",
            event.ramp, reps=(rep,),
        ),
        *ground.free_hours(entity, others, "Hours the team has left"),
    )  # fmt: skip
    return Proposal(OpensScenario(event=event), (trigger,), rep, None, cost, gain, against)


def _part(ground: Ground, rep: str, others: Sequence[str], share: float) -> Decimal | None:
    """The newcomer's part of the hours that the team has to sell, after the ramp."""
    table = ground.after.analyses.workload.by_rep
    if rep not in table.index or not others:
        return None
    own = cents(table.at[rep, "selling_hours"]) * Decimal(repr(share))
    selling = sum((cents(table.at[other, "selling_hours"]) for other in others), own)
    return own / selling if selling else None


def _fair_share(ground: Ground, rep: str, others: Sequence[str], share: float) -> Decimal | None:
    """Hours of the team's accounts that are the newcomer's by hours to sell."""
    part = _part(ground, rep, others, share)
    if part is None:
        return None
    table = ground.after.analyses.workload.by_rep
    asked = sum((cents(table.at[other, "needed_hours"]) for other in (*others, rep)), Decimal(0))
    return (asked * part).quantize(Decimal("0.01"))


def _fair_potential(
    ground: Ground,
    entity: str,
    rep: str,
    others: Sequence[str],
    held: Sequence[str],
    share: float,
) -> tuple[Figure, ...]:
    """Open potential of the team's accounts that is the newcomer's by hours to sell."""
    part = _part(ground, rep, others, share)
    room = ground.money_table("open_potential").reindex(list(held)).dropna()
    if part is None or room.empty:
        return ()
    value = (sum(map(cents, room), Decimal(0)) * part).quantize(Decimal("0.01"))
    label = "Open potential of a fair share"
    return (
        ground.figure(
            entity, "open_potential_affected", "money", label, value, reps={rep, *others}
        ),
    )


def _joins(ground: Ground, rep: str, row: Mapping[str, Any]) -> RepJoins | None:
    wanted = ("base_city", "base_latitude", "base_longitude", "time_zone")
    if any(pd.isna(row[name]) for name in wanted):
        return None
    start = None if pd.isna(row["active_from"]) else pd.Timestamp(row["active_from"]).date()
    hours = row["selling_hours_week"]
    share = ramp(
        start, ground.after.analyses.workload.period, ground.after.coverage.territory.ramp_by_month
    )
    lists = {name: split_list(row.get(name)) for name in ("segments", "industries", "languages")}
    return RepJoins(
        rep_id=rep,
        name=str(row["name"]),
        on=max(start or ground.after.as_of, ground.after.as_of),
        base_city=str(row["base_city"]),
        latitude=float(row["base_latitude"]),
        longitude=float(row["base_longitude"]),
        time_zone=str(row["time_zone"]),
        ramp=share,
        selling_hours_week=None if pd.isna(hours) else float(hours),
        team=str(row["team"]) if isinstance(row["team"], str) else None,
        **lists,
    )
