"""Selling hours against the hours that accounts ask for: one rep, or each rep in scope."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from pydantic import Field

from agent.chat.context import ChatContext
from agent.chat.scope import demand_rep, reps_in_scope
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.pieces import Pieces, cell_of, number
from agent.chat.tools.territory import TEAM
from agent.claims import Filled, claim
from domain.chat import AnswerTable, Focus, Offer
from domain.plan import Claim, SlotFormat

PERIOD = "The period is that of the plans drafted on this book, after leave."
NOBODY = "Nobody among those you see has selling hours or accounts that ask for any."
_LOAD = ("needed_hours", "selling_hours")
_COLUMNS: tuple[tuple[str, str, SlotFormat], ...] = (
    ("Has", "selling_hours", "hours"),
    ("Asked for", "needed_hours", "hours"),
    ("Load", "load", "decimal"),
    ("Accounts below the line", "cut_below", "number"),
    ("Their hours", "cut_hours_below", "hours"),
)


class WorkloadArguments(Arguments):
    """Whose hours."""

    rep_id: str | None = Field(description="A rep's id; null for everybody the person sees.")


def run(context: ChatContext, asked: WorkloadArguments) -> Told:
    """Tell the load; NotFound for a rep who is not seen."""
    everybody = reps_in_scope(context)
    reps = [demand_rep(context, asked.rep_id)] if asked.rep_id else _working(context, everybody)
    if not reps:
        return Told(notes=(NOBODY,), note="nobody", focus=Focus(command="load"))
    words = _Words(context, Pieces(context))
    claims = [words.rep(reps[0])] if len(reps) == 1 else list(words.team(reps))
    table = words.table(reps) if len(reps) > 1 else None
    over = [rep for rep in words.by_load(reps) if words.over(rep)]
    return Told(
        evidence=words.pieces.evidence,
        claims=tuple(claims),
        tables=(table,) if table else (),
        notes=(PERIOD,),
        rows=len(reps),
        note=f"{len(reps)} rep{'' if len(reps) == 1 else 's'}, {len(over)} over capacity",
        offers=tuple(_offers(words.pieces, reps, over)),
        focus=Focus(rep_id=reps[0] if len(reps) == 1 else "", command="load"),
    )


def _working(context: ChatContext, reps: Sequence[str]) -> list[str]:
    """Reps with accounts that ask for hours, and those of function rep who have some."""
    rows = context.book.rows("reps")
    return [
        rep
        for rep in reps
        if _hours(context, "needed_hours", rep) > 0
        or (rows[rep]["function"] == "rep" and _hours(context, "selling_hours", rep) > 0)
    ]


def _hours(context: ChatContext, metric: str, rep: str) -> float:
    return float(context.analyses.workload.by_rep[metric][rep])


class _Words:
    def __init__(self, context: ChatContext, pieces: Pieces) -> None:
        self._context = context
        self.pieces = pieces

    def over(self, rep: str) -> bool:
        """Whether the accounts ask for more hours than there are."""
        needed, selling = (_hours(self._context, name, rep) for name in _LOAD)
        return needed > selling

    def by_load(self, reps: list[str]) -> list[str]:
        """Reps by load, the fullest first; one with work and no hours before all."""

        def load(rep: str) -> float:
            needed, selling = (_hours(self._context, name, rep) for name in _LOAD)
            return needed / selling if selling else (math.inf if needed else 0.0)

        return sorted(reps, key=load, reverse=True)

    def rep(self, rep: str, key: str = "load.rep") -> Claim:
        """Say what one rep has, what is asked for, and the load."""
        entity = f"rep:{rep}"
        name = self.pieces.rep(rep)
        needed, selling = (
            self.pieces.cell(entity, metric) for metric in ("needed_hours", "selling_hours")
        )
        assert name is not None
        assert needed is not None
        assert selling is not None
        slots: dict[str, Filled] = {"name": (name, "name")}
        load = self.pieces.cell(entity, "load")
        if not number(needed):
            slots["selling"] = (selling, "hours")
            text = "No account of {{name}} asks for time; there are {{selling}} in the period."
            return claim(key, "metric", entity, text, slots=slots, cites=(needed,))
        slots["needed"] = (needed, "hours")
        if load is None:
            text = (
                "The accounts of {{name}} ask for {{needed}} of time, and there is none to sell in."
            )
            return claim(key, "metric", entity, text, slots=slots, cites=(selling,))
        slots |= {"selling": (selling, "hours"), "load": (load, "decimal")}
        text = "The accounts of {{name}} ask for {{needed}} of the {{selling}} of time to sell in"
        text += " (a load of {{load}})"
        count, hours = (
            self.pieces.cell(entity, metric) for metric in ("cut_below", "cut_hours_below")
        )
        if count is not None and hours is not None and number(count):
            slots |= {"count": (count, "number"), "hours": (hours, "hours")}
            one = number(count) == 1
            text += f"; {{{{count}}}} {'account' if one else 'accounts'}, asking for {{{{hours}}}}"
            text += f" of time, {'lies' if one else 'lie'} below the line where the hours end"
        return claim(key, "metric", entity, text + ".", slots=slots)

    def team(self, reps: list[str]) -> Iterator[Claim]:
        """Say the hours together, who is over, and who has the most room."""
        order = self.by_load(reps)
        totals = [
            self.pieces.total(TEAM, metric, [f"rep:{rep}" for rep in reps])
            for metric in ("needed_hours", "selling_hours")
        ]
        needed, selling = totals
        if needed is not None and selling is not None:
            yield claim(
                "load.team", "metric", TEAM,
                "Together the accounts ask for {{needed}} of the {{selling}} of time to sell in.",
                needed=(needed, "hours"), selling=(selling, "hours"),
            )  # fmt: skip
        over = [rep for rep in order if self.over(rep)]
        for rep in over:
            yield self.rep(rep, f"load.{rep}")
        if not over:
            yield self.rep(order[0], f"load.{order[0]}")
        rows = self._context.book.rows("reps")
        sellers = [rep for rep in order[1:] if rows[rep]["function"] == "rep"]
        room = next((rep for rep in reversed(sellers) if not self.over(rep)), None)
        if room is not None:
            yield self._room(room)

    def _room(self, rep: str) -> Claim:
        entity = f"rep:{rep}"
        found = [self.pieces.cell(entity, metric) for metric in ("needed_hours", "selling_hours")]
        name, (needed, selling) = self.pieces.rep(rep), found
        assert name is not None
        assert needed is not None
        assert selling is not None
        return claim(
            "load.room", "metric", entity,
            "{{name}} has the most room: {{needed}} of time is asked for, of {{selling}}.",
            name=(name, "name"), needed=(needed, "hours"), selling=(selling, "hours"),
        )  # fmt: skip

    def table(self, reps: list[str]) -> AnswerTable:
        """One row a rep, the fullest first."""
        rows = (
            (
                cell_of(self.pieces.rep(rep), "name"),
                *(
                    cell_of(self.pieces.cell(f"rep:{rep}", metric), form)
                    for _, metric, form in _COLUMNS
                ),
            )
            for rep in self.by_load(reps)
        )
        return AnswerTable(
            title="Hours in the period",
            columns=("Rep", *(name for name, *_ in _COLUMNS)),
            rows=tuple(rows),
        )


def _offers(pieces: Pieces, reps: list[str], over: list[str]) -> list[Offer]:
    named = over[:2] or (reps if len(reps) == 1 else [])
    offers = [
        Offer(label=f"The week of {pieces.label('reps', rep)}", text=f"/week {rep}")
        for rep in named
    ]
    if len(reps) > 1:
        offers.append(Offer(label="Scenarios for these territories", text="/scenario"))
    return offers


TOOL = Tool(
    name="workload",
    command="load",
    description=(
        "Selling hours in the planning period against the hours that accounts ask for, for one "
        "rep or each rep the person sees: the load, who is over capacity, who has room, and "
        "which accounts lie below the line where the hours end."
    ),
    arguments=WorkloadArguments,
    run=run,
)
