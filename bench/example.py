"""The example book in a home of its own, and the accounts that deserve a plan."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from api.settings import Settings, read_settings
from api.workspace import Workspace

if TYPE_CHECKING:
    from api.reading import Reading

MANAGER, REVOPS = "harriet.okonjo", "ines.moreau"


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder."""
    with TemporaryDirectory(prefix="cadastre-bench-") as made:
        yield Path(made)


def settings(home: Path, port: int | None = None) -> Settings:
    """Return the default settings over `home`, whatever the shell says."""
    for field in Settings.model_fields.values():
        os.environ.pop(str(field.validation_alias), None)
    return read_settings(home=home, port=port)


@contextmanager
def example(home: Path) -> Iterator[Workspace]:
    """The example's workspace in `home`, its book imported, read and ranked."""
    with Workspace.open(settings(home)) as workspace:
        workspace.load_example(workspace.principal())
        reading = workspace.reading(workspace.principal())
        assert reading.ranked
        assert reading.vocabulary
        yield workspace


def deserving(reading: Reading, most: int) -> list[str]:
    """Return up to `most` owned accounts whose tier gets a plan, evenly down the ranking."""
    found = [
        line.account_id for line in reading.ranked if line.owner_id and line.plan_depth != "none"
    ]
    if most >= len(found):
        return found
    return [found[number * len(found) // most] for number in range(most)]
