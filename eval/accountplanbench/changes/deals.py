"""Deals that slip, and pipelines that change."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from eval.accountplanbench.changes.ground import Ground
from eval.accountplanbench.measuring import account_entity, deal_entity
from eval.accountplanbench.rows import Account, Deal
from eval.accountplanbench.rules import worth_telling

SLIPPED_DAYS = 14
"""`review.slipped_days` of the coverage models that the benchmark writes."""


def slip_deals(ground: Ground) -> None:
    """Push the close date of one deal far back, and that of another by less than counts."""
    slipped = ground.take(lambda account: _only_deal(ground, account))
    if slipped is not None and (deal := _only_deal(ground, slipped)) is not None:
        earlier = ground.before.opportunities
        was = next(item for item in earlier if item.opportunity_id == deal.opportunity_id)
        assert was.closes is not None
        deal.stage = was.stage
        deal.closes = max(
            was.closes + timedelta(days=4 * SLIPPED_DAYS),
            ground.after.as_of + timedelta(days=20),
        )
        entity = deal_entity(slipped.account_id, deal.opportunity_id)
        ground.later.change("deal_slipped", entity, slipped.owner_id)
    held = ground.take(lambda account: _open_deal(ground, account))
    if held is not None and (deal := _open_deal(ground, held)) is not None:
        assert deal.closes is not None
        deal.closes += timedelta(days=SLIPPED_DAYS - 4)
        entity = deal_entity(held.account_id, deal.opportunity_id)
        ground.later.near_miss("deal_slipped", entity, held.owner_id)


def change_pipeline(ground: Ground) -> None:
    """Lose a deal, open one where there was none, and raise another by too small a share."""
    world = ground.later.world
    least = Decimal(worth_telling(world.industry, world.market))

    def is_large(account: Account) -> bool:
        deal = _only_deal(ground, account)
        return deal is not None and (deal.amount or 0) >= least

    lost = ground.take(is_large)
    if lost is not None and (deal := _only_deal(ground, lost)) is not None:
        deal.stage = "lost"
        deal.closes = ground.after.as_of - timedelta(days=ground.rng.randint(5, 60))
        ground.later.change("pipeline_changed", account_entity(lost.account_id), lost.owner_id)
    new = ground.take(lambda account: not ground.before.open_deals_of(account.account_id))
    if new is not None:
        _open(ground, new, least * ground.rng.randint(2, 5))
        ground.later.change("pipeline_changed", account_entity(new.account_id), new.owner_id)
    raised = ground.take(lambda account: _open_deal(ground, account))
    if raised is not None and (deal := _open_deal(ground, raised)) is not None:
        assert deal.amount is not None
        deal.amount = (deal.amount * Decimal("1.2")).quantize(deal.amount)
        entity = account_entity(raised.account_id)
        ground.later.near_miss("pipeline_changed", entity, raised.owner_id)


def _only_deal(ground: Ground, account: Account) -> Deal | None:
    """Return the later row of a deal, where the account had no other open at the earlier book."""
    was = ground.before.open_deals_of(account.account_id)
    if len(was) != 1:
        return None
    later = ground.after.opportunities
    return next(deal for deal in later if deal.opportunity_id == was[0].opportunity_id)


def _open_deal(ground: Ground, account: Account) -> Deal | None:
    """Return that deal where it is open at the later book, too."""
    deal = _only_deal(ground, account)
    return deal if deal is not None and deal.is_open else None


def _open(ground: Ground, account: Account, amount: Decimal) -> None:
    world, deals, rng = ground.later.world, ground.after.opportunities, ground.rng
    line = rng.choice(world.industry.lines).name.lower()
    deals.append(
        Deal(
            opportunity_id=f"O-{len(deals) + 1:03d}N",
            account_id=account.account_id,
            owner_id=account.owner_id,
            name=world.industry.deals[0].format(line),
            stage="qualification",
            amount=amount,
            opened=ground.after.as_of - timedelta(days=rng.randint(10, 60)),
            closes=ground.after.as_of + timedelta(days=rng.randint(30, 120)),
        )
    )
