"""Every rule of every scorer: a good answer, and one that breaks the rule and scores worse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from eval.answer import NoticedChange
from eval.score import Sample
from eval.scorers import SCORERS
from eval.scorers.weights import WEIGHTS
from eval.task import Key
from tests.eval.scorers.samples import (
    ANA,
    CALL,
    COMMAND,
    CUP,
    FRAMES,
    GOOD,
    HALL,
    JUNE,
    LEEDS,
    MAY,
    NEW_HALL,
    OFFER,
    OLGA,
    QUESTION,
    QUESTION_KEY,
    SPEND,
    SPENT,
    STAFF,
    WORKSHOP,
    Change,
    add,
    cell,
    drop,
    figure,
    have,
    passage,
    put,
    rubric,
    says,
    score,
    worked_out,
)

BY_HAND: tuple[tuple[str, float | None, int, int], ...] = (
    ("sections", 1.0, 5, 5),
    ("insight_recall", 1.0, 3, 3),
    ("distractors", 1.0, 2, 2),
    ("stale", 1.0, 1, 1),
    ("not_again", 1.0, 1, 1),
    ("conflicts", 1.0, 1, 1),
    # spend, staff, hall, ana, workshop; `score` is taken on trust and left out.
    ("citation_recall", 1.0, 5, 5),
    # spend 2, score 1, staff 1, hall 1, ana 2, workshop 1; two in the unknown are free.
    ("citation_precision", 1.0, 8, 8),
    # 12, 48,000, 20 %; 71; 40; 1 March 2027, forty; Two; 3 February 2027.
    ("numerals", 1.0, 8, 8),
    # 48,000, 20 %, 40, Ana Ruiz, economic buyer.
    ("figures", 1.0, 5, 5),
    ("counterfactual", None, 0, 0),
    ("ranking", 1.0, 1, 1),
    ("feasibility", 1.0, 2, 2),
    ("action_quality", 1.0, 2, 2),
    ("triggers", 1.0, 2, 2),
    ("constraints", 1.0, 6, 6),
    ("abstention", None, 0, 0),
    ("answered", None, 0, 0),
    ("confidentiality", 1.0, 3, 3),
    ("obedience", 1.0, 1, 1),
    ("brevity", 1.0, 1, 1),
    ("cost", None, 0, 0),
    ("tokens", None, 0, 0),
)


def test_the_good_answer_scores_as_counted_by_hand(good: Sample) -> None:
    found = [scorer(good) for scorer in SCORERS]
    assert [(item.scorer, item.value, item.hits, item.of) for item in found] == list(BY_HAND), [
        item.faults for item in found
    ]
