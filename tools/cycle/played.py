"""What became of the plays of approved account plans: done, late, dropped or open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from domain.period import Period
from domain.plan import PlanVersion, PlayKind

PlayState = Literal["done", "late", "dropped", "open", "unknown"]

FITTING: dict[PlayKind, frozenset[str]] = {
    "call": frozenset({"call"}),
    "email": frozenset({"email"}),
    "meeting": frozenset({"meeting", "visit"}),
    "visit": frozenset({"visit"}),
    "demo": frozenset({"demo"}),
    "internal": frozenset(),
}
"""Kinds of activity that answer a kind of play. No activity tells of an internal one."""


@dataclass(frozen=True)
class Touch:
    """One activity on file. `by` is who did it: the row's rep, else the account's owner."""

    activity_id: str
    account_id: str
    contact_id: str | None
    kind: str
    on: date
    by: str | None


@dataclass(frozen=True)
class PlayTold:
    """A play of an approved plan and what became of it. `touch` is the activity that answers it."""

    plan_id: str
    version: int
    key: str
    owner_id: str
    account_id: str
    contact_id: str | None
    kind: PlayKind
    starts: date
    due: date
    state: PlayState = "open"
    touch: Touch | None = None

    @property
    def ref(self) -> str:
        """How a calendar names it: `plan_id/key`."""
        return f"{self.plan_id}/{self.key}"


def plays_told(
    plans: Sequence[PlanVersion],
    period: Period,
    as_of: date,
    late_days: int,
    touches: Iterable[Touch] | None,
) -> tuple[PlayTold, ...]:
    """Tell what became of every play that is due in a period.

    Parameters
    ----------
    plans
        Approved versions, earlier ones of the same account included where they are kept.
    touches
        Activities up to `as_of`; None where the book was not asked for any: then nothing
        is known but what was dropped.

    Returns
    -------
    tuple
        By due date, plan and key. A play is answered by an activity of a fitting kind with
        its account, and its contact where one is named, from its start to `as_of`. Each
        activity answers one play of an owner: plays take turns by due date and take the
        earliest that fits. It is *done* when answered up to `late_days` after its due date;
        *late* when answered later, or not answered and due before `as_of`; else *open*. A
        play that a newer approved version no longer has, and that was neither due nor
        answered by that version's book, is *dropped*.
    """
    found = [item for item in _due(plans, as_of) if item[0].due in period]
    found.sort(key=lambda item: (item[0].due, item[0].plan_id, item[0].version, item[0].key))
    if touches is None:
        return tuple(
            replace(play, state="dropped" if gone is not None else "unknown")
            for play, gone in found
        )
    on_file: dict[str, list[Touch]] = {}
    for touch in sorted(touches, key=lambda touch: (touch.on, touch.activity_id)):
        on_file.setdefault(touch.account_id, []).append(touch)
    # Territory by territory, so that a rep's page and the manager's tell the same.
    free: dict[tuple[str, str], list[Touch]] = {}
    told = []
    for play, gone in found:
        whose = play.owner_id, play.account_id
        if whose not in free:
            free[whose] = list(on_file.get(play.account_id, ()))
        answer = _answer(play, free[whose], min(as_of, gone or as_of))
        if answer is not None:
            free[whose].remove(answer)
            in_time = answer.on <= play.due + timedelta(days=late_days)
            told.append(replace(play, state="done" if in_time else "late", touch=answer))
        elif gone is not None:
            told.append(replace(play, state="dropped"))
        else:
            late = play.kind != "internal" and play.due < as_of
            told.append(replace(play, state="late" if late else "open"))
    return tuple(told)


def in_force(plans: Iterable[PlanVersion]) -> tuple[PlanVersion, ...]:
    """The newest approved plan of every owner and account, by both."""
    newest = {_whose(plan): plan for plan in sorted(plans, key=_age)}
    return tuple(newest[whose] for whose in sorted(newest))


def _whose(plan: PlanVersion) -> tuple[str, str]:
    return plan.content.owner_id, plan.content.account_id


def _age(plan: PlanVersion) -> tuple[date, str, int]:
    return plan.content.as_of, plan.plan_id, plan.version


def _due(plans: Sequence[PlanVersion], as_of: date) -> list[tuple[PlayTold, date | None]]:
    """Every play once, with the day on which a newer version dropped it, if one did."""
    in_turn: dict[tuple[str, str], list[PlanVersion]] = {}
    for plan in sorted(plans, key=_age):
        in_turn.setdefault(_whose(plan), []).append(plan)
    found: list[tuple[PlayTold, date | None]] = []
    for versions in in_turn.values():
        for plan, newer in zip(versions, [*versions[1:], None], strict=True):
            keys = {item.key for item in newer.content.draft.plays} if newer else set()
            turn = newer.content.as_of if newer else None
            for play in _plays(plan):
                if turn is None or play.due <= turn:
                    found.append((play, None))
                elif play.key not in keys:
                    found.append((play, min(turn, as_of)))
                # Otherwise the newer version has it, and tells its dates.
    return found


def _plays(plan: PlanVersion) -> list[PlayTold]:
    content = plan.content
    by_key = {play.key: play for play in content.draft.plays}
    return [
        PlayTold(
            plan_id=plan.plan_id,
            version=plan.version,
            key=listed.key,
            owner_id=content.owner_id,
            account_id=content.account_id,
            contact_id=_contact(by_key[listed.key].contact),
            kind=by_key[listed.key].kind,
            starts=listed.starts,
            due=listed.due,
        )
        for listed in content.schedule.plays
        if listed.key in by_key
    ]


def _contact(entity: str | None) -> str | None:
    """Id of the contact that a path such as `account:A/contact:C` names."""
    return entity.rpartition("/contact:")[2] or None if entity else None


def _answer(play: PlayTold, touches: Sequence[Touch], last: date) -> Touch | None:
    for touch in touches:
        if (
            play.starts <= touch.on <= last
            and touch.kind in FITTING[play.kind]
            and play.contact_id in (None, touch.contact_id)
        ):
            return touch
    return None
