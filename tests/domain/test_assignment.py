"""What people may say of a design, and what is no statement at all."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.assignment import Constraint, Event, MostMoves

CONSTRAINT: TypeAdapter[Constraint] = TypeAdapter(Constraint)
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
CHANGED = {"kind": "account_changed", "account_id": "A-1", "why": "Plant opens"}
JOINS = {
    "kind": "rep_joins", "rep_id": "R-9", "name": "Ada Holm", "on": "2026-12-01",
    "base_city": "Lyon", "latitude": 45.8, "longitude": 4.8, "time_zone": "Europe/Paris",
    "ramp": 0.5,
}  # fmt: skip


@pytest.mark.parametrize(
    "given", [{}, {"accounts": 3, "accounts_share": 0.1}, {"accounts": 3, "value_share": 0.1}]
)
def test_a_limit_on_moves_is_exactly_one_limit(given):
    with pytest.raises(ValidationError, match="several limits are several constraints"):
        CONSTRAINT.validate_python({"kind": "most_moves", **given})
    assert MostMoves(accounts=0).accounts == 0


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_no_number_that_people_give_is_infinite(number):
    for event in (
        {**CHANGED, "potential": number},
        {**CHANGED, "hours": number},
        {"kind": "new_product", "product": "Cargo", "growth": number},
        {**JOINS, "latitude": number},
        {**JOINS, "selling_hours_week": number},
    ):
        with pytest.raises(ValidationError):
            EVENT.validate_python(event)
    word = {"account_id": "A-1", "rep_id": "R-1", "by": "", "reason": "x"}
    for constraint in (
        {"kind": "prefer", "points": number, **word},
        {"kind": "window", "measure": "workload", "low": -0.1, "high": number},
    ):
        with pytest.raises(ValidationError):
            CONSTRAINT.validate_python(constraint)


def test_what_happened_has_a_name_and_a_reason():
    for event in (
        {**CHANGED, "why": " ", "potential": 1.0},
        {"kind": "new_product", "product": "", "growth": 0.1},
        {**JOINS, "name": ""},
    ):
        with pytest.raises(ValidationError, match="at least 1 character"):
            EVENT.validate_python(event)
