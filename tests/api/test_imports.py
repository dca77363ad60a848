"""Importing through the doors: all or nothing, twice is once, and what a newer book changes."""

from __future__ import annotations

import shutil
from datetime import date
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


def test_one_file_replaces_one_table_of_the_current_book(empty, folder) -> None:
    first = posted(empty, {"folder": str(folder)}).json()
    orders = folder / "orders.csv"
    orders.write_text(ORDERS.replace("1,1000", "1,1500"), encoding="utf-8")
    (folder / "accounts.csv").write_text("not read this time", encoding="utf-8")

    answer = posted(empty, {"folder": str(orders)}).json()

    assert (answer["stored"], answer["changed"], answer["currency"]) == (True, True, "EUR")
    assert (answer["as_of"], answer["rows_by_table"]) == (first["as_of"], first["rows_by_table"])
    book = empty.reading(empty.principal()).book
    assert book.book_id == answer["book_id"] != first["book_id"]
    # Orders of 1,000 to 8,000 make 36,000; the first is now 1,500.
    assert book["orders"]["amount"].sum() == 36_500
    assert posted(empty, {"folder": str(orders)}).json()["changed"] is False


def test_a_table_may_be_named_and_dated_and_only_tried(empty, folder) -> None:
    first = posted(empty, {"folder": str(folder)}).json()
    other = (folder / "reps.csv").rename(folder / "staff of autumn.csv")
    body = {"folder": str(other), "table": "reps", "as_of": "2026-10-01"}

    tried = posted(empty, {**body, "dry_run": True}).json()

    assert (tried["as_of"], tried["stored"]) == ("2026-10-01", False)
    assert empty.reading(empty.principal()).book.book_id == first["book_id"]
    assert posted(empty, body).json()["book_id"] == tried["book_id"]
    assert empty.reading(empty.principal()).book.as_of == date(2026, 10, 1)


def test_new_reps_become_people(empty, folder) -> None:
    posted(empty, {"folder": str(folder)})
    (folder / "reps.csv").write_text(REPS + "R-3,Cy Poe,rep,R-9\n", encoding="utf-8")

    posted(empty, {"folder": str(folder / "reps.csv")})

    scopes = {person.id: person.scope for person in empty.people}
    assert scopes["R-9"].reps == {"R-1", "R-2", "R-3", "R-9"}


@pytest.mark.parametrize(
    ("file", "table", "status", "words"),
    [
        ("orders.csv", "sales", 422, ("There is no table 'sales'", "orders")),
        ("book.csv", None, 422, ("book.csv does not tell", "--table")),
        ("none.csv", "orders", 422, ("There is no file", "none.csv")),
        ("", "orders", 422, ("is a folder", "leave --table out")),
    ],
)
def test_a_table_that_cannot_be_replaced_says_why(
    empty, folder, file: str, table: str | None, status: int, words: tuple[str, ...]
) -> None:
    posted(empty, {"folder": str(folder)})
    (folder / "book.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    answer = posted(empty, {"folder": str(folder / file), "table": table})

    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    for word in words:
        assert word in error["message"] + error["hint"]
    assert len(empty.store.books.list(empty.principal())) == 1


def test_without_a_book_there_is_no_table_to_replace(empty, folder) -> None:
    answer = posted(empty, {"folder": str(folder / "orders.csv")})

    assert answer.status_code == 404
    assert "There is no book yet" in answer.json()["error"]["message"]
    assert "cadastre import FOLDER" in answer.json()["error"]["hint"]


def test_only_revops_replaces_a_table(workspace) -> None:
    answer = posted(workspace, {"folder": str(EXAMPLE / "Task.csv")}, person=REP)

    assert answer.status_code == 403


def test_the_command_line_replaces_a_table(cadastre, tmp_path) -> None:
    tasks = (EXAMPLE / "Task.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    file = tmp_path / "touches.csv"
    file.write_text("".join(tasks[:-1]), encoding="utf-8")

    unclear = cadastre("import", str(file))
    ended = cadastre("import", str(file), "--table", "activities", "--json")

    assert (unclear.code, ended.code) == (1, 0)
    assert "does not tell which table" in unclear.err
    # One task fewer than the example has: its file has a header and 1,484 rows.
    assert ended.json["rows_by_table"]["activities"] == len(tasks) - 2 == 1_483
    assert ended.json["rows_by_table"]["orders"] == 60_855
    assert [f["code"] for f in ended.json["quality"]["findings"]].count("table_replaced") == 1


def test_an_example_is_found_by_name_from_anywhere(cadastre, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = cadastre("import", "examples/adventureworks-2027-02", "--dry-run", "--json")
    assert ended.code == 0
    assert ended.json["as_of"] == "2027-02-12"
    assert (ended.json["stored"], ended.json["rows_by_table"]["accounts"]) == (False, 704)
    assert cadastre("import", "examples/another", "--dry-run").code == 1


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
