"""Commands that load and look: `import`, `data`, `coverage`, `accounts`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli import coverage_preview
from api.cli.account_view import show_account
from api.cli.door import opened
from api.cli.tables import described, money, show
from api.cli.terminal import Terminal

FINDINGS = 3
_BELOW = " ↓"

data = typer.Typer(help="The book's data.", no_args_is_help=True)
coverage = typer.Typer(help="The rules a book is read under.", no_args_is_help=True)
accounts = typer.Typer(help="Accounts and their ranking.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("import")(import_book)
    app.add_typer(data, name="data")
    app.add_typer(coverage, name="coverage")
    app.add_typer(accounts, name="accounts")


def import_book(
    context: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER|FILE", help="Folder of CSV files, or one file for one table."
        ),
    ],
    table: Annotated[
        str | None,
        typer.Option("--table", metavar="NAME", help="Table of the current book FILE replaces."),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="TOML that maps unknown columns.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="Date of the export.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, keep nothing.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a book with errors or warnings.")
    ] = False,
) -> int:
    """Import an export folder as the current book, or one file as a table of it."""
    terminal: Terminal = context.obj
    with opened(terminal) as door, terminal.working(f"Importing {folder}"):
        result = door.post(
            "/api/imports",
            {
                "folder": str(folder.absolute()),
                "table": table,
                "mapping": str(mapping.absolute()) if mapping else None,
                "as_of": as_of,
                "dry_run": dry_run,
                "strict": strict,
            },
        )
    if terminal.json:
        terminal.value(result)
    else:
        terminal.text(result["summary"])
        _show_findings(terminal, result["quality"]["findings"])
    return FINDINGS if strict and not result["stored"] and not dry_run else 0


@data.command("check")
def check_data(context: typer.Context) -> int:
    """Show what is doubtful in the current book; ends with 3 when something is."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        answer = door.get("/api/quality")
    if terminal.json:
        terminal.value(answer)
    else:
        terminal.text(answer["summary"])
        _show_findings(terminal, answer["findings"])
    return FINDINGS if any(item["severity"] != "notice" for item in answer["findings"]) else 0


def _show_findings(terminal: Terminal, findings: list[dict[str, Any]]) -> None:
    for finding in findings:
        rows = ", ".join(finding["rows"][:6]) + (" …" if len(finding["rows"]) > 6 else "")
        terminal.out.print(
            f"{finding['severity'].upper():8}{finding['table']}: {finding['message']}",
            markup=False,
        )
        if rows:
            terminal.out.print(f"        rows: {rows}", markup=False)
        terminal.out.print(f"        so: {finding['consequence']}", markup=False)


@coverage.command("show")
def show_coverage(context: typer.Context) -> None:
    """Print the current coverage model as it was written."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        answer = door.get("/api/coverage")
    if terminal.json:
        terminal.value(answer["model"])
    else:
        terminal.text(answer["text"])


@coverage.command("check")
def check_coverage(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A file; default: the current one.")] = None,
) -> int:
    """Check a coverage model against the current book; ends with 3 when something is wrong."""
    terminal: Terminal = context.obj
    body: dict[str, Any] = {}
    if file is not None:
        body = {"text": file.read_text(encoding="utf-8"), "source": str(file)}
    with opened(terminal) as door:
        answer = door.post("/api/coverage/check", body)
    if terminal.json:
        terminal.value(answer)
    else:
        terminal.text(answer["summary"])
        for problem in answer["problems"] + answer["contradictions"]:
            terminal.text(f"- {problem}")
        for notice in answer["notices"]:
            terminal.text(f"  {notice}")
    return FINDINGS if answer["problems"] or answer["contradictions"] else 0


@coverage.command("presets")
def coverage_presets(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Print this one as a file.")] = None,
) -> None:
    """List the coverage models to begin with, or print one of them."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        answer = door.get("/api/coverage/presets", name=name)
    if terminal.json:
        terminal.value(answer)
    elif name:
        terminal.text(answer[0]["text"])
    else:
        described(terminal, ((one["name"], one["about"]) for one in answer))


@coverage.command("preview")
def preview_coverage(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A changed coverage model.")],
    top: Annotated[int, typer.Option("--top", min=1, help="Print only the first N.")] = 20,
) -> None:
    """Show which accounts a changed coverage model would move, and by which rule."""
    terminal: Terminal = context.obj
    body = {"text": file.read_text(encoding="utf-8"), "source": str(file)}
    with opened(terminal) as door, terminal.working(f"Reading the book under {file}"):
        answer = door.post("/api/coverage/preview", body)
    if terminal.json:
        terminal.value(answer)
    else:
        coverage_preview.show_preview(terminal, answer, top=top)


@coverage.command("adopt")
def adopt_coverage(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The coverage model to adopt.")],
    message: Annotated[str, typer.Option("-m", "--message", help="Why; recorded with it.")] = "",
) -> None:
    """Make a coverage model the current one: your decision, with its reason, in the record."""
    terminal: Terminal = context.obj
    body = {"text": file.read_text(encoding="utf-8"), "source": str(file), "reason": message}
    with opened(terminal) as door:
        answer = door.post("/api/coverage/adoptions", body)
    if terminal.json:
        terminal.value(answer)
    else:
        terminal.text(answer["summary"])


@accounts.command("moved")
def moved_accounts(context: typer.Context) -> None:
    """List what moved since the last book in your scope, with what moved it."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        answer = door.get("/api/movement")
    if terminal.json:
        terminal.value(answer)
        return
    terminal.text(answer["summary"])
    lines = ((line["account_id"], f"{line['name']}: {line['note']}") for line in answer["accounts"])
    described(terminal, lines)


@accounts.command("rank")
def rank_accounts(
    context: typer.Context,
    territory: Annotated[
        str | None, typer.Option("--territory", help="Only accounts of this territory.")
    ] = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="Only the best N.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the parts that add up to each score.")
    ] = False,
) -> None:
    """List the accounts in your scope, best first."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        rows = door.get("/api/accounts", territory=territory, top=top, explain=explain or None)
    if terminal.json:
        terminal.value(rows)
        return
    show(
        terminal,
        (">#", "Account*", "Id", "Owner", "Tier", ">Score", ">P75", ">Open", ">Value"),
        (
            (
                row["rank"],
                row["name"],
                row["account_id"],
                row["owner_id"] or "–",
                row["tier"] + (_BELOW if row["within_capacity"] is False else ""),
                row["score"],
                money(row["potential_p75"]),
                money(row["open_potential"]),
                money(row["expected_value"]),
            )
            for row in rows
        ),
    )
    if any(row["within_capacity"] is False for row in rows):
        terminal.text(f"{_BELOW.strip()} below the line: the owner's hours end above it")
    for row in rows if explain else ():
        _explain(terminal, row)


@accounts.command("show")
def one_account(
    context: typer.Context, account_id: Annotated[str, typer.Argument(metavar="ACCOUNT")]
) -> None:
    """Show one account: what it could spend, why, and the peers you may see."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        record = door.get(f"/api/accounts/{account_id}")
    if terminal.json:
        terminal.value(record)
        return
    show_account(terminal, record)


@accounts.command("handover")
def handover(
    context: typer.Context,
    account_id: Annotated[str, typer.Argument(metavar="ACCOUNT")],
    format: Annotated[
        str, typer.Option("--format", metavar="text|md|json", help="How it is written.")
    ] = "text",
) -> None:
    """Print what is known of an account for whoever takes it over."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        if terminal.json or format == "json":
            terminal.value(door.get(f"/api/accounts/{account_id}/handover"))
            return
        text, _ = door.text(f"/api/accounts/{account_id}/handover", format=format)
    terminal.text(text)


def _explain(terminal: Terminal, row: dict[str, Any]) -> None:
    terminal.text(f"\n{row['name']} ({row['account_id']}): {row['score']} points")
    parts = [part for part in row["parts"] if part["points"]]
    silent = len(row["parts"]) - len(parts)
    lines = [(f"{row['base']:+d}", "base", "", "")]
    lines += [(f"{part['points']:+d}", part["label"], part["value"], part["bin"]) for part in parts]
    show(terminal, (">Points", "Fact*", "Value*", "Because*"), lines)
    if silent:
        terminal.text(f"{silent} further facts add nothing.")
    notes = {
        "Tier": row["tier_note"],
        "Higher": row["lift_note"],
        "Lower": row["hold_note"],
        "Hours": row["cut_note"],
        "Moved": row["movement"]["note"] if row["movement"] else None,
    }
    described(terminal, ((name, note) for name, note in notes.items() if note))
