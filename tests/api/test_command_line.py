"""The command line: the same routes, with a server running and without one."""

from __future__ import annotations

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
import typer

from api.cli import entry
from api.cli.door import _trusting_nobody
from tests.api.doors import (
    ACCOUNT,
    BEST,
    FOREIGN_REP,
    MANAGER,
    REP,
    REVOPS,
    VARIABLES,
)

ROOT = Path(__file__).parents[2]
COMMANDS = ROOT / "docs" / "commands.md"
FORBIDDEN = {"openai", "langgraph", "chromadb", "pandas", "fastapi"}


@cache
def every_command() -> dict[str, object]:
    """Every command by its words, as Typer builds them."""
    found: dict[str, object] = {}

    def walk(command: object, words: tuple[str, ...]) -> None:
        inner = getattr(command, "commands", None)
        if inner is None:
            found[" ".join(words)] = command
        for name, child in (inner or {}).items():
            walk(child, (*words, name))

    walk(typer.main.get_command(entry.app), ())
    return found


def environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in VARIABLES}
    return {**kept, "CADASTRE_HOME": str(home), "PYTHONPATH": str(ROOT)}


def process(home: Path, *words: str, **more: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from api.cli import main; main()", *words],
        env=environment(home),
        cwd=home.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_help_imports_nothing_heavy() -> None:
    for words in (["--help"], ["plan", "--help"], ["plan", "decide", "--help"]):
        told = subprocess.run(
            [sys.executable, "-X", "importtime", "-c", "from api.cli import main; main()", *words],
            env=environment(Path("none")),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        imported = {
            line.rpartition("|")[2].strip().partition(".")[0]
            for line in told.stderr.splitlines()
            if line.startswith("import time:")
        }
        assert "typer" in imported
        assert not imported & FORBIDDEN
        assert "Usage: cadastre" in told.stdout


def test_every_command_is_documented_with_its_options() -> None:
    page = COMMANDS.read_text(encoding="utf-8")
    headings = {
        match.group(1): match.group(0)
        for match in re.finditer(r"### `cadastre ([a-z]+(?:[ -][a-z]+)*)[^\n]*", page)
    }
    documented = {words.strip(): heading for words, heading in headings.items()}

    commands = every_command()

    assert set(documented) == set(commands)
    for words, command in commands.items():
        for parameter in command.params:
            names = [name for name in parameter.opts if name.startswith("-")]
            if names and "--help" not in names:
                assert any(name in documented[words] for name in names), (words, names)


def test_global_options_may_stand_anywhere_but_inside_a_persons_words() -> None:
    hoisted = entry.hoisted(["plan", "revise", "P-1", "-m", "--json", "--json", "--as", "mia"])

    assert hoisted == ["--json", "--as", "mia", "plan", "revise", "P-1", "-m", "--json"]
    assert entry.hoisted(["plan", "show", "--", "--as"]) == ["plan", "show", "--", "--as"]


def test_the_options_that_take_a_value_are_known_by_name() -> None:
    taking = {
        name
        for command in every_command().values()
        for parameter in command.params
        if parameter.param_type_name == "option" and not getattr(parameter, "is_flag", False)
        for name in parameter.opts
    }

    assert taking == entry.OPTIONS_WITH_VALUE


def test_accounts_are_ranked_in_a_table_of_80_columns(cadastre, served) -> None:
    ended = cadastre("accounts", "rank", "--top", "3", "--explain")

    assert ended.code == 0
    assert BEST in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80
    assert "\x1b" not in ended.out


def test_the_ranking_as_json_is_a_list_whose_points_add_up(cadastre, served) -> None:
    rows = cadastre("accounts", "rank", "--explain", "--json", "--top", "5").json

    assert [row["rank"] for row in rows] == [1, 2, 3, 4, 5]
    for row in rows:
        assert row["score"] == row["base"] + sum(part["points"] for part in row["parts"])
        assert {"account_id", "name", "tier", "tier_note", "potential", "potential_p75",
                "open_potential", "expected_value", "owner_id"} <= set(row)  # fmt: skip
        assert {"fact", "dimension", "label", "value", "points"} <= set(row["parts"][0])


def test_an_account_is_shown_with_its_potential_and_the_peers_that_may_be_seen(
    cadastre, served
) -> None:
    account = cadastre("accounts", "rank", "--top", "1", "--json").json[0]["account_id"]
    ended = cadastre("accounts", "show", account)
    record = cadastre("accounts", "show", account, "--json").json

    assert ended.code == 0
    assert "P50 is " in ended.out
    assert "Most alike among the accounts you may see:" in ended.out
    assert all(peer["account_id"] in ended.out for peer in record["potential"]["peers"])
    assert max(map(len, ended.out.splitlines())) <= 80
    assert cadastre("accounts", "show", "A-none").code != 0


def test_two_people_take_a_plan_to_its_approved_export_while_the_server_runs(
    cadastre, served, tmp_path
) -> None:
    drafted = cadastre("--as", REP, "plan", "draft", ACCOUNT, "--json")
    assert drafted.code == 0
    plan_id = drafted.json["plan_id"]
    assert drafted.json["review"] == f"{served}/plans/{plan_id}?v=1"

    early = cadastre("--as", REP, "plan", "export", plan_id)
    assert early.code == 5
    assert f"{served}/plans/{plan_id}?v=1" in early.err

    returned = cadastre(
        "--as", MANAGER, "plan", "decide", plan_id, "--return", "--section", "why_now=Say by when."
    )
    assert returned.code == 0
    assert "is returned" in returned.out

    assert cadastre("--as", REP, "plan", "revise", plan_id, "-m", "Dates added.").code == 0
    differing = cadastre("--as", REP, "plan", "diff", plan_id, "1", "2")
    assert differing.code in {0, 3}
    edited = cadastre(
        "--as", REP, "plan", "revise", plan_id,
        "--section", "competition", "-m", "Nobody has asked yet.",
    )  # fmt: skip
    assert edited.code == 0
    changed = cadastre("--as", REP, "plan", "diff", plan_id)
    assert changed.code == 3
    assert "+ Nobody has asked yet." in changed.out

    shown = cadastre("--as", MANAGER, "plan", "show", plan_id, "--json").json["view"]
    waivers = [
        word
        for blocker in shown["blockers"]
        for word in ("--waive", f"{blocker['code']}=Fine, {blocker['hours_missing']} hours.")
    ]
    approved = cadastre("--as", MANAGER, "plan", "decide", plan_id, "--approve", *waivers)
    assert approved.code == 0, approved.err
    assert "Where we stand, Why now" in approved.err

    again = cadastre("--as", MANAGER, "plan", "decide", plan_id, "--reject", "-m", "No.")
    assert again.code == 1
    assert "already approved" in again.err

    file = tmp_path / "plan.md"
    exported = cadastre("--as", REP, "plan", "export", plan_id, "-o", str(file))
    assert exported.code == 0
    text = file.read_text(encoding="utf-8")
    assert "DRAFT" not in text
    assert "Approved by" in text

    log = cadastre("--as", REVOPS, "audit", "log", "--json").json
    assert [item["verb"] for item in log if item["object"].startswith("plan")] == [
        "drafted", "returned", "drafted", "edited", "approved",
    ]  # fmt: skip
    assert cadastre("audit", "verify").code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("plan", "show", "P-none"), 1, "There is no plan 'P-none'"),
        (("plan", "draft", "A-none"), 1, "There is no account 'A-none'"),
        (("--as", "nobody", "plan", "list"), 4, "There is no person 'nobody'"),
        (("plan", "decide", "P-1"), 2, "exactly one of --approve"),
        (("plan", "decide", "P-1", "--return", "--section", "why_now"), 2, "KEY=TEXT"),
        (("plan", "shwo", "P-1"), 2, "shwo"),
        (("plan", "show"), 2, "ID"),
        (("import", "/nowhere/at/all"), 1, "There is no folder /nowhere/at/all"),
        (("coverage", "check", "/nowhere.toml"), 1, "/nowhere.toml"),
        (("accounts", "rank", "--top", "0"), 2, "--top"),
        (("serve", "--host", "0.0.0.0"), 1, "this machine only"),
        (("serve",), 1, "already serves this home"),
    ],
)
def test_errors_say_what_is_wrong_and_end_with_their_code(
    cadastre, served, words: tuple[str, ...], code: int, said: str
) -> None:
    ended = cadastre(*words)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err

    as_json = cadastre(*words, "--json")
    assert as_json.code == code
    assert set(as_json.json) == {"error"}
    assert said in as_json.json["error"]["message"]
    assert {"code", "message", "hint"} <= set(as_json.json["error"])


def test_a_command_over_loopback_reads_no_certificates_and_would_trust_none(
    cadastre, served, monkeypatch
) -> None:
    contexts = []

    def reads(self: ssl.SSLContext, *given: object, **named: object) -> None:
        contexts.append(self)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", reads)

    assert cadastre("plan", "list").code == 0
    assert contexts == []
    nobody = _trusting_nobody()
    assert (nobody.verify_mode, nobody.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert nobody.get_ca_certs() == []


def test_checks_that_find_something_end_with_3(cadastre, served, tmp_path) -> None:
    doubtful = cadastre("data", "check")
    assert doubtful.code == 3
    assert "WARNING" in doubtful.out

    fine = cadastre("coverage", "check")
    assert fine.code == 0
    broken = tmp_path / "coverage.toml"
    broken.write_text("version = 0\n", encoding="utf-8")
    wrong = cadastre("coverage", "check", str(broken))
    assert wrong.code == 3
    assert "version" in wrong.out
    assert cadastre("coverage", "check", str(broken), "--json").json["coverage_hash"] is None


def test_numbers_of_a_coverage_model_that_contradict_each_other_are_told(
    cadastre, served, tmp_path
) -> None:
    text = (ROOT / "examples" / "adventureworks" / "coverage.toml").read_text()
    assert "touches_per_week = 0.2308" in text  # a month: 12 / 52
    file = tmp_path / "coverage.toml"
    file.write_text(text.replace("touches_per_week = 0.2308", "touches_per_week = 5"))

    ended = cadastre("coverage", "check", str(file))

    assert ended.code == 3
    assert "contradict" in ended.out
    assert "cadence 'monthly nurture' is 0.2308 touches a week" in " ".join(ended.out.split())
    assert "Lower touches or minutes" in " ".join(ended.out.split())


def test_the_coverage_model_is_shown_as_it_was_written(cadastre, served) -> None:
    written = (ROOT / "examples" / "adventureworks" / "coverage.toml").read_text(encoding="utf-8")

    assert cadastre("coverage", "show").out == written
    assert cadastre("coverage", "show", "--json").json["version"] == 1


def test_without_a_server_the_command_owns_the_home_itself(cadastre, home) -> None:
    drafted = cadastre("--as", REP, "plan", "draft", ACCOUNT)

    assert drafted.code == 0, drafted.err
    assert "in review" in drafted.out
    assert "after `cadastre serve`" in drafted.out
    listed = cadastre("--as", FOREIGN_REP, "plan", "list", "--json")
    assert listed.json == []


def test_a_home_owned_by_another_process_is_busy(cadastre, workspace) -> None:
    ended = cadastre("plan", "list")

    assert ended.code == 1
    assert "is using" in ended.err


@pytest.mark.slow
def test_the_demo_prints_a_sourced_plan_and_loses_nothing_the_second_time(tmp_path) -> None:
    home = tmp_path / "new" / "home"
    home.parent.mkdir()
    first = process(home, "demo", "--no-serve")
    out, err = first.communicate(timeout=180)
    assert first.returncode == 0, err
    assert BEST in out
    assert "\nSources\n" in out
    assert "[1]" in out

    second = process(home, "demo", "--no-serve")
    again, err = second.communicate(timeout=180)

    assert second.returncode == 0, err
    assert again == out
    assert "current book already" in err


@pytest.mark.slow
def test_the_demo_serves_until_interrupted_and_ends_cleanly(home) -> None:
    port = free_port()
    demo = process(home, "demo", "--port", str(port))
    try:
        lines = []
        assert demo.stderr is not None
        for line in demo.stderr:
            lines.append(line)
            if f"http://127.0.0.1:{port}" in line:
                break
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass
        beside = process(home, "plan", "list", "--json")
        listed, _ = beside.communicate(timeout=120)
        assert beside.returncode == 0
        assert BEST in listed
        time.sleep(0.2)
        demo.send_signal(signal.SIGINT)
        _, rest = demo.communicate(timeout=60)
    finally:
        demo.kill()
    assert demo.returncode == 0
    assert "Stopped" in rest
    assert "Traceback" not in rest
    assert not (home / "server.json").exists()


def test_a_busy_port_is_told_before_any_work_is_done(tmp_path, monkeypatch) -> None:
    home = tmp_path / "home"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demo = process(home, "demo", "--port", str(port))
        _, err = demo.communicate(timeout=120)

    assert demo.returncode == 1
    assert f"Port {port}" in err
    assert "--port" in err
    assert not (home / "cadastre.db").exists()
