from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.render import UNITS_OF_FORMAT, NotWritable, declared_rounding, format_value, render
from domain.evidence import Evidence, HumanSource, Unit
from tests.agent.good_plan import Example, claim


def fact(value: str, unit: Unit) -> Evidence:
    source = HumanSource(person="x", said_on=date(2026, 1, 1), where="test")
    return Evidence(entity="account:1", metric="m", value=value, unit=unit, source=source)


@pytest.mark.parametrize(
    ("value", "unit", "form", "currency", "written"),
    [
        ("96720", "money", "money", "USD", "$96,720"),
        ("96720", "money", "money", "EUR", "€96,720"),
        ("96720", "money", "money", "GBP", "£96,720"),
        ("96720", "money", "money", "CHF", "96,720 CHF"),
        ("-1200.5", "money", "money", "USD", "−$1,201"),
        ("96720", "money", "money_short", "USD", "$96.7K"),
        ("1200000", "money", "money_short", "USD", "$1.2M"),
        ("397412.55", "money", "money_short", "USD", "$397K"),
        ("840.4", "money", "money_short", "USD", "$840"),
        ("999600", "money", "money_short", "USD", "$1M"),
        ("0.352", "share", "percent", "USD", "35 %"),
        ("0.004", "share", "percent", "USD", "0.4 %"),
        ("0.35", "change", "change", "USD", "+35 %"),
        ("-0.21", "change", "change", "USD", "−21 %"),
        ("2.43", "ratio", "ratio", "USD", "2.4x"),
        ("1234", "count", "number", "USD", "1,234"),
        ("0.29", "share", "decimal", "USD", "0.29"),
        ("4.5", "hours", "hours", "USD", "4.5 h"),
        ("91", "days", "days", "USD", "91 days"),
        ("1", "days", "days", "USD", "1 day"),
        ("14", "points", "points", "USD", "+14"),
        ("-5", "points", "points", "USD", "−5"),
        ("2026-11-14", "date", "date", "USD", "14 Nov 2026"),
        ("Mountain  Bikes", "name", "name", "USD", "Mountain Bikes"),
    ],
)
def test_every_format_has_one_shape(value, unit, form, currency, written) -> None:
    assert format_value(fact(value, unit), form, currency) == written


@given(
    st.decimals("-99999999", "99999999", places=2, allow_nan=False),
    st.sampled_from(["money", "money_short"]),
)
def test_amounts_are_off_by_no_more_than_half_of_the_last_digit_shown(amount, form) -> None:
    rounded = declared_rounding(amount, form)
    whole = Decimal("0.5")
    # Three significant digits are half a per cent at most: 1.005 is shown as 1.00 or 1.01.
    allowed = whole if form == "money" or abs(amount) < 1000 else abs(amount) * Decimal("0.005")
    assert abs(rounded - amount) <= allowed


def test_a_format_refuses_a_unit_that_it_does_not_admit() -> None:
    for form, units in UNITS_OF_FORMAT.items():
        for unit in {unit for found in UNITS_OF_FORMAT.values() for unit in found} - units:
            with pytest.raises(NotWritable, match="cannot be written"):
                format_value(fact("1", unit), form, "USD")


def test_a_damaged_value_is_named(good: Example) -> None:
    with pytest.raises(NotWritable, match="is not a money"):
        format_value(fact("lots", "money"), "money", "USD")


def test_slots_are_filled_and_carry_their_evidence(good: Example) -> None:
    spend = good.draft.where_we_stand[0]
    parts = render(spend, good.ledger, "USD")
    assert "".join(part.text for part in parts) == (
        "Net spend over the past year is $397K, up 35 % on $294K the year before."
    )
    ids = [part.evidence_id for part in parts if part.evidence_id]
    assert ids == [slot.evidence_id for slot in spend.slots]


def test_a_change_keeps_its_sign_unless_a_word_says_the_direction(good: Example) -> None:
    fall = good.evidence["previous_change"]
    for text, written in (
        ("The order before it moved by {{x}}.", "The order before it moved by −21 %."),
        ("The order before it fell by {{x}}.", "The order before it fell by 21 %."),
    ):
        made = claim("k", "metric", text, x=(fall, "change"))
        assert "".join(part.text for part in render(made, good.ledger, "USD")) == written


def test_words_of_a_note_always_stand_in_quotation_marks(good: Example) -> None:
    said = good.evidence["said"]
    for text in ("They said: {{x}}", "They said: “{{x}}”"):
        made = claim("k", "quote", text, x=(said, "text"))
        written = "".join(part.text for part in render(made, good.ledger, "USD"))
        assert written == f"They said: “{said.value}”"


def test_only_the_quoted_part_of_a_span_is_written(good: Example) -> None:
    said = good.evidence["said"]
    quote = "we split the order between suppliers"
    made = claim("k", "quote", "They said: {{x}}", quotes={said.id: quote}, x=(said, "text"))
    assert render(made, good.ledger, "USD")[-1].text == f"“{quote}”"


def test_an_undeclared_slot_is_an_error(good: Example) -> None:
    with pytest.raises(NotWritable, match="points at nothing"):
        render(claim("k", "metric", "It is {{x}}."), good.ledger, "USD")
