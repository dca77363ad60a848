"""Importing through the doors: all or nothing, twice is once, and what a newer book changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.books import AnotherWorkspace
from api.reading import Reading
from api.settings import read_settings
from api.workspace import Workspace
from domain.errors import NotFound
from tests.api.doors import ACCOUNT, MANAGER, REP, TOKEN

EXAMPLE = Path(__file__).parents[2] / "examples" / "adventureworks"
ACCOUNTS = "account_id,name,owner_id,segment\n" + "".join(
    f"A-{number},Shop {number},{'R-1' if number < 5 else 'R-2'},Shop\n" for number in range(1, 9)
)
REPS = (
    "rep_id,name,function,manager_id\n"
    "R-1,Ana Ruiz,rep,R-9\nR-2,Bo Lind,rep,R-9\nR-9,Mia Ng,manager,\n"
)
PRODUCTS = "product_id,name,category,subcategory\nP-1,Bell,Parts,Bells\n"
ORDERS = "order_line_id,order_id,account_id,rep_id,product_id,ordered,quantity,amount\n" + "".join(
    f"L-{number},O-{number},A-{number},,P-1,2026-0{number}-05,{number},{number * 1000}\n"
    for number in range(1, 9)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small export of our own table names: eight shops, two reps, one manager."""
    folder = tmp_path / "export"
    folder.mkdir()
    for name, text in (
        ("accounts", ACCOUNTS), ("reps", REPS), ("products", PRODUCTS), ("orders", ORDERS),
    ):  # fmt: skip
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "book.toml").write_text('as_of = 2026-09-01\ncurrency = "EUR"\n', encoding="utf-8")
    return folder


@pytest.fixture
def empty(tmp_path: Path):
    """A home before its first import."""
    with Workspace.open(read_settings(home=tmp_path / "empty")) as workspace:
        yield workspace


def posted(workspace: Workspace, body: dict, person: str | None = None):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    if person:
        headers["X-Cadastre-As"] = person
    client = TestClient(create_app(workspace, TOKEN), base_url="http://127.0.0.1:8000")
    return client.post("/api/imports", json=body, headers=headers)


def test_people_come_from_the_reps_when_no_file_names_them(empty, folder) -> None:
    answer = posted(empty, {"folder": str(folder)})

    assert answer.status_code == 201, answer.text
    assert answer.json()["rows_by_table"]["accounts"] == 8
    scopes = {person.id: person.scope for person in empty.people}
    assert set(scopes) == {"revops", "R-1", "R-2", "R-9"}
    assert scopes["R-1"].reps == {"R-1"}
    assert scopes["R-9"].reps == {"R-1", "R-2", "R-9"}
    assert scopes["revops"].everything


def test_importing_twice_changes_nothing(empty, folder) -> None:
    first = posted(empty, {"folder": str(folder)}).json()
    before = (empty.home.path / "people.toml").stat().st_mtime_ns

    second = posted(empty, {"folder": str(folder)}).json()

    assert (first["changed"], second["changed"]) == (True, False)
    assert second["book_id"] == first["book_id"]
    assert len(empty.store.books.list(empty.principal())) == 1
    assert (empty.home.path / "people.toml").stat().st_mtime_ns == before


def test_a_dry_run_reports_and_keeps_nothing(empty, folder) -> None:
    answer = posted(empty, {"folder": str(folder), "dry_run": True}).json()

    assert answer["stored"] is False
    assert "Dry run" in answer["summary"]
    with pytest.raises(NotFound):
        empty.reading(empty.principal())
    assert [person.id for person in empty.people] == ["revops"]


def test_strict_refuses_a_doubtful_book(empty, folder) -> None:
    text = (folder / "accounts.csv").read_text(encoding="utf-8")
    (folder / "accounts.csv").write_text(text + "A-9,Shop 1,R-1,Shop\n", encoding="utf-8")

    answer = posted(empty, {"folder": str(folder), "strict": True}).json()

    assert answer["refused"] is True
    assert answer["stored"] is False
    with pytest.raises(NotFound):
        empty.reading(empty.principal())


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("orders.csv", "1000", "a thousand", ("orders.csv", "amount", "a thousand")),
        ("orders.csv", "2026-01-05", "soon", ("orders.csv", "ordered", "soon")),
        ("accounts.csv", "A-2,", "A-1,", ("A-1", "accounts.csv")),
        ("accounts.csv", "segment", "segmentation", ("segmentation",)),
        ("coverage.toml", "", "version = 0\n", ("coverage.toml", "version")),
        ("people.toml", "", "workspace = 'x y'\n", ("people.toml",)),
    ],
)
def test_a_wrong_file_says_where_and_leaves_nothing_behind(
    empty, folder, file: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")

    answer = posted(empty, {"folder": str(folder)})

    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    for word in words:
        assert word in error["message"] + error["hint"]
    assert error["hint"]
    assert empty.store.books.list(empty.principal()) == []
    assert not (empty.home.path / "people.toml").exists()


def test_a_home_belongs_to_one_company(workspace, folder) -> None:
    with pytest.raises(AnotherWorkspace, match="another company's"):
        workspace.import_folder(workspace.principal(), folder)

    someone = '[[people]]\nid = "o"\nname = "O"\nroles = ["revops"]\n'
    (folder / "people.toml").write_text(
        f'workspace = "other"\ndefault = "o"\n{someone}', encoding="utf-8"
    )
    with pytest.raises(AnotherWorkspace, match="adventureworks"):
        workspace.import_folder(workspace.principal(), folder)
    assert len(workspace.store.books.list(workspace.principal())) == 1


def test_the_example_does_not_replace_a_book_of_ones_own(empty, folder) -> None:
    posted(empty, {"folder": str(folder)})
    own = empty.reading(empty.principal()).book.book_id

    answer = posted(empty, {"example": True})

    assert answer.status_code == 201
    assert answer.json()["changed"] is False
    assert empty.reading(empty.principal()).book.book_id == own


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The example a week later: one more order line of the account planned."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "newer", ignore=_only_the_book))
    about = (folder / "book.toml").read_text(encoding="utf-8")
    (folder / "book.toml").write_text(about.replace("2026-11-13", "2026-11-20"), encoding="utf-8")
    return folder


def _only_the_book(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not name.endswith((".csv", ".gz", ".toml"))}


def test_a_newer_book_shows_what_to_check_again_and_redrafts_the_same_plan(
    workspace: Workspace, read_once: Reading, newer: Path
) -> None:
    rep, manager = workspace.principal(REP), workspace.principal(MANAGER)
    first = workspace.draft_plan(rep, ACCOUNT)
    assert workspace.plan_view(manager, first.plan_id).recheck == ()

    workspace.import_folder(workspace.principal(), newer)

    view = workspace.plan_view(manager, first.plan_id)
    assert view.recheck
    assert all(":" in line for line in view.recheck)
    assert any(" was " in line for line in view.recheck)
    assert workspace.plans(manager)[0].stale
    assert workspace.inbox(manager).stale == 1
    again = workspace.draft_plan(rep, ACCOUNT)
    assert (again.plan_id, again.version, again.base_version) == (first.plan_id, 2, 1)
    assert workspace.plan_view(manager, first.plan_id).recheck == ()
