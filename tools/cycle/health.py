"""The health scorecard of a quarter: each measure against its target, red rows with an action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from domain.cycle import Figure
from domain.evidence import Evidence, Unit
from domain.period import trailing
from domain.territory_plan import HealthAction, HealthRow, HealthStatus
from tools.cycle.health_actions import (
    action,
    call_the_longest_silent,
    meet_an_executive,
    open_a_deal,
    raise_a_deal,
)
from tools.cycle.overview import Overview, deal_field
from tools.cycle.plan_ground import PlanGround
from tools.order_facts import within

MEETINGS = ("meeting", "visit", "demo")
"""Kinds of touch that count as a qualified meeting, with an account of personal coverage."""
TOUCH_DAYS = 90  # the window of the fact `touches_90d`
NO_TOUCHES = "The book holds no activities."
NOT_BEGUN = "The quarter has not begun."
NOBODY = "No account takes personal coverage."


@dataclass(frozen=True)
class _Measured:
    """A measure before it is judged. `due` is what it is held against, where not the target."""

    metric: str
    label: str
    unit: Unit
    target: Evidence
    current: Figure
    due: Evidence | None = None


def health(ground: PlanGround, seen: Overview) -> tuple[HealthRow, ...]:
    """Judge a quarter by five measures; see `docs/methodology.md#territory-plan`.

    A measure below its target is red and names one action; of meetings it is the part of
    the target that the days gone ask for. What cannot be told is unknown, and nothing is
    red about it; without a quota the action is to set one.
    """
    rows: list[HealthRow] = []
    used: list[str] = []
    measured = (
        _pipeline(ground, seen), _touches(ground), _engagement(ground), _meetings(ground),
        _deal_size(ground),
    )  # fmt: skip
    for item in measured:
        status = _status(item)
        todo = _todo(ground, item, seen, used) if status == "red" else None
        if item.metric == "pipeline_coverage" and _quota_missing(seen):
            todo = action(ground, item.metric, "set_quota", None, None)
        if todo is not None and todo.account_id is not None:
            used.append(todo.account_id)
        rows.append(
            HealthRow(
                metric=item.metric,
                label=item.label,
                target=Figure.of(item.target, "Target"),
                current=item.current,
                due=None if item.due is None else Figure.of(item.due, "Due by now"),
                status=status,
                action=todo,
            )
        )
    return tuple(rows)


def _status(item: _Measured) -> HealthStatus:
    if item.current.value is None:
        return "unknown"
    asked = item.due or item.target
    return "green" if Decimal(item.current.value) >= Decimal(asked.value) else "red"


def _quota_missing(seen: Overview) -> bool:
    return seen.quota.value is None or Decimal(seen.quota.value) <= 0


def _todo(
    ground: PlanGround, item: _Measured, seen: Overview, used: Sequence[str]
) -> HealthAction | None:
    if item.metric == "pipeline_coverage":
        chosen = open_a_deal(ground, used)
    elif item.metric == "touches_per_account":
        chosen = call_the_longest_silent(ground, used)
    elif item.metric == "strategic_engagement":
        chosen = meet_an_executive(ground, used, _not_engaged(ground))
    elif item.metric == "qualified_meetings":
        chosen = meet_an_executive(ground, used, _not_met(ground))
    else:
        chosen = raise_a_deal(ground, used)
    return action(ground, item.metric, *chosen)


def _pipeline(ground: PlanGround, seen: Overview) -> _Measured:
    target = ground.cells.of(seen.coverage_target)
    assert target is not None  # a rule of the coverage model
    return _Measured("pipeline_coverage", "Pipeline coverage", "ratio", target, seen.coverage)


def _touches(ground: PlanGround) -> _Measured:
    metric, label = "touches_per_account", "Touches per account in a quarter"
    cells = ground.cells
    target = cells.told(
        f"{metric}_target", "ratio", ground.side.coverage.territory_plan.touches_per_account
    )
    counts = ground.table["touches_90d"].reindex(list(ground.personal))
    if not ground.personal or counts.isna().all():
        why = NO_TOUCHES if ground.personal else NOBODY
        return _Measured(metric, label, "ratio", target, _unknown(metric, label, "ratio", why))
    window = str(trailing(ground.side.as_of, TOUCH_DAYS))
    days = ground.quarter.period.days
    touches = cells.told(
        "personal_touches_90d", "count", int(counts.fillna(0).sum()), period=window
    )
    accounts = cells.told("personal_accounts", "count", len(ground.personal))
    pace = Decimal(touches.value) * days / TOUCH_DAYS / len(ground.personal)
    found = cells.told(metric, "ratio", pace, [touches, accounts], period=window)
    note = (
        "Touches of the last 90 days, taken for the length of the quarter; automated tiers aside."
    )
    return _Measured(metric, label, "ratio", target, Figure.of(found, label, note))


def strategic(ground: PlanGround) -> list[str]:
    """Accounts of the highest tier, in order of rank."""
    highest = ground.side.coverage.tiers[0].key
    return [item for item in ground.accounts if ground.tier_of[item] == highest]


def _not_engaged(ground: PlanGround) -> list[str]:
    """Strategic accounts without a touch in `territory_plan.engaged_days`."""
    days = ground.side.coverage.territory_plan.engaged_days
    accounts = strategic(ground)
    since = ground.table["days_since_touch"].reindex(accounts)
    return [str(item) for item, gone in since.items() if pd.isna(gone) or gone > days]


def _engagement(ground: PlanGround) -> _Measured:
    metric = "strategic_engagement"
    label = f"{ground.side.coverage.tiers[0].label} accounts engaged"
    rules, cells = ground.side.coverage.territory_plan, ground.cells
    target = cells.told(f"{metric}_target", "share", rules.strategic_engagement)
    accounts = strategic(ground)
    if not accounts or ground.side.book["activities"].empty:
        why = NO_TOUCHES if accounts else "No account is of the highest tier."
        return _Measured(metric, label, "share", target, _unknown(metric, label, "share", why))
    day = ground.side.analyses.ranks.reading.period("day")
    engaged = cells.told(
        "strategic_engaged", "count", len(accounts) - len(_not_engaged(ground)), period=day
    )
    all_ = cells.told("strategic_accounts", "count", len(accounts), period=day)
    found = cells.worked(metric, "share", "share", [engaged, all_], period=day)
    note = "Engaged is touched within the days that the coverage model sets."
    return _Measured(metric, label, "share", target, Figure.of(found, label, note))


def _meetings(ground: PlanGround) -> _Measured:
    metric, label = "qualified_meetings", "Qualified meetings"
    cells = ground.cells
    target = cells.told(
        f"{metric}_target", "count", ground.side.coverage.territory_plan.qualified_meetings
    )
    if ground.side.book["activities"].empty or ground.begun is None or not ground.personal:
        why = NOT_BEGUN if ground.begun is None else NO_TOUCHES if ground.personal else NOBODY
        return _Measured(metric, label, "count", target, _unknown(metric, label, "count", why))
    period = str(ground.begun)
    gone = cells.told("quarter_days_gone", "count", ground.days_gone, period=period)
    days = cells.told("quarter_days", "count", ground.quarter.period.days)
    share = cells.worked("quarter_gone", "share", "share", [gone, days], period=period)
    asked = Decimal(target.value) * ground.days_gone / ground.quarter.period.days
    due = cells.told(f"{metric}_due", "ratio", asked, [target, share], period=period)
    held = cells.told(metric, "count", len(_held(ground)), period=period)
    note = "Meetings, visits and demos of the quarter so far, without automated tiers."
    return _Measured(metric, label, "count", target, Figure.of(held, label, note), due)


def _held(ground: PlanGround) -> pd.DataFrame:
    """Meetings of the quarter so far with accounts of personal coverage."""
    rows = ground.side.book["activities"]
    assert ground.begun is not None
    inside = within(rows["occurred"], ground.begun) & rows["kind"].isin(MEETINGS)
    return rows[inside & rows["account_id"].isin(ground.personal)]


def _not_met(ground: PlanGround) -> list[str]:
    """Accounts the hours reach that no meeting of the quarter was with, in order of rank."""
    met = set(map(str, _held(ground)["account_id"]))
    known = ground.reached or ground.personal
    return [item for item in known if item not in met] or list(known)


def _deal_size(ground: PlanGround) -> _Measured:
    metric, label = "average_deal_size", "Average deal won in 12 months"
    cells, side = ground.cells, ground.side
    target = cells.told(f"{metric}_target", "money", side.coverage.territory_plan.average_deal_size)
    deals = side.book["opportunities"]
    year = trailing(side.as_of, 365)
    won = deals[
        (deals["stage"] == "won")
        & deals["account_id"].isin(ground.accounts)
        & within(deals["closes"], year)
        & deals["amount"].notna()
    ].sort_values("opportunity_id")
    amounts = [
        amount
        for deal, account in zip(won["opportunity_id"], won["account_id"], strict=True)
        if (amount := deal_field(ground, deal, account, "amount"))
    ]
    if not amounts:
        why = "No deal with an amount was won in the last 12 months."
        return _Measured(metric, label, "money", target, _unknown(metric, label, "money", why))
    value = cells.worked("deals_won_value_12m", "money", "sum", amounts, period=str(year))
    count = cells.worked("deals_won_12m", "count", "count", amounts, period=str(year))
    found = cells.worked(metric, "money", "ratio", [value, count], period=str(year))
    return _Measured(metric, label, "money", target, Figure.of(found, label))


def _unknown(metric: str, label: str, unit: Unit, why: str) -> Figure:
    return Figure.unknown(metric, label, unit, why)
