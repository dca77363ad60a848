from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.map_frame import WIDTH, edges, frame_for, shapes
from api.outline_shapes import atlas, clipped
from api.projections import Albers, AlbersUsa, EqualEarth
from api.svg import whole_path
from tests.api.scenario_fixture import CITIES

degrees = st.tuples(st.floats(-179, 179, allow_nan=False), st.floats(-80, 80, allow_nan=False))


# ---------------------------------------------------------------- projections


def test_equal_earth_agrees_with_its_polynomial_at_the_pole() -> None:
    # There theta = asin(sqrt(3)/2) = 1.047198, so y = 1.340264 * 1.047198
    # - 0.081106 * 1.148381 + 0.000893 * 1.381 + 0.003796 * 1.5144 = 1.31736.
    assert EqualEarth()(0, 90) == pytest.approx((0.0, -1.31736), abs=1e-5)
    assert EqualEarth()(0, 0) == (0.0, 0.0)


def test_albers_agrees_with_snyders_worked_example() -> None:
    # Snyder (1987), page 292: parallels 29.5 and 45.5, origin 23 N 96 W, the point 35 N 75 W.
    assert Albers(-96, 23, (29.5, 45.5))(-75, 35) == pytest.approx((0.2952720, -0.2416774))


@given(degrees)
def test_both_projections_keep_areas(at: tuple[float, float]) -> None:
    longitude, latitude = at
    for project in (EqualEarth(12), Albers(-96, 38.5, (29.5, 45.5))):
        if abs((longitude - project.meridian + 180) % 360 - 180) > 178:
            continue
        step = 1e-4
        (a, b), (c, d), (e, f) = (
            project(longitude, latitude),
            project(longitude + step, latitude),
            project(longitude, latitude + step),
        )
        flat = abs((c - a) * (f - b) - (e - a) * (d - b))
        assert flat == pytest.approx(
            math.radians(step) ** 2 * math.cos(math.radians(latitude + step / 2)), rel=2e-3
        )


def test_alaska_and_hawaii_lie_below_california_and_the_rest_of_the_world_nowhere() -> None:
    usa = AlbersUsa()
    los_angeles, anchorage, honolulu = usa(-118.2, 34.1), usa(-149.9, 61.2), usa(-157.9, 21.3)
    assert los_angeles is not None
    assert anchorage is not None
    assert honolulu is not None
    assert anchorage[1] > los_angeles[1]
    assert honolulu[1] > los_angeles[1]
    assert anchorage[0] < honolulu[0]
    assert usa(2.35, 48.86) is None
    assert usa(-66.1, 18.4) is None  # Puerto Rico


# ---------------------------------------------------------------- outlines and frames


def inside(at: tuple[float, float], path: str) -> bool:
    """Even-odd rule on path data of whole steps."""
    x, y = at
    odd = False
    for ring in path.split("z"):
        numbers = [int(text) for text in re.findall(r"-?\d+", ring)]
        points, here = [], (0, 0)
        for east, south in zip(numbers[::2], numbers[1::2], strict=True):
            here = (here[0] + east, here[1] + south)
            points.append(here)
        for (a, b), (c, d) in zip(points, [*points[1:], *points[:1]], strict=True):
            if (b > y) != (d > y) and x < a + (y - b) / (d - b) * (c - a):
                odd = not odd
    return odd


@pytest.mark.parametrize("countries", [{"US"}, {"US", "CA"}])
def test_inland_cities_lie_in_the_outline_of_their_state(countries: set[str]) -> None:
    inland = {"Denver", "Phoenix", "Dallas", "Nashville", "Atlanta", "Calgary"}
    cities = [row for row in CITIES if row[0] in inland and row[1] in countries]
    frame = frame_for([(row[4], row[3]) for row in CITIES if row[1] in countries], countries)
    known, paths = atlas(frame.outlines), shapes(frame)
    for name, country, region, latitude, longitude in cities:
        at = frame.place(longitude, latitude)
        key = known.key_of(country, region)
        assert at is not None, name
        assert key == f"{country}-{region}"
        assert inside(at, paths[key]), name
        assert not inside(at, paths["US-FL"]), name


def test_a_region_is_known_by_code_or_name_and_else_the_country_stands_for_it() -> None:
    world = atlas("world")
    assert world.key_of("CA", "QC") == "CA-QC"
    assert world.key_of("CA", "Quebec") == "CA-QC"
    assert world.key_of("us", "US-TX") == "US-TX"
    assert world.key_of("AU", "NSW") == "AU-NSW"
    assert world.key_of("FR", "75") == "FR"
    assert world.key_of("US", "ZZ") is None
    assert world.key_of(None, "QC") is None


def test_every_state_and_every_country_of_note_has_an_outline_of_its_own() -> None:
    assert len(atlas("us_states").areas) == 51
    world = atlas("world").areas
    assert {"FR", "DE", "GB", "JP", "BR", "IN", "ZA", "SG", "MT", "XK"} - world.keys() == {"XK"}
    assert sum(key.startswith("US-") for key in world) == 51
    assert sum(key.startswith("CA-") for key in world) == 13
    assert "AQ" not in world


def test_americans_alone_get_their_own_map_and_others_the_part_they_lie_in() -> None:
    assert frame_for([(-105, 40)], {"US"}).outlines == "us_states"
    assert frame_for([(-105, 40), (-66.1, 18.4)], {"US"}).outlines == "world"  # Puerto Rico
    europe = frame_for([(-3, 55), (2.3, 48.8), (13.4, 52.5)], {"GB", "FR", "DE"})
    assert europe.outlines == "world"
    assert "FR" in shapes(europe)
    assert "US-TX" not in shapes(europe)
    assert frame_for([], set()).box == frame_for([(-100, 40), (0, 50), (120, 30)], {"CN"}).box


def test_a_map_across_the_date_line_is_no_wider_than_it_must_be() -> None:
    # Auckland to Honolulu is 27 degrees by way of the date line, 333 the other way.
    frame = frame_for([(174.8, -36.8), (-157.9, 21.3)], {"NZ", "US"})
    places = [frame.place(174.8, -36.8), frame.place(-157.9, 21.3)]
    assert None not in places
    assert frame.place(0, 0) is None


def test_a_few_accounts_far_away_are_left_off_rather_than_shrinking_all_others() -> None:
    near = [(2.0 + n / 10, 48.0 + n / 20) for n in range(20)]
    frame = frame_for([*near, (-79.4, 43.7)], {"FR", "CA"})
    assert all(frame.place(*point) for point in near)
    assert frame.place(-79.4, 43.7) is None
    # Two of five are no exception: then everything is shown.
    whole = frame_for([*near[:3], (-79.4, 43.7), (-75.7, 45.4)], {"FR", "CA"})
    assert whole.place(-79.4, 43.7)


@given(st.lists(degrees, min_size=1, max_size=9))
def test_every_frame_shows_nine_tenths_of_its_accounts_at_least(
    points: list[tuple[float, float]],
) -> None:
    lived_in = [(x, max(-50.0, min(y, 70.0))) for x, y in points]
    frame = frame_for(lived_in, {"XX"})
    seen = sum(frame.place(*point) is not None for point in lived_in)
    assert seen >= math.ceil(0.9 * len(lived_in))
    assert 0.4 * WIDTH < frame.height < 0.8 * WIDTH


def test_a_square_is_cut_at_the_frame_and_one_outside_is_gone() -> None:
    square = [(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)]
    assert set(clipped(square, (0, 0, 10, 10))) == {(0, 0), (5, 0), (5, 5), (0, 5)}
    assert clipped(square, (6, 6, 10, 10)) == []


def test_a_path_is_in_whole_steps_without_repeats() -> None:
    ring = [(0.2, 0.1), (10.4, 0.0), (10.1, 0.3), (10.0, 5.6), (0.0, 0.0)]
    assert whole_path(ring, closed=True) == "M0 0l10 0 0 6z"
    assert whole_path([(0, 0), (0.3, 0.1)], closed=False) == ""


def test_borders_are_drawn_between_territories_and_not_within_them() -> None:
    frame = frame_for([(-105, 40)], {"US"})
    apart = edges(frame, {"US-CO": "ann", "US-UT": "bo"})
    assert apart.count("M") >= 1
    assert edges(frame, {"US-CO": "ann", "US-UT": "ann"}) == ""
    assert edges(frame, {"US-CO": "ann", "US-FL": "bo"}) == ""
