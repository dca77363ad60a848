"""Territories that look fair and are not: gaps of potential, books of odd sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from domain.coverage import CoverageModel
from domain.record import Record
from domain.territory_flags import FlagRules

FlagKind = Literal["potential_gap", "book_sizes", "strategic_book", "transactional_book"]


class Flag(Record):
    """Something a manager should look at, and the reps concerned."""

    kind: FlagKind
    reps: tuple[str, ...]
    told: str


def balance_flags(reps: pd.DataFrame, tiers: pd.DataFrame, coverage: CoverageModel) -> list[Flag]:
    """Name what is out of proportion between territories.

    Parameters
    ----------
    reps
        Indexed by rep id: `name`, `potential` (currency), `accounts` (count) and `quota`
        (currency; missing where none is set).
    tiers
        Accounts by rep (rows) and tier (columns), counts.
    coverage
        `territory.flags` holds the bounds, `tiers` say which are automated.

    Returns
    -------
    list of Flag
        A gap of potential among reps with equal quotas (the widest one; without any
        quota, all count as equal), books of accounts out of proportion (the largest
        against the smallest), then books outside what their kind usually holds, by rep.
    """
    rules = coverage.territory.flags
    flags = [_potential_gap(reps, rules), _book_sizes(reps, rules)]
    automated = [tier.key for tier in coverage.tiers if tier.automated]
    for rep, row in tiers.iterrows():
        counts = {str(tier): int(count) for tier, count in row.items()}
        name = str(reps.at[rep, "name"])
        flags.append(_strategic(str(rep), name, counts, coverage.tiers[0].key, rules))
        flags.append(_transactional(str(rep), name, counts, automated, rules))
    return [flag for flag in flags if flag is not None]


def _potential_gap(reps: pd.DataFrame, rules: FlagRules) -> Flag | None:
    quotas = reps["quota"]
    known = reps if quotas.isna().all() else reps[quotas.notna()]
    widest: tuple[float, str, str] | None = None
    for low, one in known.iterrows():
        for high, other in known.iterrows():
            if not _equal(one["quota"], other["quota"], rules.quotas_equal):
                continue
            if other["potential"] <= one["potential"]:
                continue
            gap = other["potential"] / one["potential"] if one["potential"] > 0 else float("inf")
            if widest is None or gap > widest[0]:
                widest = (gap, str(low), str(high))
    if widest is None or widest[0] < rules.potential_gap:
        return None
    gap, poor, rich = widest
    under = "without quotas to make up for it" if quotas.isna().all() else "under equal quotas"
    names = reps["name"]
    told = (
        f"{names[poor]} has no potential and {names[rich]} has some"
        if gap == float("inf")
        else f"{names[rich]} has {gap:.1f} times the potential of {names[poor]}"
    )
    return Flag(kind="potential_gap", reps=(rich, poor), told=f"{told}, {under}.")


def _equal(one: float, other: float, apart: float) -> bool:
    if pd.isna(one) or pd.isna(other):
        return bool(pd.isna(one) and pd.isna(other))
    return abs(one - other) <= apart * max(one, other)


def _book_sizes(reps: pd.DataFrame, rules: FlagRules) -> Flag | None:
    if len(reps) < 2:
        return None
    sizes = reps["accounts"]
    large, small = str(sizes.idxmax()), str(sizes.idxmin())
    most, least = int(sizes[large]), int(sizes[small])
    # In whole numbers, so that 250 against 90 itself is always flagged.
    if most == 0 or most * rules.small_book < least * rules.large_book:
        return None
    names = reps["name"]
    return Flag(
        kind="book_sizes",
        reps=(large, small),
        told=f"{names[large]} has {most} accounts against {least} of {names[small]}, as far apart "
        f"as {rules.large_book} and {rules.small_book} or more. Look at their hours.",
    )


def _strategic(
    rep: str, name: str, counts: Mapping[str, int], highest: str, rules: FlagRules
) -> Flag | None:
    total, held = sum(counts.values()), counts.get(highest, 0)
    least, most = rules.strategic_accounts
    if not total or held < rules.book_share * total or least <= total <= most:
        return None
    return Flag(
        kind="strategic_book",
        reps=(rep,),
        told=f"{name} has {total} account{'' if total == 1 else 's'} in a strategic book, where "
        f"{least} to {most} are usual.",
    )


def _transactional(
    rep: str, name: str, counts: Mapping[str, int], automated: list[str], rules: FlagRules
) -> Flag | None:
    total = sum(counts.values())
    held = sum(counts.get(tier, 0) for tier in automated)
    if not total or held < rules.book_share * total or total >= rules.transactional_accounts:
        return None
    return Flag(
        kind="transactional_book",
        reps=(rep,),
        told=f"{name} has {total} account{'' if total == 1 else 's'} in a transactional book, "
        f"where {rules.transactional_accounts} and more are usual.",
    )
