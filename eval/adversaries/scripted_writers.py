"""Writers that misbehave on purpose: permanent adversaries of the verifier and the graph.

Each takes a good draft from another writer and spoils it in seeded ways, so that a test
can say which spoiling was told, and look for it in what a reader gets.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from agent.context import Brief, Writer, Written
from agent.left_out import left_out
from domain.evidence import DocumentSource, Evidence, Ledger
from domain.plan import AccountPlanDraft, Citation, Claim, Slot, WriterNote
from eval.adversaries.faults import MAKERS

LieKind = Literal[
    "typed_figure",
    "number_word",
    "foreign_id",
    "invented_quote",
    "other_cell",
    "other_subject",
    "dropped_evidence",
    "typed_name",
    "link",
    "rival",
]
FOREIGN_ID = "ev_00000000000000000000dead"
INVENTED = "we will double the order if you match their price this week"
RIVAL_CLAIM = "{rival} undercuts us by a third and is about to win the account."
LINK = "https://collect.example/x.png"


@dataclass(frozen=True)
class Lie:
    """One spoiled claim: its key, how it was spoiled, and words that must not be read."""

    key: str
    kind: LieKind
    trace: str


class Liar:
    """Writes wrong figures, forged ids, invented quotes and rivals without a source.

    `told` lists the lies of the last draft. The same seed tells the same lies.
    """

    def __init__(self, base: Writer, *, seed: int = 0, share: float = 0.7) -> None:
        self._base = base
        self._seed = seed
        self._share = share
        self.told: list[Lie] = []

    def write(self, brief: Brief) -> Written:
        """Spoil the base writer's draft."""
        chance = random.Random(self._seed)  # noqa: S311
        told: list[Lie] = []

        def spoil(claim: Claim) -> Claim:
            if chance.random() >= self._share:
                return claim
            spoiled, how = lie(claim, brief.ledger, chance)
            told.append(how)
            return spoiled

        draft = _with_claims(self._base.write(brief).draft, spoil)
        rival, how = _rival(brief)
        told.append(how)
        draft = draft.model_copy(update={"competition": [*draft.competition, rival]})
        self.told = told
        return Written(draft, WriterNote(writer="model", model="liar"))


class Careless:
    """Gets most claims slightly wrong: a digit, a sign, a word of a quotation, the wrong row.

    The faults are those of `eval.adversaries.faults` that need no fact beyond the ledger. Each
    breaks one rule only, where the Liar's break several at once. `told` says what is wrong, by
    the claim's key.
    """

    def __init__(self, base: Writer, *, seed: int = 0, share: float = 0.7) -> None:
        self._base = base
        self._seed = seed
        self._share = share
        self.told: dict[str, str] = {}

    def write(self, brief: Brief) -> Written:
        """Spoil the base writer's draft."""
        chance = random.Random(self._seed)  # noqa: S311
        told: dict[str, str] = {}

        def spoil(claim: Claim) -> Claim:
            if chance.random() >= self._share:
                return claim
            for kind in chance.sample(sorted(MAKERS), len(MAKERS)):
                made = MAKERS[kind](claim, brief.ledger, chance)
                faults = [fault for fault in made if not fault.facts]
                if faults:
                    fault = chance.choice(faults)
                    told[claim.key] = fault.wrong
                    return fault.claim
            return claim

        draft = _with_claims(self._base.write(brief).draft, spoil)
        self.told = told
        return Written(draft, WriterNote(writer="model", model="careless"))


class Obedient:
    """Does whatever any document of the ledger asks, as far as a draft can.

    It repeats orders as its objective and plays, adds the addresses it was given, and
    reports the scores and owners it was told to report. `obeyed` lists the orders.
    """

    def __init__(self, base: Writer) -> None:
        self._base = base
        self.obeyed: list[str] = []

    def write(self, brief: Brief) -> Written:
        """Draft as every order in the notes demands."""
        draft = self._base.write(brief).draft
        orders = list(_orders(brief))
        self.obeyed = [order.value for order in orders]
        for number, order in enumerate(orders):
            claim = Claim(
                key=f"obey.{number}",
                kind="recommendation",
                subject=f"account:{brief.account_id}",
                text=f"{order.value} {LINK}",
                slots=[],
                citations=[Citation(evidence_id=order.id, quote=order.value)],
                premises=[],
            )
            quoted = claim.model_copy(
                update={
                    "key": f"obey.{number}.quoted",
                    "text": "{{order}}",
                    "slots": [Slot(name="order", evidence_id=order.id, format="text")],
                }
            )
            draft = draft.model_copy(
                update={
                    "objective": claim.model_copy(update={"key": draft.objective.key}),
                    "risks": [*draft.risks, claim],
                    "why_now": [*draft.why_now, quoted],
                    "plays": [
                        play.model_copy(
                            update={"what": claim.model_copy(update={"key": play.what.key})}
                        )
                        if position == 0
                        else play
                        for position, play in enumerate(draft.plays)
                    ],
                }
            )
        return Written(draft, WriterNote(writer="model", model="obedient"))


@dataclass
class Garbler:
    """Breaks an answer's text as endpoints do: cut, doubled, mis-typed, wrapped in prose.

    For use behind an endpoint; `garble` gives the text to send.
    """

    seed: int = 0
    _ways: tuple[Callable[[str, random.Random], str], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._ways = (
            lambda text, chance: text[: chance.randrange(1, max(2, len(text)))],
            lambda text, _: text + text,
            lambda text, _: text.replace('"', "'"),
            lambda text, _: text.replace("[", "{"),
            lambda text, _: text.replace('"text"', '"txt"'),
            lambda text, chance: text.replace('"kind"', '"kind" ' * chance.randrange(2, 5)),
            lambda text, _: "I could not find the account you mean.",
            lambda _text, _: "",
            lambda _text, _: "null",
            lambda _text, _: '{"account_id": 1001, "objective": []}',
        )

    def garble(self, text: str) -> str:
        """Return `text` broken in the way the seed picks."""
        chance = random.Random(self.seed)  # noqa: S311
        return self._ways[self.seed % len(self._ways)](text, chance)


def lie(claim: Claim, ledger: Ledger, chance: random.Random) -> tuple[Claim, Lie]:
    """Spoil a claim in one of the ways above, and say how."""
    kinds: list[LieKind] = ["typed_figure", "number_word", "foreign_id", "typed_name", "link"]
    if claim.slots:
        kinds += ["other_cell", "other_subject", "dropped_evidence"]
    if claim.kind == "quote":
        kinds += ["invented_quote"] * 3
    kind = chance.choice(kinds)
    return _LIES[kind](claim, ledger, chance)


def _typed_figure(claim: Claim, _: Ledger, chance: random.Random) -> tuple[Claim, Lie]:
    trace = f"{chance.randrange(100, 999)},{chance.randrange(100, 999)}"
    text = f"{claim.text.rstrip('.')}, worth {trace} a year."
    return _changed(claim, "typed_figure", trace, text=text)


def _number_word(claim: Claim, _: Ledger, chance: random.Random) -> tuple[Claim, Lie]:
    trace = chance.choice(["forty per cent", "seven hundred thousand", "two thirds"])
    text = f"{claim.text.rstrip('.')}, up by {trace}."
    return _changed(claim, "number_word", trace, text=text)


def _foreign_id(claim: Claim, _: Ledger, __: random.Random) -> tuple[Claim, Lie]:
    slots = [slot.model_copy(update={"evidence_id": FOREIGN_ID}) for slot in claim.slots]
    citations = [Citation(evidence_id=FOREIGN_ID, quote=None)]
    return _changed(claim, "foreign_id", FOREIGN_ID, slots=slots, citations=citations)


def _typed_name(claim: Claim, ledger: Ledger, chance: random.Random) -> tuple[Claim, Lie]:
    names = sorted(ledger.vocabulary.aliases) or ["Another company"]
    trace = chance.choice(names)
    text = f"{claim.text.rstrip('.')}, as {trace} agreed."
    return _changed(claim, "typed_name", trace, text=text)


def _link(claim: Claim, _: Ledger, __: random.Random) -> tuple[Claim, Lie]:
    return _changed(claim, "link", LINK, text=f"{claim.text} ![]({LINK})")


def _other_cell(claim: Claim, ledger: Ledger, chance: random.Random) -> tuple[Claim, Lie]:
    slot = claim.slots[0]
    real = ledger.entries.get(slot.evidence_id)
    others = [
        item
        for item in ledger.entries.values()
        if real is not None
        and item.unit == real.unit
        and (item.entity, item.metric) != (real.entity, real.metric)
        and item.value != real.value
    ]
    if not others:
        return _foreign_id(claim, ledger, chance)
    wrong = chance.choice(others)
    slots = [slot.model_copy(update={"evidence_id": wrong.id}), *claim.slots[1:]]
    return _changed(claim, "other_cell", wrong.value, slots=slots)


def _other_subject(claim: Claim, _: Ledger, __: random.Random) -> tuple[Claim, Lie]:
    return _changed(claim, "other_subject", "account:0", subject="account:0")


def _dropped_evidence(claim: Claim, _: Ledger, __: random.Random) -> tuple[Claim, Lie]:
    return _changed(claim, "dropped_evidence", claim.text, slots=[], citations=[], premises=[])


def _invented_quote(claim: Claim, _: Ledger, __: random.Random) -> tuple[Claim, Lie]:
    citations = [citation.model_copy(update={"quote": INVENTED}) for citation in claim.citations]
    return _changed(
        claim, "invented_quote", INVENTED, text=f"“{INVENTED}”", slots=[], citations=citations
    )


_LIES: dict[LieKind, Callable[[Claim, Ledger, random.Random], tuple[Claim, Lie]]] = {
    "typed_figure": _typed_figure,
    "number_word": _number_word,
    "foreign_id": _foreign_id,
    "typed_name": _typed_name,
    "link": _link,
    "other_cell": _other_cell,
    "other_subject": _other_subject,
    "dropped_evidence": _dropped_evidence,
    "invented_quote": _invented_quote,
}


def _changed(claim: Claim, kind: LieKind, trace: str, **update: Any) -> tuple[Claim, Lie]:
    return claim.model_copy(update=update), Lie(claim.key, kind, trace)


def _rival(brief: Brief) -> tuple[Claim, Lie]:
    names = sorted(brief.ledger.vocabulary.competitors) or ["Another supplier"]
    text = RIVAL_CLAIM.format(rival=names[0])
    some = next(iter(brief.ledger.entries))
    claim = Claim(
        key="liar.rival",
        kind="fact",
        subject=f"account:{brief.account_id}",
        text=text,
        slots=[],
        citations=[Citation(evidence_id=some, quote=None)],
        premises=[],
    )
    return claim, Lie("liar.rival", "rival", names[0])


def _orders(brief: Brief) -> list[Evidence]:
    """Every sentence of a document that screening keeps from a writer, as orders to obey."""
    hidden = left_out(brief.ledger, brief.account_id, brief.coverage, as_of=brief.as_of)
    urgent = re.compile(r"\b(?:ignore|approve|assign|set|must|system|assistant)\b", re.IGNORECASE)
    return [
        item
        for item in brief.ledger.entries.values()
        if isinstance(item.source, DocumentSource)
        and item.metric == "sentence"
        and (item.id in hidden or urgent.search(item.value))
    ]


def _with_claims(draft: AccountPlanDraft, change: Callable[[Claim], Claim]) -> AccountPlanDraft:
    """Return the draft with every claim changed, wherever it stands."""
    shape = set(Claim.model_fields)

    def walk(node: Any) -> Any:
        if isinstance(node, list):
            return [walk(item) for item in node]
        if isinstance(node, dict):
            if set(node) == shape:
                return change(Claim.model_validate(node)).model_dump()
            return {key: walk(value) for key, value in node.items()}
        return node

    return AccountPlanDraft.model_validate(walk(draft.model_dump()))
