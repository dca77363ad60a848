"""What the review of one plan shows, gathered from its view and the version before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from agent.view import Pill, PlanView, SectionView, Sentence, SourceView
from api import charts
from api.plan_changes import SectionLines, section_lines, what_changed
from domain.errors import PlannerError
from domain.plan import SECTION_TITLES, Remark, SectionKey
from domain.record import text_hash

Mode = Literal["changes", "clean"]
State = Literal["open", "approved", "change_requested"]

CAPTIONS = {
    "people": "Who takes part in the purchase",
    "whitespace": "What the account could buy and does not",
    "plays": "What to do, with whom and by when",
    "milestones": "Milestones",
}


@dataclass(frozen=True)
class Asked:
    """How a reader looks at a plan, and what they had typed when something went wrong."""

    base: PlanView | None = None
    mode: Mode = "changes"
    edit: SectionKey | None = None
    entered: Mapping[str, str] = field(default_factory=dict)
    problem: PlannerError | None = None


def plan_page(
    view: PlanView, asked: Asked, *, may_decide: bool, may_edit: bool, cannot_decide: str = ""
) -> dict[str, Any]:
    """Return everything `plan.html` needs beyond what every page has.

    A version that is decided or superseded is shown without the means to decide on it,
    and only the newest version can be edited.
    """
    newest = view.version == view.newest_version
    deciding = may_decide and newest and view.status == "in_review"
    drawn = section_lines(view, asked.base if asked.mode == "changes" else None)
    compared = section_lines(view, asked.base) if asked.base else drawn
    states = {section.key: _state(view, section) for section in view.sections}
    approved, returned = (
        sum(state == kind for state in states.values()) for kind in ("approved", "change_requested")
    )
    sentences = list(_sentences(view))
    sources = (*view.sources, *view.computed)
    return {
        "view": view,
        "base": asked.base,
        "mode": asked.mode,
        "edit": asked.edit if newest and may_edit else None,
        "entered": asked.entered,
        "problem": asked.problem,
        "deciding": deciding,
        "may_edit": may_edit and newest and view.status != "superseded",
        "cannot_decide": cannot_decide,
        "sections": drawn,
        "changes": what_changed(view, asked.base, compared) if asked.base else [],
        "titles_of": SECTION_TITLES,
        "states": states,
        "decided": approved + returned,
        "progress": charts.progress_bar(approved, returned, len(states)),
        "digests": {item.section.key: _digest(item) for item in drawn},
        "remarks": _remarks(view.remarks),
        "captions": CAPTIONS,
        "labels": _labels(sentences, sources),
        "titles": {source.evidence_id: source.title for source in sources},
        "weak": {
            pill.evidence_id
            for sentence in sentences
            for pill in sentence.pills
            if pill.kind == "weak"
        },
        "all_sources": sources,
        "claims": len(sentences),
        "sourced": sum(_is_sourced(sentence) for sentence in sentences),
        "waterfall": charts.waterfall(view.score) if view.score else "",
        "score_sum": _score_sum(view),
        "capacity": charts.capacity_bar(view.capacity_share, view.committed_share),
        "here": f"/plans/{view.plan_id}?v={view.version}"
        + (f"&base={asked.base.version}" if asked.base else ""),
        "stay": f"/plans/{view.plan_id}?v={view.version}"
        + (f"&base={asked.base.version}" if asked.base else "")
        + (f"&view={asked.mode}" if asked.base else ""),
        "export_url": _export_url(view),
        "export_note": "Approved version" if view.status == "approved" else "Marked as a draft",
    }


def printed_sources(view: PlanView) -> tuple[dict[str, str], list[tuple[str, SourceView]]]:
    """Number every source for paper.

    Returns
    -------
    (numbers, sources)
        The mark of each evidence id, `3` for a source and `ƒ2` for a computed value, and
        the sources in the order they are listed.
    """
    listed = [(source.label, source) for source in view.sources]
    listed += [(f"ƒ{place}", source) for place, source in enumerate(view.computed, 1)]
    return {source.evidence_id: mark for mark, source in listed}, listed


def _state(view: PlanView, section: SectionView) -> State:
    if view.status == "approved":
        return "approved"
    if view.status == "returned" and any(r.section == section.key for r in view.remarks):
        return "change_requested"
    return "open"


def _sentences(view: PlanView) -> Iterator[Sentence]:
    yield view.objective
    for section in view.sections:
        yield from section.sentences
        for table in section.tables:
            for row in table.rows:
                yield from (cell.sentence for cell in row if cell.sentence)


def _is_sourced(sentence: Sentence) -> bool:
    # A judgement rests on the claims it names and carries no mark of its own.
    return sentence.mark != "none"


def _labels(sentences: list[Sentence], sources: tuple[SourceView, ...]) -> dict[str, Pill]:
    """Return the pill for each evidence id, for cells that are a fact and no sentence."""
    pills: dict[str, Pill] = {
        source.evidence_id: Pill(
            label=source.label,
            kind="computed" if source.kind == "calculation" else "verified",
            evidence_id=source.evidence_id,
        )
        for source in sources
    }
    for sentence in sentences:
        for pill in sentence.pills:
            if pill.evidence_id in pills:
                pills[pill.evidence_id] = pill
    return pills


def _digest(item: SectionLines) -> str:
    """Return a mark of what a section says: a verdict carries over while it stays equal."""
    section = item.section
    said = [sentence.text for sentence in section.sentences]
    for table in section.tables:
        for row in table.rows:
            said += [cell.sentence.text if cell.sentence else cell.text for cell in row]
    said += [blocker.message for blocker in section.blockers]
    return text_hash("\n".join(said))[:16]


def _remarks(remarks: tuple[Remark, ...]) -> dict[SectionKey | None, list[Remark]]:
    found: dict[SectionKey | None, list[Remark]] = {}
    for remark in remarks:
        found.setdefault(remark.section, []).append(remark)
    return found


def _score_sum(view: PlanView) -> str:
    base = sum(row.points for row in view.score if row.kind == "base")
    total = sum(row.points for row in view.score if row.kind == "total")
    parts = [row.points for row in view.score if row.kind == "part"]
    gains = sum(points for points in parts if points > 0)
    losses = sum(points for points in parts if points < 0)
    silent = sum(points == 0 for points in parts)
    said = f"Base {base}, gains {charts.signed(gains)}, losses {charts.signed(losses)}: {total}."
    if silent:
        said += f" {silent} {'part gives' if silent == 1 else 'parts give'} no points."
    return said


def _export_url(view: PlanView) -> str:
    draft = "" if view.status == "approved" else "&draft=true"
    return f"/api/plans/{view.plan_id}/export?v={view.version}{draft}"
