"""The embedded writer of a review: what was planned, what came, why, and what to decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from agent.cycle.adjustment_sentences import adjustment_sentences
from agent.cycle.carried_sentences import carried_sentences
from agent.cycle.cause_sentences import cause_sentences
from agent.cycle.change_sentences import change_sentences
from agent.cycle.context import CycleContext, ReviewParts
from agent.cycle.pen import Pen
from agent.cycle.summary_sentences import summary_sentences
from domain.cycle import CycleDraft, CycleSection, DraftSentence
from domain.evidence import Ledger
from domain.plan import Claim
from domain.review import NotProposed


def review_draft(context: CycleContext, parts: ReviewParts, ledger: Ledger) -> CycleDraft:
    """Write the sentences of a review.

    Keys: `summary.*`, `cause.REP`, `change.TRIGGER_ID`, `adjustment.N`, `against.N`,
    `not_proposed.N`, and for carried claims their own.
    """
    rules = context.side.coverage.review
    return written(parts, ledger, small=Decimal(repr(rules.potential_amount)))


def written(parts: ReviewParts, ledger: Ledger, *, small: Decimal) -> CycleDraft:
    """Write a review's sentences over its ledger; money below `small` is called small.

    The same for the same parts and ledger. What the ledger does not hold is not written.
    """
    pen = Pen(ledger)
    by_id = {trigger.trigger_id: trigger for trigger in parts.triggers}
    changes = list(change_sentences(pen, parts.triggers))
    told = frozenset(claim.key for claim in changes)
    advice = list(adjustment_sentences(pen, parts.adjustments, by_id, told, small))
    refused = list(_refused(pen, parts.not_proposed))
    sections: tuple[tuple[CycleSection, Sequence[Claim]], ...] = (
        ("summary", list(summary_sentences(pen, parts, changes, advice))),
        ("figures", list(cause_sentences(pen, parts.data, parts.triggers))),
        ("changes", changes),
        ("adjustments", [*advice, *refused]),
        ("carried", list(carried_sentences(pen, parts.carried))),
    )
    return CycleDraft(
        sentences=[
            DraftSentence(section=section, claim=claim)
            for section, claims in sections
            for claim in claims
        ]
    )


def _refused(pen: Pen, rows: Sequence[NotProposed]) -> Iterator[Claim]:
    """Say once for each account that wanting it changes nothing."""
    for number, row in enumerate(rows, start=1):
        cited = pen.all_of(row.evidence)
        if not cited:
            continue
        account = cited[0].entity.partition("/")[0]
        told = pen.write(
            f"not_proposed.{number}", "recommendation", account,
            "Not proposed: giving {{name}} to somebody who asked for it. Wanting an account is no "
            "reason to redraw territories.",
            {"name": pen.name(account)}, cites=cited,
        )  # fmt: skip
        if told is not None:
            yield told
