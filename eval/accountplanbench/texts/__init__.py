"""The words of AccountPlanBench: notes, questions and demands, in paraphrase families."""

from __future__ import annotations

import random

from eval.accountplanbench.texts.compose import FactMissing, compose
from eval.accountplanbench.texts.wordings import GROUPS, TopicUnknown, Wording, read_topic, topics
from eval.accountplanbench.texts.writing import Facts, Group, Written

__all__ = [
    "GROUPS",
    "FactMissing",
    "Facts",
    "Group",
    "TopicUnknown",
    "Wording",
    "Written",
    "about",
    "topics",
    "wordings",
    "write",
]


def about(topic: str) -> str:
    """Return what the texts of a topic say, in a sentence for the data card."""
    return read_topic(topic).about


def wordings(topic: str) -> tuple[Wording, ...]:
    """Return the paraphrase families of a topic, open and closed, in the order of its file."""
    return read_topic(topic).wording


def write(topic: str, facts: Facts, rng: random.Random, *, closed: bool) -> Written:
    """Write one text of a topic, in one of its open or of its closed wordings.

    The same arguments give the same text; `rng` is drawn from for the wording, for the choices
    within it and for the asides around it. What `facts.target` has to be is in `about(topic)`.

    Raises
    ------
    TopicUnknown
        When there is no such topic.
    FactMissing
        When the wording names a fact that is empty (`target`, mostly).
    """
    families = [wording for wording in wordings(topic) if wording.closed is closed]
    return compose(topic, rng.choice(families), facts, rng)
