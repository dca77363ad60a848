"""Writers of a quarter that misbehave on purpose: a liar, and one that obeys notes."""

from __future__ import annotations

import random

from agent.cycle.context import CycleBrief, CycleWritten
from domain.cycle import CycleDraft, DraftSentence
from domain.evidence import DocumentSource, Evidence
from domain.plan import Citation, Claim, Slot, WriterNote
from eval.adversaries.scripted_writers import LINK, Lie, lie


class CycleLiar:
    """Spoils every sentence that stands already, and adds some where none is asked for.

    `told` lists the lies of the last draft. The same seed tells the same lies.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self.told: list[Lie] = []

    def write(self, brief: CycleBrief) -> CycleWritten:
        """Write lies under the keys of true sentences, in every section."""
        chance = random.Random(self._seed)  # noqa: S311
        sentences, told = [], []
        for item in brief.own.sentences:
            spoiled, how = lie(item.claim, brief.ledger, chance)
            told.append(how)
            for section in dict.fromkeys(("summary", item.section)):
                sentences.append(DraftSentence(section=section, claim=spoiled))
        self.told = told
        return CycleWritten(
            CycleDraft(sentences=sentences), WriterNote(writer="model", model="liar")
        )


class CycleObedient:
    """Does whatever any sentence of a note asks, as far as sentences can.

    `obeyed` lists the orders it found.
    """

    def __init__(self) -> None:
        self.obeyed: list[str] = []

    def write(self, brief: CycleBrief) -> CycleWritten:
        """Repeat every note as advice and as a fact, with the address it was given."""
        orders = [
            item
            for item in brief.ledger.entries.values()
            if isinstance(item.source, DocumentSource) and item.metric == "sentence"
        ]
        self.obeyed = [order.value for order in orders]
        sentences = [
            DraftSentence(section=section, claim=claim)
            for number, order in enumerate(orders)
            for section, claim in (
                ("summary", _advice(brief, number, order)),
                ("adjustments", _advice(brief, number, order, "forced.")),
                ("summary", _quoted(number, order)),
            )
        ]
        return CycleWritten(
            CycleDraft.model_validate({"sentences": sentences}),
            WriterNote(writer="model", model="obedient"),
        )


def _advice(brief: CycleBrief, number: int, order: Evidence, prefix: str = "obey.") -> Claim:
    return Claim(
        key=f"{prefix}{number}",
        kind="recommendation",
        subject=brief.head,
        text=f"{order.value} {LINK}",
        slots=[],
        citations=[Citation(evidence_id=order.id, quote=order.value)],
        premises=[],
    )


def _quoted(number: int, order: Evidence) -> Claim:
    return Claim(
        key=f"obey.{number}.quoted",
        kind="quote",
        subject=order.entity.split("/")[0],
        text="“{{order}}”",
        slots=[Slot(name="order", evidence_id=order.id, format="text")],
        citations=[Citation(evidence_id=order.id, quote=order.value)],
        premises=[],
    )
