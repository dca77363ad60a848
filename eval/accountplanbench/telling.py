"""What the texts about one account may name, written out as people do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TypedDict

from eval.accountplanbench.rows import Account, Contact
from eval.accountplanbench.texts.writing import Facts
from eval.accountplanbench.world import World

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
LEAST_AMOUNT = 2_400
"""The smallest amount that a text tells, in units of the market's scale."""


def in_words(day: date) -> str:
    """Write a date as people do: `10 April 2027`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def facts_of(world: World, account: Account, old_day: date, rng: Random) -> Facts:
    """Return facts of an account, of things that `rng` makes up where no row tells them.

    The contact is one we have met and who is not against us, where there is one; the line is
    one that the account buys, the other line one that it does not. The rival is not among the
    listed competitors, of whom no plan may speak without a published source. The other account
    is one of the same owner.
    """
    contact = _contact(world.book.contacts_of(account.account_id), rng)
    bought = world.lines[account.account_id]
    others = [line for line in world.industry.lines if line not in bought]
    seller = account.owner_id or world.book.sellers()[0].rep_id
    neighbours = [a for a in world.owned_by(seller) if a.account_id != account.account_id]
    return Facts(
        account=account.name,
        contact=contact.name if contact else world.names.person(),
        title=contact.title if contact else "Buyer",
        rep=world.book.rep(seller).name,
        line=rng.choice(bought).name,
        other_line=rng.choice(others).name,
        city=account.city,
        rival=world.industry.outsider,
        earlier_day=in_words(old_day),
        other_account=rng.choice(neighbours).name,
        **_figures(world, account, rng),
    )


def varied(facts: Facts, world: World, account: Account, rng: Random) -> Facts:
    """Return the facts with other figures and days, so that no two notes share them."""
    return replace(facts, **_figures(world, account, rng))


class _Figures(TypedDict):
    amount: str
    other_amount: str
    quantity: int
    day: str
    other_day: str


def _figures(world: World, account: Account, rng: Random) -> _Figures:
    segments = {segment.name: segment for segment in world.industry.segments}
    amount = max(segments[account.segment].spend[0] * rng.uniform(0.2, 0.5), LEAST_AMOUNT)
    amount *= world.market.scale
    day = rng.randint(25, 65)
    return {
        "amount": _money(world, amount),
        "other_amount": _money(world, amount * rng.choice((0.4, 1.8))),
        "quantity": rng.randrange(12, 60),
        "day": in_words(world.book.as_of + timedelta(days=day)),
        "other_day": in_words(world.book.as_of + timedelta(days=day + rng.randint(10, 25))),
    }


def _money(world: World, amount: float) -> str:
    """Write an amount to two digits, as people say it: `48,000 euros`."""
    step = 10 ** (len(str(round(amount))) - 2)
    return f"{round(amount / step) * step:,} {world.book.money}"


def _contact(people: Sequence[Contact], rng: Random) -> Contact | None:
    """Return somebody we have met, and rather not one who is against us."""
    met = [person for person in people if person.last_contact is not None]
    friendly = [person for person in met if person.attitude != "opposed"]
    return rng.choice(friendly or met or list(people)) if people else None
