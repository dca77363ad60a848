"""Plans that people returned, as cases: what they objected to must not come again.

Each decision that returned a version of an account plan becomes one task, a revision asked for
in the words of whoever decided, over the book that the version was drafted from.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from api.people import FILE as PEOPLE_FILE
from api.people import People, parse_people, people_from_reps
from domain.book import Book
from domain.decision import Decision
from domain.errors import Conflict, NotPermitted
from domain.plan import PlanContent
from domain.principal import Principal
from eval.book_folder import write_book
from eval.dataset import BOOKS, MANIFEST, Manifest, write_dataset
from eval.returned_case import asked_as, key_of, task_of
from eval.task import Key, Task

if TYPE_CHECKING:
    from api.workspace import Workspace

NAME = "returned"
VERSION = "1"


class NothingReturned(Conflict):
    """No plan in reach was returned, so there is no case to make."""


class FolderInUse(Conflict):
    """The folder holds something else, which a dataset would not replace."""


@dataclass(frozen=True)
class Returned:
    """What was written. `left_out` tells, in sentences, what could not become a case and why."""

    manifest: Manifest
    tasks: tuple[Task, ...]
    books: int
    left_out: tuple[str, ...]


def make_cases(
    workspace: Workspace, principal: Principal, out: Path, *, plans: Collection[str] = ()
) -> Returned:
    """Write a dataset of every account plan that was returned; of `plans` alone where named.

    Its books are whole, since the peers of an account decide its potential: cut to what one
    person may see, they would give other figures than the plan had. So only a person who sees
    everything may have them written. Tasks are asked as the rep, whose sight the book's
    `people.toml` limits.

    Parameters
    ----------
    out
        A folder that is missing, empty, or an earlier dataset of this kind, which is replaced.
        It is readable by its owner alone.
    plans
        Ids of plans.

    Returns
    -------
    Returned
        The same home gives the same bytes.

    Raises
    ------
    NotPermitted
        Unless the person's scope is everything.
    NotFound
        When there is no plan of a given id.
    NothingReturned
        When nothing was returned, or nothing of what was returned can be read any more. Nothing
        is written.
    FolderInUse
        When `out` holds other files.
    """
    if not principal.scope.everything:
        raise NotPermitted(
            f"The cases hold whole books, and {principal.name} does not see them all.",
            hint="Ask someone whose scope is everything, such as RevOps.",
        )
    for plan_id in plans:
        workspace.store.plans.version(principal, plan_id)
    found = [
        decision
        for decision in workspace.store.decisions.log(principal)
        if decision.subject_kind == "plan"
        and decision.verdict == "returned"
        and (not plans or decision.subject_id in plans)
    ]
    if not found:
        raise NothingReturned(
            f"None of {', '.join(sorted(plans))} was returned."
            if plans
            else "No account plan was returned on this home.",
            hint="A manager returns one with `cadastre plan decide ID --return -m REASON`.",
        )
    _demand_free(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place and private from the first byte; it takes its place when it is whole.
    made = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        returned = _Cases(workspace, principal, made).write(found)
        for path in made.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        if out.is_dir():
            shutil.rmtree(out)
        made.rename(out)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return returned


class _Cases:
    """The cases of one home, and the books they share."""

    def __init__(self, workspace: Workspace, principal: Principal, folder: Path) -> None:
        self._workspace = workspace
        self._principal = principal
        self._folder = folder
        self._people: dict[str, People] = {}
        self._left_out: list[str] = []

    def write(self, decisions: Iterable[Decision]) -> Returned:
        made = [case for case in map(self._case, decisions) if case is not None]
        if not made:
            raise NothingReturned(
                "None of what was returned can be made a case: " + " ".join(self._left_out)
            )
        made.sort(key=lambda case: case[0].task_id)
        tasks = tuple(task for task, _ in made)
        manifest = write_dataset(
            self._folder,
            name=NAME,
            version=VERSION,
            seeds=(),
            tasks=tasks,
            keys=tuple(key for _, key in made),
        )
        return Returned(manifest, tasks, len(self._people), tuple(self._left_out))

    def _case(self, decision: Decision) -> tuple[Task, Key] | None:
        told = f"{decision.subject_id} version {decision.subject_version}"
        request = decision.request
        if request is None:
            self._left_out.append(f"{told}: what was said in its decision was erased.")
            return None
        store = self._workspace.store
        version = store.plans.version(
            self._principal, decision.subject_id, decision.subject_version
        )
        content = version.content
        book = store.books.get(self._principal, content.book_id)
        name = self._book(book, content)
        person = asked_as(self._people[name], content.owner_id)
        if person is None:
            self._left_out.append(f"{told}: nobody in {PEOPLE_FILE} works {content.owner_id}.")
            return None
        ledger = store.ledgers.ledger(self._principal, content.ledger_root)
        task = task_of(version, request, book=name, person=person)
        return task, key_of(task, version, request, book=book, ledger=ledger)

    def _book(self, book: Book, content: PlanContent) -> str:
        """Write the book under the rules of a plan, once, and return its folder's name."""
        name = f"{book.book_id}-{content.coverage_hash[:12]}"
        if name not in self._people:
            rules = self._workspace.store.coverage.text(self._principal, content.coverage_hash)
            file = self._workspace.home.path / PEOPLE_FILE
            people = file.read_text(encoding="utf-8") if file.exists() else people_from_reps(book)
            folder = self._folder / BOOKS / name
            read_as = write_book(book, folder, coverage=rules, people=people)
            if read_as != book.book_id:
                self._left_out.append(
                    f"Book {book.book_id}: rows that its import set aside; it is read as {read_as}."
                )
            self._people[name] = parse_people(people)
        return name


def _demand_free(out: Path) -> None:
    if not out.exists():
        return
    if out.is_dir() and (not any(out.iterdir()) or _is_earlier(out)):
        return
    raise FolderInUse(
        f"{out} holds other files, and a dataset would replace them.",
        hint="Name a folder that is new or empty.",
    )


def _is_earlier(out: Path) -> bool:
    try:
        text = (out / MANIFEST).read_text(encoding="utf-8")
        return Manifest.model_validate_json(text).name == NAME
    except (OSError, ValidationError):
        return False
