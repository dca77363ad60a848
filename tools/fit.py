"""Is this the right tool, and how mature is the planning that the data shows?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.book import Book
from domain.coverage import CoverageModel
from domain.period import trailing
from tools.facts import Facts
from tools.tiers import Tiers
from tools.workload import Workload

Maturity = Literal["AD HOC", "BASIC", "STRUCTURED", "STRATEGIC"]
FEWEST_REPS = 3
NEARLY_ALL = 0.9  # a practice counts as followed when it holds for this share


@dataclass(frozen=True)
class Sign:
    """One observable practice: whether the data shows it, what it shows, what to do if not."""

    level: Maturity
    practice: str
    seen: bool
    detail: str
    next_step: str


@dataclass(frozen=True)
class Fit:
    """Reasons against using this tool, the maturity the data shows, and the next step.

    `wrong_tool` is empty when territory design makes sense here; account planning does
    in any case. `maturity` is the highest level whose every sign, and every sign of the
    levels below, is seen. `next_step` is what the first missing sign asks for; empty when
    all are seen.
    """

    wrong_tool: tuple[str, ...]
    maturity: Maturity
    next_step: str
    signs: tuple[Sign, ...]


def fit(book: Book, facts: Facts, tiers: Tiers, workload: Workload, coverage: CoverageModel) -> Fit:
    """Judge from the data whether territory design is of use, and how planning is done.

    Parameters
    ----------
    book
        Reps, territories, quotas, activities and opportunities.
    facts, tiers, workload
        Owners and touches, tiers, and loads.
    coverage
        Target segments.

    Returns
    -------
    Fit
        Three reasons speak against: fewer than three reps own accounts; every territory
        belongs to one rep and every rep to one territory, so that nothing can move; every
        account is owned and was touched in the last 90 days, so that nothing is left to
        find. An empty book is AD HOC.
    """
    signs = _signs(book, facts, tiers, workload, coverage)
    maturity: Maturity = "AD HOC"
    first_missing = next((sign for sign in signs if not sign.seen), None)
    levels: tuple[Maturity, ...] = ("BASIC", "STRUCTURED", "STRATEGIC")
    for level in levels:
        if first_missing is not None and first_missing.level == level:
            break
        maturity = level
    return Fit(
        wrong_tool=tuple(_against(book, facts)),
        maturity=maturity,
        next_step=first_missing.next_step if first_missing else "",
        signs=signs,
    )


def _against(book: Book, facts: Facts) -> list[str]:
    owners = facts.table["owner_id"].dropna()
    if facts.table.empty:
        return ["The book holds no account."]
    reasons = []
    reps = owners.nunique()
    if reps < FEWEST_REPS:
        reasons.append(
            f"Only {reps} {'rep owns' if reps == 1 else 'reps own'} accounts: with fewer than "
            f"{FEWEST_REPS} there is nothing to balance. Use account plans alone."
        )
    placed = book["accounts"].dropna(subset=["owner_id", "territory_id"])
    pairs = placed[["owner_id", "territory_id"]].drop_duplicates()
    if (
        len(pairs)
        and not pairs["owner_id"].duplicated().any()
        and not (pairs["territory_id"].duplicated().any())
    ):
        reasons.append(
            "Every territory has one rep and every rep one territory: geography fixes who owns "
            "what, and a design has no freedom. Use account plans alone."
        )
    touched = facts.table["touches_90d"].fillna(0).gt(0)
    if len(owners) == len(facts.table) and bool(touched.all()):
        reasons.append(
            "Every account has an owner and was touched in the last 90 days: the market is known "
            "and worked. A ranking has little to add."
        )
    return reasons


def _signs(
    book: Book, facts: Facts, tiers: Tiers, workload: Workload, coverage: CoverageModel
) -> tuple[Sign, ...]:
    table = facts.table
    total = max(len(table), 1)
    owned = table["owner_id"].notna()
    described = table[["segment", "industry"]].notna().any(axis=1)
    tier_of = {tier.key: tier for tier in coverage.tiers}
    planned = owned & tiers.table["tier"].map(lambda key: tier_of[key].plan == "full")
    touched = table["touches_90d"].fillna(0).gt(0)
    working = set(table["owner_id"].dropna())
    quotas = book["quotas"]
    day = facts.reading.as_of
    current = trailing(day, 120)
    # A quota counts as kept up when one was set for a period of the last four months.
    recent = quotas[(quotas["ends"].dt.date >= current.start) & (quotas["starts"].dt.date <= day)]
    with_quota = working & set(recent["rep_id"])
    loads = workload.by_rep.loc[[rep for rep in workload.by_rep.index if rep in working], "load"]
    within_hours = int((loads <= 1.0).sum())
    deals = book["opportunities"]
    signals = book["intent_signals"]

    def share(part: int, whole: int) -> bool:
        return whole > 0 and part / whole >= NEARLY_ALL

    bought = table["net_spend_12m"].fillna(0).gt(0)
    return (
        Sign(
            "BASIC",
            "accounts that buy have an owner",
            share(int((owned & bought).sum()), int(bought.sum())),
            f"{int((owned & bought).sum())} of {int(bought.sum())} active accounts are owned",
            "Give every account that buys one primary owner.",
        ),
        Sign(
            "BASIC",
            "accounts are described by industry or segment",
            share(int(described.sum()), len(table)),
            f"{int(described.sum())} of {total} accounts are described",
            "Fill in industry or segment for the accounts that lack both.",
        ),
        Sign(
            "STRUCTURED",
            "reps have a current quota",
            share(len(with_quota), len(working)),
            f"{len(with_quota)} of {len(working)} reps with accounts have one",
            "Set a quota for every rep and period, following territory potential.",
        ),
        Sign(
            "STRUCTURED",
            "open deals are on record",
            not deals.empty,
            f"{len(deals)} opportunities on record",
            "Record open opportunities with stage, amount and close date.",
        ),
        Sign(
            "STRUCTURED",
            "accounts with a full plan are touched",
            share(int((planned & touched).sum()), int(planned.sum())),
            f"{int((planned & touched).sum())} of {int(planned.sum())} touched in 90 days",
            "Record touches, and reach every account of the tiers with a full plan each quarter.",
        ),
        Sign(
            "STRATEGIC",
            "work fits the hours of every rep",
            bool(len(loads)) and within_hours == len(loads),
            f"{within_hours} of {len(loads)} reps are within their hours",
            "Move accounts or lower cadences until no rep's tiers ask for more hours than there "
            "are.",
        ),
        Sign(
            "STRATEGIC",
            "signs of interest are collected",
            not signals.empty,
            f"{len(signals)} signals on record",
            "Collect signs of interest, so that timing and not size alone sets the order.",
        ),
        Sign(
            "STRATEGIC",
            "target segments are named",
            bool(coverage.strategy.target_segments),
            f"{len(coverage.strategy.target_segments)} target segments",
            "Name target segments in the coverage model.",
        ),
    )
