"""One account's ledger, read as a planner reads it: cells, people, gaps, sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from agent.claims import Filled, claim, quote
from agent.context import Brief
from agent.placing import Placed, place_sentences
from agent.screening import Screened, screen
from agent.verifier.competitors import mentions_competitor
from agent.wishes import Wishes, wishes_of
from domain.evidence import Evidence
from domain.plan import Claim, ClaimKind


@dataclass(frozen=True)
class Person:
    """A contact as the CRM has it; blank fields are None."""

    entity: str
    name: Evidence
    role: str | None
    level: str | None
    influence: str | None
    attitude: str | None
    last_contact: Evidence | None


class Case:
    """Reads a brief's ledger and builds claims that cite what they say."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.ledger = brief.ledger
        self.subject = f"account:{brief.account_id}"
        self.owner = f"rep:{brief.owner_id}"

    def cell(self, metric: str, entity: str | None = None) -> Evidence | None:
        """Return the newest fact of a metric, of the account unless told otherwise."""
        return self.ledger.find(entity or self.subject, metric)

    def number(self, metric: str, entity: str | None = None) -> Decimal:
        """Return a cell's value as a number; zero when there is none."""
        cell = self.cell(metric, entity)
        return Decimal(cell.value) if cell else Decimal(0)

    @cached_property
    def screened(self) -> Screened:
        """The sentences of the notes, sorted into usable and left out."""
        return screen(
            self.ledger,
            self.brief.account_id,
            self.brief.coverage,
            as_of=self.brief.as_of,
        )

    @cached_property
    def people(self) -> list[Person]:
        """Contacts, weightiest first: influence, then latest contact, then id."""
        order = {"high": 0, "medium": 1, "low": 2}
        found = []
        for name in self.ledger.of_entity(self.subject):
            if "/contact:" not in name.entity or name.metric != "name":
                continue
            found.append(
                Person(
                    name.entity,
                    name,
                    role=self._text(name.entity, "role"),
                    level=self._text(name.entity, "level"),
                    influence=self._text(name.entity, "influence"),
                    attitude=self._text(name.entity, "attitude"),
                    last_contact=self.cell("last_contact", name.entity),
                )
            )
        return sorted(
            found,
            key=lambda person: (
                order.get(person.influence or "", 3),
                "" if person.last_contact is None else _reversed(person.last_contact.value),
                person.entity,
            ),
        )

    def _text(self, entity: str, field: str) -> str | None:
        cell = self.cell(field, entity)
        return cell.value if cell else None

    @cached_property
    def gaps(self) -> list[str]:
        """Whitespace entities, most worth first."""
        found = {
            item.entity
            for item in self.ledger.of_entity(self.subject)
            if "/gap:" in item.entity and item.metric == "worth"
        }
        return sorted(found, key=lambda gap: (-self.number("worth", gap), gap))

    @cached_property
    def placed(self) -> Placed:
        """The sentences worth quoting, each where it belongs."""
        own = [
            item
            for item in self.screened.usable
            if item.is_about(self.subject)
            and not mentions_competitor(item.value, self.ledger.vocabulary)
        ]
        people = {person.entity: person.name.value for person in self.people}
        return place_sentences(
            own, people, self.brief.as_of, self.asked_for, self.ledger.vocabulary
        )

    @cached_property
    def wishes(self) -> Wishes:
        """What people asked of this plan."""
        return wishes_of(self.brief.remarks, self.brief.as_of)

    @cached_property
    def approachable(self) -> list[Person]:
        """The people a play may go through: all but those that somebody asked to do without."""
        return [person for person in self.people if not self.wishes.shuns(person.name.value)]

    @cached_property
    def asked_for(self) -> frozenset[str]:
        """Ids of the usable sentences whose document a person asked to have used."""
        return frozenset(item.id for item in self.screened.usable if self.wishes.names(item))

    def competitor_sentences(self) -> list[Evidence]:
        """Usable sentences that name a competitor, newest first."""
        return [
            item
            for item in self.screened.usable
            if mentions_competitor(item.value, self.ledger.vocabulary)
        ]

    def claim(
        self,
        key: str,
        kind: ClaimKind,
        text: str,
        *,
        subject: str | None = None,
        premises: tuple[str, ...] = (),
        cites: tuple[Evidence, ...] = (),
        slots: Mapping[str, Filled] | None = None,
        **named: Filled,
    ) -> Claim:
        """Build a claim about the account, unless told otherwise; see `agent.claims.claim`."""
        return claim(
            key,
            kind,
            subject or self.subject,
            text,
            premises=premises,
            cites=cites,
            slots={**(slots or {}), **named},
        )

    def quote(self, key: str, sentence: Evidence) -> Claim:
        """Build a claim that quotes one sentence; see `agent.claims.quote`."""
        about = self.subject if sentence.is_about(self.subject) else None
        return quote(key, sentence, self.cell, subject=about)


def _reversed(iso: str) -> str:
    """A key that sorts ISO dates newest first."""
    return "".join(chr(ord("9") - ord(c) + ord("0")) if c.isdigit() else c for c in iso)
