"""Cuts of one data set agree: a rep's page, a manager's and the whole team's."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidInput
from tests.tools.cycle.tracked_quarter import (
    AFTER,
    BEFORE,
    Q4,
    account_plan,
    book,
    item,
    side,
    territory_plan,
    touch,
)
from tools.cycle.tracking import cut, cut_tracked, track
from tools.cycle.tracking_measures import MEASURES

MON = date(2026, 10, 12)
REPS = ("ana", "bo", "cy")
OWNERS = {"A": "ana", "B": "bo", "C": "cy", "D": "cy"}
ADDED = [spec.metric for spec in MEASURES if not spec.part]

amounts = st.integers(-20_000, 90_000).map(lambda cents: cents / 100)
accounts = st.sampled_from("ABCD")


def tracked(coverage, orders, touches, planned):
    people = [{"rep_id": rep, "name": rep.title()} for rep in REPS]
    tables = {
        "owners": OWNERS,
        "reps": people,
        "quotas": [
            {"rep_id": rep, "starts": Q4.period.start, "ends": Q4.period.end, "amount": 100.1 * n}
            for n, rep in enumerate(REPS)  # Ana's is nought
        ],
        "orders": [{"account_id": key, "ordered": MON, "amount": much} for key, much in orders],
        "activities": [touch(key, MON + timedelta(days=days)) for key, days in touches],
        "opportunities": [
            {"account_id": key, "opened": MON, "closes": MON, "amount": much,
             "stage": ("won", "lost", "proposal")[n % 3]}
            for n, (key, much) in enumerate(orders)
        ],
    }  # fmt: skip
    return track(
        side(book(BEFORE, owners=OWNERS, reps=people), coverage),
        side(book(AFTER, **tables), coverage),
        Q4,
        REPS,
        [
            territory_plan("ana", *[item(MON, "A")] * planned, pipeline="0.1"),
            territory_plan("bo", item(AFTER, "B"), pipeline="100.01"),
        ],
        [account_plan("A", ("p", "call", MON, AFTER)), account_plan("B", owner="bo")],
    )


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.tuples(accounts, amounts), max_size=6),
    st.lists(st.tuples(accounts, st.integers(-5, 40)), max_size=6),
    st.integers(0, 3),
)
def test_sums_over_one_rep_cuts_are_the_team_cut_and_the_whole(coverage, orders, touches, planned):
    whole = tracked(coverage, orders, touches, planned).data

    assert cut(whole, REPS) == whole
    alone = [cut(whole, [rep]) for rep in REPS]
    pair = cut(whole, ["cy", "ana"])
    assert cut(pair, ["ana"]) == alone[0]
    for metric in ADDED:
        for which in ("plan", "due", "actual", "gap"):
            assert added(alone, metric, which) == value(whole, metric, which), (metric, which)
            of_pair = added([alone[0], alone[2]], metric, which)
            assert of_pair == value(pair, metric, which)
    for state in ("planned", "done", "late", "dropped", "open"):
        parts = [number(getattr(one.plays, state)) for one in alone]
        assert sum_known(parts) == number(getattr(whole.plays, state))
    for one, row in zip(alone, whole.territories, strict=True):
        assert one.territories == (row,)
        for measure in row.measures:
            team = one.measure(measure.metric)
            for which in ("actual", "gap"):
                mine, theirs = (getattr(of, which).value for of in (measure, team))
                assert mine == theirs, measure.metric
            if measure.actual.value is not None:
                assert team.reading == measure.reading
        for mine, theirs in zip(row.sizes, one.sizes, strict=True):
            assert mine.average.value == theirs.average.value


def value(data, metric, which):
    return number(getattr(data.measure(metric), which))


def number(figure):
    return None if figure.value is None else Decimal(figure.value)


def added(cuts, metric, which):
    """The sum over cuts; of a leading measure over those that know plan and actual, if any."""
    planned = [one for one in cuts if value(one, metric, "gap") is not None]
    listed = planned if planned and cuts[0].measure(metric).leading else cuts
    return sum_known([value(one, metric, which) for one in listed])


def sum_known(parts):
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if known else None


def test_a_rep_tracked_alone_has_the_row_that_the_team_has(coverage):
    # A went from Ana to Bo, and both have a plan for it: the one visit answers either's play
    # and keeps either's touch, whoever reads.
    plans = [
        account_plan("A", ("see", "visit", BEFORE, MON), owner="ana"),
        account_plan("A", ("see", "visit", BEFORE, MON), owner="bo", as_of=MON),
    ]
    territories = [territory_plan(rep, item(MON, "A"), item(AFTER, "A")) for rep in ("ana", "bo")]
    books = (
        side(book(BEFORE), coverage),
        side(
            book(AFTER, owners={**OWNERS, "A": "bo"}, activities=[touch("A", MON, "visit")]),
            coverage,
        ),
    )

    whole = track(*books, Q4, ["ana", "bo"], territories, plans)

    for n, rep in enumerate(("ana", "bo")):
        alone = track(*books, Q4, [rep], [territories[n]], [plans[n]])
        assert alone == cut_tracked(whole, [rep])
        assert alone.data.plays.done.value == "1"
    assert "Plays with accounts that changed hands since: 1." in whole.data.territory("ana").notes


def test_a_cut_shows_nothing_of_anybody_else(coverage):
    found = tracked(coverage, [("A", 10.0), ("B", 20.0)], [("A", 0)], 1)

    shown = cut_tracked(found, ["bo", "nobody"])

    assert {one.scope for one in shown.evidence} == {"bo"}
    assert [row.rep_id for row in shown.data.territories] == ["bo"]
    assert "ana" not in shown.data.model_dump_json()
    assert "Cy" not in shown.data.model_dump_json()
    cited = {one.id for one in shown.evidence}
    for measure in (*shown.data.team, *shown.data.territories[0].measures):
        for figure in (measure.plan, measure.due, measure.actual, measure.gap):
            assert figure.evidence_id is None or figure.evidence_id in cited


def test_a_cut_without_anybody_says_so(coverage):
    whole = tracked(coverage, [], [], 1).data

    with pytest.raises(InvalidInput, match="None of these reps is in the data of 2026Q4"):
        cut(whole, ["zoe"])
