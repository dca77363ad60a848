"""Commands that show what came out and take back what people said: `report` and `returned`."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
