from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from agent.view import PlanView
from api.plan_changes import section_lines, what_changed
from domain.decision import Decision, DecisionRequest, SectionVerdict
from tests.api.page_harness import MANAGER, REP, plan_html, print_html
from tests.api.plan_view_fixture import first_version, plan_view


class Outline(HTMLParser):
    """Collects what the checks below ask about."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.styles: list[str] = []
        self.handlers: list[str] = []
        self.inline_scripts = 0
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.headings: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(str(given.get("href")))
        if "style" in given or tag == "style":
            self.styles.append(tag)
        self.handlers += [name for name in given if name.startswith("on")]
        self.inline_scripts += tag == "script" and "src" not in given
        if tag == "label":
            self.labels.add(str(given.get("for")))
        if tag in {"textarea", "input", "select"} and given.get("type") not in {
            "hidden",
            "checkbox",
        }:
            self.fields.append(given)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


PAGES = {
    "manager, changes": plan_html(plan_view(), first_version()),
    "manager, clean": plan_html(plan_view(), first_version(), mode="clean"),
    "rep, editing": plan_html(plan_view(), first_version(), person=REP, edit="competition"),
    "first version": plan_html(first_version().model_copy(update={"newest_version": 1})),
    "print": print_html(plan_view()),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_keeps_the_content_security_policy(page: str) -> None:
    outline = Outline(PAGES[page])

    assert outline.styles == []
    assert outline.handlers == []
    assert outline.inline_scripts == 0
    assert "http://" not in PAGES[page].replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("page", PAGES)
def test_every_id_is_unique_and_every_link_within_the_page_leads_somewhere(page: str) -> None:
    outline = Outline(PAGES[page])

    assert len(outline.ids) == len(set(outline.ids))
    inside = {link[1:] for link in outline.links if link.startswith("#")}
    assert inside <= set(outline.ids)


@pytest.mark.parametrize("page", PAGES)
def test_every_field_has_a_label_and_headings_descend_in_order(page: str) -> None:
    outline = Outline(PAGES[page])

    for field in outline.fields:
        assert field.get("aria-label") or field.get("id") in outline.labels, field
    assert all(after <= before + 1 for before, after in pairwise(outline.headings))


def test_a_reworded_sentence_is_shown_as_it_was_and_as_it_is() -> None:
    html = PAGES["manager, changes"]

    assert '<del><span class="slot">131,000</span></del>' in html
    assert re.search(r'<ins><a class="slot" [^>]*>143,280</a></ins>', html)
    assert "<ins>and bike racks</ins>" in html
    assert "Whitespace</a>: 2 lines added and 1 line removed." in html


def test_the_clean_view_shows_no_marks_of_change() -> None:
    html = PAGES["manager, clean"]

    assert "<ins>" not in html
    assert "131,000" not in html


def test_versions_that_say_the_same_have_no_changes() -> None:
    view = plan_view()
    lines = section_lines(view, view)

    assert what_changed(view, view, lines) == []
    assert all(item.added == item.removed == 0 for item in lines)


def test_an_unsourced_sentence_is_underlined_marked_and_named_as_a_blocker() -> None:
    html = PAGES["manager, clean"]

    assert (
        '<span class="unsourced">Kelmark is said to raise prices by 12 % at renewal.</span>' in html
    )
    assert '<span class="cite none">no source</span>' in html
    assert "A sentence about Kelmark has no source." in html


def test_each_kind_of_mark_says_what_it_is_without_colour() -> None:
    html = PAGES["manager, clean"]

    for words in ("Source 1", "Source 4, weak", "Computed value, show the calculation"):
        assert f'aria-label="{words}"' in html


def test_a_manager_gets_a_verdict_on_every_section_and_a_rep_gets_none() -> None:
    assert PAGES["manager, changes"].count('value="change_requested"') == 7
    assert 'value="change_requested"' not in PAGES["rep, editing"]
    assert "Ruth Okafor decides on this plan." in PAGES["rep, editing"]


def test_a_waiver_asks_for_words_and_an_override_for_the_hours() -> None:
    html = PAGES["manager, changes"]

    assert "To approve all the same, write why this may stand." in html
    assert "write why, and name the 2.5 hours that are missing." in html
    # The unsourced sentence cannot be waived: three blockers, two fields.
    assert html.count('.reason" rows') == 2


def test_editing_offers_the_section_one_sentence_a_line() -> None:
    assert (
        "Kelmark supplies the workshop until March 2027.\n"
        "Kelmark is said to raise prices by 12 % at renewal.</textarea>"
    ) in PAGES["rep, editing"]
    assert "Save as version 3" in PAGES["rep, editing"]


def test_an_old_version_points_to_the_newest_and_cannot_be_decided_on() -> None:
    html = plan_html(first_version())

    assert 'href="/plans/PL-1017">Open version 2</a>' in html
    assert 'id="decision"' not in html
    assert "data-edit" not in html


def returned(view: PlanView) -> Decision:
    return Decision(
        decision_id="D-1",
        sequence=1,
        subject_kind="plan",
        subject_id=view.plan_id,
        subject_version=1,
        subject_hash=view.plan_hash,
        ledger_root="l",
        coverage_hash="c",
        verdict="returned",
        decided_by="ruth",
        decided_at="2026-11-21T09:12:00+00:00",
        payload_digest="p",
        previous="",
        row_hash="r",
        request=DecisionRequest(
            version=1,
            verdict="returned",
            reason="Close, one thing is open.",
            sections=(
                SectionVerdict(
                    section="whitespace", verdict="change_requested", comment="Add bike racks."
                ),
            ),
        ),
    )


def test_what_a_manager_asked_for_stays_beside_the_section_in_the_next_version() -> None:
    view = plan_view(remarks=())
    html = plan_html(view, first_version(), decided=[(returned(view), "Ruth Okafor")])

    assert "Add bike racks." in html
    assert "Close, one thing is open." in html
    assert "on version 1, 21 Nov 2026" in html
    # The new version starts undecided.
    assert 'data-state="change_requested"' not in html


def test_the_returned_version_itself_shows_where_changes_were_requested() -> None:
    view = first_version()
    html = plan_html(view, decided=[(returned(view), "Ruth Okafor")])

    # Once in the outline, once at the section.
    assert html.count('data-state="change_requested"') == 2
    assert "1 of 7 decided" in html


def test_the_score_is_told_in_a_picture_in_words_and_in_a_table() -> None:
    html = PAGES["manager, clean"]

    assert "Base 410, gains +41, losses −8: 443. 1 part gives no points." in html
    assert '<td class="numeric">−5</td>' in html
    assert "Below 100,000 it would give +6." in html


def test_paper_numbers_every_source_and_says_that_it_is_a_draft() -> None:
    html = PAGES["print"]

    assert "Draft, not approved" in html
    assert '<a href="#n-ev_note">1</a>' in html
    assert '<a href="#n-ev_open">ƒ2</a>' in html
    assert '<span class="number">[4]</span>' in html
    assert "“We would like to see helmet options before the year ends.” E-mail" in html
    assert "[no source]" in html


def test_paper_says_who_approved() -> None:
    html = print_html(plan_view(status="approved"), "Approved by Ruth Okafor on 21 Nov 2026")

    assert '<p class="stamp approved">Approved by Ruth Okafor on 21 Nov 2026</p>' in html


def test_text_from_a_document_cannot_become_markup() -> None:
    view = plan_view()
    hostile = view.sources[0].model_copy(
        update={"quote": "<script>x</script> averaged 94 minutes", "title": "<img src=x>"}
    )
    view = view.model_copy(update={"sources": (hostile, *view.sources[1:])})
    html = plan_html(view)

    assert "<script>x" not in html
    assert "<img" not in html
    assert "&lt;script&gt;x&lt;/script&gt; <mark>averaged 94 minutes</mark>" in html


def test_the_chosen_theme_is_in_the_first_byte_of_the_page() -> None:
    assert '<html lang="en" data-theme="dark">' in plan_html(plan_view(), theme="dark")
    assert '<html lang="en">' in plan_html(plan_view(), theme="<script>")


def test_an_old_book_is_said_to_be_old() -> None:
    from api.page_look import draw
    from api.plan_page import Asked, plan_page
    from tests.api.page_harness import frame, request

    page = plan_page(plan_view(), Asked(), may_decide=False, may_edit=False)
    young, old = (
        draw(request(), "plan.html", {**frame(MANAGER, age_days=days), **page}).body.decode()
        for days in (14, 15)
    )

    assert '<span class="fresh">' in young
    assert '<span class="fresh old">' in old
