"""How much each part counts, learnt on earlier windows, and the odds that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from tools.adoption.exposure import Wide
from tools.adoption.history import Floats, History, Ints
from tools.adoption.parts import FIRM, PARTS, Known, ease, known, live, values

PRIOR = np.array([1.0, 0.15, 0.05, 0.1, 0.05])
"""Weights by `PARTS` before any window speaks, in standard deviations of each part."""

PRIOR_STRENGTH = 100.0
FIRMNESS = (0.25, 0.5, 1.0, 2.0, 4.0)
MOST_CELLS = 200_000
"""Pairs of account and product read in a window; accounts are left out evenly above it."""

FEWEST_ADOPTIONS = 30
"""First purchases in the windows below which nothing is learnt from them."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Window:
    """One earlier day, what was known then and what was bought for the first time since.

    `open` says which products each account could still buy for the first time.
    """

    have: Known
    accounts: Ints
    open: Mask
    took: Mask


@dataclass(frozen=True)
class Stack:
    """What was learnt.

    Attributes
    ----------
    firm
        Ridge of EASE, as a multiple of the mean number of owners.
    weight
        What one unit of each of `PARTS` adds in log-odds.
    constant, activity
        The rest of the log-odds: a constant, and weights of the columns of
        `Known.activity`.
    windows
        How many windows were learnt from; 0 where only the prior speaks.
    adoptions
        First purchases in them.
    """

    firm: float
    weight: Floats
    constant: float
    activity: Floats
    windows: int
    adoptions: int


def window_at(
    history: History, table: Wide, before: int, days: int, recent_days: int, fewest: int
) -> Window | None:
    """Look back from a day at what followed it within `days`; None where nothing was live."""
    candidates = live(history, before, recent_days, fewest)
    if len(candidates) < 2:
        return None
    have = known(history, table, candidates, before, days)
    accounts = np.flatnonzero(have.exposure.group >= 0)
    step = -(-len(accounts) * len(candidates) // MOST_CELLS)
    accounts = accounts[:: max(step, 1)]
    owned = table.matrix(before)[accounts][:, candidates].toarray() > 0
    later = table.matrix(before + days)[accounts][:, candidates].toarray() > 0
    return Window(have, accounts, ~owned, later & ~owned)


def stack(
    history: History, table: Wide, before: int, *, days: int, count: int, recent_days: int,
    fewest: int,
) -> Stack:  # fmt: skip
    """Learn from `count` windows of `days` that end on a day; fewer where history is short.

    First the ridge of EASE, on the last window. Then weights by conditional logit: which of
    the products open to an account it took, so that products are told apart and accounts
    are not. They lean on `PRIOR` and are never below zero. Last a logistic regression
    makes log-odds of it, with a slope, a constant and how active an account is.
    """
    start = int(history.when.min()) if len(history.when) else before
    found: list[Window] = []
    for at in range(1, count + 1):
        if before - at * days - start < days // 2:
            break
        one = window_at(history, table, before - at * days, days, recent_days, fewest)
        if one is not None and one.took.any():
            found.append(one)
    adoptions = sum(int(one.took.sum()) for one in found)
    if adoptions < FEWEST_ADOPTIONS:
        return Stack(FIRM, np.array([1.0, 0, 0, 0, 0]), 0.0, np.zeros(2), 0, adoptions)
    products = history.products
    firm = _firmest(found[0], table, products)
    eased = [ease(one.have, products, firm) for one in found]
    told = [
        values(one.have, weights, table, products, one.accounts)
        for one, weights in zip(found, eased, strict=True)
    ]
    spread = np.concatenate([part[one.open] for part, one in zip(told, found, strict=True)])
    scale = np.maximum(spread.std(axis=0), 1e-9)
    weight = choice_weights([part / scale for part in told], found) / scale
    weight[spread.std(axis=0) < 1e-9] = 0.0
    line = np.concatenate(
        [(part @ weight)[one.open] for part, one in zip(told, found, strict=True)]
    )
    busy = np.concatenate([_activity(one)[one.open] for one in found])
    took = np.concatenate([one.took[one.open] for one in found])
    # A level of its own for older windows: what adoption is now, the newest says.
    older = np.concatenate([np.full(one.open.sum(), at > 0, float) for at, one in enumerate(found)])
    beta = logistic(np.column_stack([line, busy, older]), took)
    return Stack(firm, weight * beta[1], float(beta[0]), beta[2:-1], len(found), adoptions)


def _activity(one: Window) -> Floats:
    activity = one.have.activity[one.accounts][:, None, :]
    return np.broadcast_to(activity, (*one.open.shape, activity.shape[2]))


def _firmest(one: Window, table: Wide, products: int) -> float:
    """The ridge under which EASE alone foretold the window best."""
    if len(one.have.candidates) > 1_000:
        return FIRM
    some = np.flatnonzero(one.took.any(axis=1))[:: max(1, one.took.any(axis=1).sum() // 2_000)]
    best, found = -1.0, FIRM
    for firm in sorted(FIRMNESS, key=lambda firm: abs(np.log(firm / FIRM))):
        weights = ease(one.have, products, firm)
        score = np.zeros((len(some), len(one.have.candidates)))
        every = table.matrix(one.have.before)[one.accounts[some]]
        group = one.have.exposure.group[one.accounts[some]]
        for at in range(one.have.exposure.groups):
            mine = np.flatnonzero(group == at)
            if mine.size:
                score[mine] = every[mine] @ weights[at]
        reached = float(ndcg(np.where(one.open[some], score, -np.inf), one.took[some]).mean())
        # A thousandth of NDCG is no reason to leave the default.
        if reached > best + 0.001:
            best, found = reached, firm
    return found


def choice_weights(told: Sequence[Floats], found: Sequence[Window]) -> Floats:
    """Weights under which the products taken stand out among those open, leaning on `PRIOR`."""
    data = []
    for part, one in zip(told, found, strict=True):
        told_apart = one.took.any(axis=1) & (one.open.sum(axis=1) > one.took.sum(axis=1))
        if told_apart.any():
            data.append((part[told_apart], one.took[told_apart], one.open[told_apart]))

    def loss(weight: Floats) -> tuple[float, Floats]:
        away = weight - PRIOR
        total, slope = 0.5 * PRIOR_STRENGTH * float(away @ away), PRIOR_STRENGTH * away
        for part, took, free in data:
            score = np.where(free, part @ weight, -np.inf)
            top = score.max(axis=1, keepdims=True)
            share = np.exp(score - top)
            whole = share.sum(axis=1, keepdims=True)
            taken = took.sum(axis=1)
            # An account that took many must not outvote the others.
            say = 1 / np.sqrt(taken)
            total -= float(
                say @ (np.where(took, score, 0).sum(axis=1) - taken * (top + np.log(whole))[:, 0])
            )
            off = (took - share / whole * taken[:, None]) * say[:, None]
            slope = slope - np.tensordot(off, part, axes=2)
        return total, slope

    found_best = minimize(
        loss, PRIOR, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(PARTS),
        options={"maxiter": 100},
    )  # fmt: skip
    return np.asarray(found_best.x)


def logistic(columns: Floats, took: Mask) -> Floats:
    """Constant and slopes of a logistic regression; the first slope is at least zero.

    Newton steps with a ridge of one case on standardised columns.
    """
    middle, scale = columns.mean(axis=0), np.maximum(columns.std(axis=0), 1e-9)
    z = np.column_stack([np.ones(len(columns)), (columns - middle) / scale])
    beta = np.zeros(z.shape[1])
    share = np.clip(took.mean(), 1e-6, 1 - 1e-6)
    beta[0] = np.log(share / (1 - share))
    ridge = np.append(0.0, np.ones(z.shape[1] - 1))
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(z @ beta, -30, 30)))
        slope = z.T @ (took - p) - ridge * beta
        curve = (z * (p * (1 - p))[:, None]).T @ z + np.diag(ridge + 1e-9)
        step = np.linalg.solve(curve, slope)
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    beta[1] = max(beta[1], 0.0)
    slopes = beta[1:] / scale
    return np.append(beta[0] - slopes @ middle, slopes)


def ndcg(score: Floats, took: Mask, at: int = 10) -> Floats:
    """NDCG of the first `at` by account; minus infinity is not offered, nor is a hit there."""
    order = np.argsort(-score, axis=1, kind="stable")[:, :at]
    hit = np.take_along_axis(took, order, 1) & np.isfinite(np.take_along_axis(score, order, 1))
    gain = 1 / np.log2(np.arange(2, hit.shape[1] + 2))
    ideal = np.cumsum(gain)[np.clip(took.sum(axis=1), 1, len(gain)) - 1]
    return np.asarray((hit * gain).sum(axis=1) / ideal)
