"""Order.csv: what the lines of one Salesforce order share, namely account, date and owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crm.csv_files import RawTable, read_csv
from crm.findings import listed, many
from crm.headers import unknown_columns
from crm.mapping import Mapping
from crm.record_ids import Keys, record_of
from crm.salesforce import CURRENCY_COLUMN
from crm.supplied import Supplied
from crm.unused_fields import is_unused
from crm.values import Cells, check_currency, read_column
from domain.errors import ColumnsMissing, ColumnsUnknown, DuplicateIds
from domain.tables import TABLE_BY_NAME

STEM = "order"
ORPHAN_LINE, DRAFT = "orphan_line", "draft_order"
_COLUMNS = {
    "id": "order_id",
    "accountid": "account_id",
    "effectivedate": "ordered",
    "ownerid": "rep_id",
}
_SPELLED = {"Id": "order_id", "AccountId": "account_id", "EffectiveDate": "ordered"}
_SHARED = ("account_id", "ordered", "rep_id")
_NOT_IN_FORCE = frozenset({"draft", "canceled", "cancelled"})
_ORDERS = TABLE_BY_NAME["orders"]


@dataclass(frozen=True)
class OrderHeads:
    """Orders without their lines, by id: account, date and owner as text.

    `left_out` are drafts and cancelled orders.
    """

    file: str
    keys: Keys
    by_id: dict[str, dict[str, str]]
    left_out: frozenset[str]


def read_order_heads(paths: Sequence[Path], mapping: Mapping, currency: str) -> OrderHeads | None:
    """Read Order.csv; None when there is no such file.

    Raises
    ------
    FileUnreadable, ColumnsMissing, ColumnsUnknown, ValuesInvalid, CurrencyMixed, DuplicateIds
        What is wrong in the first file that is wrong.
    """
    if not paths:
        return None
    heads: dict[str, dict[str, str]] = {}
    left_out: set[str] = set()
    seen: dict[str, str] = {}
    for path in paths:
        raw = read_csv(path, lambda header: header.casefold() in _COLUMNS)
        columns = _columns(raw, mapping)
        drafts = _drafts(raw)
        live = raw.only([place for place, draft in enumerate(drafts) if not draft])
        _check(live, mapping, currency)
        for place, order in enumerate(columns["order_id"]):
            bare = order.strip()
            where = f"{raw.file} row {raw.rows[place]}"
            if bare and record_of(bare) in seen:
                raise DuplicateIds(
                    f"The order {bare!r} is on {seen[record_of(bare)]} and {where}.",
                    hint="Keep one row of each; an id names one order.",
                    ids=[bare],
                )
            seen[record_of(bare)] = where
            heads[bare] = {name: columns[name][place] for name in _SHARED if name in columns}
            if drafts[place]:
                left_out.add(bare)
    told = ", ".join(path.name for path in paths)
    return OrderHeads(told, Keys(heads), heads, frozenset(left_out))


def supply_heads(given: Supplied, heads: OrderHeads | None) -> None:
    """Give order lines the account, date and owner of their order.

    What a line says itself goes first. Lines that need an order the export lacks are set
    aside as orphans, lines of drafts and of cancelled orders as not sold.
    """
    orders = given.column("order_id")
    if heads is None or orders is None:
        return
    found = [heads.keys.find(order.strip()) for order in orders[1]]
    for name in _SHARED:
        own = given.column(name)
        header, cells = own or (f"{heads.file}: {name}", ("",) * len(found))
        if own is None and not any(name in head for head in heads.by_id.values()):
            continue
        given.cells[name] = (
            header,
            tuple(
                cell if cell.strip() or order is None else heads.by_id[order].get(name, "")
                for cell, order in zip(cells, found, strict=True)
            ),
        )
    _leave_out(given, heads, orders[1], found)


def _leave_out(
    given: Supplied, heads: OrderHeads, orders: Sequence[str], found: Sequence[str | None]
) -> None:
    drafts = {place for place, order in enumerate(found) if order in heads.left_out}
    needed = [given.column(name) for name in ("account_id", "ordered")]
    orphans = [
        place
        for place, order in enumerate(found)
        if order is None and any(own is None or not own[1][place].strip() for own in needed)
    ]
    lacking = listed(sorted({orders[place].strip() or "blank" for place in orphans}))
    of_drafts = len({found[place] for place in drafts})
    # Setting the orphans aside renumbers the rows that are left.
    out = set(orphans)
    rest = [place for place in range(len(found)) if place not in out]
    given.set_aside(
        orphans,
        ORPHAN_LINE,
        lambda count: f"{many(count, 'line')} of orders that {heads.file} lacks: {lacking}.",
        "These lines are set aside: no analysis and no total counts them.",
        severity="error",
        state="contradicted",
    )
    given.set_aside(
        [place for place, was in enumerate(rest) if was in drafts],
        DRAFT,
        lambda count: (
            f"{many(count, 'line')} of {many(of_drafts, 'order')} that are drafts or cancelled."
        ),
        "Nothing was sold by them; they are set aside.",
    )


def _columns(raw: RawTable, mapping: Mapping) -> dict[str, tuple[str, ...]]:
    """Return the cells of what lines share, by our column."""
    mapped = {name.casefold(): column for name, column in mapping.columns.get("orders", {}).items()}
    ignored = {name.casefold() for name in mapping.ignore}
    names = {**_COLUMNS, **{name: name for name in _COLUMNS.values()}, **mapped}
    columns: dict[str, tuple[str, ...]] = {}
    unknown = []
    for header, cells in zip(raw.header, raw.columns, strict=True):
        folded = header.casefold()
        if folded in ignored or folded == CURRENCY_COLUMN.casefold():
            continue
        if names.get(folded) in _COLUMNS.values():
            if names[folded] in columns:
                raise ColumnsUnknown(
                    f"{raw.file}: {header!r} and another column both mean {names[folded]}.",
                    hint="List one of them under `ignore` in the mapping file.",
                    file=raw.file,
                    columns=[header],
                )
            columns[names[folded]] = cells
        elif not is_unused(header, "orders"):
            unknown.append(header)
    if unknown:
        raise unknown_columns(raw.file, _ORDERS, unknown, mapping)
    missing = [name for name, column in _SPELLED.items() if column not in columns]
    if missing:
        raise ColumnsMissing(
            f"{raw.file} lacks {', '.join(missing)}, which the lines of an order share.",
            hint="Export them too, or map other headers under [columns.orders] in the mapping "
            "file.",
            file=raw.file,
            columns=missing,
        )
    return columns


def _drafts(raw: RawTable) -> list[bool]:
    """Say of each order whether it is a draft or cancelled; StatusCode tells where it is."""
    code, status = raw.cells("StatusCode"), raw.cells("Status")
    blank = ("",) * len(raw.rows)
    return [
        (one.strip() or other.strip()).casefold() in _NOT_IN_FORCE
        for one, other in zip(code or blank, status or blank, strict=True)
    ]


def _check(raw: RawTable, mapping: Mapping, currency: str) -> None:
    """Refuse what cannot be read, where it stands and not on the lines it is joined to."""
    columns = _columns(raw, mapping)
    cells = Cells(raw.file, raw.rows)
    spelled = {ours: theirs for theirs, ours in _SPELLED.items()} | {"rep_id": "OwnerId"}
    for name, values in columns.items():
        read_column(
            spelled[name],
            values,
            _ORDERS,
            _ORDERS.column(name),
            mapping=mapping,
            currency=currency,
            cells=cells,
        )
    codes = raw.cells(CURRENCY_COLUMN)
    if codes is not None:
        check_currency(CURRENCY_COLUMN, codes, currency, cells)
    error = cells.error()
    if error is not None:
        raise error
