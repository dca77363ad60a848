from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from domain.coverage import parse_coverage
from domain.errors import CoverageInvalid
from domain.territory_rules import TerritoryRules

ROOT = Path(__file__).parents[2]
DEFAULT = (ROOT / "api/defaults/coverage.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["api/defaults", "examples/adventureworks"])
def test_the_shipped_section_repeats_the_defaults(file):
    text = (ROOT / file / "coverage.toml").read_text(encoding="utf-8")
    assert parse_coverage(text).territory == TerritoryRules()


def test_a_file_without_the_section_gets_the_defaults():
    text = DEFAULT[: DEFAULT.index("# How territories are designed")]
    assert "[territory" not in text
    assert parse_coverage(text).territory == TerritoryRules()


def test_hybrid_stands_for_all_four_models():
    assert TerritoryRules(models=("hybrid",)).by == {"geographic", "vertical", "segment", "named"}
    assert TerritoryRules().by == {"geographic", "vertical", "segment"}


def test_the_last_limit_stands_for_any_further_tier():
    rules = TerritoryRules()
    assert [rules.accounts_limit(order) for order in range(5)] == [15, 40, 100, 250, 250]


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"models": ()}, "none is named"),
        ({"models": ("named", "named")}, "one is named twice"),
        ({"models": ("named",), "named_tiers": ("tier_1",)}, "nobody is to work them"),
        ({"workload_window": (0.1, 0.2)}, "it must hold 0"),
        ({"potential_window": (0, 0)}, "it must hold 0"),
        ({"accounts_at_most": (100, 40)}, "must not be smaller"),
        ({"accounts_at_most": (0,)}, "greater than or equal to 1"),
        ({"ramp_by_month": (0.5, 0.4)}, "must not fall"),
        ({"ramp_by_month": (0,)}, "greater than 0"),
        ({"penalty": {"breaks": (0.15, 0.05)}}, "must be above 0 and rise"),
        ({"penalty": {"slopes": (4, 1, 12)}}, "slopes must not fall"),
        ({"history_share": 1.5}, "less than or equal to 1"),
        ({"weights": {"workload": -1}}, "greater than or equal to 0"),
        ({"speed": 3}, "not permitted"),
    ],
)
def test_nonsense_is_refused_with_a_remedy(rules, words):
    with pytest.raises(ValidationError, match=words):
        TerritoryRules.model_validate(rules)


def test_a_mistake_in_the_file_is_told_with_its_key():
    with pytest.raises(CoverageInvalid, match=r"territory\.visit_share = 2: .*less than"):
        parse_coverage(DEFAULT.replace("visit_share = 0.08", "visit_share = 2"))
