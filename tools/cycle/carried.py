"""Claims of approved plans that a review carries forward, each confirmed on the later book."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.cycle_version import CycleVersion
from domain.evidence import REPS_JOINED_BY, CalculationSource, Evidence, Ledger
from domain.plan import Claim, PlanVersion
from domain.review import Carried
from tools.cycle.confirming import CARRIED, WORST_FIRST, Confirmed, State, confirm
from tools.cycle.kept_claims import KeptClaim, kept_claims
from tools.cycle.side import Side

Write = Callable[[Claim, Ledger, str], str]
"""Writes a claim with its slots filled from a ledger, in a currency."""
_SLOT = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True)
class CarriedForward:
    """Claims that go on, those that need a person's word first, and the evidence of all.

    `notes` counts what lies beyond `review.carried`.
    """

    rows: tuple[Carried, ...]
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...] = ()


def carried(
    after: Side,
    plans: Sequence[PlanVersion],
    ledgers: Mapping[str, Ledger],
    *,
    territory_plans: Sequence[CycleVersion] = (),
    reps: Collection[str] | None = None,
    write: Write | None = None,
) -> CarriedForward:
    """Confirm anew what approved plans say, against a later book.

    Parameters
    ----------
    after
        The later book under its rules.
    plans, territory_plans
        Approved versions in force; of several of one plan the newest counts.
    ledgers
        Their ledgers, by root or by plan id; a plan without one is left out and told.
    reps
        Whom the review is about: what became of accounts that are another rep's by now is not
        theirs to read, and counts as gone. None reads everything.
    write
        How a claim is written; without one, slots are filled with plain values.

    Returns
    -------
    CarriedForward
        Objectives, plays and other recommendations, milestones, and the facts that these
        rest on. A claim is as good as the worst of what it cites and of its premises:
        gone, changed, stale or holding; one that rests on nothing that can be read again is
        stale. What needs a person's word comes first, then by weight, account and key; at
        most `review.carried` rows, the rest counted. A row's evidence: of each fact that
        differs the older and then the newer value, of the others the newer one.

    Notes
    -----
    `docs/review.md#carried-forward` works an example by hand.
    """
    listed, untold = kept_claims(plans, territory_plans, ledgers)
    found: dict[str, Confirmed] = {}
    judged = [
        (item, [_within(fact, reps) for fact in _confirmed(item, after, found)]) for item in listed
    ]
    judged.sort(key=lambda pair: _order(*pair))
    most = after.coverage.review.carried
    rows = tuple(_row(item, facts, write or plain) for item, facts in judged[:most])
    behind: dict[str, Evidence] = {}
    for item, facts in judged[:most]:
        for fact in facts:
            behind.update((part.id, part) for part in _with_ancestors(fact.now, after))
            if fact.state not in (None, "holds"):
                behind.update((part.id, part) for part in _chain(fact.was, item.ledger))
    evidence = tuple(behind[key] for key in sorted(behind))
    return CarriedForward(rows, evidence, tuple(_notes(len(judged) - len(rows), untold)))


def plain(claim: Claim, ledger: Ledger, currency: str) -> str:
    """Write a claim with its slots filled: whole money, whole per cent, values as stored."""
    slots = {slot.name: slot.evidence_id for slot in claim.slots}

    def fill(match: re.Match[str]) -> str:
        item = ledger.entries.get(slots.get(match.group(1), ""))
        return "(unknown)" if item is None else _told(item, currency)

    return _SLOT.sub(fill, claim.text)


def _told(item: Evidence, currency: str) -> str:
    if item.unit in ("text", "name", "date"):
        return " ".join(item.value.split())
    value = Decimal(item.value)
    if item.unit == "money":
        return f"{value:,.0f} {currency}"
    if item.unit in ("share", "change"):
        return f"{value * 100:.0f} %"
    endings = {"ratio": "x", "hours": " h", "days": " days"}
    return f"{value.normalize():,f}{endings.get(item.unit, '')}"


def _confirmed(item: KeptClaim, after: Side, found: dict[str, Confirmed]) -> list[Confirmed]:
    for fact in item.facts:
        if fact.id not in found:
            found[fact.id] = confirm(fact, after, item.ledger.entries.get)
    return [found[fact.id] for fact in item.facts]


def _within(fact: Confirmed, reps: Collection[str] | None) -> Confirmed:
    """What these reps may read of a fact: nothing where any of it is another's by now."""
    if reps is None:
        return fact
    holders = {rep for item in fact.now for rep in item.scope.split(REPS_JOINED_BY) if rep}
    return fact if holders <= set(reps) else Confirmed(fact.was, "gone")


def _state(item: KeptClaim, facts: Sequence[Confirmed]) -> State:
    states = {fact.state for fact in facts} - {None}
    return next((state for state in WORST_FIRST if state in states), "stale")


def _order(item: KeptClaim, facts: Sequence[Confirmed]) -> tuple[bool, int, str, str]:
    return _state(item, facts) == "holds", item.weight, item.account_id, item.key


def _row(item: KeptClaim, facts: Sequence[Confirmed], write: Write) -> Carried:
    shown: list[str] = []
    for fact in sorted(facts, key=lambda one: one.state in (None, "holds")):
        if fact.state not in (None, "holds"):
            shown.append(fact.was.id)
        shown += [fact.now[0].id] if fact.now else []
    return Carried(
        key=item.key,
        plan_id=item.plan_id,
        plan_version=item.version,
        account_id=item.account_id,
        text=write(item.claim, item.ledger, item.currency),
        said_on=item.said_on,
        state=_state(item, facts),
        evidence=tuple(dict.fromkeys(shown)),
    )


def _with_ancestors(now: Sequence[Evidence], after: Side) -> Iterator[Evidence]:
    """Facts of the newer book with everything they rest on."""
    for item in now:
        yield item
        if isinstance(item.source, CalculationSource) and item.source.analysis != CARRIED:
            yield from after.analyses.cite_all(item.entity, item.metric)


def _chain(item: Evidence, ledger: Ledger) -> Iterator[Evidence]:
    waiting, seen = [item], set()
    while waiting:
        one = waiting.pop()
        if one.id in seen:
            continue
        seen.add(one.id)
        yield one
        if isinstance(one.source, CalculationSource):
            known = (ledger.entries.get(parent) for parent in one.source.parents)
            waiting += [parent for parent in known if parent is not None]


def _notes(beyond: int, untold: int) -> Iterator[str]:
    if beyond:
        yield f"{beyond} more claim{'' if beyond == 1 else 's'} of approved plans not listed here."
    if untold:
        yield (
            f"{untold} approved plan{'' if untold == 1 else 's'} without evidence on file: nothing "
            "of it is carried forward."
        )
