"""What a model is told about a quarter: settled sentences, and the evidence behind them."""

from __future__ import annotations

from collections.abc import Iterator

from agent.cycle.context import CycleBrief
from agent.model.tokens import tokens_of
from agent.prompting import load_prompt, numbered, visible_json
from agent.showing import evidence_line
from domain.cycle import Figure
from domain.evidence import Evidence
from domain.record import Record, canonical_json

PROMPT = "quarter"
EVIDENCE_TOKENS = 4_900


def quarter_messages(brief: CycleBrief) -> list[dict[str, str]]:
    """Return the messages that ask a model to word a quarter's opening."""
    prompt = load_prompt(PROMPT)
    asked = prompt.fill(
        kind="review" if brief.kind == "review" else "territory plan",
        quarter=brief.quarter.label,
        period=str(brief.quarter.period),
        head=visible_json(brief.head),
        as_of=brief.as_of.isoformat(),
        currency=brief.currency,
        strategy=visible_json(brief.coverage.strategy.statement),
        sentences=numbered(
            {"key": item.claim.key, "section": item.section, "text": item.claim.text}
            for item in brief.own.sentences
        ),
        evidence=numbered(map(evidence_line, shown_evidence(brief))),
        remarks=numbered(
            {"by": remark.person_name, "text": remark.text} for remark in brief.remarks
        ),
        violations=numbered(brief.violations),
    )
    return [
        {"role": "system", "content": prompt.standing},
        {"role": "user", "content": asked},
    ]


def shown_evidence(brief: CycleBrief) -> list[Evidence]:
    """Return the evidence a model is shown, in order of id: what our own sentences rest on,
    then the figures of the tables, while they fit."""
    left, kept = EVIDENCE_TOKENS, {}
    for evidence_id in dict.fromkeys([*_cited(brief), *_figures(brief.parts)]):
        if evidence_id not in brief.ledger:
            continue
        item = brief.ledger[evidence_id]
        left -= tokens_of(canonical_json(evidence_line(item)))
        if left < 0:
            break
        kept[evidence_id] = item
    return [kept[key] for key in sorted(kept)]


def _cited(brief: CycleBrief) -> Iterator[str]:
    for item in brief.own.sentences:
        yield from (slot.evidence_id for slot in item.claim.slots)
        yield from (citation.evidence_id for citation in item.claim.citations)


def _figures(node: object) -> Iterator[str]:
    """Yield the evidence of every figure in a record, in the order of its fields."""
    if isinstance(node, Figure):
        if node.evidence_id is not None:
            yield node.evidence_id
    elif isinstance(node, Record):
        for name in type(node).model_fields:
            yield from _figures(getattr(node, name))
    elif isinstance(node, tuple):
        for item in node:
            yield from _figures(item)
