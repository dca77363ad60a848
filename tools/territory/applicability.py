"""Where balancing territories is the wrong tool, and what to use instead."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from domain.errors import WrongTool
from domain.territory_rules import TerritoryRules
from tools.fit import FEWEST_REPS
from tools.territory.case import Case
from tools.territory.inputs import Inputs

INSTEAD = "Plan account by account instead: cadastre plan draft ACCOUNT."


def demand_applicable(
    inputs: Inputs, case: Case | None = None, *, rules: TerritoryRules | None = None
) -> None:
    """Stop where a design could not change anything for the better.

    Three cases, as `tools.fit` judges a whole book: fewer than three reps with hours;
    geography or other rules that leave (almost) no account a second rep; a market in
    which every account has an owner and was touched in the last 90 days.

    Parameters
    ----------
    inputs
        Accounts and reps, after any events: accounts of a leaver have no owner, so a
        known market with a leaver is worth a design.
    case
        The problem made of them; without it freedom is not judged.
    rules
        `least_freedom` of them; the defaults when left out.

    Raises
    ------
    WrongTool
        With every reason that holds; the hint offers account planning.
    """
    reasons = list(_reasons(inputs, case, rules or TerritoryRules()))
    if reasons:
        raise WrongTool(
            "Balancing territories is of no use here. " + " ".join(reasons),
            hint=INSTEAD,
            reasons=reasons,
        )


def freedom(case: Case) -> float:
    """Share of accounts (0 to 1) that at least two reps may have."""
    problem = case.problem
    free = np.diff(problem.first) > 1
    return float(problem.accounts[free].sum() / problem.accounts.sum())


def _reasons(inputs: Inputs, case: Case | None, rules: TerritoryRules) -> Iterator[str]:
    team = f" of {inputs.team}" if inputs.team else ""
    reps = int((inputs.reps["selling_hours"] > 0).sum())
    if reps < FEWEST_REPS:
        yield (
            f"Only {reps} rep{'' if reps == 1 else 's'}{team} can own accounts: with fewer than "
            f"{FEWEST_REPS} there is nothing to balance."
        )
    if case is not None and (free := freedom(case)) <= rules.least_freedom:
        told = "No account has a second rep who may have it" if free == 0 else (
            f"Only {free:.1%} of the accounts have a second rep who may have them"
        )  # fmt: skip
        yield f"{told}: geography and rules fix who owns what."
    accounts = inputs.accounts
    if len(accounts) and bool((accounts["owner_known"] & (accounts["touches_90d"] > 0)).all()):
        yield (
            "Every account has an owner and was touched in the last 90 days: the market is known "
            "and worked."
        )
