"""A waiting plan's hours follow what is approved beside it."""

from __future__ import annotations

from decimal import Decimal

from store.records import StoreRecords
from tests.api.doors import ACCOUNT, MANAGER, REP
from tests.api.test_routes import decided, drafted, seen

SECOND = "A-546"  # of the same rep


def test_an_approval_takes_hours_from_the_rep_s_other_waiting_plans(acting) -> None:
    rep, manager = acting(REP), acting(MANAGER)
    first, second = drafted(rep)["plan_id"], drafted(rep, SECOND)["plan_id"]
    before = seen(manager, second)
    assert before["committed_share"] == 0

    view = seen(manager, first)
    assert decided(manager, view).status_code == 201

    after = seen(manager, second)
    # Both plans lie in the same period of the same rep, so the shares are of one sum.
    assert round(after["committed_share"], 4) == round(view["capacity_share"], 4)
    assert after["plan_hash"] == before["plan_hash"]


def test_a_plan_that_no_longer_fits_needs_an_override_that_names_the_hours(
    acting, monkeypatch
) -> None:
    rep, manager = acting(REP), acting(MANAGER)
    plan_id = drafted(rep, ACCOUNT)["plan_id"]
    assert not seen(manager, plan_id)["blockers"]

    def full(self, rep_id, period, *, except_plan):
        return {week: Decimal(40) for week in period.weeks()}

    monkeypatch.setattr(StoreRecords, "committed_hours", full)
    view = seen(manager, plan_id)
    (blocker,) = view["blockers"]
    assert blocker["code"] == "over_capacity"
    assert blocker["hours_missing"] in blocker["message"]

    refused = decided(manager, view, waivers=[])
    assert refused.status_code == 409
    assert blocker["hours_missing"] in refused.json()["error"]["hint"]
    vague = {"code": "over_capacity", "claim": None, "reason": "It will work out."}
    assert decided(manager, view, waivers=[vague]).status_code == 409
    assert decided(manager, view).status_code == 201
