"""Accounts and reps of a design, written out by the test; what is left out is usual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from domain.assignment import Unplaced
from domain.coverage import CoverageModel
from domain.period import Period
from tools.territory.inputs import Inputs

AS_OF = date(2026, 11, 13)
PERIOD = Period(date(2026, 11, 16), date(2027, 2, 13))  # 90 days
BERLIN, HAMBURG, MUNICH = (52.52, 13.40), (53.55, 10.00), (48.14, 11.58)

_TEXT = (
    "segment", "industry", "city", "country", "region", "parent_id", "time_zone", "language",
    "product_focus", "territory_group",
)  # fmt: skip


def tiny_inputs(
    accounts: Iterable[Mapping[str, Any]],
    reps: Iterable[Mapping[str, Any]],
    *,
    unplaced: tuple[Unplaced, ...] = (),
    team: str = "",
) -> Inputs:
    """Accounts need an `id`; reps need an `id`. `at` is a place, `owner` a rep's id."""
    people = {str(rep["id"]): rep for rep in reps}
    rows = [_account(account, people) for account in accounts]
    table = pd.DataFrame(rows).set_index("account_id").sort_index()
    table = table.astype(dict.fromkeys([*_TEXT, "owner_id", "name", "tier"], "str"))
    staff = pd.DataFrame([_rep(rep) for rep in people.values()]).set_index("rep_id").sort_index()
    staff = staff.astype({"time_zone": "str", "team": "str", "name": "str"})
    return Inputs(table, staff, unplaced, (), PERIOD, team, AS_OF)


def _account(given: Mapping[str, Any], people: Mapping[str, Any]) -> dict[str, Any]:
    at = given.get("at", BERLIN)
    owner = given.get("owner")
    potential = float(given.get("potential", 100.0))
    return {
        "account_id": given["id"],
        "name": f"Shop {given['id']}",
        "owner_id": owner,
        "owner_known": owner in people,
        "tier": given.get("tier", "tier_1"),
        **{column: given.get(column) for column in _TEXT},
        "latitude": at[0] if at else float("nan"),
        "longitude": at[1] if at else float("nan"),
        "potential": potential,
        "potential_p75": potential,
        "potential_p90": potential,
        "potential_known": True,
        "revenue": float(given.get("revenue", 0.0)),
        "hours": float(given.get("hours", 10.0)),
        "visits": float(given.get("visits", 1.0)),
        "relationship_years": given.get("years", float("nan")),
        "relationship": float(given.get("relationship", 0.0)),
        "touches_90d": int(given.get("touches", 0)),
        "logged_hours": 0.0,
        "logged_visits": 0.0,
        "deal_hours": 0.0,
        "trip_sharing": 1.0,
    }


def _rep(given: Mapping[str, Any]) -> dict[str, Any]:
    at = given.get("at", BERLIN)
    return {
        "rep_id": given["id"],
        "name": str(given["id"]).capitalize(),
        "team": given.get("team"),
        "base_city": None,
        "base_latitude": at[0] if at else float("nan"),
        "base_longitude": at[1] if at else float("nan"),
        "time_zone": given.get("time_zone"),
        "selling_hours": float(given.get("hours", 200.0)),
        "ramp": float(given.get("ramp", 1.0)),
        "segments": tuple(given.get("segments", ())),
        "industries": tuple(given.get("industries", ())),
        "languages": tuple(given.get("languages", ())),
        "groups": tuple(given.get("groups", ())),
        "quota": float(given.get("quota", float("nan"))),
    }


def with_rules(coverage: CoverageModel, **rules: Any) -> CoverageModel:
    """The same coverage model with some rules of territory design changed."""
    return coverage.model_copy(update={"territory": coverage.territory.model_copy(update=rules)})
