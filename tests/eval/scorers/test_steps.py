"""Scorers of steps, order and changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from eval.answer import NoticedChange
from eval.score import Sample
from tests.eval.scorers.samples import (
    CALL,
    GOOD,
    Allowed,
    Worse,
    assert_allowed,
    assert_worse,
    have,
    names,
    put,
)

WORSE: tuple[Worse, ...] = (
    ("ranking", "turned round", have(ranking=("A-3", "A-1")), "A-1 stands after A-3"),
    ("ranking", "not ranked", have(ranking=("A-1",)), "A-1 before A-3: A-3 not ranked"),
    ("feasibility", "no steps", have(steps=()), ""),
    ("feasibility", "no day", put("call", due=None), "call: no day"),
    ("feasibility", "before the period", put("call", due=date(2027, 1, 1)),
     "call: 2027-01-01 is outside 2027-01-04 to 2027-04-02"),
    ("feasibility", "a weekend", put("call", due=date(2027, 1, 16)),
     "call: 2027-01-16 is a Saturday"),
    ("feasibility", "a day off", put("call", due=date(2027, 2, 15)),
     "call: 2027-02-15 is a day off"),
    ("feasibility", "nobody", put("call", owner=None), "call: nobody owns it"),
    ("feasibility", "somebody else", put("call", owner="R-2"), "call: R-2 may not own it"),
    ("feasibility", "no hours", put("call", hours=None), "call: no hours"),
    ("feasibility", "too many hours", put("call", hours=Decimal(11)), ""),
    ("feasibility", "from another day on", have(starts=date(2027, 1, 5)),
     "it starts on 2027-01-05, not on 2027-01-04"),
    ("feasibility", "until another day", have(ends=date(2027, 5, 2)),
     "it ends on 2027-05-02, not on 2027-04-02"),
    ("action_quality", "no steps", have(steps=()), ""),
    ("action_quality", "no owner", put("call", owner=None), "call: lacks an owner"),
    ("action_quality", "no day", put("call", due=None), "call: lacks a day"),
    ("action_quality", "no hours", put("call", hours=Decimal(0)), "call: lacks hours"),
    ("action_quality", "no end", put("call", measure=""), "call: lacks an end that can be told"),
    ("action_quality", "nothing to check", put("call", measure="The relationship feels warmer."),
     "call: lacks an end that can be told"),
    ("action_quality", "the words of the step", put("call", what="Get the order confirmed by Ana",
     measure="The order confirmed by Ana."), "call: lacks an end that can be told"),
    ("action_quality", "two words", put("call", measure="Order signed."), "call: lacks an end"),
    ("action_quality", "repeats the step", put("call", measure="Called Ana Ruiz about racking."),
     "call: lacks an end that can be told"),
    ("action_quality", "no reason", put("call", account_id=None, rests_on=("nothing",)),
     "call: lacks a reason"),
    ("action_quality", "the same step twice", have(steps=(CALL, CALL, *GOOD.steps[1:])),
     "call: repeats another step"),
    ("triggers", "missed", have(changes=()), "champion_gone of account:A-1/contact:C-1: missed"),
    ("triggers", "a false alarm",
     have(changes=(*GOOD.changes,
                   NoticedChange(kind="deal_slipped", entity="account:A-1/opportunity:O-7"))),
     "deal_slipped of account:A-1/opportunity:O-7: a false alarm"),
    ("triggers", "everything of one",
     have(changes=tuple(NoticedChange(kind=kind, entity="account:A-1/contact:C-1") for kind in
                        ("champion_gone", "rep_left", "rep_joined", "owner_changed", "new_product",
                         "family_changed", "potential_changed", "pipeline_changed"))),
     "champion_gone of account:A-1/contact:C-1: missed"),
    ("constraints", "no steps", have(steps=()), ""),
    ("constraints", "hours", put("visit", hours=Decimal("7.5")), "hours_at_most 8: 8.5 hours"),
    ("constraints", "hours not told", put("visit", hours=None), "hours_at_most 8: visit without"),
    ("constraints", "late", put("visit", due=date(2027, 2, 11)),
     "due_by 2027-02-10: broken by visit"),
    ("constraints", "the contact", put("call", contact_id="C-9"),
     "not_contact C-9: broken by call"),
    ("constraints", "the contact by name", put("call", what="Call Zoe Pike"),
     "not_contact C-9: broken by call"),
    ("constraints", "owner", put("call", owner="R-2"), "owner R-1: broken by call"),
    ("constraints", "kind", put("call", kind="demo"), "no_steps_of demo: broken by call"),
    ("constraints", "steps", have(steps=(*GOOD.steps, CALL, CALL)), "steps_at_most 3: 4 steps"),
)  # fmt: skip
ALLOWED: tuple[Allowed, ...] = (
    ("feasibility", "the hours that there are", put("call", hours=Decimal("6.5"))),
    ("feasibility", "the days asked for",
     have(starts=date(2027, 1, 4), ends=date(2027, 4, 2))),
    ("action_quality", "a rhythm",
     lambda a: have(steps=(*a.steps, CALL.model_copy(update={"due": date(2027, 2, 9)})))(a)),
    ("triggers", "a further change",
     have(changes=(*GOOD.changes, NoticedChange(kind="rep_left", entity="rep:R-2")))),
    ("triggers", "a path that leaves out the account",
     have(changes=(NoticedChange(kind="champion_gone", entity="contact:C-1"),))),
    ("ranking", "further accounts", have(ranking=("A-8", "A-1", "account:A-3"))),
)  # fmt: skip


@pytest.mark.parametrize("row", WORSE, ids=names(WORSE))
def test_an_answer_that_breaks_the_rule_scores_worse(good: Sample, row: Worse) -> None:
    assert_worse(good, row)


@pytest.mark.parametrize("row", ALLOWED, ids=names(ALLOWED))
def test_what_is_no_fault_costs_nothing(good: Sample, row: Allowed) -> None:
    assert_allowed(good, row)
