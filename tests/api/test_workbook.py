"""The workbook: written out, filled in by people, and held against what holds now."""

from __future__ import annotations

import base64
import io
import random
import re
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

import tools.territory.designs
from api import workbook_reading
from api.workbook_cells import put
from api.workbook_marks import shown
from api.workbook_reading import WorkbookUnreadable, read_moves
from tests.api.doors import FOREIGN_MANAGER, FOREIGN_REP, REVOPS
from tests.api.scenario_designs import quick_designs

LEAD, LUCIEN = FOREIGN_MANAGER, FOREIGN_REP
OPEN = ("Decision", "New territory", "Comment")
HIDDEN = ("_id", "_base", "_book")


@pytest.fixture(autouse=True)
def solves(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every solve of a test, by the constraints it was given."""
    made: list[Any] = []

    def counted(case: Any, **given: Any) -> Any:
        made.append(case.constraints)
        return quick_designs(case, **given)

    monkeypatch.setattr(tools.territory.designs, "design_frontier", counted)
    return made


@pytest.fixture
def scenario(acting) -> dict:
    """A scenario of Europe with moves from owners and moves that place."""
    answer = acting(REVOPS).post("/api/scenarios", json={"team": "Europe", "name": "=1+1"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def address(scenario: dict) -> str:
    return f"/api/scenarios/{scenario['version']['scenario_id']}"


def exported(client: Any, scenario: dict) -> bytes:
    answer = client.get(f"{address(scenario)}/export", params={"format": "xlsx"})
    assert answer.status_code == 200, answer.text
    return answer.content


class Sheet:
    """The sheet of moves as a person fills it in."""

    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(io.BytesIO(content))
        self.moves = self.book["Moves"]
        self.columns = {cell.value: cell.column for cell in self.moves[1]}

    def row(self, account: str) -> int:
        ids = {cell.value: cell.row for (cell,) in self.moves["A1" : f"A{self.moves.max_row}"]}
        return ids[account]

    def write(self, account: str, **cells: str) -> None:
        for name, value in cells.items():
            heading = {"territory": "New territory"}.get(name, name.capitalize())
            self.moves.cell(self.row(account), self.columns[heading]).value = value

    def set(self, account: str, heading: str, value: str | None) -> None:
        self.moves.cell(self.row(account), self.columns[heading]).value = value

    @property
    def bytes(self) -> bytes:
        written = io.BytesIO()
        self.book.save(written)
        return written.getvalue()


def sent(client: Any, scenario: dict, content: bytes, **more: Any) -> Any:
    body = {"workbook": base64.b64encode(content).decode(), **more}
    return client.post(f"{address(scenario)}/import", json=body)


def difference(client: Any, scenario: dict, content: bytes, **more: Any) -> dict:
    answer = sent(client, scenario, content, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def refusal(client: Any, scenario: dict, content: bytes) -> str:
    answer = sent(client, scenario, content)
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert error["code"] == "workbook_unreadable"
    assert error["hint"]
    return str(error["message"])


def owned(scenario: dict) -> list[dict]:
    """Moves away from an owner who could keep the account."""
    return [move for move in scenario["point"]["moves"] if move["points"] is not None]


# ---------------------------------------------------------------- out


def test_only_three_columns_may_be_written_and_the_marks_are_hidden(acting, scenario) -> None:
    book = load_workbook(io.BytesIO(exported(acting(REVOPS), scenario)))

    assert book.sheetnames == ["Read me", "Moves", "Accounts", "Territories", "Method"]
    assert all(sheet.protection.sheet for sheet in book)
    moves = book["Moves"]
    headings = {cell.value: cell.column_letter for cell in moves[1]}
    assert moves.max_row == 1 + len(scenario["point"]["moves"])
    cells = [cell for row in moves.iter_rows() for cell in row]
    unlocked = {cell.column_letter for cell in cells if not cell.protection.locked}
    assert unlocked == {headings[name] for name in OPEN}
    for name in ("Read me", "Accounts", "Territories", "Method"):
        assert all(cell.protection.locked for row in book[name].iter_rows() for cell in row)
    assert {letter for letter, at in moves.column_dimensions.items() if at.hidden} == {
        headings[name] for name in HIDDEN
    }
    drop_downs = moves.data_validations.dataValidation
    rules = {str(rule.sqref).partition("2:")[0]: rule.formula1 for rule in drop_downs}
    assert rules == {
        headings["Decision"]: '"accept,keep"',
        headings["New territory"]: "Territories!$A$2:$A$4",
    }
    assert [book["Territories"].cell(row, 1).value for row in (2, 3, 4)] == [
        "R-288 Callum Ashdown", "R-292 Lucien Marchetti", "R-295 Jonas Wehrle",
    ]  # fmt: skip


def test_every_account_of_the_scenario_is_in_the_workbook_with_what_happens(
    acting, scenario
) -> None:
    row = acting(REVOPS).get(f"{address(scenario)}/frontier").json()
    sheet = load_workbook(io.BytesIO(exported(acting(REVOPS), scenario)))["Accounts"]
    headings = {cell.value: cell.column - 1 for cell in sheet[1]}
    told = {
        line[0]: line[headings["What happens"]]
        for line in sheet.iter_rows(min_row=2, values_only=True)
    }

    moving = {move["account_id"] for move in scenario["point"]["moves"]}
    left = {item["account_id"] for item in row["unplaced"]}
    assert set(told) == set(row["accounts"]) | left
    assert {account for account, happens in told.items() if happens == "moves"} == moving
    assert {account for account, happens in told.items() if happens == "left as it is"} == left


def test_text_that_begins_as_a_formula_stays_text(acting, scenario) -> None:
    content = exported(acting(REVOPS), scenario)

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert not re.search(rb"<f[ >]", parts.read(name)), name
    title = load_workbook(io.BytesIO(content))["Read me"]["A1"]
    assert (title.value, title.data_type, title.quotePrefix) == ("=1+1", "s", True)


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("x")', "+1", "-1+2", "@SUM(A1)", "#N/A", "=", "é\x00\u202e"]
)
def test_any_text_of_a_customer_is_a_string_cell(text: str) -> None:
    book = Workbook()
    put(book.active, 1, 1, text)
    written = io.BytesIO()
    book.save(written)

    cell = load_workbook(io.BytesIO(written.getvalue())).active["A1"]

    assert (cell.value, cell.data_type) == (shown(text), "s")
    assert cell.value == text.replace("\x00", "").replace("\u202e", "")
    assert bool(cell.quotePrefix) == text.startswith(("=", "+", "-", "@"))


# ---------------------------------------------------------------- back again


def test_a_workbook_nobody_touched_changes_nothing(acting, scenario, solves) -> None:
    told = difference(acting(REVOPS), scenario, exported(acting(REVOPS), scenario), confirm=True)

    assert told["changed"] == told["conflicting"] == told["unknown"] == told["invalid"] == []
    assert told["unchanged"] == len(scenario["point"]["moves"])
    assert (told["applied"], told["scenario"]) == (False, None)
    assert len(solves) == 1


def test_nothing_applies_before_it_is_confirmed_and_then_with_one_solve(
    acting, scenario, solves
) -> None:
    client = acting(REVOPS)
    first, second, *_ = owned(scenario)
    placed = next(move for move in scenario["point"]["moves"] if move["from_rep"] is None)
    sheet = Sheet(exported(client, scenario))
    sheet.write(first["account_id"], decision="keep", comment="Tender in March")
    sheet.write(second["account_id"], decision="Accept")
    sheet.write(placed["account_id"], decision="accept", comment="Fine")

    told = difference(client, scenario, sheet.bytes)

    assert {item["account_id"]: item["becomes"] for item in told["changed"]} == {
        first["account_id"]: "keep",
        second["account_id"]: "accept",
        placed["account_id"]: "accept",
    }
    assert told["applied"] is False
    assert client.get(address(scenario)).json()["version"]["version"] == 1
    assert len(solves) == 1

    done = difference(client, scenario, sheet.bytes, confirm=True, version=told["version"])

    assert done["applied"] is True
    assert len(solves) == 2
    made = done["scenario"]
    assert made["version"]["version"] == 2
    assert [(lock["account_id"], lock["rep_id"], lock["reason"], lock["by"])
            for lock in made["kept"]] == [
        (first["account_id"], first["from_rep"], "Tender in March", REVOPS)
    ]  # fmt: skip
    assert first["account_id"] not in {move["account_id"] for move in made["point"]["moves"]}
    choices = made["version"]["content"]["choices"]
    assert {item["account_id"]: item["reason"] for item in choices} == {
        second["account_id"]: "",
        placed["account_id"]: "Fine",
    }
    assert "Keeping 1 account" in made["cost"]["told"]


def test_another_rep_becomes_a_lock_with_the_comment_as_its_reason(
    acting, scenario, solves
) -> None:
    client = acting(REVOPS)
    row = client.get(f"{address(scenario)}/frontier").json()
    name = {rep["rep_id"]: rep["name"] for rep in row["reps"]}
    for move in scenario["point"]["moves"]:
        told = client.get(f"{address(scenario)}/explain/{move['account_id']}").json()
        others = [item["rep_id"] for item in told["alternatives"]]
        others = [rep for rep in others if rep != move["from_rep"]]
        if others:
            break
    sheet = Sheet(exported(client, scenario))
    sheet.write(move["account_id"], territory=name[others[0]].upper(), comment="Speaks Danish")

    done = difference(client, scenario, sheet.bytes, confirm=True)

    (changed,) = done["changed"]
    assert (changed["becomes"], changed["rep_id"]) == ("lock", others[0])
    (lock,) = done["scenario"]["kept"]
    assert (lock["account_id"], lock["rep_id"]) == (move["account_id"], others[0])
    assert (lock["reason"], lock["by"]) == ("Speaks Danish", REVOPS)
    assert lock["until"] == row["period_end"]
    assert len(solves) == 2


def test_what_cannot_be_meant_is_told_row_by_row_and_the_rest_applies(acting, scenario) -> None:
    client = acting(REVOPS)
    moves = owned(scenario)
    placed = [move for move in scenario["point"]["moves"] if move["from_rep"] is None]
    sheet = Sheet(exported(client, scenario))
    sheet.write(moves[0]["account_id"], decision="perhaps")
    sheet.write(moves[1]["account_id"], decision="keep")
    sheet.write(moves[2]["account_id"], territory="Nobody Inparticular")
    sheet.write(placed[0]["account_id"], decision="keep", comment="Stays unowned")
    sheet.write(placed[1]["account_id"], comment="Only a thought")
    sheet.write(placed[2]["account_id"], decision="accept")

    done = difference(client, scenario, sheet.bytes, confirm=True)

    told = {item["account_id"]: item["told"] for item in done["invalid"]}
    assert "may be accept, keep or blank" in told[moves[0]["account_id"]]
    assert "without a reason: write one under Comment" in told[moves[1]["account_id"]]
    assert "R-288 Callum Ashdown, R-292 Lucien Marchetti" in told[moves[2]["account_id"]]
    assert "cannot stay where it is: nobody owns it" in told[placed[0]["account_id"]]
    assert any("a comment without a decision changes nothing" in note for note in done["notes"])
    assert [item["account_id"] for item in done["changed"]] == [placed[2]["account_id"]]
    assert done["applied"] is True


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_sorting_filtering_and_added_columns_change_nothing_about_the_answer(
    acting, scenario, seed: int
) -> None:
    client = acting(REVOPS)
    first, second, *_ = owned(scenario)
    sheet = Sheet(exported(client, scenario))
    sheet.write(first["account_id"], decision="keep", comment="Tender in March")
    sheet.write(second["account_id"], decision="accept")
    plain = difference(client, scenario, sheet.bytes)

    shuffled = Sheet(sheet.bytes)
    rows = [[cell.value for cell in row] for row in shuffled.moves.iter_rows(min_row=2)]
    random.Random(seed).shuffle(rows)
    for at, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            shuffled.moves.cell(at, column).value = value
    shuffled.moves.protection.sheet = False
    shuffled.moves.insert_cols(3 + 5 * seed)
    shuffled.moves.cell(1, 3 + 5 * seed).value = "My notes"
    shuffled.moves.cell(4, 3 + 5 * seed).value = "=A1&A2"
    shuffled.moves.insert_rows(1, 2)
    shuffled.moves["A1"] = "For the meeting on Tuesday"
    shuffled.moves.row_dimensions[9].hidden = True
    shuffled.book.create_sheet("Scratch", 0)

    again = difference(client, scenario, shuffled.bytes)

    def wished(told: dict) -> list[tuple[Any, ...]]:
        return sorted((i["account_id"], i["becomes"], i["reason"]) for i in told["changed"])

    assert wished(again) == wished(plain)
    assert (again["unchanged"], again["invalid"]) == (plain["unchanged"], [])


def test_rows_that_were_deleted_say_nothing_and_rows_that_were_added_are_listed(
    acting, scenario
) -> None:
    client = acting(REVOPS)
    sheet = Sheet(exported(client, scenario))
    count = len(scenario["point"]["moves"])
    sheet.moves.delete_rows(2, 3)
    sheet.moves.append({sheet.columns["Decision"]: "accept", 1: "A-999"})
    sheet.moves.append({1: "Total"})

    told = difference(client, scenario, sheet.bytes)

    (added,) = told["unknown"]
    assert (added["row"], added["account_id"]) == (count - 1, None)
    assert "added by hand" in added["told"]
    assert told["unchanged"] == count - 3
    assert f"3 of the {count} moves have no row in the file" in " ".join(told["notes"])


def test_what_somebody_decided_meanwhile_is_a_conflict_and_not_applied(acting, scenario) -> None:
    client = acting(REVOPS)
    first, second, third_ = owned(scenario)[:3]
    content = exported(client, scenario)
    other = acting(LEAD).post(
        f"{address(scenario)}/moves/decisions",
        json={
            "version": 1,
            "choices": [
                {"account_id": first["account_id"], "choice": "accept"},
                {"account_id": second["account_id"], "choice": "keep", "reason": "Mine to say"},
            ],
        },
    )
    assert other.status_code == 201, other.text
    sheet = Sheet(content)
    sheet.write(first["account_id"], decision="keep", comment="Tender in March")
    sheet.write(second["account_id"], decision="accept")
    sheet.write(third_["account_id"], decision="accept")

    told = difference(client, scenario, sheet.bytes, confirm=True)

    conflicts = {item["account_id"]: item["told"] for item in told["conflicting"]}
    assert set(conflicts) >= {first["account_id"], second["account_id"]}
    assert "Ilse Brandtner accepted the move meanwhile" in conflicts[first["account_id"]]
    assert "Ilse Brandtner locked it to" in conflicts[second["account_id"]]
    assert (told["written_from"], told["version"]) == (1, 2)
    assert "written from version 1; the newest is version 2" in " ".join(told["notes"])
    applied = {item["account_id"] for item in told["changed"]}
    assert not applied & {first["account_id"], second["account_id"]}
    now = client.get(address(scenario)).json()
    assert first["account_id"] in {
        item["account_id"] for item in now["version"]["content"]["choices"]
    }
    assert [lock["account_id"] for lock in now["kept"]] == [second["account_id"]]


def test_who_asks_for_what_already_holds_changes_nothing(acting, scenario) -> None:
    client = acting(REVOPS)
    move = owned(scenario)[0]
    sheet = Sheet(exported(client, scenario))
    sheet.write(move["account_id"], decision="keep", comment="Tender in March")
    difference(client, scenario, sheet.bytes, confirm=True)

    again = difference(client, scenario, sheet.bytes, confirm=True)

    assert (again["changed"], again["conflicting"], again["applied"]) == ([], [], False)


def test_a_change_between_looking_and_confirming_is_noticed(acting, scenario) -> None:
    client = acting(REVOPS)
    sheet = Sheet(exported(client, scenario))
    sheet.write(owned(scenario)[0]["account_id"], decision="accept")
    told = difference(client, scenario, sheet.bytes)
    chosen = client.post(f"{address(scenario)}/choose", json={"version": 1, "point": 2})
    assert chosen.status_code == 201

    late = sent(client, scenario, sheet.bytes, confirm=True, version=told["version"])

    assert late.status_code == 409
    assert late.json()["error"]["code"] == "scenario_superseded"


def test_a_rep_can_neither_take_the_workbook_nor_send_one(acting, scenario) -> None:
    content = exported(acting(REVOPS), scenario)

    assert acting(LUCIEN).get(f"{address(scenario)}/export").status_code == 404
    assert sent(acting(LUCIEN), scenario, content).status_code == 404
    assert sent(acting(LUCIEN), scenario, b"no workbook at all").status_code == 404


def test_applying_to_an_approved_scenario_says_that_it_voids_the_approval(acting, scenario) -> None:
    client = acting(REVOPS)
    sheet = Sheet(exported(client, scenario))
    move = owned(scenario)[0]
    client.post(f"{address(scenario)}/submit", json={"version": 1, "accept_rest": True})
    acting(LEAD).post(f"{address(scenario)}/decisions", json={"version": 2, "verdict": "approved"})
    sheet.write(move["account_id"], decision="keep", comment="Tender in March")
    stale = difference(client, scenario, sheet.bytes)
    fresh = Sheet(exported(client, scenario))
    fresh.write(move["account_id"], decision="keep", comment="Tender in March")
    told = difference(client, scenario, fresh.bytes)

    # Submitting accepted the move, so a file from before is in conflict with that.
    assert [item["account_id"] for item in stale["conflicting"]] == [move["account_id"]]
    assert [item["account_id"] for item in told["changed"]] == [move["account_id"]]
    assert "a change makes a new version and voids that" in " ".join(told["notes"])


# ---------------------------------------------------------------- files that are something else


def test_a_workbook_of_another_scenario_is_told_by_name(acting, scenario) -> None:
    client = acting(REVOPS)
    other = client.post("/api/scenarios", json={"team": "Europe", "name": "Other"}).json()

    told = refusal(client, scenario, exported(client, other))

    assert other["version"]["scenario_id"] in told
    assert scenario["version"]["scenario_id"] in told


def test_altered_marks_are_explained(acting, scenario) -> None:
    client = acting(REVOPS)
    moves = [move["account_id"] for move in owned(scenario)]
    content = exported(client, scenario)
    scenario_id = scenario["version"]["scenario_id"]

    sheet = Sheet(content)
    sheet.write(moves[0], decision="accept")
    sheet.set(moves[0], "_base", "1:0000000000000000")
    sheet.write(moves[1], decision="accept")
    sheet.set(moves[1], "_id", f"{scenario_id}/{moves[2]}")
    sheet.set(moves[2], "_id", f"{scenario_id}/A-none")
    told = difference(client, scenario, sheet.bytes)

    invalid = {item["account_id"]: item["told"] for item in told["invalid"]}
    assert "_base and _book of this row were altered" in invalid[moves[0]]
    assert f"shows {moves[1]} and its hidden column {moves[2]}" in invalid[moves[2]]
    assert "There was no move of 'A-none'" in told["unknown"][0]["told"]
    assert told["changed"] == []

    whole = Sheet(content)
    for account in [move["account_id"] for move in scenario["point"]["moves"]]:
        whole.set(account, "_base", "7:1234567812345678")
    assert "which no version of the scenario bears" in refusal(client, scenario, whole.bytes)


def test_an_account_on_two_rows_is_not_guessed_at(acting, scenario) -> None:
    client = acting(REVOPS)
    sheet = Sheet(exported(client, scenario))
    account = owned(scenario)[0]["account_id"]
    sheet.write(account, decision="accept")
    sheet.moves.append([cell.value for cell in sheet.moves[sheet.row(account)]])

    told = difference(client, scenario, sheet.bytes)

    assert told["changed"] == []
    assert {item["told"] for item in told["invalid"]} == {
        "The account has several rows; leave one of them."
    }


def packed(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return written.getvalue()


def altered(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with bytes of one part exchanged."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(written, "w") as after:
        for item in before.infolist():
            data = before.read(item)
            if item.filename == part:
                assert old in data
                data = data.replace(old, new)
            after.writestr(item.filename, data)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no XLSX workbook"),
        (b"Account,Decision\nA-1,keep\n", "is no XLSX workbook"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "locked with a password"),
        (b"PK\x03\x04" + bytes(40), "is no XLSX workbook"),
        (packed(a_xml=b"<a/>"), "damaged"),
        (packed(a_xml=b'<!DOCTYPE x [<!ENTITY a "b">]><a/>'), "declares a document type"),
        (packed(**{f"p{n}": b"" for n in range(600)}), "unpacks to 600 parts"),
        (packed(bomb=bytes(workbook_reading.LARGEST_UNPACKED + 1)), "unpacks to 1 parts with"),
        (bytes(workbook_reading.LARGEST_FILE + 1), "a workbook may have 8,000,000"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(WorkbookUnreadable, match=re.escape(words)) as refused:
        read_moves(content)
    assert refused.value.hint


def test_a_workbook_without_our_sheet_or_columns_is_refused_in_words(acting, scenario) -> None:
    client = acting(REVOPS)
    content = exported(client, scenario)
    book = load_workbook(io.BytesIO(content))
    del book["Moves"]
    written = io.BytesIO()
    book.save(written)
    assert "has no sheet 'Moves'" in refusal(client, scenario, written.getvalue())

    sheet = Sheet(content)
    sheet.moves.delete_cols(sheet.columns["_base"])
    assert "lacks the column _base" in refusal(client, scenario, sheet.bytes)

    sheet = Sheet(content)
    sheet.moves.delete_cols(sheet.columns["_id"], 3)
    assert "its hidden columns were deleted" in refusal(client, scenario, sheet.bytes)

    sheet = Sheet(content)
    sheet.moves.cell(1, 30).value = "Comment"
    assert "two columns named Comment" in refusal(client, scenario, sheet.bytes)

    damaged = altered(content, "xl/worksheets/sheet2.xml", b"</sheetData>", b"</sheet")
    assert "damaged" in refusal(client, scenario, damaged)


def test_more_rows_than_anybody_writes_are_refused(monkeypatch, acting, scenario) -> None:
    client = acting(REVOPS)
    content = exported(client, scenario)
    monkeypatch.setattr(workbook_reading, "MOST_ROWS", len(scenario["point"]["moves"]))

    assert "has more than" in refusal(client, scenario, content)


def test_a_workbook_may_be_larger_than_what_a_person_types(acting, scenario) -> None:
    client = acting(REVOPS)
    content = exported(client, scenario)
    written = io.BytesIO(content)
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr("xl/media/map.bin", random.Random(1).randbytes(1_500_000))

    assert difference(client, scenario, written.getvalue())["changed"] == []
    elsewhere = client.post(
        f"{address(scenario)}/choose", json={"version": 1, "point": 1, "pad": "x" * 1_500_000}
    )
    assert elsewhere.status_code == 413
    assert sent(client, scenario, bytes(9_500_000)).status_code == 413
