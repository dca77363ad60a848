"""Reps who left or joined."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.cycle import Figure
from domain.evidence import Evidence
from tools.cycle.changed.found import Found, found
from tools.cycle.changed.ground import Ground, day_of, figure

Row = Mapping[str, Any]


def leavers(ground: Ground) -> dict[str, date | None]:
    """Return the reps who left or are to leave within the quarter, and their last day.

    One left who worked at the earlier book and whose row is gone or is no rep's any more;
    whose last working day has passed, or is newly set and lies within the quarter; or whose
    accounts have all lost their owner.
    """
    rows, later = ground.before.book.rows("reps"), ground.after.book.rows("reps")
    owned, lost = _owned(ground.owners_before), set()
    for rep, accounts in owned.items():
        kept = [account for account in accounts if account in ground.owners]
        if kept and all(ground.owners[account] is None for account in kept):
            lost.add(rep)
    lost -= {owner for owner in ground.owners.values() if owner is not None}
    left: dict[str, date | None] = {}
    for rep in sorted(ground.reps & rows.keys()):
        was, now = rows[rep], later.get(rep)
        if not _works(was, ground.before.as_of):
            continue
        if now is None:
            left[rep] = day_of(was["active_to"])
            continue
        last = day_of(now["active_to"])
        ended = last is not None and last < ground.after.as_of
        set_since = last is not None and last != day_of(was["active_to"])
        leaving = set_since and last is not None and last <= ground.quarter.period.end
        if now["function"] != "rep" or ended or leaving or rep in lost:
            left[rep] = last
    return left


def reps_left(ground: Ground, left: Mapping[str, date | None]) -> list[Found]:
    """Tell of each leaver how many accounts they had, and how many are to be placed."""
    owned = _owned(ground.owners_before)
    spend = ground.before.analyses.facts.table["net_spend_12m"].to_dict()
    told = []
    for rep, last in left.items():
        entity, had = f"rep:{rep}", sorted(owned.get(rep, ()))
        waiting = sum(ground.owners.get(account, "") in (None, rep) for account in had)
        count = ground.worked(entity, "accounts_owned", len(had), "count", rep, earlier=True)
        place = ground.worked(entity, "accounts_to_place", waiting, "count", rep)
        parts = [
            ground.was(account, "net_spend_12m", spend[account], "money", rep)
            for account in had
            if spend[account] == spend[account]
        ]
        amount: list[Evidence] = []
        if parts:
            amount.append(
                ground.worked(
                    entity, "spend_of_accounts", None, "money", rep, parts,
                    operation="sum", earlier=True,
                )
            )  # fmt: skip
        cited = [count, place, *amount, ground.rep_name(rep)]
        for side, earlier in ((ground.after, False), (ground.before, True)):
            row = side.book.rows("reps").get(rep)
            if row is not None and day_of(row["active_to"]) is not None:
                cited.append(_dated(ground, row, "active_to", earlier=earlier))
        told.append(
            found(
                "rep_left", entity, rep=rep, account=None,
                before=Figure.of(count, "Accounts owned then"),
                after=Figure.of(place, "Accounts to place"),
                amount=figure(
                    amount, "previous_spend_of_accounts", "Net spend of their accounts", "money",
                    "no orders of their accounts are known",
                ),
                on=last, cited=cited, behind=parts,
            )
        )  # fmt: skip
    return told


def reps_joined(ground: Ground) -> list[Found]:
    """Tell who works now and did not, or is on file newly and starts within the quarter."""
    rows, later = ground.before.book.rows("reps"), ground.after.book.rows("reps")
    owned = _owned(ground.owners)
    told = []
    for rep in sorted(ground.reps & later.keys()):
        was, now = rows.get(rep), later[rep]
        starts = day_of(now["active_from"])
        soon = was is None and _works(now, max(ground.after.as_of, starts or date.min))
        soon = soon and (starts is None or starts <= ground.quarter.period.end)
        if was is not None and _works(was, ground.before.as_of):
            continue
        if not (soon or _works(now, ground.after.as_of)):
            continue
        entity = f"rep:{rep}"
        count = ground.worked(entity, "accounts_owned", len(owned.get(rep, ())), "count", rep)
        cited = [count, ground.rep_name(rep)]
        if starts is not None:
            cited.insert(0, _dated(ground, now, "active_from", earlier=False))
        told.append(
            found(
                "rep_joined", entity, rep=rep, account=None,
                after=Figure.of(count, "Accounts owned"), on=starts, cited=cited,
            )
        )  # fmt: skip
    return told


def _works(row: Row, day: date) -> bool:
    """Say whether a row is that of somebody who works accounts on a day."""
    starts, ends = day_of(row["active_from"]), day_of(row["active_to"])
    begun = starts is None or starts <= day
    return bool(row["function"] == "rep") and begun and (ends is None or ends >= day)


def _owned(owners: Mapping[str, str | None]) -> dict[str, list[str]]:
    owned: dict[str, list[str]] = {}
    for account, owner in owners.items():
        if owner is not None:
            owned.setdefault(owner, []).append(account)
    return owned


def _dated(ground: Ground, row: Row, field: str, *, earlier: bool) -> Evidence:
    rep = str(row["rep_id"])
    return ground.record("reps", rep, field, row[field], "date", f"rep:{rep}", rep, earlier=earlier)
