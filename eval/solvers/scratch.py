"""Workspaces to try things in: a book in a home of its own that leaves nothing behind.

Importing a book and working out its analyses takes most of a task's time, so a workspace is
kept for further tasks on the same book. What a task leaves in it (plans, threads, decisions)
would be seen by the next, and answers would depend on what was asked before; so before each
task both databases of the home are put back to where they stood after the import.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from api.model_of import ModelDesk
from api.settings import Settings
from api.workspace import Workspace
from domain.errors import InvalidInput
from domain.principal import Principal

KEPT = 12
"""Books kept open at a time: more than one seed of the benchmark has, whose tasks take turns."""

Prepare = Callable[[Workspace], None]


class Scratch:
    """One workspace in a temporary home, prepared once."""

    def __init__(self, settings: Callable[[Path], Settings], prepare: Prepare) -> None:
        self._folder = TemporaryDirectory(prefix="cadastre-eval-", ignore_cleanup_errors=True)
        try:
            self.workspace = Workspace.open(settings(Path(self._folder.name) / "home"))
        except BaseException:
            self._folder.cleanup()
            raise
        try:
            _prepared(self.workspace, prepare)
            # The checkpoint file is opened on first use, and is to be there from the first.
            assert self.workspace.desk.saver is not None
            home = self.workspace.home
            self._kept = [(file, _copied(file)) for file in (home.database, home.checkpoints)]
        except BaseException:
            self.close()
            raise

    def again(self) -> Workspace:
        """Return the workspace as it stood after it was prepared."""
        for file, kept in self._kept:
            with closing(sqlite3.connect(file, timeout=30)) as current:
                kept.backup(current)
        return self.workspace

    def close(self) -> None:
        """Close the workspace and remove its home."""
        self.workspace.close()
        for _, kept in getattr(self, "_kept", ()):
            kept.close()
        self._folder.cleanup()


class ScratchBooks:
    """The last few workspaces by what was prepared in them. Use it as a context manager."""

    def __init__(self, settings: Callable[[Path], Settings], *, kept: int = KEPT) -> None:
        self._settings = settings
        self._most = kept
        self._open: OrderedDict[tuple[Path, ...], Scratch] = OrderedDict()

    def of(self, key: tuple[Path, ...], prepare: Prepare) -> Workspace:
        """Return the workspace of a key as `prepare` left it; it is prepared when it is new."""
        if key not in self._open:
            while len(self._open) >= self._most:
                self._open.popitem(last=False)[1].close()
            self._open[key] = Scratch(self._settings, prepare)
        self._open.move_to_end(key)
        return self._open[key].again()

    def close(self) -> None:
        """Close and remove all."""
        while self._open:
            self._open.popitem()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def import_book(workspace: Workspace, folder: Path) -> None:
    """Import a folder as whoever loads books; its people come along.

    Raises
    ------
    InvalidInput
        When a file cannot be used, as `import_folder` says, or nobody may load books.
    """
    workspace.import_folder(loader_of(workspace), folder)


def loader_of(workspace: Workspace) -> Principal:
    """Return somebody who may load books."""
    for person in workspace.people:
        principal = workspace.principal(person.id)
        if principal.may_load:
            return principal
    raise InvalidInput(
        "Nobody of this book's people.toml loads books.",
        hint='Give one person the role "revops" there.',
    )


def without_model(home: Path) -> Settings:
    """Return the default settings over a home, whatever the shell says."""
    return Settings.model_construct(home=home)


def _prepared(workspace: Workspace, prepare: Prepare) -> None:
    """Prepare without a model: where a task begins costs nothing, and is the same for all."""
    asked, home = workspace.models, workspace.home
    workspace.models = ModelDesk(without_model(home.path), home, workspace.store)
    try:
        prepare(workspace)
    finally:
        workspace.models = asked


def _copied(file: Path) -> sqlite3.Connection:
    kept = sqlite3.connect(":memory:")
    with closing(sqlite3.connect(file, timeout=30)) as current:
        current.backup(kept)
    return kept
