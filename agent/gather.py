"""Everything a plan of one account may cite, collected before a word is drafted.

The list of analyses and questions is fixed here, in code, before any note is read. All
of it is seen with the eyes of the account's owner: ranks are among the owner's accounts,
and comparable accounts appear as a group, never by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from agent.beyond import beyond
from agent.cells import cited, records, sentences_of, whole_document
from agent.context import PlanningContext
from domain.errors import NotCitable
from domain.evidence import (
    CalculationSource,
    DocumentSource,
    Evidence,
    HumanSource,
    Ledger,
    Unit,
    texts_behind,
)
from domain.period import Period
from domain.plan import Remark
from domain.question import answer_evidence
from domain.record import content_hash, decimal_string
from tools.selling_time import rep_row
from tools.travel import Trip, distance_km, round_trip

ACCOUNT_METRICS = (
    "net_spend_12m", "net_spend_prior_12m", "spend_change_12m", "orders_12m",
    "last_order_date", "last_order_amount", "previous_order_amount",
    "third_last_order_amount", "last_order_change", "previous_order_change",
    "order_interval_days", "order_interval_spread_days", "next_order_due",
    "days_since_order", "top_category", "top_category_share", "product_lines_12m",
    "open_pipeline", "open_opportunities", "contacts", "last_touch_date",
    "days_since_touch", "touches_90d", "intent_90d", "first_order_date",
    "potential_p50", "potential_p75", "potential_p90", "open_potential", "peer_count",
    "peer_group", "spend_to_p75", "score", "tier", "tier_note", "win_probability",
    "expected_value", "rank", "rank_of", "whitespace_worth", "whitespace_lines",
    "tier_hours",
)  # fmt: skip
GAP_METRICS = (
    "line", "peer_share", "peer_p75", "chance", "worth", "own_spend_12m", "because",
)  # fmt: skip
REP_METRICS = ("selling_hours", "needed_hours", "load")
ACCOUNT_FIELDS: tuple[tuple[str, Unit], ...] = (
    ("name", "name"), ("segment", "name"), ("product_focus", "name"), ("city", "name"),
    ("region", "name"), ("country", "name"), ("employees", "count"), ("founded", "text"),
)  # fmt: skip
CONTACT_FIELDS: tuple[tuple[str, Unit], ...] = (
    ("name", "name"), ("title", "text"), ("role", "text"), ("level", "text"),
    ("influence", "text"), ("attitude", "text"), ("last_contact", "date"),
)  # fmt: skip
OPPORTUNITY_FIELDS: tuple[tuple[str, Unit], ...] = (
    ("name", "name"), ("stage", "text"), ("amount", "money"), ("closes", "date"),
)  # fmt: skip
DOCUMENT_FIELDS: tuple[tuple[str, Unit], ...] = (
    ("author", "name"), ("publisher", "name"), ("published", "date"), ("title", "name"),
)  # fmt: skip
QUESTIONS = (
    "delivery date deadline before the season order",
    "budget price discount terms payment",
    "decision approval owner purchasing who decides",
    "expansion new store opening hiring growth plans",
    "competitor quote other supplier offer switch",
    "problem complaint return quality late delivery",
    "interested in product range trial demo next year",
    "risk closing cash reorganisation leaving",
    "size of the store staff turnover spend a year",
    "contract agreement runs until renewal",
)
PASSAGES_PER_QUESTION = 10
NEWEST_READ = 12
"""Documents of the account that are read whatever they say."""


def gather(
    context: PlanningContext,
    account_id: str,
    period: Period,
    *,
    remarks: tuple[Remark, ...] = (),
) -> Ledger:
    """Collect and freeze the ledger of one account's plan."""
    evidence = [
        *cells(context, account_id, period),
        *spans(context, account_id),
        *statements(context, account_id, remarks),
    ]
    return freeze(context, evidence)


def cells(context: PlanningContext, account_id: str, period: Period) -> list[Evidence]:
    """Cells of analyses and CRM records about the account, its people and its owner."""
    book = context.book
    entity = f"account:{account_id}"
    owner = book.owners[account_id]
    found: list[Evidence] = []
    for metric in ACCOUNT_METRICS:
        found += cited(context.analyses, entity, metric)
    told = context.analyses.findings
    for item in told.by_account.get(account_id, ()) if told is not None else ():
        found += cited(context.analyses, item.entity, item.finding.kind)
    for gap in context.analyses.whitespace.gaps(account_id):
        for metric in GAP_METRICS:
            found += cited(context.analyses, gap, metric)
    found += beyond(context, account_id)
    if owner is not None:
        for metric in REP_METRICS:
            found += cited(context.analyses, f"rep:{owner}", metric)
        found += records(context.book, "reps", owner, f"rep:{owner}", (("name", "name"),), owner)
        found += _alternatives(context, account_id, owner)
        found += _travel(context, account_id, owner)
    found += records(context.book, "accounts", account_id, entity, ACCOUNT_FIELDS, owner)
    for table, kind, fields in (
        ("contacts", "contact", CONTACT_FIELDS),
        ("opportunities", "opportunity", OPPORTUNITY_FIELDS),
    ):
        for row_id in book.of_account(table, account_id):
            found += records(
                context.book, table, row_id, f"{entity}/{kind}:{row_id}", fields, owner
            )
    return found


def spans(context: PlanningContext, account_id: str) -> list[Evidence]:
    """Sentences of the account's newest documents, and of those that answer the questions.

    What matters may be said in words that no question has, so the newest documents are read
    whatever they say; older ones, and those about its segment, where they answer. A
    document is cut into sentences as a whole, so that passages that overlap never give
    two versions of one sentence.
    """
    passages: dict[tuple[str, str], list[Evidence]] = {}
    for question in QUESTIONS:
        for passage in context.retrieve(account_id, question, PASSAGES_PER_QUESTION):
            source = passage.source
            if isinstance(source, DocumentSource) and source.document_hash in context.book.texts:
                passages.setdefault((source.document_id, passage.entity), []).append(passage)
    owner = context.book.owners[account_id]
    found: dict[str, Evidence] = {}
    for document_id in _newest(context, account_id):
        whole = whole_document(context.book, document_id)
        passages.setdefault((document_id, whole.entity), []).append(whole)
    for (document_id, entity), touched in sorted(passages.items()):
        for sentence in sentences_of(context.book, touched):
            found.setdefault(sentence.id, sentence)
        scope = owner if entity.startswith("account:") else None
        for item in records(context.book, "documents", document_id, entity, DOCUMENT_FIELDS, scope):
            found.setdefault(item.id, item)
    return list(found.values())


def _newest(context: PlanningContext, account_id: str) -> list[str]:
    rows = context.book.rows("documents")

    def published(document_id: str) -> pd.Timestamp:
        day = rows[document_id]["published"]
        return pd.Timestamp.min if pd.isna(day) else pd.Timestamp(day)

    return sorted(
        sorted(context.book.of_account("documents", account_id)), key=published, reverse=True
    )[:NEWEST_READ]


def statements(
    context: PlanningContext, account_id: str, remarks: tuple[Remark, ...]
) -> list[Evidence]:
    """What people asked for, and what they answered, as evidence of kind `human`."""
    owner = context.book.owners[account_id] or ""
    answered = [answer_evidence(item, owner) for item in context.answers(account_id)]
    return answered + [
        Evidence(
            entity=f"account:{account_id}",
            metric="remark",
            value=remark.text,
            unit="text",
            period=context.book.as_of.isoformat(),
            source=HumanSource(
                person=remark.person_name,
                said_on=context.book.as_of,
                where=remark.section or "plan",
            ),
            scope=owner,
        )
        for remark in remarks
        if remark.text.strip()
    ]


def freeze(context: PlanningContext, evidence: Iterable[Evidence]) -> Ledger:
    """Freeze the ledger together with the full texts its spans were taken from."""
    items = list(evidence)
    return Ledger.of(items, texts_behind(items, context.book.texts), context.vocabulary)


def trip_to(context: PlanningContext, account_id: str, rep_id: str) -> Trip | None:
    """The round trip from the rep's base; None where a coordinate is blank."""
    place = _place(context.book.rows("accounts")[account_id], "latitude", "longitude")
    base = _place(rep_row(context.book, rep_id), "base_latitude", "base_longitude")
    if place is None or base is None:
        return None
    return round_trip(base, place, context.coverage.travel)


def _place(row: Mapping[str, Any], latitude: str, longitude: str) -> tuple[float, float] | None:
    if pd.isna(row[latitude]) or pd.isna(row[longitude]):
        return None
    return float(row[latitude]), float(row[longitude])


def _travel(context: PlanningContext, account_id: str, rep_id: str) -> list[Evidence]:
    trip = trip_to(context, account_id, rep_id)
    if trip is None:
        return []
    arguments = content_hash(
        [account_id, rep_id, context.book.book_id, context.coverage.travel.model_dump()]
    )
    found = [
        Evidence(
            entity=f"account:{account_id}",
            metric="travel_hours",
            value=decimal_string(trip.hours, 1),
            unit="hours",
            source=CalculationSource(
                analysis="travel", version=1, arguments_hash=arguments, pointer=trip.mode
            ),
            scope=rep_id,
        )
    ]
    for other in _nearby(context, account_id, rep_id):
        found += records(
            context.book, "accounts", other, f"account:{account_id}/near:{other}",
            (("name", "name"),), rep_id,
        )  # fmt: skip
    return found


def _nearby(context: PlanningContext, account_id: str, rep_id: str) -> list[str]:
    """The owner's two best accounts close enough to share a trip."""
    here = _place(context.book.rows("accounts")[account_id], "latitude", "longitude")
    if here is None:
        return []
    near = []
    for other in context.analyses.ranks.of_owner(rep_id):
        if other == account_id:
            continue
        there = _place(context.book.rows("accounts")[other], "latitude", "longitude")
        if there and distance_km(here, there) <= context.coverage.travel.nearby_km:
            near.append(other)
    return near[:2]


def _alternatives(context: PlanningContext, account_id: str, rep_id: str) -> list[Evidence]:
    """The owner's two other accounts with the most open potential: what else time buys."""
    options: list[tuple[float, str, Evidence]] = []
    for other in context.analyses.ranks.of_owner(rep_id):
        if other == account_id or context.coverage.tier(_tier(context, other)).plan == "none":
            continue
        try:
            cell = context.analyses.cite(f"account:{other}", "open_potential")
        except NotCitable:
            continue
        if float(cell.value) > 0:
            options.append((-float(cell.value), other, cell))
    best = sorted(options, key=lambda option: option[:2])[:2]
    if len(best) < 2:
        return []
    found = []
    for _, other, _cell in best:
        found += list(cited(context.analyses, f"account:{other}", "open_potential"))
        found += records(
            context.book,
            "accounts",
            other,
            f"rep:{rep_id}/account:{other}",
            (("name", "name"),),
            rep_id,
        )
    parents = [cell for *_, cell in best]
    total = sum(float(cell.value) for cell in parents)
    found.append(
        Evidence(
            entity=f"rep:{rep_id}",
            metric="alternative_open_potential",
            value=decimal_string(total, 2),
            unit="money",
            period=parents[0].period,
            source=CalculationSource(
                analysis="alternatives",
                version=1,
                arguments_hash=content_hash([account_id, rep_id, context.book.book_id]),
                pointer="best two",
                operation="sum",
                parents=tuple(cell.id for cell in parents),
            ),
            scope=rep_id,
        )
    )
    return found


def _tier(context: PlanningContext, account_id: str) -> str:
    return context.analyses.tiers.of(account_id)
