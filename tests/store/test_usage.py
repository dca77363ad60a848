from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from domain.errors import InvalidInput
from store.home import Home
from store.store import Store
from store.usage import UsageSum
from tests.store.tiny_store import ANA, BO, DANA, REVOPS, STRANGER

CALL: dict[str, Any] = {
    "model": "m",
    "prompt": "chat",
    "prompt_version": 1,
    "input_tokens": 1_000,
    "output_tokens": 50,
    "estimated": False,
    "cost": None,
}
OCTOBER = "2026-10"


def test_a_month_adds_up_by_thread_plan_person_model_and_kind(store: Store) -> None:
    store.usage.add(ANA, "chat", thread_id="T-1", **CALL)
    store.usage.add(ANA, "chat", thread_id="T-1", **CALL | {"estimated": True})
    store.usage.add(ANA, "plan", plan_id="P-1", **CALL | {"input_tokens": 9_000})
    store.usage.add(BO, "chat", thread_id="T-2", **CALL | {"model": "n"})

    def lines(by: Any) -> list[tuple[str, int, int, int]]:
        found = store.usage.sums(REVOPS, OCTOBER, by)
        return [(line.key, line.calls, line.tokens, line.estimated) for line in found]

    # 9,050 for the plan, 2 x 1,050 for Ana's thread, 1,050 for Bo's; most tokens first.
    assert lines("thread") == [("", 1, 9_050, 0), ("T-1", 2, 2_100, 1), ("T-2", 1, 1_050, 0)]
    assert lines("plan") == [("P-1", 1, 9_050, 0), ("", 3, 3_150, 1)]
    assert lines("person") == [("ana", 3, 11_150, 1), ("bo", 1, 1_050, 0)]
    assert lines("model") == [("m", 3, 11_150, 1), ("n", 1, 1_050, 0)]
    assert lines("kind") == [("plan", 1, 9_050, 0), ("chat", 3, 3_150, 1)]
    assert store.usage.total(REVOPS, OCTOBER).tokens == 12_200


def test_money_is_added_up_exactly_and_unpriced_calls_add_none(store: Store) -> None:
    for _ in range(10):
        store.usage.add(ANA, "chat", **CALL | {"cost": Decimal("0.1")})
    store.usage.add(ANA, "chat", **CALL | {"cost": Decimal("0.0000015")})
    store.usage.add(ANA, "chat", **CALL)

    # 0.1 ten times is 1 to the millionth; half a millionth rounds up, 0.0000015 to 0.000002.
    assert store.usage.total(ANA, OCTOBER).cost == "1.000002"
    assert store.usage.total(BO, OCTOBER) == UsageSum()


def test_a_person_reads_their_own_calls_and_who_sees_everything_reads_all(store: Store) -> None:
    store.usage.add(ANA, "chat", **CALL)
    store.usage.add(BO, "chat", **CALL)

    # A manager sees the accounts of both, but a chat is its person's own.
    for principal, calls in ((ANA, 1), (BO, 1), (DANA, 0), (REVOPS, 2), (STRANGER, 0)):
        assert store.usage.total(principal, OCTOBER).calls == calls, principal
        assert sum(line.calls for line in store.usage.sums(principal, OCTOBER, "person")) == calls
    assert store.usage.workspace_total(ANA, OCTOBER).calls == 2
    assert store.usage.workspace_total(STRANGER, OCTOBER).calls == 0


def test_a_month_ends_with_its_last_instant(home: Home) -> None:
    moments = [
        datetime(2026, 11, 30, 23, 59, 59, 999_999, UTC),
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, 59, 999_999, UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    ]
    clock: Callable[[], datetime] = iter(moments).__next__
    with Store.open(home, clock) as store:
        for _ in moments:
            store.usage.add(ANA, "chat", **CALL)

        assert [
            store.usage.total(ANA, month).calls for month in ("2026-11", "2026-12", "2027-01")
        ] == [1, 2, 1]


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-1", "11-2026", "2026-10-01"])
def test_what_is_no_month_is_refused(store: Store, month: str) -> None:
    with pytest.raises(InvalidInput, match="is no month"):
        store.usage.total(ANA, month)


@pytest.mark.parametrize("statement", ["DELETE FROM model_usage", "UPDATE model_usage SET kind=''"])
def test_what_a_call_used_stays(store: Store, statement: str) -> None:
    store.usage.add(ANA, "chat", **CALL)

    with (
        pytest.raises(sa.exc.IntegrityError, match="is never"),
        store.usage._database.writing() as connection,
    ):
        connection.execute(sa.text(statement))
