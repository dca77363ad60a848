"""What the review of one plan shows, gathered from its view and the version before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from agent.view import FINDINGS_NOTE, Pill, PlanView, Sentence, SourceView
from api import charts
from api.plan_changes import SectionLines, section_lines, what_changed
from domain.decision import Decision
from domain.errors import PlannerError
from domain.plan import SECTION_TITLES, SectionKey
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
class Comment:
    """What a person said about a section, or about the whole plan, and on what occasion."""

    person_name: str
    section: SectionKey | None
    text: str
    when: str = ""


@dataclass(frozen=True)
class Asked:
    """How a reader looks at a plan, and what they had typed when something went wrong."""

    base: PlanView | None = None
    mode: Mode = "changes"
    edit: SectionKey | None = None
    entered: Mapping[str, str] = field(default_factory=dict)
    problem: PlannerError | None = None


def plan_page(
    view: PlanView,
    asked: Asked,
    *,
    may_decide: bool,
    may_edit: bool,
    cannot_decide: str = "",
    decided: Sequence[tuple[Decision, str]] = (),
    people: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return everything `plan.html` needs beyond what every page has.

    A version that is decided or superseded is shown without the means to decide on it,
    and only the newest version can be edited. `decided` holds the decisions on the plan,
    oldest first, each with the name of who took it; `people` names by id.
    """
    newest = view.version == view.newest_version
    deciding = may_decide and newest and view.status == "in_review"
    drawn = section_lines(view, asked.base if asked.mode == "changes" else None)
    compared = section_lines(view, asked.base) if asked.base else drawn
    states = _states(view, [decision for decision, _ in decided])
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
        "decided_count": approved + returned,
        "progress": charts.progress_bar(approved, returned, len(states)),
        "digests": {item.section.key: _digest(item) for item in drawn},
        "comments": _comments(view, decided),
        "decision_line": decision_line(view, decided),
        "people": people or {},
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
        "findings_note": FINDINGS_NOTE,
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


def decision_line(view: PlanView, decided: Sequence[tuple[Decision, str]]) -> str:
    """Say who decided on this version, when and why; empty while nobody has."""
    for decision, name in reversed(decided):
        if decision.subject_version == view.version:
            line = f"{decision.verdict.capitalize()} by {name} on {_date(decision.decided_at)}"
            reason = decision.request.reason.strip() if decision.request else ""
            return f"{line}: {reason}" if reason else f"{line}."
    return view.decision or ""


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


def _states(view: PlanView, decisions: Sequence[Decision]) -> dict[SectionKey, State]:
    states: dict[SectionKey, State] = {
        section.key: "approved" if view.status == "approved" else "open"
        for section in view.sections
    }
    for decision in decisions:
        if decision.subject_version == view.version and decision.request is not None:
            for verdict in decision.request.sections:
                states[verdict.section] = verdict.verdict
    return states


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


def _comments(
    view: PlanView, decided: Sequence[tuple[Decision, str]]
) -> dict[SectionKey | None, list[Comment]]:
    """Return what was asked for, by section: in decisions up to this version, then in it."""
    told: list[Comment] = []
    for decision, name in decided:
        if decision.subject_version > view.version or decision.request is None:
            continue
        when = f"on version {decision.subject_version}, {_date(decision.decided_at)}"
        told += [
            Comment(name, item.section, item.comment.strip(), when)
            for item in decision.request.sections
            if item.comment.strip()
        ]
        if decision.verdict != "approved" and decision.request.reason.strip():
            told.append(Comment(name, None, decision.request.reason.strip(), when))
    said = {(comment.person_name, comment.section, comment.text) for comment in told}
    told += [
        Comment(remark.person_name, remark.section, remark.text)
        for remark in view.remarks
        if (remark.person_name, remark.section, remark.text) not in said
    ]
    found: dict[SectionKey | None, list[Comment]] = {}
    for comment in told:
        found.setdefault(comment.section, []).append(comment)
    return found


def _date(moment: str) -> str:
    then = datetime.fromisoformat(moment)
    return f"{then.day} {then:%b %Y}"


def _score_sum(view: PlanView) -> str:
    base = sum(row.points for row in view.score if row.kind == "base")
    total = sum(row.points for row in view.score if row.kind == "total")
    parts = [row.points for row in view.score if row.kind == "part"]
    gains = sum(points for points in parts if points > 0)
    losses = sum(points for points in parts if points < 0)
    silent = sum(points == 0 for points in parts)
    said = (
        f"Base {charts.plain(base)}, gains {charts.signed(gains)}, "
        f"losses {charts.signed(losses)}: {charts.plain(total)}."
    )
    if silent:
        said += f" {silent} {'part gives' if silent == 1 else 'parts give'} no points."
    return said


def _export_url(view: PlanView) -> str:
    draft = "" if view.status == "approved" else "&draft=true"
    return f"/api/plans/{view.plan_id}/export?v={view.version}{draft}"
