"""What was planted in an example book, and whether a plan or report shows it.

A planted insight must be quoted or cited by the plan of its account; a planted trap must
be listed where `expect` says: among the quality findings, or among the omissions, flags,
warnings or unknowns of the account's plan.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from domain.book import QualityReport
from domain.evidence import DocumentSource, Ledger
from domain.plan import PlanContent


@dataclass(frozen=True)
class Insight:
    """A decision-relevant fact that a good plan of `account_id` finds.

    Either `must_contain` are words of the document `document_id`, verbatim; or `metric`
    is the cell that a claim has to cite.
    """

    account_id: str
    key: str
    document_id: str | None
    must_contain: str
    metric: str | None


@dataclass(frozen=True)
class Trap:
    """Something doubtful that must be seen, and where: `quality`, `omission` or `flag`.

    `phrases` are words of its documents that no plan may state as fact.
    """

    kind: str
    account_ids: tuple[str, ...]
    rows: tuple[str, ...]
    document_ids: tuple[str, ...]
    expect: str
    text: str
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planted:
    """Everything planted in one book."""

    insights: tuple[Insight, ...]
    traps: tuple[Trap, ...]


def read_planted(path: Path) -> Planted:
    """Read `planted.toml`; KeyError when an entry lacks a field it needs."""
    data = tomllib.loads(path.read_text())
    return Planted(
        tuple(
            Insight(
                item["account_id"],
                item["key"],
                item.get("document_id"),
                item.get("must_contain", ""),
                item.get("metric"),
            )
            for item in data.get("insight", ())
        ),
        tuple(
            Trap(
                item["kind"],
                _listed(item.get("account_id", ())),
                _listed(item.get("rows", ())),
                _listed(item.get("document_ids", ())),
                item["expect"],
                item["text"],
                _listed(item.get("phrases", ())),
            )
            for item in data.get("trap", ())
        ),
    )


def insight_is_found(insight: Insight, content: PlanContent, ledger: Ledger) -> bool:
    """Say whether a surviving claim cites the cell, or a span that holds the words."""
    wanted = " ".join(insight.must_contain.split())
    for _, claim in content.draft.claims():
        cited = {citation.evidence_id for citation in claim.citations}
        for evidence_id in cited | {slot.evidence_id for slot in claim.slots}:
            evidence = ledger[evidence_id]
            if insight.metric is not None:
                if evidence.metric == insight.metric and evidence.is_about(
                    f"account:{insight.account_id}"
                ):
                    return True
                continue
            source = evidence.source
            if not isinstance(source, DocumentSource):
                continue
            said = " ".join(evidence.value.split())
            if source.document_id == insight.document_id and wanted in said:
                return True
    return False


def trap_is_in_quality(trap: Trap, report: QualityReport) -> bool:
    """Say whether every row of the trap is named by the import's quality findings."""
    named = {row for finding in report.findings for row in finding.rows}
    return set(trap.rows or trap.document_ids) <= named


def trap_is_in_plan(trap: Trap, content: PlanContent, ledger: Ledger) -> bool:
    """Say whether the plan leaves the trap's documents out with a reason, or flags them.

    A document counts as flagged when every claim that cites it carries a finding or is
    told as an unknown; documents that contradict each other, when one unknown cites all.
    A trap without documents is in no plan.
    """
    if not trap.document_ids:
        return False
    report = content.report
    together = any(
        {_document_of(ledger, citation.evidence_id) for citation in claim.citations}
        >= set(trap.document_ids)
        for claim in content.draft.unknowns
    )
    if together:
        return True
    told = {word for item in report.omissions if item.reason for word in item.what.split()}
    unknowns = {claim.key for claim in content.draft.unknowns}
    for document_id in trap.document_ids:
        if document_id in told:
            continue
        citing = [
            claim.key
            for _, claim in content.draft.claims()
            for citation in claim.citations
            if _document_of(ledger, citation.evidence_id) == document_id
        ]
        results = [report.result(key) for key in citing]
        flagged = citing and all(
            key in unknowns or (result is not None and result.findings)
            for key, result in zip(citing, results, strict=True)
        )
        if not flagged:
            return False
    return True


def _document_of(ledger: Ledger, evidence_id: str) -> str | None:
    source = ledger[evidence_id].source
    return source.document_id if isinstance(source, DocumentSource) else None


def _listed(value: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
