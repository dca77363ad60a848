"""The `scenario` commands: what they print, what they send, and how they end."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import tools.territory.designs
from api.cli.refusal import Refused
from api.cli.scenario_events import event_of
from api.cli.scenario_exchange import FORMATS
from api.cli.scenario_reports import print_before_after
from api.cli.terminal import Terminal
from tests.api.doors import FOREIGN_MANAGER, FOREIGN_REP, MANAGER, REP, REVOPS
from tests.api.scenario_designs import quick_designs
from tests.api.test_command_line import every_command

LEAD, LUCIEN, OWN = FOREIGN_MANAGER, FOREIGN_REP, "R-292"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools.territory.designs, "design_frontier", quick_designs)


@pytest.fixture
def scenario(cadastre, served) -> dict:
    """A scenario of Europe as the command answers it."""
    ended = cadastre("scenario", "run", "--team", "Europe", "--name", "Autumn", "--json")
    assert ended.code == 0, ended.err
    return ended.json


def known(scenario: dict) -> str:
    return scenario["version"]["scenario_id"]


def owned(scenario: dict) -> list[dict]:
    return [move for move in scenario["point"]["moves"] if move["points"] is not None]


def widest(text: str) -> int:
    return max(map(len, text.splitlines()))


def test_a_run_prints_figures_territories_and_moves_in_80_columns(cadastre, served) -> None:
    ended = cadastre(
        "scenario", "run", "--team", "Europe", "--trigger", "Two reps over their hours",
        "--max-moves", "12%", "--max-value", "5%", "--balance", "potential,workload", "--seed", "3",
    )  # fmt: skip

    assert ended.code == 0, ended.err
    assert "Why: Two reps over their hours" in ended.out
    for words in ("Spread of potential", "R-292 Lucien Marchetti", "undecided", "points better"):
        assert words in ended.out
    assert widest(ended.out) <= 80
    shown = cadastre("scenario", "show", ended.out.split()[0], "--json").json
    row = cadastre("scenario", "frontier", ended.out.split()[0], "--json").json
    assert row["seed"] == 3
    kinds = [(item["kind"], item["accounts_share"], item["value_share"])
             for item in row["constraints"]]  # fmt: skip
    assert kinds == [("most_moves", 0.12, None), ("most_moves", None, 0.05)]
    assert shown["version"]["content"]["balance"] == ["workload", "potential"]


def test_locks_and_leavers_are_read_off_the_command_line(cadastre, served) -> None:
    ended = cadastre(
        "scenario", "run", "--team", "Europe", "--lock", "A-553=R-292:Tender in March: two lots",
        "--leaves", "R-295", "--json",
    )  # fmt: skip
    # Two reps are left: the product says that balancing is of no use.
    assert (ended.code, ended.json["error"]["code"]) == (1, "wrong_tool")

    locked = cadastre(
        "scenario", "run", "--team", "Europe", "--lock", "A-553=R-292:Tender in March: two lots",
        "--json",
    ).json  # fmt: skip
    (lock,) = locked["kept"]
    assert (lock["account_id"], lock["rep_id"]) == ("A-553", "R-292")
    assert (lock["reason"], lock["by"]) == ("Tender in March: two lots", REVOPS)

    wrong = cadastre("scenario", "run", "--lock", "A-553 to R-292")
    assert wrong.code == 2
    assert "ACCOUNT=REP:REASON" in wrong.err


def test_what_a_lock_costs_and_what_does_not_hold_is_told(cadastre, acting, served) -> None:
    lock = {"kind": "lock", "rep_id": "R-292", "by": ""}
    asked = [
        {**lock, "account_id": "A-553", "reason": "Tender in March"},
        {**lock, "account_id": "A-614", "reason": "Old promise", "until": "2026-01-31"},
    ]
    ran = acting(REVOPS).post("/api/scenarios", json={"team": "Europe", "constraints": asked})
    shown = cadastre("scenario", "show", known(ran.json()), "--explain")

    told = " ".join(shown.out.split())
    assert "What locks and rules cost, in points" in told
    assert "to Lucien Marchetti costs" in told
    assert "(ines.moreau: Tender in March)" in told
    assert "The lock of A-614 to R-292 expired on 2026-01-31 and does not hold." in told


@pytest.mark.parametrize("seconds", ["nan", "inf", "0", "-1"])
def test_a_time_that_is_none_is_wrong_usage(cadastre, served, seconds: str) -> None:
    wrong = cadastre("scenario", "run", "--seconds", seconds)
    assert wrong.code == 2
    assert "must be above 0" in wrong.err


def test_list_frontier_compare_and_before_after_fit_the_terminal(cadastre, scenario) -> None:
    name = known(scenario)
    told = {
        words: cadastre("scenario", *words.format(name).split())
        for words in (
            "list", "show {0} --explain", "frontier {0}", "compare {0}:1 {0}:3", "before-after {0}",
            "exceptions",
        )
    }  # fmt: skip

    for words, ended in told.items():
        assert ended.code == 0, (words, ended.err)
        assert widest(ended.out) <= 80, words
        assert "\x1b" not in ended.out
    assert "Autumn" in told["list"].out
    frontier = told["frontier {0}"].out.splitlines()
    assert [line.split()[0] for line in frontier[1:5]] == ["0", "1", "2", "3"]
    assert "proposed, suggested" in frontier[1 + scenario["suggested"]]
    assert "moves are in all of them" in told["compare {0}:1 {0}:3"].out
    # What the smallest design moves, all of them move.
    shared = told["compare {0}:1 {0}:3"].out.split("In all of them")[1]
    first = cadastre("scenario", "frontier", name, "--json").json["points"][1]["moves"]
    assert all(move["account_id"] in shared for move in first)
    three = cadastre("scenario", "compare", *(f"{name}:{point}" for point in (1, 2, 3)))
    assert f"B  {name}:2" in three.out
    assert "Spread of potential" in three.out
    assert widest(three.out) <= 80
    assert "Win rate" in told["before-after {0}"].out
    assert "under an exception (0.0%)" in told["exceptions"].out


def test_two_groups_are_named_in_words_and_each_territory_has_its_win_rate(capsys) -> None:
    side = {
        "coverage": {"share": 1.0, "potential_share": 1.0},
        "potential": {"variation": 0.4}, "workload_index": {"variation": 0.1},
        "attainment": {"variation": 0.3}, "win_rate": 0.3, "flags": [],
        "bimodality": {
            "verdict": "two groups", "territory_problem": True, "cause": "potential",
            "told": "Two groups. This is a territory problem, not one of talent.",
        },
    }  # fmt: skip
    was = {
        "accounts": 4, "potential": 4e6, "load": 0.8, "workload_index": 1.1, "attainment": 0.6,
        "win_rate": None,
    }  # fmt: skip
    told = {
        "label": "3 moves", "year": "2026", "period": "2027", "before": side, "after": side,
        "attainment_by_potential": {"variation": 0.12}, "notes": [],
        "reps": [
            {
                "rep_id": "R-1", "name": "Ann", "before": was,
                "after": {**was, "workload_index": 1.0, "win_rate": 0.25}, "present_quota": 1e6,
                "quota_by_potential": 2e6, "odds_present": 0.5, "odds_by_potential": 0.2,
            }
        ],
    }  # fmt: skip

    print_before_after(Terminal(), told)

    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "Spread of attainment, had quotas followed potential – 12.0%" in lines
    assert "R-1 Ann 1.10 > 1.00 60% > 60% – > 25%" in lines
    assert "! After: Two groups. This is a territory problem, not one of talent." in lines


def test_json_is_what_the_route_answers(cadastre, acting, scenario) -> None:
    client, name = acting(REVOPS), known(scenario)
    of = f"/api/scenarios/{name}"
    account = owned(scenario)[0]["account_id"]
    for words, path in (
        (("list",), "/api/scenarios"),
        (("show", name), of),
        (("frontier", name), f"{of}/frontier"),
        (("before-after", name), f"{of}/before-after"),
        (("explain", name, account), f"{of}/explain/{account}"),
        (("compare", f"{name}:1", f"{name}:2"), f"/api/scenarios/compare?ids={name}:1,{name}:2"),
        (("feedback", name), f"{of}/feedback"),
        (("exceptions",), "/api/exceptions"),
    ):
        assert cadastre("scenario", *words, "--json").json == client.get(path).json(), words


def test_the_parts_that_explain_a_move_add_up_on_the_page(cadastre, scenario) -> None:
    move = owned(scenario)[0]
    ended = cadastre("scenario", "explain", known(scenario), move["account_id"], "--rep", OWN)

    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    start = lines.index("Points  Part") + 1
    end = next(at for at in range(start, len(lines)) if "Keeping it would cost" in lines[at])
    shown = [float(line.split()[0]) for line in lines[start:end]]
    assert sum(shown) == pytest.approx(float(lines[end].split()[0]), abs=0.005 * (len(shown) + 7))
    assert float(lines[end].split()[0]) == pytest.approx(move["points"], abs=0.006)


def test_accept_keep_submit_and_decide_end_to_end(cadastre, scenario) -> None:
    name, moves = known(scenario), owned(scenario)
    kept, accepted = moves[0]["account_id"], moves[1]["account_id"]

    unsaid = cadastre("scenario", "accept", name)
    assert unsaid.code == 2
    assert "Name accounts, or give --all." in unsaid.err
    assert cadastre("scenario", "accept", name, accepted, "-m", "Agreed").code == 0
    keep = cadastre("scenario", "keep", name, kept, "-m", "Tender in March")
    assert keep.code == 0, keep.err
    assert "Keeping 1 account" in keep.out
    assert f"Locked: {kept} to {moves[0]['from_rep']}" in keep.out
    reasonless = cadastre("scenario", "keep", name, accepted)
    assert reasonless.code == 1
    assert "without a reason" in reasonless.err

    refused = cadastre("scenario", "submit", name)
    assert refused.code == 1
    assert "undecided" in refused.err
    assert cadastre("scenario", "accept", name, "--all").code == 0
    assert "Every move is accepted already." in cadastre("scenario", "accept", name, "--all").err
    sent = cadastre("scenario", "submit", name, "-m", "Please look")
    assert "It waits for Ilse Brandtner" in sent.out
    own = cadastre("scenario", "decide", name, "--approve")
    assert own.code == 4
    assert cadastre("--as", LEAD, "scenario", "decide", name).code == 2
    done = cadastre("--as", LEAD, "scenario", "decide", name, "--approve", "-m", "Fair", "--json")
    assert (done.code, done.json["verdict"]) == (0, "approved")
    assert "Hand it over" in cadastre("scenario", "show", name).out


def test_a_rep_reads_their_part_and_objects_and_somebody_settles_it(cadastre, scenario) -> None:
    name = known(scenario)
    asked = cadastre("scenario", "ask", name)
    assert asked.code == 0
    part = cadastre("--as", LUCIEN, "scenario", "slice", name)
    assert "comes" in part.out
    assert "R-288" not in part.out
    assert cadastre("--as", LUCIEN, "scenario", "show", name).code == 1
    leaves = next(move for move in owned(scenario) if move["from_rep"] == OWN)["account_id"]

    half = cadastre("--as", LUCIEN, "scenario", "feedback", name, leaves)
    assert half.code == 2
    odd = cadastre("--as", LUCIEN, "scenario", "feedback", name, leaves, "--answer", "no")
    assert odd.code == 2
    said = cadastre(
        "--as", LUCIEN, "scenario", "feedback", name, leaves,
        "--answer", "relationship-since", "--since", "2019-05-01", "-m", "Opened it myself",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert "relationship since" in said.out
    listed = cadastre("scenario", "feedback", name)
    assert "Opened it myself" in listed.out
    assert "1 objection is open" in cadastre("scenario", "show", name).out

    assert cadastre("scenario", "settle", name, leaves, "--rep", OWN).code == 2
    settled = cadastre(
        "scenario", "settle", name, leaves, "--rep", OWN, "--decline", "-m", "It is near Bonn"
    )
    assert settled.code == 0, settled.err
    assert "objection" not in settled.out


def test_a_wish_is_no_event_and_a_change_repairs_the_design(cadastre, scenario) -> None:
    name, account = known(scenario), scenario["point"]["moves"][0]["account_id"]

    wish = cadastre("scenario", "event", name, "wants", OWN, account)
    assert wish.code == 1
    assert "off cycle" in wish.err
    wrong = cadastre("scenario", "event", name, "vanishes", account)
    assert wrong.code == 2
    assert "leaves, joins, acquired, product, changed, wants" in wrong.err
    changed = cadastre(
        "scenario", "event", name, "changed", account, "-m", "Lost its lease",
        "--with", "potential=1000",
    )  # fmt: skip
    assert changed.code == 0, changed.err
    assert f"What happened ({account} changed: Lost its lease) " in " ".join(changed.out.split())


def test_the_words_of_an_event_make_the_record_that_the_route_takes() -> None:
    joins = event_of(
        "joins", ["R-300"], on="2027-01-04",
        particulars=["name=Ada Holm", "ramp=0.5", "languages=Danish; German"], why="",
    )  # fmt: skip
    assert joins == {
        "kind": "rep_joins", "rep_id": "R-300", "on": "2027-01-04", "name": "Ada Holm",
        "ramp": 0.5, "languages": ["Danish", "German"],
    }  # fmt: skip
    acquired = event_of("acquired", ["A-1", "A-2"], on="2027-01-04", particulars=[], why="")
    assert (acquired["parent_id"], acquired["account_ids"]) == ("A-1", ["A-2"])
    for words, why, particulars in (
        (("leaves", []), "", []),
        (("leaves", ["R-1"]), "", ["growth=1"]),
        (("changed", ["A-1"]), "", ["hours=3"]),
        (("changed", ["A-1"]), "More", ["hours=many"]),
        (("changed", ["A-1"]), "More", ["potential=nan"]),
        (("product", ["Cargo"]), "", ["growth=inf"]),
        (("acquired", ["A-1"]), "", []),
    ):
        with pytest.raises(Refused) as refused:
            event_of(*words, on="2027-01-04", particulars=particulars, why=why)
        assert refused.value.exit_code == 2
        assert f"scenario event S-1 {words[0]}" in refused.value.hint


def approved(cadastre: Any, scenario: dict) -> None:
    assert cadastre("scenario", "submit", known(scenario), "--accept-rest").code == 0
    assert cadastre("--as", LEAD, "scenario", "decide", known(scenario), "--approve").code == 0


def test_a_change_list_needs_an_approval_and_is_a_dry_run_first(
    cadastre, scenario, served: str, tmp_path: Path
) -> None:
    name, file = known(scenario), tmp_path / "change.csv"
    refused = cadastre("scenario", "export", name, "--format", "salesforce", "-o", str(file))
    assert refused.code == 5
    assert f"{served}/scenarios/{name}?v=1" in refused.err
    assert not file.exists()
    approved(cadastre, scenario)

    dry = cadastre("scenario", "export", name, "--format", "salesforce")
    assert dry.code == 0
    assert scenario["point"]["moves"][0]["account_id"] in dry.out
    assert "Nothing was written" in dry.out
    done = cadastre("scenario", "export", name, "--format", "salesforce", "-o", str(file))
    assert done.code == 0, done.err

    change = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    undo = (tmp_path / "change.rollback.csv").read_text(encoding="utf-8")
    back = {line["Id"]: line["OwnerId"] for line in csv.DictReader(io.StringIO(undo))}
    assert {line["Id"] for line in change} == {
        move["account_id"] for move in scenario["point"]["moves"]
    }
    assert back == {line["Id"]: line["Cadastre_Previous_Owner__c"] for line in change}

    line = next(line for line in change if line["Cadastre_Previous_Owner__c"])
    owners = f"{line['OwnerId']} {line['Cadastre_Previous_Owner__c']}"
    ends = f"{owners} {line['Territory__c'] or '–'}"
    assert any(
        row.startswith(line["Id"]) and row.endswith(ends)
        for row in (" ".join(row.split()) for row in dry.out.splitlines())
    )
    # What is taken back goes the other way, in either system's list.
    for system in ("salesforce", "hubspot"):
        taken = cadastre("scenario", "export", name, "--format", f"{system}-rollback").out
        ends = f"{line['Cadastre_Previous_Owner__c']} {line['OwnerId']}"
        assert any(
            row.startswith(line["Id"]) and ends in row
            for row in (" ".join(row.split()) for row in taken.splitlines())
        )


ABOUT_A_SCENARIO = (
    ("show", "{id}"),
    ("frontier", "{id}"),
    ("choose", "{id}", "1"),
    ("compare", "{id}:1", "{id}:2"),
    ("before-after", "{id}"),
    ("explain", "{id}", "{account}"),
    ("slice", "{id}"),
    ("accept", "{id}", "{account}"),
    ("keep", "{id}", "{account}", "-m", "Mine"),
    ("ask", "{id}"),
    ("feedback", "{id}"),
    ("feedback", "{id}", "{account}", "--answer", "agree"),
    ("settle", "{id}", "{account}", "--rep", OWN, "--accept"),
    ("event", "{id}", "leaves", OWN),
    ("submit", "{id}", "--accept-rest"),
    ("decide", "{id}", "--approve"),
    *(("export", "{id}", "--format", format) for format in FORMATS if format != "xlsx"),
    ("export", "{id}", "-o", "{file}"),
    ("import", "{id}", "{workbook}"),
)
OF_A_REP = {"slice", "feedback"}
FREE = {"run", "list", "exceptions", "solve"}


@pytest.mark.parametrize("outsider", [REP, MANAGER, LUCIEN])
def test_a_scope_holds_on_every_command_about_a_scenario(
    cadastre, scenario, tmp_path: Path, outsider: str
) -> None:
    every = {words.split()[1] for words in every_command() if words.startswith("scenario ")}
    assert every == {words[0] for words in ABOUT_A_SCENARIO} | FREE
    workbook, file = tmp_path / "moves.xlsx", tmp_path / "stolen.xlsx"
    assert cadastre("scenario", "export", known(scenario), "-o", str(workbook)).code == 0
    files = {"workbook": workbook, "file": file}
    real = {"id": known(scenario), "account": scenario["point"]["moves"][0]["account_id"]}
    none = {"id": "S-0000000000", "account": "A-none"}

    for words in ABOUT_A_SCENARIO:
        if outsider == LUCIEN and words[0] in OF_A_REP:
            continue
        told = [
            cadastre(
                "--as", outsider, "scenario", *(word.format(**about, **files) for word in words)
            )
            for about in (real, none)
        ]
        assert told[0].code == 1, words
        blank = [
            [str(text).replace(about["id"], "ID").replace(about["account"], "ID") for text in ended]
            for ended, about in zip(told, (real, none), strict=True)
        ]
        assert blank[0] == blank[1], words
    assert not file.exists()
    assert cadastre("--as", outsider, "scenario", "list", "--json").json == []
    assert cadastre("--as", outsider, "scenario", "exceptions", "--json").json["accounts"] == 0
    assert cadastre("scenario", "show", known(scenario), "--json").json["version"]["version"] == 1


def test_exports_go_to_a_file_or_to_stdout_and_unknown_formats_are_named(
    cadastre, scenario, tmp_path: Path
) -> None:
    name = known(scenario)
    assert cadastre("scenario", "export", name, "--format", "json").json["approved"] is False
    page = tmp_path / "report.html"
    assert cadastre("scenario", "export", name, "--format", "html", "-o", str(page)).code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    nowhere = cadastre("scenario", "export", name)
    assert nowhere.code == 2
    assert "-o FILE" in nowhere.err
    odd = cadastre("scenario", "export", name, "--format", "pdf")
    assert odd.code == 2
    assert "salesforce-rollback" in odd.err


def test_an_import_shows_the_difference_and_applies_it_only_with_yes(
    cadastre, scenario, tmp_path: Path
) -> None:
    name, file = known(scenario), tmp_path / "moves.xlsx"
    assert cadastre("scenario", "export", name, "-o", str(file)).code == 0
    same = cadastre("scenario", "import", name, str(file))
    assert same.code == 0
    assert "0 to apply" in same.out

    book = load_workbook(file)
    sheet = book["Moves"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, columns["Decision"]).value = "accept"
    sheet.cell(3, columns["Decision"]).value = "maybe"
    book.save(file)
    shown = cadastre("scenario", "import", name, str(file))
    assert shown.code == 3
    assert "+ row 2: Accept" in shown.out
    assert "! row 3, invalid: Decision is 'maybe'" in shown.out
    assert widest(shown.out) <= 80
    assert "Nothing was applied. Apply it with --yes." in shown.out
    assert cadastre("scenario", "show", name, "--json").json["version"]["version"] == 1

    done = cadastre("scenario", "import", name, str(file), "--yes", "--json")
    assert done.code == 3  # row 3 is still not applied
    assert (done.json["applied"], len(done.json["changed"])) == (True, 1)
    sheet.cell(3, columns["Decision"]).value = None
    book.save(file)
    again = cadastre("scenario", "import", name, str(file), "--yes")
    assert again.code == 0
    assert cadastre("scenario", "show", name, "--json").json["version"]["version"] == 2
    missing = cadastre("scenario", "import", name, str(tmp_path / "none.xlsx"))
    assert missing.code == 1
    assert "No such file" in missing.err
