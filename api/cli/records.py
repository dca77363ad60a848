"""Commands on the record: `audit`, `retention`, `usage` and `doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.door import opened
from api.cli.tables import described, show
from api.cli.terminal import Terminal

FAILED, FINDINGS = 1, 3

audit = typer.Typer(help="Who did what, and whether the record still holds.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.add_typer(audit, name="audit")
    app.command("retention")(retention)
    app.command("usage")(usage)
    app.command("doctor")(doctor)


@audit.command("log")
def log(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="From this day on.")
    ] = None,
) -> None:
    """List who did what and when, oldest first."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        entries = door.get("/api/audit", since=since)
    if terminal.json:
        terminal.value(entries)
        return
    show(
        terminal,
        ("When", "Who", "Did", "What*"),
        (
            (entry["at"][:16].replace("T", " "), entry["actor"], entry["verb"], entry["object"])
            for entry in entries
        ),
    )


@audit.command("verify")
def verify(context: typer.Context) -> int:
    """Recompute the chain of decisions; ends with 3 and names the row where it breaks."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        verdict = door.get("/api/audit/verify")
    if terminal.json:
        terminal.value(verdict)
    else:
        terminal.text(verdict["summary"])
    return 0 if verdict["intact"] else FINDINGS


def retention(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what would be removed, and keep it.")
    ] = False,
) -> None:
    """Remove events and threads that are older than the settings keep."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        removed = door.post("/api/retention", {"dry_run": dry_run})
    if terminal.json:
        terminal.value(removed)
        return
    kept = removed["threads_days"]
    described(
        terminal,
        (
            (
                "Would go" if dry_run else "Removed",
                f"{removed['events']:,} events, {removed['threads']:,} threads with "
                f"{removed['turns']:,} turns, {removed['bookmarks']:,} bookmarks",
            ),
            ("Events", f"kept {removed['events_days']:,} days after a run has ended"),
            ("Threads", "kept" if kept is None else f"kept {kept:,} days after their last use"),
        ),
    )


def usage(
    context: typer.Context,
    month: Annotated[
        str | None, typer.Option("--month", metavar="YYYY-MM", help="Default: this month (UTC).")
    ] = None,
    by: Annotated[
        str, typer.Option("--by", metavar="WHAT", help="thread, plan, person, model or kind.")
    ] = "thread",
) -> None:
    """Add up what models used in a month: your calls, or all for who sees everything."""
    terminal: Terminal = context.obj
    if by not in _GROUPS:
        raise typer.BadParameter(f"one of {', '.join(_GROUPS)}", param_hint="--by")
    with opened(terminal) as door:
        answer = door.get("/api/usage", month=month, by=by)
    if terminal.json:
        terminal.value(answer)
        return
    lines = [*answer["lines"], {**answer["total"], "key": "total"}]
    show(
        terminal,
        (f"{by.capitalize()}*", ">Calls", ">Sent", ">Received", ">Estimated", ">Cost"),
        (
            (
                line["key"] or "–",
                f"{line['calls']:,}",
                f"{line['input_tokens']:,}",
                f"{line['output_tokens']:,}",
                f"{line['estimated']:,}",
                "–" if line["cost"] is None else line["cost"],
            )
            for line in lines
        ),
    )
    whose = "everyone's calls" if answer["everyone"] else "your calls"
    terminal.text(f"{answer['month']}, {whose}; sent and received in tokens.")
    for limit in answer["limits"]:
        terminal.text(f"Limit of the month: {limit['used']} of {limit['limit']} ({limit['unit']}).")


_GROUPS = ("thread", "plan", "person", "model", "kind")


def doctor(
    context: typer.Context,
    probe: Annotated[
        bool, typer.Option("--probe", help="Ask the model endpoint anew what it understands.")
    ] = False,
) -> int:
    """Look at versions, data, rules, model endpoint, port and browser."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        if probe:
            door.post("/api/doctor/probes", {})
        lines = door.get("/api/doctor")
    if terminal.json:
        terminal.value(lines)
    else:
        described(
            terminal,
            (
                (
                    f"{_SIGN[line['state']]} {line['what']}",
                    f"{line['detail']}. {line['remedy']}" if line["remedy"] else line["detail"],
                )
                for line in lines
            ),
        )
    return FAILED if any(line["state"] == "bad" for line in lines) else 0


_SIGN = {"ok": "ok", "note": "- ", "bad": "!!"}
