"""The fact table: what the book tells about each account, strictly as of one date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.evidence import Evidence
from tools import order_facts, relationship_facts
from tools.cells import Arithmetic, Cite, Metric, Reading, cell, missing
from tools.past_deals import deal_signs

VERSION = 1

_CHANGE_12M = Arithmetic("change", ("net_spend_12m", "net_spend_prior_12m"))
_LAST_CHANGE = Arithmetic("change", ("last_order_amount", "previous_order_amount"))
_PREVIOUS_CHANGE = Arithmetic("change", ("previous_order_amount", "third_last_order_amount"))

METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("net_spend_12m", "money", "year"),
        Metric("net_spend_prior_12m", "money", "year_before"),
        Metric("spend_change_12m", "change", "year", arithmetic=_CHANGE_12M),
        Metric("orders_12m", "count", "year"),
        Metric("first_order_date", "date"),
        Metric("last_order_date", "date"),
        Metric("last_order_amount", "money"),
        Metric("previous_order_amount", "money"),
        Metric("third_last_order_amount", "money"),
        Metric("last_order_change", "change", arithmetic=_LAST_CHANGE),
        Metric("previous_order_change", "change", arithmetic=_PREVIOUS_CHANGE),
        Metric("order_interval_days", "days"),
        Metric("order_interval_spread_days", "days"),
        Metric("next_order_due", "date"),
        Metric("days_since_order", "days"),
        Metric("top_category", "name", "year"),
        Metric("top_category_share", "share", "year"),
        Metric("product_lines_12m", "count", "year"),
        Metric("open_pipeline", "money"),
        Metric("open_opportunities", "count"),
        Metric("contacts", "count"),
        Metric("supportive_contacts", "count"),
        Metric("opposed_contacts", "count"),
        Metric("access", "text"),
        Metric("cycle", "text"),
        Metric("cycle_basis", "text"),
        Metric("target_segment", "name"),
        Metric("last_touch_date", "date"),
        Metric("days_since_touch", "days"),
        Metric("touches_90d", "count"),
        Metric("intent_90d", "count"),
    )
}


@dataclass(frozen=True)
class Facts:
    """One row per account, indexed by `account_id` in the book's order.

    Columns are those of `METRICS` and, beside them: `name`, `owner_id`, `industry`,
    `segment`, `product_focus`, `country`, `region`, `territory_group`, `employees`,
    `annual_revenue`; `has_executive_access`, `has_director_access`, `cycle_active`,
    `cycle_six_months`, `cycle_early` (boolean, missing while unknown).
    """

    table: pd.DataFrame
    reading: Reading

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Return the evidence of one cell; NotCitable when it is absent or empty."""
        if metric not in METRICS or not entity.startswith("account:"):
            raise missing(entity, metric)
        return cell(
            self.table, self.reading, "facts", VERSION, entity, METRICS[metric], cite or self.cite
        )


def facts(book: Book, coverage: CoverageModel, *, as_of: date | None = None) -> Facts:
    """Tell what is known of every account on one day.

    Parameters
    ----------
    book
        Orders, opportunities, contacts, activities and intent signals are read. A table
        without any row counts as not queried: its facts are missing, not nought.
    coverage
        Its `cycle` rules, target segments and whitespace level.
    as_of
        The day; the book's own by default. Rows dated later are not read, and of an
        earlier day everything is missing that the book tells of its own date only.

    Returns
    -------
    Facts
        Money in the book's currency, rounded to cents; changes and shares to 6 places;
        12 months are the 365 days up to and with the day.

    Notes
    -----
    `docs/methodology.md#facts` works an example by hand.
    """
    day = as_of or book.as_of
    accounts = book["accounts"].set_index("account_id", drop=True)
    index = accounts.index
    kept = [
        "name", "owner_id", "industry", "segment", "product_focus", "country", "region",
        "employees", "annual_revenue",
    ]  # fmt: skip
    groups = book["territories"].set_index("territory_id")["group"]
    described = accounts[kept].assign(territory_group=accounts["territory_id"].map(groups))
    if day < book.as_of:
        for column in set(described.columns) - {"name", *coverage.history.standing}:
            described[column] = described[column].mask(described[column].notna())
    deals = deal_signs(book, index, coverage.cycle, day)
    table = pd.concat(
        [
            described,
            order_facts.order_facts(book, coverage, index, day),
            relationship_facts.relationship_facts(book, index, deals, day),
        ],
        axis=1,
    )
    table = pd.concat([table, relationship_facts.cycle(table, deals, coverage, day)], axis=1)
    table["target_segment"] = target_segments(described, coverage)
    return Facts(table, Reading(book.book_id, coverage.hash, day, book.owners))


def target_segments(accounts: pd.DataFrame, coverage: CoverageModel) -> pd.Series:
    """Name the first target segment each account falls into; missing where none does."""
    named = pd.Series(None, index=accounts.index, dtype="str")
    for segment in coverage.strategy.target_segments:
        fits = named.isna()
        for column in ("industry", "segment", "product_focus", "country", "region"):
            wanted = getattr(segment, column)
            if wanted is not None:
                fits &= accounts[column].eq(wanted).fillna(False).astype(bool)
        if segment.employees_at_least is not None:
            large = accounts["employees"].ge(segment.employees_at_least)
            fits &= large.fillna(False).astype(bool)
        named[fits] = segment.name
    return named
