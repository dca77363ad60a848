from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from domain.assignment import DesignPoint, Forbid, Lock
from domain.errors import InvalidInput, NotFound
from tests.tools.territory.hand_case import docs_case, hand_case
from tools.balance.certificate import bound
from tools.balance.problem import Floats, Ints, Problem, judge
from tools.balance.solution import Prices
from tools.territory.case import Case
from tools.territory.explaining import explain, moves_of, what_would_keep, why_not
from tools.territory.rule_prices import rule_prices
from tools.territory.six_figures import figures_of, rep_of_accounts
from tools.territory.weighing import Weighed


def prices(work: float, potential: float | None = None, **more: object) -> Prices:
    """Ann's deviation is priced, Bo's at the opposite."""
    other = work if potential is None else potential
    zero = Prices.zero(2)
    return replace(zero, work=np.array([work, -work]), potential=np.array([other, -other]), **more)  # type: ignore[arg-type]


def point_of(case: Case, reps: list[int], at: Prices) -> DesignPoint:
    """A stored point of a hand-made design: one rep index per unit."""
    chosen = case.problem.pairs_of(np.array(reps))
    figures = judge(case.problem, chosen)
    assignment = rep_of_accounts(case, chosen)
    six, by_rep = figures_of(case, assignment, long_years=2.0)
    proven = bound(case.problem, at)
    return DesignPoint(
        index=1,
        label="",
        disruption_weight=case.problem.weights.disruption,
        assignment=tuple(assignment.tolist()),
        figures=six,
        reps=by_rep,
        objective=figures.objective,
        bound=proven,
        gap=figures.objective - proven,
        work_points=figures.work,
        potential_points=figures.potential,
        disruption_points=figures.disruption,
        travel_points=figures.travel,
        moves=(),
        prices=tuple(tuple(line) for line in at.table().tolist()),
        budget_prices=tuple(at.budgets.tolist()),
    )


def test_the_documented_example_is_proven_best_and_its_move_explained() -> None:
    # T = 50 h each. A-1 stays with Ann: 4 h x 0.5 = 2, plus 6 + 6 of prices: 14.
    # A-2 stays with Bo: 1.5 - 2 x 6 x 46/50 = -9.54. A-3 goes to Bo: 3 + 0.6 - 0.96 = 2.64;
    # staying would be 2 + 0.96 = 2.96. Bound 14 - 9.54 + 2.64 = 7.1.
    case = docs_case()
    point = point_of(case, [0, 1, 1], prices(6.0))
    assert point.objective == pytest.approx(0.6 + 2 + 1.5 + 3)
    assert point.bound == pytest.approx(7.1)

    (move,) = moves_of(Weighed.of(case, point))

    assert (move.account_id, move.from_rep, move.to_rep) == ("A-3", "R-Ann", "R-Bo")
    assert move.points == pytest.approx(0.32)
    assert {part.name: part.points for part in move.parts} == pytest.approx(
        {
            "hours of Ann": 0.48,
            "potential of Ann": 0.48,
            "hours of Bo": 0.48,
            "potential of Bo": 0.48,
            "travel": -1.0,
            "relationship": -0.6,
        }
    )
    assert move.travel_change == 2.0
    assert move.relationship_share == pytest.approx(0.01)
    # Before: Ann 54 h of 50, Bo 46.
    assert move.reason == (
        "Ann is 8% over target in hours, Bo is 8% under target in hours; Ann is 8% over target in "
        "potential, Bo is 8% under target in potential; travel grows by 2.0 h; relationship value "
        "1.0% of the book; keeping it would cost 0.32 points."
    )


def test_what_would_keep_an_account_ties_when_it_comes_true() -> None:
    case = docs_case()
    point = point_of(case, [0, 1, 1], prices(6.0))

    kept = what_would_keep(case, point, "A-3")

    # 0.32 points are 0.32 / 60 of the book's relationship value, and 0.32 / 0.24 hours at
    # 0.12 points an hour with Ann and as much relief from Bo.
    assert kept.points == pytest.approx(0.32)
    assert "0.53% of the book's more" in kept.ways[0]
    assert kept.ways[1] == "it took 1.3 h less of the 4.0 h it takes"
    value = case.problem.disruption.copy()
    value[5] += 0.32 / 60
    tied = replace(case, problem=replace(case.problem, disruption=value))
    assert what_would_keep(tied, point, "A-3").points == pytest.approx(0.0, abs=1e-9)


def test_another_rep_has_a_price_or_a_rule_that_forbids() -> None:
    case = docs_case(blocked={(1, "Ann"): "language"})
    point = point_of(case, [0, 1, 1], prices(6.0))

    # A-1 at Bo: 6 + 30 - 12 = 24, at Ann 14.
    priced = why_not(case, point, "A-1", "R-Bo")
    assert priced.points == pytest.approx(10.0)
    assert sum(part.points for part in priced.parts) == pytest.approx(10.0, abs=1e-9)
    assert priced.told.startswith("Account 1 at Bo instead of Ann would be 10.00 points worse")
    forbidden = why_not(case, point, "A-2", "R-Ann")
    assert forbidden.points is None
    assert forbidden.told == ("Account 2 cannot go to Ann: the rep does not speak its language.")
    with pytest.raises(NotFound, match="no account A-9"):
        why_not(case, point, "A-9", "R-Ann")
    with pytest.raises(NotFound, match="no rep R-Zoe"):
        why_not(case, point, "A-1", "R-Zoe")


def test_a_design_of_another_case_is_refused() -> None:
    point = point_of(docs_case(), [0, 1, 1], prices(6.0))
    other = hand_case(hours=(1.0, 2.0), travel=((0, 0), (0, 0)), owner=("Ann", "Bo"))
    with pytest.raises(InvalidInput, match="do not belong together"):
        explain(other, point, "A-1")


def test_what_cannot_stay_names_the_rule_and_comes_first() -> None:
    lock = Lock(account_id="A-1", rep_id="R-Bo", by="Mo", reason="partner deal")
    case = hand_case(
        hours=(10.0, 10.0, 10.0, 10.0),
        travel=((1, 2), (1, 2), (1, 2), (1, 2)),
        owner=("Ann", "Ann", None, "Ann"),
        blocked={(0, "Ann"): "lock", (1, "Ann"): "segment"},
        constraints=(lock,),
    )
    point = point_of(case, [1, 1, 1, 1], prices(1.0))

    told = {move.account_id: move for move in moves_of(Weighed.of(case, point))}

    assert list(told)[-1] == "A-4"
    assert told["A-1"].why_not_stay == "it is locked to Bo by Mo: partner deal"
    assert told["A-2"].why_not_stay == "the rep does not work its segment"
    assert told["A-3"].why_not_stay == "nobody owns it"
    assert told["A-3"].from_rep is None
    assert [told[f"A-{n}"].points for n in (1, 2, 3)] == [None] * 3
    # Ann is an hour nearer, 0.5 points, and dearer by 10/20 x (1 - -1) for each measure.
    assert told["A-3"].reason == (
        "It needs a rep, because nobody owns it; Bo is best for it, Ann 1.50 points dearer; travel "
        "takes 2.0 h."
    )
    assert what_would_keep(case, point, "A-2").told.startswith("Account 2 cannot stay")


def test_a_family_moves_as_one_and_each_member_says_so() -> None:
    case = hand_case(
        hours=(2.0, 2.0, 50.0, 46.0),
        travel=((2, 3), (2, 3), (4, 12), (12, 3)),
        owner=("Ann", "Ann", "Ann", "Bo"),
        value=(0.005, 0.005, 0.5, 0.49),
        unit=(0, 0, 1, 2),
    )
    moves = moves_of(Weighed.of(case, point_of(case, [1, 0, 1], prices(6.0))))

    assert [move.account_id for move in moves] == ["A-1", "A-2"]
    assert {move.points for move in moves} == {moves[0].points}
    assert moves[0].points == pytest.approx(0.32)
    assert [move.travel_change for move in moves] == [1.0, 1.0]
    assert all("family of 2 accounts" in move.reason for move in moves)


def best(problem: Problem, fixed: tuple[int, int] | None = None) -> tuple[float, Ints]:
    """The optimum by trying every design, or every one in which a unit takes a given pair."""
    found: tuple[float, Ints] | None = None
    ranges = [range(a, b) for a, b in zip(problem.first, problem.first[1:], strict=False)]
    if fixed is not None:
        ranges[fixed[0]] = range(fixed[1], fixed[1] + 1)
    for pairs in product(*ranges):
        chosen = np.array(pairs, dtype=np.int64)
        figures = judge(problem, chosen)
        if figures.feasible and (found is None or figures.objective < found[0]):
            found = (figures.objective, chosen)
    assert found is not None
    return found


def random_case(seed: int, **more: object) -> Case:
    draw = np.random.default_rng(seed)
    many = 6
    return hand_case(
        hours=draw.uniform(2, 20, many).round(2).tolist(),
        potential=draw.uniform(10, 300, many).round(2).tolist(),
        travel=draw.uniform(0, 9, (many, 3)).round(2).tolist(),
        owner=draw.choice(["Ann", "Bo", "Cy"], many).tolist(),
        value=draw.uniform(0, 1, many).tolist(),
        reps=("Ann", "Bo", "Cy"),
        **more,  # type: ignore[arg-type]
    )


def random_prices(seed: int, problem: Problem) -> Prices:
    draw = np.random.default_rng(seed)

    def some(scale: float) -> Floats:
        return draw.normal(0, scale, problem.reps)

    budgets = np.abs(draw.normal(0, 1, len(problem.budgets)))
    return Prices(some(9), some(9), np.abs(some(3)), np.abs(some(2)), budgets)


@pytest.mark.parametrize("seed", range(20))
def test_parts_of_every_move_add_up_to_its_points(seed: int) -> None:
    case = random_case(seed, moves_at_most=3)
    problem = case.problem
    chosen = best(problem)[1]
    y = random_prices(seed, problem)
    weighed = Weighed.of(case, point_of(case, problem.rep[chosen].tolist(), y))
    for move in moves_of(weighed):
        assert move.points is not None
        assert sum(part.points for part in move.parts) == pytest.approx(move.points, abs=1e-9)
        unit = int(move.account_id[2:]) - 1
        stay, to = problem.present[unit], weighed.chosen[unit]
        assert move.points == pytest.approx(weighed.costs[stay] - weighed.costs[to], abs=1e-9)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("rule", ["lock", "forbid"])
def test_a_rules_price_agrees_with_solving_again_to_within_the_gaps(seed: int, rule: str) -> None:
    # A lock to the owner takes the two others away, an objection one of them. Without the
    # rule they come back. At the same prices y, J_rule - J_free = price + gap_rule(y) -
    # gap_free(y), so it lies between price - gap_free(y) and price + gap_rule(y).
    free = random_case(seed)
    owner = int(free.problem.rep[free.problem.present[0]])
    names, after = ("Ann", "Bo", "Cy"), (owner + 1) % 3
    gone = [at for at in range(3) if (at != owner if rule == "lock" else at == after)]
    word = Lock if rule == "lock" else Forbid
    named = names[owner] if rule == "lock" else names[after]
    said = word(account_id="A-1", rep_id=f"R-{named}", by="Mo", reason="agreed")
    case = random_case(seed, blocked={(0, names[at]): rule for at in gone}, constraints=(said,))
    y = random_prices(seed, case.problem)
    with_rule, chosen = best(case.problem)
    without, _ = best(free.problem)
    point = point_of(case, case.problem.rep[chosen].tolist(), y)

    (told,) = [price for price in rule_prices(Weighed.of(case, point)) if price.rule == rule]

    gap_rule = with_rule - bound(case.problem, y)
    gap_free = without - bound(free.problem, y)
    change = with_rule - without
    assert change == pytest.approx(told.points + gap_rule - gap_free, abs=1e-9)
    assert told.points - gap_free - 1e-9 <= change <= told.points + gap_rule + 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_the_price_of_every_other_rep_agrees_with_solving_again_within_the_gaps(seed: int) -> None:
    # Every account is given to every other rep, its owner among them, and solved again by
    # trying all designs. The bound at the same prices y rises by what that pair costs more
    # than the cheapest one, so that
    # J_fixed - J_free = price + regret of the account + gap_fixed(y) - gap_free(y);
    # the regret is a part of gap_free, so price and change differ by no more than the gaps.
    case = random_case(seed)
    problem, y = case.problem, random_prices(seed, case.problem)
    free, chosen = best(problem)
    point = point_of(case, problem.rep[chosen].tolist(), y)
    weighed = Weighed.of(case, point)
    gap_free = free - bound(problem, y)
    kept = {move.account_id: move.points for move in moves_of(weighed)}
    for unit, own in enumerate(chosen.tolist()):
        for pair in range(problem.first[unit], problem.first[unit + 1]):
            if pair == own:
                continue
            rep, account = case.reps[problem.rep[pair]].rep_id, f"A-{unit + 1}"
            told = why_not(case, point, account, rep)
            assert told.points is not None
            if pair == problem.present[unit]:
                assert kept[account] == pytest.approx(told.points, abs=1e-9)

            fixed, _ = best(problem, (unit, pair))

            dearer = float(weighed.costs[pair] - weighed.cheapest[unit])
            regret = float(weighed.costs[own] - weighed.cheapest[unit])
            gap_fixed = fixed - (bound(problem, y) + dearer)
            change = fixed - free
            assert gap_fixed >= -1e-9
            assert change == pytest.approx(told.points + regret + gap_fixed - gap_free, abs=1e-9)
            assert abs(change - told.points) <= gap_free + gap_fixed + 1e-9


def test_amounts_are_priced_for_a_little_more_of_them() -> None:
    case = docs_case(moves_at_most=1, window=(-0.1, 0.1))
    y = replace(
        prices(6.0),
        work=np.array([300.0, -6.0]),
        capacity=np.array([5.0, 0.0]),
        limit=np.array([0.0, 3.0]),
        budgets=np.array([2.0]),
    )
    told = {price.rule: price for price in rule_prices(
        Weighed.of(case, point_of(case, [0, 1, 1], y))
    )}  # fmt: skip

    # Ten more of 100 hours: a tenth of 5. One more of 3 accounts: a third of 3. A tenth more
    # of one move at 2 points: 0.2. Beyond 10 % psi rises by 4 x 50 = 200 points per 100 %:
    # 300 - 200 for each, so 1 for a percentage point.
    assert told["capacity"].points == pytest.approx(0.5)
    assert told["accounts_limit"].points == pytest.approx(1.0)
    assert told["budget"].points == pytest.approx(0.2)
    assert told["workload_window"].points == pytest.approx(1.0)
    assert told["capacity"].told == "10 hours more for Ann would be worth 0.50 points."


def test_one_more_speaker_is_worth_what_the_bound_would_fall_by() -> None:
    case = docs_case(blocked={(2, "Bo"): "language"})
    y = prices(6.0)
    (told,) = rule_prices(Weighed.of(case, point_of(case, [0, 1, 0], y)))

    # At Bo A-3 would cost 2.64 instead of 2.96.
    assert told.points == pytest.approx(0.32)
    assert told.told == (
        "One more speaker of French, for example Bo, would be worth 0.32 points (1 account)."
    )
    assert bound(case.problem, y) - bound(docs_case().problem, y) == pytest.approx(0.32)


def test_an_explanation_gathers_the_move_its_alternatives_and_the_other_rep() -> None:
    case = docs_case()
    point = point_of(case, [0, 1, 1], prices(6.0))

    told = explain(case, point, "A-3", "R-Ann")

    assert told.move is not None
    assert told.rep_id == "R-Bo"
    assert [(other.rep_id, round(other.points, 9)) for other in told.alternatives] == [
        ("R-Ann", 0.32)
    ]
    assert told.why_not is not None
    assert told.why_not.points == pytest.approx(0.32)
    stays = explain(case, point, "A-1")
    assert (stays.move, stays.why_not, stays.keep.told) == (None, None, "Account 1 stays.")
