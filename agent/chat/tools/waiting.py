"""What waits for the person, or for others, in the order of the inbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from agent.chat.context import ChatContext, PlanRow, WaitingRow
from agent.chat.scope import reps_in_scope
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.kept_rows import kept_cell, standing
from agent.chat.tools.pieces import Pieces, cell_of
from agent.claims import Filled, claim
from agent.verifier.markup import is_plain
from domain.chat import AnswerTable, Artifact, Focus, Offer, TableCell
from domain.evidence import REPS_JOINED_BY, Evidence
from domain.plan import Claim

NOTHING = "Nothing waits for you."
TOLD, ROWS = 5, 12
_FOR: Mapping[str, str] = {
    "decide": "for your decision",
    "answer": "for your word on your accounts",
    "revise": "for your revision",
    "await": "for somebody else",
}


class WaitingArguments(Arguments):
    """Nothing: the inbox is the person's own."""


def run(context: ChatContext, asked: WaitingArguments) -> Told:
    """Tell what waits, most pressing first."""
    found = context.desk.waiting()
    focus = Focus(command="inbox")
    if not found:
        offers = (Offer(label="What deserves this week", text="/week"),)
        return Told(notes=(NOTHING,), note="nothing waits", offers=offers, focus=focus)
    words = _Words(context)
    claims = [item for row in found[:TOLD] for item in words.claim(row)]
    table = AnswerTable(
        title="What waits, most pressing first",
        columns=("What", "Of", "Waits", "Why"),
        rows=tuple(words.row(row) for row in found[:ROWS]),
    )
    mine = [row for row in found if row.waiting != "await"]
    return Told(
        evidence=words.pieces.evidence,
        claims=tuple(claims),
        tables=(table,),
        rows=len(found),
        note=f"{len(mine)} for you, {len(found) - len(mine)} for others",
        offers=tuple(words.offers(found)),
        artifacts=tuple(item for row in found[:TOLD] for item in words.artifact(row)),
        focus=focus,
    )


class _Words:
    def __init__(self, context: ChatContext) -> None:
        self._context = context
        self._plans: dict[str, PlanRow] = {row.plan_id: row for row in context.desk.plans()}
        self._team = REPS_JOINED_BY.join(sorted(reps_in_scope(context)))
        self.pieces = Pieces(context)

    def claim(self, row: WaitingRow) -> Iterator[Claim]:
        """Say of one row what it is and for whom it waits."""
        waits = _FOR.get(row.waiting, "for somebody")
        plan = self._plans.get(row.id)
        if row.kind == "plan" and plan is not None:
            yield from self._of_plan(row, plan, waits)
            return
        name = self._name(row) if row.kind == "scenario" else None
        if name is not None:
            yield claim(
                f"waiting.{row.id}", "fact", name.entity,
                f"The scenario {{{{name}}}} waits {waits}.",
                name=(name, "name"),
            )  # fmt: skip

    def _of_plan(self, row: WaitingRow, plan: PlanRow, waits: str) -> Iterator[Claim]:
        name = self._account(plan)
        entity = f"account:{plan.account_id}/plan:{plan.plan_id}"
        kept = partial(kept_cell, "plans", plan.plan_id, entity, scope=plan.owner_id)
        status = kept("status", standing(plan.status), "text")
        blockers = kept("blockers", plan.blockers, "count")
        if name is None or status is None:
            return
        self.pieces.take((status,))
        slots: dict[str, Filled] = {"name": (name, "name"), "status": (status, "text")}
        text = f"The plan of {{{{name}}}} is {{{{status}}}} and waits {waits}"
        if blockers is not None and plan.blockers:
            self.pieces.take((blockers,))
            slots["blockers"] = (blockers, "number")
            stand = "blocker stands" if plan.blockers == 1 else "blockers stand"
            text += f"; {{{{blockers}}}} {stand} in the way"
        yield claim(
            f"waiting.{row.id}", "metric" if "blockers" in slots else "fact",
            f"account:{plan.account_id}", text + ".", slots=slots,
        )  # fmt: skip

    def row(self, row: WaitingRow) -> tuple[TableCell, ...]:
        """One row of the table."""
        plan = self._plans.get(row.id)
        name = self._account(plan) if plan is not None else self._name(row)
        return (
            TableCell(text=row.kind),
            cell_of(name, "name", row.id),
            TableCell(text=_FOR.get(row.waiting, row.waiting)),
            TableCell(text=row.why),
        )

    def artifact(self, row: WaitingRow) -> Iterator[Artifact]:
        """Where it is decided on."""
        plan = self._plans.get(row.id)
        version = plan.version if plan is not None else _version_of(row.link)
        if row.kind in ("plan", "scenario") and version:
            kind = "plan" if row.kind == "plan" else "scenario"
            yield Artifact(type=kind, id=row.id, version=version, link=row.link)

    def offers(self, found: Sequence[WaitingRow]) -> Iterator[Offer]:
        """The first plans and scenarios, to look at."""
        for row in found[:3]:
            plan = self._plans.get(row.id)
            if plan is not None:
                yield Offer(label=f"Plan of {plan.account_name}", text=f"/plan {plan.account_id}")
            elif row.kind == "scenario":
                title = row.title if is_plain(row.title) else row.id
                yield Offer(label=f"Scenario {title}", text=f"/scenario {row.id}")

    def _account(self, plan: PlanRow) -> Evidence | None:
        known = plan.account_id in self._context.book.owners
        return self.pieces.account(plan.account_id) if known else None

    def _name(self, row: WaitingRow) -> Evidence | None:
        entity = f"{row.kind}:{row.id}"
        # Who sees a scenario sees all its reps, and these are among the person's own.
        name = kept_cell("scenarios", row.id, entity, "name", row.title, "name", self._team)
        return self.pieces.take((name,)) if name is not None else None


def _version_of(link: str) -> int:
    number = link.rpartition("?v=")[2]
    return int(number) if number.isdigit() else 0


TOOL = Tool(
    name="waiting",
    command="inbox",
    description=(
        "What waits for the person: plans and scenarios to decide on, to revise or to answer, "
        "most pressing first, and what waits for others."
    ),
    arguments=WaitingArguments,
    run=run,
)
