"""The search's view of a problem: whole numbers, and only the pairs worth a look.

Loads and regrets are whole numbers, so that sums do not depend on their order: a unit that
leaves and comes back changes nothing. Scales of loads are powers of two, by which inputs
that are whole numbers stay exact. What a rep's loads cost is the slack of the certificate
(`certificate.split`), so that regrets and slacks add up to the objective less the bound.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.balance.certificate import admissible, conjugate, reduced_costs
from tools.balance.dual_rows import rows_of
from tools.balance.problem import FEASIBLE, Floats, Ints, Penalty, Problem
from tools.balance.solution import Prices

WORK, MONEY, TIME, COUNT = range(4)
"""A rep's loads: service hours, potential, hours with travel, accounts."""

TIME_MOST, COUNT_MOST, WORK_LEAST, WORK_MOST, MONEY_LEAST, MONEY_MOST = range(6)
"""A rep's hard rules."""

PER_WORK, PER_MONEY, PER_TIME, PER_COUNT = range(4)
WORK_PRICE, MONEY_PRICE, TIME_PRICE, COUNT_PRICE = range(4, 8)
FLOOR = 8
WORK_AT, WORK_DOWN, WORK_UP, MONEY_AT, MONEY_DOWN, MONEY_UP = range(9, 15)
"""A rep's rates: share of the target or of what is allowed per unit of each load; prices
of the shares; what makes the least slack 0; and where the slack of work and of money is
least, with the slopes (points per share) on both sides of that."""

WORK_SCALE, MONEY_SCALE, SLOW, MID, FAST, MID_OFF, FAST_OFF, STEEP, POINT, STIR = range(10)
"""Terms of the whole: weights of psi, its lines, points per share beyond a hard rule, units
of regret per point, and the heat (units of regret) at which broken rules are mended."""

STIRRED = 0.3
"""That heat in parts of a mean unit's sway."""

MIDDLE = 1 << 10

NEVER = (1 << 31) - 1
"""Regret of a pair that does not exist, or is not looked at."""

_BITS = 50
_ENDLESS = 1 << 51
_DEAREST = 30
_Small = NDArray[np.int32]


class Board(NamedTuple):
    """Units, kept pairs and reps in whole numbers.

    Attributes
    ----------
    first, rep, guide, need, use
        n + 1 pair offsets; per pair its rep, regret, hours with travel, and (m, B) use of
        budgets.
    at, price
        (R, n) per rep and unit: the pair, and its regret (`NEVER` where there is none).
    burden
        (n, 3) hours, potential and accounts of each unit.
    slight
        (n) how slight a unit is: a middle unit's sway in parts of its own, times `MIDDLE`.
    rules, rates, terms
        See the names above; rules in whole numbers.
    caps, cap_rates, cap_prices
        Per budget: how much, its share per unit of use, and the price of a unit.
    """

    first: Ints
    rep: Ints
    guide: Ints
    need: Ints
    use: Ints
    at: _Small
    price: _Small
    burden: Ints
    slight: Ints
    rules: Ints
    rates: Floats
    terms: Floats
    caps: Ints
    cap_rates: Floats
    cap_prices: Floats


class Position(NamedTuple):
    """A design on a board: the pair per unit, (R, 4) loads, use of each budget.

    `stiff` says per rep, and last for budgets, how many times as much a breach counts: more
    the longer it lasts, so that what is too much somewhere wanders to where there is room.
    """

    chosen: Ints
    loads: Ints
    spent: Ints
    stiff: Floats


def lay(problem: Problem, prices: Prices, keep: Ints, dearest: float) -> Board:
    """Lay out the pairs `keep` (ascending, one or more per unit).

    Regrets above `dearest` points count as `dearest`; finer ones are the more exact.
    """
    usable = admissible(problem, prices)
    reduced = reduced_costs(problem, usable)
    unit = problem.unit[keep]
    rep = problem.rep[keep]
    least = np.minimum.reduceat(reduced, problem.first[:-1])
    regret = np.minimum(reduced[keep] - least[unit], dearest)
    sway = rows_of(problem).sway
    steep = _steep(problem)
    per_point = 2.0 ** (_DEAREST - _exponent(max(float(regret.max()), 1e-9 * steep)))
    guide = np.rint(regret * per_point).astype(np.int64)
    at = np.full((problem.reps, problem.units), -1, dtype=np.int32)
    at[rep, unit] = np.arange(len(keep))
    price = np.full(at.shape, NEVER, dtype=np.int32)
    price[rep, unit] = guide
    by_hour = _power(max(float(problem.hours.sum() + _widest(problem)), problem.capacity.sum()))
    by_money = _power(max(float(problem.potential.sum()), float(problem.potential_target.sum())))
    caps, cap_rates, use = _budgets(problem, keep)
    many = np.bincount(unit, minlength=problem.units)
    burden = [problem.hours * by_hour, problem.potential * by_money, problem.accounts]
    return Board(
        first=np.concatenate([[0], np.cumsum(many)]).astype(np.int64),
        rep=rep,
        guide=guide,
        need=np.ceil(problem.needed[keep] * by_hour).astype(np.int64),
        use=use,
        at=at,
        price=price,
        burden=np.stack([np.rint(x) for x in burden], axis=1).astype(np.int64),
        slight=np.clip(np.rint(MIDDLE * np.median(sway) / sway), 1, 1 << 20).astype(np.int64),
        rules=_rules(problem, by_hour, by_money),
        rates=_rates(problem, usable, by_hour, by_money),
        terms=_terms(problem, steep, per_point, STIRRED * float(sway.mean())),
        caps=caps,
        cap_rates=cap_rates,
        cap_prices=usable.budgets * np.array([b.cap or 1.0 for b in problem.budgets]) * cap_rates,
    )


def stand(board: Board, chosen: Ints) -> Position:
    """Work out the loads of a design, given as one pair of the board per unit."""
    rep, reps = board.rep[chosen], len(board.rates)
    loads = np.zeros((reps, 4), dtype=np.int64)
    np.add.at(loads[:, WORK], rep, board.burden[:, 0])
    np.add.at(loads[:, MONEY], rep, board.burden[:, 1])
    np.add.at(loads[:, TIME], rep, board.need[chosen])
    np.add.at(loads[:, COUNT], rep, board.burden[:, 2])
    return Position(chosen.copy(), loads, board.use[chosen].sum(axis=0), np.ones(reps + 1))


def keeps_rules(board: Board, position: Position) -> bool:
    """Whether no hard rule is broken."""
    loads, rules = position.loads, board.rules
    over = (loads > rules[:, [WORK_MOST, MONEY_MOST, TIME_MOST, COUNT_MOST]]).any()
    under = (loads[:, [WORK, MONEY]] < rules[:, [WORK_LEAST, MONEY_LEAST]]).any()
    return not (over or under or (position.spent > board.caps).any())


def _steep(problem: Problem) -> float:
    """Points per share beyond a hard rule: more than keeping it could ever cost."""
    balance = problem.work_scale + problem.potential_scale
    first = problem.first[:-1]
    cost = problem.cost
    spread = np.maximum.reduceat(cost, first) - np.minimum.reduceat(cost, first)
    return 600.0 * balance or 1e4 * float(spread.max()) or 1.0


def _widest(problem: Problem) -> float:
    return float(np.maximum.reduceat(problem.travel, problem.first[:-1]).sum())


def _exponent(value: float) -> int:
    return int(np.frexp(value)[1])


def _power(total: float) -> float:
    """The power of two by which `total` becomes about 2^50."""
    return float(2.0 ** (_BITS - _exponent(max(total, 1e-200))))


def _budgets(problem: Problem, keep: Ints) -> tuple[Ints, Floats, Ints]:
    many = len(problem.budgets)
    caps = np.zeros(many, dtype=np.int64)
    rates = np.ones(many)
    use = np.zeros((len(keep), many), dtype=np.int64)
    for number, budget in enumerate(problem.budgets):
        most = np.maximum.reduceat(budget.use, problem.first[:-1]).sum()
        scale = _power(max(float(most), budget.cap))
        caps[number] = np.floor((budget.cap * (1 + FEASIBLE / 2) + FEASIBLE / 2) * scale)
        rates[number] = 1.0 / (scale * (budget.cap or 1.0))
        use[:, number] = np.rint(budget.use[keep] * scale)
    return caps, rates, use


def _rules(problem: Problem, by_hour: float, by_money: float) -> Ints:
    low, high = (np.array([-1.0, 1.0]) * FEASIBLE / 2).tolist()
    work, money = problem.work_window, problem.potential_window
    work_target, money_target = problem.work_target * by_hour, problem.potential_target * by_money
    columns = (
        np.floor(problem.capacity * (1 + high) * by_hour),
        problem.limit.astype(np.float64),
        np.ceil(work_target * (1 + low + work[:, 0])),
        np.floor(work_target * (1 + high + work[:, 1])),
        np.ceil(money_target * (1 + low + money[:, 0])),
        np.floor(money_target * (1 + high + money[:, 1])),
    )
    return np.asarray(np.clip(np.stack(columns, axis=1), -_ENDLESS, _ENDLESS), dtype=np.int64)


def _rates(problem: Problem, prices: Prices, by_hour: float, by_money: float) -> Floats:
    floor = -(prices.capacity + prices.limit)
    bottoms: list[Floats] = []
    for scale, window, price in (
        (problem.work_scale, problem.work_window, prices.work),
        (problem.potential_scale, problem.potential_window, prices.potential),
    ):
        floor = floor - (price + conjugate(problem.penalty, scale, window, price))
        bottoms.extend(_bottom(problem.penalty, scale, window, price))
    columns = (
        1.0 / (problem.work_target * by_hour),
        1.0 / (problem.potential_target * by_money),
        1.0 / (problem.capacity * by_hour),
        1.0 / problem.limit,
        prices.work,
        prices.potential,
        prices.capacity,
        prices.limit,
        floor,
        *bottoms,
    )
    return np.stack(columns, axis=1)


def _bottom(
    penalty: Penalty, scale: float, window: Floats, price: Floats
) -> tuple[Floats, Floats, Floats]:
    """Where scale psi(d) - price d is least, as a share of the target, and its slopes there."""
    slow, mid, fast = (scale * slope for slope in penalty.slopes)
    size = np.abs(price)
    kink = np.select([size < slow, size < mid, size <= fast], [0.0, *penalty.breaks], np.inf)
    at = np.clip(np.sign(price) * kink, window[:, 0], window[:, 1])
    up = scale * _rising(penalty, at) - price
    down = scale * _rising(penalty, -at) + price
    up = np.where(at >= window[:, 1], np.inf, np.maximum(up, 0.0))
    down = np.where(at <= window[:, 0], np.inf, np.maximum(down, 0.0))
    return 1.0 + at, down, up


def _rising(penalty: Penalty, deviation: Floats) -> Floats:
    """Slope of psi just above a deviation."""
    slopes = np.array(penalty.slopes)
    over = np.searchsorted(penalty.breaks, deviation, side="right")
    under = np.searchsorted(penalty.breaks, -deviation, side="left")
    return np.where(deviation >= 0, slopes[over], -slopes[under])


def _terms(problem: Problem, steep: float, per_point: float, stir: float) -> Floats:
    (near, far), (slow, mid, fast) = problem.penalty.breaks, problem.penalty.slopes
    middle = (mid - slow) * near
    return np.array(
        [
            problem.work_scale,
            problem.potential_scale,
            slow,
            mid,
            fast,
            middle,
            middle + (fast - mid) * far,
            steep,
            per_point,
            np.rint(stir * per_point),
        ]
    )
