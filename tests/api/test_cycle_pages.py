"""The pages of territory plans and reviews, drawn from views made by hand."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from agent.cycle.bullets import bullet
from agent.cycle.writing import Hand
from api.cycle_charts import bullet_chart, week_bars
from domain.evidence import Ledger
from tests.api.cycle_harness import (
    a_review,
    a_territory,
    paper_html,
    review_html,
    territory_html,
)
from tests.api.test_pages_review import Outline

PAGES = {
    "plan": territory_html(a_territory(customer="A-697")),
    "weeks": territory_html(a_territory(), "weeks"),
    "plan, rep": territory_html(a_territory(), may_decide=False, cannot_decide="Ask Ruth Okafor."),
    "plan, approved": territory_html(a_territory(status="approved")),
    "plan on paper": paper_html(a_territory(customer="A-697")),
    "review": review_html(a_review()),
    "review on paper": paper_html(a_review()),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_keeps_the_content_security_policy(page: str) -> None:
    outline = Outline(PAGES[page])

    assert outline.styles == []
    assert outline.handlers == []
    assert outline.inline_scripts == 0
    assert "http://" not in PAGES[page].replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("page", PAGES)
def test_ids_are_unique_links_lead_somewhere_fields_are_labelled_headings_in_order(
    page: str,
) -> None:
    outline = Outline(PAGES[page])

    assert len(outline.ids) == len(set(outline.ids))
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)
    for field in outline.fields:
        assert field.get("aria-label") or field.get("id") in outline.labels, field
    assert all(after <= before + 1 for before, after in pairwise(outline.headings))


@pytest.mark.parametrize("page", ["review", "review on paper"])
def test_a_name_from_the_crm_is_never_markup(page: str) -> None:
    assert "<b>Odd</b>" not in PAGES[page]
    assert "Ann &lt;b&gt;Odd&lt;/b&gt;" in PAGES[page]


def test_a_manager_gets_one_decision_and_a_field_for_every_blocker() -> None:
    html = PAGES["plan"]

    assert html.count('name="verdict" value="approved"') == 1
    assert 'name="waiver.0.code" value="over_capacity"' in html
    assert "name the 6.5 hours that are missing" in html
    assert 'name="verdict"' not in PAGES["plan, rep"]
    assert "Ask Ruth Okafor." in PAGES["plan, rep"]
    assert 'name="verdict"' not in PAGES["plan, approved"]


def test_a_claim_to_confirm_stands_over_its_field_in_its_own_words() -> None:
    html = PAGES["review"]

    assert "“The owner wants delivery before the season.”" in html
    assert "To carry it forward, write how you know that it still holds." in html


def test_every_undecided_recommendation_has_a_form_and_a_decided_one_says_what_it_opened() -> None:
    view = a_review()
    done = view.adjustments[0].model_copy(
        update={
            "verdict": "accepted",
            "decided": "Accepted by Ruth Okafor on 14 Feb 2027: agreed.",
            "opened": "scenario S-7",
            "opened_link": "/scenarios/S-7?v=1",
        }
    )
    html = review_html(view.model_copy(update={"adjustments": (done, *view.adjustments[1:])}))

    assert "/adjustments/1/decisions" not in html
    assert "/adjustments/2/decisions" in html
    assert '<a href="/scenarios/S-7?v=1">Open scenario S-7</a>' in html
    assert "/decisions" not in review_html(view, may_decide=False)


def test_paper_lists_what_sentences_rest_on_and_says_that_it_is_a_draft() -> None:
    html = PAGES["review on paper"]

    assert "Draft, not approved" in html
    assert '<div class="sheet">' in html
    assert "[ƒ1]" in html
    assert paper_html(a_review(status="returned")).count("Returned, not approved") == 1


def test_a_bullet_says_in_words_what_it_draws_and_ends_its_scale_at_the_largest_value() -> None:
    first = a_review().territories[0].main
    drawn = bullet_chart(first, most=Decimal(800_000), name="b")

    # The scale is 238 wide: 400 of 800 is 119, 290 of 800 is 86.3.
    assert '<rect class="b-plan" y="2" width="119"' in drawn
    assert '<rect class="b-behind" y="6" width="86.3"' in drawn
    assert '<title id="b-title">Bookings of Marisol Vega</title>' in drawn
    assert "Plan $400,000, actual $290,000: behind." in drawn


def test_a_bullet_without_a_measure_draws_no_bar() -> None:
    nothing = bullet(None, "Ann", Hand(Ledger.of(()), "USD", {}))

    drawn = bullet_chart(nothing, name="b")

    assert "b-plan" not in drawn
    assert "b-actual" not in drawn


def test_week_bars_show_hours_planned_of_selling_hours_and_travel() -> None:
    drawn = week_bars(a_territory().calendars[0], name="w")

    assert "24.5 of 25 h" in drawn
    assert "Week of 16 Nov: 24.5 h planned of 25 h, 3 h of it travel" in drawn
    assert drawn.count('class="w-travel"') == 1
    assert week_bars(a_territory().calendars[0].model_copy(update={"weeks": ()})) == ""
