"""Plans that people returned become cases: through the command line, on a small home."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from api.cli.entry import run
from crm.importer import import_book
from eval.dataset import read_dataset
from eval.ground import Ground
from tests.api.doors import VARIABLES, Ended
from tests.eval.commands import ROOT, installed

EXAMPLE = ROOT / "examples" / "one-customer"
ACCOUNT, OWNER, REP, MANAGER = "U-03", "R-12", "chidi.okafor", "adele.fontana"
REASON, WHY = "The plan says nothing of the tender.", "Name the day of the decision."

Cadastre = Callable[..., Ended]


@pytest.fixture(scope="module")
def cadastre(tmp_path_factory: pytest.TempPathFactory) -> Cadastre:
    """The command line in this process, with the commands that the harness adds."""
    folder = installed(tmp_path_factory.mktemp("installed") / "ours")

    def command(home: Path, *words: str, expecting: int = 0) -> Ended:
        out, err = _Said(), _Said()
        with pytest.MonkeyPatch.context() as patch:
            for name in VARIABLES:
                patch.delenv(name, raising=False)
            patch.syspath_prepend(folder)
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            with pytest.raises(SystemExit) as ended, ThreadPoolExecutor(1) as thread:
                # In a thread of its own: browser tests leave a running event loop in this one.
                thread.submit(run, ["--home", str(home), *words]).result()
        told = Ended(int(ended.value.code or 0), out.text, err.text)
        assert told.code == expecting, told
        return told

    return command


class _Said:
    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


@pytest.fixture(scope="module")
def drafted(cadastre: Cadastre, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small example, and one plan that waits for its review."""
    home = tmp_path_factory.mktemp("drafted") / "home"
    cadastre(home, "import", str(EXAMPLE))
    cadastre(home, "--as", REP, "plan", "draft", ACCOUNT)
    return home


@pytest.fixture(scope="module")
def plan(cadastre: Cadastre, drafted: Path) -> dict[str, object]:
    listed = cadastre(drafted, "--json", "plan", "list").json
    shown = cadastre(drafted, "--json", "plan", "show", listed[0]["plan_id"])
    view: dict[str, object] = shown.json["view"]
    return view


@pytest.fixture(scope="module")
def home(
    cadastre: Cadastre,
    drafted: Path,
    plan: dict[str, object],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The same home after its manager returned the plan."""
    copy = Path(shutil.copytree(drafted, tmp_path_factory.mktemp("returned") / "home"))
    words = ("plan", "decide", str(plan["plan_id"]), "--return", "-m", REASON)
    cadastre(copy, "--as", MANAGER, *words, "--section", f"why_now={WHY}")
    return copy


@pytest.fixture(scope="module")
def made(cadastre: Cadastre, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cases") / "cases"
    told = cadastre(home, "eval", "returned", "--out", str(out))
    assert "1 task over 1 book" in told.out
    assert "It holds your data" in told.out
    return out


def test_a_returned_plan_is_a_revision_in_the_managers_words_asked_by_its_rep(
    made: Path, plan: dict[str, object]
) -> None:
    dataset = read_dataset(made)

    (task,) = dataset.tasks
    assert (dataset.manifest.name, dataset.manifest.seeds) == ("returned", ())
    assert task.task_id == f"{plan['plan_id']}-v1"
    assert (task.family, task.ask.kind, task.ask.account_id) == ("revise", "revision", ACCOUNT)
    assert task.ask.person == REP
    assert task.ask.text == f"{REASON}\nWhy now: {WHY}"


def test_the_sentences_of_the_section_objected_to_must_not_come_again_as_they_stood(
    made: Path, plan: dict[str, object]
) -> None:
    (key,) = read_dataset(made).keys.values()

    sections = {section["key"]: section for section in plan["sections"]}
    stood = [
        "".join(part["text"] for part in sentence["parts"])
        for sentence in sections["why_now"]["sentences"]
    ]
    assert len(stood) >= 2
    assert list(key.not_again) == stood


def test_the_key_holds_the_reps_calendar_and_who_may_own_a_step(made: Path) -> None:
    (key,) = read_dataset(made).keys.values()

    # The book is of Saturday 14 Nov 2026 and the rules plan 90 days from the Monday after it.
    # Leave takes seven working days, 24 Dec to 1 Jan less a weekend; 65 weekdays less 7 at a
    # fifth of 24 hours a week are 278.4 hours.
    assert key.week is not None
    assert (key.week.starts, key.week.ends) == (date(2026, 11, 16), date(2027, 2, 13))
    days = [(12, 24), (12, 25), (12, 28), (12, 29), (12, 30), (12, 31)]
    assert key.week.days_off == (*(date(2026, *day) for day in days), date(2027, 1, 1))
    assert key.week.hours_at_most == Decimal("278.4")
    assert key.owners == (OWNER, "R-10", "S-15")


def test_the_book_is_the_one_the_plan_was_drafted_from_with_its_rules_and_people(
    made: Path,
) -> None:
    (task,) = read_dataset(made).tasks
    folder = read_dataset(made).book(task.book)

    assert import_book(folder).book_id == import_book(EXAMPLE).book_id
    for name in ("coverage.toml", "people.toml"):
        assert (folder / name).read_bytes() == (EXAMPLE / name).read_bytes()
    # Scorers read the same cells without the importer.
    with (EXAMPLE / "Account.csv").open(encoding="utf-8") as file:
        names = {row["Id"]: row["Name"] for row in csv.DictReader(file)}
    assert Ground(folder).cell("accounts", ACCOUNT, "name") == names[ACCOUNT]


def test_only_its_owner_may_read_what_was_written(made: Path) -> None:
    modes = {oct(path.stat().st_mode)[-3:] for path in made.rglob("*") if path.is_dir()}

    assert oct(made.stat().st_mode)[-3:] == "700"
    assert modes == {"700"}


def test_the_same_home_gives_the_same_bytes_in_the_same_folder_again(
    cadastre: Cadastre, home: Path, made: Path, plan: dict[str, object]
) -> None:
    def contents() -> dict[str, bytes]:
        return {
            path.relative_to(made).as_posix(): path.read_bytes()
            for path in made.rglob("*")
            if path.is_file()
        }

    before = contents()
    words = ("eval", "returned", "--out", str(made), "--plan", str(plan["plan_id"]), "--json")
    told = cadastre(home, *words).json

    assert contents() == before
    assert told["tasks"] == [f"{plan['plan_id']}-v1"]
    assert "keep it out of repositories" in told["warning"]
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_a_home_without_a_returned_plan_says_so_and_nothing_is_written(
    cadastre: Cadastre, drafted: Path, tmp_path: Path
) -> None:
    told = cadastre(drafted, "eval", "returned", "--out", str(tmp_path / "x"), expecting=1)

    assert "No account plan was returned on this home." in told.err
    assert "cadastre plan decide ID --return" in told.err
    assert list(tmp_path.iterdir()) == []


def test_whole_books_go_to_nobody_who_sees_a_part(
    cadastre: Cadastre, home: Path, tmp_path: Path
) -> None:
    out = str(tmp_path / "x")
    told = cadastre(home, "--as", MANAGER, "eval", "returned", "--out", out, expecting=4)

    assert "The cases hold whole books, and Adele Fontana does not see them all." in told.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_is_left_alone(
    cadastre: Cadastre, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "dataset.json").write_text(json.dumps({"name": "another"}))

    told = cadastre(home, "eval", "returned", "--out", str(tmp_path), expecting=1)

    assert "holds other files" in told.err
    assert [path.name for path in tmp_path.iterdir()] == ["dataset.json"]
