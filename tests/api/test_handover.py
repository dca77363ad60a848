"""Handing an approved design to the CRM: what changes, and what takes it back."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tools.territory.designs
from api.handover import Change, as_csv, changes_of
from domain.errors import InvalidInput
from tests.api.doors import FOREIGN_MANAGER, FOREIGN_REP, REVOPS
from tests.api.scenario_designs import quick_designs

LEAD, LUCIEN = FOREIGN_MANAGER, FOREIGN_REP
LISTS = ("salesforce", "hubspot", "salesforce-rollback", "hubspot-rollback")


def book(*rows: tuple[str, str | None, str | None, str]) -> pd.DataFrame:
    """Accounts of a book: id, owner, territory and region, all in one country."""
    table = pd.DataFrame(rows, columns=["account_id", "owner_id", "territory_id", "region"])
    return table.assign(country="US").astype("string")


def design(**moves: str) -> SimpleNamespace:
    """A design as far as the hand-over reads it: which accounts go to whom."""
    return SimpleNamespace(
        moves=[
            SimpleNamespace(account_id=account.replace("_", "-"), to_rep=rep)
            for account, rep in moves.items()
        ]
    )


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def change(account: str, before: str | None, after: str | None, **more: str | None) -> Change:
    territories = {"from_territory": None, "to_territory": None, **more}
    return Change(account_id=account, from_owner=before, to_owner=after, **territories)


def test_only_accounts_that_change_are_listed_with_the_owner_the_crm_has() -> None:
    accounts = book(
        ("A-1", "ana", None, "TX"), ("A-2", "gone", None, "TX"), ("A-3", None, None, "TX"),
        ("A-4", "bo", None, "TX"),
    )  # fmt: skip

    found = changes_of(design(A_3="bo", A_2="bo", A_1="bo", A_4="bo"), accounts)

    assert [(item.account_id, item.from_owner, item.to_owner) for item in found] == [
        ("A-1", "ana", "bo"), ("A-2", "gone", "bo"), ("A-3", None, "bo"),
    ]  # fmt: skip


def test_a_territory_that_is_one_reps_goes_along_and_a_shared_region_stays() -> None:
    # bo alone works T-2, which reaches TX and NM; ana and cy share T-1.
    accounts = book(
        ("A-1", "ana", "T-1", "TX"), ("A-2", "cy", "T-1", "TX"), ("A-3", "bo", "T-2", "TX"),
        ("A-4", "bo", "T-2", "NM"), ("A-5", "ana", "T-1", "OK"),
    )  # fmt: skip

    found = changes_of(design(A_1="bo", A_3="cy", A_5="bo"), accounts)

    told = {item.account_id: (item.from_territory, item.to_territory) for item in found}
    assert told == {
        "A-1": ("T-1", "T-2"),
        "A-3": ("T-2", "T-2"),
        "A-5": ("T-1", "T-1"),  # T-2 has nothing in Oklahoma: it would lie there in name only
    }


def test_the_salesforce_list_names_its_fields_and_the_approval() -> None:
    changes = [
        change("001A", "005A", "005B", from_territory="T-1", to_territory="T-2"),
        change("001B", None, "005B", from_territory="T-2", to_territory="T-2"),
    ]

    text = as_csv(changes, "salesforce", "D-1")

    assert text.splitlines() == [
        "Id,OwnerId,Territory__c,Cadastre_Approval__c,Cadastre_Previous_Owner__c",
        "001A,005B,T-2,D-1,005A",
        "001B,005B,T-2,D-1,",
    ]
    assert "Territory__c" not in as_csv([change("001A", "005A", "005B")], "salesforce", "D-1")


def test_the_hubspot_list_has_the_headings_its_import_knows() -> None:
    text = as_csv([change("1", "ana@x.test", 'Bo "B", Sr.')], "hubspot", "D-1")

    assert text == ('Record ID,Company owner,Cadastre approval\r\n1,"Bo ""B"", Sr.",D-1\r\n')


OWNER, PLACE = {"salesforce": "OwnerId", "hubspot": "Company owner"}, "Territory__c"
KEY = {"salesforce": "Id", "hubspot": "Record ID"}
ids = st.text("abcXYZ019-_.@ é,\"'", min_size=1, max_size=6).filter(
    lambda text: text[0] not in "-@" and text == text.strip()
)
owners = st.none() | ids


@given(
    st.dictionaries(ids, st.tuples(owners, st.sampled_from(["T-1", "T-2", None])), min_size=1),
    st.data(),
)
def test_the_change_and_then_its_rollback_leave_every_owner_as_it_was(table, data) -> None:
    rows = [(key, owner, territory, "TX") for key, (owner, territory) in table.items()]
    moved = data.draw(st.lists(st.sampled_from(sorted(table)), unique=True))
    moves = [SimpleNamespace(account_id=key, to_rep=data.draw(ids)) for key in moved]
    changes = changes_of(SimpleNamespace(moves=moves), book(*rows))
    for crm in ("salesforce", "hubspot"):
        crm_rows = {key: [owner or "", territory or ""] for key, _, territory, _ in rows
                    for owner in (table[key][0],)}  # fmt: skip
        before = {key: list(row) for key, row in crm_rows.items()}

        def load(text: str, crm: str = crm, crm_rows: dict = crm_rows) -> None:
            for line in lines(text):
                crm_rows[line[KEY[crm]]][0] = line[OWNER[crm]]
                if PLACE in line:
                    crm_rows[line[KEY[crm]]][1] = line[PLACE]

        load(as_csv(changes, crm, "D-1"))
        for move in moves:
            assert crm_rows[move.account_id][0] == move.to_rep
        load(as_csv([item.undone for item in changes], crm, "D-1"))
        assert crm_rows == before


@pytest.mark.parametrize("bad", ["=HYPERLINK(1)", "@SUM(A1)", "+cmd|' /C calc'!A0", "\tx", "-2+3"])
def test_an_id_that_a_spreadsheet_would_run_is_refused_not_changed(bad: str) -> None:
    with pytest.raises(InvalidInput, match="begins as a formula does") as refused:
        as_csv([change("A-1", "ana", bad)], "hubspot", "D-1")
    assert "Correct the id in the CRM" in refused.value.hint
    as_csv([change("-12", "ana", "+31.5")], "hubspot", "D-1")  # plain numbers run nothing


# ---------------------------------------------------------------- over the routes


@pytest.fixture
def scenario(acting, monkeypatch: pytest.MonkeyPatch) -> dict:
    """A scenario of Europe, not submitted."""
    monkeypatch.setattr(tools.territory.designs, "design_frontier", quick_designs)
    answer = acting(REVOPS).post("/api/scenarios", json={"team": "Europe"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def address(scenario: dict) -> str:
    return f"/api/scenarios/{scenario['version']['scenario_id']}"


def exported(client, scenario: dict, format: str, **more: object):
    return client.get(f"{address(scenario)}/export", params={"format": format, **more})


def approved(acting, scenario: dict) -> dict:
    """The scenario approved by the manager of Europe; the decision."""
    sent = acting(REVOPS).post(
        f"{address(scenario)}/submit", json={"version": 1, "accept_rest": True}
    )
    version = sent.json()["version"]["version"]
    answer = acting(LEAD).post(
        f"{address(scenario)}/decisions", json={"version": version, "verdict": "approved"}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize("format", LISTS)
def test_without_an_approval_there_is_no_list_and_the_refusal_leads_to_the_review(
    acting, scenario, format: str
) -> None:
    answer = exported(acting(REVOPS), scenario, format)

    assert answer.status_code == 409
    error = answer.json()["error"]
    assert error["code"] == "approval_required"
    assert error["review"] == f"/scenarios/{scenario['version']['scenario_id']}?v=1"


def test_an_approved_design_is_handed_over_with_its_decision(acting, workspace, scenario) -> None:
    decision = approved(acting, scenario)
    owners = workspace.reading(workspace.principal(REVOPS)).book.owners

    answer = exported(acting(REVOPS), scenario, "salesforce")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (
        f"{scenario['version']['scenario_id']}-v2-salesforce.csv"
        in (answer.headers["content-disposition"])
    )
    found = lines(answer.content.decode("utf-8"))
    moves = {move["account_id"]: move["to_rep"] for move in scenario["point"]["moves"]}
    assert {line["Id"]: line["OwnerId"] for line in found} == moves
    for line in found:
        assert line["Cadastre_Previous_Owner__c"] == (owners[line["Id"]] or "")
        assert line["Cadastre_Approval__c"] == decision["decision_id"]
    back = lines(exported(acting(REVOPS), scenario, "salesforce-rollback").text)
    assert {line["Id"]: line["OwnerId"] for line in back} == {
        account: owners[account] or "" for account in moves
    }


def test_a_change_voids_the_list_but_not_the_way_back(acting, scenario) -> None:
    approved(acting, scenario)
    before = exported(acting(REVOPS), scenario, "hubspot-rollback").text
    changed = acting(REVOPS).post(f"{address(scenario)}/choose", json={"version": 2, "point": 2})
    assert changed.status_code == 201, changed.text

    assert exported(acting(REVOPS), scenario, "hubspot").status_code == 409
    assert exported(acting(REVOPS), scenario, "hubspot-rollback").text == before
    refused = exported(acting(REVOPS), scenario, "hubspot-rollback", v=3)
    assert refused.status_code == 409
    assert "was never approved" in refused.json()["error"]["message"]


def test_a_list_that_would_overwrite_a_newer_owner_is_refused(
    acting, workspace, scenario, tmp_path
) -> None:
    approved(acting, scenario)
    moved = next(move for move in scenario["point"]["moves"] if move["from_rep"])
    other = next(
        rep
        for rep in scenario["version"]["content"]["reps"]
        if rep not in {moved["from_rep"], moved["to_rep"]}
    )
    table = workspace.reading(workspace.principal(REVOPS)).book["accounts"]
    changed = table.copy()
    changed.loc[changed["account_id"] == moved["account_id"], "owner_id"] = other
    (tmp_path / "Account.csv").write_text(changed.to_csv(index=False), encoding="utf-8")
    taken = acting(REVOPS).post(
        "/api/imports", json={"folder": str(tmp_path / "Account.csv"), "table": "accounts"}
    )
    assert taken.status_code == 201, taken.text

    refused = exported(acting(REVOPS), scenario, "salesforce")

    assert refused.status_code == 409
    error = refused.json()["error"]
    assert error["code"] == "scenario_stale"
    assert error["accounts"] == [moved["account_id"]]
    assert exported(acting(REVOPS), scenario, "salesforce-rollback").status_code == 200


@pytest.mark.parametrize("format", [*LISTS, "xlsx", "html", "json"])
def test_a_reps_part_has_no_export(acting, scenario, format: str) -> None:
    assert acting(LUCIEN).get(f"{address(scenario)}/slice").status_code == 200
    assert exported(acting(LUCIEN), scenario, format).status_code == 404
    approved(acting, scenario)
    assert exported(acting(LUCIEN), scenario, format).status_code == 404


def test_report_and_data_say_whether_they_are_approved(acting, scenario) -> None:
    draft = exported(acting(REVOPS), scenario, "json").json()
    page = exported(acting(REVOPS), scenario, "html")
    decision = approved(acting, scenario)
    final = exported(acting(REVOPS), scenario, "json").json()

    assert (draft["approved"], draft["stamp"]) == (False, "DRAFT, not approved")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>" in page.text
    assert (final["approved"], final["stamp"]) == (True, None)
    assert final["decision"]["decision_id"] == decision["decision_id"]
    assert (
        final["frontier"]["points"][scenario["point"]["index"]]["moves"]
        == (scenario["point"]["moves"])
    )
