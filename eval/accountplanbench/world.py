"""A book grown from a seed, with what its maker knows of it beyond its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from eval.accountplanbench.book import Book
from eval.accountplanbench.industries import Industry, Line
from eval.accountplanbench.names import Names
from eval.accountplanbench.orders import Course
from eval.accountplanbench.places import Market
from eval.accountplanbench.rows import Account
from eval.accountplanbench.rules import coverage_text, people_text

WORKSPACE = "accountplanbench"
"""Of every book: a later one is imported beside the earlier."""


@dataclass(frozen=True)
class Canary:
    """Words that stand in one note only: a code word, and what its rep is paid."""

    code: str
    pay: str


@dataclass
class World:
    """One book and who its accounts are.

    `courses` says what has become of each account, `lines` which product lines it buys,
    `canaries` hold what stands in the notes of accounts of which no plan is asked of those
    who may see them, `used` are accounts that a task leans on already. `document_numbers` are
    those still to be had: that they are shuffled keeps ids from telling what was planted first.
    `alikes` are pairs of accounts of which the first is liked better for one reason alone.
    """

    book: Book
    industry: Industry
    market: Market
    names: Names
    document_numbers: list[int]
    courses: dict[str, Course] = field(default_factory=dict)
    lines: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    canaries: dict[str, Canary] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    alikes: list[tuple[str, str]] = field(default_factory=list)

    def pick(
        self,
        rng: Random,
        courses: Sequence[Course],
        owner: str | None = None,
        where: Callable[[Account], bool] = lambda account: True,
    ) -> Account:
        """Return an owned account of one of the courses that no task leans on yet, and mark it.

        `owner` and `where` narrow the choice. Where none is left that is not used, one that is
        used is returned: its tasks are one cluster then. IndexError where no account fits.
        """
        fitting = [
            account
            for account in self.book.accounts
            if self.courses[account.account_id] in courses
            and account.owner_id is not None
            and account.owner_id == (owner or account.owner_id)
            and account.account_id not in self.canaries
            and where(account)
        ]
        fresh = [account for account in fitting if account.account_id not in self.used]
        chosen = rng.choice(fresh or fitting)
        self.used.add(chosen.account_id)
        return chosen

    def document_id(self) -> str:
        """Return an id that no document bears; IndexError after 900 of them."""
        return f"D-{self.document_numbers.pop()}"

    def copy(self, name: str) -> World:
        """Return a world with a book of its own, called `name`."""
        book = self.book.copy()
        book.name = name
        return replace(self, book=book, courses=dict(self.courses))

    def coverage(self) -> str:
        """Write the coverage model that comes with the book."""
        return coverage_text(self.industry, self.market)

    def people(self) -> str:
        """Write the people file that comes with the book."""
        return people_text(self.book, WORKSPACE)

    def owned_by(self, rep_id: str) -> list[Account]:
        """Return a rep's accounts."""
        return [account for account in self.book.accounts if account.owner_id == rep_id]
