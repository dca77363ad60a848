import re
from xml.etree import ElementTree

import pytest

from api import method_charts as charts
from tests.api.method_fixture import ADDED, DRIFT, HELD, LIFT, PERIODS, RELIABILITY, history

DRAWN = {
    "reliability": charts.reliability_chart(RELIABILITY),
    "lift": charts.lift_chart(LIFT),
    "coverage": charts.coverage_chart(HELD),
    "periods": charts.period_chart(PERIODS),
    "drift": charts.drift_chart(DRIFT),
    "added": charts.added_chart(ADDED),
}


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


@pytest.mark.parametrize("kind", DRAWN)
def test_a_picture_is_whole_named_and_stays_inside_its_frame(kind: str) -> None:
    picture = parsed(DRAWN[kind])
    width, height = map(float, picture.attrib["viewBox"].split()[2:])

    ids = {one.attrib["id"] for one in picture.iter() if "id" in one.attrib}
    assert set(picture.attrib["aria-labelledby"].split()) <= ids
    assert "style" not in DRAWN[kind]
    for one in picture.iter():
        for key, most in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            if key in one.attrib:
                assert -1 <= float(one.attrib[key]) <= most


def test_a_dot_on_the_diagonal_was_told_what_was_found() -> None:
    # The last bin was told 60 % and found at 48 %: its dot lies below the diagonal.
    picture = parsed(charts.reliability_chart(RELIABILITY))
    ideal = next(one for one in picture.iter() if one.attrib.get("class") == "ideal")
    x1, y1, x2, y2 = (float(ideal.attrib[key]) for key in ("x1", "y1", "x2", "y2"))
    dots = [one for one in picture.iter() if one.attrib.get("class") == "dot"]

    x, y = float(dots[2].attrib["cx"]), float(dots[2].attrib["cy"])
    on_diagonal = y1 + (x - x1) / (x2 - x1) * (y2 - y1)
    assert y > on_diagonal + 5


def test_bars_of_lift_are_as_high_as_their_lift() -> None:
    # Lifts of 2.5 and 0.2: one bar is 12.5 times the other.
    bars = [one for one in parsed(charts.lift_chart(LIFT)).iter() if "bar" in str(one.get("class"))]
    heights = [float(bar.attrib["height"]) for bar in bars]

    assert heights[0] / heights[-1] == pytest.approx(12.5, rel=0.02)
    assert [bar.get("class") for bar in bars].count("bar under") == 5


def test_a_level_that_held_too_rarely_lies_left_of_its_mark() -> None:
    picture = parsed(charts.coverage_chart(HELD))
    dots = [float(one.attrib["cx"]) for one in picture.iter() if one.get("class") == "dot"]
    marks = [
        float(re.match(r"M([\d.]+)", one.attrib["d"])[1])  # type: ignore[index]
        for one in picture.iter()
        if one.get("class") == "aim"
    ]

    assert dots[0] > marks[0]
    assert dots[2] < marks[2]


def test_a_fact_that_shifted_much_is_marked_and_named() -> None:
    drawn = charts.drift_chart(DRIFT)

    assert drawn.count("bar loud") == 1
    assert "Strongest sign of interest in 90 days shifted much." in drawn


def test_without_figures_there_is_no_picture() -> None:
    assert charts.reliability_chart(()) == ""
    assert charts.lift_chart(()) == ""
    assert charts.coverage_chart(()) == ""
    assert charts.period_chart(()) == ""
    assert charts.drift_chart(()) == ""
    assert charts.added_chart(()) == ""
    assert charts.auc_chart(()) == ""


def test_the_interval_of_an_auc_is_drawn_around_it() -> None:
    past = history().score
    assert past.hand is not None
    picture = parsed(charts.auc_chart([("Card in use", past.hand)]))
    line = next(one for one in picture.iter() if one.get("class") == "whisker")
    dot = next(one for one in picture.iter() if one.get("class") == "dot")

    assert float(line.attrib["x1"]) < float(dot.attrib["cx"]) < float(line.attrib["x2"])
