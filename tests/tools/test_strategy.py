"""What another coverage model would do: it moves exactly the accounts it names."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.coverage import CoverageModel
from tools.analyses import analyse
from tools.rule_changes import rule_changes
from tools.strategy import strategy


def changed(model: CoverageModel, **sections: object) -> CoverageModel:
    """The model with sections replaced, validated as a file would be."""
    return CoverageModel.model_validate({**model.model_dump(), **sections})


def segments(model: CoverageModel, *named: tuple[str, int, dict]) -> CoverageModel:
    rows = [{"name": name, "why": "", "points": points, **more} for name, points, more in named]
    return changed(model, strategy={"statement": "", "target_segments": rows})


@pytest.fixture(scope="module")
def compared(shop_book, coverage):
    """Compare the shops under two models; the whole book, or what a rep sees."""

    def compare(before: CoverageModel, after: CoverageModel, **more):
        old, new = analyse(shop_book, before), analyse(shop_book, after)
        return strategy(old, new, before, after, **more), old, new

    return compare


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(old=st.integers(-40, 40), new=st.integers(-40, 40), split=st.integers(2, 24))
def test_points_of_a_target_segment_move_exactly_its_accounts_by_exactly_so_many(
    compared, coverage, old, new, split
) -> None:
    large = {"employees_at_least": split}
    before = segments(coverage, ("Large", old, large), ("Road", 7, {"segment": "Road"}))
    after = segments(coverage, ("Large", new, large), ("Road", 7, {"segment": "Road"}))

    found, analyses, other = compared(before, after)

    inside = set(analyses.facts.table.index[analyses.facts.table["target_segment"] == "Large"])
    assert len(inside) == 2 * (25 - split)
    moved = {one.account_id for one in found.shifts if one.score != one.score_before}
    assert moved == (inside if old != new else set())
    for shift in found.shifts:
        if shift.score == shift.score_before:
            # It may only change places, because others moved.
            assert [cause.kind for cause in shift.rank_causes] == ["order"]
            continue
        assert shift.score - shift.score_before == new - old
        (cause,) = shift.score_causes
        assert (cause.kind, cause.points) == ("card", new - old)
        assert [rule.key for rule in shift.rules] == ["strategy.target_segments[Large].points"]
    # Exactly those that move are listed: the others are the same in both.
    listed = {shift.account_id for shift in found.shifts}
    for account in set(analyses.facts.table.index) - listed:
        for table in ("score", "tiers"):
            assert (
                getattr(analyses, table)
                .table.loc[account]
                .equals(getattr(other, table).table.loc[account])
            )
        assert (
            analyses.ranks.table.at[account, "rank_overall"]
            == other.ranks.table.at[account, "rank_overall"]
        )


def test_a_bound_of_a_tier_moves_the_accounts_between_the_bounds(compared, coverage) -> None:
    # Spend 3,000 n: the peers' median is what a trail shop is placed by.
    tiers = [tier.model_dump() for tier in coverage.tiers]
    tiers[2]["potential_from"] = 40_000.0
    found, old, new = compared(coverage, changed(coverage, tiers=tiers))

    potential = old.potential.table["potential_p50"]
    between = set(potential.index[(potential >= 25_000) & (potential < 40_000)])
    assert between
    moved = {one.account_id for one in found.shifts if one.tier != one.tier_before}
    assert moved == {
        account for account in between if old.tiers.of(account) != new.tiers.of(account)
    }
    assert moved
    for shift in found.shifts:
        if shift.account_id in moved:
            assert (shift.tier_before, shift.tier) == ("tier_2", "tier_3")
            (cause,) = shift.tier_causes
            assert cause.kind == "tier_rules"
            assert [rule.words for rule in cause.rules] == [
                "tiers[tier_2].potential_from 25,000 to 40,000"
            ]
    assert found.tiers.at["tier_2", "before"] - found.tiers.at["tier_2", "after"] == len(moved)
    assert found.tiers["before"].sum() == found.tiers["after"].sum() == 48
    hours = found.hours
    assert (hours["needed"] <= hours["needed_before"]).all()
    assert hours["needed"].sum() < hours["needed_before"].sum()


def test_points_of_a_rule_move_the_accounts_in_its_bin_and_name_it(compared, coverage) -> None:
    score = coverage.score.model_dump()
    rule = next(rule for rule in score["rules"] if rule["fact"] == "employees")
    rule["bins"][0]["points"] -= 3  # fewer than 5 people
    found, old, _ = compared(coverage, changed(coverage, score=score))

    small = set(old.facts.table.index[old.facts.table["employees"] < 5])
    scored = [one for one in found.shifts if one.score != one.score_before]
    assert {one.account_id for one in scored} == small
    for shift in scored:
        assert shift.score - shift.score_before == -3
        (cause,) = shift.score_causes
        assert cause.what == "Size of the business"
        (named,) = cause.rules
        assert named.key == "score.rules[employees].bins[below 5 people].points"


def test_a_rule_behind_a_fact_is_named_where_the_fact_moves(compared, coverage) -> None:
    peers = coverage.peers.model_dump() | {"quantiles": (0.25, 0.75, 0.9)}
    found, *_ = compared(coverage, changed(coverage, peers=peers))

    assert found.shifts
    for shift in found.shifts:
        causes = (*shift.tier_causes, *shift.score_causes)
        for cause in causes:
            if cause.what != "fit":
                assert [rule.key for rule in cause.rules] == ["peers.quantiles"], cause
        assert sum(cause.points for cause in shift.score_causes) == (
            shift.score - shift.score_before
        )


def test_the_same_model_moves_nobody(compared, coverage) -> None:
    found, *_ = compared(coverage, coverage)
    assert found.shifts == ()
    assert found.changes == ()


def test_what_is_not_seen_is_not_counted(compared, coverage) -> None:
    before = segments(coverage, ("All", 1, {}))
    after = segments(coverage, ("All", 5, {}))
    found, old, _ = compared(before, after, seen=lambda owner: owner == "r1")

    mine = set(old.ranks.of_owner("r1"))
    assert {one.account_id for one in found.shifts} == mine
    assert found.tiers["before"].sum() == len(mine)
    assert list(found.hours.index) == ["r1"]
    assert max(one.rank for one in found.shifts) <= len(mine)


def test_rules_are_named_as_people_wrote_them(coverage) -> None:
    tiers = [tier.model_dump() for tier in coverage.tiers]
    tiers[0] |= {"potential_over": None, "potential_from": 160_000.0}
    after = changed(segments(coverage, ("New", 3, {"country": "FR"})), tiers=tiers, version=2)

    words = [change.words for change in rule_changes(coverage, after)]

    assert "version 1 to 2" in words
    assert "strategy.target_segments[New].country = FR, new" in words
    assert "strategy.target_segments[Mid-sized businesses].points = 6, gone" in words
    assert "tiers[strategic].potential_from = 160,000, new" in words
    assert "tiers[strategic].potential_over = 150,000, gone" in words
    assert rule_changes(coverage, coverage) == ()
