from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from domain.coverage import CoverageModel, lint_coverage, parse_coverage
from domain.coverage_check import touches_a_week
from domain.errors import CoverageInvalid, UnknownTier
from domain.record import content_hash

ROOT = Path(__file__).parents[2]
DEFAULT = (ROOT / "api/defaults/coverage.toml").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "examples/adventureworks/coverage.toml").read_text(encoding="utf-8")


def changed(*swaps: tuple[str, str]) -> CoverageModel:
    text = DEFAULT
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new, 1)
    return parse_coverage(text)


def problems(*swaps: tuple[str, str]) -> str:
    with pytest.raises(CoverageInvalid) as caught:
        changed(*swaps)
    return caught.value.message


@pytest.mark.parametrize("text", [DEFAULT, EXAMPLE])
def test_the_models_shipped_are_clean(text):
    assert lint_coverage(parse_coverage(text)) == []


def test_the_defaults_are_those_of_the_field():
    model = parse_coverage(DEFAULT)
    assert [tier.bound for tier in model.tiers] == [150000, 75000, 25000, 0]
    # 60 accounts once a month are 13.8 touches a week.
    assert round(60 * model.tier("tier_2").touches_per_week, 1) == 13.8
    assert [tier.plan for tier in model.tiers] == ["full", "full", "light", "none"]


def test_a_bound_belongs_to_the_higher_tier_but_under_over():
    model = parse_coverage(DEFAULT)
    assert model.tier("tier_1").admits(75000)
    assert not model.tier("strategic").admits(150000)
    assert model.tier("strategic").admits(150000.01)


@pytest.mark.parametrize(
    ("swaps", "words"),
    [
        ([("version = 1", "version = 1\nspeed = 3")], "speed: unknown key; remove it"),
        ([("potential_from = 75000", "potential_from = 20000")], "must fall from tier to tier"),
        ([("potential_from = 0", "potential_from = 10")], "the last tier starts at 10"),
        ([('key = "tier_1"', 'key = "tier_2"')], "a key occurs twice"),
        ([("touches_per_week = 2\n", "touches_per_week = -1\n")], "touches_per_week = -1"),
        ([("minimum = 20", "minimum = 4")], "peers.minimum = 4"),
        ([("quantiles = [0.5, 0.75, 0.9]", "quantiles = [0.9, 0.75, 0.5]")], "must rise"),
        ([('fact = "open_potential"', 'fact = "potential_p50"')], "two rules read potential_p50"),
        ([('fact = "employees"', 'fact = "target_segment"')], "strategy.target_segments"),
        ([("[plays.internal]", "[plays.lunch]")], "name exactly these kinds"),
        ([("rows = 5\n", "")], "whitespace.rows: missing; add it"),
        ([("potential_from = 25000", "# none")], "give one of potential_from"),
    ],
)
def test_a_mistake_is_told_with_key_value_and_remedy(swaps, words):
    assert words in problems(*swaps)


def test_a_long_value_does_not_drown_the_message():
    assert "{" not in problems(("[plays.internal]", "[plays.lunch]"))


def test_broken_toml_names_its_place():
    with pytest.raises(CoverageInvalid, match=r"coverage\.toml is not valid TOML: .*line 1"):
        parse_coverage("version = = 1")


def test_an_unknown_tier_is_told_with_those_there_are():
    with pytest.raises(UnknownTier, match="has strategic, tier_1, tier_2, tier_3"):
        parse_coverage(DEFAULT).tier("platinum")


@pytest.mark.parametrize(
    ("words", "rate"),
    [
        ("weekly and multi-threaded: 2 touches a week", 2.0),
        ("weekly on average: 2 touches in each fortnight", 1.0),
        ("every two weeks", 0.5),
        ("one touch a month", 12 / 52),
        ("monthly nurture", 12 / 52),
        ("quarterly check-in, automated", 4 / 52),
        ("26 touches a quarter", 2.0),
        ("when it suits", None),
    ],
)
def test_a_cadence_is_read_from_its_words(words, rate):
    assert touches_a_week(words) == rate


@pytest.mark.parametrize(
    ("swaps", "code", "words"),
    [
        # Sixty accounts at a quarter touch a week are 15; once a month they are 13.8.
        (
            [("touches_per_week = 0.2308", "touches_per_week = 0.25")],
            "cadence_stated_twice",
            "13.8 a week against 15.0",
        ),
        (
            [("at_least = 25000, below = 75000", "at_least = 20000, below = 75000")],
            "bins_overlap",
            "both hold from 20000 to 25000",
        ),
        (
            [("at_least = 25000, below = 75000", "at_least = 30000, below = 75000")],
            "bins_gap",
            "no bin holds values from 25000 to 30000",
        ),
        (
            [("at_least = 25000, below = 75000", "at_least = 75000, below = 25000")],
            "bin_empty",
            "holds nothing",
        ),
        (
            [('equals = "early"', 'equals = "active"')],
            "bin_unreachable",
            "never holds",
        ),
        (
            [("active_order_due_days = 60", "active_order_due_days = 200")],
            "cycle_overlap",
            "due in 200 days",
        ),
        ([('["proposal", "negotiation"]', '["demo"]')], "stage_unknown", "'demo' is no open stage"),
        ([("employees_at_least = 50\n", "")], "segment_matches_everything", "every account"),
        ([("points = 6\nemployees", "points = 0\nemployees")], "segment_without_points", "0"),
        ([("plays_light = 3", "plays_light = 4")], "more_plays_than_touches", "3.0 touches"),
        (
            [('access = "director"\n', 'access = "executive"\n'), ('access = "executive"\n', "")],
            "access_rises",
            "Tier 1 has more than Strategic",
        ),
        ([('plan = "none"', 'plan = "light"')], "automated_with_plan", "gets a light plan"),
        (
            [("named_tiers = []", 'named_tiers = ["gold"]')],
            "named_tier_unknown",
            "'gold' is no tier",
        ),
        ([("named_reps = []", 'named_reps = ["R-1"]')], "named_unused", "it changes nothing"),
    ],
)  # fmt: skip
def test_contradictions_are_found(swaps, code, words):
    found = {finding.code: str(finding) for finding in lint_coverage(changed(*swaps))}
    assert words in found[code]


def test_touches_that_exceed_the_hours_are_found():
    model = parse_coverage(DEFAULT)
    counts = {"strategic": 10, "tier_1": 25, "tier_2": 60, "tier_3": 105}
    # 20 x 60 + 25 x 50 + 13.848 x 40 minutes are 50.07 h, 62.6 h with preparation.
    (finding,) = lint_coverage(model, tier_counts=counts, selling_hours_week=24, period_days=91)
    assert finding.code == "touches_exceed_hours"
    assert "take 62.6 hours; there are 24.0" in finding.message
    # 58.848 touches a week are 765 in 13 weeks, 8.05 for each of 95 accounts.
    assert "(765 in 91 days, 8.05 an account)" in finding.message
    assert lint_coverage(model, tier_counts=counts, selling_hours_week=63) == []


def test_every_key_of_the_defaults_is_documented():
    text = (ROOT / "docs/coverage-model.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`([a-z_0-9.]+)`", text))

    def keys(node: object, path: str = "") -> set[str]:
        if isinstance(node, dict):
            return set().union(
                *(keys(value, f"{path}.{key}".lstrip(".")) for key, value in node.items())
            )
        if isinstance(node, list) and node and isinstance(node[0], dict):
            return set().union(*(keys(item, path) for item in node))
        return {path}

    missing = keys(tomllib.loads(DEFAULT)) - documented
    assert not missing, f"docs/coverage-model.md does not explain {sorted(missing)}"


def test_rules_of_the_week_change_the_hash_only_where_they_are_set() -> None:
    text = DEFAULT
    plain = parse_coverage(text)
    rules = plain.model_dump(mode="json")
    for later in ("week", "quarters", "territory_plan", "review"):
        del rules[later]
    del rules["peers"]["method"]

    assert plain.hash == content_hash(rules)
    assert parse_coverage(text + "\n[week]\norder_days = 14\n").hash == plain.hash
    assert parse_coverage(text + "\n[week]\norder_days = 10\n").hash != plain.hash
