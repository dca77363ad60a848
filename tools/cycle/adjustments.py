"""What a review recommends: one adjustment for each thing that a person may open.

Nothing here assigns, plans or changes a rule. A recommendation that cites nothing, or
lacks a cost, a gain or a counter-case, is not made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.cycle import Figure
from domain.evidence import CalculationSource, Evidence
from domain.plan import PlanVersion
from domain.review import (
    Adjustment,
    NotProposed,
    Opens,
    OpensCoverage,
    OpensPlan,
    OpensTerritoryPlan,
    QuarterData,
    Trigger,
    TriggerKind,
)
from tools.cycle import territory_proposals
from tools.cycle.model_proposals import model_off
from tools.cycle.newcomer import newcomer
from tools.cycle.plan_proposals import account_plan, territory_plan, touched_accounts
from tools.cycle.proposals import Found, Ground, Proposal, known
from tools.cycle.side import Side, demand_later
from tools.cycle.wishes import Wish, wishes_of

Propose = Callable[[Ground, Trigger], Proposal | None]
SCENARIOS: dict[TriggerKind, Propose] = {
    "rep_left": territory_proposals.leaver,
    "rep_joined": newcomer,
    "family_changed": territory_proposals.family,
    "new_product": territory_proposals.product,
    "potential_changed": territory_proposals.major_account,
}
"""The off-cycle triggers, which may open a scenario. Where one does not, a plan answers."""
_NO_PLAN: frozenset[TriggerKind] = frozenset({"rep_left", "rep_joined", "new_product"})
_FOR_ALL: frozenset[TriggerKind] = frozenset({"strategy_changed", "competitor_appeared"})
"""Changes of no one account or rep: each territory plan that they touch is made anew."""


@dataclass(frozen=True)
class Adjusted:
    """Recommendations by money at stake, what is not proposed, and the evidence of both.

    `notes` count what was left out: triggers that ask for nothing, recommendations without
    a figure on both sides, and those beyond the most that a review makes.
    """

    rows: tuple[Adjustment, ...]
    not_proposed: tuple[NotProposed, ...]
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...] = ()


def adjustments(
    before: Side,
    after: Side,
    found: Found,
    data: QuarterData | None = None,
    plans: Sequence[PlanVersion] = (),
    *,
    reps: Collection[str] | None = None,
    wishes: Sequence[Wish] | None = None,
) -> Adjusted:
    """Turn what changed into recommendations, each with its cost, gain and counter-case.

    Parameters
    ----------
    before, after
        The two books, each under its rules.
    found
        The changes between them.
    data
        The quarter in figures; None where it was not tracked.
    plans
        Approved account plans in force; of several of one account the newest counts.
    reps
        Whom the review is about; those of `data`, or every rep of either book, without.
    wishes
        Accounts that reps would like: told as not proposed. Without them, those that the
        newer book's notes hold are read.

    Returns
    -------
    Adjusted
        Rows are numbered from 1: the most money at stake first, then by what they open.
        Several changes that ask for the same thing are one row. Money at stake is the
        largest of the changes' amounts and of the gain. Evidence of figures that are the
        quarter's own (plays, bookings) is tracking's. At most `review.adjustments` rows;
        the rest is counted. The order of triggers and of table rows changes nothing.

    Raises
    ------
    NoLaterBook, InvalidInput
        As `demand_later`.

    Notes
    -----
    `docs/review.md#adjustments` works an example by hand.
    """
    demand_later(before, after)
    triggers = sorted(found.rows, key=lambda trigger: trigger.trigger_id)
    ground = Ground(
        before=before,
        after=after,
        data=data,
        plans=_newest(plans),
        reps=_reps(before, after, data, reps),
        evidence={item.id: item for item in found.evidence},
        hot=frozenset(trigger.account_id for trigger in triggers if trigger.account_id is not None),
    )
    proposals, idle = _proposals(ground, triggers)
    sound, dropped, beyond = _chosen(proposals, after.coverage.review.adjustments)
    rows = tuple(_row(number, item) for number, item in enumerate(sound, start=1))
    if wishes is None:
        wishes = wishes_of(before, after, ground.reps)
    refused = tuple(wish.refused() for wish in sorted(wishes, key=lambda wish: wish.key))
    for wish in wishes:
        ground.evidence.update((item.id, item) for item in wish.evidence)
    return Adjusted(
        rows,
        refused,
        tuple(_behind(ground, rows, refused)),
        tuple(_notes(len(idle), dropped, beyond, after.coverage.review.adjustments)),
    )


def key_of(opens: Opens) -> str:
    """Name the one thing that is opened: two changes with the same key are one adjustment."""
    if isinstance(opens, OpensPlan):
        return f"plan {opens.account_id}"
    if isinstance(opens, OpensTerritoryPlan):
        return f"territory_plan {opens.rep_id}"
    if isinstance(opens, OpensCoverage):
        return f"coverage {opens.key}"
    event = opens.event.model_dump(mode="json")
    names = ("rep_id", "parent_id", "account_id", "product")
    return f"scenario {event['kind']} {next(event[name] for name in names if name in event)}"


def _proposals(ground: Ground, triggers: Sequence[Trigger]) -> tuple[list[Proposal], list[Trigger]]:
    """One proposal per thing opened, and the triggers that ask for nothing."""
    scenarios: dict[str, list[Proposal]] = {}
    accounts: dict[str, list[Trigger]] = {}
    territories: dict[str, list[Trigger]] = {}
    idle: list[Trigger] = []
    for trigger in triggers:
        proposal = SCENARIOS[trigger.kind](ground, trigger) if trigger.kind in SCENARIOS else None
        if proposal is not None:
            scenarios.setdefault(key_of(proposal.opens), []).append(proposal)
        elif trigger.kind in _NO_PLAN:
            idle.append(trigger)
        elif trigger.account_id is not None:
            accounts.setdefault(trigger.account_id, []).append(trigger)
        elif trigger.rep_id is not None:
            territories.setdefault(trigger.rep_id, []).append(trigger)
        elif trigger.kind in _FOR_ALL and (planned := _planned(ground, trigger)):
            for rep in planned:
                territories.setdefault(rep, []).append(trigger)
        else:
            idle.append(trigger)
    made = [_merged(items) for items in scenarios.values()]
    answers = [(account_plan(ground, asked), asked) for asked in accounts.values()]
    answers += [(territory_plan(ground, rep, asked), asked) for rep, asked in territories.items()]
    for proposal, asked in answers:
        if proposal is None:
            idle += asked
        else:
            made.append(proposal)
    lost = [trigger for trigger in triggers if trigger.kind == "adherence_lost"]
    made += model_off(ground, lost)
    answered = {trigger.trigger_id for item in made for trigger in item.triggers}
    unanswered = {t.trigger_id: t for t in idle if t.trigger_id not in answered}
    return made, list(unanswered.values())


def _planned(ground: Ground, trigger: Trigger) -> list[str]:
    """Reps with a territory plan in the quarter's data who own accounts that a change is about."""
    if ground.data is None:
        return []
    owners = ground.after.book.owners
    working = {owners.get(account) for account in touched_accounts(ground, trigger)}
    planned = (row.rep_id for row in ground.data.territories if row.plan_id is not None)
    return [rep for rep in planned if rep in working]


def _merged(items: Sequence[Proposal]) -> Proposal:
    """Join proposals that open the same thing; the first, by trigger id, gives the event."""
    first = items[0]
    return Proposal(
        first.opens,
        tuple(dict.fromkeys(trigger for item in items for trigger in item.triggers)),
        first.rep_id,
        first.account_id,
        known(figure for item in items for figure in item.cost),
        known(figure for item in items for figure in item.gain),
        known(figure for item in items for figure in item.against),
    )


def _chosen(proposals: Sequence[Proposal], most: int) -> tuple[list[Proposal], int, int]:
    """The sound ones with most at stake, how many are not sound, and how many lie beyond."""
    ordered = sorted(proposals, key=lambda item: (-item.stake, key_of(item.opens)))
    sound: list[Proposal] = []
    dropped = beyond = 0
    for item in ordered:
        if len(sound) == most and item.rest is not None:
            # Cost and counter-case of an account's plan are never empty: no need to ask.
            whole = item if _cited(item) and known(item.gain) else None
        else:
            whole = _whole(item)
        if whole is None:
            dropped += 1
        elif len(sound) < most:
            sound.append(whole)
        else:
            beyond += 1
    return sound, dropped, beyond


def _cited(item: Proposal) -> bool:
    return bool(item.triggers) and all(trigger.evidence for trigger in item.triggers)


def _whole(item: Proposal) -> Proposal | None:
    """Keep a proposal that cites a change and has figures on both sides."""
    if item.rest is not None:
        cost, against = item.rest()
        item = replace(item, cost=cost, against=against, rest=None)
    kept = replace(
        _merged([item]), gain=_worth_saying(item.gain), against=_worth_saying(item.against)
    )
    return kept if _cited(kept) and kept.cost and kept.gain and kept.against else None


def _worth_saying(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Drop money and hours of nought where others say something."""
    told = known(figures)
    said = (
        figure
        for figure in told
        if figure.unit not in ("money", "hours") or Decimal(figure.value or 0)
    )
    return tuple(said) or told


def _row(number: int, item: Proposal) -> Adjustment:
    return Adjustment(
        number=number,
        triggers=tuple(sorted(trigger.trigger_id for trigger in item.triggers)),
        rep_id=item.rep_id,
        account_id=item.account_id,
        cost=item.cost,
        gain=item.gain,
        against=item.against,
        opens=item.opens,
    )


def _newest(plans: Iterable[PlanVersion]) -> dict[str, PlanVersion]:
    found: dict[str, PlanVersion] = {}
    for plan in sorted(plans, key=lambda item: (item.created_at, item.plan_id, item.version)):
        found[plan.content.account_id] = plan
    return found


def _reps(
    before: Side, after: Side, data: QuarterData | None, reps: Collection[str] | None
) -> tuple[str, ...]:
    if reps is None and data is not None:
        reps = [row.rep_id for row in data.territories]
    if reps is None:
        reps = {*before.book.rows("reps"), *after.book.rows("reps")}
    return tuple(sorted(reps))


def _behind(
    ground: Ground, rows: Sequence[Adjustment], refused: Sequence[NotProposed]
) -> Iterator[Evidence]:
    """Evidence that the rows show or cite, with its ancestors, by id."""
    waiting = [key for item in refused for key in item.evidence]
    for row in rows:
        for figure in (*row.cost, *row.gain, *row.against):
            waiting += [figure.evidence_id] if figure.evidence_id else []
    kept: dict[str, Evidence] = {}
    while waiting:
        item = ground.evidence.get(waiting.pop())
        if item is None or item.id in kept:
            continue
        kept[item.id] = item
        if isinstance(item.source, CalculationSource):
            waiting += item.source.parents
    for key in sorted(kept):
        yield kept[key]


def _notes(idle: int, dropped: int, beyond: int, most: int) -> Iterator[str]:
    if idle:
        yield f"{_changes(idle)} recommended nothing: no plan and no territory has to follow."
    if dropped:
        yield (
            f"{dropped} recommendation{_s(dropped)} left out: cost, gain or counter-case is "
            "unknown."
        )
    if beyond:
        yield f"{beyond} more recommendation{_s(beyond)} beyond the {most} with most at stake."


def _changes(count: int) -> str:
    return f"{count} change{_s(count)}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"
