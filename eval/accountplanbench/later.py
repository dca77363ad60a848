"""The same company a quarter later: life goes on, and a few things change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from statistics import median

from eval.accountplanbench.book import Book
from eval.accountplanbench.rows import Account, Contact, Touch
from eval.accountplanbench.world import World
from eval.task import Changed

QUARTER_DAYS = 91
SILENT_DAYS = 90
"""`review.silent_champion_days` of the coverage models that the benchmark writes."""
_FOLLOWED_BY_ORDERS = ("star", "growing", "steady", "falling")


@dataclass(frozen=True)
class Planted:
    """A change, or a near miss, and whose territories it is about (None: everybody's)."""

    change: Changed
    reps: frozenset[str] | None

    def is_seen_by(self, scope: frozenset[str] | None) -> bool:
        """Say whether it is about a rep of the scope, or about everybody."""
        return scope is None or self.reps is None or bool(self.reps & scope)


@dataclass
class Later:
    """The later book, what changed, and what nearly did."""

    world: World
    changes: list[Planted]
    near_misses: list[Planted]

    def change(self, kind: str, entity: str, *reps: str | None) -> None:
        """Note that something changed in the territories of `reps`; without any: in all."""
        self.changes.append(_planted(kind, entity, reps))

    def near_miss(self, kind: str, entity: str, *reps: str | None) -> None:
        """Note that something changed less than would count."""
        self.near_misses.append(_planted(kind, entity, reps))


def _planted(kind: str, entity: str, reps: tuple[str | None, ...]) -> Planted:
    known = frozenset(rep for rep in reps if rep is not None)
    return Planted(Changed(kind=kind, entity=entity), known or None)


def quarter_later(world: World, rng: Random) -> Later:
    """Return a copy of a world a quarter on, in which nothing of note has happened.

    Orders come in their rhythm, deals whose day came are won, and people who speak for us
    are met again. `plant_changes` then breaks some of it.
    """
    later = world.copy(f"{world.book.name}-later")
    later.book.as_of += timedelta(days=QUARTER_DAYS)
    for account in later.book.accounts:
        if later.courses[account.account_id] in _FOLLOWED_BY_ORDERS:
            _order_on(later, account, rng)
    for deal in later.book.opportunities:
        if deal.is_open and deal.closes is not None and deal.closes <= later.book.as_of:
            deal.stage = "won"
    for contact in later.book.contacts:
        if is_champion(contact) and contact.last_contact is not None:
            day = later.book.as_of - timedelta(days=rng.randint(3, 40))
            meet(later, contact, day)
    return Later(later, [], [])


def rhythm(book: Book, account_id: str) -> tuple[date, int, int]:
    """Return the last order, the median of the last four gaps, and their spread in days."""
    days = sorted({line.ordered for line in book.lines_of(account_id) if line.amount > 0})
    gaps = [(after - before).days for before, after in pairwise(days[-5:])]
    return days[-1], round(median(gaps)), max(gaps) - min(gaps)


def is_champion(contact: Contact) -> bool:
    """Say whether someone speaks for us: by role, or supportive and of high influence."""
    warm = contact.attitude == "supportive" and contact.influence == "high"
    return contact.role in ("champion", "executive sponsor") or warm


def meet(world: World, contact: Contact, day: date) -> None:
    """Log a call with a person, who has then been met on that day."""
    contact.last_contact = day
    world.book.activities.append(
        Touch(
            activity_id=f"T-{len(world.book.activities) + 1:04d}",
            account_id=contact.account_id,
            contact_id=contact.contact_id,
            rep_id=world.book.account(contact.account_id).owner_id,
            kind="call",
            occurred=day,
            minutes=30,
            subject="Check-in",
        )
    )


def _order_on(world: World, account: Account, rng: Random) -> None:
    """Repeat the last order at the account's rhythm until the book's date."""
    last, gap, _ = rhythm(world.book, account.account_id)
    lines = [
        line
        for line in world.book.lines_of(account.account_id)
        if line.ordered == last and line.amount > 0
    ]
    day = last + timedelta(days=gap)
    while day <= world.book.as_of:
        number = len(world.book.orders)
        for index, line in enumerate(lines):
            share = Decimal(rng.randint(96, 104)) / 100
            world.book.orders.append(
                replace(
                    line,
                    order_line_id=f"L-{number + index + 1:05d}N",
                    order_id=f"S-{number + 1:05d}N",
                    rep_id=account.owner_id,
                    ordered=day,
                    amount=(line.amount * share).quantize(Decimal("0.01")),
                )
            )
        day += timedelta(days=gap)


def reps_with_changes(later: Later, reps: Iterable[str]) -> list[str]:
    """Return reps, those with most changes of their own first."""
    own = {
        rep: sum(item.reps is not None and rep in item.reps for item in later.changes)
        for rep in reps
    }
    return sorted(own, key=lambda rep: (-own[rep], rep))
