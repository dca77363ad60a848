"""The coverage models to begin with: complete files that contradict nothing."""

from __future__ import annotations

import pytest

from api.coverage_presets import preset, presets
from domain.coverage import lint_coverage, parse_coverage
from domain.errors import NotFound
from tests.api.doors import REVOPS

NAMES = ["four_tiers", "mid_market_geographic", "named_accounts", "one_strategic_customer"]


@pytest.mark.parametrize(
    ("name", "counts", "reps"),
    [
        ("named_accounts", {"strategic": 8, "tier_1": 15, "tier_2": 17}, 1),
        ("mid_market_geographic", {"tier_1": 20, "tier_2": 30, "tier_3": 270}, 1),
        ("four_tiers", {"strategic": 10, "tier_1": 25, "tier_2": 60, "tier_3": 105}, 1),
        ("one_strategic_customer", {"strategic": 4, "tier_1": 6, "tier_2": 2}, 4),
    ],
)
def test_a_preset_is_clean_for_the_accounts_it_names(name, counts, reps) -> None:
    model = parse_coverage(preset(name).text)
    hours = model.capacity.selling_hours_week * reps
    assert lint_coverage(model) == []
    assert lint_coverage(model, tier_counts=counts, selling_hours_week=hours) == []


def test_named_accounts_spend_three_fifths_of_the_time_on_the_first_tier() -> None:
    # 8 x 60 = 480 minutes a week of 480 + 15 x 0.5 x 30 + 17 x 0.2308 x 24 = 799.
    model = parse_coverage(preset("named_accounts").text)
    minutes = [
        count * tier.touches_per_week * tier.minutes_per_touch
        for count, tier in zip((8, 15, 17), model.tiers, strict=True)
    ]
    assert round(minutes[0] / sum(minutes), 2) == 0.60


def test_four_tiers_touch_their_accounts_58_8_times_a_week_and_fill_the_hours() -> None:
    # 10 x 2 = 20, 25 x 1 = 25, 60 x 0.2308 = 13.848; Tier 3 is automated.
    model = parse_coverage(preset("four_tiers").text)
    touches = [
        count * tier.touches_per_week
        for count, tier in zip((10, 25, 60), model.tiers, strict=False)
    ]
    assert [round(each, 1) for each in touches] == [20, 25, 13.8]
    # 20 x 30 + 25 x 22 + 13.848 x 20 = 1,426.96 minutes; 1.25 of it are 29.73 of 30 hours.
    minutes = sum(
        each * tier.minutes_per_touch for each, tier in zip(touches, model.tiers, strict=False)
    )
    hours = minutes / 60 * (1 + model.capacity.preparation_share)
    assert (round(hours, 2), model.capacity.selling_hours_week) == (29.73, 30)
    # One rep of the usual minutes would need 62.6 hours: the linter says so.
    slow = model.model_copy(
        update={
            "tiers": tuple(
                tier.model_copy(update={"minutes_per_touch": usual})
                for tier, usual in zip(model.tiers, (60, 50, 40, 20), strict=True)
            )
        }
    )
    counts = {"strategic": 10, "tier_1": 25, "tier_2": 60, "tier_3": 105}
    (found,) = lint_coverage(slow, tier_counts=counts)
    assert "take 62.6 hours; there are 30.0" in found.message


def test_four_tiers_lend_out_what_the_quarter_needs() -> None:
    rules = parse_coverage(preset("four_tiers").text).territory_plan
    assert (rules.sdr_accounts, rules.abm_accounts, rules.business_reviews) == (15, 10, 3)
    assert rules.solution_engineering_hours_week == 6
    assert (rules.discovery_calls, rules.demos, rules.executive_meetings) == (20, 15, 8)


def test_one_strategic_customer_is_to_spend_four_million_in_twelve_units() -> None:
    model = parse_coverage(preset("one_strategic_customer").text)
    assert model.territory_plan.customer_target_annual == 4_000_000
    assert model.territory_plan.focus_accounts == 12
    assert all(tier.plan != "none" and not tier.automated for tier in model.tiers)


def test_presets_are_listed_and_printed(acting, cadastre, served) -> None:
    assert [one.name for one in presets()] == NAMES
    listed = acting(REVOPS).get("/api/coverage/presets").json()
    assert [one["name"] for one in listed] == NAMES
    named = listed[NAMES.index("named_accounts")]
    assert named["about"].startswith("Named accounts: about 40 large accounts a rep")
    assert "named_accounts" in cadastre("coverage", "presets").out
    printed = cadastre("coverage", "presets", "named_accounts")
    assert parse_coverage(printed.out).hash == named["coverage_hash"]
    assert cadastre("coverage", "presets", "gold").code == 1
    with pytest.raises(NotFound, match="no preset 'gold'"):
        preset("gold")
