"""Changes that a review has to notice, and near misses that it must not.

What counts as a change is told in `docs/review.md`. Every kind is planted that two books show
by themselves, without plans that were approved before and without an analysis; most of them
beside something of the kind that stays below its limit.
"""

from __future__ import annotations

from random import Random

from eval.accountplanbench.changes.accounts import change_family, change_owner
from eval.accountplanbench.changes.contacts import change_champions
from eval.accountplanbench.changes.deals import change_pipeline, slip_deals
from eval.accountplanbench.changes.ground import Ground
from eval.accountplanbench.changes.market import show_competitors, show_products
from eval.accountplanbench.changes.orders import slip_orders
from eval.accountplanbench.changes.reps import join, leave
from eval.accountplanbench.later import Later
from eval.accountplanbench.world import World


def plant_changes(before: World, later: Later, rng: Random, *, joins: bool) -> None:
    """Plant every kind into a later book; a rep joins where `joins` is set, else one leaves."""
    ground = Ground(before, later, rng)
    (join if joins else leave)(ground)
    slip_deals(ground)
    change_pipeline(ground)
    change_champions(ground)
    slip_orders(ground)
    change_owner(ground)
    change_family(ground)
    show_products(ground)
    show_competitors(ground)
