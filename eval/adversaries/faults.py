"""The kinds of faults that can be planted in a claim, one maker each.

A maker yields every fault of its kind that a claim offers, and none where the claim has
no figure, quotation or citation to spoil.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from agent.render import UNITS_OF_FORMAT, format_value
from domain.evidence import DocumentSource, Evidence, Ledger
from domain.plan import Citation, Claim, Slot, SlotFormat
from domain.record import decimal_string

FIGURES = frozenset(
    {"money", "count", "share", "change", "ratio", "hours", "days", "points", "date"}
)


@dataclass(frozen=True)
class Fault:
    """A changed claim, what is wrong with it, and facts that the ledger needs besides."""

    claim: Claim
    wrong: str
    facts: tuple[Evidence, ...] = ()


Maker = Callable[[Claim, Ledger, random.Random], Iterator[Fault]]


def _figures(claim: Claim, ledger: Ledger) -> Iterator[tuple[Slot, Evidence]]:
    for slot in claim.slots:
        evidence = ledger.entries.get(slot.evidence_id)
        if evidence is not None and evidence.unit in FIGURES:
            yield slot, evidence


def _text(claim: Claim, text: str) -> Claim:
    return claim.model_copy(update={"text": text})


def _around(claim: Claim, slot: Slot, before: str, after: str) -> Claim:
    mark = f"{{{{{slot.name}}}}}"
    return _text(claim, claim.text.replace(mark, f"{before}{mark}{after}"))


def _pointing(claim: Claim, old: str, new: str) -> Claim:
    """Point slots and citations of one fact at another."""
    slots = [
        slot.model_copy(update={"evidence_id": new}) if slot.evidence_id == old else slot
        for slot in claim.slots
    ]
    citations = [
        item.model_copy(update={"evidence_id": new}) if item.evidence_id == old else item
        for item in claim.citations
    ]
    return claim.model_copy(update={"slots": slots, "citations": citations})


def _digit(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for slot, evidence in _figures(claim, ledger):
        written = format_value(evidence, slot.format, "USD")
        places = [at for at, char in enumerate(written) if char.isdigit()]
        at = rng.choice(places)
        digit = str((int(written[at]) + rng.randint(1, 9)) % 10)
        wrong = written[:at] + digit + written[at + 1 :]
        mark = f"{{{{{slot.name}}}}}"
        slots = [item for item in claim.slots if item.name != slot.name]
        changed = {"text": claim.text.replace(mark, wrong), "slots": slots}
        yield Fault(claim.model_copy(update=changed), "a typed figure with a wrong digit")
    word = rng.choice(("seven", "a dozen", "three quarters", "twice as many", "forty-two"))
    yield Fault(_text(claim, f"{claim.text} That is {word} more."), "an invented figure in words")


def _scale(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for slot, _ in _figures(claim, ledger):
        for after in ("K", " million", " thousand", "0", "M", "00", " hundred"):
            yield Fault(_around(claim, slot, "", after), "a figure scaled by what follows it")
        for before in ("1", "twice ", "half ", "ten times "):
            yield Fault(_around(claim, slot, before, ""), "a figure scaled by what precedes it")


def _unit(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for slot, evidence in _figures(claim, ledger):
        for form in UNITS_OF_FORMAT:
            if evidence.unit not in UNITS_OF_FORMAT[form]:
                yield Fault(_formatted(claim, slot, form), f"{evidence.unit} written as {form}")
        if evidence.unit not in ("date", "days"):
            yield Fault(_around(claim, slot, "", " weeks"), "a figure called weeks")
        if evidence.unit != "share":
            yield Fault(_around(claim, slot, "", " percent"), "a figure called per cent")


def _formatted(claim: Claim, slot: Slot, form: SlotFormat) -> Claim:
    slots = [
        item.model_copy(update={"format": form}) if item.name == slot.name else item
        for item in claim.slots
    ]
    return claim.model_copy(update={"slots": slots})


def _currency(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for slot, evidence in _figures(claim, ledger):
        if evidence.unit == "money":
            for before, after in (("€", ""), ("£", ""), ("", " EUR"), ("", " euros"), ("CHF ", "")):
                yield Fault(_around(claim, slot, before, after), "an amount in another currency")


def _period(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for _slot, evidence in _figures(claim, ledger):
        if "/" not in evidence.period:
            continue
        for other in ledger.of_entity(evidence.entity):
            if (
                other.entity == evidence.entity
                and other.unit == evidence.unit
                and "/" in other.period
                and other.period != evidence.period
            ):
                yield Fault(
                    _pointing(claim, evidence.id, other.id), "a figure of another period", ()
                )
        older = _older(evidence, rng, years=rng.randint(1, 3))
        yield Fault(
            _pointing(claim, evidence.id, older.id), "a figure of an earlier window", (older,)
        )
        if "past year" in claim.text:
            for wrong in ("past quarter", "past month", "past week", "past decade"):
                yield Fault(
                    _text(claim, claim.text.replace("past year", wrong)), "a window misnamed"
                )


def _older(evidence: Evidence, rng: random.Random, *, years: int) -> Evidence:
    """A version of a fact from earlier, with another value."""
    ends = [date.fromisoformat(day) for day in evidence.period.split("/")]
    period = "/".join((day - timedelta(days=365 * years)).isoformat() for day in ends)
    return evidence.model_copy(update={"period": period, "value": _other_value(evidence, rng)})


def _other_value(evidence: Evidence, rng: random.Random) -> str:
    if evidence.unit == "date":
        day = date.fromisoformat(evidence.value)
        return (day - timedelta(days=rng.randint(20, 400))).isoformat()
    if evidence.unit in FIGURES:
        return decimal_string(Decimal(evidence.value) * rng.randint(2, 9) + 1)
    return f"{evidence.value} {rng.choice(('North', 'South', 'West'))}"


_OPPOSITES = (
    ("up", "down"), ("recovered", "fell"), ("fell", "rose"), ("rose", "fell"),
    ("grew", "shrank"), ("down", "up"),
)  # fmt: skip


def _sign(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for slot, evidence in _figures(claim, ledger):
        mark = re.escape(f"{{{{{slot.name}}}}}")
        if evidence.unit == "change":
            for word, opposite in _OPPOSITES:
                text = re.sub(rf"\b{word} {mark}", f"{opposite} {{{{{slot.name}}}}}", claim.text)
                if text != claim.text:
                    yield Fault(_text(claim, text), "the opposite direction in words")
        if evidence.unit != "date":
            for before in ("-", "minus ", "−", "negative "):
                yield Fault(_around(claim, slot, before, ""), "a figure with its sign turned")


def _rank(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    by_metric = {evidence.metric: evidence for _, evidence in _figures(claim, ledger)}
    rank, of = by_metric.get("rank"), by_metric.get("rank_of")
    if rank is not None and of is not None:
        swapped = _pointing(claim, rank.id, "swap")
        swapped = _pointing(_pointing(swapped, of.id, rank.id), "swap", of.id)
        yield Fault(swapped, "rank and number ranked exchanged")
        yield Fault(_pointing(claim, rank.id, of.id), "the number ranked given as rank")
    elif claim.kind in ("metric", "fact"):
        for word in ("largest", "highest", "most valuable", "second-largest", "fastest-growing"):
            yield Fault(
                _text(claim, f"{claim.text} It is the {word} account of the territory."),
                "a rank that nothing supports",
            )
        for word in ("third", "second", "fourteenth"):
            yield Fault(
                _text(claim, f"{claim.text} It comes {word} in the territory."), "an invented rank"
            )


def _entity(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for evidence in _named_parts(claim, ledger):
        for other in ledger.entries.values():
            if other.metric == evidence.metric and other.entity != evidence.entity:
                yield Fault(_pointing(claim, evidence.id, other.id), "the name of something else")
    for _slot, evidence in _figures(claim, ledger):
        for other in ledger.entries.values():
            if (
                other.metric == evidence.metric
                and other.unit == evidence.unit
                and other.entity != evidence.entity
            ):
                yield Fault(_pointing(claim, evidence.id, other.id), "a figure of something else")
        stranger = evidence.model_copy(
            update={"entity": "account:9999", "value": _other_value(evidence, rng)}
        )
        yield Fault(
            _pointing(claim, evidence.id, stranger.id), "a figure of another account", (stranger,)
        )
        for subject in ("account:9999", "rep:999", evidence.entity + "/contact:C-99"):
            yield Fault(
                claim.model_copy(update={"subject": subject}), "a figure told of something else"
            )


def _named_parts(claim: Claim, ledger: Ledger) -> Iterator[Evidence]:
    """Names that the sentence says something about, so that another name makes it wrong."""
    about = {item.entity for _, item in _figures(claim, ledger)} | {claim.subject}
    for slot in claim.slots:
        evidence = ledger.entries[slot.evidence_id]
        if slot.format == "name" and evidence.entity in about and "/" in evidence.entity:
            yield evidence


def _metric(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for slot, evidence in _figures(claim, ledger):
        taken = {item.evidence_id for item in claim.slots}
        for other in ledger.of_entity(evidence.entity):
            if (
                other.entity == evidence.entity
                and other.unit == evidence.unit
                and other.metric != evidence.metric
                and other.value != evidence.value
                and other.id not in taken
            ):
                yield Fault(
                    _pointing(claim, evidence.id, other.id),
                    f"{other.metric} told as {evidence.metric} ({slot.name})",
                )


def _quote(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for position, citation in enumerate(claim.citations):
        if not citation.quote:
            continue
        words = citation.quote.split()
        at = rng.randrange(len(words))
        swapped = [*words[:at], rng.choice(("never", "gladly", "cheaper", "nowhere")), *words[at:]]
        dropped = [*words[:at], *words[at + 1 :]]
        turned = words[::-1]
        replaced = [*words]
        replaced[at] = rng.choice(("profit", "discount", "warranty", "nobody"))
        for wrong, changed in (
            ("a word added to a quotation", swapped),
            ("a word taken out of a quotation", dropped if 0 < at < len(words) - 1 else turned),
            ("a word of a quotation exchanged", replaced),
            ("the words of a quotation turned round", turned),
        ):
            yield Fault(_quoting(claim, position, citation, " ".join(changed)), wrong)


def _quoting(claim: Claim, position: int, citation: Citation, quote: str) -> Claim:
    citations = list(claim.citations)
    citations[position] = citation.model_copy(update={"quote": quote})
    assert citation.quote is not None
    text = claim.text.replace(citation.quote, quote)
    return claim.model_copy(update={"text": text, "citations": citations})


def _spans(claim: Claim, ledger: Ledger) -> Iterator[tuple[Citation, Evidence, DocumentSource]]:
    for citation in claim.citations:
        evidence = ledger.entries.get(citation.evidence_id)
        if evidence is not None and isinstance(evidence.source, DocumentSource):
            yield citation, evidence, evidence.source


def _offset(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for _, evidence, source in _spans(claim, ledger):
        for shift in (1, -1, rng.randint(2, 9), rng.randint(10, 40)):
            moved = source.model_copy(
                update={"start": max(0, source.start + shift), "end": source.end + shift}
            )
            if (moved.start, moved.end) == (source.start, source.end):
                continue
            fact = evidence.model_copy(update={"source": moved})
            yield Fault(
                _pointing(claim, evidence.id, fact.id), "a span at the wrong place", (fact,)
            )


def _wrong_document(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for citation, evidence, source in _spans(claim, ledger):
        if not citation.quote:
            continue
        for other in ledger.entries.values():
            if isinstance(other.source, DocumentSource) and (
                other.source.document_hash != source.document_hash
            ):
                yield Fault(
                    _pointing(claim, evidence.id, other.id), "words given to another document"
                )
                copied = evidence.model_copy(update={"source": other.source})
                yield Fault(
                    _pointing(claim, evidence.id, copied.id),
                    "words said to stand in another document",
                    (copied,),
                )


def _foreign_id(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for citation in claim.citations:
        evidence = ledger.entries[citation.evidence_id]
        made_up = "ev_" + "".join(rng.choice("0123456789abcdef") for _ in range(24))
        yield Fault(_pointing(claim, evidence.id, made_up), "an id that does not exist")
        unknown = evidence.model_copy(update={"value": _other_value(evidence, rng)})
        yield Fault(_pointing(claim, evidence.id, unknown.id), "an id of another ledger")
        hidden = evidence.model_copy(update={"scope": "999", "value": _other_value(evidence, rng)})
        yield Fault(
            _pointing(claim, evidence.id, hidden.id), "evidence the reader may not see", (hidden,)
        )


def _dropped_citation(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    needed = {slot.evidence_id for slot in claim.slots}
    for position, citation in enumerate(claim.citations):
        if citation.evidence_id in needed or len(claim.citations) == 1:
            citations = [*claim.citations[:position], *claim.citations[position + 1 :]]
            changed = claim.model_copy(update={"citations": citations})
            yield Fault(changed, "a statement without its citation")
    if claim.citations and not claim.premises:
        bare = claim.model_copy(update={"citations": []})
        yield Fault(bare, "a statement without any citation")


def _stale(claim: Claim, ledger: Ledger, rng: random.Random) -> Iterator[Fault]:
    for _slot, evidence in _figures(claim, ledger):
        if evidence.period:
            older = _older(evidence, rng, years=rng.randint(1, 4))
            yield Fault(
                _pointing(claim, evidence.id, older.id), "an older version of a cell", (older,)
            )
    for _, evidence, source in _spans(claim, ledger):
        published = (source.published or date(2020, 1, 1)) - timedelta(days=rng.randint(800, 3000))
        # Where a document was read and when is no part of the fact's identity.
        aged = evidence.model_copy(
            update={"source": source.model_copy(update={"published": published})}
        )
        yield Fault(claim, "a document that is years old", (aged,))


MAKERS: dict[str, Maker] = {
    "digit": _digit,
    "scale": _scale,
    "unit": _unit,
    "currency": _currency,
    "period": _period,
    "sign": _sign,
    "rank": _rank,
    "entity": _entity,
    "metric": _metric,
    "quote": _quote,
    "offset": _offset,
    "wrong document": _wrong_document,
    "foreign id": _foreign_id,
    "dropped citation": _dropped_citation,
    "stale version": _stale,
}
"""The kinds of faults, and what plants each."""
