"""What changes around everybody: products on sale, and competitors in sight."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from eval.accountplanbench.changes.ground import Ground
from eval.accountplanbench.later import QUARTER_DAYS
from eval.accountplanbench.measuring import account_entity
from eval.accountplanbench.rows import Account, Document, Product


def show_products(ground: Ground) -> None:
    """Launch a product, and list another that had been on sale before the earlier book."""
    rng, world = ground.rng, ground.later.world
    new, known = rng.sample(world.industry.lines, 2)
    for line, days, note in (
        (new, rng.randint(20, 80), ground.later.change),
        (known, -rng.randint(5, 40), ground.later.near_miss),
    ):
        ground.after.products.append(
            Product(
                product_id=f"P-{len(ground.after.products) + 1:02d}",
                name=f"{line.name} Next",
                category=line.family,
                subcategory=line.name,
                list_price=Decimal(line.prices[1] * world.market.scale),
                live_from=ground.before.as_of + timedelta(days=days),
            )
        )
        note("new_product", f"line:{line.name}")


def show_competitors(ground: Ground) -> None:
    """Publish that a listed competitor is at one account; hear a rumour of another elsewhere."""
    published, rumoured = ground.later.world.industry.rivals
    account = ground.take(lambda item: True)
    if account is not None:
        ground.after.documents.append(_article(ground, account, published))
        entity = f"{account_entity(account.account_id)}/competitor:{published}"
        ground.later.change("competitor_appeared", entity, account.owner_id)
    account = ground.take(lambda item: True)
    if account is not None:
        ground.after.documents.append(_rumour(ground, account, rumoured))
        entity = f"{account_entity(account.account_id)}/competitor:{rumoured}"
        ground.later.near_miss("competitor_appeared", entity, account.owner_id)


def _article(ground: Ground, account: Account, rival: str) -> Document:
    document = ground.later.world.document_id()
    day = ground.before.as_of + timedelta(days=ground.rng.randint(20, QUARTER_DAYS - 5))
    line = ground.rng.choice(ground.later.world.industry.lines).name.lower()
    return Document(
        document_id=document,
        account_id=account.account_id,
        segment=None,
        kind="competitive",
        title=f"{rival} in {account.city}",
        author="Editorial staff",
        author_class="external",
        publisher=f"{account.city} Trade Gazette",
        uri=f"https://gazette.example/{document.lower()}",
        published=day,
        retrieved=day,
        text=f"{rival} has begun to deliver {line} to {account.name}.",
    )


def _rumour(ground: Ground, account: Account, rival: str) -> Document:
    """Return the same as somebody's word: without a source it makes no competitor appear."""
    assert account.owner_id is not None
    return Document(
        document_id=ground.later.world.document_id(),
        account_id=account.account_id,
        segment=None,
        kind="note",
        title="Heard at the gate",
        author=ground.after.rep(account.owner_id).name,
        author_class="internal",
        publisher=None,
        uri=None,
        published=ground.before.as_of + timedelta(days=ground.rng.randint(20, QUARTER_DAYS - 5)),
        retrieved=None,
        text=f"Somebody at the gate thinks that {rival} was here lately.",
    )
