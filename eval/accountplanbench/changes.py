"""Changes that a review has to notice, and near misses that it must not.

What counts as a change is told in `docs/review.md`. Every kind is planted that two books show
by themselves, without plans that were approved before and without an analysis; most of them
beside something of the kind that stays below its limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from eval.accountplanbench.book import Account, Contact, Deal, Document, Product
from eval.accountplanbench.later import QUARTER_DAYS, SILENT_DAYS, Later, is_champion, rhythm
from eval.accountplanbench.measuring import (
    account_entity,
    contact_entity,
    deal_entity,
    rep_entity,
)
from eval.accountplanbench.orders import Course
from eval.accountplanbench.rules import worth_telling
from eval.accountplanbench.world import World

_KNOWN: tuple[Course, ...] = ("star", "growing", "steady", "falling")
_SLIPPED_DAYS, _OVERDUE_DAYS, _REGULAR_SPREAD = 14, 14, 0.25
"""Limits of the coverage models that the benchmark writes."""


class Changing:
    """Plants changes into a later book, no two at one account."""

    def __init__(self, before: World, later: Later, rng: Random) -> None:
        self._before = before
        self._later = later
        self._book = later.world.book
        self._rng = rng
        self._left: str | None = None
        self._free = [
            account
            for account in rng.sample(self._book.accounts, len(self._book.accounts))
            if account.owner_id is not None
            and account.parent_id is None
            and not any(other.parent_id == account.account_id for other in self._book.accounts)
            and later.world.courses[account.account_id] in _KNOWN
        ]

    def plant(self, *, joins: bool) -> None:
        """Plant every kind; a rep joins where `joins` is set, else one leaves."""
        self._rep(joins=joins)
        self._deals()
        self._pipeline()
        self._champions()
        self._orders()
        self._owner()
        self._family()
        self._products()
        self._competitors()

    def _take(self, fits: Callable[[Account], object]) -> Account | None:
        """Return an account that nothing was planted at yet, of a rep who stays."""
        for account in self._free:
            if account.owner_id != self._left and fits(account):
                self._free.remove(account)
                return account
        return None

    def _only_deal(self, account: Account) -> Deal | None:
        """Return the deal of an account that had no other open at the earlier book."""
        deals = self._before.book.open_deals_of(account.account_id)
        if len(deals) != 1:
            return None
        return next(
            deal
            for deal in self._book.opportunities
            if deal.opportunity_id == deals[0].opportunity_id
        )

    def _deals(self) -> None:
        """Push one deal's day far back, and another's by less than counts."""
        slipped = self._take(self._only_deal)
        if slipped is not None and (deal := self._only_deal(slipped)) is not None:
            was = self._was(deal)
            deal.stage, deal.closes = was.stage, was.closes
            assert deal.closes is not None
            deal.closes = max(
                deal.closes + timedelta(days=4 * _SLIPPED_DAYS),
                self._book.as_of + timedelta(days=20),
            )
            entity = deal_entity(slipped.account_id, deal.opportunity_id)
            self._later.change("deal_slipped", entity, slipped.owner_id)
        held = self._take(self._has_deal_to_come)
        if held is not None and (deal := self._only_deal(held)) is not None:
            assert deal.closes is not None
            deal.closes += timedelta(days=_SLIPPED_DAYS - 4)
            entity = deal_entity(held.account_id, deal.opportunity_id)
            self._later.near_miss("deal_slipped", entity, held.owner_id)

    def _has_deal_to_come(self, account: Account) -> bool:
        deal = self._only_deal(account)
        return deal is not None and deal.is_open

    def _was(self, deal: Deal) -> Deal:
        earlier = self._before.book.opportunities
        return next(item for item in earlier if item.opportunity_id == deal.opportunity_id)

    def _pipeline(self) -> None:
        """Lose a deal, open one where there was none, and raise another by too little."""
        least = worth_telling(self._later.world.industry, self._later.world.market)
        lost = self._take(lambda account: self._amount(account) >= least)
        if lost is not None and (deal := self._only_deal(lost)) is not None:
            deal.stage = "lost"
            deal.closes = self._book.as_of - timedelta(days=self._rng.randint(5, 60))
            self._later.change("pipeline_changed", account_entity(lost.account_id), lost.owner_id)
        new = self._take(lambda account: not self._before.book.open_deals_of(account.account_id))
        if new is not None:
            self._open(new, Decimal(least) * self._rng.randint(2, 5))
            self._later.change("pipeline_changed", account_entity(new.account_id), new.owner_id)
        raised = self._take(
            lambda account: self._has_deal_to_come(account) and self._amount(account) > 0
        )
        if raised is not None and (deal := self._only_deal(raised)) is not None:
            assert deal.amount is not None
            deal.amount = (deal.amount * Decimal("1.2")).quantize(deal.amount)
            entity = account_entity(raised.account_id)
            self._later.near_miss("pipeline_changed", entity, raised.owner_id)

    def _amount(self, account: Account) -> Decimal:
        deal = self._only_deal(account)
        return (deal.amount or Decimal(0)) if deal is not None else Decimal(0)

    def _open(self, account: Account, amount: Decimal) -> None:
        world, deals = self._later.world, self._book.opportunities
        line = self._rng.choice(world.industry.lines).name.lower()
        deals.append(
            Deal(
                opportunity_id=f"O-{len(deals) + 1:03d}N",
                account_id=account.account_id,
                owner_id=account.owner_id,
                name=world.industry.deals[0].format(line),
                stage="qualification",
                amount=amount,
                opened=self._book.as_of - timedelta(days=self._rng.randint(10, 60)),
                closes=self._book.as_of + timedelta(days=self._rng.randint(30, 120)),
            )
        )

    def _champions(self) -> None:
        """Let one champion go, one fall silent, and meet one on the last day that counts."""
        gone, silent, held = (self._take(self._champion) for _ in range(3))
        if gone is not None and (person := self._champion(gone)) is not None:
            self._book.contacts.remove(person)
            for touch in self._book.activities:
                if touch.contact_id == person.contact_id:
                    touch.contact_id = None
            self._note_champion(self._later.change, gone, person)
        if silent is not None and (person := self._champion(silent)) is not None:
            earlier = self._before.book.contacts_of(silent.account_id)
            was = next(item for item in earlier if item.contact_id == person.contact_id)
            self._unmeet(person)
            person.last_contact = was.last_contact
            self._note_champion(self._later.change, silent, person)
        if held is not None and (person := self._champion(held)) is not None:
            self._unmeet(person)
            person.last_contact = self._book.as_of - timedelta(days=SILENT_DAYS)
            self._note_champion(self._later.near_miss, held, person)

    def _champion(self, account: Account) -> Contact | None:
        """Return a champion who was met in the 90 days before the earlier book."""
        since = self._before.book.as_of - timedelta(days=SILENT_DAYS)
        fresh = {
            person.contact_id
            for person in self._before.book.contacts_of(account.account_id)
            if is_champion(person) and person.last_contact is not None
            and person.last_contact >= since
        }  # fmt: skip
        people = self._book.contacts_of(account.account_id)
        return next((person for person in people if person.contact_id in fresh), None)

    def _unmeet(self, person: Contact) -> None:
        """Take back what was logged with a person since the earlier book."""
        self._book.activities[:] = [
            touch
            for touch in self._book.activities
            if touch.contact_id != person.contact_id or touch.occurred <= self._before.book.as_of
        ]

    @staticmethod
    def _note_champion(note: Callable[..., None], account: Account, person: Contact) -> None:
        entity = contact_entity(account.account_id, person.contact_id)
        note("champion_gone", entity, account.owner_id)

    def _orders(self) -> None:
        """Let one regular order not come, and another come late."""
        slipped = self._take(self._is_due)
        if slipped is not None:
            self._book.orders[:] = [
                line
                for line in self._book.orders
                if line.account_id != slipped.account_id or line.ordered <= self._before.book.as_of
            ]
            entity = account_entity(slipped.account_id)
            self._later.change("renewal_slipped", entity, slipped.owner_id)
        late = self._take(self._is_due)
        if late is not None:
            for line in self._book.lines_of(late.account_id):
                if line.ordered > self._before.book.as_of:
                    line.ordered = min(line.ordered + timedelta(days=9), self._book.as_of)
            entity = account_entity(late.account_id)
            self._later.near_miss("renewal_slipped", entity, late.owner_id)

    def _is_due(self, account: Account) -> bool:
        """Say whether a regular order fell due between the books, and long enough ago."""
        last, gap, spread = rhythm(self._before, account.account_id)
        due = last + timedelta(days=gap)
        return (
            spread <= _REGULAR_SPREAD * gap
            and due > self._before.book.as_of
            and due <= self._book.as_of - timedelta(days=_OVERDUE_DAYS)
        )

    def _owner(self) -> None:
        """Give an account to another rep of the same team."""
        sellers = self._book.sellers()

        def others(account: Account) -> list[str]:
            manager = self._book.rep(account.owner_id or "").manager_id
            return [
                rep.rep_id
                for rep in sellers
                if rep.manager_id == manager
                and rep.rep_id not in (account.owner_id, self._left)
                and rep.active_to is None
                and any(known.rep_id == rep.rep_id for known in self._before.book.reps)
            ]

        account = self._take(others)
        if account is not None:
            was, account.owner_id = account.owner_id, self._rng.choice(others(account))
            entity = account_entity(account.account_id)
            self._later.change("owner_changed", entity, was, account.owner_id)

    def _family(self) -> None:
        """Put an account below another of the same rep, as after an acquisition."""
        head = self._take(
            lambda account: sum(item.owner_id == account.owner_id for item in self._free) > 1
        )
        if head is None:
            return
        below = self._take(lambda account: account.owner_id == head.owner_id)
        if below is not None:
            below.parent_id = head.account_id
            self._later.change("family_changed", account_entity(head.account_id), head.owner_id)

    def _products(self) -> None:
        """Launch a product, and list another that had been on sale before the earlier book."""
        new, known = self._rng.sample(self._later.world.industry.lines, 2)
        for line, days, note in (
            (new, self._rng.randint(20, 80), self._later.change),
            (known, -self._rng.randint(5, 40), self._later.near_miss),
        ):
            self._book.products.append(
                Product(
                    product_id=f"P-{len(self._book.products) + 1:02d}",
                    name=f"{line.name} Next",
                    category=line.family,
                    subcategory=line.name,
                    list_price=Decimal(line.prices[1] * self._later.world.market.scale),
                    live_from=self._before.book.as_of + timedelta(days=days),
                )
            )
            note("new_product", f"line:{line.name}")

    def _competitors(self) -> None:
        """Publish that a listed competitor is at one account; note the rumour of it at another."""
        published, rumoured = (self._take(lambda account: True) for _ in range(2))
        for account, source, rival in zip(
            (published, rumoured), (True, False), self._later.world.industry.rivals, strict=True
        ):
            if account is None:
                continue
            self._about_rival(account, rival, published=source)
            note = self._later.change if source else self._later.near_miss
            entity = f"{account_entity(account.account_id)}/competitor:{rival}"
            note("competitor_appeared", entity, account.owner_id)

    def _about_rival(self, account: Account, rival: str, *, published: bool) -> None:
        world = self._later.world
        document = world.document_id()
        day = self._before.book.as_of + timedelta(days=self._rng.randint(20, QUARTER_DAYS - 5))
        line = self._rng.choice(world.industry.lines).name.lower()
        owner = self._book.rep(account.owner_id or "").name
        self._book.documents.append(
            Document(
                document_id=document,
                account_id=account.account_id,
                segment=None,
                kind="competitive" if published else "note",
                title=f"{rival} in {account.city}" if published else "Heard at the gate",
                author="Editorial staff" if published else owner,
                author_class="external" if published else "internal",
                publisher=f"{account.city} Trade Gazette" if published else None,
                uri=f"https://gazette.example/{document.lower()}" if published else None,
                published=day,
                retrieved=day if published else None,
                text=f"{rival} has begun to deliver {line} to {account.name}."
                if published
                else f"Somebody at the gate thinks that {rival} was here about {line}.",
            )
        )

    def _rep(self, *, joins: bool) -> None:
        """Let a rep join a team, or the rep of another leave it."""
        sellers = self._book.sellers()
        day = self._before.book.as_of + timedelta(days=self._rng.randint(20, 60))
        if joins:
            number = len(self._book.reps) + 1
            new = replace(
                sellers[0],
                rep_id=f"R-{number:02d}",
                name=self._later.world.names.person(),
                active_from=day,
            )
            self._book.reps.append(new)
            self._later.change("rep_joined", rep_entity(new.rep_id), new.rep_id)
            return
        leaver = sellers[-1]
        leaver.active_to = day
        self._left = leaver.rep_id
        self._later.change("rep_left", rep_entity(leaver.rep_id), leaver.rep_id)


def reps_with_changes(later: Later, reps: Iterable[str]) -> list[str]:
    """Return reps, those with most changes of their own first."""
    own = {
        rep: sum(item.reps is not None and rep in item.reps for item in later.changes)
        for rep in reps
    }
    return sorted(own, key=lambda rep: (-own[rep], rep))
