"""Whether a review noticed what changed, and stayed calm about what did not."""

from __future__ import annotations

from collections import Counter

from domain.review import TRIGGER_KINDS
from eval.answer import Answer, NoticedChange
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.task import Changed


class Triggers(Question):
    """F1 over the planted changes, with the listed near misses as false alarms.

    Changes that are neither are neutral: in two books of a living business more changes than
    was planted. An entity that is named with most kinds of change at once is not taken as
    noticed at all: that is a list of everything, not a finding.
    """

    name = "triggers"
    question = "Are the changes between two books noticed, and near misses passed over?"
    why = "A missed change lets a plan go on that no longer fits; a false alarm costs trust."

    def spared(self, sample: Sample) -> str:
        """Arises where the key names changes or near misses."""
        key = sample.key
        return "" if key.changes or key.unchanged else "No change was planted."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Work out F1; without planted changes, the share of near misses passed over."""
        key = sample.key
        times = Counter(item.entity for item in set(answer.changes))
        noticed = [item for item in answer.changes if times[item.entity] <= len(TRIGGER_KINDS) / 2]
        missed = [c for c in key.changes if not any(_same(c, item) for item in noticed)]
        alarms = [c for c in key.unchanged if any(_same(c, item) for item in answer.changes)]
        known = [*key.changes, *key.unchanged]
        neutral = sum(not any(_same(c, item) for c in known) for item in set(answer.changes))
        found = len(key.changes) - len(missed)
        if key.changes:
            value = 2 * found / (2 * found + len(missed) + len(alarms))
        else:
            value = 1 - len(alarms) / len(key.unchanged)
        return self.rate(
            known,
            [f"{item.kind} of {item.entity}: missed" for item in missed]
            + [f"{item.kind} of {item.entity}: a false alarm" for item in alarms],
            f"{found} of {len(key.changes)} changes noticed, {len(alarms)} of "
            f"{len(key.unchanged)} near misses raised, {neutral} further changes told.",
            value=value,
        )


def _same(change: Changed, noticed: NoticedChange) -> bool:
    """Say whether both are the same kind of change of one thing, or of a part of it."""
    if change.kind != noticed.kind:
        return False
    one, other = change.entity, noticed.entity
    return (
        one == other
        or one.startswith(other + "/")
        or other.startswith(one + "/")
        or one.rpartition("/")[2] == other.rpartition("/")[2]
    )
