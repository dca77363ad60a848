"""The `review` commands: the week, the month, the quarter, and what it recommends."""

from __future__ import annotations

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
from api.cli.door import opened
from api.cli.refusal import Refused
from api.cli.terminal import Terminal
from api.cli.territories import QuarterOption, Version, newest_of, show_lines
from api.cli.verdicts import (
    USAGE,
    Approve,
    ReadVersion,
    Reason,
    Reject,
    SendBack,
    Waive,
    verdict_of,
)

EXAMPLE = "cadastre review decide RV-1 --approve"
WAIVER = "--waive 'unconfirmed_claim=Confirmed by phone on Monday'"

review = typer.Typer(help="Reviews: plan against what happened.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.add_typer(review, name="review")


@review.command("week")
def week(
    context: typer.Context,
    rep: Annotated[
        str | None, typer.Argument(metavar="[REP]", help="Default: your own territory.")
    ] = None,
    quarter: QuarterOption = None,
) -> None:
    """Show a rep's week: what comes, what slips, and the quarter so far."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        answer = door.get(f"/api/reviews/{quarter or 'current'}", view="week", rep=rep)["week"]
    if terminal.json:
        terminal.value(answer)
        return
    from agent.cycle.live_view import WeekOf
    from api.cli.cycle_text import week_lines

    terminal.text("\n".join(week_lines(WeekOf.model_validate(answer))))


@review.command("month")
def month(context: typer.Context, quarter: QuarterOption = None) -> None:
    """Show a manager's month: territories by their gap, and touches week by week."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        answer = door.get(f"/api/reviews/{quarter or 'current'}", view="month")["month"]
    if terminal.json:
        terminal.value(answer)
        return
    from agent.cycle.live_view import MonthOf
    from api.cli.cycle_text import month_lines

    terminal.text("\n".join(month_lines(MonthOf.model_validate(answer))))


@review.command("quarter")
def quarterly(
    context: typer.Context,
    quarter: Annotated[
        str | None, typer.Argument(metavar="[QUARTER]", help="Such as 2026Q4.")
    ] = None,
    show_summary: Annotated[
        bool, typer.Option("--show-summary", help="Only the page for the management.")
    ] = False,
    version: Version = None,
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
    """Show the review of a quarter; it is drafted where the ground is newer than the review."""
    terminal: Terminal = context.obj
    demand_format(format)
    with opened(terminal) as door:
        label, plan = quarter or "current", None
        if version is None:
            with terminal.working("Holding the plans against what happened"):
                stored = door.post("/api/reviews", {"quarter": quarter})
            tell_stored(terminal, door, stored)
            label, plan = stored["quarter"], stored["plan_id"]
        answer = door.get(f"/api/reviews/{label}", version=version, plan=plan)
        if format is not None:
            write_export(
                terminal, door, answer["view"]["plan_id"], format=format, version=version,
                draft=draft, output=output,
            )  # fmt: skip
            return
    if terminal.json:
        terminal.value(answer)
        return
    from agent.cycle.view import ReviewView
    from api.cli.cycle_text import review_lines

    view = ReviewView.model_validate(answer["view"])
    terminal.text("\n".join(review_lines(view, summary_only=show_summary)))


@review.command("list")
def list_reviews(context: typer.Context) -> None:
    """List the reviews in your scope, the latest change first."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        lines = door.get("/api/reviews")
    show_lines(terminal, lines)


@review.command("adjust")
def adjust(
    context: typer.Context,
    quarter: Annotated[str, typer.Argument(metavar="QUARTER", help="Such as 2026Q4.")],
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="Which recommendation.")],
    accept: Annotated[bool, typer.Option("--accept", help="Open what it names.")] = False,
    decline: Annotated[bool, typer.Option("--decline", help="Leave it.")] = False,
    message: Reason = "",
    version: ReadVersion = None,
) -> None:
    """Accept or decline one recommendation; what accepting opens waits for its own decision."""
    terminal: Terminal = context.obj
    if accept == decline:
        raise Refused(
            "wrong_usage",
            "Give either --accept or --decline.",
            hint=f"For example: cadastre review adjust {quarter} {number} --accept -m 'Agreed'",
            exit_code=USAGE,
        )
    with opened(terminal) as door:
        if version is None:
            version = door.get(f"/api/reviews/{quarter}")["view"]["version"]
        with terminal.working("Recording the decision"):
            answer = door.post(
                f"/api/reviews/{quarter}/adjustments/{number}/decisions",
                {
                    "version": version,
                    "verdict": "approved" if accept else "rejected",
                    "reason": message,
                },
            )
        address = door.address
    if terminal.json:
        terminal.value(answer)
        return
    terminal.text(_told(number, answer, address))


@review.command("decide")
def decide(
    context: typer.Context,
    plan_id: Annotated[str, typer.Argument(metavar="REVIEW", help="The review's id.")],
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
            version=version or newest_of(door, "reviews", plan_id),
            plan_hash=None, verdict=verdict, reason=message, waivers=waivers,
        )  # fmt: skip


def _told(number: int, answer: dict[str, Any], address: str) -> str:
    decision, made = answer["decision"], answer["opened"]
    word = "accepted" if decision["verdict"] == "approved" else "declined"
    line = f"Recommendation {number} is {word}: decision {decision['decision_id']}."
    if made is None:
        return line
    if made.get("problem"):
        return f"{line}\nIt could not be opened: {made['problem']}"
    named = f"{made['kind'].replace('_', ' ')} {made['id']}".strip()
    link = f": {address}{made['link']}" if made.get("link") else ""
    return f"{line}\nOpened {named}{link}"
