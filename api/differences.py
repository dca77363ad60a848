"""Two versions of a plan, sentence by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from domain.errors import NotFound
from domain.plan import SectionKey
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.plan_changes import SectionLines
    from api.workspace import Workspace

Change = Literal["kept", "added", "removed"]


class ChangedLine(Record):
    """A sentence or table row, and what became of it; a reworded one appears twice."""

    change: Change
    text: str


class SectionDiff(Record):
    """One section of both versions; the lines of its tables follow its sentences."""

    section: SectionKey
    title: str
    lines: tuple[ChangedLine, ...]


class PlanDiff(Record):
    """What changed from version `a` to version `b`. `same` when a reader would see nothing."""

    plan_id: str
    a: int
    b: int
    same: bool
    changes: tuple[str, ...]
    sections: tuple[SectionDiff, ...]


def diff(
    workspace: Workspace, principal: Principal, plan_id: str, a: int | None, b: int | None
) -> PlanDiff:
    """Compare two versions; by default the newest with the one it was made from.

    Raises
    ------
    NotFound
        A version is missing or out of scope, or there is only one.
    """
    from api.plan_changes import section_lines, what_changed

    later = workspace.plan_view(principal, plan_id, b)
    if a is None:
        a = later.base_version
        if a is None:
            raise NotFound(
                f"Version {later.version} of plan {plan_id} has none before it.",
                hint=f"Revise the plan first: cadastre plan revise {plan_id} -m TEXT",
            )
    earlier = workspace.plan_view(principal, plan_id, a)
    sections = section_lines(later, earlier)
    found = tuple(_section(lines) for lines in sections)
    changes = tuple(line for line, _ in what_changed(later, earlier, sections))
    untouched = all(line.change == "kept" for section in found for line in section.lines)
    return PlanDiff(
        plan_id=plan_id,
        a=a,
        b=later.version,
        same=untouched and not changes,
        changes=changes,
        sections=found,
    )


def _section(lines: SectionLines) -> SectionDiff:
    told = [
        ChangedLine(change=_named(line.change), text=line.sentence.text) for line in lines.lines
    ]
    for table in lines.tables:
        for row in table.rows:
            cells = (cell.sentence.text if cell.sentence else cell.text for cell in row.cells)
            told.append(ChangedLine(change=_named(row.change), text=" | ".join(cells)))
    return SectionDiff(section=lines.section.key, title=lines.section.title, lines=tuple(told))


def _named(change: str) -> Change:
    return "added" if change == "added" else "removed" if change == "removed" else "kept"
