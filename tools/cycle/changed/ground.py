"""Two books side by side, cut to some reps, and how their cells are cited together.

A cell of the earlier book is cited as `previous_` and its metric, dated with the earlier
book. So it never counts as another value of the later book's cell, whatever windows the two
are of, and a sentence may state both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from domain.cycle import Figure
from domain.errors import NotCitable
from domain.evidence import (
    REPS_JOINED_BY,
    CalculationSource,
    Evidence,
    Operation,
    RecordSource,
    Unit,
)
from domain.quarter import Quarter, quarter_at
from domain.record import content_hash
from tools.cells import canonical, recompute
from tools.cycle.side import Side

ANALYSIS = "triggers"
VERSION = 1
PREVIOUS = "previous_"
NOBODY = "nobody"


@dataclass(frozen=True)
class Ground:
    """Two sides and the reps whose rows count; `reps` are ids of either book."""

    before: Side
    after: Side
    reps: frozenset[str]

    @cached_property
    def owners_before(self) -> Mapping[str, str | None]:
        """Owner by account id at the earlier book; None where it had none."""
        return self.before.book.owners

    @cached_property
    def owners(self) -> Mapping[str, str | None]:
        """Owner by account id at the later book; None where it has none."""
        return self.after.book.owners

    @cached_property
    def holders(self) -> Mapping[str, str]:
        """Rep by account of the later book whose territory a change of it is about.

        The owner, or of an account without one the rep who owned it. Accounts of reps who
        are not looked at, and those that nobody owned in either book, are left out.
        """
        found = {}
        for account, owner in self.owners.items():
            rep = owner if owner is not None else self.owners_before.get(account)
            if rep is not None and rep in self.reps:
                found[account] = rep
        return found

    @cached_property
    def parents_before(self) -> Mapping[str, str | None]:
        """Parent by account id at the earlier book; None for a family's head."""
        return _parents(self.before)

    @cached_property
    def parents(self) -> Mapping[str, str | None]:
        """Parent by account id at the later book; None for a family's head."""
        return _parents(self.after)

    @cached_property
    def quarter(self) -> Quarter:
        """The quarter that the later book lies in."""
        return quarter_at(self.after.as_of, self.after.coverage.quarters)

    def side(self, *, earlier: bool) -> Side:
        """Return one of the two sides."""
        return self.before if earlier else self.after

    def sees(self, account: str) -> bool:
        """Say whether an account of the later book has no owner or one who is looked at."""
        owner = self.owners.get(account)
        return owner is None or owner in self.reps

    # ------------------------------------------------------------ evidence

    @cached_property
    def _arguments(self) -> Mapping[bool, str]:
        was, now = (
            side.analyses.facts.reading.arguments_hash(ANALYSIS)
            for side in (self.before, self.after)
        )
        return {True: was, False: content_hash([was, now])}

    def record(
        self,
        table: str,
        row: str,
        field: str,
        value: Any,
        unit: Unit,
        entity: str,
        scope: str,
        *,
        earlier: bool = False,
    ) -> Evidence:
        """Cite a CRM cell as one of the books has it, dated with that book."""
        return Evidence(
            entity=entity,
            metric=(PREVIOUS if earlier else "") + field,
            value=canonical(value, unit),
            unit=unit,
            period=self.side(earlier=earlier).as_of.isoformat(),
            source=RecordSource(table=table, row=row, field=field),
            scope=scope,
        )

    def name(self, table: str, row: str, value: Any, entity: str, scope: str) -> Evidence:
        """Cite what something is called; as account plans cite it, without a date."""
        return Evidence(
            entity=entity,
            metric="name",
            value=str(value),
            unit="name",
            source=RecordSource(table=table, row=row, field="name"),
            scope=scope,
        )

    def worked(
        self,
        entity: str,
        metric: str,
        value: Any,
        unit: Unit,
        scope: str,
        parents: Sequence[Evidence] = (),
        *,
        operation: Operation = "analysis",
        earlier: bool = False,
    ) -> Evidence:
        """Cite something worked out from the two books; arithmetic is done on `parents`."""
        name = (PREVIOUS if earlier else "") + metric
        return Evidence(
            entity=entity,
            metric=name,
            value=canonical(value, unit)
            if operation == "analysis"
            else recompute(operation, parents, unit),
            unit=unit,
            period=self.side(earlier=earlier).as_of.isoformat(),
            source=CalculationSource(
                analysis=ANALYSIS,
                version=VERSION,
                arguments_hash=self._arguments[earlier],
                pointer=f"{entity}/{name}",
                operation=operation,
                parents=tuple(parent.id for parent in parents),
            ),
            scope=scope,
        )

    def was(self, account: str, metric: str, value: Any, unit: Unit, scope: str) -> Evidence:
        """Cite an account's cell of the earlier book's analyses."""
        return self.worked(f"account:{account}", metric, value, unit, scope, earlier=True)

    def cite(self, account: str, metric: str) -> tuple[Evidence, ...]:
        """Cite an account's cell of the later book with what it rests on; empty if unknown."""
        try:
            return self.after.analyses.cite_all(f"account:{account}", metric)
        except NotCitable:
            return ()

    def account_name(self, account: str, scope: str) -> Evidence:
        """Cite the name of an account, the later book's where it is still there."""
        names = self._names
        return self.name("accounts", account, names[account], f"account:{account}", scope)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for side in (self.before, self.after):
            accounts = side.book["accounts"]
            found.update(zip(accounts["account_id"], accounts["name"], strict=True))
        return found

    def rep_name(self, rep: str) -> Evidence | None:
        """Cite the name of a rep, the later book's where they are still there."""
        for side in (self.after, self.before):
            row = side.book.rows("reps").get(rep)
            if row is not None:
                return self.name("reps", rep, row["name"], f"rep:{rep}", rep)
        return None

    def scope_of(self, reps: Iterable[str | None]) -> str:
        """Return the scope of a fact about the rows of several reps."""
        return REPS_JOINED_BY.join(sorted({rep for rep in reps if rep}))

    def change_at_stake(
        self, account: str, metric: str, was: Evidence, now: Evidence, scope: str
    ) -> Evidence:
        """Cite by how much a money value changed, either way."""
        larger, smaller = (was, now) if float(was.value) > float(now.value) else (now, was)
        return self.worked(
            f"account:{account}", metric, None, "money", scope, (larger, smaller),
            operation="difference",
        )  # fmt: skip


def _parents(side: Side) -> dict[str, str | None]:
    accounts = side.book["accounts"]
    return {
        account: parent if isinstance(parent, str) else None
        for account, parent in zip(accounts["account_id"], accounts["parent_id"], strict=True)
    }


def figure(found: Sequence[Evidence], metric: str, label: str, unit: Unit, note: str) -> Figure:
    """Show the first of some evidence, or say that there is none and why."""
    return Figure.of(found[0], label) if found else Figure.unknown(metric, label, unit, note)


def day_of(value: Any) -> date | None:
    """Return a cell of a date column as a day; None where it is missing."""
    return None if pd.isna(value) else pd.Timestamp(value).date()


def ids(values: Collection[Any]) -> list[str]:
    """Return ids as plain text, in order."""
    return sorted(map(str, values))
