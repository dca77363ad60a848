"""The `plan` commands: draft, show, revise, compare, decide, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.door import Door, opened
from api.cli.refusal import Refused
from api.cli.tables import show
from api.cli.terminal import Terminal
from api.cli.verdicts import USAGE, Reason, Waive, verdict_of

FINDINGS = 3

plan = typer.Typer(help="Account plans.", no_args_is_help=True)

PlanId = Annotated[str, typer.Argument(metavar="ID", help="The plan's id.")]
Version = Annotated[int | None, typer.Option("--version", min=1, help="Default: the newest.")]


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.add_typer(plan, name="plan")


@plan.command("draft")
def draft(
    context: typer.Context,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")],
) -> None:
    """Draft the plan of an account and leave it waiting for its review."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        with terminal.working(f"Drafting the plan of account {account}"):
            stored = door.post("/api/plans", {"account_id": account})
        tell_version(terminal, door, stored)


@plan.command("show")
def show_plan(context: typer.Context, plan_id: PlanId, version: Version = None) -> None:
    """Print a plan with its numbered sources."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        print_plan(terminal, door, plan_id, version)


def print_plan(terminal: Terminal, door: Door, plan_id: str, version: int | None = None) -> None:
    """Print one version as the terminal shows it, or its JSON."""
    answer = door.get(f"/api/plans/{plan_id}", v=version)
    if terminal.json:
        terminal.value(answer)
        return
    from agent.markdown import to_terminal
    from agent.view import PlanView

    terminal.text(to_terminal(PlanView.model_validate(answer["view"])))


@plan.command("list")
def list_plans(context: typer.Context) -> None:
    """List the plans in your scope, the latest change first."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        lines = door.get("/api/plans")
    if terminal.json:
        terminal.value(lines)
        return
    show(
        terminal,
        ("Plan", "Account*", "Owner", ">Ver", "Status", "Approved", "Changed"),
        (
            (
                line["plan_id"],
                line["account_name"],
                line["owner_id"],
                line["version"],
                line["status"].replace("_", " "),
                f"v{line['approved_version']}" if line["approved_version"] else "–",
                line["changed_at"][:10],
            )
            for line in lines
        ),
    )


@plan.command("revise")
def revise(
    context: typer.Context,
    plan_id: PlanId,
    message: Annotated[
        str,
        typer.Option(
            "-m",
            "--message",
            metavar="TEXT",
            help="New text, or a remark; - reads stdin.",
        ),
    ],
    section: Annotated[
        str | None, typer.Option("--section", help="Rewrite this section instead of redrafting.")
    ] = None,
) -> None:
    """Make a new version: redraft with a remark, or replace the text of one section."""
    terminal: Terminal = context.obj
    text = sys.stdin.read() if message == "-" else message
    body = {"section": section, "text": text} if section else {"message": text}
    with opened(terminal) as door:
        with terminal.working(f"Revising {plan_id}"):
            stored = door.post(f"/api/plans/{plan_id}/versions", body)
        tell_version(terminal, door, stored)


@plan.command("diff")
def diff(
    context: typer.Context,
    plan_id: PlanId,
    first: Annotated[
        int | None, typer.Argument(metavar="A", min=1, help="Earlier version.")
    ] = None,
    second: Annotated[int | None, typer.Argument(metavar="B", min=1, help="Later version.")] = None,
) -> int:
    """Compare two versions, sentence by sentence; ends with 3 when they differ."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        answer = door.get(f"/api/plans/{plan_id}/diff", a=first, b=second)
    if terminal.json:
        terminal.value(answer)
    else:
        terminal.text(f"{plan_id}: version {answer['a']} to version {answer['b']}")
        for line in answer["changes"]:
            terminal.text(f"* {line}")
        for section in answer["sections"]:
            changed = [line for line in section["lines"] if line["change"] != "kept"]
            if changed:
                terminal.text(f"\n{section['title']}")
            for line in changed:
                sign = "+" if line["change"] == "added" else "-"
                style = "green" if sign == "+" else "red"
                terminal.out.print(f"{sign} {line['text']}", style=style, markup=False)
        if answer["same"]:
            terminal.text("Both say the same.")
    return 0 if answer["same"] else FINDINGS


@plan.command("export")
def export(
    context: typer.Context,
    plan_id: PlanId,
    format: Annotated[str, typer.Option("--format", help="md or json.")] = "md",
    version: Version = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Export without approval, marked DRAFT.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: stdout.")
    ] = None,
) -> None:
    """Write the approved plan with its numbered sources."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        try:
            text, name = door.text(
                f"/api/plans/{plan_id}/export", format=format, v=version, draft=draft or None
            )
        except Refused as refused:
            if refused.code == "approval_required" and "review" in refused.facts:
                refused.facts["review"] = door.address + refused.facts["review"]
                refused.hint = f"Review it at {refused.facts['review']}\n{refused.hint}"
            raise
    if output is not None:
        output.write_text(text, encoding="utf-8")
        terminal.say(f"Wrote {output}.")
    if terminal.json:
        written = {"filename": name, "format": format, "written": str(output) if output else None}
        terminal.value(written if output else {**written, "text": text})
    elif output is None:
        terminal.text(text)


@plan.command("decide")
def decide(
    context: typer.Context,
    plan_id: PlanId,
    approve: Annotated[bool, typer.Option("--approve", help="Approve every section.")] = False,
    send_back: Annotated[bool, typer.Option("--return", help="Send it back to its owner.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="Drop it.")] = False,
    message: Reason = "",
    section: Annotated[
        list[str] | None,
        typer.Option("--section", metavar="KEY=COMMENT", help="Ask for a change; repeatable."),
    ] = None,
    waive: Waive = None,
    version: Version = None,
) -> None:
    """Record your verdict on the version you read."""
    terminal: Terminal = context.obj
    verdict = verdict_of(
        approve,
        send_back,
        reject,
        "cadastre plan decide ID --return --section why_now='Say when'",
    )
    comments = _pairs(section or [], "--section", "why_now=Name the date")
    waivers = _pairs(waive or [], "--waive", "stale_fact=Confirmed by phone on Monday")
    with opened(terminal) as door:
        view = door.get(f"/api/plans/{plan_id}", v=version)["view"]
        sections = [
            {"section": key, "verdict": "change_requested", "comment": comment}
            for key, comment in comments
        ]
        asked = {key for key, _ in comments}
        if approve:
            approved = [item for item in view["sections"] if item["key"] not in asked]
            sections += [{"section": item["key"], "verdict": "approved"} for item in approved]
            terminal.say(
                f"Approving version {view['version']} of {view['title']}: "
                + ", ".join(item["title"] for item in approved)
                + "."
            )
        decision = door.post(
            f"/api/plans/{plan_id}/decisions",
            {
                "version": view["version"],
                "plan_hash": view["plan_hash"],
                "verdict": verdict,
                "reason": message,
                "sections": sections,
                "waivers": [{"code": code, "reason": reason} for code, reason in waivers],
            },
        )
    if terminal.json:
        terminal.value(decision)
    else:
        terminal.text(
            f"{plan_id} version {decision['subject_version']} is {decision['verdict']}: "
            f"decision {decision['decision_id']} by {decision['decided_by']}."
        )


def _pairs(given: list[str], option: str, example: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for item in given:
        key, equals, text = item.partition("=")
        if not equals or not key.strip() or not text.strip():
            raise Refused(
                "wrong_usage",
                f"{option} {item!r} is not of the form KEY=TEXT.",
                hint=f"For example: {option} '{example}'",
                exit_code=USAGE,
            )
        pairs.append((key.strip(), text.strip()))
    return pairs


def tell_version(terminal: Terminal, door: Door, stored: dict[str, Any]) -> None:
    """Tell where a new version stands, what blocks it and where to read it."""
    review = f"{door.address}/plans/{stored['plan_id']}?v={stored['version']}"
    if terminal.json:
        terminal.value({**stored, "review": review})
        return
    terminal.text(
        f"{stored['plan_id']} version {stored['version']}, {stored['account_name']}: "
        f"{stored['status'].replace('_', ' ')}."
    )
    for blocker in stored["blockers"]:
        terminal.text(f"! {blocker}")
    terminal.text(f"Read it:   cadastre plan show {stored['plan_id']}")
    terminal.text(f"Review it: {review}" + ("" if door.served else "  (after `cadastre serve`)"))
