"""What changed, as a table: by measure of one account, by account, or by rep."""

from __future__ import annotations

from collections.abc import Iterable

from agent.chat.tools.change_words import Words
from agent.chat.tools.pieces import cell_of
from domain.chat import AnswerTable, TableCell
from domain.plan import SlotFormat
from tools.change_cells import UNOWNED

ROWS = 12
_MEASURES: tuple[tuple[str, str, str | None, SlotFormat], ...] = (
    ("Net orders", "order_value_span", "order_value_prior_span", "money"),
    ("Orders", "orders_span", "orders_prior_span", "number"),
    ("Deals opened", "deals_opened_span", None, "number"),
    ("Deals won", "deals_won_span", None, "number"),
    ("Deals lost", "deals_lost_span", None, "number"),
    ("Product lines bought for the first time", "new_lines_span", None, "number"),
    ("Touches", "touches_span", "touches_prior_span", "number"),
    ("Documents", "documents_span", None, "number"),
    ("Contacts gone quiet", "quiet_contacts_span", None, "number"),
)
_COLUMNS: tuple[tuple[str, str, SlotFormat], ...] = (
    ("Net orders", "order_value_span", "money"),
    ("A year before", "order_value_prior_span", "money"),
    ("Change", "order_value_change", "change"),
    ("Deals opened", "deals_opened_span", "number"),
    ("Won", "deals_won_span", "number"),
    ("Lost", "deals_lost_span", "number"),
    ("Touches", "touches_span", "number"),
)


def change_table(words: Words) -> AnswerTable | None:
    """One row a measure for one account, a rep where there are several, else an account.

    Accounts are those whose net orders are furthest from the year before; None where there
    is none.
    """
    if words.single:
        return _by_measure(words)
    if len(words.found.reps) > 1:
        return _by_rep(words)
    accounts = words.movers()[:ROWS]
    rows = (
        (cell_of(words.pieces.account(account), "name"), *_cells(words, f"account:{account}"))
        for account in accounts
    )
    return (
        _table("Furthest from the same days a year before", "Account", rows) if accounts else None
    )


def _by_rep(words: Words) -> AnswerTable:
    rows = []
    for rep in words.found.reps:
        entity = f"{words.about.head}/rep:{rep}"
        name = None if rep == UNOWNED else words.pieces.rep(rep, entity)
        rows.append((cell_of(name, "name", "Nobody's"), *_cells(words, entity)))
    return _table("By rep, and the same days a year before", "Rep", rows)


def _cells(words: Words, entity: str) -> tuple[TableCell, ...]:
    return tuple(cell_of(words.cell(metric, entity), form) for _, metric, form in _COLUMNS)


def _table(title: str, first: str, rows: Iterable[tuple[TableCell, ...]]) -> AnswerTable:
    return AnswerTable(
        title=title, columns=(first, *(name for name, *_ in _COLUMNS)), rows=tuple(rows)
    )


def _by_measure(words: Words) -> AnswerTable:
    rows = tuple(
        (
            TableCell(text=name),
            cell_of(words.cell(metric), form),
            cell_of(words.cell(prior) if prior else None, form),
        )
        for name, metric, prior, form in _MEASURES
    )
    return AnswerTable(
        title="Since then, and the same days a year before",
        columns=("What", "Since", "A year before"),
        rows=rows,
    )
