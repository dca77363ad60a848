"""Preview, adoption and movement through the doors, and what of them a rep sees."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import read_settings
from api.workspace import Workspace
from tests.api.doors import MANAGER, REP, REVOPS, TOKEN

ROOT = Path(__file__).parents[2]
RULES = (ROOT / "examples" / "adventureworks" / "coverage.toml").read_text(encoding="utf-8")
# North American value added resellers: 6 points, and 9 from here on.
CHANGED = RULES.replace("points = 6\nsegment", "points = 9\nsegment", 1)
SEGMENT = "strategy.target_segments[North American value added resellers].points"


def test_a_preview_names_exactly_the_accounts_of_the_segment_and_keeps_nothing(
    acting, workspace
) -> None:
    reading = workspace.reading(workspace.principal())
    facts = reading.analyses.facts.table
    inside = facts["target_segment"] == "North American value added resellers"

    answer = acting(REVOPS).post("/api/coverage/preview", json={"text": CHANGED})

    assert answer.status_code == 200, answer.text
    found = answer.json()
    scored = [one for one in found["accounts"] if one["score"] != one["score_before"]]
    assert {one["account_id"] for one in scored} == set(facts.index[inside])
    for one in scored:
        assert one["score"] - one["score_before"] == 3
        (cause,) = one["score_causes"]
        assert [rule["words"] for rule in cause["rules"]] == [f"{SEGMENT} 6 to 9"]
    assert [rule["key"] for rule in found["changes"]] == [SEGMENT]
    assert sum(tier["before"] for tier in found["tiers"]) == len(facts)
    assert workspace.coverage_show(workspace.principal()).text == RULES


@pytest.mark.parametrize("person", [REP, MANAGER])
def test_a_preview_counts_only_what_the_person_sees(acting, workspace, person) -> None:
    scope = workspace.principal(person).scope
    owners = workspace.reading(workspace.principal()).book.owners
    mine = {account for account, owner in owners.items() if scope.covers(owner)}

    found = acting(person).post("/api/coverage/preview", json={"text": CHANGED}).json()

    assert {one["account_id"] for one in found["accounts"]} <= mine
    assert sum(tier["before"] for tier in found["tiers"]) == len(mine)
    assert {rep["rep_id"] for rep in found["hours"]} == set(scope.reps)
    scored = [one for one in found["accounts"] if one["score"] != one["score_before"]]
    assert f"{len(scored):,} accounts would have another score" in found["summary"]
    assert all(1 <= one["rank"] <= len(mine) for one in found["accounts"])


def test_other_rules_of_comparison_are_previewed_by_who_sees_all(acting) -> None:
    other = RULES.replace("minimum = 20", "minimum = 5")
    assert other != RULES
    refused = acting(REP).post("/api/coverage/preview", json={"text": other})
    assert refused.status_code == 403
    assert "accounts that you do not see" in refused.json()["error"]["message"]
    assert acting(REVOPS).post("/api/coverage/preview", json={"text": other}).status_code == 200


def test_a_model_that_cannot_be_used_is_neither_previewed_nor_adopted(acting) -> None:
    for text, words in (
        ("version = 0", "version"),
        (RULES.replace('fact = "access"', 'fact = "mood"'), "mood"),
    ):
        for route in ("preview", "adoptions"):
            answer = acting(REVOPS).post(
                f"/api/coverage/{route}", json={"text": text, "reason": "Try."}
            )
            assert answer.status_code == 422, route
            assert words in answer.json()["error"]["message"]


def test_a_model_is_adopted_by_a_person_with_a_reason_and_the_record_says_so(
    acting, workspace
) -> None:
    revops = workspace.principal()
    body = {"text": CHANGED, "reason": "Resellers grow fastest.", "source": "new.toml"}

    answer = acting(REVOPS).post("/api/coverage/adoptions", json=body)

    assert answer.status_code == 201, answer.text
    adopted = answer.json()
    assert adopted["changed"] is True
    assert workspace.coverage_show(revops).text == CHANGED
    decision = workspace.store.decisions.get(revops, adopted["decision_id"])
    assert (decision.decided_by, decision.request.reason, decision.subject_hash) == (
        REVOPS,
        "Resellers grow fastest.",
        adopted["text_hash"],
    )
    assert decision.coverage_hash == adopted["coverage_hash"]
    assert workspace.audit_verify(revops).intact
    (line,) = [one for one in workspace.audit_log(revops) if one.verb == "adopted"]
    assert (line.actor, line.reason) == ("Ines Moreau", "Resellers grow fastest.")
    assert line.object == f"coverage model {adopted['coverage_hash'][:16]}"

    again = acting(REVOPS).post("/api/coverage/adoptions", json=body).json()
    assert again["changed"] is False
    assert len(workspace.store.decisions.log(revops)) == 1
    # And back: the same text may be adopted twice, each time by a decision of its own.
    back = acting(REVOPS).post("/api/coverage/adoptions", json={"text": RULES, "reason": "No."})
    assert back.json()["sequence"] == 2
    assert workspace.coverage_show(revops).text == RULES


def test_without_a_reason_or_the_right_nothing_is_adopted(acting, workspace) -> None:
    for reason in ("", "  \n"):
        answer = acting(REVOPS).post(
            "/api/coverage/adoptions", json={"text": CHANGED, "reason": reason}
        )
        assert answer.status_code == 422
        assert "adopted with a reason" in answer.json()["error"]["message"]
    for person in (REP, MANAGER):
        answer = acting(person).post(
            "/api/coverage/adoptions", json={"text": CHANGED, "reason": "Mine."}
        )
        assert answer.status_code == 403
        assert answer.json()["error"]["who_can"] == ["Ines Moreau"]
    assert workspace.coverage_show(workspace.principal()).text == RULES
    assert workspace.store.decisions.log(workspace.principal()) == []


def test_the_commands_preview_and_adopt_a_file(cadastre, served, tmp_path) -> None:
    file = tmp_path / "changed.toml"
    file.write_text(CHANGED, encoding="utf-8")

    previewed = cadastre("coverage", "preview", str(file), "--top", "2")
    assert previewed.code == 0, previewed.err
    assert f"[1] {SEGMENT} 6 to 9" in " ".join(previewed.out.split())
    assert "[1] Target segment +3" in previewed.out
    assert "more; --top or --json shows them." in previewed.out
    assert cadastre("coverage", "adopt", str(file)).code == 1
    adopted = cadastre("coverage", "adopt", str(file), "-m", "Resellers grow fastest.")
    assert adopted.code == 0, adopted.err
    assert "adopted by Ines Moreau: Resellers grow fastest." in " ".join(adopted.out.split())
    assert cadastre("--as", REP, "coverage", "adopt", str(file), "-m", "Mine.").code == 4
    same = cadastre("coverage", "preview", str(file))
    assert same.out == "The rules are the same: nothing moves.\n"


def test_the_ranking_explains_what_would_change_a_tier_and_where_hours_end(
    cadastre, acting, workspace, served
) -> None:
    ended = cadastre("--as", REP, "accounts", "rank", "--top", "2", "--explain")
    assert "Lowered by potential" in ended.out
    assert "Within capacity: " in ended.out

    rows = acting(REVOPS).get("/api/accounts", params={"explain": True}).json()
    cut = workspace.reading(workspace.principal()).analyses.cut
    below = [row for row in rows if row["within_capacity"] is False]
    assert len(below) == cut.by_rep["below"].sum() > 0
    assert all(row["cut_note"].startswith("Below the line") for row in below)
    assert all(row["within_capacity"] is None for row in rows if row["owner_id"] is None)
    lifted = [row for row in rows if row["lift_note"]]
    assert {row["tier"] for row in rows} - {row["tier"] for row in lifted} == {"strategic"}
    table = cadastre("accounts", "rank").out
    assert table.count("↓") == len(below) + 1  # and the line that explains the mark


def export(
    folder: Path, day: str, spend: int, names: dict[str, str], *, rules: str = ""
) -> dict[str, str]:
    """Shops that all spent the same, once in each of the last two years; R-1 has the first 4."""
    folder.mkdir(exist_ok=True)
    owners = {key: "R-1" if int(key[2:]) < 5 else "R-2" for key in names}
    tables = {
        "accounts": "account_id,name,owner_id\n"
        + "".join(f"{key},{name},{owners[key]}\n" for key, name in names.items()),
        "reps": "rep_id,name,function\nR-1,Ana Ruiz,rep\nR-2,Bo Lind,rep\n",
        "products": "product_id,name,category,subcategory\nP-1,Bell,Parts,Bells\n",
        "orders": "order_line_id,order_id,account_id,rep_id,product_id,ordered,quantity,amount\n"
        + "".join(
            f"L-{key}-{year},O-{key}-{year},{key},,P-1,{year}{day[4:7]}-01,1,{spend}\n"
            for key in names
            for year in (int(day[:4]), int(day[:4]) - 1)
        ),
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "book.toml").write_text(f'as_of = {day}\ncurrency = "EUR"\n', encoding="utf-8")
    if rules:
        (folder / "coverage.toml").write_text(rules, encoding="utf-8")
    return owners


NAMES = {f"A-{number}": f"Shop {number}" for number in range(1, 9)}


@pytest.fixture
def two_books(tmp_path: Path):
    """80,000 a shop in March; 73,000 in June, when A-8 is gone, A-3 renamed and A-9 new."""
    with Workspace.open(read_settings(home=tmp_path / "two")) as workspace:
        revops = workspace.principal()
        export(tmp_path / "march", "2026-03-20", 80_000, NAMES)
        workspace.import_folder(revops, tmp_path / "march")
        later = {key: name for key, name in NAMES.items() if key != "A-8"}
        later |= {"A-3": "Third Shop", "A-9": "Ninth Shop"}
        export(tmp_path / "june", "2026-06-20", 73_000, later)
        workspace.import_folder(workspace.principal(), tmp_path / "june")
        yield workspace


def asked(workspace: Workspace, address: str, person: str):
    client = TestClient(create_app(workspace, TOKEN), base_url="http://127.0.0.1:8000")
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Cadastre-As": person}
    return client.get(address, headers=headers).json()


def test_movement_since_the_last_book_lists_new_gone_renamed_and_held(two_books) -> None:
    found = asked(two_books, "/api/movement", "revops")

    assert (found["since"], found["as_of"]) == ("2026-03-20", "2026-06-20")
    by_id = {line["account_id"]: line for line in found["accounts"]}
    assert by_id["A-9"]["kind"] == "new"
    assert by_id["A-8"]["kind"] == "gone"
    assert by_id["A-3"]["renamed"]
    # 73,000 is 3 % below the bound of Tier 1.
    assert by_id["A-1"]["held"]
    assert (by_id["A-1"]["tier_before"], by_id["A-1"]["tier"]) == ("tier_1", "tier_1")
    assert by_id["A-9"]["tier"] == "tier_2"
    assert "1 renamed, 1 new, 1 gone" in found["summary"]
    account = asked(two_books, "/api/accounts/A-1", "revops")["account"]
    assert account["tier_note"].endswith("held in Tier 1 from the last book: 3 % below its bound")
    assert account["movement"]["note"].endswith("passed a bound by too little")


def test_a_rep_sees_only_the_movement_of_their_own_accounts(two_books) -> None:
    mine = asked(two_books, "/api/movement", "R-1")
    theirs = asked(two_books, "/api/movement", "R-2")

    assert {line["account_id"] for line in mine["accounts"]} == {"A-1", "A-2", "A-3", "A-4"}
    assert "1 renamed, 0 new, 0 gone" in mine["summary"]
    assert {line["account_id"] for line in theirs["accounts"]} == {
        "A-5", "A-6", "A-7", "A-8", "A-9",
    }  # fmt: skip
    assert "0 renamed, 1 new, 1 gone" in theirs["summary"]


def test_what_is_held_stays_held_and_a_correction_of_one_date_is_no_new_book(
    two_books, tmp_path
) -> None:
    # September like June: still held, though June's own bounds would say Tier 2.
    export(tmp_path / "september", "2026-09-20", 73_000, NAMES)
    two_books.import_folder(two_books.principal(), tmp_path / "september")
    assert asked(two_books, "/api/accounts/A-1", "revops")["account"]["tier"] == "tier_1"

    # September corrected to 60,000: compared with June, never with the first September.
    export(tmp_path / "september", "2026-09-20", 60_000, NAMES)
    two_books.import_folder(two_books.principal(), tmp_path / "september")
    found = asked(two_books, "/api/movement", "revops")
    assert found["since"] == "2026-06-20"
    line = next(one for one in found["accounts"] if one["account_id"] == "A-1")
    assert (line["tier_before"], line["tier"]) == ("tier_1", "tier_2")
    (cause,) = line["tier_causes"]
    assert (cause["kind"], cause["before"], cause["after"]) == ("potential", "73,000", "60,000")


def test_a_bound_that_a_person_moved_is_the_cause_that_is_told(two_books, tmp_path) -> None:
    text = two_books.coverage_show(two_books.principal()).text
    lower = text.replace("potential_from = 75000", "potential_from = 90000")
    two_books.coverage_adopt(two_books.principal(), lower, reason="Fewer of them.")

    found = asked(two_books, "/api/movement", "revops")

    assert found["coverage_hash_before"] != found["coverage_hash"]
    line = next(one for one in found["accounts"] if one["account_id"] == "A-1")
    assert (line["tier_before"], line["tier"]) == ("tier_1", "tier_2")
    assert "tiers[tier_1].potential_from 75,000 to 90,000" in line["note"]


def test_the_command_prints_what_moved(two_books, tmp_path, capsys) -> None:
    from api.cli.entry import run

    two_books.close()
    words = ["--home", str(tmp_path / "two"), "--as", "R-2", "accounts", "moved"]
    # In a thread of its own: a browser test before this one leaves its event loop running.
    with ThreadPoolExecutor(1) as pool, pytest.raises(SystemExit):
        pool.submit(run, words).result()
    told = " ".join(capsys.readouterr().out.split())
    assert "A-9 Ninth Shop: New since 20 Mar 2026" in told
    assert "A-8 Shop 8: Gone since 20 Mar 2026: Tier 1" in told
    assert "A-1" not in told
