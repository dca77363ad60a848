"""What a plan says of notes that disagreed and that a person was asked about.

The answer is told beside both sources, in the person's own words. One that speaks of a
competitor is shown as that person's statement alone: it is no published source, and
blocks approval like any other statement of its kind.
"""

from __future__ import annotations

from agent.case import Case
from agent.claims import claim
from agent.questions import in_order
from agent.verifier.competitors import mentions_competitor
from domain.evidence import Evidence
from domain.plan import Citation, Claim
from domain.question import ANSWER_METRIC, held_side, question_entity, question_id

Pair = tuple[Evidence, Evidence]


def answer_to(case: Case, pair: Pair) -> Evidence | None:
    """Return the answer in force to which of two sentences holds, or None."""
    asked = question_id(case.brief.account_id, pair[0].id, pair[1].id)
    return case.cell(ANSWER_METRIC, question_entity(case.brief.account_id, asked))


def open_conflicts(case: Case) -> list[Pair]:
    """Return the pairs of sentences that nobody answered yet, in order."""
    return [pair for pair in case.screened.conflicts if answer_to(case, pair) is None]


def answered(case: Case) -> list[Claim]:
    """Tell each pair that somebody answered, with the answer."""
    claims: list[Claim] = []
    for pair in case.screened.conflicts:
        answer = answer_to(case, pair)
        if answer is not None:
            claims.append(_told(case, f"stand.answered.{len(claims)}", pair, answer))
    return claims


def _told(case: Case, key: str, pair: Pair, answer: Evidence) -> Claim:
    if mentions_competitor(answer.value, case.ledger.vocabulary):
        return _as_typed(case, key, pair, answer)
    first, second = in_order(pair)
    side = held_side(answer)
    if side == "second":
        first, second = second, first
    text = "Asked whether “{{a}}” or “{{b}}” holds, the answer is “{{answer}}”"
    if side is not None:
        text = "Of “{{a}}” and “{{b}}” the former holds, says who was asked: “{{answer}}”"
    return claim(
        key, "quote", case.subject, text,
        a=(first, "text"), b=(second, "text"), answer=(answer, "text"),
    )  # fmt: skip


def _as_typed(case: Case, key: str, pair: Pair, answer: Evidence) -> Claim:
    return Claim(
        key=key,
        kind="fact",
        subject=case.subject,
        text=answer.value,
        slots=[],
        citations=[
            Citation(evidence_id=answer.id, quote=None),
            *(Citation(evidence_id=item.id, quote=item.value) for item in in_order(pair)),
        ],
        premises=[],
    )
