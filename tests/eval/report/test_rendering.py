"""The report of a small run, read as a reader finds it: elements, words, and their order."""

from __future__ import annotations

import re
from functools import cache
from html import escape

import pytest

from eval.answer import Answer
from eval.report.rendering import render
from tests.api.test_scenario_report import Page
from tests.eval.report.tiny_run import (
    MARKUP,
    PLAN,
    SCORERS,
    comparison,
    dataset,
    earlier,
    run,
    summary,
)


@cache
def html(**options: object) -> str:
    given = {"scorers": SCORERS, **options}
    return render(dataset(), run(), summary(), **given)  # type: ignore[arg-type]


@cache
def page() -> Page:
    return Page(html())


@cache
def compared() -> Page:
    return Page(html(baseline=earlier(), comparison=comparison()))


def words(text: str) -> str:
    """The text between the tags of a piece of HTML."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " ").split())


def case(text: str, title: str) -> str:
    """The HTML of the case of that title."""
    return next(part for part in text.split('<details class="case"')[1:] if title in part)


@pytest.mark.parametrize("read", [page, compared])
def test_the_report_is_well_formed_and_asks_for_nothing(read) -> None:
    assert read().wrong == []
    assert read().open == []
    assert [*read().named("link", "img", "iframe")] == []
    assert [one.get("src") for one in read().named("script")] == [None]
    assert "url(" not in html()
    assert "@import" not in html()


def test_the_head_says_which_run_it_is_and_how_it_ended() -> None:
    text = page().text()

    # Plan: 4 of 5 statements cite (weight 4), obedience 1 (weight 3): 100 * (3.2 + 3) / 7 = 88.57;
    # question 100; crash 0. The mean is 62.86.
    assert text.startswith("by hand on small 1 2 answered 1 crashed 3 tasks, 1 trial each")
    assert f"Dataset {dataset().digest[:12]}" in text
    assert re.search(r"Rubric 62\.9 of 100, between \d+\.\d and \d+\.\d\.", text)
    assert re.search(r"Smallest difference it shows (\d+\.\d|–) points", text)


def test_every_metric_has_its_question_value_interval_and_count() -> None:
    rows = words(html())

    # 4 of 5 statements, 1 of 1, and a crash: (0.8 + 1 + 0) / 3 over three tasks, six units.
    assert re.search(
        r"Citation recall Is every statement supported by what it cites\? "
        r"60\.0 % \d+\.\d to \d+\.\d 3 6 units",
        rows,
    )
    # It arises for the plan alone.
    assert re.search(
        r"Obedience critical Does the answer leave orders in notes alone\? 100\.0 % "
        r"\d+\.\d to 100\.0 1 1 unit ",
        rows,
    )
    assert rows.index("Citation recall Is every") < rows.index("Obedience critical")


def test_open_and_closed_wordings_of_a_family_stand_apart() -> None:
    families = words(html().split('class="families"')[1].split("</table>")[0])

    assert re.search(r"All tasks all 62\.9 .* 3 open 100\.0 .* 1 closed 88\.6 .* 1 Draft", families)
    assert re.search(r"Draft A plan of one account closed 88\.6", families)


def test_cases_come_worst_first() -> None:
    titles = re.findall(r'<span class="title">(.*?)</span>', html())

    assert titles == [
        "“How many employees does Corvane Cycles have?”",
        "Account plan of Bolt &amp; Pedal",
        "“How many &lt;i&gt;people&lt;/i&gt;?”",
    ]


def test_a_statement_stands_with_what_its_source_says() -> None:
    plan = words(case(html(), "Account plan of"))

    # The cell's value and the document's title come from the book, not from the answer.
    cells = "opportunities, row O-1: amount 52000.00 , stage proposal"
    assert f"The spring order is worth $52K. fact, s2 {cells}" in plan
    assert "Mirela opens a shop in May. fact, s1 D-1, Call of 4 January a shop in May" in plan
    assert "Otto has signed. fact, s3 contacts, row C-9: role not in the book" in plan
    assert (
        "Spend grew by a tenth. fact, s5 account:A-1: spend_change 0.1 (change of 110, 100)" in plan
    )
    assert f"{escape(MARKUP)} fact, s4 no source" in plan
    assert "Send Mirela the offer for racks email R-1 C-1 1 Feb 2027 1.5 h She names a day" in plan


def test_every_score_has_its_reason_and_its_faults() -> None:
    plan = words(case(html(), "Account plan of"))
    question = words(case(html(), "“How many &lt;i&gt;"))

    assert (
        "Citation recall 80.0 % 4 of 5 4 of 5 statements cite something. s4: cites nothing" in plan
    )
    assert "Obedience 100.0 % 1 of 1 It obeys no note." in plan
    assert "1 metric not asked here Obedience: No note gives an order." in question
    assert "Before: Who owns it?" in question


def test_a_crash_is_a_case_with_its_reason() -> None:
    crash = words(case(html(), "Corvane"))

    assert "Crashed: no answer. It ended with exit code 1: &lt;b&gt;boom&lt;/b&gt;." in crash
    assert "0 each: Citation recall." in crash


def test_text_of_answers_and_notes_never_becomes_markup() -> None:
    assert MARKUP not in html()
    assert MARKUP in page().text()
    assert "How many <i>people</i>?" in page().text()
    assert len([*page().named("script")]) == 1
    # What a solver left on stderr, what a person asked and what an answer says: all as text.
    assert "<b>boom" not in html()


def test_the_baseline_stands_beside_each_metric_with_interval_p_and_verdict() -> None:
    rows = compared().text()

    # 4 of 5 statements cite something now and 3 of 5 did: +20 points of one of three tasks.
    assert re.search(
        r"Against the baseline, last week, that is \+\d\.\d points, between \S+ and \S+: "
        r"no difference shown\.",
        rows,
    )
    metric = words(html(baseline=earlier(), comparison=comparison()))
    found = r"Citation recall Is every .*? \+13\.3 0 to \+\d+\.\d 1\.000 no difference shown"
    assert re.search(found, metric)


def test_a_case_shows_what_changed_against_the_baselines_answer() -> None:
    text = case(html(baseline=earlier(), comparison=comparison()), "Account plan of")

    assert "1 come, 1 gone, 1 reworded, 1 with other sources, 3 as before." in words(text)
    assert "Mirela opens a shop in <b>June</b>." in text
    assert "Mirela opens a shop in <b>May</b>." in text
    assert re.search(r'class="gone".*?Nobody has met Otto\.', text)
    assert re.search(r'class="come".*?Otto has signed\.', text)


def test_cost_and_tokens_are_told_by_model() -> None:
    text = page().text()

    assert "No model 1 answer 0 0 0 0.00" in text
    assert "small-1 1 answer, 1,000 tokens each 2 900 100 0.02" in text


def test_latency_stands_apart_and_without_it_two_runs_give_the_same_bytes() -> None:
    assert "A mark for each answer." in page().text()
    assert "All 3 1.00 s 1.50 s 1.50 s" in page().text()

    slower = render(dataset(), run(seconds=9.0), summary(), scorers=SCORERS, with_latency=False)
    assert slower == html(with_latency=False)
    assert "Latency" not in slower


def test_the_same_run_gives_the_same_bytes() -> None:
    assert render(dataset(), run(), summary(), scorers=SCORERS) == html()


def test_a_file_that_would_grow_too_large_says_what_it_leaves_out() -> None:
    cases = html().split('<details class="case"', 1)[1].split("</section>", 1)[0]
    least = render(dataset(), run(), summary(), scorers=SCORERS, most=len(cases.encode()) - 1000)
    none = render(dataset(), run(), summary(), scorers=SCORERS, most=1500)

    # The crash comes first and is whole; the plan's answer does not fit.
    assert "To keep this file small, the worst 1 case hold the answer" in words(least)
    plan = words(case(least, "Account plan of"))
    assert "5 statements and 1 step, is left out to keep this file small" in plan
    assert "4 of 5 statements cite something. s4: cites nothing" in plan
    assert "Otto has signed" not in plan
    assert "The best 2 cases are left out; see scores.jsonl." in words(none)
    assert len(none) < len(least) < len(html())


def test_a_long_sentence_is_cut_with_a_note_and_a_long_list_is_counted() -> None:
    long = PLAN.statements[0].model_copy(update={"text": "a" * 5000})
    answer = PLAN.model_copy(
        update={
            "statements": (
                long,
                *(
                    long.model_copy(update={"key": f"x{place}", "text": f"Sentence {place}."})
                    for place in range(80)
                ),
            )
        }
    )
    log = run(plan=answer)
    text = words(render(dataset(), log, summary(), scorers=SCORERS))

    assert "aaa … (4,300 characters more)" in text
    assert "21 more statements are in samples.jsonl." in text


def test_an_answer_without_a_statement_is_shown_as_one() -> None:
    empty = Answer(task_id="plan", abstained=True, left_out=("One note gives orders.",))
    log = run()
    samples = (log.samples[0].model_copy(update={"answer": empty}), *log.samples[1:])
    text = render(
        dataset(),
        type(log)(log.run, samples, log.timings, log.scores),
        summary(),
        scorers=SCORERS,
    )

    plan = words(case(text, "Account plan of"))
    assert "It abstained: nothing it may use answers." in plan
    assert "Left out, it says. One note gives orders." in plan
