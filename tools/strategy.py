"""What another coverage model would do on the same book: who moves, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from domain.coverage import CoverageModel, Tier
from tools.analyses import Analyses
from tools.rule_changes import RuleChange, rule_changes
from tools.tier_causes import Cause, score_causes, tier_causes


@dataclass(frozen=True)
class Shift:
    """One account before and after; each difference has its causes.

    Ranks count among the accounts compared. The points of `score_causes` add up to the
    difference of the score.
    """

    account_id: str
    tier_before: str
    tier: str
    score_before: int
    score: int
    rank_before: int
    rank: int
    tier_causes: tuple[Cause, ...]
    score_causes: tuple[Cause, ...]
    rank_causes: tuple[Cause, ...]

    @property
    def rules(self) -> tuple[RuleChange, ...]:
        """Every changed rule behind the account's own differences, each once."""
        found = {
            rule.key: rule
            for cause in (*self.tier_causes, *self.score_causes, *self.rank_causes)
            for rule in cause.rules
        }
        return tuple(found.values())


@dataclass(frozen=True)
class Strategy:
    """What a changed coverage model does to the accounts compared.

    `changes` lists every rule that differs. `shifts` holds exactly the accounts whose tier,
    score or rank differs, in the new order. `tiers` has one row per tier key with the
    accounts `before` and `after`; `hours` one per rep with `needed_before`, `needed`,
    `selling_before` and `selling` (hours in the period).
    """

    changes: tuple[RuleChange, ...]
    shifts: tuple[Shift, ...]
    tiers: pd.DataFrame
    hours: pd.DataFrame


def strategy(
    before: Analyses,
    after: Analyses,
    rules_before: CoverageModel,
    rules: CoverageModel,
    *,
    seen: Callable[[str | None], bool] = lambda owner: True,
) -> Strategy:
    """Compare one book under two coverage models.

    Parameters
    ----------
    before, after
        The analyses of the same book, against the same earlier standing, under
        `rules_before` and `rules`.
    seen
        Whether the accounts of an owner (None: unowned) are compared. Ranks, totals and
        hours count no others.

    Notes
    -----
    An account that only changes places has its rank explained by the rules behind its own
    expected value, or by `order`: the accounts around it moved.
    """
    owners = before.facts.table["owner_id"]
    mine = [seen(None if pd.isna(owner) else str(owner)) for owner in owners]
    accounts = before.facts.table.index[mine]
    changes = rule_changes(rules_before, rules)
    of_tier = {
        account: causes
        for account, causes in tier_causes(
            before.tiers.placing, after.tiers.placing, changes
        ).items()
        if account in set(accounts)
    }
    of_score = score_causes(before.score, after.score, accounts, changes)
    old, new = (_ranked(one, accounts) for one in (before, after))
    values_before = before.tiers.table["expected_value"].to_dict()
    values = after.tiers.table["expected_value"].to_dict()
    potential = [one.potential.table["potential_p50"].to_dict() for one in (before, after)]
    peers = tuple(change for change in changes if change.key.startswith("peers."))
    tiers_before, tiers = (one.tiers.table["tier"].to_dict() for one in (before, after))
    scores_before, scores = (one.score.table["score"].to_dict() for one in (before, after))
    shifts = []
    for account in sorted(map(str, accounts), key=lambda one: new[one]):
        why: tuple[Cause, ...] = ()
        if old[account] != new[account]:
            why = (*of_tier.get(account, ()), *of_score.get(account, ()))
            if not why and not _same(values_before[account], values[account]):
                was, now = (_amount(table[account]) for table in potential)
                why = (Cause("potential", "potential", was, now, rules=peers),)
            why = why or (Cause("order", "the accounts around it moved", "", ""),)
        shift = Shift(
            account_id=account,
            tier_before=str(tiers_before[account]),
            tier=str(tiers[account]),
            score_before=int(scores_before[account]),
            score=int(scores[account]),
            rank_before=old[account],
            rank=new[account],
            tier_causes=of_tier.get(account, ()),
            score_causes=of_score.get(account, ()),
            rank_causes=why,
        )
        if why or shift.tier_causes or shift.score_causes:
            shifts.append(shift)
    reps = [rep for rep in before.workload.by_rep.index if seen(str(rep))]
    return Strategy(
        changes,
        tuple(shifts),
        _totals(before, after, accounts, [*rules.tiers, *rules_before.tiers]),
        _hours(before, after, reps),
    )


def _ranked(analyses: Analyses, accounts: Iterable[str]) -> dict[str, int]:
    compared = set(map(str, accounts))
    order = (account for account in analyses.ranks.order if account in compared)
    return {account: place for place, account in enumerate(order, start=1)}


def _totals(
    before: Analyses, after: Analyses, accounts: pd.Index[str], tiers: list[Tier]
) -> pd.DataFrame:
    labels = {tier.key: tier.label for tier in reversed(tiers)}
    order = list(dict.fromkeys(tier.key for tier in tiers))
    out = pd.DataFrame(index=pd.Index(order, name="tier"))
    out["label"] = [labels[key] for key in order]
    for name, one in (("before", before), ("after", after)):
        counts = one.tiers.table.loc[accounts, "tier"].value_counts()
        out[name] = counts.reindex(out.index, fill_value=0).astype("int64")
    return out


def _hours(before: Analyses, after: Analyses, reps: list[str]) -> pd.DataFrame:
    old, new = before.workload.by_rep.loc[reps], after.workload.by_rep.loc[reps]
    return pd.DataFrame(
        {
            "needed_before": old["needed_hours"],
            "needed": new["needed_hours"],
            "selling_before": old["selling_hours"],
            "selling": new["selling_hours"],
        }
    )


def _same(one: float, other: float) -> bool:
    return one == other or (pd.isna(one) and pd.isna(other))


def _amount(value: float) -> str:
    return "unknown" if pd.isna(value) else f"{value:,.2f}".removesuffix(".00")
