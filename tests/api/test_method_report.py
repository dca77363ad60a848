import pytest

from api.method_report import html
from tests.api.method_fixture import history
from tests.api.test_scenario_report import Page


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(html(history(), company="Tamarack <Cycles>"))


def test_the_report_is_well_formed_and_asks_for_nothing(page: Page) -> None:
    assert page.wrong == []
    assert page.open == []
    assert [*page.named("script", "link", "img")] == []


def test_the_verdict_and_three_figures_come_first(page: Page) -> None:
    text = page.text()
    first = text.index("History leads: a fitted score card orders later outcomes better.")

    assert first < text.index("0.671") < text.index("Told apart out of time")
    assert "82 %" in text
    assert "11.6 % / 13.1 %" in text


def test_every_picture_has_its_figures_as_a_table(page: Page) -> None:
    pictures = [one for one in page.named("svg") if "tested" in str(one.get("class"))]

    assert len(pictures) == 8
    # One table for each picture and one for the proposed card.
    assert len([*page.named("table")]) == 9


def test_the_proposed_card_shows_every_bin_with_its_rows_and_points(page: Page) -> None:
    text = page.text()

    assert "It takes effect when a person adopts it" in text
    assert "below 50 500 60 −4" in text
    assert "50 and more 110 55 +9" in text


def test_names_cannot_become_markup(page: Page) -> None:
    assert "Tamarack <Cycles>" in page.text()
    assert "Size of the <business>" in page.text()


def test_a_book_without_history_says_so_and_shows_no_empty_picture() -> None:
    page = Page(html(history(empty=True)))

    assert page.wrong == []
    assert "Too few outcomes to test the score: the points set by hand stand." in page.text()
    assert "12 outcomes are too few to test the card on." in page.text()
    assert page.text().count("not tested") == 3
    assert list(page.named("svg")) == []
