"""One trigger with its evidence, built the same way for every kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.cycle import Figure
from domain.evidence import Evidence
from domain.record import content_hash
from domain.review import Trigger, TriggerKind


@dataclass(frozen=True)
class Found:
    """A trigger, and the evidence it names with all that this rests on."""

    row: Trigger
    evidence: tuple[Evidence, ...]


def found(
    kind: TriggerKind,
    subject: str,
    *,
    rep: str | None,
    account: str | None,
    before: Figure | None = None,
    after: Figure | None = None,
    amount: Figure | None = None,
    on: date | None = None,
    cited: Sequence[Evidence | None],
    behind: Iterable[Evidence] = (),
    named: Iterable[str] = (),
) -> Found:
    """Build a trigger.

    Parameters
    ----------
    before, after, amount
        Their evidence is among `cited` or `behind`.
    cited
        What the trigger names itself; None entries are left out. The newest come first,
        facts without a date last, equal dates in the order given.
    behind
        What the evidence cited was worked out from.
    named
        Ids of evidence that another analysis hands over with its own.
    """
    told = list({item.id: item for item in cited if item is not None}.values())
    told.sort(key=lambda item: (item.dated() or date.min).toordinal(), reverse=True)
    identity = [kind, subject, *(None if item is None else item.value for item in (before, after))]
    row = Trigger(
        trigger_id="tr_" + content_hash(identity)[:24],
        kind=kind,
        subject=subject,
        rep_id=rep,
        account_id=account,
        before=before,
        after=after,
        amount=amount,
        on=on,
        evidence=tuple(dict.fromkeys([*(item.id for item in told), *named])),
    )
    return Found(row, (*told, *behind))
