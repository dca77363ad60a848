"""A rep joins: a calendar, a ramp, no accounts, and those near enough to be theirs."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from domain.assignment import RepJoins
from domain.coverage import CoverageModel
from domain.errors import InvalidInput
from domain.period import Period
from tools.territory.event_checks import demand_date, name_in, noted
from tools.territory.inputs import Inputs
from tools.travel import distance_km

REACH = 2.0
"""A hire may choose among the nearest accounts of this many times a fair share of hours."""


def joins(inputs: Inputs, event: RepJoins, coverage: CoverageModel) -> Inputs:
    """Add a rep with the working days left of the period, and the groups of the colleagues.

    Raises InvalidInput when the id is taken, or place, time zone, team, date or hours make
    no sense.
    """
    if event.rep_id in inputs.reps.index:
        raise InvalidInput(
            f"{event.rep_id} is already a rep of this design "
            f"({name_in(inputs.reps, event.rep_id)}).",
            hint="Give the new rep an id of their own.",
        )
    demand_date(inputs, event.on, "joins")
    if event.team is not None and inputs.team and event.team != inputs.team:
        raise InvalidInput(
            f"{event.name} joins team {event.team!r}, and this design is of team {inputs.team!r}.",
            hint="Run a scenario of the team they join.",
        )
    if not (-90 <= event.latitude <= 90 and -180 <= event.longitude <= 180):
        raise InvalidInput(
            f"The base of {event.name} at {event.latitude:g}, {event.longitude:g} is no place on "
            "Earth.",
            hint="Latitude is -90 to 90, longitude -180 to 180 degrees.",
        )
    try:
        ZoneInfo(event.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput(
            f"{event.time_zone!r} is not a time zone.", hint="Use IANA names such as Europe/Berlin."
        ) from error
    weekly = event.selling_hours_week
    if weekly is None:
        weekly = coverage.capacity.selling_hours_week
    hours = _working_days(inputs.period, event.on) * weekly / 5
    if hours <= 0:
        raise InvalidInput(
            f"{event.name} has no selling hours between {event.on.isoformat()} and "
            f"{inputs.period.end.isoformat()}.",
            hint="Correct the hours a week or the date, or design for a later period.",
        )
    team = event.team or inputs.team or None
    row = pd.DataFrame(
        {
            "name": [event.name],
            "team": [team],
            "base_city": [event.base_city],
            "base_latitude": [event.latitude],
            "base_longitude": [event.longitude],
            "time_zone": [event.time_zone],
            "selling_hours": [round(hours, 2)],
            "ramp": [event.ramp],
            "segments": [event.segments],
            "industries": [event.industries],
            "languages": [event.languages],
            "groups": [_groups_of(inputs.reps, team)],
            "quota": [float("nan")],
        },
        index=pd.Index([event.rep_id], name=inputs.reps.index.name, dtype=inputs.reps.index.dtype),
    )
    # Concatenation would lose the types of columns in which the new row is blank.
    row = row.reindex(columns=inputs.reps.columns).astype(inputs.reps.dtypes.to_dict())
    return noted(
        inputs,
        f"{event.name} joins on {event.on.isoformat()} with {hours:.0f} selling hours in the "
        f"period, of which the ramp leaves {event.ramp:.0%}.",
        reps=pd.concat([inputs.reps, row]).sort_index(),
    )


def nearest_accounts(inputs: Inputs, event: RepJoins) -> set[str]:
    """Accounts a new rep may be given: nearest to the base first, within what the rep works.

    They end where they take `REACH` times the rep's fair share of the team's hours. `inputs`
    already hold the rep.
    """
    accounts = inputs.accounts.dropna(subset=["latitude", "longitude"])
    for column, wanted in (("segment", event.segments), ("industry", event.industries)):
        if wanted:
            accounts = accounts[accounts[column].isin(wanted) | accounts[column].isna()]
    groups = inputs.reps["groups"].to_dict()[event.rep_id]
    if groups:
        known = accounts["territory_group"]
        accounts = accounts[known.isin(groups) | known.isna()]
    base = (event.latitude, event.longitude)
    away = [
        distance_km(base, (float(latitude), float(longitude)))
        for latitude, longitude in zip(accounts["latitude"], accounts["longitude"], strict=True)
    ]
    nearest = accounts.assign(away=away).sort_values("away", kind="stable")
    capacity = inputs.reps["selling_hours"] * inputs.reps["ramp"]
    fair = float(inputs.accounts["hours"].sum() * capacity[event.rep_id] / capacity.sum())
    before = nearest["hours"].cumsum() - nearest["hours"]
    return {str(account) for account in nearest.index[np.asarray(before < REACH * fair)]}


def _groups_of(reps: pd.DataFrame, team: str | None) -> tuple[str, ...]:
    """Territory groups the colleagues work; empty (all) when one of them works all."""
    colleagues = reps if team is None else reps[reps["team"] == team]
    listed = list(colleagues["groups"])
    if not all(listed):
        return ()
    return tuple(sorted({group for groups in listed for group in groups}))


def _working_days(period: Period, first: date) -> int:
    start = max(first, period.start)
    days = (period.end - start).days + 1
    return sum((start + timedelta(days=n)).weekday() < 5 for n in range(days))
