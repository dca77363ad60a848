"""Linear quantile regression with a ridge: an interior point on the dual, exact to a tolerance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GAP = 1e-8  # relative duality gap at which the search stops
STEPS = 60
STRIDE = 0.9995  # how far towards the edge of the feasible region a step may go
SUBSAMPLE_ROWS = 20_000  # from here on a fit on part of the rows tells most signs
DOUBT = 3.0  # standard errors within which a row's side stays open


@dataclass(frozen=True)
class Line:
    """Coefficients of one quantile, its objective and the proven lower bound of any other."""

    coefficients: np.ndarray
    objective: float
    bound: float


def pinball(residual: np.ndarray, level: float) -> np.ndarray:
    """Loss of each residual (actual less predicted): `level` a unit above, 1 - `level` below."""
    return np.maximum(level * residual, (level - 1.0) * residual)


def quantile_line(
    columns: np.ndarray,
    target: np.ndarray,
    level: float,
    *,
    ridge: np.ndarray,
    weights: np.ndarray | None = None,
    gap: float = GAP,
) -> Line:
    """Minimise the weighted pinball loss plus half of `ridge` times the squared coefficients.

    Parameters
    ----------
    columns
        One row per observation, one column per coefficient; a constant column if there is
        to be a base.
    target
        One number per row.
    level
        The quantile, between 0 and 1.
    ridge
        One number per column, none negative; nought leaves a coefficient free.
    weights
        One positive number per row; 1 by default.
    gap
        How far `objective` may be from `bound`, as a share of it.

    Returns
    -------
    Line
        The best line to within `gap`.

    Notes
    -----
    Primal-dual path following with Mehrotra's predictor and corrector, as in Portnoy &
    Koenker (1997), doi:10.1214/ss/1030037960, with a ridge added to the normal equations.
    From 20,000 rows on, their preprocessing: a fit on some of the rows tells on which side
    of the line most others lie; those enter as one sum, and signs are checked afterwards.
    """
    weights = np.ones(len(target)) if weights is None else weights
    if len(target) < SUBSAMPLE_ROWS:
        zero = np.zeros(columns.shape[1])
        return _path(columns, target, level, ridge, weights, zero, gap)
    return _preprocessed(columns, target, level, ridge, weights, gap)


def _path(
    x: np.ndarray,
    y: np.ndarray,
    level: float,
    ridge: np.ndarray,
    weights: np.ndarray,
    pull: np.ndarray,
    least_gap: float = GAP,
) -> Line:
    """Follow the central path; `pull` is the summed slope of rows whose side is settled."""
    above, below = level * weights, (1.0 - level) * weights
    steady = ridge + 1e-10 * (1e-12 + weights @ x**2)
    scaled = x * weights[:, None]
    normal = scaled.T @ x
    normal[np.diag_indices_from(normal)] += ridge + 1e-9 * (1e-12 + np.trace(normal) / len(ridge))
    coefficients = np.linalg.solve(normal, scaled.T @ y)
    residual = y - x @ coefficients
    scale = max(float(np.abs(residual).mean()), 1e-9 * (1.0 + float(np.abs(y).mean())))
    up, down = np.maximum(residual, 0.0) + scale, np.maximum(-residual, 0.0) + scale
    dual = np.zeros(len(y))
    best = Line(coefficients, np.inf, -np.inf)
    for _ in range(STEPS):
        slack_up, slack_down = above - dual, dual + below
        gap = float(up @ slack_up + down @ slack_down)
        residual = y - x @ coefficients
        off_primal = residual - up + down
        off_dual = x.T @ dual + pull - ridge * coefficients
        value = _value(residual, level, weights, ridge, coefficients, pull)
        if value < best.objective:
            best = Line(coefficients, value, value - gap)
        feasible = float(np.abs(off_dual).max()) <= 1e-7 * (1.0 + float(weights.sum()))
        if gap <= least_gap * (abs(value) + 1e-12) + 1e-13 * len(y) and feasible:
            break
        ratio = up / slack_up + down / slack_down
        inverse = 1.0 / ratio
        scaled = x * np.sqrt(inverse)[:, None]
        normal = scaled.T @ scaled  # of one matrix with itself: half the work
        normal[np.diag_indices_from(normal)] += steady
        steadied = _steady(normal)
        if steadied is None:
            break  # too near the end to see any further

        point = _Point(
            x, steadied, inverse, off_primal, off_dual, up, down, slack_up, slack_down
        )  # fmt: skip
        _, turn, rise, fall = point.direction(-up * slack_up, -down * slack_down)
        primal, dually = _reach(up, rise, down, fall), _reach(slack_up, -turn, slack_down, turn)
        ahead = float(
            (up + primal * rise) @ (slack_up - dually * turn)
            + (down + primal * fall) @ (slack_down + dually * turn)
        )
        centre = (ahead / gap) ** 3 * gap / (2 * len(y))
        move, turn, rise, fall = point.direction(
            centre - up * slack_up + rise * turn, centre - down * slack_down - fall * turn
        )
        primal = STRIDE * _reach(up, rise, down, fall)
        dually = STRIDE * _reach(slack_up, -turn, slack_down, turn)
        if ridge.any():  # with a ridge both sides share the coefficients: one stride
            primal = dually = min(primal, dually)
        coefficients = coefficients + primal * move
        up, down = up + primal * rise, down + primal * fall
        dual = dual + dually * turn
    return best


def _steady(normal: np.ndarray) -> np.ndarray | None:
    """Damp normal equations as far as columns that say the same call for; None: too far."""
    size = float(np.trace(normal)) / len(normal)
    for damping in (0.0, 1e-13, 1e-11, 1e-9):
        damped = normal + damping * size * np.eye(len(normal))
        try:
            np.linalg.cholesky(damped)
        except np.linalg.LinAlgError:
            continue
        return damped
    return None


@dataclass(frozen=True)
class _Point:
    """Where the search stands, and the normal equations of its next steps."""

    x: np.ndarray
    normal: np.ndarray
    inverse: np.ndarray
    off_primal: np.ndarray
    off_dual: np.ndarray
    up: np.ndarray
    down: np.ndarray
    slack_up: np.ndarray
    slack_down: np.ndarray

    def direction(
        self, to_up: np.ndarray, to_down: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Moves of coefficients, dual and both sides that change the products by `to_up/down`."""
        wanted = self.off_primal - to_up / self.slack_up + to_down / self.slack_down
        slope = self.x.T @ (self.inverse * wanted) + self.off_dual
        move = np.linalg.solve(self.normal, slope)
        turn = self.inverse * (wanted - self.x @ move)
        rise = (to_up + self.up * turn) / self.slack_up
        fall = (to_down - self.down * turn) / self.slack_down
        return move, turn, rise, fall


def _reach(a: np.ndarray, da: np.ndarray, b: np.ndarray, db: np.ndarray) -> float:
    """How much of a step, at most all of it, keeps both `a` and `b` positive."""
    worst = max(float((-da / a).max()), float((-db / b).max()))
    return 1.0 if worst <= STRIDE else 1.0 / worst


def _value(
    residual: np.ndarray,
    level: float,
    weights: np.ndarray,
    ridge: np.ndarray,
    coefficients: np.ndarray,
    pull: np.ndarray,
) -> float:
    loss = float(weights @ pinball(residual, level))
    return loss + 0.5 * float(ridge @ coefficients**2) - float(pull @ coefficients)


def _preprocessed(
    x: np.ndarray, y: np.ndarray, level: float, ridge: np.ndarray, weights: np.ndarray, gap: float
) -> Line:
    count, width = x.shape
    size = min(count // 4, max(5_000, count // 20, 60 * width))
    # Evenly spread row numbers would follow an ordering of the table; a fixed shuffle does not.
    some = np.random.default_rng(0).permutation(count)[:size]
    zero = np.zeros(width)
    first = _path(x[some], y[some], level, ridge * (size / count), weights[some], zero, 1e-5)
    residual = y - x @ first.coefficients
    doubt = DOUBT * _standard_error(x, x[some], weights[some], residual[some], level)
    unsettled = np.abs(residual) <= doubt
    if unsettled.sum() > 0.7 * count:
        return _path(x, y, level, ridge, weights, zero, gap)
    for _ in range(8):
        slope = np.where(residual > 0, level, level - 1.0) * weights
        settled = ~unsettled
        pull = x[settled].T @ slope[settled]
        line = _path(x[unsettled], y[unsettled], level, ridge, weights[unsettled], pull, gap)
        now = y - x @ line.coefficients
        wrong = settled & (np.sign(now) != np.sign(residual))
        if not wrong.any():
            constant = float(slope[settled] @ y[settled])
            return Line(line.coefficients, line.objective + constant, line.bound + constant)
        unsettled |= wrong
        residual = np.where(unsettled, residual, now)
        if unsettled.sum() > 0.7 * count:
            break
    return _path(x, y, level, ridge, weights, zero, gap)


def _standard_error(
    x: np.ndarray, part: np.ndarray, weights: np.ndarray, residual: np.ndarray, level: float
) -> np.ndarray:
    """How far each row's line may lie off when fitted on `part`: wider away from the rest."""
    near = np.quantile(np.abs(residual), 0.2)  # a fifth of the rows lie within it
    density = 0.2 / max(2.0 * near, 1e-12)
    scaled = part * np.sqrt(weights)[:, None]
    normal = scaled.T @ scaled
    normal[np.diag_indices_from(normal)] += 1e-9 * (1.0 + np.trace(normal))
    half = np.linalg.inv(np.linalg.cholesky(normal))
    around = x @ half.T
    return np.asarray(
        np.sqrt(level * (1.0 - level) * np.einsum("ij,ij->i", around, around)) / density
    )
