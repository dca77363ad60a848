"""The coverage models to begin with: complete files that contradict nothing."""

from __future__ import annotations

import pytest

from api.coverage_presets import preset, presets
from domain.coverage import lint_coverage, parse_coverage
from domain.errors import NotFound
from tests.api.doors import REVOPS


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("named_accounts", {"strategic": 8, "tier_1": 15, "tier_2": 17}),
        ("mid_market_geographic", {"tier_1": 20, "tier_2": 30, "tier_3": 270}),
    ],
)
def test_a_preset_is_clean_for_the_accounts_of_one_rep(name, counts) -> None:
    model = parse_coverage(preset(name).text)
    hours = model.capacity.selling_hours_week
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


def test_presets_are_listed_and_printed(acting, cadastre, served) -> None:
    assert [one.name for one in presets()] == ["mid_market_geographic", "named_accounts"]
    listed = acting(REVOPS).get("/api/coverage/presets").json()
    assert [one["name"] for one in listed] == ["mid_market_geographic", "named_accounts"]
    assert listed[1]["about"].startswith("Named accounts: about 40 large accounts a rep")
    assert "named_accounts" in cadastre("coverage", "presets").out
    printed = cadastre("coverage", "presets", "named_accounts")
    assert parse_coverage(printed.out).hash == listed[1]["coverage_hash"]
    assert cadastre("coverage", "presets", "gold").code == 1
    with pytest.raises(NotFound, match="no preset 'gold'"):
        preset("gold")
