"""What changed between two answers to one task: sentences that went, came or read otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from api.plan_changes import words_between
from eval.answer import Answer, Source, Step

Change = Literal["gone", "come", "reworded", "resourced"]
_SAME_KEY, _ALIKE = 0.25, 0.5
"""Shares of words in common from which two sentences are versions of one."""

_WORDS: dict[Change, str] = {
    "come": "come",
    "gone": "gone",
    "reworded": "reworded",
    "resourced": "with other sources",
}


@dataclass(frozen=True)
class Run:
    """A stretch of a sentence; `changed` words are in this version alone, of two that there are."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Changed:
    """A sentence or step that is not as it was; `resourced` has other sources alone.

    `before` is empty for what came, `after` for what went.
    """

    change: Change
    section: str
    before: tuple[Run, ...] = ()
    after: tuple[Run, ...] = ()


@dataclass(frozen=True)
class Changes:
    """Everything that changed, in the order of the later answer, and how much is as it was."""

    lines: tuple[Changed, ...]
    kept: int

    @property
    def told(self) -> str:
        """How much changed in which way: `2 come, 1 reworded, 9 as before`."""
        counts = {
            words: sum(line.change == change for line in self.lines)
            for change, words in _WORDS.items()
        }
        counts["as before"] = self.kept
        return ", ".join(f"{number} {words}" for words, number in counts.items() if number)


@dataclass(frozen=True)
class _Sentence:
    key: str
    section: str
    text: str
    sources: tuple[Source, ...]

    @property
    def words(self) -> frozenset[str]:
        return frozenset(re.findall(r"\w+", self.text.casefold()))


def changes(before: Answer | None, after: Answer | None) -> Changes:
    """Compare two answers, sentence by sentence and step by step.

    Sentences are versions of each other when they bear the same key and share a quarter of
    their words, or else share half of them. No answer counts as an empty one.
    """
    old, new = _sentences(before), _sentences(after)
    partner = _pairs(old, new)
    lines = [
        line
        for place, sentence in enumerate(new)
        if (line := _line(old[partner[place]] if place in partner else None, sentence)) is not None
    ]
    gone = [place for place in range(len(old)) if place not in set(partner.values())]
    lines += [Changed("gone", old[place].section, before=(Run(old[place].text),)) for place in gone]
    return Changes(tuple(lines), kept=len(old) - len(gone) - _altered(lines))


def _altered(lines: Sequence[Changed]) -> int:
    return sum(line.change in ("reworded", "resourced") for line in lines)


def _line(before: _Sentence | None, after: _Sentence) -> Changed | None:
    if before is None:
        return Changed("come", after.section, after=(Run(after.text),))
    if before.text == after.text:
        if before.sources == after.sources:
            return None
        return Changed("resourced", after.section, after=(Run(after.text),))
    gone, come = words_between(before.text, after.text)
    return Changed(
        "reworded", after.section, before=_runs(before.text, gone), after=_runs(after.text, come)
    )


def _pairs(old: Sequence[_Sentence], new: Sequence[_Sentence]) -> dict[int, int]:
    """Return, by the place of a new sentence, the place of the old one that it was."""
    found: dict[int, int] = {}
    free = dict.fromkeys(range(len(old)))

    def settle(place: int, other: int | None) -> None:
        if other is not None:
            found[place] = other
            del free[other]

    for place, sentence in enumerate(new):
        settle(place, next((at for at in free if old[at].text == sentence.text), None))
    words = [sentence.words for sentence in old]
    for same_key in (True, False):
        for place, sentence in enumerate(new):
            if place in found:
                continue
            told = sentence.words
            shares = [
                (len(words[at] & told) / len(words[at] | told or {""}), -at)
                for at in free
                if not same_key or old[at].key == sentence.key
            ]
            share, at = max(shares, default=(0.0, 0))
            settle(place, -at if share >= (_SAME_KEY if same_key else _ALIKE) else None)
    return found


def _sentences(answer: Answer | None) -> list[_Sentence]:
    if answer is None:
        return []
    told = [
        _Sentence(item.key, item.section, item.text, item.sources) for item in answer.statements
    ]
    told += [_Sentence(step.key, "plays", step_text(step), ()) for step in answer.steps]
    lines = ["It abstains."] if answer.abstained else []
    lines += [f"Ranking: {', '.join(answer.ranking)}"] if answer.ranking else []
    lines += [f"Change noticed: {one.kind} of {one.entity}" for one in answer.changes]
    return told + [_Sentence(line.partition(":")[0], "", line, ()) for line in lines]


def step_text(step: Step) -> str:
    """Write a step as one sentence: what, and who by when for how long."""
    facts: list[str] = [step.kind]
    facts += [f"by {step.owner}"] if step.owner else []
    facts += [f"with {step.contact_id}"] if step.contact_id else []
    facts += [f"due {step.due.isoformat()}"] if step.due else []
    facts += [f"{step.hours.normalize():f} h"] if step.hours is not None else []
    done = f" Done when: {step.measure}" if step.measure else ""
    return f"{step.what} ({', '.join(facts)}){done}"


def _runs(text: str, changed: Sequence[tuple[int, int]]) -> tuple[Run, ...]:
    runs, at = [], 0
    for start, end in changed:
        if start > at:
            runs.append(Run(text[at:start]))
        runs.append(Run(text[start:end], changed=True))
        at = end
    return (*runs, Run(text[at:])) if at < len(text) else tuple(runs)
