"""Figures of a quarter and of its changes are called by their own names, or do not pass."""

from __future__ import annotations

import pytest

from agent.claims import claim
from agent.cycle.judging import judge
from agent.cycle.pen import FORMS
from domain.cycle import DraftSentence
from domain.evidence import CalculationSource, Evidence, Ledger, Unit
from tests.agent.cycle.reviewed import MANAGER, QUARTER
from tests.agent.cycle.test_judging import AS_OF, COVERAGE


def outcome(metric: str, unit: Unit, value: str, text: str) -> str:
    """What becomes of a sentence about R-1 that writes one figure."""
    cell = Evidence(
        entity="rep:R-1",
        metric=metric,
        value=value,
        unit=unit,
        period=AS_OF.isoformat(),
        source=CalculationSource(analysis="x", version=1, arguments_hash="0", pointer=metric),
    )
    told = DraftSentence(
        section="figures", claim=claim("k", "metric", "rep:R-1", text, x=(cell, FORMS[unit]))
    )
    stand, _ = judge(
        [told], Ledger.of([cell]), MANAGER, COVERAGE, as_of=AS_OF, period=QUARTER, currency="USD"
    )
    return stand[0].outcome if stand else "struck"


@pytest.mark.parametrize(
    ("metric", "unit", "right", "wrong", "effect"),
    [
        ("bookings_actual", "money", "Bookings are {{x}}.", "The pipeline is {{x}}.", "struck"),
        ("bookings_plan", "money", "{{x}} of bookings was planned.", "Bookings: {{x}}.", "flagged"),
        ("bookings_due", "money", "Bookings of {{x}} are due.", "Bookings are {{x}}.", "flagged"),
        ("bookings_missing", "money", "{{x}} of bookings is missing.", "Spend is {{x}}.", "struck"),
        ("attainment_actual", "share", "Attainment is {{x}}.", "Adherence is {{x}}.", "struck"),
        ("adherence_actual", "share", "Adherence is {{x}}.", "Attainment is {{x}}.", "struck"),
        ("strategic_win_rate_actual", "share", "The win rate is {{x}}.", "Adherence is {{x}}.",
         "struck"),
        ("new_pipeline_actual", "money", "Pipeline of {{x}} is new.", "Bookings are {{x}}.",
         "struck"),
        ("touches_actual", "count", "{{x}} touches were made.", "{{x}} orders came.", "struck"),
        ("meetings_actual", "count", "{{x}} meetings were held.", "{{x}} orders came.", "struck"),
        ("plays_late", "count", "{{x}} plays are late.", "{{x}} plays are done.", "flagged"),
        ("plays_done", "count", "{{x}} plays are done.", "{{x}} plays are late.", "flagged"),
        ("potential_affected", "money", "A potential of {{x}} waits.",
         "Open potential of {{x}} waits.", "struck"),
        ("open_potential_elsewhere", "money", "{{x}} of open potential.", "A spend of {{x}}.",
         "struck"),
        ("spend_affected", "money", "A spend of {{x}} moves.", "Pipeline of {{x}} moves.",
         "struck"),
        ("hours_affected", "hours", "They ask for {{x}} of work.", "A spend of {{x}}.", "struck"),
        ("free_hours_elsewhere", "hours", "{{x}} of hours are left.", "{{x}} of hours.", "flagged"),
        ("newcomer_ramp", "share", "A newcomer carries {{x}}.", "Attainment is {{x}}.", "struck"),
        ("change_age_days", "days", "It is {{x}} old.", "An order {{x}} later.", "struck"),
        ("buyers_so_far", "count", "{{x}} accounts bought it.", "{{x}} deals came.", "struck"),
        ("accounts_to_place", "count", "{{x}} accounts wait.", "{{x}} contacts wait.", "struck"),
        ("relationships_affected", "count", "{{x}} relationships break.", "{{x}} deals break.",
         "struck"),
        ("order_overdue_days", "days", "It is {{x}} overdue.", "Bookings fell {{x}}.", "struck"),
        ("previous_potential_p50", "money", "The potential was {{x}} before.",
         "The potential is {{x}}.", "flagged"),
        ("previous_open_pipeline", "money", "The pipeline was {{x}} before.",
         "The pipeline is {{x}}.", "flagged"),
        ("potential_at_stake", "money", "A potential of {{x}} is lost.", "Spend fell {{x}}.",
         "struck"),
        ("whitespace_of_line", "money", "Its whitespace is worth {{x}}.", "Bookings are {{x}}.",
         "struck"),
        ("products_on_sale", "count", "{{x}} products are on sale.", "{{x}} deals are on.",
         "struck"),
    ],
)  # fmt: skip
def test_a_figure_under_another_measures_name_does_not_pass(
    metric: str, unit: Unit, right: str, wrong: str, effect: str
) -> None:
    value = "0.5" if unit == "share" else "12"

    assert outcome(metric, unit, value, right) == "supported"
    assert outcome(metric, unit, value, wrong) == effect


def test_a_date_of_leaving_is_no_date_of_joining() -> None:
    left, joined = "Their last day was {{x}}.", "They joined on {{x}}."

    assert outcome("active_to", "date", "2027-01-15", left) == "supported"
    assert outcome("active_to", "date", "2027-01-15", joined) == "flagged"
    assert outcome("active_from", "date", "2027-01-25", joined) == "supported"
    assert outcome("active_from", "date", "2027-01-25", left) == "flagged"
