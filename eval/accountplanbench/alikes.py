"""Accounts alike in everything but one: who stands for us there, and who against us."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from random import Random
from typing import TypeVar

from eval.accountplanbench.rows import (
    Account,
    Contact,
    Deal,
    OrderLine,
    Signal,
    Touch,
    key_of,
)
from eval.accountplanbench.world import World

_Row = TypeVar("_Row", Contact, OrderLine, Deal, Touch, Signal)
_COURSES = ("growing", "steady")


def pair_up(world: World, rng: Random) -> None:
    """Give every rep two accounts that differ in the attitude of their people alone.

    One is there already; the other is a copy of it, with the same orders, deals, contacts and
    signs of interest on the same days. At the first everybody is for us, at the other everybody
    against us, so that the order of the two hangs on nothing else.
    """
    book = world.book
    for rep in book.sellers():
        fitting = [
            account
            for account in world.owned_by(rep.rep_id)
            if world.courses[account.account_id] in _COURSES
            and account.parent_id is None
            and book.contacts_of(account.account_id)
        ]
        if not fitting:
            continue
        liked = rng.choice(fitting)
        disliked = _double(world, rng, liked)
        for account, attitude in ((liked, "supportive"), (disliked, "opposed")):
            for person in book.contacts_of(account.account_id):
                person.attitude = attitude
        world.alikes.append((liked.account_id, disliked.account_id))
        # No task leans on it: notes speak of people who are for us.
        world.used.add(disliked.account_id)


def _double(world: World, rng: Random, account: Account) -> Account:
    """Write another account of the same history."""
    book, own = world.book, account.account_id
    segment = next(item for item in world.industry.segments if item.name == account.segment)
    taken = {item.account_id for item in book.accounts}
    free = [f"A-{number}" for number in range(101, 999) if f"A-{number}" not in taken]
    double = replace(
        account,
        account_id=rng.choice(free),
        name=world.names.company(rng.choice(segment.trades)),
    )
    book.accounts.append(double)
    world.courses[double.account_id] = world.courses[own]
    world.lines[double.account_id] = world.lines[own]
    people: dict[str | None, str] = {}
    for person, twin in _doubled(book.contacts, own, double.account_id):
        people[person.contact_id] = twin.contact_id
        twin.name = world.names.person()
    for _, line in _doubled(book.orders, own, double.account_id):
        line.order_id += f"-{double.account_id[2:]}"
    for _, touch in _doubled(book.activities, own, double.account_id):
        touch.contact_id = people.get(touch.contact_id)
    _doubled(book.opportunities, own, double.account_id)
    _doubled(book.intent_signals, own, double.account_id)
    return double


def _doubled(rows: list[_Row], own: str, other: str) -> list[tuple[_Row, _Row]]:
    """Append an account's rows anew for another, each with the next id of its table.

    Return the rows, each with the one that was written for it.
    """
    pairs = [(row, copy(row)) for row in rows if row.account_id == own]
    for number, (row, twin) in enumerate(pairs, start=len(rows) + 1):
        letter, digits = key_of(row).split("-")
        setattr(twin, next(iter(vars(row))), f"{letter}-{number:0{len(digits)}d}")
        twin.account_id = other
    rows += [twin for _, twin in pairs]
    return pairs
