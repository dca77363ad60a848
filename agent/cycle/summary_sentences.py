"""The management summary: at most five sentences that a manager decides by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.cycle.change_sentences import key_of
from agent.cycle.context import ReviewParts
from agent.cycle.pen import Pen, first, value_of
from domain.plan import Claim
from domain.review import Adjustment, Measure, OpensCoverage, OpensScenario, OpensTerritoryPlan

_READING = {
    "behind": "That is behind what was due by now.",
    "ahead": "That is ahead of what was due by now.",
    "on track": "That is on track.",
    "unknown": "",
}


def summary_sentences(
    pen: Pen, parts: ReviewParts, changes: Sequence[Claim], advice: Sequence[Claim]
) -> Iterator[Claim]:
    """Write what was planned, what came, why, and what to decide; what is unknown is left out.

    Parameters
    ----------
    changes, advice
        The sentences on changes and on recommendations, which the summary rests on.
    """
    data = parts.data
    told = (
        _bookings(pen, data.measure("bookings"), data.measure("attainment")),
        _leading(pen, parts),
        _spread(pen, parts),
        _weightiest(parts, changes),
        _decide(pen, parts, advice),
    )
    yield from (claim for claim in told if claim is not None)


def _bookings(pen: Pen, booked: Measure | None, attained: Measure | None) -> Claim | None:
    if booked is None:
        return None
    team = pen.about(booked.actual)
    reading = _READING[booked.reading]
    both = {"actual": booked.actual, "plan": booked.plan}
    share = None if attained is None else attained.actual
    return first(
        pen.write(
            "summary.bookings", "metric", team,
            "Bookings came to {{actual}}, and {{plan}} was planned: an attainment of {{share}}. "
            f"{reading}".strip(),
            {**both, "share": share},
        ),
        pen.write(
            "summary.bookings", "metric", team,
            f"Bookings came to {{{{actual}}}}, and {{{{plan}}}} was planned. {reading}".strip(),
            both,
        ),
        pen.write(
            "summary.bookings", "metric", team, "Bookings came to {{actual}}.",
            {"actual": booked.actual},
        ),
    )  # fmt: skip


def _leading(pen: Pen, parts: ReviewParts) -> Claim | None:
    plays, opened = parts.data.plays, parts.data.measure("new_pipeline")
    counts = {"planned": plays.planned, "done": plays.done, "late": plays.late}
    text = "Of {{planned}} plays planned, {{done}} are done and {{late}} late"
    if value_of(plays.dropped):
        counts["dropped"] = plays.dropped
        text += ", {{dropped}} were dropped"
    team = pen.about(plays.planned)
    if opened is not None and value_of(plays.planned):
        both = {**counts, "actual": opened.actual, "plan": opened.plan}
        more = "; {{actual}} of new pipeline was opened, and {{plan}} was planned."
        told = pen.write("summary.leading", "metric", team, text + more, both)
        if told is not None:
            return told
    if not value_of(plays.planned):
        return None
    return pen.write("summary.leading", "metric", team, text + ".", counts)


def _spread(pen: Pen, parts: ReviewParts) -> Claim | None:
    """Name a problem of territories, which two groups of attainment are, as one."""
    if not parts.data.territory_problem:
        return None
    return pen.write(
        "summary.spread", "metric", pen.about(parts.data.spread),
        "Attainment falls apart into groups, with a spread of {{spread}}: look at the territories "
        "before looking at the people.",
        {"spread": parts.data.spread},
    )  # fmt: skip


def _weightiest(parts: ReviewParts, changes: Sequence[Claim]) -> Claim | None:
    """Repeat the change with most money at stake that a recommendation answers."""
    by_key = {claim.key: claim for claim in changes}
    answered = {key for item in parts.adjustments for key in item.triggers}
    found = [
        trigger
        for trigger in parts.triggers
        if trigger.trigger_id in answered and key_of(trigger.trigger_id) in by_key
    ]
    if not found:
        return None
    most = min(found, key=lambda item: (-value_of(item.amount), item.trigger_id))
    told = by_key[key_of(most.trigger_id)]
    text = f"What weighs most: {told.text}"
    return told.model_copy(update={"key": "summary.change", "text": text})


def _decide(pen: Pen, parts: ReviewParts, advice: Sequence[Claim]) -> Claim | None:
    keys = [claim.key for claim in advice if claim.key.startswith("adjustment.")]
    booked = parts.data.measure("bookings")
    team = pen.about(booked.actual if booked is not None else None)
    if not team:
        team = next((claim.subject for claim in advice), "")
    if not keys:
        cites = pen.all_of(filter(None, [booked.actual.evidence_id if booked else None]))
        if not cites:
            return None
        return pen.write(
            "summary.decide", "recommendation", team,
            "Nothing that changed asks for a decision: keep to the plans there are.", {},
            cites=cites,
        )  # fmt: skip
    asked = list(dict.fromkeys(_asked(item) for item in parts.adjustments))
    return pen.write(
        "summary.decide", "recommendation", team,
        f"To decide now: {'; '.join(asked)}. Everything else can wait for the next plan.", {},
        premises=keys,
    )  # fmt: skip


def _asked(item: Adjustment) -> str:
    """What a recommendation asks a person to decide about, without names."""
    opens = item.opens
    if isinstance(opens, OpensTerritoryPlan):
        return "territory plans that no longer fit"
    if isinstance(opens, OpensCoverage):
        return "the hours that touches really take"
    if not isinstance(opens, OpensScenario):
        return "the plans of accounts where money is at stake"
    return {
        "rep_leaves": "owners for the accounts of a rep who left",
        "rep_joins": "a territory for a newcomer",
        "acquisition": "a family under several owners",
        "new_product": "who hears of the new line",
        "account_changed": "accounts that became larger or smaller",
        "wants_account": "",
    }[opens.event.kind]
