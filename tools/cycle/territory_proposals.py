"""What the off-cycle triggers ask of territories: a scenario that a person opens.

Five events may change territories off cycle: a rep leaves, a rep joins, an acquisition, a
new product, a changed major account. What they do to whom is the scenario's to work out;
here stands what it costs, what it is for, and what speaks against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from domain.assignment import AccountChanged, Acquisition, NewProduct, RepLeaves
from domain.cycle import Figure
from domain.review import OpensScenario, Trigger
from tools.cycle.proposals import Ground, Proposal, cents, head_of, rep_of


def leaver(ground: Ground, trigger: Trigger) -> Proposal | None:
    """Find owners for the accounts of a rep who left or leaves; None where there are none."""
    rep = rep_of(trigger)
    if rep is None:
        return None
    entity, now = f"rep:{rep}", ground.after.book.owners
    accounts = [
        account
        for account, owner in sorted(ground.before.book.owners.items())
        if owner == rep and account in now and now[account] in (None, rep)
    ]
    accounts += [
        account
        for account, owner in sorted(now.items())
        if owner == rep and ground.before.book.owners.get(account) != rep
    ]
    others = ground.colleagues(rep)
    cost = _taken_over(ground, entity, accounts, [rep])
    gain = (
        *ground.total(
            entity, "potential_affected", "Potential of these accounts", accounts, "potential_p50"
        ),
        *ground.total(
            entity, "pipeline_affected", "Pipeline of these accounts", accounts, "open_pipeline"
        ),
    )
    against = _against_takeover(ground, entity, others, accounts)
    day = max(trigger.on or ground.after.as_of, ground.after.as_of)
    event = RepLeaves(rep_id=rep, on=day)
    return Proposal(
        OpensScenario(event=event),
        (trigger,),
        rep,
        None,
        cost,
        gain,
        against or _young(ground, rep),
    )


def family(ground: Ground, trigger: Trigger) -> Proposal | None:
    """Bring a family together that has several owners; None where one rep owns it all."""
    if trigger.account_id is None:
        return None
    head = head_of(trigger.account_id, ground.parents)
    members = ground.families.get(head, [])
    owners = ground.after.book.owners
    lead = owners.get(head) or next((o for m in members if (o := owners[m]) is not None), None)
    moving = [member for member in members if owners[member] != lead]
    if not moving or not ground.after.coverage.territory.families_together:
        return None
    before, now = ground.parents_before, ground.parents
    joined = [m for m in members if m != head and before.get(m) != now[m]]
    event = Acquisition(
        parent_id=head,
        account_ids=tuple(joined or [m for m in members if m != head]),
        on=max(trigger.on or ground.after.as_of, ground.after.as_of),
    )
    entity = f"account:{head}"
    reps = sorted(ground.owners_of(members))
    cost = _taken_over(ground, entity, moving, reps)
    gain = (
        *ground.total(
            entity, "potential_affected", "Potential of the family", members, "potential_p50"
        ),
        *ground.total(
            entity, "pipeline_affected", "Pipeline of the family", members, "open_pipeline"
        ),
    )
    against = (
        *(_full(ground, lead) if lead else ()),
        *ground.total(
            entity, "spend_affected", "Spend of 12 months that changes hands", moving,
            "net_spend_12m",
        ),
        ground.change_age(entity, reps),
    )  # fmt: skip
    return Proposal(OpensScenario(event=event), (trigger,), lead, head, cost, gain, against)


def product(ground: Ground, trigger: Trigger) -> Proposal | None:
    """Look at the whitespace a new product opens; None where its worth is not known.

    Growth is its worth over the potential of the accounts it could go to: those of the
    review's reps with any potential.
    """
    name = trigger.subject.partition(":")[2]
    reps = set(ground.reps)
    accounts = ground.of_reps(reps)
    potential = ground.money_table("potential_p50").reindex(accounts).dropna()
    worth = trigger.amount.value if trigger.amount is not None else None
    total = sum((cents(value) for value in potential), Decimal(0))
    if worth is None or Decimal(worth) <= 0 or total <= 0:
        return None
    growth = float((Decimal(worth) / total).quantize(Decimal("0.000001")))
    if not 0 < growth <= 100:
        return None
    entity = trigger.subject
    planned = [
        a for a in potential.index if ground.after.coverage.tier(_tier(ground, a)).plan != "none"
    ]
    call = ground.after.coverage.plays["call"]
    minutes = (call.minutes + call.preparation_minutes) * len(planned)
    cost = (
        ground.figure(
            entity, "accounts_affected", "count", "Accounts to talk to", len(planned), reps=reps
        ),
        ground.figure(
            entity, "hours_affected", "hours", "Hours of a call with each of them",
            (Decimal(minutes) / 60).quantize(Decimal("0.01")), reps=reps,
        ),
    )  # fmt: skip
    gain = (trigger.amount,) if trigger.amount is not None else ()
    bought = _buyers(ground, name, set(accounts))
    against = (
        ground.figure(
            entity, "buyers_so_far", "count", "Accounts that have bought it", bought, reps=reps
        ),
        *ground.free_hours(entity, _selling(ground), "Hours the team has left"),
    )  # fmt: skip
    event = NewProduct(product=name, growth=growth)
    return Proposal(OpensScenario(event=event), (trigger,), None, None, cost, gain, against)


def major_account(ground: Ground, trigger: Trigger) -> Proposal | None:
    """Redraw around an account whose tier moved with its potential; None for any other.

    An account that changes inside its tier takes no other hours: its plan answers that.
    """
    account, rep = trigger.account_id, trigger.rep_id
    if account is None or trigger.after is None or trigger.after.value is None:
        return None
    tiers = (ground.before.analyses.tiers.table["tier"], ground.after.analyses.tiers.table["tier"])
    if any(account not in table.index for table in tiers):
        return None
    was, now = (str(table[account]) for table in tiers)
    major = any(ground.after.coverage.tier(key).plan == "full" for key in (was, now))
    if was == now or not major or trigger.after.unit != "money":
        return None
    entity = f"account:{account}"
    asked = ground.hours_of([account])
    known = len(ground.long_known([account]))
    cost = (
        ground.figure(entity, "hours_affected", "hours", "Hours its tier now asks for", asked),
        ground.figure(
            entity, "relationships_affected", "count", "Long relationships at stake", known
        ),
    )
    gain = ((trigger.amount,) if trigger.amount is not None else ()) + ground.cite(
        entity, "open_potential", "Open potential"
    )
    against = (
        *(_full(ground, rep) if rep else ()),
        ground.change_age(entity),
    )
    event = AccountChanged(
        account_id=account,
        why=f"{was} to {now} in the book of {ground.after.as_of.isoformat()}",
        potential=float(trigger.after.value),
    )
    return Proposal(OpensScenario(event=event), (trigger,), rep, account, cost, gain, against)


def _taken_over(
    ground: Ground, entity: str, accounts: Sequence[str], reps: Sequence[str]
) -> tuple[Figure, ...]:
    """Accounts that need an owner, the hours they ask for, and relationships that break."""
    scope = {*reps, *ground.owners_of(accounts)}
    return (
        ground.figure(
            entity, "accounts_affected", "count", "Accounts to place", len(accounts), reps=scope
        ),
        ground.figure(
            entity, "hours_affected", "hours", "Hours they ask for", ground.hours_of(accounts),
            reps=scope,
        ),
        ground.figure(
            entity, "relationships_affected", "count", "Long relationships that break",
            len(ground.long_known(accounts)), reps=scope,
        ),
    )  # fmt: skip


def _against_takeover(
    ground: Ground, entity: str, others: Sequence[str], accounts: Sequence[str]
) -> tuple[Figure, ...]:
    """What the team's hours say against taking accounts over.

    Where they are short of what the accounts ask for, that; else what the same hours could
    be for: open potential of the team's own accounts with most of it, that no change is about.
    """
    asked = ground.hours_of(accounts)
    free = ground.free_hours(entity, others, "Hours the team has left")
    if free and Decimal(free[0].value or 0) < asked:
        return free
    table = ground.money_table("open_potential").reindex(ground.of_reps(others)).dropna()
    room = sorted(
        (-value, str(account))
        for account, value in table[table > 0].items()
        if account not in ground.hot
    )
    needed = ground.after.analyses.workload.by_account["needed_hours"].to_dict()
    taken, hours = [], Decimal(0)
    for _, account in room:
        if hours >= asked:
            break
        taken.append(account)
        hours += cents(needed.get(account) or 0)
    return ground.total(
        entity, "open_potential_elsewhere", "Open potential the same hours reach elsewhere",
        taken, "open_potential",
    ) or free  # fmt: skip


def _full(ground: Ground, rep: str) -> tuple[Figure, ...]:
    """The load of a rep whose hours do not hold what the accounts ask for already."""
    load = ground.cite(f"rep:{rep}", "load", "Load of the rep who has or would have it")
    return load if load and Decimal(load[0].value or 0) > 1 else ()


def _buyers(ground: Ground, line: str, accounts: set[str]) -> int:
    """Accounts that bought a new product of a line, or any of the line where none is dated."""
    products, orders = ground.after.book["products"], ground.after.book["orders"]
    rows = products[products[ground.after.coverage.whitespace.level] == line]
    new = rows[rows["live_from"] > pd.Timestamp(ground.before.as_of)]
    wanted = (new if not new.empty else rows)["product_id"]
    sold = orders[orders["product_id"].isin(wanted) & orders["account_id"].isin(accounts)]
    return int(sold["account_id"].nunique())


def _selling(ground: Ground) -> tuple[str, ...]:
    hours = ground.after.analyses.workload.by_rep["selling_hours"]
    return tuple(rep for rep in ground.reps if float(hours.get(rep, 0.0)) > 0)


def _tier(ground: Ground, account: str) -> str:
    return str(ground.after.analyses.tiers.of(account))


def _young(ground: Ground, rep: str) -> tuple[Figure, ...]:
    return (ground.change_age(f"rep:{rep}", (rep,)),)
