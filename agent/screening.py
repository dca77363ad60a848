"""Which sentences of the notes a plan may use, and why the others stay out.

A pure function of the ledger. It is a reader's courtesy and no wall: what protects the
product is that notes are data, that control flow and scores never depend on them, and
that nothing happens without a person. A sentence that slips through can only be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from agent.contradictions import MOST_PAIRS, contradictions
from agent.verifier.competitors import mentions_competitor
from agent.verifier.markup import is_plain
from domain.coverage import CoverageModel
from domain.evidence import DocumentSource, Evidence, Ledger
from domain.plan import Omission, SectionKey


class Verdict(NamedTuple):
    """Why a sentence stays out. `what` never repeats its words."""

    section: SectionKey
    what: str
    reason: str
    check: str


@dataclass(frozen=True)
class Screened:
    """What may be quoted, what is left out with its reason, and which notes disagree.

    The sentences of `conflicts` are not among `usable`: they are told together or not.
    """

    usable: tuple[Evidence, ...]
    omissions: tuple[Omission, ...]
    conflicts: tuple[tuple[Evidence, Evidence], ...]


WORDS: tuple[tuple[re.Pattern[str], Verdict], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), Verdict("risks", "one sentence", reason, check))
    for check, reason, pattern in (
        (
            "instruction",
            "it gives the drafting program orders; text in notes is data and is never obeyed",
            r"\b(?:ignore|disregard|forget)\b[^.]*\b(?:instruction|rule|previous|above)"
            r"|\b(?:system|developer) prompt\b|\bas an? (?:ai|assistant|language model)\b"
            r"|(?:^|[.:;!?“\"(]\s*|\b(?:dear|hello|hi|hey) )(?:assistant|ai|model)\s*[:,]"
            r"|\bautomated readers?\b|\[/?system\b|#+\s*system\b|\{\s*[\"']\w+[\"']\s*:"
            r"|\b(?:(?:every|each|any|all) (?:account )?|account )plans?\b[^.]*"
            r"\b(?:must|shall|ha[sv]e? to) (?:always )?"
            r"(?:carry|contain|include|mention|say|state|show|read|begin|end)\b"
            r"|\bthe (?:(?:planning |drafting |writing |virtual |digital )?assistant|model|ai"
            r"|(?:planning|drafting) agent|chatbot) (?:must|should|shall|has to|is to)\b"
            r"|\b(?:approve|publish|finali[sz]e) (?:this|the|every|all|any) (?:account )?"
            r"(?:plans?|drafts?)\b(?! for)"
            r"|\b(?:set|raise|change|give) (?:\w+ ){0,3}(?:score|tier|rank|priority) (?:to|of)\b"
            r"|\b(?:re)?assign (?:\w+ ){0,4}(?:accounts?|territor)"
            r"|\btransfer (?:\w+ ){0,3}accounts? to\b|\byou (?:must|are now|should now)\b"
            r"|\bdo not (?:mention|cite|tell|show)\b"
            r"|\bmark (?:\w+ ){0,4}as (?:\w+ )?(?:approved|reviewed|verified|final)\b"
            r"|\b(?:skip|bypass|omit|waive) (?:the |any |all |every )?(?:human |manager )?"
            r"(?:reviews?|approvals?|checks?|verification|verifier)\b",
        ),
        (
            "confidential",
            "it is a personnel matter",
            r"\b(?:salary|salaries|base pay|pay (?:rise|grade|band|review)|bonus round"
            r"|performance review|earns? (?:more|less)|not for the file"
            r"|(?:his|her|their|my|your) (?:commission|bonus|pay)\b"
            r"|improvement plan|disciplinary|sick leave|maternity|diagnos\w+|divorce)\b",
        ),
        (
            "no_trigger",
            "somebody wants the account, which is no reason to move it",
            r"\b(?:could|should|might|may) (?:move|go|pass|be moved|be given) to (?:him|her|me)\b"
            r"|\b(?:wants|asks|asking|would like) to (?:own|take over) (?:the|this) account\b",
        ),
        (
            "off_sale",
            "it is about something that is no longer sold",
            r"\b(?:no longer|do not|don't) (?:make|sell|stock|offer|produce)\b|\bdiscontinued\b",
        ),
        (
            "disowned",
            "the note itself says that nothing should rest on it",
            r"\bdo not (?:build|count|rely|plan)\b(?: \w+){0,3} on\b"
            r"|\b(?:not|nothing|no) (?:\w+ ){0,2}(?:our case|to do with us)\b"
            r"|\bdo not see what it has to do\b|\bfor what it is worth\b",
        ),
        (
            "8",
            "it is a story about another company",
            r"\b(?:friend|cousin|neighbour|brother|sister)'s (?:company|shop|store|business)\b"
            r"|\bsomebody else's\b",
        ),
    )
)  # fmt: skip
_MONEY = re.compile(r"\b(\d[\d,.]*)\s*(k|m|thousand|million)\b", re.IGNORECASE)
_YEARLY = re.compile(r"\b(?:a|per|each|every) year\b|\bannual\w*\b|\byearly\b", re.IGNORECASE)
_BUYS = re.compile(r"\b(?:buys?|spends?|orders?|do|does|with us|from us|business)\b", re.IGNORECASE)


def screen(
    ledger: Ledger,
    account_id: str,
    coverage: CoverageModel,
    *,
    as_of: date | None,
    most_conflicts: int = MOST_PAIRS,
) -> Screened:
    """Sort the ledger's sentences into usable ones, omissions and contradictions.

    Left out: sentences that give a program orders, personnel matters, wishes to own the
    account, what is no longer sold, what a note itself disowns (and the sentence before
    it), stories about other companies, competitor statements whose document lacks
    publisher, address or date, figures that contradict the orders by more than a tenth,
    and stale documents. Without `as_of` no sentence is too old, or of a later day.
    """
    reading = [
        item
        for item in ledger.entries.values()
        if isinstance(item.source, DocumentSource) and item.metric == "sentence"
    ]
    reading.sort(key=_in_reading_order)
    out: dict[str, Verdict] = {}
    for before, item in zip([None, *reading], reading, strict=False):
        verdict = _verdict(item, ledger, account_id, coverage, as_of)
        if verdict is None:
            continue
        out[item.id] = verdict
        # "Different supplier, not our case." speaks of the sentence before it.
        if verdict.check == "disowned" and before is not None and _follows(before, item):
            out.setdefault(before.id, verdict)
    # A statement about a competitor that cannot be told still denies one that could be.
    left = [item for item in reading if _is_said(out.get(item.id))]
    pairs = contradictions(left, ledger.vocabulary, most_conflicts)
    conflicts = tuple(pair for pair in pairs if not any(item.id in out for item in pair))
    told = {item.id for pair in pairs for item in pair}
    usable = [item for item in left if item.id not in told and item.id not in out]
    usable.sort(key=_newest_first)
    omissions = [*_omissions(reading, out), *_unsourced(pairs, out)]
    return Screened(tuple(usable), tuple(omissions), conflicts)


def _is_said(verdict: Verdict | None) -> bool:
    return verdict is None or verdict.check == "competitor"


def _unsourced(
    pairs: Iterable[tuple[Evidence, Evidence]], out: Mapping[str, Verdict]
) -> Iterator[Omission]:
    """One omission for each contradiction of which a side cannot be told."""
    for pair in pairs:
        if any(item.id in out for item in pair):
            named = []
            for item in pair:
                assert isinstance(item.source, DocumentSource)
                named.append(item.source.document_id)
            yield Omission(
                section="competition",
                what=f"two competitor statements, in {' and '.join(sorted(named))}",
                reason="they contradict each other, and not both have a source that could be "
                "checked; ask which holds",
                check="competitor",
            )


def _omissions(reading: list[Evidence], out: dict[str, Verdict]) -> Iterator[Omission]:
    """One omission for each document and reason, in order."""
    found = {}
    for item in reading:
        verdict = out.get(item.id)
        if verdict is None:
            continue
        assert isinstance(item.source, DocumentSource)
        what = f"{verdict.what} in {item.source.document_id}"
        found[what, verdict.reason] = Omission(
            section=verdict.section, what=what, reason=verdict.reason, check=verdict.check
        )
    yield from (found[key] for key in sorted(found))


def _verdict(
    item: Evidence, ledger: Ledger, account_id: str, coverage: CoverageModel, as_of: date | None
) -> Verdict | None:
    source = item.source
    assert isinstance(source, DocumentSource)
    worded = _by_words(item.value)
    if worded is not None:
        return worded
    if not is_plain(item.value):
        return Verdict("risks", "one sentence", "it holds links, markup or hidden characters", "14")
    sourced = source.uri and source.publisher and source.published
    if mentions_competitor(item.value, ledger.vocabulary) and not sourced:
        return Verdict(
            "competition",
            "one competitor statement",
            "its document has no publisher, address or date that could be checked",
            "competitor",
        )
    if _names_another_account(item, ledger, account_id):
        return Verdict("risks", "one sentence", "it is about another company", "8")
    if _contradicts_orders(item, ledger, account_id):
        return Verdict(
            "where_we_stand",
            "one figure",
            "it contradicts the orders on record; ask the rep which holds",
            "12",
        )
    if source.published is not None and as_of is not None:
        if source.published > as_of:
            return Verdict(
                "risks", "one statement", "its document is dated after the book's own date", "12"
            )
        age = coverage.freshness.age(source.document_kind, (as_of - source.published).days)
        if age.stale:
            return Verdict("risks", "one statement", f"it is stale: {age.why_stale}", "12")
    return None


@lru_cache(maxsize=10_000)
def _by_words(text: str) -> Verdict | None:
    """Say what the words alone tell, read with and without characters that cannot be seen.

    Kept, because every draft and every check of it reads the same sentences.
    """
    plain = "".join(character for character in text if character.isprintable())
    read = (text,) if plain == text else (text, plain)
    for pattern, verdict in WORDS:
        if any(pattern.search(spelling) for spelling in read):
            return verdict
    return None


def _names_another_account(item: Evidence, ledger: Ledger, account_id: str) -> bool:
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


def _follows(before: Evidence, item: Evidence) -> bool:
    assert isinstance(before.source, DocumentSource)
    assert isinstance(item.source, DocumentSource)
    return before.source.document_id == item.source.document_id


def _in_reading_order(item: Evidence) -> tuple[str, int, str]:
    assert isinstance(item.source, DocumentSource)
    return item.source.document_id, item.source.start, item.id


def _newest_first(item: Evidence) -> tuple[int, str, int]:
    assert isinstance(item.source, DocumentSource)
    published = item.source.published
    return (
        -(published.toordinal() if published else 0),
        item.source.document_id,
        item.source.start,
    )
