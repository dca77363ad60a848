"""Scorers of groundedness: sources, numerals, figures."""

from __future__ import annotations

import pytest

from eval.score import Sample
from tests.eval.scorers.samples import (
    ANA,
    HALL,
    LONG,
    NEW_HALL,
    SPEND,
    STAFF,
    Allowed,
    Worse,
    add,
    assert_allowed,
    assert_worse,
    cell,
    figure,
    have,
    names,
    of_spend,
    passage,
    put,
    says,
    worked_out,
)

WORSE: tuple[Worse, ...] = (
    ("citation_recall", "no source", put("staff", sources=()), "staff: no source"),
    ("citation_recall", "no such cell", 
     put("staff", sources=(cell("accounts", "A-9", "employees"),)),
     "staff: there is no cell accounts/A-9/employees"),
    ("citation_recall", "no such column", put("staff", sources=(cell("accounts", "A-1", "staff"),)),
     "staff: there is no cell accounts/A-1/staff"),
    ("citation_recall", "no such document", put("hall", sources=(passage("D-99", HALL),)),
     "hall: there is no document D-99"),
    ("citation_recall", "not verbatim",
     put("hall", sources=(passage("D-1", HALL.replace("forty", "fifty")),)),
     "does not stand in D-1"),
    ("citation_recall", "invented words between quotation marks",
     put("hall", text='Ana: "The third hall will be twice as large as before that."'),
     "stands in none of its sources"),
    ("citation_recall", "other words than the source",
     put("workshop", text="Ben has left the company and nobody knows who follows him."),
     "words stand in its sources"),
    ("citation_recall", "a quote of a cell",
     put("hall", sources=(cell("accounts", "A-1", "name"),)),
     "hall: a quote without a document"),
    ("citation_recall", "a page for a quote", put("hall", sources=(passage("D-8", LONG),)),
     "hall: a quote of 96 words points at nothing"),
    ("citation_recall", "not the truth", of_spend(value="49000", written="48,000"),
     "spend: '48,000' does not say 49000"),
    ("citation_recall", "arithmetic",
     put("spend", sources=(SPEND.sources[0], worked_out("drop", "change", "48000", "50000")),
         figures=(SPEND.figures[0], SPEND.figures[1].model_copy(update={"measure": "drop"}))),
     "spend: change of its inputs is -0.04, not -0.2"),
    ("citation_recall", "not in the text", of_spend(written="48 thousand"),
     "spend: '48 thousand' does not stand in the sentence"),
    ("citation_recall", "points nowhere", of_spend(source=7),
     "spend: '48,000' points at no source"),
    ("citation_precision", "an idle cell",
     put("staff", sources=(*STAFF.sources, cell("accounts", "A-3", "industry"))),
     "staff: 1 of 2 sources are not needed, such as source 1"),
    ("citation_precision", "the same twice", put("hall", sources=NEW_HALL.sources * 2),
     "hall: 1 of 2 sources"),
    ("citation_precision", "a false one",
     put("hall", sources=(*NEW_HALL.sources, passage("D-2", HALL))), "hall: 1 of 2 sources"),
    ("citation_precision", "a name without its cell",
     put("ana", figures=ANA.figures[1:], text="Its economic buyer decides."),
     "ana: 1 of 2 sources"),
    ("citation_precision", "many reasons of a recommendation",
     put("offer", sources=tuple(cell("accounts", "A-3", f) for f in
                                ("name", "owner_id", "employees", "industry", "account_id"))),
     "offer: 5 of 5 sources"),
    ("numerals", "digits", add(says("x", "recommendation", "Ask for 25 bays.")),
     "x: '25' comes from nowhere"),
    ("numerals", "spelled out", add(says("x", "recommendation", "Ask for twenty-five bays.")),
     "x: 'twenty-five' comes from nowhere"),
    ("numerals", "per cent", add(says("x", "recommendation", "Offer 5 % less.")), "x: '5 %'"),
    ("numerals", "thousands", add(says("x", "recommendation", "Ask for 30K.")), "x: '30K'"),
    ("numerals", "a day", add(says("x", "recommendation", "Ask before 9 April 2027.")),
     "x: '9 April 2027'"),
    ("numerals", "in a quote that is not verbatim",
     put("hall", sources=(passage("D-1", HALL.replace("opens", "starts")),)), "hall: 'forty'"),
    ("numerals", "in a step", put("visit", measure="Ben has signed for 31 frames."), "visit: '31'"),
    ("figures", "not the truth",
     put("staff", text="It has 41 people.",
         figures=(figure("41", "41", "count", "account:A-1", "employees"),)),
     "staff: employees of account:A-1 is 40, not 41"),
    ("figures", "not the cell",
     put("ana", text="Ana Ruiz is the executive sponsor.", figures=(
         ANA.figures[0],
         figure("executive sponsor", "executive sponsor", "text", "account:A-1/contact:C-1", "role",
                source=1))),
     "ana: contacts/C-1/role is 'economic buyer', not 'executive sponsor'"),
    ("figures", "another unit", of_spend(unit="count"), "is in money, not in count"),
    ("figures", "another period", of_spend(period="2025-01-05/2026-01-04"),
     "is of 2026-01-05/2027-01-04, not of 2025-01-05/2026-01-04"),
    ("figures", "written otherwise", of_spend(value="84000"), "'48,000' does not say 84000"),
    ("figures", "the other way",
     put("spend", text="Net spend of the last 12 months is 48,000, up 20 % on the year before."),
     "'20 %' does not say -0.2"),
)  # fmt: skip
ALLOWED: tuple[Allowed, ...] = (
    ("citation_recall", "a quote between marks", put("hall", text=f"Ana: \u201c{HALL}\u201d")),
    ("citation_recall", "a recommendation without source", put("offer", rests_on=())),
    ("citation_recall", "said twice", lambda a: have(statements=a.statements * 2)(a)),
    ("citation_precision", "two sources that say the same",
     put("hall", sources=(*NEW_HALL.sources, passage("D-1", HALL.removesuffix(" before that."))))),
    ("citation_precision", "reasons of a recommendation",
     put("offer", sources=(cell("opportunities", "O-7", "amount"),))),
    ("numerals", "an id", put("offer", text="Offer racking at A-1 before D-1 is old.")),
    ("numerals", "the question's own",
     put("offer", text="Offer racking by 4 January 2027, or until 2 April 2027.")),
    ("figures", "rounded", lambda a: put("spend", text="Net spend is $48K, down 20 % in 12 months.",
        figures=(SPEND.figures[0].model_copy(update={"written": "$48K"}), SPEND.figures[1]))(a)),
    ("figures", "on trust",
     put("score", figures=(figure("71", "71", "points", "account:A-1", "s"),))),
)  # fmt: skip


@pytest.mark.parametrize("row", WORSE, ids=names(WORSE))
def test_an_answer_that_breaks_the_rule_scores_worse(good: Sample, row: Worse) -> None:
    assert_worse(good, row)


@pytest.mark.parametrize("row", ALLOWED, ids=names(ALLOWED))
def test_what_is_no_fault_costs_nothing(good: Sample, row: Allowed) -> None:
    assert_allowed(good, row)
