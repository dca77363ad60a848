"""What changed between two books that a review has to answer, each with its evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from domain.assignment import Lock
from domain.evidence import Evidence, Ledger, texts_behind
from domain.plan import PlanVersion
from domain.review import TRIGGER_KINDS, QuarterData, Trigger
from tools.cycle.changed.accounts import owners_changed, pipelines_changed, potentials_changed
from tools.cycle.changed.champions import champions_gone
from tools.cycle.changed.deals import (
    deals_slipped,
    renewals_slipped,
    slipped_deals,
    told_elsewhere,
)
from tools.cycle.changed.families import families_changed, merges
from tools.cycle.changed.found import Found
from tools.cycle.changed.ground import Ground
from tools.cycle.changed.market import competitors_appeared, new_products
from tools.cycle.changed.people import leavers, reps_joined, reps_left
from tools.cycle.changed.plans import adherence_lost, evidence_stale, locks_expired
from tools.cycle.changed.strategy import strategy_changed
from tools.cycle.side import Side, demand_later

_ORDER = {kind: place for place, kind in enumerate(TRIGGER_KINDS)}


@dataclass(frozen=True)
class Triggers:
    """The changes by kind, then money at stake, the most first, then subject.

    `evidence` holds everything they cite with all ancestors, but for the adherence of a
    territory, which is tracking's; `texts` the full text of the documents among it, by hash.
    """

    rows: tuple[Trigger, ...]
    evidence: tuple[Evidence, ...]
    texts: Mapping[str, str] = field(default_factory=dict)


def triggers(
    before: Side,
    after: Side,
    *,
    reps: Collection[str],
    plans: Sequence[PlanVersion] = (),
    data: QuarterData | None = None,
    locks: Sequence[Lock] = (),
    ledgers: Mapping[str, Ledger] | None = None,
) -> Triggers:
    """Compare two books, field by field, and tell what asks for an answer.

    Parameters
    ----------
    before, after
        An earlier and a later book, each under the rules and with the analyses of its day.
        Limits are those of `[review]` of the later one.
    reps
        Whose rows are looked at, by their ids in either book: name those who left too. Rows
        of others are not read; changes for everybody (products, strategy, competitors in a
        segment) are told of their accounts.
    plans
        Versions of account plans; the approved ones are looked at for stale evidence.
    data
        What tracking says of the quarter; without it no adherence is judged.
    locks
        Exceptions in the register.
    ledgers
        Ledgers of `plans` by `ledger_root`; without them no evidence is judged.

    Returns
    -------
    Triggers
        The same for the same books, whatever the order of rows. Ids depend on kind, subject
        and the two values alone. An unknown value has not changed.

    Raises
    ------
    NoLaterBook, InvalidInput
        When the second book is not the later one.

    Notes
    -----
    `docs/review.md#triggers` lists each kind with its rule and the money at stake.
    """
    demand_later(before, after)
    return compared(before, after, reps=reps, plans=plans, data=data, locks=locks, ledgers=ledgers)


def compared(
    before: Side,
    after: Side,
    *,
    reps: Collection[str],
    plans: Sequence[PlanVersion] = (),
    data: QuarterData | None = None,
    locks: Sequence[Lock] = (),
    ledgers: Mapping[str, Ledger] | None = None,
) -> Triggers:
    """Compare as `triggers` does, any two books: those of one day that are alike give none."""
    ground = Ground(before, after, frozenset(reps))
    left, merged, slipped = leavers(ground), merges(ground), slipped_deals(ground)
    listed = [
        *reps_left(ground, left),
        *reps_joined(ground),
        *owners_changed(ground, left),
        *families_changed(ground, merged),
        *new_products(ground),
        *potentials_changed(ground),
        *pipelines_changed(ground, told_elsewhere(ground, slipped)),
        *deals_slipped(ground, slipped),
        *renewals_slipped(ground),
        *champions_gone(ground, merged),
        *competitors_appeared(ground),
        *strategy_changed(ground),
        *evidence_stale(ground, plans, ledgers or {}),
        *adherence_lost(ground, data),
        *locks_expired(ground, locks),
    ]
    listed.sort(key=_place)
    evidence = {item.id: item for found in listed for item in found.evidence}
    texts: dict[str, str] = {}
    if any(item.kind == "document" for item in evidence.values()):
        for known in (*(ledger.texts for ledger in (ledgers or {}).values()), after.book.texts):
            texts.update(texts_behind(evidence.values(), known))
    return Triggers(
        tuple(found.row for found in listed),
        tuple(evidence[key] for key in sorted(evidence)),
        {key: texts[key] for key in sorted(texts)},
    )


def _place(found: Found) -> tuple[int, Decimal, str, str]:
    row = found.row
    money = Decimal(0) if row.amount is None or row.amount.value is None else row.amount.value
    return _ORDER[row.kind], -Decimal(money), row.subject, row.trigger_id
