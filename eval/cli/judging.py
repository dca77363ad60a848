"""Commands that judge a log by another: `compare` and `gate`."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
