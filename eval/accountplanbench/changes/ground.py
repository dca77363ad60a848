"""What changes are planted on: the two books, and the accounts that are free for one."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from eval.accountplanbench.later import Later
from eval.accountplanbench.orders import Course
from eval.accountplanbench.rows import Account
from eval.accountplanbench.world import World

_KNOWN: tuple[Course, ...] = ("star", "growing", "steady", "falling")


class Ground:
    """Two books and what may be changed in the later; nothing is changed twice at one account.

    `left` is the rep who leaves, if one does: nothing else is planted in that territory.
    """

    def __init__(self, before: World, later: Later, rng: Random) -> None:
        self.before = before.book
        self.later = later
        self.after = later.world.book
        self.rng = rng
        self.left: str | None = None
        parents = {account.parent_id for account in self.after.accounts}
        self._free = [
            account
            for account in rng.sample(self.after.accounts, len(self.after.accounts))
            if account.owner_id is not None
            and account.parent_id is None
            and account.account_id not in parents
            and later.world.courses[account.account_id] in _KNOWN
        ]

    def take(self, fits: Callable[[Account], object]) -> Account | None:
        """Return a free account that fits, which is then free no more; None where none does."""
        for account in self.free():
            if fits(account):
                self._free.remove(account)
                return account
        return None

    def free(self) -> list[Account]:
        """Return the accounts at which nothing was planted yet, of reps who stay."""
        return [account for account in self._free if account.owner_id != self.left]
