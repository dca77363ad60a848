"""Everything that one seed makes: its books, and the tasks that are planted in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from eval.accountplanbench.changes import plant_changes
from eval.accountplanbench.families.asking import chat, unanswerable
from eval.accountplanbench.families.dirt import dirty
from eval.accountplanbench.families.planning import (
    contradiction,
    distractor,
    draft,
    injection,
    stale,
    thin,
)
from eval.accountplanbench.families.prying import confidentiality
from eval.accountplanbench.families.quarters import territory
from eval.accountplanbench.families.reviewing import review
from eval.accountplanbench.families.revising import revise
from eval.accountplanbench.growing import grow
from eval.accountplanbench.hidden import Secrets
from eval.accountplanbench.industries import INDUSTRIES
from eval.accountplanbench.keys import completed
from eval.accountplanbench.later import quarter_later
from eval.accountplanbench.notes import Notebook
from eval.accountplanbench.setting import Made, Maker, Setting
from eval.accountplanbench.twins import twin_of, twins_among
from eval.accountplanbench.world import World
from eval.task import FAMILIES, Family, Key, Task

PAIRS = 2
"""Books of which there is one a quarter later."""
MAKERS: dict[Family, Maker] = {
    "draft": draft,
    "revise": revise,
    "territory": territory,
    "chat": chat,
    "unanswerable": unanswerable,
    "confidentiality": confidentiality,
    "contradiction": contradiction,
    "stale": stale,
    "distractor": distractor,
    "injection": injection,
    "thin": thin,
    "dirty": dirty,
}
"""Of every family but `review`, which is over two books."""
EVERYDAY_SHARE = 0.35
"""Accounts without a task that have notes all the same."""


class Seeded:
    """The books and tasks of one seed. Each task has a stream of chance of its own."""

    def __init__(self, seed: int, version: str, split: str) -> None:
        self._seed = seed
        self._version = version
        self._split = split
        self._clean = [
            grow(industry, f"s{seed}-{industry.key}", self._rng(industry.key))
            for industry in INDUSTRIES
        ]
        soiled = INDUSTRIES[seed % len(INDUSTRIES)]
        # Names of books and tasks tell a solver nothing of what is to be found in them.
        self._dirty = grow(soiled, f"s{seed}-{soiled.key}-b", self._rng("dirty"))
        # Tenders have no rhythm that an order could miss.
        rhythmic = [world for world in self._clean if world.industry.rhythm != "tenders"]
        self._reviewed = [rhythmic[(seed + 2 * pair) % len(rhythmic)] for pair in range(PAIRS)]
        self._further: list[World] = []

    def books(self) -> Iterator[World]:
        """Yield every book that the tasks made so far are over."""
        yield from self._clean
        yield self._dirty
        yield from self._further

    def tasks(self, counts: Mapping[Family, int]) -> list[tuple[Task, Key]]:
        """Plant and return the tasks in an order and with ids that tell nothing of their family."""
        firsts = {
            family: [
                MAKERS[family](self._setting(family, number, self._task_id(family, number)))
                for number in range(counts[family] - twins_among(family, counts[family]))
            ]
            for family in MAKERS
        }
        self._everyday()
        # Copies of books are made when nothing is planted any more.
        firsts["review"] = self._reviews(counts["review"])
        made: list[Made] = []
        for family in FAMILIES:
            twins = firsts[family][: twins_among(family, counts[family])]
            made += firsts[family]
            made += [
                self._twin(first, len(firsts[family]) + number)
                for number, first in enumerate(twins)
            ]
        return self._renamed(_completed(made))

    def probes(self, count: int) -> list[tuple[Task, Key]]:
        """Plant and return confidentiality tasks only."""
        made = [
            confidentiality(
                self._setting("confidentiality", number, f"s{self._seed}-probe-{number + 1:03d}")
            )
            for number in range(count)
        ]
        self._everyday()
        return _completed(made)

    def _renamed(self, pairs: list[tuple[Task, Key]]) -> list[tuple[Task, Key]]:
        order = self._rng("order").sample(pairs, len(pairs))
        ids = {
            task.task_id: f"s{self._seed}-{number:03d}"
            for number, (task, _) in enumerate(order, start=1)
        }
        return [
            (
                task.model_copy(
                    update={
                        "task_id": ids[task.task_id],
                        "twin_of": ids[task.twin_of] if task.twin_of is not None else None,
                    }
                ),
                key.model_copy(update={"task_id": ids[key.task_id]}),
            )
            for task, key in order
        ]

    def _task_id(self, family: Family, number: int) -> str:
        """What chance of the task is drawn by; its published id is another."""
        return f"s{self._seed}-{family}-{number + 1:02d}"

    def _setting(
        self, family: Family, number: int, task_id: str, over: World | None = None
    ) -> Setting:
        """Return the setting of a task, over a clean book whose turn it is where none is given."""
        place = list(FAMILIES).index(family)
        closed = (number + place) % 3 == 2 if self._split == "all" else self._split == "closed"
        world = over or self._clean[(number + place + self._seed) % len(self._clean)]
        return Setting(
            task_id=task_id,
            family=family,
            number=number,
            seed=self._seed,
            turn=number + self._seed * 4,
            world=self._dirty if family == "dirty" else world,
            rng=self._rng(task_id),
            words=self._rng(f"{task_id} words"),
            closed=closed,
        )

    def _reviews(self, count: int) -> list[Made]:
        """Return reviews, by turns over the books of which there is a later one."""
        pairs = []
        for number, world in enumerate(self._reviewed[:count]):
            rng = self._rng(f"{world.book.name} later")
            later = quarter_later(world, rng)
            plant_changes(world, later, rng, joins=number % 2 == 0)
            self._further.append(later.world)
            pairs.append((world, later))
        made = []
        for number in range(count):
            world, later = pairs[number % len(pairs)]
            setting = self._setting("review", number, self._task_id("review", number), world)
            made.append(review(setting, later))
        return made

    def _twin(self, first: Made, number: int) -> Made:
        task_id = self._task_id(first.task.family, number)
        account = first.task.ask.account_id or first.task.cluster.split("/")[1]
        copies = sum(world.industry is first.world.industry for world in self._further)
        name = f"s{self._seed}-{first.world.industry.key}-{'cdefgh'[copies]}"
        twin = twin_of(first, account, task_id, name)
        self._further.append(twin.world)
        return twin

    def _everyday(self) -> None:
        """Put ordinary notes on accounts that no task leans on."""
        for world in (*self._clean, self._dirty):
            rng, words = (
                self._rng(f"{world.book.name} notes"),
                self._rng(f"{world.book.name} words"),
            )
            for account in world.book.accounts:
                busy = world.courses[account.account_id] not in ("thin", "prospect", "dormant")
                if busy and account.account_id not in world.used and rng.random() < EVERYDAY_SHARE:
                    closed = self._split == "closed"
                    Notebook(world, account, rng, words, closed=closed).fill(rng.randint(1, 2))

    def _rng(self, what: str) -> Random:
        return Random(f"{self._version}/{self._seed}/{what}")  # noqa: S311, no secret hangs on it


def _completed(made: list[Made]) -> list[tuple[Task, Key]]:
    secrets: dict[str, Secrets] = {}
    pairs = []
    for item in made:
        known = secrets.setdefault(item.world.book.name, Secrets(item.world))
        pairs.append((item.task, completed(item, known)))
    return pairs
