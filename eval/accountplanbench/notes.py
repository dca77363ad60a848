"""Put texts into a book's documents, and keep what was planted where."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from eval.accountplanbench.measuring import account_entity
from eval.accountplanbench.rows import Account, Document
from eval.accountplanbench.telling import facts_of, varied
from eval.accountplanbench.texts import topics, write
from eval.accountplanbench.texts.writing import Facts, Group, Written
from eval.accountplanbench.world import World
from eval.task import Conflict, Insight, Order, Passage

FRESH_DAYS = (4, 120)
"""How old notes are that still count: the coverage models allow 180 days."""
OLD_YEARS = (3, 5)
"""How many years back facts lie that hold no more."""

_NAMED_CURRENCIES = ("CAD", "GBP")
"""Books whose own currency an injected order may ask for: obeying it could not be told."""

_SUBJECTS: dict[str, str] = {
    "budget_approved": "budget",
    "freeze": "budget",
    "budget_yes_no": "budget",
    "champion_leaving": "person",
    "staying_leaving": "person",
    "new_decision_maker": "decides",
    "central_purchasing": "decides",
    "merger": "decides",
    "who_decides": "decides",
    "rival_contract_ends": "rival",
    "rival_renewed": "rival",
    "order_split": "rival",
    "new_site": "site",
    "expansion": "site",
    "opening_day": "site",
}
"""What topics are about: two of one subject would contradict each other unmeant."""


class Notebook:
    """Writes the notes of one task's account, each with its own topic.

    `closed` decides between the open and the closed wordings of all of them, `words` which one
    it is; `rng` decides what they tell.
    """

    def __init__(
        self, world: World, account: Account, rng: Random, words: Random, *, closed: bool
    ) -> None:
        self.world = world
        self.account = account
        self.rng = rng
        self.words = words
        self.closed = closed
        self.old_day = self._old_day()
        self._left: dict[Group, list[str]] = {}
        self._subjects: set[str] = set()
        self.facts = facts_of(world, account, self.old_day, rng)

    def topic(self, group: Group) -> str:
        """Return a topic of a group, none twice before all were had, no subject twice."""
        while True:
            if not self._left.get(group):
                names = list(topics(group))
                self._left[group] = self.rng.sample(names, len(names))
            topic = self._left[group].pop()
            subject = _SUBJECTS.get(topic, topic)
            if subject not in self._subjects or group == "filler":
                self._subjects.add(subject)
                return topic

    def topic_of_turn(self, group: Group, turn: int) -> str:
        """Return the topic whose turn it is, all of a group one after the other."""
        names = topics(group)
        return names[turn % len(names)]

    def write(self, topic: str, facts: Facts | None = None) -> Written:
        """Write a text of a topic about the account."""
        return write(topic, facts or self.facts, self.words, closed=self.closed)

    def asked(self, group: Group, facts: Facts | None = None) -> tuple[str, Written]:
        """Return a topic of a group of questions or demands, and its words."""
        topic = self.topic(group)
        return topic, self.write(topic, facts)

    def insight(self) -> Insight:
        """Plant a fact that a good plan tells."""
        written = self.write(
            self.topic("insight"), varied(self.facts, self.world, self.account, self.rng)
        )
        document = self.put(written, self._recent())
        return Insight(
            key=f"{self.account.account_id}-{written.topic}",
            entity=account_entity(self.account.account_id),
            document_id=document,
            must_contain=written.span,
            wording=f"{written.topic}/{written.wording}",
            closed=written.closed,
        )

    def distractor(self) -> Passage:
        """Plant a vivid passage that bears on nothing."""
        written = self.write(self.topic("distractor"))
        return _passage(written, self.put(written, self._recent()), "bears on no decision")

    def misfiled(self) -> Passage:
        """Plant a note about a neighbour, by its name, that somebody filed under this account."""
        world, rng = self.world, self.rng
        neighbours = [
            item
            for item in world.owned_by(self.account.owner_id or "")
            if item.account_id != self.account.account_id and item.account_id in world.lines
        ]
        other = rng.choice(neighbours)
        facts = facts_of(world, other, self.old_day, rng)
        names = topics("insight")
        while True:
            # By the chance of wordings: the facts are those of open and closed ones alike.
            written = self.write(self.words.choice(names), facts)
            if written.kind != "email" and other.name in written.span:
                return _passage(written, self.put(written, self._recent()), f"of {other.name}")

    def stale(self) -> Passage:
        """Plant a fact of years ago, in a note of that time."""
        written = self.write(self.topic("stale"))
        return _passage(written, self.put(written, self.old_day), "true years ago")

    def conflict(self) -> Conflict:
        """Plant two notes that contradict each other."""
        written = self.write(
            self.topic("contradiction"), varied(self.facts, self.world, self.account, self.rng)
        )
        assert written.other is not None
        first, second = self.put(written, self._recent()), self.put(written.other, self._recent())
        return Conflict(
            key=f"{self.account.account_id}-{written.topic}",
            documents=(first, second),
            wording=f"{written.topic}/{written.wording}",
            closed=written.closed,
        )

    def order(self) -> Order:
        """Plant a note that gives an order to whoever, or whatever, reads it.

        It names a colleague, and an account that is somebody else's.
        """
        colleagues = [
            rep for rep in self.world.book.sellers() if rep.rep_id != self.account.owner_id
        ]
        colleague = self.rng.choice(colleagues)
        theirs = self.rng.choice(self.world.owned_by(colleague.rep_id))
        topic = self.topic("injection")
        if topic == "change_currency" and self.world.book.currency in _NAMED_CURRENCIES:
            topic = self.topic("injection")
        written = self.write(topic, self.about(target=colleague.name, other_account=theirs.name))
        return Order(
            document_id=self.put(written, self._recent()),
            text=written.span,
            traces=written.traces,
            wording=f"{written.topic}/{written.wording}",
            closed=written.closed,
        )

    def fill(self, count: int) -> None:
        """Add notes of everyday business."""
        for _ in range(count):
            self.put(self.write(self.topic("filler")), self._recent())

    def put(self, written: Written, day: date) -> str:
        """File a text under the account as of a day, and return its document's id."""
        world, account = self.world, self.account
        assert account.owner_id is not None
        assert written.kind != "asked"
        author, author_class = world.book.rep(account.owner_id).name, "internal"
        publisher = uri = None
        if written.kind == "email":
            end = "\n".join(written.text.split("\n")[-2:])
            signed = self.facts.contact.split()[0] in end
            author, author_class = (self.facts.contact if signed else account.name), "customer"
        document = world.document_id()
        if written.kind == "market":
            author, author_class = "Editorial staff", "external"
            publisher = f"{account.city} Business Register"
            uri = f"https://register.example/{document.lower()}"
        world.book.documents.append(
            Document(
                document_id=document,
                account_id=account.account_id,
                segment=None,
                kind=written.kind,
                title=written.title,
                author=author,
                author_class=author_class,
                publisher=publisher,
                uri=uri,
                published=day,
                retrieved=day if written.kind == "market" else None,
                text=written.text,
            )
        )
        return document

    def about(self, **changes: str | int) -> Facts:
        """Return the account's facts with some of them set."""
        return replace(self.facts, **changes)  # type: ignore[arg-type]

    def _anew(self) -> Facts:
        return varied(self.facts, self.world, self.account, self.rng)

    def _recent(self) -> date:
        return self.world.book.as_of - timedelta(days=self.rng.randint(*FRESH_DAYS))

    def _old_day(self) -> date:
        days = self.rng.randint(OLD_YEARS[0] * 365, OLD_YEARS[1] * 365)
        return self.world.book.as_of - timedelta(days=days)


def _passage(written: Written, document: str, about: str) -> Passage:
    return Passage(
        document_id=document,
        text=written.span,
        about=about,
        wording=f"{written.topic}/{written.wording}",
        closed=written.closed,
    )
