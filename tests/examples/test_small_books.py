"""The small books to try two presets on: what they say is what the presets name."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from api.coverage_presets import preset
from api.people import parse_people
from crm.importer import import_book
from domain.coverage import parse_coverage
from tools.analyses import Analyses, analyse

EXAMPLES = Path(__file__).parents[2] / "examples"
BOOKS = (
    ("four-tiers", "build_tiers", "four_tiers"),
    ("one-customer", "build_customer", "one_strategic_customer"),
)


def maker(folder: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # its dataclasses look their module up
    before = list(sys.path)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = before
        del sys.modules[name]
    return module


def read(name: str) -> Analyses:
    folder = EXAMPLES / name
    rules = (folder / "coverage.toml").read_text(encoding="utf-8")
    return analyse(import_book(folder), parse_coverage(rules))


@pytest.fixture(scope="module")
def four() -> Analyses:
    return read("four-tiers")


@pytest.fixture(scope="module")
def customer() -> Analyses:
    return read("one-customer")


@pytest.mark.parametrize(("name", "script", "rules"), BOOKS)
def test_the_same_files_are_built_again(name, script, rules, tmp_path: Path) -> None:
    folder = EXAMPLES / name
    counts = maker(folder, script).build(tmp_path)
    assert set(counts) == {path.name for path in folder.iterdir() if ".csv" in path.name}
    for file in counts:
        assert (tmp_path / file).read_bytes() == (folder / file).read_bytes(), file


@pytest.mark.parametrize(("name", "script", "rules"), BOOKS)
def test_it_is_read_under_the_preset_by_people_of_its_own(name, script, rules) -> None:
    folder = EXAMPLES / name
    text = (folder / "coverage.toml").read_text(encoding="utf-8")
    assert parse_coverage(text).hash == parse_coverage(preset(rules).text).hash
    who = parse_people((folder / "people.toml").read_text(encoding="utf-8"))
    assert who.workspace == name
    book = import_book(folder)
    assert [item for item in book.quality.findings if item.severity != "notice"] == []
    seen = {rep for person in who if not person.everything for rep in person.scope.reps}
    assert set(book.owners.values()) <= seen


def test_four_tiers_hold_the_accounts_and_the_potential_named(four: Analyses) -> None:
    potential = four.potential.table["potential_p50"]
    tiers = potential.groupby(four.tiers.table["tier"]).agg(["size", "sum"])
    assert tiers.to_dict("index") == {
        "strategic": {"size": 10, "sum": 2_500_000},
        "tier_1": {"size": 25, "sum": 2_800_000},
        "tier_2": {"size": 60, "sum": 2_400_000},
        "tier_3": {"size": 105, "sum": 1_500_000},
    }


def test_half_a_million_of_pipeline_is_missing_and_open_potential_is_as_two_to_two_to_one(
    four: Analyses,
) -> None:
    """360,000 x 3 less 580,000 are 500,000: 200,000 + 200,000 + 100,000 by 408 : 408 : 204."""
    book = import_book(EXAMPLES / "four-tiers")
    (quota,) = book["quotas"].loc[book["quotas"]["starts"] == "2026-10-01", "amount"]
    deals = book["opportunities"]
    is_open = ~deals["stage"].isin(["won", "lost"])
    assert 3 * quota - deals.loc[is_open, "amount"].sum() == 500_000
    assert (deals.loc[is_open, "closes"] <= "2026-12-31").all()
    open_potential = four.potential.table["open_potential"].groupby(four.tiers.table["tier"]).sum()
    assert open_potential[["strategic", "tier_1", "tier_2"]].tolist() == [408e3, 408e3, 204e3]


def test_one_customer_has_twelve_units_of_four_owners_in_three_tiers(customer: Analyses) -> None:
    book = import_book(EXAMPLES / "one-customer")
    accounts = book["accounts"].set_index("account_id")
    units = accounts.index[accounts["parent_id"] == "U-00"]
    assert len(units) == 12
    assert accounts.loc[units, "owner_id"].value_counts().to_dict() == {
        "R-11": 3, "R-12": 3, "R-13": 3, "R-14": 3,
    }  # fmt: skip
    tiers = customer.tiers.table.loc[units, "tier"].value_counts().to_dict()
    assert tiers == {"strategic": 4, "tier_1": 6, "tier_2": 2}
    assert customer.facts.table["net_spend_12m"].sum() == 2_000_000
