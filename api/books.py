"""Importing an export as the current book, and telling what is doubtful in it."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from api import people, quality_scope
from domain.book import Book, QualityFinding, QualityReport
from domain.coverage import CoverageModel, parse_coverage
from domain.errors import Broken, Conflict, InvalidInput, NotFound, NotPermitted
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace

COVERAGE_FILE = "coverage.toml"
EXAMPLE = "adventureworks"
EXAMPLES = (EXAMPLE, "adventureworks-2027-02", "four-tiers", "one-customer")
_REMEMBERED = "imported.json"


class AnotherWorkspace(Conflict):
    """The folder belongs to another company than the home does."""


class ImportResult(Record):
    """What an import did. `stored` is false for a dry run, a refusal and no change."""

    book_id: str
    as_of: date
    currency: str
    stored: bool
    changed: bool
    refused: bool
    rows_by_table: dict[str, int]
    quality: QualityReport
    coverage_hash: str
    summary: str


class QualityAnswer(Record):
    """The quality report as far as the person may see its rows."""

    book_id: str
    as_of: date
    rows_by_table: dict[str, int]
    findings: tuple[QualityFinding, ...]
    summary: str


def import_folder(
    workspace: Workspace,
    principal: Principal,
    folder: Path,
    *,
    mapping: Path | None = None,
    as_of: date | None = None,
    dry_run: bool = False,
    strict: bool = False,
) -> ImportResult:
    """Read a folder; unless told otherwise, keep it as the current book.

    A `coverage.toml` and a `people.toml` in the folder come along. Everything is read
    and checked before anything is kept. Where there is no folder `examples/NAME`, that is
    the example of that name that comes with Cadastre.

    Raises
    ------
    NotPermitted
        For anybody but RevOps.
    InvalidInput
        When a file cannot be used; the error names files, rows and columns.
    AnotherWorkspace
        When the home belongs to another company.
    """
    _demand_revops(workspace, principal)
    from crm.importer import import_book

    if not folder.exists() and folder.parent.name == "examples" and folder.name in EXAMPLES:
        folder = example_folder(folder.name)
    rules, rules_text = _rules(workspace, principal, folder)
    book = import_book(
        folder,
        mapping=mapping,
        as_of=as_of,
        stale_owner_days=rules.quality.stale_owner_days,
        duplicate_similarity=rules.quality.duplicate_similarity,
    )
    who_text, who = _people(workspace, folder, book)
    refused = strict and _is_doubtful(book)
    if dry_run or refused:
        return _result(book, rules, stored=False, changed=False, refused=refused)
    with workspace.running("import"):
        keeper = _as_member(principal, who)
        changed = _keep(workspace, keeper, book, who_text)
        workspace.store.coverage.save(keeper, rules_text)
        if folder.resolve() == example_folder().resolve():
            _remember(workspace, _fingerprint(folder), book.book_id)
    return _result(book, rules, stored=True, changed=changed, refused=False)


def import_table(
    workspace: Workspace,
    principal: Principal,
    file: Path,
    table: str | None = None,
    *,
    mapping: Path | None = None,
    as_of: date | None = None,
    dry_run: bool = False,
    strict: bool = False,
) -> ImportResult:
    """Read one file as a table of the current book; unless told otherwise, keep the new book.

    The other tables, the rules and the date stay, the date unless `as_of` gives another.
    People that were made from the reps are made anew.

    Raises
    ------
    NotPermitted
        For anybody but RevOps.
    NotFound
        While there is no book that a file could be read into.
    InvalidInput
        When `table` does not exist or cannot be told, or the file cannot be used.
    """
    _demand_revops(workspace, principal)
    from crm.importer import replace_table

    if file.is_dir():
        raise InvalidInput(
            f"{file} is a folder; --table reads one file.",
            hint="Name the file that holds the table, or leave --table out to import the folder.",
        )
    # What is replaced must still be the current book when the new one is kept.
    with workspace.running("import"):
        current = workspace.store.books.current(principal)
        rules = parse_coverage(workspace.store.coverage.current_text(principal))
        book = replace_table(
            current,
            file,
            table,
            mapping=mapping,
            as_of=as_of,
            stale_owner_days=rules.quality.stale_owner_days,
            duplicate_similarity=rules.quality.duplicate_similarity,
        )
        who_text, who = _people(workspace, None, book)
        refused = strict and _is_doubtful(book)
        if dry_run or refused:
            return _result(book, rules, stored=False, changed=False, refused=refused)
        changed = _keep(workspace, _as_member(principal, who), book, who_text)
    return _result(book, rules, stored=True, changed=changed, refused=False)


def _is_doubtful(book: Book) -> bool:
    return any(finding.severity != "notice" for finding in book.quality.findings)


def _keep(workspace: Workspace, keeper: Principal, book: Book, who_text: str) -> bool:
    """Make a book the current one with its people; False when it is already."""
    books = workspace.store.books
    changed = books.add(keeper, book)
    if not changed and books.current_id(keeper) != book.book_id:
        books.use(keeper, book.book_id)
        changed = True
    if changed:
        workspace.readings.forget()
    _write_people(workspace, who_text)
    workspace.store.notes.rebuild(keeper, book)
    return changed


def load_example(workspace: Workspace, principal: Principal) -> ImportResult:
    """Import the example book, unless it is there already.

    The same files again change nothing, and a book of the company's own that was imported
    after the example stays the current one.
    """
    folder = example_folder()
    mark = _fingerprint(folder)
    known = _remembered(workspace)
    book_id = _current_id(workspace, principal)
    if book_id is not None and (known.get("files") == mark or known.get("book_id") != book_id):
        _demand_revops(workspace, principal)
        reading = workspace.reading(principal)
        return _result(reading.book, reading.coverage, stored=True, changed=False, refused=False)
    return import_folder(workspace, principal, folder)


def quality(workspace: Workspace, principal: Principal) -> QualityAnswer:
    """Return the current book's quality report, rows cut to the person's scope."""
    book = workspace.reading(principal).book
    visible = quality_scope.cut(book, principal.scope)
    return QualityAnswer(
        book_id=book.book_id,
        as_of=book.as_of,
        rows_by_table=visible.rows_by_table,
        findings=visible.findings,
        summary=_summary(book, visible),
    )


def example_folder(name: str = EXAMPLE) -> Path:
    """Return the folder of one of `EXAMPLES`, in a checkout or in an installed package."""
    here = Path(__file__).parent
    installed = here / "example_book" if name == EXAMPLE else here / "example_books" / name
    for folder in (here.parent / "examples" / name, installed):
        if folder.is_dir():
            return folder
    raise Broken(
        "The example book is not part of this installation.",
        hint="Install Cadastre again, or import a folder of your own: cadastre import FOLDER",
    )


def _demand_revops(workspace: Workspace, principal: Principal) -> None:
    if principal.may_load:
        return
    can = [person.name for person in workspace.people if "revops" in person.roles]
    raise NotPermitted(
        f"{principal.name} does not load books; RevOps does.",
        hint=f"Ask {' or '.join(can) or 'someone with the role revops'}.",
        who_can=can,
    )


def _rules(workspace: Workspace, principal: Principal, folder: Path) -> tuple[CoverageModel, str]:
    """Return the rules that come along, else the current ones, else the defaults."""
    own = folder / COVERAGE_FILE
    if own.is_file():
        text = own.read_text(encoding="utf-8-sig")
        return parse_coverage(text, source=str(own)), text
    try:
        text = workspace.store.coverage.current_text(principal)
    except NotFound:
        text = (Path(__file__).parent / "defaults" / COVERAGE_FILE).read_text(encoding="utf-8")
    return parse_coverage(text), text


def _people(workspace: Workspace, folder: Path | None, book: Book) -> tuple[str, people.People]:
    """Return the people that come along, else those there are, else those of the reps."""
    kept = workspace.home.path / people.FILE
    own = folder / people.FILE if folder is not None else None
    if own is not None and own.is_file():
        text = own.read_text(encoding="utf-8-sig")
        who = people.parse_people(text, source=str(own))
    elif kept.is_file() and people.DERIVED_NOTE not in kept.read_text(encoding="utf-8"):
        text = kept.read_text(encoding="utf-8")
        who = people.parse_people(text, source=str(kept))
        _demand_known_owners(who, book)
    else:
        text = people.people_from_reps(book)
        who = people.parse_people(text, source="the reps of the book")
    if kept.is_file() and workspace.people.workspace != who.workspace:
        raise AnotherWorkspace(
            f"This home is of workspace {workspace.people.workspace!r}, the import of "
            f"{who.workspace!r}.",
            hint="Import it into a home of its own: cadastre --home ANOTHER-FOLDER import ...",
        )
    return text, who


def _demand_known_owners(who: people.People, book: Book) -> None:
    """Refuse an export whose accounts none of the home's reps and managers could see."""
    seen = [person.scope for person in who if not person.everything]
    owners = {owner for owner in book.owners.values() if owner is not None}
    if seen and owners and not any(scope.covers(owner) for scope in seen for owner in owners):
        raise AnotherWorkspace(
            "None of this home's reps and managers owns an account of this export: it looks "
            "like another company's.",
            hint="Import it into a home of its own (cadastre --home ANOTHER-FOLDER import ...), "
            f"or put a {people.FILE} beside it.",
        )


def _as_member(principal: Principal, who: people.People) -> Principal:
    """Return the importing person as the people file knows them, or its default person."""
    known = {person.id for person in who}
    return who.principal(principal.person if principal.person in known else None)


def _write_people(workspace: Workspace, text: str) -> None:
    from store.home import write_whole

    file = workspace.home.path / people.FILE
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        write_whole(file, text.encode())


def _current_id(workspace: Workspace, principal: Principal) -> str | None:
    try:
        return workspace.store.books.current_id(principal)
    except NotFound:
        return None


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.iterdir() if path.is_file()):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.name}\0{content}\n".encode())
    return digest.hexdigest()


def _remembered(workspace: Workspace) -> dict[str, str]:
    try:
        kept = json.loads((workspace.home.path / _REMEMBERED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _remember(workspace: Workspace, files: str, book_id: str) -> None:
    from store.home import write_whole

    note = json.dumps({"files": files, "book_id": book_id}).encode()
    write_whole(workspace.home.path / _REMEMBERED, note)


def _result(
    book: Book, rules: CoverageModel, *, stored: bool, changed: bool, refused: bool
) -> ImportResult:
    kept = "Imported." if changed else "It is the current book already."
    if refused:
        kept = "Refused, because it is doubtful: nothing was kept."
    elif not stored:
        kept = "Dry run: nothing was kept."
    return ImportResult(
        book_id=book.book_id,
        as_of=book.as_of,
        currency=book.currency,
        stored=stored,
        changed=changed,
        refused=refused,
        rows_by_table=book.quality.rows_by_table,
        quality=book.quality,
        coverage_hash=rules.hash,
        summary=f"{_summary(book, book.quality)} {kept}",
    )


def _summary(book: Book, report: QualityReport) -> str:
    rows = report.rows_by_table
    severities = [finding.severity for finding in report.findings]
    counts = ", ".join(
        f"{severities.count(level)} {level}{'' if severities.count(level) == 1 else 's'}"
        for level in ("error", "warning", "notice")
    )
    return (
        f"Book of {book.as_of.day} {book.as_of:%b %Y}: {rows.get('accounts', 0):,} accounts, "
        f"{rows.get('orders', 0):,} order lines, {rows.get('documents', 0):,} documents; {counts}."
    )
