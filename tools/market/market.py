"""The market of a book: segments by reached share, missing relatives, and sites."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.evidence import REPS_JOINED_BY, CalculationSource, Evidence, RecordSource
from domain.record import content_hash
from tools.cells import Arithmetic, Cite, Metric, Reading, canonical, missing, recompute
from tools.facts import Facts
from tools.market.adoption import adoption_chance
from tools.market.companies import market_companies
from tools.market.relatives import Relatives, relatives
from tools.market.segments import SegmentView, segment_view
from tools.market.sites import SiteGaps, site_gaps
from tools.order_facts import lines_until
from tools.potential import Potential
from tools.whitespace import Whitespace

VERSION = 1
_RECORDS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("name", "name"),
        Metric("segment", "name"),
        Metric("industry", "name"),
        Metric("city", "name"),
        Metric("employees", "count"),
        Metric("annual_revenue", "money"),
        Metric("source", "name"),
        Metric("observed", "date"),
    )
}
RELATIVE_METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("chance", "share"),
        Metric("potential", "money"),
        Metric("worth", "money", arithmetic=Arithmetic("analysis", ("chance", "potential"))),
    )
}
SITE_METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("line", "name"),
        Metric("sisters", "count", "year"),
        Metric("sister_spend", "money", "year"),
        Metric("sister_p50", "money", "year"),
        Metric("own_spend_12m", "money", "year"),
        Metric("chance", "share"),
        Metric(
            "worth",
            "money",
            arithmetic=Arithmetic("analysis", ("chance", "sister_p50", "own_spend_12m")),
        ),
    )
}
SEGMENT_METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("companies", "count"),
        Metric("owned", "count"),
        Metric("customers", "count", "year"),
        Metric("owned_share", "share", arithmetic=Arithmetic("share", ("owned", "companies"))),
        Metric(
            "reached_share", "share", arithmetic=Arithmetic("share", ("customers", "companies"))
        ),
        Metric("reached_low", "share"),
        Metric("reached_high", "share"),
        Metric("spend", "money", "year"),
        Metric("potential", "money"),
        Metric("spend_share", "ratio", arithmetic=Arithmetic("ratio", ("spend", "potential"))),
        Metric("unreached_potential", "money"),
        Metric("expected", "money"),
    )
}


@dataclass(frozen=True)
class Market:
    """What the market holds beyond the accounts' own whitespace, for one reader.

    `companies` are the companies the reader may see (`companies.market_companies`, with
    `chance` and `cell`), `view` their cells, `relatives` and `sites` what belongs to their
    accounts. `notes` say where something could not be known.
    """

    companies: pd.DataFrame
    view: SegmentView
    relatives: Relatives
    sites: SiteGaps
    notes: tuple[str, ...]
    reading: Reading
    told: tuple[str, ...] | None
    records: Mapping[str, Mapping[str, object]]

    @cached_property
    def _arguments(self) -> str:
        base = self.reading.arguments_hash("market")
        return base if self.told is None else content_hash([base, list(self.told)])

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
        if "/relative:" in entity and metric in _RECORDS:
            return self._record(entity, key, _RECORDS[metric])
        if "/relative:" in entity and metric in RELATIVE_METRICS:
            return self._cell(self.relatives.table, entity, key, RELATIVE_METRICS[metric], ask)
        if "/site:" in entity and metric in SITE_METRICS:
            return self._cell(self.sites.table, entity, key, SITE_METRICS[metric], ask)
        raise missing(entity, metric)

    def _cell(
        self, table: pd.DataFrame, entity: str, key: str, metric: Metric, cite: Cite
    ) -> Evidence:
        if key not in table.index or pd.isna(value := table.at[key, metric.name]):
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
        if pd.isna(value):  # type: ignore[call-overload]
            raise missing(entity, metric.name)
        return Evidence(
            entity=entity,
            metric=metric.name,
            value=canonical(value, metric.unit),
            unit=metric.unit,
            period="" if pd.isna(observed) else canonical(observed, "date"),  # type: ignore[call-overload]
            source=RecordSource(table="market_companies", row=row, field=metric.name),
            scope=self._scope(entity, key),
        )

    def _scope(self, entity: str, key: str) -> str:
        """The reps who must all be in a reader's scope: a cell tells of each one's accounts."""
        if entity.startswith("segment:"):
            owners = self.companies.loc[self.companies["cell"] == key, "owner_id"].dropna()
            return REPS_JOINED_BY.join(sorted(set(owners.astype(str))))
        account = key.split("/", 1)[0]
        if "/site:" in entity:
            family = self.companies["family"] == self.companies["family"].get(account)
            owners = self.companies.loc[family, "owner_id"].dropna()
            return REPS_JOINED_BY.join(sorted(set(owners.astype(str))))
        return self.reading.scope(entity)


def market(
    book: Book,
    facts: Facts,
    potential: Potential,
    whitespace: Whitespace,
    coverage: CoverageModel,
    *,
    told: Collection[str] | None = None,
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
    companies = everyone.loc[seen].copy()
    view = _view(companies, coverage)
    companies["cell"] = view.cell_of
    sites = site_gaps(
        _purchases(book, whitespace, coverage, facts.reading),
        family_of(everyone),
        as_of=facts.reading.as_of,
        pseudo_count=rules.pseudo_count,
        little_share=coverage.whitespace.little_share,
        told=None if told is None else set(told),
    )
    kin = relatives(everyone, companies, pseudo_count=rules.pseudo_count)
    notes = [sites.note, kin.note]
    if facts.table["net_spend_12m"].isna().all():
        notes.insert(0, "The export has no orders: who is a customer is not known.")
    if book["market_companies"].empty:
        notes.insert(0, "The export has no market companies: the market is the accounts alone.")
    return Market(
        companies,
        view,
        kin,
        sites,
        tuple(note for note in notes if note),
        facts.reading,
        None if told is None else tuple(sorted(told)),
        book.rows("market_companies"),
    )


def family_of(companies: pd.DataFrame) -> pd.Series:
    """The family of every account, by id; companies that are no account have none."""
    return companies.loc[companies["kind"] == "account", "family"]


def _view(companies: pd.DataFrame, coverage: CoverageModel) -> SegmentView:
    return segment_view(
        companies, by=coverage.market.dimensions, fewest=coverage.market.fewest
    )


def _purchases(
    book: Book, whitespace: Whitespace, coverage: CoverageModel, reading: Reading
) -> pd.DataFrame:
    lines = lines_until(book, reading.as_of)
    lines = lines.assign(line=lines[coverage.whitespace.level])
    live = lines["line"].isin(whitespace.lines)
    return lines.loc[live, ["account_id", "line", "ordered", "amount"]]
