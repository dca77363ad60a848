"""The list of cases as HTML, within the size that a reader's browser copes with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.amounts import count
from eval.answer import Statement
from eval.report.cases import Case
from eval.report.evidence import Line, evidence
from eval.report.look import environment
from eval.task import FAMILIES

LARGEST_BYTES = 4_300_000
"""What all cases may take together; the rest of the page is some 100 kB."""
_WHOLE = {"whole": True, "most_faults": 12, "most_statements": 60, "most_sources": 6}
_BRIEF = {"whole": False, "most_faults": 3, "most_statements": 0, "most_sources": 0}
_MOST_STEPS = 30


@dataclass(frozen=True)
class Listing:
    """The cases, and what to say of those that were shortened or left out."""

    html: Markup
    note: str


def listing(
    cases: Sequence[Case], *, critical: Collection[str], most: int = LARGEST_BYTES
) -> Listing:
    """Write the cases, the worst first, in at most `most` bytes.

    The worst are whole. Where the room ends, a case holds its scores below 1 alone, and where
    even that is too much, the best cases are left out; the note says which.
    """
    brief = [_written(case, critical, _BRIEF) for case in cases]
    sizes = [_size(text) for text in brief]
    kept = _fitting(sizes, most)
    spare = most - sum(sizes[:kept])
    pages = brief[:kept]
    whole = 0
    for place, case in enumerate(cases[:kept]):
        text = _written(case, critical, _WHOLE)
        spare -= _size(text) - sizes[place]
        if spare < 0:
            break
        pages[place] = text
        whole += 1
    return Listing(Markup("").join(pages), _note(len(cases), kept, whole))


def _note(cases: int, kept: int, whole: int) -> str:
    told = []
    if whole < kept:
        told.append(
            f"To keep this file small, the worst {count(whole, 'case')} hold the answer; of the "
            f"others it shows the scores below full marks. Their answers are in samples.jsonl."
        )
    if kept < cases:
        told.append(f"The best {count(cases - kept, 'case')} are left out; see scores.jsonl.")
    return " ".join(told)


def _fitting(sizes: Sequence[int], most: int) -> int:
    total = 0
    for place, size in enumerate(sizes):
        total += size
        if total > most:
            return place
    return len(sizes)


def _size(text: str) -> int:
    return len(text.encode())


def _written(case: Case, critical: Collection[str], room: Mapping[str, bool | int]) -> Markup:
    def look_up(statement: Statement) -> list[Line]:
        return evidence(statement, case.grounds)

    template = environment().get_template("case.html")
    return Markup(  # noqa: S704 what a template escaped
        template.render(
            case=case,
            critical=critical,
            families=FAMILIES,
            look_up=look_up,
            most_steps=_MOST_STEPS,
            **room,
        )
    )
