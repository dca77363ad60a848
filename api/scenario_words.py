"""Sentences and rows of a scenario's report, from the records of its designs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from api.amounts import DASH, count, money, percent, signed
from api.page_look import day
from domain.assignment import (
    Constraint,
    DesignPoint,
    Feedback,
    Forbid,
    Frontier,
    Lock,
    MostMoves,
    Move,
    MoveChoice,
    Prefer,
    Relationship,
    TierCorrection,
    Window,
)

if TYPE_CHECKING:
    from tools.territory.before_after import BeforeAfter

Names = Mapping[str, str]
_ANSWERS = {
    "agree": "agrees",
    "keep": "would keep it",
    "too_far": "finds it too far",
    "wrong_tier": "finds the tier wrong",
    "relationship_since": "has known it longer",
}


def verdict(frontier: Frontier, point: DesignPoint) -> str:
    """Say in a breath what the design does and how much better any other could be."""
    before, after = frontier.points[0].figures, point.figures
    moved, placed = after.accounts_moved, placed_accounts(point)
    if not moved and not placed:
        told = (
            "No account moves. The spread of potential stays "
            f"{percent(after.spread_potential)}, that of workload {percent(after.spread_workload)}."
        )
    else:
        parts = [count(moved, "move")] * bool(moved)
        parts += [f"{count(placed, 'account')} placed that nobody here owns"] * bool(placed)
        verb = "brings" if moved + placed == 1 else "bring"
        told = (
            f"{' and '.join(parts)} {verb} the spread of potential from "
            f"{percent(before.spread_potential)} to {percent(after.spread_potential)}, and that of "
            f"workload from {percent(before.spread_workload)} to {percent(after.spread_workload)}."
        )
    return f"{told} {best_possible(point)}"


def placed_accounts(point: DesignPoint) -> int:
    """Count the accounts that a design places and that no rep of the scenario owns today."""
    return sum(move.from_rep is None for move in point.moves)


def listed_moves(point: DesignPoint) -> str:
    """Say how many accounts a design lists, and how many of them leave nobody."""
    told = count(len(point.moves), "move")
    placed = placed_accounts(point)
    return f"{told}, {placed} of them of accounts nobody here owns" if placed else told


def best_possible(point: DesignPoint) -> str:
    """Say how much better the best design under the same rules can be, at most."""
    if point.broken:
        return "It breaks rules that every other design of the row keeps."
    if point.gap < 0.005:
        return "No design under these rules is better."
    share = f" ({percent(point.gap / point.bound)})" if point.bound > 0 else ""
    return f"At most {point.gap:.1f} points{share} better is possible under these rules."


def next_step(frontier: Frontier, point: DesignPoint) -> str:
    """Say what the next design of the row would move, and gain."""
    place = frontier.points.index(point) + 1
    told = _further(point, frontier.points[place] if place < len(frontier.points) else None)
    if point.index == frontier.suggested:
        return f"{told} {frontier.suggested_why}"
    suggested = frontier.points[frontier.suggested]
    moves = count(suggested.figures.accounts_moved, "move")
    return f"{told} Suggested is {suggested.label} with {moves}. {frontier.suggested_why}"


def _further(point: DesignPoint, following: DesignPoint | None) -> str:
    if following is None:
        return "This is the last design of the row, the most balanced one."
    further = following.figures
    more = further.accounts_moved - point.figures.accounts_moved
    gain = (point.figures.spread_potential - further.spread_potential) * 100
    told = (
        f"take {gain:.1f} points off the spread of potential"
        if gain >= 0.05
        else f"add {-gain:.1f} points to the spread of potential"
        if gain <= -0.05
        else "leave the spread of potential as it is"
    )
    if more <= 0:
        return f"The next design moves no more accounts and would {told}."
    return f"The next {count(more, 'move')} would {told}."


def rules(
    frontier: Frontier, point: DesignPoint, accounts: Names, reps: Names
) -> list[tuple[str, str]]:
    """Return each priced rule with its price, the dearest first."""
    locks = {
        item.account_id: constraint_words(item, accounts, reps)
        for item in frontier.constraints
        if isinstance(item, Lock)
    }
    told = []
    for price in sorted(point.rule_prices, key=lambda price: (-price.points, price.told)):
        lock = locks.get(price.account_id or "") if price.rule == "lock" else None
        told.append((f"{lock} {price.told}" if lock else price.told, f"{price.points:.2f}"))
    return told


def limits(frontier: Frontier, accounts: Names, reps: Names) -> list[str]:
    """Return every constraint that people set, in words."""
    return [constraint_words(item, accounts, reps) for item in frontier.constraints]


def constraint_words(item: Constraint, accounts: Names, reps: Names) -> str:
    """Say what a constraint asks, who answers for it and until when."""
    if isinstance(item, MostMoves):
        if item.accounts is not None:
            verb = "changes" if item.accounts == 1 else "change"
            return f"At most {count(item.accounts, 'account')} {verb} hands."
        if item.accounts_share is not None:
            return f"At most {percent(item.accounts_share)} of accounts change hands."
        return f"At most {percent(item.value_share or 0)} of relationship value changes hands."
    if isinstance(item, Window):
        who = ", ".join(reps.get(rep, rep) for rep in item.reps) or "every rep"
        low, high = signed(item.low * 100), signed(item.high * 100)
        return f"{item.measure.capitalize()} of {who} stays within {low} % and {high} % of target."
    account = accounts.get(item.account_id, item.account_id)
    by = f" ({item.by}: {item.reason})" if item.reason else f" ({item.by})"
    if isinstance(item, Lock):
        until = f" until {day(item.until)}" if item.until else ", with no end set"
        return f"{account} is locked to {reps.get(item.rep_id, item.rep_id)}{until}{by}."
    if isinstance(item, Forbid):
        return f"{account} does not go to {reps.get(item.rep_id, item.rep_id)}{by}."
    if isinstance(item, Prefer):
        rep = reps.get(item.rep_id, item.rep_id)
        return f"{account} with {rep} counts {signed(item.points, 2)} points{by}."
    if isinstance(item, TierCorrection):
        return f"{account} is worked as {item.tier.replace('_', ' ')}{by}."
    assert isinstance(item, Relationship)
    return f"{account} has known its owner since {day(item.since)}{by}."


def prices(move: Move) -> str:
    """Return the prices behind a move: `potential +0.31, travel −0.12`."""
    return ", ".join(f"{part.name} {signed(part.points, 2)}" for part in move.parts)


def keeping(move: Move) -> str:
    """Say what it would cost to leave the account with its owner."""
    if move.points is None:
        return move.why_not_stay or "cannot stay"
    return signed(move.points, 2)


def relationship(move: Move) -> str:
    """Say how long the owner has known the account."""
    if move.relationship_years is not None:
        return f"{move.relationship_years:.1f} years"
    if move.from_rep is None:
        return "No owner"
    return "Prospect" if not move.revenue else "None on record"


def certainty(point: DesignPoint) -> list[str]:
    """Say how far the design can be trusted, and how far it is from the best."""
    told = []
    if point.robustness is not None:
        told.append(
            f"In {percent(point.robustness)} of random draws of potential, between the middle and "
            "the upper end of what each account may be worth, the design stays within tolerance."
        )
    else:
        told.append("How it holds up when potential is off was not worked out.")
    if point.broken:
        told.append(f"It breaks {count(len(point.broken), 'rule')}: {' '.join(point.broken)}")
    else:
        told.append(
            f"Its objective is {point.objective:.2f} points; a proven lower limit for every design "
            f"under these rules is {point.bound:.2f} points. {best_possible(point)}"
        )
    return told


def compared(figures: BeforeAfter) -> list[tuple[str, str, str]]:
    """Return the rows of the table before and after."""
    before, after = figures.before, figures.after

    def share(value: float | None) -> str:
        return DASH if value is None else percent(value, 1)

    return [
        ("Accounts of the market with an owner", share(before.coverage.share),
         share(after.coverage.share)),
        ("Potential of the market with an owner", share(before.coverage.potential_share),
         share(after.coverage.potential_share)),
        ("Spread of potential, in money", share(before.potential.variation),
         share(after.potential.variation)),
        ("Spread of the workload index", share(before.workload_index.variation),
         share(after.workload_index.variation)),
        ("Spread of attainment (after: projected)", share(before.attainment.variation),
         share(after.attainment.variation)),
        ("Spread of attainment, had quotas followed potential", DASH,
         share(figures.attainment_by_potential.variation)),
        ("Attainment in two groups", before.bimodality.verdict, after.bimodality.verdict),
        ("Win rate of the territories", share(before.win_rate), share(after.win_rate)),
        ("Warnings", "; ".join(flag.told for flag in before.flags) or "none",
         "; ".join(flag.told for flag in after.flags) or "none"),
    ]  # fmt: skip


def territories(figures: BeforeAfter) -> list[tuple[str, tuple[str, ...]]]:
    """Return a row a rep: what the territory was and is, its quotas and the odds of each."""

    def share(value: float | None) -> str:
        return DASH if value is None else percent(value)

    def change(was: str, now: str) -> str:
        return DASH if was == now == DASH else f"{was} → {now}"

    def index(value: float | None) -> str:
        return DASH if value is None else f"{value:.2f}"

    def worth(value: float | None) -> str:
        return money(value, figures.currency)

    return [
        (
            rep.name,
            (
                change(worth(rep.before.potential), worth(rep.after.potential)),
                change(index(rep.before.workload_index), index(rep.after.workload_index)),
                change(share(rep.before.attainment), share(rep.after.attainment)),
                change(share(rep.before.win_rate), share(rep.after.win_rate)),
                worth(rep.present_quota),
                share(rep.odds_present),
                worth(rep.quota_by_potential),
                share(rep.odds_by_potential),
            ),
        )
        for rep in figures.reps
    ]


def answers(
    choices: Sequence[MoveChoice], feedback: Sequence[Feedback], people: Names
) -> dict[str, list[str]]:
    """Return what people said of each move: decisions first, then the reps' words."""
    said: dict[str, list[str]] = defaultdict(list)
    for choice in choices:
        verb = "Accepted" if choice.choice == "accept" else "Kept"
        said[choice.account_id].append(
            f"{verb} by {people.get(choice.person, choice.person)}"
            + (f": {choice.reason}" if choice.reason else "")
        )
    for item in feedback:
        who = people.get(item.rep_id, item.person)
        said[item.account_id].append(
            f"{who} {_ANSWERS[item.answer]}" + (f": {item.reason}" if item.reason else "")
            + f" ({item.status})" * (item.answer != "agree")
        )  # fmt: skip
    return said


def decided(point: DesignPoint, choices: Sequence[MoveChoice], feedback: Sequence[Feedback]) -> str:
    """Count what is decided, and the objections nobody has settled."""
    moves = {move.account_id for move in point.moves}
    accepted = sum(c.choice == "accept" and c.account_id in moves for c in choices)
    objections = sum(item.answer != "agree" and item.status == "open" for item in feedback)
    told = f"{accepted} of {count(len(moves), 'move')} accepted so far"
    return f"{told}; {count(objections, 'objection')} of reps open." if feedback else f"{told}."


def method(frontier: Frontier) -> list[str]:
    """Say in five lines how the design was made."""
    designs = count(len(frontier.points) - 1, "design")
    return [
        "Each account goes to one rep who may have it: segment, industry, language, region, "
        "distance and locks decide who may. Hours with travel stay within every rep's capacity.",
        "A design is searched that keeps workload and potential near each rep's target, breaks "
        f"few relationships and spends few hours on the road: {designs} besides the present one, "
        "each with another weight on relationships.",
        "Spread is the coefficient of variation between reps: standard deviation over mean. One "
        "point is 1 % of mean deviation from target, or 1 % of the team's hours on the road; "
        "the further off target, the more a further deviation counts.",
        "Prices of hours, potential, capacity and accounts give a proven lower limit for every "
        "possible design, and say why each account moves and what each rule costs.",
        f"Same book, rules, seed ({frontier.seed}) and steps ({frontier.steps:,}) give the same "
        "designs. Potential is estimated from comparable accounts; it is no forecast.",
    ]
