"""The command `whitespace`: what could be sold besides, of four kinds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from api.cli.door import opened
from api.cli.refusal import Refused
from api.cli.tables import money, show
from api.cli.terminal import Terminal

USAGE = 2
SHOWN = 10
"""Rows of each kind that are printed when all four are asked for and no number is given."""

KindOption = Literal["product", "site", "segment", "relative"]


def add_to(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("whitespace")(whitespace)


def whitespace(
    context: typer.Context,
    kind: Annotated[
        KindOption | None, typer.Option("--kind", help="One of the four kinds; default: all.")
    ] = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="ID", help="Only of this account.")
    ] = None,
    territory: Annotated[
        str | None, typer.Option("--territory", metavar="NAME", help="Only of this territory.")
    ] = None,
    segment: Annotated[
        str | None, typer.Option("--segment", metavar="NAME", help="Only of this segment.")
    ] = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="Only the best N a kind.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write one kind as CSV to FILE."),
    ] = None,
) -> None:
    """List what could be sold besides: product lines, sites, segments, missing relatives."""
    terminal: Terminal = context.obj
    if output is not None and kind is None:
        raise Refused(
            "wrong_usage",
            "A CSV file holds one kind of whitespace.",
            hint="Name it: --kind product, site, segment or relative.",
            exit_code=USAGE,
        )
    asked: dict[str, Any] = {
        "kind": kind, "account": account, "territory": territory, "segment": segment, "top": top,
    }  # fmt: skip
    with opened(terminal) as door:
        if output is not None:
            text, name = door.text("/api/whitespace/export", **asked)
            output.write_bytes(text.encode("utf-8"))
            terminal.say(f"Wrote {output}.")
            if terminal.json:
                terminal.value({"filename": name, "format": "csv", "written": str(output)})
            return
        answer = door.get("/api/whitespace", **asked)
    if terminal.json:
        terminal.value(answer)
        return
    limit = None if kind is not None or top is not None else SHOWN
    for one, (title, key, tell) in _TOLD.items():
        if kind in (None, one):
            _part(terminal, title, answer[key], limit, tell)
    if answer["market"] is not None:
        _reached(terminal, answer["market"])
    for note in answer["notes"]:
        terminal.text(note)


def _part(
    terminal: Terminal,
    title: str,
    rows: list[dict[str, Any]],
    limit: int | None,
    tell: Callable[[Terminal, list[dict[str, Any]]], None],
) -> None:
    terminal.text(title)
    if rows:
        tell(terminal, rows[:limit])
        if limit is not None and len(rows) > limit:
            terminal.text(f"… and {len(rows) - limit} more; --top N or --kind shows them.")
    else:
        terminal.text("None.")
    terminal.text("")


def _products(terminal: Terminal, rows: list[dict[str, Any]]) -> None:
    reasons = any(row["because"] for row in rows)
    show(
        terminal,
        ("Account*", "Id", "Line*", ">Worth", ">Chance", ">Peers", ">P75", ">Own")
        + (("Because*",) if reasons else ()),
        (
            (
                row["account_name"],
                row["account_id"],
                row["line"],
                money(row["worth"]),
                _share(row["chance"]),
                _share(row["peer_share"]),
                money(row["peer_p75"]),
                money(row["own_spend_12m"]),
                *((row["because"] or "",) if reasons else ()),
            )
            for row in rows
        ),
    )


def _sites(terminal: Terminal, rows: list[dict[str, Any]]) -> None:
    show(
        terminal,
        ("Site*", "Id", "Line*", ">Worth", ">Chance", ">Sisters", ">Spend", ">Own"),
        (
            (
                row["account_name"],
                row["account_id"],
                row["line"],
                money(row["worth"]),
                _share(row["chance"]),
                row["sisters"],
                money(row["sister_spend"]),
                money(row["own_spend_12m"]),
            )
            for row in rows
        ),
    )


def _segments(terminal: Terminal, rows: list[dict[str, Any]]) -> None:
    show(
        terminal,
        ("Segment*", ">Of", ">Owned", ">Reached", ">Spent", ">Expected"),
        (
            (
                row["cell"] + (" (small)" if row["small"] else ""),
                row["companies"],
                _share(row["owned_share"]),
                f"{_share(row['reached_share'])} ({_interval(row)})",
                _share(row["spend_share"]),
                money(row["expected"]),
            )
            for row in rows
        ),
    )


def _relatives(terminal: Terminal, rows: list[dict[str, Any]]) -> None:
    show(
        terminal,
        ("Company*", "Id", "Of", ">Worth", ">Chance", "Source*", "Seen"),
        (
            (
                row["name"],
                row["company_id"],
                row["account_id"],
                money(row["worth"]),
                _share(row["chance"]),
                row["source"] or "no source",
                row["observed"] or "–",
            )
            for row in rows
        ),
    )


_TOLD: dict[str, tuple[str, str, Callable[[Terminal, list[dict[str, Any]]], None]]] = {
    "product": ("Product lines that accounts could take up", "products", _products),
    "site": ("Lines that sites lack and their sisters buy", "sites", _sites),
    "segment": ("The market by segment", "segments", _segments),
    "relative": ("Relatives of customers that are no account yet", "relatives", _relatives),
}


def _reached(terminal: Terminal, market: dict[str, Any]) -> None:
    if market["reached_share"] is not None:
        terminal.text(
            f"Of {market['companies']:,} companies {market['customers']:,} are customers "
            f"({_share(market['reached_share'])}, {_interval(market)} at 95 %)."
        )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _interval(row: dict[str, Any]) -> str:
    if row["reached_low"] is None:
        return "–"
    return f"{100 * row['reached_low']:.0f}–{100 * row['reached_high']:.0f} %"
