"""Why a territory stands where it stands: what the rows say, or a guess that says it is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from agent.cycle.pen import Pen, first, value_of
from domain.plan import Claim
from domain.review import Measure, QuarterData, TerritoryRow, Trigger

MAIN = "bookings"
_MANY = Decimal("0.25")
"""Share of the plays planned from which late and dropped ones explain a gap."""
_LOST = ("deal_slipped", "renewal_slipped", "pipeline_changed", "competitor_appeared")


def cause_sentences(pen: Pen, data: QuarterData, triggers: Sequence[Trigger]) -> Iterator[Claim]:
    """Write `cause.REP` for each territory with a plan, in the order of the data.

    A territory that is behind is told by what was not done where the rows say so: plays
    late or dropped, touches not made. Else by the largest change in it, and then as a guess:
    that it happened is on file, that it is the cause is not. Without any change the gap is
    told with the words that nothing on file explains it.
    """
    for row in data.territories:
        main = row.measure(MAIN)
        told = _cause(pen, row, main, triggers) if row.plan_id is not None else None
        if told is not None:
            yield told


def _cause(
    pen: Pen, row: TerritoryRow, main: Measure | None, triggers: Sequence[Trigger]
) -> Claim | None:
    if main is None or main.reading == "unknown":
        return None
    key = f"cause.{row.rep_id}"
    if main.reading != "behind":
        return pen.write(
            key, "metric", pen.about(main.actual),
            "Bookings are {{actual}}, and {{due}} was due by now: nothing to explain.",
            {"actual": main.actual, "due": main.due},
        )  # fmt: skip
    return first(
        _undone(pen, key, row),
        _quiet(pen, key, row),
        _guess(pen, key, row, triggers),
        _unexplained(pen, key, main),
    )


def _undone(pen: Pen, key: str, row: TerritoryRow) -> Claim | None:
    late = value_of(row.plays.late) + value_of(row.plays.dropped)
    planned = value_of(row.plays.planned)
    if not planned or late / planned < _MANY:
        return None
    counts = {"planned": row.plays.planned, "late": row.plays.late}
    text = "Of {{planned}} plays planned, {{late}} are late"
    if value_of(row.plays.dropped):
        counts["dropped"] = row.plays.dropped
        text += " and {{dropped}} were dropped"
    return pen.write(
        key, "metric", pen.about(row.plays.planned),
        f"{text}: what was promised was not done.", counts,
    )  # fmt: skip


def _quiet(pen: Pen, key: str, row: TerritoryRow) -> Claim | None:
    touches = row.measure("touches")
    if touches is None or touches.reading != "behind":
        return None
    return pen.write(
        key, "metric", pen.about(touches.actual),
        "{{actual}} touches were made, and {{due}} were due by now: fewer talks than the plan "
        "asked for.",
        {"actual": touches.actual, "due": touches.due},
    )  # fmt: skip


def _guess(pen: Pen, key: str, row: TerritoryRow, triggers: Sequence[Trigger]) -> Claim | None:
    lost = [item for item in triggers if item.rep_id == row.rep_id and item.kind in _LOST]
    lost.sort(key=lambda item: (-value_of(item.amount), item.trigger_id))
    for trigger in lost:
        account = f"account:{trigger.account_id}"
        name = pen.name(account)
        if name is None or not value_of(trigger.amount):
            continue
        if trigger.kind == "deal_slipped":
            told = pen.write(
                key, "assumption", account,
                "We guess that it is {{deal}} of {{name}}: a deal worth {{amount}} slipped.",
                {"deal": pen.name(trigger.subject), "name": name, "amount": trigger.amount},
            )  # fmt: skip
        elif trigger.kind == "renewal_slipped":
            told = pen.write(
                key, "assumption", account,
                "We guess that it is {{name}}: the regular order did not come, and the last order "
                "was worth {{amount}}.",
                {"name": name, "amount": trigger.amount},
            )  # fmt: skip
        elif trigger.kind == "pipeline_changed" and _fell(trigger):
            told = pen.write(
                key, "assumption", account,
                "We guess that it is {{name}}, where {{amount}} of pipeline went away.",
                {"name": name, "amount": trigger.amount},
            )  # fmt: skip
        else:
            continue
        if told is not None:
            return told
    return None


def _fell(trigger: Trigger) -> bool:
    return value_of(trigger.after) < value_of(trigger.before)


def _unexplained(pen: Pen, key: str, main: Measure) -> Claim | None:
    return pen.write(
        key, "assumption", pen.about(main.actual),
        "Bookings are {{actual}}, and {{due}} was due by now; nothing on file says why, so any "
        "cause would be a guess.",
        {"actual": main.actual, "due": main.due},
    )  # fmt: skip
