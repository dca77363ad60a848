"""Accounts that change hands, or come below another."""

from __future__ import annotations

from eval.accountplanbench.changes.ground import Ground
from eval.accountplanbench.measuring import account_entity
from eval.accountplanbench.rows import Account


def change_owner(ground: Ground) -> None:
    """Give an account to another rep of the same team."""
    account = ground.take(lambda item: _others(ground, item))
    if account is not None:
        was, account.owner_id = account.owner_id, ground.rng.choice(_others(ground, account))
        entity = account_entity(account.account_id)
        ground.later.change("owner_changed", entity, was, account.owner_id)


def _others(ground: Ground, account: Account) -> list[str]:
    """Return the other reps of the owner's team, at both books, who stay."""
    assert account.owner_id is not None
    manager = ground.before.rep(account.owner_id).manager_id
    return [
        rep.rep_id
        for rep in ground.before.sellers()
        if rep.manager_id == manager and rep.rep_id not in (account.owner_id, ground.left)
    ]


def change_family(ground: Ground) -> None:
    """Put an account below another of the same rep, as after an acquisition."""
    owners = [account.owner_id for account in ground.free()]
    head = ground.take(lambda account: owners.count(account.owner_id) > 1)
    if head is None:
        return
    below = ground.take(lambda account: account.owner_id == head.owner_id)
    if below is not None:
        below.parent_id = head.account_id
        ground.later.change("family_changed", account_entity(head.account_id), head.owner_id)
