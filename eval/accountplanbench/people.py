"""Who buys, and how we have been in touch: contacts, activities and signs of interest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from eval.accountplanbench.book import Book
from eval.accountplanbench.names import Names
from eval.accountplanbench.orders import Course
from eval.accountplanbench.rows import Account, Contact, Signal, Touch

Part = tuple[str, str, str, str]
_PARTS: tuple[Part, ...] = (
    ("Managing Director", "economic buyer", "executive", "high"),
    ("Director of Operations", "executive sponsor", "executive", "high"),
    ("Head of Purchasing", "purchasing", "director", "high"),
    ("Technical Lead", "technical evaluator", "manager", "medium"),
    ("Shift Supervisor", "user", "staff", "low"),
    ("Process Engineer", "champion", "manager", "medium"),
    ("Buyer", "purchasing", "staff", "medium"),
)
_KINDS = ("call", "call", "email", "meeting", "visit", "demo")
_MINUTES = {"call": 30, "email": 15, "meeting": 60, "visit": 90, "demo": 60}
_SUBJECTS = ("Check-in", "Open points", "Delivery dates", "Price list", "Samples", "Planning")
_SOURCES = ("Web visits", "Trade fair scans", "Newsletter clicks")


class Relations:
    """Writes the people of accounts and what went on with them, with running ids."""

    def __init__(self, book: Book, names: Names, rng: Random) -> None:
        self._book = book
        self._names = names
        self._rng = rng

    def meet(self, account: Account, course: Course, topics: Sequence[str]) -> None:
        """Write contacts, activities and signals of one account, as its course has it."""
        people = self._people(account, course)
        self._touches(account, course, people)
        self._signals(account, course, topics)

    def _people(self, account: Account, course: Course) -> list[Contact]:
        rng = self._rng
        if course == "star":
            parts = [*_PARTS[:4], _PARTS[5]]
        elif course == "thin":
            parts = [_PARTS[6]]
        elif course == "dormant":
            parts = [_PARTS[4]]
        elif course == "prospect":
            parts = rng.sample(_PARTS, rng.randint(0, 1))
        else:
            parts = rng.sample(_PARTS, rng.randint(2, 4))
        for part in parts:
            self._book.contacts.append(self._person(account, course, part))
        return self._book.contacts[len(self._book.contacts) - len(parts) :]

    def _person(self, account: Account, course: Course, part: Part) -> Contact:
        rng = self._rng
        title, role, level, influence = part
        attitude = rng.choice(("supportive", "neutral", "neutral", "opposed", None, None))
        met: date | None = self._book.as_of - timedelta(days=rng.randint(8, 260))
        if course == "star":
            attitude = "supportive" if level != "staff" else "neutral"
            met = self._book.as_of - timedelta(days=rng.randint(3, 26))
        elif course in ("dormant", "prospect"):
            attitude = "opposed" if course == "dormant" else None
            met = self._book.as_of - timedelta(days=rng.randint(430, 660))
        if course == "prospect" or (course != "star" and rng.random() < 0.12):
            met = None
        return Contact(
            contact_id=f"C-{len(self._book.contacts) + 1:03d}",
            account_id=account.account_id,
            name=self._names.person(),
            title=title,
            role=role if course == "star" or rng.random() < 0.85 else None,
            level=level if course == "star" or rng.random() < 0.9 else None,
            influence=influence if course == "star" or rng.random() < 0.8 else None,
            attitude=attitude,
            last_contact=met,
        )

    def _touches(self, account: Account, course: Course, people: Sequence[Contact]) -> None:
        """Write activities: the last contact of each person we met, and some before it."""
        rng = self._rng
        for person in people:
            if person.last_contact is None:
                continue
            count = rng.randint(3, 5) if course == "star" else rng.randint(1, 3)
            day = person.last_contact
            for _ in range(count):
                kind = rng.choice(_KINDS)
                self._book.activities.append(
                    Touch(
                        activity_id=f"T-{len(self._book.activities) + 1:04d}",
                        account_id=account.account_id,
                        contact_id=person.contact_id,
                        rep_id=account.owner_id,
                        kind=kind,
                        occurred=day,
                        minutes=_MINUTES[kind] if rng.random() < 0.8 else None,
                        subject=rng.choice(_SUBJECTS),
                    )
                )
                day -= timedelta(days=rng.randint(12, 70))

    def _signals(self, account: Account, course: Course, topics: Sequence[str]) -> None:
        rng = self._rng
        if course == "star":
            strength, days = 3, rng.randint(5, 60)
        elif course in ("dormant", "thin") or rng.random() > 0.4:
            return
        else:
            strength, days = rng.randint(1, 2), rng.randint(10, 200)
        self._book.intent_signals.append(
            Signal(
                signal_id=f"I-{len(self._book.intent_signals) + 1:03d}",
                account_id=account.account_id,
                topic=rng.choice(topics),
                strength=strength,
                observed=self._book.as_of - timedelta(days=days),
                source=rng.choice(_SOURCES),
            )
        )
