"""One account on the terminal: its place, its potential in factors, its named peers."""

from __future__ import annotations

import textwrap
from typing import Any

from api.cli.tables import money, show, width
from api.cli.terminal import Terminal


def show_account(terminal: Terminal, record: dict[str, Any]) -> None:
    """Print what `GET /api/accounts/{account_id}` answers."""
    row, potential = record["account"], record["potential"]
    terminal.text(f"{row['name']} ({row['account_id']}), {row['tier_label']}, rank {row['rank']}")
    if potential["p75"] is None:
        terminal.text("Potential is unknown: fewer than five accounts compare.")
        return
    show(
        terminal,
        (">P50", ">P75", ">P90", ">Spent", ">Open"),
        [
            (
                money(potential["p50"]),
                money(potential["p75"]),
                money(potential["p90"]),
                money(row["net_spend_12m"]),
                money(potential["open_potential"]),
            )
        ],
    )
    for sentence in (f"P50 is {potential['basis']}.", f"{potential['peer_group']}."):
        for line in textwrap.wrap(sentence, width()):
            terminal.text(line)
    if potential["factors"]:
        terminal.text(
            f"\nP75 is {money(potential['base'])} times these, less {money(potential['unit'])}:"
        )
        show(
            terminal,
            (">Factor", "Fact", "Value*"),
            (
                (f"x {part['factor']:.2f}", part["fact"], part["value"] or "unknown")
                for part in potential["factors"]
            ),
        )
    if potential["peers"]:
        terminal.text("\nMost alike among the accounts you may see:")
        show(
            terminal,
            ("Account*", "Id", ">Apart", ">Spent"),
            (
                (
                    peer["name"], peer["account_id"], f"{peer['distance']:.2f}",
                    money(peer["net_spend_12m"]),
                )
                for peer in potential["peers"]
            ),
        )  # fmt: skip
