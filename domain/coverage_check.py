"""Planning numbers that contradict each other: what a valid coverage model may still hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from domain.record import Record
from domain.tables import STAGES

if TYPE_CHECKING:
    from domain.card import Bin, CardRule
    from domain.coverage import CoverageModel, Tier

WEEKS_A_YEAR = 52
SAME = 0.02  # rates closer than this are one rate, written with fewer digits

_NUMBER = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_EVERY = {
    "day": 5.0, "week": 1.0, "fortnight": 0.5, "month": 12 / WEEKS_A_YEAR,
    "quarter": 4 / WEEKS_A_YEAR, "year": 1 / WEEKS_A_YEAR,
}  # fmt: skip
_ADVERB = {
    "daily": 5.0, "weekly": 1.0, "fortnightly": 0.5, "monthly": 12 / WEEKS_A_YEAR,
    "quarterly": 4 / WEEKS_A_YEAR, "yearly": 1 / WEEKS_A_YEAR,
}  # fmt: skip
_COUNT = r"(\d+(?:\.\d+)?|" + "|".join(_NUMBER) + ")"
_PER = re.compile(
    _COUNT + r"\s*(?:touch(?:es)?|calls?|meetings?|visits?|x|times)?\s*"
    r"(?:a|per|each|every|in each|in a|/)\s*(week|fortnight|month|quarter|year)\b"
)
_EACH = re.compile(r"every\s+(?:" + _COUNT + r"\s+)?(day|week|fortnight|month|quarter|year)s?\b")


class CoverageFinding(Record):
    """One contradiction: where it stands, what it says, what to do."""

    code: str
    key: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.key}: {self.message} {self.remedy}"


def lint_coverage(
    coverage: CoverageModel,
    *,
    tier_counts: Mapping[str, int] | None = None,
    selling_hours_week: float | None = None,
    period_days: int | None = None,
) -> list[CoverageFinding]:
    """List planning numbers that contradict each other.

    Parameters
    ----------
    coverage
        A model that `parse_coverage` accepted.
    tier_counts
        Accounts by tier key in the book, owned ones only. Without it, hours are not judged.
    selling_hours_week
        Hours a week of all the reps who own them; by default one rep's hours of the model.
    period_days
        Days that touch quotas are told for; by default the planning period.

    Returns
    -------
    list of CoverageFinding
        In the order of the file; empty when nothing contradicts.
    """
    days = period_days or coverage.planning.period_days
    return [
        *_segments(coverage),
        *_tiers(coverage, days),
        *_hours(coverage, tier_counts or {}, selling_hours_week, days),
        *_cycle(coverage),
        *_card(coverage),
        *_territory(coverage),
    ]


def touches_a_week(cadence: str) -> float | None:
    """Read a cadence such as `2 touches a week`, `every two weeks` or `monthly nurture`.

    A counted rate wins over an adverb beside it: `weekly, 2 touches a week` is 2. None
    when the words state no rate.
    """
    text = cadence.lower()
    if found := _PER.search(text):
        return _number(found[1]) * _EVERY[found[2]]
    if found := _EACH.search(text):
        return _EVERY[found[2]] / (_number(found[1]) if found[1] else 1)
    for word, rate in _ADVERB.items():
        if re.search(rf"\b{word}\b", text):
            return rate
    return None


def _number(text: str) -> float:
    return float(_NUMBER[text]) if text in _NUMBER else float(text)


def _segments(coverage: CoverageModel) -> Iterator[CoverageFinding]:
    names: set[str] = set()
    for segment in coverage.strategy.target_segments:
        key = f"strategy.target_segments.{segment.name}"
        limits = (
            segment.industry, segment.segment, segment.product_focus, segment.country,
            segment.region, segment.employees_at_least,
        )  # fmt: skip
        if all(limit is None for limit in limits):
            yield CoverageFinding(
                code="segment_matches_everything",
                key=key,
                message="it names no condition, so every account is in it.",
                remedy="Give it an industry, segment, product focus, country, region or size.",
            )
        if segment.points == 0:
            yield CoverageFinding(
                code="segment_without_points",
                key=key,
                message="it gives 0 points, so being a target changes nothing.",
                remedy="Give it points, or remove it.",
            )
        if segment.name in names:
            yield CoverageFinding(
                code="segment_twice",
                key=key,
                message="the name occurs twice, and only the first can be told from the score.",
                remedy="Rename one of them.",
            )
        names.add(segment.name)


_DEPTH = {"full": 2, "light": 1, "none": 0}
_CYCLE = {None: 0, "early": 1, "six_months": 2, "active": 3}
_ACCESS = {None: 0, "director": 1, "executive": 2}


def _tiers(coverage: CoverageModel, days: int) -> Iterator[CoverageFinding]:
    for tier in coverage.tiers:
        stated = touches_a_week(tier.cadence)
        if stated is not None and abs(stated - tier.touches_per_week) > SAME * stated:
            yield CoverageFinding(
                code="cadence_stated_twice",
                key=f"tiers.{tier.key}",
                message=f"cadence {tier.cadence!r} is {stated:.4g} touches a week, "
                f"touches_per_week says {tier.touches_per_week:g}: over 60 accounts "
                f"{60 * stated:.1f} a week against {60 * tier.touches_per_week:.1f}.",
                remedy=f"Write touches_per_week = {stated:.4f}, or correct the words.",
            )
        touches = tier.touches_per_week * days / 7
        planned = {"full": coverage.planning.plays_full, "light": coverage.planning.plays_light}
        plays = planned.get(tier.plan, 0)
        if plays > touches + 1e-9 and round(touches) < plays:
            yield CoverageFinding(
                code="more_plays_than_touches",
                key=f"tiers.{tier.key}",
                message=f"a {tier.plan} plan may hold {plays} plays, and {days} days at "
                f"{tier.touches_per_week:g} touches a week are {touches:.1f} touches.",
                remedy=f"Lower planning.plays_{tier.plan} or raise touches_per_week.",
            )
        if tier.automated and tier.plan != "none":
            yield CoverageFinding(
                code="automated_with_plan",
                key=f"tiers.{tier.key}",
                message=f"it is automated and yet gets a {tier.plan} plan.",
                remedy='Set plan = "none" or automated = false.',
            )
    for higher, lower in zip(coverage.tiers, coverage.tiers[1:], strict=False):
        yield from _out_of_order(higher, lower)


def _out_of_order(higher: Tier, lower: Tier) -> Iterator[CoverageFinding]:
    """Rules that must not get stricter, nor coverage thicker, from a tier to the next."""
    for code, what, above, below in (
        ("touches_rise", "touches a week", higher.touches_per_week, lower.touches_per_week),
        ("plan_rises", "plan depth", _DEPTH[higher.plan], _DEPTH[lower.plan]),
        ("access_rises", "access asked for", _ACCESS[higher.access], _ACCESS[lower.access]),
        ("cycle_rises", "cycle asked for", _CYCLE[higher.cycle], _CYCLE[lower.cycle]),
    ):
        if below > above:
            yield CoverageFinding(
                code=code,
                key=f"tiers.{lower.key}",
                message=f"{what}: {lower.label} has more than {higher.label} above it.",
                remedy="Exchange the two, or correct one of them.",
            )


def _hours(
    coverage: CoverageModel, counts: Mapping[str, int], available: float | None, days: int
) -> Iterator[CoverageFinding]:
    personal = [tier for tier in coverage.tiers if not tier.automated]
    accounts = sum(counts.get(tier.key, 0) for tier in personal)
    if not accounts:
        return
    share = 1 + coverage.capacity.preparation_share
    touches = sum(counts.get(tier.key, 0) * tier.touches_per_week for tier in personal)
    needed = share * sum(
        counts.get(tier.key, 0) * tier.touches_per_week * tier.minutes_per_touch / 60
        for tier in personal
    )
    hours = coverage.capacity.selling_hours_week if available is None else available
    if needed > hours:
        yield CoverageFinding(
            code="touches_exceed_hours",
            key="tiers.touches_per_week",
            message=f"{accounts} accounts ask for {touches:.1f} touches a week "
            f"({touches * days / 7:.0f} in {days} days, {touches * days / 7 / accounts:.2f} an "
            f"account), which take {needed:.1f} hours; there are {hours:.1f}.",
            remedy=f"Lower touches or minutes, or find {needed - hours:.1f} hours a week.",
        )


def _cycle(coverage: CoverageModel) -> Iterator[CoverageFinding]:
    rules = coverage.cycle
    still_open = [stage for stage in STAGES if stage not in {"won", "lost"}]
    if rules.active_order_due_days > rules.six_months_days:
        yield CoverageFinding(
            code="cycle_overlap",
            key="cycle.active_order_due_days",
            message=f"an order due in {rules.active_order_due_days} days would be active but not "
            f"within six_months_days = {rules.six_months_days}.",
            remedy="Set it below six_months_days.",
        )
    for stage in rules.active_stages:
        if stage not in still_open:
            yield CoverageFinding(
                code="stage_unknown",
                key="cycle.active_stages",
                message=f"{stage!r} is no open stage, so nothing is ever in it.",
                remedy=f"Use {', '.join(still_open)}.",
            )


def _card(coverage: CoverageModel) -> Iterator[CoverageFinding]:
    for rule in coverage.score.rules:
        key = f"score.rules.{rule.fact}"
        yield from _reach(key, rule)
        numeric = [one for one in rule.bins if not _words(one) and _bounded(one)]
        catch_all = any(not _words(one) and not _bounded(one) for one in rule.bins)
        yield from _bounds(key, numeric, catch_all=catch_all)


def _words(one: Bin) -> tuple[str, ...]:
    return (one.one_of or ()) if one.equals is None else (one.equals,)


def _bounded(one: Bin) -> bool:
    return one.at_least is not None or one.below is not None


def _reach(key: str, rule: CardRule) -> Iterator[CoverageFinding]:
    if not rule.bins:
        yield CoverageFinding(
            code="rule_without_bins",
            key=key,
            message="it has no bins, so it gives points to unknown values alone.",
            remedy="Add bins, or remove the rule.",
        )
    seen: set[str] = set()
    closed = False
    for one in rule.bins:
        words = _words(one)
        if closed or (words and seen.issuperset(words)):
            yield CoverageFinding(
                code="bin_unreachable",
                key=key,
                message=f"bin {one.label!r} never holds: a bin before it takes all its values.",
                remedy="Reorder the bins, or remove it.",
            )
        if words:
            seen.update(words)
            if _bounded(one) or (one.equals is not None and one.one_of is not None):
                kept = "equals" if one.equals is not None else "one_of"
                other = "a bound" if _bounded(one) else "one_of"
                article = "the bound" if _bounded(one) else other
                yield CoverageFinding(
                    code="bin_two_kinds",
                    key=key,
                    message=f"bin {one.label!r} has both {kept} and {other}; {article} is ignored.",
                    remedy="Keep one of them.",
                )
        elif not _bounded(one):
            closed = True


def _bounds(key: str, bins: Iterable[Bin], *, catch_all: bool) -> Iterator[CoverageFinding]:
    """Gaps and overlaps of numeric bins, in order of their lower bounds."""
    infinity = float("inf")
    spans = sorted(
        (
            -infinity if one.at_least is None else one.at_least,
            infinity if one.below is None else one.below,
            one.label,
        )
        for one in bins
    )
    if not spans:
        return
    reached, last = -infinity, "the lowest values"
    for low, high, label in spans:
        if low >= high:
            yield CoverageFinding(
                code="bin_empty",
                key=key,
                message=f"bin {label!r} holds nothing: {low:g} is not below {high:g}.",
                remedy="Exchange at_least and below.",
            )
            continue
        if low < reached:
            yield CoverageFinding(
                code="bins_overlap",
                key=key,
                message=f"bins {last!r} and {label!r} both hold from {low:g} to "
                f"{min(high, reached):g}.",
                remedy="Let one end where the next begins.",
            )
        elif low > reached and not catch_all:
            yield _uncovered(key, reached, low)
        if high >= reached:
            reached, last = high, label
    if reached < infinity and not catch_all:
        yield _uncovered(key, reached, infinity)


def _uncovered(key: str, low: float, high: float) -> CoverageFinding:
    return CoverageFinding(
        code="bins_gap",
        key=key,
        message=f"no bin holds values from {low:g} to {high:g}, so they get no points.",
        remedy="Extend a neighbouring bin, or add one.",
    )


def _territory(coverage: CoverageModel) -> Iterator[CoverageFinding]:
    rules = coverage.territory
    known = [tier.key for tier in coverage.tiers]
    for key in rules.named_tiers:
        if key not in known:
            yield CoverageFinding(
                code="named_tier_unknown",
                key="territory.named_tiers",
                message=f"{key!r} is no tier, so none of its accounts are named.",
                remedy=f"Use {', '.join(known)}.",
            )
    if "named" not in rules.by and (rules.named_accounts or rules.named_tiers or rules.named_reps):
        yield CoverageFinding(
            code="named_unused",
            key="territory.models",
            message="accounts, tiers or reps are named, and the named model is not among the "
            "models, so that it changes nothing.",
            remedy='Add "named" to the models, or empty the lists.',
        )
