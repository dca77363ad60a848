from __future__ import annotations

from eval.answer import Answer, Statement
from eval.report.changes import Changed, Run, changes
from tests.eval.report.tiny_run import EARLIER_PLAN, PLAN, STEP


def answer(*texts: str) -> Answer:
    said = tuple(
        Statement(key=f"k{place}", kind="fact", about="account:A-1", text=text)
        for place, text in enumerate(texts)
    )
    return Answer(task_id="t", statements=said)


def test_a_sentence_that_reads_otherwise_shows_the_words_that_differ() -> None:
    found = changes(EARLIER_PLAN, PLAN)

    reworded = [line for line in found.lines if line.change == "reworded"]
    assert reworded == [
        Changed(
            "reworded",
            "why_now",
            before=(Run("Mirela opens a shop in "), Run("June", changed=True), Run(".")),
            after=(Run("Mirela opens a shop in "), Run("May", changed=True), Run(".")),
        )
    ]


def test_what_came_what_went_and_what_has_other_sources_are_told_apart() -> None:
    found = changes(EARLIER_PLAN, PLAN)

    told = {line.change: "".join(run.text for run in line.before + line.after)
            for line in found.lines if line.change != "reworded"}  # fmt: skip
    assert told == {
        "resourced": "The spring order is worth $52K.",
        "come": "Otto has signed.",
        "gone": "Nobody has met Otto.",
    }
    # Markup, growth and the step are as they were.
    assert found.kept == 3
    assert found.told == "1 come, 1 gone, 1 reworded, 1 with other sources, 3 as before"


def test_the_same_number_on_an_entirely_different_sentence_does_not_make_it_a_version() -> None:
    found = changes(answer("Mirela opens a shop."), answer("Quotas end in March."))

    assert [line.change for line in found.lines] == ["come", "gone"]


def test_a_sentence_is_found_again_wherever_it_moved_and_whatever_its_number() -> None:
    one, two = "Mirela opens a shop in May.", "Otto decides above the limit."

    assert changes(answer(one, two), answer(two, one)).lines == ()


def test_no_answer_is_an_empty_one() -> None:
    assert changes(None, None).lines == ()
    assert [line.change for line in changes(answer("One."), None).lines] == ["gone"]
    assert changes(None, answer("One.")).kept == 0


def test_a_step_counts_as_changed_when_its_day_does() -> None:
    later = PLAN.model_copy(
        update={"steps": (STEP.model_copy(update={"due": STEP.due.replace(day=8)}),)}
    )

    (line,) = changes(PLAN, later).lines
    assert line.change == "reworded"
    assert [run.text for run in line.after if run.changed] == ["2027-02-08"]


def test_another_order_of_accounts_and_an_abstention_are_changes_too() -> None:
    before = PLAN.model_copy(update={"ranking": ("A-1", "A-2")})
    after = PLAN.model_copy(update={"ranking": ("A-2", "A-1"), "abstained": True})

    found = {line.change: "".join(run.text for run in line.after)
             for line in changes(before, after).lines}  # fmt: skip
    assert found == {"reworded": "Ranking: A-2, A-1", "come": "It abstains."}
