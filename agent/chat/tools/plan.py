"""The plan of an account: where it stands, who decides what next, and what it says."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from agent.chat.context import ChatContext
from agent.chat.scope import demand_account
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.looked_up import LookedUp
from agent.chat.tools.pieces import cell_of
from agent.chat.tools.plan_cells import STATUS, hours_of, play_cells, standing_of
from agent.verifier.markup import is_plain
from domain.chat import AnswerTable, Artifact, Focus, Offer, TableCell
from domain.evidence import (
    CalculationSource,
    DocumentSource,
    Evidence,
    Ledger,
)
from domain.plan import Claim, PlanStatus, PlanVersion, PlayKind

NEXT: dict[PlanStatus, str] = {
    "in_review": "Next, a manager who sees the account gives a verdict on the review page.",
    "approved": "It is in force: nothing waits for a decision.",
    "returned": "Next, it has to be revised: the remarks of the review stand on its page.",
    "rejected": "It was turned down: a new draft would begin afresh.",
    "superseded": "A newer version has taken its place.",
}
BLOCKED = "Something blocks its approval and has to be cleared first; see the review page."
STALE = "A newer book or other rules have become current since: it needs a re-check."
EARLIER = "It was drafted on an earlier book; its figures are read on its own page."
KINDS: dict[PlayKind, str] = {
    "call": "call", "email": "e-mail", "meeting": "meeting", "visit": "visit", "demo": "demo",
    "internal": "internal work",
}  # fmt: skip
MOST_TOLD = 2
MOST_PLAYS = 3


class AccountPlan(Arguments):
    """What `account_plan` is given."""

    account_id: str = Field(description="The account's id, as `find_accounts` gives it.")


def account_plan(context: ChatContext, arguments: AccountPlan) -> Told:
    """Tell the newest plan version of an account, or why there is none.

    NotFound where the account is missing or outside the scope.
    """
    account_id = demand_account(context, arguments.account_id)
    rows = context.desk.plans(account_id)
    if not rows:
        return _none(context, account_id)
    row = rows[0]
    version = context.desk.plan_version(row.plan_id, row.version)
    ledger = context.desk.plan_ledger(row.plan_id, row.version)
    look = LookedUp(context)
    _tell_status(look, account_id, version)
    of_now = version.content.as_of == context.book.as_of
    told = [claim for claim in _chosen(version, ledger) if of_now or _lasts(claim, ledger)]
    look.keep(*(item for claim in told for item in _cited(claim, ledger)))
    look.keep_behind(*_behind(look.evidence, ledger))
    look.claims += told
    notes = [NEXT[row.status]]
    if row.status == "in_review" and row.blockers:
        notes = [BLOCKED]
    if row.stale:
        notes.append(STALE)
    if not of_now:
        notes.append(EARLIER)
    if len(rows) > 1:
        notes.append("There are plans of other periods beside it.")
    tables = _tables(look, version)  # which adds to the evidence told below
    return Told(
        evidence=look.evidence,
        shown=look.shown,
        claims=tuple(look.claims),
        tables=tables,
        notes=tuple(notes),
        rows=len(version.content.draft.plays),
        note=f"version {row.version}, {STATUS[row.status]}",
        offers=(
            Offer(label="Revise it with a remark of yours", text=f"/revise {account_id}"),
            Offer(label="Who decides there", text=f"/people {account_id}"),
            Offer(label="The account in short", text=f"/brief {account_id}"),
        ),
        artifacts=(
            Artifact(
                type="plan", id=row.plan_id, version=row.version,
                link=f"/plans/{row.plan_id}?v={row.version}",
            ),
        ),
        focus=Focus(accounts=(account_id,), plan_id=row.plan_id, command="plan"),
        texts=_texts(look.evidence, ledger),
    )  # fmt: skip


def _none(context: ChatContext, account_id: str) -> Told:
    """Say that there is no plan, and offer one where the tier and the owner admit it."""
    look = LookedUp(context)
    entity = f"account:{account_id}"
    look.say(
        "tier", "fact", entity, "{{name}} is {{tier}}.",
        name=(look.account(account_id), "name"), tier=(look.cell(entity, "tier"), "name"),
    )  # fmt: skip
    depth = context.coverage.tier(context.analyses.tiers.of(account_id)).plan
    drafts: tuple[Offer, ...] = ()
    if context.book.owners[account_id] is None:
        note = "There is no plan, and none is drafted: no rep owns the account."
    elif depth == "none":
        note = "There is no plan, and none is drafted: its tier gets none."
    else:
        note = "There is no plan yet."
        drafts = (Offer(label="Draft its plan", text=f"/draft {account_id}"),)
    return Told(
        evidence=look.evidence,
        shown=look.shown,
        claims=tuple(look.claims),
        notes=(note,),
        note="no plan",
        offers=(
            *drafts,
            Offer(label="Why it stands where it stands", text=f"/why {account_id}"),
            Offer(label="The account in short", text=f"/brief {account_id}"),
        ),
        focus=Focus(accounts=(account_id,), command="plan"),
    )


def _tell_status(look: LookedUp, account_id: str, version: PlanVersion) -> None:
    """Say which version is the newest, where it stands, its period and its hours."""
    entity = f"account:{account_id}"
    standing, hours = standing_of(version), hours_of(version)
    look.keep(*standing.values(), *hours.values())
    look.say(
        "status", "fact", entity,
        "The plan of {{name}} is {{status}}: version {{version}}, running from {{start}} to "
        "{{end}}.",
        name=(look.account(account_id), "name"), status=(standing["status"], "text"),
        version=(standing["version"], "number"), start=(standing["start"], "date"),
        end=(standing["end"], "date"),
    )  # fmt: skip
    look.say(
        "hours", "metric", entity,
        "It takes {{plan}} of the owner's {{selling}} selling hours in that time; the tier gives "
        "{{tier}}.",
        plan=(hours["plan_hours"], "hours"), selling=(hours["selling_hours"], "hours"),
        tier=(hours["tier_hours"], "hours"),
    )  # fmt: skip


def _chosen(version: PlanVersion, ledger: Ledger) -> Iterator[Claim]:
    """Choose the objective and the sentences that carry the plan, each with its sources.

    A sentence that rests on others alone is left to the plan's own page.
    """
    draft = version.content.draft
    wanted = [
        draft.objective,
        *draft.where_we_stand[:1],
        *draft.why_now[:MOST_TOLD],
        *(play.what for play in draft.plays[:MOST_PLAYS]),
        *([draft.against] if draft.against else []),
    ]
    seen: set[str] = set()
    for claim in wanted:
        whole = all(item.evidence_id in ledger for item in claim.citations)
        if claim.citations and whole and claim.key not in seen:
            seen.add(claim.key)
            yield claim.model_copy(update={"key": f"plan.{claim.key}", "premises": []})


def _lasts(claim: Claim, ledger: Ledger) -> bool:
    """Say whether a sentence rests on no figure that was computed as of an earlier book."""
    return all(item.kind != "calculation" for item in _cited(claim, ledger))


def _cited(claim: Claim, ledger: Ledger) -> list[Evidence]:
    return [ledger[item.evidence_id] for item in claim.citations]


def _behind(evidence: tuple[Evidence, ...], ledger: Ledger) -> list[Evidence]:
    """Return what the plan's cells were worked out from, as its ledger holds it."""
    waiting, found = list(evidence), dict[str, Evidence]()
    while waiting:
        item = waiting.pop()
        if isinstance(item.source, CalculationSource):
            parents = [ledger[key] for key in item.source.parents if key in ledger]
            waiting += [parent for parent in parents if parent.id not in found]
            found |= {parent.id: parent for parent in parents}
    return list(found.values())


def _texts(evidence: tuple[Evidence, ...], ledger: Ledger) -> dict[str, str]:
    hashes = {
        item.source.document_hash for item in evidence if isinstance(item.source, DocumentSource)
    }
    return {key: ledger.texts[key] for key in sorted(hashes) if key in ledger.texts}


def _tables(look: LookedUp, version: PlanVersion) -> tuple[AnswerTable, ...]:
    """Return the plays with their days and hours, and what blocks approval, in our words."""
    content = version.content
    cells = play_cells(version)
    rows = []
    for number, play in enumerate(content.draft.plays, start=1):
        if play.key in cells:
            due, hours = cells[play.key]
            look.keep_behind(due, hours)
            label = TableCell(text=f"{number}. {KINDS[play.kind]}")
            rows.append((label, cell_of(due, "date"), cell_of(hours, "hours")))
    tables = []
    if rows:
        columns = ("Play", "Due", "Hours")
        tables.append(AnswerTable(title="Plays", columns=columns, rows=tuple(rows)))
    blockers = [item.message for item in content.report.blockers if is_plain(item.message)]
    if blockers and version.status == "in_review":
        tables.append(
            AnswerTable(
                title="What blocks approval",
                columns=("Blocker",),
                rows=tuple((TableCell(text=message),) for message in blockers),
            )
        )
    return tuple(tables)


TOOL = Tool(
    name="account_plan",
    command="plan",
    description=(
        "The newest plan of one account: status, what has to be decided next, objective, main "
        "sentences, plays with dates and hours, what blocks approval; or why there is none."
    ),
    arguments=AccountPlan,
    run=account_plan,
)
