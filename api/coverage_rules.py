"""Showing the coverage model and checking one against the current book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.book import Book
from domain.coverage import CoverageModel, parse_coverage
from domain.errors import CoverageInvalid, NotFound, PlannerError
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace


class CoverageAnswer(Record):
    """A coverage model, parsed and as people wrote it."""

    coverage_hash: str
    model: CoverageModel
    text: str


class CoverageCheck(Record):
    """What is wrong with a coverage model, and what would change under it.

    `problems` name key, value and remedy and keep the model from being used; `notices`
    are about the current book. `coverage_hash` is null while there are problems.
    """

    source: str
    coverage_hash: str | None
    problems: tuple[str, ...]
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
    if text is None:
        text, source = workspace.store.coverage.current_text(principal), "the current model"
    try:
        model = parse_coverage(text, source=source)
    except CoverageInvalid as error:
        problems = tuple(error.facts.get("problems") or (error.message,))
        return _answer(source, None, problems, ())
    try:
        book = workspace.reading(principal).book
    except NotFound:
        return _answer(source, model, (), ("There is no book yet to check it against.",))
    try:
        notices = _against(book, model, principal)
    except PlannerError as error:
        return _answer(source, None, (f"{error.message} {error.hint}".strip(),), ())
    return _answer(source, model, (), tuple(notices))


def _against(book: Book, model: CoverageModel, principal: Principal) -> list[str]:
    """Count the accounts in scope by tier, and name segments that match nobody."""
    from tools.analyses import analyse

    analyses = analyse(book, model)
    mine = [account for account, owner in book.owners.items() if principal.scope.covers(owner)]
    tiers = [analyses.tiers.of(account) for account in mine]
    notices = [f"{tier.label}: {tiers.count(tier.key):,} accounts" for tier in model.tiers]
    facts = analyses.facts.table
    for segment in model.strategy.target_segments:
        if not (facts["target_segment"] == segment.name).any():
            notices.append(f"Target segment {segment.name!r} matches no account of the book.")
    return notices


def _answer(
    source: str, model: CoverageModel | None, problems: tuple[str, ...], notices: tuple[str, ...]
) -> CoverageCheck:
    if model is None:
        count = len(problems)
        told = f"{source} cannot be used: {count} {'problem' if count == 1 else 'problems'}."
    else:
        told = f"{source} can be used (rules {model.hash[:12]})."
    return CoverageCheck(
        source=source,
        coverage_hash=model.hash if model else None,
        problems=problems,
        notices=notices,
        summary=told,
    )
