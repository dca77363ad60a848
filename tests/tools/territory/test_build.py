"""From accounts and reps to a balancing problem."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assignment import (
    Forbid,
    Lock,
    MostMoves,
    Prefer,
    Relationship,
    RepLeaves,
    TierCorrection,
    Unplaced,
    Window,
)
from domain.coverage import parse_coverage
from domain.errors import InvalidInput, UnknownTier
from tests.tools.conftest import DEFAULTS
from tests.tools.territory.tiny_inputs import (
    AS_OF,
    BERLIN,
    HAMBURG,
    MUNICH,
    tiny_inputs,
    with_rules,
)
from tools.balance.problem import judge
from tools.territory.build import build_case
from tools.territory.case import Case
from tools.territory.inputs import Inputs

BY = {"by": "max", "reason": "said so"}
PLAIN = with_rules(parse_coverage(DEFAULTS.read_text()), nearby=False, models=("segment",))
"""Everybody may have everything: segments and languages are blank here."""


def team(**extra: Any) -> Inputs:
    """Ann owns a and b, Bo owns c, nobody d; Cy is new."""
    accounts = [
        {"id": "a", "owner": "ann", "relationship": 60.0, "at": BERLIN},
        {"id": "b", "owner": "ann", "relationship": 20.0, "at": HAMBURG},
        {"id": "c", "owner": "bo", "relationship": 20.0, "at": MUNICH},
        {"id": "d", "at": BERLIN},
    ]
    for account in accounts:
        account.update(extra.get(str(account["id"]), {}))
    reps = [
        {"id": "ann", "at": BERLIN, "hours": 100.0},
        {"id": "bo", "at": MUNICH, "hours": 200.0},
        {"id": "cy", "at": HAMBURG, "hours": 200.0, "ramp": 0.5},
    ]
    for rep in reps:
        rep.update(extra.get(str(rep["id"]), {}))
    return tiny_inputs(accounts, reps)


def reps_of(case: Case, account: str) -> list[str]:
    unit = case.accounts.at[account, "unit"]
    first, last = case.problem.first[unit : unit + 2]
    return [case.reps[rep].rep_id for rep in case.problem.rep[first:last]]


def present_of(case: Case) -> dict[str, str | None]:
    return {
        account: None
        if case.problem.present[unit] < 0
        else case.reps[case.problem.rep[case.problem.present[unit]]].rep_id
        for account, unit in case.accounts["unit"].items()
    }


def test_a_free_team_is_every_pair_with_its_travel_and_disruption() -> None:
    case = build_case(team(), PLAIN)
    problem = case.problem
    assert (problem.units, problem.reps, problem.pairs) == (4, 3, 12)
    assert case.members == (("a",), ("b",), ("c",), ("d",))
    assert present_of(case) == {"a": "ann", "b": "ann", "c": "bo", "d": None}
    # 60, 20 and 20 of 100 are at stake with every rep but the owner; nothing with d.
    assert problem.disruption.tolist() == [0, 0.6, 0.6, 0, 0.2, 0.2, 0.2, 0, 0.2, 0, 0, 0]
    # Berlin to Hamburg is 254.5 km by road: 2 x 254.5 x 1.3 / 70 h for one trip.
    assert problem.travel[0] == pytest.approx(0.0, abs=1e-9)
    assert problem.travel[2] == pytest.approx(9.454, abs=0.001)
    # Cy's ramp makes 100 of 200 hours; 40 h of work go by capacity.
    assert problem.capacity.tolist() == [100.0, 200.0, 100.0]
    assert problem.work_target.tolist() == [10.0, 20.0, 10.0]
    assert problem.potential_target.tolist() == pytest.approx([100.0, 200.0, 100.0])
    assert case.reps[2].note == "New: counts as 50% of a full rep."
    assert (problem.weights.disruption, problem.penalty.slopes) == (0.6, (1.0, 4.0, 12.0))
    assert judge(problem, problem.pairs_of(np.array([0, 0, 1, 2]))).moved == 0


def test_each_rules_pairs_are_kept_with_the_one_rule_that_removed_them() -> None:
    inputs = team(
        a={"language": "French", "segment": "Shop"},
        ann={"languages": ("French",)},
        bo={"languages": ("German",)},
        cy={"languages": ("English",), "segments": ("Bank",)},
    )
    case = build_case(inputs, PLAIN)
    assert reps_of(case, "a") == ["ann"]
    removed = case.removed
    # Cy is ruled out twice, by language and segment: dropping either frees nothing.
    assert [
        (int(u), case.reps[r].rep_id, rule)
        for u, r, rule in zip(removed.unit, removed.rep, removed.rule, strict=True)
    ] == [(0, "bo", "language")]
    assert removed.disruption.tolist() == [0.6]
    assert removed.owner.tolist() == [0]
    assert removed.travel[0] > 0


def test_an_owner_whom_a_rule_shuts_out_has_to_go_and_is_not_charged() -> None:
    inputs = team(a={"language": "French"}, ann={"languages": ("German",)})
    case = build_case(inputs, PLAIN)
    assert present_of(case)["a"] is None
    assert reps_of(case, "a") == ["bo", "cy"]
    assert case.problem.disruption[:2].tolist() == [0.0, 0.0]
    assert case.removed.owner.tolist() == [1]
    assert (
        "1 account has to leave the present owner because of its language: a. Such moves are not "
        "charged." in case.notes
    )


def test_an_account_that_nobody_may_have_is_listed_with_each_reason_and_a_way_out() -> None:
    inputs = team(
        d={"language": "Basque", "segment": "Shop"}, ann={"languages": ("German",)},
        bo={"languages": ("German",)}, cy={"languages": ("German",), "segments": ("Bank",)},
    )  # fmt: skip
    case = build_case(inputs, PLAIN)
    assert [item.account_id for item in case.unplaced] == ["d"]
    assert case.unplaced[0].reason == (
        "No rep may have it: Ann and Bo (its language); Cy (its segment and its language)."
    )
    assert case.unplaced[0].remedy == (
        "Lock it to Ann, kept from it only by its language, or relax that rule."
    )
    assert list(case.accounts.index) == ["a", "b", "c"]
    locked = build_case(inputs, PLAIN, constraints=[Lock(account_id="d", rep_id="ann", **BY)])
    assert (reps_of(locked, "d"), locked.unplaced) == (["ann"], ())


def test_a_lock_leaves_one_pair_and_keeps_the_others_for_its_price() -> None:
    lock = Lock(account_id="a", rep_id="bo", until=AS_OF, **BY)
    case = build_case(team(), PLAIN, constraints=[lock])
    assert reps_of(case, "a") == ["bo"]
    assert present_of(case)["a"] is None
    assert case.removed.rule == ("lock", "lock")
    assert case.removed.owner.tolist() == [1, 0]
    assert case.constraints == (lock,)


def test_an_expired_lock_does_not_hold_and_is_told() -> None:
    lock = Lock(account_id="a", rep_id="bo", until=AS_OF - timedelta(days=1), **BY)
    case = build_case(team(), PLAIN, constraints=[lock])
    assert reps_of(case, "a") == ["ann", "bo", "cy"]
    assert case.constraints == ()
    assert "The lock of a to bo expired on 2026-11-12 and does not hold." in case.notes


def test_forbids_wishes_corrections_and_limits_are_worked_in() -> None:
    case = build_case(
        team(),
        PLAIN,
        constraints=[
            Forbid(account_id="a", rep_id="bo", **BY),
            Prefer(account_id="b", rep_id="cy", points=-0.5, **BY),
            Prefer(account_id="b", rep_id="cy", points=-0.25, **BY),
            TierCorrection(account_id="c", tier="strategic", **BY),
            Relationship(account_id="c", since=date(2020, 1, 1), **BY),
            MostMoves(accounts=1),
            Window(measure="workload", low=-0.2, high=0.2),
        ],
    )
    problem = case.problem
    assert reps_of(case, "a") == ["ann", "cy"]
    assert problem.preference.tolist() == [0, 0, 0, 0, -0.75, 0, 0, 0, 0, 0, 0]
    # 25.71 h x 1.25 x 0.75: nothing was logged in these tables, which counts as nought.
    assert case.accounts.at["c", "tier"] == "strategic"
    assert case.accounts.at["c", "hours"] == pytest.approx(24.11, abs=0.01)
    # In full after three years, on a revenue of 0 and 5 % of a potential of 100.
    assert case.accounts.at["c", "relationship"] == pytest.approx(5.0)
    assert problem.budgets[0].use.tolist() == [0, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0]
    assert problem.work_window.tolist() == [[-0.2, 0.2]] * 3


def test_a_family_is_one_unit_charged_against_its_best_owner() -> None:
    case = build_case(team(c={"parent_id": "b"}, d={"parent_id": "b"}), PLAIN)
    problem = case.problem
    assert case.members == (("a",), ("b", "c", "d"))
    assert problem.accounts.tolist() == [1, 3]
    assert problem.hours.tolist() == [10.0, 30.0]
    # Ann and Bo would each keep 20 of 100 and one account: the first of them counts.
    assert present_of(case)["c"] == "ann"
    assert problem.disruption.tolist() == [0, 0.6, 0.6, 0, 0, 0.2]
    apart = build_case(team(c={"parent_id": "b"}), with_rules(PLAIN, families_together=False))
    assert apart.members == (("a",), ("b",), ("c",), ("d",))


def test_the_owner_with_most_at_stake_speaks_for_a_family() -> None:
    case = build_case(team(a={"parent_id": "c"}), PLAIN)
    assert case.members[0] == ("a", "c")
    assert present_of(case)["a"] == "ann"
    # Ann would keep 60 and Bo 20 of 100; with Cy both go, 60 of which need not.
    assert case.problem.disruption[:3].tolist() == pytest.approx([0.0, 0.4, 0.6])


def test_a_rep_without_hours_is_left_out_and_the_accounts_are_due() -> None:
    case = build_case(team(ann={"hours": 0.0}), PLAIN)
    assert [rep.rep_id for rep in case.reps] == ["bo", "cy"]
    assert present_of(case) == {"a": None, "b": None, "c": "bo", "d": None}
    assert not case.accounts.at["a", "owner_known"]
    assert case.notes[0].startswith("Ann has no selling hours in the period and is left out")
    # Bo's 20 are now all that can be broken.
    assert case.problem.disruption.max() == 1.0


def test_a_rep_who_may_have_nothing_is_left_out() -> None:
    inputs = team(cy={"segments": ("Bank",)}, **{key: {"segment": "Shop"} for key in "abcd"})
    case = build_case(inputs, PLAIN)
    assert [rep.rep_id for rep in case.reps] == ["ann", "bo"]
    assert "Cy may have none of the accounts and is left out." in case.notes


def test_more_work_than_hours_is_told() -> None:
    case = build_case(team(a={"hours": 500.0}), PLAIN)
    # 500 + 30 h, all reachable without travel: c from Munich, b from Hamburg.
    assert any(
        note.startswith(
            "The accounts ask for at least 530 hours with travel, and the reps have 400"
        )
        for note in case.notes
    )


def test_words_on_accounts_that_stay_and_locks_to_a_leaver_are_told() -> None:
    stays = Unplaced(account_id="m", account_name="M", owner_id="max", reason="Max owns it.")
    inputs = replace(team(), unplaced=(stays,))
    leaving = RepLeaves(rep_id="zoe", on=AS_OF)
    case = build_case(
        inputs,
        PLAIN,
        constraints=[
            Lock(account_id="m", rep_id="ann", **BY),
            Lock(account_id="a", rep_id="zoe", **BY),
            Prefer(account_id="b", rep_id="zoe", points=-1.0, **BY),
            Window(measure="workload", low=-0.9, high=0.9, reps=("zoe",)),
        ],
        events=[leaving],
    )
    assert "A word of max on m has no effect: Max owns it." in case.notes
    assert "A lock of a and zoe has no effect: the rep leaves." in case.notes
    assert "A preference of b and zoe has no effect: the rep leaves." in case.notes
    assert case.unplaced == (stays,)
    assert case.events == (leaving,)


@pytest.mark.parametrize(
    ("constraints", "words"),
    [
        (
            [Lock(account_id="a", rep_id="bo", **BY), Lock(account_id="a", rep_id="cy", **BY)],
            r"a is locked to two reps, Bo \(bo\) and Cy \(cy\)",
        ),
        ([Lock(account_id="a", rep_id="zoe", **BY)], "locked to zoe, who is not in it"),
        ([Forbid(account_id="a", rep_id="zoe", **BY)], "A forbid of a names zoe, who is not in"),
        (
            [Prefer(account_id="a", rep_id="zoe", points=1.0, **BY)],
            "A preference of a names zoe, who is not in this design",
        ),
        ([Lock(account_id="z", rep_id="bo", **BY)], "names account z, which is not in this design"),
        (
            [Forbid(account_id="a", rep_id="bo", **BY), Lock(account_id="a", rep_id="bo", **BY)],
            "the lock and the forbid contradict each other",
        ),
        (
            [Lock(account_id="c", rep_id="bo", **BY), Lock(account_id="d", rep_id="cy", **BY)],
            "c is locked to bo and d to cy, but they are one family",
        ),
        (
            [Lock(account_id="c", rep_id="bo", **BY), Forbid(account_id="d", rep_id="bo", **BY)],
            "another account of its family may not go to bo",
        ),
        (
            [Relationship(account_id="a", since=date(2027, 1, 1), **BY)],
            "after the book's date 2026-11-13",
        ),
        (
            [Window(measure="workload", low=-0.1, high=0.1, reps=("zoe",))],
            "names zoe, who is not in this design",
        ),
    ],
)
def test_contradictory_constraints_are_told_in_words(constraints, words) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        build_case(team(d={"parent_id": "c"}), PLAIN, constraints=constraints)
    assert caught.value.hint


def test_a_lock_to_a_rep_without_hours_and_an_unknown_tier_are_refused() -> None:
    with pytest.raises(InvalidInput, match="who has no selling hours in it"):
        build_case(
            team(bo={"hours": 0.0}), PLAIN, constraints=[Lock(account_id="a", rep_id="bo", **BY)]
        )
    with pytest.raises(UnknownTier, match="'gold'"):
        build_case(team(), PLAIN, constraints=[TierCorrection(account_id="a", tier="gold", **BY)])


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"a": {"hours": -1.0}}, r"hours of a must be a number from 0 up, not -1\.0"),
        ({"b": {"potential": float("nan")}}, "potential of b must be a number from 0 up, not nan"),
        ({"ann": {"hours": -5.0}}, "selling hours or the ramp of Ann are no number or below"),
        ({"ann": {"hours": float("inf")}}, "selling hours or the ramp of Ann are no number"),
        (
            {rep: {"hours": 0.0} for rep in ("ann", "bo", "cy")},
            "No rep has selling hours from 2026-11-16 to 2027-02-13",
        ),
        (
            {rep: {"languages": ("German",)} for rep in ("ann", "bo", "cy")}
            | {account: {"language": "Basque"} for account in "abcd"},
            r"There is nothing to design\. d, for example: No rep may have it: Ann, Bo and Cy",
        ),
    ],
)
def test_impossible_input_is_told_in_words(extra, words) -> None:
    with pytest.raises(InvalidInput, match=words):
        build_case(team(**extra), PLAIN)


def test_no_account_is_told_in_words() -> None:
    inputs = team()
    with pytest.raises(InvalidInput, match="There is no account to place"):
        build_case(replace(inputs, accounts=inputs.accounts.iloc[:0]), PLAIN)


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 10_000))
def test_the_order_of_rows_changes_nothing_and_every_account_is_somewhere(random, seed) -> None:
    chance = np.random.default_rng(seed)
    reps = [
        {"id": f"r{number}", "languages": ("French",) if chance.random() < 0.5 else (),
         "at": (50 + chance.random() * 4, 8 + chance.random() * 4)}
        for number in range(4)
    ]  # fmt: skip
    accounts = [
        {
            "id": f"a{number:02d}",
            "owner": f"r{chance.integers(6)}" if chance.random() < 0.8 else None,
            "language": str(chance.choice(["French", "German"])),
            "parent_id": f"a{chance.integers(20):02d}" if chance.random() < 0.2 else None,
            "at": (50 + chance.random() * 4, 8 + chance.random() * 4),
            "relationship": float(chance.random()),
        }
        for number in range(20)
    ]
    coverage = with_rules(PLAIN, nearby=True, nearby_km=150.0)
    inputs = tiny_inputs(accounts, reps)
    rows, people = list(inputs.accounts.index), list(inputs.reps.index)
    random.shuffle(rows)
    random.shuffle(people)
    mixed = replace(inputs, accounts=inputs.accounts.loc[rows], reps=inputs.reps.loc[people])
    try:
        one = build_case(inputs, coverage)
    except InvalidInput:
        return
    two = build_case(mixed, coverage)
    pd.testing.assert_frame_equal(one.accounts, two.accounts)
    assert one.problem.travel.tolist() == two.problem.travel.tolist()
    assert one.problem.rep.tolist() == two.problem.rep.tolist()
    assert one.removed.rule == two.removed.rule

    placed = [account for members in one.members for account in members]
    assert sorted(placed + [item.account_id for item in one.unplaced]) == sorted(rows)
    problem = one.problem
    assert (np.diff(problem.first) > 0).all()
    assert (problem.disruption[problem.present[problem.present >= 0]] == 0).all()
    assert not set(zip(problem.unit.tolist(), problem.rep.tolist(), strict=True)) & set(
        zip(one.removed.unit.tolist(), one.removed.rep.tolist(), strict=True)
    )
