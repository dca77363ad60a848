"""A waiting plan's hours, judged against what was approved since it was drafted.

A version freezes the hours its owner had promised when it was drafted. By the time a
manager decides, other plans of the same rep may have been approved: the blocker over
hours is therefore taken anew for a version that waits. What is decided stays as it was.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from domain.period import Period
from domain.plan import PlanVersion
from domain.principal import Principal
from domain.record import decimal_string

if TYPE_CHECKING:
    from api.workspace import Workspace


def judged_today(workspace: Workspace, principal: Principal, version: PlanVersion) -> PlanVersion:
    """Return a waiting version with today's promised hours and the blocker they make.

    The content returned is for reading and judging; its hash is not that of the stored
    one. A version that does not wait for a decision comes back unchanged.
    """
    from store.records import StoreRecords
    from tools.practicality import OVER_CAPACITY, capacity_blocker

    if version.status != "in_review":
        return version
    content = version.content
    schedule = content.schedule
    promised = StoreRecords(workspace.store, principal).committed_hours(
        content.owner_id,
        Period(content.period_start, content.period_end),
        except_plan=version.plan_id,
    )
    weeks = tuple(
        week.model_copy(
            update={"committed_hours": decimal_string(promised.get(week.week, Decimal(0)))}
        )
        for week in schedule.weeks
    )
    if weeks == schedule.weeks:
        return version
    schedule = schedule.model_copy(
        update={
            "weeks": weeks,
            "committed_hours": decimal_string(sum(promised.values(), Decimal(0))),
        }
    )
    others = tuple(item for item in content.report.blockers if item.code != OVER_CAPACITY)
    blocker = capacity_blocker(schedule)
    report = content.report.model_copy(
        update={"blockers": others if blocker is None else (*others, blocker)}
    )
    return version.model_copy(
        update={"content": content.model_copy(update={"schedule": schedule, "report": report})}
    )
