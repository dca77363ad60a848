"""Why an account moves, why it does not go to somebody else, and what would keep it.

All of it is read off the prices of a design: a pair costs what it takes of every priced
rule and target, and the price of staying is what the owner's pair costs more than the
proposed one. Prices are those of the margin. Solving again with the account fixed
gives the same answer to within the gaps of the two designs at the same prices y, namely
J_fixed - J_free = price + regret of the account + gap_fixed(y) - gap_free(y), in which the
regret (0 where the design took the cheapest pair) is a part of gap_free.
`docs/methodology.md#balancing` works an example by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from domain.assignment import Alternative, DesignPoint, Move, Part
from domain.errors import NotFound
from domain.record import Record
from tools.balance.problem import Ints
from tools.territory.case import Case
from tools.territory.move_reasons import Reasons, hours_words, points_words
from tools.territory.six_figures import rep_of_accounts, travel_hours
from tools.territory.weighing import Weighed

RULE_WORDS = {
    "lock": "it is locked to somebody else",
    "forbid": "an accepted objection rules this rep out",
    "segment": "the rep does not work its segment",
    "industry": "the rep does not work its industry",
    "language": "the rep does not speak its language",
    "time_zone": "their working days hardly overlap",
    "region": "it lies outside the rep's region",
    "nearby": "the rep has no accounts nearby",
    "named_account": "only named reps may have it, or the rep has named accounts only",
    "family": "its family is kept together elsewhere",
}
SEVERAL = "more than one rule keeps it from this rep"


class WhyNot(Record):
    """What giving an account to another rep would cost, by a design's prices.

    `points` is null where a rule forbids it; `rule` then says which.
    """

    account_id: str
    rep_id: str
    points: float | None
    rule: str = ""
    parts: tuple[Part, ...] = ()
    told: str


class WhatWouldKeep(Record):
    """What would have to be different for an account to stay; each way would do alone."""

    account_id: str
    points: float | None
    ways: tuple[str, ...]
    told: str


class Explanation(Record):
    """Everything a design's prices say of one account."""

    account_id: str
    rep_id: str | None
    move: Move | None
    keep: WhatWouldKeep
    alternatives: tuple[Alternative, ...]
    why_not: WhyNot | None = None


def moves_of(weighed: Weighed) -> tuple[Move, ...]:
    """List every account that a design gives to another rep, what matters most first.

    First accounts that cannot stay where they are, then by the price of staying. A family
    moves as one: each member tells the parts of the whole family.
    """
    told = _Told(weighed)
    moves = (told.move(at) for at in np.flatnonzero(told.moves).tolist())
    return tuple(
        sorted(
            moves,
            key=lambda move: (
                move.points is not None,
                -(move.points or 0.0),
                -move.potential,
                move.account_id,
            ),
        )
    )


def why_not(case: Case, point: DesignPoint, account_id: str, rep_id: str) -> WhyNot:
    """Price giving the account to `rep_id` instead of the rep the design proposes.

    Raises NotFound when the design has no such account or rep.
    """
    return _why_not(_Told(Weighed.of(case, point)), account_id, rep_id)


def what_would_keep(case: Case, point: DesignPoint, account_id: str) -> WhatWouldKeep:
    """Say what would have to change for the account to tie with staying where it is.

    Raises NotFound when the design has no such account.
    """
    told = _Told(Weighed.of(case, point))
    return _keep(told, told.at(account_id))


def explain(
    case: Case, point: DesignPoint, account_id: str, rep_id: str | None = None
) -> Explanation:
    """Gather all that the prices of a design say of one account.

    Parameters
    ----------
    rep_id
        Somebody else to price the account for, if any.

    Raises
    ------
    NotFound
        When the design has no such account or rep.
    """
    told = _Told(Weighed.of(case, point))
    at = told.at(account_id)
    to = int(told.to[at])
    return Explanation(
        account_id=account_id,
        rep_id=case.reps[to].rep_id if to >= 0 else None,
        move=told.move(at) if told.moves[at] else None,
        keep=_keep(told, at),
        alternatives=told.alternatives(int(told.unit[at])),
        why_not=None if rep_id is None else _why_not(told, account_id, rep_id),
    )


class _Told:
    """A weighed design with what its sentences need."""

    def __init__(self, weighed: Weighed) -> None:
        self.weighed, self.case = weighed, weighed.case
        self.accounts = weighed.accounts
        self.unit: Ints = self.accounts.unit
        self.to = rep_of_accounts(self.case, weighed.chosen)
        self.moves = (self.to >= 0) & (self.to != self.accounts.owner)
        self.reasons = Reasons(weighed)
        table = self.case.accounts
        self.gone = table["owner_id"].notna().to_numpy(bool) & (self.accounts.owner < 0)
        self.ids = [str(account) for account in table.index]
        self.names = [str(name) for name in table["name"]]
        value = table["relationship"].to_numpy(np.float64) * (self.accounts.owner >= 0)
        self.value = value / (value.sum() or 1.0)
        share = self.accounts.share
        self.road_to = travel_hours(self.case, self.unit, self.to) * share
        self.road_from = travel_hours(self.case, self.unit, self.accounts.owner) * share

    def at(self, account_id: str) -> int:
        try:
            return self.ids.index(account_id)
        except ValueError as error:
            raise NotFound(
                f"The design has no account {account_id}.",
                hint="Accounts left as they are stand under unplaced, with the reason.",
            ) from error

    def rep(self, rep_id: str) -> int:
        try:
            return self.case.rep_index(rep_id)
        except KeyError as error:
            reps = ", ".join(rep.rep_id for rep in self.case.reps)
            raise NotFound(
                f"The design has no rep {rep_id}.", hint=f"Its reps are {reps}."
            ) from error

    def travel_change(self, at: int) -> float:
        """Hours on the road that the move adds; all of them for an account without owner."""
        if self.accounts.owner[at] < 0:
            return float(self.road_to[at])
        change = float(self.road_to[at] - self.road_from[at])
        return 0.0 if np.isnan(change) else change

    def stay(self, at: int) -> tuple[float | None, str, tuple[Part, ...]]:
        """Price of keeping an account with its owner, or why it cannot stay; and the parts."""
        owner = int(self.accounts.owner[at])
        if owner < 0:
            cannot = "its owner is not among the reps" if self.gone[at] else "nobody owns it"
            return None, cannot, ()
        pair = self.weighed.pair(int(self.unit[at]), owner)
        if pair is None:
            return None, SEVERAL.replace("this rep", "its owner"), ()
        if pair.rule:
            return None, self.rule(at, pair.rule), ()
        parts = self.weighed.against(pair, self.weighed.eligible(int(self.chosen(at))))
        return sum(part.points for part in parts), "", parts

    def chosen(self, at: int) -> int:
        return int(self.weighed.chosen[self.unit[at]])

    def rule(self, at: int, rule: str) -> str:
        """Say which rule keeps the account from a rep, a lock with who answers for it."""
        for item in self.case.constraints:
            if rule == "lock" and item.kind == "lock" and item.account_id in self.members(at):
                name = self.reasons.name(item.rep_id)
                return f"it is locked to {name} by {item.by}: {item.reason}"
        return RULE_WORDS[rule]

    def members(self, at: int) -> tuple[str, ...]:
        return self.case.members[int(self.unit[at])]

    def alternatives(self, unit: int) -> tuple[Alternative, ...]:
        """Every other eligible rep with its price against the proposed one, cheapest first."""
        weighed, problem = self.weighed, self.weighed.problem
        pairs = np.arange(problem.first[unit], problem.first[unit + 1])
        own = weighed.chosen[unit]
        base = weighed.costs[own] if own >= 0 else weighed.cheapest[unit]
        others = [
            Alternative(
                rep_id=self.case.reps[int(problem.rep[pair])].rep_id,
                points=float(weighed.costs[pair] - base),
            )
            for pair in pairs
            if pair != own
        ]
        return tuple(sorted(others, key=lambda other: (other.points, other.rep_id)))

    def move(self, at: int) -> Move:
        owner, to = int(self.accounts.owner[at]), int(self.to[at])
        points, cannot, parts = self.stay(at)
        others = [
            other
            for other in self.alternatives(int(self.unit[at]))
            if owner < 0 or other.rep_id != self.case.reps[owner].rep_id
        ]
        change, years = self.travel_change(at), float(self.accounts.years[at])
        reason = self.reasons.sentence(
            owner=owner, to=to, points=points, cannot=cannot,
            next_best=others[0] if others else None, parts=parts, travel_change=change,
            relationship=float(self.value[at]), family=len(self.members(at)),
        )  # fmt: skip
        return Move(
            account_id=self.ids[at],
            account_name=self.names[at],
            from_rep=self.case.reps[owner].rep_id if owner >= 0 else None,
            to_rep=self.case.reps[to].rep_id,
            potential=float(self.accounts.potential[at]),
            revenue=float(self.accounts.revenue[at]),
            hours=float(self.accounts.hours[at]),
            travel_change=change,
            relationship_years=None if np.isnan(years) else years,
            relationship_share=float(self.value[at]),
            points=points,
            why_not_stay=cannot,
            parts=parts,
            next_best=others[0] if others else None,
            reason=reason,
        )


def _why_not(told: _Told, account_id: str, rep_id: str) -> WhyNot:
    at, rep = told.at(account_id), told.rep(rep_id)
    weighed, name = told.weighed, told.reasons.name(rep_id)
    pair = weighed.pair(int(told.unit[at]), rep)
    if pair is None or pair.rule:
        rule = SEVERAL if pair is None else told.rule(at, pair.rule)
        words = f"{told.names[at]} cannot go to {name}: {rule}."
        return WhyNot(account_id=account_id, rep_id=rep_id, points=None, rule=rule, told=words)
    chosen = told.chosen(at)
    if chosen < 0 or rep == int(told.to[at]):
        words = f"{told.names[at]} is with {name} in this design."
        if chosen < 0:
            words = f"{told.names[at]} is with nobody in this assignment; {name} may have it."
        return WhyNot(account_id=account_id, rep_id=rep_id, points=0.0, told=words)
    parts = weighed.against(pair, weighed.eligible(chosen))
    points = sum(part.points for part in parts)
    ends = "worse" if points >= 0 else "better"
    words = (
        f"{told.names[at]} at {name} instead of {told.reasons.names[told.to[at]]} would be "
        f"{points_words(abs(points))} {ends} by this design's prices"
    )
    against = sorted((part for part in parts if part.points > 0), key=lambda part: -part.points)
    because = ", ".join(f"{part.name} {part.points:+.2f}" for part in against[:2])
    words += f" ({because})." if because and points >= 0 else "."
    return WhyNot(account_id=account_id, rep_id=rep_id, points=points, parts=parts, told=words)


def _keep(told: _Told, at: int) -> WhatWouldKeep:
    account, name = told.ids[at], told.names[at]
    if not told.moves[at]:
        return WhatWouldKeep(account_id=account, points=0.0, ways=(), told=f"{name} stays.")
    points, cannot, _ = told.stay(at)
    if points is None:
        words = f"{name} cannot stay: {cannot}."
        return WhatWouldKeep(account_id=account, points=None, ways=(), told=words)
    owner = told.reasons.names[told.accounts.owner[at]]
    if points <= 0:
        words = (
            f"By this design's prices {name} could as well stay with {owner} "
            f"({points_words(-points)} better); the move comes with others."
        )
        return WhatWouldKeep(account_id=account, points=points, ways=(), told=words)
    ways = tuple(_ways(told, at, points))
    words = f"{name} would stay with {owner} if it were {points_words(points)} cheaper there"
    words += f": {'; or '.join(ways)}." if ways else "."
    return WhatWouldKeep(account_id=account, points=points, ways=ways, told=words)


def _ways(told: _Told, at: int, points: float) -> Iterator[str]:
    """Each single change that makes staying tie with moving."""
    weighed, unit = told.weighed, int(told.unit[at])
    problem, prices = weighed.problem, weighed.prices
    old, new = int(told.accounts.owner[at]), int(told.to[at])
    whose = "the family's" if len(told.members(at)) > 1 else "its"
    stake = problem.weights.disruption * 100.0
    if stake > 0:
        share = points / stake
        yield f"{whose} relationship value were {share:.2%} of the book's more"
    per_hour = prices.work / problem.work_target + prices.capacity / problem.capacity
    hourly = float(per_hour[old] - per_hour[new])
    hours = float(problem.hours[unit])
    if hourly > 0 and points / hourly <= hours:
        yield f"it took {hours_words(points / hourly)} less of the {hours_words(hours)} it takes"
    per_currency = prices.potential / problem.potential_target
    worth, potential = float(per_currency[old] - per_currency[new]), float(problem.potential[unit])
    if worth > 0 and points / worth <= potential:
        yield f"{whose} potential were {points / worth:,.0f} less than {potential:,.0f}"
    pair = weighed.pair(unit, old)
    road = problem.weights.travel * 100.0 / float(problem.capacity.sum())
    road += float(prices.capacity[old] / problem.capacity[old])
    if pair is not None and road > 0 and points / road <= pair.travel:
        yield f"the trips of {told.reasons.names[old]} took {hours_words(points / road)} less"
    yield f"somebody's wish for it counted {points_words(points)} (a preference, or a lock)"
