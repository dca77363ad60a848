"""From what was written to what stands: our own sentences, and a model's where they hold.

The embedded writer's sentences say everything that has to be said: the changes, the
recommendations and their counter-case, the action of each red row. A model may word the
summary and the strategy; there, what it wrote and could support takes the place of ours.
"""

from __future__ import annotations

from collections.abc import Sequence

from agent.cycle.context import CycleContext
from agent.cycle.judging import judge
from agent.left_out import left_out
from domain.cycle import (
    REVIEW_SECTIONS,
    TERRITORY_SECTIONS,
    CycleDraft,
    CycleOmission,
    CycleReport,
    CycleSection,
    DraftSentence,
    Sentence,
)
from domain.evidence import DocumentSource, Ledger
from domain.principal import Principal, Scope

MODEL_SECTIONS: tuple[CycleSection, ...] = ("summary", "strategy")
MOST_SENTENCES = 6
_PREFIX = "model."


def settle(
    context: CycleContext, ledger: Ledger, *, own: CycleDraft, written: CycleDraft
) -> CycleReport:
    """Judge every sentence, and put together what stands in reading order."""
    ours, omitted = _judged(context, ledger, own.sentences)
    if written == own:
        return CycleReport(sentences=ours, omissions=omitted)
    theirs, left = _of_model(context, ledger, own, written)
    taken = {item.section for item in theirs}
    kept: list[Sentence] = []
    for section in (*TERRITORY_SECTIONS, *(key for key in REVIEW_SECTIONS if key != "summary")):
        source = theirs if section in taken else ours
        kept += [item for item in source if item.section == section]
    keys = {item.claim.key for item in kept}
    loosened = tuple(_without_lost(item, keys) for item in kept)
    return CycleReport(sentences=loosened, omissions=(*omitted, *left))


def violations_of(context: CycleContext, ledger: Ledger, written: CycleDraft) -> tuple[str, ...]:
    """What a model should hear about: the sentences that would be left out, and why."""
    asked = [item for item in written.sentences if item.section in MODEL_SECTIONS]
    kept, omitted = _judged(context, ledger, asked)
    standing = {item.claim.key for item in kept}
    struck = [item.claim.key for item in asked if item.claim.key not in standing]
    told = [f"{key}: {item.reason}" for key, item in zip(struck, omitted, strict=False)]
    told += [f"{item.claim.key}: {_NOT_YOURS}" for item in _foreign(written)]
    return tuple(told)


_NOT_YOURS = "Tables, changes and recommendations are settled; only a summary is asked for."


def _of_model(
    context: CycleContext, ledger: Ledger, own: CycleDraft, written: CycleDraft
) -> tuple[list[Sentence], list[CycleOmission]]:
    asked = [item for item in written.sentences if item.section in MODEL_SECTIONS]
    told = _renamed(asked[: MOST_SENTENCES * len(MODEL_SECTIONS)])
    keys = {item.claim.key for item in told}
    # Ours go along, so that a recommendation may rest on them.
    kept, omitted = _judged(context, ledger, [*told, *own.sentences])
    ours = len(_judged(context, ledger, own.sentences)[1])
    left = list(omitted[: len(omitted) - ours])
    left += [
        CycleOmission(section=item.section, what="A sentence", reason=_NOT_YOURS, check="section")
        for item in _foreign(written)
    ]
    theirs = [item for item in kept if item.claim.key in keys and item.mark not in ("none", "weak")]
    return theirs, left


def _foreign(written: CycleDraft) -> list[DraftSentence]:
    return [item for item in written.sentences if item.section not in MODEL_SECTIONS]


def _renamed(sentences: Sequence[DraftSentence]) -> list[DraftSentence]:
    """Give a model's sentences keys of their own, so that none takes the place of ours."""
    keys = {item.claim.key for item in sentences}
    return [
        item.model_copy(
            update={
                "claim": item.claim.model_copy(
                    update={
                        "key": _PREFIX + item.claim.key,
                        "premises": [
                            _PREFIX + key if key in keys else key for key in item.claim.premises
                        ],
                    }
                )
            }
        )
        for item in sentences
    ]


def _without_lost(item: Sentence, keys: set[str]) -> Sentence:
    premises = [key for key in item.claim.premises if key in keys]
    if len(premises) == len(item.claim.premises):
        return item
    return item.model_copy(update={"claim": item.claim.model_copy(update={"premises": premises})})


def _judged(
    context: CycleContext, ledger: Ledger, sentences: Sequence[DraftSentence]
) -> tuple[tuple[Sentence, ...], tuple[CycleOmission, ...]]:
    side = context.side
    return judge(
        sentences,
        ledger,
        reader_of(context),
        side.coverage,
        as_of=side.as_of,
        period=context.quarter.period,
        currency=side.book.currency,
        left_out=_screened(context, ledger),
    )


def reader_of(context: CycleContext) -> Principal:
    """Return the reader a plan is judged for: its reps, so that it says the same to all."""
    return Principal(
        person="reps:" + ",".join(sorted(context.reps)),
        name=context.name,
        workspace=context.principal.workspace,
        roles=frozenset({"rep"}),
        scope=Scope(reps=frozenset(context.reps)),
    )


def _screened(context: CycleContext, ledger: Ledger) -> frozenset[str]:
    """Ids of sentences that read like orders to a machine, or are left out for another reason."""
    accounts = {
        item.entity.split("/")[0].removeprefix("account:")
        for item in ledger.entries.values()
        if isinstance(item.source, DocumentSource) and item.entity.startswith("account:")
    }
    found: set[str] = set()
    for account in sorted(accounts):
        found |= left_out(ledger, account, context.side.coverage, as_of=context.side.as_of)
    return frozenset(found)
