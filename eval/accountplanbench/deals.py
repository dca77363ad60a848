"""Deals: open ones that are in hand, and what was won and lost before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from eval.accountplanbench.industries import Line
from eval.accountplanbench.orders import Course
from eval.accountplanbench.rows import Account, Deal
from eval.accountplanbench.world import World

_OPEN_CHANCE: dict[Course, float] = {"growing": 0.7, "steady": 0.45, "falling": 0.4}
_STAGES = ("prospecting", "qualification", "proposal", "negotiation")


def add_deals(world: World, spends: Mapping[str, int], rng: Random) -> None:
    """Write the deals of every account; a star has two in hand, others at most one."""
    for account in world.book.accounts:
        course = world.courses[account.account_id]
        amount = spends[account.account_id] * rng.uniform(0.2, 0.6)
        lines = rng.sample(world.industry.lines, 3)
        if course == "star":
            _open(world, rng, account, lines[0], amount, "negotiation", rng.randint(25, 60))
            _open(world, rng, account, lines[1], amount / 2, "proposal", rng.randint(70, 140))
        elif rng.random() < _OPEN_CHANCE.get(course, 0.0):
            stage = rng.choice(_STAGES)
            _open(world, rng, account, lines[0], amount, stage, rng.randint(20, 170))
        if course in ("star", "growing", "steady", "falling"):
            for _ in range(rng.randint(0, 2)):
                stage = rng.choice(("won", "lost"))
                _closed(world, rng, account, lines[2], amount * rng.uniform(0.3, 0.9), stage)


def line_of(world: World, deal: Deal) -> Line:
    """Return the product line that a deal's name ends with."""
    return next(line for line in world.industry.lines if deal.name.endswith(line.name.lower()))


def _open(
    world: World,
    rng: Random,
    account: Account,
    line: Line,
    amount: float,
    stage: str,
    days: int,
) -> None:
    as_of = world.book.as_of
    opened = as_of - timedelta(days=rng.randint(15, 150))
    _deal(world, rng, account, line, amount, stage, opened, as_of + timedelta(days=days))


def _closed(
    world: World, rng: Random, account: Account, line: Line, amount: float, stage: str
) -> None:
    closes = world.book.as_of - timedelta(days=rng.randint(20, 600))
    opened = closes - timedelta(days=rng.randint(30, 160))
    _deal(world, rng, account, line, amount, stage, opened, closes)


def _deal(
    world: World,
    rng: Random,
    account: Account,
    line: Line,
    amount: float,
    stage: str,
    opened: date,
    closes: date,
) -> None:
    deals = world.book.opportunities
    deals.append(
        Deal(
            opportunity_id=f"O-{len(deals) + 1:03d}",
            account_id=account.account_id,
            owner_id=account.owner_id,
            name=rng.choice(world.industry.deals).format(line.name.lower()),
            stage=stage,
            amount=Decimal(max(round(amount / 100), 1) * 100),
            opened=opened,
            closes=closes,
        )
    )
