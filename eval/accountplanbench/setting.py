"""What a task is made in, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from eval.accountplanbench.notes import Notebook
from eval.accountplanbench.rows import Account
from eval.accountplanbench.rules import person_id
from eval.accountplanbench.world import World
from eval.task import Ask, Family, Key, Task


@dataclass(frozen=True)
class Setting:
    """One task to be made: its id and family, its world, its own chance.

    `number` counts the tasks of the family from nought, `turn` the same from another start in
    every `seed`, so that a family can take turns. `words` is the chance of the wordings, which
    `closed` chooses among: open and closed wordings are of the same facts.
    """

    task_id: str
    family: Family
    number: int
    seed: int
    turn: int
    world: World
    rng: Random
    words: Random
    closed: bool

    def notebook(self, account: Account) -> Notebook:
        """Return a notebook for one account."""
        return Notebook(self.world, account, self.rng, self.words, closed=self.closed)

    def owner(self, account: Account) -> str:
        """Return the person who owns an account."""
        assert account.owner_id is not None
        return person_id(self.world.book.rep(account.owner_id))

    def asker(self, account: Account) -> str:
        """Return who asks about an account: its owner, or now and then the manager."""
        assert account.owner_id is not None
        rep = self.world.book.rep(account.owner_id)
        if self.rng.random() < 0.25 and rep.manager_id is not None:
            return person_id(self.world.book.rep(rep.manager_id))
        return person_id(rep)

    def task(self, ask: Ask, cluster: str) -> Task:
        """Return the task; `cluster` is the account, or the rep, that it leans on."""
        book = self.world.book.name
        return Task(
            task_id=self.task_id,
            family=self.family,
            ask=ask,
            book=book,
            cluster=f"{book}/{cluster}",
        )


@dataclass(frozen=True)
class Made:
    """A task and what its family put into the key.

    `also_seen` is what the asker may see beside the task's book: that of a later one.
    """

    world: World
    task: Task
    key: Key
    also_seen: str = ""


Maker = Callable[[Setting], Made]
