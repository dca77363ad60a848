"""What changed around everybody: products that went on sale, competitors that appeared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from domain.cycle import Figure
from domain.evidence import DocumentSource, Evidence
from domain.record import text_hash
from domain.vocabulary import Vocabulary
from tools.cycle.changed.accounts import SPEND
from tools.cycle.changed.found import Found, found
from tools.cycle.changed.ground import Ground, day_of, figure


def new_products(ground: Ground) -> list[Found]:
    """Tell product lines with a product that is on sale and was not: one trigger a line.

    New is a product that went live since the earlier book, or one without a date that the
    earlier book did not hold.
    """
    level = ground.after.coverage.whitespace.level
    counts = []
    for earlier in (True, False):
        side = ground.side(earlier=earlier)
        rows, day = side.book["products"], pd.Timestamp(side.as_of)
        live = rows["live_from"].isna() | (rows["live_from"] <= day)
        counts.append(rows[live & ~(rows["live_to"] < day)])
    was, now = counts
    held = ground.before.book["products"]["product_id"]
    since = now["live_from"] > pd.Timestamp(ground.before.as_of)
    new = now[since | (now["live_from"].isna() & ~now["product_id"].isin(held))]
    told = []
    for line, rows in new[new[level].notna()].groupby(level, sort=True):
        entity = f"line:{line}"
        before, after = (
            ground.worked(
                entity, "products_on_sale", int((side[level] == line).sum()), "count", "",
                earlier=earlier,
            )
            for side, earlier in ((was, True), (now, False))
        )  # fmt: skip
        cells = []
        for row in rows.sort_values("product_id").to_dict("records"):
            product = str(row["product_id"])
            own = f"{entity}/product:{product}"
            if not pd.isna(row["live_from"]):
                cells.append(
                    ground.record(
                        "products", product, "live_from", row["live_from"], "date", own, ""
                    )
                )
            cells.append(ground.name("products", product, row["name"], own, ""))
        worth = _worth(ground, str(line))
        told.append(
            found(
                "new_product", entity, rep=None, account=None,
                before=Figure.of(before, "Products on sale"),
                after=Figure.of(after, "Products on sale"),
                amount=figure(
                    worth, "whitespace_of_line", "Whitespace in the line", "money",
                    "nothing is known yet of who could buy it",
                ),
                on=day_of(rows["live_from"].min()), cited=[after, *worth, before, *cells],
            )
        )  # fmt: skip
    return told


def _worth(ground: Ground, line: str) -> list[Evidence]:
    """What the listed gaps of the reps' accounts in one line are worth together."""
    gaps = ground.after.analyses.whitespace.gaps_table
    gaps = gaps[gaps["line"] == line]
    gaps = gaps[gaps["account_id"].isin(ground.holders)]
    if gaps.empty:
        return []
    reps = {ground.holders[str(account)] for account in gaps["account_id"]}
    total = round(float(gaps["worth"].sum()), 2)
    scope = ground.scope_of(reps)
    return [ground.worked(f"line:{line}", "whitespace_of_line", total, "money", scope)]


def competitors_appeared(ground: Ground) -> list[Found]:
    """Tell competitors that a sourced document published since the earlier book names.

    Of each account or segment and competitor one trigger. Only kind, source, dates and the
    names of `company.competitors` are read; a document without publisher, address and date
    says nothing.
    """
    names = Vocabulary(competitors=frozenset(ground.after.coverage.company.competitors))
    if not names.competitors:
        return []
    papers = ground.after.book["documents"]
    since = papers["published"] > pd.Timestamp(ground.before.as_of)
    since &= papers["published"] <= pd.Timestamp(ground.after.as_of)
    sourced = papers["uri"].notna() & papers["publisher"].notna()
    papers = papers[since & sourced & (papers["kind"] == "competitive")]
    table = ground.after.analyses.facts.table
    groups: dict[tuple[str, str], list[Evidence]] = {}
    spellings = {name.lower(): name for name in sorted(names.competitors)}
    for row in papers.sort_values(["published", "document_id"]).to_dict("records"):
        account, segment = row["account_id"], row["segment"]
        if isinstance(account, str):
            if account not in ground.holders:
                continue
            subject, scope = f"account:{account}", ground.owners[account] or ""
        elif isinstance(segment, str) and _held(ground, table, segment).any():
            subject, scope = f"segment:{segment}", ""
        else:
            continue
        for said in sorted({name.lower() for name in names.competitors_in(str(row["text"]))}):
            span = _span(row, names, said, subject, scope)
            groups.setdefault((subject, spellings[said]), []).append(span)
    return [
        _appeared(ground, table, subject, name, spans)
        for (subject, name), spans in sorted(groups.items())
    ]


def _span(row: dict[Any, Any], names: Vocabulary, said: str, subject: str, scope: str) -> Evidence:
    """Cite the first place where a document names the competitor, and nothing around it."""
    text = str(row["text"])
    word = next(name for name in names.competitors_in(text) if name.lower() == said)
    place = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    assert place is not None  # it was found in this very text
    start = place.start()
    told = {key: None if pd.isna(row[key]) else str(row[key]) for key in ("author", "retrieved")}
    return Evidence(
        entity=subject,
        metric="competitor_named",
        value=word,
        unit="text",
        source=DocumentSource(
            document_hash=text_hash(text),
            start=start,
            end=start + len(word),
            document_id=str(row["document_id"]),
            document_kind=str(row["kind"]),
            title=str(row["title"]),
            author=told["author"],
            author_class=row["author_class"],
            publisher=str(row["publisher"]),
            uri=str(row["uri"]),
            published=day_of(row["published"]),
            retrieved=day_of(row["retrieved"]),
        ),
        scope=scope,
    )


def _appeared(
    ground: Ground, table: pd.DataFrame, subject: str, name: str, spans: Sequence[Evidence]
) -> Found:
    kind, _, key = subject.partition(":")
    entity = f"{subject}/competitor:{name}"
    behind: Iterable[Evidence] = ()
    if kind == "account":
        rep, account = ground.holders[key], key
        amount: tuple[Evidence, ...] = ground.cite(key, "net_spend_12m")
        amount, behind = amount[:1], amount[1:]
        scope, others = ground.owners[key] or "", [ground.account_name(key, rep)]
    else:
        rep, account, scope, others = None, None, "", []
        spend = table.loc[_held(ground, table, key), ["net_spend_12m"]]["net_spend_12m"]
        amount = ()
        if spend.notna().all():
            reps = ground.scope_of(ground.holders[str(item)] for item in spend.index)
            total = round(float(spend.sum()), 2)
            amount = (ground.worked(subject, "spend_of_accounts", total, "money", reps),)
    told = ground.worked(entity, "competitor", name, "name", scope, spans)
    return found(
        "competitor_appeared", entity, rep=rep, account=account,
        after=Figure.of(told, "Competitor"),
        amount=figure(amount, "net_spend_12m", SPEND, "money", "no orders are known"),
        on=_published(spans), cited=[told, *spans, *amount, *others], behind=behind,
    )  # fmt: skip


def _published(spans: Sequence[Evidence]) -> date | None:
    return min((day for span in spans if (day := span.dated()) is not None), default=None)


def _held(ground: Ground, table: pd.DataFrame, segment: str) -> pd.Series:
    """Say which accounts of a segment or industry the reps looked at hold."""
    fits = (table["segment"] == segment) | (table["industry"] == segment)
    return fits & table.index.isin(ground.holders)
