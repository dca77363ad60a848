from __future__ import annotations

import re
from itertools import pairwise

import pytest
from markupsafe import escape

from agent.view import Part
from api.chat_answer import own_link
from api.chat_branches import path_to
from api.chat_chips import seconds
from api.chat_panel import Panel, PanelLine, Suggested
from api.chat_stream import answer_html
from domain.chat import Answer, Artifact, Call, Offer, ToolUse
from tests.api.chat_harness import chat_html
from tests.api.chat_view_fixture import (
    THREAD,
    clarifying,
    drafted,
    failed,
    running,
    said,
    stopped,
    table,
    turn,
    view,
    week,
)
from tests.api.plan_view_fixture import MAIL, NOTE
from tests.api.test_pages_review import Outline

PANEL = Panel(
    heading="Plan draft",
    name="Riverbend Cycle, version 2",
    link="/plans/PL-1017?v=2",
    act="Open version 2 for review",
    caption="Deciding happens on the review page.",
    status="In review",
    look="warn",
    lines=(PanelLine("Why now", "The next order is due on 4 Dec 2026", 1),),
)
SUGGESTED = (
    Suggested("Why does Alder Foods rank 1?", "It has no plan yet.", "/why 1022", "/why", "plan"),
)
PAGES = {
    "new": chat_html(thread=None, suggestions=SUGGESTED),
    "new, nothing waits": chat_html(thread=None, threads=[]),
    "empty thread": chat_html(suggestions=SUGGESTED),
    "answers": chat_html([week(), clarifying(), drafted()], panel=PANEL),
    "running": chat_html([week(), running("t1")]),
    "failed": chat_html([stopped(), failed("t6")]),
    "dark": chat_html([week()], theme="dark"),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_chat_page_keeps_the_content_security_policy(page: str) -> None:
    outline = Outline(PAGES[page])

    assert outline.styles == []
    assert outline.handlers == []
    assert outline.inline_scripts == 0
    assert "http://" not in PAGES[page].replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("page", PAGES)
def test_ids_are_unique_and_links_within_a_chat_page_lead_somewhere(page: str) -> None:
    outline = Outline(PAGES[page])

    assert len(outline.ids) == len(set(outline.ids))
    inside = {link[1:] for link in outline.links if link.startswith("#")}
    assert inside <= set(outline.ids)
    for form in re.findall(r'form="([^"]+)"', PAGES[page]):
        assert form in outline.ids


@pytest.mark.parametrize("page", PAGES)
def test_fields_of_a_chat_page_have_labels_and_its_headings_descend_in_order(page: str) -> None:
    outline = Outline(PAGES[page])

    for field in outline.fields:
        assert field.get("aria-label") or field.get("id") in outline.labels, field
    assert outline.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(outline.headings))


@pytest.mark.parametrize("page", PAGES)
def test_every_form_of_a_chat_page_carries_the_token(page: str) -> None:
    forms = re.findall(r"<form method=\"post\".*?</form>|<form [^>]*method=\"post\".*?</form>",
                       PAGES[page], re.S)  # fmt: skip

    assert forms
    assert all('name="csrf" value="token"' in form for form in forms)


def test_sentences_carry_the_marks_of_plans() -> None:
    html = PAGES["answers"]

    assert re.search(r'<a class="slot" href="#source-t1-ev_spend"[^>]*>96,720</a>', html)
    for words in ("Source 1", "Source 4, weak", "Computed value, show the calculation"):
        assert f'aria-label="{words}"' in html
    assert '<span class="unsourced">Their workshop lead may move to the Tacoma site.</span>' in html
    assert '<span class="cite none">no source</span>' in html
    assert '<span class="remark doubt">The report is 257 days old.</span>' in html


def test_two_answers_that_cite_one_fact_show_it_under_their_own_numbers() -> None:
    again = turn("t2", "Why so?", parent="t1", answer=Answer())
    html = chat_html([week(), view(again, [said("Dwell is long.", pills=(NOTE,))], (), (NOTE,))])

    assert 'id="source-t1-ev_note"' in html
    assert 'id="source-t2-ev_note"' in html


def test_a_mark_without_a_source_in_the_page_is_not_shown() -> None:
    # A source that the reader may not see is not in the view: no link may lead to it.
    html = chat_html([view(turn("t1", "Why?", answer=Answer()), [said("So.", pills=(MAIL,))])])

    assert "ev_mail" not in html


def test_a_chip_tells_time_and_rows_and_opens_to_arguments_result_and_evidence() -> None:
    html = PAGES["answers"]
    chip = next(
        found for found in re.findall(r"<details class=\"step.*?</details>", html, re.S)
        if "<b>Notes</b>" in found
    )  # fmt: skip

    assert "<span>2.1 s</span> <span>38 rows</span>" in chip
    assert "<dt>Query</dt><dd><code>site visit</code></dd>" in chip
    assert "<dt>Result</dt><dd>3 notes of 38</dd>" in chip
    assert chip.count('<a class="cite') == 2


def test_a_failed_chip_stays_and_says_what_failed() -> None:
    html = PAGES["answers"]
    chip = re.findall(r"<details class=\"step failed.*?</details>", html, re.S)[0]

    assert "Failed:" in chip
    assert "There is no account &#39;1018x&#39; in your book." in chip
    assert 'value="/compare 1017 with 1018x"' in chip


def test_a_chip_offers_to_run_again_only_what_reads() -> None:
    # A draft starts on the person's own words, and a week's arguments are not all words.
    assert PAGES["answers"].count(">Run again<") == 3


def test_a_clarifying_question_asks_and_gives_the_choices() -> None:
    html = PAGES["answers"]

    assert (
        '<p class="clarify">Two accounts are called Alder Foods. Which one do you mean?</p>' in html
    )
    assert 'name="text" value="/why 1022" data-say>Alder Foods, Seattle (1022), yours<' in html


def test_what_was_left_out_is_counted_and_its_reasons_open() -> None:
    html = PAGES["answers"]

    assert "2 sentences were left out" in html
    assert "<li>A figure in it is in none of the cited sources.</li>" in html


def test_a_draft_is_a_card_that_leads_to_its_review_and_stands_beside_the_thread() -> None:
    html = PAGES["answers"]

    assert '<a class="btn small primary" href="/plans/PL-1017?v=2">Open the review</a>' in html
    assert '<a class="btn primary" href="/plans/PL-1017?v=2">Open version 2 for review</a>' in html
    assert "approve" not in re.sub(r"approves it on its review", "", html.lower())


def test_a_failure_says_what_happened_what_was_kept_and_what_to_do() -> None:
    html = PAGES["failed"]

    assert "The model&#39;s endpoint answered 503 three times." in html
    assert "those need no model." in html
    assert "Your question is kept. Run <code>R-t5</code>, model_failed" in html
    assert ">Try again</button>" in html


def test_a_stopped_answer_keeps_what_there_was_and_is_marked() -> None:
    html = PAGES["failed"]

    assert '<span class="pill muted">Stopped</span>' in html
    assert "Twelve accounts changed hands" in html


def test_a_running_answer_is_busy_and_has_a_way_to_look_again_without_script() -> None:
    html = PAGES["running"]

    assert 'data-run="R-t4"' in html
    assert 'aria-busy="true"' in html
    assert '<a href="/chat/T-1?at=t4#turn-t4">Look again</a>' in html


def test_the_missing_model_is_told_only_where_there_is_none() -> None:
    assert "No language model" in PAGES["new"]
    assert "No language model" not in chat_html([], without_model=False)


def test_the_status_of_an_answer_counts_sentences_and_sources() -> None:
    assert 'data-counts="Answer ready, 5 sentences, 6 sources"' in PAGES["answers"]
    assert 'data-counts="A question for you, 2 choices"' in PAGES["answers"]
    assert 'data-counts="Stopped, 1 sentence, 1 source"' in PAGES["failed"]


def test_the_latest_branch_is_shown_and_others_can_be_walked_to() -> None:
    first = turn("t1", "What about June?")
    old = turn("t2", "And July?", parent="t1")
    new = turn("t3", "And August?", parent="t1")
    after = turn("t4", "And then?", parent="t2")
    asked = [first, old, new, after]

    def path(at: str | None) -> list[str]:
        return [one.turn_id for one, _ in path_to(asked, at)]

    # t4 was asked last, and it follows t2.
    assert path(None) == ["t1", "t2", "t4"]
    assert path("t3") == ["t1", "t3"]
    assert path("t2") == ["t1", "t2", "t4"]
    assert path("t1") == ["t1", "t2", "t4"]
    assert path("nowhere") == path(None)
    html = chat_html([view(one) for one in asked], at="t3")
    assert "2 of 2" in html
    assert '<a href="?at=t2#turn-t2" aria-label="Earlier version">' in html
    assert "And July?" not in html


def test_asking_again_and_otherwise_name_the_turn_they_stand_beside() -> None:
    html = chat_html([week()])

    assert '<input type="hidden" name="retry_of" value="t1">' in html
    assert '<input type="hidden" name="edit_of" value="t1">' in html
    # The next question follows the last one shown.
    assert html.count('<input type="hidden" name="parent" value="t1">') == 2


HOSTILE = '"><script src=//x.example/a.js></script><img src=x onerror=alert(1)>{{ 7 * 7 }}\u202e'


def hostile_view():
    """A turn in which whatever can be said is said by an enemy."""
    answer = Answer(
        kind="answer",
        notes=(HOSTILE,),
        omissions=(HOSTILE,),
        offers=(Offer(label=HOSTILE, text=HOSTILE),),
        artifacts=(
            Artifact(type="plan", id=HOSTILE, version=1, link="javascript:alert(1)"),
            Artifact(type="plan", id="x", version=1, link="//x.example/plans/1"),
        ),
        uses=(
            ToolUse(
                call=Call(tool=HOSTILE[:80], arguments={HOSTILE: HOSTILE}),
                state="done",
                ms=1,
                rows=1,
                evidence=(HOSTILE,),
                note=HOSTILE,
            ),
        ),
        label=HOSTILE,
    )
    sentence = said(HOSTILE, (HOSTILE, NOTE), pills=(NOTE,), remarks=(HOSTILE,))
    sentence = sentence.model_copy(
        update={"parts": (*sentence.parts, Part(text=HOSTILE, evidence_id=HOSTILE))}
    )
    made = view(
        turn("t1", HOSTILE, answer=answer),
        [sentence],
        [table(HOSTILE, (HOSTILE, "b"), ((HOSTILE, NOTE), HOSTILE))],
        (NOTE,),
    )
    source = made.sources[0].model_copy(
        update={
            "title": HOSTILE,
            "type_name": HOSTILE,
            "quote": HOSTILE,
            "highlight": "script",
            "facts": (HOSTILE,),
            "formula": HOSTILE,
            "match": HOSTILE,
        }
    )
    return made.model_copy(update={"sources": (source,)})


def test_hostile_text_in_every_field_is_shown_and_does_nothing() -> None:
    thread = THREAD.model_copy(update={"title": HOSTILE})
    suggested = Suggested(HOSTILE, HOSTILE, HOSTILE, HOSTILE, "plan")
    panel = Panel(HOSTILE, HOSTILE, "/plans/P", HOSTILE, HOSTILE, HOSTILE, "ok",
                  (PanelLine(HOSTILE, HOSTILE, 1),), HOSTILE)  # fmt: skip
    pages = (
        chat_html([hostile_view()], thread=thread, threads=[thread], panel=panel, entered=HOSTILE),
        chat_html([], thread=thread, threads=[thread], suggestions=(suggested,)),
        answer_html(hostile_view()),
    )

    for html in pages:
        outline = Outline(html)
        assert "<img" not in html
        assert "x.example/a.js></script>" not in html
        assert outline.handlers == []
        assert outline.inline_scripts == 0
        assert "49" not in re.sub(r"\?[0-9a-f]{10}", "", html).replace("49.", "")
        assert str(escape(HOSTILE)) in html
        for link in outline.links:
            assert re.match(r"[/#?]", link), link
            assert not link.startswith("//"), link


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("/plans/PL-1017?v=2", True),
        ("/scenarios/S-1/slice", True),
        ("/plans/PL-1/../../sign-in", False),
        ("//evil.example/plans/1", False),
        ("https://evil.example/plans/1", False),
        ("javascript:alert(1)", False),
        ("/chat/T-1/delete", False),
        ("/plans/", False),
        ("", False),
    ],
)
def test_only_plans_and_scenarios_of_ours_are_linked(link: str, kept: bool) -> None:
    assert own_link(link) == (link if kept else "")


def test_times_of_steps_are_written_short() -> None:
    assert [seconds(ms) for ms in (0, 49, 50, 210, 9_949, 11_240)] == [
        "<0.1 s",
        "<0.1 s",
        "0.1 s",
        "0.2 s",
        "9.9 s",
        "11 s",
    ]


def test_a_column_of_figures_is_aligned_as_one_whatever_its_first_row() -> None:
    made = table("Side by side", ("", "Ahead"), ("Account", "Acme"), ("Rank", "2"), ("Of", "69"))
    html = chat_html([view(turn("t1", "Compare", answer=Answer()), (), [made])])

    assert '<th scope="col" class="numeric">Ahead</th>' in html
    assert '<td class="numeric">Acme</td>' in html


def test_a_table_without_rows_is_drawn_without_harm() -> None:
    html = chat_html([view(turn("t1", "?", answer=Answer()), (), [table("None", ("A", "B"))])])

    assert '<th scope="col">A</th>' in html


def test_a_draft_alone_is_announced_as_what_it_is() -> None:
    made = drafted(None)
    html = chat_html([made.model_copy(update={"said": ()})])

    assert 'data-counts="Plan draft ready, version 2"' in html


def test_of_a_long_branch_the_first_questions_are_a_link_away() -> None:
    html = chat_html([view(turn("t9", "Last?", answer=Answer()))], left=21)

    assert '<a href="?at=t9&amp;earlier=true">Show 21 earlier questions</a>' in html
