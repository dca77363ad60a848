"""Scorers of what is told: sections, insights, distractors, stale facts, conflicts."""

from __future__ import annotations

import pytest

from eval.score import Sample
from tests.eval.scorers.samples import (
    COMMAND,
    CUP,
    HALL,
    JUNE,
    LEEDS,
    LONG,
    MAY,
    OLGA,
    SPEND,
    Allowed,
    Worse,
    add,
    assert_allowed,
    assert_worse,
    drop,
    have,
    names,
    passage,
    put,
    says,
)

WORSE: tuple[Worse, ...] = (
    ("sections", "missing", drop("ana"), "buying_group: nothing in it"),
    ("sections", "no source", put("ana", sources=(), figures=()), "buying_group: nothing in it"),
    ("sections", "three words", put("ana", text="Ana Ruiz buys."), "buying_group: nothing in it"),
    ("sections", "no steps", lambda a: drop("offer")(have(steps=())(a)), "plays: nothing in it"),
    ("sections", "the same words twice", put("ana", text=HALL, section="buying_group"),
     "buying_group: nothing in it"),
    ("insight_recall", "source without the words",
     lambda a: put("call", what="Call Ana")(put("hall", text="Ana was in a good mood.")(a)),
     "1-hall: not found (D-1)"),
    ("insight_recall", "words without the source",
     lambda a: put("call", rests_on=())(put("hall", sources=(), kind="assumption")(a)),
     "1-hall: not found"),
    ("insight_recall", "another document", put("hall", sources=(passage("D-2", HALL),)),
     "1-hall: not found"),
    ("insight_recall", "too little of it",
     put("hall", text="The second hall opens.", sources=(passage("D-1", "The second hall opens"),)),
     "1-hall: not found"),
    ("insight_recall", "a heap of sources",
     put("workshop", sources=tuple(passage(f"D-{n}", None) for n in range(1, 8))),
     "1-frames: not found (D-2, a closed wording)"),
    ("insight_recall", "a heap of words",
     lambda a: put("call", what="Call Ana")(put("hall", text=f"{HALL} {LONG}")(a)),
     "1-hall: not found"),
    ("insight_recall", "the wrong value",
     put("spend", figures=(SPEND.figures[1].model_copy(update={"value": "-0.3"}),)),
     "1-change: not found (spend_change of account:A-1)"),
    ("selection", "other words of the same note",
     add(says("x", "quote", "Freight was fine.", passage("D-1", "Freight was fine."))),
     "x: retells what bears on nothing (D-1)"),
    ("selection", "beside the point", add(says("x", "quote", CUP, passage("D-3", CUP))),
     "x: retells what bears on nothing (D-3)"),
    ("distractors", "told with source", add(says("x", "fact", CUP, passage("D-3", CUP))),
     "x: shows what D-3 says beside the point"),
    ("distractors", "told without source", add(says("x", "assumption", CUP)), "x: shows what D-3"),
    ("distractors", "told as unknown", add(says("x", "unknown", f"Is it so? {CUP}")), "x: shows"),
    ("distractors", "in the quote alone",
     add(says("x", "fact", "Their football is news.", passage("D-3", CUP))), "x: shows"),
    ("distractors", "an order passed on", add(says("x", "quote", COMMAND, passage("D-5", COMMAND))),
     "x: shows what D-5"),
    ("distractors", "in a step", put("call", what=f"Talk about this: {CUP}"), "call: shows"),
    ("stale", "told as current", add(says("x", "fact", OLGA, passage("D-4", OLGA))),
     "x: tells what D-4 said long ago as current"),
    ("not_again", "nearly the same words",
     # Eight of its nine content words: Easter is left out.
     put("call", what="Send Ana the new spring catalogue of helmets, gloves, and bottles"),
     "call: says again what was objected to"),
    ("conflicts", "silence counts half", drop("leeds"), "leeds: neither side is told"),
    ("conflicts", "one side", put("leeds", kind="fact", sources=(passage("D-6", MAY),)),
     "leeds: D-7 is not cited, the other side is"),
    ("conflicts", "told apart",
     lambda a: add(says("m", "quote", MAY, passage("D-6", MAY)),
                   says("j", "quote", JUNE, passage("D-7", JUNE)))(drop("leeds")(a)),
     "leeds: both sides are told apart"),
    ("conflicts", "a heap of sources",
     put("leeds", sources=(*LEEDS.sources, *(passage(f"D-{n}", None) for n in range(1, 8)))),
     "leeds: both sides are told apart"),
)  # fmt: skip
ALLOWED: tuple[Allowed, ...] = (
    ("sections", "an honest gap", put("ana", kind="unknown", sources=(), figures=())),
    ("insight_recall", "marks and spaces",
     put("hall", text=HALL.replace(" forty", "\u00a0 forty"))),
    ("insight_recall", "in a step",
     lambda a: put("call", what=HALL)(put("hall", text="It is as Ana told.")(a))),
    ("insight_recall", "its heavier half",
     lambda a: put("call", what="Call Ana")(put(
         "hall", text="The second hall opens on 1 March 2027.", sources=(passage("D-1", None),),
     )(a))),
    ("insight_recall", "in two sentences", lambda a: add(
        says("h1", "quote", "The second hall opens on 1 March 2027", passage("D-1", None)),
        says("h2", "quote", "and needs racking for forty bikes before that", passage("D-1", None)),
    )(drop("hall")(a))),
    ("stale", "told as an unknown",
     add(says("x", "unknown", f"Still so? {OLGA}", passage("D-4", OLGA)))),
    ("stale", "among what was left out", have(left_out=(OLGA,))),
    ("distractors", "cited for nothing", put("offer", sources=(passage("D-3", None),))),
    ("conflicts", "an unknown beside the other side",
     lambda a: add(says("j", "quote", JUNE, passage("D-7", JUNE)))(
         put("leeds", sources=LEEDS.sources[:1])(a))),
    ("conflicts", "left out by name",
     lambda a: drop("leeds")(have(left_out=("D-6 and D-7 differ",))(a))),
    ("not_again", "another sentence on the same",
     # Seven of nine: another season, another day.
     put("call", what="Send Ana the new summer catalogue of helmets, gloves and bottles in May")),
)  # fmt: skip


@pytest.mark.parametrize("row", WORSE, ids=names(WORSE))
def test_an_answer_that_breaks_the_rule_scores_worse(good: Sample, row: Worse) -> None:
    assert_worse(good, row)


@pytest.mark.parametrize("row", ALLOWED, ids=names(ALLOWED))
def test_what_is_no_fault_costs_nothing(good: Sample, row: Allowed) -> None:
    assert_allowed(good, row)
