"""The figures of the methods' tests as evidence."""

from __future__ import annotations

from collections.abc import Iterator

from domain.evidence import Evidence, Unit
from domain.method import Estimate, MethodHistory
from tools.cells import Metric, Reading, calculation, missing

VERSION = 1

Figure = tuple[str, str, Unit, float | int | None]
"""Entity, metric, unit, value; None where there is nothing to cite."""


def method_cell(history: MethodHistory, reading: Reading, entity: str, metric: str) -> Evidence:
    """Cite a figure of `method:score`, `method:potential` or `method:whitespace`.

    `figures` lists what there is. The tests are about a whole book, so no rep's scope
    limits who reads them.

    Raises
    ------
    NotCitable
        When there is no such figure, or no history to have it from.
    """
    for whose, name, unit, value in figures(history):
        if (whose, name) == (entity, metric) and value is not None:
            return calculation(reading, "method", VERSION, entity, Metric(name, unit), value)
    raise missing(entity, metric)


def figures(history: MethodHistory) -> Iterator[Figure]:
    """List every figure of the tests."""
    score, potential, gaps = history.score, history.potential, history.whitespace
    yield "method:score", "outcomes", "count", score.rows
    yield "method:score", "good_outcomes", "count", score.wins
    yield "method:score", "judged", "count", score.judged
    yield from _estimate("auc_in_use", score.hand)
    yield from _estimate("auc_fitted", score.fitted)
    for tenth in score.lift:
        yield "method:score", f"lift_tenth_{tenth.tenth}", "ratio", tenth.lift
    for one in score.added:
        # A loss of area may be negative, which a share is not.
        yield "method:score", f"auc_lost:{one.dimension}", "change", one.auc_lost
    for fact in score.drift:
        yield "method:score", f"drift:{fact.fact}", "ratio", fact.psi
    yield "method:potential", "accounts", "count", potential.accounts
    for level in potential.levels:
        yield "method:potential", f"held_p{level.level * 100:.0f}", "share", level.held
    yield "method:potential", "top_growth", "money", potential.top_growth
    yield "method:potential", "mean_growth", "money", potential.mean_growth
    yield "method:whitespace", "gaps", "count", gaps.gaps
    yield "method:whitespace", "chance_told", "share", gaps.told
    yield "method:whitespace", "adopted", "share", gaps.found
    yield "method:whitespace", "brier", "ratio", gaps.brier
    yield "method:whitespace", "brier_peer_share", "ratio", gaps.brier_peers
    yield "method:whitespace", "worth", "money", gaps.worth
    yield "method:whitespace", "spent", "money", gaps.spent


def _estimate(name: str, found: Estimate | None) -> Iterator[Figure]:
    for suffix, value in (
        ("", found.value if found else None),
        ("_low", found.low if found else None),
        ("_high", found.high if found else None),
    ):
        yield "method:score", name + suffix, "share", value
