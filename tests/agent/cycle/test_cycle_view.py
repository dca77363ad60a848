"""A territory plan and a review as one view each, and as Markdown."""

from __future__ import annotations

from decimal import Decimal

from agent.cycle.leaving import LEFT_OUT, fit_to_leave
from agent.cycle.markdown import to_markdown
from agent.cycle.review_view import review_view
from agent.cycle.territory_view import territory_view
from agent.cycle.view import CycleTable
from domain.cycle import CycleBlocker
from tests.api.cycle_harness import a_review, a_territory
from tests.api.cycle_samples import review_sample, territory_sample, version_of


def table(view, section: str, kind: str) -> CycleTable:
    return next(item for item in view.section(section).tables if item.kind == kind)


def texts(found: CycleTable) -> list[list[str]]:
    return [[cell.text for cell in row] for row in found.rows]


def test_a_territory_plan_has_its_seven_steps_in_order_under_a_headline() -> None:
    view = a_territory()

    assert [item.title[:2] for item in view.sections[1:]] == [f"{n}." for n in range(1, 8)]
    assert view.headline is not None
    assert view.headline.text == "Protect $99K at Brakes and Gears, then open two deals in Tier 1."


def test_figures_are_written_by_their_unit_and_open_their_evidence() -> None:
    rows = table(a_territory(), "metrics", "scorecard").rows

    # 0.875 is a share, 3 a ratio.
    assert [rows[0][1].text, rows[0][2].text] == ["100 %", "88 %"]
    assert rows[2][1].text == "3.0x"
    content, ledger = territory_sample()
    engaged = content.tables.scorecard[0].current.evidence_id
    assert rows[0][2].evidence_id == engaged
    assert engaged in ledger


def test_an_unknown_value_says_so_and_why_and_is_never_nought() -> None:
    found = table(a_territory(), "metrics", "scorecard")

    assert found.rows[2][2].text == "unknown"
    assert found.rows[2][2].evidence_id is None
    assert found.notes == ("Coverage unknown: no quota on file for 2026Q4.",)


def test_each_red_row_has_one_thing_to_do_with_day_hours_and_worth() -> None:
    last = table(a_territory(), "metrics", "scorecard").rows[0][4]

    assert last.text == "Visit Field Trip Store"
    assert last.small == "by Fri 4 Dec 2026, 2.5 h, worth $61,000"


def test_targets_stand_above_their_sum() -> None:
    found = table(a_territory(), "metrics", "targets")

    assert texts(found) == [["Tier 1", "$120,000"], ["Tier 2", "$60,000"]]
    assert found.total is not None
    assert [cell.text for cell in found.total] == ["Together", "$180,000"]


def test_visits_of_a_day_are_one_trip_and_calls_of_a_day_one_line() -> None:
    first, second = a_territory().calendars[0].weeks

    # Thu: 2 visits of 2 h and 3 h of travel are 7 h.
    assert [(line.label, line.what, line.hours) for line in first.lines] == [
        ("Mon 16 Nov", "Meeting: Brakes and Gears", "1 h"),
        ("Mon 16 Nov", "Calls: First Bike Store and Valley Cyclists", "1 h"),
        (
            "Thu 19 Nov",
            "Trip to Salt Lake City by road: Brakes and Gears (play) and Field Trip Store; "
            "3 h of it travel, 212 km",
            "7 h",
        ),
    ]
    assert second.lines == ()


def test_what_does_not_fit_is_told_with_its_reason() -> None:
    calendar = a_territory().calendars[0]

    assert not calendar.fits
    assert calendar.told.endswith("41 h of them travel; 6.5 h do not fit.")
    assert calendar.unplaced is not None
    assert texts(calendar.unplaced) == [
        ["Valley Cyclists", "Visits", "2", "6.5 h", "travel budget"]
    ]


def test_names_come_from_the_ledger_then_from_the_book_then_the_id_stands_in() -> None:
    content, ledger = territory_sample()
    entries = {key: item for key, item in ledger.entries.items() if item.entity != "account:A-205"}
    bare = type(ledger)(entries)

    told = territory_view(version_of(content), bare, newest_version=1)
    named = territory_view(
        version_of(content), bare, newest_version=1, names={"account:A-205": "Valley & Sons"}
    )

    assert told.calendars[0].weeks[0].lines[1].what == "Calls: First Bike Store and A-205"
    assert named.calendars[0].weeks[0].lines[1].what == "Calls: First Bike Store and Valley & Sons"


def test_a_teams_plan_has_a_mini_plan_for_each_unit() -> None:
    view = a_territory(customer="A-697")

    assert view.title == "Brakes and Gears: team plan, 2026Q4"
    (unit,) = view.units
    assert unit.steps == ("Call: Tobias Renner, by Fri 11 Dec 2026, 1.5 h",)
    assert unit.missing == "Nobody known as technical buyer."


def test_territories_stand_by_their_gap_and_those_without_a_plan_come_last() -> None:
    # 290 of 400 is 27.5 % below, 330 of 300 is 10 % above; R-290 has no plan.
    rows = a_review().territories

    assert [(row.rep_id, row.main.relative) for row in rows] == [
        ("R-281", Decimal("-0.275")), ("R-282", Decimal("0.1")), ("R-290", None),
    ]  # fmt: skip
    assert rows[0].main.gap_cell.text == "−$110,000"
    assert rows[1].main.gap_cell.text == "+$30,000"
    assert rows[2].main.plan_cell.text == "unknown"


def test_a_cause_is_sourced_or_marked_as_a_guess() -> None:
    first, second, third = a_review().territories

    assert [(cause.guess, bool(cause.sentence.pills)) for cause in first.causes] == [(False, True)]
    assert [cause.guess for cause in second.causes] == [True]
    assert third.causes == ()


def test_a_recommendation_says_what_it_answers_costs_gains_opens_and_what_speaks_against() -> None:
    first = a_review().adjustments[0]

    assert first.answers == ("A rep left: Marisol Vega, 31 Dec 2026",)
    assert [(label, cell.text) for label, cell in first.cost] == [("Relationships broken", "2")]
    assert [(label, cell.text) for label, cell in first.gain] == [
        ("Uncovered potential placed", "$180,000")
    ]
    assert first.against is not None
    assert first.against.text == "It breaks 2 relationships older than three years."
    assert first.opens == (
        "a scenario that places the accounts of Marisol Vega, who leaves on 31 Dec 2026"
    )


def test_claims_to_confirm_come_before_those_that_hold() -> None:
    view = a_review()

    assert [row[3].text for row in table(view, "carried", "carried").rows] == [
        "its source is old", "still holds",
    ]  # fmt: skip
    assert view.claims == {"carried.1": "The owner wants delivery before the season."}


def test_the_same_content_gives_the_same_bytes_whatever_the_order_of_its_rows() -> None:
    content, ledger = review_sample()
    turned = content.model_copy(
        update={
            "triggers": content.triggers[::-1],
            "carried": content.carried[::-1],
            "data": content.data.model_copy(update={"territories": content.data.territories[::-1]}),
        }
    )

    def told(one) -> list[object]:
        view = review_view(version_of(one), ledger, newest_version=1)
        rows = [
            [cell.text for cell in row] for s in view.sections for t in s.tables for row in t.rows
        ]
        return [rows, [row.rep_id for row in view.territories]]

    assert told(turned) == told(content)
    assert to_markdown(a_review()) == to_markdown(a_review())


def test_markdown_of_a_plan_chooses_and_numbers_its_sources() -> None:
    text = to_markdown(a_territory())

    assert "**The quarter in one line:** Protect $99K at Brakes and Gears" in text
    assert "| 1 | Brakes and Gears | Retention | $99,000 | Negotiation |" in text
    assert "| **Together** | **$180,000** |" in text
    assert "\n1. Note, Store visit, Tooele: “The owner asked for delivery" in text
    assert "**Blocks approval:** The quarter needs 6.5 h more than Tobias Renner has." in text
    assert "## 1. Assessment" in text


def test_markdown_of_a_review_says_cost_gain_counter_case_and_what_is_not_proposed() -> None:
    text = to_markdown(a_review())

    assert "   - Cost: Relationships broken 2. Gain: Uncovered potential placed $180,000." in text
    assert "   - Against: It breaks 2 relationships older than three years. [ƒ]" in text
    assert "**→ a scenario that places the accounts of Marisol Vega" in text
    assert "Not proposed: Giving A-490 to R-281, who asked for it." in text
    assert "Ann \\<b\\>Odd\\</b\\>" in text


def test_an_unsourced_statement_about_a_competitor_does_not_leave() -> None:
    view = a_territory()
    accused = CycleBlocker(
        code="competitor_unsourced",
        section="opportunities",
        message="No source.",
        remedy="edit",
        claim="opportunities.1",
    )
    held = view.model_copy(update={"blockers": (*view.blockers, accused)})

    text = to_markdown(fit_to_leave(held))

    assert "delivery before the season" not in text
    assert LEFT_OUT in text
    assert fit_to_leave(view) is view


def test_a_change_is_told_once_by_its_sentence_where_there_is_one() -> None:
    content, ledger = review_sample()
    slipped = next(iter(content.report.of("changes"))).claim
    told = content.report.sentences[1].model_copy(
        update={"claim": slipped.model_copy(update={"key": "change.TR-2"})}
    )
    report = content.report.model_copy(update={"sentences": (*content.report.sentences, told)})
    view = review_view(
        version_of(content.model_copy(update={"report": report})), ledger, newest_version=1
    )

    rows = [row[1].text for row in table(view, "changes", "changes").rows]
    assert rows == [
        "Marisol Vega: 31 Dec 2026",
        "A deal at Brakes and Gears now closes on 1 Mar 2027.",
    ]
    assert view.section("changes").sentences == ()
