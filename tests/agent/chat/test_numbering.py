"""What of a result a model is shown, and under which numbers."""

from __future__ import annotations

import pytest

from agent.chat.numbering import MOST_SHOWN, lines_of, numbered
from agent.chat.state import Result
from agent.chat.tool import Told
from domain.chat import Call, ToolUse
from domain.evidence import Evidence, RecordSource


def fact(number: int) -> Evidence:
    return Evidence(
        entity="account:1",
        metric="employees",
        value=str(number),
        unit="count",
        source=RecordSource(table="accounts", row=str(number), field="employees"),
    )


def result(count: int, shown: int | None, first: int = 0) -> Result:
    told = Told(evidence=tuple(fact(first + n) for n in range(count)), shown=shown)
    return Result(
        call_id="1", use=ToolUse(call=Call(tool="t"), state="done", ms=0, rows=0), told=told
    )


@pytest.mark.parametrize(
    ("count", "shown", "told"),
    [(5, None, 5), (5, 2, 2), (5, 0, 0), (5, 9, 5), (90, None, MOST_SHOWN), (90, 80, MOST_SHOWN)],
)
def test_a_model_is_shown_what_the_tool_says_and_never_more_than_sixty(
    count: int, shown: int | None, told: int
) -> None:
    one = result(count, shown)
    found = numbered([one])
    assert [item.value for item in found] == [str(n) for n in range(told)]
    numbers = {item.id: place for place, item in enumerate(found, start=1)}
    assert len(lines_of(one, numbers).splitlines()) == 1 + told


def test_what_is_not_shown_takes_no_number_from_what_comes_after() -> None:
    found = numbered([result(5, 2), result(2, None, first=100)])
    assert [item.value for item in found] == ["0", "1", "100", "101"]
