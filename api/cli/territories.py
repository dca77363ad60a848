"""The `territory` commands: plan a quarter, look at its health, decide on it."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.cycle_decisions import (
    demand_format,
    send_decision,
    tell_stored,
    waivers_of,
    write_export,
)
from api.cli.door import Door, opened
from api.cli.refusal import Refused
from api.cli.tables import show, width
from api.cli.terminal import Terminal
from api.cli.verdicts import Approve, ReadVersion, Reason, Reject, SendBack, Waive, verdict_of

EXAMPLE = "cadastre territory decide TP-1 --return -m 'Plan the visits of December'"
WAIVER = "--waive 'over_capacity=6.5 hours are taken from internal time'"

territory = typer.Typer(help="Territory plans: a rep's quarter.", no_args_is_help=True)

Rep = Annotated[str, typer.Argument(metavar="REP", help="The rep's id.")]
QuarterOption = Annotated[
    str | None, typer.Option("--quarter", metavar="QUARTER", help="Such as 2026Q4.")
]
Version = Annotated[int | None, typer.Option("--version", min=1, help="Default: the newest.")]
Customer = Annotated[
    str | None,
    typer.Option("--customer", metavar="ACCOUNT", help="The team's plan for this customer."),
]


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.add_typer(territory, name="territory")


@territory.command("plan")
def plan(
    context: typer.Context,
    rep: Rep,
    quarter: QuarterOption = None,
    customer: Customer = None,
    weeks: Annotated[bool, typer.Option("--weeks", help="Show the days, not the steps.")] = False,
    message: Annotated[
        str, typer.Option("-m", "--message", metavar="TEXT", help="What the plan should heed.")
    ] = "",
    version: Version = None,
    plan_id: Annotated[
        str | None, typer.Option("--plan", metavar="PLAN", help="With --version: a team's plan.")
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", help="Write a file instead: md or json.")
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="With --format: without approval, marked DRAFT.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: stdout.")
    ] = None,
) -> None:
    """Show a rep's quarter; it is drafted where the book or the rules are newer than the plan."""
    terminal: Terminal = context.obj
    demand_format(format)
    with opened(terminal) as door:
        if version is None:
            with terminal.working(f"Planning the territory of {rep}"):
                stored = door.post(
                    f"/api/territories/{rep}/plans",
                    {"quarter": quarter, "customer": customer, "remark": message},
                )
            tell_stored(terminal, door, stored)
        else:
            answer = door.get(_path(rep, quarter), version=version, plan=plan_id)
            stored = {"plan_id": answer["view"]["plan_id"], "quarter": answer["view"]["quarter"]}
        if format is not None:
            write_export(
                terminal, door, stored["plan_id"], format=format, version=version, draft=draft,
                output=output,
            )  # fmt: skip
            return
        if version is None:
            answer = door.get(_path(rep, stored["quarter"]), plan=stored["plan_id"])
    if terminal.json:
        terminal.value(answer)
        return
    from agent.cycle.view import TerritoryView
    from api.cli.cycle_text import territory_lines

    view = TerritoryView.model_validate(answer["view"])
    terminal.text("\n".join(territory_lines(view, weeks=weeks)))


@territory.command("health")
def health(
    context: typer.Context, rep: Rep, quarter: QuarterOption = None, version: Version = None
) -> None:
    """Show the scorecard of a rep's plan, and what to do about each red row."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        try:
            answer = door.get(f"{_path(rep, quarter)}/health", version=version)
        except Refused as refused:
            if refused.code == "not_found" and version is None:
                refused.hint = f"`cadastre territory plan {rep}` drafts one."
            raise
    if terminal.json:
        terminal.value(answer)
        return
    terminal.text(f"{answer['title']}, version {answer['version']}: {answer['red']} below target")
    rows = answer["scorecard"]["rows"]
    show(
        terminal,
        ("Measure*", ">Target", ">Now", "State"),
        ([cell["text"] for cell in row[:4]] for row in rows),
    )
    for row in rows:
        if row[4]["text"] != "–":
            told = f"- {row[0]['text']}: {row[4]['text']} ({row[4]['small']})"
            for line in textwrap.wrap(told, width(), subsequent_indent="  "):
                terminal.text(line)


@territory.command("list")
def list_plans(context: typer.Context) -> None:
    """List the territory plans in your scope, the latest change first."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        lines = door.get("/api/territories")
    show_lines(terminal, lines)


@territory.command("decide")
def decide(
    context: typer.Context,
    plan_id: Annotated[str, typer.Argument(metavar="PLAN", help="The plan's id.")],
    approve: Approve = False,
    send_back: SendBack = False,
    reject: Reject = False,
    message: Reason = "",
    waive: Waive = None,
    version: ReadVersion = None,
) -> None:
    """Record your verdict on the version you read."""
    terminal: Terminal = context.obj
    verdict = verdict_of(approve, send_back, reject, EXAMPLE)
    waivers = waivers_of(waive or [], WAIVER)
    with opened(terminal) as door:
        send_decision(
            terminal, door, plan_id,
            version=version or newest_of(door, "territories", plan_id),
            plan_hash=None, verdict=verdict, reason=message, waivers=waivers,
        )  # fmt: skip


def newest_of(door: Door, kind: str, plan_id: str) -> int:
    """Return the newest version of a plan or review among those in scope."""
    lines = door.get(f"/api/{kind}")
    found = next((line["version"] for line in lines if line["plan_id"] == plan_id), None)
    if found is None:
        one = "territory" if kind == "territories" else "review"
        raise Refused(
            "not_found",
            f"There is no {'territory plan' if one == 'territory' else 'review'} {plan_id!r}.",
            hint=f"List them with `cadastre {one} list`.",
        )
    return int(found)


def show_lines(terminal: Terminal, lines: list[dict[str, Any]]) -> None:
    """Print a list of plans or reviews."""
    if terminal.json:
        terminal.value(lines)
        return
    show(
        terminal,
        ("Id", "Quarter", "About*", ">Ver", "Status", ">Blockers", "Changed"),
        (
            (
                line["plan_id"],
                line["quarter"],
                line["title"] + (" (re-check)" if line["stale"] else ""),
                line["version"],
                line["status"].replace("_", " "),
                line["blockers"],
                line["changed_at"][:10],
            )
            for line in lines
        ),
    )


def _path(rep: str, quarter: str | None) -> str:
    """Return the address of a rep's plan; `current` is the quarter of the book."""
    return f"/api/territories/{rep}/plans/{quarter or 'current'}"
