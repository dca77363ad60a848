"""Whether rules can be kept, and how far they have to give way: programs over pairs.

The linear program minimises the price of all slack (`Rule.price`, per cent of the team's
whole) over designs that place every unit, in shares where need be. Its dual values are
prices of the rules, which prove by themselves that no design keeps them all. The program
over whole accounts only tells whether a design exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from tools.balance.problem import Floats, Ints
from tools.balance.rules import ROUNDING, Rows

WHOLE_PAIRS = 1_000
"""Up to so many pairs a search through whole accounts is tried."""

LINEAR_PAIRS = 60_000
"""Up to so many pairs a linear program is solved."""

_GROUPS = 100
_NODES = 200


@dataclass(frozen=True)
class Slack:
    """The least price of giving way, for shares of accounts.

    `amounts` tell by how much each rule gives way (in sizes of the rule), `prices` what
    one size less would add. Nothing is `solved` where the rules that may not give way
    clash by themselves.
    """

    solved: bool
    least: float
    amounts: Floats
    prices: Floats


@dataclass(frozen=True)
class Search:
    """The chosen columns of a design, or that there is none; neither if cut short."""

    design: Ints | None
    none: bool


def least_slack(given: Rows, soft: Sequence[int] | None = None) -> Slack:
    """Solve the linear program; `soft` rules may give way (by default all of them)."""
    # Imported here: scipy.optimize takes longer to load than most problems to check.
    from scipy.optimize import linprog

    rules, pairs, equal, cost, use = _program(given, soft)
    found = linprog(
        cost,
        A_ub=use,
        b_ub=given.cap,
        A_eq=equal,
        b_eq=np.ones(equal.shape[0]),
        bounds=(0, None),
        method="highs",
    )
    if found.status != 0:
        return Slack(False, np.inf, np.zeros(rules), np.zeros(rules))
    amounts = np.zeros(rules)
    amounts[_soft(given, soft)] = found.x[pairs:]
    return Slack(True, float(found.fun), amounts, np.maximum(-found.ineqlin.marginals, 0.0))


def whole_search(given: Rows) -> Search:
    """Look for a design of whole accounts that keeps all rules.

    It stops after a fixed number of branches, so the answer does not depend on the
    machine.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    _, pairs, equal, cost, use = _program(given, [])
    found = milp(
        cost,
        integrality=np.ones(pairs),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(equal, 1, 1), LinearConstraint(use, -np.inf, given.cap)],
        options={"node_limit": _NODES},
    )
    if found.x is None:
        return Search(None, none=found.status == 2)
    return Search(np.flatnonzero(found.x > 0.5), none=False)


def proving_prices(given: Rows) -> Floats | None:
    """Return prices of the rules at which every design costs more than the rules allow.

    With use a of a pair and cap b of a rule, prices y prove it by
    sum over units of the least y a of its pairs > y b: every design takes at least as
    much, and keeping all rules takes at most y b. None where no such prices exist, or
    were found within the work allowed.
    """
    if not given.rules or not len(given.unit):
        return None
    for guess in _guesses(given):
        if proves(given, guess):
            return guess
    if len(given.unit) > LINEAR_PAIRS:
        return None
    prices = least_slack(given).prices
    return prices if proves(given, prices) else None


def burden(given: Rows, prices: Floats) -> Floats:
    """Return the least price of a pair, per unit of `given.units`."""
    starts = np.flatnonzero(np.diff(given.unit, prepend=-1))
    return np.asarray(np.minimum.reduceat(given.use.T @ prices, starts))


def proves(given: Rows, prices: Floats) -> bool:
    """Whether these prices prove that no design keeps the rules, beyond rounding."""
    allowed = float(prices @ given.cap)
    margin = ROUNDING * float(prices @ np.maximum(np.abs(given.cap), 1.0))
    return float(burden(given, prices).sum()) > allowed + max(margin, 1e-300)


def _program(
    given: Rows, soft: Sequence[int] | None
) -> tuple[int, int, sparse.csr_array, Floats, sparse.csr_array]:
    rules, pairs = given.use.shape
    gives = _soft(given, soft)
    places = np.searchsorted(given.units, given.unit)
    ones = (np.ones(pairs), (places, np.arange(pairs)))
    shape = (len(given.units), pairs + len(gives))
    equal = sparse.csr_array(sparse.coo_array(ones, shape=shape))
    slack = (-np.ones(len(gives)), (gives, np.arange(len(gives))))
    use = sparse.hstack([given.use, sparse.coo_array(slack, shape=(rules, len(gives)))])
    price = np.array([rule.price for rule in given.rules])
    cost = np.concatenate([np.zeros(pairs), price[gives]])
    return rules, pairs, equal, cost, sparse.csr_array(use)


def _soft(given: Rows, soft: Sequence[int] | None) -> Ints:
    return np.arange(len(given.rules)) if soft is None else np.asarray(soft, dtype=np.int64)


def _guesses(given: Rows) -> Iterator[Floats]:
    """Prices worth a try before any program: one kind of rule, over all reps or a group's.

    A group is the reps that some units share as their only ones; by Hall's theorem such
    groups are where places or hours run out first.
    """
    sizes = np.array([rule.size for rule in given.rules])
    rows = np.arange(len(sizes))
    reached = given.use.sum(axis=1)
    falls = np.array([rule.falls for rule in given.rules])
    for lacking in np.flatnonzero(falls & (reached > given.cap)):
        yield np.where(rows == lacking, 1.0, 0.0)
    for kind in dict.fromkeys(rule.kind for rule in given.rules):
        mine = np.array([rule.kind == kind for rule in given.rules])
        if kind == "budget":
            yield from (np.where(rows == row, 1.0, 0.0) for row in np.flatnonzero(mine))
            continue
        priced = np.where(mine, sizes, 0.0)
        yield priced
        if kind in ("capacity", "limit"):
            yield from (np.where(group, priced, 0.0) for group in _shared(given))


def _shared(given: Rows) -> Iterator[Floats]:
    """Rules that touch exactly the pairs of some units, the units in common first."""
    starts = np.flatnonzero(np.diff(given.unit, prepend=-1))
    rng = np.random.default_rng(0)
    marks = rng.integers(1 << 40, size=len(given.rules))
    touched = sparse.csr_array(
        (np.ones(len(given.use.data), dtype=np.int64), given.use.indices, given.use.indptr),
        shape=given.use.shape,
    )
    keys = np.add.reduceat(touched.T @ marks, starts)
    _, one, many = np.unique(keys, return_index=True, return_counts=True)
    ends = np.append(starts[1:], len(given.unit))
    by_pair = touched.tocsc()
    for place in one[np.argsort(-many, kind="stable")][:_GROUPS]:
        columns = np.arange(starts[place], ends[place])
        yield np.asarray(by_pair[:, columns].sum(axis=1) > 0, dtype=np.float64).ravel()
