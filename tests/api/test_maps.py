from __future__ import annotations

import math
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.map_labels import Wish, placed, spread
from api.map_places import Place, owners_under, places_of
from api.maps import coverage_map, map_table
from api.svg import said
from api.territory_marks import Mark, marks_of, outsider, territory_codes
from domain.assignment import ScenarioRep
from tests.api.scenario_fixture import CITIES, accounts_table, scene


def reps(*names: str) -> list[ScenarioRep]:
    return [
        ScenarioRep(rep_id=name[0].lower(), name=name, capacity=300, ramp=1, account_limit=50)
        for name in names
    ]


ANN_AND_BO = reps("Ann Alder", "Bo Birch")


def place(account_id: str, potential: float, city: str = "Denver") -> Place:
    name, country, region, latitude, longitude = next(row for row in CITIES if row[0] == city)
    return Place(account_id, f"{account_id} Ltd", potential, country, region, name, longitude,
                 latitude)  # fmt: skip


def elements(svg: str, kind: str, word: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(svg)
    return [e for e in root.iter(f"{kind}") if word in e.get("class", "").split()]


def test_a_code_is_three_letters_of_the_last_name_unless_somebody_has_them() -> None:
    assert territory_codes({"1": "Marisol Vega", "2": "Noémie Gagnon"}) == {"1": "VEG", "2": "GAG"}
    # Two Vegas: the first by id keeps VEG, the other gets its initial with VE.
    assert territory_codes({"2": "Luis Vega", "1": "Ana Vega"}) == {"2": "LVE", "1": "VEG"}
    # A name without letters falls back on the id; an id of one letter on a row of codes.
    assert territory_codes({"EMEA-7": "---", "R-1": ""}) == {"EMEA-7": "EMEA", "R-1": "RA"}


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=6),
        st.one_of(st.text(max_size=20), st.sampled_from(["Ann Lee", "Bo Lee", "Cy Li", ""])),
        max_size=40,
    )
)
def test_codes_are_short_letters_each_another_in_any_order(names: dict[str, str]) -> None:
    codes = territory_codes(names)
    assert codes.keys() == names.keys()
    assert len(set(codes.values())) == len(codes)
    assert all(2 <= len(code) <= 4 and code.isalpha() for code in codes.values())
    assert territory_codes(dict(reversed(names.items()))) == codes


def test_after_eight_territories_colours_come_again_hollow_and_with_another_pattern() -> None:
    marks = [Mark(str(place), "", "", place) for place in range(24)]
    assert [mark.colour for mark in marks[:9]] == [*(f"t{n}" for n in range(1, 9)), "t1"]
    assert not any(mark.again for mark in marks[:8])
    assert all(mark.again for mark in marks[8:])
    assert len({(mark.colour, mark.pattern) for mark in marks}) == 24
    assert outsider(None).colour == outsider("x").colour == "t0"


# ---------------------------------------------------------------- the map


def test_an_area_takes_the_colour_of_the_most_potential_not_of_the_most_accounts() -> None:
    # Colorado: Ann has 100, Bo 60 in two accounts. Texas is Bo's.
    places = [place("1", 100), place("2", 30), place("3", 30), place("4", 5, "Dallas")]
    owners = {"1": "a", "2": "b", "3": "b", "4": "b"}
    svg = coverage_map(places, ANN_AND_BO, owners, owners, "before")

    areas = {e[0].text: e.get("class") for e in elements(svg, "use", "area")}
    assert areas == {
        "Colorado: most potential with Ann Alder (ALD)": "area t1",
        "Texas: most potential with Bo Birch (BIR)": "area t2",
    }


def test_dots_cover_area_in_proportion_to_potential() -> None:
    places = [place("1", 400_000), place("2", 100_000, "Dallas")]
    svg = coverage_map(places, ANN_AND_BO, {"1": "a", "2": "b"}, {"1": "a", "2": "b"}, "before")
    large, small = (float(e.get("r", "0")) for e in elements(svg, "circle", "dot"))
    assert large == pytest.approx(2 * small)  # four times the potential, twice the radius


def test_only_accounts_that_change_hands_are_ringed_and_only_after() -> None:
    places = [place("1", 10), place("2", 20), place("3", 30)]
    before, after = {"1": "a", "2": "a", "3": None}, {"1": "b", "2": "a", "3": "b"}
    ringed = {
        view: len(elements(coverage_map(places, ANN_AND_BO, before, after, view), "circle", "mv"))
        for view in ("before", "after", "changes")
    }
    assert ringed == {"before": 0, "after": 2, "changes": 2}
    changes = coverage_map(places, ANN_AND_BO, before, after, "changes")
    told = [e[0].text for e in elements(changes, "path", "arc")]
    assert told == [
        "3 Ltd, Denver: potential 30, from No owner to Bo Birch",
        "1 Ltd, Denver: potential 10, from Ann Alder to Bo Birch",
    ]
    assert len(elements(changes, "circle", "still")) == 1


def test_many_moves_are_gathered_into_one_arc_a_pair() -> None:
    places = [place(str(n), 10, CITIES[n % 20][0]) for n in range(121)]
    before = {p.account_id: "a" for p in places}
    after = dict.fromkeys(before, "b")
    arcs = elements(coverage_map(places, ANN_AND_BO, before, after, "changes"), "path", "arc")
    assert [arc[0].text for arc in arcs] == ["121 accounts to Bo Birch"]
    fewer = elements(
        coverage_map(places[:120], ANN_AND_BO, before, after, "changes"), "path", "arc"
    )
    assert len(fewer) == 120


def test_above_3000_accounts_hexagons_stand_for_them_and_lose_none() -> None:
    table = accounts_table(3001, 4)
    places = places_of(table)
    owners = {key: str(owner) for key, owner in table["owner_id"].items()}
    frontier_reps = scene(20, 4).frontier.reps
    svg = coverage_map(places, frontier_reps, owners, owners, "after")
    hexagons = elements(svg, "path", "hex")
    assert not elements(svg, "circle", "dot")
    assert 20 < len(hexagons) < 200
    told = [re.match(r"([\d,]+) account", e[0].text or "") for e in hexagons]
    assert sum(int(found[1].replace(",", "")) for found in told if found) == 3001
    few = coverage_map(places[:3000], frontier_reps, owners, owners, "after")
    assert len(elements(few, "circle", "dot")) == 3000


def test_accounts_without_a_place_are_counted_in_words_and_kept_in_the_table() -> None:
    lost = Place("9", "Nowhere Ltd", 50.0)
    owners = {"1": "a", "9": "b"}
    svg = coverage_map([place("1", 10), lost], ANN_AND_BO, owners, owners, currency="USD")
    root = ElementTree.fromstring(svg)
    described = root.find("desc")
    assert described is not None
    assert described.text == (
        "0 of 2 accounts change hands and are ringed. Bo Birch has most potential with $50, "
        "Ann Alder least with $10. 1 account without a place on this map is in the table only."
    )
    assert "Elsewhere or not known" in map_table([lost], ANN_AND_BO, owners, owners)


def test_the_drawing_leaves_colours_to_the_style_sheet_and_names_itself() -> None:
    made = scene(60, 10)
    owners = {key: str(owner) for key, owner in made.accounts["owner_id"].items()}
    svg = coverage_map(made.accounts, made.frontier.reps, owners, owners, name="one")
    assert "style=" not in svg
    assert not re.search(r"#[0-9a-f]{6}\b|rgb\(", svg)
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert set(root.get("aria-labelledby", "").split()) <= set(ids)
    for used in re.findall(r'(?:href="|url\()#([\w-]+)', svg):
        assert used in ids
    assert len(elements(svg, "use", "pat")) == len(elements(svg, "use", "area"))
    assert "patterns" in coverage_map(
        made.accounts, made.frontier.reps, owners, owners, patterns=True
    ).split('viewBox')[0]  # fmt: skip


def test_names_cannot_break_out_of_the_drawing() -> None:
    bad = '"><script>alert(1)</script>\u202e\x00 & Söhne'
    hostile = [Place("1", bad, 5.0, "US", "CO", bad, -105, 40)]
    people = [ScenarioRep(rep_id="a", name=bad, capacity=1, ramp=1, account_limit=1)]
    for view in ("before", "after", "changes"):
        svg = coverage_map(hostile, people, {"1": None}, {"1": "a"}, view, names={"x": bad})
        assert not list(ElementTree.fromstring(svg).iter("script"))
        assert "\u202e" not in svg
        assert "& Söhne" not in svg
    table = map_table(hostile, people, {"1": "x"}, {"1": "a"}, names={"x": bad})
    assert "<script" not in table
    assert said("a\u202eb\n c\x07", 10) == "ab c"
    assert said("abcdefghij", 5) == "abcd…"


def test_the_table_says_who_has_what_in_each_area_before_and_after() -> None:
    places = [place("1", 100), place("2", 300, "Dallas"), place("3", 50, "Dallas")]
    before, after = {"1": "a", "2": "a", "3": "b"}, {"1": "a", "2": "b", "3": "b"}
    table = ElementTree.fromstring(map_table(places, ANN_AND_BO, before, after, currency="EUR"))
    rows = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")][1:]
    assert rows == [
        ["Texas", "BIR Bo Birch", "1", "€50", "2", "€350", "100\u00a0%"],
        ["ALD Ann Alder", "1", "€300", "0", "€0", "0\u00a0%"],
        ["Colorado", "ALD Ann Alder", "1", "€100", "1", "€100", "100\u00a0%"],
    ]


def test_an_account_a_design_leaves_alone_keeps_its_owner() -> None:
    made = scene(12, 3)
    point = made.frontier.points[1]
    left = point.model_copy(update={"assignment": (-1, *point.assignment[1:])})
    first, second = made.frontier.accounts[:2]
    owners = owners_under(made.frontier, left, {first: "R-99", second: None, "extra": "R-98"})
    assert owners[first] == "R-99"
    assert owners[second] == made.frontier.reps[point.assignment[1]].rep_id
    assert owners["extra"] == "R-98"


def test_a_table_with_holes_gives_places_with_holes() -> None:
    table = accounts_table(2, 2)
    table.loc["A-0000", ["latitude", "city"]] = [float("nan"), None]
    table.loc["A-0001", "potential"] = float("nan")
    first, second = places_of(table)
    assert (first.latitude, first.city, first.country) == (None, None, "US")
    assert second.potential == 0.0
    assert places_of(table[["potential"]])[0].name == "A-0000"


# ---------------------------------------------------------------- labels


@given(
    st.lists(
        st.tuples(
            st.floats(0, 960), st.floats(0, 600), st.floats(60, 170), st.sampled_from([32.0, 48.0])
        ),
        max_size=14,
    ),
    st.lists(st.tuples(st.floats(0, 960), st.floats(0, 600)), max_size=30),
)
def test_labels_stay_in_the_frame_and_off_one_another(
    wanted: list[tuple[float, float, float, float]], dots: list[tuple[float, float]]
) -> None:
    wishes = [Wish(str(n), (x, y), w, h) for n, (x, y, w, h) in enumerate(wanted)]
    found = placed(wishes, dots, 960, 600)
    boxes = []
    for wish in wishes:
        if wish.key in found:
            x, y = found[wish.key]
            half, tall = wish.width / 2, wish.height / 2
            boxes.append((x - half, y - tall, x + half, y + tall))
    for box in boxes:
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= 960
        assert box[3] <= 600
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart
    if wishes:
        assert wishes[0].key in found


def test_a_label_moves_off_the_dots_when_there_is_room() -> None:
    crowd = [(400.0 + 5 * n, 300.0) for n in range(10)]
    found = placed([Wish("a", (420, 300), 100, 30)], crowd, 960, 600)["a"]
    assert not any(abs(x - found[0]) < 50 and abs(y - found[1]) < 15 for x, y in crowd)
    assert placed([Wish("a", (420, 300), 100, 30)], [], 960, 600)["a"] == (420, 300)


def test_accounts_of_one_city_are_spread_and_the_first_stays() -> None:
    apart = spread([(10.0, 10.0)] * 3 + [(90.0, 90.0)], [5.0, 4.0, 3.0, 2.0])
    assert apart[0] == (10.0, 10.0)
    assert apart[3] == (90.0, 90.0)
    assert len({(round(x), round(y)) for x, y in apart}) == 4
    assert math.dist(apart[0], apart[1]) == pytest.approx(1.5 * 4)  # 1.5 mean radii


def test_marks_follow_the_order_of_the_scenario() -> None:
    marks = marks_of(ANN_AND_BO)
    assert [(mark.rep_id, mark.code, mark.colour) for mark in marks.values()] == [
        ("a", "ALD", "t1"),
        ("b", "BIR", "t2"),
    ]
    assert marks["a"].chip() == '<span class="code t1" title="Ann Alder">ALD</span>'
