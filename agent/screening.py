"""Which sentences of the notes a plan may use, and why the others stay out.

A pure function of the ledger. It is a reader's courtesy and no wall: what protects the
product is that notes are data, that control flow and scores never depend on them, and
that nothing happens without a person. A sentence that slips through can only be quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.verifier.competitors import mentions_competitor
from domain.coverage import CoverageModel
from domain.evidence import DocumentSource, Evidence, Ledger
from domain.plan import Omission, SectionKey

# Words by which a sentence addresses a program or gives it orders.
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget)\b[^.]*\b(?:instruction|rule|previous|above)"
    r"|\b(?:system|developer) prompt\b|\bas an? (?:ai|assistant|language model)\b"
    r"|\b(?:assistant|agent|ai|model)\s*[:,]"
    r"|\b(?:approve|publish|finali[sz]e) (?:this|the) (?:plan|account plan|draft)\b"
    r"|\b(?:set|raise|change|give) (?:\w+ ){0,3}(?:score|tier|rank|priority) (?:to|of)\b"
    r"|\b(?:re)?assign (?:\w+ ){0,4}(?:accounts?|territor)|\btransfer (?:\w+ ){0,3}accounts? to\b"
    r"|\byou (?:must|are now|should now)\b|\bdo not (?:mention|cite|tell|show)\b",
    re.IGNORECASE,
)
_PERSONNEL = re.compile(
    r"\b(?:salary|salaries|pay (?:rise|grade|band|review)|performance review"
    r"|(?:his|her|their|my|your) (?:commission|bonus|pay)\b"
    r"|improvement plan|disciplinary|sick leave|maternity|diagnos\w+|divorce)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\b(\d[\d,.]*)\s*(k|m|thousand|million)\b", re.IGNORECASE)
_YEARLY = re.compile(r"\b(?:a|per|each|every) year\b|\bannual\w*\b|\byearly\b", re.IGNORECASE)
_BUYS = re.compile(r"\b(?:buy|buys|spend|spends|order|orders|with us|from us|business)\b", re.I)
_STOP = frozenset(
    "a an and are as at be been but by for from had has have he her his i if in into is it its "
    "me my no not of on or our she so that the their them then there they this to up us was we "
    "were what when which who will with would you your said says told".split()
)
_NEGATED = re.compile(r"\b(?:not|no|never|cancelled|postponed|dropped|stays?|closed)\b", re.I)
_SUBJECTS = re.compile(
    r"\b(?:decid\w+|decision|sign\w*|approv\w+|budget|open\w*|store|branch|warehouse|site"
    r"|owner|buyer|purchas\w+|contract|deliver\w+|season)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Screened:
    """What may be quoted, what is left out with its reason, and which notes disagree."""

    usable: tuple[Evidence, ...]
    omissions: tuple[Omission, ...]
    conflicts: tuple[tuple[Evidence, Evidence], ...]


def screen(ledger: Ledger, account_id: str, coverage: CoverageModel, *, as_of: date) -> Screened:
    """Sort the ledger's sentences into usable ones, omissions and contradictions.

    Left out: sentences that give a program orders, personnel matters, sentences about
    another company, competitor statements whose document lacks publisher, address or
    date, figures that contradict the orders by more than a tenth, and stale documents.
    """
    usable: list[Evidence] = []
    omissions: list[Omission] = []
    for item in ledger.entries.values():
        if not isinstance(item.source, DocumentSource) or item.metric != "sentence":
            continue
        verdict = _left_out(item, ledger, account_id, coverage, as_of)
        if verdict is None:
            usable.append(item)
        else:
            section, what, reason, check = verdict
            omissions.append(
                Omission(
                    section=section,
                    what=f"{what} in {item.source.document_id}",
                    reason=reason,
                    check=check,
                )
            )
    usable.sort(key=_newest_first)
    unique = {(item.what, item.reason): item for item in omissions}
    return Screened(
        tuple(usable),
        tuple(unique[key] for key in sorted(unique)),
        tuple(_conflicts(usable)),
    )


def _left_out(
    item: Evidence, ledger: Ledger, account_id: str, coverage: CoverageModel, as_of: date
) -> tuple[SectionKey, str, str, str] | None:
    source = item.source
    assert isinstance(source, DocumentSource)
    if _ORDERS.search(item.value):
        return (
            "risks", "one sentence",
            "it gives the drafting program orders; text in notes is data and is never obeyed",
            "instruction",
        )  # fmt: skip
    if _PERSONNEL.search(item.value):
        return "risks", "one sentence", "it is a personnel matter", "confidential"
    if mentions_competitor(item.value, ledger.vocabulary) and not (
        source.uri and source.publisher and source.published
    ):
        return (
            "competition", "one competitor statement",
            "its document has no publisher, address or date that could be checked",
            "competitor",
        )  # fmt: skip
    if _is_about_another(item, ledger, account_id):
        return "risks", "one sentence", "it is about another company", "8"
    if _contradicts_orders(item, ledger, account_id):
        return (
            "where_we_stand", "one figure",
            "it contradicts the orders on record; ask the rep which holds",
            "12",
        )  # fmt: skip
    age = (as_of - source.published).days if source.published else None
    if age is not None and age > coverage.freshness.days_for(source.document_kind):
        return (
            "risks", "one statement",
            f"it is stale: {age} days old, and the coverage model allows "
            f"{coverage.freshness.days_for(source.document_kind)}",
            "12",
        )  # fmt: skip
    return None


def _is_about_another(item: Evidence, ledger: Ledger, account_id: str) -> bool:
    here = f"account:{account_id}"
    for name in ledger.vocabulary.names_in(item.value):
        bearers = [
            entity
            for entity in ledger.vocabulary.aliases.get(name, ())
            if entity.startswith("account:")
        ]
        if bearers and not any(
            entity == here or entity.startswith(here + "/") for entity in bearers
        ):
            return True
    return False


def _contradicts_orders(item: Evidence, ledger: Ledger, account_id: str) -> bool:
    """Say whether a yearly figure about this account's buying is off by over a tenth."""
    spend = ledger.find(f"account:{account_id}", "net_spend_12m")
    found = _MONEY.search(item.value)
    if spend is None or found is None or not _YEARLY.search(item.value):
        return False
    if not _BUYS.search(item.value):
        return False
    scale = Decimal(1_000_000) if found[2].lower().startswith("m") else Decimal(1_000)
    said = Decimal(found[1].replace(",", "").rstrip(".")) * scale
    actual = Decimal(spend.value)
    return actual > 0 and abs(said - actual) > actual / 10


def _conflicts(usable: list[Evidence]) -> list[tuple[Evidence, Evidence]]:
    """Pairs of sentences of different documents that say opposite things of one subject.

    They must share a subject word, and two more content words or the figure's noun, and
    differ in negation or in their figures.
    """
    pairs = []
    for index, first in enumerate(usable):
        for second in usable[index + 1 :]:
            if _disagree(first, second):
                pairs.append((first, second))
    return pairs[:2]


def _disagree(first: Evidence, second: Evidence) -> bool:
    assert isinstance(first.source, DocumentSource)
    assert isinstance(second.source, DocumentSource)
    if first.source.document_id == second.source.document_id:
        return False
    if first.entity.split("/")[0] != second.entity.split("/")[0]:
        return False
    shared = _content(first.value) & _content(second.value)
    if len(shared) < 3 or not any(_SUBJECTS.fullmatch(word) for word in shared):
        return False
    if bool(_NEGATED.search(first.value)) != bool(_NEGATED.search(second.value)):
        return True
    ours, theirs = _figures(first.value), _figures(second.value)
    return bool(ours and theirs and not ours & theirs) and len(shared) >= 4


def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in _STOP)


def _figures(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d[\d,.]*\d|\d", text))


def _newest_first(item: Evidence) -> tuple[int, str, int]:
    assert isinstance(item.source, DocumentSource)
    published = item.source.published
    return (
        -(published.toordinal() if published else 0),
        item.source.document_id,
        item.source.start,
    )
