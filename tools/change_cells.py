"""What happened over a span of days as evidence: by account, by owner, over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from domain.evidence import REPS_JOINED_BY, CalculationSource, Evidence, Unit
from domain.period import Period
from domain.record import content_hash, decimal_string
from tools.cells import Arithmetic, Metric, canonical, missing, recompute

ANALYSIS = "changes"
VERSION = 1
UNOWNED = "(unowned)"
"""Stands for the owner of accounts that have none: only who sees everything sees them."""

SUMMED: Mapping[str, Unit] = {
    "accounts_span": "count",
    "order_value_span": "money", "order_value_prior_span": "money",
    "orders_span": "count", "orders_prior_span": "count",
    "deals_opened_span": "count", "deals_opened_value_span": "money",
    "deals_won_span": "count", "deals_won_value_span": "money",
    "deals_lost_span": "count", "deals_lost_value_span": "money",
    "new_lines_span": "count",
    "touches_span": "count", "touches_prior_span": "count",
    "documents_span": "count",
    "quiet_contacts_span": "count",
}  # fmt: skip
"""What is told of every account and added up over several; `prior` is a year before."""

DERIVED: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "order_value_change",
            "change",
            arithmetic=Arithmetic("change", ("order_value_span", "order_value_prior_span")),
        ),
        Metric(
            "order_value_difference",
            "money",
            arithmetic=Arithmetic("difference", ("order_value_span", "order_value_prior_span")),
        ),
    )
}


@dataclass(frozen=True)
class NewLine:
    """A product line an account ordered for the first time on file, and its net value since."""

    account_id: str
    line: str
    ordered: date
    amount: Decimal


@dataclass(frozen=True)
class Changes:
    """What happened in `span`, both days included, to some accounts.

    `table` is indexed by `account_id`, in the order given: the columns of `SUMMED`, money in
    the book's currency net of returns. Missing is what the rows of the accounts that were
    seen cannot tell: a table without rows, or a year before that begins before they do.
    `new_lines` are told by account, then day; `quiet` are (account, contact) ids. `begins`
    holds the first dated row by table.

    `head` is the entity of all accounts together; its cells are the sums of those of each
    owner, `HEAD/rep:REP`, where there are several owners.
    """

    span: Period
    prior: Period
    head: str
    table: pd.DataFrame
    new_lines: tuple[NewLine, ...]
    quiet: tuple[tuple[str, str], ...]
    begins: Mapping[str, date]
    owners: Mapping[str, str]
    _arguments: str

    @cached_property
    def reps(self) -> tuple[str, ...]:
        """The owners of the accounts, sorted; `UNOWNED` for accounts without one."""
        return tuple(sorted(set(self.owners.values())))

    def total(self, metric: str, rep_id: str | None = None) -> Decimal | None:
        """Add a metric up over all accounts, or one owner's; None where it is not known."""
        whole = self._by_owner[metric]
        parts = list(whole.values()) if rep_id is None else [whole.get(rep_id)]
        known = [part for part in parts if part is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(parts) else None

    @cached_property
    def _by_owner(self) -> Mapping[str, Mapping[str, Decimal | None]]:
        """Sums by metric and owner; None where an account of the owner lacks the metric.

        Money is added up in whole cents, so that no total differs from its parts.
        """
        per = {metric: 100 if unit == "money" else 1 for metric, unit in SUMMED.items()}
        values = (self.table.astype("float64") * pd.Series(per)).round()
        groups = values.groupby([self.owners[str(account)] for account in self.table.index])
        total, known, size = groups.sum(), groups.count(), groups.size()
        sums: dict[str, dict[str, Decimal | None]] = {}
        for metric, scale in per.items():
            columns = zip(total.index, total[metric], known[metric] == size, strict=True)
            sums[metric] = {
                str(rep): Decimal(int(value)) / scale if whole else None
                for rep, value, whole in columns
            }
        return sums

    def cite(self, entity: str, metric: str) -> Evidence:
        """Cite a figure of an account, of one owner's accounts together, or of all.

        Entities are `account:ID`, `HEAD/rep:REP` and the head. NotCitable where it is not
        known, and for a change against nothing.
        """
        return self._cite(entity, metric)[0]

    def cite_all(self, entity: str, metric: str) -> tuple[Evidence, ...]:
        """Return the evidence of a figure followed by what it was worked out from."""
        return tuple({item.id: item for item in self._cite(entity, metric)}.values())

    def _cite(self, entity: str, metric: str) -> list[Evidence]:
        if metric == "since":
            return [self._evidence(entity, metric, self.span.start.isoformat(), "date")]
        if metric in DERIVED:
            return self._derived(entity, DERIVED[metric])
        if metric not in SUMMED:
            raise missing(entity, metric)
        unit = SUMMED[metric]
        kind, _, key = entity.partition(":")
        if kind == "account" and key in self.table.index:
            value: Any = self.table.at[key, metric]
            if pd.isna(value):
                raise missing(entity, metric)
            return [self._evidence(entity, metric, canonical(value, unit), unit)]
        if entity == self.head and len(self.reps) > 1:
            parts = [self._cite(f"{entity}/rep:{rep}", metric)[0] for rep in self.reps]
            value = recompute("sum", parts, unit)
            return [
                self._evidence(entity, metric, value, unit, Arithmetic("sum", ()), parts),
                *parts,
            ]
        rep = entity.removeprefix(f"{self.head}/rep:") if entity != self.head else None
        if rep is not None and rep not in self.reps:
            raise missing(entity, metric)
        total = self.total(metric, rep)
        if total is None:
            raise missing(entity, metric)
        return [self._evidence(entity, metric, canonical(total, unit), unit)]

    def _derived(self, entity: str, metric: Metric) -> list[Evidence]:
        assert metric.arithmetic is not None
        found = [self._cite(entity, name) for name in metric.arithmetic.parents]
        parents = [items[0] for items in found]
        if metric.unit == "change" and Decimal(parents[1].value) <= 0:
            raise missing(entity, metric.name)
        value = recompute(metric.arithmetic.operation, parents, metric.unit)
        own = self._evidence(entity, metric.name, value, metric.unit, metric.arithmetic, parents)
        return [own, *parents, *(item for items in found for item in items[1:])]

    def _evidence(
        self,
        entity: str,
        metric: str,
        value: str,
        unit: Unit,
        arithmetic: Arithmetic | None = None,
        parents: Sequence[Evidence] = (),
    ) -> Evidence:
        about_account = entity.startswith("account:")
        prior = "_prior_" in metric
        return Evidence(
            entity=entity,
            metric=metric,
            value=value,
            unit=unit,
            period="" if metric == "since" else str(self.prior if prior else self.span),
            source=CalculationSource(
                analysis=ANALYSIS,
                version=VERSION,
                # A figure of one account does not depend on which others were asked about.
                arguments_hash=self._arguments if about_account else self._of_all,
                pointer=f"{entity}/{metric}",
                operation=arithmetic.operation if arithmetic else "analysis",
                parents=tuple(parent.id for parent in parents),
            ),
            scope=self._scope(entity),
        )

    @cached_property
    def _of_all(self) -> str:
        return content_hash([self._arguments, list(self.table.index)])

    def _scope(self, entity: str) -> str:
        kind, _, key = entity.partition(":")
        if kind == "account":
            return self.owners[key.partition("/")[0]]
        if entity != self.head:
            return entity.removeprefix(f"{self.head}/rep:")
        return REPS_JOINED_BY.join(self.reps)

    def line_cells(self, item: NewLine) -> tuple[Evidence, Evidence, Evidence]:
        """Cite a first order of a product line: its line, its day, its net value since."""
        entity = f"account:{item.account_id}/first:{item.line}"
        return (
            self._evidence(entity, "line", item.line, "name"),
            self._evidence(entity, "first_ordered", item.ordered.isoformat(), "date"),
            self._evidence(entity, "line_value_span", decimal_string(item.amount, 2), "money"),
        )
