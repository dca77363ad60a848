"""Showing the coverage model and checking one against the current book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.book import Book
from domain.coverage import CoverageModel, lint_coverage, parse_coverage
from domain.coverage_check import CoverageFinding
from domain.errors import CoverageInvalid, NotFound, PlannerError
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace
    from tools.analyses import Analyses


class CoverageAnswer(Record):
    """A coverage model, parsed and as people wrote it."""

    coverage_hash: str
    model: CoverageModel
    text: str


class CoverageCheck(Record):
    """What is wrong with a coverage model, and what would change under it.

    `problems` name key, value and remedy and keep the model from being used;
    `contradictions` are numbers that cannot all hold, by themselves or against the
    current book, and do not; `notices` are about the current book. `coverage_hash` is
    null while there are problems.
    """

    source: str
    coverage_hash: str | None
    problems: tuple[str, ...]
    contradictions: tuple[str, ...] = ()
    notices: tuple[str, ...]
    summary: str


def show(workspace: Workspace, principal: Principal) -> CoverageAnswer:
    """Return the current coverage model; NotFound before the first import."""
    text = workspace.store.coverage.current_text(principal)
    model = parse_coverage(text)
    return CoverageAnswer(coverage_hash=model.hash, model=model, text=text)


def check(
    workspace: Workspace, principal: Principal, text: str | None, *, source: str
) -> CoverageCheck:
    """Check a text, or the current model, by itself and against the current book."""
    from tools.analyses import analyse

    if text is None:
        text, source = workspace.store.coverage.current_text(principal), "the current model"
    try:
        model = parse_coverage(text, source=source)
    except CoverageInvalid as error:
        problems = tuple(error.facts.get("problems") or (error.message,))
        return _answer(source, None, problems, ())
    try:
        reading = workspace.reading(principal)
    except NotFound:
        alone = _told(lint_coverage(model))
        return _answer(source, model, (), ("There is no book yet to check it against.",), alone)
    try:
        analyses = analyse(reading.book, model, reading.findings, reading.earlier)
    except PlannerError as error:
        return _answer(source, None, (f"{error.message} {error.hint}".strip(),), ())
    notices = _against(reading.book, model, analyses, principal)
    found = _contradictions(reading.book, model, analyses)
    return _answer(source, model, (), tuple(notices), found)


def _contradictions(book: Book, model: CoverageModel, analyses: Analyses) -> tuple[str, ...]:
    """Hold the model's numbers against each other and against the hours of its people."""
    owned = [account for account, owner in book.owners.items() if owner is not None]
    tiers = Counter(analyses.tiers.of(account) for account in owned)
    reps = book["reps"]
    at_work = reps[reps["function"].isin(["rep", "manager"]) & reps["active_to"].isna()]
    hours = at_work["selling_hours_week"].fillna(model.capacity.selling_hours_week).sum()
    return _told(lint_coverage(model, tier_counts=dict(tiers), selling_hours_week=float(hours)))


def _told(findings: Sequence[CoverageFinding]) -> tuple[str, ...]:
    return tuple(str(finding) for finding in findings)


def _against(
    book: Book, model: CoverageModel, analyses: Analyses, principal: Principal
) -> list[str]:
    """Count the accounts in scope by tier, and name segments that match nobody."""
    mine = [account for account, owner in book.owners.items() if principal.scope.covers(owner)]
    tiers = [analyses.tiers.of(account) for account in mine]
    notices = [f"{tier.label}: {tiers.count(tier.key):,} accounts" for tier in model.tiers]
    facts = analyses.facts.table
    for segment in model.strategy.target_segments:
        if not (facts["target_segment"] == segment.name).any():
            notices.append(f"Target segment {segment.name!r} matches no account of the book.")
    return notices


def _answer(
    source: str,
    model: CoverageModel | None,
    problems: tuple[str, ...],
    notices: tuple[str, ...],
    contradictions: tuple[str, ...] = (),
) -> CoverageCheck:
    if model is None:
        count = len(problems)
        told = f"{source} cannot be used: {count} {'problem' if count == 1 else 'problems'}."
    else:
        told = f"{source} can be used (rules {model.hash[:12]})."
        if contradictions:
            count = len(contradictions)
            told += f" {count} of its numbers contradict{'s' if count == 1 else ''} others."
    return CoverageCheck(
        source=source,
        coverage_hash=model.hash if model else None,
        problems=problems,
        contradictions=contradictions,
        notices=notices,
        summary=told,
    )
