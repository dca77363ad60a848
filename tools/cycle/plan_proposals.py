"""What changes ask of plans: a new version of an account's plan, or of a rep's territory plan."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from domain.cycle import Figure
from domain.review import OpensPlan, OpensTerritoryPlan, TerritoryRow, Trigger, TriggerKind
from tools.cycle.proposals import Ground, Proposal

REMARKS: dict[TriggerKind, str] = {
    "owner_changed": "The account has another owner: plan the handover.",
    "family_changed": "The account's family changed: plan the customer as a whole.",
    "potential_changed": "Its potential changed: set the objective and the hours anew.",
    "pipeline_changed": "Its pipeline changed: plan what brings it back, or what wins it.",
    "deal_slipped": "A deal slipped: say what has to happen before it closes.",
    "renewal_slipped": "The regular order did not come: find out why before anything else.",
    "champion_gone": "The champion is gone: find who follows.",
    "competitor_appeared": "A competitor appeared: answer it, or leave the ground to it.",
    "evidence_stale": "The plan rests on evidence that went stale: refresh it.",
    "lock_expired": "The exception that held the account has expired: say whether it stays.",
    "adherence_lost": "The plan is no longer followed: make one that will be.",
    "strategy_changed": "The strategy changed: choose the accounts of the quarter anew.",
}
"""What a person is told to look at; opens the new version."""
_WORST_FIRST: tuple[TriggerKind, ...] = tuple(REMARKS)


def account_plan(ground: Ground, triggers: Sequence[Trigger]) -> Proposal | None:
    """Draft an account's plan anew, once for all that changed about it.

    None for an account that the book no longer holds, that nobody owns or a rep whom the
    review is not about, or whose tier asks for no plan and that has none.
    """
    account = triggers[0].account_id
    owner = ground.after.book.owners.get(account or "")
    if account is None or owner is None or owner not in ground.reps:
        return None
    if account not in ground.plans and _depth(ground, account) == "none":
        return None
    entity = f"account:{account}"
    gain = [trigger.amount for trigger in triggers if trigger.amount is not None]
    gain += ground.cite(entity, "open_potential", "Open potential")
    if not any(figure.unit == "money" and _above_nought(figure) for figure in gain):
        gain += ground.cite(entity, "open_pipeline", "Open pipeline")
        gain += ground.cite(entity, "net_spend_12m", "Spend of the last year, to be kept")
    return Proposal(
        OpensPlan(account_id=account, remark=remark_of(triggers)),
        tuple(triggers),
        owner,
        account,
        (),
        tuple(gain),
        (),
        lambda: (
            _plan_cost(ground, account, entity),
            _against_account(ground, account, owner),
        ),
    )


def territory_plan(ground: Ground, rep: str, triggers: Sequence[Trigger]) -> Proposal | None:
    """Draft a rep's territory plan anew; None for a rep who no longer sells."""
    hours = ground.after.analyses.workload.by_rep["selling_hours"]
    if not float(hours.get(rep, 0.0)) > 0:
        return None
    entity = f"rep:{rep}"
    row = ground.data.territory(rep) if ground.data is not None else None
    cost = (
        *((row.plays.open,) if row is not None else ()),
        *ground.cite(entity, "needed_hours", "Hours its accounts ask for"),
    )
    # What a change is worth to all territories together is no gain of this one.
    gain = [t.amount for t in triggers if t.amount is not None and t.rep_id == rep]
    owners = ground.after.book.owners
    about = {a for t in triggers if t.rep_id is None for a in touched_accounts(ground, t)}
    touched = sorted(account for account in about if owners.get(account) == rep)
    label = "Potential of the accounts it is about"
    gain += ground.total(entity, "potential_affected", label, touched, "potential_p50")
    if any(trigger.kind == "adherence_lost" for trigger in triggers):
        mine = ground.held.get(rep, [])
        gain += _missing(ground, entity, row) or _worth_following(ground, entity, mine)
    against = _against_territory(ground, rep, row)
    return Proposal(
        OpensTerritoryPlan(rep_id=rep, remark=remark_of(triggers)),
        tuple(triggers),
        rep,
        None,
        cost,
        tuple(gain),
        against,
    )


def _missing(ground: Ground, entity: str, row: TerritoryRow | None) -> tuple[Figure, ...]:
    """Bookings that were due by now and did not come; nothing where none are missing."""
    booked = row.measure("bookings") if row is not None else None
    if booked is None or booked.due.value is None or booked.actual.value is None:
        return ()
    missing = Decimal(booked.due.value) - Decimal(booked.actual.value)
    if missing <= 0:
        return ()
    label = "Bookings due by now that did not come"
    return (ground.figure(entity, "bookings_missing", "money", label, missing),)


def _worth_following(ground: Ground, entity: str, mine: Sequence[str]) -> tuple[Figure, ...]:
    """Pipeline of a territory, or its open potential where there is none."""
    label = "Pipeline of the territory"
    open_deals = ground.total(entity, "pipeline_affected", label, mine, "open_pipeline")
    if any(_above_nought(figure) for figure in open_deals):
        return open_deals
    label = "Open potential of the territory"
    return ground.total(entity, "open_potential_affected", label, mine, "open_potential")


def _against_territory(ground: Ground, rep: str, row: TerritoryRow | None) -> tuple[Figure, ...]:
    """What speaks against a new plan of a territory, the strongest first.

    The hours do not hold what the accounts ask for, whatever is planned; or bookings came as
    they were due without the plan being followed; or it was a single quarter.
    """
    entity = f"rep:{rep}"
    found = [item for item in ground.cite(entity, "load", "Load") if Decimal(item.value or 0) > 1]
    booked = row.measure("bookings") if row is not None else None
    if booked is not None and booked.reading in ("on track", "ahead"):
        found.append(booked.actual)
    found.append(ground.change_age(entity, (rep,)))
    return tuple(found)


def touched_accounts(ground: Ground, trigger: Trigger) -> list[str]:
    """Accounts that a change for everybody is about: of its segment, or of a target segment
    that is new, gone or weighs more or less than before."""
    table = ground.after.analyses.facts.table
    kind, _, segment = trigger.subject.partition("/")[0].partition(":")
    if kind == "segment":
        inside = (table["segment"] == segment) | (table["industry"] == segment)
        return [str(account) for account in table.index[inside]]
    was, now = (
        {item.name: item.points for item in side.coverage.strategy.target_segments}
        for side in (ground.before, ground.after)
    )
    changed = {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}
    return [str(account) for account in table.index[table["target_segment"].isin(changed)]]


def remark_of(triggers: Sequence[Trigger]) -> str:
    """What the new version should look at, each kind of change once."""
    kinds = {trigger.kind for trigger in triggers}
    return " ".join(REMARKS[kind] for kind in _WORST_FIRST if kind in kinds)


def _depth(ground: Ground, account: str) -> str:
    tiers = ground.after.analyses.tiers.table
    if account not in tiers.index:
        return "none"
    return ground.after.coverage.tier(str(tiers.at[account, "tier"])).plan


def _plan_cost(ground: Ground, account: str, entity: str) -> tuple[Figure, ...]:
    """Hours of what the running plan still has to do, or else what the tier gives in a period.

    An automated tier gives none; there it is a call with preparation.
    """
    plan = ground.plans.get(account)
    if plan is not None:
        left = sum(
            (
                Decimal(play.hours)
                for play in plan.content.schedule.plays
                if play.due > ground.after.as_of
            ),
            Decimal(0),
        )
        if left > 0:
            label = "Hours of the running plan that are planned anew"
            return (ground.figure(entity, "plan_hours_left", "hours", label, left),)
    given = ground.cite(entity, "tier_hours", "Hours its tier gives in a planning period")
    if any(_above_nought(figure) for figure in given):
        return given
    call = ground.after.coverage.plays["call"]
    hours = (Decimal(call.minutes + call.preparation_minutes) / 60).quantize(Decimal("0.01"))
    return (ground.figure(entity, "call_hours", "hours", "Hours of a call, prepared", hours),)


def _against_account(ground: Ground, account: str, owner: str) -> tuple[Figure, ...]:
    """The strongest figures that speak against new hours for this account, at most two.

    In this order: it already buys more than the upper quarter of its peers; its rep's hours
    are full; the rep's other accounts carry so much open potential; all this is no older
    than the time between the books.
    """
    entity = f"account:{account}"
    found: list[Figure] = []
    peers = ground.cite(entity, "spend_to_p75", "Spend against the upper quarter of its peers")
    if peers and Decimal(peers[0].value or 0) > 1:
        found += peers
    load = ground.cite(f"rep:{owner}", "load", "Load of its rep")
    if load and Decimal(load[0].value or 0) > 1:
        found += load
    found += _other_accounts(ground, account, owner)
    found.append(ground.change_age(entity))
    return tuple(found[:2])


def _other_accounts(ground: Ground, account: str, owner: str) -> tuple[Figure, ...]:
    """Open potential of the rep's two other accounts with the most of it, where no trigger asks."""
    best = [other for other in ground.room.get(owner, ()) if other != account][:2]
    if not best:
        return ()
    parents = ground.cells(best, "open_potential")
    label = "Open potential of the rep's next two accounts"
    return (
        ground.figure(
            f"rep:{owner}", "alternative_open_potential", "money", label, None, parents, summed=True
        ),
    )


def _above_nought(figure: Figure) -> bool:
    return figure.value is not None and Decimal(figure.value) > 0
