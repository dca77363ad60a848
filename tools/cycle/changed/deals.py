"""Deals that slipped, and regular orders that did not come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd

from domain.cycle import Figure
from domain.evidence import Evidence
from domain.tables import STAGES
from tools.cycle.changed.found import Found, found
from tools.cycle.changed.ground import PREVIOUS, Ground, day_of
from tools.past_deals import open_deals

PAST = "past, and the deal is still open"


def slipped_deals(ground: Ground) -> pd.DataFrame:
    """Return the open deals that slipped, by id.

    Returns
    -------
    DataFrame
        Columns of the later book's row and, ending in `_before`, `stage`, `amount` and
        `closes` of the earlier one, missing for a new deal. `later`: the close date moved by
        at least `review.slipped_days`; `back`: the stage is an earlier one; `past`: the
        close date has passed since the earlier book. One of them holds.
    """
    now = open_deals(ground.after.book["opportunities"], ground.after.as_of)
    now = now[now["account_id"].isin(ground.holders)]
    every = ground.before.book["opportunities"][["opportunity_id", "stage", "amount", "closes"]]
    was = open_deals(ground.before.book["opportunities"], ground.before.as_of)
    both = now.merge(every, on="opportunity_id", how="left", suffixes=("", "_before"))
    is_new = both["stage_before"].isna()
    open_then = both["opportunity_id"].isin(was["opportunity_id"])
    moved = (both["closes"] - both["closes_before"]).dt.days
    rank = {stage: place for place, stage in enumerate(STAGES)}
    past_now = both["closes"] < pd.Timestamp(ground.after.as_of)
    past_then = both["closes_before"] < pd.Timestamp(ground.before.as_of)
    both["later"] = open_then & moved.ge(ground.after.coverage.review.slipped_days)
    both["back"] = open_then & (both["stage"].map(rank) < both["stage_before"].map(rank))
    both["past"] = past_now & ((open_then & ~past_then) | is_new)
    slipped = both[both["later"] | both["back"] | both["past"]]
    return slipped.sort_values("opportunity_id", kind="stable").reset_index(drop=True)


def told_elsewhere(ground: Ground, slipped: pd.DataFrame) -> pd.DataFrame:
    """Return what slipped deals, and deals won since, hold in the pipeline of each book.

    Returns
    -------
    DataFrame
        Indexed by account: `amount_before` and `amount`, nought where a deal has none. A deal
        that was won has left the pipeline as it should; tracking tells what it brought.
    """
    was = open_deals(ground.before.book["opportunities"], ground.before.as_of)
    now = ground.after.book["opportunities"]
    won = was["opportunity_id"].isin(now.loc[now["stage"] == "won", "opportunity_id"])
    if slipped.empty and not won.any():
        return slipped[["amount_before", "amount"]]
    told = pd.concat(
        [
            slipped[["account_id", "amount_before", "amount"]],
            was.loc[won, ["account_id", "amount"]].rename(columns={"amount": "amount_before"}),
        ]
    )
    return told.groupby("account_id")[["amount_before", "amount"]].sum()


def deals_slipped(ground: Ground, slipped: pd.DataFrame) -> list[Found]:
    """Tell the deals of `slipped_deals` with both dates, or both stages, and their amount."""
    return [_slipped(ground, row) for row in slipped.to_dict("records")]


def _slipped(ground: Ground, row: Mapping[Any, Any]) -> Found:
    deal, account = str(row["opportunity_id"]), str(row["account_id"])
    rep = ground.holders[account]
    scope = ground.owners[account] or ""
    entity = f"account:{account}/opportunity:{deal}"
    cells: dict[str, Evidence] = {}
    for field, unit in (("closes", "date"), ("stage", "text"), ("amount", "money")):
        for earlier in (False, True):
            value = row[field + "_before" if earlier else field]
            if not pd.isna(value) and not (earlier and field == "amount"):
                cells[(PREVIOUS if earlier else "") + field] = ground.record(
                    "opportunities", deal, field, value, unit, entity, scope,  # type: ignore[arg-type]
                    earlier=earlier,
                )  # fmt: skip
    field, label = ("closes", "Closes") if row["later"] or row["past"] else ("stage", "Stage")
    note = PAST if row["past"] else ""
    before = cells.get(PREVIOUS + field)
    amount = cells.get("amount")
    name = ground.name("opportunities", deal, row["name"], entity, scope)
    return found(
        "deal_slipped", entity, rep=rep, account=account,
        before=None if before is None else Figure.of(before, label),
        after=Figure.of(cells[field], label, note),
        amount=Figure.unknown("amount", "Amount", "money", "the deal has no amount")
        if amount is None
        else Figure.of(amount, "Amount"),
        on=day_of(row["closes"]),
        cited=[*cells.values(), name, ground.account_name(account, rep)],
    )  # fmt: skip


def renewals_slipped(ground: Ground) -> list[Found]:
    """Tell accounts whose regular order fell due and did not come.

    Due is the day the rhythm foretold at the earlier book. It slipped when the later book
    lies at least `review.overdue_days` after it, when the earlier did not yet, and no order
    came since the earlier book's last one.
    """
    wait = timedelta(days=ground.after.coverage.review.overdue_days)
    was = ground.before.analyses.facts.table
    due = was["next_order_due"]
    late = due <= pd.Timestamp(ground.after.as_of) - wait
    late &= due > pd.Timestamp(ground.before.as_of) - wait
    due = due[late]
    now = ground.after.analyses.facts.table["last_order_date"].reindex(due.index)
    came = now > was["last_order_date"].reindex(due.index)
    told = []
    for account in sorted(map(str, due.index[~came])):
        if account not in ground.holders:
            continue
        rep = ground.holders[account]
        scope = ground.owners[account] or ""
        entity = f"account:{account}"
        on = due[account].date()
        days = (ground.after.as_of - on).days
        before = ground.was(account, "next_order_due", on, "date", scope)
        after = ground.worked(entity, "order_overdue_days", days, "days", scope, [before])
        last = ground.cite(account, "last_order_amount")
        told.append(
            found(
                "renewal_slipped", entity, rep=rep, account=account,
                before=Figure.of(before, "Order due"), after=Figure.of(after, "Overdue"),
                amount=Figure.of(last[0], "Last order")
                if last
                else Figure.unknown(
                    "last_order_amount", "Last order", "money", "the last order is not known"
                ),
                on=on, cited=[after, *last[:1], before, ground.account_name(account, rep)],
                behind=last[1:],
            )
        )  # fmt: skip
    return told
