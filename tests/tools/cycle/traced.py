"""Whether every figure of a record is traced to evidence that can be worked out again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agent.verifier.values import work_out
from domain.cycle import Figure
from domain.evidence import CalculationSource, Evidence
from domain.record import Record, decimal_string
from tools.cells import PLACES


def figures_in(value: Any) -> Iterator[Figure]:
    """Every figure inside a record."""
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, Record):
        for name in type(value).model_fields:
            yield from figures_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from figures_in(item)


def check_traced(found: Any, evidence: tuple[Evidence, ...]) -> int:
    """Every figure equals evidence whose ancestors are there and whose arithmetic holds."""
    known = {item.id: item for item in evidence}
    assert len(known) == len(evidence)
    for item in evidence:
        if not isinstance(item.source, CalculationSource):
            continue
        parents = [known[parent] for parent in item.source.parents]
        if item.source.operation != "analysis":
            value = work_out(item.source.operation, parents)
            assert item.value == decimal_string(value, PLACES[item.unit]), item
    count = 0
    for figure in figures_in(found):
        count += 1
        if figure.value is None:
            assert figure.evidence_id is None
            assert figure.note
        else:
            told = known[str(figure.evidence_id)]
            assert (told.value, told.unit, told.metric) == (
                figure.value, figure.unit, figure.metric,
            )  # fmt: skip
    return count
