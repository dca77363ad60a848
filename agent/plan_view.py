"""A stored plan version as one view, from which page, print, Markdown and terminal are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from agent.plan_checks import plan_checks
from agent.plan_sources import Sources, freshness_at, long_day, value_text
from agent.plan_tables import (
    in_hours,
    milestones_table,
    people_table,
    plays_table,
    whitespace_table,
)
from agent.render import format_value, render
from agent.verifier.places import walk
from agent.verifier.words import normalise
from agent.view import FindingView, PlanView, ScoreRow, SectionView, Sentence, TableView
from domain.coverage import CoverageModel
from domain.decision import Decision
from domain.evidence import HumanSource, Ledger
from domain.findings import told
from domain.plan import (
    SECTION_TITLES,
    Claim,
    PlanContent,
    PlanVersion,
    SectionKey,
    SlotFormat,
    WriterNote,
)

SUMMARY_LENGTH = 96
_FACTS: tuple[tuple[str, str, SlotFormat], ...] = (
    ("Net spend", "net_spend_12m", "money_short"),
    ("open potential", "open_potential", "money_short"),
    ("last order", "last_order_date", "date"),
    ("last touch", "last_touch_date", "date"),
)


def view_plan(
    version: PlanVersion,
    ledger: Ledger,
    coverage: CoverageModel,
    *,
    score_parts: Sequence[Mapping[str, Any]] | None = None,
    newest_version: int,
    decision: Decision | None = None,
    decided_by: str | None = None,
    recheck: Iterable[str] = (),
) -> PlanView:
    """Render a plan version.

    Parameters
    ----------
    version
        A settled version: nothing struck is in its draft.
    ledger
        The ledger it was drafted on.
    coverage
        For tier labels, and how fresh a source is at the plan's book.
    decided_by
        The name of whoever decided; their id is written without it.
    score_parts
        Rows with `fact`, `dimension`, `points`, and where known `label`, `value`, `bin`
        and `change`, as the score explains itself. None takes the cells of the ledger.
    newest_version
        Number of the plan's newest version.
    decision
        The decision on this version, if there is one.
    recheck
        Lines about cells that changed since, from a newer book or coverage model.

    Returns
    -------
    PlanView
        Sources are numbered in order of first citation; at most two marks a sentence.
    """
    content = version.content
    sources = Sources(ledger, content.currency, freshness_at(coverage, content.as_of))
    say = _speaker(content, ledger, sources)
    objective = say(content.draft.objective)
    sections = tuple(_section(key, content, ledger, sources, say) for key in SECTION_TITLES)
    score = _score(content, ledger, score_parts)
    return PlanView(
        plan_id=version.plan_id,
        version=version.version,
        newest_version=newest_version,
        base_version=version.base_version,
        status=version.status,
        plan_hash=content.plan_hash,
        title=f"{content.account_name}: account plan",
        account_id=content.account_id,
        account_name=content.account_name,
        owner_id=content.owner_id,
        owner_name=content.owner_name,
        tier_label=_tier_label(content.tier, coverage),
        tier_note=content.tier_note,
        facts_line=_facts_line(content, ledger),
        period=f"{long_day(content.period_start)} to {long_day(content.period_end)}",
        as_of=content.as_of,
        currency=content.currency,
        writer_note=writer_note(content.writer),
        objective=objective,
        sections=sections,
        sources=sources.numbered(),
        computed=sources.computed(),
        score=score,
        rank=_rank(content, ledger, score),
        checks=tuple(plan_checks(content)),
        capacity_line=_capacity_line(content),
        capacity_share=_share(content.schedule.plan_hours, content.schedule.selling_hours),
        committed_share=_share(content.schedule.committed_hours, content.schedule.selling_hours),
        blockers=content.report.blockers,
        warnings=content.report.warnings,
        omissions=content.report.omissions,
        remarks=content.remarks,
        findings=tuple(
            FindingView(
                number=number,
                said=told(finding, content.currency),
                reason=finding.reason,
                person_name=finding.person_name,
                said_on=finding.said_on,
            )
            for number, finding in enumerate(content.plan_findings, start=1)
        ),
        recheck=tuple(recheck),
        created_at=version.created_at,
        created_by=version.created_by,
        decision=_decision_line(decision, decided_by),
    )


def writer_note(note: WriterNote) -> str:
    """Say who wrote a version, and at what cost."""
    if note.writer == "model":
        words = f"Written with the language model {note.model or 'unknown'}"
        if note.prompt:
            words += f", prompt {note.prompt} version {note.prompt_version}"
        words += f", {note.input_tokens + note.output_tokens:,} tokens"
        if note.cost:
            words += f", cost {note.cost}"
    elif note.writer == "person":
        words = "Edited by a person; no language model used"
    else:
        words = "No language model used"
    return f"{words}. {note.notice}" if note.notice else words


def _speaker(content: PlanContent, ledger: Ledger, sources: Sources) -> Callable[[Claim], Sentence]:
    results = {result.key: result for result in content.report.claims}
    roles = {place.claim.key: place.role for place in walk(content.draft)}

    def say(claim: Claim) -> Sentence:
        result = results.get(claim.key)
        remarks = [finding.message for finding in result.findings] if result else []
        author = _author(claim, ledger)
        role = roles.get(claim.key)
        if role == "against":
            remarks.append("The strongest case against this plan.")
        elif claim.kind == "assumption" and role != "unknown":
            remarks.append("Assumption.")
        if result and result.mark == "weak" and not result.findings:
            remarks.append("Paraphrase: compare it with the source.")
        return Sentence(
            key=claim.key,
            parts=render(claim, ledger, content.currency),
            pills=sources.pills(claim, result),
            mark=result.mark if result else "weak",
            outcome=result.outcome if result else "flagged",
            remarks=tuple(dict.fromkeys(remarks)),
            author=author,
        )

    return say


def _author(claim: Claim, ledger: Ledger) -> str | None:
    for citation in claim.citations:
        evidence = ledger.entries.get(citation.evidence_id)
        if (
            evidence is not None
            and isinstance(evidence.source, HumanSource)
            and normalise(evidence.value) == normalise(claim.text)
        ):
            return evidence.source.person
    return None


def _section(
    key: SectionKey,
    content: PlanContent,
    ledger: Ledger,
    sources: Sources,
    say: Callable[[Claim], Sentence],
) -> SectionView:
    draft = content.draft
    claims: dict[SectionKey, list[Claim]] = {
        "where_we_stand": draft.where_we_stand,
        "why_now": draft.why_now,
        "buying_group": draft.buying_group,
        "whitespace": draft.whitespace,
        "competition": draft.competition,
        "plays": draft.success,
        "risks": [*draft.risks, *([draft.against] if draft.against else []), *draft.unknowns],
    }
    sentences = tuple(say(claim) for claim in claims[key])
    tables: list[TableView] = []
    if key == "buying_group" and draft.people:
        tables.append(people_table(content, ledger, sources, say))
    elif key == "whitespace" and draft.products:
        tables.append(whitespace_table(content, ledger, sources))
    elif key == "plays":
        if draft.plays:
            tables.append(plays_table(content, ledger, say))
        if draft.milestones:
            tables.append(milestones_table(content, say))
    gap = next((item.message for item in content.report.gaps if item.section == key), None)
    return SectionView(
        key=key,
        title=SECTION_TITLES[key],
        summary=_summary(key, sentences, content, gap),
        sentences=sentences,
        tables=tuple(tables),
        gap=gap,
        blockers=tuple(item for item in content.report.blockers if item.section == key),
    )


def _summary(
    key: SectionKey, sentences: Sequence[Sentence], content: PlanContent, gap: str | None
) -> str:
    if key == "plays" and content.draft.plays:
        count = len(content.draft.plays)
        return f"{count} {'play' if count == 1 else 'plays'}, {content.schedule.plan_hours} h"
    text = sentences[0].text if sentences else (gap or "")
    if len(text) <= SUMMARY_LENGTH:
        return text
    return text[: SUMMARY_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _facts_line(content: PlanContent, ledger: Ledger) -> str:
    entity = f"account:{content.account_id}"
    said = []
    for label, metric, form in _FACTS:
        found = ledger.find(entity, metric)
        if found is not None:
            said.append(f"{label} {format_value(found, form, content.currency)}")
        if metric == "net_spend_12m":
            rank, of = ledger.find(entity, "rank"), ledger.find(entity, "rank_of")
            if rank is not None and of is not None:
                said.append(f"rank {rank.value} of {of.value}")
    line = " · ".join(said)
    return line[:1].upper() + line[1:]


def _score(
    content: PlanContent, ledger: Ledger, parts: Sequence[Mapping[str, Any]] | None
) -> tuple[ScoreRow, ...]:
    """Return the base, the parts by falling size, and the total; nothing without a score."""
    entity = f"account:{content.account_id}"
    base, total = ledger.find(entity, "score_base"), ledger.find(entity, "score")
    if parts is None:
        parts = [
            {"fact": item.metric.removeprefix("points:"), "points": item.value}
            for item in ledger.of_entity(entity)
            if item.entity == entity and item.metric.startswith("points:")
        ]
    rows = [
        ScoreRow(
            fact=str(part["fact"]),
            label=str(part.get("label") or part["fact"]).replace("_", " "),
            dimension=str(part.get("dimension") or ""),
            value=str(part.get("value") or ""),
            bin=str(part.get("bin") or ""),
            points=int(part["points"]),
            kind="part",
            change=str(part.get("change") or ""),
        )
        for part in parts
    ]
    if total is None:
        return ()
    points = int(Decimal(total.value))
    summed = sum(row.points for row in rows)
    start = int(Decimal(base.value)) if base is not None else points - summed
    rows.sort(key=lambda row: (-abs(row.points), row.fact))
    ends = [
        ScoreRow(fact=name, label=label, dimension="", value="", bin="", points=value, kind=kind)
        for name, label, value, kind in (
            ("base", "Base", start, "base"),
            ("score", "Score", points, "total"),
        )
    ]
    # Parts from another book than the plan's would not add up to its score: show none.
    return (ends[0], *rows, ends[1]) if start + summed == points else ()


def _rank(content: PlanContent, ledger: Ledger, score: Sequence[ScoreRow]) -> str:
    entity = f"account:{content.account_id}"
    rank, of = ledger.find(entity, "rank"), ledger.find(entity, "rank_of")
    total = ledger.find(entity, "score")
    words = f"Score {value_text(total, content.currency).lstrip('+')}" if total else ""
    if rank is not None and of is not None:
        place = f"rank {rank.value} of {of.value}"
        words = f"{words}, {place}" if words else place[:1].upper() + place[1:]
    return words


def _capacity_line(content: PlanContent) -> str:
    schedule = content.schedule
    line = (
        f"This plan takes {in_hours(schedule.plan_hours)} of {content.owner_name}'s "
        f"{in_hours(schedule.selling_hours)} selling hours in the period; the tier gives "
        f"{in_hours(schedule.tier_hours)}, other approved plans take "
        f"{in_hours(schedule.committed_hours)}."
    )
    visits = any(play.kind == "visit" for play in content.draft.plays)
    return f"{line} A visit is a {schedule.travel_note}." if visits else line


def _share(part: str, whole: str) -> float:
    total = Decimal(whole or "0")
    return round(float(Decimal(part or "0") / total), 4) if total else 0.0


def _tier_label(key: str, coverage: CoverageModel) -> str:
    return next((tier.label for tier in coverage.tiers if tier.key == key), key)


def _decision_line(decision: Decision | None, decided_by: str | None) -> str | None:
    if decision is None:
        return None
    day = long_day(date.fromisoformat(decision.decided_at[:10]))
    line = f"{decision.verdict.capitalize()} by {decided_by or decision.decided_by} on {day}"
    reason = decision.request.reason if decision.request is not None else ""
    return f"{line}: {reason}" if reason else f"{line}."
