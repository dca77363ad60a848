"""What happened between two designs, applied to the accounts and reps of the team.

Five events may change territories off cycle: a rep leaves, a rep joins, an acquisition, a
new product, a changed major account. Each turns `Inputs` into new `Inputs`, and says which
accounts a bounded repair may touch. Wishes are no events.
"""

from __future__ import annotations

import pandas as pd

from domain.assignment import (
    AccountChanged,
    Acquisition,
    Event,
    NewProduct,
    RepJoins,
    RepLeaves,
    WantsAccount,
)
from domain.coverage import CoverageModel
from domain.errors import InvalidInput, NotATrigger
from tools.territory.event_checks import (
    count_of,
    demand_accounts,
    demand_date,
    demand_rep,
    name_in,
    noted,
)
from tools.territory.hires import joins, nearest_accounts
from tools.territory.inputs import Inputs
from tools.territory.relationships import relationship_value

TRIGGERS = (
    "a rep leaves",
    "a rep joins",
    "an acquisition changes account boundaries",
    "a new product opens whitespace",
    "a major account changes",
)
NO_TRIGGER = (
    "A rep who wants a hot account is no reason to redraw territories off cycle: what is, is that "
    f"{', '.join(TRIGGERS[:-1])} or {TRIGGERS[-1]}."
)
_LEVELS = ["potential", "potential_p75", "potential_p90"]
_CHANGES = ["owner_id", "owner_known", "parent_id", "hours", *_LEVELS]


def apply_event(inputs: Inputs, event: Event, coverage: CoverageModel) -> Inputs:
    """Return the inputs as they are after an event; those given stay unchanged.

    Parameters
    ----------
    inputs
        Accounts and reps of the team before.
    event
        What happened. A leaver goes for the whole period and the accounts are due to be
        placed; a hire has the working days left and a ramp; accounts of an acquisition are
        one family; a new product lifts P50, P75 and P90 of the accounts it fits alike; so
        does a changed potential. Tiers and, but for a changed account, hours stay.
    coverage
        Selling hours of a hire, relationship values, whether families stay together.

    Raises
    ------
    NotATrigger
        When a rep would merely like an account; the message cites the rule.
    InvalidInput
        When the event cannot have happened, does not touch the period, or changes nothing.
    """
    if isinstance(event, WantsAccount):
        raise refuse_wish(event.rep_id, event.account_id)
    if isinstance(event, RepLeaves):
        return _leaves(inputs, event)
    if isinstance(event, RepJoins):
        return joins(inputs, event, coverage)
    if isinstance(event, Acquisition):
        return _acquired(inputs, event, coverage)
    if isinstance(event, NewProduct):
        return _new_product(inputs, event, coverage)
    return _changed(inputs, event, coverage)


def touched(before: Inputs, after: Inputs, event: Event) -> tuple[str, ...]:
    """Return the ids of the accounts that a bounded repair may touch, in order.

    These are the accounts whose owner, family, hours or potential changed; with an
    acquisition the whole new family; with a hire the accounts nearest to the base that
    together take twice a fair share of the team's hours. A repair re-opens the reps who own
    them, and no others but their neighbours.
    """
    old = before.accounts.reindex(after.accounts.index)
    changed = pd.Series(False, index=after.accounts.index)
    for column in _CHANGES:
        was, now = old[column], after.accounts[column]
        changed |= (was != now) & ~(was.isna() & now.isna())
    ids = {str(account) for account in changed.index[changed]}
    if isinstance(event, Acquisition):
        ids |= {event.parent_id, *event.account_ids}
    if isinstance(event, RepJoins):
        ids |= nearest_accounts(after, event)
    return tuple(sorted(ids))


def refuse_wish(rep_id: str, account_id: str) -> NotATrigger:
    """Return the refusal of a rep's wish for an account, with the rule that says so."""
    return NotATrigger(
        f"{rep_id} would like {account_id}. {NO_TRIGGER}",
        hint="Put it as feedback in the next design, with a reason.",
        rule="off-cycle triggers",
        account_id=account_id,
        rep_id=rep_id,
    )


def _leaves(inputs: Inputs, event: RepLeaves) -> Inputs:
    demand_rep(inputs, event.rep_id)
    demand_date(inputs, event.on, "leaves")
    if len(inputs.reps) == 1:
        raise InvalidInput(
            f"{event.rep_id} is the only rep of this design: nobody is left to take the accounts.",
            hint="Add the rep who follows first.",
        )
    name = name_in(inputs.reps, event.rep_id)
    accounts = inputs.accounts.copy()
    left = accounts["owner_id"] == event.rep_id
    accounts.loc[left, "owner_known"] = False
    return noted(
        inputs,
        f"{name} leaves on {event.on.isoformat()}: {count_of(int(left.sum()))} to be placed, and "
        "moving them is free.",
        accounts=accounts,
        reps=inputs.reps.drop(index=event.rep_id),
    )


def _acquired(inputs: Inputs, event: Acquisition, coverage: CoverageModel) -> Inputs:
    demand_accounts(inputs, (event.parent_id, *event.account_ids))
    demand_date(inputs, event.on, "takes effect")
    bought = [account for account in event.account_ids if account != event.parent_id]
    accounts = inputs.accounts.copy()
    if not bought or bool((accounts.loc[bought, "parent_id"] == event.parent_id).all()):
        raise InvalidInput(
            f"{event.parent_id} and {', '.join(event.account_ids)} already are one family: nothing "
            "changes.",
            hint="Name the accounts that were acquired, other than the one that acquired them.",
        )
    if not coverage.territory.families_together:
        raise InvalidInput(
            "The coverage model lets accounts of one family have different owners, so that an "
            "acquisition changes no territory.",
            hint="Set territory.families_together = true to keep them together.",
        )
    # A family's head has no parent; one that was below a bought account would be below itself.
    if _is_below(accounts["parent_id"], event.parent_id, set(bought)):
        accounts.loc[event.parent_id, "parent_id"] = None
    accounts.loc[bought, "parent_id"] = event.parent_id
    name = name_in(accounts, event.parent_id)
    return noted(
        inputs,
        f"{name} and {count_of(len(bought))} are one customer from {event.on.isoformat()} and get "
        "one owner.",
        accounts=accounts,
    )


def _new_product(inputs: Inputs, event: NewProduct, coverage: CoverageModel) -> Inputs:
    accounts = inputs.accounts
    fits = pd.Series(True, index=accounts.index)
    for column, wanted in (("segment", event.segments), ("industry", event.industries)):
        if wanted:
            fits &= accounts[column].isin(wanted)
    grows = fits & (accounts["potential"] > 0)
    if not grows.any():
        where = ", ".join((*event.segments, *event.industries)) or "this team"
        raise InvalidInput(
            f"{event.product} would let the potential of {where} grow, and no account there has "
            "any: growth of nothing is nothing.",
            hint="Check the spelling of segments and industries, or give the accounts' potential.",
        )
    factors = pd.Series(1.0, index=accounts.index).mask(grows, 1 + event.growth)
    return noted(
        inputs,
        f"{event.product} lifts the potential of {count_of(int(grows.sum()))} by "
        f"{event.growth:.0%}; tiers and hours stay.",
        accounts=_scaled(accounts, factors, coverage),
    )


def _changed(inputs: Inputs, event: AccountChanged, coverage: CoverageModel) -> Inputs:
    demand_accounts(inputs, (event.account_id,))
    accounts = inputs.accounts.copy()
    key = event.account_id
    was = accounts.loc[key]
    same = (event.potential is None or event.potential == was["potential"]) and (
        event.hours is None or event.hours == was["hours"]
    )
    if same:
        raise InvalidInput(
            f"Nothing about {was['name']} changes: give a potential or hours other than the "
            f"{was['potential']:,.0f} and {was['hours']:g} h known.",
            hint="Potential is in currency a year, hours are those of the planning period.",
        )
    if event.potential is not None:
        if was["potential"] > 0:
            factors = pd.Series(1.0, index=accounts.index)
            factors[key] = event.potential / was["potential"]
            accounts = _scaled(accounts, factors, coverage)
        else:
            accounts.loc[key, _LEVELS] = event.potential
            accounts["relationship"] = relationship_value(accounts, coverage.territory)
        accounts.loc[key, "potential"] = event.potential
    if event.hours is not None:
        accounts.loc[key, "hours"] = event.hours
    now = accounts.loc[key]
    return noted(
        inputs,
        f"{was['name']} changed ({event.why}): potential {was['potential']:,.0f} to "
        f"{now['potential']:,.0f}, hours {was['hours']:g} to {now['hours']:g}.",
        accounts=accounts,
    )


def _scaled(accounts: pd.DataFrame, factors: pd.Series, coverage: CoverageModel) -> pd.DataFrame:
    scaled = accounts.copy()
    for level in _LEVELS:
        scaled[level] = accounts[level] * factors
    scaled["relationship"] = relationship_value(scaled, coverage.territory)
    return scaled


def _is_below(parents: pd.Series, account: str, others: set[str]) -> bool:
    seen: set[str] = set()
    here = parents.get(account)
    while isinstance(here, str) and here not in seen:
        if here in others:
            return True
        seen.add(here)
        here = parents.get(here)
    return False
