"""What every check is given: the ledger as one reader may use it, and one claim read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from agent.render import SLOT, NotWritable, render
from agent.verifier.places import Place
from agent.verifier.words import find_words, normalise
from agent.view import Part
from domain.coverage import CoverageModel
from domain.evidence import REPS_JOINED_BY, DocumentSource, Evidence, HumanSource, Ledger
from domain.period import Period
from domain.plan import Citation, Claim, Finding, Slot
from domain.principal import Principal
from domain.record import text_hash

SLOT_MARK = "\ufffc"
NAME_MARK = "\ue001"
QUOTE_MARK = "\ue000"
_QUOTED = re.compile(r"[“„«\"]([^“”„«»\"]*)[”»\"]|(?<!\w)[‘']([^‘’'\n]*\s[^‘’'\n]*)[’'](?!\w)")


@dataclass(frozen=True)
class Case:
    """The ledger, the reader and the rules one draft is checked against."""

    ledger: Ledger
    reader: Principal
    coverage: CoverageModel
    account: str
    as_of: date
    period: Period
    currency: str
    stale: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)
    _intact: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def about(self, account: str) -> Case:
        """Return the same case with another entity at its centre.

        What the ledger holds does not depend on it, and is gathered once for all.
        """
        other = replace(self, account=account)
        other.__dict__["cells"] = self.cells
        other.__dict__["entities"] = self.entities
        return other

    def knows(self, entity: str) -> bool:
        """Say whether an entity is at the centre, in the ledger, or above one that is."""
        return entity == self.account or entity in self.entities

    def usable(self, evidence_id: str) -> Evidence | None:
        """Return the fact when it is in the ledger, unaltered, and the reader may read it."""
        found = self.ledger.entries.get(evidence_id)
        if found is None or found.id != evidence_id or not self.may_read(found):
            return None
        return found

    def may_read(self, evidence: Evidence) -> bool:
        """Say whether the reader's scope covers every rep of the fact; no scope is everybody."""
        if not evidence.scope:
            return True
        return self.reader.scope.covers_all(evidence.scope.split(REPS_JOINED_BY))

    def text_of(self, source: DocumentSource) -> str | None:
        """Return the stored text of a document, or None when it is missing or altered."""
        key = source.document_hash
        text = self.ledger.texts.get(key)
        if text is None:
            return None
        if key not in self._intact:
            self._intact[key] = text_hash(text) == key
        return text if self._intact[key] else None

    @cached_property
    def cells(self) -> dict[tuple[str, str], list[Evidence]]:
        """Readable facts by entity and metric, oldest first."""
        cells: dict[tuple[str, str], list[Evidence]] = {}
        # Entries come in the order of their ids, and sorting keeps that order among equals.
        for item in self.ledger.entries.values():
            if self.may_read(item):
                cells.setdefault((item.entity, item.metric), []).append(item)
        for items in cells.values():
            items.sort(key=lambda item: item.period)
        return cells

    @cached_property
    def entities(self) -> frozenset[str]:
        """Every entity of the ledger, and every entity above one."""
        found = {self.account}
        for item in self.ledger.entries.values():
            path = item.entity
            while path not in found:
                found.add(path)
                path = path.rpartition("/")[0] or path
        return frozenset(found)

    @cached_property
    def segments(self) -> frozenset[str]:
        """Segment entities the account belongs to, as its own records say."""
        return frozenset(
            f"segment:{item.value}"
            for metric in ("segment", "industry")
            for item in self.cells.get((self.account, metric), ())
        )


@dataclass(frozen=True)
class Filled:
    """A slot where it stands: its match in the text and the fact it points at."""

    slot: Slot
    evidence: Evidence | None
    match: re.Match[str]


@dataclass(frozen=True)
class Reading:
    """One claim with its slots and citations looked up."""

    place: Place
    case: Case

    @property
    def claim(self) -> Claim:
        """The claim itself."""
        return self.place.claim

    @cached_property
    def filled(self) -> tuple[Filled, ...]:
        """The declared slots of the text, in order of appearance."""
        slots = {slot.name: slot for slot in self.claim.slots}
        return tuple(
            Filled(slot, self.case.usable(slot.evidence_id), match)
            for match in SLOT.finditer(self.claim.text)
            if (slot := slots.get(match.group(1))) is not None
        )

    @cached_property
    def cited(self) -> tuple[tuple[Citation, Evidence | None], ...]:
        """The citations with the facts they name."""
        return tuple((c, self.case.usable(c.evidence_id)) for c in self.claim.citations)

    @cached_property
    def facts(self) -> tuple[Evidence, ...]:
        """Every usable fact that a slot or citation names, once each, slots first."""
        found: dict[str, Evidence] = {}
        for evidence in (
            *(filled.evidence for filled in self.filled),
            *(evidence for _, evidence in self.cited),
        ):
            if evidence is not None:
                found.setdefault(evidence.id, evidence)
        return tuple(found.values())

    @cached_property
    def metrics(self) -> frozenset[str]:
        """Metrics of the facts named."""
        return frozenset(evidence.metric for evidence in self.facts)

    @cached_property
    def typed_by(self) -> HumanSource | None:
        """The person who typed the sentence: cited human evidence that repeats it."""
        for _, evidence in self.cited:
            if (
                evidence is not None
                and isinstance(evidence.source, HumanSource)
                and normalise(evidence.value) == normalise(self.claim.text)
            ):
                return evidence.source
        return None

    @cached_property
    def good_quotes(self) -> frozenset[str]:
        """Normalised quotes that stand in the span they cite, as whole words."""
        return frozenset(
            normalise(citation.quote)
            for citation, evidence in self.cited
            if citation.quote
            and evidence is not None
            and evidence.kind in ("document", "human")
            and find_words(normalise(citation.quote), normalise(evidence.value)) >= 0
        )

    @cached_property
    def quoted(self) -> tuple[str, ...]:
        """Words in quotation marks that the writer typed, normalised."""
        found = []
        for match in _QUOTED.finditer(self.claim.text):
            inner = normalise(match.group(1) or match.group(2) or "")
            if inner and not SLOT.fullmatch(inner):
                found.append(inner)
        return tuple(found)

    @cached_property
    def bare(self) -> str:
        """The text with one mark for each slot that writes a figure (`SLOT_MARK`) or words
        (`NAME_MARK`), and for each verified quotation (`QUOTE_MARK`)."""

        def hide(match: re.Match[str]) -> str:
            inner = normalise(match.group(1) or match.group(2) or "")
            return QUOTE_MARK if inner.rstrip(",.") in self._good_ends else match.group()

        marks = {
            slot.name: NAME_MARK if slot.format in ("name", "text") else SLOT_MARK
            for slot in self.claim.slots
        }
        text = _QUOTED.sub(hide, self.claim.text) if self.good_quotes else self.claim.text
        return SLOT.sub(lambda m: marks.get(m.group(1), m.group()), text)

    @cached_property
    def _good_ends(self) -> frozenset[str]:
        return frozenset(quote.rstrip(",.") for quote in self.good_quotes)

    @cached_property
    def parts(self) -> tuple[Part, ...] | None:
        """The sentence as a reader would see it, or None when it cannot be written."""
        try:
            return render(self.claim, self.case.ledger, self.case.currency)
        except NotWritable:
            return None

    @cached_property
    def written(self) -> str:
        """The rendered sentence, or the bare text when it cannot be written."""
        return self.bare if self.parts is None else "".join(part.text for part in self.parts)


def struck(check: str, message: str) -> Finding:
    """Return a finding that removes the claim. Its message never repeats the claim's words."""
    return Finding(check=check, effect="strike", message=message)


def flagged(check: str, message: str) -> Finding:
    """Return a finding that marks the claim as weak."""
    return Finding(check=check, effect="flag", message=message)
