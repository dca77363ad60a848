"""Answers under the verifier of plans: what fails is left out, what nothing supports is marked.

Each claim is checked with its own account as the centre, since an answer may speak of
several. The checks, their repairs and their marks are those of `agent.verifier`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.chat.context import ChatContext
from agent.render import render
from agent.verifier.case import Case
from agent.verifier.check import check_claims
from domain.chat import Said
from domain.evidence import CalculationSource, Evidence, Ledger, texts_behind
from domain.period import planning_period
from domain.plan import Claim, Finding

UNSUPPORTED = Finding(check="2", effect="flag", message="No source supports it.")
"""On a sentence that states no figure and no name, and cites nothing."""


def ledger_of(context: ChatContext, evidence: Iterable[Evidence], texts: dict[str, str]) -> Ledger:
    """Freeze what an answer may cite, with the documents behind it and the book's names."""
    items = list(evidence)
    behind = texts_behind(items, texts) | texts_behind(items, context.book.texts)
    return Ledger.of(items, behind, context.vocabulary)


def judge(
    context: ChatContext, claims: Sequence[Claim], ledger: Ledger
) -> tuple[tuple[Said, ...], tuple[str, ...]]:
    """Return the sentences that stand, and why others were left out, in reading order.

    The reasons never repeat the words that were left out.
    """
    as_of = context.book.as_of
    period = planning_period(as_of, context.coverage.planning.period_days)
    whole = Case(
        ledger, context.principal, context.coverage, "", as_of, period, context.book.currency
    )
    cases: dict[str, Case] = {}

    def case(claim: Claim) -> Case:
        about = claim.subject.split("/", 1)[0]
        if about not in cases:
            cases[about] = whole.about(about)
        return cases[about]

    said, omissions = [], []
    for claim, outcome, mark, findings in check_claims(claims, case):
        if outcome == "struck":
            reasons = (finding.message for finding in findings if finding.effect == "strike")
            omissions.append(next(reasons))
            continue
        if not claim.citations and not claim.premises:
            outcome, mark, findings = "flagged", "none", (*findings, UNSUPPORTED)
        text = "".join(part.text for part in render(claim, ledger, context.book.currency))
        said.append(Said(claim=claim, text=text, outcome=outcome, mark=mark, findings=findings))
    return tuple(said), tuple(omissions)


def cited_ledger(ledger: Ledger, said: Sequence[Said], more: Iterable[str]) -> Ledger:
    """Return the part of a ledger that an answer rests on, ancestors of calculations included.

    `more` are ids that tables show. What is not cited is not kept: a turn leaves behind
    what a reader may open, and no more.
    """
    waiting = [*more]
    for item in said:
        waiting += [slot.evidence_id for slot in item.claim.slots]
        waiting += [citation.evidence_id for citation in item.claim.citations]
    kept: dict[str, Evidence] = {}
    while waiting:
        found = ledger.entries.get(waiting.pop())
        if found is None or found.id in kept:
            continue
        kept[found.id] = found
        if isinstance(found.source, CalculationSource):
            waiting += found.source.parents
    return Ledger.of(kept.values(), texts_behind(kept.values(), ledger.texts), ledger.vocabulary)
