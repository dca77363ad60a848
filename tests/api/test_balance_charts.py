from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.amounts import count, money, percent, signed, signed_money, signed_percent
from api.balance_charts import (
    MEASURES,
    BalanceRow,
    Targets,
    balance_bars,
    balance_rows,
    balance_table,
    frontier_chart,
    frontier_table,
    six_figures,
)
from api.territory_marks import Mark, marks_of
from domain.assignment import DesignPoint, RepFigures
from tests.api.scenario_fixture import scene

PRESENT = scene(12, 3).frontier.points[0]


def figures(potential: float, *, accounts: int = 10, hours: float = 120.0) -> RepFigures:
    return RepFigures(
        rep_id="a", accounts=accounts, potential=potential, potential_target=1_000_000,
        hours=hours, hours_target=130, needed_hours=hours, capacity=300, travel_hours=0, revenue=0,
    )  # fmt: skip


def row(before: float, after: float, place: int = 0) -> BalanceRow:
    mark = Mark("a", "Ann Alder", "ALD", place)
    return BalanceRow(mark, figures(before), figures(after), 10.0, "USD", 12.5)


def marked(svg: str, kind: str, word: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(svg)
    return [e for e in root.iter(kind) if word in e.get("class", "").split()]


def width(svg: str, word: str) -> list[float]:
    return [float(e.get("width", "nan")) for e in marked(svg, "rect", word)]


def texts(svg: str) -> str:
    return " ".join("".join(e.itertext()) for e in ElementTree.fromstring(svg).iter("text"))


# ---------------------------------------------------------------- bars


def test_bars_stand_in_proportion_and_the_band_is_a_tenth_either_side_of_target() -> None:
    # The widest of everything is 2M before; with 2 % of air, 339 units are 2.04M.
    svg = balance_bars([row(2_000_000, 1_050_000)], "potential")
    unit = 339 / 2.04
    assert width(svg, "was") == [pytest.approx(2.0 * unit, abs=0.06)]
    assert width(svg, "now") == [pytest.approx(1.05 * unit, abs=0.06)]
    assert width(svg, "band") == [pytest.approx(0.2 * unit, abs=0.06)]
    (band,) = marked(svg, "rect", "band")
    assert float(band.get("x", "nan")) == pytest.approx(0.9 * unit, abs=0.06)


def test_a_rep_within_a_tenth_of_target_is_well_and_one_beyond_is_marked_with_its_sign() -> None:
    svg = balance_bars([row(2e6, 1_100_000), row(1e6, 890_000)], "potential")
    assert "$2.0M → $1.1M +10\u00a0%" in texts(svg)
    assert "$1.0M → $890k −11\u00a0%" in texts(svg)
    assert [e.text for e in marked(svg, "tspan", "ok")] == ["+10\u00a0%"]
    assert [e.text for e in marked(svg, "tspan", "warn")] == ["−11\u00a0%"]


def test_workload_is_hours_a_week_and_accounts_are_held_against_their_mean() -> None:
    # 120 h in 10 weeks are 12 h a week of 13; 10 accounts of 12.5 are 20 % under.
    assert "12 h → 12 h −8\u00a0%" in texts(balance_bars([row(1, 1)], "workload"))
    assert "10 → 10 −20\u00a0%" in texts(balance_bars([row(1, 1)], "accounts"))


def test_a_rep_without_a_target_gets_no_band_and_no_percentage() -> None:
    free = figures(5.0).model_copy(update={"potential_target": 0.0})
    lone = BalanceRow(Mark("a", "Ann", "AN", 0), free, free, 10.0, "USD", 1.0)
    svg = balance_bars([lone], "potential")
    assert not marked(svg, "rect", "band")
    assert "no target" in texts(svg)
    assert "none" in balance_table([lone])
    assert balance_bars([], "potential") == ""


def test_bars_of_nothing_are_drawn_flat() -> None:
    empty = figures(0.0, accounts=0, hours=0.0).model_copy(update={"potential_target": 0.0})
    lone = BalanceRow(Mark("a", "Ann", "AN", 0), empty, empty, 10.0, "USD", 0.0)
    assert width(balance_bars([lone], "potential"), "now") == [0.0]


@given(
    st.lists(st.tuples(st.floats(0, 1e8), st.floats(0, 1e8)), min_size=1, max_size=12),
    st.sampled_from(MEASURES),
)
def test_no_bar_leaves_the_drawing(pairs: list[tuple[float, float]], measure: str) -> None:
    rows = [row(before, after, place) for place, (before, after) in enumerate(pairs)]
    svg = balance_bars(rows, measure)  # type: ignore[arg-type]
    view = ElementTree.fromstring(svg).get("viewBox", "").split()
    for rect in ElementTree.fromstring(svg).iter("rect"):
        left, top = float(rect.get("x", "0")), float(rect.get("y", "0"))
        assert left + float(rect.get("width", "nan")) <= float(view[2]) + 0.05
        assert top + float(rect.get("height", "nan")) <= float(view[3]) + 0.05


def test_the_table_has_every_measure_of_every_rep() -> None:
    made = scene(60, 5)
    rows = balance_rows(made.frontier, made.frontier.points[3], marks_of(made.frontier.reps))
    table = ElementTree.fromstring(balance_table(rows))
    lines = list(table.iter("tr"))[2:]
    assert [len(list(line)) for line in lines] == [13] * 5
    accounts = [int("".join(line[10].itertext())) for line in lines]
    assert sum(accounts) == 60
    # The planning period of the fixture is 90 days.
    assert rows[0].weeks == pytest.approx(90 / 7)


def test_hostile_names_stay_text_in_charts() -> None:
    mark = Mark("a", '</text><script>x</script>"', "ALD", 0)
    bad = BalanceRow(mark, figures(1.0), figures(2.0), 10.0, "USD", 1.0)
    for drawn in (balance_bars([bad], "potential"), balance_table([bad])):
        assert "<script" not in drawn
        ElementTree.fromstring(drawn)
    point = scene(12, 3).frontier.points[0].model_copy(update={"label": "<b>&"})
    for drawn in (frontier_chart([point], 0, 0, 0), frontier_table([point], 0, 0)):
        assert "<b>" not in drawn
        ElementTree.fromstring(drawn)


# ---------------------------------------------------------------- the row of designs


def design(moves: int, potential: float, workload: float = 0.1, label: str = "d") -> DesignPoint:
    return PRESENT.model_copy(
        update={
            "label": label,
            "figures": PRESENT.figures.model_copy(
                update={
                    "accounts_moved": moves,
                    "spread_potential": potential,
                    "spread_workload": workload,
                }
            ),
        }
    )


def test_designs_stand_at_their_moves_and_spread() -> None:
    # 0 to 20 moves span x = 36 to 290; 0 to 40 % span y = 158 up to 22.
    points = [design(0, 0.4), design(10, 0.2), design(20, 0.1)]
    steps = marked(frontier_chart(points, 1, 1, 2), "circle", "step")
    at = [(float(e.get("cx", "nan")), float(e.get("cy", "nan"))) for e in steps]
    assert at == [(36.0, 22.0), (163.0, 90.0), (290.0, 124.0)]
    assert [e.get("class") for e in steps] == ["step", "step chosen", "step"]


def test_the_suggested_design_and_the_knee_are_named_once_each() -> None:
    points = [design(0, 0.4), design(10, 0.2), design(20, 0.1)]
    assert "suggested" in texts(frontier_chart(points, 2, 1, 2))
    assert "knee" in texts(frontier_chart(points, 2, 1, 2))
    same = texts(frontier_chart(points, 1, 1, 1))
    assert "knee" not in same
    assert same.count("suggested") == 1
    assert "this design" in texts(frontier_chart(points, 0, 1, 2))


def test_the_target_is_an_area_from_the_floor_and_may_be_absent() -> None:
    points = [design(0, 0.4), design(10, 0.2)]
    (goal,) = marked(frontier_chart(points, 0, 1, 1, 0.2), "rect", "goal")
    # Half of the 136 units of height, from y = 90 to the floor at 158.
    assert (float(goal.get("y", "0")), float(goal.get("height", "0"))) == (90.0, 68.0)
    assert "target: under 20\u00a0%" in texts(frontier_chart(points, 0, 1, 1, 0.2))
    assert not marked(frontier_chart(points, 0, 1, 1, None), "rect", "goal")


@given(
    st.lists(
        st.tuples(st.integers(0, 5000), st.floats(0, 3), st.floats(0, 3)), min_size=1, max_size=20
    )
)
def test_no_mark_of_the_row_leaves_the_drawing(values: list[tuple[int, float, float]]) -> None:
    points = [design(*value) for value in values]
    svg = frontier_chart(points, 0, len(points) - 1, len(points) // 2)
    for circle in marked(svg, "circle", "step"):
        assert 36 <= float(circle.get("cx", "nan")) <= 290
        assert 21.9 <= float(circle.get("cy", "nan")) <= 158


def test_the_table_of_designs_marks_the_chosen_and_the_suggested_one() -> None:
    points = [design(0, 0.4, label="Now"), design(10, 0.2, label="Some")]
    table = ElementTree.fromstring(frontier_table(points, 0, 1))
    lines = list(table.iter("tr"))[1:]
    assert ["".join(line[0].itertext()) for line in lines] == [
        "Now (this one)",
        "Some (suggested)",
    ]
    assert lines[0].get("class") == "chosen"
    assert "".join(lines[1][2].itertext()) == "20.0\u00a0%"


# ---------------------------------------------------------------- six figures


def tiles(html: str) -> dict[str, list[str]]:
    """Return value and note by label."""
    root = ElementTree.fromstring(html)
    found = {}
    for tile in root.iter("li"):
        label, value, note = ("".join(part.itertext()) for part in tile)
        found[label] = [value, note]
    return found


def test_six_figures_stand_in_three_groups_with_before_after_and_a_word() -> None:
    made = scene(210, 6)
    before, after = made.frontier.points[0], made.frontier.points[5]
    figures = after.figures.model_copy(
        update={
            "spread_potential": 0.124, "spread_workload": 0.21, "heaviest_week": 76.6,
            "accounts_moved": 12, "accounts_moved_share": 0.057, "revenue_moved": 199_000.0,
            "revenue_moved_share": 0.1, "relationships_kept": 60, "relationships": 67,
        }
    )  # fmt: skip
    first = before.model_copy(
        update={
            "figures": before.figures.model_copy(
                update={"spread_potential": 0.304, "heaviest_week": 91.0}
            )
        }
    )
    html = six_figures(
        after.model_copy(update={"figures": figures}), first, "USD",
        Targets(week_hours=80, moved_share=0.05),
    )  # fmt: skip
    groups = [e.text for e in ElementTree.fromstring(html).iter("p")]
    assert groups == ["Opportunity", "Workload", "Disruption"]
    told = tiles(html)
    assert told["Spread of potential"] == [
        "30.4\u00a0% → 12.4\u00a0%",
        "Within the 15\u00a0% target",
    ]
    assert told["Spread of workload"][1] == "Over the 15\u00a0% target"
    assert told["Heaviest week"] == ["91 h → 77 h", "Limit 80 h"]
    assert told["Accounts moved"] == ["12", "5.7\u00a0% of all, limit 5\u00a0%"]
    assert told["Revenue changing hands"] == ["$199k", "10.0\u00a0% of $2.0M in 12 months"]
    assert told["Long relationships kept"] == ["60 of 67", "2 years or more with the rep"]
    assert html.count("note ok") == 2  # potential within target, week within limit
    assert html.count("note warn") == 2  # workload over target, moves over limit


def test_six_figures_without_revenue_or_relationships_claim_nothing() -> None:
    point = scene(12, 3).frontier.points[0]
    none = point.figures.model_copy(
        update={
            "revenue_moved": 0.0, "revenue_moved_share": 0.0, "relationships_kept": 0,
            "relationships": 0,
        }
    )  # fmt: skip
    told = tiles(
        six_figures(point.model_copy(update={"figures": none}), point, "USD", Targets(spread=None))
    )
    assert told["Revenue changing hands"] == ["$0", "None of the last 12 months"]
    assert told["Long relationships kept"][0] == "–"
    assert told["Spread of potential"][1] == "Coefficient of variation between reps"


# ---------------------------------------------------------------- amounts


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (0, "USD", "$0"), (949.6, "USD", "$950"), (999.6, "USD", "$1k"), (593_000, "EUR", "€593k"),
        (999_499, "USD", "$999k"), (999_600, "USD", "$1.0M"), (29_600_000, "GBP", "£29.6M"),
        (299_600_000, "USD", "$300M"), (4.2e9, "CHF", "CHF 4.2B"), (-12_000, "USD", "−$12k"),
        (12, "", "12"), (None, "USD", "–"), (float("nan"), "USD", "–"),
    ],
)  # fmt: skip
def test_money_is_short_and_keeps_its_unit(
    amount: float | None, currency: str, written: str
) -> None:
    assert money(amount, currency) == written


def test_signs_are_true_and_nothing_is_bare() -> None:
    assert signed_percent(-0.256) == "−26\u00a0%"
    assert signed_percent(0.002) == "0\u00a0%"
    assert percent(-0.05, 1) == "−5.0\u00a0%"
    assert signed(-1.25, 1) == "−1.2"
    assert signed(0.004, 2) == "0"
    assert signed_money(40_000, "USD") == "+$40k"
    assert signed_money(-0.2, "USD") == "$0"
    assert count(1, "account") == "1 account"
    assert count(1204, "account") == "1,204 accounts"


def test_the_period_of_the_fixture_is_what_the_tests_take_it_for() -> None:
    frontier = scene(12, 3).frontier
    assert (frontier.period_start, frontier.period_end) == (date(2026, 11, 16), date(2027, 2, 13))
    assert re.fullmatch(r"[0-9a-f]{64}", frontier.hash)
