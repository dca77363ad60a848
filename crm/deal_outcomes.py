"""Won and lost, which Salesforce tells in two checkboxes whatever a stage is called."""

from __future__ import annotations

from crm.supplied import Supplied


def supply_outcomes(given: Supplied) -> None:
    """Let IsWon and IsClosed decide the stage of opportunities that ended.

    A stage that the mapping file names keeps the meaning given there. What is closed and
    not won is lost; without IsWon, the stage's own name has to tell.
    """
    closed, won = given.flags("IsClosed"), given.flags("IsWon")
    stages = given.column("stage")
    if stages is None or won is None:
        return
    header, names = stages
    mapped = given.mapping.values.get(given.table.name, {}).get("stage", {})
    ended = closed or (None,) * len(names)
    given.cells["stage"] = (
        header,
        tuple(
            name if name.strip() in mapped else _outcome(name, is_closed, is_won)
            for name, is_closed, is_won in zip(names, ended, won, strict=True)
        ),
    )


def _outcome(name: str, closed: bool | None, won: bool | None) -> str:
    if won:
        return "won"
    return "lost" if closed and won is False else name
