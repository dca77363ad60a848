"""What adjustments are made of: figures taken or worked out, and one proposal per thing opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from domain.cycle import Figure
from domain.errors import NotCitable
from domain.evidence import REPS_JOINED_BY, Evidence, Unit
from domain.plan import PlanVersion
from domain.review import Opens, QuarterData, Trigger
from tools.cells import Arithmetic, Metric, Reading, calculation
from tools.cycle.side import Side
from tools.territory.relationships import relationship_years

ANALYSIS = "adjustments"
VERSION = 1


class Found(Protocol):
    """Triggers of a comparison, with the evidence they rest on."""

    @property
    def rows(self) -> tuple[Trigger, ...]:
        """The changes found."""
        ...

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What they rest on."""
        ...


@dataclass(frozen=True)
class Proposal:
    """One thing a person may open, before proposals about the same thing are merged.

    `cost`, `gain` and `against` may hold figures without a value: they do not count. With
    `rest`, cost and counter-case are worked out by it, once the stake has made it a row:
    a review makes few of the many it could.
    """

    opens: Opens
    triggers: tuple[Trigger, ...]
    rep_id: str | None
    account_id: str | None
    cost: tuple[Figure, ...]
    gain: tuple[Figure, ...]
    against: tuple[Figure, ...]
    rest: Callable[[], tuple[tuple[Figure, ...], tuple[Figure, ...]]] | None = None

    @property
    def stake(self) -> Decimal:
        """The largest sum of money among the triggers' amounts and the gain.

        The amount of a change that is everybody's counts for a thing that is everybody's.
        """
        amounts = [
            trigger.amount
            for trigger in self.triggers
            if trigger.rep_id is not None or self.rep_id is None
        ]
        figures = [figure for figure in (*amounts, *self.gain) if figure is not None]
        money = [
            abs(Decimal(figure.value))
            for figure in figures
            if figure.unit == "money" and figure.value is not None
        ]
        return max(money, default=Decimal(0))


@dataclass
class Ground:
    """Two sides, the quarter's data and plans, and the evidence taken up so far.

    `reps` are those the review is about: no figure is made of other reps' accounts.
    """

    before: Side
    after: Side
    data: QuarterData | None
    plans: Mapping[str, PlanVersion]
    reps: tuple[str, ...]
    evidence: dict[str, Evidence] = field(default_factory=dict)
    hot: frozenset[str] = frozenset()
    """Accounts that some trigger is about: no alternative to each other."""
    _columns: dict[str, pd.Series] = field(default_factory=dict, repr=False)

    @cached_property
    def reading(self) -> Reading:
        """What figures are worked out under: the newer book, set against the older."""
        return replace(self.after.analyses.facts.reading, earlier=self.before.book.book_id)

    @cached_property
    def known_years(self) -> pd.Series:
        """Years that each account's owner in the older book has known it, by account."""
        owners = pd.Series(self.before.book.owners, dtype="str")
        return relationship_years(self.before.book, owners)

    def cite(self, entity: str, metric: str, label: str, note: str = "") -> tuple[Figure, ...]:
        """Take a cell of the newer book; nothing where it is empty or another rep's by now."""
        if not self.reads(entity):
            return ()
        try:
            chain = self.after.analyses.cite_all(entity, metric)
        except NotCitable:
            return ()
        self.evidence.update((item.id, item) for item in chain)
        return (Figure.of(chain[0], label, note),)

    def reads(self, entity: str) -> bool:
        """Say whether an entity is, in the newer book, no other rep's than the review's."""
        kind, _, rest = entity.split("/", 1)[0].partition(":")
        holder = {"rep": rest, "account": self.after.book.owners.get(rest)}.get(kind)
        return holder is None or holder in self.reps

    def figure(
        self,
        entity: str,
        metric: str,
        unit: Unit,
        label: str,
        value: Any,
        parents: Sequence[Evidence] = (),
        *,
        reps: Iterable[str] = (),
        summed: bool = False,
    ) -> Figure:
        """Work a figure out; with `summed` it is the sum of `parents`.

        `reps` are those whose rows it was made of, where they are not the entity's own.
        """
        how = Metric(metric, unit, arithmetic=Arithmetic("sum", ()) if summed else None)
        item = calculation(self.reading, ANALYSIS, VERSION, entity, how, value, parents)
        scope = sorted(set(reps))
        if scope:
            item = item.model_copy(update={"scope": REPS_JOINED_BY.join(scope)})
        self.evidence[item.id] = item
        return Figure.of(item, label)

    def cells(self, accounts: Iterable[str], metric: str) -> list[Evidence]:
        """Cells of several accounts, in their order, without those that are empty."""
        found = []
        for account in accounts:
            figure = self.cite(f"account:{account}", metric, metric)
            found += [self.evidence[item.evidence_id] for item in figure if item.evidence_id]
        return found

    def total(
        self, entity: str, metric: str, label: str, accounts: Sequence[str], column: str
    ) -> tuple[Figure, ...]:
        """Add up one money column of `accounts`; nothing where no cell of it is known."""
        accounts = [account for account in accounts if self.reads(f"account:{account}")]
        table = self.money_table(column).reindex(accounts).dropna()
        if table.empty:
            return ()
        money = sum(map(cents, table), Decimal(0))
        return (self.figure(entity, metric, "money", label, money, reps=self.owners_of(accounts)),)

    def money_table(self, column: str) -> pd.Series:
        """A money column of the newer book's analyses, by account."""
        if column not in self._columns:
            analyses = self.after.analyses
            facts = analyses.facts.table
            table = facts if column in facts else analyses.potential.table
            self._columns[column] = table[column].astype("float64")
        return self._columns[column]

    @cached_property
    def held(self) -> dict[str, list[str]]:
        """Account ids by owner in the newer book, in order of id."""
        found: dict[str, list[str]] = {}
        for account, owner in sorted(self.after.book.owners.items()):
            if owner is not None:
                found.setdefault(owner, []).append(account)
        return found

    def of_reps(self, reps: Iterable[str]) -> list[str]:
        """Accounts that these reps own in the newer book, in order of id."""
        return sorted(account for rep in set(reps) for account in self.held.get(rep, ()))

    @cached_property
    def room(self) -> Mapping[str, list[str]]:
        """By owner the accounts with most open potential that no trigger is about, most first."""
        table = self.money_table("open_potential").to_dict()
        found: dict[str, list[str]] = {}
        for owner, accounts in self.held.items():
            free = [
                (-table[account], account)
                for account in accounts
                if account not in self.hot and table.get(account, 0.0) > 0
            ]
            found[owner] = [account for _, account in sorted(free)[:2]]
        return found

    @cached_property
    def parents(self) -> Mapping[str, str | None]:
        """The account above each account of the newer book."""
        return _parents(self.after)

    @cached_property
    def parents_before(self) -> Mapping[str, str | None]:
        """The account above each account of the older book."""
        return _parents(self.before)

    @cached_property
    def families(self) -> Mapping[str, list[str]]:
        """The accounts below each head of a family, itself included, in order of id."""
        found: dict[str, list[str]] = {}
        for account in sorted(self.parents):
            found.setdefault(head_of(account, self.parents), []).append(account)
        return found

    def owners_of(self, accounts: Iterable[str]) -> set[str]:
        """Reps whose scope these accounts fall under in the newer book."""
        owners = self.after.book.owners
        return {owner for account in accounts if (owner := owners.get(account)) is not None}

    def hours_of(self, accounts: Sequence[str]) -> Decimal:
        """Hours that accounts ask for in the planning period, preparation and travel included."""
        column = self.after.analyses.workload.by_account["needed_hours"]
        asked = column.reindex(list(accounts)).dropna()
        return sum((cents(hours) for hours in asked), Decimal(0))

    def long_known(self, accounts: Sequence[str]) -> list[str]:
        """Those of `accounts` whose owner has known them for long, as the rules say."""
        least = self.after.coverage.territory.long_relationship_years
        years = self.known_years.reindex(list(accounts))
        return [str(account) for account, known in years.items() if known >= least]

    def colleagues(self, rep_id: str | None) -> tuple[str, ...]:
        """The review's reps of one rep's team who still sell, without the rep, by id."""
        people = {**self.before.book.rows("reps"), **self.after.book.rows("reps")}
        team = people[rep_id]["team"] if rep_id in people else None
        hours = self.after.analyses.workload.by_rep["selling_hours"]
        return tuple(
            rep
            for rep in self.reps
            if rep != rep_id
            and rep in people
            and people[rep]["function"] == "rep"
            and (not isinstance(team, str) or people[rep]["team"] == team)
            and float(hours.get(rep, 0.0)) > 0
        )

    def free_hours(self, entity: str, reps: Sequence[str], label: str) -> tuple[Figure, ...]:
        """Selling hours of several reps less what their accounts ask for; negative when over."""
        if not reps:
            return ()
        table = self.after.analyses.workload.by_rep.loc[list(reps)]
        left = sum(
            (
                cents(selling) - cents(needed)
                for selling, needed in zip(
                    table["selling_hours"], table["needed_hours"], strict=True
                )
            ),
            Decimal(0),
        )
        return (self.figure(entity, "free_hours_elsewhere", "hours", label, left, reps=reps),)

    def change_age(self, entity: str, reps: Iterable[str] = ()) -> Figure:
        """Days between the two books: how young everything is that the comparison found."""
        days = (self.after.as_of - self.before.as_of).days
        return self.figure(
            entity, "change_age_days", "days", "Days that the change can be old", days, reps=reps
        )


def head_of(account: str, parents: Mapping[str, str | None]) -> str:
    """The top of an account's family; a ring of parents ends at its smallest id."""
    seen: list[str] = []
    here: str | None = account
    while here is not None and here in parents and here not in seen:
        seen.append(here)
        here = parents[here]
    if here in seen:
        return min(seen[seen.index(here) :])
    return seen[-1] if seen else account


def _parents(side: Side) -> dict[str, str | None]:
    accounts = side.book["accounts"]
    above = accounts["parent_id"].to_numpy(dtype=object)
    return {
        account: parent if isinstance(parent, str) else None
        for account, parent in zip(accounts["account_id"].tolist(), above, strict=True)
    }


def cents(value: Any) -> Decimal:
    """Read a number of a table as it is stored: with two places."""
    return Decimal(f"{float(value):.2f}")


def known(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Drop figures without a value, and repeats."""
    return tuple(dict.fromkeys(figure for figure in figures if figure.value is not None))


def rep_of(trigger: Trigger) -> str | None:
    """The rep that a change is about: its subject, or whose territory it is in."""
    kind, _, rest = trigger.subject.partition(":")
    return rest if kind == "rep" else trigger.rep_id
