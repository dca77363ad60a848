"""`draft_plan` and `revise_plan`: the two tools that write, and only drafts.

They are used on a person's own words, which `agent.chat.routing` reads before any note is
read, and are never offered to a model. Each starts a run of its own that ends at a review.
"""

from __future__ import annotations

from pydantic import Field

from agent.chat.context import ChatContext, Drafted, StepTold
from agent.chat.scope import demand_account
from agent.chat.tool import Arguments, Told, Tool
from domain.chat import Artifact, Focus, Offer


class DraftArguments(Arguments):
    """Whose plan to draft, and what it should heed."""

    account_id: str = Field(description="Id of the account.")
    remark: str | None = Field(description="What the plan should heed, in the person's words.")


class ReviseArguments(Arguments):
    """Whose plan to draft anew, and what should be different."""

    account_id: str = Field(description="Id of the account whose plan it is.")
    remark: str = Field(description="What should be different, in the person's words.")


def draft(context: ChatContext, given: DraftArguments) -> Told:
    """Draft the account's plan up to its review."""
    account_id = demand_account(context, given.account_id)
    drafted = context.desk.draft(account_id, given.remark or "", _progress(context))
    return _told(drafted, command="draft")


def revise(context: ChatContext, given: ReviseArguments) -> Told:
    """Draft the account's newest plan anew, with the remark."""
    account_id = demand_account(context, given.account_id)
    rows = context.desk.plans(account_id)
    if not rows:
        return Told(
            notes=("There is no plan of this account to revise yet.",),
            note="no plan yet",
            offers=(
                Offer(
                    label="Draft it with that remark",
                    text=f"/draft {account_id} {given.remark}".strip(),
                ),
            ),
            focus=Focus(accounts=(account_id,), command="revise"),
        )
    drafted = context.desk.revise(rows[0].plan_id, given.remark, _progress(context))
    return _told(drafted, command="revise")


def _told(drafted: Drafted, command: str) -> Told:
    said = (
        f"Nothing it rests on has changed: version {drafted.version} stands as it is."
        if drafted.unchanged
        else f"Version {drafted.version} of the plan waits on its review page, where a person "
        "decides; nothing else has happened."
    )
    return Told(
        notes=(said, *drafted.hours, *drafted.blockers, *filter(None, (drafted.notice,))),
        rows=1,
        note=f"plan version {drafted.version}" + (", unchanged" if drafted.unchanged else ""),
        artifacts=(
            Artifact(type="plan", id=drafted.plan_id, version=drafted.version, link=drafted.link),
        ),
        offers=(Offer(label="What does it say?", text=f"/plan {drafted.account_id}"),),
        focus=Focus(accounts=(drafted.account_id,), plan_id=drafted.plan_id, command=command),
    )


def _progress(context: ChatContext) -> StepTold:
    from agent.graph import STEPS

    # A review is no step of the drafting, and what follows it comes later.
    steps = [step for step in STEPS if step not in ("rewrite", "review", "apply")]

    def told(step: str) -> None:
        if step in steps:
            context.tell(
                "step.progress",
                {"step": step, "done": steps.index(step), "total": len(steps)},
            )

    return told


DRAFT = Tool(
    name="draft_plan",
    command="draft",
    description="Draft the plan of an account, up to its review.",
    arguments=DraftArguments,
    run=draft,
    acts=True,
)
REVISE = Tool(
    name="revise_plan",
    command="revise",
    description="Draft the newest plan of an account anew, with a remark.",
    arguments=ReviseArguments,
    run=revise,
    acts=True,
)
