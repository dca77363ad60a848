"""Check 8: the figure belongs to the subject, the measure and the period of the words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from agent.verifier.case import NAME_MARK, SLOT_MARK, Case, Filled, Reading, flagged, struck
from agent.verifier.measures import (
    EARLIER,
    EXCLUSIVE,
    FAMILIES,
    QUALIFIERS,
    STRONG,
    UNSPOKEN,
    WINDOW,
    WINDOW_DAYS,
    Measure,
    kin,
    measure_of,
)
from agent.verifier.words import content_words
from domain.evidence import Evidence
from domain.plan import Finding

_MARKS = re.compile(f"[{SLOT_MARK}{NAME_MARK}]")
_IN_TIME = ("last", "previous", "next")
_LETTERS = re.compile(r"[^\W\d_]")
_CLAUSE = re.compile(r"[,;:!?()]|\.\s|\s[–—]\s|\.$")
_LINKING = re.compile(
    r"\s+(?:is|are|was|were|of|at|about|around|now|stands|stood|comes|to|the|a|worth|=|:|\s)*$"
)
_SUPERLATIVE = re.compile(
    r"\b(?:largest|biggest|highest|lowest|smallest|top-ranked|best-ranked|foremost"
    r"|fastest-growing|most valuable|number-one|leading account)\b",
    re.IGNORECASE,
)


def entity(reading: Reading) -> Iterator[Finding]:
    """Every slot is about the subject or a part of it, and so is one cited fact."""
    subject, case = reading.claim.subject, reading.case
    for filled in reading.filled:
        evidence = filled.evidence
        if evidence is not None and not _belongs(evidence, subject, case):
            yield struck("8", "A slot's cell is about something else than the statement.")
            return
    if reading.facts and not any(_belongs(item, subject, case) for item in reading.facts):
        yield struck("8", "Nothing it cites is about what the statement is about.")
    yield from _parts(reading)


def _belongs(evidence: Evidence, subject: str, case: Case) -> bool:
    if evidence.is_about(subject):
        return True
    if "/document:" not in evidence.entity and evidence.kind not in ("document", "human"):
        return False
    # Documents speak about whole accounts and segments, and so about the people there.
    root = evidence.entity.split("/", 1)[0]
    return root == subject.split("/", 1)[0] or (
        root in case.segments and subject.split("/", 1)[0] == case.account
    )


def _parts(reading: Reading) -> Iterator[Finding]:
    """A figure of a part of the subject stands behind the name of that very part."""
    subject = reading.claim.subject
    named: list[str] = []
    waiting: list[str] = []
    for filled in reading.filled:
        evidence = filled.evidence
        if evidence is None or evidence.entity == subject:
            continue
        if filled.slot.format in ("name", "text"):
            if waiting and evidence.entity in waiting:
                waiting.remove(evidence.entity)
            named.append(evidence.entity)
        elif not named:
            waiting.append(evidence.entity)
        elif _of_kind(named, evidence.entity) != evidence.entity:
            waiting.append(evidence.entity)
            break
    if waiting:
        yield struck("8", "A figure of one part of the subject stands without that part's name.")


def _of_kind(named: list[str], entity: str) -> str:
    """Return the last named part of the same kind (contact, gap, opportunity ...)."""
    kind = entity.rpartition("/")[2].partition(":")[0]
    same = [name for name in named if name.rpartition("/")[2].partition(":")[0] == kind]
    return same[-1] if same else ""


def measure(reading: Reading) -> Iterator[Finding]:
    """The words around a figure name its measure and no other."""
    text = reading.bare
    spots = [match.start() for match in _MARKS.finditer(text)]
    for position, filled in enumerate(reading.filled):
        evidence = filled.evidence
        if evidence is None or filled.slot.format in ("name", "text"):
            continue
        known = measure_of(evidence.metric)
        if known is None:
            yield from _by_its_name(evidence, text)
        elif len(spots) == len(reading.filled):
            yield from _named(reading, text, spots[position], filled, known)
    yield from _qualified(reading)
    if _SUPERLATIVE.search(reading.bare) and not any(_is_rank(item) for item in reading.facts):
        yield flagged("8", "It ranks without citing a rank.")


def _named(
    reading: Reading, text: str, spot: int, filled: Filled, known: Measure
) -> Iterator[Finding]:
    assert filled.evidence is not None
    start, stop = _clause_bounds(text, spot)
    if start > 1 and not _LETTERS.search(text[start:stop]):
        start = _clause_bounds(text, start - 1)[0]  # "its peers, {{p75}}, ...": an apposition
    clause = text[start:stop]
    own_here = _speaks_of(clause, known.families)
    strong = _strong_families(clause)
    foreign = bool(strong) and not strong & set(known.families)
    if foreign and not own_here:
        yield struck("8", "The words beside a figure name another measure than its cell's.")
    elif (bound := _bound_word(text[start:spot])) and bound not in known.families:
        yield struck("8", "The words before a figure name another measure than its cell's.")
    elif not _speaks_of(text, known.families):
        yield flagged("8", "No word of it names the measure of a figure.")
    if known.needs and not QUALIFIERS[known.needs].search(text):
        yield flagged("8", "It does not say which of several like measures a figure is.")
    if "potential" in known.families and any(
        QUALIFIERS[name].search(text) and name not in kin(filled.evidence.metric)
        for name in ("upper", "top")
    ):
        yield flagged("8", "It does not say which of several like measures a figure is.")
    said_here = {name for name in _IN_TIME if QUALIFIERS[name].search(clause)}
    if "order" in known.families and said_here and not said_here & kin(filled.evidence.metric):
        yield flagged("8", "The words beside a figure speak of another order than its cell's.")
    before = text[start:spot].rstrip()
    among = before.endswith((" of", " among", " in", " across"))
    if (filled.evidence.metric == "rank_of") != among and filled.evidence.metric.startswith("rank"):
        yield struck("8", "A rank and the number ranked are not told apart.")


def _by_its_name(evidence: Evidence, text: str) -> Iterator[Finding]:
    """A metric outside the lexicon is named by a word of its own name, or flagged."""
    if evidence.metric in UNSPOKEN or evidence.kind in ("document", "human"):
        return
    if not content_words(evidence.metric.replace("_", " ")) & content_words(text):
        yield flagged("8", "No word of it names the measure of a figure.")


def _qualified(reading: Reading) -> Iterator[Finding]:
    """A distinguishing word belongs to a measure that is cited."""
    if not reading.metrics or reading.claim.kind in ("quote", "recommendation", "assumption"):
        return
    for name in EXCLUSIVE:
        found = QUALIFIERS[name].search(reading.bare)
        if found and not any(name in kin(metric) for metric in reading.metrics):
            yield flagged("8", "It speaks of a measure or a time that no cited cell is of.")
            return


@lru_cache(maxsize=4096)
def _strong_families(clause: str) -> frozenset[str]:
    return frozenset(match.lastgroup or "" for match in STRONG.finditer(clause))


@lru_cache(maxsize=8192)
def _speaks_of(text: str, families: tuple[str, ...]) -> bool:
    return any(
        pattern is not None and pattern.search(text)
        for name in families
        for pattern in FAMILIES[name]
    )


@lru_cache(maxsize=4096)
def _bound_word(before: str) -> str | None:
    """Return the family of a strong word that leads straight to the figure ("spend is")."""
    link = _LINKING.search(before)
    head = before[: link.start()] if link else before.rstrip()
    for match in STRONG.finditer(head):
        # "{{n}} orders are worth" belongs to the figure before it.
        if match.end() == len(head) and not head[: match.start()].rstrip().endswith(SLOT_MARK):
            return match.lastgroup
    return None


def _is_rank(evidence: Evidence) -> bool:
    return evidence.metric.startswith("rank") or (
        evidence.source.kind == "calculation" and evidence.source.operation == "rank"
    )


def period(reading: Reading) -> Iterator[Finding]:
    """A figure of a window is of the window its clause names, and says when it is past."""
    case = reading.case
    spots = [match.start() for match in _MARKS.finditer(reading.bare)]
    for position, filled in enumerate(reading.filled):
        evidence = filled.evidence
        if evidence is None or evidence.kind == "document":
            continue
        text = reading.bare
        if len(spots) == len(reading.filled):
            text = _clause(text, spots[position])
        if _misnamed(evidence, text):
            yield struck("8", "The words name another window of time than the figure's.")
            return
        if "/" not in evidence.period:
            continue
        start, end = _window(evidence)
        current = end == case.as_of or (start <= case.period.end and end >= case.period.start)
        if not current and not EARLIER.search(text):
            yield struck("8", "A figure is of another period than the plan's, and it is not said.")
            return


def _window(evidence: Evidence) -> tuple[date, date]:
    start, end = (date.fromisoformat(day) for day in evidence.period.split("/"))
    return start, end


def _misnamed(evidence: Evidence, clause: str) -> bool:
    named = WINDOW.search(clause)
    if named is None:
        return False
    if evidence.metric.endswith("_90d"):
        days = 90
    elif "/" in evidence.period:
        start, end = _window(evidence)
        days = (end - start).days + 1
    else:
        return False
    shortest, longest = WINDOW_DAYS[named.group("span").lower().replace(" ", "-")]
    return not shortest <= days <= longest


def _clause(text: str, spot: int) -> str:
    start, stop = _clause_bounds(text, spot)
    return text[start:stop]


def _clause_bounds(text: str, spot: int) -> tuple[int, int]:
    starts = [match.end() for match in _CLAUSE.finditer(text, 0, spot)]
    stop = match.start() if (match := _CLAUSE.search(text, spot)) else len(text)
    return (starts[-1] if starts else 0), stop
