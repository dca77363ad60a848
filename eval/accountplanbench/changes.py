"""Changes that a review has to notice, and near misses that it must not.

What counts as a change is told in `docs/review.md`; every kind that two books alone can show
is planted, each beside something of its kind that stays below the limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from eval.accountplanbench.book import Account, Contact, Deal, Document, Product
from eval.accountplanbench.later import QUARTER_DAYS, SILENT_DAYS, Later, is_champion, meet, rhythm
from eval.accountplanbench.measuring import (
    account_entity,
    contact_entity,
    deal_entity,
    rep_entity,
)
from eval.accountplanbench.rules import worth_telling
from eval.accountplanbench.world import World


def plant_changes(before: World, later: Later, rng: Random, *, joined: bool) -> None:
    """Plant one change of each kind and its near misses, no two at one account.

    A rep joins where `joined` is set, else one leaves.
    """
    accounts = iter(_free_accounts(before, rng))
    _deals(before, later, rng)
    _orders(before, later, accounts)
    _champions(before, later, rng)
    _owner(later, next(accounts))
    _family(later, rng)
    _product(later, rng)
    _competitor(later, rng, next(accounts), next(accounts))
    _rep(later, rng, joined=joined)
