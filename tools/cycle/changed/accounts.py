"""Accounts whose owner changed, or whose potential or pipeline did by much."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from domain.cycle import Figure
from domain.evidence import Evidence
from tools.cycle.changed.found import Found, found
from tools.cycle.changed.ground import NOBODY, Ground, figure

SPEND = "Net spend of 12 months"


def owners_changed(ground: Ground, left: Collection[str]) -> list[Found]:
    """Tell every account that has another owner, but for those of reps who left."""
    told = []
    for account in sorted(ground.owners.keys() & ground.owners_before.keys()):
        was, now = ground.owners_before[account], ground.owners[account]
        if was == now or was in left:
            continue
        rep = now if now in ground.reps else was
        if rep is None or rep not in ground.reps:
            continue
        cited = [ground.account_name(account, rep)]
        before = _owner(ground, account, was, rep, cited, earlier=True)
        if now is None or now in ground.reps:
            after = _owner(ground, account, now, rep, cited, earlier=False)
            amount = ground.cite(account, "net_spend_12m")
        else:
            # Whose it is now is a matter of rows that this review does not read.
            after = Figure.unknown("owner", "Owner", "name", "a rep outside of this review")
            spend = ground.before.analyses.facts.table["net_spend_12m"].get(account)
            amount = ()
            if not pd.isna(spend):
                amount = (ground.was(account, "net_spend_12m", spend, "money", rep),)
        told.append(
            found(
                "owner_changed", f"account:{account}", rep=rep, account=account, before=before,
                after=after,
                amount=figure(amount, "net_spend_12m", SPEND, "money", "no orders are known"),
                cited=[*cited, *amount[:1]], behind=amount[1:],
            )
        )  # fmt: skip
    return told


def potentials_changed(ground: Ground) -> list[Found]:
    """Tell accounts whose P50 changed by the share and the amount of `[review]`."""
    rules = ground.after.coverage.review
    was = ground.before.analyses.potential.table["potential_p50"]
    now = ground.after.analyses.potential.table["potential_p50"]
    moves = _moved(was, now, rules.potential_share, rules.potential_amount)
    return [
        _changed(ground, account, was[account], "potential_p50", "Potential (P50)")
        for account in _held(ground, moves != 0)
    ]


def pipelines_changed(ground: Ground, told: pd.DataFrame) -> list[Found]:
    """Tell accounts whose open pipeline changed by the share and the amount of `[review]`.

    Parameters
    ----------
    told
        By account `amount_before` and `amount`: the pipeline of either book that is told
        otherwise, of deals that slipped or were won. What is left without them has to have
        changed by as much, the same way.
    """
    rules = ground.after.coverage.review
    was = ground.before.analyses.facts.table["open_pipeline"]
    now = ground.after.analyses.facts.table["open_pipeline"]
    moves, left = (
        _moved(one, other, rules.pipeline_share, rules.pipeline_amount)
        for one, other in (
            (was, now),
            (
                was.sub(told["amount_before"].reindex(was.index, fill_value=0.0)),
                now.sub(told["amount"].reindex(now.index, fill_value=0.0)),
            ),
        )
    )
    return [
        _changed(ground, account, was[account], "open_pipeline", "Open pipeline")
        for account in _held(ground, (moves != 0) & (moves == left))
    ]


def _moved(was: pd.Series, now: pd.Series, share: float, amount: float) -> pd.Series:
    """Say by account of the later book which way it changed by both limits: 1, -1, or 0.

    From nought every change is large. An unknown value has not changed.
    """
    was = was.reindex(now.index).astype("float64")
    cents_before, cents = (was * 100).round(), (now.astype("float64") * 100).round()
    change = cents - cents_before
    # A share of cents is off by far less than a cent, and whole cents are exact.
    large = change.abs().ge(cents_before.abs() * share - 1e-3) & change.abs().ge(amount * 100)
    return change.where(large, 0.0).clip(-1, 1)


def _held(ground: Ground, chosen: pd.Series) -> list[str]:
    return [key for key in sorted(map(str, chosen.index[chosen])) if key in ground.holders]


def _changed(ground: Ground, account: str, value: float, metric: str, label: str) -> Found:
    rep = ground.holders[account]
    scope = ground.owners[account] or ""
    was = ground.was(account, metric, value, "money", scope)
    now = ground.cite(account, metric)
    stake = "potential_at_stake" if metric == "potential_p50" else "pipeline_at_stake"
    amount = ground.change_at_stake(account, stake, was, now[0], scope)
    return found(
        "potential_changed" if metric == "potential_p50" else "pipeline_changed",
        f"account:{account}", rep=rep, account=account,
        before=Figure.of(was, label), after=Figure.of(now[0], label),
        amount=Figure.of(amount, "Changed by"),
        cited=[now[0], amount, was, ground.account_name(account, rep)], behind=now[1:],
    )  # fmt: skip


def _owner(
    ground: Ground, account: str, owner: str | None, rep: str, cited: list[Evidence], *,
    earlier: bool,
) -> Figure:  # fmt: skip
    """Show an owner by name; the cell behind it is put among `cited`."""
    entity, cell = f"account:{account}", []
    name = NOBODY
    if owner is not None:
        row = ground.side(earlier=earlier).book.rows("reps").get(owner)
        name = str(row["name"]) if row is not None else owner
        cell = [
            ground.record(
                "accounts", account, "owner_id", owner, "text", entity, rep, earlier=earlier
            )
        ]
    told = ground.worked(entity, "owner", name, "name", rep, cell, earlier=earlier)
    cited += [told, *cell]
    return Figure.of(told, "Owner")
