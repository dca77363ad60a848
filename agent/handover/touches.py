"""Who of ours met whom at the account, over all years of the book, as evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from agent.cells import records
from domain.book import Book
from domain.evidence import CalculationSource, Evidence
from domain.record import content_hash

MOST_REPS = 6


class Met(NamedTuple):
    """One of our people and their touches with the account, or with one contact of it."""

    name: Evidence
    touches: Evidence
    last: Evidence


class Touches(NamedTuple):
    """Touches of the account by rep, most first, and of each contact by who met them most."""

    by_rep: tuple[Met, ...]
    by_contact: dict[str, Met]

    def evidence(self) -> Iterator[Evidence]:
        """Yield everything that says so."""
        for met in (*self.by_rep, *self.by_contact.values()):
            yield from met


def touches_of(book: Book, account_id: str) -> Touches:
    """Count the touches of an account; those without a rep of the book count for nobody.

    Between reps with as many touches the latest comes first, then the smaller id.
    """
    days: dict[str, list[str]] = {}
    with_whom: dict[str, dict[str, list[str]]] = {}
    table = book["activities"]
    own = table[table["account_id"] == account_id]
    for rep, contact, when in zip(own["rep_id"], own["contact_id"], own["occurred"], strict=True):
        if not isinstance(rep, str) or when != when or when.date() > book.as_of:
            continue
        day = when.date().isoformat()
        days.setdefault(rep, []).append(day)
        if isinstance(contact, str):
            with_whom.setdefault(contact, {}).setdefault(rep, []).append(day)
    entity = f"account:{account_id}"
    by_rep = [_met(book, account_id, f"{entity}/met:{rep}", rep, days[rep]) for rep in _most(days)]
    by_contact = {}
    for contact in book.of_account("contacts", account_id):
        met = with_whom.get(contact)
        if met:
            rep = _most(met)[0]
            place = f"{entity}/met:{contact}.{rep}"
            found = _met(book, account_id, place, rep, met[rep])
            if found is not None:
                by_contact[contact] = found
    return Touches(tuple(met for met in by_rep if met is not None)[:MOST_REPS], by_contact)


def _most(days: dict[str, list[str]]) -> list[str]:
    ordered = sorted(days)
    ordered.sort(key=lambda rep: max(days[rep]), reverse=True)
    ordered.sort(key=lambda rep: len(days[rep]), reverse=True)
    return ordered


def _met(book: Book, account_id: str, entity: str, rep: str, days: list[str]) -> Met | None:
    owner = book.owners[account_id]
    names = records(book, "reps", rep, entity, (("name", "name"),), owner)
    if not names:
        return None
    source = CalculationSource(
        analysis="touches",
        version=1,
        arguments_hash=content_hash(["touches", book.book_id, account_id]),
        pointer=entity.partition("/")[2],
    )
    count = Evidence(
        entity=entity, metric="touches_span", value=str(len(days)), unit="count",
        period=f"{min(days)}/{book.as_of.isoformat()}", source=source, scope=owner or "",
    )  # fmt: skip
    last = Evidence(
        entity=entity, metric="last_touch_date", value=max(days), unit="date",
        period=book.as_of.isoformat(), source=source, scope=owner or "",
    )  # fmt: skip
    return Met(names[0], count, last)
