"""The market of a book: segments by reached share, missing relatives, and sites."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.evidence import REPS_JOINED_BY, CalculationSource, Evidence, RecordSource
from domain.record import content_hash
from tools.cells import Cite, Metric, Reading, canonical, missing, recompute
from tools.facts import Facts
from tools.market.adoption import adoption_chance
from tools.market.companies import market_companies
from tools.market.metrics import (
    RECORD_METRICS,
    RELATIVE_METRICS,
    SEGMENT_METRICS,
    SITE_METRICS,
)
from tools.market.relatives import Relatives, relatives
from tools.market.segments import SegmentView, segment_view
from tools.market.sites import SiteGaps, site_gaps
from tools.order_facts import lines_until
from tools.potential import Potential
from tools.whitespace import Whitespace

VERSION = 1


@dataclass(frozen=True)
class Market:
    """What the market holds beyond the accounts' own whitespace, for one reader.

    `companies` are the companies the reader may see (`companies.market_companies`, with
    `chance` and `cell`), `view` their cells, `relatives` and `sites` what belongs to their
    accounts; those say themselves where families are too few. `notes` say what the export
    lacks. `owners` and `families` are
    those of the whole market; `readers` who it was made for: `told` and `only`.
    """

    companies: pd.DataFrame
    view: SegmentView
    relatives: Relatives
    sites: SiteGaps
    notes: tuple[str, ...]
    reading: Reading
    owners: pd.Series
    families: pd.Series
    readers: tuple[tuple[str, ...] | None, tuple[str, ...] | None]
    records: Mapping[str, Mapping[str, Any]]

    @cached_property
    def _arguments(self) -> str:
        base = self.reading.arguments_hash("market")
        return base if self.readers == (None, None) else content_hash([base, *self.readers])

    def relatives_of(self, account_id: str) -> tuple[str, ...]:
        """Entities of an account's missing relatives, most worth first."""
        rows = self.relatives.table
        return tuple(f"account:{key}" for key in rows.index[rows["account_id"] == account_id])

    def sites_of(self, account_id: str) -> tuple[str, ...]:
        """Entities of the lines a site lacks and its sisters buy, most worth first."""
        rows = self.sites.table
        return tuple(f"account:{key}" for key in rows.index[rows["account_id"] == account_id])

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Return the evidence of one cell; NotCitable when it is absent or empty.

        Entities are `segment:CELL`, `account:ID/relative:COMPANY` and `account:SITE/
        site:LINE`. What the market data says of a relative is a record, dated by the day
        it was observed; the rest are calculations.
        """
        ask = cite or self.cite
        kind, _, key = entity.partition(":")
        if kind == "segment" and metric in SEGMENT_METRICS:
            return self._cell(self.view.table, entity, key, SEGMENT_METRICS[metric], ask)
        if "/relative:" in entity and metric in RECORD_METRICS:
            return self._record(entity, key, RECORD_METRICS[metric])
        if "/relative:" in entity and metric in RELATIVE_METRICS:
            return self._cell(self.relatives.table, entity, key, RELATIVE_METRICS[metric], ask)
        if "/site:" in entity and metric in SITE_METRICS:
            return self._cell(self.sites.table, entity, key, SITE_METRICS[metric], ask)
        raise missing(entity, metric)

    def _cell(
        self, table: pd.DataFrame, entity: str, key: str, metric: Metric, cite: Cite
    ) -> Evidence:
        if key not in table.index:
            raise missing(entity, metric.name)
        value: Any = table.at[key, metric.name]
        if pd.isna(value):
            raise missing(entity, metric.name)
        parents = (
            [cite(entity, name) for name in metric.arithmetic.parents] if metric.arithmetic else []
        )
        operation = metric.arithmetic.operation if metric.arithmetic else "analysis"
        return Evidence(
            entity=entity,
            metric=metric.name,
            value=canonical(value, metric.unit)
            if operation == "analysis"
            else recompute(operation, parents, metric.unit),
            unit=metric.unit,
            period=self.reading.period(metric.window),
            source=CalculationSource(
                analysis="market",
                version=VERSION,
                arguments_hash=self._arguments,
                pointer=f"{key}/{metric.name}",
                operation=operation,
                parents=tuple(parent.id for parent in parents),
            ),
            scope=self._scope(entity, key),
        )

    def _record(self, entity: str, key: str, metric: Metric) -> Evidence:
        table = self.relatives.table
        if key not in table.index:
            raise missing(entity, metric.name)
        row = str(table.at[key, "company_id"])
        value = self.records[row][metric.name]
        observed = self.records[row]["observed"]
        if pd.isna(value):
            raise missing(entity, metric.name)
        return Evidence(
            entity=entity,
            metric=metric.name,
            value=canonical(value, metric.unit),
            unit=metric.unit,
            period="" if pd.isna(observed) else canonical(observed, "date"),
            source=RecordSource(table="market_companies", row=row, field=metric.name),
            scope=self._scope(entity, key),
        )

    def _scope(self, entity: str, key: str) -> str:
        """The reps who must all be in a reader's scope: a cell tells of each one's accounts."""
        if entity.startswith("segment:"):
            owners = self.companies.loc[self.companies["cell"] == key, "owner_id"].dropna()
            return REPS_JOINED_BY.join(sorted(set(owners.astype(str))))
        if "/site:" in entity:
            told = self.readers[0]
            family = self.families == self.families.get(key.split("/", 1)[0])
            owners = self.owners[family & (self.owners.index.isin(told) if told else True)]
            return REPS_JOINED_BY.join(sorted(set(owners.dropna().astype(str))))
        return self.reading.scope(entity)


def market(
    book: Book,
    facts: Facts,
    potential: Potential,
    whitespace: Whitespace,
    coverage: CoverageModel,
    *,
    told: Collection[str] | None = None,
    only: Collection[str] | None = None,
) -> Market:
    """Look at the market of a book as one reader may see it.

    Parameters
    ----------
    book, facts, potential
        See `companies.market_companies`.
    whitespace
        Its live product lines; sites are told of those.
    coverage
        `market`, `whitespace.level` and `whitespace.little_share`.
    told
        Accounts the reader may see; None is all. Companies outside appear nowhere, nor in
        any count: a company that is no account is seen by who sees its parent, without
        one by who sees everything. Rates are counted on the whole book, in groups of five
        and more that the reader does not see.
    only
        Companies, accounts among them, that are asked for; None is all. It narrows what
        is told of those the reader may see: a site keeps sisters that are not asked for.

    Returns
    -------
    Market
        The same whatever the order of rows.
    """
    rules = coverage.market
    everyone = market_companies(book, facts, potential, coverage)
    seen = everyone.index
    if told is not None:
        mine = set(told)
        row = everyone["parent_id"].where(everyone["kind"] == "company", everyone.index.to_series())
        seen = everyone.index[row.isin(mine)]
    whole = _view(everyone, coverage)
    for name, bought in (("chance", "bought"), ("foretold", "bought_before")):
        everyone[name] = adoption_chance(
            everyone, whole.cell_of, bought=bought, pseudo_count=rules.pseudo_count,
            told=None if told is None else set(seen),
        )  # fmt: skip
    kin = relatives(everyone, everyone.loc[seen], pseudo_count=rules.pseudo_count)
    asked = seen if only is None else seen[seen.isin(list(only))]
    companies = everyone.loc[asked].copy()
    view = _view(companies, coverage)
    companies["cell"] = view.cell_of
    families = everyone.loc[everyone["kind"] == "account", "family"]
    shared = families.duplicated().any()
    sites = site_gaps(
        _purchases(book if shared else None, whitespace, coverage, facts.reading),
        families,
        as_of=facts.reading.as_of,
        pseudo_count=rules.pseudo_count,
        little_share=coverage.whitespace.little_share,
        told=None if told is None else set(told),
    )
    if only is not None:
        kin = replace(kin, table=kin.table[kin.table["company_id"].isin(asked)])
        sites = replace(sites, table=sites.table[sites.table["account_id"].isin(asked)])
    notes: list[str] = []
    if facts.table["net_spend_12m"].isna().all():
        notes.insert(0, "The export has no orders: who is a customer is not known.")
    if book["market_companies"].empty:
        notes.insert(0, "The export has no market companies: the market is the accounts alone.")
    return Market(
        companies,
        view,
        kin,
        sites,
        tuple(notes),
        facts.reading,
        everyone["owner_id"],
        everyone["family"],
        (_sorted(told), _sorted(only)),
        book.rows("market_companies"),
    )


def _sorted(ids: Collection[str] | None) -> tuple[str, ...] | None:
    return None if ids is None else tuple(sorted(ids))


def _view(companies: pd.DataFrame, coverage: CoverageModel) -> SegmentView:
    return segment_view(companies, by=coverage.market.dimensions, fewest=coverage.market.fewest)


def _purchases(
    book: Book | None, whitespace: Whitespace, coverage: CoverageModel, reading: Reading
) -> pd.DataFrame:
    """Order lines of live product lines; none without a book, which spares reading them."""
    columns = ["account_id", "line", "ordered", "amount"]
    if book is None:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
    lines = lines_until(book, reading.as_of)
    lines = lines.assign(line=lines[coverage.whitespace.level])
    live = lines["line"].isin(whitespace.lines)
    return lines.loc[live, columns]
