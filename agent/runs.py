"""Runs of account plans: drafted by a writer, or made from a version by a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from agent.context import PlanningContext
from agent.driving import GraphRuns
from agent.editing import edit_section
from agent.nodes import owner_in_scope
from agent.run_events import Progress, RunSummary
from agent.state import PlanningState, keep, keep_all
from domain.errors import Conflict, PlanSuperseded
from domain.findings import PlanFinding
from domain.period import planning_period
from domain.plan import PlanVersion, Remark, SectionKey, WriterNote


class PlanRuns(GraphRuns[PlanningContext]):
    """The plan runs of one checkpoint file."""

    def start(
        self,
        context: PlanningContext,
        run_id: str,
        plan_id: str,
        account_id: str,
        base_version: int | None = None,
        remarks: tuple[Remark, ...] = (),
        *,
        findings: tuple[PlanFinding, ...] = (),
        progress: Progress | None = None,
    ) -> RunSummary:
        """Draft a plan version and bring it to its review.

        `findings` are the plan's own, carried over from the version before. Starting a run
        that exists takes it up where it stands.

        Raises
        ------
        NotFound
            No such account within the principal's scope.
        NoPlanForAccount
            The account is unowned, or its tier gets no plan.
        PlanSuperseded
            `base_version` is not the plan's newest version.
        """
        owner_in_scope(context, account_id)
        period = planning_period(context.book.as_of, context.coverage.planning.period_days)
        return self._begin(
            context,
            {
                **_identity(context, run_id, plan_id, account_id, base_version),
                "as_of": context.book.as_of.isoformat(),
                "period": str(period),
                "remarks_digest": keep_all(context, "remarks", remarks) if remarks else "",
                "carried_digest": "",
                "findings_digest": _keep_findings(context, findings),
                "findings_hash": context.findings_hash,
                "edited": False,
            },
            progress,
        )

    def edit(
        self,
        context: PlanningContext,
        run_id: str,
        plan_id: str,
        *,
        base_version: int,
        section: SectionKey,
        text: str,
        said_on: date,
        progress: Progress | None = None,
    ) -> RunSummary:
        """Replace a section's sentences by what a person typed, as a new version.

        The typed text passes the same verifier as a writer's. The period, the book and
        the date of the version edited stay.

        Raises
        ------
        PlanSuperseded
            `base_version` is not the plan's newest version.
        InvalidInput
            The text is too long.
        """
        base = context.records.version(plan_id)
        content = base.content
        if self._exists(run_id):
            return self.resume(context, run_id, progress=progress)
        _demand_editable(context, base, base_version)
        draft, ledger = edit_section(
            content,
            context.records.ledger(content.ledger_root),
            section,
            text,
            person_name=context.principal.name,
            said_on=said_on,
            where=f"plan {plan_id}, {section}",
        )
        root = context.records.keep_ledger(ledger, book_id=content.book_id, as_of=content.as_of)
        omissions = [item for item in content.report.omissions if item.section != section]
        return self._begin(
            context,
            _edited(
                context,
                run_id,
                base,
                notice=f"Edited by {context.principal.name}; the rest is as in version "
                f"{base.version}.",
            )
            | {
                "carried_digest": keep_all(context, "omissions", omissions) if omissions else "",
                "findings_digest": _keep_findings(context, content.plan_findings),
                "ledger_root": root,
                "draft_digest": keep(context, "draft", draft),
            },
            progress,
        )

    def find(
        self,
        context: PlanningContext,
        run_id: str,
        plan_id: str,
        *,
        base_version: int,
        findings: tuple[PlanFinding, ...],
        progress: Progress | None = None,
    ) -> RunSummary:
        """Give a plan other findings, as a new version that says the same otherwise.

        Raises
        ------
        PlanSuperseded
            `base_version` is not the plan's newest version.
        Conflict
            The account has changed hands since.
        """
        base = context.records.version(plan_id)
        content = base.content
        if self._exists(run_id):
            return self.resume(context, run_id, progress=progress)
        _demand_editable(context, base, base_version)
        omissions = content.report.omissions
        return self._begin(
            context,
            _edited(
                context,
                run_id,
                base,
                notice=f"Findings changed by {context.principal.name}; the rest is as in version "
                f"{base.version}.",
            )
            | {
                "carried_digest": keep_all(context, "omissions", omissions) if omissions else "",
                "findings_digest": _keep_findings(context, findings),
                "ledger_root": content.ledger_root,
                "draft_digest": keep(context, "draft", content.draft),
            },
            progress,
        )

    def findings_hash(self, run_id: str) -> str | None:
        """Return which findings a drafting run began with; None for an edit or no run."""
        values = self.values(run_id)
        return values.get("findings_hash", "") if values and not values["edited"] else None

    def _in_scope(self, context: PlanningContext, values: Mapping[str, Any]) -> bool:
        owner = values.get("owner_id") or context.book.owners.get(values["account_id"])
        return context.principal.scope.covers(owner)

    def _same_subject(self, known: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
        return bool(
            (known["plan_id"], known["account_id"]) == (given["plan_id"], given["account_id"])
        )

    def _demand_same_ground(self, context: PlanningContext, values: Mapping[str, Any]) -> None:
        if "version" in values:
            # The plan is stored: what is left to do reads neither book nor rules.
            return
        for what, begun, given in (
            ("book", values["book_id"], context.book.book_id),
            ("coverage model", values["coverage_hash"], context.coverage.hash),
            ("set of findings", values.get("findings_hash", ""), context.findings_hash),
        ):
            if begun != given and not (what != "coverage model" and values["edited"]):
                raise Conflict(
                    f"Run {values['run_id']} was begun on another {what}.",
                    hint="Take it up with the one it was begun on, or start a new run.",
                    begun=begun,
                    given=given,
                )


def _identity(
    context: PlanningContext, run_id: str, plan_id: str, account_id: str, base_version: int | None
) -> PlanningState:
    return {
        "run_id": run_id,
        "workspace": context.principal.workspace,
        "plan_id": plan_id,
        "account_id": account_id,
        "base_version": base_version,
        "book_id": context.book.book_id,
        "coverage_hash": context.coverage.hash,
        "violations": [],
        "rewrites": 0,
        "usage": {"input_tokens": 0, "output_tokens": 0, "cost": None},
    }


def _edited(
    context: PlanningContext, run_id: str, base: PlanVersion, *, notice: str
) -> PlanningState:
    """What a run that changes a version by hand begins with: the ground of that version."""
    content = base.content
    note = WriterNote(
        writer="person",
        model=content.writer.model,
        prompt=content.writer.prompt,
        prompt_version=content.writer.prompt_version,
        notice=notice,
    )
    return {
        **_identity(context, run_id, base.plan_id, content.account_id, base.version),
        "book_id": content.book_id,
        "findings_hash": content.findings_hash,
        "as_of": content.as_of.isoformat(),
        "period": f"{content.period_start}/{content.period_end}",
        "remarks_digest": keep_all(context, "remarks", content.remarks) if content.remarks else "",
        "edited": True,
        "writer_digest": keep(context, "writer", note),
    }


def _demand_editable(context: PlanningContext, base: PlanVersion, base_version: int) -> None:
    if base.version != base_version:
        raise PlanSuperseded(
            f"Plan {base.plan_id} has version {base.version}; the text was typed on version "
            f"{base_version}.",
            hint="Open the newest version and edit that.",
        )
    if context.book.owners.get(base.content.account_id) != base.content.owner_id:
        raise Conflict(
            f"Account {base.content.account_id} has changed hands since version {base.version}.",
            hint="Draft the plan anew for its owner of today.",
        )


def _keep_findings(context: PlanningContext, findings: tuple[PlanFinding, ...]) -> str:
    return keep_all(context, "findings", findings) if findings else ""
