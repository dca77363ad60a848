from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from agent.view import ScoreRow
from api.charts import capacity_bar, progress_bar, signed, waterfall

SVG = "{http://www.w3.org/2000/svg}"


def row(kind: str, points: int, label: str = "Fact", fact: str = "fact") -> ScoreRow:
    return ScoreRow(
        fact=fact, label=label, dimension="fit", value="", bin="", points=points, kind=kind
    )


def card(base: int, *parts: int) -> list[ScoreRow]:
    middle = [row("part", points, f"Part {n}", f"part{n}") for n, points in enumerate(parts)]
    return [
        row("base", base, "Base"),
        *middle,
        row("total", base + sum(parts), "Score"),
    ]


def bars(svg: str, kind: str) -> list[tuple[float, float]]:
    found = re.findall(rf'<rect class="{kind}" [^>]*?x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    return [(float(x), float(width)) for x, width in found]


def test_each_bar_begins_where_the_one_above_ends() -> None:
    # Base 40, +20 to 60, -10 to 50: the axis runs from 0 to 60 over 130 units from x = 130.
    svg = waterfall(card(40, 20, -10))

    assert bars(svg, "c-base") == [(130.0, 86.7)]  # 130 * 40 / 60
    assert bars(svg, "c-gain") == [(216.7, 43.3)]  # from 40 to 60
    assert bars(svg, "c-loss") == [(238.3, 21.7)]  # from 50 to 60
    assert bars(svg, "c-total") == [(130.0, 108.3)]  # 130 * 50 / 60


def test_losses_are_hatched_and_gains_are_solid() -> None:
    svg = waterfall(card(40, 20, -10))

    assert 'class="c-loss" fill="url(#waterfall-hatch)"' in svg
    assert not re.search(r'class="c-gain" fill=', svg)


def test_a_high_base_is_drawn_from_a_break_so_that_small_parts_stay_visible() -> None:
    far, near = waterfall(card(400, 20, -10)), waterfall(card(30, 20, -10))

    assert far.count("c-break") == 2  # base and total
    assert "c-break" not in near
    assert all(width > 15 for _, width in bars(far, "c-gain") + bars(far, "c-loss"))


def test_parts_of_no_points_are_left_to_the_table() -> None:
    assert waterfall(card(40, 20, 0)).count('class="c-label"') == 2  # base and the +20


def test_the_picture_tells_itself_in_words() -> None:
    svg = waterfall(card(40, 20, -10))

    assert '<title id="waterfall-title">How the score of 50 comes about</title>' in svg
    assert "Base 40, gains +20, losses −10, score 50. The largest part is Part 0 with +20." in svg


def test_labels_cannot_break_out_of_the_picture() -> None:
    svg = waterfall([row("base", 1, "Base"), row("part", 2, "<b>&"), row("total", 3, "Score")])

    assert "<b>" not in svg
    assert "&lt;b&gt;&amp;" in svg


@given(base=st.integers(-600, 900), parts=st.lists(st.integers(-80, 80), max_size=12))
def test_every_picture_is_well_formed_and_stays_within_its_frame(
    base: int, parts: list[int]
) -> None:
    svg = waterfall(card(base, *parts))
    root = ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))
    width = float(root.attrib["viewBox"].split()[2])

    for rect in root.iter(f"{SVG}rect"):
        left = float(rect.get("x", "0"))
        assert left >= 0
        # A bar of no length is still drawn two units wide.
        assert left + float(rect.get("width", "0")) <= width
    assert "style=" not in svg


def test_a_full_calendar_ends_hatched() -> None:
    fits, over = capacity_bar(0.1, 0.8), capacity_bar(0.3, 0.8)

    assert "c-gain" in fits
    assert "c-loss" not in fits
    assert "c-loss" in over
    assert "Other approved plans take 80.0% of the selling hours, this plan 30.0%." in over


def test_progress_counts_decided_sections() -> None:
    svg = progress_bar(3, 1, 7)

    assert [svg.count(kind) for kind in ("c-ok", "c-bad", "c-track")] == [3, 1, 3]


def test_points_carry_a_true_minus() -> None:
    assert [signed(14), signed(-5), signed(0)] == ["+14", "−5", "0"]
