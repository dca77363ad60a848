"""The `scenario` commands that write files and take a workbook back."""

from __future__ import annotations

import base64
import csv
import io
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.door import Door, opened
from api.cli.refusal import Refused
from api.cli.scenario_views import NONE, say, tell
from api.cli.tables import show
from api.cli.terminal import Terminal

USAGE, FINDINGS = 2, 3
FORMATS = (
    "xlsx", "html", "json", "salesforce", "hubspot", "salesforce-rollback", "hubspot-rollback",
)  # fmt: skip
CHANGE_LISTS = ("salesforce", "hubspot")

ScenarioId = Annotated[str, typer.Argument(metavar="ID", help="The scenario's id.")]


def add_to(scenario: typer.Typer) -> None:
    """Add this file's commands."""
    scenario.command("export")(export)
    scenario.command("import")(import_workbook)


def export(
    context: typer.Context,
    scenario_id: ScenarioId,
    format: Annotated[str, typer.Option("--format", help=", ".join(FORMATS) + ".")] = "xlsx",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to write it.")
    ] = None,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="Default: the newest.")
    ] = None,
) -> None:
    """Write a scenario as a file; a change list for the CRM only after approval.

    Without -o, a change list is shown as a dry run and nothing is written; with it, the
    list that takes the change back is written beside it.
    """
    terminal: Terminal = context.obj
    if format not in FORMATS:
        raise _wrong(f"There is no format {format!r}; there are {', '.join(FORMATS)}.")
    if format == "xlsx" and output is None:
        raise _wrong("A workbook needs a file to be written to (-o FILE).")
    with opened(terminal) as door:
        content, name = _file(door, scenario_id, format, version)
        files = {} if output is None else {output: content}
        if output is not None and format in CHANGE_LISTS:
            undo, _ = _file(door, scenario_id, f"{format}-rollback", version)
            files[output.with_name(f"{output.stem}.rollback{output.suffix}")] = undo
        crm = format.partition("-")[0]
        dry = output is None and crm in CHANGE_LISTS and not terminal.json
        if dry:
            # Salesforce's list alone says from whom an account comes.
            listed, _ = _file(door, scenario_id, format.replace(crm, CHANGE_LISTS[0]), version)
            answer = door.get(f"/api/scenarios/{scenario_id}", v=version)
            names = {move["account_id"]: move["account_name"] for move in answer["point"]["moves"]}
    for path, data in files.items():
        path.write_bytes(data)
        terminal.say(f"Wrote {path}.")
    if terminal.json:
        told = {"filename": name, "format": format, "written": [str(path) for path in files]}
        terminal.value(told if files else {**told, "text": content.decode()})
    elif dry:
        _dry_run(terminal, listed.decode(), names, territories=crm == CHANGE_LISTS[0])
    elif output is None:
        terminal.text(content.decode())


def import_workbook(
    context: typer.Context,
    scenario_id: ScenarioId,
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook, filled in.")],
    yes: Annotated[bool, typer.Option("--yes", help="Apply it without asking.")] = False,
) -> int:
    """Show what a workbook would change, and apply it once you confirm.

    Ends with 3 when something in it was not applied.
    """
    terminal: Terminal = context.obj
    body: dict[str, Any] = {"workbook": base64.b64encode(file.read_bytes()).decode()}
    path = f"/api/scenarios/{scenario_id}/import"
    with opened(terminal) as door:
        told = door.post(path, body)
        if not terminal.json:
            _print_import(terminal, told)
        if told["changed"] and (yes or _agreed(terminal, len(told["changed"]))):
            with terminal.working("Applying"):
                told = door.post(path, {**body, "confirm": True, "version": told["version"]})
            if not terminal.json:
                tell(terminal, door, told["scenario"])
    if terminal.json:
        terminal.value(told)
    elif told["changed"] and not told["applied"]:
        terminal.text("Nothing was applied. Apply it with --yes.")
    open_ = told["conflicting"] or told["unknown"] or told["invalid"]
    return FINDINGS if open_ or (told["changed"] and not told["applied"]) else 0


def _file(door: Door, scenario_id: str, format: str, version: int | None) -> tuple[bytes, str]:
    try:
        return door.file(f"/api/scenarios/{scenario_id}/export", format=format, v=version)
    except Refused as refused:
        if refused.code == "approval_required" and "review" in refused.facts:
            refused.facts["review"] = door.address + refused.facts["review"]
            refused.hint = (
                f"Review it at {refused.facts['review']}\n"
                f"or with: cadastre scenario show {scenario_id}\n{refused.hint}"
            )
        raise


def _dry_run(terminal: Terminal, text: str, names: dict[str, str], *, territories: bool) -> None:
    """Show a change list as what it would do."""
    lines = list(csv.DictReader(io.StringIO(text)))
    placed = territories and any("Territory__c" in line for line in lines)
    show(
        terminal,
        ("Account", "Name*", "Owner becomes", "Moves from", *(("Territory",) if placed else ())),
        (
            (
                line["Id"],
                names.get(line["Id"], ""),
                line["OwnerId"] or "nobody",
                line["Cadastre_Previous_Owner__c"] or NONE,
                *((line["Territory__c"] or NONE,) if placed else ()),
            )
            for line in lines
        ),
    )
    count = "1 account" if len(lines) == 1 else f"{len(lines)} accounts"
    terminal.text(f"{count} would change. Nothing was written: give -o FILE.")


def _print_import(terminal: Terminal, told: dict[str, Any]) -> None:
    for item in told["changed"]:
        reason = f" ({item['reason']})" if item["reason"] else ""
        say(terminal, f"+ row {item['row']}: {item['told']}{reason}", "  ")
    for name in ("conflicting", "unknown", "invalid"):
        for item in told[name]:
            say(terminal, f"! row {item['row']}, {name}: {item['told']}", "  ")
    for note in told["notes"]:
        say(terminal, f"- {note}", "  ")
    terminal.text(
        f"{len(told['changed'])} to apply, {len(told['conflicting'])} conflicting, "
        f"{len(told['unknown'])} unknown, {len(told['invalid'])} invalid, "
        f"{told['unchanged']} unchanged."
    )


def _agreed(terminal: Terminal, count: int) -> bool:
    if terminal.json or terminal.quiet or not sys.stdin.isatty():
        return False
    return typer.confirm(f"Apply {count} change{'s' if count > 1 else ''}?", default=False)


def _wrong(message: str) -> Refused:
    return Refused(
        "wrong_usage",
        message,
        hint="For example: cadastre scenario export S-1 --format xlsx -o S-1.xlsx",
        exit_code=USAGE,
    )
