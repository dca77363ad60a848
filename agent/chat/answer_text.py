"""From a model's text to claims.

A model writes plain sentences in which `{{e12}}` stands for the value of the evidence
numbered 12, and `[e12]` behind a sentence cites it. Which kind of claim a sentence is
follows from what it points at, never from what it says of itself, but for two words that
only lower its standing: `Advice:` and `Guess:`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from agent.chat.typed_figures import point_at_figures
from domain.evidence import DocumentSource, Evidence, Unit
from domain.plan import Citation, Claim, ClaimKind, Slot, SlotFormat

FORMATS: Mapping[Unit, SlotFormat] = {
    "money": "money", "count": "number", "share": "percent", "change": "change",
    "ratio": "ratio", "hours": "hours", "days": "days", "points": "points", "date": "date",
    "text": "text", "name": "name",
}  # fmt: skip
"""How a value is written where the model names no format."""
MOST_SENTENCES = 24

_POINTER = re.compile(r"\{\{\s*e(\d{1,4})(?:\s*:\s*([a-z_]+))?\s*\}\}")
_CITED = re.compile(r"\s*\[\s*(e\d{1,4}(?:\s*[,;]?\s+e\d{1,4}|\s*[,;]\s*e\d{1,4})*)\s*\]")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_LEAD = re.compile(r"^(advice|guess)\s*:\s*", re.IGNORECASE)
_ENDS = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][\"”’)]))(?P<cites>(?:\s*\[[^\]]*\])*)\s+(?=[A-Z\"“‘({])"
)


def claims_of(text: str, numbered: Sequence[Evidence]) -> list[Claim]:
    """Read the sentences of an answer as claims about what they point at.

    Parameters
    ----------
    text
        What the model wrote. Emphasis, bullets and headings are taken off.
    numbered
        The evidence it was shown: `e1` is the first.

    Returns
    -------
    list[Claim]
        At most `MOST_SENTENCES`, under keys `s1`, `s2` and so on. A pointer to a number
        that was not shown becomes one to evidence that no ledger holds, so that the
        verifier strikes it. A figure typed out becomes a slot where exactly one piece of
        evidence that the sentence cites is written so.
    """
    claims: list[Claim] = []
    for sentence in _sentences(text):
        claim = _claim(f"s{len(claims) + 1}", sentence, numbered)
        if claim is not None:
            claims.append(claim)
        if len(claims) == MOST_SENTENCES:
            break
    return claims


def _sentences(text: str) -> list[str]:
    found: list[str] = []
    for line in text.splitlines():
        bare = _BULLET.sub("", _HEADING.sub("", line)).replace("**", "").replace("__", "").strip()
        start = 0
        for match in _ENDS.finditer(bare):
            found.append(bare[start : match.end("cites")].strip())
            start = match.end()
        found.append(bare[start:].strip())
    return [sentence for sentence in found if sentence]


def _claim(key: str, sentence: str, numbered: Sequence[Evidence]) -> Claim | None:
    def shown(number: str) -> Evidence | None:
        place = int(number) - 1
        return numbered[place] if 0 <= place < len(numbered) else None

    cited: dict[str, Evidence | None] = {}
    for group in _CITED.findall(sentence):
        for number in re.findall(r"\d+", group):
            found = shown(number)
            cited[found.id if found else f"e{number}"] = found
    text = _CITED.sub("", sentence).strip()
    lead = _LEAD.match(text)
    if lead:
        text = text[lead.end() :]
        text = text[:1].upper() + text[1:]
    slots: dict[str, Slot] = {}

    def slot(match: re.Match[str]) -> str:
        number, form = match.group(1), match.group(2)
        found = shown(number)
        written = form if form in set(FORMATS.values()) | {"money_short", "decimal"} else None
        known: SlotFormat = FORMATS[found.unit] if found else "text"
        name = f"e{number}" if not written else f"e{number}_{written}"
        evidence_id = found.id if found else f"e{number}"
        slots[name] = Slot(
            name=name,
            evidence_id=evidence_id,
            format=written or known,
        )
        cited[evidence_id] = found
        return f"{{{{{name}}}}}"

    text = _POINTER.sub(slot, text)
    if not text.strip(" .,:;"):
        return None
    text, typed = point_at_figures(text, [item for item in cited.values() if item is not None])
    slots |= {item.name: item for item in typed}
    facts = [item for item in cited.values() if item is not None]
    return Claim(
        key=key,
        kind=_kind(lead, list(slots.values()), facts, bool(cited)),
        subject=_subject(facts),
        text=text,
        slots=list(slots.values()),
        citations=[
            Citation(evidence_id=item, quote=_quoted(item, found, slots, text))
            for item, found in cited.items()
        ],
        premises=[],
    )


def _kind(
    lead: re.Match[str] | None, slots: list[Slot], facts: list[Evidence], cites: bool
) -> ClaimKind:
    if lead:
        return "recommendation" if lead.group(1).lower() == "advice" and cites else "assumption"
    if not cites:
        return "assumption"
    documents = {item.id for item in facts if isinstance(item.source, DocumentSource)}
    if any(slot.format == "text" and slot.evidence_id in documents for slot in slots):
        return "quote"
    if any(slot.format not in ("name", "text") for slot in slots):
        return "metric"
    return "fact"


def _subject(facts: list[Evidence]) -> str:
    """Return what most of the cited facts are about; ties go to the first named."""
    roots = [item.entity.split("/", 1)[0] for item in facts]
    return max(dict.fromkeys(roots), key=roots.count, default="book")


def _quoted(
    evidence_id: str, found: Evidence | None, slots: Mapping[str, Slot], text: str
) -> str | None:
    """Return the words quoted of a span: all of it in a slot, or those in quotation marks."""
    if found is None or not isinstance(found.source, DocumentSource):
        return None
    if any(slot.evidence_id == evidence_id and slot.format == "text" for slot in slots.values()):
        return found.value
    said = re.findall(r"[“\"]([^“”\"]+)[”\"]", text)
    return next((words.strip() for words in said if words.strip(" .,") in found.value), None)
