"""Findings of approved plans, put where the analyses read: in facts and in potential.

Nothing else changes an analysis from outside the book, and a finding changes nothing but
the rows of its own account. What follows (score, tier, rank) follows by the usual rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from domain.book import Book, frame
from domain.coverage import CoverageModel
from domain.evidence import Evidence, HumanSource
from domain.findings import (
    ApprovedFinding,
    OpportunityFinding,
    PotentialFinding,
    RelationshipFinding,
)
from tools import facts as fact_table
from tools import potential as potential_table
from tools.cells import Arithmetic, Cite, Metric, Reading, calculation, missing
from tools.facts import Facts
from tools.finding_states import contact_of
from tools.potential import Potential

VERSION = 1
CALCULATED = "calculated_"  # what a cell would say without findings, cited under this prefix

_CORRECTED = ("potential_p50", "potential_p75", "potential_p90", "potential_basis")
_PEOPLE = frozenset({"contacts", "supportive_contacts", "opposed_contacts", "access"})


@dataclass(frozen=True)
class Findings:
    """The findings that an analysis of the book applies, and what each cell said without.

    `facts` and `potential` are as the analyses read them, `facts_without` and
    `potential_without` as the book alone gives them.
    """

    applied: tuple[ApprovedFinding, ...]
    facts: Facts
    potential: Potential
    facts_without: Facts
    potential_without: Potential

    @cached_property
    def by_account(self) -> Mapping[str, tuple[ApprovedFinding, ...]]:
        """The findings by account, in the order they are applied."""
        found: dict[str, tuple[ApprovedFinding, ...]] = {}
        for item in self.applied:
            found[item.account_id] = (*found.get(item.account_id, ()), item)
        return found

    def cite(self, entity: str, metric: str, cite: Cite) -> Evidence:
        """Cite a finding, a cell that findings changed, or what it was without them.

        A finding is evidence of kind `human`, with its kind as metric. A changed cell has
        the findings behind it and the original calculation as parents; the latter is
        cited as `calculated_<metric>`. NotCitable for anything else.
        """
        account = entity.removeprefix("account:").partition("/")[0]
        mine = self.by_account.get(account, ())
        if "/finding:" in entity:
            found = next((item for item in mine if item.entity == entity), None)
            if found is None or found.finding.kind != metric:
                raise missing(entity, metric)
            return self._said(found)
        asked = metric.removeprefix(CALCULATED)
        if not mine or entity != f"account:{account}" or not self._changed(account, asked):
            raise missing(entity, metric)
        how, name, version = _cited_as(asked)
        if metric != asked:
            value = self._value(account, asked, without=True)
            if pd.isna(value):
                raise missing(entity, metric)
            plain = Metric(metric, how.unit, how.window, column=asked)
            return calculation(self.facts.reading, name, version, entity, plain, value)
        parents = [cite(item.entity, item.finding.kind) for item in _behind(asked, mine)]
        names: list[str] = [parent.metric for parent in parents]
        if not pd.isna(self._value(account, asked, without=True)):
            parents.append(cite(entity, CALCULATED + asked))
            names.append(CALCULATED + asked)
        derived = Metric(
            metric, how.unit, how.window, how.column, Arithmetic("analysis", tuple(names))
        )
        value = self._value(account, asked, without=False)
        if pd.isna(value):
            raise missing(entity, metric)
        return calculation(self.facts.reading, "findings", VERSION, entity, derived, value, parents)

    def _said(self, item: ApprovedFinding) -> Evidence:
        finding = item.finding
        money = isinstance(finding, PotentialFinding)
        return Evidence(
            entity=item.entity,
            metric=finding.kind,
            value=finding.amount if isinstance(finding, PotentialFinding) else _words(finding),
            unit="money" if money else "text",
            source=HumanSource(
                person=finding.person_name,
                said_on=finding.said_on,
                where=f"{item.basis}: {finding.reason}",
            ),
            scope=self.facts.reading.scope(f"account:{item.account_id}"),
        )

    def _changed(self, account: str, metric: str) -> bool:
        if metric not in _CORRECTED and metric not in fact_table.METRICS:
            return False
        now = self._value(account, metric, without=False)
        was = self._value(account, metric, without=True)
        if pd.isna(now) or pd.isna(was):
            return bool(pd.isna(now) != pd.isna(was))
        return bool(now != was)

    def _value(self, account: str, metric: str, *, without: bool) -> Any:
        facts, potential = (
            (self.facts_without, self.potential_without)
            if without
            else (self.facts, self.potential)
        )
        table = potential.table if metric in _CORRECTED else facts.table
        return table.at[account, metric] if metric in table.columns else pd.NA


def _words(finding: RelationshipFinding | OpportunityFinding) -> str:
    if isinstance(finding, RelationshipFinding):
        met = f"met on {finding.met_on.isoformat()}" if finding.met_on else None
        parts = [finding.name, finding.level, finding.role, finding.attitude, met]
    else:
        amount = f"amount {finding.amount}" if finding.amount else None
        parts = [finding.name, finding.stage, amount, f"closes {finding.closes.isoformat()}"]
    return ", ".join(part for part in parts if part)


def _cited_as(metric: str) -> tuple[Metric, str, int]:
    """How a cell is cited where no finding touches it, and by which analysis."""
    if metric in _CORRECTED:
        return potential_table.METRICS[metric], "potential", potential_table.VERSION
    return fact_table.METRICS[metric], "facts", fact_table.VERSION


def _behind(metric: str, mine: Sequence[ApprovedFinding]) -> list[ApprovedFinding]:
    """The findings of an account that can have changed a cell."""
    kind = (
        "potential"
        if metric in _CORRECTED
        else "relationship"
        if metric in _PEOPLE
        else "opportunity"
    )
    return [item for item in mine if item.finding.kind == kind] or list(mine)


def facts_with(
    book: Book, coverage: CoverageModel, without: Facts, findings: Sequence[ApprovedFinding]
) -> Facts:
    """Read the facts as though the CRM held the people and deals that findings tell of.

    Only the rows of accounts with such findings are taken from that reading, so that one
    finding in an empty table does not turn "never asked" into "none" for everybody.
    """
    amended = [item for item in findings if not isinstance(item.finding, PotentialFinding)]
    if not amended:
        return without
    book_with = _amended(book, amended)
    found = fact_table.facts(book_with, coverage, as_of=without.reading.as_of).table
    rows = without.table.index.isin([item.account_id for item in amended])
    table = without.table.copy()
    for column in table.columns:
        if not found.loc[rows, column].equals(table.loc[rows, column]):
            table[column] = table[column].where(~rows, found[column])
    return replace(without, table=table)


def _amended(book: Book, findings: Sequence[ApprovedFinding]) -> Book:
    contacts: Any = book["contacts"].copy()
    new_people: list[dict[str, object]] = []
    new_deals: list[dict[str, object]] = []
    for item in findings:
        finding = item.finding
        key = item.entity.partition("/")[2]
        if isinstance(finding, RelationshipFinding):
            known = contact_of(book, item.account_id, finding)
            claimed: dict[str, object] = {
                field: getattr(finding, field)
                for field in ("level", "role", "attitude")
                if getattr(finding, field) is not None
            }
            if known is None:
                claimed |= {"contact_id": key, "account_id": item.account_id, "name": finding.name}
                new_people.append(claimed | {"last_contact": finding.met_on})
                continue
            row = contacts["contact_id"] == known
            for field, value in claimed.items():
                contacts.loc[row, field] = value
            if finding.met_on is not None:
                met = pd.Timestamp(finding.met_on)
                later = contacts["last_contact"].isna() | (contacts["last_contact"] < met)
                contacts.loc[row & later, "last_contact"] = met
        elif isinstance(finding, OpportunityFinding):
            new_deals.append(
                {
                    "opportunity_id": key,
                    "account_id": item.account_id,
                    "owner_id": book.owners[item.account_id],
                    "name": finding.name,
                    "stage": finding.stage,
                    "amount": None if finding.amount is None else float(finding.amount),
                    "opened": finding.said_on,
                    "closes": finding.closes,
                }
            )
    tables = {
        **book.tables,
        "contacts": _appended("contacts", contacts, new_people),
        "opportunities": _appended("opportunities", book["opportunities"], new_deals),
    }
    return replace(book, tables=tables)


def _appended(name: str, table: pd.DataFrame, rows: list[dict[str, object]]) -> pd.DataFrame:
    if not rows:
        return table
    added = frame(name, rows)
    # A book kept before a column was known lacks it.
    added = added[[column for column in added.columns if column in table.columns]]
    return pd.concat([table, added], ignore_index=True) if len(table) else added


def potential_with(
    without: Potential, facts: Facts, findings: Sequence[ApprovedFinding]
) -> Potential:
    """Put corrected potentials in place of the calculated ones.

    P50 becomes the amount a person gave. Corrected upwards, P75 and P90 are lifted to it
    where they lie below; corrected downwards, they shrink in the same proportion, and
    never below it. Open potential and the share of P75 follow; the peers stay. A corrected
    level is no product of factors, so base and factors of the account are blank.
    """
    corrected = {
        item.account_id: item for item in findings if isinstance(item.finding, PotentialFinding)
    }
    if not corrected:
        return replace(without, facts=facts)
    table: Any = without.table.copy()
    spend = facts.table["net_spend_12m"].fillna(0.0)
    for account, item in corrected.items():
        assert isinstance(item.finding, PotentialFinding)  # picked above
        amount = float(item.finding.amount)
        p50 = float(table.at[account, "potential_p50"])
        falls = amount / p50 if p50 > amount else 1.0
        for column in ("potential_p75", "potential_p90"):
            level = float(table.at[account, column])
            lifted = amount if np.isnan(level) else max(round(level * falls, 2), amount)
            table.at[account, column] = lifted
        table.at[account, "potential_p50"] = amount
        p75 = float(table.at[account, "potential_p75"])
        spent = float(spend[account])
        table.at[account, "open_potential"] = round(max(p75 - spent, 0.0), 2)
        table.at[account, "spend_to_p75"] = round(spent / p75, 6)
        table.at[account, "potential_basis"] = f"corrected in {item.basis}: {item.finding.reason}"
    multiplied = [
        name
        for name in table.columns
        if name in ("potential_base", "potential_unit") or name.startswith(potential_table.FACTOR)
    ]
    table.loc[list(corrected), multiplied] = np.nan
    return replace(without, table=table, facts=facts)


def with_findings(
    book: Book,
    coverage: CoverageModel,
    without: tuple[Facts, Potential],
    findings: Sequence[ApprovedFinding],
    digest: str,
) -> Findings:
    """Apply findings to facts and potential, under a reading that bears their hash."""
    facts_without, potential_without = without
    reading: Reading = replace(facts_without.reading, findings_hash=digest)
    facts_now = replace(facts_with(book, coverage, facts_without, findings), reading=reading)
    calculated = replace(potential_without, reading=reading)
    return Findings(
        applied=tuple(findings),
        facts=facts_now,
        potential=potential_with(calculated, facts_now, findings),
        facts_without=facts_without,
        potential_without=potential_without,
    )
