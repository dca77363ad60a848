"""What a source card says of a fact's age."""

from __future__ import annotations

from datetime import date

import pytest

from agent.plan_sources import Sources, freshness_at
from domain.evidence import Ledger
from domain.freshness import HalfLife
from tests.agent.good_plan import NOTE, span
from tests.agent.tiny_book import COVERAGE

AS_OF = date(2026, 11, 13)
WORDS = "We need delivery before the season opens, or we split the order between suppliers."


@pytest.mark.parametrize(
    ("published", "half_life", "told"),
    [
        # 62 days: 0.5 ** (62 / 90) is 0.62. 181 days: 0.5 ** (181 / 90) is 0.248.
        (date(2026, 9, 12), 90.0, "Fresh 62 %, half-life 90 days"),
        (date(2026, 5, 16), 90.0, "Stale 24 %, half-life 90 days"),
        (date(2026, 5, 16), None, "Stale: 181 days old, at most 180"),
        (date(2026, 9, 12), None, None),
    ],
)
def test_a_source_tells_its_weight_and_a_stale_one_says_so(published, half_life, told) -> None:
    rules = COVERAGE.freshness.model_copy(update={"half_life": HalfLife(note=half_life)})
    coverage = COVERAGE.model_copy(update={"freshness": rules})
    note = span("D-1", "note", NOTE, WORDS, published=published)
    sources = Sources(Ledger.of([note]), "USD", freshness_at(coverage, AS_OF))

    sources.cite(note)
    (shown,) = sources.numbered()

    assert shown.facts[-1] == (told or f"D-1, characters {note.source.start} to {note.source.end}")
