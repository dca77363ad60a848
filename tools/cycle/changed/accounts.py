"""Accounts whose owner changed, or whose potential or pipeline did by much."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
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
    was, now = _both(
        ground.before.analyses.potential.table["potential_p50"],
        ground.after.analyses.potential.table["potential_p50"],
    )
    moves = _moved(was, now, rules.potential_share, rules.potential_amount)
    return [
        _changed(ground, account, value, "potential_p50", "Potential (P50)")
        for account, value in _held(ground, was[moves != 0])
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
    was, now = _both(
        ground.before.analyses.facts.table["open_pipeline"],
        ground.after.analyses.facts.table["open_pipeline"],
    )
    moves = _moved(was, now, rules.pipeline_share, rules.pipeline_amount)
    if not told.empty:
        told = told.reindex(now.index, fill_value=0.0)
        rest = was - told["amount_before"], now - told["amount"]
        moves *= moves == _moved(*rest, rules.pipeline_share, rules.pipeline_amount)
    return [
        _changed(ground, account, value, "open_pipeline", "Open pipeline")
        for account, value in _held(ground, was[moves != 0])
    ]


def _both(was: pd.Series, now: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return two columns of money by the accounts of the later book."""
    return was.reindex(now.index).astype("float64"), now.astype("float64")


def _moved(was: pd.Series, now: pd.Series, share: float, amount: float) -> np.ndarray:
    """Say of each account which way it changed by both limits: 1, -1, or 0.

    From nought every change is large. An unknown value has not changed.
    """
    before, after = (np.round(column.to_numpy() * 100) for column in (was, now))
    change = after - before
    # A share of cents is off by far less than a cent, and whole cents are exact.
    large = (np.abs(change) >= np.abs(before) * share - 1e-3) & (np.abs(change) >= amount * 100)
    return np.where(large, np.sign(change), 0.0)


def _held(ground: Ground, values: pd.Series) -> list[tuple[str, float]]:
    """Return accounts that are held and their values, by id."""
    return sorted((str(key), value) for key, value in values.items() if key in ground.holders)


def _changed(ground: Ground, account: str, value: float, metric: str, label: str) -> Found:
    rep = ground.holders[account]
    scope = ground.owners[account] or ""
    was = ground.was(account, metric, value, "money", scope)
    now = ground.cite(account, metric)
    stake = "potential_at_stake" if metric == "potential_p50" else "pipeline_moved"
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
