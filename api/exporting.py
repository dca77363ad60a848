"""Writing a plan to a file: approved, or stamped as a draft."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from agent.view import Cell, Part, PlanView, Sentence, TableView
from domain.decision import Decision
from domain.errors import ApprovalRequired
from domain.plan import PlanVersion
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace

Format = Literal["md", "json"]
DRAFT = "DRAFT, not approved"
LEFT_OUT = "A statement about a competitor has no source and is not exported."
MEDIA_TYPES: dict[Format, str] = {"md": "text/markdown; charset=utf-8", "json": "application/json"}


class Export(Record):
    """A file's name, media type and text. `draft` when it is not the approved version."""

    filename: str
    media_type: str
    text: str
    draft: bool


def export(
    workspace: Workspace,
    principal: Principal,
    plan_id: str,
    format: Format,
    *,
    version: int | None,
    draft: bool,
) -> Export:
    """Return the version in force as a file; with `draft`, any version, stamped DRAFT.

    What a person typed about a competitor without a source is left out of every file,
    and the file says so.

    Raises
    ------
    NotFound
        The plan or version is missing or out of scope.
    ApprovalRequired
        The version is not in force and no draft was asked for; `review` among the facts
        leads to where it is decided.
    """
    from agent.markdown import to_markdown

    chosen, approved = _chosen(workspace, principal, plan_id, version, draft=draft)
    view = without_unsourced_competitors(workspace.plan_view(principal, plan_id, chosen.version))
    decision = _decision_on(workspace, principal, chosen) if approved else None
    stamp = "" if approved else "draft-"
    return Export(
        filename=f"{plan_id}-v{chosen.version}-{stamp}{_slug(chosen.content.account_name)}.{format}",
        media_type=MEDIA_TYPES[format],
        text=stamped_markdown(to_markdown(view), decision)
        if format == "md"
        else stamped_json("plan", view, decision),
        draft=not approved,
    )


def _chosen(
    workspace: Workspace, principal: Principal, plan_id: str, version: int | None, *, draft: bool
) -> tuple[PlanVersion, bool]:
    """Return the version to write and whether it is in force."""
    newest = workspace.store.plans.version(principal, plan_id)
    try:
        in_force = workspace.store.plans.approved(principal, plan_id)
    except ApprovalRequired as missing:
        if not draft:
            raise ApprovalRequired(
                missing.message,
                hint="Have a manager decide on it, or export it as a draft (--draft).",
                review=f"/plans/{plan_id}?v={newest.version}",
            ) from missing
        in_force = None
    if in_force is not None and version in {None, in_force.version}:
        return in_force, True
    if not draft:
        raise ApprovalRequired(
            f"Version {version} of plan {plan_id} is not the one in force.",
            hint="Leave the version out to export the one in force, or ask for a draft (--draft).",
            review=f"/plans/{plan_id}?v={newest.version}",
        )
    return workspace.store.plans.version(principal, plan_id, version), False


def without_unsourced_competitors(view: PlanView) -> PlanView:
    """Return a view without competitor claims that nothing supports, nor their sources.

    The place of each is kept by a sentence saying that something was left out.
    """
    accused = {item.claim for item in view.blockers if item.code == "competitor_unsourced"}
    if not accused:
        return view
    withheld: set[str] = set()
    kept: set[str] = set()
    for sentence in _sentences(view):
        cited = {pill.evidence_id for pill in sentence.pills if pill.evidence_id}
        cited |= {part.evidence_id for part in sentence.parts if part.evidence_id}
        (withheld if sentence.key in accused else kept).update(cited)
    gone = withheld - kept

    def without(sentence: Sentence) -> Sentence:
        if sentence.key not in accused:
            return sentence
        return sentence.model_copy(
            update={"parts": (Part(text=LEFT_OUT),), "pills": (), "remarks": (), "author": None}
        )

    def cell(cell: Cell) -> Cell:
        if cell.sentence is None or cell.sentence.key not in accused:
            return cell
        return cell.model_copy(update={"text": LEFT_OUT, "sentence": without(cell.sentence)})

    def table(table: TableView) -> TableView:
        rows = tuple(tuple(cell(item) for item in row) for row in table.rows)
        return table.model_copy(update={"rows": rows})

    sections = tuple(
        section.model_copy(
            update={
                "sentences": tuple(without(item) for item in section.sentences),
                "tables": tuple(table(item) for item in section.tables),
                "summary": LEFT_OUT
                if any(item.key in accused for item in section.sentences[:1])
                else section.summary,
            }
        )
        for section in view.sections
    )
    return view.model_copy(
        update={
            "objective": without(view.objective),
            "sections": sections,
            "sources": tuple(item for item in view.sources if item.evidence_id not in gone),
            "computed": tuple(item for item in view.computed if item.evidence_id not in gone),
        }
    )


def _sentences(view: PlanView) -> Iterator[Sentence]:
    yield view.objective
    for section in view.sections:
        yield from section.sentences
        for table in section.tables:
            for row in table.rows:
                yield from (cell.sentence for cell in row if cell.sentence)


def _decision_on(
    workspace: Workspace, principal: Principal, version: PlanVersion
) -> Decision | None:
    decisions = workspace.store.decisions.on(principal, "plan", version.plan_id)
    return next((item for item in decisions if item.subject_version == version.version), None)


def stamped_markdown(text: str, decision: Decision | None) -> str:
    """Return a document with the decision that it is in force by, or stamped DRAFT."""
    if decision is not None:
        return f"{text}Decision {decision.decision_id}, row {decision.row_hash}.\n"
    return f"> **{DRAFT}**\n\n{text}\n> **{DRAFT}**\n"


def stamped_json(key: str, view: Record, decision: Decision | None) -> str:
    """Return a view under `key`, beside the decision that it is in force by or its stamp."""
    told = {
        "approved": decision is not None,
        "stamp": None if decision is not None else DRAFT,
        "decision": decision.model_dump(mode="json") if decision is not None else None,
        key: view.model_dump(mode="json"),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "account"
