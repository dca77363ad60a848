"""A home with the made-up team's books: RevOps, and managers who each see all of its reps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from api.people import FILE
from api.workspace import Workspace
from bench.example import settings
from domain.book import Book
from domain.cycle_version import CycleVersion
from domain.decision import DecisionRequest, Waiver

LOADER = "operations"
_LOADER = f"""workspace = "bench"
default = "{LOADER}"

[[people]]
id = "{LOADER}"
name = "Operations"
roles = ["revops"]
everything = true
"""
_HEAD = """
[[people]]
id = "{head}"
name = "Head of sales {number}"
roles = ["manager"]
reps = {reps}
"""


def head(number: int) -> str:
    """The id of a manager who sees every rep, and besides a rep who owns nothing.

    A review is of a scope: so each of them has a review of their own, of the same reps.
    """
    return f"head-{number}"


@contextmanager
def team_home(home: Path, rules: str, reps: Sequence[str], heads: int) -> Iterator[Workspace]:
    """An open home without a book, of so many managers over all `reps`, under these rules."""
    with Workspace.open(settings(home)) as workspace:
        text = _LOADER
        for number in range(heads):
            listed = ", ".join(f'"{rep}"' for rep in [*sorted(reps), f"nobody-{number}"])
            text += _HEAD.format(head=head(number), number=number, reps=f"[{listed}]")
        (home / FILE).write_text(text, encoding="utf-8")
        workspace.store.coverage.save(workspace.principal(LOADER), rules)
        yield workspace


def keep(workspace: Workspace, book: Book) -> None:
    """Make a book the current one, as an import does once it has read the files."""
    loader = workspace.principal(LOADER)
    workspace.store.books.add(loader, book)
    workspace.readings.forget()
    workspace.store.notes.rebuild(loader, book)


def approve(workspace: Workspace, version: CycleVersion) -> None:
    """Approve a territory plan; what blocks it is waived, the hours missing named."""
    waivers = tuple(
        Waiver(
            code=blocker.code,
            claim=blocker.claim,
            reason=f"Agreed for the bench: {blocker.hours_missing or 'as it stands'}.",
        )
        for blocker in version.content.report.blockers
    )
    workspace.cycle.decide(
        workspace.principal(head(0)),
        version.plan_id,
        DecisionRequest(version=version.version, verdict="approved", waivers=waivers),
    )
