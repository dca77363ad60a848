"""Building claims whose slots and citations agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agent.verifier.markup import is_plain
from domain.evidence import DocumentSource, Evidence
from domain.plan import Citation, Claim, ClaimKind, Slot, SlotFormat

Filled = tuple[Evidence, SlotFormat]


def claim(
    key: str,
    kind: ClaimKind,
    subject: str,
    text: str,
    *,
    premises: tuple[str, ...] = (),
    cites: tuple[Evidence, ...] = (),
    slots: Mapping[str, Filled] | None = None,
    **named: Filled,
) -> Claim:
    """Build a claim; every slot's evidence is cited, then `cites`, each once.

    Slots come as keywords or, when they were collected before, as a mapping.
    """
    slots = {**(slots or {}), **named}
    cited = {item.id: item for item, _ in slots.values()} | {item.id: item for item in cites}
    return Claim(
        key=key,
        kind=kind,
        subject=subject,
        text=text,
        slots=[
            Slot(name=name, evidence_id=item.id, format=form)
            for name, (item, form) in slots.items()
        ],
        citations=[
            Citation(
                evidence_id=item.id,
                quote=item.value if isinstance(item.source, DocumentSource) else None,
            )
            for item in cited.values()
        ],
        premises=list(premises),
    )


def quote(
    key: str,
    sentence: Evidence,
    cell: Callable[[str, str], Evidence | None],
    *,
    subject: str | None = None,
) -> Claim:
    """Build a claim that quotes one sentence, with its author and date where known.

    `cell` gives the evidence of (metric, entity), or None; the subject is what the
    document is about unless told otherwise.
    """
    document = sentence.entity
    named = (cell(field, document) for field in ("author", "publisher"))
    author = next((name for name in named if name and is_plain(name.value)), None)
    published = cell("published", document)
    slots: dict[str, Filled] = {}
    lead = ""
    if author:
        slots["author"], lead = (author, "name"), "{{author}}"
    if published:
        slots["date"] = (published, "date")
        lead += ", {{date}}" if lead else "{{date}}"
    return claim(
        key,
        "quote",
        subject or document.split("/")[0],
        f"{lead}: “{{{{quote}}}}”" if lead else "“{{quote}}”",
        slots=slots,
        quote=(sentence, "text"),
    )
