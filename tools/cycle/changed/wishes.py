"""Wishes for accounts: no triggers, and told as such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.assignment import Feedback, WantsAccount
from domain.review import NotProposed
from tools.territory.events import NO_TRIGGER, refuse_wish

__all__ = ["not_proposed", "refuse_wish"]


def not_proposed(
    said: Iterable[WantsAccount | Feedback], owners: Mapping[str, str | None]
) -> tuple[NotProposed, ...]:
    """Turn wishes for accounts into rows that say why nothing is proposed.

    Parameters
    ----------
    said
        Wishes, and what reps answered to designs. An answer is a wish where a rep agrees to
        get an account that somebody else owns and nobody declined it; other answers are
        about the design.
    owners
        Owner by account id at the later book. A wish that has come true, or is for an
        account the book does not hold, is left out.

    Returns
    -------
    tuple
        One row per rep and account, by account, then rep.
    """
    wanted = {
        (item.account_id, item.rep_id)
        for item in said
        if isinstance(item, WantsAccount) or (item.answer == "agree" and item.status != "declined")
    }
    rows = []
    for account, rep in sorted(wanted):
        if account not in owners or owners[account] == rep:
            continue
        rows.append(NotProposed(what=f"Giving {account} to {rep}", rule=NO_TRIGGER))
    return tuple(rows)
