"""What every `decide` takes: the options of a verdict, and the one verdict they give."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.refusal import Refused

USAGE = 2

Approve = Annotated[bool, typer.Option("--approve", help="Approve it.")]
SendBack = Annotated[bool, typer.Option("--return", help="Send it back.")]
Reject = Annotated[bool, typer.Option("--reject", help="Drop it.")]
Reason = Annotated[str, typer.Option("-m", "--message", metavar="TEXT", help="The reason.")]
Waive = Annotated[
    list[str] | None,
    typer.Option("--waive", metavar="CODE=REASON", help="Lift a blocker; repeatable."),
]
ReadVersion = Annotated[
    int | None, typer.Option("--version", min=1, help="The one you read; default: the newest.")
]


def verdict_of(approve: bool, send_back: bool, reject: bool, example: str) -> str:
    """Return the one verdict that was given; wrong usage for none or several."""
    given = {"approved": approve, "returned": send_back, "rejected": reject}
    chosen = [name for name, said in given.items() if said]
    if len(chosen) != 1:
        raise Refused(
            "wrong_usage",
            "Give exactly one of --approve, --return and --reject.",
            hint=f"For example: {example}",
            exit_code=USAGE,
        )
    return chosen[0]
