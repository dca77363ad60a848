"""Whitespace of four kinds: lines of an account, sites of a family, segments, relatives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from api.accounts import no_such_account, territory_id
from api.reading import Reading
from domain.errors import NotFound
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace
    from tools.market.market import Market

Kind = Literal["product", "site", "segment", "relative"]
KINDS: tuple[Kind, ...] = ("product", "site", "segment", "relative")


class Asked(Record):
    """What of the whitespace is asked for; blank fields ask for everything.

    `kind` one of the four; `account` an account's id, `territory` a territory by id or name
    and `segment` a kind of business, in any case; `top` so many rows of each kind.
    """

    kind: Kind | None = None
    account: str | None = None
    territory: str | None = None
    segment: str | None = None
    top: int | None = None


class ProductGap(Record):
    """A product line an account could take up; amounts in currency a year.

    `entity` cites it. `peer_share` of the `peers` buy the line; `worth` is the chance
    (within 12 months) times what the peers' middle exceeds the own spend by. `because`
    says what the chance rests on, where the analysis tells.
    """

    entity: str
    account_id: str
    account_name: str
    owner_id: str | None
    line: str
    worth: float
    chance: float
    peer_share: float
    peer_p50: float
    peer_p75: float
    own_spend_12m: float
    peers: int
    buyers: int
    because: str | None


class SiteGap(Record):
    """A line that sister sites buy and this one does not; amounts in currency a year.

    `family_id` is the family's head where it lies within the scope. `sisters` are the
    buying sites within the scope, `sister_spend` and `sister_p50` their spend together
    and its median.
    """

    entity: str
    account_id: str
    account_name: str
    owner_id: str | None
    family_id: str | None
    line: str
    worth: float
    chance: float
    sisters: int
    sister_spend: float
    sister_p50: float
    own_spend_12m: float
    buys_nothing: bool


class SegmentCell(Record):
    """One cell of the market, or all of it; what is not known is null.

    `levels` name the cell by dimension. `reached_share` are the `customers` among the
    `companies`, with its 95 % interval. `expected` is what the companies that are not
    reached may bring within 12 months: the sum of chance times potential. `pooled` cells
    stand in this row; `small` marks fewer companies than the coverage model's `fewest`.
    """

    entity: str
    cell: str
    levels: dict[str, str]
    companies: int
    owned: int | None
    owned_share: float | None
    customers: int | None
    reached_share: float | None
    reached_low: float | None
    reached_high: float | None
    spend: float | None
    potential: float | None
    spend_share: float | None
    unreached_potential: float | None
    expected: float | None
    unknown_potential: int | None
    pooled: int
    small: bool


class MissingRelative(Record):
    """A relative of a customer that is no account yet; amounts in currency a year.

    `source`, `uri` and `observed` say who knows it, where, and since when.
    """

    entity: str
    company_id: str
    name: str
    account_id: str
    account_name: str
    owner_id: str | None
    industry: str | None
    segment: str | None
    size: str | None
    employees: int | None
    country: str | None
    region: str | None
    city: str | None
    chance: float | None
    potential: float | None
    worth: float | None
    source: str | None
    uri: str | None
    observed: str | None


class WhitespaceAnswer(Record):
    """All that was asked for, each list with the most worth first.

    `market` is the whole market within the scope and filters; null unless segments were
    asked for. `notes` say what could not be known.
    """

    book_id: str
    as_of: str
    currency: str
    asked: Asked
    products: tuple[ProductGap, ...] = ()
    sites: tuple[SiteGap, ...] = ()
    segments: tuple[SegmentCell, ...] = ()
    relatives: tuple[MissingRelative, ...] = ()
    market: SegmentCell | None = None
    notes: tuple[str, ...] = ()


def whitespace(workspace: Workspace, principal: Principal, asked: Asked) -> WhitespaceAnswer:
    """Return the whitespace within the scope.

    Accounts outside it appear in no row and in no count; a company that is no account is
    seen by who sees its parent, and without one by who sees everything.

    Raises
    ------
    NotFound
        When the account is missing or foreign, or nothing in the book bears the name of
        the territory or segment.
    """
    reading = workspace.reading(principal)
    seen = _seen(reading, principal)
    if asked.account is not None and asked.account not in seen:
        raise no_such_account(asked.account)
    only = _only(reading, asked)
    kinds = KINDS if asked.kind is None else (asked.kind,)
    parts: dict[str, Any] = {}
    notes: list[str] = []
    if "product" in kinds:
        parts["products"] = tuple(_products(reading, asked, seen if only is None else seen & only))
        notes.append(reading.analyses.whitespace.note)
    if set(kinds) - {"product"}:
        market = _market(reading, principal, seen, only)
        if "site" in kinds:
            parts["sites"] = tuple(_sites(reading, market, asked, seen))
            notes.append(market.sites.note)
        if "segment" in kinds:
            parts["segments"] = tuple(_segments(market, asked))
            if asked.account is None:
                parts["market"] = _cell(market, "", market.view.total)
        if "relative" in kinds:
            parts["relatives"] = tuple(_relatives(reading, market, asked))
            notes.append(market.relatives.note)
        if {"segment", "relative"} & set(kinds):
            notes += market.notes
    for name, rows in list(parts.items()):
        if isinstance(rows, tuple):
            parts[name] = rows[: asked.top]
    return WhitespaceAnswer(
        book_id=reading.book.book_id,
        as_of=reading.book.as_of.isoformat(),
        currency=reading.book.currency,
        asked=asked,
        notes=tuple(dict.fromkeys(note for note in notes if note)),
        **parts,
    )


def _seen(reading: Reading, principal: Principal) -> set[str]:
    owners = reading.book.owners
    return {account for account, owner in owners.items() if principal.scope.covers(owner)}


def _market(
    reading: Reading, principal: Principal, seen: set[str], only: set[str] | None
) -> Market:
    from tools.market.market import market

    if principal.scope.everything and only is None:
        return reading.analyses.market()
    analyses = reading.analyses
    return market(
        reading.book, analyses.facts, analyses.potential, analyses.whitespace, reading.coverage,
        told=None if principal.scope.everything else seen, only=only,
    )  # fmt: skip


def _only(reading: Reading, asked: Asked) -> set[str] | None:
    """Ids of the accounts and companies that the filters leave; None without a filter."""
    if asked.territory is None and asked.segment is None:
        return None
    accounts = reading.book["accounts"].set_index("account_id")
    companies = reading.book["market_companies"].set_index("company_id")
    kept = [pd.Series(True, index=table.index) for table in (accounts, companies)]
    if asked.territory is not None:
        wanted = territory_id(reading, asked.territory)
        of_account = accounts["territory_id"].eq(wanted).fillna(False)
        inside = set(of_account.index[of_account.astype(bool)])
        kept[0] &= accounts.index.isin(inside)
        kept[1] &= companies["parent_account_id"].isin(inside)
    if asked.segment is not None:
        known = pd.concat([accounts["segment"], companies["segment"]])
        folded = known.dropna().str.casefold()
        if asked.segment.casefold() not in set(folded):
            there = ", ".join(sorted(set(known.dropna()))) or "none"
            raise NotFound(
                f"There is no segment {asked.segment!r} in the book.", hint=f"There are {there}."
            )
        for place, table in enumerate((accounts, companies)):
            same = table["segment"].str.casefold().eq(asked.segment.casefold())
            kept[place] &= same.fillna(False).astype(bool)
    return {str(key) for rows in kept for key in rows.index[rows]}


def _products(reading: Reading, asked: Asked, seen: set[str]) -> Iterator[ProductGap]:
    table = reading.analyses.whitespace.gaps_table
    rows = table[table["account_id"].isin(seen)]
    if asked.account is not None:
        rows = rows[rows["account_id"] == asked.account]
    rows = rows.sort_values(["worth", "account_id", "line"], ascending=[False, True, True])
    for key, row in _rows(rows[: asked.top]):
        account = str(row["account_id"])
        because = row.get("because")
        yield ProductGap(
            entity=f"account:{key}",
            account_id=account,
            account_name=_name(reading, account),
            owner_id=reading.book.owners[account],
            line=str(row["line"]),
            because=None if not isinstance(because, str) or not because else because,
            peers=int(row["peers"]),
            buyers=int(row["buyers"]),
            **{
                name: round(float(row[name]), 6 if name in {"chance", "peer_share"} else 2)
                for name in (
                    "worth", "chance", "peer_share", "peer_p50", "peer_p75", "own_spend_12m",
                )
            },
        )  # fmt: skip


def _sites(reading: Reading, market: Market, asked: Asked, seen: set[str]) -> Iterator[SiteGap]:
    rows = market.sites.table
    if asked.account is not None:
        family = market.families.get(asked.account)
        rows = rows[rows["family"] == family]
    for key, row in _rows(rows[: asked.top]):
        account = str(row["account_id"])
        yield SiteGap(
            entity=f"account:{key}",
            account_id=account,
            account_name=_name(reading, account),
            owner_id=reading.book.owners[account],
            family_id=str(row["family"]) if row["family"] in seen else None,
            line=str(row["line"]),
            sisters=int(row["sisters"]),
            buys_nothing=bool(row["buys_nothing"]),
            chance=round(float(row["chance"]), 6),
            **{
                name: round(float(row[name]), 2)
                for name in ("worth", "sister_spend", "sister_p50", "own_spend_12m")
            },
        )


def _segments(market: Market, asked: Asked) -> Iterator[SegmentCell]:
    table = market.view.table
    if asked.account is not None:
        # An account outside the filters lies in no cell of theirs.
        cell = market.companies["cell"].get(asked.account)
        table = table[table.index == cell]
    for cell, row in _rows(table[: asked.top]):
        yield _cell(market, cell, row)


def _cell(market: Market, cell: str, row: Any) -> SegmentCell:
    counts = ("owned", "customers", "unknown_potential")
    shares = ("owned_share", "reached_share", "reached_low", "reached_high", "spend_share")
    sums = ("spend", "potential", "unreached_potential", "expected")
    return SegmentCell(
        entity=f"segment:{cell}" if cell else "",
        cell=cell or "the whole market",
        levels={name: str(row[name]) for name in market.view.by} if cell else {},
        companies=int(row["companies"]),
        pooled=int(row["pooled"]) if cell else 1,
        small=bool(row["small"]) if cell else False,
        **{name: None if pd.isna(row[name]) else int(row[name]) for name in counts},
        **{name: _number(row[name], 6) for name in shares},
        **{name: _number(row[name], 2) for name in sums},
    )


def _relatives(reading: Reading, market: Market, asked: Asked) -> Iterator[MissingRelative]:
    rows = market.relatives.table
    if asked.account is not None:
        rows = rows[rows["account_id"] == asked.account]
    records = reading.book.rows("market_companies")
    for key, row in _rows(rows[: asked.top]):
        account, company = str(row["account_id"]), str(row["company_id"])
        record = records[company]
        seen = record["observed"]
        yield MissingRelative(
            entity=f"account:{key}",
            company_id=company,
            name=str(row["name"]),
            account_id=account,
            account_name=_name(reading, account),
            owner_id=reading.book.owners[account],
            employees=None if pd.isna(row["employees"]) else int(row["employees"]),
            chance=_number(row["chance"], 6),
            potential=_number(row["potential"], 2),
            worth=_number(row["worth"], 2),
            observed=None if pd.isna(seen) else seen.date().isoformat(),
            **{name: _text(row[name]) for name in (
                "industry", "segment", "size", "country", "region", "city",
            )},
            **{name: _text(record[name]) for name in ("source", "uri")},
        )  # fmt: skip


def _rows(table: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    for key, row in zip(table.index, table.to_dict("records"), strict=True):
        yield str(key), row


def _name(reading: Reading, account: str) -> str:
    return str(reading.book.rows("accounts")[account]["name"])


def _number(value: Any, places: int) -> float | None:
    return None if pd.isna(value) else round(float(value), places)


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
