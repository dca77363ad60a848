"""Help lent to a quarter: by which function, for how much, at which accounts, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from domain.cycle import Figure
from domain.evidence import Unit
from domain.territory_plan import ResourceRow
from tools.cycle.people import of_function
from tools.cycle.plan_ground import PlanGround

NOBODY = "The team has nobody of this function: ask for help from elsewhere, or do without."
MARKETING = "Marketing has no row among our people: hand it the list."
FEWER = "Fewer accounts qualify than the coverage model would lend it to."


@dataclass(frozen=True)
class _Help:
    """One kind of help: how much the coverage model lends, and where it goes."""

    function: str
    label: str
    metric: str
    unit: Unit
    amount: float
    accounts: Sequence[str]
    wanted: int | None
    rule: str


def resources(ground: PlanGround) -> tuple[ResourceRow, ...]:
    """Lend the help that the coverage model names, each to accounts chosen by a rule.

    Sales development takes the best accounts without an open deal; marketing those of the
    tiers that get a full plan; solution engineering those with an open deal, the active stages
    first; customer success reviews the business of those that spend most. All by the
    standing rank order, among the accounts the hours reach. Where a team has nobody of a
    function, or too few accounts qualify, the note says so.
    """
    rules = ground.side.coverage.territory_plan
    with_deals = set(map(str, ground.deals["account_id"]))
    full = {tier.key for tier in ground.side.coverage.tiers if tier.plan == "full"}
    rows = (
        _Help(
            "inside_sales", "Sales development", "sdr_accounts", "count", rules.sdr_accounts,
            [item for item in ground.reached if item not in with_deals],
            rules.sdr_accounts, "The best ranked accounts without an open deal.",
        ),
        _Help(
            "marketing", "Account-based marketing", "abm_accounts", "count", rules.abm_accounts,
            [item for item in ground.reached if ground.tier_of[item] in full],
            rules.abm_accounts, "The best ranked accounts of tiers with a full plan.",
        ),
        _Help(
            "solution_engineering", "Solution engineering", "solution_engineering_hours_week",
            "hours", rules.solution_engineering_hours_week, _with_deals(ground, with_deals),
            None, "Hours a week, at accounts with an open deal, the active stages first.",
        ),
        _Help(
            "customer_success", "Customer success", "business_reviews", "count",
            rules.business_reviews, _by_spend(ground), rules.business_reviews,
            "Business reviews with the accounts that spend most.",
        ),
    )  # fmt: skip
    return tuple(_row(ground, item) for item in rows)


def _row(ground: PlanGround, item: _Help) -> ResourceRow:
    need = ground.cells.told(f"{item.metric}_lent", item.unit, item.amount)
    people = (
        ()
        if item.function == "marketing"
        else of_function(ground.side.book, ground.reps, item.function, ground.window)
    )
    notes = [item.rule]
    if item.amount and not people:
        notes.append(MARKETING if item.function == "marketing" else NOBODY)
    if item.wanted is not None and len(item.accounts) < item.wanted:
        notes.append(FEWER)
    accounts = item.accounts if item.wanted is None else item.accounts[: item.wanted]
    return ResourceRow(
        function=item.function,
        label=item.label,
        need=Figure.of(need, item.label),
        people=people,
        accounts=tuple(accounts) if item.amount else (),
        note=" ".join(notes),
    )


def _with_deals(ground: PlanGround, with_deals: set[str]) -> list[str]:
    active = set(ground.side.coverage.cycle.active_stages)
    deals = ground.deals
    staged = set(map(str, deals.loc[deals["stage"].isin(active), "account_id"]))
    open_ = [item for item in ground.reached if item in with_deals]
    return [item for item in open_ if item in staged] + [
        item for item in open_ if item not in staged
    ]


def _by_spend(ground: PlanGround) -> list[str]:
    spend = ground.table["net_spend_12m"].reindex(list(ground.reached))
    place = {account: number for number, account in enumerate(ground.reached)}
    buying = [(account, amount) for account, amount in spend.items() if not pd.isna(amount)]
    bought = [(str(account), amount) for account, amount in buying if amount > 0]
    return [account for account, _ in sorted(bought, key=lambda item: (-item[1], place[item[0]]))]
