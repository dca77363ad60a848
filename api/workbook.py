"""A scenario as an XLSX workbook in which people decide on moves and send it back.

Three columns of the sheet of moves may be filled in; everything else is protected. What
a row is about, and what it looked like when it was written, stands in hidden columns, so
that sorting, filtering and added columns do no harm.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import PatternFill, Protection  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.worksheet.datavalidation import (  # type: ignore[import-untyped]
    DataValidation,
)

from api import scenario_words as words
from api.exporting import DRAFT
from api.page_look import day
from api.workbook_cells import protect, write_lines, write_table
from api.workbook_marks import (
    ACCOUNT,
    ACCOUNTS,
    BASE,
    BOOK,
    CHOICES,
    COMMENT,
    DECISION,
    HIDDEN,
    ID,
    METHOD,
    MOVES,
    OPEN,
    READ_ME,
    SHEETS,
    TERRITORIES,
    TERRITORY,
    base_of,
    rep_label,
    row_id,
)
from domain.assignment import DesignPoint, Move

if TYPE_CHECKING:
    from api.scenario_files import Told

_FREE = PatternFill("solid", fgColor="FDF1D6")
_AMOUNT, _HOURS, _POINTS, _SHARE = "#,##0", "#,##0.0", "0.00", "0.0%"


def workbook(told: Told) -> bytes:
    """Write the version's proposed design as a workbook of five sheets."""
    book = Workbook()
    book.remove(book.active)
    for name in SHEETS:
        book.create_sheet(name)
    _read_me(book[READ_ME], told)
    _moves(book[MOVES], told)
    _accounts(book[ACCOUNTS], told)
    _territories(book[TERRITORIES], told)
    _method(book[METHOD], told)
    for sheet in book:
        protect(sheet)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _read_me(sheet: Any, told: Told) -> None:
    version, row = told.version, told.row
    approved = told.decision is not None
    lines = [
        version.content.name,
        f"Scenario {version.scenario_id}, version {version.version}: "
        f"{version.status.replace('_', ' ')}.",
        f"Approved with decision {told.decision.decision_id}." if told.decision else f"{DRAFT}.",
        *([f"Why: {version.content.trigger}"] if version.content.trigger else []),
        f"Book of {day(row.as_of)}; planning period {day(row.period_start)} to "
        f"{day(row.period_end)}; amounts in {row.currency} a year, hours in the period.",
        "",
        words.verdict(row, row.points[version.content.chosen]),
        "",
        "How to use it",
        f"On the sheet {MOVES}, one row is one account that would change hands. Fill in the "
        "yellow columns:",
        f"• {DECISION}: accept agrees to the move; keep leaves the account with its owner and "
        f"needs a reason under {COMMENT}.",
        f"• {TERRITORY}: another rep than the proposed one locks the account to that rep, and "
        f"needs a reason under {COMMENT}.",
        "Leave a row as it is to say nothing about it. Sort, filter and add columns as you like; "
        "leave the hidden columns alone.",
        f"Send it back with: cadastre scenario import {version.scenario_id} FILE.xlsx",
        "You then see what would change and what others decided meanwhile. Nothing is applied "
        "before you confirm it, and nothing here assigns an account"
        + ("." if approved else ": a manager decides on the scenario as a whole."),
    ]
    write_lines(sheet, lines, bold={0, lines.index("How to use it")})


def _moves(sheet: Any, told: Told) -> None:
    version, row, point = told.version, told.row, _point(told)
    names = _names(told)
    labels = {rep.rep_id: rep_label(rep) for rep in row.reps}
    accepted = {
        item.account_id: item for item in version.content.choices if item.choice == "accept"
    }
    said = words.answers((), version.content.feedback, names)
    places = told.case.accounts
    headings = (
        (ACCOUNT, 14, ""), ("Account", 28, ""), ("City", 16, ""), ("Tier", 12, ""),
        ("From", 22, ""), ("Proposed", 22, ""), ("Potential", 12, _AMOUNT),
        ("Revenue 12 months", 12, _AMOUNT), ("Hours", 9, _HOURS), ("Travel change h", 9, _HOURS),
        ("Known for years", 9, _HOURS), ("Keeping costs points", 10, _POINTS),
        ("Next best", 22, ""), ("Why", 60, ""), ("Reps say", 30, ""),
        (DECISION, 12, ""), (TERRITORY, 24, ""), (COMMENT, 36, ""),
        (ID, 8, ""), (BASE, 8, ""), (BOOK, 8, ""),
    )  # fmt: skip

    def cells(move: Move) -> tuple[object, ...]:
        choice = accepted.get(move.account_id)
        place = places.loc[move.account_id]
        next_best = move.next_best
        return (
            move.account_id, move.account_name, place["city"], _tier(place["tier"]),
            _named(move.from_rep, names) or words.relationship(move),
            labels[move.to_rep], move.potential, move.revenue, move.hours, move.travel_change,
            move.relationship_years,
            move.why_not_stay or "cannot stay" if move.points is None else move.points,
            labels.get(next_best.rep_id, next_best.rep_id) if next_best else None,
            move.reason, "; ".join(said.get(move.account_id, ())),
            "accept" if choice else None, labels[move.to_rep], choice.reason if choice else None,
            row_id(version.scenario_id, move.account_id), base_of(version), row.book_id,
        )  # fmt: skip

    count = write_table(sheet, headings, (cells(move) for move in point.moves))
    columns = {name: get_column_letter(at) for at, (name, *_) in enumerate(headings, 1)}
    for name in HIDDEN:
        sheet.column_dimensions[columns[name]].hidden = True
    if not count:
        return
    for name in OPEN:
        for (cell,) in sheet[f"{columns[name]}2:{columns[name]}{count + 1}"]:
            cell.protection = Protection(locked=False)
            cell.fill = _FREE
    choices = f'"{",".join(CHOICES)}"'
    reps = f"{TERRITORIES}!$A$2:$A${len(row.reps) + 1}"
    for name, allowed, hint in (
        (DECISION, choices, "Write accept or keep, or leave it blank."),
        (TERRITORY, reps, "Choose a rep of this scenario."),
    ):
        rule = DataValidation(type="list", formula1=allowed, allow_blank=True)
        rule.errorTitle, rule.error, rule.showErrorMessage = name, hint, True
        rule.add(f"{columns[name]}2:{columns[name]}{count + 1}")
        sheet.add_data_validation(rule)


def _accounts(sheet: Any, told: Told) -> None:
    row, point, table = told.row, _point(told), told.case.accounts
    names = _names(told)
    moving = {move.account_id for move in point.moves}
    gets = dict(zip(row.accounts, point.assignment, strict=True))
    headings = (
        (ACCOUNT, 14, ""), ("Account", 28, ""), ("City", 16, ""), ("Tier", 12, ""),
        ("Segment", 20, ""), ("Industry", 20, ""), ("Owner today", 22, ""), ("Proposed", 22, ""),
        ("What happens", 18, ""), ("Potential", 12, _AMOUNT), ("Revenue 12 months", 12, _AMOUNT),
        ("Hours", 9, _HOURS), ("Note", 60, ""),
    )  # fmt: skip

    def cells(account: str, place: Any) -> tuple[object, ...]:
        rep = gets.get(account, -1)
        happens = "moves" if account in moving else "stays" if rep >= 0 else "left as it is"
        return (
            account, place.name, place.city, _tier(place.tier), place.segment, place.industry,
            _named(place.owner_id, names), names[row.reps[rep].rep_id] if rep >= 0 else None,
            happens, place.potential, place.revenue, place.hours, None,
        )  # fmt: skip

    lines = [cells(str(place.Index), place) for place in table.itertuples()]
    lines += [
        (
            item.account_id, item.account_name, None, None, None, None,
            _named(item.owner_id, names), None, "left as it is", None, None, None,
            f"{item.reason} {item.remedy}".strip(),
        )
        for item in row.unplaced
        if item.account_id not in gets
    ]  # fmt: skip
    write_table(sheet, headings, lines)


def _territories(sheet: Any, told: Told) -> None:
    row, point = told.row, _point(told)
    today = {rep.rep_id: rep for rep in row.points[0].reps}
    after = {rep.rep_id: rep for rep in point.reps}
    headings = (
        ("Territory", 26, ""), ("Rep id", 12, ""), ("Rep", 22, ""),
        ("Accounts today", 10, _AMOUNT), ("Accounts", 10, _AMOUNT),
        ("Potential today", 14, _AMOUNT), ("Potential", 14, _AMOUNT),
        ("Potential target", 14, _AMOUNT), ("Service hours today", 10, _HOURS),
        ("Service hours", 10, _HOURS), ("Hours target", 10, _HOURS), ("Travel hours", 10, _HOURS),
        ("Capacity hours", 10, _HOURS), ("Load", 9, _SHARE), ("Revenue 12 months", 14, _AMOUNT),
        ("Note", 50, ""),
    )  # fmt: skip
    lines = []
    for rep in row.reps:
        was, now = today[rep.rep_id], after[rep.rep_id]
        lines.append(
            (
                rep_label(rep), rep.rep_id, rep.name, was.accounts, now.accounts, was.potential,
                now.potential, now.potential_target, was.hours, now.hours, now.hours_target,
                now.travel_hours, now.capacity,
                now.needed_hours / now.capacity if now.capacity else None, now.revenue, rep.note,
            )
        )  # fmt: skip
    write_table(sheet, headings, lines)


def _method(sheet: Any, told: Told) -> None:
    row, point, names = told.row, _point(told), _names(told)
    accounts = {str(key): str(name) for key, name in told.case.accounts["name"].items()}
    limits = words.limits(row, accounts, names)
    priced = words.rules(row, point, accounts, names)
    designs = [
        f"{item.index}: {item.label}, {item.figures.accounts_moved:,} moves, spread of potential "
        f"{item.figures.spread_potential:.1%}, of workload {item.figures.spread_workload:.1%}, "
        f"gap {item.gap:.2f} points"
        for item in row.points
    ]
    parts = {
        "How the design was made": words.method(row),
        "How good it is": words.certainty(point),
        f"The row of designs (proposed: {point.index})": designs,
        "Rules that people set": limits or ["None besides those of the coverage model."],
        "What rules cost": [f"{rule} ({price} points)" for rule, price in priced] or ["Nothing."],
        "Notes": [*row.notes, f"Rules read under coverage model {row.coverage_hash[:16]}."],
    }
    lines: list[str] = []
    bold = set()
    for title, sentences in parts.items():
        bold.add(len(lines))
        lines += [title, *sentences, ""]
    write_lines(sheet, lines[:-1], bold=bold)


def _point(told: Told) -> DesignPoint:
    return told.row.points[told.version.content.chosen]


def _names(told: Told) -> dict[str, str]:
    return told.people | {rep.rep_id: rep.name for rep in told.row.reps}


def _named(rep_id: object, names: dict[str, str]) -> str | None:
    return f"{rep_id} {names.get(rep_id, '')}".strip() if isinstance(rep_id, str) else None


def _tier(tier: object) -> str | None:
    return tier.replace("_", " ") if isinstance(tier, str) else None
