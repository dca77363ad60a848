"""What a quarter's tracking reads, prepared once for all territories."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from domain.cycle_version import CycleVersion
from domain.evidence import REPS_JOINED_BY
from domain.period import Period
from domain.plan import PlanVersion
from domain.quarter import Quarter, quarter_at
from domain.record import content_hash
from domain.territory_plan import CalendarItem, TerritoryPlanContent
from tools.cycle.played import PlayTold, in_force, plays_told
from tools.cycle.side import Side
from tools.cycle.sold import Sold, money_sums, sold
from tools.cycle.told import ANALYSIS, VERSION, Teller
from tools.cycle.touched import Days, Touches, WeekOf, accounts_planned, touches_of

_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class PlanInForce:
    """A rep's approved territory plan, and its items for that rep."""

    plan_id: str
    version: int
    content: TerritoryPlanContent
    items: tuple[CalendarItem, ...]


@dataclass(frozen=True)
class Ground:
    """Both books read for one quarter. `through` is the last day of it that has passed."""

    before: Side
    after: Side
    quarter: Quarter
    through: date
    territory_plans: Mapping[str, PlanInForce]
    plans: Sequence[PlanVersion]
    confirmed: frozenset[str]
    touches: Touches
    engaged: frozenset[str]
    met: frozenset[WeekOf] | None
    days: Days | None
    plays: Sequence[PlayTold]
    sold: Sold
    automated: frozenset[str]

    @property
    def gone(self) -> Period:
        """The days of the quarter up to the later book's date."""
        return Period(self.quarter.period.start, self.through)

    @cached_property
    def plays_of(self) -> Mapping[str, Sequence[PlayTold]]:
        """Plays by the rep whose plan they are of."""
        return _grouped((play.owner_id, play) for play in self.plays)

    @cached_property
    def plans_of(self) -> Mapping[str, Sequence[PlanVersion]]:
        """Account plans by owner, earlier versions included."""
        return _grouped((plan.content.owner_id, plan) for plan in self.plans)

    @cached_property
    def in_force(self) -> Mapping[str, Sequence[PlanVersion]]:
        """Account plans in force by owner."""
        return _grouped((plan.content.owner_id, plan) for plan in in_force(self.plans))

    @cached_property
    def strategic(self) -> Mapping[str, Sequence[str]]:
        """Accounts of the highest tier in the earlier book, by their owner then."""
        highest = self.before.coverage.tiers[0].key
        tiers = self.before.analyses.tiers.table["tier"]
        owners = self.before.book.owners
        accounts = [str(account) for account in tiers.index[tiers == highest]]
        return _grouped((owners.get(account) or "", account) for account in accounts)

    @cached_property
    def potential(self) -> Mapping[str, Decimal]:
        """Potential of each rep's accounts in the earlier book."""
        analyses = self.before.analyses
        owner = analyses.facts.table["owner_id"]
        return money_sums(analyses.potential.table["potential_p50"], owner)

    def teller(self, rep_id: str) -> Teller:
        """Tell figures of one territory, decided by both books and this rep's plans alone."""
        plan = self.territory_plans.get(rep_id)
        mine = self.plans_of.get(rep_id, ())
        decided = [
            ANALYSIS,
            str(VERSION),
            self.quarter.label,
            *(
                part
                for side in (self.before, self.after)
                for part in (
                    side.book.book_id,
                    side.coverage.hash,
                    side.analyses.facts.reading.findings_hash,
                )
            ),
            # A stored version never changes, and hashing 2,000 plans takes seconds.
            f"{plan.plan_id} {plan.version}" if plan else "",
            *sorted(f"{one.plan_id} {one.version}" for one in mine),
            *sorted({one.plan_id for one in mine} & self.confirmed),
        ]
        entity = f"rep:{rep_id}/quarter:{self.quarter.label}"
        return Teller(entity, rep_id, str(self.gone), content_hash(decided))


def team_teller(quarter: str, gone: Period, reps: Sequence[str], parents: Sequence[str]) -> Teller:
    """Tell figures of some territories together; `parents` are ids of what decides them."""
    decided = content_hash([ANALYSIS, str(VERSION), quarter, list(reps), list(parents)])
    return Teller(f"team/quarter:{quarter}", REPS_JOINED_BY.join(reps), str(gone), decided)


def ground(
    before: Side,
    after: Side,
    quarter: Quarter,
    reps: Collection[str],
    territory_plans: Mapping[str, PlanInForce],
    plans: Sequence[PlanVersion],
    confirmed: Collection[str],
) -> Ground:
    """Read both books once for all reps."""
    through = min(after.as_of, quarter.period.end)
    over = after.as_of > quarter.period.end
    ahead = quarter_at(after.as_of, after.coverage.quarters) if over else quarter
    tiered = (*before.coverage.tiers, *after.coverage.tiers)
    nobodys = {tier.key for tier in tiered if tier.automated}
    engaged = timedelta(days=before.coverage.territory_plan.engaged_days)
    touches = touches_of(after.book)
    planned = set().union(*(accounts_planned(plan.items) for plan in territory_plans.values()))
    with_plans = {plan.content.account_id for plan in plans}
    played = plays_told(
        plans,
        quarter.period,
        after.as_of,
        after.coverage.review.late_days,
        touches.of(with_plans) if touches.known else None,
    )
    tiers = {
        str(account): str(tier)
        for side in (after, before)  # the tier a plan was made for wins
        for account, tier in side.analyses.tiers.table["tier"].items()
    }
    return Ground(
        before=before,
        after=after,
        quarter=quarter,
        through=through,
        territory_plans=territory_plans,
        plans=plans,
        confirmed=frozenset(confirmed),
        touches=touches,
        engaged=touches.accounts(Period(through - engaged, through)),
        met=touches.weeks(planned) if touches.known else None,
        days=touches.days(planned) if touches.known else None,
        plays=played,
        sold=sold(
            after.book,
            reps,
            quarter,
            ahead,
            Period(quarter.period.start, through),
            tiers,
            before.coverage.tiers[0].key,
        ),
        automated=frozenset(account for account, tier in tiers.items() if tier in nobodys),
    )


def plans_by_rep(
    territory_plans: Sequence[CycleVersion], quarter: Quarter, reps: Collection[str]
) -> dict[str, PlanInForce]:
    """The newest territory plan of each rep for the quarter; team plans are left out."""
    found: dict[str, PlanInForce] = {}
    for version in sorted(territory_plans, key=lambda one: (one.version, one.plan_id)):
        content = version.content
        if not isinstance(content, TerritoryPlanContent) or content.customer is not None:
            continue
        if content.quarter == quarter.label and content.rep_id in reps:
            items = tuple(
                item
                for calendar in content.calendars
                if calendar.rep_id == content.rep_id
                for week in calendar.weeks
                for item in week.items
            )
            found[content.rep_id] = PlanInForce(version.plan_id, version.version, content, items)
    return found


def current_plans(ground: Ground, rep_id: str) -> tuple[int, int]:
    """Account plans of a rep that are in force, and those of them that are current.

    Current is one drafted on the later book, or confirmed anew.
    """
    mine = ground.in_force.get(rep_id, ())
    new = [
        plan
        for plan in mine
        if plan.content.book_id == ground.after.book.book_id or plan.plan_id in ground.confirmed
    ]
    return len(mine), len(new)


def updated(ground: Ground, rep_id: str) -> bool:
    """Say whether an account plan of the rep was drafted on a later book than the territory plan.

    The territory plan itself is the newest approved one: had it been drafted anew, adherence
    would be judged by that.
    """
    plan = ground.territory_plans.get(rep_id)
    if plan is None:
        return False
    since = plan.content.as_of
    return any(one.content.as_of > since for one in ground.in_force.get(rep_id, ()))


def _grouped(pairs: Iterable[tuple[str, _Thing]]) -> dict[str, list[_Thing]]:
    found: dict[str, list[_Thing]] = {}
    for key, thing in pairs:
        found.setdefault(key, []).append(thing)
    return found
