"""What accepting a rep's answer would cost the others, read off a design's prices."""

from __future__ import annotations

from datetime import date

import numpy as np

from domain.assignment import DesignPoint, Feedback
from domain.coverage import CoverageModel
from domain.record import Record
from tools.territory.case import Case
from tools.territory.feedback_checks import (
    check_feedback,
    name_of,
    owner_of,
    too_far_for,
    unit_of,
)
from tools.territory.relationships import DAYS_A_YEAR, relationship_value
from tools.territory.service import service
from tools.territory.weighing import Pair, Weighed


class FeedbackPrice(Record):
    """What accepting an answer costs the others, by a design's prices.

    `points` are points of the objective at the design's prices: nought where nothing
    changes, negative where it helps, missing where no price tells. `reps` are those it
    concerns, besides the rep who answered.
    """

    points: float | None
    reps: tuple[str, ...]
    told: str


def price_to_others(
    case: Case, point: DesignPoint, feedback: Feedback, coverage: CoverageModel, *, as_of: date
) -> FeedbackPrice:
    """Say what accepting an answer would cost, and whom, before anybody accepts it.

    Prices are those of the margin, read off the design: solving again may find a cheaper
    way round. A lock, like a keep, sets other rules aside, so it has a price even where a
    rule keeps the owner from the account. Hours of another tier and the value of another
    relationship are worked out as a new design would.

    Raises
    ------
    As `check_feedback`.
    """
    check_feedback(case, point, feedback, coverage, as_of=as_of)
    if feedback.answer == "agree":
        return FeedbackPrice(points=0.0, reps=(), told="Agreed: nothing changes.")
    weighed = Weighed.of(case, point)
    if feedback.answer == "keep":
        return _keep(weighed, feedback)
    if feedback.answer == "too_far":
        return _too_far(weighed, point, feedback)
    if feedback.answer == "wrong_tier":
        return _wrong_tier(weighed, feedback, coverage)
    return _relationship(weighed, feedback, coverage, as_of)


def _keep(weighed: Weighed, feedback: Feedback) -> FeedbackPrice:
    case, account = weighed.case, feedback.account_id
    unit, owner = unit_of(case, account), case.rep_index(owner_of(case, account) or "")
    chosen = int(weighed.chosen[unit])
    name, keeper = name_of(case, account), case.reps[owner].name
    if chosen < 0 or int(weighed.problem.rep[chosen]) == owner:
        return FeedbackPrice(
            points=0.0, reps=(), told=f"{name} stays with {keeper} in this design anyway."
        )
    pair = weighed.pair(unit, owner)
    gets = case.reps[int(weighed.problem.rep[chosen])]
    if pair is None:
        return FeedbackPrice(
            points=None,
            reps=(gets.rep_id,),
            told=f"More than one rule keeps {name} from {keeper}; setting them aside with a lock "
            f"{_worth(None)}.",
        )
    points = _dearer(weighed, pair, weighed.eligible(chosen))
    potential = float(weighed.problem.potential[unit])
    words = (
        f"Keeping {name} with {keeper} {_worth(points)}: {gets.name} goes without "
        f"{potential:,.0f} of potential and {weighed.problem.hours[unit]:,.0f} h of work, "
        f"and {keeper} keeps them."
    )
    if pair.rule:
        words += " The lock sets a rule aside that keeps the account from its owner."
    return FeedbackPrice(points=points, reps=(gets.rep_id,), told=words)


def _too_far(weighed: Weighed, point: DesignPoint, feedback: Feedback) -> FeedbackPrice:
    case, problem = weighed.case, weighed.problem
    unit, name = unit_of(case, feedback.account_id), name_of(case, feedback.account_id)
    distant = case.rep_index(too_far_for(case, point, feedback) or "")
    pairs = np.arange(problem.first[unit], problem.first[unit + 1])
    others = pairs[problem.rep[pairs] != distant]
    if not len(others):
        return FeedbackPrice(
            points=None,
            reps=(),
            told=f"No other rep may have {name}: it would be left without a rep.",
        )
    best = int(others[np.argmin(weighed.costs[others])])
    now = weighed.pair(unit, distant)
    points = _dearer(weighed, weighed.eligible(best), now) if now is not None else None
    to = case.reps[int(problem.rep[best])]
    return FeedbackPrice(
        points=points,
        reps=(to.rep_id,),
        told=f"Sparing {case.reps[distant].name} the trips to {name} {_worth(points)}: it "
        f"would go to {to.name}, with {problem.hours[unit]:,.0f} h of work.",
    )


def _wrong_tier(weighed: Weighed, feedback: Feedback, coverage: CoverageModel) -> FeedbackPrice:
    case, problem, prices = weighed.case, weighed.problem, weighed.prices
    row = case.accounts.loc[[feedback.account_id]].assign(tier=feedback.tier)
    before = float(case.accounts["hours"].to_dict()[feedback.account_id])
    more = float(service(row, coverage, case.period)["hours"].iloc[0]) - before
    unit, name = unit_of(case, feedback.account_id), name_of(case, feedback.account_id)
    chosen = int(weighed.chosen[unit])
    change = f"As {feedback.tier}, {name} takes {before + more:,.1f} h instead of {before:,.1f} h"
    if chosen < 0:
        return FeedbackPrice(points=None, reps=(), told=f"{change}; nobody has it in this design.")
    rep = int(problem.rep[chosen])
    hourly = prices.work[rep] / problem.work_target[rep]
    if problem.capacity[rep] > 0:
        hourly += prices.capacity[rep] / problem.capacity[rep]
    points = float(hourly) * more
    who = case.reps[rep]
    others = () if who.rep_id == feedback.rep_id else (who.rep_id,)
    return FeedbackPrice(
        points=points,
        reps=others,
        told=f"{change} of {who.name}'s time, which {_worth(points)}.",
    )


def _relationship(
    weighed: Weighed, feedback: Feedback, coverage: CoverageModel, as_of: date
) -> FeedbackPrice:
    case, account = weighed.case, feedback.account_id
    name, unit = name_of(case, account), unit_of(case, account)
    chosen, owner = int(weighed.chosen[unit]), case.rep_index(owner_of(case, account) or "")
    keeper = case.reps[owner].name
    if chosen < 0 or int(weighed.problem.rep[chosen]) == owner:
        return FeedbackPrice(
            points=0.0, reps=(), told=f"{name} stays with {keeper} in this design anyway."
        )
    assert feedback.since is not None  # check_feedback has seen to it
    years = (as_of - feedback.since).days / DAYS_A_YEAR
    accounts = case.accounts
    row = accounts.loc[[account]].assign(relationship_years=years)
    value = float(relationship_value(row, coverage.territory).iloc[0])
    at_stake = float(accounts["relationship"][weighed.accounts.owner >= 0].sum())
    before = float(accounts["relationship"].to_dict()[account])
    more = (value - before) / at_stake if at_stake > 0 else 0.0
    charge = weighed.problem.weights.disruption * 100.0 * more
    gets = case.reps[int(weighed.problem.rep[chosen])]
    stay = weighed.pair(unit, owner)
    keep = (
        _dearer(weighed, stay, weighed.eligible(chosen))
        if stay is not None and not stay.rule
        else float("inf")
    )
    # A dearer move is paid for or not made, whichever is cheaper.
    stays = charge > keep
    points = keep if stays else charge
    words = (
        f"then it would stay with {keeper}, and {gets.name} goes without it"
        if stays
        else f"it would still go to {gets.name}, since keeping it costs more"
    )
    return FeedbackPrice(
        points=points,
        reps=(gets.rep_id,),
        told=f"Known since {feedback.since.isoformat()}, {name} has {more:+.2%} of the book's "
        f"relationship value: {words}. That {_worth(points)}.",
    )


def _worth(points: float | None) -> str:
    if points is None:
        return "has a price that only a new design can tell"
    return f"{'costs' if points >= 0 else 'gains'} {abs(points):.2f} points"


def _dearer(weighed: Weighed, pair: Pair, than: Pair) -> float:
    return sum(part.points for part in weighed.against(pair, than))
