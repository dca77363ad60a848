from pathlib import Path

import pytest

from domain.card import Bin, Card, CardRule, card_toml
from domain.coverage import parse_coverage
from domain.errors import NotCitable
from tests.api.method_fixture import history
from tests.tools.conftest import AS_OF
from tools.cells import Reading
from tools.method.cells import figures, method_cell
from tools.method.score import by_label, proposal

RULES = (Path(__file__).parents[3] / "api" / "defaults" / "coverage.toml").read_text("utf-8")
SIZE = CardRule(
    fact="employees",
    label="Size",
    dimension="fit",
    bins=(Bin(label="small", below=50, points=-7), Bin(label="large", at_least=50, points=9)),
)
SEGMENTS = CardRule(
    fact="target_segment",
    label="Target segment",
    dimension="strategy",
    bins=(Bin(label="Touring", equals="Touring", points=4),),
)
BOTH = CardRule(
    fact="employees",
    beside="target_segment",
    label="Size and segment",
    dimension="fit",
    bins=(Bin(label="all", points=1),),
)
ACCESS = CardRule(
    fact="access",
    label="Access",
    dimension="relationship",
    bins=(Bin(label="executive", equals="executive", points=8),),
)


def test_a_coverage_model_takes_the_proposed_card() -> None:
    card, notes = proposal(Card(base=-5, rules=(SIZE, SEGMENTS, BOTH)), [ACCESS])
    before, _, _ = RULES.partition("[score]")
    _, _, after = RULES.partition("[peers]")
    model = parse_coverage(before + card_toml(card) + "\n[peers]" + after)

    assert [rule.key for rule in model.score.rules] == ["employees", "access"]
    assert model.score.base == -5
    assert notes == ["Target segments are set under strategy; history would give: Touring +4."]


def test_a_note_about_the_fitted_card_says_so_and_names_the_fact_for_people() -> None:
    labels = {"employees": "Size"}

    assert by_label("employees: 91% kept.", labels) == "Fitted card, Size: 91% kept."
    assert by_label("3 rows without an outcome were left out.", labels) == (
        "3 rows without an outcome were left out."
    )


def test_every_figure_of_the_tests_is_cited_as_it_stands() -> None:
    told, reading = history(), Reading("book-1", "rules-1", AS_OF)
    cells = {
        (entity, metric): method_cell(told, reading, entity, metric)
        for entity, metric, _, value in figures(told)
        if value is not None
    }

    assert cells["method:score", "auc_in_use_low"].value == "0.62"
    assert cells["method:score", "auc_lost:intent"].value == "-0.002"
    assert cells["method:potential", "held_p90"].value == "0.82"
    assert cells["method:whitespace", "spent"].value == "506000"
    assert all(cell.source.analysis == "method" for cell in cells.values())


def test_a_book_without_history_has_no_area_to_cite() -> None:
    reading = Reading("book-1", "rules-1", AS_OF)

    with pytest.raises(NotCitable, match="auc_in_use"):
        method_cell(history(empty=True), reading, "method:score", "auc_in_use")
