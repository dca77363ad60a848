"""The focus accounts of a quarter: which, of what kind, for what amount, how far along."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from domain.cycle import Figure
from domain.plan import PlanVersion
from domain.tables import STAGES
from domain.territory_plan import FocusAccount
from tools.cycle.focus_kinds import Kind, kind_of
from tools.cycle.overview import deal_field
from tools.cycle.plan_ground import PlanGround

NO_DEAL = "No deal is open."


def focus(
    ground: PlanGround, plans: Sequence[PlanVersion], accounts: Sequence[str] | None = None
) -> tuple[FocusAccount, ...]:
    """Choose the focus accounts of a plan.

    Parameters
    ----------
    plans
        Approved account plans; a focus account that has one comes with it.
    accounts
        Whom to choose from, in order; by default the accounts within the owner's capacity,
        by the standing rank order. Accounts of automated tiers are no focus.

    Returns
    -------
    tuple
        At most `territory_plan.focus_accounts`, in order of rank; those whose amount is below
        `whitespace.worth_a_visit`, or unknown, come last. Empty without accounts.
    """
    chosen = ground.reached if accounts is None else accounts
    approved = {
        plan.content.account_id: plan.plan_id
        for plan in sorted(plans, key=lambda plan: plan.version)
        if plan.status == "approved"
    }
    most = ground.side.coverage.territory_plan.focus_accounts
    stages = furthest_deals(ground)
    kinds = {account: kind_of(ground, account) for account in chosen}
    least = ground.side.coverage.whitespace.worth_a_visit
    # A place in the focus is hours: an account that little hangs on waits for one.
    small = [item for item in chosen if float(kinds[item].amount.value or 0) < least]
    large = [item for item in chosen if item not in set(small)]
    return tuple(
        _row(ground, place, account, kinds[account], stages, approved.get(account))
        for place, account in enumerate([*large, *small][:most], start=1)
    )


def _row(
    ground: PlanGround,
    place: int,
    account: str,
    kind: Kind,
    stages: dict[str, str],
    plan_id: str | None,
) -> FocusAccount:
    return FocusAccount(
        rank=place,
        account_id=account,
        name=ground.cells.name(account),
        tier=ground.tier_of[account],
        kind=kind.kind,
        amount=kind.amount,
        stage=_stage(ground, account, stages.get(account)),
        because=kind.because,
        plan_id=plan_id,
        grounds=tuple(item.id for item in kind.grounds),
    )


def furthest_deals(ground: PlanGround) -> dict[str, str]:
    """The open deal of each account that is furthest along: by stage, amount, close, id."""
    deals = ground.deals
    columns = ("account_id", "opportunity_id", "stage", "amount", "closes")
    best: dict[str, tuple[tuple[float, float, pd.Timestamp, str], str]] = {}
    for account, deal, stage, amount, closes in zip(*(deals[c] for c in columns), strict=True):
        key = (
            -float(STAGES.index(stage)) if stage in STAGES else 1.0,
            0.0 if pd.isna(amount) else -float(amount),
            pd.Timestamp.max if pd.isna(closes) else closes,
            str(deal),
        )
        best[account] = min(best.get(account, (key, str(deal))), (key, str(deal)))
    return {account: deal for account, (_, deal) in best.items()}


def _stage(ground: PlanGround, account: str, deal: str | None) -> Figure:
    found = deal_field(ground, deal, account, "stage") if deal is not None else None
    if found is None:
        return Figure.unknown("stage", "Stage", "text", NO_DEAL)
    return Figure.of(found, "Stage")
