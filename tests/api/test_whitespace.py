"""Whitespace through its doors: four kinds, filters, files, and what a scope hides."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from api.whitespace import Asked
from api.whitespace_file import as_csv
from tests.api.doors import ACCOUNT, FOREIGN_REP, MANAGER, REP, REVOPS

KINDS = {"product": "products", "site": "sites", "segment": "segments", "relative": "relatives"}


def whitespace(client, **asked):
    answer = client.get("/api/whitespace", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_all_four_kinds_come_in_one_answer_the_most_worth_first(acting):
    answer = whitespace(acting(REVOPS))

    assert (answer["currency"], answer["as_of"]) == ("USD", "2026-11-13")
    for part in ("products", "relatives"):
        worth = [row["worth"] for row in answer[part]]
        assert worth == sorted(worth, reverse=True)
        assert worth
    expected = [row["expected"] for row in answer["segments"]]
    assert expected == sorted(expected, reverse=True)
    # The example has no families, and the answer says so rather than nothing.
    assert answer["sites"] == []
    assert any("knows no families" in note for note in answer["notes"])


def test_the_cells_add_up_to_the_market(acting):
    answer = whitespace(acting(REVOPS), kind="segment")

    # 705 accounts, and 273 companies of the market less two accounts and one listed twice.
    assert answer["market"]["companies"] == 705 + 273 - 3
    for name in ("companies", "customers", "owned"):
        assert sum(row[name] for row in answer["segments"]) == answer["market"][name]
    for name in ("spend", "potential", "expected"):
        total = sum(row[name] for row in answer["segments"])
        assert total == pytest.approx(answer["market"][name], abs=0.01)


def test_every_planted_relative_is_told_with_its_source_and_day(acting, workspace):
    answer = whitespace(acting(REVOPS), kind="relative")

    assert len(answer["relatives"]) == 10
    (orem,) = [row for row in answer["relatives"] if row["name"] == "Brakes and Gears Orem"]
    assert (orem["account_id"], orem["source"], orem["observed"]) == (
        ACCOUNT, "Wheel Trade Register", "2026-10-23",
    )  # fmt: skip
    assert orem["worth"] == pytest.approx(orem["chance"] * orem["potential"], abs=0.01)
    cited = workspace.reading(workspace.principal()).analyses.cite(orem["entity"], "worth")
    assert float(cited.value) == orem["worth"]


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_alone_leaves_the_others_empty(acting, kind):
    answer = whitespace(acting(MANAGER), kind=kind, top=2)

    for other, part in KINDS.items():
        assert len(answer[part]) <= (2 if other == kind else 0)


def test_an_account_is_told_of_alone(acting):
    answer = whitespace(acting(REP), account=ACCOUNT)

    assert {row["account_id"] for row in answer["products"]} == {ACCOUNT}
    assert [row["account_id"] for row in answer["relatives"]] == [ACCOUNT, ACCOUNT]
    (cell,) = answer["segments"]
    assert cell["levels"]["segment"] == "Value Added Reseller"


def test_territory_and_segment_narrow_every_kind(acting, workspace):
    answer = whitespace(acting(REVOPS), territory="canada", segment="WAREHOUSE")
    accounts = workspace.reading(workspace.principal()).book["accounts"].set_index("account_id")

    named = {row["account_id"] for part in ("products", "relatives") for row in answer[part]}
    assert set(accounts.loc[sorted(named), "territory_id"]) == {"T-6"}
    assert set(accounts.loc[sorted(named), "segment"]) == {"Warehouse"}
    assert {row["name"] for row in answer["relatives"]} == {
        "Camping and Sports Store Burnaby", "Lakeshore Exercise Supply",
    }  # fmt: skip
    inside = accounts["territory_id"].eq("T-6") & accounts["segment"].eq("Warehouse")
    # Two relatives lie there too; companies without a parent have no territory.
    assert answer["market"]["companies"] == inside.sum() + 2


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"account": "A-none"}, 404, "There is no account 'A-none'"),
        ({"territory": "Atlantis"}, 404, "There is no territory 'Atlantis'"),
        ({"segment": "Bakery"}, 404, "There is no segment 'Bakery'"),
        ({"kind": "mood"}, 422, "kind"),
        ({"top": 0}, 422, "top"),
    ],
)
def test_what_does_not_exist_is_named(acting, asked, status, words):
    answer = acting(REVOPS).get("/api/whitespace", params=asked)
    assert answer.status_code == status
    assert words in answer.text


def test_a_foreign_account_is_a_missing_one(acting):
    foreign = acting(FOREIGN_REP).get("/api/whitespace", params={"account": ACCOUNT})
    missing = acting(FOREIGN_REP).get("/api/whitespace", params={"account": "A-none"})
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text.replace(ACCOUNT, "A-none") == missing.text


@pytest.mark.parametrize("person", [REP, FOREIGN_REP, MANAGER])
def test_a_reader_sees_and_counts_nothing_of_others(acting, workspace, person):
    book = workspace.reading(workspace.principal()).book
    scope = workspace.principal(person).scope
    mine = {account for account, owner in book.owners.items() if scope.covers(owner)}
    companies = book["market_companies"]
    kin = set(companies.loc[companies["parent_account_id"].isin(mine), "company_id"])

    for path, asked in (
        ("/api/whitespace", {}),
        *(("/api/whitespace/export", {"kind": kind}) for kind in KINDS),
    ):
        text = acting(person).get(path, params=asked).text
        assert set(re.findall(r"\bA-\d{3}\b", text)) <= mine
        assert set(re.findall(r"\bM-\d{3}\b", text)) <= kin
    assert whitespace(acting(person))["market"]["companies"] == len(mine) + len(kin)


def test_one_kind_is_a_file_for_a_spreadsheet(acting):
    answer = acting(REVOPS).get("/api/whitespace/export", params={"kind": "segment", "top": 3})

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="whitespace-segment-2026-11-13.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 3
    assert rows[0]["size"] == "50 and more"
    assert int(rows[0]["companies"]) > 100


def test_a_name_that_begins_like_a_formula_is_no_formula_in_the_file(workspace):
    answer = workspace.whitespace(workspace.principal(), Asked(kind="relative", top=1))
    (row,) = answer.relatives
    evil = answer.model_copy(
        update={"relatives": (row.model_copy(update={"name": "=HYPERLINK(1)", "worth": -5.0}),)}
    )

    (written,) = csv.DictReader(io.StringIO(as_csv(evil, "relative").text))
    assert written["name"] == "'=HYPERLINK(1)"
    assert written["worth"] == "-5.0"


def test_nothing_found_is_a_file_of_headings(workspace):
    answer = workspace.whitespace(workspace.principal(), Asked(kind="site"))
    (line,) = as_csv(answer, "site").text.splitlines()
    assert line.startswith("entity,account_id,account_name,owner_id,family_id,line,worth")


def test_the_command_prints_what_the_route_answers(cadastre):
    said = cadastre("whitespace", "--kind", "relative", "--top", "1")
    assert said.code == 0
    assert "Metro Metals Cr" in said.out
    assert max(map(len, said.out.splitlines()[:4])) <= 80

    told = cadastre("whitespace", "--account", ACCOUNT, "--json", "--as", REP).json
    assert told["asked"]["account"] == ACCOUNT
    assert {row["account_id"] for row in told["relatives"]} == {ACCOUNT}


def test_the_command_writes_one_kind_as_a_file(cadastre, tmp_path: Path):
    target = tmp_path / "kin.csv"
    said = cadastre("whitespace", "--kind", "relative", "-o", str(target), "--json")

    assert said.json["written"] == str(target)
    assert len(target.read_bytes().splitlines()) == 11
    refused = cadastre("whitespace", "-o", str(target))
    assert refused.code == 2
    assert "--kind product, site, segment or relative" in refused.err
