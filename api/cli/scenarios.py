"""The `scenario` commands that design and read: run, list, show, compare, explain."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.cli import scenario_deciding, scenario_exchange, solving
from api.cli.door import Door, opened
from api.cli.refusal import Refused
from api.cli.scenario_reports import (
    print_before_after,
    print_comparison,
    print_exceptions,
    print_explanation,
    print_part,
)
from api.cli.scenario_views import print_frontier, print_list, print_scenario, tell
from api.cli.terminal import Terminal

USAGE = 2

scenario = typer.Typer(
    help="Territory designs, each with a proof of how good it is.", no_args_is_help=True
)

ScenarioId = Annotated[str, typer.Argument(metavar="ID", help="The scenario's id.")]
Version = Annotated[int | None, typer.Option("--version", min=1, help="Default: the newest.")]
Point = Annotated[
    int | None, typer.Option("--point", min=0, help="A design of the row; default: the proposed.")
]


def add_to(app: typer.Typer) -> None:
    """Add this file's commands, and those of the files that decide and exchange."""
    scenario_deciding.add_to(scenario)
    scenario_exchange.add_to(scenario)
    solving.add_to(scenario)
    app.add_typer(scenario, name="scenario")


@scenario.command("run")
def run(
    context: typer.Context,
    team: Annotated[
        str, typer.Option("--team", help="Team to design for; default: every rep.")
    ] = "",
    name: Annotated[str, typer.Option("--name", help="What to call it.")] = "",
    trigger: Annotated[str, typer.Option("--trigger", metavar="TEXT", help="Why it is run.")] = "",
    balance: Annotated[
        str, typer.Option("--balance", help="What to balance; comma between.")
    ] = "workload,potential",
    max_moves: Annotated[
        str | None, typer.Option("--max-moves", metavar="12%|30", help="Accounts that may move.")
    ] = None,
    max_value: Annotated[
        str | None,
        typer.Option("--max-value", metavar="5%", help="Relationship value that may move."),
    ] = None,
    points: Annotated[int | None, typer.Option("--points", help="Designs in the row.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the search.")] = 0,
    seconds: Annotated[
        float | None, typer.Option("--seconds", help="Time limit; gives up the same bytes.")
    ] = None,
    lock: Annotated[
        list[str] | None,
        typer.Option("--lock", metavar="ACCOUNT=REP:REASON", help="Fix an account; repeatable."),
    ] = None,
    leaves: Annotated[
        list[str] | None,
        typer.Option("--leaves", metavar="REP[:DATE]", help="A rep who leaves; repeatable."),
    ] = None,
) -> None:
    """Design a row of territories, from moving little to balancing fully."""
    terminal: Terminal = context.obj
    locks = [_lock(item) for item in lock or ()]
    if seconds is not None and not 0 < seconds < float("inf"):
        raise Refused(
            "wrong_usage",
            f"--seconds is {seconds:g}; it must be above 0.",
            hint="For example: cadastre scenario run --seconds 10",
            exit_code=USAGE,
        )
    with opened(terminal) as door:
        events = [_leaves(door, item) for item in leaves or ()]
        with terminal.working(f"Designing territories{f' of {team}' if team else ''}"):
            answer = door.post(
                "/api/scenarios",
                {
                    "name": name,
                    "team": team,
                    "trigger": trigger,
                    "max_moves": max_moves,
                    "max_value": max_value,
                    "constraints": locks,
                    "events": events,
                    "balance": [item.strip() for item in balance.split(",") if item.strip()],
                    "points": points,
                    "seed": seed,
                    "seconds": seconds,
                },
            )
        if terminal.json:
            tell(terminal, door, answer)
            return
        known = answer["version"]["scenario_id"]
        row = door.get(f"/api/scenarios/{known}/frontier", v=answer["version"]["version"])
    print_scenario(terminal, answer, row)
    terminal.text(f"Other designs:  cadastre scenario frontier {known}")
    terminal.text(f"Why a move:     cadastre scenario explain {known} ACCOUNT")


@scenario.command("list")
def list_scenarios(context: typer.Context) -> None:
    """List the scenarios that you see whole, the latest change first."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        lines = door.get("/api/scenarios")
    if terminal.json:
        terminal.value(lines)
    else:
        print_list(terminal, lines)


@scenario.command("show")
def show_scenario(
    context: typer.Context,
    scenario_id: ScenarioId,
    version: Version = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Add the reason of every move.")
    ] = False,
) -> None:
    """Print the proposed design: its figures, territories and moves, and what is open."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        answer = door.get(f"/api/scenarios/{scenario_id}", v=version)
        if terminal.json:
            terminal.value(answer)
            return
        number = answer["version"]["version"]
        row = door.get(f"/api/scenarios/{scenario_id}/frontier", v=number)
    print_scenario(terminal, answer, row, why=explain)


@scenario.command("frontier")
def frontier(context: typer.Context, scenario_id: ScenarioId, version: Version = None) -> None:
    """List the designs of the row, each with its distance from the best possible."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        row = door.get(f"/api/scenarios/{scenario_id}/frontier", v=version)
        if terminal.json:
            terminal.value(row)
            return
        answer = door.get(f"/api/scenarios/{scenario_id}", v=version)
    print_frontier(terminal, row, answer["point"]["index"])


@scenario.command("choose")
def choose(
    context: typer.Context,
    scenario_id: ScenarioId,
    point: Annotated[int, typer.Argument(metavar="POINT", min=0, help="The design's number.")],
) -> None:
    """Propose another design of the row."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        known = door.get(f"/api/scenarios/{scenario_id}")["version"]["version"]
        answer = door.post(
            f"/api/scenarios/{scenario_id}/choose", {"version": known, "point": point}
        )
        tell(terminal, door, answer)


@scenario.command("compare")
def compare(
    context: typer.Context,
    designs: Annotated[
        list[str], typer.Argument(metavar="ID[:POINT]...", help="Two to four, such as S-1:3 S-2.")
    ],
) -> None:
    """Set two to four designs side by side: figures, who gains and loses, shared moves."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        told = door.get("/api/scenarios/compare", ids=",".join(designs))
    if terminal.json:
        terminal.value(told)
    else:
        print_comparison(terminal, told)


@scenario.command("before-after")
def before_after(context: typer.Context, scenario_id: ScenarioId, point: Point = None) -> None:
    """Set the team today beside the team under a design."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        told = door.get(f"/api/scenarios/{scenario_id}/before-after", point=point)
    if terminal.json:
        terminal.value(told)
    else:
        print_before_after(terminal, told)


@scenario.command("explain")
def explain(
    context: typer.Context,
    scenario_id: ScenarioId,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")],
    rep: Annotated[
        str | None, typer.Option("--rep", metavar="REP", help="Say why not this rep.")
    ] = None,
    point: Point = None,
) -> None:
    """Say why an account moves or stays, what would keep it, and why not another rep."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        told = door.get(f"/api/scenarios/{scenario_id}/explain/{account}", point=point, rep=rep)
    if terminal.json:
        terminal.value(told)
    else:
        print_explanation(terminal, told)


@scenario.command("slice")
def slice_of(context: typer.Context, scenario_id: ScenarioId) -> None:
    """Print a rep's own part: the accounts that leave them, come to them and stay."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        told = door.get(f"/api/scenarios/{scenario_id}/slice")
    if terminal.json:
        terminal.value(told)
    else:
        print_part(terminal, told)


@scenario.command("exceptions")
def exceptions(context: typer.Context) -> None:
    """List every account that is locked against the model, by whom, why and until when."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        told = door.get("/api/exceptions")
    if terminal.json:
        terminal.value(told)
    else:
        print_exceptions(terminal, told)


def _lock(text: str) -> dict[str, Any]:
    account, equals, rest = text.partition("=")
    rep, colon, reason = rest.partition(":")
    if not (equals and colon and account.strip() and rep.strip() and reason.strip()):
        raise Refused(
            "wrong_usage",
            f"--lock {text!r} is not of the form ACCOUNT=REP:REASON.",
            hint="For example: --lock 'A-697=R-282:Renewal in November'",
            exit_code=USAGE,
        )
    return {
        "kind": "lock",
        "account_id": account.strip(),
        "rep_id": rep.strip(),
        "by": "",
        "reason": reason.strip(),
    }


def _leaves(door: Door, text: str) -> dict[str, Any]:
    rep, _, day = text.partition(":")
    return {
        "kind": "rep_leaves",
        "rep_id": rep.strip(),
        "on": day.strip() or scenario_deciding.date_of_book(door),
    }
