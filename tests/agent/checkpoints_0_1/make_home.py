"""Make the home beside this file, with the code of release 0.1.0 and no other.

From a checkout of commit 30890ae: `PYTHONPATH=$PWD python .../make_home.py FOLDER`.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from agent import nodes
from api.settings import read_settings
from api.workspace import Workspace
from tests.agent.tiny_book import BOOK

PEOPLE = """workspace = "main"
default = "ops"

[[people]]
id = "ops"
name = "Ops"
roles = ["revops"]
everything = true

[[people]]
id = "ines"
name = "Ines"
roles = ["rep"]
reps = ["R-1"]

[[people]]
id = "mo"
name = "Mo"
roles = ["manager"]
reps = ["R-1", "R-2"]
"""


def begin(home: Path) -> None:
    """Store book and rules, and draft a plan up to its review."""
    home.mkdir(parents=True)
    (home / "people.toml").write_text(PEOPLE, encoding="utf-8")
    rules = Path("api/defaults/coverage.toml").read_text(encoding="utf-8")
    with Workspace.open(read_settings(home=home)) as workspace:
        ops = workspace.principal("ops")
        workspace.store.coverage.save(ops, rules)
        workspace.store.books.add(ops, BOOK)
        version = workspace.draft_plan(workspace.principal("ines"), "A-1")
        print(version.plan_id, version.status, version.content.plan_hash)


def die_half_way(home: Path) -> None:
    """Draft another plan and die of SIGKILL right before it is verified."""

    def dying(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    nodes.verify = dying
    with Workspace.open(read_settings(home=home)) as workspace:
        workspace.draft_plan(workspace.principal("ines"), "A-2")


def main() -> None:
    """Make the home in a temporary folder, and copy what is needed of it."""
    target = Path(sys.argv[1])
    with TemporaryDirectory() as made:
        home = Path(made) / "home"
        for step in (begin, die_half_way):
            child = os.fork()
            if child == 0:
                step(home)
                os._exit(0)
            print(step.__name__, os.waitpid(child, 0)[1])
        for name in ("cadastre.db", "checkpoints.db"):
            with sqlite3.connect(home / name) as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("PRAGMA journal_mode=DELETE")
            database.execute("VACUUM")
            database.close()
            shutil.copy(home / name, target / name)
        shutil.copy(home / "people.toml", target / "people.toml")
        shutil.copytree(home / "tables", target / "tables", dirs_exist_ok=True)


if __name__ == "__main__":
    main()
