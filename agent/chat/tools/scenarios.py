"""Scenarios in scope: the list, or one with the six figures of its design."""

from __future__ import annotations

from functools import partial

from pydantic import Field

from agent.chat.context import ChatContext, ScenarioRow
from agent.chat.scope import reps_in_scope
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.kept_rows import kept_cell, standing
from agent.chat.tools.pieces import Pieces, cell_of
from agent.chat.tools.scenario_words import ScenarioWords
from agent.verifier.markup import is_plain
from domain.chat import AnswerTable, Artifact, Focus, Offer, TableCell
from domain.evidence import REPS_JOINED_BY

NONE = "There is no scenario about the accounts you see. `cadastre scenarios run` makes one."
NO_FIGURES = "Its figures are on its page."
DECIDED = "Chat only tells what a scenario would do: people decide on its page."
ROWS = 12


class ScenariosArguments(Arguments):
    """Which scenario."""

    scenario_id: str | None = Field(description="A scenario's id; null for the list of all.")


def run(context: ChatContext, asked: ScenariosArguments) -> Told:
    """Tell one scenario or list them; NotFound for one that is missing or foreign."""
    if asked.scenario_id is None:
        return _listed(context)
    row = context.desk.scenario(asked.scenario_id)
    pieces = Pieces(context)
    for cell in row.cells:
        pieces.take((cell,))
    words = ScenarioWords(row)
    claims, table = words.claims(), words.table()
    return Told(
        evidence=pieces.evidence,
        claims=tuple(claims),
        tables=(table,) if table else (),
        notes=(DECIDED,) if claims else (NO_FIGURES, DECIDED),
        rows=1,
        note=f"version {row.version}, {standing(row.status)}",
        offers=(Offer(label="All scenarios", text="/scenario"),),
        artifacts=(_artifact(row),),
        focus=Focus(scenario_id=row.scenario_id, command="scenario"),
    )


def _listed(context: ChatContext) -> Told:
    found = context.desk.scenarios()
    focus = Focus(command="scenario")
    if not found:
        return Told(notes=(NONE,), note="no scenarios", focus=focus)
    pieces = Pieces(context)
    # Who sees a scenario sees all its reps, and these are among the person's own.
    scope = REPS_JOINED_BY.join(sorted(reps_in_scope(context)))
    rows = []
    for row in found[:ROWS]:
        entity = f"scenario:{row.scenario_id}"
        kept = partial(kept_cell, "scenarios", row.scenario_id, entity, scope=scope)
        name = kept("name", row.name, "name")
        status = kept("status", standing(row.status), "text")
        moves = kept("moves", row.moves, "count")
        for cell in (name, status, moves):
            pieces.take((cell,) if cell else ())
        rows.append(
            (
                TableCell(text=row.scenario_id),
                cell_of(name, "name"),
                cell_of(status, "text"),
                cell_of(moves, "number"),
            )
        )
    return Told(
        evidence=pieces.evidence,
        tables=(
            AnswerTable(
                title="Scenarios, the latest change first",
                columns=("Scenario", "Name", "Stands", "Accounts moved"),
                rows=tuple(rows),
            ),
        ),
        notes=(DECIDED,),
        rows=len(found),
        note=f"{len(found)} scenario{'' if len(found) == 1 else 's'}",
        offers=tuple(
            Offer(
                label=f"Scenario {row.name if is_plain(row.name) else row.scenario_id}",
                text=f"/scenario {row.scenario_id}",
            )
            for row in found[:3]
        ),
        focus=focus,
    )


def _artifact(row: ScenarioRow) -> Artifact:
    return Artifact(type="scenario", id=row.scenario_id, version=row.version, link=row.link)


TOOL = Tool(
    name="scenarios",
    command="scenario",
    description=(
        "Territory scenarios the person sees: the list, or one with its six figures today and "
        "under the design proposed (spread of potential and of workload, heaviest week, accounts "
        "and revenue that change hands, long relationships kept)."
    ),
    arguments=ScenariosArguments,
    run=run,
)
