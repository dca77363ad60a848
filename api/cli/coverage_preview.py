"""How the preview of a coverage model is printed."""

from __future__ import annotations

from typing import Any

from api.cli.tables import described, show
from api.cli.terminal import Terminal


def show_preview(terminal: Terminal, answer: dict[str, Any], *, top: int) -> None:
    """Print what changes in the rules, who moves, the tiers and the hours."""
    terminal.text(answer["summary"])
    number = {change["key"]: at for at, change in enumerate(answer["changes"], start=1)}
    described(terminal, ((f"[{number[one['key']]}]", one["words"]) for one in answer["changes"]))
    if not answer["accounts"]:
        return
    own = [line for line in answer["accounts"] if _why(line)]
    terminal.text("")
    show(
        terminal,
        (">#", "Account*", "Id", "Tier", ">Score", "Because*"),
        (
            (
                _pair(line["rank_before"], line["rank"]),
                line["name"],
                line["account_id"],
                _pair(line["tier_before"], line["tier"]),
                _pair(line["score_before"], line["score"]),
                _by_number(line, number),
            )
            for line in own[:top]
        ),
    )
    if len(own) > top:
        terminal.text(f"{len(own) - top} more; --top or --json shows them.")
    pushed = len(answer["accounts"]) - len(own)
    if pushed:
        terminal.text(f"{pushed} further accounts only change places, because others moved.")
    terminal.text("")
    show(
        terminal,
        ("Tier", ">Before", ">After"),
        ((tier["label"], tier["before"], tier["after"]) for tier in answer["tiers"]),
    )
    hours = [rep for rep in answer["hours"] if rep["needed"] != rep["needed_before"]]
    if hours:
        terminal.text("")
        show(
            terminal,
            ("Rep", "Name*", ">Hours before", ">After", ">Has"),
            (
                (
                    rep["rep_id"],
                    rep["name"],
                    f"{rep['needed_before']:.1f}",
                    f"{rep['needed']:.1f}",
                    f"{rep['selling']:.1f}",
                )
                for rep in hours
            ),
        )


def _pair(before: object, after: object) -> str:
    return str(after) if before == after else f"{before} → {after}"


def _why(line: dict[str, Any]) -> str:
    """Name what moved the account itself; empty where only the accounts around it did."""
    causes = [*line["tier_causes"], *line["score_causes"]] or [
        cause for cause in line["rank_causes"] if cause["kind"] != "order"
    ]
    return "; ".join(dict.fromkeys(cause["words"] for cause in causes))


def _by_number(line: dict[str, Any], number: dict[str, int]) -> str:
    """Name the rules by their numbers in the list above; what has none in words."""
    told: list[str] = []
    for cause in [*line["tier_causes"], *line["score_causes"], *line["rank_causes"]]:
        rules = "".join(f"[{number[rule['key']]}]" for rule in cause["rules"])
        points = "" if cause["points"] is None else f" {cause['points']:+d}"
        if cause["kind"] != "order":
            told.append(f"{rules} {cause['what']}{points}" if rules else cause["words"])
    return "; ".join(dict.fromkeys(told))
