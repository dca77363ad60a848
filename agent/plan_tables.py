"""The tables of a plan: people, whitespace, plays, milestones. Their figures are cells."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from agent.plan_sources import Sources, long_day, value_text
from agent.render import format_value
from agent.view import Cell, Sentence, TableView
from domain.evidence import Evidence, Ledger
from domain.plan import Claim, PlanContent, Play, ScheduledPlay, SlotFormat
from domain.record import decimal_string

PEOPLE = ("Role", "Name", "Stance", "Influence", "Last contact", "Note or gap")
WHITESPACE = ("Not bought, 12 months", "Peers who buy it", "Their P75 a year",
              "Chance in 12 months", "Worth a year")  # fmt: skip
PLAYS = ("#", "What", "With", "Who", "By", "Hours", "Done when")
MILESTONES = ("By", "Milestone")
UNKNOWN = "–"
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_RESOURCES = {
    "inside_sales": "inside sales", "solution_engineering": "solution engineering",
    "customer_success": "customer success", "manager": "manager", "operations": "operations",
}  # fmt: skip
VALUE = "Worth it to them"
OBJECTION = "Expect"
_GAP_CELLS: tuple[tuple[str, SlotFormat], ...] = (
    ("peer_share", "percent"),
    ("peer_p75", "money_short"),
    ("chance", "percent"),
    ("worth", "money_short"),
)

Say = Callable[[Claim], Sentence]


def people_table(content: PlanContent, ledger: Ledger, sources: Sources, say: Say) -> TableView:
    """Role, name, stance, influence and last contact of each person, and what is missing."""
    rows = []
    for person in content.draft.people:
        note = say(person.note) if person.note else None

        def cell(metric: str, entity: str | None = person.contact) -> Cell:
            found = ledger.find(entity, metric) if entity else None
            return _cell(found, content.currency, sources)

        last = cell("last_contact")
        if person.contact is not None and last.text == UNKNOWN:
            last = Cell(text="not met")
        name = cell("name") if person.contact else Cell(text="nobody on file")
        rows.append(
            (
                Cell(text=person.role),
                name,
                cell("attitude") if person.contact else Cell(text=UNKNOWN),
                cell("influence") if person.contact else Cell(text=UNKNOWN),
                last,
                Cell(text=note.text if note else "", sentence=note),
            )
        )
    return TableView(kind="people", columns=PEOPLE, rows=tuple(rows))


def whitespace_table(content: PlanContent, ledger: Ledger, sources: Sources) -> TableView:
    """One product line a row: who buys it, at what spend, the chance, and its worth a year."""
    rows = []
    for product in content.draft.products:
        line = ledger.find(product.gap, "line")
        spent = ledger.find(product.gap, "own_spend_12m")
        name = value_text(line, content.currency) if line else product.gap.rpartition(":")[2]
        if spent is not None and spent.value not in ("0", ""):
            name = f"{name} ({format_value(spent, 'money_short', content.currency)} spent)"
        cells = [Cell(text=name, evidence_id=None)]
        for metric, form in _GAP_CELLS:
            found = ledger.find(product.gap, metric)
            cells.append(
                Cell(
                    text=format_value(found, form, content.currency) if found else UNKNOWN,
                    evidence_id=sources.cite(found) if found else None,
                    numeric=True,
                )
            )
        rows.append(tuple(cells))
    return TableView(kind="whitespace", columns=WHITESPACE, rows=tuple(rows))


def plays_table(content: PlanContent, ledger: Ledger, say: Say) -> TableView:
    """Plays in their order; value and objection stand in rows of their own below."""
    when = {item.key: item for item in content.schedule.plays}
    rows: list[tuple[Cell, ...]] = []
    for number, play in enumerate(content.draft.plays, start=1):
        what, done = say(play.what), say(play.done_when)
        placed = when.get(play.key)
        rows.append(
            (
                Cell(text=str(number), numeric=True),
                Cell(text=what.text, sentence=what),
                Cell(text=_contact(play, ledger, content.currency)),
                Cell(text=_who(play, content)),
                Cell(text=_by(placed)),
                Cell(text=_hours(placed), numeric=True),
                Cell(text=done.text, sentence=done),
            )
        )
        for label, claim in ((VALUE, play.value), (OBJECTION, play.objection)):
            if claim is not None:
                said = say(claim)
                blank = (Cell(text=""),) * (len(PLAYS) - 2)
                rows.append((Cell(text=label), Cell(text=said.text, sentence=said), *blank))
    return TableView(kind="plays", columns=PLAYS, rows=tuple(rows))


def milestones_table(content: PlanContent, say: Say) -> TableView:
    """Dated ends of plays, by date."""
    when = {item.key: item.due for item in content.schedule.plays}
    rows: list[tuple[str, int, tuple[Cell, ...]]] = []
    for milestone in content.draft.milestones:
        due, said = when.get(milestone.play), say(milestone.what)
        row = (
            Cell(text=long_day(due) if due else UNKNOWN),
            Cell(text=said.text, sentence=said),
        )
        rows.append((due.isoformat() if due else "9999", len(rows), row))
    return TableView(
        kind="milestones", columns=MILESTONES, rows=tuple(row for *_, row in sorted(rows))
    )


def _cell(evidence: Evidence | None, currency: str, sources: Sources) -> Cell:
    if evidence is None or not evidence.value:
        return Cell(text=UNKNOWN)
    return Cell(text=value_text(evidence, currency), evidence_id=sources.cite(evidence))


def _contact(play: Play, ledger: Ledger, currency: str) -> str:
    name = ledger.find(play.contact, "name") if play.contact else None
    return value_text(name, currency) if name else UNKNOWN


def _who(play: Play, content: PlanContent) -> str:
    return _RESOURCES.get(play.done_by, content.owner_name)


def _by(placed: ScheduledPlay | None) -> str:
    if placed is None:
        return UNKNOWN
    return f"{_WEEKDAYS[placed.due.weekday()]} {long_day(placed.due)}"


def _hours(placed: ScheduledPlay | None) -> str:
    if placed is None:
        return UNKNOWN
    if placed.travel_hours not in ("", "0"):
        return f"{in_hours(placed.hours)} incl. {in_hours(placed.travel_hours)} travel"
    return in_hours(placed.hours)


def in_hours(hours: str) -> str:
    """Write hours as people plan them: with one decimal place at the most."""
    return decimal_string(Decimal(hours or "0"), 1)
