"""Where the coverage model is off: minutes it plans for a touch against those that were logged."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from domain.review import OpensCoverage, Trigger
from tools.cycle.proposals import Ground, Proposal


def model_off(ground: Ground, lost: Sequence[Trigger]) -> list[Proposal]:
    """Propose other minutes for kinds of play whose touches took another time.

    Only where plans are no longer followed (`lost`): a rule that is off and harms nobody
    can wait. Read are the touches of the review's reps between the two books whose length
    was logged, at least `review.model_off_touches` of a kind, off by more than
    `review.model_off_share`. The value is the average, rounded to five minutes.
    """
    if not lost:
        return []
    rules, reps = ground.after.coverage.review, set(ground.reps)
    rows = ground.after.book["activities"]
    days = rows["occurred"]
    inside = (days > pd.Timestamp(ground.before.as_of)) & (days <= pd.Timestamp(ground.after.as_of))
    rows = rows[inside & rows["rep_id"].isin(reps) & rows["minutes"].notna()]
    found = []
    for kind, logged in rows.groupby("kind", observed=True):
        play = ground.after.coverage.plays.get(str(kind))
        if play is None or len(logged) < rules.model_off_touches:
            continue
        total = int(logged["minutes"].sum())
        average = Decimal(total) / len(logged)
        if abs(average - play.minutes) <= Decimal(repr(rules.model_off_share)) * play.minutes:
            continue
        rounded = int((average / 5).quantize(Decimal(1), ROUND_HALF_UP)) * 5
        if not 0 < rounded <= 960 or rounded == play.minutes:
            continue
        found.append(_proposal(ground, str(kind), play.minutes, total, len(logged), rounded, lost))
    return found


def _proposal(
    ground: Ground,
    kind: str,
    planned: int,
    total: int,
    touches: int,
    rounded: int,
    lost: Sequence[Trigger],
) -> Proposal:
    entity, reps = f"play:{kind}", ground.reps
    hours = Decimal("0.01")
    missed = (Decimal(total - planned * touches) / 60).quantize(hours)
    average = (Decimal(total) / touches / 60).quantize(hours)
    cost = (
        ground.figure(
            entity, "touch_hours_planned", "hours", f"Hours planned for a {kind}",
            (Decimal(planned) / 60).quantize(hours), reps=reps,
        ),
        ground.figure(
            entity, "touch_hours_missed", "hours", "Hours beyond those planned", missed, reps=reps
        ),
    )  # fmt: skip
    gain = (
        ground.figure(
            entity, "touch_hours_found", "hours", f"Hours a {kind} took", average, reps=reps
        ),
    )
    against = (
        ground.figure(
            entity, "touches_read", "count", "Touches that this rests on", touches, reps=reps
        ),
        ground.change_age(entity, reps),
    )
    opens = OpensCoverage(key=f"plays.{kind}.minutes", value=str(rounded))
    return Proposal(opens, tuple(lost), None, None, cost, gain, against)
