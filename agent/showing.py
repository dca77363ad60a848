"""Which evidence of a ledger a model is shown for a plan, and in which order of weight.

A ledger of an account with hundreds of notes holds more than a model reads well or anybody
wants to pay for. What it is shown fits a budget of tokens: the account's own figures, its
people and deals, what it could still buy, and the sentences of notes on which most hangs,
each with its author and date. The rest stays in the ledger, and the page still shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agent.context import Brief
from agent.gather import ACCOUNT_METRICS
from agent.left_out import left_out
from agent.model.tokens import tokens_of
from agent.placing import ASKED_WEIGHT, quotable, weight
from agent.verifier.competitors import mentions_competitor
from agent.wishes import wishes_of
from domain.evidence import DocumentSource, Evidence
from domain.record import canonical_json

EVIDENCE_TOKENS = 4_900
"""Twice this, with all else a request holds, stays below 12,000: a draft and its one rewrite."""
NOTES_TOKENS = 1_500
"""Kept free for sentences of notes where there are any."""
RIVAL_WEIGHT = 6
"""A sourced word on a competitor is rarely the weightiest, and a section hangs on it."""
MOST_GAPS = 3
MOST_CONTACTS = 6
_DEAL = ("name", "stage", "amount", "closes")
_GAP = ("line", "worth", "peer_share", "chance")
_CONTACT = ("name", "title", "role", "attitude", "last_contact")


def shown_evidence(brief: Brief) -> list[Evidence]:
    """Return the evidence a model is shown, in order of id.

    Sentences that screening leaves out are not shown: what the page lists as left out
    was left out of the prompt as well.
    """
    hidden = left_out(brief.ledger, brief.account_id, brief.coverage, as_of=brief.as_of)
    usable = {key: item for key, item in brief.ledger.entries.items() if key not in hidden}
    notes = list(_notes(brief, usable))
    cells = [*dict.fromkeys(item.id for item in _cells(brief, usable))]
    left = EVIDENCE_TOKENS
    kept = _fitting([[usable[key]] for key in cells], left - (NOTES_TOKENS if notes else 0))
    kept |= _fitting(notes, left - sum(map(_tokens, kept.values())))
    kept |= _fitting(
        [[item] for key, item in usable.items() if key not in kept and _is_plain_cell(item)],
        left - sum(map(_tokens, kept.values())),
    )
    return [kept[key] for key in sorted(kept)]


def evidence_line(item: Evidence) -> dict[str, str]:
    """Return what a model is told about one piece of evidence; blanks are left out."""
    line = {
        "id": item.id,
        "kind": item.kind,
        "about": item.entity,
        "metric": item.metric,
        "value": item.value,
        "unit": item.unit,
        "period": item.period,
    }
    if isinstance(item.source, DocumentSource):
        line |= {
            "from": item.source.document_kind,
            "author": item.source.author_class,
            "publisher": item.source.publisher or "",
            "published": item.source.published.isoformat() if item.source.published else "",
        }
    return {key: value for key, value in line.items() if value}


def _cells(brief: Brief, usable: dict[str, Evidence]) -> Iterator[Evidence]:
    """Yield figures and records, the ones a plan cannot do without first."""
    account, owner = f"account:{brief.account_id}", f"rep:{brief.owner_id}"
    by_place: dict[tuple[str, str], list[Evidence]] = {}
    for item in usable.values():
        by_place.setdefault((item.entity, item.metric), []).append(item)

    def at(entity: str, metrics: Iterable[str]) -> Iterator[Evidence]:
        for metric in metrics:
            yield from by_place.get((entity, metric), ())

    def parts(kind: str) -> list[str]:
        found = {entity for entity, _ in by_place if f"/{kind}:" in entity}
        return sorted(found)

    yield from (item for item in usable.values() if item.kind == "human")
    yield from at(account, ("name", "segment", "city", "product_focus"))
    yield from at(account, ACCOUNT_METRICS)
    yield from at(account, ("travel_hours",))
    yield from at(owner, ("name", "selling_hours", "load", "alternative_open_potential"))
    for deal in parts("opportunity"):
        yield from at(deal, _DEAL)
    gaps = sorted(parts("gap"), key=lambda gap: _worth(by_place, gap), reverse=True)
    for gap in gaps[:MOST_GAPS]:
        yield from at(gap, _GAP)
    contacts = sorted(parts("contact"), key=lambda entity: _influence(by_place, entity))
    for contact in contacts[:MOST_CONTACTS]:
        yield from at(contact, _CONTACT)
    yield from (item for item in usable.values() if item.metric.startswith("points:"))


def _notes(brief: Brief, usable: dict[str, Evidence]) -> Iterator[list[Evidence]]:
    """Yield sentences with their author and date, the weightiest first."""
    wishes = wishes_of(brief.remarks, brief.as_of)
    told = {
        item.entity: [
            found
            for metric in ("author", "published")
            if (found := brief.ledger.find(item.entity, metric)) is not None and found.id in usable
        ]
        for item in usable.values()
        if isinstance(item.source, DocumentSource)
    }

    def weighed(item: Evidence) -> int:
        rival = mentions_competitor(item.value, brief.ledger.vocabulary)
        wanted = ASKED_WEIGHT * wishes.names(item) + RIVAL_WEIGHT * rival
        return weight(item, brief.as_of) + wanted

    sentences = [
        (-weighed(item), item.id, item)
        for item in usable.values()
        if isinstance(item.source, DocumentSource) and quotable(item.value)
    ]
    for _, _, item in sorted(sentences, key=lambda entry: entry[:2]):
        yield [item, *told[item.entity]]


def _fitting(groups: Iterable[list[Evidence]], tokens: int) -> dict[str, Evidence]:
    """Take groups from the front while they fit; one that does not ends the taking."""
    kept: dict[str, Evidence] = {}
    for group in groups:
        new = [item for item in group if item.id not in kept]
        tokens -= sum(map(_tokens, new))
        if tokens < 0:
            break
        kept |= {item.id: item for item in new}
    return kept


def _tokens(item: Evidence) -> int:
    # Six characters more: the number in front of the line, its point and its end.
    return tokens_of(canonical_json(evidence_line(item)) + " " * 6)


def _is_plain_cell(item: Evidence) -> bool:
    """Say whether a piece is a figure or record of its own, not one about a document."""
    return "/document:" not in item.entity and item.metric != "log_odds"


def _worth(by_place: dict[tuple[str, str], list[Evidence]], gap: str) -> float:
    found = by_place.get((gap, "worth"))
    return float(found[0].value) if found else 0.0


def _influence(by_place: dict[tuple[str, str], list[Evidence]], entity: str) -> tuple[int, str]:
    order = {"high": 0, "medium": 1, "low": 2}
    found = by_place.get((entity, "influence"))
    return order.get(found[0].value, 3) if found else 3, entity
