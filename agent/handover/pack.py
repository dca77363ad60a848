"""One account's handover pack: sentences by section, each checked, with numbered sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from agent import gather
from agent.case import Case
from agent.cells import records
from agent.context import Brief, PlanningContext
from agent.handover import claims as said
from agent.handover.plays import plays_of
from agent.handover.promises import promises
from agent.handover.touches import touches_of
from agent.plan_sources import Sources, freshness_at
from agent.questions import document_sentences
from agent.render import render
from agent.screening import screen
from agent.verifier.case import Case as Checked
from agent.verifier.check import check_claims
from agent.view import Sentence, SourceView
from domain.evidence import Evidence, Ledger, texts_behind
from domain.freshness import age_of
from domain.handover import HandedPlan
from domain.period import planning_period
from domain.plan import Claim, ClaimResult
from domain.question import answer_evidence
from domain.record import Record

MOST_PROMISES = 12

SectionName = Literal[
    "relationships", "plays", "promises", "promised_to_us", "business", "questions", "stale"
]
TITLES: dict[SectionName, str] = {
    "relationships": "Relationships",
    "plays": "Open plays of the last approved plan",
    "promises": "What we promised",
    "promised_to_us": "What they said they will do",
    "business": "Orders and open deals",
    "questions": "Contradictions and open questions",
    "stale": "Too old to rely on",
}
_GAPS: dict[SectionName, str] = {
    "relationships": "Nobody at the account is on file, and no touch is.",
    "plays": "No plan of this account was ever approved.",
    "promises": "No note, e-mail or call summary of ours holds a promise in so many words.",
    "promised_to_us": "No document of theirs says what they will do.",
    "business": "No order and no open deal is on record.",
    "questions": "No notes disagree, and nothing was asked.",
    "stale": "No document is older than the coverage model allows.",
}


class HandoverSection(Record):
    """One part of the pack. `note` says what stands behind it or why it is empty."""

    key: SectionName
    title: str
    sentences: tuple[Sentence, ...]
    note: str = ""


class HandoverPack(Record):
    """What is known of an account, for whoever takes it over.

    `left_out` counts the sentences that the check did not let pass; `plan` names the
    version its plays come from, null without one.
    """

    account_id: str
    account_name: str
    owner_id: str | None
    owner_name: str | None
    as_of: date
    currency: str
    plan: str | None
    sections: tuple[HandoverSection, ...]
    sources: tuple[SourceView, ...]
    computed: tuple[SourceView, ...]
    left_out: int


def handover_pack(
    context: PlanningContext, account_id: str, plan: HandedPlan | None, approved_by: str = ""
) -> HandoverPack:
    """Put the pack of an account together; it depends on nothing but the book and the records.

    Parameters
    ----------
    context
        The reading and the reader; a sentence that the reader may not see is left out.
    account_id
        An account within the reader's scope.
    plan
        What its last approved plan hands over, or None.
    approved_by
        Name of who approved that plan.
    """
    book, owner = context.book, context.book.owners[account_id]
    period = planning_period(book.as_of, context.coverage.planning.period_days)
    documents = book.of_account("documents", account_id)
    sentences = [item for key in documents for item in document_sentences(book, key)]
    touches = touches_of(book, account_id)
    handed, lost = plays_of(plan, account_id, owner or "", book.as_of) if plan else ([], 0)
    facts = [
        *gather.cells(context, account_id, period),
        *sentences,
        *_about_documents(context, account_id, documents),
        *touches.evidence(),
        *(answer_evidence(item, owner or "") for item in context.answers(account_id)),
        *(cell for play in handed for cell in (play.due, play.what, play.done_when)),
    ]
    ledger = Ledger.of(facts, texts_behind(facts, book.texts), context.vocabulary)
    case = _case(context, account_id, ledger)
    # A promise does not lapse with the note it stands in; the check says that it is old.
    quotable = {item.id for item in _quotable(ledger, account_id, context)}
    ours, theirs = (
        [item for item in promises(sentences, side) if item.id in quotable]
        for side in ("internal", "customer")
    )
    stale = [entity for entity in _entities(sentences) if _is_stale(entity, sentences, context)]
    drafted: dict[SectionName, list[Claim]] = {
        "relationships": said.relationships(case, touches),
        "plays": said.plays(case, handed),
        "promises": said.promised(case, "promise", ours[:MOST_PROMISES]),
        "promised_to_us": said.promised(case, "theirs", theirs[:MOST_PROMISES]),
        "business": said.business(case),
        "questions": said.asked(case),
        "stale": said.stale(case, stale),
    }
    sources = Sources(ledger, book.currency, freshness_at(context.coverage, book.as_of))
    kept, left_out = _checked(context, account_id, ledger, drafted, sources)
    notes = {key: gap for key, gap in _GAPS.items() if not kept[key]}
    if plan is not None:
        notes["plays"] = _plan_note(plan, approved_by)
    for key, found in (("promises", ours), ("promised_to_us", theirs)):
        if len(found) > MOST_PROMISES:
            notes[key] = f"The newest {MOST_PROMISES} of {len(found)}."  # type: ignore[index]
    return HandoverPack(
        account_id=account_id,
        account_name=case.brief.account_name,
        owner_id=owner,
        owner_name=case.brief.owner_name or None,
        as_of=book.as_of,
        currency=book.currency,
        plan=f"{plan.plan_id} version {plan.version}" if plan else None,
        sections=tuple(
            HandoverSection(key=key, title=title, sentences=kept[key], note=notes.get(key, ""))
            for key, title in TITLES.items()
        ),
        sources=sources.numbered(),
        computed=sources.computed(),
        left_out=left_out + lost,
    )


def _case(context: PlanningContext, account_id: str, ledger: Ledger) -> Case:
    book = context.book
    owner = book.owners[account_id]
    row = book.rows("reps").get(owner) if owner else None
    tier = context.coverage.tier(context.analyses.tiers.of(account_id))
    return Case(
        Brief(
            account_id=account_id,
            account_name=str(book.rows("accounts")[account_id]["name"]),
            owner_id=owner or "",
            owner_name=str(row["name"]) if row is not None else "",
            tier=tier.key,
            depth=tier.plan,
            period=planning_period(book.as_of, context.coverage.planning.period_days),
            as_of=book.as_of,
            currency=book.currency,
            ledger=ledger,
            coverage=context.coverage,
        )
    )


def _about_documents(
    context: PlanningContext, account_id: str, documents: Iterable[str]
) -> Iterable[Evidence]:
    owner = context.book.owners[account_id]
    for key in documents:
        entity = f"account:{account_id}/document:{key}"
        yield from records(context.book, "documents", key, entity, gather.DOCUMENT_FIELDS, owner)


def _quotable(ledger: Ledger, account_id: str, context: PlanningContext) -> Iterable[Evidence]:
    """Yield the sentences that may be quoted, however old they are."""
    screened = screen(ledger, account_id, context.coverage, as_of=None)
    yield from screened.usable
    for pair in screened.conflicts:
        yield from pair


def _entities(sentences: Iterable[Evidence]) -> list[str]:
    return sorted({item.entity for item in sentences})


def _is_stale(entity: str, sentences: Iterable[Evidence], context: PlanningContext) -> bool:
    item = next(one for one in sentences if one.entity == entity)
    age = age_of(item, context.coverage.freshness, context.book.as_of)
    return age is not None and age.stale


def _checked(
    context: PlanningContext,
    account_id: str,
    ledger: Ledger,
    drafted: dict[SectionName, list[Claim]],
    sources: Sources,
) -> tuple[dict[SectionName, tuple[Sentence, ...]], int]:
    """Return the sentences that the verifier lets stand, and how many it does not."""
    book = context.book
    period = planning_period(book.as_of, context.coverage.planning.period_days)
    checked = Checked(
        ledger, context.principal, context.coverage, f"account:{account_id}", book.as_of,
        period, book.currency,
    )  # fmt: skip
    claims = [claim for found in drafted.values() for claim in found]
    results = {
        claim.key: ClaimResult(
            key=claim.key, section="where_we_stand", outcome=outcome, mark=mark, findings=findings
        )
        for claim, outcome, mark, findings in check_claims(claims, lambda _: checked)
    }
    kept: dict[SectionName, tuple[Sentence, ...]] = {}
    left_out = 0
    for section, found in drafted.items():
        stands = [claim for claim in found if results[claim.key].outcome != "struck"]
        left_out += len(found) - len(stands)
        kept[section] = tuple(
            _sentence(claim, results[claim.key], ledger, book.currency, sources) for claim in stands
        )
    return kept, left_out


def _sentence(
    claim: Claim, result: ClaimResult, ledger: Ledger, currency: str, sources: Sources
) -> Sentence:
    return Sentence(
        key=claim.key,
        parts=render(claim, ledger, currency),
        pills=sources.pills(claim, result),
        mark=result.mark,
        outcome=result.outcome,
        remarks=tuple(dict.fromkeys(finding.message for finding in result.findings)),
    )


def _plan_note(plan: HandedPlan, approved_by: str) -> str:
    force = "in force" if plan.in_force else "replaced or edited since"
    return (
        f"Plan {plan.plan_id} version {plan.version}, drafted for {plan.owner_name}, approved by "
        f"{approved_by or plan.approved_by} on {plan.approved_on.isoformat()}, {force}; it ran to "
        f"{plan.period_end.isoformat()}."
    )
