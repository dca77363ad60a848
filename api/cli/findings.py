"""The commands `plan finding` and `findings`: what a plan found out, and what followed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.cli.door import opened
from api.cli.planning import PlanId, plan, tell_version
from api.cli.refusal import Refused
from api.cli.tables import show
from api.cli.terminal import Terminal
from api.cli.verdicts import USAGE

_STATES = {
    "in_force": "in force",
    "stale": "stale",
    "in_crm": "in the CRM by now",
    "replaced": "replaced",
    "lapsed": "lapsed",
    "ahead": "after the book's date",
    "no_account": "no such account",
}


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("findings")(findings)


@plan.command("finding")
def finding(
    context: typer.Context,
    plan_id: PlanId,
    potential: Annotated[
        str | None,
        typer.Option("--potential", metavar="AMOUNT", help="The account's potential a year."),
    ] = None,
    met: Annotated[
        str | None,
        typer.Option("--met", metavar="CONTACT|NAME", help="Somebody met at the account."),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help="When they were met: the book's date."),
    ] = None,
    level: Annotated[str | None, typer.Option("--level", help="Their level.")] = None,
    role: Annotated[str | None, typer.Option("--role", help="Their part in a purchase.")] = None,
    attitude: Annotated[str | None, typer.Option("--attitude", help="Their stance to us.")] = None,
    opportunity: Annotated[
        str | None, typer.Option("--opportunity", metavar="NAME", help="A deal not in the CRM.")
    ] = None,
    stage: Annotated[str | None, typer.Option("--stage", help="Its stage.")] = None,
    amount: Annotated[str | None, typer.Option("--amount", help="Its amount.")] = None,
    closes: Annotated[
        str | None, typer.Option("--closes", metavar="YYYY-MM-DD", help="Its expected close.")
    ] = None,
    remove: Annotated[
        int | None, typer.Option("--remove", metavar="N", help="Take finding N out.")
    ] = None,
    message: Annotated[
        str, typer.Option("-m", "--message", metavar="TEXT", help="How it is known.")
    ] = "",
) -> None:
    """Add what you found out about the account, or take it out, as a new version."""
    terminal: Terminal = context.obj
    chosen = {"potential": potential, "relationship": met, "opportunity": opportunity}
    kinds = [kind for kind, given in chosen.items() if given is not None]
    if len(kinds) + (remove is not None) != 1:
        raise Refused(
            "wrong_usage",
            "Give exactly one of --potential, --met, --opportunity and --remove.",
            hint=f"For example: cadastre plan finding {plan_id} --potential 120000 -m 'Their "
            "buyer named the budget'",
            exit_code=USAGE,
        )
    with opened(terminal) as door:
        if remove is not None:
            stored = door.post(f"/api/plans/{plan_id}/findings/removals", {"number": remove})
        else:
            body: dict[str, Any] = {
                "kind": kinds[0],
                "reason": message,
                "amount": potential if potential is not None else amount,
                "contact": met,
                "met": met is not None,
                "met_on": on,
                "level": level,
                "role": role,
                "attitude": attitude,
                "name": opportunity,
                "stage": stage,
                "closes": closes,
            }
            stored = door.post(f"/api/plans/{plan_id}/findings", body)
        tell_version(terminal, door, stored)


def findings(context: typer.Context) -> None:
    """List what approved plans found out, and what it changed."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        lines = door.get("/api/findings")
    if terminal.json:
        terminal.value(lines)
        return
    if not lines:
        terminal.text("No approved plan holds a finding.")
        return
    show(
        terminal,
        ("Account*", "Finding*", "State", "Plan", ">Ver", ">No", "Approved by"),
        (
            (
                line["account_name"],
                line["said"],
                _STATES[line["state"]],
                line["plan_id"],
                line["version"],
                line["number"],
                line["approved_by"],
            )
            for line in lines
        ),
    )
    told: set[str] = set()
    for line in lines:
        terminal.text(
            f"\n{line['account_name']} ({line['account_id']}): {line['said']}. {line['reason']}"
        )
        terminal.text(
            f"Said by {line['said_by']} on {line['said_on']}, approved by {line['approved_by']} on "
            f"{line['approved_on']}, decision {line['decision_id']}."
        )
        if line["why"]:
            terminal.text(f"Not applied: {line['why']}.")
        followed = [] if line["account_id"] in told else line["followed"]
        told.add(line["account_id"])
        for moved in line["changed"] + followed:
            what = moved["what"].replace("_", " ")
            terminal.text(f"  {what}: {moved['before']} -> {moved['after']}")
